//! Cards: made, copied, read, changed, deleted; their comments, people, labels and attachments.

use super::{actions, changes, checklists, fields, nested, unknown};
use crate::sandbox::ask::{Answer, Ask, Params, Refusal, Verb, Who};
use crate::sandbox::model::{Attachment, Card};
use crate::sandbox::render;
use crate::sandbox::state::{About, State};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn answer(state: &mut State, ask: &Ask, path: &[&str]) -> Answer {
    if path.is_empty() && ask.verb == Verb::Post {
        let list = ask.params.needed("idList")?;
        return create(state, ask, &list);
    }
    let card = state
        .card(&ask.who, path.first().ok_or_else(|| unknown(ask))?)?
        .clone();
    match (ask.verb, &path[1..]) {
        (Verb::Get, []) => nested::card(state, &ask.who, &card, &ask.params),
        (Verb::Put, []) => update(state, ask, &card, &ask.params.0),
        (Verb::Delete, []) => delete(state, ask, &card),
        (verb, ["actions", rest @ ..]) => comments(state, ask, verb, &card, rest),
        (Verb::Post, ["labels"]) => {
            let label = super::parts::create_label(state, ask, &card.board)?;
            let id = label["id"].as_str().unwrap_or_default();
            changes::label(state, &ask.who, &card.id, id, true)?;
            Ok(label)
        }
        (verb, ["idMembers" | "members", rest @ ..]) => people(state, ask, verb, &card, rest),
        (verb @ (Verb::Post | Verb::Put | Verb::Delete), ["idLabels" | "labels", rest @ ..]) => {
            labels(state, ask, verb, &card, rest)
        }
        (verb, ["attachments", rest @ ..]) => attachments(state, ask, verb, &card, rest),
        (Verb::Get, ["checklists"]) => Ok(json!(nested::checklists_of(state, &card))),
        (Verb::Post, ["checklists"]) => checklists::create(state, ask, &card),
        (verb, ["checkItem", item]) => checklists::item(state, ask, verb, &card, item),
        (Verb::Put, ["checklist", _, "checkItem", item]) => {
            checklists::item(state, ask, Verb::Put, &card, item)
        }
        (Verb::Post, ["checklist", list, "checkItem", item, "convertToCard"]) => {
            checklists::convert(state, ask, &card, list, item)
        }
        (Verb::Delete, ["checklists", list]) if card.checklists.iter().any(|own| own == list) => {
            checklists::answer(state, ask, &[list])
        }
        // Nobody votes here, and no Power-Up keeps anything.
        (Verb::Get, ["membersVoted" | "pluginData"]) => Ok(json!([])),
        (Verb::Put, ["customFields"]) => fields::set_all(state, ask, &card),
        (Verb::Get, ["customFieldItems"]) => Ok(json!(nested::custom_values(state, &card))),
        (Verb::Put, ["customField", field, "item"]) => fields::set(state, ask, &card, field),
        (Verb::Get, ["list"]) => Ok(render::list(state.list(&ask.who, &card.list)?, &ask.who)),
        (Verb::Get, ["board"]) => Ok(render::board(state, state.board(&ask.who, &card.board)?)),
        (Verb::Put, [field]) => {
            let value = ask
                .params
                .get("value")
                .cloned()
                .ok_or_else(|| Refusal::invalid("value"))?;
            let mut one = Map::new();
            one.insert((*field).to_owned(), value);
            update(state, ask, &card, &one)
        }
        (Verb::Get, [field]) => super::field(&render::card(state, &card, &ask.who), field, ask),
        _ => Err(unknown(ask)),
    }
}

fn shown(state: &State, who: &Who, id: &str) -> Answer {
    Ok(render::card(state, state.card(who, id)?, who))
}

fn update(state: &mut State, ask: &Ask, card: &Card, wish: &Map<String, Value>) -> Answer {
    changes::change(state, &ask.who, &card.id, wish)?;
    nested::card(
        state,
        &ask.who,
        &state.card(&ask.who, &card.id)?.clone(),
        &Params::default(),
    )
}

// Made and gone ----------------------------------------------------------------------------------

/// What a new card is, before anybody is told.
pub(super) struct New<'a> {
    pub(super) list: &'a str,
    pub(super) name: String,
    pub(super) desc: String,
    pub(super) pos: Option<f64>,
}

pub(super) fn add(state: &mut State, who: &Who, new: New<'_>) -> Result<String, Refusal> {
    let list = state
        .list(who, new.list)
        .map_err(|_| Refusal::invalid("idList"))?
        .clone();
    state.may_write(who, &list.board)?;
    let bottom = state
        .positions(&list.id, "")
        .into_iter()
        .fold(0.0, f64::max)
        + 16_384.0;
    let number = state.boards.get_mut(&list.board).map_or(1, |board| {
        board.next_card += 1;
        board.next_card - 1
    });
    let (id, short_link) = (state.id(), state.short_link());
    let card = Card {
        id: id.clone(),
        short_link,
        number,
        board: list.board,
        list: list.id,
        name: new.name,
        desc: new.desc,
        pos: new.pos.unwrap_or(bottom),
        closed: false,
        due: None,
        due_complete: false,
        start: None,
        members: Vec::new(),
        labels: Vec::new(),
        checklists: Vec::new(),
        attachments: Vec::new(),
        values: BTreeMap::new(),
        subscribed: BTreeSet::new(),
        touched: state.now,
    };
    state.cards.insert(id.clone(), card);
    Ok(id)
}

pub(super) fn create(state: &mut State, ask: &Ask, list: &str) -> Answer {
    let (who, params) = (&ask.who, &ask.params);
    if let Some(source) = params.text("idCardSource").filter(|id| !id.is_empty()) {
        return copy(state, ask, list, &source);
    }
    let new = New {
        list,
        name: params.bounded("name")?.unwrap_or_default(),
        desc: params.bounded("desc")?.unwrap_or_default(),
        pos: params.pos(&state.positions(list, ""))?,
    };
    let (due, start) = (params.instant("due")?, params.instant("start")?);
    let id = add(state, who, new)?;
    let card = state.card_mut(&id)?;
    (card.due, card.start) = (due.flatten(), start.flatten());
    changes::told(
        state,
        who,
        &id,
        "createCard",
        "action_create_card",
        json!({}),
    )?;
    let mut rest = Map::new();
    for name in ["idMembers", "idLabels"] {
        if let Some(value) = params.get(name) {
            rest.insert(name.into(), value.clone());
        }
    }
    changes::change(state, who, &id, &rest)?;
    shown(state, who, &id)
}

/// A copy keeps what `keepFromSource` names; checklists come with their ticks.
fn copy(state: &mut State, ask: &Ask, list: &str, source: &str) -> Answer {
    let (who, params) = (&ask.who, &ask.params);
    let source = state.card(who, source)?.clone();
    let keep = params
        .ids("keepFromSource")
        .unwrap_or_else(|| vec!["all".into()]);
    let keeps = |part: &str| keep.iter().any(|kept| kept == "all" || kept == part);
    let new = New {
        list,
        name: params
            .bounded("name")?
            .unwrap_or_else(|| source.name.clone()),
        desc: params
            .bounded("desc")?
            .unwrap_or_else(|| source.desc.clone()),
        pos: params.pos(&state.positions(list, ""))?,
    };
    let id = add(state, who, new)?;
    let same_board = state
        .cards
        .get(&id)
        .is_some_and(|card| card.board == source.board);
    if keeps("checklists") {
        for checklist in &source.checklists {
            checklists::copy(state, &id, checklist);
        }
    }
    let card = state.card_mut(&id)?;
    if keeps("due") {
        card.due = source.due;
    }
    if keeps("members") {
        card.members.clone_from(&source.members);
    }
    if keeps("labels") && same_board {
        card.labels.clone_from(&source.labels);
    }
    if keeps("attachments") {
        card.attachments.clone_from(&source.attachments);
    }
    if keeps("customFields") && same_board {
        card.values.clone_from(&source.values);
    }
    let more = json!({ "cardSource": render::brief_card(&source) });
    changes::told(state, who, &id, "copyCard", "action_copy_card", more)?;
    shown(state, who, &id)
}

fn delete(state: &mut State, ask: &Ask, card: &Card) -> Answer {
    state.may_write(&ask.who, &card.board)?;
    let mut data = changes::about_card(state, card);
    data["card"] = json!({ "id": card.id, "idShort": card.number });
    state.cards.remove(&card.id);
    state
        .checklists
        .retain(|_, checklist| checklist.card != card.id);
    state
        .actions
        .retain(|action| action.card.as_deref() != Some(&card.id));
    let about = About {
        board: &card.board,
        card: None,
        list: Some(&card.list),
    };
    state.act(&ask.who, "deleteCard", about, "action_delete_card", data);
    Ok(json!({ "limits": {} }))
}

// Parts ------------------------------------------------------------------------------------------

fn comments(state: &mut State, ask: &Ask, verb: Verb, card: &Card, path: &[&str]) -> Answer {
    match (verb, path) {
        (Verb::Get, []) => {
            let mut params = ask.params.clone();
            if !params.has("filter") {
                params
                    .0
                    .insert("filter".into(), json!("commentCard,updateCard:idList"));
            }
            actions::page(state, &params, nested::of_card(&card.id)).map(|all| json!(all))
        }
        (Verb::Post, ["comments"]) => {
            state.may_write(&ask.who, &card.board)?;
            let text = ask.params.needed("text")?;
            let more = json!({ "text": text, "textData": { "emoji": {} } });
            let mut made = changes::told(
                state,
                &ask.who,
                &card.id,
                "commentCard",
                "action_comment_on_card",
                more,
            )?;
            // Only this answer has the sentence a second time, as a flat list.
            let shown = made["display"]["entities"].clone();
            let on = json!({ "type": "text", "text": "on", "hideIfContext": true, "idContext": card.id });
            made["entities"] = json!([shown["memberCreator"], on, shown["card"], shown["comment"]]);
            Ok(made)
        }
        (Verb::Put, [action, "comments"]) => {
            actions::edit_comment(state, ask, action, ask.params.text("text"))
        }
        (Verb::Delete, [action, "comments"]) => actions::delete_comment(state, ask, action),
        _ => Err(unknown(ask)),
    }
}

fn people(state: &mut State, ask: &Ask, verb: Verb, card: &Card, path: &[&str]) -> Answer {
    match (verb, path) {
        (Verb::Get, []) => Ok(json!(nested::people(state, &card.members))),
        (Verb::Post, []) => {
            state.may_write(&ask.who, &card.board)?;
            let member = ask.params.needed("value")?;
            if card.members.contains(&member) {
                return Err(Refusal::new(400, "member is already on the card"));
            }
            changes::person(state, &ask.who, &card.id, &member, true)?;
            Ok(json!(nested::people(
                state,
                &state.card(&ask.who, &card.id)?.members
            )))
        }
        (Verb::Put, []) => {
            let mut wish = Map::new();
            let value = ask.params.get("value").cloned().unwrap_or(Value::Null);
            wish.insert("idMembers".into(), value);
            update(state, ask, card, &wish)
        }
        (Verb::Delete, [member]) => {
            state.may_write(&ask.who, &card.board)?;
            if !card.members.iter().any(|id| id == member) {
                return Err(Refusal::new(400, "member is not on the card"));
            }
            changes::person(state, &ask.who, &card.id, member, false)?;
            Ok(json!(nested::people(
                state,
                &state.card(&ask.who, &card.id)?.members
            )))
        }
        _ => Err(unknown(ask)),
    }
}

fn labels(state: &mut State, ask: &Ask, verb: Verb, card: &Card, path: &[&str]) -> Answer {
    state.may_write(&ask.who, &card.board)?;
    match (verb, path) {
        (Verb::Post, []) => {
            let id = ask.params.needed("value")?;
            if card.labels.contains(&id) {
                return Err(Refusal::new(400, "that label is already on the card"));
            }
            changes::label(state, &ask.who, &card.id, &id, true)?;
            Ok(json!(state.card(&ask.who, &card.id)?.labels))
        }
        (Verb::Delete, [id]) => {
            if !card.labels.iter().any(|known| known == id) {
                return Err(Refusal::new(400, "that label is not on the card"));
            }
            changes::label(state, &ask.who, &card.id, id, false)?;
            Ok(json!({ "_value": null }))
        }
        (Verb::Put, []) => {
            let mut wish = Map::new();
            wish.insert(
                "idLabels".into(),
                ask.params.get("value").cloned().unwrap_or(Value::Null),
            );
            update(state, ask, card, &wish)
        }
        _ => Err(unknown(ask)),
    }
}

fn attachments(state: &mut State, ask: &Ask, verb: Verb, card: &Card, path: &[&str]) -> Answer {
    match (verb, path) {
        (Verb::Get, []) => Ok(json!(
            card.attachments
                .iter()
                .map(render::attachment)
                .collect::<Vec<_>>()
        )),
        (Verb::Get, [id]) => {
            let found = card.attachments.iter().find(|known| known.id == *id);
            found.map(render::attachment).ok_or_else(Refusal::missing)
        }
        (Verb::Post, []) => {
            state.may_write(&ask.who, &card.board)?;
            let url = ask.params.needed("url")?;
            let name = ask.params.bounded("name")?.unwrap_or_else(|| url.clone());
            let pos = card
                .attachments
                .iter()
                .map(|known| known.pos)
                .fold(0.0, f64::max)
                + 16_384.0;
            let made = Attachment {
                id: state.id(),
                name,
                url,
                member: ask.who.member.clone(),
                at: state.now,
                pos,
            };
            state.card_mut(&card.id)?.attachments.push(made.clone());
            let brief =
                json!({ "attachment": { "id": made.id, "name": made.name, "url": made.url } });
            changes::told(
                state,
                &ask.who,
                &card.id,
                "addAttachmentToCard",
                "action_add_attachment_to_card",
                brief,
            )?;
            Ok(render::attachment(&made))
        }
        (Verb::Delete, [id]) => {
            state.may_write(&ask.who, &card.board)?;
            let gone = card.attachments.iter().find(|known| known.id == *id);
            let gone = gone.cloned().ok_or_else(Refusal::missing)?;
            state
                .card_mut(&card.id)?
                .attachments
                .retain(|known| known.id != gone.id);
            let brief = json!({ "attachment": { "id": gone.id, "name": gone.name } });
            changes::told(
                state,
                &ask.who,
                &card.id,
                "deleteAttachmentFromCard",
                "action_delete_attachment_from_card",
                brief,
            )?;
            Ok(json!({ "limits": {} }))
        }
        _ => Err(unknown(ask)),
    }
}

impl State {
    /// A card that came by e-mail. No request makes one, so only the world does.
    pub fn email(
        &mut self,
        who: &Who,
        list: &str,
        name: &str,
        desc: &str,
    ) -> Result<String, Refusal> {
        let new = New {
            list,
            name: name.to_owned(),
            desc: desc.to_owned(),
            pos: None,
        };
        let id = add(self, who, new)?;
        changes::told(self, who, &id, "emailCard", "action_email_card", json!({}))?;
        Ok(id)
    }
}
