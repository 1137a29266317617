//! In whose hours the time of a card runs, and whether somebody can be called now. Whoever has no hours
//! of their own goes by those of the board.

use super::bind::Bindings;
use super::calendar::{self, Pause};
use super::memory::{Clock, Memory};
use super::rules::{Deadline, Hours, Process, RoleKey, Rung, Stage};
use crate::model::MemberId;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// The highest step that has come, in hundredths of the limit, and whether the card is late by then.
pub fn passed(rungs: &[(&Rung, Timestamp)], now: Timestamp) -> (Option<u16>, bool) {
    let over = rungs.iter().filter(|(_, at)| *at <= now);
    let late = over.clone().any(|(rung, _)| rung.late);
    (over.map(|(rung, _)| rung.at).max(), late)
}

/// Whose turn it is on a card, and who is on it: where nobody remembers, these count.
pub type Whose<'a> = (&'a [MemberId], &'a BTreeSet<MemberId>);

/// The time of one stay in one stage.
pub struct Timing<'p> {
    process: &'p Process,
    hours: &'p Hours,
    pub since: Timestamp,
    /// In which it stood still, in order.
    pub pauses: Vec<Pause>,
}

impl<'p> Timing<'p> {
    /// The steps of the ladder that are of this stage, and when each comes.
    pub fn rungs(&self, stage: &Stage, limit: SignedDuration) -> Vec<(&'p Rung, Timestamp)> {
        let ladder = self.process.ladder.iter();
        let rungs = ladder.filter(|rung| rung.is_of(&stage.key));
        rungs
            .map(|rung| (rung, self.due(rung.part(limit))))
            .collect()
    }

    /// When so much of it is over.
    pub fn due(&self, limit: SignedDuration) -> Timestamp {
        let zone = &self.process.time_zone;
        calendar::due_without(self.hours, zone, self.since, limit, &self.pauses)
    }

    /// How much working time has gone by then.
    pub fn worked(&self, until: Timestamp) -> SignedDuration {
        let zone = &self.process.time_zone;
        calendar::working_without(self.hours, zone, self.since, until, &self.pauses)
    }
}

impl Process {
    /// Of a stay that began then.
    pub fn timing(
        &self,
        bindings: &Bindings,
        whose: Whose<'_>,
        stage: &Stage,
        since: Timestamp,
        pauses: Vec<Pause>,
    ) -> Timing<'_> {
        Timing {
            process: self,
            hours: self.hours_of(bindings, whose, stage),
            since,
            pauses,
        }
    }

    /// Of the stage in which a card stands.
    pub fn timing_of(
        &self,
        bindings: &Bindings,
        memory: &Memory,
        now: Timestamp,
    ) -> Option<(&Stage, Timing<'_>)> {
        let standing = memory.standing.as_ref()?;
        let stage = self.stage(&standing.stage)?;
        let pauses = memory.pauses(now);
        let timing = self.timing(bindings, memory.whose(), stage, standing.since, pauses);
        Some((stage, timing))
    }

    /// Those of the one who has the card, if they are that person's own; else of the stage's owner.
    pub fn hours_of(
        &self,
        bindings: &Bindings,
        (holders, members): Whose<'_>,
        stage: &Stage,
    ) -> &Hours {
        if !self.people.iter().any(|person| person.hours.is_some()) {
            return self.hours_of_role(&stage.owner);
        }
        let held = bindings.roles.get(&stage.owner);
        let held = held.map_or(&[][..], |held| held.people.as_slice());
        let has = |one: &&MemberId| match holders {
            [] => members.contains(*one),
            holders => holders.contains(one),
        };
        let having: Vec<_> = held.iter().filter(has).collect();
        let one = match (having.as_slice(), held) {
            ([one], _) => Some(*one),
            ([], [one]) => Some(one),
            _ => None,
        };
        let own = one.and_then(|one| self.own_hours(bindings, one));
        own.unwrap_or_else(|| self.hours_of_role(&stage.owner))
    }

    pub fn hours_of_role(&self, role: &RoleKey) -> &Hours {
        let role = self.role(role);
        role.and_then(|role| role.hours.as_ref())
            .unwrap_or(&self.hours)
    }

    fn own_hours(&self, bindings: &Bindings, member: &MemberId) -> Option<&Hours> {
        let known = bindings.people.get(member)?;
        self.person(&known.username)?.hours.as_ref()
    }

    /// All hours in which a person can be called: their own, or those of the roles they hold. None where
    /// the file does not say when people work: then it is always.
    fn hours_of_person(&self, bindings: &Bindings, member: &MemberId) -> Option<Vec<&Hours>> {
        if let Some(own) = self.own_hours(bindings, member) {
            return Some(vec![own]);
        }
        let held = |role: &&super::rules::Role| bindings.holds(member, &role.key, true);
        let held = self.roles.iter().filter(held);
        let hours: Vec<_> = held.map(|role| role.hours.as_ref()).collect();
        match (hours.as_slice(), self.keeps_hours) {
            ([], true) => Some(vec![&self.hours]),
            ([], false) => None,
            (held, keeps) => {
                let held = held.iter().map(|own| match (own, keeps) {
                    (Some(own), _) => Some(*own),
                    (None, true) => Some(&self.hours),
                    (None, false) => None,
                });
                held.collect()
            }
        }
    }

    /// Whether a person is at work then.
    pub fn at_work(&self, bindings: &Bindings, member: &MemberId, at: Timestamp) -> bool {
        let hours = self.hours_of_person(bindings, member);
        let works = |hours: &&Hours| calendar::at_work(hours, &self.time_zone, at);
        hours.is_none_or(|hours| hours.iter().any(works))
    }

    /// When a person is at work again.
    pub fn next_at_work(
        &self,
        bindings: &Bindings,
        member: &MemberId,
        from: Timestamp,
    ) -> Timestamp {
        let hours = self.hours_of_person(bindings, member);
        let hours = hours.unwrap_or_default().into_iter();
        let opens = hours.map(|hours| calendar::next_open(hours, &self.time_zone, from));
        opens.min().unwrap_or(from)
    }

    /// When the first of those whom the clock is to call in the morning is at work again.
    pub fn first_morning(
        &self,
        bindings: &Bindings,
        clock: &Clock,
        from: Timestamp,
    ) -> Option<Timestamp> {
        let people = clock.morning.keys();
        let opens = people.map(|one| self.next_at_work(bindings, one, from));
        opens.min()
    }

    /// Whether anything has to be looked at, in time, of a card that stands there and whose clock says
    /// this.
    pub fn is_timed(&self, stage: &Stage, clock: &Clock) -> bool {
        let limited = stage.limit.is_some() && (stage.seed.due || !self.ladder.is_empty());
        limited || !self.deadlines.is_empty() || clock.is_pending()
    }

    /// Whether a date is told of on a card in that stage. Beside the path it is only where the stage asks
    /// for it, and such a date is told of there alone.
    pub fn is_dated(&self, stage: &Stage, deadline: &Deadline) -> bool {
        let asks = |stage: &Stage| stage.asks_for(&deadline.field);
        match stage.is_path() {
            false => asks(stage),
            true => !self.stages.iter().any(|one| !one.is_path() && asks(one)),
        }
    }
}
