//! How often one of many may ask: more than any page does, and less than harms the others.

use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// So many are counted at once; beyond them nobody new is let in until somebody's time is over.
const MOST_COUNTED: usize = 10_000;

pub(crate) struct Pace<K> {
    within: SignedDuration,
    counted: Mutex<HashMap<K, (Timestamp, u32)>>,
}

impl<K: Clone + Eq + Hash> Pace<K> {
    pub(crate) fn within(within: SignedDuration) -> Self {
        Self {
            within,
            counted: Mutex::default(),
        }
    }

    pub(crate) fn may(&self, who: &K, most: u32, now: Timestamp) -> bool {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let over = |since: Timestamp| now.duration_since(since).abs() >= self.within;
        if counted.len() >= MOST_COUNTED && !counted.contains_key(who) {
            counted.retain(|_, (since, _)| !over(*since));
            if counted.len() >= MOST_COUNTED {
                return false;
            }
        }
        let (since, times) = counted.entry(who.clone()).or_insert((now, 0));
        if over(*since) {
            (*since, *times) = (now, 0);
        }
        *times += 1;
        *times <= most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn one_who_asks_without_end_waits_and_others_do_not() {
        let pace = Pace::within(SignedDuration::from_secs(10));
        assert!((0..30).all(|_| pace.may(&"anna", 30, at(0))));
        assert!(!pace.may(&"anna", 30, at(9)));
        assert!(pace.may(&"boris", 30, at(9)));
        assert!(pace.may(&"anna", 30, at(10)));
    }

    #[test]
    fn more_than_can_be_counted_wait_until_somebodys_time_is_over() {
        let pace = Pace::within(SignedDuration::from_secs(10));
        assert!((0..MOST_COUNTED).all(|who| pace.may(&who, 1, at(0))));
        assert!(!pace.may(&MOST_COUNTED, 1, at(9)));
        assert!(pace.may(&MOST_COUNTED, 1, at(10)));
    }
}
