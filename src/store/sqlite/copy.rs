//! Copies of the file: a backup taken while the service runs, and a backup put in its place again.
//! At no instant is there half a store, and nothing is ever thrown away.

use super::{Sqlite, private, schema, whole};
use crate::store::{Result, StoreError};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

impl Sqlite {
    /// A consistent copy, taken while the service runs. Never overwrites.
    pub async fn backup(&self, to: &Path) -> Result<()> {
        let to = to.to_owned();
        if to.exists() {
            return Err(StoreError::Copy(format!(
                "{} exists already: name another file",
                to.display()
            )));
        }
        self.read(move |connection| Ok(copy(connection, &to, |_| Ok(()))))
            .await?
    }
}

/// All in one step: between two, somebody's writing would begin the copy anew, and under load it
/// would never end.
fn copy(
    from: &Connection,
    to: &Path,
    then: impl FnOnce(&Connection) -> rusqlite::Result<()>,
) -> Result<()> {
    let told = |error: &dyn std::fmt::Display| {
        let _ = fs::remove_file(to);
        StoreError::Copy(format!("{}: {error}", to.display()))
    };
    File::create_new(to).map_err(|error| told(&error))?;
    private(to).map_err(|error| told(&error))?;
    let mut made = Connection::open(to).map_err(|error| told(&error))?;
    let step = Backup::new(from, &mut made).and_then(|backup| backup.step(-1));
    match step.map_err(|error| told(&error))? {
        StepResult::Done => {}
        other => return Err(told(&format!("the store is in use ({other:?}): try again"))),
    }
    // One file that needs none beside it.
    let then = then(&made).and_then(|()| made.execute_batch("PRAGMA journal_mode = DELETE"));
    then.map_err(|error| told(&error))?;
    whole(&made).map_err(|error| told(&error))??;
    drop(made);
    File::open(to)
        .and_then(|file| file.sync_all())
        .map_err(|error| told(&error))
}

/// Puts a backup in place of the store; what stood there is kept under `aside`. Nobody may have the
/// store open. What waited in the backup to be done may have been done since: it is looked up first.
pub fn restore(backup: &Path, store: &Path, aside: &Path) -> Result<()> {
    let fail = |path: &Path, error: &dyn std::fmt::Display| {
        StoreError::Copy(format!("{}: {error}", path.display()))
    };
    let from = Connection::open_with_flags(backup, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .map_err(|error| fail(backup, &error))?;
    sound(&from).map_err(|error| fail(backup, &error))?;
    let new = beside(store, ".restoring");
    for ending in ["", "-wal", "-shm", "-journal"] {
        remove(&beside(&new, ending))?;
    }
    copy(&from, &new, |made| {
        made.execute_batch("UPDATE outbox SET doubt = 1")
    })?;
    if store.exists() {
        settle(store, aside)?;
        fs::hard_link(store, aside)
            .or_else(|_| fs::copy(store, aside).map(drop))
            .map_err(|error| fail(aside, &error))?;
    }
    fs::rename(&new, store).map_err(|error| fail(store, &error))?;
    let folder = store
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(|error| fail(store, &error))
}

/// It is one of ours, whole, and of a version this program knows.
fn sound(from: &Connection) -> std::result::Result<(), String> {
    let text = |error: rusqlite::Error| error.to_string();
    schema::known(from).map_err(|error| error.to_string())?;
    whole(from)
        .map_err(text)?
        .map_err(|error| error.to_string())
}

/// The old file's log goes into the file, or would be read into the new one. Where the old file is
/// past reading, its log is kept beside it.
fn settle(store: &Path, aside: &Path) -> Result<()> {
    let merged = Connection::open(store).and_then(|old| {
        old.busy_timeout(Duration::from_secs(1))?;
        old.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
    });
    let in_use = match merged {
        // Whoever closes last takes the log away.
        Ok(busy) => busy || beside(store, "-wal").exists(),
        Err(error) => error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy),
    };
    if in_use {
        let told = "another program has the store open: end it first";
        return Err(StoreError::Copy(format!("{}: {told}", store.display())));
    }
    for ending in ["-wal", "-shm"] {
        let log = beside(store, ending);
        let kept = beside(aside, ending);
        match fs::rename(&log, &kept) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::Copy(format!("{}: {error}", log.display())));
            }
            _ => {}
        }
    }
    Ok(())
}

/// What an attempt that was cut off left.
fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::Copy(format!("{}: {error}", path.display())))
        }
        _ => Ok(()),
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
