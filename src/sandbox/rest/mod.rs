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
mod search;
mod webhooks;

use super::ask::{Answer, Ask, Params, Refusal, Verb};
use super::state::State;
use serde_json::{Value, json};

pub(super) use webhooks::callback_refused;

/// Answers one request. The world is changed only where the answer is a success.
pub(super) fn answer(state: &mut State, ask: &Ask) -> Answer {
    let mut path: Vec<&str> = ask.path.iter().map(|part| word(part)).collect();
    if let Some(resource) = path.first_mut() {
        *resource = plural(resource);
    }
    // A slash at the end means nothing, as in Trello's own `POST /boards/`.
    while path.last().is_some_and(|part| part.is_empty()) {
        path.pop();
    }
    match path.as_slice() {
        ["boards", rest @ ..] => boards::answer(state, ask, rest),
        ["lists", rest @ ..] => lists::answer(state, ask, rest),
        ["cards", rest @ ..] => cards::answer(state, ask, rest),
        ["checklists", rest @ ..] => checklists::answer(state, ask, rest),
        ["labels", rest @ ..] => parts::labels(state, ask, rest),
        ["customFields", rest @ ..] => fields::answer(state, ask, rest),
        ["members", rest @ ..] => members::members(state, ask, rest),
        ["organizations", rest @ ..] => members::organizations(state, ask, rest),
        ["tokens", rest @ ..] => members::tokens(state, ask, rest),
        ["webhooks", rest @ ..] => webhooks::answer(state, ask, rest),
        ["actions", rest @ ..] => actions::answer(state, ask, rest),
        ["search"] => search::things(state, ask),
        ["search", "members"] => search::members(state, ask),
        ["batch"] => batch(state, ask),
        _ => Err(unknown(ask)),
    }
}

/// Letters' case means nothing in the words of a path: old libraries write `checkitems`.
fn word(part: &str) -> &str {
    const WORDS: [&str; 13] = [
        "archiveAllCards",
        "checkItem",
        "checkItemStates",
        "checkItems",
        "convertToCard",
        "customField",
        "customFieldItems",
        "customFields",
        "idLabels",
        "idMembers",
        "memberCreator",
        "moveAllCards",
        "pluginData",
    ];
    let same = WORDS.iter().find(|word| word.eq_ignore_ascii_case(part));
    same.copied().unwrap_or(part)
}

/// Trello takes its resources in the singular too: `/1/member/me`.
fn plural(resource: &str) -> &str {
    match resource {
        "action" => "actions",
        "board" => "boards",
        "card" => "cards",
        "checklist" => "checklists",
        "customField" => "customFields",
        "label" => "labels",
        "list" => "lists",
        "member" => "members",
        "organization" => "organizations",
        "token" => "tokens",
        "webhook" => "webhooks",
        other => other,
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

/// One field of a thing. A text, number or flag is wrapped, because alone it would be no document.
fn field(shown: &Value, name: &str, ask: &Ask) -> Answer {
    match shown.get(name) {
        Some(whole @ (Value::Array(_) | Value::Object(_))) => Ok(whole.clone()),
        Some(value) => Ok(json!({ "_value": value })),
        None => Err(unknown(ask)),
    }
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
