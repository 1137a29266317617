//! What was missed: the board's actions since the last one seen.

use super::Engine;
use crate::model::{BoardId, Event};
use crate::store::{BoardState, StoreError};
use jiff::Timestamp;

impl Engine {
    /// `sweep` reads every card besides.
    pub async fn catch_up_all(&self, now: Timestamp, sweep: bool) -> Result<(), String> {
        let mut trouble = Ok(());
        for board in self
            .store
            .boards()
            .await
            .map_err(|error| error.to_string())?
        {
            let caught = self.catch_up(&board, now, sweep).await;
            if let Err(why) = caught {
                tracing::warn!(%board, why, "could not look through the board; trying again");
                trouble = Err(why);
            }
        }
        trouble
    }

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
        // Cards that wait for the owner's word are not judged by what was missed of them either.
        let waiting = match sweep {
            true => self.sweep(board, &held, &missed, now).await?,
            false => self.waiting(board).await.map_err(text)?,
        };
        let told = |event: &Event| !event.kind.card().is_some_and(|card| waiting.contains(card));
        let missed: Vec<Event> = missed.into_iter().filter(told).collect();
        let appended = match since {
            Some(_) => self.store.append(board, &missed, now).await.map_err(text)?,
            None => 0,
        };
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
