//! Boards: what stands on them, who works on them, and what happened there.

use super::{actions, lists, nested, unknown};
use crate::sandbox::ask::{Answer, Ask, Params, Refusal, Verb};
use crate::sandbox::model::{Board, Organization, Place, Rank};
use crate::sandbox::render;
use crate::sandbox::state::{About, State};
use serde_json::{Value, json};

pub(super) fn answer(state: &mut State, ask: &Ask, path: &[&str]) -> Answer {
    if path.is_empty() && ask.verb == Verb::Post {
        return create(state, ask);
    }
    let board = state
        .board(&ask.who, path.first().ok_or_else(|| unknown(ask))?)?
        .clone();
    let (who, params) = (&ask.who, &ask.params);
    match (ask.verb, &path[1..]) {
        (Verb::Get, []) => nested::board(state, who, &board, params),
        (Verb::Put, []) => update(state, ask, &board),
        (Verb::Delete, []) => delete(state, ask, &board),
        (Verb::Get, ["lists", rest @ ..]) => {
            let filter = filter(rest, params, "open");
            nested::lists(state, who, &board.id, &filter, params).map(|all| json!(all))
        }
        (Verb::Post, ["lists"]) => lists::create(state, ask, &board.id),
        (Verb::Get, ["cards", card])
            if state.card(who, card).is_ok_and(|c| c.board == board.id) =>
        {
            let card = state.card(who, card)?.clone();
            nested::card(state, who, &card, params)
        }
        (Verb::Get, ["cards", rest @ ..]) => {
            let filter = filter(rest, params, "visible");
            nested::cards(state, who, &board.id, None, &filter, params).map(|all| json!(all))
        }
        (Verb::Get, ["members"]) => Ok(json!(nested::members(state, &board))),
        (Verb::Get, ["memberships"]) => {
            let all: Vec<Value> = board.people.iter().map(render::membership).collect();
            Ok(json!(all))
        }
        (Verb::Put, ["memberships", place]) => {
            let known = board.people.iter().find(|known| known.id == *place);
            let member = known.ok_or_else(Refusal::missing)?.member.clone();
            join(state, ask, &board, &member)?;
            let people = &state.board(&ask.who, &board.id)?.people;
            let changed = people.iter().find(|known| known.member == member);
            changed.map(render::membership).ok_or_else(Refusal::missing)
        }
        (Verb::Put, ["members", member]) => join(state, ask, &board, member),
        (Verb::Delete, ["members", member]) => leave(state, ask, &board, member),
        (Verb::Get, ["labels"]) => {
            let mut all = nested::labels(state, &board.id);
            all.truncate(params.limit()?);
            Ok(json!(all))
        }
        (Verb::Post, ["labels"]) => super::parts::create_label(state, ask, &board.id),
        (Verb::Get, ["customFields"]) => Ok(json!(nested::custom_fields(state, &board.id))),
        (Verb::Get, ["checklists"]) => Ok(json!(nested::checklists(state, &board.id))),
        (Verb::Get, ["actions"]) => {
            let found = actions::page(state, params, |action| action.board == board.id)?;
            Ok(json!(found))
        }
        (Verb::Get, [field]) => super::field(&render::board(state, &board), field, ask),
        _ => Err(unknown(ask)),
    }
}

fn filter(rest: &[&str], params: &Params, default: &str) -> String {
    let told = rest.first().map(|filter| (*filter).to_owned());
    told.or_else(|| params.text("filter"))
        .unwrap_or_else(|| default.to_owned())
}

fn create(state: &mut State, ask: &Ask) -> Answer {
    let name = ask.params.needed("name")?;
    let id = state.new_board(&ask.who.member, &name);
    if let Some(organization) = ask.params.text("idOrganization")
        && let Some(board) = state.boards.get_mut(&id)
    {
        board.organization = Some(organization);
    }
    if let Some(desc) = ask.params.bounded("desc")?
        && let Some(board) = state.boards.get_mut(&id)
    {
        board.desc = desc;
    }
    if ask.params.flag("defaultLabels")?.unwrap_or(true) {
        for color in ["green", "yellow", "orange", "red", "purple", "blue"] {
            super::parts::new_label(state, &id, String::new(), Some(color.into()));
        }
    }
    if ask.params.flag("defaultLists")?.unwrap_or(true) {
        for name in ["To Do", "Doing", "Done"] {
            lists::new(state, &ask.who, &id, name, None);
        }
    }
    let board = state.board(&ask.who, &id)?;
    Ok(render::board(state, board))
}

/// Only an admin may. Nobody is told: whoever watched it has nothing left to watch.
fn delete(state: &mut State, ask: &Ask, board: &Board) -> Answer {
    let admin = |place: &Place| place.member == ask.who.member && place.rank == Rank::Admin;
    if !board.people.iter().any(admin) {
        return Err(Refusal::forbidden());
    }
    let id = &board.id;
    state.boards.remove(id);
    state.lists.retain(|_, list| list.board != *id);
    state.cards.retain(|_, card| card.board != *id);
    state.checklists.retain(|_, list| list.board != *id);
    state.labels.retain(|_, label| label.board != *id);
    state.fields.retain(|_, field| field.board != *id);
    state.webhooks.retain(|_, hook| hook.model != *id);
    state.actions.retain(|action| action.board != *id);
    Ok(json!({ "_value": null }))
}

impl State {
    /// The workspace that boards belong to unless they are put into another.
    fn workspace(&mut self) -> String {
        if let Some(known) = self.organizations.keys().next() {
            return known.clone();
        }
        let id = self.id();
        let own = Organization {
            id: id.clone(),
            name: "practice".into(),
            free: false,
        };
        self.organizations.insert(id.clone(), own);
        id
    }

    pub fn new_board(&mut self, owner: &str, name: &str) -> String {
        let (id, place) = (self.id(), self.id());
        let organization = self.workspace();
        let board = Board {
            id: id.clone(),
            short_link: self.short_link(),
            name: name.to_owned(),
            desc: String::new(),
            closed: false,
            organization: Some(organization),
            people: vec![Place {
                id: place,
                member: owner.to_owned(),
                rank: Rank::Admin,
            }],
            custom_fields: true,
            next_card: 1,
        };
        self.boards.insert(id.clone(), board);
        id
    }
}

/// One action for each changed field.
fn update(state: &mut State, ask: &Ask, board: &Board) -> Answer {
    // A closed board takes nothing but to be opened again.
    let opens = ask.params.flag("closed")? == Some(false);
    if !(opens && board.closed) {
        state.may_write(&ask.who, &board.id)?;
    }
    let mut new = board.clone();
    let mut changes = Vec::new();
    if let Some(name) = ask.params.bounded("name")? {
        changes.push((
            "name",
            json!(board.name),
            json!(name),
            "action_renamed_board",
        ));
        new.name = name;
    }
    if let Some(desc) = ask.params.bounded("desc")? {
        changes.push(("desc", json!(board.desc), json!(desc), "unknown"));
        new.desc = desc;
    }
    if let Some(closed) = ask.params.flag("closed")? {
        let key = if closed {
            "action_closed_board"
        } else {
            "action_reopened_board"
        };
        changes.push(("closed", json!(board.closed), json!(closed), key));
        new.closed = closed;
    }
    let brief = render::brief_board(&new);
    state.boards.insert(board.id.clone(), new);
    for (field, old, value, key) in changes {
        if old == value {
            continue;
        }
        let about = About {
            board: &board.id,
            card: None,
            list: None,
        };
        let mut data = json!({ "board": brief, "old": { field: old } });
        data["board"][field] = value;
        state.act(&ask.who, "updateBoard", about, key, data);
    }
    let board = state.board(&ask.who, &board.id)?;
    Ok(render::board(state, board))
}

fn rank(params: &Params) -> Result<Rank, Refusal> {
    match params.text("type").as_deref() {
        Some("admin") => Ok(Rank::Admin),
        Some("normal") | None => Ok(Rank::Normal),
        Some("observer") => Ok(Rank::Observer),
        Some(_) => Err(Refusal::invalid("type")),
    }
}

fn join(state: &mut State, ask: &Ask, board: &Board, member: &str) -> Answer {
    state.may_write(&ask.who, &board.id)?;
    let rank = rank(&ask.params)?;
    let known = state
        .members
        .values()
        .find(|m| m.id == member || m.username == member);
    let member = known.ok_or_else(Refusal::missing)?.id.clone();
    let place = board.people.iter().find(|place| place.member == member);
    let known = place.is_some();
    let id = place.map_or_else(|| state.id(), |place| place.id.clone());
    if let Some(board) = state.boards.get_mut(&board.id) {
        board.people.retain(|place| place.member != member);
        board.people.push(Place {
            id,
            member: member.clone(),
            rank,
        });
    }
    let kind = match (known, rank) {
        (false, _) => "addMemberToBoard",
        (true, Rank::Admin) => "makeAdminOfBoard",
        (true, Rank::Normal) => "makeNormalMemberOfBoard",
        (true, Rank::Observer) => "makeObserverOfBoard",
    };
    people_changed(state, ask, board, kind, &member)
}

fn leave(state: &mut State, ask: &Ask, board: &Board, member: &str) -> Answer {
    state.may_write(&ask.who, &board.id)?;
    if let Some(board) = state.boards.get_mut(&board.id) {
        board.people.retain(|place| place.member != member);
    }
    people_changed(state, ask, board, "removeMemberFromBoard", member)
}

fn people_changed(state: &mut State, ask: &Ask, board: &Board, kind: &str, member: &str) -> Answer {
    let about = About {
        board: &board.id,
        card: None,
        list: None,
    };
    let place = state.boards.get(&board.id).and_then(|board| {
        let place = board.people.iter().find(|place| place.member == member)?;
        Some(render::membership(place))
    });
    let mut data = json!({ "board": render::brief_board(board) });
    if let Some(place) = place {
        data["memberType"] = place["memberType"].clone();
    }
    // Only who is new is named as added.
    let (name, key) = if kind == "addMemberToBoard" {
        ("idMemberAdded", "action_added_member_to_board")
    } else {
        ("idMember", "unknown")
    };
    data[name] = json!(member);
    state.act(&ask.who, kind, about, key, data);
    let board = state.boards.get(&board.id).ok_or_else(Refusal::missing)?;
    let memberships: Vec<Value> = board.people.iter().map(render::membership).collect();
    Ok(
        json!({ "id": board.id, "members": nested::members(state, board), "memberships": memberships }),
    )
}
