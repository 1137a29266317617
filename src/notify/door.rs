//! The way to a service over HTTP. Its address is another person's word, or a secret: private
//! networks are closed unless the file opens them, nothing is followed elsewhere, what comes back is
//! bounded, and no error repeats an address.

use super::{Outcome, Unfit};
use crate::network::{NOT_OPEN, PRIVATE, Resolver, is_closed, is_public, literal};
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::time::Duration;
use url::Url;

pub(super) const CONNECT: Duration = Duration::from_secs(5);
const TOTAL: Duration = Duration::from_secs(15);
const BODY_BYTES: usize = 256 << 10;
/// Of what a way says in refusing, people are shown so much.
const SHOWN_CHARS: usize = 200;
/// Before a way that took nothing is tried again.
pub const PAUSE: Duration = Duration::from_secs(15);
/// Whatever a service says of when to come again.
const LONGEST: Duration = Duration::from_secs(3600);

pub(super) struct Door {
    pub(super) http: Client,
    hidden: Option<SecretString>,
}

pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// Null where it is no JSON.
    pub(super) body: Value,
    text: String,
    after: Option<Duration>,
}

impl Door {
    /// `hidden`: what no answer may repeat.
    pub(super) fn new(allow_private: bool, hidden: Option<SecretString>) -> Result<Self, Unfit> {
        let http = Client::builder()
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Resolver::new(allow_private))
            .pool_max_idle_per_host(0)
            .user_agent(concat!("signalman/", env!("CARGO_PKG_VERSION")));
        let http = http.build().map_err(|_| {
            let why = "nothing can be asked over HTTPS on this machine".to_owned();
            Unfit::Address(why)
        })?;
        Ok(Self { http, hidden })
    }

    /// What is said, whatever that is; an outcome where nothing is, or nothing more.
    pub(super) async fn ask(&self, request: RequestBuilder) -> Result<Answer, Outcome> {
        let mut response = request.send().await.map_err(|error| lost(&error))?;
        let status = response.status();
        let after = response.headers().get(RETRY_AFTER);
        let after = after.and_then(|after| after.to_str().ok()?.parse().ok());
        let after = after.map(Duration::from_secs);
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|error| lost(&error))? {
            if body.len() + part.len() > BODY_BYTES {
                let why = "its answer is longer than any that is known".to_owned();
                return Err(Outcome::Unknown { why });
            }
            body.extend_from_slice(&part);
        }
        let mut text = String::from_utf8_lossy(&body).into_owned();
        if let Some(hidden) = &self.hidden {
            text = without(text, hidden);
        }
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Answer {
            status,
            body,
            text,
            after,
        })
    }
}

impl Answer {
    /// What it comes to, where the service says nothing of its own. A secret that is not accepted is
    /// the operator's to mend: until then messages wait.
    pub(super) fn outcome(&self, said: Option<&str>) -> Outcome {
        let status = self.status.as_u16();
        let answered = format!("it answered {status}");
        match status {
            200..300 => Outcome::Sent,
            401 => Outcome::Retry {
                after: PAUSE,
                why: format!("{answered}: its secret is not accepted"),
            },
            408 | 429 => self.later(None),
            500.. => Outcome::Unknown { why: answered },
            _ => {
                let said = shown(said.unwrap_or(&self.text));
                let why = match said.is_empty() {
                    true => answered,
                    false => said,
                };
                Outcome::Refused { why }
            }
        }
    }

    /// `after`: what the service says in a way of its own.
    pub(super) fn later(&self, after: Option<Duration>) -> Outcome {
        let after = after.or(self.after).unwrap_or(PAUSE).min(LONGEST);
        let why = format!("it answered {}", self.status.as_u16());
        Outcome::Retry { after, why }
    }
}

/// As much of it as people are shown.
pub(super) fn shown(said: &str) -> String {
    let line: Vec<_> = said.split_whitespace().collect();
    line.join(" ").chars().take(SHOWN_CHARS).collect()
}

pub(super) fn without(text: String, secret: &SecretString) -> String {
    match secret.expose_secret() {
        "" => text,
        secret => text.replace(secret, "…"),
    }
}

/// Never the error's own words: they repeat the address, and that may be the secret.
fn lost(error: &reqwest::Error) -> Outcome {
    let why = if is_closed(error) {
        PRIVATE
    } else if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else if error.is_builder() {
        "a value cannot stand in a request"
    } else {
        "the connection broke"
    };
    let why = why.to_owned();
    match error.is_connect() || error.is_builder() {
        true => Outcome::Retry { after: PAUSE, why },
        false => Outcome::Unknown { why },
    }
}

/// A literal address of a private network is refused when the way is opened.
pub(super) fn open_to(url: &Url, allow_private: bool) -> Result<(), Unfit> {
    if url.host().is_none() {
        return Err(Unfit::Address("it names no host".to_owned()));
    }
    if !allow_private && literal(url).is_some_and(|ip| !is_public(ip)) {
        return Err(Unfit::Address(NOT_OPEN.to_owned()));
    }
    Ok(())
}
