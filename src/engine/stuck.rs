//! A card that could not be moved back: the people who can move it themselves are told.

use super::Held;
use super::news::tell_named;
use crate::process::{DecisionId, Effect, MORNING, Memory, Missed, react};
use crate::store::{Commit, OutboxRow};

/// A card that is not back after so many attempts (about a quarter of an hour) is told of.
pub(super) const TOLD_AFTER: u32 = 10;

/// A word on the card that it could not be moved back: to the owner by every way, and by an @ within the
/// owner's hours.
pub(super) fn tell_stuck(
    held: &Held,
    (memory, edition): (&Memory, i64),
    row: &OutboxRow,
    tried_on: bool,
    commit: &mut Commit,
) {
    let (process, day, now) = (&held.process, held.today(commit.now), commit.now);
    let decision = &row.effect.decision;
    let when = (row.since, now);
    let (effect, word) = react::not_returned(process, &day, memory, decision, when, tried_on);
    let card = commit.lane.card().cloned();
    // The refusal itself was told of by its decision's id.
    let end = if tried_on { "stuck" } else { "given up" };
    let about = DecisionId(format!("{} {end}", decision.0));
    tell_named(commit, held, &about, &word, card.as_ref());
    commit.effects.push(effect);
    let asleep = word.people.iter();
    let asleep = asleep.filter(|one| !process.at_work(&day, one, now));
    let asleep: Vec<_> = asleep.cloned().collect();
    let Some(standing) = memory.standing.as_ref().filter(|_| !asleep.is_empty()) else {
        return;
    };
    let mut memory = memory.clone();
    let stage = &standing.stage;
    memory.clock.morning.extend(asleep.into_iter().map(|one| {
        let stage = stage.clone();
        let said = Some(word.text.clone());
        let missed = Missed {
            at: now,
            stage,
            said,
        };
        (one, missed)
    }));
    let opens = process.first_morning(&day, &memory.clock, now);
    commit.timers.push((MORNING.into(), opens));
    (commit.memory, commit.edition) = (Some(memory), Some(edition));
}

/// Whether people know already that this card could not be moved back.
pub(super) fn told(memory: &Memory, effect: &Effect) -> bool {
    memory
        .threads
        .contains_key(&react::stuck_thread(&effect.decision))
}
