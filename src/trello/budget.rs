//! Trello's request windows: so many calls in ten seconds for a token and for a key, so many writes
//! in an hour. Exact sliding windows, so that nothing is sent that Trello would refuse, and what
//! matters more goes first. Pure and a plain value: the instant is handed in, and whoever keeps it
//! may keep it as text.

use super::window::{Log, Window};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What a call is for, from what may wait longest. A read weighs what it is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    Sweep,
    Mirror,
    Seed,
    Comment,
    Untick,
    /// Cards that go back, and what is read to decide it.
    Reversal,
}

#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub window: SignedDuration,
    pub per_token: usize,
    pub per_key: usize,
    /// Writes in an hour.
    pub actions: usize,
    /// One call in so many is kept for reversals.
    pub reserve: usize,
}

impl Default for Limits {
    /// Trello's published windows, and the hour that its headers tell of.
    fn default() -> Self {
        Self {
            window: SignedDuration::from_secs(10),
            per_token: 100,
            per_key: 300,
            actions: 15_000,
            reserve: 20,
        }
    }
}

/// So many calls at once, or none of them.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    pub weight: Weight,
    pub calls: usize,
    pub writes: bool,
}

/// What an answer's headers tell of one window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub max: Option<usize>,
    pub interval: Option<SignedDuration>,
    pub remaining: Option<usize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Headers {
    pub token: Told,
    pub key: Told,
    pub actions: Told,
}

/// Where only calls set apart are in the way: they are made or given back soon.
const SOON: SignedDuration = SignedDuration::from_millis(500);
/// Whoever was told an instant may come this much late, and those who matter less still wait.
const MOMENT: SignedDuration = SignedDuration::from_millis(150);
/// Nobody is sent away for longer by those who came before.
const LONGEST: SignedDuration = SignedDuration::from_mins(10);
/// Calls set apart and not made are free again after so long: their owner died.
const KEPT: SignedDuration = SignedDuration::from_secs(30);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// One token of one key, by whichever machines use them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    token: Window,
    key: Window,
    actions: Window,
    reserve: usize,
    calls: Log,
    writes: Log,
    apart: Vec<Apart>,
    /// The latest instant that anybody of a weight was told to come again at.
    told: [Timestamp; 6],
    /// Trello said that the window is full until then.
    closed_until: Timestamp,
}

/// Calls set apart for a deed under way, and not made yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Apart {
    owner: u64,
    calls: usize,
    until: Timestamp,
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Budget {
    pub fn new(limits: Limits) -> Self {
        Self {
            token: Window::new(limits.per_token, limits.window),
            key: Window::new(limits.per_key, limits.window),
            actions: Window::new(limits.actions, HOUR),
            reserve: limits.reserve,
            calls: Log::default(),
            writes: Log::default(),
            apart: Vec::new(),
            told: [Timestamp::MIN; 6],
            closed_until: Timestamp::MIN,
        }
    }

    /// Takes the calls out of the windows, or says when to ask again.
    pub fn take(&mut self, now: Timestamp, ask: Ask) -> Result<(), Timestamp> {
        self.fits(now, ask)?;
        self.sent(now, ask.calls, ask.writes);
        Ok(())
    }

    /// Sets calls apart for a deed that makes several: a deed that cannot finish does not begin, or
    /// its first calls would eat what the rest of it waits for.
    pub fn reserve(&mut self, now: Timestamp, owner: u64, ask: Ask) -> Result<(), Timestamp> {
        self.fits(now, ask)?;
        self.apart.push(Apart {
            owner,
            calls: ask.calls,
            until: after(now, KEPT),
        });
        Ok(())
    }

    /// One of the calls set apart is made now. False where none is left.
    pub fn use_reserved(&mut self, now: Timestamp, owner: u64, writes: bool) -> bool {
        self.forget(now);
        let own = self.apart.iter_mut().find(|apart| apart.owner == owner);
        let Some(own) = own.filter(|own| own.calls > 0) else {
            return false;
        };
        own.calls -= 1;
        own.until = after(now, KEPT);
        self.sent(now, 1, writes);
        true
    }

    /// The deed is over, and did not need so many.
    pub fn release(&mut self, owner: u64) {
        self.apart.retain(|apart| apart.owner != owner);
    }

    /// What the answer's headers tell of the windows, or a 429.
    pub fn learn(&mut self, now: Timestamp, headers: &Headers, refused: bool) {
        self.forget(now);
        self.token.learn(now, &headers.token, &self.calls);
        self.key.learn(now, &headers.key, &self.calls);
        self.actions.learn(now, &headers.actions, &self.writes);
        if refused {
            self.closed_until = after(now, self.token.span());
        }
    }

    /// Calls that may still be made in this window.
    pub fn left(&self, now: Timestamp) -> usize {
        if self.closed_until > now {
            return 0;
        }
        let apart = self.set_apart();
        let left = |window: &Window| window.left(now, &self.calls).saturating_sub(apart);
        left(&self.token).min(left(&self.key))
    }

    fn fits(&mut self, now: Timestamp, ask: Ask) -> Result<(), Timestamp> {
        self.forget(now);
        // A full hour keeps nobody from reading, and is no time to wait in a row.
        let hour = self.room(now, &self.actions, &self.writes, ask);
        if let Some(until) = hour.filter(|_| ask.writes) {
            return Err(until);
        }
        let Some(free) = self.free_at(now, ask) else {
            return Ok(());
        };
        // Each who is sent away is told a time of its own: all of them at the same would come in
        // vain but for one. Those who matter more have theirs before.
        let before = self.told[ask.weight as usize..].iter().max();
        let pace = self.token.pace(self.kept(self.token.max(), ask.weight));
        let turn = before.map_or(free, |before| after(*before, pace * calls(ask.calls)));
        let until = free.max(turn.min(after(now, LONGEST)));
        self.told[ask.weight as usize] = until;
        Err(until)
    }

    /// When there is room; none: now.
    fn free_at(&self, now: Timestamp, ask: Ask) -> Option<Timestamp> {
        let waiting = self.told[ask.weight as usize + 1..].iter().max();
        let waiting = waiting.map(|told| after(*told, MOMENT));
        let token = self.room(now, &self.token, &self.calls, ask);
        let key = self.room(now, &self.key, &self.calls, ask);
        let all = [token, key, Some(self.closed_until), waiting];
        all.into_iter().flatten().filter(|until| *until > now).max()
    }

    fn room(&self, now: Timestamp, window: &Window, log: &Log, ask: Ask) -> Option<Timestamp> {
        let most = self.kept(window.max(), ask.weight);
        window.free_at(now, log, self.set_apart(), ask.calls, most, SOON)
    }

    /// How much of a window this weight may use.
    fn kept(&self, max: usize, weight: Weight) -> usize {
        let reserve = match weight {
            Weight::Reversal => 0,
            _ => max.div_ceil(self.reserve.max(1)),
        };
        max.saturating_sub(reserve).max(1)
    }

    fn set_apart(&self) -> usize {
        self.apart.iter().map(|apart| apart.calls).sum()
    }

    fn sent(&mut self, now: Timestamp, calls: usize, writes: bool) {
        self.calls.push(now, calls, self.token.grain());
        if writes {
            self.writes.push(now, calls, self.actions.grain());
        }
    }

    fn forget(&mut self, now: Timestamp) {
        let kept = self.token.kept().max(self.key.kept());
        self.calls.forget(now, kept, self.token.grain());
        self.writes
            .forget(now, self.actions.kept(), self.actions.grain());
        self.apart.retain(|apart| apart.until > now);
        // Nothing that lies ahead lies farther than when it was written, whatever the clock did.
        for window in [&mut self.token, &mut self.key, &mut self.actions] {
            window.set_back(now);
        }
        self.closed_until = self.closed_until.min(after(now, self.token.kept()));
        let longest = after(now, LONGEST);
        let nobody = self.told.iter_mut().filter(|told| **told > longest);
        nobody.for_each(|told| *told = Timestamp::MIN);
        let longest = after(now, KEPT);
        self.apart
            .iter_mut()
            .for_each(|one| one.until = one.until.min(longest));
    }
}

fn calls(calls: usize) -> i32 {
    i32::try_from(calls).unwrap_or(1).clamp(1, 100)
}

pub(super) fn after(at: Timestamp, span: SignedDuration) -> Timestamp {
    at.saturating_add(span).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Weight::{Comment, Reversal, Seed, Sweep, Untick};
    use proptest::prelude::*;

    const WEIGHTS: [Weight; 6] = [Reversal, Untick, Comment, Seed, Weight::Mirror, Sweep];

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(ms).unwrap()
    }

    fn ask(weight: Weight, calls: usize) -> Ask {
        Ask {
            weight,
            calls,
            writes: true,
        }
    }

    fn small(per_token: usize) -> Budget {
        Budget::new(Limits {
            per_token,
            ..Limits::default()
        })
    }

    fn most_in_ten_seconds(sent: &[i64]) -> usize {
        let within = |first: &i64| {
            let window = *first..*first + 10_000;
            sent.iter().filter(|one| window.contains(*one)).count()
        };
        sent.iter().map(within).max().unwrap_or(0)
    }

    proptest! {
        /// However the calls come, and however late each arrives, no ten seconds hold more than the
        /// window allows.
        #[test]
        fn never_more_than_the_window(
            gaps in prop::collection::vec((0i64..400, 0usize..6, 0i64..240), 1..600)
        ) {
            let mut budget = small(20);
            let (mut now, mut arrived) = (0, Vec::new());
            for (gap, weight, late) in gaps {
                now += gap;
                if budget.take(at(now), ask(WEIGHTS[weight], 1)).is_ok() {
                    arrived.push(now + late);
                }
            }
            prop_assert!(most_in_ten_seconds(&arrived) <= 20);
        }

        /// Nobody is served while somebody who matters more waits for the turn that was told, and all
        /// are served in little more time than the limit dictates.
        #[test]
        fn what_matters_more_goes_first(
            came in prop::collection::vec((0i64..3_000, 0usize..6), 1..200)
        ) {
            let mut budget = small(20);
            let mut waiting: Vec<(i64, Weight)> =
                came.iter().map(|(at, weight)| (*at, WEIGHTS[*weight])).collect();
            let (mut served, mut turned_away) = (Vec::new(), 0);
            while !waiting.is_empty() {
                waiting.sort_by_key(|(at, weight)| (*at, std::cmp::Reverse(*weight)));
                let (now, weight) = waiting.remove(0);
                match budget.take(at(now), ask(weight, 1)) {
                    Ok(()) => {
                        let before = waiting.iter().filter(|(at, other)| *at > 3_000 && *other > weight);
                        prop_assert_eq!(before.count(), 0, "{:?} at {}", weight, now);
                        served.push(now);
                    }
                    Err(until) => {
                        turned_away += 1;
                        prop_assert!(until > at(now));
                        waiting.push((until.as_millisecond(), weight));
                    }
                }
            }
            let windows = i64::try_from(came.len().div_ceil(19)).unwrap();
            prop_assert!(served.iter().max() <= Some(&(3_000 + windows * 10_350 + 6 * 200)));
            prop_assert!(turned_away <= came.len() * 6, "{} of {}", turned_away, came.len());
        }
    }

    #[test]
    fn a_reversal_still_goes_when_the_rest_must_wait() {
        let mut budget = small(40);
        for _ in 0..38 {
            assert_eq!(budget.take(at(0), ask(Comment, 1)), Ok(()));
        }
        assert_eq!(budget.take(at(1), ask(Comment, 1)), Err(at(10_259)));
        assert_eq!(budget.take(at(1), ask(Reversal, 1)), Ok(()));
        assert_eq!(budget.take(at(1), ask(Reversal, 1)), Ok(()));
        assert_eq!(budget.take(at(2), ask(Reversal, 1)), Err(at(10_259)));
    }

    #[test]
    fn each_who_is_sent_away_has_a_turn_and_the_lesser_come_after() {
        let mut budget = small(10);
        assert_eq!(budget.take(at(0), ask(Reversal, 10)), Ok(()));
        let mut turn = |weight| {
            let turn = budget.take(at(1), ask(weight, 1)).unwrap_err();
            turn.as_millisecond()
        };
        let first = turn(Reversal);
        assert_eq!([first, turn(Reversal)], [10_259, 10_259 + 973]);
        assert!(turn(Seed) > 10_259 + 973);
        assert!(budget.take(at(10_260), ask(Comment, 1)).is_err());
        assert_eq!(budget.take(at(10_260), ask(Reversal, 1)), Ok(()));
        assert_eq!(budget.take(at(11_440), ask(Comment, 1)), Ok(()));
    }

    #[test]
    fn a_deed_begins_only_when_all_of_it_fits() {
        let mut budget = small(10);
        assert_eq!(budget.reserve(at(0), 1, ask(Reversal, 6)), Ok(()));
        assert!(budget.clone().reserve(at(1), 2, ask(Reversal, 6)).is_err());
        assert_eq!(budget.take(at(2), ask(Reversal, 1)), Ok(()));
        for call in 0..4 {
            assert!(budget.use_reserved(at(3 + call), 1, true));
        }
        budget.release(1);
        assert!(!budget.use_reserved(at(9), 1, true));
        assert_eq!(budget.left(at(9)), 5);
        assert_eq!(budget.reserve(at(9), 3, ask(Reversal, 5)), Ok(()));
        budget.release(3);
        // More than the window holds at once begins when the window is empty.
        assert_eq!(budget.reserve(at(20_000), 4, ask(Reversal, 99)), Ok(()));
        // Whoever set them apart is dead.
        assert!(budget.take(at(49_000), ask(Reversal, 1)).is_err());
        assert_eq!(budget.take(at(50_001), ask(Reversal, 1)), Ok(()));
    }

    #[test]
    fn a_refusal_closes_the_window() {
        let mut budget = Budget::default();
        budget.learn(at(5), &Headers::default(), true);
        assert_eq!(budget.take(at(6), ask(Reversal, 1)), Err(at(10_005)));
    }

    #[test]
    fn an_hour_holds_so_many_writes_and_any_number_of_reads() {
        let mut budget = Budget::new(Limits {
            actions: 40,
            ..Limits::default()
        });
        for second in 0..38 {
            let now = at(second * 1_000);
            assert_eq!(budget.take(now, ask(Comment, 1)), Ok(()));
        }
        let until = budget.take(at(40_000), ask(Comment, 1)).unwrap_err();
        assert!(until > at(3_600_000) && until < at(3_720_000), "{until}");
        let mut read = ask(Comment, 1);
        read.writes = false;
        assert_eq!(budget.take(at(40_000), read), Ok(()));
        assert_eq!(budget.take(at(40_000), ask(Reversal, 1)), Ok(()));
    }

    #[test]
    fn the_headers_are_believed() {
        let mut budget = Budget::default();
        let told = |max, remaining| Told {
            max: Some(max),
            interval: Some(SignedDuration::from_secs(10)),
            remaining: Some(remaining),
        };
        let headers = |token, key| Headers {
            token,
            key,
            actions: Told::default(),
        };
        assert_eq!(budget.take(at(0), ask(Untick, 1)), Ok(()));
        // Somebody else uses the key.
        budget.learn(at(100), &headers(told(100, 99), told(300, 20)), false);
        assert_eq!(budget.left(at(100)), 20);
        assert_eq!(budget.left(at(10_300)), 100);
        // The limits are others than we thought.
        budget.learn(at(10_300), &headers(told(50, 50), told(300, 300)), false);
        assert_eq!(budget.left(at(10_300)), 50);
    }

    #[test]
    fn it_is_a_plain_value_and_stays_small() {
        let mut budget = Budget::default();
        for call in 0..20_000 {
            let now = at(1_700_000_000_000 + call * 200);
            let _ = budget.take(now, ask(WEIGHTS[usize::try_from(call).unwrap() % 6], 1));
        }
        let text = serde_json::to_string(&budget).unwrap();
        assert!(text.len() < 5_000, "{} bytes", text.len());
        assert_eq!(serde_json::from_str::<Budget>(&text).unwrap(), budget);
    }

    #[test]
    fn a_clock_set_back_by_an_hour_holds_nothing_up_for_an_hour() {
        let mut budget = Budget::new(Limits {
            per_token: 10,
            ..Limits::default()
        });
        let ask = |weight| Ask {
            weight,
            calls: 1,
            writes: true,
        };
        let late = at(3_600_000);
        while budget.take(late, ask(Reversal)).is_ok() {}
        assert!(budget.take(late, ask(Comment)).is_err());
        budget.learn(late, &Headers::default(), true);
        let within = at(0).saturating_add(SignedDuration::from_secs(30)).unwrap();
        let again = budget.take(at(0), ask(Reversal)).unwrap_err();
        assert!(again < within, "{again}");
        assert_eq!(budget.take(again, ask(Reversal)), Ok(()));
    }
}
