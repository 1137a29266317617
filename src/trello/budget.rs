//! Trello's request windows: so many calls in ten seconds for a token and for a key. Exact sliding
//! windows, so that nothing is sent that Trello would refuse. Pure: the instant is handed in.

use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;

/// What a call is for. Reversals may use the whole window; each of the rest leaves a reserve to what
/// matters more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Reversal,
    Read,
    /// Comments, ticks, labels, what is seeded.
    Write,
}

#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub window: SignedDuration,
    pub per_token: usize,
    pub per_key: usize,
    /// Kept free by reads.
    pub for_reversals: usize,
    /// Kept free by writes.
    pub for_reads: usize,
}

impl Default for Limits {
    /// Trello's published windows.
    fn default() -> Self {
        Self {
            window: SignedDuration::from_secs(10),
            per_token: 100,
            per_key: 300,
            for_reversals: 20,
            for_reads: 40,
        }
    }
}

/// One token of one key, as long as one service uses them.
#[derive(Debug)]
pub struct Budget {
    limits: Limits,
    sent: VecDeque<Timestamp>,
    /// Trello said that the window is full until then.
    closed_until: Option<Timestamp>,
}

impl Budget {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            sent: VecDeque::new(),
            closed_until: None,
        }
    }

    /// Takes one call out of the window, or says when to ask again.
    pub fn take(&mut self, now: Timestamp, weight: Weight) -> Result<(), Timestamp> {
        if let Some(until) = self.closed_until.filter(|until| *until > now) {
            return Err(until);
        }
        while self
            .sent
            .front()
            .is_some_and(|first| self.leaves(*first) <= now)
        {
            self.sent.pop_front();
        }
        let reserve = match weight {
            Weight::Reversal => 0,
            Weight::Read => self.limits.for_reversals,
            Weight::Write => self.limits.for_reads,
        };
        let most = self
            .limits
            .per_token
            .min(self.limits.per_key)
            .saturating_sub(reserve)
            .max(1);
        if self.sent.len() < most {
            self.sent.push_back(now);
            return Ok(());
        }
        // The call that must have left the window before this one fits.
        let blocking = self.sent[self.sent.len() - most];
        Err(self.leaves(blocking))
    }

    /// What the answer's headers tell of the windows, or a 429.
    pub fn learn(&mut self, now: Timestamp, remaining: Option<usize>, refused: bool) {
        if refused || remaining == Some(0) {
            self.closed_until = Some(now.saturating_add(self.limits.window).unwrap_or(now));
        }
    }

    fn leaves(&self, sent: Timestamp) -> Timestamp {
        sent.saturating_add(self.limits.window).unwrap_or(sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(ms).unwrap()
    }

    proptest! {
        /// However the calls come, no ten seconds hold more than the window allows.
        #[test]
        fn never_more_than_the_window(gaps in prop::collection::vec(0i64..400, 1..600)) {
            let limits = Limits { per_token: 20, for_reversals: 5, for_reads: 8, ..Limits::default() };
            let mut budget = Budget::new(limits);
            let (mut now, mut sent) = (0, Vec::new());
            for (nth, gap) in gaps.iter().enumerate() {
                now += gap;
                let weight = [Weight::Reversal, Weight::Read, Weight::Write][nth % 3];
                if budget.take(at(now), weight).is_ok() {
                    sent.push(now);
                }
            }
            for first in &sent {
                let within = sent.iter().filter(|one| (*first..*first + 10_000).contains(*one)).count();
                prop_assert!(within <= 20);
            }
        }
    }

    #[test]
    fn a_reversal_still_goes_when_the_rest_must_wait() {
        let mut budget = Budget::new(Limits {
            per_token: 10,
            for_reversals: 2,
            for_reads: 5,
            ..Limits::default()
        });
        for weight in [Weight::Write; 5].into_iter().chain([Weight::Read; 3]) {
            assert_eq!(budget.take(at(0), weight), Ok(()));
        }
        assert_eq!(budget.take(at(1), Weight::Write), Err(at(10_000)));
        assert_eq!(budget.take(at(1), Weight::Read), Err(at(10_000)));
        assert_eq!(budget.take(at(1), Weight::Reversal), Ok(()));
        assert_eq!(budget.take(at(1), Weight::Reversal), Ok(()));
        assert_eq!(budget.take(at(2), Weight::Reversal), Err(at(10_000)));
        assert_eq!(budget.take(at(10_001), Weight::Write), Ok(()));
    }

    #[test]
    fn a_refusal_closes_the_window() {
        let mut budget = Budget::new(Limits::default());
        budget.learn(at(5), None, true);
        assert_eq!(budget.take(at(6), Weight::Reversal), Err(at(10_005)));
    }
}
