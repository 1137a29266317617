//! The calls we make, and how each can end. A write whose outcome is unknown says so: whoever asked
//! looks it up before asking again. Secrets travel in a header, never in a URL, a log or an error.

use super::budget::{Ask, Budget, Limits, Weight};
use super::windows::{Local, Windows};
use crate::model::*;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, Method, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

mod calls;
mod eyes;
mod figures;
mod guests;
mod hands;
mod pages;

pub use figures::{Figures, Requests};
pub use guests::Guests;
pub(crate) use pages::Page;

const CONNECT: Duration = Duration::from_secs(5);
const TOTAL: Duration = Duration::from_secs(20);
/// A person at a page waits for no longer.
const AWAITED: Duration = Duration::from_secs(30);
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
    #[error("Trello's window is full until {until}")]
    Full { until: Timestamp },
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

type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// One token of one key.
pub struct Trello {
    http: Client,
    base: Url,
    authorization: SecretString,
    windows: Arc<dyn Windows>,
    /// Waits where the window is full, rather than saying so.
    patient: bool,
    clock: Clock,
    counted: Mutex<figures::Counted>,
    /// Deeds begun, and where their numbers start: no other machine's are the same.
    deeds: AtomicU64,
}

tokio::task_local! {
    /// What this task is at.
    static DEED: Arc<Deed>;
    /// Whether what this task writes is still this machine's to write.
    static OURS: Ours;
}

/// Asked right before a write is sent.
pub type Ours = Arc<dyn Fn() -> bool + Send + Sync>;

/// What calls are made for, and what was set apart for them.
struct Deed {
    weight: Weight,
    owner: u64,
    apart: AtomicUsize,
    /// Until when it waits where the window is full.
    waits: Option<Instant>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub id: ActionId,
    pub by: Option<MemberId>,
    pub at: Option<Timestamp>,
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

fn client(within: Duration) -> Outcome<Client> {
    let broken = |error: reqwest::Error| Failure::Refused {
        status: 0,
        message: error.without_url().to_string(),
    };
    Client::builder()
        .connect_timeout(CONNECT)
        .timeout(within)
        .redirect(reqwest::redirect::Policy::none())
        // Its answers are small: unpacking them costs more than it spares.
        .no_gzip()
        .user_agent(concat!("signalman/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(broken)
}

/// With a slash at its end, so that paths go below it.
fn root(base: &Url) -> Url {
    let mut base = base.clone();
    if !base.path().ends_with('/') {
        base.set_path(&format!("{}/", base.path()));
    }
    base
}

impl Trello {
    /// `base` is Trello's API root, such as `https://api.trello.com/1`.
    pub fn new(
        base: &Url,
        credentials: &Credentials,
        clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    ) -> Outcome<Self> {
        let (http, base) = (client(TOTAL)?, root(base));
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
            windows: Arc::new(Local::new(Limits::default(), Arc::clone(&clock))),
            patient: false,
            clock,
            counted: Mutex::default(),
            deeds: AtomicU64::new(RandomState::new().hash_one(key)),
        })
    }

    /// For a command that somebody waits for: a full window is waited out.
    pub fn patient(self) -> Self {
        Self {
            patient: true,
            ..self
        }
    }

    /// Where the request windows are kept, if others share them.
    pub fn with_windows(self, windows: Arc<dyn Windows>) -> Self {
        Self { windows, ..self }
    }

    /// Every call of it weighs so much; calls that nobody has weighed come last.
    pub async fn weighing<T>(&self, weight: Weight, deed: impl Future<Output = T>) -> T {
        DEED.scope(Arc::new(self.deed(weight, 0)), deed).await
    }

    /// For somebody who waits at a page: a full window is waited out, if that does not take too long.
    pub async fn awaited<T>(&self, deed: impl Future<Output = T>) -> T {
        let apart = Deed {
            waits: Some(Instant::now() + AWAITED),
            ..self.deed(Weight::Comment, 0)
        };
        DEED.scope(Arc::new(apart), deed).await
    }

    /// Nothing is written from the moment on that `ours` says no: a machine that was paused finds on
    /// waking that another does its work.
    pub async fn while_ours<T>(&self, ours: Ours, deed: impl Future<Output = T>) -> T {
        OURS.scope(ours, deed).await
    }

    /// A deed of several calls: all of them are taken out of the window before the first is made.
    pub async fn within<T, E: From<Failure>>(
        &self,
        weight: Weight,
        calls: usize,
        deed: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let apart = Arc::new(self.deed(weight, calls));
        let owner = apart.owner;
        let ask = Ask {
            weight,
            calls,
            writes: true,
        };
        self.ask(move |budget, now| budget.reserve(now, owner, ask))
            .await?;
        let done = DEED.scope(Arc::clone(&apart), deed).await;
        // What cannot be given back, or is dropped half way, time gives back.
        if apart.apart.load(Relaxed) > 0 {
            let _ = self.change(move |budget, _| budget.release(owner)).await;
        }
        done
    }

    fn deed(&self, weight: Weight, calls: usize) -> Deed {
        Deed {
            weight,
            owner: self.deeds.fetch_add(1, Relaxed),
            apart: AtomicUsize::new(calls),
            waits: DEED.try_with(|deed| deed.waits).ok().flatten(),
        }
    }

    async fn change<T: Send>(
        &self,
        mut change: impl FnMut(&mut Budget, Timestamp) -> T + Send,
    ) -> Outcome<T> {
        let mut answer = None;
        let kept = self
            .windows
            .change(&mut |budget, now| answer = Some(change(budget, now)))
            .await;
        let nothing = || "nothing was asked of them".to_owned();
        let answer = kept.and_then(|()| answer.ok_or_else(nothing));
        answer.map_err(|why| Failure::Retry {
            after: Duration::from_secs(1),
            why: format!("the request windows cannot be used: {why}"),
        })
    }

    /// What the windows say, on our own clock: theirs may be another.
    async fn ask(
        &self,
        mut ask: impl FnMut(&mut Budget, Timestamp) -> Result<(), Timestamp> + Send,
    ) -> Outcome<()> {
        let answer = self.change(move |budget, now| {
            let wait = ask(budget, now).map_err(|until| until.duration_since(now));
            (wait, budget.left(now))
        });
        let (answer, left) = answer.await?;
        let now = (self.clock)();
        self.count(|counted| counted.asked(left, answer.is_ok()));
        answer.map_err(|wait| Failure::Full {
            until: now.saturating_add(wait).unwrap_or(now),
        })
    }

    /// Takes one call out of the window, or out of what was set apart for this deed.
    async fn admitted(&self, writes: bool) -> Outcome<()> {
        let deed = DEED.try_with(Arc::clone).ok();
        let one_less = |left: usize| left.checked_sub(1);
        if let Some(deed) = &deed
            && deed.apart.fetch_update(Relaxed, Relaxed, one_less).is_ok()
        {
            let owner = deed.owner;
            let made = self.change(move |budget, now| budget.use_reserved(now, owner, writes));
            if made.await? {
                return Ok(());
            }
        }
        let ask = Ask {
            weight: deed.as_ref().map_or(Weight::Sweep, |deed| deed.weight),
            calls: 1,
            writes,
        };
        let waits = deed.and_then(|deed| deed.waits);
        let patient = || self.patient || waits.is_some_and(|end| Instant::now() < end);
        loop {
            match self.ask(move |budget, now| budget.take(now, ask)).await {
                Err(Failure::Full { until }) if patient() => {
                    let wait = until.duration_since((self.clock)());
                    tokio::time::sleep(Duration::try_from(wait).unwrap_or_default()).await;
                }
                other => return other,
            }
        }
    }
}
