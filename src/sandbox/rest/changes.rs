//! What `PUT /cards/{id}` changes, field by field: Trello tells one action for each.

use crate::sandbox::ask::{Params, Refusal, Who};
use crate::sandbox::model::Card;
use crate::sandbox::render;
use crate::sandbox::state::{About, State};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

/// One changed field: its earlier and its new value, and the key of the sentence for people.
struct Change {
    field: &'static str,
    old: Value,
    new: Value,
    key: &'static str,
}

pub(super) fn change(
    state: &mut State,
    who: &Who,
    id: &str,
    wish: &Map<String, Value>,
) -> Result<(), Refusal> {
    let params = Params(wish.clone());
    let card = state.writable_card(who, id)?;
    if let Some(board) = params.text("idBoard").filter(|board| *board != card.board) {
        return change_board(state, who, &card, &board, &params);
    }
    let (new, changes, moved) = changed(state, who, &card, &params)?;
    if let Some(ids) = params.ids("idMembers") {
        people(state, who, &card, &ids)?;
    }
    if let Some(labels) = params.ids("idLabels") {
        self::labels(state, who, &card, &labels)?;
    }
    let own = state.card_mut(id)?;
    let (members, labels) = (own.members.clone(), own.labels.clone());
    *own = Card {
        members,
        labels,
        ..new
    };
    if moved.is_some() {
        tell_move(state, who, &card, id)?;
    }
    for (number, change) in changes.into_iter().enumerate() {
        let late = i64::from(moved.is_some()) * 20 + i64::try_from(number).unwrap_or(0);
        tell(state, who, id, change, SignedDuration::from_millis(late))?;
    }
    Ok(())
}

type Changed = (Card, Vec<Change>, Option<String>);

fn changed(state: &State, who: &Who, card: &Card, params: &Params) -> Result<Changed, Refusal> {
    let mut new = card.clone();
    let mut all = Vec::new();
    let mut push = |field, old: Value, value: Value, key| {
        if old != value {
            all.push(Change {
                field,
                old,
                new: value,
                key,
            });
        }
    };
    if let Some(name) = params.bounded("name")? {
        let name = Some(name).filter(|name| !name.trim().is_empty());
        let name = name.ok_or_else(|| Refusal::invalid("name"))?;
        push("name", json!(card.name), json!(name), "action_renamed_card");
        new.name = name;
    }
    if let Some(desc) = params.bounded("desc")? {
        push(
            "desc",
            json!(card.desc),
            json!(desc),
            "action_changed_description_of_card",
        );
        new.desc = desc;
    }
    if let Some(closed) = params.flag("closed")? {
        let key = if closed {
            "action_archived_card"
        } else {
            "action_sent_card_to_board"
        };
        push("closed", json!(card.closed), json!(closed), key);
        new.closed = closed;
    }
    if let Some(due) = params.instant("due")? {
        let key = match (card.due, due) {
            (None, _) => "action_added_a_due_date",
            (_, None) => "action_removed_a_due_date",
            _ => "action_changed_a_due_date",
        };
        push("due", shown(card.due), shown(due), key);
        new.due = due;
    }
    if let Some(start) = params.instant("start")? {
        push(
            "start",
            shown(card.start),
            shown(start),
            "action_changed_a_start_date",
        );
        new.start = start;
    }
    if let Some(done) = params.flag("dueComplete")? {
        push(
            "dueComplete",
            json!(card.due_complete),
            json!(done),
            "action_marked_the_due_date_complete",
        );
        new.due_complete = done;
    }
    if let Some(on) = params.flag("subscribed")? {
        if on {
            new.subscribed.insert(who.member.clone());
        } else {
            new.subscribed.remove(&who.member);
        }
    }
    let moved = params.text("idList").filter(|list| *list != card.list);
    if let Some(list) = &moved {
        let known = state
            .lists
            .get(list)
            .filter(|list| list.board == card.board);
        known.ok_or_else(|| Refusal::invalid("idList"))?;
        new.list.clone_from(list);
    }
    let neighbours = state.positions(&new.list, &card.id);
    let pos = params.pos(&neighbours)?;
    // A move alone lands at the bottom, and says nothing of the position.
    new.pos = match (pos, &moved) {
        (Some(pos), _) => {
            // A recorded move to a greater position is told as “higher”.
            let key = if pos > card.pos {
                "action_moved_card_higher"
            } else {
                "action_moved_card_lower"
            };
            push("pos", json!(card.pos), json!(pos), key);
            pos
        }
        (None, Some(_)) => params.pos_or_bottom(&neighbours)?,
        (None, None) => card.pos,
    };
    Ok((new, all, moved))
}

fn shown(at: Option<Timestamp>) -> Value {
    at.map_or(Value::Null, |at| json!(render::date(at)))
}

/// Card, list and board as most card actions carry them.
pub(super) fn about_card(state: &State, card: &Card) -> Value {
    let list = state
        .lists
        .get(&card.list)
        .map_or(Value::Null, render::brief_list);
    let board = state
        .boards
        .get(&card.board)
        .map_or(Value::Null, render::brief_board);
    json!({ "card": render::brief_card(card), "list": list, "board": board })
}

/// Tells of something on a card. `more` is what only this kind of action says.
pub(super) fn told(
    state: &mut State,
    who: &Who,
    card: &str,
    kind: &str,
    key: &str,
    more: Value,
) -> Result<Value, Refusal> {
    let card = state
        .cards
        .get(card)
        .cloned()
        .ok_or_else(Refusal::missing)?;
    let mut data = about_card(state, &card);
    // Trello names the list only where the card itself is concerned.
    let listless = ["Checklist", "CheckItem", "Member", "Label", "CustomField"];
    if listless.iter().any(|part| kind.contains(part))
        && kind != "convertToCardFromCheckItem"
        && let Some(data) = data.as_object_mut()
    {
        data.remove("list");
    }
    merge(&mut data, more);
    let about = About {
        board: &card.board,
        card: Some(&card.id),
        list: Some(&card.list),
    };
    Ok(state.act(who, kind, about, key, data))
}

fn merge(data: &mut Value, more: Value) {
    if let (Some(data), Value::Object(more)) = (data.as_object_mut(), more) {
        for (name, value) in more {
            match (data.get_mut(&name).and_then(Value::as_object_mut), value) {
                (Some(known), Value::Object(value)) => known.extend(value),
                (_, value) => {
                    data.insert(name, value);
                }
            }
        }
    }
}

fn tell(
    state: &mut State,
    who: &Who,
    id: &str,
    change: Change,
    late: SignedDuration,
) -> Result<(), Refusal> {
    let card = state.cards.get(id).cloned().ok_or_else(Refusal::missing)?;
    let mut data = about_card(state, &card);
    data["card"][change.field] = change.new;
    data["old"] = json!({ change.field: change.old });
    let about = About {
        board: &card.board,
        card: Some(id),
        list: Some(&card.list),
    };
    state.act_after(who, "updateCard", about, change.key, data, late);
    Ok(())
}

fn tell_move(state: &mut State, who: &Who, before: &Card, id: &str) -> Result<(), Refusal> {
    let card = state.cards.get(id).cloned().ok_or_else(Refusal::missing)?;
    let mut data = about_card(state, &card);
    let list = |id: &str| state.lists.get(id).map_or(Value::Null, render::brief_list);
    data["listBefore"] = list(&before.list);
    data["listAfter"] = list(&card.list);
    data["card"]["idList"] = json!(card.list);
    data["old"] = json!({ "idList": before.list });
    if let Some(data) = data.as_object_mut() {
        data.remove("list");
    }
    let about = About {
        board: &card.board,
        card: Some(id),
        list: Some(&card.list),
    };
    state.act(
        who,
        "updateCard",
        about,
        "action_move_card_from_list_to_list",
        data,
    );
    Ok(())
}

fn change_board(
    state: &mut State,
    who: &Who,
    card: &Card,
    board: &str,
    params: &Params,
) -> Result<(), Refusal> {
    state.may_write(who, board)?;
    let mut lists: Vec<_> = state
        .lists
        .values()
        .filter(|l| l.board == board && !l.closed)
        .collect();
    lists.sort_by(|a, b| a.pos.total_cmp(&b.pos));
    let first = lists.first().map(|list| list.id.clone());
    let list = params
        .text("idList")
        .or(first)
        .ok_or_else(|| Refusal::invalid("idList"))?;
    state
        .lists
        .get(&list)
        .filter(|l| l.board == board)
        .ok_or_else(|| Refusal::invalid("idList"))?;
    let pos = params.pos_or_bottom(&state.positions(&list, &card.id))?;
    let source = about_card(state, card);
    {
        let own = state.card_mut(&card.id)?;
        (own.board, own.list, own.pos) = (board.to_owned(), list, pos);
        own.labels.clear();
        own.values.clear();
    }
    for checklist in state.checklists.values_mut().filter(|c| c.card == card.id) {
        checklist.board = board.to_owned();
    }
    let mut left = source.clone();
    left["boardTarget"] = json!({ "id": board });
    let about = About {
        board: &card.board,
        card: Some(&card.id),
        list: Some(&card.list),
    };
    state.act(
        who,
        "moveCardFromBoard",
        about,
        "action_move_card_from_board",
        left,
    );
    let more = json!({ "boardSource": { "id": card.board, "name": source["board"]["name"] } });
    told(
        state,
        who,
        &card.id,
        "moveCardToBoard",
        "action_move_card_to_board",
        more,
    )
    .map(drop)
}

// People and labels ------------------------------------------------------------------------------

fn people(state: &mut State, who: &Who, card: &Card, wanted: &[String]) -> Result<(), Refusal> {
    for gone in card.members.iter().filter(|id| !wanted.contains(id)) {
        person(state, who, &card.id, gone, false)?;
    }
    for new in wanted.iter().filter(|id| !card.members.contains(id)) {
        person(state, who, &card.id, new, true)?;
    }
    Ok(())
}

pub(super) fn person(
    state: &mut State,
    who: &Who,
    card: &str,
    member: &str,
    on: bool,
) -> Result<(), Refusal> {
    let known = state
        .members
        .get(member)
        .cloned()
        .ok_or_else(|| Refusal::invalid("idMembers"))?;
    let own = state.card_mut(card)?;
    own.members.retain(|id| id != member);
    if on {
        own.members.push(member.to_owned());
    }
    let more = json!({ "idMember": member, "member": { "id": member, "name": known.full_name } });
    let (kind, key) = match (on, who.member == member) {
        (true, true) => ("addMemberToCard", "action_member_joined_card"),
        (true, false) => ("addMemberToCard", "action_added_member_to_card"),
        (false, true) => ("removeMemberFromCard", "action_member_left_card"),
        (false, false) => ("removeMemberFromCard", "action_removed_member_from_card"),
    };
    told(state, who, card, kind, key, more).map(drop)
}

fn labels(state: &mut State, who: &Who, card: &Card, wanted: &[String]) -> Result<(), Refusal> {
    for gone in card.labels.iter().filter(|id| !wanted.contains(id)) {
        label(state, who, &card.id, gone, false)?;
    }
    for new in wanted.iter().filter(|id| !card.labels.contains(id)) {
        label(state, who, &card.id, new, true)?;
    }
    Ok(())
}

/// Two actions: the label put on, and the card's list of labels changed.
pub(super) fn label(
    state: &mut State,
    who: &Who,
    card: &str,
    id: &str,
    on: bool,
) -> Result<(), Refusal> {
    let board = state
        .cards
        .get(card)
        .map(|card| card.board.clone())
        .ok_or_else(Refusal::missing)?;
    let label = state
        .labels
        .get(id)
        .filter(|label| label.board == board)
        .cloned();
    let label = label.ok_or_else(|| Refusal::invalid("value"))?;
    let own = state.card_mut(card)?;
    let old = own.labels.clone();
    own.labels.retain(|known| known != id);
    if on {
        own.labels.push(id.to_owned());
    }
    let new = own.labels.clone();
    let (kind, key) = if on {
        ("addLabelToCard", "action_add_label_to_card")
    } else {
        ("removeLabelFromCard", "action_remove_label_from_card")
    };
    let more = json!({
        "value": label.color, "text": label.name,
        "label": { "id": id, "name": label.name, "color": label.color },
    });
    told(state, who, card, kind, key, more)?;
    let change = Change {
        field: "idLabels",
        old: json!(old),
        new: json!(new),
        key: "unknown",
    };
    tell(state, who, card, change, SignedDuration::from_millis(2))
}
