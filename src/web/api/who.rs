//! Who asks: by Trello's signed token, and by the board's own list of members. Nothing a page says
//! of its reader counts.

use super::error::{ApiError, Reader};
use crate::engine::{Under, may_write};
use crate::model::{BoardId, MemberId, Membership, Rank};
use crate::process::panel::{Panel, Viewer};
use crate::store::BoardState;
use crate::trello::{Failure, Trello};
use crate::web::Doors;
use axum::extract::{FromRequestParts, Path};
use axum::http::header;
use axum::http::request::Parts;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

/// Trello's keys change seldom; a token that none of them fits may bear a newer one.
const KEPT: SignedDuration = SignedDuration::from_hours(4);
const NOT_AGAIN: SignedDuration = SignedDuration::from_secs(60);
const MOST_KEYS: usize = 16;
/// A token is a few hundred bytes.
const TOKEN_BYTES: usize = 8 << 10;
/// What Trello's clock and ours may differ by.
const SKEW: i64 = 60;
/// Trello's tokens live 15 minutes.
const LIVES: i64 = 20 * 60;

/// The keys that Trello signs with, as they were asked for last.
pub(crate) struct Keys {
    trello: Arc<Trello>,
    kept: tokio::sync::Mutex<Option<(Timestamp, Arc<Vec<DecodingKey>>)>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Claims {
    id_plugin: String,
    id_board: String,
    id_member: String,
    iat: i64,
    exp: i64,
}

impl Keys {
    pub(crate) fn new(trello: Arc<Trello>) -> Self {
        Self {
            trello,
            kept: tokio::sync::Mutex::default(),
        }
    }

    /// Those known; asked for anew where they are old, or where none fitted and some time has passed.
    async fn all(&self, now: Timestamp, anew: bool) -> Result<Arc<Vec<DecodingKey>>, Failure> {
        let mut kept = self.kept.lock().await;
        let most = if anew { NOT_AGAIN } else { KEPT };
        if let Some((at, keys)) = kept.as_ref()
            && now.duration_since(*at).abs() < most
        {
            return Ok(Arc::clone(keys));
        }
        let told = match self.trello.public_keys().await {
            Ok(told) => told,
            Err(failure) => {
                // The old ones are better than nobody being known.
                let known = kept.as_ref().map(|(_, keys)| Arc::clone(keys));
                return known.ok_or(failure);
            }
        };
        let read = told.iter().take(MOST_KEYS);
        let read = read.filter_map(|pem| DecodingKey::from_rsa_pem(pem.as_bytes()).ok());
        let keys = Arc::new(read.collect::<Vec<_>>());
        *kept = Some((now, Arc::clone(&keys)));
        Ok(keys)
    }

    /// Whose token it is, if it is Trello's, of this Power-Up and of now.
    async fn claims(
        &self,
        token: &str,
        plugin: &str,
        now: Timestamp,
    ) -> Result<Option<Claims>, Failure> {
        for anew in [false, true] {
            let keys = self.all(now, anew).await?;
            let claims = keys.iter().find_map(|key| signed(token, key));
            if let Some(claims) = claims {
                return Ok(Some(claims).filter(|claims| claims.hold(plugin, now)));
            }
        }
        Ok(None)
    }
}

fn signed(token: &str, key: &DecodingKey) -> Option<Claims> {
    let mut wanted = Validation::new(Algorithm::RS256);
    wanted.set_issuer(&["trello"]);
    wanted.set_required_spec_claims(&["exp", "iss"]);
    // By the service's own clock, below.
    wanted.validate_exp = false;
    wanted.validate_aud = false;
    Some(decode::<Claims>(token, key, &wanted).ok()?.claims)
}

impl Claims {
    fn hold(&self, plugin: &str, now: Timestamp) -> bool {
        let now = now.as_second();
        self.id_plugin == plugin
            && self.exp > now
            && self.iat <= now + SKEW
            && self.exp - self.iat <= LIVES
    }
}

/// Somebody on the board that is asked for, under its process.
pub(super) struct Asker {
    pub(super) reader: Reader,
    pub(super) board: BoardId,
    pub(super) under: Under,
    pub(super) membership: Membership,
    pub(super) viewer: Viewer,
    pub(super) now: Timestamp,
    /// When the token ends.
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
        let token = parts.headers.get(header::AUTHORIZATION);
        let token = token.and_then(|value| value.to_str().ok());
        let token = token.and_then(|value| value.strip_prefix("Bearer "));
        let Some(token) = token.filter(|token| token.len() <= TOKEN_BYTES) else {
            return Err(no("no_token"));
        };
        let now = (doors.0.clock)();
        let claims = powerup.keys.claims(token, &powerup.id, now).await;
        let claims = claims.map_err(|failure| reader.not_seen(failure.into()))?;
        let claims = claims.ok_or_else(|| no("bad_token"))?;
        if claims.id_board != board || !super::view::is_id(&board) {
            return Err(no("other_board"));
        }
        let member = MemberId::new(claims.id_member);
        let acts = parts.method == axum::http::Method::POST;
        if !powerup.pace.may(&member, acts, now) {
            return Err(no("too_many"));
        }
        let board = BoardId::new(board);
        let under = doors.0.engine.under(&board).await;
        let under = under.map_err(|error| reader.store(error))?;
        let under = under.ok_or_else(|| no("not_attached"))?;
        let place = doors.0.engine.membership(&board, &member, now).await;
        let place = place.map_err(|failure| reader.not_seen(failure.into()))?;
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
            until: Timestamp::from_second(claims.exp).unwrap_or(now),
        })
    }
}

/// Whom a request's token is of, if it is Trello's, of this Power-Up and of now, and for which board.
pub(super) async fn by_token(
    parts: &Parts,
    powerup: &crate::web::PowerUp,
    now: Timestamp,
) -> Result<(MemberId, String), NotKnown> {
    let token = parts.headers.get(header::AUTHORIZATION);
    let token = token.and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer "));
    let token = token.filter(|token| token.len() <= TOKEN_BYTES);
    let token = token.ok_or(NotKnown::No("no_token"))?;
    let claims = powerup.keys.claims(token, &powerup.id, now).await;
    let claims = claims.map_err(NotKnown::Unasked)?;
    let claims = claims.ok_or(NotKnown::No("bad_token"))?;
    Ok((MemberId::new(claims.id_member), claims.id_board))
}

pub(super) enum NotKnown {
    /// The code of why not.
    No(&'static str),
    /// Trello did not tell its keys.
    Unasked(Failure),
}
