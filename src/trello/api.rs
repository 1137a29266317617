//! The calls we make, and how each can end. A write whose outcome is unknown says so: whoever asked
//! looks it up before asking again. Secrets travel in a header, never in a URL, a log or an error.

use super::budget::{Budget, Limits, Weight};
use super::tally::{Figures, Tally};
use crate::model::*;
use jiff::Timestamp;
use reqwest::{Client, Method, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use url::Url;

mod eyes;
mod hands;

const CONNECT: Duration = Duration::from_secs(5);
const TOTAL: Duration = Duration::from_secs(20);
const BODY_BYTES: usize = 16 << 20;
const ERROR_CHARS: usize = 300;
/// Trello allows no longer comment, description or name.
const TEXT_CHARS: usize = 16_384;
/// How a call can fail.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Trello says no, and will say no again.
    #[error("Trello refused ({status}): {message}")]
    Refused { status: u16, message: String },
    /// It is not there, or this token cannot see it.
    #[error("Trello has no such thing, or this token cannot see it")]
    Missing,
    /// The key or token is not (or no longer) good for this.
    #[error("Trello does not accept the key or token for this: {message}")]
    Forbidden { message: String },
    /// Not sent: our own window is full until then. No fault of Trello's, and no attempt.
    #[error("Trello's ten-second window is full")]
    Full { after: Duration },
    /// Not done; ask again later.
    #[error("not done, to be tried again: {why}")]
    Retry { after: Duration, why: String },
    /// Nobody knows whether it was done.
    #[error("Trello's answer was lost: {why}")]
    Unknown { why: String },
}

type Outcome<T> = Result<T, Failure>;

pub struct Credentials {
    pub key: SecretString,
    pub token: SecretString,
}

/// One token of one key.
pub struct Trello {
    http: Client,
    base: Url,
    authorization: SecretString,
    budget: Mutex<Budget>,
    tally: Tally,
    /// Waits where the window is full, rather than saying so.
    patient: bool,
    clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

tokio::task_local! {
    /// Calls set apart for the deed that this task is at.
    static SET_APART: Arc<AtomicUsize>;
}

/// Gives back what a deed did not need, however it ended.
struct SetApart<'t> {
    trello: &'t Trello,
    calls: Arc<AtomicUsize>,
}

impl Drop for SetApart<'_> {
    fn drop(&mut self) {
        let left = self.calls.swap(0, Relaxed);
        self.trello.budget().release(left);
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub id: ActionId,
    pub by: Option<MemberId>,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub id: String,
    pub board: BoardId,
    pub callback: String,
    pub description: String,
    pub active: bool,
    pub failures: u64,
}

impl Webhook {
    /// The description by which ours are known.
    pub const OURS: &'static str = "Signalman";
}

/// Which of a board's cards to read with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoardPart {
    WithoutCards,
    OpenCards,
    /// Archived cards too.
    AllCards,
}

impl Trello {
    /// `base` is Trello's API root, such as `https://api.trello.com/1`.
    pub fn new(
        base: &Url,
        credentials: &Credentials,
        clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    ) -> Outcome<Self> {
        let broken = |error: reqwest::Error| Failure::Refused {
            status: 0,
            message: error.without_url().to_string(),
        };
        let http = Client::builder()
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("signalman/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(broken)?;
        let mut base = base.clone();
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let (key, token) = (
            credentials.key.expose_secret(),
            credentials.token.expose_secret(),
        );
        let authorization =
            format!("OAuth oauth_consumer_key=\"{key}\", oauth_token=\"{token}\"").into();
        Ok(Self {
            http,
            base,
            authorization,
            budget: Mutex::new(Budget::new(Limits::default())),
            tally: Tally::default(),
            patient: false,
            clock,
        })
    }

    /// For a command that somebody waits for: a full window is waited out.
    pub fn patient(self) -> Self {
        Self {
            patient: true,
            ..self
        }
    }

    /// A deed of several calls: all of them are taken out of the window before the first is made.
    pub async fn within<T>(
        &self,
        weight: Weight,
        calls: usize,
        deed: impl Future<Output = Outcome<T>>,
    ) -> Outcome<T> {
        let now = (self.clock)();
        if let Err(until) = self.budget().reserve(now, weight, calls) {
            let after = Duration::try_from(until.duration_since(now)).unwrap_or_default();
            return Err(Failure::Full { after });
        }
        let set_apart = SetApart {
            trello: self,
            calls: Arc::new(AtomicUsize::new(calls)),
        };
        SET_APART.scope(Arc::clone(&set_apart.calls), deed).await
    }

    /// What was asked of Trello so far, and what it still takes.
    pub fn figures(&self) -> Figures {
        self.tally.figures((self.clock)())
    }

    fn budget(&self) -> MutexGuard<'_, Budget> {
        self.budget.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one call out of the window, or out of what was set apart for this deed.
    async fn admitted(&self, weight: Weight) -> Outcome<Timestamp> {
        loop {
            let now = (self.clock)();
            let one_less = |left: usize| left.checked_sub(1);
            let apart = SET_APART.try_with(|calls| calls.fetch_update(Relaxed, Relaxed, one_less));
            if matches!(apart, Ok(Ok(_))) {
                self.budget().use_reserved(now);
                return Ok(now);
            }
            let taken = self.budget().take(now, weight);
            let Err(until) = taken else { return Ok(now) };
            let after = Duration::try_from(until.duration_since(now)).unwrap_or_default();
            if !self.patient {
                return Err(Failure::Full { after });
            }
            tokio::time::sleep(after).await;
        }
    }

    async fn call(
        &self,
        weight: Weight,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<Value>,
    ) -> Outcome<Value> {
        let now = self.admitted(weight).await?;
        let url = self.base.join(path).map_err(|error| Failure::Refused {
            status: 0,
            message: error.to_string(),
        })?;
        let reads = method == Method::GET;
        let again = method.clone();
        let mut request = self
            .http
            .request(method, url)
            .query(query)
            .header(header::AUTHORIZATION, self.authorization.expose_secret())
            .header("X-Trello-Client-Identifier", "signalman");
        if let Some(body) = &body {
            request = request.json(body);
        }
        let answer = request.send().await;
        let status = answer.as_ref().ok().map(reqwest::Response::status);
        self.tally.ended(weight, status);
        let response = answer.map_err(|error| lost(error, reads))?;
        let status = response.status();
        let remaining = response.headers().get("x-rate-limit-api-token-remaining");
        let remaining = remaining.and_then(|value| value.to_str().ok()?.parse().ok());
        let refused = status == StatusCode::TOO_MANY_REQUESTS;
        self.tally.told(now, remaining);
        self.budget().learn(now, remaining, refused);
        let text = bounded(response, reads).await?;
        if refused && self.patient {
            // Nothing was done; somebody waits for it.
            tokio::time::sleep(Duration::from_secs(10)).await;
            return Box::pin(self.call(weight, again, path, query, body)).await;
        }
        if status.is_success() {
            return Ok(serde_json::from_str(&text).unwrap_or(Value::Null));
        }
        Err(failure(status, &text, reads))
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Outcome<Value> {
        self.call(Weight::Read, Method::GET, path, query, None)
            .await
    }

    async fn put(&self, path: &str, body: Value) -> Outcome<Value> {
        self.call(Weight::Write, Method::PUT, path, &[], Some(body))
            .await
    }

    async fn post(&self, path: &str, body: Value) -> Outcome<Value> {
        self.call(Weight::Write, Method::POST, path, &[], Some(body))
            .await
    }
}

async fn bounded(mut response: reqwest::Response, reads: bool) -> Outcome<String> {
    let mut body: Vec<u8> = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|error| lost(error, reads))? {
        if body.len() + part.len() > BODY_BYTES {
            return Err(Failure::Refused {
                status: 0,
                message: "an answer larger than 16 MB".into(),
            });
        }
        body.extend_from_slice(&part);
    }
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// A request that never left, or any read, may be made again; a write that left is unknown.
fn lost(error: reqwest::Error, reads: bool) -> Failure {
    let unsent = error.is_connect()
        || error.is_builder()
        || error.is_request() && error.is_timeout() && reads;
    let why = if error.is_timeout() {
        "no answer in time".to_owned()
    } else if error.is_connect() {
        "no connection".to_owned()
    } else {
        error.without_url().to_string()
    };
    if unsent || reads {
        return Failure::Retry {
            after: Duration::from_secs(1),
            why,
        };
    }
    Failure::Unknown { why }
}

fn failure(status: StatusCode, text: &str, reads: bool) -> Failure {
    let said = serde_json::from_str::<Value>(text).ok();
    let said = said
        .as_ref()
        .and_then(|value| value.get("message"))
        .and_then(Value::as_str);
    let message: String = said
        .unwrap_or(text)
        .trim()
        .chars()
        .take(ERROR_CHARS)
        .collect();
    match status.as_u16() {
        404 => Failure::Missing,
        401 | 403 => Failure::Forbidden { message },
        429 => Failure::Retry {
            after: Duration::from_secs(10),
            why: message,
        },
        503 => Failure::Retry {
            after: Duration::from_secs(5),
            why: message,
        },
        code if code >= 500 && reads => Failure::Retry {
            after: Duration::from_secs(2),
            why: format!("{code} {message}"),
        },
        code if code >= 500 => Failure::Unknown {
            why: format!("{code} {message}"),
        },
        code => Failure::Refused {
            status: code,
            message,
        },
    }
}
