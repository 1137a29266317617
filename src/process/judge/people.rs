//! Who is meant by a role on this card, and who of them may be called with an @ now.

use super::Court;
use crate::model::MemberId;
use crate::process::rules::RoleKey;

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

    /// Those of `people` who may be called with an @ now: once per card and day, never the bot or
    /// somebody who is away.
    pub(super) fn call(&mut self, people: &[MemberId]) -> Vec<MemberId> {
        let today = self.case.process.today(self.case.now);
        let bindings = self.case.bindings;
        let fresh = people.iter().filter(|one| {
            let called = self.memory.called.get(one) == Some(&today);
            **one != bindings.bot && !called && bindings.is_there(one, today)
        });
        let fresh: Vec<_> = fresh.cloned().collect();
        self.memory
            .called
            .extend(fresh.iter().map(|one| (one.clone(), today)));
        fresh
    }
}
