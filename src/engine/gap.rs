//! A gap: events that no webhook told of and that catching up or a sweep found. It is named once, in
//! the log, in the figures and on the board's own card. Whatever is merely asked for in the usual
//! round must not be called missed.

use super::{Engine, Held, Options};
use crate::model::{BoardId, Event, EventKind};
use crate::process::{Bindings, words::Words};
use crate::store::{StoreError, Written};
use futures::future::try_join_all;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// A delivery takes a second or two, and Trello tries again half a minute after one that failed:
/// what is younger than this may still be on its way. It is judged all the same, and not called
/// missed.
const UNDER_WAY: Duration = Duration::from_secs(60);

/// What was missed: how many, and when the first and the last of it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) events: usize,
    from: Timestamp,
    to: Timestamp,
}

impl Gap {
    pub(super) fn new(events: usize, from: Timestamp, to: Timestamp) -> Self {
        Self { events, from, to }
    }

    fn and(self, other: Self) -> Self {
        Self {
            events: self.events + other.events,
            from: self.from.min(other.from),
            to: self.to.max(other.to),
        }
    }
}

pub(super) fn joined(one: Option<Gap>, other: Option<Gap>) -> Option<Gap> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.and(other)),
        (one, other) => one.or(other),
    }
}

/// How old an action must be to count as missed. A board that is polled hears of everything by
/// asking: there only what is older than a round and its repetition is, for then the rounds had
/// stopped.
pub(super) fn grace(options: &Options, polled: bool) -> SignedDuration {
    let rounds = if polled { options.poll * 2 } else { UNDER_WAY };
    super::span(rounds.max(UNDER_WAY))
}

/// Whether anybody would miss it: not what we did ourselves, nor what no process looks at.
pub(super) fn counts(bindings: &Bindings, event: &Event) -> bool {
    let ours = event.actor.member.as_ref() == Some(&bindings.bot) && !bindings.shared_account;
    !ours && !matches!(event.kind, EventKind::Other { .. })
}

impl Engine {
    /// Appends what is too old to be on its way still, and says how much of it was new. In parts,
    /// so that the gap is dated by what was missed and not by what was merely read again: one by
    /// one while they are few.
    pub(super) async fn append_missed(
        &self,
        board: &BoardId,
        events: Vec<Written>,
        now: Timestamp,
    ) -> Result<Option<Gap>, StoreError> {
        const FEW: usize = 100;
        const PARTS: usize = 8;
        let part = match events.len() {
            ..=FEW => 1,
            many => many.div_ceil(PARTS),
        };
        let (mut spans, mut appends) = (Vec::new(), Vec::new());
        let mut events = events.into_iter().peekable();
        while let Some(first) = events.peek() {
            let (from, mut to) = (first.at, first.at);
            let some = events.by_ref().take(part);
            let some = some.inspect(|event| to = event.at).collect();
            spans.push((from, to));
            appends.push(self.store.append_written(board, some, now));
        }
        // Side by side, so that they share what it takes to have them on the disk.
        let news = try_join_all(appends).await?.into_iter().zip(spans);
        let gaps = news.filter(|(new, _)| *new > 0);
        Ok(gaps.fold(None, |gap, (new, (from, to))| {
            joined(gap, Some(Gap::new(new, from, to)))
        }))
    }

    pub(super) async fn tell_gap(
        &self,
        board: &BoardId,
        held: &Held,
        gap: Gap,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Gap { events, from, to } = gap;
        self.metrics.reconciled(events);
        tracing::warn!(%board, events, %from, %to, "reconciled events missed between {from} and {to}");
        let text = Words::of(&held.process).gap(events, from, to);
        self.tell_board(board, held, &format!("gap {from} {to}"), text, now)
            .await
    }
}
