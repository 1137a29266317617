//! How a process stands on one board: which list a stage is, who holds which role, which label
//! and custom field is whose, who is away when. Made at attachment, kept in the store beside the file.

use super::rules::{FieldKey, KeepFields, LabelKey, Process, RoleKey, StageKey};
use crate::model::{
    Absence, AppId, Away, BoardId, CardId, CustomField, CustomFieldId, LabelId, ListId, Member,
    MemberId,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bindings {
    pub board: BoardId,
    /// The account that Signalman acts as, and the application of its key where Trello has told.
    pub bot: MemberId,
    pub app: Option<AppId>,
    /// The bot's account is a person's own, who holds roles too (`--shared-account`).
    pub shared_account: bool,
    pub lists: BTreeMap<StageKey, ListId>,
    pub roles: BTreeMap<RoleKey, Holders>,
    /// Everyone on the board who has been seen, by id: how comments name them.
    pub people: BTreeMap<MemberId, Member>,
    pub labels: BTreeMap<LabelKey, LabelId>,
    /// Only where fields are kept in Trello's Custom Fields.
    pub fields: BTreeMap<FieldKey, CustomFieldId>,
    /// What those fields are on the board: their types and choices.
    pub custom_fields: Vec<CustomField>,
    pub news_list: Option<ListId>,
    pub news_card: Option<CardId>,
    pub guide_card: Option<CardId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub away: Vec<Away>,
    /// Of those who hold roles, who has left the board or was deactivated.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub not_here: BTreeSet<MemberId>,
    /// Counts how often either changed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub presence: u32,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Who holds a role, and who stands in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holders {
    pub people: Vec<MemberId>,
    pub deputies: Vec<MemberId>,
    /// As of one day alone (`Bindings::on`): those of its people who are not there.
    #[serde(skip)]
    pub absent: Vec<Absent>,
    /// The same: those named for the day, in their places among `people`, who are not of it themselves.
    #[serde(skip)]
    pub stand_ins: Vec<MemberId>,
    /// The same: who is called where none of its people is there.
    #[serde(skip)]
    pub instead: Vec<MemberId>,
}

/// Somebody who holds a role and is not there on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absent {
    pub member: MemberId,
    /// The last day of it; none for one who is not on the board at all.
    pub until: Option<Date>,
    /// Named for these days, and there.
    pub deputy: Option<MemberId>,
}

impl Holders {
    /// Those who can be given something to do.
    pub fn called(&self) -> &[MemberId] {
        match self.people.as_slice() {
            [] => &self.instead,
            people => people,
        }
    }

    /// How it is that one of its people is not there.
    pub fn absent(&self, member: &MemberId) -> Option<&Absent> {
        self.absent.iter().find(|absent| absent.member == *member)
    }
}

/// What changes about who is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presence {
    Said(Absence),
    /// All who hold a role and are not on the board.
    NotHere(BTreeSet<MemberId>),
}

impl Bindings {
    /// The stage a list is, none for a list outside the process.
    pub fn stage_of(&self, list: &ListId) -> Option<&StageKey> {
        self.lists
            .iter()
            .find_map(|(stage, bound)| (bound == list).then_some(stage))
    }

    /// The board's own cards are no clients.
    pub fn is_own(&self, card: &CardId) -> bool {
        [&self.news_card, &self.guide_card]
            .into_iter()
            .flatten()
            .any(|own| own == card)
    }

    /// What somebody who is away does counts all the same.
    pub fn holds(&self, member: &MemberId, role: &RoleKey, deputies: bool) -> bool {
        self.roles.get(role).is_some_and(|holders| {
            let deputy = || deputies && holders.deputies.contains(member);
            holders.people.contains(member) || holders.absent(member).is_some() || deputy()
        })
    }

    pub fn holds_any(&self, member: &MemberId, roles: &[RoleKey], deputies: bool) -> bool {
        roles.iter().any(|role| self.holds(member, role, deputies))
    }

    /// The first role a person holds, for naming them: «Мария (менеджер)».
    pub fn role_of<'p>(&self, process: &'p Process, member: &MemberId) -> Option<&'p str> {
        let role = process
            .roles
            .iter()
            .find(|role| self.holds(member, &role.key, true))?;
        Some(&role.name)
    }

    /// The Custom Field that a field stands in, where fields are kept in these.
    pub fn custom_field(&self, process: &Process, key: &FieldKey) -> Option<&CustomFieldId> {
        let bound = self.fields.get(key);
        bound.filter(|_| process.keep_fields == KeepFields::CustomFields)
    }

    /// Who is called for a role, on the day these are of.
    pub fn called(&self, role: &RoleKey) -> &[MemberId] {
        self.roles.get(role).map_or(&[], Holders::called)
    }

    /// By the name that stands on Trello, letter by letter.
    pub fn by_username(&self, username: &str) -> Option<&Member> {
        let mut people = self.people.values();
        people.find(|one| one.username.eq_ignore_ascii_case(username))
    }

    /// By that name as people type it: with or without an @.
    pub fn known_as(&self, username: &str) -> Option<&Member> {
        let username = username.trim_start_matches('@');
        let mut people = self.people.values();
        people.find(|one| super::text::same(&one.username, username))
    }

    /// The roles as they are held on a day: a deputy named for it stands in the place of whoever is
    /// away and counts as the role itself.
    pub fn on(&self, day: Date) -> Cow<'_, Self> {
        if self.not_here.is_empty() && !self.away.iter().any(|away| away.covers(day)) {
            return Cow::Borrowed(self);
        }
        let mut bindings = self.clone();
        for holders in bindings.roles.values_mut() {
            *holders = self.present(holders, day);
        }
        Cow::Owned(bindings)
    }

    fn present(&self, holders: &Holders, day: Date) -> Holders {
        if !holders.absent.is_empty() {
            return holders.clone(); // it is of a day already
        }
        let mut there = Holders {
            deputies: holders.deputies.clone(),
            ..Holders::default()
        };
        for one in &holders.people {
            let deputy = match self.is_there(one, day) {
                true => Some(one.clone()),
                false => self.stands_in(one, day),
            };
            if !self.is_there(one, day) {
                there.absent.push(Absent {
                    member: one.clone(),
                    until: self.absence(one, day).map(|away| away.to),
                    deputy: deputy.clone(),
                });
            }
            let Some(deputy) = deputy.filter(|one| !there.people.contains(one)) else {
                continue;
            };
            if !holders.people.contains(&deputy) {
                there.stand_ins.push(deputy.clone());
            }
            there.people.push(deputy);
        }
        if there.people.is_empty() && !there.absent.is_empty() {
            let here = |one: &&MemberId| self.is_there(one, day);
            there.instead = there.deputies.iter().filter(here).cloned().collect();
        }
        there
    }

    /// Neither away that day nor gone from the board.
    pub fn is_there(&self, member: &MemberId, day: Date) -> bool {
        self.absence(member, day).is_none() && !self.not_here.contains(member)
    }

    pub fn absence(&self, member: &MemberId, day: Date) -> Option<&Away> {
        let mut away = self.away.iter();
        away.find(|away| away.member == *member && away.covers(day))
    }

    /// Whoever was named for the day; where that one is away too, whoever was named for them.
    fn stands_in(&self, member: &MemberId, day: Date) -> Option<MemberId> {
        let mut passed = vec![member];
        loop {
            let deputy = self.absence(passed.last()?, day)?.deputy.as_ref()?;
            if self.is_there(deputy, day) {
                return Some(deputy.clone());
            }
            if passed.contains(&deputy) {
                return None;
            }
            passed.push(deputy);
        }
    }

    /// Those who hold a role and are not among the people of the board.
    pub fn missing_from(&self, here: &BTreeSet<MemberId>) -> BTreeSet<MemberId> {
        let holders = self.roles.values();
        let bound = holders.flat_map(|held| held.people.iter().chain(&held.deputies));
        bound.filter(|one| !here.contains(*one)).cloned().collect()
    }

    /// Whether anything is another way now.
    pub fn change(&mut self, presence: &Presence) -> bool {
        let changed = match presence {
            Presence::Said(absence) => absence.enter(&mut self.away),
            Presence::NotHere(people) if *people == self.not_here => false,
            Presence::NotHere(people) => {
                self.not_here.clone_from(people);
                true
            }
        };
        self.presence = self.presence.wrapping_add(u32::from(changed));
        changed
    }
}

#[cfg(test)]
mod tests;
