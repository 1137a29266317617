//! The clock of a card: how much of its stage's limit is over, who is told of that, and when it has to
//! be looked at again. Everything follows from what is remembered and the time, so that however often
//! it is worked out, each step is told once.

use super::{Case, Court, Heard};
use crate::model::MemberId;
use crate::process::facts::Value;
use crate::process::hours::{Timing, passed};
use crate::process::memory::{ClockStay, Memory, Standing};
use crate::process::money::{fee, thirtieths};
use crate::process::rules::{FieldKey, Rung, Stage, StageKey, Who};
use crate::process::verdict::{Cost, Hand, How, Timed, What};
use jiff::{Timestamp, civil::Date};

/// The timers of the limit, of a wait that ends on a day, of those named outside of their hours, and of
/// dates.
pub const LADDER: &str = "ladder";
pub(super) const WAIT: &str = "wait";
pub const MORNING: &str = "morning";
pub(super) const DATES: &str = "deadline";

pub(super) fn is_timer(name: &str) -> bool {
    [LADDER, WAIT, MORNING, DATES].contains(&name)
}

/// What has to be looked at once the card is where it stands.
#[derive(Default)]
pub(super) struct Looks {
    pub(super) limit: bool,
    pub(super) dates: bool,
    pub(super) morning: bool,
}

impl<'a> Court<'a> {
    /// A timer of the clock's own; whether it was one.
    pub(super) fn clock_rings(&mut self, timer: &str) -> bool {
        match timer {
            LADDER => self.looks.limit = true,
            MORNING => self.looks.morning = true,
            DATES => self.looks.dates = true,
            WAIT => self.day_has_come(),
            _ => return false,
        }
        true
    }

    /// After everything else: what the time says of a card that stands where it does.
    pub(super) fn clock(&mut self) -> Heard {
        let known = self.case.memory;
        if self.is_off_the_path() || !self.enforcing() {
            return Ok(());
        }
        let process = self.case.process;
        let standing = self.memory.standing.as_ref();
        let Some(stage) = standing.and_then(|standing| process.stage(&standing.stage)) else {
            return Ok(());
        };
        if known.standing.is_none() {
            self.waits_from_the_start()?;
        }
        let clock = &self.memory.clock;
        let renewed =
            process.is_timed(stage, clock) && clock.version.as_ref() != Some(&process.version);
        let moved = known.standing != self.memory.standing || is_off_the_path(&self.case, known);
        // What rang there was not heard.
        self.looks.morning |= moved && !self.memory.clock.morning.is_empty();
        let limit = self.looks.limit || known.clock.waiting != self.memory.clock.waiting;
        let members = || {
            let own_hours = process.people.iter().any(|person| person.hours.is_some());
            let had = (&known.members, &known.holders);
            own_hours && had != (&self.memory.members, &self.memory.holders)
        };
        if moved || limit {
            self.limit(stage, renewed)?;
        } else if renewed || members() {
            // By other rules, or in another's hours: a look of its own says so.
            self.timers.push((LADDER.into(), Some(self.case.now)));
        }
        if moved || limit && renewed || self.looks.dates {
            self.dates(stage)?;
        }
        let named = || !self.memory.clock.morning.is_empty();
        if self.looks.morning || limit && renewed && named() {
            self.good_morning(stage);
        }
        if renewed && (moved || limit) {
            self.memory.clock.version = Some(process.version.clone());
        }
        Ok(())
    }

    pub(super) fn is_off_the_path(&self) -> bool {
        is_off_the_path(&self.case, &self.memory)
    }

    pub(super) fn timing(&self) -> Option<(&'a Stage, Timing<'a>)> {
        let (process, bindings) = (self.case.process, self.case.bindings);
        process.timing_of(bindings, &self.memory, self.case.now)
    }

    /// A stay is left for another stage. One that was left by a step back goes on where that is undone:
    /// since when it stands there then.
    pub(super) fn leaves_stay(
        &mut self,
        before: Option<&Standing>,
        (to, how, at): (&StageKey, &How, Timestamp),
    ) -> Timestamp {
        let clock = &mut self.memory.clock;
        let stay = clock.stay.take();
        let left = clock.left.take();
        match how {
            How::Undone => {
                clock.stay = left.filter(|left| left.stage == *to);
            }
            How::Back => {
                let stood = |before: &Standing| {
                    let stay = stay.filter(|stay| stay.stage == before.stage);
                    stay.unwrap_or_else(|| ClockStay::new(before.stage.clone(), before.since))
                };
                clock.left = left.or_else(|| before.map(stood));
            }
            _ => {}
        }
        let stay = self.memory.clock.stay.as_ref();
        stay.map_or(at, |stay| stay.since)
    }

    /// The stay in which the card stands, to be remembered.
    pub(super) fn stay(&mut self) -> Option<&mut ClockStay> {
        let standing = self.memory.standing.as_ref()?;
        let kept = self.memory.clock.stay.take();
        let kept = kept.filter(|stay| stay.stage == standing.stage);
        let new = || ClockStay::new(standing.stage.clone(), standing.since);
        Some(self.memory.clock.stay.insert(kept.unwrap_or_else(new)))
    }

    /// How far the stage's time has run.
    fn limit(&mut self, stage: &Stage, renewed: bool) -> Heard {
        let Some((_, timing)) = self.timing() else {
            return Ok(());
        };
        let waits = self.memory.clock.waiting.is_some();
        if waits {
            self.wait_for_day();
        }
        let Some(limit) = stage.limit.filter(|_| !waits) else {
            if !self.case.process.ladder.is_empty() {
                self.timers.push((LADDER.into(), None));
            }
            if stage.limit.is_none() && self.memory.clock.is_late() {
                self.late(false);
            }
            return Ok(());
        };
        let due = timing.due(limit);
        self.bears_due(stage, due);
        let rungs = timing.rungs(stage, limit);
        if rungs.is_empty() {
            if renewed {
                self.timers.push((LADDER.into(), None));
            }
            if self.memory.clock.is_late() {
                self.late(false);
            }
            return Ok(());
        }
        let now = self.case.now;
        let (passed, late) = passed(&rungs, now);
        let mut told = self.memory.stay().and_then(|stay| stay.told);
        if renewed && passed < told {
            // By the rules of today less is over: what comes again is told again.
            told = passed;
        }
        if passed > told {
            self.need_card()?;
            self.tell_step(stage, &rungs, (told, passed), due);
            told = passed;
        }
        if self.memory.stay().and_then(|stay| stay.told) != told
            && let Some(stay) = self.stay()
        {
            stay.told = told;
        }
        if self.memory.clock.is_late() != late {
            self.late(late);
        }
        let next = rungs.iter().map(|(_, at)| *at).filter(|at| *at > now);
        self.timers.push((LADDER.into(), next.min()));
        Ok(())
    }

    fn late(&mut self, late: bool) {
        if let Some(stay) = self.stay() {
            stay.late = late;
        }
    }

    /// A due date that we gave is kept to what the rules and the waits make of it.
    fn bears_due(&mut self, stage: &Stage, due: Timestamp) {
        let arrives = self.rulings.iter().any(|ruling| match &ruling.what {
            What::Admitted(admitted) => admitted.rests && admitted.stage == stage.key,
            _ => false,
        });
        let given = self.memory.stay().is_some_and(|stay| stay.due.is_some());
        if stage.seed.due
            && (arrives || given)
            && let Some(stay) = self.stay()
        {
            stay.due = Some(due);
            if arrives {
                stay.bears = Some(due); // the arrival brings it
            }
        }
    }

    /// The highest step that is over and was not told, to all whom those below it would have been told too.
    fn tell_step(
        &mut self,
        stage: &Stage,
        rungs: &[(&Rung, Timestamp)],
        (told, passed): (Option<u16>, Option<u16>),
        due: Timestamp,
    ) {
        let now = self.case.now;
        let Some(at) = passed else { return };
        let untold = |rung: &Rung| rung.at <= at && told.is_none_or(|told| rung.at > told);
        let mut people: Vec<MemberId> = Vec::new();
        for who in rungs
            .iter()
            .filter(|(rung, _)| untold(rung))
            .flat_map(|(rung, _)| &rung.tell)
        {
            for one in self.whom(stage, who) {
                if !people.contains(&one) {
                    people.push(one);
                }
            }
        }
        let process = self.case.process;
        let days = days_between(process.today(due), process.today(now));
        let cost = self.cost(days).filter(|_| at >= 100);
        let turn = self.people(std::slice::from_ref(&stage.owner));
        let what = Timed::Step {
            stage: stage.key.clone(),
            at,
            due,
            days,
            cost,
            call: self.remind(&people),
            people,
            turn,
        };
        self.rings(what);
    }

    fn whom(&self, stage: &Stage, who: &Who) -> Vec<MemberId> {
        let role = match who {
            Who::Turn => Some(&stage.owner),
            Who::Lead => {
                let owner = self.case.process.role(&stage.owner);
                owner.and_then(|role| role.lead.as_ref())
            }
            Who::Role(role) => Some(role),
        };
        role.map_or_else(Vec::new, |role| self.people(std::slice::from_ref(role)))
    }

    /// What so many days cost of the monthly fee; none where there is none, or it is not known.
    pub(super) fn cost(&self, days: i64) -> Option<Cost> {
        let facts = self.facts.as_ref().filter(|_| days > 0)?;
        let value = |field: &FieldKey| -> Option<Value> { facts.value(field).cloned() };
        let (currency, fee) = fee(self.case.process, value)?;
        let amount = thirtieths(fee, days);
        Some(Cost { amount, currency })
    }

    /// A ruling of the clock's own, which nobody's hand has made.
    pub(super) fn rings(&mut self, what: Timed) {
        let at = self.case.now;
        self.rule(at, Hand::default(), What::Timed(Box::new(what)));
    }
}

/// Gone, archived, or in a list beside the process: nobody waits for it there.
fn is_off_the_path(case: &Case<'_>, memory: &Memory) -> bool {
    let rests = memory.rests.as_ref();
    let beside = rests.is_some_and(|list| case.bindings.stage_of(list).is_none());
    memory.gone || memory.closed || beside
}

fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}
