//! An attached board with its process, as the store has them.

use super::connect::stored_board;
use super::stored::StoreArgs;
use crate::model::BoardId;
use crate::process::{Bindings, Process, file};
use crate::store::{BoardRecord, Store};
use anyhow::Context;
use std::sync::Arc;

pub(super) struct Attached {
    pub(super) store: Arc<dyn Store>,
    pub(super) board: BoardId,
    pub(super) process: Process,
    pub(super) record: Arc<BoardRecord>,
}

impl Attached {
    pub(super) async fn of(store: &StoreArgs, board: &str) -> anyhow::Result<Self> {
        let store = store.existing().await?;
        let board = stored_board(&*store, board).await?;
        let record = store.board(&board).await?.context("the board is gone")?;
        let process =
            file::in_force(&record.active.text).context("the process in force cannot be read")?;
        Ok(Self {
            store,
            board,
            process,
            record,
        })
    }

    pub(super) fn bindings(&self) -> &Bindings {
        &self.record.active.bindings
    }
}
