//! The figures of a board, out of its store: its history is read page by page and never held whole.

use crate::figures::{Walk, Walks};
use crate::model::BoardId;
use crate::process::Process;
use crate::store::{Store, StoreError};
use jiff::Timestamp;

/// Lines read at once: others wait no longer for the store than one page takes.
const PAGE: usize = 1_000;

/// The walks of a board's cards, and how many lines of its history could not be read. All of it is
/// heard, from the first line on: a walk that ends in the time asked for may have begun long before.
pub async fn walks(
    store: &dyn Store,
    board: &BoardId,
    process: &Process,
) -> Result<(Vec<Walk>, usize), StoreError> {
    let mut walks = Walks::new(process);
    let mut from = Some(0);
    while let Some(first) = from {
        let page = store
            .history_page(board, Timestamp::MIN, first, PAGE)
            .await?;
        for (lane, line) in &page.lines {
            walks.hear(lane, line);
        }
        from = page.next;
    }
    let memories = store.memories(board).await?;
    Ok(walks.close(process, &memories))
}
