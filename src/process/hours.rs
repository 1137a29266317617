//! In whose hours the time of a card runs, and whether somebody can be called now. Whoever has no hours
//! of their own goes by those of the board.

use super::bind::Bindings;
use super::calendar::{self, Pause};
use super::memory::Memory;
use super::rules::{Deadline, Hours, Process, RoleKey, Stage};
use crate::model::MemberId;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// The time of one stay in one stage.
pub struct Timing<'p> {
    process: &'p Process,
    hours: &'p Hours,
    pub since: Timestamp,
    /// In which it stood still, in order.
    pub pauses: Vec<Pause>,
}

impl Timing<'_> {
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
    /// Of a stay that began then, on a card that is theirs.
    pub fn timing(
        &self,
        bindings: &Bindings,
        theirs: &BTreeSet<MemberId>,
        stage: &Stage,
        since: Timestamp,
        pauses: Vec<Pause>,
    ) -> Timing<'_> {
        Timing {
            process: self,
            hours: self.hours_of(bindings, theirs, stage),
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
        let theirs = match memory.holders.is_empty() {
            true => memory.members.clone(),
            false => memory.holders.iter().cloned().collect(),
        };
        let timing = self.timing(bindings, &theirs, stage, standing.since, pauses);
        Some((stage, timing))
    }

    /// Those of the one who has the card, if they are that person's own; else of the stage's owner.
    pub fn hours_of(
        &self,
        bindings: &Bindings,
        theirs: &BTreeSet<MemberId>,
        stage: &Stage,
    ) -> &Hours {
        if !self.people.iter().any(|person| person.hours.is_some()) {
            return self.hours_of_role(&stage.owner);
        }
        let held = bindings.roles.get(&stage.owner);
        let held = held.map_or(&[][..], |held| held.people.as_slice());
        let having: Vec<_> = held.iter().filter(|one| theirs.contains(*one)).collect();
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

    /// Whether anything has to be looked at, in time, of a card that stands there.
    pub fn is_timed(&self, stage: &Stage) -> bool {
        let limited = stage.limit.is_some() && (stage.seed.due || !self.ladder.is_empty());
        limited || !self.deadlines.is_empty()
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
