//! Whose turn it is: chosen where a card comes to rest, kept while it stands there, handed on while
//! somebody is away and back afterwards. What an order rests on, how much each person has, is as the
//! store counted it; cards that come at once are judged one after the other, so that each counts those
//! before it.

use super::Court;
use crate::model::{Event, MemberId};
use crate::process::bind::{Absent, Holders};
use crate::process::memory::{Echo, EchoKind, Memory};
use crate::process::rules::{RoleKey, Stage, StageKey, TurnOrder};
use crate::process::verdict::{Hand, Handed, Handing, Members, What};
use jiff::{SignedDuration, Timestamp};

/// The timer by which a card is looked at because somebody is away or back.
pub const TURN: &str = "turn";
/// Of two that are given something at once one comes first.
const AN_INSTANT: SignedDuration = SignedDuration::from_millis(1);

/// What an arrival comes to for people.
#[derive(Default)]
pub(super) struct Arrived {
    pub(super) holders: Vec<MemberId>,
    pub(super) members: Members,
    pub(super) absent: Vec<Absent>,
    /// Nobody of the role is there.
    pub(super) nobody: bool,
}

/// Where a role is bound to nobody.
static NOBODY: Holders = Holders {
    people: Vec::new(),
    deputies: Vec::new(),
    absent: Vec::new(),
    stand_ins: Vec::new(),
    instead: Vec::new(),
};

impl<'a> Court<'a> {
    fn held_by(&self, role: &RoleKey) -> &'a Holders {
        self.case.bindings.roles.get(role).unwrap_or(&NOBODY)
    }

    fn standing_stage(&self) -> Option<&'a Stage> {
        let standing = self.memory.standing.as_ref()?;
        self.case.process.stage(&standing.stage)
    }

    /// The order of a role whose people take turns.
    fn order(&self, role: &RoleKey) -> Option<TurnOrder> {
        let order = self.case.process.role(role)?.turn;
        (order != TurnOrder::All).then_some(order)
    }

    /// Those of `people` whose turn it is where the card stands, if that is for this role.
    pub(super) fn holders(&self, role: &RoleKey, people: &[MemberId]) -> Vec<MemberId> {
        let stage = self.standing_stage().filter(|stage| stage.owner == *role);
        let current =
            stage.is_some_and(|stage| self.memory.turns.stage.as_ref() == Some(&stage.key));
        let holders = self.memory.holders.iter().filter(|_| current);
        holders
            .filter(|one| people.contains(one))
            .cloned()
            .collect()
    }

    /// On the card, or about to be by our hand.
    fn on_card(&self, one: &MemberId) -> bool {
        self.memory.members.contains(one) || self.memory.turns.joined.contains(one)
    }

    /// The card has come to a stage by right, and this is its admission.
    pub(super) fn arrive(&mut self, stage: &Stage) -> Arrived {
        let left = self.memory.turns.stage.clone();
        let before = self.memory.holders.clone();
        if left.as_ref() != Some(&stage.key) {
            self.note_left();
            let holders = self.choose(stage, &before);
            self.settle_on(stage, holders);
        }
        let held = self.held_by(&stage.owner);
        let holders = self.memory.holders.clone();
        let nobody = holders.is_empty() && !held.absent.is_empty();
        let lent = |absent: &Absent| match self.memory.turns.lent.get(&absent.member) {
            Some(Some(to)) => holders.contains(to),
            _ => nobody,
        };
        let absent = held.absent.iter().filter(|absent| lent(absent));
        let absent = absent.cloned().collect();
        let before = if left.as_ref() == Some(&stage.key) {
            Vec::new()
        } else {
            before
        };
        let members = self.members(left.as_ref(), stage, &before);
        Arrived {
            holders,
            members,
            absent,
            nobody,
        }
    }

    /// The card stands where it stood, or nothing tells how it came there: nobody is told anything.
    pub(super) fn keep_turn(&mut self) {
        let Some(stage) = self.standing_stage() else {
            return;
        };
        if self.memory.turns.stage.as_ref() == Some(&stage.key) {
            return;
        }
        if self.memory.turns.stage.is_none() {
            return self
                .memory
                .take_turn(self.case.process, stage, self.case.bindings);
        }
        let before = self.memory.holders.clone();
        self.note_left();
        let holders = self.choose(stage, &before);
        self.settle_on(stage, holders);
    }

    fn of_the_role_on_card(&self, role: &RoleKey) -> Vec<MemberId> {
        let called = self.case.bindings.called(role).iter();
        called.filter(|one| self.on_card(one)).cloned().collect()
    }

    /// Who held the card where it was: it comes back to them.
    fn note_left(&mut self) {
        let Some(left) = self.memory.turns.stage.take() else {
            return;
        };
        let role = self.case.process.stage(&left).map(|stage| &stage.owner);
        if role.is_some_and(|role| self.order(role).is_some()) {
            let turns = &mut self.memory.turns;
            let holders = self.memory.holders.iter();
            let meant = holders.map(|one| turns.for_whom(one)).collect::<Vec<_>>();
            if !meant.is_empty() {
                turns.of_stage.insert(left, meant);
            }
        }
        let process = self.case.process;
        let turns = &mut self.memory.turns;
        turns.of_stage.retain(|key, _| process.stage(key).is_some());
        turns.lent.clear();
    }

    fn settle_on(&mut self, stage: &Stage, holders: Vec<MemberId>) {
        let held = self.held_by(&stage.owner);
        // Whoever has it only because another is not there gives it back.
        for absent in &held.absent {
            let to = match &absent.deputy {
                Some(deputy) => Some(deputy),
                None => held.instead.iter().find(|one| holders.contains(one)),
            };
            let to = to.filter(|one| holders.contains(one));
            let own = |one: &&MemberId| held.people.contains(one) && !held.stand_ins.contains(one);
            if let Some(to) = to.filter(|one| !own(one)) {
                let lent = Some(to.clone());
                self.memory.turns.lent.insert(absent.member.clone(), lent);
            } else if holders.is_empty() {
                self.memory.turns.lent.insert(absent.member.clone(), None);
            }
        }
        self.memory.turns.stage = Some(stage.key.clone());
        self.memory.turns.open = stage.is_path() && !stage.is_final();
        self.memory.holders = holders;
    }

    /// Whoever somebody put on the card; else whoever had it here before; else whoever is on the card
    /// already; else whoever's turn it is. Where nobody takes turns: those on the card, or all.
    fn choose(&mut self, stage: &Stage, before: &[MemberId]) -> Vec<MemberId> {
        let on_card = self.of_the_role_on_card(&stage.owner);
        let people = self.case.bindings.called(&stage.owner).to_vec();
        let given_at = self.given_at();
        let Some(order) = self.order(&stage.owner) else {
            return if on_card.is_empty() { people } else { on_card };
        };
        let turns = &self.memory.turns;
        let by_hand = |one: &&MemberId| !turns.joined.contains(*one) && !before.contains(one);
        let by_hand: Vec<_> = on_card.iter().filter(by_hand).cloned().collect();
        let was = turns.of_stage.get(&stage.key);
        let was = was
            .map(|all| self.there(&stage.owner, all))
            .unwrap_or_default();
        if !by_hand.is_empty() {
            for one in by_hand.iter().filter(|one| !was.contains(one)) {
                self.memory.turns.give(one, given_at);
            }
            return by_hand;
        }
        if let Some(kept) = [was, on_card].into_iter().find(|all| !all.is_empty()) {
            return kept;
        }
        let next = self.next_of(&people, order);
        if let Some(next) = &next {
            self.memory.turns.give(next, given_at);
        }
        next.into_iter().collect()
    }

    /// Those of a role who had something, or who stand in for them by name.
    fn there(&self, role: &RoleKey, all: &[MemberId]) -> Vec<MemberId> {
        let held = self.held_by(role);
        let there = all.iter().filter_map(|one| match held.absent(one) {
            Some(absent) => absent.deputy.clone(),
            None => held.people.contains(one).then(|| one.clone()),
        });
        there.collect()
    }

    /// Now, and behind whatever was given before: of cards that come at once each has its own instant.
    fn given_at(&self) -> Timestamp {
        let loads = self.case.loads.values();
        let last = loads.filter_map(|load| load.last).max();
        let next = last.and_then(|last| last.saturating_add(AN_INSTANT).ok());
        next.map_or(self.case.now, |next| next.max(self.case.now))
    }

    /// The first in the order among these, as the store counted what they have.
    fn next_of(&self, people: &[MemberId], order: TurnOrder) -> Option<MemberId> {
        let load = |one: &MemberId| self.case.loads.get(one).copied().unwrap_or_default();
        let next = people.iter().min_by_key(|one| {
            let load = load(one);
            let open = match order {
                TurnOrder::FewestOpen => load.open,
                TurnOrder::RoundRobin | TurnOrder::All => 0,
            };
            (open, load.last)
        });
        next.cloned()
    }

    /// Who joins the card and who leaves it. Only those leave whom we had put there, or who held it in
    /// the stage that is left behind.
    fn members(&mut self, left: Option<&StageKey>, stage: &Stage, before: &[MemberId]) -> Members {
        let holders = &self.memory.holders;
        let left = left.and_then(|left| self.case.process.stage(left));
        let seeds = |stage: &Stage| stage.seed.members;
        let kept = seeds(stage) || left.is_some_and(seeds);
        let stays = |one: &MemberId| {
            let mut roles = self.case.process.roles.iter().filter(|role| role.stays);
            roles.any(|role| self.case.bindings.holds(one, &role.key, false))
        };
        let ours = |one: &&MemberId| {
            self.memory.turns.joined.contains(*one) || kept && before.contains(one)
        };
        // One who is about to be put on it is not.
        let on_card = self.memory.members.union(&self.memory.turns.joined);
        let leave = on_card.filter(ours);
        let leave = leave.filter(|one| !holders.contains(one) && !stays(one));
        let leave: Vec<_> = leave.cloned().collect();
        let join = holders
            .iter()
            .filter(|one| seeds(stage) && !self.stays_on(one));
        let join: Vec<_> = join.cloned().collect();
        self.put_on(Members { join, leave })
    }

    /// On the card, and not about to be taken off it by our hand.
    fn stays_on(&self, one: &MemberId) -> bool {
        self.memory.members.contains(one) && !is_sent(&self.memory, one, false)
    }

    /// Whom we had put on the card, and who is not on it as it is read, is not there by our hand any
    /// more, unless that is still under way.
    pub(super) fn forget_lost(&mut self) {
        let mut joined = std::mem::take(&mut self.memory.turns.joined);
        let memory = &self.memory;
        joined.retain(|one| memory.members.contains(one) || is_sent(memory, one, true));
        self.memory.turns.joined = joined;
    }

    /// In watch mode nobody is put on a card or taken off it.
    fn put_on(&mut self, members: Members) -> Members {
        if !self.enforcing() {
            return Members::default();
        }
        let joined = &mut self.memory.turns.joined;
        joined.extend(members.join.iter().cloned());
        joined.retain(|one| !members.leave.contains(one));
        members
    }

    /// Somebody was put on the card or taken off it. What we did ourselves says nothing of whose turn
    /// it is.
    pub(super) fn member_put(&mut self, event: &Event, hand: &Hand, member: &MemberId, on: bool) {
        match on {
            true => self.memory.members.insert(member.clone()),
            false => self.memory.members.remove(member),
        };
        let ours = self.echo(&event.actor, EchoKind::Member, &format!("{member} {on}"));
        if ours {
            return;
        }
        self.memory.turns.joined.remove(member);
        if hand.member.as_ref() == Some(&self.case.bindings.bot) && hand.roleless {
            return;
        }
        let stage = self.standing_stage();
        let current = self.memory.turns.stage.as_ref();
        let Some(stage) = stage.filter(|stage| current == Some(&stage.key)) else {
            return;
        };
        let on_card = self.of_the_role_on_card(&stage.owner);
        let people = self.case.bindings.called(&stage.owner);
        let held = |one: &MemberId| self.on_card(one) && people.contains(one);
        let holders = match self.order(&stage.owner) {
            None if on_card.is_empty() => people.to_vec(),
            None => on_card,
            // The holder is there still: another of the role lends a hand.
            Some(_) if self.memory.holders.iter().any(held) => return,
            Some(_) if on_card.is_empty() => return,
            Some(_) => on_card,
        };
        if holders != self.memory.holders {
            let new = holders
                .iter()
                .filter(|one| !self.memory.holders.contains(one));
            let new: Vec<_> = new.cloned().collect();
            let given_at = self.given_at();
            if self.order(&stage.owner).is_some() {
                new.iter()
                    .for_each(|one| self.memory.turns.give(one, given_at));
                self.memory.turns.lent.clear();
            }
            let has = |to: &Option<MemberId>| to.as_ref().is_none_or(|to| holders.contains(to));
            self.memory.turns.lent.retain(|_, to| has(to));
            self.memory.holders = holders;
        }
    }

    /// Somebody is away, or back: whoever has the card instead is told, and who had it before has it
    /// again.
    pub(super) fn hand_over(&mut self, event: &Event) {
        let on_the_way = self.memory.is_on_the_way();
        let stage = self.standing_stage().filter(|_| on_the_way);
        let current = self.memory.turns.stage.as_ref();
        let Some(stage) = stage.filter(|stage| current == Some(&stage.key)) else {
            return;
        };
        let held = self.held_by(&stage.owner);
        let before = self.memory.holders.clone();
        let mut now = self.given_back(stage, held, before.clone());
        let away = self.given_away(stage, held, &mut now);
        if now.is_empty() {
            now = self.found(stage, held);
        }
        if now == before {
            return;
        }
        self.memory.holders.clone_from(&now);
        let without = |all: &[MemberId], others: &[MemberId]| -> Vec<MemberId> {
            let left = all.iter().filter(|one| !others.contains(one));
            left.cloned().collect()
        };
        let (from, to) = (without(&before, &now), without(&now, &before));
        let joined = |one: &MemberId| self.memory.turns.joined.contains(one);
        let leaves = |one: &&MemberId| joined(one) || stage.seed.members && self.on_card(one);
        let join = to.iter().filter(|one| !self.stays_on(one));
        let members = Members {
            join: join.filter(|_| stage.seed.members).cloned().collect(),
            leave: from.iter().filter(leaves).cloned().collect(),
        };
        let members = self.put_on(members);
        let owner = match now.is_empty() {
            true => self.who_finds_somebody(),
            false => Vec::new(),
        };
        let call = self.call(if now.is_empty() { &owner } else { &to });
        let why = match away.is_empty() {
            true => Handing::Back,
            false => Handing::Away(away),
        };
        let handed = Handed {
            stage: stage.key.clone(),
            from,
            to,
            why,
            members,
            owner,
            call,
        };
        self.rule(event.at, Hand::default(), What::Handed(Box::new(handed)));
    }

    /// Where nobody of a role is there: the process owner, and though away by name.
    pub(super) fn who_finds_somebody(&self) -> Vec<MemberId> {
        let owner = &self.case.process.owner;
        let people = self.people(std::slice::from_ref(owner));
        let away = self.held_by(owner).absent.iter();
        match people.is_empty() {
            true => away.map(|absent| absent.member.clone()).collect(),
            false => people,
        }
    }

    /// With those who are back in the place of those who stood in.
    fn given_back(
        &mut self,
        stage: &Stage,
        held: &Holders,
        mut holders: Vec<MemberId>,
    ) -> Vec<MemberId> {
        let one_alone = self.order(&stage.owner).is_some();
        for (whose, to) in std::mem::take(&mut self.memory.turns.lent) {
            if !held.people.contains(&whose) || held.absent(&whose).is_some() {
                self.memory.turns.lent.insert(whose, to);
                continue;
            }
            match to.map(|to| holders.iter().position(|one| *one == to)) {
                _ if holders.contains(&whose) => {}
                Some(Some(at)) => holders[at] = whose,
                None if one_alone && !holders.is_empty() => {}
                None => holders.push(whose),
                // Somebody else has taken it since.
                Some(None) => {}
            }
        }
        holders
    }

    /// Without those who are not there; those whose card it was and who has it instead are kept.
    fn given_away(
        &mut self,
        stage: &Stage,
        held: &Holders,
        holders: &mut Vec<MemberId>,
    ) -> Vec<Absent> {
        let mut away = Vec::new();
        for one in holders.clone() {
            if held.called().contains(&one) {
                continue;
            }
            // One who stood in, and is away by now or not the deputy any more, stood in for another.
            let whose = self.memory.turns.for_whom(&one);
            let Some(absent) = held.absent(&whose) else {
                continue;
            };
            let others = held.called().iter();
            let others = others.filter(|other| !holders.contains(other));
            let others: Vec<_> = others.cloned().collect();
            let to = absent.deputy.clone().or_else(|| {
                let order = self.order(&stage.owner)?;
                self.next_of(&others, order)
            });
            let stay = holders.iter().any(|other| held.called().contains(other));
            let to = match to {
                None if !stay => others.first().cloned(),
                to => to,
            };
            let to = to.filter(|to| !holders.contains(to));
            self.memory.turns.lent.insert(whose, to.clone());
            holders.retain(|other| *other != one);
            holders.extend(to);
            away.push(absent.clone());
        }
        away
    }

    /// Nobody had it, for nobody was there; somebody is by now, though not whose card it was.
    fn found(&mut self, stage: &Stage, held: &Holders) -> Vec<MemberId> {
        let Some(whose) = self.memory.turns.lent.keys().next().cloned() else {
            return Vec::new();
        };
        let found = match self.order(&stage.owner) {
            Some(order) => self.next_of(held.called(), order).into_iter().collect(),
            None => held.called().to_vec(),
        };
        if let Some(first) = found.first() {
            self.memory.turns.lent.insert(whose, Some(first.clone()));
        }
        found
    }
}

/// Whether we are about to put somebody on the card, or to take them off it.
fn is_sent(memory: &Memory, one: &MemberId, on: bool) -> bool {
    let value = format!("{one} {on}");
    let same = |echo: &Echo| echo.kind == EchoKind::Member && echo.value == value;
    memory.sent.iter().any(same)
}
