//! `signalman dossier CARD`: everything about one client, for the terminal or as a page to print.

use super::connect::{TrelloArgs, clock, stored_board};
use super::report::{language, written};
use super::stored::StoreArgs;
use super::terminal::raw;
use crate::engine::kept;
use crate::model::{BoardId, Card, CardId, Lane, Member};
use crate::paper;
use crate::process::judge::{Case, Fresh, NO_LOADS, NO_STRANGERS, outlook};
use crate::process::panel::{Panel, Sight, Viewer, dossier};
use crate::process::{Hand, Language, Memory, file};
use crate::store::{BoardState, Store};
use crate::trello::{Failure, Trello};
use anyhow::{Context, bail};
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct Dossier {
    /// The card: its address, short link or id
    card: String,
    /// The board it is on: its id or address. Default: whichever remembers the card
    #[arg(long)]
    board: Option<String>,
    /// Write one page to print into this file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Language of the page: ru or en. Default: the process's
    #[arg(long, value_parser = language)]
    lang: Option<Language>,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    trello: TrelloArgs,
}

pub(super) async fn run(args: Dossier) -> anyhow::Result<()> {
    let store = args.store.existing().await?;
    let (trello, me) = args.trello.connect(clock()).await?;
    let after = args.card.split("/c/").nth(1).unwrap_or(&args.card);
    let wanted = CardId::new(after.split('/').next().unwrap_or(after));
    // A card that was deleted is known by its id still.
    let id = match trello.card(&wanted, &[]).await {
        Ok((card, _)) => card.id,
        Err(Failure::Missing) => wanted,
        Err(failure) => return Err(failure).context("the card cannot be read"),
    };
    let boards = match &args.board {
        Some(board) => vec![stored_board(&*store, board).await?],
        None => store.boards().await?,
    };
    for board in boards {
        let memory = store.memory(&board, &Lane::Card(id.clone())).await?;
        if let Some(memory) = memory {
            let sheet = sheet(&*store, &trello, &me, &board, &id, memory, args.lang).await?;
            return match &args.html {
                Some(path) => written(path, &paper::html(&sheet)),
                None => {
                    raw(&paper::text(&sheet));
                    Ok(())
                }
            };
        }
    }
    bail!(
        "no attached board remembers the card “{}”: check its address, or name the board with --board",
        args.card
    )
}

async fn sheet(
    store: &dyn Store,
    trello: &Trello,
    me: &Member,
    board: &BoardId,
    id: &CardId,
    memory: Memory,
    language: Option<Language>,
) -> anyhow::Result<paper::Sheet> {
    let record = store.board(board).await?;
    let record = record.context("no process is in force on this board")?;
    let process =
        file::in_force(&record.active.text).context("the process in force cannot be read")?;
    let bindings = &record.active.bindings;
    let fresh = match trello.card_of(board, id, &bindings.custom_fields).await {
        Ok((card, actions)) => Fresh { card, actions },
        Err(Failure::Missing) => Fresh {
            card: remembered(id, &memory),
            actions: Vec::new(),
        },
        Err(failure) => return Err(failure).context("the card cannot be read"),
    };
    let counts = store.counts(board).await?;
    let now = clock()();
    let case = Case {
        process: &process,
        bindings,
        counts: &counts,
        loads: &NO_LOADS,
        memory: &memory,
        fresh: Some(&fresh),
        events: &[],
        now,
        strangers: &NO_STRANGERS,
        patient: false,
    };
    let outlook = outlook(&case, &Hand::default()).context("the card cannot be weighed")?;
    let kept = kept(store, board, &process, id, &memory).await?;
    let language = language.unwrap_or(process.language);
    let viewer = Viewer {
        member: me.clone(),
        language,
        writes: false,
        admin: false,
    };
    let panel = Panel {
        process: &process,
        bindings,
        viewer: &viewer,
        paused: record.state == BoardState::Paused,
        now,
    };
    let sight = Sight {
        card: fresh.card.clone(),
        outlook,
    };
    let dossier = dossier(&panel, &sight, &kept.told);
    let file = paper::dossier::File {
        process: &process,
        bindings,
        dossier: &dossier,
        stays: &kept.stays,
        cut: kept.cut,
        language,
    };
    Ok(file.sheet())
}

/// A card that is not on the board any more, as far as it is remembered.
fn remembered(id: &CardId, memory: &Memory) -> Card {
    let bare = Card::bare(id.clone());
    Card {
        name: memory.name.clone(),
        desc: memory.desc.clone(),
        list: memory.rests.clone().unwrap_or_else(|| bare.list.clone()),
        closed: true,
        ..bare
    }
}
