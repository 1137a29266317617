//! The engine's side: what is due, one lane's work, and the commit that holds all of one step.

use super::schedule::Touched;
use super::{instant, json, micros, parsed};
use crate::model::{BoardId, Lane, MemberId};
use crate::process::{Effect, Load, Loads, Memory, StageKey};
use crate::store::{
    Commit, Committed, HistoryLine, LaneWork, OutboxRow, RowChange, Written, counted,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Result, Transaction, params};
use std::collections::BTreeMap;

/// Bodies of judged events are kept this long; their ids for good.
const BODIES_KEPT_DAYS: i64 = 30;

pub(super) fn append(
    tx: &Transaction<'_>,
    touched: &mut Touched,
    board: &BoardId,
    events: &[Written],
    now: Timestamp,
) -> Result<usize> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO events (board, action, lane, at, received_at, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (board, action) DO NOTHING",
    )?;
    events.iter().try_fold(0, |new, event| {
        let row = params![
            board.as_str(),
            event.action.as_str(),
            event.lane.as_str(),
            micros(event.at),
            micros(now),
            event.body
        ];
        let entered = insert.execute(row)?;
        if entered > 0 {
            touched.lane(board, event.lane.clone());
        }
        Ok(new + entered)
    })
}

pub(super) fn load(connection: &Connection, board: &BoardId, lane: &Lane) -> Result<LaneWork> {
    let key = params![board.as_str(), lane.as_str()];
    let mut work = LaneWork::default();
    let mut events = connection.prepare_cached(
        "SELECT body, received_at FROM events WHERE board = ?1 AND lane = ?2 AND judged_at IS NULL AND dead IS NULL ORDER BY at, action",
    )?;
    let mut rows = events.query(key)?;
    while let Some(row) = rows.next()? {
        work.events.push(parsed(&row.get::<_, String>(0)?)?);
        work.received = work.received.max(Some(instant(row.get(1)?)));
    }
    let mut outbox = connection.prepare_cached(
        "SELECT id, effect, attempts, not_before, doubt, at FROM outbox WHERE board = ?1 AND lane = ?2 AND dead IS NULL
         ORDER BY slot IS NOT 'stuck', slot IS NOT 'place', id",
    )?;
    let mut rows = outbox.query(key)?;
    while let Some(row) = rows.next()? {
        let effect: Effect = parsed(&row.get::<_, String>(1)?)?;
        work.outbox.push(OutboxRow {
            id: row.get(0)?,
            effect,
            attempts: row.get(2)?,
            not_before: instant(row.get(3)?),
            doubt: row.get(4)?,
            since: instant(row.get(5)?),
        });
    }
    let mut timers =
        connection.prepare_cached("SELECT name, at FROM timers WHERE board = ?1 AND lane = ?2")?;
    for timer in timers.query_map(key, |row| Ok((row.get(0)?, instant(row.get(1)?))))? {
        let (name, at) = timer?;
        work.timers.insert(name, at);
    }
    let row = connection
        .prepare_cached(
            "SELECT memory, attempts, not_before, edition FROM lanes WHERE board = ?1 AND lane = ?2",
        )?
        .query_row(key, |row| {
            Ok((
                row.get::<_, Option<String>>(0)?,
                row.get(1)?,
                row.get::<_, Option<i64>>(2)?,
                row.get(3)?,
            ))
        })
        .optional()?;
    if let Some((memory, attempts, not_before, edition)) = row {
        work.edition = edition;
        work.memory = memory.map(|memory| parsed(&memory)).transpose()?;
        work.attempts = attempts;
        work.not_before = not_before.map(instant);
    }
    Ok(work)
}

pub(super) fn memory(
    connection: &Connection,
    board: &BoardId,
    lane: &Lane,
) -> Result<Option<Memory>> {
    let memory: Option<Option<String>> = connection
        .prepare_cached("SELECT memory FROM lanes WHERE board = ?1 AND lane = ?2")?
        .query_row(params![board.as_str(), lane.as_str()], |row| row.get(0))
        .optional()?;
    memory.flatten().map(|memory| parsed(&memory)).transpose()
}

pub(super) fn commit(
    tx: &Transaction<'_>,
    touched: &mut Touched,
    board: &BoardId,
    commit: &Commit,
) -> Result<Committed> {
    if let Some((stage, expected)) = &commit.expect_wip {
        let own = commit.lane.as_str();
        let count: u32 = tx.query_row(
            "SELECT COUNT(*) FROM lanes WHERE board = ?1 AND standing = ?2 AND lane <> ?3",
            params![board.as_str(), stage.as_str(), own],
            |row| row.get(0),
        )?;
        if count != *expected {
            return Ok(Committed::Conflict);
        }
    }
    if let Some(expected) = commit.edition
        && expected != edition(tx, board, &commit.lane)?
    {
        return Ok(Committed::Conflict);
    }
    touched.lane(board, commit.lane.clone());
    judged(tx, touched, board, commit)?;
    if let Some(memory) = &commit.memory {
        remember(tx, board, &commit.lane, memory)?;
    }
    for line in &commit.history {
        history(tx, board, &commit.lane, line)?;
    }
    for (id, change) in &commit.outbox {
        change_row(tx, *id, change)?;
    }
    for effect in &commit.effects {
        enqueue(tx, board, &commit.lane, effect, commit.now)?;
    }
    let written: Vec<_> = commit.append.iter().map(Written::from).collect();
    append(tx, touched, board, &written, commit.now)?;
    timers(tx, board, commit)?;
    trouble(tx, board, commit)?;
    Ok(Committed::Done)
}

fn edition(tx: &Transaction<'_>, board: &BoardId, lane: &Lane) -> Result<i64> {
    let kept = tx
        .prepare_cached("SELECT edition FROM lanes WHERE board = ?1 AND lane = ?2")?
        .query_row(params![board.as_str(), lane.as_str()], |row| row.get(0))
        .optional()?;
    Ok(kept.unwrap_or(0))
}

/// An id that is not in the log yet was found by a read: it is entered as judged.
fn judged(
    tx: &Transaction<'_>,
    touched: &mut Touched,
    board: &BoardId,
    commit: &Commit,
) -> Result<()> {
    let mut mark = tx.prepare_cached(
        "INSERT INTO events (board, action, lane, at, received_at, judged_at) VALUES (?1, ?2, ?3, ?4, ?4, ?4)
         ON CONFLICT (board, action) DO UPDATE SET judged_at = ?4 RETURNING lane",
    )?;
    let lane = commit.lane.as_str();
    for action in &commit.judged {
        let row = params![board.as_str(), action.as_str(), lane, micros(commit.now)];
        let of: String = mark.query_row(row, |row| row.get(0))?;
        if of != lane {
            touched.lane(board, Lane::from_name(&of));
        }
    }
    if !commit.judged.is_empty() {
        tx.prepare_cached(
            "UPDATE lanes SET attempts = 0, not_before = NULL WHERE board = ?1 AND lane = ?2",
        )?
        .execute(params![board.as_str(), commit.lane.as_str()])?;
        let old = micros(commit.now) - BODIES_KEPT_DAYS * 86_400_000_000;
        tx.prepare_cached(
            "UPDATE events SET body = NULL WHERE judged_at < ?1 AND body IS NOT NULL",
        )?
        .execute([old])?;
    }
    Ok(())
}

pub(super) fn remember(
    tx: &Transaction<'_>,
    board: &BoardId,
    lane: &Lane,
    memory: &Memory,
) -> Result<()> {
    let standing = counted(memory).map(StageKey::as_str);
    tx.prepare_cached(
        "INSERT INTO lanes (board, lane, memory, standing, edition) VALUES (?1, ?2, ?3, ?4, 1)
         ON CONFLICT (board, lane) DO UPDATE SET memory = ?3, standing = ?4, edition = edition + 1",
    )?
    .execute(params![
        board.as_str(),
        lane.as_str(),
        json(memory),
        standing
    ])?;
    count_loads(tx, board, lane, memory)
}

/// What a card adds to what each person has stands beside its memory, and is summed up when it is asked for.
fn count_loads(tx: &Transaction<'_>, board: &BoardId, lane: &Lane, memory: &Memory) -> Result<()> {
    tx.prepare_cached("DELETE FROM loads WHERE board = ?1 AND lane = ?2")?
        .execute(params![board.as_str(), lane.as_str()])?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO loads (board, lane, member, open, given, last) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (member, load) in memory.loads() {
        insert.execute(params![
            board.as_str(),
            lane.as_str(),
            member.as_str(),
            load.open,
            load.given,
            load.last.map(micros)
        ])?;
    }
    Ok(())
}

/// The memory of this row was written by somebody else.
pub(super) fn count_anew(tx: &Transaction<'_>, board: &BoardId, row: i64) -> Result<()> {
    let kept = "SELECT lane, memory FROM lanes WHERE rowid = ?1";
    let kept = tx.query_row(kept, [row], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    });
    let (lane, memory) = kept?;
    count_loads(tx, board, &Lane::from_name(&lane), &parsed(&memory)?)
}

pub(super) fn loads(connection: &Connection, board: &BoardId) -> Result<Loads> {
    let mut statement = connection.prepare_cached(
        "SELECT member, SUM(open), SUM(given), MAX(last) FROM loads WHERE board = ?1 GROUP BY member",
    )?;
    let load = |row: &rusqlite::Row<'_>| {
        let load = Load {
            open: row.get(1)?,
            given: row.get(2)?,
            last: row.get::<_, Option<i64>>(3)?.map(instant),
        };
        Ok((MemberId::new(row.get::<_, String>(0)?), load))
    };
    statement.query_map([board.as_str()], load)?.collect()
}

fn history(tx: &Transaction<'_>, board: &BoardId, lane: &Lane, line: &HistoryLine) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO history (board, lane, at, kind, decision, who, version, line, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        board.as_str(), lane.as_str(), micros(line.at), line.kind, line.decision, line.who, line.version.0, line.text,
        line.data.to_string()
    ])
    .map(drop)
}

/// In its slot an effect takes the place of one that has not been begun, and inherits the doubt of
/// one that has.
fn enqueue(
    tx: &Transaction<'_>,
    board: &BoardId,
    lane: &Lane,
    effect: &Effect,
    now: Timestamp,
) -> Result<()> {
    let mut doubt = false;
    if let Some(slot) = &effect.slot {
        let key = params![board.as_str(), lane.as_str(), slot];
        let began: Option<bool> = tx
            .prepare_cached("SELECT MAX(doubt) FROM outbox WHERE board = ?1 AND lane = ?2 AND slot = ?3 AND dead IS NULL")?
            .query_row(key, |row| row.get(0))?;
        doubt = began.unwrap_or(false);
        tx.prepare_cached(
            "DELETE FROM outbox WHERE board = ?1 AND lane = ?2 AND slot = ?3 AND dead IS NULL",
        )?
        .execute(key)?;
    }
    tx.prepare_cached("INSERT INTO outbox (board, lane, slot, effect, not_before, doubt, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?5)")?
        .execute(params![board.as_str(), lane.as_str(), effect.slot, json(effect), micros(now), doubt])
        .map(drop)
}

fn change_row(tx: &Transaction<'_>, id: i64, change: &RowChange) -> Result<()> {
    match change {
        RowChange::Done => tx.execute("DELETE FROM outbox WHERE id = ?1", [id])?,
        RowChange::Begun => tx.execute("UPDATE outbox SET doubt = 1 WHERE id = ?1", [id])?,
        RowChange::Later { not_before, doubt } => tx.execute(
            "UPDATE outbox SET not_before = ?2, doubt = ?3 WHERE id = ?1",
            params![id, micros(*not_before), doubt],
        )?,
        RowChange::Again {
            not_before, doubt, ..
        } => tx.execute(
            "UPDATE outbox SET attempts = attempts + 1, not_before = ?2, doubt = ?3 WHERE id = ?1",
            params![id, micros(*not_before), doubt],
        )?,
        RowChange::Dead { why } => tx.execute(
            "UPDATE outbox SET attempts = attempts + 1, dead = ?2 WHERE id = ?1",
            params![id, why],
        )?,
    };
    Ok(())
}

fn timers(tx: &Transaction<'_>, board: &BoardId, commit: &Commit) -> Result<()> {
    for (name, at) in &commit.timers {
        let lane = commit.lane.as_str();
        match at {
            Some(at) => tx.execute(
                "INSERT INTO timers (board, lane, name, at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (board, lane, name) DO UPDATE SET at = ?4",
                params![board.as_str(), lane, name, micros(*at)],
            )?,
            None => tx.execute(
                "DELETE FROM timers WHERE board = ?1 AND lane = ?2 AND name = ?3",
                params![board.as_str(), lane, name],
            )?,
        };
    }
    Ok(())
}

fn trouble(tx: &Transaction<'_>, board: &BoardId, commit: &Commit) -> Result<()> {
    let lane = commit.lane.as_str();
    if let Some(until) = commit.back_off {
        tx.execute(
            "INSERT INTO lanes (board, lane, attempts, not_before) VALUES (?1, ?2, 1, ?3)
             ON CONFLICT (board, lane) DO UPDATE SET attempts = attempts + 1, not_before = ?3",
            params![board.as_str(), lane, micros(until)],
        )?;
    }
    if let Some(until) = commit.wait {
        tx.execute(
            "INSERT INTO lanes (board, lane, not_before) VALUES (?1, ?2, ?3)
             ON CONFLICT (board, lane) DO UPDATE SET not_before = ?3",
            params![board.as_str(), lane, micros(until)],
        )?;
    }
    if let Some(reason) = &commit.bury {
        tx.execute(
            "UPDATE events SET dead = ?3 WHERE board = ?1 AND lane = ?2 AND judged_at IS NULL AND dead IS NULL",
            params![board.as_str(), lane, reason],
        )?;
        tx.execute(
            "UPDATE lanes SET attempts = 0, not_before = NULL WHERE board = ?1 AND lane = ?2",
            params![board.as_str(), lane],
        )?;
        tx.execute(
            "DELETE FROM timers WHERE board = ?1 AND lane = ?2 AND at <= ?3",
            params![board.as_str(), lane, micros(commit.now)],
        )?;
    }
    Ok(())
}

pub(super) fn counts(connection: &Connection, board: &BoardId) -> Result<BTreeMap<StageKey, u32>> {
    let mut statement =
        connection.prepare_cached("SELECT standing, COUNT(*) FROM lanes WHERE board = ?1 AND standing IS NOT NULL GROUP BY standing")?;
    let rows = statement.query_map([board.as_str()], |row| {
        Ok((row.get::<_, String>(0)?, row.get(1)?))
    })?;
    rows.map(|row| row.map(|(stage, count)| (StageKey::from(stage.as_str()), count)))
        .collect()
}
