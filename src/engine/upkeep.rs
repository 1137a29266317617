//! What is looked after besides the boards: a clock that was set back, so that nothing waits for an
//! instant that lies an hour ahead again, and names that are older than they are kept.

use super::{Engine, span};
use crate::model::forget::{Forget, Span, forgotten};
use crate::process::words::Words;
use crate::store::StoreError;
use jiff::{SignedDuration, Timestamp};
use std::sync::PoisonError;

/// Less is no step of a clock that anybody would notice.
const STEP: SignedDuration = SignedDuration::from_secs(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// What was told late is older than the last time that names were forgotten.
const TOLD_LATE: SignedDuration = SignedDuration::from_hours(7 * 24);

#[derive(Default)]
pub(super) struct Upkeep {
    /// The latest instant at which somebody looked.
    looked: Option<Timestamp>,
    /// Up to when names have been forgotten, and when that was.
    forgot: Option<(Timestamp, Timestamp)>,
}

impl Engine {
    /// Whether the clock was set back: whatever was planned by it is planned anew.
    pub(super) async fn upkeep(&self, now: Timestamp) -> Result<bool, StoreError> {
        let before = self.with_upkeep(|upkeep| upkeep.looked.replace(now));
        let back = before.map(|before| before.duration_since(now));
        let back = back.filter(|back| *back > STEP);
        if let Some(back) = back {
            tracing::warn!(
                seconds = back.as_secs(),
                "the clock was set back; what waited for a later time is tried now"
            );
            self.store.hurry(now).await?;
            self.nudge();
        }
        if let Some(keep) = self.options.keep {
            self.forget_old(now, span(keep)).await?;
        }
        Ok(back.is_some())
    }

    /// Once a day.
    async fn forget_old(&self, now: Timestamp, keep: SignedDuration) -> Result<(), StoreError> {
        let last = self.with_upkeep(|upkeep| upkeep.forgot);
        if last.is_some_and(|(_, at)| (SignedDuration::ZERO..DAY).contains(&now.duration_since(at)))
        {
            return Ok(());
        }
        let Ok(before) = now.checked_sub(keep) else {
            return Ok(());
        };
        let from = last.and_then(|(before, _)| before.checked_sub(TOLD_LATE).ok());
        let from = from.unwrap_or(Timestamp::UNIX_EPOCH);
        for board in self.store.boards().await? {
            let Some(held) = self.held(&board).await? else {
                continue;
            };
            let known = held.bindings().people.values();
            let people: Vec<_> = known
                .filter(|one| one.id != held.bindings().bot && !forgotten(&one.id))
                .cloned()
                .collect();
            let called = Words::of(&held.process).one_of_the_board();
            let old = Forget::new(&board, &people, &[], called).within(Span { from, before });
            let told = self.store.forget(&board, &old).await?;
            if !told.nothing() {
                tracing::info!(%board, history = told.history, events = told.events, "names older than {before} were forgotten");
            }
        }
        self.with_upkeep(|upkeep| upkeep.forgot = Some((before, now)));
        Ok(())
    }

    fn with_upkeep<T>(&self, look: impl FnOnce(&mut Upkeep) -> T) -> T {
        let mut upkeep = self.upkeep.lock().unwrap_or_else(PoisonError::into_inner);
        look(&mut upkeep)
    }
}
