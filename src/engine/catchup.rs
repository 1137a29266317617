//! What was missed: the board's actions since the last one seen. Several pages of them are written down
//! one by one while Trello is at the next, from the newest back; so that they are judged in their
//! order, the board is worked on again once the oldest is there, and what a sweep found besides.

use super::gap::{self, Gap};
use super::watch::Looked;
use super::{Engine, Held, later};
use crate::model::{ActionId, Blind, BoardId, CardId, Event};
use crate::store::{BoardRecord, StoreError, Written};
use crate::trello::Page;
use futures::future::OptionFuture;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A board whose older actions cannot be had is not held up for longer: they are judged late then.
const HELD_UP: Duration = Duration::from_secs(60);

/// An action that was asked for, as it is written down, and what has to be known of it for that.
struct Read {
    written: Written,
    card: Option<CardId>,
    /// Whether anybody would miss it.
    counts: bool,
}

/// An action that was asked for.
pub(super) struct Told {
    pub(super) action: ActionId,
    pub(super) card: Option<CardId>,
}

/// What was asked for.
#[derive(Default)]
struct Missed {
    told: Vec<Told>,
    newest: Option<(ActionId, Timestamp)>,
    /// Of what is written down already.
    gap: Option<Gap>,
    new: usize,
    /// One page alone is written down with what a sweep found.
    page: Vec<Read>,
}

/// Boards whose missed actions are being written down, and until when they wait for that.
#[derive(Default)]
pub(super) struct HeldUp(Mutex<HashMap<BoardId, Timestamp>>);

impl HeldUp {
    pub(super) fn holds(&self, board: &BoardId, now: Timestamp) -> bool {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.get(board).is_some_and(|until| *until > now)
    }

    fn hold(&self, board: &BoardId, until: Timestamp) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.entry(board.clone()).or_insert(until);
    }

    fn release(&self, board: &BoardId) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.remove(board);
    }
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
        let grace = gap::grace(&self.options, !looked.delivers());
        let actions = async {
            match since {
                Some(since) => self.write_down(board, held, since, grace, now).await,
                None => self.begin_with(board).await,
            }
        };
        let cards = OptionFuture::from(sweep.then(|| {
            self.trello
                .open_cards(board, &held.bindings().custom_fields)
        }));
        // Side by side: what changes between the two answers is told by the next round.
        let (missed, cards) = tokio::join!(actions, cards);
        let mut missed = missed?;
        let (mut found, mut gap) = (Vec::new(), None);
        if let Some(cards) = cards {
            let grace = gap::grace(&self.options, false);
            let cards = cards.map_err(|error| error.to_string())?;
            let swept = self
                .sweep(board, held, &cards, &missed.told, now, grace)
                .await?;
            if swept.untold > 0 {
                // Nobody knows when: some time since the last look.
                let from = looked.swept.or(seen.map(|(_, at)| at)).unwrap_or(now);
                gap = Some(Gap::new(swept.untold, from, now));
            }
            found = swept.events;
        }
        let page = std::mem::take(&mut missed.page);
        let entered = self.enter(board, page, &found, (grace, now), &mut missed);
        entered.await.map_err(text)?;
        self.held_up.release(board);
        if missed.new > 0 {
            self.nudge();
        }
        if let Some((id, at)) = missed.newest {
            self.store
                .set_last_seen(board, &id, at)
                .await
                .map_err(text)?;
        }
        let gap = gap::joined(missed.gap, gap);
        if sweep {
            looked.swept = Some(now);
        }
        match gap {
            Some(gap) => self.tell_gap(board, held, gap, now).await.map_err(text),
            None => Ok(()),
        }
    }

    /// Nothing was seen yet: from now on what follows the newest action is asked for.
    async fn begin_with(&self, board: &BoardId) -> Result<Missed, String> {
        let newest = self.trello.newest_action(board).await;
        let newest = newest.map_err(|error| error.to_string())?;
        Ok(Missed {
            newest: newest.map(|event| (event.id, event.at)),
            ..Missed::default()
        })
    }

    async fn write_down(
        &self,
        board: &BoardId,
        held: &Held,
        since: &ActionId,
        grace: SignedDuration,
        now: Timestamp,
    ) -> Result<Missed, String> {
        let mut missed = Missed::default();
        let whole = self
            .pages_down(board, held, since, (grace, now), &mut missed)
            .await;
        if let (Err(_), Some(gap)) = (&whole, missed.gap) {
            // What is written down is not new when the rest is asked for again.
            self.tell_gap(board, held, gap, now)
                .await
                .map_err(|error| error.to_string())?;
        }
        whole?;
        Ok(missed)
    }

    async fn pages_down(
        &self,
        board: &BoardId,
        held: &Held,
        since: &ActionId,
        (grace, now): (SignedDuration, Timestamp),
        missed: &mut Missed,
    ) -> Result<(), String> {
        let mut pages = self.trello.actions_since(board, since);
        let mut page = pages.next().await.map_err(|error| error.to_string())?;
        let record = Arc::clone(&held.record);
        let read = move |page: Page| {
            let record = Arc::clone(&record);
            page.read(move |event| Read::of(&record, &event))
        };
        if let Some(one) = page.take_if(|_| pages.is_whole()) {
            let read = read(one).await.map_err(|error| error.to_string())?;
            missed.page = missed.hear(read);
            return Ok(());
        }
        self.held_up.hold(board, later(now, HELD_UP));
        while let Some(one) = page {
            let enter = async {
                let read = read(one).await.map_err(|error| error.to_string())?;
                let page = missed.hear(read);
                let entered = self.enter(board, page, &[], (grace, now), missed);
                entered.await.map_err(|error| error.to_string())
            };
            let (next, entered) = tokio::join!(pages.next(), enter);
            entered?;
            page = next.map_err(|error| error.to_string())?;
        }
        if !pages.is_whole() {
            tracing::error!(%board, actions = missed.told.len(), "more was missed than is asked for: what is older is judged by where the cards stand");
        }
        Ok(())
    }

    async fn enter(
        &self,
        board: &BoardId,
        page: Vec<Read>,
        found: &[Event],
        (grace, now): (SignedDuration, Timestamp),
        missed: &mut Missed,
    ) -> Result<(), StoreError> {
        let late = |one: &Read| one.counts && now.duration_since(one.written.at) > grace;
        let (late, rest): (Vec<_>, Vec<_>) = page.into_iter().partition(late);
        let written = |read: Vec<Read>| read.into_iter().map(|one| one.written).collect();
        let gap = self.append_missed(board, written(late), now).await?;
        missed.new += gap.map_or(0, |gap| gap.events);
        missed.gap = gap::joined(missed.gap, gap);
        let mut rest: Vec<_> = written(rest);
        rest.extend(found.iter().map(Written::from));
        missed.new += self.store.append_written(board, rest, now).await?;
        Ok(())
    }
}

impl Missed {
    fn hear(&mut self, page: Vec<Read>) -> Vec<Read> {
        let newest = page.last();
        let newest = newest.map(|last| (last.written.action.clone(), last.written.at));
        self.newest = self.newest.take().or(newest);
        let told = page.iter().map(|one| Told {
            action: one.written.action.clone(),
            card: one.card.clone(),
        });
        self.told.extend(told);
        page
    }
}

impl Read {
    fn of(record: &BoardRecord, event: &Event) -> Self {
        Self {
            written: Written::from(event),
            card: event.kind.card().cloned(),
            counts: gap::counts(&record.active.bindings, event),
        }
    }
}
