//! The rest of the contract: boards and their processes, history, dead letters, what was set aside.

pub(super) use super::work::counts;
use super::work::remember;
use super::{Records, instant, json, micros, parsed};
use crate::model::{ActionId, BoardId, Lane};
use crate::process::{Bindings, Version};
use crate::store::{
    Active, BoardRecord, BoardState, Committed, Counters, DeadLetter, HistoryLine, HistoryPage,
    KeptVersion, Over, Start,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Result, Row, Transaction, params};
use std::sync::Arc;

const KEPT_ASIDE: u32 = 1_000;

pub(super) fn set_aside(
    tx: &Transaction<'_>,
    board: &BoardId,
    body: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT INTO aside (board, at, body, reason) VALUES (?1, ?2, ?3, ?4)",
        params![board.as_str(), micros(now), body, reason],
    )?;
    tx.execute(
        "DELETE FROM aside WHERE n <= (SELECT MAX(n) FROM aside) - ?1",
        [KEPT_ASIDE],
    )
    .map(drop)
}

pub(super) fn last_seen(
    connection: &Connection,
    board: &BoardId,
) -> Result<Option<(ActionId, Timestamp)>> {
    let seen = |row: &Row<'_>| {
        Ok((
            ActionId::new(row.get::<_, String>(0)?),
            instant(row.get(1)?),
        ))
    };
    connection
        .query_row(
            "SELECT action, at FROM seen WHERE board = ?1",
            [board.as_str()],
            seen,
        )
        .optional()
}

pub(super) fn set_last_seen(
    tx: &Transaction<'_>,
    board: &BoardId,
    action: &ActionId,
    at: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT INTO seen (board, action, at) VALUES (?1, ?2, ?3)
         ON CONFLICT (board) DO UPDATE SET action = ?2, at = ?3 WHERE ?3 >= at",
        params![board.as_str(), action.as_str(), micros(at)],
    )
    .map(drop)
}

pub(super) fn memories(
    connection: &Connection,
    board: &BoardId,
) -> Result<Vec<(Lane, crate::process::Memory)>> {
    let mut statement = connection.prepare("SELECT lane, memory FROM lanes WHERE board = ?1 AND memory IS NOT NULL AND lane <> 'board' AND lane NOT LIKE '@%'")?;
    let rows = statement.query_map([board.as_str()], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    rows.map(|row| row.and_then(|(lane, memory)| Ok((Lane::from_name(&lane), parsed(&memory)?))))
        .collect()
}

fn line(row: &Row<'_>) -> Result<HistoryLine> {
    Ok(HistoryLine {
        at: instant(row.get("at")?),
        kind: row.get("kind")?,
        decision: row.get("decision")?,
        who: row.get("who")?,
        version: Version(row.get("version")?),
        text: row.get("line")?,
        data: parsed(&row.get::<_, String>("data")?)?,
    })
}

pub(super) fn history(
    connection: &Connection,
    board: &BoardId,
    lane: Option<&Lane>,
    limit: usize,
) -> Result<Vec<HistoryLine>> {
    let mut statement = connection
        .prepare_cached("SELECT * FROM history WHERE board = ?1 AND (?2 IS NULL OR lane = ?2) ORDER BY n DESC LIMIT ?3")?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    statement
        .query_map(params![board.as_str(), lane.map(Lane::as_str), limit], line)?
        .collect()
}

/// In the order of the rows: an index by board would have every page sorted anew, hence the `+`.
pub(super) fn history_page(
    connection: &Connection,
    board: &BoardId,
    since: Timestamp,
    from: u64,
    limit: usize,
) -> Result<HistoryPage> {
    let mut statement = connection.prepare_cached(
        "SELECT * FROM history WHERE n >= ?2 AND +board = ?1 AND at >= ?3 ORDER BY n LIMIT ?4",
    )?;
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let (first, most) = (count(from), i64::try_from(limit).unwrap_or(i64::MAX));
    let rows = statement.query_map(params![board.as_str(), first, micros(since), most], |row| {
        let lane = Lane::from_name(&row.get::<_, String>("lane")?);
        Ok((row.get::<_, i64>("n")?, lane, line(row)?))
    })?;
    let rows = rows.collect::<Result<Vec<_>>>()?;
    let full = rows.len() >= limit;
    let last = rows.last().filter(|_| full);
    let next = last.and_then(|(n, ..)| u64::try_from(n + 1).ok());
    let lines = rows.into_iter().map(|(_, lane, line)| (lane, line));
    Ok(HistoryPage {
        lines: lines.collect(),
        next,
    })
}

pub(super) fn decision(
    connection: &Connection,
    board: &BoardId,
    id: &str,
) -> Result<Option<(Lane, HistoryLine)>> {
    connection
        .query_row(
            "SELECT * FROM history WHERE board = ?1 AND decision = ?2 ORDER BY n LIMIT 1",
            params![board.as_str(), id],
            |row| Ok((Lane::from_name(&row.get::<_, String>("lane")?), line(row)?)),
        )
        .optional()
}

/// Events that were given up have even numbers, effects odd ones.
pub(super) fn dead(connection: &Connection, board: Option<&BoardId>) -> Result<Vec<DeadLetter>> {
    let mut statement = connection.prepare(
        "SELECT n * 2 AS id, board, lane, 'event' AS kind, COALESCE(body, '') AS body, dead, received_at AS at
           FROM events WHERE dead IS NOT NULL AND (?1 IS NULL OR board = ?1)
         UNION ALL
         SELECT id * 2 + 1, board, lane, 'effect', effect, dead, at
           FROM outbox WHERE dead IS NOT NULL AND (?1 IS NULL OR board = ?1) ORDER BY at",
    )?;
    let letter = |row: &Row<'_>| {
        Ok(DeadLetter {
            id: row.get("id")?,
            board: BoardId::new(row.get::<_, String>("board")?),
            lane: Lane::from_name(&row.get::<_, String>("lane")?),
            kind: row.get("kind")?,
            body: row.get("body")?,
            reason: row.get("dead")?,
            at: instant(row.get("at")?),
        })
    };
    statement
        .query_map([board.map(BoardId::as_str)], letter)?
        .collect()
}

pub(super) fn retry(tx: &Transaction<'_>, ids: &[i64], now: Timestamp) -> Result<usize> {
    if ids.is_empty() {
        let effects = tx.execute("UPDATE outbox SET dead = NULL, attempts = 0, doubt = 1, not_before = ?1 WHERE dead IS NOT NULL", [micros(now)])?;
        return Ok(
            effects + tx.execute("UPDATE events SET dead = NULL WHERE dead IS NOT NULL", [])?
        );
    }
    ids.iter().try_fold(0, |done, id| {
        let again = if id % 2 == 0 {
            tx.execute("UPDATE events SET dead = NULL WHERE n = ?1 AND dead IS NOT NULL", [id / 2])?
        } else {
            tx.execute(
                "UPDATE outbox SET dead = NULL, attempts = 0, doubt = 1, not_before = ?2 WHERE id = ?1 AND dead IS NOT NULL",
                params![(id - 1) / 2, micros(now)],
            )?
        };
        Ok(done + again)
    })
}

pub(super) fn hurry(tx: &Transaction<'_>, now: Timestamp) -> Result<()> {
    tx.execute(
        "UPDATE outbox SET not_before = ?1 WHERE dead IS NULL AND not_before > ?1",
        [micros(now)],
    )?;
    tx.execute(
        "UPDATE events SET received_at = ?1 WHERE judged_at IS NULL AND dead IS NULL AND received_at > ?1",
        [micros(now)],
    )?;
    tx.execute("UPDATE lanes SET not_before = NULL", [])
        .map(drop)
}

pub(super) fn all(connection: &Connection) -> Result<Vec<BoardId>> {
    listed(connection, "SELECT board FROM boards ORDER BY board")
}

pub(super) fn running(connection: &Connection) -> Result<Vec<BoardId>> {
    let running = "SELECT board FROM boards WHERE state = 'running' ORDER BY board";
    listed(connection, running)
}

fn listed(connection: &Connection, sql: &str) -> Result<Vec<BoardId>> {
    let mut statement = connection.prepare_cached(sql)?;
    statement
        .query_map([], |row| row.get::<_, String>(0).map(BoardId::new))?
        .collect()
}

/// Read anew only where it was changed, by whatever program.
pub(super) fn record(
    connection: &Connection,
    board: &BoardId,
    records: &Records<i64>,
) -> Result<Option<Arc<BoardRecord>>> {
    let revision: Option<i64> = connection
        .prepare_cached("SELECT revision FROM boards WHERE board = ?1")?
        .query_row([board.as_str()], |row| row.get(0))
        .optional()?;
    let Some(revision) = revision else {
        return Ok(None);
    };
    if let Some(record) = records.known(board, &revision) {
        return Ok(Some(record));
    }
    let (revision, record) = connection
        .prepare_cached(
            "SELECT version, process, bindings, state, revision FROM boards WHERE board = ?1",
        )?
        .query_row([board.as_str()], |row| Ok((row.get(4)?, read_record(row)?)))?;
    Ok(Some(records.keep(board, revision, record)))
}

fn read_record(row: &Row<'_>) -> Result<BoardRecord> {
    let state: String = row.get(3)?;
    Ok(BoardRecord {
        active: Active {
            version: Version(row.get(0)?),
            text: row.get::<_, String>(1)?.into(),
            bindings: parsed(&row.get::<_, String>(2)?)?,
        },
        state: BoardState::from_word(&state),
    })
}

pub(super) fn activate(
    tx: &Transaction<'_>,
    board: &BoardId,
    active: &Active,
    start: &Start,
    over: &Over,
    now: Timestamp,
) -> Result<Committed> {
    let in_force = "SELECT version FROM boards WHERE board = ?1";
    let in_force = tx.query_row(in_force, [board.as_str()], |row| row.get(0).map(Version));
    if !over.allows(in_force.optional()?.as_ref(), &active.version) {
        return Ok(Committed::Conflict);
    }
    let (version, bindings) = (&active.version.0, json(&active.bindings));
    let row = params![board.as_str(), version, active.text, bindings, micros(now)];
    tx.execute(
        "INSERT INTO boards (board, version, process, bindings, state, at) VALUES (?1, ?2, ?3, ?4, 'running', ?5)
         ON CONFLICT (board) DO UPDATE SET version = ?2, process = ?3, bindings = ?4, at = ?5",
        row,
    )?;
    tx.execute(
        "INSERT INTO versions (board, version, process, bindings, at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (board, version) DO UPDATE SET bindings = ?4, at = ?5",
        row,
    )?;
    let cards = match start {
        Start::CarryOn(cards) => cards,
        Start::Afresh { cards, after } => {
            forget_waiting(tx, board, now)?;
            if let Some((action, at)) = after {
                set_last_seen(tx, board, action, *at)?;
            }
            cards
        }
    };
    for (lane, memory) in cards {
        remember(tx, board, lane, memory)?;
    }
    Ok(Committed::Done)
}

/// What waited is older than the board as it is taken now. Events stay known by their ids. A message to
/// a person is not: it was said already, and only its way was not open yet.
fn forget_waiting(tx: &Transaction<'_>, board: &BoardId, now: Timestamp) -> Result<()> {
    let board = board.as_str();
    tx.execute(
        "UPDATE events SET judged_at = ?2
          WHERE board = ?1 AND judged_at IS NULL AND dead IS NULL AND lane NOT LIKE '@%'",
        params![board, micros(now)],
    )?;
    tx.execute(
        "DELETE FROM outbox WHERE board = ?1 AND dead IS NULL AND lane NOT LIKE '@%'",
        [board],
    )?;
    tx.execute(
        "DELETE FROM timers WHERE board = ?1 AND lane NOT LIKE '@%'",
        [board],
    )
    .map(drop)
}

/// Changes the bindings in force and nothing else.
pub(super) fn rebind(
    tx: &Transaction<'_>,
    board: &BoardId,
    change: impl FnOnce(&mut Bindings),
) -> Result<()> {
    let kept: Option<String> = tx
        .query_row(
            "SELECT bindings FROM boards WHERE board = ?1",
            [board.as_str()],
            |row| row.get(0),
        )
        .optional()?;
    let Some(kept) = kept else { return Ok(()) };
    let mut bindings: Bindings = parsed(&kept)?;
    change(&mut bindings);
    tx.execute(
        "UPDATE boards SET bindings = ?2 WHERE board = ?1",
        params![board.as_str(), json(&bindings)],
    )
    .map(drop)
}

pub(super) fn set_state(
    tx: &Transaction<'_>,
    board: &BoardId,
    state: BoardState,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "UPDATE boards SET state = ?2, at = ?3 WHERE board = ?1",
        params![board.as_str(), state.word(), micros(now)],
    )
    .map(drop)
}

pub(super) fn process_text(
    connection: &Connection,
    board: &BoardId,
    version: &Version,
) -> Result<Option<String>> {
    connection
        .query_row(
            "SELECT process FROM versions WHERE board = ?1 AND version = ?2",
            params![board.as_str(), version.0],
            |row| row.get(0),
        )
        .optional()
}

pub(super) fn versions(connection: &Connection, board: &BoardId) -> Result<Vec<KeptVersion>> {
    let newest = "SELECT version, at FROM versions WHERE board = ?1 ORDER BY at DESC, rowid DESC";
    let mut statement = connection.prepare_cached(newest)?;
    let kept = statement.query_map([board.as_str()], |row| {
        Ok(KeptVersion {
            version: Version(row.get(0)?),
            at: Some(instant(row.get(1)?)),
        })
    })?;
    kept.collect()
}

pub(super) fn counters(connection: &Connection) -> Result<Counters> {
    connection.query_row(
        "SELECT (SELECT COUNT(*) FROM events WHERE judged_at IS NULL AND dead IS NULL),
                (SELECT COUNT(*) FROM outbox WHERE dead IS NULL),
                (SELECT COUNT(*) FROM events WHERE dead IS NOT NULL) + (SELECT COUNT(*) FROM outbox WHERE dead IS NOT NULL),
                (SELECT COUNT(*) FROM aside),
                (SELECT MIN(received_at) FROM events WHERE judged_at IS NULL AND dead IS NULL),
                (SELECT MIN(at) FROM outbox WHERE dead IS NULL)",
        [],
        |row| {
            let count = |nth: usize| row.get::<_, i64>(nth).map(i64::unsigned_abs);
            let oldest = |nth: usize| row.get::<_, Option<i64>>(nth).map(|at| at.map(instant));
            Ok(Counters {
                events_waiting: count(0)?,
                effects_waiting: count(1)?,
                dead: count(2)?,
                set_aside: count(3)?,
                oldest_event: oldest(4)?,
                oldest_effect: oldest(5)?,
            })
        },
    )
}
