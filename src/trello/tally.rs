//! What was asked of Trello and how it answered, counted for whoever watches the service. Its labels
//! are few and fixed; it must never hold an address, an id or a secret.

use super::budget::{Limits, Weight};
use jiff::Timestamp;
use reqwest::StatusCode;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Since the start of this program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Requests by kind and answer.
    pub requests: BTreeMap<(&'static str, &'static str), u64>,
    /// How many more Trello takes within its window for our token, as far as it has told.
    pub left: usize,
}

#[derive(Default)]
pub(super) struct Tally(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    requests: BTreeMap<(&'static str, &'static str), u64>,
    told: Option<(Timestamp, usize)>,
}

impl Tally {
    /// One request has ended; none where no answer came.
    pub(super) fn ended(&self, weight: Weight, status: Option<StatusCode>) {
        let key = (kind(weight), answer(status));
        *self.inner().requests.entry(key).or_default() += 1;
    }

    /// Trello's own figure: it knows of everybody who uses the token.
    pub(super) fn told(&self, at: Timestamp, left: Option<usize>) {
        if let Some(left) = left {
            self.inner().told = Some((at, left));
        }
    }

    pub(super) fn figures(&self, now: Timestamp) -> Figures {
        let limits = Limits::default();
        let inner = self.inner();
        // What was told holds for one window; after a quiet one all of it is free again.
        let lately = |(at, _): &(Timestamp, usize)| now.duration_since(*at) < limits.window;
        let left = inner.told.filter(lately);
        Figures {
            requests: inner.requests.clone(),
            left: left.map_or(limits.per_token, |(_, left)| left),
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn kind(weight: Weight) -> &'static str {
    match weight {
        Weight::Reversal => "reversal",
        Weight::Read => "read",
        Weight::Write => "write",
    }
}

fn answer(status: Option<StatusCode>) -> &'static str {
    match status.map(|status| status.as_u16()) {
        None => "none",
        Some(401 | 403) => "forbidden",
        Some(404) => "missing",
        Some(429) => "too_many",
        Some(200..300) => "done",
        Some(500..) => "broken",
        Some(_) => "refused",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_trello_told_of_its_window_holds_for_one_window() {
        let tally = Tally::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(tally.figures(at(0)).left, 100);
        tally.told(at(1), Some(7));
        tally.told(at(2), None);
        assert_eq!(tally.figures(at(10)).left, 7);
        assert_eq!(tally.figures(at(11)).left, 100);
    }

    #[test]
    fn requests_are_counted_by_kind_and_answer() {
        let tally = Tally::default();
        tally.ended(Weight::Reversal, Some(StatusCode::OK));
        tally.ended(Weight::Read, Some(StatusCode::TOO_MANY_REQUESTS));
        tally.ended(Weight::Read, Some(StatusCode::TOO_MANY_REQUESTS));
        tally.ended(Weight::Write, None);
        let counted = tally.figures(Timestamp::UNIX_EPOCH).requests;
        let wanted = [
            (("read", "too_many"), 2),
            (("reversal", "done"), 1),
            (("write", "none"), 1),
        ];
        assert_eq!(counted, BTreeMap::from(wanted));
    }
}
