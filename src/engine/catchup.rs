//! What was missed: the board's actions since the last one seen.

use super::gap::{self, Gap};
use super::watch::Looked;
use super::{Engine, Held};
use crate::model::{Blind, BoardId, Event};
use crate::store::StoreError;
use futures::future::OptionFuture;
use jiff::Timestamp;

impl Engine {
    /// Asks for the board's actions, and reads every card besides where a sweep is due.
    pub(super) async fn catch_up(
        &self,
        board: &BoardId,
        held: &Held,
        looked: &mut Looked,
        now: Timestamp,
    ) -> Result<(), String> {
        let text = |error: StoreError| error.to_string();
        let seen = self.store.last_seen(board).await.map_err(text)?;
        let since = seen.as_ref().map(|(id, _)| id);
        let due = |swept: Timestamp| now.duration_since(swept) >= super::span(self.options.sweep);
        // A card whose fields cannot be seen would look as if it lacked them all.
        let sweep = looked.swept.is_none_or(due) && self.blind(board) != Some(Blind::CustomFields);
        let actions = self.trello.board_actions(board, since);
        let cards = OptionFuture::from(sweep.then(|| {
            self.trello
                .open_cards(board, &held.bindings().custom_fields)
        }));
        // Side by side: what changes between the two answers is told by the next round.
        let (told, cards) = tokio::join!(actions, cards);
        let told = told.map_err(|error| error.to_string())?;
        let last = told.last().map(|last| (last.id.clone(), last.at));
        let told = if since.is_some() { told } else { Vec::new() };
        let (mut found, mut gap) = (Vec::new(), None);
        if let Some(cards) = cards {
            let grace = gap::grace(&self.options, false);
            let cards = cards.map_err(|error| error.to_string())?;
            let swept = self.sweep(board, held, &cards, &told, now, grace).await?;
            if swept.untold > 0 {
                // Nobody knows when: some time since the last look.
                let from = looked.swept.or(seen.map(|(_, at)| at)).unwrap_or(now);
                gap = Some(Gap::new(swept.untold, from, now));
            }
            found = swept.events;
        }
        let polled = !looked.delivers();
        let missed = self.append_all(board, held, told, found, polled, now).await;
        let gap = gap::joined(missed.map_err(text)?, gap);
        if let Some((id, at)) = last {
            self.store
                .set_last_seen(board, &id, at)
                .await
                .map_err(text)?;
        }
        if sweep {
            looked.swept = Some(now);
        }
        match gap {
            Some(gap) => self.tell_gap(board, held, gap, now).await.map_err(text),
            None => Ok(()),
        }
    }

    async fn append_all(
        &self,
        board: &BoardId,
        held: &Held,
        told: Vec<Event>,
        found: Vec<Event>,
        polled: bool,
        now: Timestamp,
    ) -> Result<Option<Gap>, StoreError> {
        let grace = gap::grace(&self.options, polled);
        let late = |event: &Event| now.duration_since(event.at) > grace;
        let (late, mut rest): (Vec<_>, Vec<_>) = told
            .into_iter()
            .partition(|event| late(event) && gap::counts(held, event));
        let missed = self.append_missed(board, &late, now).await?;
        rest.extend(found);
        if self.store.append(board, &rest, now).await? > 0 || missed.is_some() {
            self.nudge();
        }
        Ok(missed)
    }
}
