//! People, their workspaces and their tokens.

use super::unknown;
use crate::sandbox::ask::{Answer, Ask, Refusal, Verb};
use crate::sandbox::model::Token;
use crate::sandbox::render;
use crate::sandbox::state::State;
use serde_json::{Value, json};

pub(super) fn members(state: &mut State, ask: &Ask, path: &[&str]) -> Answer {
    let wanted = path.first().ok_or_else(|| unknown(ask))?;
    let wanted = if *wanted == "me" {
        ask.who.member.as_str()
    } else {
        *wanted
    };
    let found = state
        .members
        .values()
        .find(|m| m.id == wanted || m.username == wanted);
    let member = found.cloned().ok_or_else(Refusal::missing)?;
    let own = member.id == ask.who.member;
    let boards = || {
        state
            .boards
            .values()
            .filter(|board| board.people.iter().any(|place| place.member == member.id))
            .filter(|board| state.board(&ask.who, &board.id).is_ok())
    };
    match (ask.verb, &path[1..]) {
        (Verb::Get, []) => Ok(render::fields(render::profile(state, &member), &ask.params)),
        (Verb::Get, ["boards"]) => {
            let all: Vec<Value> = boards()
                .map(|b| render::fields(render::board(state, b), &ask.params))
                .collect();
            Ok(json!(all))
        }
        (Verb::Get, ["organizations"]) => {
            let mut all: Vec<&String> = boards().filter_map(|b| b.organization.as_ref()).collect();
            all.dedup();
            Ok(json!(
                all.into_iter()
                    .map(|id| organization(state, id))
                    .collect::<Vec<_>>()
            ))
        }
        (Verb::Get, ["cards"]) => {
            let filter = ask
                .params
                .text("filter")
                .unwrap_or_else(|| "visible".into());
            let cards = state
                .cards
                .values()
                .filter(|c| c.members.contains(&member.id))
                .filter(|c| match filter.as_str() {
                    "all" => true,
                    "closed" => c.closed,
                    _ => !c.closed,
                });
            let seen = cards.filter(|card| state.board(&ask.who, &card.board).is_ok());
            Ok(json!(
                seen.map(|card| render::card(state, card, &ask.who))
                    .collect::<Vec<_>>()
            ))
        }
        (Verb::Get, ["tokens"]) if own => {
            let with = ask.params.on("webhooks");
            let tokens = state
                .tokens
                .iter()
                .filter(|token| token.member == member.id);
            let same_app = tokens.filter(|token| Some(&token.app) == app_of(state, ask).as_ref());
            Ok(json!(
                same_app
                    .map(|token| render::token(state, token, with))
                    .collect::<Vec<_>>()
            ))
        }
        (Verb::Get, ["tokens"]) => Err(Refusal::forbidden()),
        (Verb::Get, ["actions"]) => {
            let seen: Vec<&str> = boards().map(|board| board.id.as_str()).collect();
            let own = |action: &crate::sandbox::model::Action| {
                action.member == member.id && seen.contains(&action.board.as_str())
            };
            super::actions::page(state, &ask.params, own).map(|all| json!(all))
        }
        (Verb::Get, [field]) => super::field(&render::profile(state, &member), field, ask),
        _ => Err(unknown(ask)),
    }
}

fn app_of(state: &State, ask: &Ask) -> Option<String> {
    let own = state
        .tokens
        .iter()
        .find(|token| token.token == ask.who.token);
    own.map(|token| token.app.clone())
}

pub(super) fn organization(state: &State, id: &str) -> Value {
    let Some(organization) = state.organizations.get(id) else {
        return Value::Null;
    };
    let people: Vec<Value> = state
        .collaborators(id)
        .into_iter()
        .filter_map(|member| {
            // A place on the first of its boards gives the membership its id.
            let mut places = state
                .boards
                .values()
                .filter(|board| board.organization.as_deref() == Some(id))
                .flat_map(|board| &board.people);
            let place = places.find(|place| place.member == member)?;
            let mut shown = render::membership(place);
            shown["memberType"] = json!("normal");
            Some(shown)
        })
        .collect();
    let products: &[u32] = if organization.free { &[] } else { &[110] };
    json!({
        "id": organization.id,
        "name": organization.name,
        "displayName": organization.name,
        "desc": "",
        "descData": { "emoji": {} },
        "url": format!("https://trello.com/w/{}", organization.name),
        "website": null,
        "logoHash": null,
        "logoUrl": null,
        "powerUps": products,
        "products": products,
        "premiumFeatures": [],
        "memberships": people,
    })
}

pub(super) fn organizations(state: &mut State, ask: &Ask, path: &[&str]) -> Answer {
    let id = path.first().ok_or_else(|| unknown(ask))?;
    let known = state
        .organizations
        .values()
        .find(|o| o.id == *id || o.name == *id);
    let id = known
        .map(|known| known.id.clone())
        .ok_or_else(Refusal::missing)?;
    let people = state.collaborators(&id);
    if !people.contains(&ask.who.member) {
        return Err(Refusal::missing());
    }
    match (ask.verb, &path[1..]) {
        (Verb::Get, []) => Ok(organization(state, &id)),
        (Verb::Get, ["members"]) => {
            let all: Vec<Value> = people
                .iter()
                .filter_map(|id| state.members.get(id))
                .map(render::member)
                .collect();
            Ok(json!(all))
        }
        (Verb::Get, ["memberships"]) => Ok(organization(state, &id)["memberships"].clone()),
        (Verb::Get, ["memberships", place]) => {
            let all = organization(state, &id)["memberships"].clone();
            let found = all
                .as_array()
                .and_then(|all| all.iter().find(|one| one["id"] == *place));
            found.cloned().ok_or_else(Refusal::missing)
        }
        (Verb::Get, ["boards"]) => {
            let own = state
                .boards
                .values()
                .filter(|board| board.organization.as_deref() == Some(&id))
                .filter(|board| state.board(&ask.who, &board.id).is_ok());
            let all: Vec<Value> = own
                .map(|board| render::fields(render::board(state, board), &ask.params))
                .collect();
            Ok(json!(all))
        }
        (Verb::Get, [field]) => super::field(&organization(state, &id), field, ask),
        _ => Err(unknown(ask)),
    }
}

pub(super) fn tokens(state: &mut State, ask: &Ask, path: &[&str]) -> Answer {
    let wanted = path.first().ok_or_else(|| unknown(ask))?;
    let token: Token = state
        .tokens
        .iter()
        .find(|token| token.token == *wanted && token.member == ask.who.member)
        .cloned()
        .ok_or_else(|| Refusal::new(404, "token not found"))?;
    match (ask.verb, &path[1..]) {
        (Verb::Get, []) => Ok(render::token(state, &token, ask.params.on("webhooks"))),
        (Verb::Get, ["member"]) => {
            let member = state
                .members
                .get(&token.member)
                .ok_or_else(Refusal::missing)?;
            Ok(render::profile(state, member))
        }
        (Verb::Get, ["webhooks"]) => Ok(json!(render::webhooks_of(state, &token))),
        (Verb::Post, ["webhooks"]) => super::webhooks::create(state, ask, &token.token),
        (_, ["webhooks", _]) => super::webhooks::answer(state, ask, &path[2..]),
        (Verb::Delete, []) => {
            state.tokens.retain(|known| known.token != token.token);
            state.webhooks.retain(|_, hook| hook.token != token.token);
            Ok(json!({}))
        }
        _ => Err(unknown(ask)),
    }
}
