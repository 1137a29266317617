//! Cards of boards that Signalman does not hold, for places that are lists there: through the same
//! request windows as all else.

use crate::model::{BoardId, Card, CardId, Label, LabelId, ListId};
use crate::target::{CardSet, Cards, Outcome};
use crate::trello::{BoardPart, Failure, Trello};
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;

/// What one client may take, the reading of its card included.
pub(super) const CALLS: usize = 12;
const PAUSE: Duration = Duration::from_secs(30);
/// The length of Trello's window.
const WINDOW: Duration = Duration::from_secs(10);

pub struct Elsewhere(pub Arc<Trello>);

#[async_trait]
impl Cards for Elsewhere {
    async fn card(&self, card: &CardId) -> Result<Option<Card>, Outcome> {
        seen(self.0.card(card, &[]).await.map(|(card, _)| card))
    }

    async fn board_of(&self, list: &ListId) -> Result<Option<BoardId>, Outcome> {
        seen(self.0.board_of(list).await)
    }

    async fn on(&self, board: &BoardId) -> Result<Vec<Card>, Outcome> {
        let read = self.0.board(board, BoardPart::AllCards).await;
        Ok(read.map_err(outcome)?.cards)
    }

    async fn labels(&self, board: &BoardId) -> Result<Vec<Label>, Outcome> {
        let read = self.0.board(board, BoardPart::WithoutCards).await;
        Ok(read.map_err(outcome)?.labels)
    }

    async fn make(&self, list: &ListId, name: &str, desc: &str) -> Result<CardId, Outcome> {
        let made = self.0.create_card(list, name, desc).await;
        made.map_err(outcome)
    }

    async fn write(&self, card: &CardId, set: &CardSet) -> Result<(), Outcome> {
        let (name, desc) = (set.name.as_deref(), set.desc.as_deref());
        let written = self.0.change_card(card, name, desc, set.due, set.closed);
        written.await.map_err(outcome)
    }

    async fn label(&self, card: &CardId, label: &LabelId) -> Result<(), Outcome> {
        let put = self.0.put_label(card, label, true).await;
        put.map_err(outcome)
    }
}

fn seen<T>(read: Result<T, Failure>) -> Result<Option<T>, Outcome> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(Failure::Missing) => Ok(None),
        Err(failure) => Err(outcome(failure)),
    }
}

fn outcome(failure: Failure) -> Outcome {
    let why = failure.to_string();
    match failure {
        Failure::Refused { message, .. } => Outcome::Refused { why: message },
        Failure::Missing => Outcome::Refused { why },
        Failure::Forbidden { .. } => Outcome::Retry { after: PAUSE, why },
        Failure::Full { .. } => Outcome::Retry { after: WINDOW, why },
        Failure::Retry { after, why } => Outcome::Retry { after, why },
        Failure::Unknown { why } => Outcome::Unknown { why },
    }
}
