//! What most commands need: Trello, the board, the clock. A wrong key, token or secret is told at the
//! start, in one sentence, with where to get a right one.

use crate::engine::Clock;
use crate::model::{BoardId, Member, hex};
use crate::store::Store;
use crate::target::Secrets;
use crate::trello::{BoardPart, Credentials, Failure, Guests, Trello};
use anyhow::{Context, anyhow, bail};
use clap::Args;
use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
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

/// Asking again would change nothing.
pub(super) fn fatal(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Forbidden { .. } | Failure::Missing | Failure::Refused { .. }
    )
}

impl TrelloArgs {
    pub(super) fn client(&self, clock: Clock) -> anyhow::Result<Trello> {
        let key = self.key()?;
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

    /// Whom the app asks who they are.
    pub(super) fn guests(&self, authorize: Url) -> anyhow::Result<Guests> {
        Ok(Guests::new(&self.trello_api_url, authorize, self.key()?)?)
    }

    fn key(&self) -> anyhow::Result<SecretString> {
        let key = self.trello_key.clone().and_then(trimmed);
        key.context("TRELLO_KEY is not set: the API key of your Trello app, from https://trello.com/power-ups/admin")
    }

    /// Tells one token of one key from another, and nobody reads them out of it.
    pub(super) fn mark(&self) -> String {
        let plain = |secret: &Option<SecretString>| {
            let secret = secret.clone().and_then(trimmed);
            secret.map_or_else(String::new, |secret| secret.expose_secret().to_owned())
        };
        let both = format!("{} {}", plain(&self.trello_key), plain(&self.trello_token));
        hex(&Sha256::digest(both)[..8])
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

/// Only those that a process file may name.
#[expect(clippy::disallowed_methods, reason = "the environment ends here")]
pub(super) fn keys_of_places() -> Secrets {
    Secrets::new(|name| {
        let ours = name.starts_with("TARGET_") || name.starts_with("NOTIFY_");
        // Keys that come from files end with a line.
        let value = ours.then(|| std::env::var(name).ok()).flatten();
        let value = value.map(|value| value.trim().to_owned());
        value
            .filter(|value| !value.is_empty())
            .map(SecretString::from)
    })
}

/// The machine's clock plus an offset.
#[expect(clippy::disallowed_methods, reason = "the one clock of the service")]
pub(super) fn clock_with(offset: SignedDuration) -> Clock {
    Arc::new(move || jiff::Timestamp::now() + offset)
}
