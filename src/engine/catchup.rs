//! What was missed: the board's actions since the last one seen.

use super::Engine;
use crate::model::BoardId;
use crate::store::{BoardState, StoreError};
use jiff::Timestamp;

impl Engine {
    /// `sweep` reads every card besides.
    pub(super) async fn catch_up(
        &self,
        board: &BoardId,
        now: Timestamp,
        sweep: bool,
    ) -> Result<(), String> {
        let text = |error: StoreError| error.to_string();
        let Some(held) = self.held(board).await.map_err(text)? else {
            return Ok(());
        };
        if held.record.state != BoardState::Running {
            return Ok(());
        }
        let seen = self.store.last_seen(board).await.map_err(text)?;
        let since = seen.as_ref().map(|(id, _)| id);
        let missed = self
            .trello
            .board_actions(board, since)
            .await
            .map_err(|error| error.to_string())?;
        let last = missed.last().map(|last| (last.id.clone(), last.at));
        let mut events = if since.is_some() { missed } else { Vec::new() };
        if sweep {
            let found = self.sweep(board, &held, &events, now).await?;
            events.extend(found);
        }
        let appended = self.store.append(board, &events, now).await.map_err(text)?;
        if let Some((id, at)) = last {
            self.store
                .set_last_seen(board, &id, at)
                .await
                .map_err(text)?;
        }
        if appended > 0 {
            if let Some((_, from)) = seen.filter(|_| sweep) {
                tracing::info!(%board, events = appended, "caught up with what was missed since {from}");
            }
            self.nudge();
        }
        Ok(())
    }
}
