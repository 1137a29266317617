//! Lists of actions, newest first, and the one kind that can be changed: a comment.

use super::unknown;
use crate::sandbox::ask::{Answer, Ask, Params, Refusal, Verb};
use crate::sandbox::model::Action;
use crate::sandbox::render;
use crate::sandbox::state::{About, State};
use jiff::Timestamp;
use serde_json::{Value, json};

pub(super) fn answer(state: &mut State, ask: &Ask, path: &[&str]) -> Answer {
    let id = path.first().ok_or_else(|| unknown(ask))?;
    match (ask.verb, &path[1..]) {
        (Verb::Get, []) => Ok(find(state, ask, id)?.value.clone()),
        (Verb::Get, [part]) => part_of(state, ask, id, part),
        (Verb::Put, [] | ["text"]) => {
            let text = ask.params.text("text").or_else(|| ask.params.text("value"));
            edit_comment(state, ask, id, text)
        }
        (Verb::Delete, []) => delete_comment(state, ask, id),
        _ => Err(unknown(ask)),
    }
}

fn find<'a>(state: &'a State, ask: &Ask, id: &str) -> Result<&'a Action, Refusal> {
    let action = state.actions.iter().find(|action| action.id == id);
    let action = action
        .filter(|action| !action.hidden())
        .ok_or_else(Refusal::missing)?;
    state.board(&ask.who, &action.board).map(|_| action)
}

/// What an action is about, as it is now, or one of the action's own fields.
fn part_of(state: &State, ask: &Ask, id: &str, part: &str) -> Answer {
    let (action, who) = (find(state, ask, id)?, &ask.who);
    let board = state.board(who, &action.board)?;
    let person = |id: Option<&str>| {
        let member = id.and_then(|id| state.members.get(id));
        member.map(render::member).ok_or_else(Refusal::missing)
    };
    let whole = match part {
        "board" => render::board(state, board),
        "card" => {
            let card = action.card.as_deref().ok_or_else(Refusal::missing)?;
            render::card(state, state.card(who, card)?, who)
        }
        "list" => {
            let list = action.list.as_deref().ok_or_else(Refusal::missing)?;
            render::list(state.list(who, list)?, who)
        }
        "member" => person(action.value["data"]["idMember"].as_str())?,
        "memberCreator" => person(Some(&action.member))?,
        "organization" => {
            let id = board.organization.as_deref().ok_or_else(Refusal::missing)?;
            super::members::organization(state, id)
        }
        _ => return super::field(&action.value, part, ask),
    };
    Ok(render::fields(whole, &ask.params))
}

/// `filter` takes kinds, and kinds with the changed field: `updateCard:idList`.
fn wanted(filter: &str, action: &Action) -> bool {
    filter
        .split(',')
        .map(str::trim)
        .any(|one| match one.split_once(':') {
            _ if one == "all" => true,
            Some((kind, field)) => {
                action.kind == kind && action.value["data"]["old"].get(field).is_some()
            }
            None => action.kind == one,
        })
}

enum Edge {
    Id(String),
    At(Timestamp),
}

fn edge(params: &Params, name: &str) -> Result<Option<Edge>, Refusal> {
    let Some(text) = params
        .text(name)
        .filter(|text| !text.is_empty() && text != "null")
    else {
        return Ok(None);
    };
    if text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(Some(Edge::Id(text)));
    }
    match text.parse() {
        Ok(at) => Ok(Some(Edge::At(at))),
        Err(_) => Err(Refusal::invalid(name)),
    }
}

/// A page of the actions that `own` picks: filter, since, before, page, limit.
pub(super) fn page(
    state: &State,
    params: &Params,
    own: impl Fn(&Action) -> bool,
) -> Result<Vec<Value>, Refusal> {
    let filter = params.text("filter").unwrap_or_else(|| "all".into());
    let (since, before) = (edge(params, "since")?, edge(params, "before")?);
    let limit = params.limit()?;
    let page: usize = params
        .text("page")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    if page > 19 {
        return Err(Refusal::invalid("page"));
    }
    let key = |action: &Action| (action.at, action.id.clone());
    // Found once, not for each action: a storm's page is long.
    let known = |edge: &Option<Edge>| match edge {
        Some(Edge::Id(id)) => state.actions.iter().find(|one| one.id == *id).map(key),
        _ => None,
    };
    let (known_since, known_before) = (known(&since), known(&before));
    let after = |action: &Action| match (&since, &known_since) {
        (_, Some(edge)) => key(action) > *edge,
        (Some(Edge::Id(id)), None) => action.id > *id,
        (Some(Edge::At(at)), None) => action.at > *at,
        (None, None) => true,
    };
    let earlier = |action: &Action| match (&before, &known_before) {
        (_, Some(edge)) => key(action) < *edge,
        (Some(Edge::Id(id)), None) => action.id < *id,
        (Some(Edge::At(at)), None) => action.at < *at,
        (None, None) => true,
    };
    let mut found: Vec<&Action> = state
        .actions
        .iter()
        .filter(|action| !action.hidden() && own(action) && wanted(&filter, action))
        .filter(|action| after(action) && earlier(action))
        .collect();
    found.sort_by_key(|action| std::cmp::Reverse(key(action)));
    Ok(found
        .into_iter()
        .skip(page * limit)
        .take(limit)
        .map(|action| action.value.clone())
        .collect())
}

/// Only its author may change a comment.
fn own_comment(state: &State, ask: &Ask, id: &str) -> Result<Action, Refusal> {
    let action = find(state, ask, id)?;
    if action.kind != "commentCard" || action.member != ask.who.member {
        return Err(Refusal::forbidden());
    }
    state.may_write(&ask.who, &action.board)?;
    Ok(action.clone())
}

pub(super) fn edit_comment(state: &mut State, ask: &Ask, id: &str, text: Option<String>) -> Answer {
    let comment = own_comment(state, ask, id)?;
    let text = text
        .filter(|text| !text.is_empty() && text.chars().count() <= crate::sandbox::ask::TEXT)
        .ok_or_else(|| Refusal::invalid("text"))?;
    let old = comment.value["data"]["text"].clone();
    let mut changed = comment.value.clone();
    for action in state.actions.iter_mut().filter(|action| action.id == id) {
        action.value["data"]["text"] = json!(text);
        action.value["data"]["dateLastEdited"] = json!(render::date(state.now));
        action.value["display"]["entities"]["comment"]["text"] = json!(text);
        changed = action.value.clone();
    }
    let data = &comment.value["data"];
    let data = json!({
        "old": { "text": old },
        "action": { "id": id, "text": text },
        "card": data["card"], "board": data["board"], "list": data["list"],
    });
    tell(state, ask, &comment, "updateComment", data);
    Ok(changed)
}

pub(super) fn delete_comment(state: &mut State, ask: &Ask, id: &str) -> Answer {
    let comment = own_comment(state, ask, id)?;
    state.actions.retain(|action| action.id != id);
    let data = &comment.value["data"];
    let data = json!({ "action": { "id": id }, "card": data["card"], "board": data["board"], "list": data["list"] });
    tell(state, ask, &comment, "deleteComment", data);
    Ok(json!({ "_value": null }))
}

fn tell(state: &mut State, ask: &Ask, comment: &Action, kind: &str, data: Value) {
    let about = About {
        board: &comment.board,
        card: comment.card.as_deref(),
        list: None,
    };
    state.act(&ask.who, kind, about, "unknown", data);
}
