//! `dead`, `retry`, `backup`, `restore`: what the person who hosts it does with the store.

use super::connect::clock;
use super::stored::StoreArgs;
use super::terminal::line;
use crate::model::Lane;
use crate::store::{self, DeadLetter};
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

#[derive(Args)]
pub(super) struct Restore {
    /// A file that `signalman backup` wrote
    from: PathBuf,
    #[command(flatten)]
    store: StoreArgs,
}

pub(super) async fn dead(args: Dead) -> anyhow::Result<()> {
    let letters = args.store.existing().await?.dead(None).await?;
    if letters.is_empty() {
        line("Nothing was given up.");
    }
    for letter in &letters {
        line(format!(
            "{}  {}  board {}, {}: {}\n    {}",
            letter.id,
            letter.at,
            letter.board,
            place(&letter.lane),
            what(letter),
            letter.reason
        ));
    }
    Ok(())
}

/// Whose it was.
fn place(lane: &Lane) -> String {
    match lane {
        Lane::Post(post) => format!("messages to member {} by {}", post.member(), post.way()),
        lane => format!("card {}", lane.as_str()),
    }
}

/// What was to be judged or done, in a few words.
fn what(letter: &DeadLetter) -> String {
    let value: serde_json::Value = serde_json::from_str(&letter.body).unwrap_or_default();
    let (part, name) = match letter.kind.as_str() {
        "effect" => ("deed", "deed"),
        kind => ("kind", kind),
    };
    let inner = &value[part];
    let told = inner[name]
        .as_str()
        .or(inner["kind"].as_str())
        .unwrap_or("unreadable");
    let said = inner["text"].as_str().or(inner["name"].as_str());
    let said: String = said
        .and_then(|text| text.lines().next())
        .unwrap_or_default()
        .chars()
        .take(80)
        .collect();
    format!("{} “{told}” {said}", letter.kind).trim().to_owned()
}

pub(super) async fn retry(args: Retry) -> anyhow::Result<()> {
    let again = args
        .store
        .existing()
        .await?
        .retry(&args.ids, clock()())
        .await?;
    line(format!(
        "{again} will be tried again by the running service."
    ));
    Ok(())
}

pub(super) async fn backup(args: Backup) -> anyhow::Result<()> {
    args.store.file()?.backup(&args.to).await?;
    line(format!("The store was copied to {}.", args.to.display()));
    Ok(())
}

pub(super) async fn restore(args: Restore) -> anyhow::Result<()> {
    let (path, _lock) = args.store.closed()?;
    let time = clock()().strftime("%Y-%m-%dT%H-%M-%SZ");
    let aside = PathBuf::from(format!("{}.before-restore-{time}", path.display()));
    let stood = path.exists();
    store::restore(&args.from, &path, &aside)?;
    let boards = args.store.open().await?.boards().await?.len();
    line(format!(
        "The store is what it was when {} was taken (boards in it: {boards}). `signalman serve` catches up from Trello by itself with what has happened since.",
        args.from.display()
    ));
    if stood {
        line(format!(
            "The store as it stood is kept as {}.",
            aside.display()
        ));
    }
    Ok(())
}
