//! What stands on the board: its lists and people, the process in force, the versions before it.

use super::who::Organizer;
use crate::attach::propose;
use crate::figures::Watched;
use crate::model::{Board, Card, ListId, MemberId, Rank};
use crate::process::edit::{self, Form, diff, form};
use crate::process::words::setup::{Ready, ready_in};
use crate::process::{Language, Mode, Version, file};
use crate::store::{BoardRecord, BoardState, KeptVersion};
use crate::trello::BoardPart;
use crate::web::api::error::ApiError;
use axum::Json;
use axum::extract::Path;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// Earlier ones are kept and not shown.
const MOST_VERSIONS: usize = 50;

#[derive(Serialize)]
pub(super) struct Setup {
    board: BoardShown,
    you: You,
    state: &'static str,
    mode: Option<Mode>,
    process: Option<InForce>,
    versions: Vec<VersionShown>,
    ready: Vec<ReadyShown>,
    watched: Option<Watched>,
}

#[derive(Serialize)]
struct BoardShown {
    id: String,
    name: String,
    lists: Vec<ListShown>,
    members: Vec<MemberShown>,
}

#[derive(Serialize)]
struct ListShown {
    id: ListId,
    name: String,
    cards: usize,
}

#[derive(Serialize)]
struct MemberShown {
    id: MemberId,
    name: String,
    username: String,
    admin: bool,
    bot: bool,
}

#[derive(Serialize)]
struct You {
    id: MemberId,
    name: String,
    admin: bool,
}

/// Of a detached board: the one that was.
#[derive(Serialize)]
struct InForce {
    version: String,
    name: String,
    text: String,
    /// None where the file is older than the form.
    form: Option<Form>,
}

#[derive(Serialize)]
struct VersionShown {
    version: String,
    at: Option<Timestamp>,
    name: String,
    in_force: bool,
}

#[derive(Serialize)]
struct ReadyShown {
    key: &'static str,
    name: String,
    say: String,
}

pub(super) async fn setup(who: Organizer) -> Result<Json<Setup>, ApiError> {
    let (reader, trello) = (who.reader, &who.desk.trello);
    let read = trello.board(&who.board, BoardPart::OpenCards);
    let board = trello.awaited(read).await;
    let board = board.map_err(|failure| reader.not_seen(failure.into()))?;
    let record = who.record().await?;
    let (engine, store) = (&who.doors.0.engine, &who.doors.0.store);
    let under = engine.under(&who.board).await;
    let under = under.map_err(|error| reader.store(error))?;
    let mode = under.as_ref().map(|under| under.process().mode);
    let watched = match under.filter(|_| mode == Some(Mode::Watch)) {
        Some(under) => {
            let watched = engine.watched(&who.board, &under, reader.0, who.now).await;
            Some(watched.map_err(|error| reader.store(error))?)
        }
        None => None,
    };
    let kept = store.versions(&who.board).await;
    let mut texts = Vec::new();
    for one in kept
        .map_err(|error| reader.store(error))?
        .into_iter()
        .take(MOST_VERSIONS)
    {
        let text = store.process_text(&who.board, &one.version).await;
        texts.push((one, text.map_err(|error| reader.store(error))?));
    }
    let turn = who.turn().await?;
    let told = record.clone();
    let read = who.at_work(&turn, move || {
        let process = told.as_ref().map(|record| in_force(record));
        (process, versions(texts, told.as_ref()))
    });
    let (process, versions) = read.await?;
    let you = &who.membership.member;
    Ok(Json(Setup {
        ready: ready(reader.0, &board),
        you: You {
            id: you.id.clone(),
            name: you.called().to_owned(),
            admin: who.admin(),
        },
        board: shown(&board, &who.me.id),
        state: record.map_or("none", |record| state(record.state)),
        mode,
        process,
        versions,
        watched,
    }))
}

impl Organizer {
    pub(super) async fn record(&self) -> Result<Option<Arc<BoardRecord>>, ApiError> {
        let record = self.doors.0.store.board(&self.board).await;
        record.map_err(|error| self.reader.store(error))
    }
}

pub(super) fn state(state: BoardState) -> &'static str {
    match state {
        BoardState::Running => "active",
        BoardState::Paused => "paused",
        BoardState::Detached => "detached",
    }
}

fn shown(board: &Board, me: &MemberId) -> BoardShown {
    let open = board.lists.iter().filter(|list| !list.closed);
    let lists = open.map(|list| {
        let own = |card: &&Card| card.list == list.id && !card.closed;
        ListShown {
            id: list.id.clone(),
            name: list.name.clone(),
            cards: board.cards.iter().filter(own).count(),
        }
    });
    let members = board.members.iter().filter(|one| one.is_active());
    let members = members.map(|one| MemberShown {
        id: one.member.id.clone(),
        name: one.member.called().to_owned(),
        username: one.member.username.clone(),
        admin: one.rank == Rank::Admin,
        bot: one.member.id == *me,
    });
    BoardShown {
        id: board.id.to_string(),
        name: board.name.clone(),
        lists: lists.collect(),
        members: members.collect(),
    }
}

fn in_force(record: &BoardRecord) -> InForce {
    let text = record.active.text.to_string();
    let form = form(&text).ok();
    let read = || file::in_force(&text).map(|process| process.name);
    let name = form.as_ref().map(|form| form.name.clone()).or_else(read);
    InForce {
        version: record.active.version.0.clone(),
        name: name.unwrap_or_default(),
        form,
        text,
    }
}

fn versions(
    texts: Vec<(KeptVersion, Option<String>)>,
    record: Option<&Arc<BoardRecord>>,
) -> Vec<VersionShown> {
    let held = record.filter(|record| record.state != BoardState::Detached);
    let shown = texts.into_iter().map(|(kept, text)| VersionShown {
        in_force: held.is_some_and(|record| record.active.version == kept.version),
        at: kept.at,
        name: text.map_or_else(String::new, |text| named(&text)),
        version: kept.version.0,
    });
    shown.collect()
}

fn named(text: &str) -> String {
    edit::form(text).map(|form| form.name).unwrap_or_default()
}

fn ready(language: Language, board: &Board) -> Vec<ReadyShown> {
    let shipped = named(propose::shipped(propose::language_of(board)));
    let (called, say) = ready_in(language, Ready::Shipped);
    let name = if shipped.is_empty() { called } else { shipped };
    let mut ready = vec![ReadyShown {
        key: "shipped",
        name,
        say,
    }];
    // Without a list there is nothing of its own.
    if board.lists.iter().any(|list| !list.closed) {
        let (name, say) = ready_in(language, Ready::Own);
        ready.push(ReadyShown {
            key: "own",
            name,
            say,
        });
    }
    ready
}

pub(super) async fn version(
    who: Organizer,
    Path((_, version)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let (reader, store) = (who.reader, &who.doors.0.store);
    let text = store
        .process_text(&who.board, &Version(version.clone()))
        .await;
    let text = text.map_err(|error| reader.store(error))?;
    let text = text.ok_or_else(|| reader.error("no_such"))?;
    let record = who.record().await?;
    let in_force = record.map_or_else(String::new, |record| record.active.text.to_string());
    let turn = who.turn().await?;
    let compared = who.at_work(&turn, move || {
        let diff = diff(&text, &in_force);
        (text, diff)
    });
    let (text, diff) = compared.await?;
    Ok(Json(
        json!({ "version": version, "text": text, "diff": diff }),
    ))
}
