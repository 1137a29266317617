//! Who is meant by a role on this card, and who of them may be called with an @ now.

use super::Court;
use super::clock::MORNING;
use crate::model::{Event, MemberId};
use crate::process::memory::Missed;
use crate::process::rules::{RoleKey, Stage};
use crate::process::verdict::Timed;

impl Court<'_> {
    /// The people of the first of these roles that has any there: whose turn it is, or those who are on
    /// the card, if some are.
    pub(super) fn people(&self, roles: &[RoleKey]) -> Vec<MemberId> {
        let called = roles
            .iter()
            .map(|role| (role, self.case.bindings.called(role)));
        let Some((role, people)) = { called }.find(|(_, people)| !people.is_empty()) else {
            return Vec::new();
        };
        let holders = self.holders(role, people);
        if !holders.is_empty() {
            return holders;
        }
        let on_card: Vec<_> = people
            .iter()
            .filter(|one| self.memory.members.contains(*one))
            .cloned()
            .collect();
        if on_card.is_empty() {
            people.to_vec()
        } else {
            on_card
        }
    }

    /// Those of `people` who may be called with an @ now: once per card and day, within their hours, never
    /// the bot or somebody who is away. Who is not at work is called in the morning.
    pub(super) fn call(&mut self, people: &[MemberId]) -> Vec<MemberId> {
        let today = self.case.process.today(self.case.now);
        let bindings = self.case.bindings;
        // Whoever is not at work is called anew in the morning, for what came since.
        let fresh = people.iter().filter(|one| {
            let called = self.memory.called.get(one) == Some(&today) && self.is_awake(one);
            !called && bindings.is_there(one, today)
        });
        let fresh: Vec<_> = fresh.cloned().collect();
        self.remind(&fresh)
    }

    /// The same however often they were called today: what is said as time runs out is said once.
    pub(super) fn remind(&mut self, people: &[MemberId]) -> Vec<MemberId> {
        let process = self.case.process;
        let today = process.today(self.case.now);
        let bot = &self.case.bindings.bot;
        let (awake, asleep): (Vec<_>, Vec<_>) = people
            .iter()
            .filter(|one| *one != bot)
            .cloned()
            .partition(|one| self.is_awake(one));
        for one in &awake {
            self.memory.called.insert(one.clone(), today);
            self.memory.clock.morning.remove(one);
        }
        self.leave_till_morning(asleep);
        awake
    }

    /// At work, or at this card this very moment.
    pub(super) fn is_awake(&self, one: &MemberId) -> bool {
        let acts = |event: &Event| event.actor.member.as_ref() == Some(one);
        let acts = self.case.events.iter().any(acts);
        let (process, bindings) = (self.case.process, self.case.bindings);
        acts || process.at_work(bindings, one, self.case.now)
    }

    fn leave_till_morning(&mut self, people: Vec<MemberId>) {
        let standing = self.memory.standing.as_ref();
        let Some(stage) = standing.map(|standing| standing.stage.clone()) else {
            return;
        };
        if people.is_empty() || !self.enforcing() {
            return;
        }
        for one in people {
            let missed = Missed {
                at: self.case.now,
                stage: stage.clone(),
                said: None, // written down once it is said
            };
            self.memory.clock.morning.insert(one, missed);
        }
        self.wait_for_morning();
    }

    /// The first morning of one of them.
    fn wait_for_morning(&mut self) {
        let (process, bindings) = (self.case.process, self.case.bindings);
        let opens = process.first_morning(bindings, &self.memory.clock, self.case.now);
        self.timers.push((MORNING.into(), opens));
    }

    /// Whoever was named at night is called, if it is still that person's turn, or the card still stands
    /// where it did.
    pub(super) fn good_morning(&mut self, stage: &Stage) {
        let missed = self.memory.clock.morning.clone();
        let up = missed.into_iter().filter(|(one, _)| self.is_awake(one));
        let up: Vec<_> = up.collect();
        self.memory
            .clock
            .morning
            .retain(|one, _| !up.iter().any(|(awake, _)| awake == one));
        let turns = self.people(std::slice::from_ref(&stage.owner));
        let (turn, others): (Vec<_>, Vec<_>) =
            up.into_iter().partition(|(one, _)| turns.contains(one));
        let (process, bindings) = (self.case.process, self.case.bindings);
        let others = others.into_iter().filter(|(one, missed)| {
            missed.stage == stage.key && bindings.role_of(process, one).is_some()
        });
        let turn: Vec<_> = turn.into_iter().map(|(one, _)| one).collect();
        let (others, said): (Vec<_>, Vec<_>) = others
            .map(|(one, missed)| (one.clone(), missed.said.map(|said| (one, said))))
            .unzip();
        let call = self.call(&[turn.clone(), others.clone()].concat());
        if !call.is_empty() {
            let waits = self.memory.clock.waiting.is_some();
            let timing = self.timing().filter(|_| !waits);
            let due = timing.and_then(|(stage, timing)| Some(timing.due(stage.limit?)));
            self.rings(Timed::Morning {
                stage: stage.key.clone(),
                due,
                turn,
                others,
                said: said.into_iter().flatten().collect(),
                call,
            });
        }
        self.wait_for_morning();
    }
}
