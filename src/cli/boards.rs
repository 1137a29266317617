//! `pause`, `resume`, `detach`: they act within a second, on the service that runs beside them too.

use super::connect::{TrelloArgs, clock, stored_board};
use super::stored::StoreArgs;
use super::terminal::line;
use crate::attach::Attach;
use crate::store::{BoardState, Store};
use anyhow::{Context, bail};
use clap::Args;

#[derive(Args)]
pub(super) struct OnBoard {
    /// The board: its id, short link or address
    board: String,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    trello: TrelloArgs,
}

pub(super) async fn pause(args: OnBoard) -> anyhow::Result<()> {
    set(&args, BoardState::Paused).await?;
    line("Paused: events are kept, nothing is done until `signalman resume`.");
    Ok(())
}

pub(super) async fn resume(args: OnBoard) -> anyhow::Result<()> {
    set(&args, BoardState::Running).await?;
    line("Resumed: what was kept meanwhile is judged now.");
    Ok(())
}

async fn set(args: &OnBoard, state: BoardState) -> anyhow::Result<()> {
    let store = args.store.existing().await?;
    let board = known(args, &*store).await?;
    let record = store.board(&board).await?;
    if record.is_some_and(|record| record.state == BoardState::Detached) {
        bail!("this board is detached: `signalman setup {board}` attaches it again, as it stands");
    }
    Ok(store.set_state(&board, state, clock()()).await?)
}

/// The store knows boards by id; a short link or an address is asked of Trello.
async fn known(args: &OnBoard, store: &dyn Store) -> anyhow::Result<crate::model::BoardId> {
    match stored_board(store, &args.board).await {
        Ok(board) => Ok(board),
        Err(unknown) => match args.trello.connect(clock()).await {
            Ok((trello, _)) => {
                stored_board(
                    store,
                    super::connect::board_id(&trello, &args.board)
                        .await?
                        .as_str(),
                )
                .await
            }
            Err(_) => Err(unknown),
        },
    }
}

pub(super) async fn detach(args: OnBoard) -> anyhow::Result<()> {
    let store = args.store.existing().await?;
    let board = known(&args, &*store).await?;
    // First of all nothing more is done; Trello may be out of reach.
    store
        .set_state(&board, BoardState::Detached, clock()())
        .await?;
    let connected = args.trello.connect(clock()).await;
    let (trello, _) = connected.context(
        "the board is detached and nothing is done on it any more, but its webhook still stands; `detach` again takes it off",
    )?;
    Attach {
        trello: &trello,
        store: &*store,
    }
    .detach(&board, clock()())
    .await?;
    line(
        "Detached: the webhook is gone and nothing is done any more. The history stays in the store.",
    );
    Ok(())
}
