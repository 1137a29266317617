//! All that is kept of one card, out of its store: what was decided of it, and its way through the
//! process.

use super::panel::told_by;
use super::{Engine, Under};
use crate::figures::{Stay, Walks};
use crate::model::{BoardId, CardId, Lane};
use crate::process::panel::Told;
use crate::process::{Memory, Process};
use crate::store::{Store, StoreError};

/// So many lines of one card are read at most, the newest of them.
const LINES: usize = 2_000;

/// What is kept of a card.
pub struct Kept {
    /// The newest first.
    pub told: Vec<Told>,
    /// Its way through the process, in order.
    pub stays: Vec<Stay>,
    /// There are earlier lines.
    pub cut: bool,
}

pub async fn kept(
    store: &dyn Store,
    board: &BoardId,
    process: &Process,
    card: &CardId,
    memory: &Memory,
) -> Result<Kept, StoreError> {
    let lane = Lane::Card(card.clone());
    let lines = store.history(board, Some(&lane), LINES).await?;
    let mut walks = Walks::new(process);
    for line in lines.iter().rev() {
        walks.hear(&lane, line);
    }
    let (mut walks, _) = walks.close(process, &[(lane, memory.clone())]);
    let cut = lines.len() == LINES;
    let told = lines.into_iter();
    Ok(Kept {
        told: told.filter_map(|line| told_by(line, memory)).collect(),
        stays: walks.pop().map(|walk| walk.stays).unwrap_or_default(),
        cut,
    })
}

impl Engine {
    /// What is kept of a card, for somebody who looks at it.
    pub async fn kept_of(
        &self,
        board: &BoardId,
        under: &Under,
        card: &CardId,
        memory: &Memory,
    ) -> Result<Kept, StoreError> {
        let _one = self.views.reading.lock().await;
        kept(&*self.store, board, under.process(), card, memory).await
    }
}
