//! Webhooks: each belongs to a token. Whether the callback answers is asked before, outside the
//! world's lock.

use super::unknown;
use crate::sandbox::ask::{Answer, Ask, Refusal, Verb};
use crate::sandbox::model::Webhook;
use crate::sandbox::render;
use crate::sandbox::state::State;
use serde_json::json;

/// What Trello says when the callback did not answer its HEAD with 200.
pub(in crate::sandbox) fn callback_refused(url: &str, got: &str) -> Refusal {
    let message = format!("URL ({url}) did not return 200 status code, got {got}");
    Refusal::json(400, "VALIDATOR_URL_RETURNED_ERROR", &message)
}

pub(super) fn answer(state: &mut State, ask: &Ask, path: &[&str]) -> Answer {
    if path.is_empty() {
        return match ask.verb {
            Verb::Post => create(state, ask, &ask.who.token),
            _ => Err(unknown(ask)),
        };
    }
    let hook = state
        .webhooks
        .get(path[0])
        .filter(|hook| hook.token == ask.who.token);
    let hook = hook.cloned().ok_or_else(Refusal::missing)?;
    match (ask.verb, &path[1..]) {
        (Verb::Get, []) => Ok(render::webhook(&hook)),
        (Verb::Put, []) => {
            let callback = ask
                .params
                .text("callbackURL")
                .unwrap_or_else(|| hook.callback.clone());
            let description = ask
                .params
                .bounded("description")?
                .unwrap_or(hook.description.clone());
            let active = ask.params.flag("active")?.unwrap_or(hook.active);
            let new = Webhook {
                callback,
                description,
                active,
                ..hook
            };
            state.webhooks.insert(new.id.clone(), new.clone());
            Ok(render::webhook(&new))
        }
        (Verb::Delete, []) => {
            state.webhooks.remove(&hook.id);
            Ok(json!({ "_value": null }))
        }
        (Verb::Get, [field]) => super::field(&render::webhook(&hook), field, ask),
        _ => Err(unknown(ask)),
    }
}

pub(super) fn create(state: &mut State, ask: &Ask, token: &str) -> Answer {
    let callback = ask.params.needed("callbackURL")?;
    if !callback.starts_with("http://") && !callback.starts_with("https://") {
        return Err(Refusal::invalid("callbackURL"));
    }
    let model = state
        .board(&ask.who, &ask.params.needed("idModel")?)?
        .id
        .clone();
    let same =
        |hook: &Webhook| hook.callback == callback && hook.model == model && hook.token == token;
    if state.webhooks.values().any(same) {
        let text = "A webhook with that callback, model, and token already exists";
        return Err(Refusal::new(400, text));
    }
    let hook = Webhook {
        id: state.id(),
        token: token.to_owned(),
        model,
        callback,
        description: ask.params.bounded("description")?.unwrap_or_default(),
        active: ask.params.flag("active")?.unwrap_or(true),
        failures: 0,
        first_failure: None,
    };
    state.webhooks.insert(hook.id.clone(), hook.clone());
    Ok(render::webhook(&hook))
}
