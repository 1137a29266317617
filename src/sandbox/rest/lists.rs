//! Lists, and what is done to all cards of one at once.

use super::{changes, nested, unknown};
use crate::sandbox::ask::{Answer, Ask, Refusal, Verb, Who};
use crate::sandbox::model::List;
use crate::sandbox::render;
use crate::sandbox::state::{About, State};
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(super) fn answer(state: &mut State, ask: &Ask, path: &[&str]) -> Answer {
    if path.is_empty() && ask.verb == Verb::Post {
        let board = ask.params.needed("idBoard")?;
        let board = state.board(&ask.who, &board)?.id.clone();
        return create(state, ask, &board);
    }
    let list = state
        .list(&ask.who, path.first().ok_or_else(|| unknown(ask))?)?
        .clone();
    match (ask.verb, &path[1..]) {
        (Verb::Get, []) => Ok(render::fields(render::list(&list, &ask.who), &ask.params)),
        (Verb::Put, []) => update(state, ask, &list, &ask.params.0),
        (Verb::Put, [field @ ("name" | "closed" | "pos" | "idBoard" | "subscribed")]) => {
            let value = ask
                .params
                .get("value")
                .cloned()
                .ok_or_else(|| Refusal::invalid("value"))?;
            let one = [((*field).to_owned(), value)].into_iter().collect();
            update(state, ask, &list, &one)
        }
        (Verb::Get, ["cards"]) => {
            let filter = ask.params.text("filter").unwrap_or_else(|| "open".into());
            nested::cards(
                state,
                &ask.who,
                &list.board,
                Some(&list.id),
                &filter,
                &ask.params,
            )
            .map(|all| json!(all))
        }
        (Verb::Get, ["actions"]) => {
            let own =
                |action: &crate::sandbox::model::Action| action.list.as_deref() == Some(&list.id);
            super::actions::page(state, &ask.params, own).map(|all| json!(all))
        }
        (Verb::Get, ["board"]) => {
            let board = state.board(&ask.who, &list.board)?;
            Ok(render::board(state, board))
        }
        (Verb::Post, ["cards"]) => super::cards::create(state, ask, &list.id),
        (Verb::Post, ["archiveAllCards"]) => {
            state.may_write(&ask.who, &list.board)?;
            for card in open_cards(state, &list.id) {
                changes::change(state, &ask.who, &card, &one("closed", json!(true)))?;
            }
            Ok(json!({}))
        }
        (Verb::Post, ["moveAllCards"]) => {
            state.may_write(&ask.who, &list.board)?;
            let target = ask.params.needed("idList")?;
            let board = ask.params.needed("idBoard")?;
            for card in open_cards(state, &list.id) {
                let mut wish = one("idList", json!(target));
                if board != list.board {
                    wish.insert("idBoard".into(), json!(board));
                }
                changes::change(state, &ask.who, &card, &wish)?;
            }
            Ok(json!([]))
        }
        _ => Err(unknown(ask)),
    }
}

fn one(name: &str, value: Value) -> serde_json::Map<String, Value> {
    [(name.to_owned(), value)].into_iter().collect()
}

fn open_cards(state: &State, list: &str) -> Vec<String> {
    let mut cards: Vec<_> = state
        .cards
        .values()
        .filter(|c| c.list == list && !c.closed)
        .collect();
    cards.sort_by(|a, b| a.pos.total_cmp(&b.pos));
    cards.into_iter().map(|card| card.id.clone()).collect()
}

fn positions(state: &State, board: &str) -> Vec<f64> {
    state
        .lists
        .values()
        .filter(|list| list.board == board)
        .map(|list| list.pos)
        .collect()
}

pub(super) fn create(state: &mut State, ask: &Ask, board: &str) -> Answer {
    state.may_write(&ask.who, board)?;
    let name = ask.params.needed("name")?;
    // Trello puts a new list first unless it is told otherwise.
    let positions = positions(state, board);
    let first = positions.iter().copied().fold(f64::INFINITY, f64::min) / 2.0;
    let pos =
        ask.params
            .pos(&positions)?
            .unwrap_or(if first.is_finite() { first } else { 16_384.0 });
    let id = new(state, &ask.who, board, &name, Some(pos));
    Ok(render::list(state.list(&ask.who, &id)?, &ask.who))
}

/// A list at a position, or behind all others.
pub(super) fn new(
    state: &mut State,
    who: &Who,
    board: &str,
    name: &str,
    pos: Option<f64>,
) -> String {
    let last = positions(state, board).into_iter().fold(0.0, f64::max);
    let id = state.id();
    let list = List {
        id: id.clone(),
        board: board.to_owned(),
        name: name.to_owned(),
        closed: false,
        pos: pos.unwrap_or(last + 65_536.0),
        subscribed: BTreeSet::new(),
    };
    let brief = render::brief_list(&list);
    state.lists.insert(id.clone(), list);
    let data = json!({ "list": brief, "board": brief_board(state, board) });
    let about = About {
        board,
        card: None,
        list: Some(&id),
    };
    state.act(who, "createList", about, "action_added_list_to_board", data);
    id
}

fn brief_board(state: &State, board: &str) -> Value {
    state
        .boards
        .get(board)
        .map_or(Value::Null, render::brief_board)
}

fn update(
    state: &mut State,
    ask: &Ask,
    list: &List,
    wish: &serde_json::Map<String, Value>,
) -> Answer {
    state.may_write(&ask.who, &list.board)?;
    let params = crate::sandbox::ask::Params(wish.clone());
    let mut changes: Vec<(&str, Value, Value, &str)> = Vec::new();
    let mut new = list.clone();
    if let Some(name) = params.bounded("name")?.filter(|name| *name != list.name) {
        changes.push(("name", json!(list.name), json!(name), "action_renamed_list"));
        new.name = name;
    }
    if let Some(closed) = params
        .flag("closed")?
        .filter(|closed| *closed != list.closed)
    {
        let key = if closed {
            "action_archived_list"
        } else {
            "action_sent_list_to_board"
        };
        changes.push(("closed", json!(list.closed), json!(closed), key));
        new.closed = closed;
    }
    if let Some(pos) = params.pos(&positions(state, &list.board))? {
        changes.push(("pos", json!(list.pos), json!(pos), "action_moved_list"));
        new.pos = pos;
    }
    if let Some(on) = params.flag("subscribed")? {
        if on {
            new.subscribed.insert(ask.who.member.clone());
        } else {
            new.subscribed.remove(&ask.who.member);
        }
    }
    state.lists.insert(list.id.clone(), new.clone());
    for (field, old, value, key) in changes {
        let mut brief = render::brief_list(&new);
        brief[field] = value;
        let data = json!({ "list": brief, "old": { field: old }, "board": brief_board(state, &new.board) });
        let about = About {
            board: &list.board,
            card: None,
            list: Some(&list.id),
        };
        state.act(&ask.who, "updateList", about, key, data);
    }
    if let Some(board) = params.text("idBoard").filter(|board| *board != list.board) {
        change_board(state, ask, &new, &board)?;
    }
    Ok(render::list(state.list(&ask.who, &list.id)?, &ask.who))
}

/// A list takes its cards along. Neither board hears of a card.
fn change_board(state: &mut State, ask: &Ask, list: &List, board: &str) -> Result<(), Refusal> {
    state.may_write(&ask.who, board)?;
    for card in state.cards.values_mut().filter(|card| card.list == list.id) {
        card.board = board.to_owned();
        card.labels.clear();
    }
    for checklist in state.checklists.values_mut() {
        if state
            .cards
            .get(&checklist.card)
            .is_some_and(|card| card.list == list.id)
        {
            checklist.board = board.to_owned();
        }
    }
    if let Some(own) = state.lists.get_mut(&list.id) {
        own.board = board.to_owned();
    }
    let (from, to) = (brief_board(state, &list.board), brief_board(state, board));
    let brief = render::brief_list(list);
    let left = json!({ "list": brief, "board": from, "boardTarget": { "id": board } });
    let about = About {
        board: &list.board,
        card: None,
        list: Some(&list.id),
    };
    state.act(
        &ask.who,
        "moveListFromBoard",
        about,
        "action_move_list_from_board",
        left,
    );
    let came = json!({ "list": brief, "board": to, "boardSource": { "id": list.board, "name": from["name"] } });
    let about = About {
        board,
        card: None,
        list: Some(&list.id),
    };
    state.act(
        &ask.who,
        "moveListToBoard",
        about,
        "action_move_list_to_board",
        came,
    );
    Ok(())
}
