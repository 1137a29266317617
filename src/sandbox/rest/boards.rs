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
        (Verb::Get, ["lists", rest @ ..]) => {
            let filter = filter(rest, params, "open");
            Ok(json!(nested::lists(state, who, &board.id, &filter)))
        }
        (Verb::Post, ["lists"]) => lists::create(state, ask, &board.id),
        (Verb::Get, ["cards", rest @ ..]) => {
            let filter = filter(rest, params, "visible");
            nested::cards(state, who, &board.id, None, &filter, params).map(|all| json!(all))
        }
        (Verb::Get, ["members"]) => Ok(json!(nested::members(state, &board))),
        (Verb::Get, ["memberships"]) => {
            let all: Vec<Value> = board.people.iter().map(render::membership).collect();
            Ok(json!(all))
        }
        (Verb::Put, ["members", member]) => join(state, ask, &board, member),
        (Verb::Delete, ["members", member]) => leave(state, ask, &board, member),
        (Verb::Get, ["labels"]) => Ok(json!(nested::labels(state, &board.id))),
        (Verb::Post, ["labels"]) => super::parts::create_label(state, ask, &board.id),
        (Verb::Get, ["customFields"]) => Ok(json!(nested::custom_fields(state, &board.id))),
        (Verb::Get, ["checklists"]) => Ok(json!(nested::checklists(state, &board.id))),
        (Verb::Get, ["actions"]) => {
            let found = actions::page(state, params, |action| action.board == board.id)?;
            Ok(json!(found))
        }
        (Verb::Get, [field]) => {
            let shown = render::board(state, &board);
            let value = shown.get(*field).ok_or_else(|| unknown(ask))?;
            Ok(json!({ "_value": value }))
        }
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
    if ask.params.flag("defaultLists")?.unwrap_or(true) {
        for name in ["To Do", "Doing", "Done"] {
            lists::new(state, &ask.who, &id, name, None);
        }
    }
    let board = state.board(&ask.who, &id)?;
    Ok(render::board(state, board))
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

fn update(state: &mut State, ask: &Ask, board: &Board) -> Answer {
    state.may_write(&ask.who, &board.id)?;
    let mut changed = board.clone();
    let mut old = serde_json::Map::new();
    if let Some(name) = ask.params.bounded("name")? {
        old.insert("name".into(), json!(board.name));
        changed.name = name;
    }
    if let Some(desc) = ask.params.bounded("desc")? {
        old.insert("desc".into(), json!(board.desc));
        changed.desc = desc;
    }
    if let Some(closed) = ask.params.flag("closed")? {
        old.insert("closed".into(), json!(board.closed));
        changed.closed = closed;
    }
    let brief = render::brief_board(&changed);
    state.boards.insert(board.id.clone(), changed);
    let about = About {
        board: &board.id,
        card: None,
        list: None,
    };
    let data = json!({ "board": brief, "old": old });
    state.act(&ask.who, "updateBoard", about, "action_updated_board", data);
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
    let known = board.people.iter().any(|place| place.member == member);
    let id = state.id();
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
    let data = json!({ "idMember": member, "board": render::brief_board(board) });
    state.act(
        &ask.who,
        kind,
        about,
        "action_member_changed_on_board",
        data,
    );
    let board = state.boards.get(&board.id).ok_or_else(Refusal::missing)?;
    let memberships: Vec<Value> = board.people.iter().map(render::membership).collect();
    Ok(
        json!({ "id": board.id, "members": nested::members(state, board), "memberships": memberships }),
    )
}
