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
}

#[derive(Default)]
struct Seen {
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
        let _asking = self.look.asking.lock().await;
        // While this one waited to ask, another did.
        if let Some(claim) = self.of_last_look(now) {
            return Ok(Ok(claim));
        }
        let waits = self.seen(|seen| (seen.at > now && seen.young(now)).then_some(seen.next));
        if let Some(next) = waits {
            return Ok(Err(next));
        }
        let due = self.store.due(now, self.options.settle).await?;
        self.reads.forget(now);
        self.seen(|seen| {
            *seen = Seen {
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
