//! Search by name, over what the asking member may see.

use super::members;
use crate::sandbox::ask::{Answer, Ask, Refusal};
use crate::sandbox::model::Member;
use crate::sandbox::render;
use crate::sandbox::state::State;
use serde_json::{Value, json};

/// How many of a kind are answered, unless told.
const SHOWN: usize = 10;

fn limit(ask: &Ask, name: &str, default: usize) -> Result<usize, Refusal> {
    match ask.params.text(name) {
        None => Ok(default),
        Some(text) => text.parse().map_err(|_| Refusal::invalid(name)),
    }
}

pub(super) fn things(state: &State, ask: &Ask) -> Answer {
    let query = ask.params.needed("query")?;
    let words = query.to_lowercase();
    let kinds = ask.params.ids("modelTypes").unwrap_or_default();
    let wanted =
        |kind: &str| kinds.is_empty() || kinds.iter().any(|one| one == "all" || one == kind);
    let within = ask.params.ids("idBoards");
    let inside = |board: &str| {
        let named = within
            .as_ref()
            .is_none_or(|all| all.iter().any(|one| one == board || one == "mine"));
        named && state.board(&ask.who, board).is_ok()
    };
    let has = |name: &str| name.to_lowercase().contains(&words);
    let mut found = json!({
        "options": {
            "terms": [{ "text": query }],
            "modifiers": [],
            "modelTypes": if kinds.is_empty() { vec!["all".to_owned()] } else { kinds.clone() },
            "partial": ask.params.on("partial"),
        },
    });
    if wanted("cards") {
        let cards = state
            .cards
            .values()
            .filter(|card| (has(&card.name) || has(&card.desc)) && inside(&card.board))
            .take(limit(ask, "cards_limit", SHOWN)?);
        let fields = ask.params.nested("card");
        let shown: Vec<Value> = cards
            .map(|card| render::fields(render::card(state, card, &ask.who), &fields))
            .collect();
        found["cards"] = json!(shown);
    }
    if wanted("boards") {
        let boards = state
            .boards
            .values()
            .filter(|board| has(&board.name) && inside(&board.id))
            .take(limit(ask, "boards_limit", SHOWN)?);
        let fields = ask.params.nested("board");
        let shown: Vec<Value> = boards
            .map(|board| render::fields(render::board(state, board), &fields))
            .collect();
        found["boards"] = json!(shown);
    }
    if wanted("organizations") {
        let seen = state
            .organizations
            .values()
            .filter(|one| has(&one.name) && state.collaborators(&one.id).contains(&ask.who.member))
            .take(limit(ask, "organizations_limit", SHOWN)?);
        let shown: Vec<Value> = seen
            .map(|one| members::organization(state, &one.id))
            .collect();
        found["organizations"] = json!(shown);
    }
    if wanted("members") {
        let shown: Vec<Value> = people(state, &words)
            .take(limit(ask, "members_limit", SHOWN)?)
            .map(render::member)
            .collect();
        found["members"] = json!(shown);
    }
    Ok(found)
}

fn people<'a>(state: &'a State, words: &'a str) -> impl Iterator<Item = &'a Member> {
    let named = move |text: &str| text.to_lowercase().contains(words);
    state
        .members
        .values()
        .filter(move |member| named(&member.username) || named(&member.full_name))
}

pub(super) fn members(state: &State, ask: &Ask) -> Answer {
    let words = ask.params.needed("query")?.to_lowercase();
    let board = match ask.params.text("idBoard") {
        Some(board) => Some(state.board(&ask.who, &board)?),
        None => None,
    };
    let found = people(state, &words).filter(|member| {
        board.is_none_or(|board| board.people.iter().any(|place| place.member == member.id))
    });
    let shown: Vec<Value> = found
        .take(limit(ask, "limit", 8)?)
        .map(render::member)
        .collect();
    Ok(json!(shown))
}
