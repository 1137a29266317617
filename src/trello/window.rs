//! One of Trello's windows, and the log of what was sent. How Trello counts is not known: a call
//! leaves the window only when it has left every window that Trello could have counted it in.

use super::budget::{Told, after};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A call sent at one instant arrives a little later, and not every call as late as the last.
const JITTER: SignedDuration = SignedDuration::from_millis(250);
/// What is believed of a limit that a header tells.
const MOST: usize = 100_000;

/// What was sent and when, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Log(Vec<(i64, usize)>);

impl Log {
    /// Instants are rounded up to the grain, so that the log stays short: a call leaves that much late.
    pub(super) fn push(&mut self, now: Timestamp, calls: usize, grain: SignedDuration) {
        let grain = ms(grain).max(1);
        let at = now.as_millisecond().div_euclid(grain) * grain + grain - 1;
        match self.0.last_mut().filter(|last| last.0 >= at) {
            Some(last) => last.1 += calls,
            None => self.0.push((at, calls)),
        }
    }

    /// Drops what no longer counts. What a clock that has been set back since wrote ahead of now was
    /// sent by now.
    pub(super) fn forget(&mut self, now: Timestamp, kept: SignedDuration, grain: SignedDuration) {
        let latest = now.as_millisecond() + ms(grain);
        let ahead = self.0.partition_point(|(at, _)| *at <= latest);
        self.0[ahead..].iter_mut().for_each(|(at, _)| *at = latest);
        let old = now.as_millisecond() - ms(kept);
        let gone = self.0.partition_point(|(at, _)| *at <= old);
        self.0.drain(..gone);
    }

    fn since(&self, since: i64) -> &[(i64, usize)] {
        &self.0[self.0.partition_point(|(at, _)| *at <= since)..]
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Window {
    max: usize,
    span_ms: i64,
    /// What others who share it have used, and until when that counts.
    others: (usize, Timestamp),
}

impl Window {
    pub(super) fn new(max: usize, span: SignedDuration) -> Self {
        Self {
            max,
            span_ms: ms(span),
            others: (0, Timestamp::MIN),
        }
    }

    pub(super) fn set_back(&mut self, now: Timestamp) {
        self.others.1 = self.others.1.min(after(now, self.kept()));
    }

    pub(super) fn max(&self) -> usize {
        self.max
    }

    pub(super) fn span(&self) -> SignedDuration {
        SignedDuration::from_millis(self.span_ms)
    }

    /// How long a call counts.
    pub(super) fn kept(&self) -> SignedDuration {
        self.span() + JITTER
    }

    pub(super) fn grain(&self) -> SignedDuration {
        self.span() / 1000 + self.span() / 60 * i32::from(self.span_ms > 60_000)
    }

    /// From one call to the next where so many fill the window, and a little less: who comes late for
    /// a turn leaves room that nobody else was told of. One in twenty comes in vain for that.
    pub(super) fn pace(&self, most: usize) -> SignedDuration {
        self.kept() * 19 / 20 / i32::try_from(most).unwrap_or(i32::MAX).max(1)
    }

    pub(super) fn left(&self, now: Timestamp, log: &Log) -> usize {
        self.max.saturating_sub(self.used(now, log))
    }

    fn used(&self, now: Timestamp, log: &Log) -> usize {
        let since = now.as_millisecond() - ms(self.kept());
        let own: usize = log.since(since).iter().map(|(_, calls)| calls).sum();
        own + self.by_others(now)
    }

    fn by_others(&self, now: Timestamp) -> usize {
        let (calls, until) = self.others;
        if until > now { calls } else { 0 }
    }

    /// When so many calls fit below `most`; none: now. More than it holds at once begin when it is
    /// empty. Where only those `apart` are in the way, soon.
    pub(super) fn free_at(
        &self,
        now: Timestamp,
        log: &Log,
        apart: usize,
        calls: usize,
        most: usize,
        soon: SignedDuration,
    ) -> Option<Timestamp> {
        let mut over = (self.used(now, log) + apart + calls.min(most)).saturating_sub(most);
        if over == 0 {
            return None;
        }
        let kept = self.kept();
        let since = now.as_millisecond() - ms(kept);
        for (at, sent) in log.since(since) {
            over = over.saturating_sub(*sent);
            if over == 0 {
                return Some(after(instant(*at), kept));
            }
        }
        let others = self.by_others(now) >= over;
        Some(if others {
            self.others.1
        } else {
            after(now, soon)
        })
    }

    /// Trello's own word on the window: how much it holds, and what is left of it.
    pub(super) fn learn(&mut self, now: Timestamp, told: &Told, log: &Log) {
        if let Some(max) = told.max {
            self.max = max.clamp(1, MOST);
        }
        if let Some(interval) = told.interval {
            self.span_ms = ms(interval).clamp(1_000, 7_200_000);
        }
        let Some(remaining) = told.remaining else {
            return;
        };
        let since = now.as_millisecond() - ms(self.kept());
        let own: usize = log.since(since).iter().map(|(_, calls)| calls).sum();
        let others = self.max.saturating_sub(own).saturating_sub(remaining);
        if others > self.by_others(now) {
            self.others = (others, after(now, self.span()));
        }
    }
}

fn ms(span: SignedDuration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

fn instant(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX)
}
