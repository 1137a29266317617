//! Trello's REST API under `/1`: a request's path decides which resource answers it. Each resource
//! has a file; none knows of HTTP, and all of them go by the same rules for who may do what.

mod actions;
mod boards;
mod cards;
mod changes;
mod checklists;
mod fields;
mod lists;
mod members;
mod nested;
mod parts;
mod webhooks;

use super::ask::{Answer, Ask, Params, Refusal, Verb};
use super::state::State;
use serde_json::{Value, json};

pub(super) use webhooks::callback_refused;

/// Answers one request. The world is changed only where the answer is a success.
pub(super) fn answer(state: &mut State, ask: &Ask) -> Answer {
    let path: Vec<&str> = ask.path.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["boards", rest @ ..] => boards::answer(state, ask, rest),
        ["lists", rest @ ..] => lists::answer(state, ask, rest),
        ["cards", rest @ ..] => cards::answer(state, ask, rest),
        ["checklists", rest @ ..] => checklists::answer(state, ask, rest),
        ["labels", rest @ ..] => parts::labels(state, ask, rest),
        ["customFields" | "customfields", rest @ ..] => fields::answer(state, ask, rest),
        ["members", rest @ ..] => members::members(state, ask, rest),
        ["organizations", rest @ ..] => members::organizations(state, ask, rest),
        ["tokens", rest @ ..] => members::tokens(state, ask, rest),
        ["webhooks", rest @ ..] => webhooks::answer(state, ask, rest),
        ["actions", rest @ ..] => actions::answer(state, ask, rest),
        ["search"] => search(state, ask),
        ["batch"] => batch(state, ask),
        _ => Err(unknown(ask)),
    }
}

/// What Express says of a route that is none.
fn unknown(ask: &Ask) -> Refusal {
    let verb = match ask.verb {
        Verb::Get => "GET",
        Verb::Post => "POST",
        Verb::Put => "PUT",
        Verb::Delete => "DELETE",
    };
    Refusal::new(404, format!("Cannot {verb} /1/{}", ask.path.join("/")))
}

fn search(state: &State, ask: &Ask) -> Answer {
    let query = ask.params.needed("query")?.to_lowercase();
    let limit = ask
        .params
        .text("cards_limit")
        .and_then(|text| text.parse().ok())
        .unwrap_or(10);
    let boards = ask.params.ids("idBoards");
    let cards: Vec<Value> = state
        .cards
        .values()
        .filter(|card| card.name.to_lowercase().contains(&query))
        .filter(|card| boards.as_ref().is_none_or(|all| all.contains(&card.board)))
        .filter(|card| state.board(&ask.who, &card.board).is_ok())
        .take(limit)
        .map(|card| super::render::card(state, card, &ask.who))
        .collect();
    Ok(json!({
        "options": { "terms": [{ "text": query }], "modifiers": [], "modelTypes": ["cards"], "partial": false },
        "cards": cards,
    }))
}

/// Up to ten reads in one request, each with its own status.
fn batch(state: &mut State, ask: &Ask) -> Answer {
    let urls = ask
        .params
        .ids("urls")
        .ok_or_else(|| Refusal::invalid("urls"))?;
    if urls.len() > 10 {
        return Err(Refusal::new(
            400,
            "Only 10 requests are allowed per batch call",
        ));
    }
    let mut answers = Vec::new();
    for url in urls {
        let (path, query) = url.split_once('?').unwrap_or((&url, ""));
        let params = url::form_urlencoded::parse(query.as_bytes())
            .map(|(name, value)| (name.into_owned(), json!(value)))
            .collect();
        let path = path.trim_start_matches("/1/").trim_matches('/');
        let own = Ask {
            verb: Verb::Get,
            path: path.split('/').map(str::to_owned).collect(),
            params: Params(params),
            who: ask.who.clone(),
        };
        answers.push(match answer(state, &own) {
            Ok(value) => json!({ "200": value }),
            Err(refusal) => {
                json!({ "name": "Error", "message": refusal.text, "statusCode": refusal.status })
            }
        });
    }
    Ok(json!(answers))
}
