//! take -> judge -> commit -> act. Lanes go side by side, one card at a time; a card's trouble holds
//! up that card alone. The public step says `Worked` or `Idle`, and time is handed in: the loop that
//! runs in production is a shell around it.

mod act;
mod apart;
mod blind;
mod board;
mod catchup;
mod chats;
mod comments;
mod days;
mod dossier;
mod elsewhere;
mod figures;
mod fill;
mod gap;
mod lane;
mod look;
mod metrics;
mod mirror;
mod morning;
mod news;
mod night;
mod panel;
mod post;
mod reads;
mod reconcile;
mod retime;
mod stuck;
mod sweep;
mod turns;
mod untick;
mod upkeep;
mod views;
mod watch;
mod week;
mod windows;

pub use blind::Health;
pub use chats::Listened;
pub use dossier::{Kept, kept};
pub use elsewhere::Elsewhere;
pub use figures::walks;
pub use metrics::{Label, Metrics};
pub use morning::Mornings;
pub use night::Nights;
pub use panel::{NotSeen, Sights, Under, asked, may_write};
pub use reconcile::{Bill, Standing, State};
pub use turns::Rounds;
pub use watch::Watch;
pub use week::Weeks;
pub use windows::SharedWindows;

use crate::model::{BoardId, Lane};
use crate::process::{Bindings, Process, StageKey, Version, file};
use crate::store::{BoardRecord, Store, StoreError};
use crate::target::Secrets;
use crate::trello::{Failure, Figures, Trello};
use futures::FutureExt;
use jiff::{SignedDuration, Timestamp};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use url::Url;

pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What the engine may be told to do otherwise.
#[derive(Clone, Debug)]
pub struct Options {
    /// Events wait this long for those that belong to them: the second action of a drag, the rest
    /// of a burst.
    pub settle: SignedDuration,
    /// Lanes worked on at once.
    pub workers: usize,
    /// Where Trello reaches us; without it no webhook stands.
    pub public_url: Option<Url>,
    /// How often the board's actions are asked for while no webhook stands.
    pub poll: Duration,
    /// How often they are asked for, and the webhook looked after, while one does.
    pub look: Duration,
    /// How often every card is read, so that what nobody told of is a delay and never a hole.
    pub sweep: Duration,
    /// Where board-level news goes besides the board's own card.
    pub news_url: Option<Url>,
    /// How long names are kept in events and history; none: for good.
    pub keep: Option<Duration>,
    /// Below it every card has a page of its own, at `/board/card`: comments lead there.
    pub card_pages: Option<Url>,
    /// The keys of outside places, and the secrets of ways to people.
    pub secrets: Secrets,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            settle: SignedDuration::from_millis(150),
            workers: 8,
            public_url: None,
            poll: Duration::from_secs(5),
            look: Duration::from_secs(300),
            sweep: Duration::from_secs(900),
            news_url: None,
            keep: None,
            card_pages: None,
            secrets: Secrets::default(),
        }
    }
}

pub struct Engine {
    store: Arc<dyn Store>,
    trello: Arc<Trello>,
    options: Options,
    /// For news of the board. A client reads all the machine's certificates: a megabyte that most never need.
    http: OnceLock<reqwest::Client>,
    /// Processes in force, each version parsed once for all boards that are under it.
    parsed: Mutex<HashMap<BoardId, (Version, Arc<Process>)>>,
    busy: Mutex<HashSet<(BoardId, Lane)>>,
    turns: turns::Turns,
    look: look::Look,
    reads: reads::Reads,
    systems: mirror::Systems,
    carriers: post::Carriers,
    wake: Notify,
    upkeep: Mutex<upkeep::Upkeep>,
    health: Mutex<Health>,
    /// The boards that were looked through when it was last tried.
    current: Mutex<HashSet<BoardId>>,
    metrics: Metrics,
    views: views::Views,
    held_up: catchup::HeldUp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Worked,
    /// Nothing to do until then, or until something is appended.
    Idle(Option<Timestamp>),
}

/// A board under a process, as one step sees it.
#[derive(Clone)]
struct Held {
    process: Arc<Process>,
    record: Arc<BoardRecord>,
}

impl Held {
    fn bindings(&self) -> &Bindings {
        &self.record.active.bindings
    }

    /// With the roles as they are held today.
    fn today(&self, now: Timestamp) -> Cow<'_, Bindings> {
        self.bindings().on(self.process.today(now))
    }
}

impl Engine {
    pub fn new(store: Arc<dyn Store>, trello: Arc<Trello>, options: Options) -> Self {
        let cards = Arc::new(Elsewhere(Arc::clone(&trello)));
        Self {
            store,
            trello,
            options,
            http: OnceLock::new(),
            parsed: Mutex::default(),
            busy: Mutex::default(),
            turns: turns::Turns::default(),
            look: look::Look::default(),
            reads: reads::Reads::default(),
            systems: mirror::Systems::new(cards),
            carriers: post::Carriers::default(),
            wake: Notify::new(),
            upkeep: Mutex::default(),
            health: Mutex::default(),
            current: Mutex::default(),
            metrics: Metrics::default(),
            views: views::Views::default(),
            held_up: catchup::HeldUp::default(),
        }
    }

    /// Something was appended: whoever sleeps may look again.
    pub fn nudge(&self) {
        self.wake.notify_waiters();
        self.wake.notify_one();
    }

    /// Events arrived at this instant and were appended. They settle first: one look at the end of
    /// that serves all that come until then, and workers who look sooner anyway need no call.
    pub fn heard(self: &Arc<Self>, at: Timestamp) {
        let settle = self.options.settle;
        if span(self.longest()) < settle {
            return;
        }
        let settled = at.saturating_add(settle).unwrap_or(at);
        let Some(settled) = self.look.rises(Some(settled)) else {
            return;
        };
        let engine = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(settle.unsigned_abs()).await;
            engine.look.rose(Some(settled));
            engine.nudge();
        });
    }

    /// What this engine counts.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// What was asked of Trello.
    pub async fn figures(&self) -> Figures {
        self.trello.figures().await
    }

    /// Takes one lane that is due and does one thing for it.
    pub async fn step(&self, now: Timestamp) -> Result<Step, StoreError> {
        let claim = match self.next(now).await? {
            Ok(claim) => claim,
            Err(next) => return Ok(Step::Idle(next)),
        };
        // While this one is at it, another sees to what is due besides.
        self.wake.notify_one();
        // A fault of our own must not end the worker: the others would take the same lane after it.
        let worked = AssertUnwindSafe(self.work(&claim.lane.0, &claim.lane.1, now)).catch_unwind();
        let worked = match worked.await {
            Ok(worked) => worked,
            Err(_) => self.stumbled(&claim.lane.0, &claim.lane.1, now).await,
        };
        self.changed(&claim.lane, now);
        match worked {
            // Whoever works on the board now sees what is left of it.
            Ok(()) | Err(StoreError::Elsewhere) => Ok(Step::Worked),
            Err(error) => Err(error),
        }
    }

    /// Steps until nothing is due at `now`. For tests and for the start.
    pub async fn drain(&self, now: Timestamp) -> Result<(), StoreError> {
        while self.step(now).await? == Step::Worked {}
        Ok(())
    }

    fn claim(&self, lane: (BoardId, Lane)) -> Option<Claim<'_>> {
        // Lazily: a claim that is dropped gives the lane back, even one that was never ours.
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let room = match &lane.1 {
            Lane::Place(place) => mirror::has_room(place, busy.iter().map(|(_, lane)| lane)),
            Lane::Post(post) => post::has_room(post, busy.iter().map(|(_, lane)| lane)),
            _ => true,
        };
        let free = room && busy.insert(lane.clone());
        drop(busy);
        free.then(|| Claim { engine: self, lane })
    }

    /// How many cards stand in each stage, where the process limits that in any.
    async fn counts(
        &self,
        board: &BoardId,
        held: &Held,
    ) -> Result<BTreeMap<StageKey, u32>, StoreError> {
        if held.process.stages.iter().all(|stage| stage.wip.is_none()) {
            return Ok(BTreeMap::new());
        }
        self.store.counts(board).await
    }

    async fn held(&self, board: &BoardId) -> Result<Option<Held>, StoreError> {
        let record = self.store.board(board).await?;
        record.map(|record| self.parsed(board, record)).transpose()
    }

    fn parsed(&self, board: &BoardId, record: Arc<BoardRecord>) -> Result<Held, StoreError> {
        let mut parsed = self.parsed.lock().unwrap_or_else(PoisonError::into_inner);
        let version = &record.active.version;
        let same = |known: &&(Version, Arc<Process>)| known.0 == *version;
        if let Some((_, process)) = parsed.get(board).filter(same) {
            let process = Arc::clone(process);
            return Ok(Held { process, record });
        }
        let process = match parsed.values().find(same) {
            Some((_, process)) => Arc::clone(process),
            None => Arc::new(file::in_force(&record.active.text).ok_or_else(|| {
                StoreError::Corrupt(format!("the process of board {board} cannot be read"))
            })?),
        };
        parsed.insert(board.clone(), (version.clone(), Arc::clone(&process)));
        Ok(Held { process, record })
    }

    /// Works until told to stop; what is begun is finished.
    pub async fn run(self: Arc<Self>, clock: Clock, stop: CancellationToken) {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..self.options.workers {
            let (engine, clock, stop) = (Arc::clone(&self), Arc::clone(&clock), stop.clone());
            tasks.spawn(async move { engine.work_on(clock, stop).await });
        }
        let (engine, again) = (Arc::clone(&self), stop.clone());
        let sight = Arc::clone(&clock);
        tasks.spawn(async move { engine.watch(sight, again).await });
        let (engine, days, again) = (Arc::clone(&self), Arc::clone(&clock), stop.clone());
        tasks.spawn(async move { engine.see_days_begin(days, again).await });
        let (engine, chats, again) = (Arc::clone(&self), Arc::clone(&clock), stop.clone());
        tasks.spawn(async move { engine.listen_to_chats(chats, again).await });
        let (engine, clock, night) = (Arc::clone(&self), Arc::clone(&clock), stop.clone());
        tasks.spawn(async move { engine.read_each_night(clock, night).await });
        while tasks.join_next().await.is_some() {}
    }

    /// How long a worker sleeps. Nobody nudges us where another machine was told.
    fn longest(&self) -> Duration {
        Duration::from_millis(if self.store.shared() { 50 } else { 500 })
    }

    async fn work_on(&self, clock: Clock, stop: CancellationToken) {
        let longest = self.longest();
        while !stop.is_cancelled() {
            let mut rises = None;
            let wait = match self.step(clock()).await {
                Ok(Step::Worked) => continue,
                Ok(Step::Idle(next)) => {
                    rises = self.look.rises(next);
                    rises.map_or(longest, |next| {
                        Duration::try_from(next.duration_since(clock()))
                            .unwrap_or(Duration::from_millis(5))
                            .min(longest)
                    })
                }
                Err(error) => {
                    tracing::error!(%error, "the store cannot be used; trying again");
                    Duration::from_secs(1)
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.wake.notified() => {}
                () = tokio::time::sleep(wait.max(Duration::from_millis(5))) => {}
            }
            self.look.rose(rises);
        }
    }
}

/// A lane that this worker alone works on.
struct Claim<'e> {
    engine: &'e Engine,
    lane: (BoardId, Lane),
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.engine
            .busy
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.lane);
    }
}

/// What kept something from being done.
enum Trouble {
    Store(StoreError),
    Trello(Failure),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Trello(failure)
    }
}

fn span(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or_default()
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    now.saturating_add(span(wait)).unwrap_or(now)
}
