//! `dead`, `retry`, `backup`: what the person who hosts it does with the store.

use super::connect::{StoreArgs, clock};
use super::terminal::line;
use crate::store::Store;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct Dead {
    #[command(flatten)]
    store: StoreArgs,
}

#[derive(Args)]
pub(super) struct Retry {
    /// Numbers as `signalman dead` lists them; none: all
    ids: Vec<i64>,
    #[command(flatten)]
    store: StoreArgs,
}

#[derive(Args)]
pub(super) struct Backup {
    /// The file to write; it must not exist yet
    to: PathBuf,
    #[command(flatten)]
    store: StoreArgs,
}

pub(super) async fn dead(args: Dead) -> anyhow::Result<()> {
    let letters = args.store.open()?.dead(None).await?;
    if letters.is_empty() {
        line("Nothing was given up.");
    }
    for letter in &letters {
        line(format!(
            "{}  {}  {}  card {}  {} attempts\n    {}",
            letter.id,
            letter.at,
            letter.kind,
            letter.lane.as_str(),
            letter.attempts,
            letter.reason
        ));
    }
    Ok(())
}

pub(super) async fn retry(args: Retry) -> anyhow::Result<()> {
    let again = args.store.open()?.retry(&args.ids, clock()()).await?;
    line(format!(
        "{again} will be tried again by the running service."
    ));
    Ok(())
}

pub(super) async fn backup(args: Backup) -> anyhow::Result<()> {
    args.store.open()?.backup(&args.to).await?;
    line(format!("The store was copied to {}.", args.to.display()));
    Ok(())
}
