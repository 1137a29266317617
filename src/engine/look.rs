//! One look at what is due serves many steps: the store is asked again when all that it named is
//! handed out, or soon. Nothing rests on it being right: what a lane has to do is read when it is
//! worked on.

use super::{Claim, Engine};
use crate::model::{BoardId, Lane};
use crate::store::StoreError;
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// What matters more may have come due since.
const OLD: SignedDuration = SignedDuration::from_millis(100);

#[derive(Default)]
pub(super) struct Look {
    seen: Mutex<Seen>,
    /// One asks, and the rest wait for the answer.
    asking: tokio::sync::Mutex<()>,
    /// When the first of the sleeping workers rises by itself, or is called.
    rises: Mutex<Option<Timestamp>>,
}

impl Look {
    /// One worker rises when the next lane is due, not all: this one, if none does so in time.
    pub(super) fn rises(&self, next: Option<Timestamp>) -> Option<Timestamp> {
        let mut rises = self.rises.lock().unwrap_or_else(PoisonError::into_inner);
        if next.is_none() || rises.is_some_and(|one| Some(one) <= next) {
            return None;
        }
        *rises = next;
        next
    }

    /// It is up, at its time or before.
    pub(super) fn rose(&self, at: Option<Timestamp>) {
        let mut rises = self.rises.lock().unwrap_or_else(PoisonError::into_inner);
        if at.is_some() && *rises == at {
            *rises = None;
        }
    }
}

#[derive(Default)]
struct Seen {
    /// How often the store was asked.
    asked: u64,
    at: Timestamp,
    lanes: VecDeque<(BoardId, Lane)>,
    next: Option<Timestamp>,
}

impl Seen {
    /// Either way: a clock may be set back.
    fn young(&self, now: Timestamp) -> bool {
        now.duration_since(self.at).abs() < OLD
    }
}

impl Engine {
    /// A lane that is due and that nobody works on, or the next instant at which one will be.
    pub(super) async fn next(
        &self,
        now: Timestamp,
    ) -> Result<Result<Claim<'_>, Option<Timestamp>>, StoreError> {
        if let Some(claim) = self.of_last_look(now) {
            return Ok(Ok(claim));
        }
        let before = self.seen(|seen| seen.asked);
        let _asking = self.look.asking.lock().await;
        if let Some(claim) = self.of_last_look(now) {
            return Ok(Ok(claim));
        }
        // While this one waited to ask, another did: what came after that wakes somebody.
        if let Some(next) = self.seen(|seen| (seen.asked != before).then_some(seen.next)) {
            return Ok(Err(next));
        }
        let due = self.store.due(now, self.options.settle).await?;
        self.reads.forget(now);
        self.seen(|seen| {
            *seen = Seen {
                asked: seen.asked + 1,
                at: now,
                lanes: due.lanes.into(),
                next: due.next,
            }
        });
        Ok(self.of_last_look(now).ok_or(due.next))
    }

    fn of_last_look(&self, now: Timestamp) -> Option<Claim<'_>> {
        loop {
            let lane = self.seen(|seen| {
                let young = seen.young(now);
                young.then(|| seen.lanes.pop_front()).flatten()
            })?;
            // Not while what came before it is still being written down.
            if self.held_up.holds(&lane.0, now) {
                continue;
            }
            if let Some(claim) = self.claim(lane) {
                return Some(claim);
            }
        }
    }

    /// How many of a board's lanes are due and not handed out yet.
    pub(super) fn waiting(&self, board: &BoardId) -> usize {
        self.seen(|seen| seen.lanes.iter().filter(|(of, _)| of == board).count())
    }

    fn seen<T>(&self, with: impl FnOnce(&mut Seen) -> T) -> T {
        with(
            &mut self
                .look
                .seen
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
}
