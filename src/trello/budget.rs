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

const SOON: SignedDuration = SignedDuration::from_millis(500);

/// One token of one key, as long as one service uses them.
#[derive(Debug)]
pub struct Budget {
    limits: Limits,
    sent: VecDeque<Timestamp>,
    /// Set apart for deeds under way, and not sent yet.
    reserved: usize,
    /// Trello said that the window is full until then.
    closed_until: Option<Timestamp>,
}

impl Budget {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            sent: VecDeque::new(),
            reserved: 0,
            closed_until: None,
        }
    }

    /// Takes one call out of the window, or says when to ask again.
    pub fn take(&mut self, now: Timestamp, weight: Weight) -> Result<(), Timestamp> {
        self.fits(now, weight, 1)?;
        self.sent.push_back(now);
        Ok(())
    }

    /// Sets calls apart for a deed that makes several: a deed that cannot finish does not begin, or
    /// its first calls would eat what the rest of it waits for.
    pub fn reserve(
        &mut self,
        now: Timestamp,
        weight: Weight,
        calls: usize,
    ) -> Result<(), Timestamp> {
        self.fits(now, weight, calls)?;
        self.reserved += calls;
        Ok(())
    }

    /// One of the calls set apart is made now.
    pub fn use_reserved(&mut self, now: Timestamp) {
        self.reserved = self.reserved.saturating_sub(1);
        self.sent.push_back(now);
    }

    /// The deed is over, and did not need so many.
    pub fn release(&mut self, calls: usize) {
        self.reserved = self.reserved.saturating_sub(calls);
    }

    fn fits(&mut self, now: Timestamp, weight: Weight, calls: usize) -> Result<(), Timestamp> {
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
        let over = (self.sent.len() + self.reserved + calls.min(most)).saturating_sub(most);
        if over == 0 {
            return Ok(());
        }
        // The call that must have left the window before these fit; where only reserved ones are in
        // the way, they are made or given back soon.
        let blocking = self.sent.get(over - 1).copied();
        let soon = || now.saturating_add(SOON).unwrap_or(now);
        Err(blocking.map_or_else(soon, |blocking| self.leaves(blocking)))
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
    fn a_deed_begins_only_when_all_of_it_fits() {
        let mut budget = Budget::new(Limits {
            per_token: 10,
            for_reversals: 0,
            for_reads: 0,
            ..Limits::default()
        });
        assert_eq!(budget.reserve(at(0), Weight::Write, 6), Ok(()));
        assert!(budget.reserve(at(1), Weight::Write, 6).is_err());
        assert_eq!(budget.take(at(2), Weight::Read), Ok(()));
        for call in 0..4 {
            budget.use_reserved(at(3 + call));
        }
        budget.release(2);
        assert_eq!(budget.reserve(at(9), Weight::Write, 5), Ok(()));
        budget.release(5);
        assert_eq!(budget.reserve(at(9), Weight::Write, 6), Err(at(10_002)));
        // More than the window holds at once begins when the window is empty.
        assert_eq!(budget.reserve(at(20_000), Weight::Write, 99), Ok(()));
    }

    #[test]
    fn a_refusal_closes_the_window() {
        let mut budget = Budget::new(Limits::default());
        budget.learn(at(5), None, true);
        assert_eq!(budget.take(at(6), Weight::Reversal), Err(at(10_005)));
    }
}
