//! A file that people have too: read, and replaced whole by whoever holds it alone.

use super::super::Outcome;
use super::{refused, retry};
use std::ffi::OsString;
use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::{Path, PathBuf};
use std::time::Duration;

const MOST_BYTES: u64 = 32 << 20;
/// Another of our writers is waited for so often, so long.
const ROUNDS: u32 = 400;
const ROUND: Duration = Duration::from_millis(25);

/// The file, which no other Signalman writes meanwhile.
pub(super) struct Held {
    path: PathBuf,
    file: File,
    stood: Metadata,
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, Outcome> {
    let file = File::open(path).map_err(|error| lost(&error))?;
    bounded(&file)
}

impl Held {
    pub(super) fn take(path: &Path) -> Result<Self, Outcome> {
        // What is replaced is the file, not the link to it.
        let path = path.canonicalize().map_err(|error| lost(&error))?;
        for _ in 0..ROUNDS {
            let file = File::open(&path).map_err(|error| lost(&error))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    std::thread::sleep(ROUND);
                    continue;
                }
                Err(TryLockError::Error(error)) => return Err(lost(&error)),
            }
            let stood = file.metadata().map_err(|error| lost(&error))?;
            let now = fs::metadata(&path).map_err(|error| lost(&error))?;
            // Whoever held it before may have put another in its place.
            if same(&stood, &now) {
                return Ok(Self { path, file, stood });
            }
        }
        Err(retry("another program is writing the file"))
    }

    pub(super) fn read(&self) -> Result<Vec<u8>, Outcome> {
        bounded(&self.file)
    }

    pub(super) fn replace(&self, bytes: &[u8]) -> Result<(), Outcome> {
        self.in_use()?;
        if self.stood.permissions().readonly() {
            return Err(refused("the file is read-only"));
        }
        let name = self.path.file_name().unwrap_or_default();
        let folder = self.path.parent().unwrap_or(Path::new("/"));
        let mut prefix = OsString::from(".");
        prefix.push(name);
        prefix.push(".signalman-");
        sweep(folder, &prefix).map_err(|error| lost(&error))?;
        let made = tempfile::Builder::new().prefix(&prefix).tempfile_in(folder);
        let mut made = made.map_err(|error| lost(&error))?;
        let owner = (self.stood.uid(), self.stood.gid());
        let own = made.as_file().metadata().map_err(|error| lost(&error))?;
        if (own.uid(), own.gid()) != owner
            && fchown(made.as_file(), Some(owner.0), Some(owner.1)).is_err()
        {
            let why = "the file belongs to another user, who could lose it: let it belong to the user that the service runs as";
            return Err(refused(why));
        }
        let written = made
            .as_file()
            .set_permissions(self.stood.permissions())
            .and_then(|()| made.write_all(bytes))
            .and_then(|()| made.as_file().sync_all());
        written.map_err(|error| lost(&error))?;
        self.in_use()?;
        let now = fs::metadata(&self.path).map_err(|error| lost(&error))?;
        if !same(&self.stood, &now) {
            return Err(retry("somebody has just changed the file"));
        }
        made.persist(&self.path)
            .map_err(|error| lost(&error.error))?;
        let kept = File::open(folder).and_then(|folder| folder.sync_all());
        kept.map_err(|_| Outcome::Unknown {
            why: "the disk did not keep the file".into(),
        })
    }

    /// As LibreOffice and Excel say it.
    fn in_use(&self) -> Result<(), Outcome> {
        let name = self.path.file_name().unwrap_or_default();
        let around = [(".~lock.", "#", "LibreOffice"), ("~$", "", "Excel")];
        for (before, after, program) in around {
            let mut lock = OsString::from(before);
            lock.push(name);
            lock.push(after);
            if fs::symlink_metadata(self.path.with_file_name(&lock)).is_ok() {
                let lock = lock.to_string_lossy();
                let why = format!(
                    "the file is open in {program}; it will be written when it is closed. If nobody has it open, delete {lock} beside it"
                );
                return Err(retry(why));
            }
        }
        Ok(())
    }
}

/// What a writer left who was killed: nobody else writes now.
fn sweep(folder: &Path, prefix: &OsString) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (name, prefix) = (entry.file_name(), prefix.as_encoded_bytes());
        if name.as_encoded_bytes().starts_with(prefix) && entry.file_type()?.is_file() {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn same(one: &Metadata, other: &Metadata) -> bool {
    let marks = |of: &Metadata| (of.dev(), of.ino(), of.size(), of.mtime(), of.mtime_nsec());
    marks(one) == marks(other)
}

fn bounded(file: &File) -> Result<Vec<u8>, Outcome> {
    let mut bytes = Vec::new();
    let read = file.take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| lost(&error))?;
    match bytes.len() as u64 > MOST_BYTES {
        true => Err(refused("the file is larger than 32 MB")),
        false => Ok(bytes),
    }
}

/// Disks fill up, shares go and come back; nothing was done that reading would not show.
fn lost(error: &io::Error) -> Outcome {
    match error.kind() {
        io::ErrorKind::NotFound => retry("there is no such file; make one, be it empty"),
        _ => retry(error.to_string()),
    }
}
