//! What is due, without asking the whole file. The lanes with events or effects that wait are kept in
//! memory, in the order of their time; each write names the lanes it touched, and they alone are
//! read again. Timers stay in the file: there may be one for every card. What somebody else wrote
//! into the file touched everything.

use super::{boards, instant, micros};
use crate::model::{BoardId, Lane};
use crate::store::Due;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Result, Row};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Lanes that one answer names at most.
const MOST: usize = 256;
/// Where more were touched since somebody last asked, all are read again: nobody may ask for long.
const MOST_TOUCHED: usize = 4_096;

type Key = (BoardId, Lane);

/// The lanes that somebody wrote to.
pub(super) struct Touched {
    all: bool,
    lanes: HashSet<Key>,
}

impl Touched {
    pub(super) fn none() -> Self {
        Self {
            all: false,
            lanes: HashSet::new(),
        }
    }

    pub(super) fn lane(&mut self, board: &BoardId, lane: Lane) {
        if !self.all {
            self.lanes.insert((board.clone(), lane));
        }
        if self.lanes.len() > MOST_TOUCHED {
            self.all();
        }
    }

    pub(super) fn all(&mut self) {
        self.all = true;
        self.lanes = HashSet::new();
    }

    fn add(&mut self, other: Self) {
        if other.all {
            self.all();
        }
        other
            .lanes
            .into_iter()
            .for_each(|(board, lane)| self.lane(&board, lane));
    }
}

pub(super) struct Schedule {
    touched: Mutex<Touched>,
    kept: Mutex<Kept>,
}

impl Default for Schedule {
    fn default() -> Self {
        let mut touched = Touched::none();
        touched.all();
        Self {
            touched: Mutex::new(touched),
            kept: Mutex::default(),
        }
    }
}

impl Schedule {
    /// Told once it is committed, and before anybody hears of it.
    pub(super) fn touch(&self, touched: Touched) {
        lock(&self.touched).add(touched);
    }

    pub(super) fn touch_all(&self) {
        lock(&self.touched).all();
    }

    /// A lane is due when its events have settled and its back-off is over, when its first effect may
    /// be tried, or when a timer has come. Lanes of boards that are not running never are. Of what is
    /// due by now, judging and putting cards right come first, then the soonest.
    pub(super) fn due(
        &self,
        connection: &Connection,
        now: Timestamp,
        settle: SignedDuration,
    ) -> Result<Due> {
        let settle = i64::try_from(settle.as_micros()).unwrap_or(0);
        let mut kept = lock(&self.kept);
        // Taken before the file is read: what is written meanwhile is read again the next time.
        let touched = std::mem::replace(&mut *lock(&self.touched), Touched::none());
        let read = kept.read_again(connection, touched, settle);
        if read.is_err() {
            self.touch_all();
        }
        read?;
        Ok(kept.due(micros(now), timers(connection, micros(now))?))
    }
}

/// When a lane may be worked on: to be judged or to put its card right, and to do the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Times {
    first: Option<i64>,
    rest: Option<i64>,
}

impl Times {
    fn soonest(&self) -> Option<i64> {
        self.first.into_iter().chain(self.rest).min()
    }

    fn or_first(self, at: Option<&i64>) -> Self {
        let first = self.first.into_iter().chain(at.copied()).min();
        Self { first, ..self }
    }
}

/// There may be hundreds of them, and few are worked on at once.
fn beside((_, lane): &Key) -> bool {
    matches!(lane, Lane::Place(_) | Lane::Post(_))
}

#[derive(Default)]
struct Kept {
    settle: i64,
    /// Nothing of any other board is kept.
    running: HashSet<BoardId>,
    lanes: HashMap<Key, Times>,
    order: BTreeSet<(i64, Key)>,
}

impl Kept {
    fn read_again(&mut self, connection: &Connection, touched: Touched, settle: i64) -> Result<()> {
        if touched.all || settle != self.settle {
            *self = Self {
                settle,
                running: boards::running(connection)?.into_iter().collect(),
                ..Self::default()
            };
            let mut all = connection.prepare_cached(ALL)?;
            let mut rows = all.query([settle])?;
            while let Some(row) = rows.next()? {
                self.put(key(row)?, times(row)?);
            }
            return Ok(());
        }
        if touched.lanes.is_empty() {
            return Ok(());
        }
        let mut one = connection.prepare_cached(ONE)?;
        let runs = |(board, _): &Key| self.running.contains(board);
        let lanes: Vec<_> = touched.lanes.into_iter().filter(runs).collect();
        for (board, lane) in lanes {
            let mut rows = one.query((settle, board.as_str(), lane.as_str()))?;
            let read = rows.next()?.map(times).transpose()?;
            drop(rows);
            self.put((board, lane), read.unwrap_or_default());
        }
        Ok(())
    }

    fn put(&mut self, key: Key, times: Times) {
        let before = self.lanes.remove(&key).and_then(|times| times.soonest());
        if let Some(before) = before {
            self.order.remove(&(before, key.clone()));
        }
        if let Some(soonest) = times.soonest() {
            self.order.insert((soonest, key.clone()));
            self.lanes.insert(key, times);
        }
    }

    /// `timers`: when lanes are due for a timer's sake, of those that have come and the next.
    fn due(&self, now: i64, timers: HashMap<Key, i64>) -> Due {
        let mut due: Vec<(u8, i64, &Key)> = Vec::new();
        let mut next: Option<i64> = None;
        let mut sort = |key, times: Times| match times.soonest() {
            Some(at) if at <= now => {
                let rest = times.first.is_none_or(|first| first > now);
                let class = if beside(key) { 2 } else { u8::from(rest) };
                due.push((class, at, key));
                true
            }
            Some(at) => {
                next = Some(next.map_or(at, |next: i64| next.min(at)));
                false
            }
            None => true,
        };
        for (key, at) in &timers {
            let waiting = self.lanes.get(key).copied().unwrap_or_default();
            sort(key, waiting.or_first(Some(at)));
        }
        for (_, key) in &self.order {
            let told = timers.contains_key(key);
            if !told && !sort(key, self.lanes[key]) {
                break;
            }
        }
        due.sort_unstable();
        due.truncate(MOST);
        Due {
            lanes: due.into_iter().map(|(_, _, key)| key.clone()).collect(),
            next: next.map(instant),
        }
    }
}

/// What waits, of boards that run; `$of_events` and `$of_outbox` say of which lanes.
macro_rules! waiting {
    ($of_events:literal, $of_outbox:literal) => {
        concat!(
            "SELECT w.board, w.lane, MIN(w.first), MIN(w.rest) FROM (
                SELECT e.board, e.lane, MAX(MIN(e.received_at) + ?1, COALESCE(l.not_before, 0)) AS first, NULL AS rest
                  FROM events e LEFT JOIN lanes l ON l.board = e.board AND l.lane = e.lane
                 WHERE e.judged_at IS NULL AND e.dead IS NULL ", $of_events,
            "   GROUP BY e.board, e.lane
                UNION ALL
                SELECT o.board, o.lane, IIF(o.slot IN ('stuck', 'place'), o.not_before, NULL),
                       IIF(o.slot IN ('stuck', 'place'), NULL, o.not_before) FROM outbox o
                 WHERE o.dead IS NULL ", $of_outbox,
            "      AND o.id = (SELECT f.id FROM outbox f
                       WHERE f.board = o.board AND f.lane = o.lane AND f.dead IS NULL
                       ORDER BY f.slot IS NOT 'stuck', f.slot IS NOT 'place', f.id LIMIT 1)
             ) w WHERE (SELECT r.state FROM boards r WHERE r.board = w.board) = 'running' GROUP BY w.board, w.lane"
        )
    };
}

const ALL: &str = waiting!("", "");
const ONE: &str = waiting!(
    "AND e.board = ?2 AND e.lane = ?3",
    "AND o.board = ?2 AND o.lane = ?3"
);

/// Of the timers only those that have come are looked at, and the next.
fn timers(connection: &Connection, now: i64) -> Result<HashMap<Key, i64>> {
    let mut statement = connection.prepare_cached(
        "SELECT t.board, t.lane, MIN(MAX(t.at, COALESCE(l.not_before, 0))) FROM timers t
           LEFT JOIN lanes l ON l.board = t.board AND l.lane = t.lane
          WHERE t.at <= COALESCE((SELECT MIN(n.at) FROM timers n WHERE n.at > ?1), ?1)
            AND (SELECT r.state FROM boards r WHERE r.board = t.board) = 'running'
          GROUP BY t.board, t.lane",
    )?;
    let rows = statement.query_map([now], |row| Ok((key(row)?, row.get(2)?)))?;
    rows.collect()
}

fn key(row: &Row<'_>) -> Result<Key> {
    let (board, lane): (String, String) = (row.get(0)?, row.get(1)?);
    Ok((BoardId::new(board), Lane::from_name(&lane)))
}

fn times(row: &Row<'_>) -> Result<Times> {
    Ok(Times {
        first: row.get(2)?,
        rest: row.get(3)?,
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
