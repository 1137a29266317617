//! The tables, version by version. A version that has shipped is never edited: the next one is added.

use crate::store::{Result, StoreError};
use rusqlite::Connection;

const VERSIONS: &[&str] = &["
CREATE TABLE boards (
    board TEXT PRIMARY KEY, version TEXT NOT NULL, process TEXT NOT NULL, bindings TEXT NOT NULL,
    state TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE seen (board TEXT PRIMARY KEY, action TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE versions (
    board TEXT NOT NULL, version TEXT NOT NULL, process TEXT NOT NULL, bindings TEXT NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (board, version)) STRICT;
CREATE TABLE events (
    n INTEGER PRIMARY KEY, board TEXT NOT NULL, action TEXT NOT NULL, lane TEXT NOT NULL,
    at INTEGER NOT NULL, received_at INTEGER NOT NULL, judged_at INTEGER, dead TEXT, body TEXT,
    UNIQUE (board, action)) STRICT;
CREATE INDEX events_waiting ON events (board, lane, received_at) WHERE judged_at IS NULL AND dead IS NULL;
CREATE INDEX events_judged ON events (judged_at) WHERE body IS NOT NULL AND judged_at IS NOT NULL;
CREATE TABLE lanes (
    board TEXT NOT NULL, lane TEXT NOT NULL, memory TEXT, standing TEXT,
    attempts INTEGER NOT NULL DEFAULT 0, not_before INTEGER, PRIMARY KEY (board, lane)) STRICT;
CREATE INDEX lanes_standing ON lanes (board, standing) WHERE standing IS NOT NULL;
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, board TEXT NOT NULL, lane TEXT NOT NULL, slot TEXT,
    effect TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, not_before INTEGER NOT NULL,
    doubt INTEGER NOT NULL DEFAULT 0, dead TEXT, at INTEGER NOT NULL) STRICT;
CREATE INDEX outbox_waiting ON outbox (board, lane, id) WHERE dead IS NULL;
CREATE TABLE timers (
    board TEXT NOT NULL, lane TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (board, lane, name)) STRICT;
CREATE INDEX timers_due ON timers (at);
CREATE TABLE history (
    n INTEGER PRIMARY KEY, board TEXT NOT NULL, lane TEXT NOT NULL, at INTEGER NOT NULL,
    kind TEXT NOT NULL, decision TEXT, who TEXT, version TEXT NOT NULL, line TEXT NOT NULL,
    data TEXT NOT NULL) STRICT;
CREATE INDEX history_lane ON history (board, lane, n);
CREATE INDEX history_decision ON history (board, decision);
CREATE TABLE aside (
    n INTEGER PRIMARY KEY, board TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, reason TEXT NOT NULL) STRICT;
", "
ALTER TABLE lanes ADD COLUMN edition INTEGER NOT NULL DEFAULT 0;
", "
ALTER TABLE boards ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
CREATE INDEX boards_state ON boards (board, state);
CREATE TRIGGER boards_revised AFTER UPDATE OF version, process, bindings, state ON boards BEGIN
    UPDATE boards SET revision = revision + 1 WHERE board = NEW.board;
END;
", "
CREATE TABLE loads (
    board TEXT NOT NULL, lane TEXT NOT NULL, member TEXT NOT NULL, open INTEGER NOT NULL,
    given INTEGER NOT NULL, last INTEGER, PRIMARY KEY (board, lane, member)) STRICT;
"];

/// Brings the file to the newest version, one transaction for each step.
pub(super) fn migrate(connection: &mut Connection) -> Result<()> {
    let have = version(connection)?;
    for (version, sql) in (1..).zip(VERSIONS).filter(|(version, _)| *version > have) {
        let step = connection.transaction().map_err(open)?;
        step.execute_batch(sql).map_err(open)?;
        step.pragma_update(None, "user_version", version)
            .map_err(open)?;
        step.commit().map_err(open)?;
    }
    Ok(())
}

/// Whether the file is a store of a version that this program knows.
pub(super) fn known(connection: &Connection) -> Result<()> {
    match version(connection)? {
        0 => Err(StoreError::Open("it is not a store of Signalman's".into())),
        _ => Ok(()),
    }
}

/// The file's version; none of a newer program's.
pub(super) fn version(connection: &Connection) -> Result<u32> {
    let have: u32 = connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(open)?;
    let newest = VERSIONS.len();
    if have as usize > newest {
        return Err(StoreError::Open(format!(
            "the file is of version {have} and this program knows {newest}: use the newer program that wrote it"
        )));
    }
    Ok(have)
}

fn open(error: rusqlite::Error) -> StoreError {
    StoreError::Open(super::said(&error))
}
