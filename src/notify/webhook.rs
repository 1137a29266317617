//! An address that takes JSON {"text": …}, as Slack, Mattermost and many others do. Whoever knows the
//! address can write there, so it is a secret and never told.

use super::door::{Door, open_to};
use super::{Carrier, Letter, Outcome, Unfit, in_one};
use crate::process::notify::Way;
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use url::Url;

/// Slack cuts at 40,000, others far earlier.
const MOST_CHARS: usize = 4_000;

pub(super) struct Webhook {
    door: Door,
    address: SecretString,
}

impl Webhook {
    pub(super) fn new(way: &Way, secret: Option<SecretString>) -> Result<Self, Unfit> {
        let name = way.secret_in.clone().unwrap_or_default();
        let Some(address) = secret else {
            return Err(Unfit::NoSecret(name));
        };
        let wanted =
            "an address that begins with https://, or with http:// in a network of your own";
        let url = Url::parse(address.expose_secret()).ok();
        let fits = |url: &Url| match url.scheme() {
            "https" => true,
            "http" => way.allow_private,
            _ => false,
        };
        let Some(url) = url.filter(fits) else {
            return Err(Unfit::Secret { name, wanted });
        };
        open_to(&url, way.allow_private)?;
        Ok(Self {
            door: Door::new(way.allow_private, Some(address.clone()))?,
            address,
        })
    }
}

#[async_trait]
impl Carrier for Webhook {
    async fn send(&self, letter: &Letter<'_>) -> Outcome {
        let body = json!({ "text": in_one(letter.message, MOST_CHARS) });
        let request = self.door.http.post(self.address.expose_secret());
        match self.door.ask(request.json(&body)).await {
            Ok(answer) => answer.outcome(None),
            Err(outcome) => outcome,
        }
    }

    /// Whatever is answered, somebody is there: asked by a method that writes nothing.
    async fn look(&self) -> Result<(), Outcome> {
        let request = self.door.http.head(self.address.expose_secret());
        self.door.ask(request).await.map(drop)
    }
}
