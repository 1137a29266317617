//! MEMORY: the log of events, the memory of cards, the history, the outbox, the timers, the
//! processes in force. This file is the contract; the same suite (`tests/store/`) runs over every
//! store. Everything is partitioned by board, so that one commit fits one machine's transaction or
//! one Redis slot. A store never judges and never talks to Trello.

mod records;
mod redis;
mod sqlite;

pub use crate::process::HistoryLine;
pub use redis::{Redis, SCHEMES};
pub use sqlite::{Sqlite, restore};

use crate::model::forget::{Forget, Forgotten};
use crate::model::{ActionId, AppId, BoardId, Event, Lane, Member};
use crate::process::{Bindings, Effect, Loads, Memory, Presence, StageKey, Version};
use async_trait::async_trait;
use jiff::Timestamp;
use records::Records;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

pub type Result<T> = std::result::Result<T, StoreError>;

/// For the operator: the store itself is in trouble. Nothing was half done.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the store cannot be opened: {0}")]
    Open(String),
    #[error("nothing was copied: {0}")]
    Copy(String),
    #[error("the store is busy or out of reach: {0}")]
    Unavailable(String),
    #[error("the store holds something this version cannot read: {0}")]
    Corrupt(String),
    /// Not written: another machine works on this board by now. No trouble of anybody's.
    #[error("another machine works on this board")]
    Elsewhere,
}

#[async_trait]
pub trait Store: Send + Sync {
    // Intake -------------------------------------------------------------------------------
    /// Appends events durably; an action id the board has seen before is dropped. Returns how many
    /// were new. When it returns, a kill loses none of them.
    async fn append(&self, board: &BoardId, events: &[Event], now: Timestamp) -> Result<usize> {
        let written = events.iter().map(Written::from).collect();
        self.append_written(board, written, now).await
    }
    async fn append_written(
        &self,
        board: &BoardId,
        events: Vec<Written>,
        now: Timestamp,
    ) -> Result<usize>;
    /// Keeps a body that could not be read, with the reason. Bounded: the oldest beyond 1,000 go.
    async fn set_aside(
        &self,
        board: &BoardId,
        body: &str,
        reason: &str,
        now: Timestamp,
    ) -> Result<()>;
    /// The newest Trello action of the board that was ever appended: where catch-up begins.
    async fn last_seen(&self, board: &BoardId) -> Result<Option<(ActionId, Timestamp)>>;
    async fn set_last_seen(&self, board: &BoardId, action: &ActionId, at: Timestamp) -> Result<()>;

    // The engine's work --------------------------------------------------------------------
    /// Lanes with something to do at `now` (events received at least `settle` ago, effects or timers
    /// due), and the next instant at which another will have. Those with something to judge or a card
    /// to put right (slots `stuck` and `place`) come before those that have the rest to do, and clients
    /// in outside places and messages to people after all of them; of each, the longest waiting first.
    async fn due(&self, now: Timestamp, settle: jiff::SignedDuration) -> Result<Due>;
    /// All there is about one lane: unjudged events in the order of their time and id, memory,
    /// unfinished effects, timers. Effects come in the order they were decided, but where the card
    /// goes (slot `place`) comes before all that is seeded and said, and the word that it could not
    /// go there (slot `stuck`) before that.
    async fn load(&self, board: &BoardId, lane: &Lane) -> Result<LaneWork>;
    /// The same and the board's record, for a step of the lane; none where the board is not known.
    async fn begin(
        &self,
        board: &BoardId,
        lane: &Lane,
    ) -> Result<Option<(Arc<BoardRecord>, LaneWork)>> {
        let Some(record) = self.board(board).await? else {
            return Ok(None);
        };
        Ok(Some((record, self.load(board, lane).await?)))
    }
    /// All or nothing. `Conflict` when `expect_wip` or `edition` no longer holds: nothing was written,
    /// judge again.
    async fn commit(&self, board: &BoardId, commit: Commit) -> Result<Committed>;
    /// How many cards stand in each stage.
    async fn counts(&self, board: &BoardId) -> Result<BTreeMap<StageKey, u32>>;
    /// What each person has on the board: the sum of what the memories of its cards say.
    async fn loads(&self, board: &BoardId) -> Result<Loads>;
    async fn memory(&self, board: &BoardId, lane: &Lane) -> Result<Option<Memory>>;
    /// Every card remembered, for sweeps and previews.
    async fn memories(&self, board: &BoardId) -> Result<Vec<(Lane, Memory)>>;
    /// Newest first; one card's, or the board's.
    async fn history(
        &self,
        board: &BoardId,
        lane: Option<&Lane>,
        limit: usize,
    ) -> Result<Vec<HistoryLine>>;
    /// Lines of `since` or later in the order they were written, with the lanes they are of: at most
    /// `limit`, the first page `from` nought on. A page may be short, or empty, though another follows.
    async fn history_page(
        &self,
        board: &BoardId,
        since: Timestamp,
        from: u64,
        limit: usize,
    ) -> Result<HistoryPage>;
    /// The history line of one decision.
    async fn decision(&self, board: &BoardId, id: &str) -> Result<Option<(Lane, HistoryLine)>>;

    // Dead letters -------------------------------------------------------------------------
    async fn dead(&self, board: Option<&BoardId>) -> Result<Vec<DeadLetter>>;
    /// Puts dead letters back to work; none: all. Returns how many.
    async fn retry(&self, ids: &[i64], now: Timestamp) -> Result<usize>;

    /// What waits for a later attempt may be tried now: Trello may be back, or the clock was set back
    /// and what was received by it lies ahead.
    async fn hurry(&self, now: Timestamp) -> Result<()>;

    // Boards and their processes -----------------------------------------------------------
    async fn boards(&self) -> Result<Vec<BoardId>>;
    async fn board(&self, board: &BoardId) -> Result<Option<Arc<BoardRecord>>>;
    /// The boards that run and that this machine works on, in order.
    async fn running(&self) -> Result<Vec<BoardId>> {
        let mut running = Vec::new();
        for board in self.boards().await? {
            if self.holds(&board) {
                let record = self.board(&board).await?;
                let runs = record.is_some_and(|record| record.state == BoardState::Running);
                running.extend(runs.then_some(board));
            }
        }
        Ok(running)
    }
    /// Makes this process and these bindings the ones in force; earlier versions are kept. Whether
    /// the board runs, is paused or detached is not touched; a new one runs.
    async fn activate(
        &self,
        board: &BoardId,
        active: Active,
        start: Start,
        now: Timestamp,
    ) -> Result<()> {
        let put = self.activate_over(board, active, start, Over::Whatever, now);
        put.await.map(drop)
    }
    /// The same over what somebody has seen in force. `Conflict` where another version is by now, and
    /// not this very one already: nothing was written.
    async fn activate_over(
        &self,
        board: &BoardId,
        active: Active,
        start: Start,
        over: Over,
        now: Timestamp,
    ) -> Result<Committed>;
    /// Keeps the names of people seen on the board, in the bindings in force.
    async fn meet(&self, board: &BoardId, people: Vec<Member>) -> Result<()>;
    /// Keeps who is away or gone from the board, in the bindings in force.
    async fn presence(&self, board: &BoardId, presence: Presence) -> Result<()>;
    /// Keeps which application our own actions bear, in the bindings in force.
    async fn own_app(&self, board: &BoardId, app: AppId) -> Result<()>;
    async fn set_state(&self, board: &BoardId, state: BoardState, now: Timestamp) -> Result<()>;
    /// The text of one version that was ever in force.
    async fn process_text(&self, board: &BoardId, version: &Version) -> Result<Option<String>>;
    /// Every version that was ever in force, the one put in force last first; those of which it is not
    /// known when come after the others.
    async fn versions(&self, board: &BoardId) -> Result<Vec<KeptVersion>>;
    /// Takes people out of all that is kept of the board, or of a span; what was decided stays. When
    /// it returns, what stood there before can no longer be read out of the store's files. Again: the
    /// same, and nothing is left to change.
    async fn forget(&self, board: &BoardId, forget: &Forget) -> Result<Forgotten>;
    /// What waits and what was given up, over all boards.
    async fn counters(&self) -> Result<Counters>;

    // Several machines ---------------------------------------------------------------------
    /// Whether this machine works on the board at this very moment. Asked right before anything is
    /// done that others can see.
    fn holds(&self, _board: &BoardId) -> bool {
        true
    }
    /// Says that something is under way on a board of this machine's, until what this answers is
    /// dropped: so long the board is not given to another machine. None where it is another's.
    fn enter(&self, board: &BoardId) -> Option<UnderWay> {
        self.holds(board).then(UnderWay::default)
    }
    /// Whether other machines append too, so that news come without anybody's nudge.
    fn shared(&self) -> bool {
        false
    }
    /// Begins nothing more: boards on which nothing is under way go to the others at once, the rest
    /// as soon as that is ended.
    async fn retire(&self) -> Result<()> {
        Ok(())
    }
    /// Gives this machine's boards to the others.
    async fn leave(&self) -> Result<()> {
        Ok(())
    }
}

/// Something that is begun and not yet ended.
pub type UnderWay = Arc<()>;

/// An event as it is kept. Ten thousand at once are written out while others of them are asked for.
#[derive(Clone, Debug)]
pub struct Written {
    pub action: ActionId,
    lane: Lane,
    pub at: Timestamp,
    body: String,
}

impl From<&Event> for Written {
    fn from(event: &Event) -> Self {
        Self {
            action: event.id.clone(),
            lane: event.lane(),
            at: event.at,
            body: json(event),
        }
    }
}

#[derive(Debug, Default, PartialEq)]
pub struct Due {
    pub lanes: Vec<(BoardId, Lane)>,
    pub next: Option<Timestamp>,
}

#[derive(Debug, Default)]
pub struct LaneWork {
    pub events: Vec<Event>,
    /// When the last of the events was appended.
    pub received: Option<Timestamp>,
    pub memory: Option<Memory>,
    /// Counts how often the memory was written.
    pub edition: i64,
    pub outbox: Vec<OutboxRow>,
    /// By name; those at or before now have fired.
    pub timers: BTreeMap<String, Timestamp>,
    /// How often these events were tried and could not be judged.
    pub attempts: u32,
    /// Not before then (back-off of a lane whose events could not be judged).
    pub not_before: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct OutboxRow {
    pub id: i64,
    pub effect: Effect,
    pub attempts: u32,
    pub not_before: Timestamp,
    /// When it was decided.
    pub since: Timestamp,
    /// An attempt ended and nobody knows whether Trello did it: look before doing it again.
    pub doubt: bool,
}

/// One step of one lane. Every part is optional; all of it happens or none.
#[derive(Debug)]
pub struct Commit {
    pub lane: Lane,
    pub now: Timestamp,
    /// Events that are judged now. Ids not yet in the log (found by a read) are entered as judged.
    pub judged: Vec<ActionId>,
    pub memory: Option<Memory>,
    /// The edition of the memory that this step rests on: somebody else may have written it since.
    pub edition: Option<i64>,
    pub history: Vec<HistoryLine>,
    pub effects: Vec<Effect>,
    /// Set or, with none, cleared.
    pub timers: Vec<(String, Option<Timestamp>)>,
    /// The count of a stage that the verdict rests on.
    pub expect_wip: Option<(StageKey, u32)>,
    /// What became of the outbox rows of this lane.
    pub outbox: Vec<(i64, RowChange)>,
    /// Appended to the lanes they belong to, as intake would.
    pub append: Vec<Event>,
    /// The lane's events could not be judged: try again then.
    pub back_off: Option<Timestamp>,
    /// They could not be judged yet, through nobody's fault: no attempt is counted.
    pub wait: Option<Timestamp>,
    /// The lane's events are given up, with the reason; they become dead letters.
    pub bury: Option<String>,
}

impl Commit {
    pub fn new(lane: Lane, now: Timestamp) -> Self {
        Self {
            lane,
            now,
            judged: Vec::new(),
            memory: None,
            edition: None,
            history: Vec::new(),
            effects: Vec::new(),
            timers: Vec::new(),
            expect_wip: None,
            outbox: Vec::new(),
            append: Vec::new(),
            back_off: None,
            wait: None,
            bury: None,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum RowChange {
    Done,
    /// Not attempted: Trello's window is full until then.
    Later {
        not_before: Timestamp,
        doubt: bool,
    },
    Again {
        not_before: Timestamp,
        doubt: bool,
        why: String,
    },
    Dead {
        why: String,
    },
    /// About to be attempted; a kill from here on leaves the row in doubt.
    Begun,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Committed {
    Done,
    Conflict,
}

/// Some lines of a board's history, and where the next page begins; none where there is nothing more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HistoryPage {
    pub lines: Vec<(Lane, HistoryLine)>,
    pub next: Option<u64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct DeadLetter {
    pub id: i64,
    pub board: BoardId,
    pub lane: Lane,
    /// `event` or `effect`.
    pub kind: String,
    pub body: String,
    pub reason: String,
    pub at: Timestamp,
}

/// How a board's cards come under the process that is put in force. The memories are written in the
/// same transaction.
#[derive(Debug)]
pub enum Start {
    /// Cards keep what is remembered of them, but for these.
    CarryOn(Vec<(Lane, Memory)>),
    /// The board is taken as it stands: what still waited to be judged or done is dropped, and
    /// catching up begins after this action.
    Afresh {
        cards: Vec<(Lane, Memory)>,
        after: Option<(ActionId, Timestamp)>,
    },
}

/// What a process is put in force in the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Over {
    Whatever,
    /// The board never came under a process.
    Nothing,
    Version(Version),
}

impl Over {
    /// Whether a version may be put in the place of the one that is in force, or of none.
    pub fn allows(&self, in_force: Option<&Version>, new: &Version) -> bool {
        match self {
            Self::Whatever => true,
            _ if in_force == Some(new) => true,
            Self::Nothing => in_force.is_none(),
            Self::Version(over) => in_force == Some(over),
        }
    }
}

/// A process in force on a board.
#[derive(Clone, Debug, PartialEq)]
pub struct Active {
    pub version: Version,
    pub text: Arc<str>,
    pub bindings: Bindings,
}

/// A version of a board's process that was in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeptVersion {
    pub version: Version,
    /// When it was put in force, the last time.
    pub at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct BoardRecord {
    pub active: Active,
    pub state: BoardState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BoardState {
    Running,
    /// Events are kept and nothing is done until it is resumed.
    Paused,
    Detached,
}

impl BoardState {
    fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Detached => "detached",
        }
    }

    fn from_word(word: &str) -> Self {
        match word {
            "paused" => Self::Paused,
            "detached" => Self::Detached,
            _ => Self::Running,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    pub events_waiting: u64,
    pub effects_waiting: u64,
    pub dead: u64,
    pub set_aside: u64,
    /// When the longest waiting of them came, and was decided.
    pub oldest_event: Option<Timestamp>,
    pub oldest_effect: Option<Timestamp>,
}

/// The stage in whose count a card stands: none while it is archived, gone or in a free list.
fn counted(memory: &Memory) -> Option<&StageKey> {
    let standing = memory.standing.as_ref().filter(|_| memory.is_on_the_way());
    standing.map(|standing| &standing.stage)
}

/// Instants are kept in microseconds.
fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
