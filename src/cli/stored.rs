//! Which store a command works on: a file beside it, or the Redis that several machines share. The
//! address of a Redis holds a password, so it is never repeated.

use crate::engine::SharedWindows;
use crate::store::{Redis, SCHEMES, Sqlite, Store};
use crate::trello::Trello;
use anyhow::{Context, bail};
use clap::Args;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

#[derive(Args, Clone)]
pub(super) struct StoreArgs {
    /// File of the embedded store, or redis://… where several machines share one
    #[arg(
        long,
        env = "STORE",
        default_value = "signalman.db",
        hide_env_values = true
    )]
    store: String,
}

const IN_REDIS: &str = "the store is a Redis: copy it and put it back by its own means, such as `redis-cli --rdb FILE` or your provider's backups";
/// How long the service waits for one that is still ending.
const OTHER_ENDS_WITHIN: Duration = Duration::from_secs(30);

/// The store as the service has it.
pub(super) struct Joined {
    pub(super) store: Arc<dyn Store>,
    file: Option<Arc<Sqlite>>,
    redis: Option<Arc<Redis>>,
    _lock: Option<File>,
}

impl StoreArgs {
    /// None where it is the address of a Redis.
    fn path(&self) -> anyhow::Result<Option<PathBuf>> {
        match self.store.split_once("://") {
            None => Ok(Some(PathBuf::from(&self.store))),
            Some((scheme, _)) if SCHEMES.contains(&scheme) => Ok(None),
            Some((scheme, _)) => bail!(
                "STORE={scheme}://… is neither a file nor a Redis: write /data/signalman.db, redis://…, rediss://…, \
                 redis+sentinel://… or redis+cluster://…"
            ),
        }
    }

    /// Opens the store, and makes it if there is none.
    pub(super) async fn open(&self) -> anyhow::Result<Arc<dyn Store>> {
        Ok(match self.path()? {
            Some(path) => Arc::new(Sqlite::open(&path)?),
            None => Arc::new(Redis::open(&self.store).await?),
        })
    }

    /// For commands that ask something of a store: a mistyped path is no new one.
    pub(super) async fn existing(&self) -> anyhow::Result<Arc<dyn Store>> {
        match self.path()? {
            Some(_) => Ok(self.file()?),
            None => self.open().await,
        }
    }

    /// The file, where that is what the store is.
    pub(super) fn file(&self) -> anyhow::Result<Arc<Sqlite>> {
        let path = self.path()?.context(IN_REDIS)?;
        if !path.exists() {
            bail!(
                "there is no store at {}: name the file that `setup` and `serve` use, by --store or STORE",
                path.display()
            );
        }
        Ok(Arc::new(Sqlite::open(&path)?))
    }

    /// The file itself, while no service uses it.
    pub(super) fn closed(&self) -> anyhow::Result<(PathBuf, File)> {
        let path = self.path()?.context(IN_REDIS)?;
        let lock = lock_file(&path)?;
        if let Err(TryLockError::WouldBlock) = lock.try_lock() {
            bail!(
                "a `signalman serve` uses the store {}: end it first, nothing was changed",
                path.display()
            );
        }
        Ok((path, lock))
    }

    /// For the service: alone with a file, as one of several machines with a Redis.
    pub(super) async fn join(&self) -> anyhow::Result<Joined> {
        let Some(path) = self.path()? else {
            let redis = Arc::new(Redis::open(&self.store).await?);
            redis.join().await?;
            return Ok(Joined {
                store: Arc::<Redis>::clone(&redis),
                file: None,
                redis: Some(redis),
                _lock: None,
            });
        };
        // Opened when it is ours alone: another file may have been put in its place until then.
        let lock = alone(&path).await?;
        let store = Arc::new(Sqlite::open(&path)?);
        Ok(Joined {
            store: Arc::<Sqlite>::clone(&store),
            file: Some(store),
            redis: None,
            _lock: Some(lock),
        })
    }
}

impl Joined {
    /// Whether the file is whole. A large one takes seconds to be read, so the doors are open by then.
    pub(super) async fn check(&self) -> anyhow::Result<()> {
        match &self.file {
            Some(file) => Ok(file.check().await?),
            None => Ok(()),
        }
    }

    /// Machines that share a store share what Trello lets one token ask. `mark` tells the token.
    pub(super) fn windows(&self, trello: Trello, mark: &str) -> Trello {
        match &self.redis {
            None => trello,
            Some(redis) => {
                trello.with_windows(Arc::new(SharedWindows::new(Arc::clone(redis), mark)))
            }
        }
    }
}

/// Two services on one file would say everything twice.
async fn alone(path: &Path) -> anyhow::Result<File> {
    let lock = lock_file(path)?;
    let mut waited = Duration::ZERO;
    while let Err(TryLockError::WouldBlock) = lock.try_lock() {
        if waited.is_zero() {
            tracing::warn!(
                store = %path.display(),
                "another service still uses this store; waiting for its end"
            );
        }
        if waited >= OTHER_ENDS_WITHIN {
            bail!(
                "another `signalman serve` uses the store {}: end it first",
                path.display()
            );
        }
        let step = Duration::from_millis(200);
        tokio::time::sleep(step).await;
        waited += step;
    }
    Ok(lock)
}

fn lock_file(store: &Path) -> anyhow::Result<File> {
    let path = PathBuf::from(format!("{}.lock", store.display()));
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    folder
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| File::create(&path))
        .with_context(|| {
            format!(
                "cannot write {}: this service must be let write to the store's folder",
                path.display()
            )
        })
}
