//! Matrix: a message into a room, below a transaction id of our own. The server shows it once however
//! often it is sent.

use super::door::{Door, open_to};
use super::{Carrier, Letter, Outcome, Unfit, in_one};
use crate::process::notify::Way;
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use std::time::Duration;
use url::Url;

/// An event has 65,536 bytes at most.
const MOST_CHARS: usize = 8_000;

pub(super) struct Matrix {
    door: Door,
    base: Url,
    token: SecretString,
}

impl Matrix {
    pub(super) fn new(way: &Way, secret: Option<SecretString>) -> Result<Self, Unfit> {
        let Some(token) = secret else {
            return Err(Unfit::NoSecret(way.secret_in.clone().unwrap_or_default()));
        };
        let mut base = way
            .address()
            .ok_or_else(|| Unfit::Address("it is none".to_owned()))?;
        open_to(&base, way.allow_private)?;
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        Ok(Self {
            door: Door::new(way.allow_private, Some(token.clone()))?,
            base,
            token,
        })
    }

    /// Parts of a path are encoded: a room's id begins with `!` and has a `:` in it.
    fn at(&self, parts: &[&str]) -> Option<Url> {
        let mut url = self.base.join("_matrix/client/v3").ok()?;
        url.path_segments_mut().ok()?.extend(parts);
        Some(url)
    }
}

#[async_trait]
impl Carrier for Matrix {
    async fn send(&self, letter: &Letter<'_>) -> Outcome {
        let room = letter.to.unwrap_or_default();
        let parts = ["rooms", room, "send", "m.room.message", letter.id];
        let Some(url) = self.at(&parts).filter(|_| room.starts_with('!')) else {
            let why = "there is no room to write into".to_owned();
            return Outcome::Refused { why };
        };
        let body = json!({ "msgtype": "m.text", "body": in_one(letter.message, MOST_CHARS) });
        let request = self.door.http.put(url);
        let request = request.bearer_auth(self.token.expose_secret()).json(&body);
        let answer = match self.door.ask(request).await {
            Ok(answer) => answer,
            Err(outcome) => return outcome,
        };
        match answer.status.as_u16() {
            429 => {
                let after = answer.body["retry_after_ms"].as_u64();
                answer.later(after.map(Duration::from_millis))
            }
            _ => answer.outcome(answer.body["error"].as_str()),
        }
    }

    async fn look(&self) -> Result<(), Outcome> {
        let url = self.at(&["account", "whoami"]);
        let Some(url) = url else {
            let why = "the address cannot be used".to_owned();
            return Err(Outcome::Refused { why });
        };
        let request = self.door.http.get(url);
        let request = request.bearer_auth(self.token.expose_secret());
        let answer = self.door.ask(request).await?;
        match answer.outcome(answer.body["error"].as_str()) {
            Outcome::Sent => Ok(()),
            other => Err(other),
        }
    }
}
