//! Whose turn it was and is on one card: what is remembered so that a client who comes back comes to
//! the same person, that cards go round, and that only those leave a card whom we had put there.

use super::Memory;
use crate::model::MemberId;
use crate::process::bind::Bindings;
use crate::process::rules::{Process, Stage, StageKey, TurnOrder};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// More people than this are not given one card in turn.
const KEPT_GIVEN: usize = 32;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Turns {
    /// The stage that the holders are of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageKey>,
    /// That stage is on the path, and not its end: the card is on their hands.
    #[serde(skip_serializing_if = "is_false")]
    pub open: bool,
    /// Who held the card in each stage whose people take turns.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub of_stage: BTreeMap<StageKey, Vec<MemberId>>,
    /// Who was given it in turn, how often, and when the last time.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub given: BTreeMap<MemberId, Given>,
    /// The members whom we had put on the card.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub joined: BTreeSet<MemberId>,
    /// Holders who are away, and who has it instead until they are back; none: those who held it with
    /// them, or nobody.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub lent: BTreeMap<MemberId, Option<MemberId>>,
}

fn is_false(is: &bool) -> bool {
    !is
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    pub times: u32,
    pub last: Timestamp,
}

impl Turns {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub fn give(&mut self, member: &MemberId, at: Timestamp) {
        let given = self.given.entry(member.clone());
        let given = given.or_insert(Given { times: 0, last: at });
        (given.times, given.last) = (given.times.saturating_add(1), given.last.max(at));
        while self.given.len() > KEPT_GIVEN {
            let oldest = self.given.iter().min_by_key(|(_, given)| given.last);
            let Some(oldest) = oldest.map(|(member, _)| member.clone()) else {
                return;
            };
            self.given.remove(&oldest);
        }
    }

    /// Whoever would hold it if everybody was there.
    pub fn for_whom(&self, holder: &MemberId) -> MemberId {
        let mut lent = self.lent.iter();
        let lent = lent.find(|(_, to)| to.as_ref() == Some(holder));
        lent.map_or(holder, |(from, _)| from).clone()
    }
}

/// What one person has on a board: cards on their hands, and how often and when a card was given
/// them in turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    pub open: u32,
    pub given: u32,
    pub last: Option<Timestamp>,
}

pub type Loads = BTreeMap<MemberId, Load>;

impl Load {
    pub fn add(&mut self, other: &Self) {
        self.open = self.open.saturating_add(other.open);
        self.given = self.given.saturating_add(other.given);
        self.last = self.last.max(other.last);
    }
}

impl Memory {
    /// Whose turn it is in a stage, by the roles of a day: its holders, else those of the role who are
    /// on the card, else all who are there.
    pub fn turn(&self, stage: &Stage, day: &Bindings) -> Vec<MemberId> {
        let people = day.called(&stage.owner);
        let among = |one: &&MemberId| people.contains(*one);
        let current = self.turns.stage.as_ref() == Some(&stage.key);
        let holders = self.holders.iter().filter(|_| current).filter(among);
        let holders: Vec<_> = holders.cloned().collect();
        if !holders.is_empty() {
            return holders;
        }
        let on_card = people.iter().filter(|one| self.members.contains(*one));
        let on_card: Vec<_> = on_card.cloned().collect();
        match on_card.is_empty() {
            true => people.to_vec(),
            false => on_card,
        }
    }

    /// It stood there before anybody asked whose turn it is: those of the role who are on the card, and
    /// where nobody takes turns all of them if nobody is.
    pub fn take_turn(&mut self, process: &Process, stage: &Stage, day: &Bindings) {
        if self.turns.stage.is_some() {
            return;
        }
        let order = process.role(&stage.owner).map(|role| role.turn);
        let all = order.is_none_or(|order| order == TurnOrder::All);
        let mut holders = self.turn(stage, day);
        holders.retain(|one| all || self.members.contains(one));
        self.turns.stage = Some(stage.key.clone());
        self.turns.open = stage.is_path() && !stage.is_final();
        self.holders = holders;
    }

    /// What this card adds to what each person has.
    pub fn loads(&self) -> Loads {
        let given = self.turns.given.iter().map(|(member, given)| {
            let load = Load {
                open: 0,
                given: given.times,
                last: Some(given.last),
            };
            (member.clone(), load)
        });
        let mut loads: Loads = given.collect();
        let open = self.turns.open && self.is_on_the_way();
        for holder in self.holders.iter().filter(|_| open) {
            loads.entry(holder.clone()).or_default().open += 1;
        }
        loads
    }
}
