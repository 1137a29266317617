//! Invariants of the judge, held over random processes and random histories: the engine's pure part
//! is played over a tiny world, and an oracle that knows nothing of `gate.rs` looks on. When a
//! property fails, what is printed is a process file and a history to be read line by line.

#![allow(unreachable_pub)]
mod deeds;
mod edit;
mod engine;
mod found;
mod hands;
mod history;
mod ledger;
mod oracle;
mod rulebook;
mod turns;
mod world;

use engine::{Rules, play};
use history::{History, TO_A_BOOK, Trial, careers, trial};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use rulebook::{Book, book, book_without_places};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// So many histories are played; `PROPTEST_CASES` raises it. `PROPTEST_RNG_SEED` plays the same
/// ones again.
const HISTORIES: u32 = 2_000;

fn histories() -> u32 {
    let asked = ProptestConfig::default().cases;
    if asked == 256 { HISTORIES } else { asked }
}

fn hold(
    trials: impl Strategy<Value = Trial>,
    test: impl Fn(&Rules, &History) -> Result<(), TestCaseError>,
) {
    // Half as many in a process as there may be, on the average.
    let books = histories() * 2 / (1 + u32::try_from(TO_A_BOOK).unwrap_or(1));
    let config = ProptestConfig {
        cases: books.max(1),
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..ProptestConfig::default()
    };
    let failed = TestRunner::new(config).run(&trials, |trial| {
        let rules = Rules::of(&trial.book);
        trial
            .histories
            .iter()
            .try_for_each(|history| test(&rules, history))
    });
    if let Err(failed) = failed {
        panic!("{failed}");
    }
}

/// A property that nothing reaches proves nothing.
fn reached(count: &AtomicUsize, what: &str) {
    let (times, histories) = (count.load(Relaxed), histories() as usize);
    assert!(times * 20 > histories, "only {times} times {what}");
}

/// No card is admitted to a stage whose gate was not satisfied at that moment; once nothing is under
/// way, every card that is not admitted has been returned or named; what was told before and is told
/// again changes nothing.
#[test]
fn no_gate_is_passed_unsatisfied_and_no_card_is_forgotten() {
    hold(trial(book(), 20), |rules, history| {
        play(rules, history, None)
            .map(drop)
            .map_err(TestCaseError::fail)
    });
    reached(&ledger::FORWARD, "a card went forward");
    reached(&ledger::REFUSED, "a card was refused");
}

#[test]
fn nobody_becomes_an_active_client_without_the_accountant() {
    hold(careers(Book::Radio, 13), |rules, history| {
        play(rules, history, None)
            .map(drop)
            .map_err(TestCaseError::fail)
    });
    reached(&ledger::ACTIVE, "a card came to «Активный клиент»");
}

/// Except for places that are taken and for turns.
#[test]
fn what_happens_to_other_cards_does_not_matter() {
    hold(trial(book_without_places(), 12), |rules, history| {
        let together = play(rules, history, None).map_err(TestCaseError::fail)?;
        let alone = history
            .lines
            .first()
            .map_or(0, |line| usize::from(line.card));
        let by_itself = play(rules, history, Some(alone)).map_err(TestCaseError::fail)?;
        let (one, other) = (&together.cards[alone], &by_itself.cards[alone]);
        prop_assert_eq!(&one.memory, &other.memory);
        prop_assert_eq!(&one.done, &other.done);
        prop_assert_eq!(one.sheet.read(), other.sheet.read());
        Ok(())
    });
}
