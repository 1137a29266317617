//! Proof by Trello's signed token, as the pages inside Trello have it. Nothing a page says of its
//! reader counts.

use super::who::Proven;
use crate::model::MemberId;
use crate::trello::{Failure, Trello};
use axum::http::{HeaderMap, header};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
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

/// Why a proof is none: nothing that was looked at, by its code; or Trello could not be asked.
pub(super) enum NotProven {
    No(&'static str),
    Unknown(Failure),
}

pub(super) async fn proven(
    headers: &HeaderMap,
    keys: &Keys,
    plugin: &str,
    now: Timestamp,
) -> Result<Proven, NotProven> {
    let token = headers.get(header::AUTHORIZATION);
    let token = token.and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer "));
    let Some(token) = token.filter(|token| token.len() <= TOKEN_BYTES) else {
        return Err(NotProven::No("no_token"));
    };
    let claims = keys.claims(token, plugin, now).await;
    let claims = claims.map_err(NotProven::Unknown)?;
    let claims = claims.ok_or(NotProven::No("bad_token"))?;
    Ok(Proven {
        member: MemberId::new(claims.id_member),
        board: Some(claims.id_board),
        until: Timestamp::from_second(claims.exp).unwrap_or(now),
    })
}
