//! What a board admin saves: a process put in force, the board paused, resumed or let go. What is begun is
//! finished, also where nobody waits for the answer any more.

use super::desk::{Turn, body};
use super::show;
use super::told::{not_attached, refused, trouble};
use super::who::Organizer;
use crate::attach::{Attach, Foreseen};
use crate::model::Rank;
use crate::process::edit::Edited;
use crate::process::words::setup::SetupTrouble;
use crate::process::{Process, Version};
use crate::store::{BoardState, Committed, Over};
use crate::web::Doors;
use crate::web::api::error::{ApiError, Reader};
use axum::Json;
use axum::extract::{Request, State};
use serde::Deserialize;
use serde_json::{Value, json};

type Answer = Result<Json<Value>, ApiError>;

#[derive(Deserialize)]
pub(super) struct Activate {
    text: String,
    /// What the asker has seen in force.
    over: Option<String>,
}

pub(super) async fn activate(
    State(doors): State<Doors>,
    who: Organizer,
    request: Request,
) -> Answer {
    who.saves()?;
    let Activate { text, over } = body(&doors, who.reader, request).await?;
    let over = over.map_or(Over::Nothing, |over| Over::Version(Version(over)));
    let turn = who.turn().await?;
    let edited = who.read_file(&turn, text).await?;
    // Before anything is created on the board; whoever is faster from here on is seen by the store.
    let record = who.record().await?;
    let in_force = record.as_ref().map(|record| &record.active.version);
    if !over.allows(in_force, &edited.version) {
        return Err(trouble(who.reader, &SetupTrouble::Conflict));
    }
    let Edited {
        text,
        version,
        process,
        ..
    } = edited;
    let (foreseen, process) = who.foresee(&turn, process).await?;
    who.saves_still(&foreseen)?;
    let obstacles = foreseen.obstacles(&process, who.reader.0);
    if let Some(first) = obstacles.first() {
        return Err(refused(first, json!({ "troubles": obstacles })));
    }
    let reader = who.reader;
    let put = async move { who.put(turn, &process, &text, foreseen, over).await };
    to_its_end(reader, put).await?;
    Ok(Json(json!({ "version": version.0 })))
}

/// Whether or not anybody waits for it any more.
async fn to_its_end(
    reader: Reader,
    save: impl Future<Output = Result<(), ApiError>> + Send + 'static,
) -> Result<(), ApiError> {
    let saved = tokio::spawn(save).await;
    saved.map_err(|error| {
        tracing::error!(%error, "a board's settings were not saved");
        reader.error("busy")
    })?
}

impl Organizer {
    /// By the board as it was read a moment ago.
    fn saves_still(&self, foreseen: &Foreseen) -> Result<(), ApiError> {
        let mut members = foreseen.board.members.iter();
        let own = members.find(|one| one.member.id == self.membership.member.id);
        match own.is_some_and(|one| one.rank == Rank::Admin && !one.deactivated) {
            true => Ok(()),
            false => Err(trouble(self.reader, &SetupTrouble::NotAdmin)),
        }
    }

    async fn put(
        &self,
        _turn: Turn,
        process: &Process,
        text: &str,
        foreseen: Foreseen,
        over: Over,
    ) -> Result<(), ApiError> {
        let trello = &self.desk.trello;
        let attach = Attach {
            trello,
            store: &*self.doors.0.store,
        };
        let Foreseen { board, plan, .. } = foreseen;
        let put = async {
            let bindings = attach.create(process, &board, &plan, |_| {}).await?;
            attach
                .activate_over(process, text, &board.id, bindings, over, self.now)
                .await
        };
        let put = trello.awaited(put).await;
        let put = put.map_err(|error| not_attached(self.reader, error))?;
        if put == Committed::Conflict {
            return Err(trouble(self.reader, &SetupTrouble::Conflict));
        }
        let (board, by) = (&self.board, &self.membership.member.id);
        tracing::info!(%board, %by, version = process.version.0, "a process was put in force in the Power-Up");
        self.doors.0.engine.renewed(board, self.now).await;
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Wanted {
    Active,
    Paused,
    Detached,
}

#[derive(Deserialize)]
pub(super) struct Wish {
    state: Wanted,
}

pub(super) async fn state(State(doors): State<Doors>, who: Organizer, request: Request) -> Answer {
    who.saves()?;
    let Wish { state } = body(&doors, who.reader, request).await?;
    let state = match state {
        Wanted::Active => BoardState::Running,
        Wanted::Paused => BoardState::Paused,
        Wanted::Detached => BoardState::Detached,
    };
    let turn = who.turn().await?;
    let record = who.record().await?;
    let record = record.ok_or_else(|| who.reader.error("not_attached"))?;
    if record.state == BoardState::Detached && state != BoardState::Detached {
        return Err(trouble(who.reader, &SetupTrouble::Detached));
    }
    let reader = who.reader;
    to_its_end(reader, async move { who.set(turn, state).await }).await?;
    Ok(Json(json!({ "state": show::state(state) })))
}

impl Organizer {
    async fn set(&self, _turn: Turn, state: BoardState) -> Result<(), ApiError> {
        let (board, now) = (&self.board, self.now);
        let store = &*self.doors.0.store;
        let set = store.set_state(board, state, now).await;
        set.map_err(|error| self.reader.store(error))?;
        let by = &self.membership.member.id;
        tracing::info!(%board, %by, state = show::state(state), "a board's state was set in the Power-Up");
        if state == BoardState::Detached {
            let trello = &self.desk.trello;
            let attach = Attach { trello, store };
            // Nothing more is done on the board from here on, whether or not Trello answers.
            if let Err(error) = attach.detach(board, now).await {
                tracing::warn!(%board, %error, "the board is detached and its webhook still stands; detaching again takes it off");
            }
        }
        self.doors.0.engine.renewed(board, now).await;
        Ok(())
    }
}
