//! What most commands need: Trello, the store, the clock. A wrong key, token or secret is told at the
//! start, in one sentence, with where to get a right one.

use crate::engine::Clock;
use crate::model::{BoardId, Member};
use crate::store::{Sqlite, Store};
use crate::trello::{BoardPart, Credentials, Failure, Trello};
use anyhow::{Context, bail};
use clap::Args;
use jiff::SignedDuration;
use secrecy::SecretString;
use std::path::PathBuf;
use std::sync::Arc;
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

impl StoreArgs {
    pub(super) fn open(&self) -> anyhow::Result<Arc<Sqlite>> {
        if self.store.contains("://") {
            bail!(
                "STORE={} is not a file: this version keeps its memory in a file, such as /data/signalman.db",
                self.store
            );
        }
        Ok(Arc::new(Sqlite::open(&PathBuf::from(&self.store))?))
    }
}

impl TrelloArgs {
    /// Connects and says who we are.
    pub(super) async fn connect(&self, clock: Clock) -> anyhow::Result<(Arc<Trello>, Member)> {
        let key = self.trello_key.clone().filter(set).context("TRELLO_KEY is not set: the API key of your Trello app, from https://trello.com/power-ups/admin")?;
        let token = self.trello_token.clone().filter(set).context(
            "TRELLO_TOKEN is not set: signed in as the account Signalman shall act as, open \
             https://trello.com/1/authorize?expiration=never&scope=read,write&response_type=token&name=Signalman&key=<your key>",
        )?;
        let trello = Trello::new(&self.trello_api_url, &Credentials { key, token }, clock)?;
        match trello.me().await {
            Ok(me) => Ok((Arc::new(trello), me)),
            Err(Failure::Forbidden { message }) if message.contains("key") => {
                bail!(
                    "Trello does not know this TRELLO_KEY; copy it again from https://trello.com/power-ups/admin (your app, “API key”)"
                )
            }
            Err(Failure::Forbidden { .. } | Failure::Missing) => bail!(
                "Trello does not accept this TRELLO_TOKEN; it belongs to another key, has expired or was revoked. Make a new one at \
                 https://trello.com/1/authorize?expiration=never&scope=read,write&response_type=token&name=Signalman&key=<your key>"
            ),
            Err(failure) => bail!(
                "Trello does not answer at {}: {failure}",
                self.trello_api_url
            ),
        }
    }
}

fn set(secret: &SecretString) -> bool {
    use secrecy::ExposeSecret;
    !secret.expose_secret().trim().is_empty()
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
        [only] if text.is_empty() || text == "-" => Ok(only.as_str().into()),
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
