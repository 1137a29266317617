//! Checklists and their items.

use super::{cards, changes, unknown};
use crate::sandbox::ask::{Answer, Ask, Params, Refusal, Verb, Who};
use crate::sandbox::model::{Card, CheckItem, Checklist};
use crate::sandbox::render;
use crate::sandbox::state::State;
use serde_json::{Value, json};

pub(super) fn answer(state: &mut State, ask: &Ask, path: &[&str]) -> Answer {
    if path.is_empty() && ask.verb == Verb::Post {
        let card = state.writable_card(&ask.who, &ask.params.needed("idCard")?)?;
        return create(state, ask, &card);
    }
    let id = path.first().ok_or_else(|| unknown(ask))?;
    let list = state
        .checklists
        .get(*id)
        .cloned()
        .ok_or_else(Refusal::missing)?;
    let card = state.card(&ask.who, &list.card)?.clone();
    if ask.verb != Verb::Get {
        state.may_write(&ask.who, &list.board)?;
    }
    match (ask.verb, &path[1..]) {
        (Verb::Get, []) => Ok(render::fields(render::checklist(&list), &ask.params)),
        (Verb::Get, ["checkItems"]) => Ok(render::checklist(&list)["checkItems"].clone()),
        (Verb::Get, ["checkItems", item]) => {
            let found = list.items.iter().find(|known| known.id == *item);
            found
                .map(|item| render::item(&list, item))
                .ok_or_else(Refusal::missing)
        }
        (Verb::Put, []) => rename(state, ask, &ask.params, list),
        (Verb::Put, [field @ ("name" | "pos")]) => {
            let value = ask.params.get("value").cloned();
            let value = value.ok_or_else(|| Refusal::invalid("value"))?;
            let one = [((*field).to_owned(), value)].into_iter().collect();
            rename(state, ask, &Params(one), list)
        }
        (Verb::Delete, []) => {
            state.checklists.remove(&list.id);
            state
                .card_mut(&card.id)?
                .checklists
                .retain(|known| *known != list.id);
            tell(state, &ask.who, &list, "removeChecklistFromCard", json!({}))?;
            Ok(json!({ "limits": {} }))
        }
        (Verb::Post, ["checkItems"]) => add_item(state, ask, list),
        (Verb::Delete, ["checkItems", item]) => remove_item(state, ask, &list, item),
        (Verb::Get, ["cards"]) => Ok(json!([render::card(state, &card, &ask.who)])),
        (Verb::Get, ["board"]) => Ok(render::board(state, state.board(&ask.who, &list.board)?)),
        (Verb::Get, [field]) => super::field(&render::checklist(&list), field, ask),
        _ => Err(unknown(ask)),
    }
}

fn brief(list: &Checklist) -> Value {
    json!({ "id": list.id, "name": list.name })
}

fn tell(
    state: &mut State,
    who: &Who,
    list: &Checklist,
    kind: &str,
    more: Value,
) -> Result<(), Refusal> {
    let mut data = json!({ "checklist": brief(list) });
    if let (Some(data), Value::Object(more)) = (data.as_object_mut(), more) {
        data.extend(more);
    }
    let key = match kind {
        "addChecklistToCard" => "action_add_checklist_to_card",
        "removeChecklistFromCard" => "action_remove_checklist_from_card",
        _ => "unknown",
    };
    changes::told(state, who, &list.card, kind, key, data).map(drop)
}

pub(super) fn create(state: &mut State, ask: &Ask, card: &Card) -> Answer {
    state.may_write(&ask.who, &card.board)?;
    let name = ask.params.bounded("name")?.filter(|name| !name.is_empty());
    let others: Vec<f64> = positions(state, &card.id);
    let pos = ask.params.pos_or_bottom(&others)?;
    let list = Checklist {
        id: state.id(),
        board: card.board.clone(),
        card: card.id.clone(),
        name: name.unwrap_or_else(|| "Checklist".into()),
        pos,
        items: Vec::new(),
    };
    state.checklists.insert(list.id.clone(), list.clone());
    state.card_mut(&card.id)?.checklists.push(list.id.clone());
    if let Some(source) = ask.params.text("idChecklistSource") {
        let items = state
            .checklists
            .get(&source)
            .map(|source| source.items.clone());
        let items = renumbered(state, items.unwrap_or_default(), false);
        if let Some(own) = state.checklists.get_mut(&list.id) {
            own.items = items;
        }
    }
    tell(state, &ask.who, &list, "addChecklistToCard", json!({}))?;
    let made = state
        .checklists
        .get(&list.id)
        .ok_or_else(Refusal::missing)?;
    Ok(render::checklist(made))
}

fn positions(state: &State, card: &str) -> Vec<f64> {
    state
        .checklists
        .values()
        .filter(|list| list.card == card)
        .map(|list| list.pos)
        .collect()
}

fn renumbered(state: &mut State, items: Vec<CheckItem>, ticks: bool) -> Vec<CheckItem> {
    items
        .into_iter()
        .map(|item| CheckItem {
            id: state.id(),
            complete: ticks && item.complete,
            ..item
        })
        .collect()
}

/// A card's copy takes its checklists along, ticks and all, and tells nobody of them.
pub(super) fn copy(state: &mut State, card: &str, source: &str) {
    let Some(source) = state.checklists.get(source).cloned() else {
        return;
    };
    let items = renumbered(state, source.items, true);
    let id = state.id();
    let Some(own) = state.cards.get_mut(card) else {
        return;
    };
    own.checklists.push(id.clone());
    let list = Checklist {
        id: id.clone(),
        board: own.board.clone(),
        card: card.to_owned(),
        items,
        ..source
    };
    state.checklists.insert(id, list);
}

fn rename(state: &mut State, ask: &Ask, params: &Params, list: Checklist) -> Answer {
    let others = positions(state, &list.card);
    let name = params.bounded("name")?.unwrap_or_else(|| list.name.clone());
    let pos = params.pos(&others)?.unwrap_or(list.pos);
    let new = Checklist {
        name,
        pos,
        ..list.clone()
    };
    state.checklists.insert(new.id.clone(), new.clone());
    if new.name != list.name {
        tell(
            state,
            &ask.who,
            &new,
            "updateChecklist",
            json!({ "old": { "name": list.name } }),
        )?;
    }
    Ok(render::checklist(&new))
}

fn brief_item(item: &CheckItem) -> Value {
    json!({
        "id": item.id,
        "name": item.name,
        "state": render::item_state(item.complete),
        "textData": { "emoji": {} },
    })
}

fn add_item(state: &mut State, ask: &Ask, mut list: Checklist) -> Answer {
    if list.items.len() >= 200 {
        return Err(Refusal::new(403, "CHECKLIST_ITEM_LIMIT_EXCEEDED"));
    }
    let others: Vec<f64> = list.items.iter().map(|item| item.pos).collect();
    let item = CheckItem {
        id: state.id(),
        name: ask.params.needed("name")?,
        pos: ask.params.pos_or_bottom(&others)?,
        complete: ask.params.flag("checked")?.unwrap_or(false),
        due: ask.params.instant("due")?.flatten(),
        member: ask.params.text("idMember"),
    };
    list.items.push(item.clone());
    list.items.sort_by(|a, b| a.pos.total_cmp(&b.pos));
    state.checklists.insert(list.id.clone(), list.clone());
    tell(
        state,
        &ask.who,
        &list,
        "createCheckItem",
        json!({ "checkItem": brief_item(&item) }),
    )?;
    Ok(render::item(&list, &item))
}

fn remove_item(state: &mut State, ask: &Ask, list: &Checklist, item: &str) -> Answer {
    let gone = list.items.iter().find(|known| known.id == item).cloned();
    let gone = gone.ok_or_else(Refusal::missing)?;
    if let Some(own) = state.checklists.get_mut(&list.id) {
        own.items.retain(|known| known.id != item);
    }
    tell(
        state,
        &ask.who,
        list,
        "deleteCheckItem",
        json!({ "checkItem": brief_item(&gone) }),
    )?;
    Ok(json!({ "limits": {} }))
}

pub(super) fn item(state: &mut State, ask: &Ask, verb: Verb, card: &Card, id: &str) -> Answer {
    let own = |list: &&Checklist| list.card == card.id && list.items.iter().any(|i| i.id == id);
    let list = state
        .checklists
        .values()
        .find(own)
        .cloned()
        .ok_or_else(Refusal::missing)?;
    match verb {
        Verb::Get => {
            let found = list.items.iter().find(|known| known.id == id);
            found
                .map(|item| render::item(&list, item))
                .ok_or_else(Refusal::missing)
        }
        Verb::Delete => {
            state.may_write(&ask.who, &card.board)?;
            remove_item(state, ask, &list, id)
        }
        Verb::Put => change_item(state, ask, list, id),
        Verb::Post => Err(unknown(ask)),
    }
}

fn change_item(state: &mut State, ask: &Ask, mut list: Checklist, id: &str) -> Answer {
    state.may_write(&ask.who, &list.board)?;
    let complete = match ask.params.text("state").as_deref() {
        None => None,
        Some("complete" | "true") => Some(true),
        Some("incomplete" | "false") => Some(false),
        Some(_) => return Err(Refusal::invalid("state")),
    };
    let name = ask.params.bounded("name")?;
    let others: Vec<f64> = list.items.iter().map(|item| item.pos).collect();
    let pos = ask.params.pos(&others)?;
    let Some(item) = list.items.iter_mut().find(|item| item.id == id) else {
        return Err(Refusal::missing());
    };
    let before = item.clone();
    item.complete = complete.unwrap_or(before.complete);
    item.pos = pos.unwrap_or(before.pos);
    if let Some(name) = name {
        item.name = name;
    }
    let after = item.clone();
    list.items.sort_by(|a, b| a.pos.total_cmp(&b.pos));
    state.checklists.insert(list.id.clone(), list.clone());
    if after.complete != before.complete {
        let key = if after.complete {
            "action_completed_checkitem"
        } else {
            "action_marked_checkitem_incomplete"
        };
        let more = json!({ "checklist": brief(&list), "checkItem": brief_item(&after) });
        changes::told(
            state,
            &ask.who,
            &list.card,
            "updateCheckItemStateOnCard",
            key,
            more,
        )?;
    }
    if after.name != before.name {
        let more = json!({ "checkItem": brief_item(&after), "old": { "name": before.name } });
        tell(state, &ask.who, &list, "updateCheckItem", more)?;
    }
    Ok(render::item(&list, &after))
}

/// The item goes and a card of its name comes, in the same list.
pub(super) fn convert(state: &mut State, ask: &Ask, card: &Card, list: &str, item: &str) -> Answer {
    state.may_write(&ask.who, &card.board)?;
    let list = state
        .checklists
        .get(list)
        .filter(|list| list.card == card.id)
        .cloned();
    let list = list.ok_or_else(Refusal::missing)?;
    let gone = list.items.iter().find(|known| known.id == item).cloned();
    let gone = gone.ok_or_else(Refusal::missing)?;
    if let Some(own) = state.checklists.get_mut(&list.id) {
        own.items.retain(|known| known.id != item);
    }
    let pos = Params::default().pos(&[])?;
    let new = cards::New {
        list: &card.list,
        name: gone.name,
        desc: String::new(),
        pos,
    };
    let id = cards::add(state, &ask.who, new)?;
    let more = json!({ "cardSource": render::brief_card(card), "checklist": brief(&list) });
    changes::told(
        state,
        &ask.who,
        &id,
        "convertToCardFromCheckItem",
        "action_convert_to_card_from_checkitem",
        more,
    )?;
    Ok(render::card(state, state.card(&ask.who, &id)?, &ask.who))
}
