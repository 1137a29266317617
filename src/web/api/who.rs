//! Who asks: by a proof, and by the board's own list of members at each request. Which proof counts
//! is the route's to say, and no other is looked at.

use super::error::{ApiError, Reader};
use super::token::{self, NotProven};
use super::view::is_id;
use crate::engine::{Under, may_write};
use crate::model::{BoardId, MemberId, Membership, Rank};
use crate::process::panel::{Panel, Viewer};
use crate::store::BoardState;
use crate::trello::Failure;
use crate::web::{Doors, PowerUp};
use axum::extract::{FromRequestParts, Path};
use axum::http::Method;
use axum::http::request::Parts;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

/// What one person may ask for within so long, and of that for something to be done.
pub(super) const WITHIN: SignedDuration = SignedDuration::from_secs(10);
const MOST_LOOKS: u32 = 120;
const MOST_ACTS: u32 = 30;

/// Whether this person may ask once more now.
pub(super) fn may_ask(
    powerup: &PowerUp,
    member: &MemberId,
    method: &Method,
    now: Timestamp,
) -> bool {
    let acts = method == Method::POST;
    let most = if acts { MOST_ACTS } else { MOST_LOOKS };
    powerup.pace.may(&(member.clone(), acts), most, now)
}

/// By what the routes of a page know its reader.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Proof {
    /// Trello's token: the pages inside Trello.
    Token,
    /// Our own session: the card's page by itself.
    Session,
}

/// What a proof says.
pub(crate) struct Proven {
    pub(crate) member: MemberId,
    /// The only board that it is good for, where it names one.
    pub(crate) board: Option<String>,
    pub(crate) until: Timestamp,
}

/// Somebody on the board that is asked for, under its process.
pub(super) struct Asker {
    pub(super) reader: Reader,
    pub(super) board: BoardId,
    pub(super) under: Under,
    pub(super) membership: Membership,
    pub(super) viewer: Viewer,
    pub(super) now: Timestamp,
    /// When the proof has to be given anew.
    pub(super) until: Timestamp,
}

impl Asker {
    pub(super) fn panel(&self) -> Panel<'_> {
        Panel {
            process: self.under.process(),
            bindings: self.under.bindings(),
            viewer: &self.viewer,
            paused: self.under.state() == BoardState::Paused,
            now: self.now,
        }
    }
}

impl FromRequestParts<Doors> for Asker {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, doors: &Doors) -> Result<Self, ApiError> {
        let Ok(reader) = Reader::from_request_parts(parts, doors).await;
        let no = |code| reader.error(code);
        let Some(powerup) = doors.0.powerup.as_ref() else {
            return Err(no("no_powerup"));
        };
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, doors).await;
        let path = path.map(|Path(path)| path).unwrap_or_default();
        let board = path.get("board").cloned().unwrap_or_default();
        let now = (doors.0.clock)();
        let proven = match parts.extensions.get::<Proof>() {
            Some(Proof::Token) => {
                token::proven(&parts.headers, &powerup.keys, &powerup.id, now).await
            }
            Some(Proof::Session) => match powerup.phone.as_ref() {
                Some(phone) => phone.proven(&parts.headers, now).map_err(NotProven::No),
                None => Err(NotProven::No("no_phone")),
            },
            None => Err(NotProven::No("no_token")),
        };
        let proven = proven.map_err(|why| match why {
            NotProven::No(code) => no(code),
            NotProven::Unknown(failure) => reader.not_seen(failure.into()),
        })?;
        if !is_id(&board) || proven.board.is_some_and(|told| told != board) {
            return Err(no("other_board"));
        }
        let member = proven.member;
        if !may_ask(powerup, &member, &parts.method, now) {
            return Err(no("too_many"));
        }
        let board = BoardId::new(board);
        let under = doors.0.engine.under(&board).await;
        let under = under.map_err(|error| reader.store(error))?;
        let under = under.ok_or_else(|| no("not_attached"))?;
        let place = doors.0.engine.membership(&board, &member, now).await;
        let place = place.map_err(|failure| match failure {
            Failure::Missing => no("blind"),
            failure => reader.not_seen(failure.into()),
        })?;
        let membership = place.ok_or_else(|| no("not_a_member"))?;
        let viewer = Viewer {
            member: membership.member.clone(),
            language: reader.0,
            writes: may_write(&membership),
            admin: membership.rank == Rank::Admin,
        };
        Ok(Self {
            reader,
            board,
            under,
            membership,
            viewer,
            now,
            until: proven.until,
        })
    }
}
