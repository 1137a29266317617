//! What a board or a card brings along when asked to: `lists=open`, `cards=visible`, `actions=…`.

use super::actions;
use crate::sandbox::ask::{Answer, Params, Refusal, Who};
use crate::sandbox::model::*;
use crate::sandbox::render;
use crate::sandbox::state::State;
use serde_json::{Value, json};

fn asked(params: &Params, name: &str) -> Option<String> {
    params
        .text(name)
        .filter(|text| !matches!(text.as_str(), "" | "false" | "none"))
}

pub(super) fn board(state: &State, who: &Who, board: &Board, params: &Params) -> Answer {
    let mut value = render::fields(render::board(state, board), params);
    if let Some(filter) = asked(params, "lists") {
        let mut own = params.nested("list");
        for name in ["list_cards", "cards_in_lists"] {
            if let Some(filter) = asked(params, name) {
                own.0.insert("cards".into(), json!(filter));
            }
        }
        for (name, value) in &params.0 {
            if name.starts_with("card_") {
                own.0.insert(name.clone(), value.clone());
            }
        }
        value["lists"] = json!(lists(state, who, &board.id, &filter, &own)?);
    }
    if let Some(filter) = asked(params, "cards") {
        let own = params.nested("card");
        value["cards"] = json!(cards(state, who, &board.id, None, &filter, &own)?);
    }
    if asked(params, "members").is_some() {
        value["members"] = json!(members(state, board));
    }
    if asked(params, "memberships").is_some() {
        let all: Vec<Value> = board.people.iter().map(render::membership).collect();
        value["memberships"] = json!(all);
    }
    if asked(params, "labels").is_some() {
        value["labels"] = json!(labels(state, &board.id));
    }
    if params.on("customFields") {
        value["customFields"] = json!(custom_fields(state, &board.id));
    }
    if asked(params, "checklists").is_some() {
        value["checklists"] = json!(checklists(state, &board.id));
    }
    if let Some(filter) = asked(params, "actions") {
        let mut own = params.nested("actions");
        own.0.insert("filter".into(), json!(filter));
        value["actions"] = json!(actions::page(state, &own, |action| action.board == board.id)?);
    }
    Ok(value)
}

pub(super) fn lists(
    state: &State,
    who: &Who,
    board: &str,
    filter: &str,
    params: &Params,
) -> Result<Vec<Value>, Refusal> {
    let mut all: Vec<&List> = state
        .lists
        .values()
        .filter(|list| list.board == board)
        .filter(|list| match filter {
            "open" => !list.closed,
            "closed" => list.closed,
            _ => true,
        })
        .collect();
    all.sort_by(|a, b| a.pos.total_cmp(&b.pos));
    let mut shown = Vec::new();
    for list in all {
        let mut value = render::fields(render::list(list, who), params);
        if let Some(filter) = asked(params, "cards") {
            let own = params.nested("card");
            value["cards"] = json!(cards(state, who, board, Some(&list.id), &filter, &own)?);
        }
        shown.push(value);
    }
    Ok(shown)
}

/// Newest first where a limit pages them, by position otherwise.
pub(super) fn cards(
    state: &State,
    who: &Who,
    board: &str,
    list: Option<&str>,
    filter: &str,
    params: &Params,
) -> Result<Vec<Value>, Refusal> {
    let hidden = |card: &Card| state.lists.get(&card.list).is_some_and(|list| list.closed);
    let before = params.text("before");
    let mut all: Vec<&Card> = state
        .cards
        .values()
        .filter(|card| card.board == board && list.is_none_or(|list| card.list == list))
        .filter(|card| match filter {
            "open" | "true" => !card.closed,
            "visible" => !card.closed && !hidden(card),
            "closed" => card.closed,
            _ => true,
        })
        .filter(|card| before.as_ref().is_none_or(|before| card.id < *before))
        .collect();
    if params.has("limit") {
        all.sort_by(|a, b| b.id.cmp(&a.id));
        all.truncate(params.limit()?);
    } else {
        all.sort_by(|a, b| a.pos.total_cmp(&b.pos));
    }
    all.into_iter()
        .map(|card| self::card(state, who, card, params))
        .collect()
}

pub(super) fn card(state: &State, who: &Who, card: &Card, params: &Params) -> Answer {
    let mut value = render::fields(render::card(state, card, who), params);
    if asked(params, "checklists").is_some() {
        value["checklists"] = json!(checklists_of(state, card));
    }
    if asked(params, "attachments").is_some() {
        let all: Vec<Value> = card.attachments.iter().map(render::attachment).collect();
        value["attachments"] = json!(all);
    }
    if params.on("customFieldItems") {
        value["customFieldItems"] = json!(custom_values(state, card));
    }
    if asked(params, "members").is_some() {
        value["members"] = json!(people(state, &card.members));
    }
    if params.on("list")
        && let Some(list) = state.lists.get(&card.list)
    {
        value["list"] = render::list(list, who);
    }
    if params.on("board")
        && let Some(board) = state.boards.get(&card.board)
    {
        value["board"] = render::board(state, board);
    }
    if let Some(filter) = asked(params, "actions") {
        let mut own = params.nested("actions");
        own.0.insert("filter".into(), json!(filter));
        value["actions"] = json!(actions::page(state, &own, of_card(&card.id))?);
    }
    Ok(value)
}

pub(super) fn of_card(card: &str) -> impl Fn(&Action) -> bool + '_ {
    move |action| action.card.as_deref() == Some(card)
}

pub(super) fn people(state: &State, ids: &[String]) -> Vec<Value> {
    ids.iter()
        .filter_map(|id| state.members.get(id))
        .map(render::member)
        .collect()
}

pub(super) fn members(state: &State, board: &Board) -> Vec<Value> {
    let ids: Vec<String> = board
        .people
        .iter()
        .map(|place| place.member.clone())
        .collect();
    people(state, &ids)
}

pub(super) fn labels(state: &State, board: &str) -> Vec<Value> {
    state
        .labels
        .values()
        .filter(|label| label.board == board)
        .map(render::label)
        .collect()
}

/// None while the board has them switched off; what was set comes back with them.
pub(super) fn custom_fields(state: &State, board: &str) -> Vec<Value> {
    state
        .fields
        .values()
        .filter(|field| field.board == board && has_custom_fields(state, board))
        .map(render::custom_field)
        .collect()
}

pub(super) fn checklists(state: &State, board: &str) -> Vec<Value> {
    state
        .checklists
        .values()
        .filter(|list| list.board == board)
        .map(render::checklist)
        .collect()
}

pub(super) fn checklists_of(state: &State, card: &Card) -> Vec<Value> {
    card.checklists
        .iter()
        .filter_map(|id| state.checklists.get(id))
        .map(render::checklist)
        .collect()
}

fn has_custom_fields(state: &State, board: &str) -> bool {
    let board = state.boards.get(board);
    board.is_some_and(|board| board.custom_fields)
}

pub(super) fn custom_values(state: &State, card: &Card) -> Vec<Value> {
    card.values
        .iter()
        .filter(|_| has_custom_fields(state, &card.board))
        .map(|(field, value)| render::custom_value(&card.id, field, value))
        .collect()
}
