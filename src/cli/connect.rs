//! What most commands need: Trello, the store, the clock. A wrong key, token or secret is told at the
//! start, in one sentence, with where to get a right one.

use crate::engine::Clock;
use crate::model::{BoardId, Member};
use crate::store::{Sqlite, Store};
use crate::trello::{BoardPart, Credentials, Failure, Trello};
use anyhow::{Context, anyhow, bail};
use clap::Args;
use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};
use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

#[derive(Args, Clone)]
pub(super) struct TrelloArgs {
    /// API key of your Trello app, from https://trello.com/power-ups/admin
    #[arg(long, env = "TRELLO_KEY", hide_env_values = true)]
    trello_key: Option<SecretString>,
    /// Token of the account Signalman acts as
    #[arg(long, env = "TRELLO_TOKEN", hide_env_values = true)]
    trello_token: Option<SecretString>,
    /// Trello's API root
    #[arg(
        long,
        env = "TRELLO_API_URL",
        default_value = "https://api.trello.com/1"
    )]
    trello_api_url: Url,
}

#[derive(Args, Clone)]
pub(super) struct StoreArgs {
    /// File of the embedded store
    #[arg(long, env = "STORE", default_value = "signalman.db")]
    store: String,
}

/// How long the service waits for one that is still ending.
const OTHER_ENDS_WITHIN: Duration = Duration::from_secs(30);

impl StoreArgs {
    fn path(&self) -> anyhow::Result<PathBuf> {
        if self.store.contains("://") {
            bail!(
                "STORE={} is not a file: this version keeps its memory in a file, such as /data/signalman.db",
                self.store
            );
        }
        Ok(PathBuf::from(&self.store))
    }

    /// Opens the store, and makes it if there is none.
    pub(super) fn open(&self) -> anyhow::Result<Arc<Sqlite>> {
        Ok(Arc::new(Sqlite::open(&self.path()?)?))
    }

    /// For commands that ask something of a store: a mistyped path is no new one.
    pub(super) fn existing(&self) -> anyhow::Result<Arc<Sqlite>> {
        let path = self.path()?;
        if !path.exists() {
            bail!(
                "there is no store at {}: name the file that `setup` and `serve` use, by --store or STORE",
                path.display()
            );
        }
        self.open()
    }

    /// For the service: two on one store would say everything twice. The store is opened when it is
    /// ours alone, for another file may have been put in its place until then.
    pub(super) async fn open_alone(&self) -> anyhow::Result<(Arc<Sqlite>, File)> {
        let lock = self.lock_file()?;
        let mut waited = Duration::ZERO;
        while let Err(TryLockError::WouldBlock) = lock.try_lock() {
            if waited.is_zero() {
                tracing::warn!(
                    store = self.store,
                    "another service still uses this store; waiting for its end"
                );
            }
            if waited >= OTHER_ENDS_WITHIN {
                bail!(
                    "another `signalman serve` uses the store {}: end it first",
                    self.store
                );
            }
            let step = Duration::from_millis(200);
            tokio::time::sleep(step).await;
            waited += step;
        }
        let store = self.open()?;
        store.check().await?;
        Ok((store, lock))
    }

    /// The file itself, while no service uses it.
    pub(super) fn closed(&self) -> anyhow::Result<(PathBuf, File)> {
        let lock = self.lock_file()?;
        if let Err(TryLockError::WouldBlock) = lock.try_lock() {
            bail!(
                "a `signalman serve` uses the store {}: end it first, nothing was changed",
                self.store
            );
        }
        Ok((self.path()?, lock))
    }

    fn lock_file(&self) -> anyhow::Result<File> {
        let path = PathBuf::from(format!("{}.lock", self.path()?.display()));
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
}

/// Asking again would change nothing.
pub(super) fn fatal(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Forbidden { .. } | Failure::Missing | Failure::Refused { .. }
    )
}

impl TrelloArgs {
    pub(super) fn client(&self, clock: Clock) -> anyhow::Result<Trello> {
        let key = self.trello_key.clone().and_then(trimmed).context("TRELLO_KEY is not set: the API key of your Trello app, from https://trello.com/power-ups/admin")?;
        let token = self.trello_token.clone().and_then(trimmed).context(
            "TRELLO_TOKEN is not set: signed in as the account Signalman shall act as, open \
             https://trello.com/1/authorize?expiration=never&scope=read,write&response_type=token&name=Signalman&key=<your key>",
        )?;
        Ok(Trello::new(
            &self.trello_api_url,
            &Credentials { key, token },
            clock,
        )?)
    }

    /// Connects and says who we are.
    pub(super) async fn connect(&self, clock: Clock) -> anyhow::Result<(Arc<Trello>, Member)> {
        let trello = self.client(clock)?.patient();
        match trello.me().await {
            Ok(me) => Ok((Arc::new(trello), me)),
            Err(failure) => Err(self.trouble(failure)),
        }
    }

    /// Which of key and token it is, and how to get a right one.
    pub(super) fn trouble(&self, failure: Failure) -> anyhow::Error {
        match failure {
            Failure::Forbidden { message } if message.contains("key") => {
                anyhow!(
                    "Trello does not know this TRELLO_KEY; copy it again from https://trello.com/power-ups/admin (your app, “API key”)"
                )
            }
            Failure::Forbidden { .. } | Failure::Missing => anyhow!(
                "Trello does not accept this TRELLO_TOKEN; it belongs to another key, has expired or was revoked. Make a new one at \
                 https://trello.com/1/authorize?expiration=never&scope=read,write&response_type=token&name=Signalman&key=<your key>"
            ),
            failure => anyhow!(
                "Trello does not answer at {}: {failure}",
                self.trello_api_url
            ),
        }
    }
}

/// Copied with a line break or blanks around it; none where nothing is left.
fn trimmed(secret: SecretString) -> Option<SecretString> {
    let text = secret.expose_secret().trim();
    (!text.is_empty()).then(|| SecretString::from(text))
}

/// A board's id, its short link, or its address in the browser.
pub(super) fn board_ref(text: &str) -> BoardId {
    let after = text.split("/b/").nth(1).unwrap_or(text);
    BoardId::new(after.split('/').next().unwrap_or(after))
}

/// The board's full id: the store and Trello's events know it by that.
pub(super) async fn board_id(trello: &Trello, text: &str) -> anyhow::Result<BoardId> {
    match trello
        .board(&board_ref(text), BoardPart::WithoutCards)
        .await
    {
        Ok(board) => Ok(board.id),
        Err(Failure::Missing) => bail!(
            "Trello shows no board “{text}” to this token's account: check the address (https://trello.com/b/…), and that the account is a member of the board"
        ),
        Err(failure) => Err(failure.into()),
    }
}

/// The board's id without asking Trello: as given, or found in the store by what it was attached as.
pub(super) async fn stored_board(store: &dyn Store, text: &str) -> anyhow::Result<BoardId> {
    let wanted = board_ref(text);
    let boards = store.boards().await?;
    if let Some(found) = boards.iter().find(|board| **board == wanted) {
        return Ok(found.clone());
    }
    let known: Vec<_> = boards.iter().map(ToString::to_string).collect();
    match known.as_slice() {
        [] => bail!("no board is attached yet: `signalman setup BOARD` attaches one"),
        [only] if text == "-" => Ok(only.as_str().into()),
        known => bail!(
            "the board “{text}” is not attached here; attached are {}",
            known.join(", ")
        ),
    }
}

pub(super) fn clock() -> Clock {
    clock_with(SignedDuration::ZERO)
}

/// The machine's clock plus an offset.
#[expect(clippy::disallowed_methods, reason = "the one clock of the service")]
pub(super) fn clock_with(offset: SignedDuration) -> Clock {
    Arc::new(move || jiff::Timestamp::now() + offset)
}
