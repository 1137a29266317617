//! How often one person may ask: more than any page does, and less than harms the others.

use crate::model::MemberId;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

const WITHIN: SignedDuration = SignedDuration::from_secs(10);
const MOST: u32 = 120;
/// Of what is asked to be done.
const MOST_ACTS: u32 = 30;

#[derive(Default)]
pub(crate) struct Pace(Mutex<HashMap<(MemberId, bool), (Timestamp, u32)>>);

impl Pace {
    pub(super) fn may(&self, member: &MemberId, acts: bool, now: Timestamp) -> bool {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let over = |since: Timestamp| now.duration_since(since).abs() >= WITHIN;
        if counted.len() > 10_000 {
            counted.retain(|_, (since, _)| !over(*since));
        }
        let (since, times) = counted.entry((member.clone(), acts)).or_insert((now, 0));
        if over(*since) {
            (*since, *times) = (now, 0);
        }
        *times += 1;
        *times <= if acts { MOST_ACTS } else { MOST }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_who_asks_without_end_waits_and_others_do_not() {
        let pace = Pace::default();
        let at = |s| Timestamp::from_second(s).unwrap();
        let anna: MemberId = "anna".into();
        assert!((0..MOST_ACTS).all(|_| pace.may(&anna, true, at(0))));
        assert!(!pace.may(&anna, true, at(9)));
        assert!(pace.may(&anna, false, at(9)), "looking is counted apart");
        assert!(pace.may(&"boris".into(), true, at(9)));
        assert!(pace.may(&anna, true, at(10)));
    }
}
