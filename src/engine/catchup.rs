//! What was missed: the board's actions since the last one seen.

use super::gap::{self, Gap};
use super::watch::Looked;
use super::{Engine, Held};
use crate::model::{ActionId, Blind, BoardId, CardId, Event};
use crate::store::{BoardRecord, StoreError, Written};
use crate::trello::Failure;
use futures::future::OptionFuture;
use jiff::Timestamp;
use std::sync::Arc;

/// An action that was asked for: how it is kept, and what else has to be known of it here.
pub(super) struct Told {
    written: Written,
    pub(super) card: Option<CardId>,
    /// Whether anybody would miss it.
    counts: bool,
}

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
        let actions = self.told(board, since, Arc::clone(&held.record));
        let cards = OptionFuture::from(sweep.then(|| {
            self.trello
                .open_cards(board, &held.bindings().custom_fields)
        }));
        // Side by side: what changes between the two answers is told by the next round.
        let (told, cards) = tokio::join!(actions, cards);
        let told = told.map_err(|error| error.to_string())?;
        let last = told
            .last()
            .map(|last| (last.written.action.clone(), last.written.at));
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
        let missed = self.append_all(board, told, found, polled, now).await;
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

    /// The board's actions since then, written out; the newest where nothing was seen yet.
    async fn told(
        &self,
        board: &BoardId,
        since: Option<&ActionId>,
        record: Arc<BoardRecord>,
    ) -> Result<Vec<Told>, Failure> {
        let told = move |event: Event| Told {
            written: Written::from(&event),
            card: event.kind.card().cloned(),
            counts: gap::counts(&record.active.bindings, &event),
        };
        match since {
            Some(since) => self.trello.actions_since(board, since, told).await,
            None => {
                let newest = self.trello.newest_action(board).await?;
                Ok(newest.into_iter().map(told).collect())
            }
        }
    }

    async fn append_all(
        &self,
        board: &BoardId,
        told: Vec<Told>,
        found: Vec<Event>,
        polled: bool,
        now: Timestamp,
    ) -> Result<Option<Gap>, StoreError> {
        let grace = gap::grace(&self.options, polled);
        let late = |told: &Told| now.duration_since(told.written.at) > grace;
        let (late, rest): (Vec<_>, Vec<_>) =
            told.into_iter().partition(|told| told.counts && late(told));
        let written = |told: Vec<Told>| told.into_iter().map(|told| told.written).collect();
        let missed = self.append_missed(board, written(late), now).await?;
        let mut rest: Vec<_> = written(rest);
        rest.extend(found.iter().map(Written::from));
        if self.store.append_written(board, rest, now).await? > 0 || missed.is_some() {
            self.nudge();
        }
        Ok(missed)
    }
}
