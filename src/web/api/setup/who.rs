//! Who sets a board up: somebody on it, whether or not it is under a process, and our own account, that
//! has to be on it too.

use super::desk::Desk;
use super::told;
use crate::engine::may_write;
use crate::model::{BoardId, Member, MemberId, Membership, Rank};
use crate::process::panel::Viewer;
use crate::process::words::setup::SetupTrouble;
use crate::trello::Failure;
use crate::web::Doors;
use crate::web::api::error::{ApiError, Reader};
use crate::web::api::token::{self, NotProven};
use crate::web::api::view::is_id;
use crate::web::api::who::may_ask;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) struct Organizer {
    pub(super) reader: Reader,
    pub(super) board: BoardId,
    pub(super) membership: Membership,
    /// The account that Signalman acts as.
    pub(super) me: Member,
    pub(super) now: Timestamp,
    pub(super) desk: Arc<Desk>,
    pub(super) doors: Doors,
}

impl Organizer {
    pub(super) fn admin(&self) -> bool {
        self.membership.rank == Rank::Admin
    }

    pub(super) fn saves(&self) -> Result<(), ApiError> {
        match self.admin() {
            true => Ok(()),
            false => Err(told::trouble(self.reader, &SetupTrouble::NotAdmin)),
        }
    }

    /// Of whom nothing can be asked here: nothing is in force yet.
    pub(super) fn viewer(&self) -> Viewer {
        Viewer {
            member: self.membership.member.clone(),
            language: self.reader.0,
            writes: false,
            admin: self.admin(),
        }
    }
}

impl FromRequestParts<Doors> for Organizer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, doors: &Doors) -> Result<Self, ApiError> {
        let Ok(reader) = Reader::from_request_parts(parts, doors).await;
        let no = |code| reader.error(code);
        let powerup = doors.0.powerup.as_ref().ok_or_else(|| no("no_powerup"))?;
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, doors).await;
        let path = path.map(|Path(path)| path).unwrap_or_default();
        let board = path.get("board").cloned().unwrap_or_default();
        let now = (doors.0.clock)();
        let proven = token::proven(&parts.headers, &powerup.keys, &powerup.id, now).await;
        let proven = proven.map_err(|why| match why {
            NotProven::No(code) => no(code),
            NotProven::Unknown(failure) => reader.not_seen(failure.into()),
        })?;
        if !is_id(&board) || proven.board.as_ref() != Some(&board) {
            return Err(no("other_board"));
        }
        let member = proven.member;
        if !may_ask(powerup, &member, &parts.method, now) {
            return Err(no("too_many"));
        }
        let board = BoardId::new(board);
        let me = powerup.setup.me().await;
        let me = me.map_err(|failure| reader.not_seen(failure.into()))?;
        let place = on_board(doors, reader, &board, &member, me, now);
        let membership = powerup.setup.trello.awaited(place).await?;
        Ok(Self {
            reader,
            board,
            membership,
            me: me.clone(),
            now,
            desk: Arc::clone(&powerup.setup),
            doors: doors.clone(),
        })
    }
}

/// The asker's place on the board, where our account may write there.
async fn on_board(
    doors: &Doors,
    reader: Reader,
    board: &BoardId,
    member: &MemberId,
    me: &Member,
    now: Timestamp,
) -> Result<Membership, ApiError> {
    let username = me.username.clone();
    let place = async |one: &MemberId| match doors.0.engine.membership(board, one, now).await {
        // Nobody but its members sees it, and we are none of them.
        Err(Failure::Missing | Failure::Forbidden { .. }) => {
            let username = username.clone();
            Err(told::trouble(reader, &SetupTrouble::NoBot { username }))
        }
        Err(failure) => Err(reader.not_seen(failure.into())),
        Ok(place) => Ok(place),
    };
    let asker = place(member).await?;
    let asker = asker.ok_or_else(|| reader.error("not_a_member"))?;
    match place(&me.id).await? {
        Some(own) if may_write(&own) => Ok(asker),
        Some(_) => Err(told::trouble(reader, &SetupTrouble::BotLooks { username })),
        None => Err(told::trouble(reader, &SetupTrouble::NoBot { username })),
    }
}
