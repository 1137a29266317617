//! One machine's store: SQLite in one file, write-ahead log, every commit on the disk before it is
//! told. Calls leave the async threads; writes take turns.

mod boards;
mod copy;
mod forget;
mod schedule;
mod schema;
mod work;
mod writer;

pub use copy::restore;

use super::*;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, Transaction};
use schedule::{Schedule, Touched};
use serde::de::DeserializeOwned;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use writer::Writer;

#[derive(Clone)]
pub struct Sqlite {
    writer: Writer,
    /// Reads wait for no write.
    reader: Arc<Mutex<Connection>>,
    records: Arc<Records<i64>>,
    schedule: Arc<Schedule>,
}

impl Sqlite {
    /// Opens the file, makes it if there is none, and brings it to the newest version.
    pub fn open(path: &Path) -> Result<Self> {
        let told =
            |what: &dyn std::fmt::Display| StoreError::Open(format!("{}: {what}", path.display()));
        let at_the_file = |error| match error {
            StoreError::Open(what) => told(&what),
            other => other,
        };
        let not_taken = |error: rusqlite::Error| told(&said(&error));
        let closed = |error: std::io::Error| {
            told(&format!(
                "{error}; this service must own the file and may write to its folder"
            ))
        };
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder).map_err(closed)?;
        }
        let mut connection = Connection::open(path).map_err(not_taken)?;
        private(path).map_err(closed)?;
        schema::version(&connection).map_err(at_the_file)?;
        set_up(&connection).map_err(not_taken)?;
        schema::migrate(&mut connection).map_err(at_the_file)?;
        let reader = Connection::open(path).map_err(not_taken)?;
        set_up(&reader).map_err(not_taken)?;
        let schedule = Arc::<Schedule>::default();
        let writer = Writer::new(connection, Arc::clone(&schedule)).map_err(not_taken)?;
        Ok(Self {
            writer,
            reader: Arc::new(Mutex::new(reader)),
            records: Arc::default(),
            schedule,
        })
    }

    /// Whether the file is whole.
    pub async fn check(&self) -> Result<()> {
        let path = self.read(|connection| Ok(connection.path().map(str::to_owned)));
        let path = path.await?.unwrap_or_default();
        // A connection of its own: a large file is read for seconds, and nobody waits for that.
        let check = move || whole(&Connection::open(path)?);
        let checked = tokio::task::spawn_blocking(check).await.map_err(gone)?;
        checked.map_err(trouble)?
    }

    async fn read<T: Send + 'static>(
        &self,
        with: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let reader = Arc::clone(&self.reader);
        let run = move || with(&reader.lock().unwrap_or_else(PoisonError::into_inner));
        tokio::task::spawn_blocking(run)
            .await
            .map_err(gone)?
            .map_err(trouble)
    }

    async fn write<T: Send + 'static>(
        &self,
        with: impl FnOnce(&Transaction<'_>, &mut Touched) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        self.writer.write(with).await
    }

    /// What may make any lane due, or due no longer.
    async fn write_all<T: Send + 'static>(
        &self,
        with: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        self.write(move |tx, touched| {
            touched.all();
            with(tx)
        })
        .await
    }
}

fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(64);
    // A statement keeps its plan: it is not made anew for what is bound to it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON; PRAGMA cache_size = -8192; PRAGMA wal_autocheckpoint = 4000;",
    )
}

fn whole(connection: &Connection) -> rusqlite::Result<Result<()>> {
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" {
        return Ok(Ok(()));
    }
    let told = format!("the file is damaged ({found}): go back to a backup");
    Ok(Err(StoreError::Corrupt(told)))
}

/// Clients' details are in it: nobody else on the machine reads them.
fn private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}

fn gone(error: impl std::error::Error) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

fn trouble(error: rusqlite::Error) -> StoreError {
    use rusqlite::Error::*;
    match error {
        FromSqlConversionFailure(..) | InvalidColumnType(..) | IntegralValueOutOfRange(..) => {
            StoreError::Corrupt(error.to_string())
        }
        other => StoreError::Unavailable(said(&other)),
    }
}

/// What the disk does not take, with what to do about it.
fn said(error: &rusqlite::Error) -> String {
    use rusqlite::ErrorCode::{DiskFull, ReadOnly, SystemIoFailure};
    match error.sqlite_error_code() {
        Some(DiskFull) => "the disk is full: make room, and a running service goes on by itself; until then what Trello delivers is refused, and Trello repeats it".into(),
        Some(ReadOnly) => "the file or its disk is read-only: let this service write to it, and to its folder".into(),
        Some(SystemIoFailure) => format!("the disk does not take what is written or give what is read ({error}): it may be full, over its quota or broken. A running service goes on by itself when that is mended"),
        _ => error.to_string(),
    }
}

fn parsed<T: DeserializeOwned>(text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
    })
}

#[async_trait]
impl Store for Sqlite {
    async fn append_written(
        &self,
        board: &BoardId,
        events: Vec<Written>,
        now: Timestamp,
    ) -> Result<usize> {
        if events.is_empty() {
            return Ok(0);
        }
        let board = board.clone();
        self.write(move |tx, touched| work::append(tx, touched, &board, &events, now))
            .await
    }
    async fn set_aside(
        &self,
        board: &BoardId,
        body: &str,
        reason: &str,
        now: Timestamp,
    ) -> Result<()> {
        let (board, body, reason) = (board.clone(), body.to_owned(), reason.to_owned());
        self.write(move |tx, _| boards::set_aside(tx, &board, &body, &reason, now))
            .await
    }
    async fn last_seen(&self, board: &BoardId) -> Result<Option<(ActionId, Timestamp)>> {
        let board = board.clone();
        self.read(move |connection| boards::last_seen(connection, &board))
            .await
    }
    async fn set_last_seen(&self, board: &BoardId, action: &ActionId, at: Timestamp) -> Result<()> {
        let (board, action) = (board.clone(), action.clone());
        self.write(move |tx, _| boards::set_last_seen(tx, &board, &action, at))
            .await
    }
    async fn due(&self, now: Timestamp, settle: jiff::SignedDuration) -> Result<Due> {
        let (writer, schedule) = (self.writer.clone(), Arc::clone(&self.schedule));
        self.read(move |connection| {
            writer.look()?;
            schedule.due(connection, now, settle)
        })
        .await
    }
    async fn load(&self, board: &BoardId, lane: &Lane) -> Result<LaneWork> {
        let (board, lane) = (board.clone(), lane.clone());
        self.read(move |connection| work::load(connection, &board, &lane))
            .await
    }
    async fn begin(
        &self,
        board: &BoardId,
        lane: &Lane,
    ) -> Result<Option<(Arc<BoardRecord>, LaneWork)>> {
        let (board, lane) = (board.clone(), lane.clone());
        let records = Arc::clone(&self.records);
        self.read(move |connection| {
            let Some(record) = boards::record(connection, &board, &records)? else {
                return Ok(None);
            };
            Ok(Some((record, work::load(connection, &board, &lane)?)))
        })
        .await
    }
    async fn commit(&self, board: &BoardId, commit: Commit) -> Result<Committed> {
        let board = board.clone();
        self.write(move |tx, touched| work::commit(tx, touched, &board, &commit))
            .await
    }
    async fn counts(&self, board: &BoardId) -> Result<BTreeMap<StageKey, u32>> {
        let board = board.clone();
        self.read(move |connection| boards::counts(connection, &board))
            .await
    }
    async fn loads(&self, board: &BoardId) -> Result<Loads> {
        let board = board.clone();
        self.read(move |connection| work::loads(connection, &board))
            .await
    }
    async fn memory(&self, board: &BoardId, lane: &Lane) -> Result<Option<Memory>> {
        let (board, lane) = (board.clone(), lane.clone());
        self.read(move |connection| work::memory(connection, &board, &lane))
            .await
    }
    async fn memories(&self, board: &BoardId) -> Result<Vec<(Lane, Memory)>> {
        let board = board.clone();
        self.read(move |connection| boards::memories(connection, &board))
            .await
    }
    async fn history(
        &self,
        board: &BoardId,
        lane: Option<&Lane>,
        limit: usize,
    ) -> Result<Vec<HistoryLine>> {
        let (board, lane) = (board.clone(), lane.cloned());
        self.read(move |connection| boards::history(connection, &board, lane.as_ref(), limit))
            .await
    }
    async fn history_page(
        &self,
        board: &BoardId,
        since: Timestamp,
        from: u64,
        limit: usize,
    ) -> Result<HistoryPage> {
        let board = board.clone();
        self.read(move |connection| boards::history_page(connection, &board, since, from, limit))
            .await
    }
    async fn decision(&self, board: &BoardId, id: &str) -> Result<Option<(Lane, HistoryLine)>> {
        let (board, id) = (board.clone(), id.to_owned());
        self.read(move |connection| boards::decision(connection, &board, &id))
            .await
    }
    async fn dead(&self, board: Option<&BoardId>) -> Result<Vec<DeadLetter>> {
        let board = board.cloned();
        self.read(move |connection| boards::dead(connection, board.as_ref()))
            .await
    }
    async fn retry(&self, ids: &[i64], now: Timestamp) -> Result<usize> {
        let ids = ids.to_vec();
        self.write_all(move |tx| boards::retry(tx, &ids, now)).await
    }
    async fn hurry(&self, now: Timestamp) -> Result<()> {
        self.write_all(move |tx| boards::hurry(tx, now)).await
    }
    async fn boards(&self) -> Result<Vec<BoardId>> {
        self.read(boards::all).await
    }
    async fn running(&self) -> Result<Vec<BoardId>> {
        self.read(boards::running).await
    }
    async fn board(&self, board: &BoardId) -> Result<Option<Arc<BoardRecord>>> {
        let (board, records) = (board.clone(), Arc::clone(&self.records));
        self.read(move |connection| boards::record(connection, &board, &records))
            .await
    }
    async fn activate_over(
        &self,
        board: &BoardId,
        active: Active,
        start: Start,
        over: Over,
        now: Timestamp,
    ) -> Result<Committed> {
        let board = board.clone();
        self.write_all(move |tx| boards::activate(tx, &board, &active, &start, &over, now))
            .await
    }
    async fn meet(&self, board: &BoardId, people: Vec<Member>) -> Result<()> {
        let board = board.clone();
        let met = people.into_iter().map(|one| (one.id.clone(), one));
        let met: Vec<_> = met.collect();
        self.write(move |tx, _| boards::rebind(tx, &board, |bindings| bindings.people.extend(met)))
            .await
    }
    async fn presence(&self, board: &BoardId, presence: Presence) -> Result<()> {
        let board = board.clone();
        self.write(move |tx, _| {
            boards::rebind(tx, &board, |bindings| {
                bindings.change(&presence);
            })
        })
        .await
    }
    async fn own_app(&self, board: &BoardId, app: AppId) -> Result<()> {
        let board = board.clone();
        self.write(move |tx, _| boards::rebind(tx, &board, |bindings| bindings.app = Some(app)))
            .await
    }
    async fn set_state(&self, board: &BoardId, state: BoardState, now: Timestamp) -> Result<()> {
        let board = board.clone();
        self.write_all(move |tx| boards::set_state(tx, &board, state, now))
            .await
    }
    async fn process_text(&self, board: &BoardId, version: &Version) -> Result<Option<String>> {
        let (board, version) = (board.clone(), version.clone());
        self.read(move |connection| boards::process_text(connection, &board, &version))
            .await
    }
    async fn versions(&self, board: &BoardId) -> Result<Vec<KeptVersion>> {
        let board = board.clone();
        self.read(move |connection| boards::versions(connection, &board))
            .await
    }
    async fn forget(&self, board: &BoardId, forget: &Forget) -> Result<Forgotten> {
        let mut told = Forgotten::default();
        let mut forget = forget.clone();
        if forget.span.is_none() {
            let (known, of) = (forget.clone(), board.clone());
            let found = self.read(move |connection| forget::found(connection, &of, &known));
            forget = forget.with(&found.await?);
            let (of, whom) = (board.clone(), forget.clone());
            told = self
                .write_all(move |tx| {
                    forget::posts(tx, &of, &whom, &mut told)?;
                    Ok(told)
                })
                .await?;
        }
        for kept in forget::ALL {
            let mut after = Some(0);
            while let Some(from) = after {
                let (board, forget) = (board.clone(), forget.clone());
                (after, told) = self
                    .write_all(move |tx| {
                        let next = forget::some(tx, kept, &board, &forget, from, &mut told)?;
                        Ok((next, told))
                    })
                    .await?;
            }
        }
        let all = forget.span.is_none();
        if all || !told.nothing() {
            self.read(move |connection| forget::leave_no_trace(connection, all))
                .await?;
        }
        Ok(told)
    }
    async fn counters(&self) -> Result<Counters> {
        self.read(boards::counters).await
    }
}
