//! Who is meant by a role on this card, and who of them may be called with an @ now.

use super::Court;
use crate::model::MemberId;
use crate::process::rules::RoleKey;

impl Court<'_> {
    /// The people of the first of these roles that has any: those who are on the card, if some are.
    pub(super) fn people(&self, roles: &[RoleKey]) -> Vec<MemberId> {
        let held = |role| {
            self.case
                .bindings
                .roles
                .get(role)
                .map(|holders| &holders.people)
        };
        let people = roles
            .iter()
            .filter_map(held)
            .find(|people| !people.is_empty());
        let people = people.map_or(&[][..], Vec::as_slice);
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

    /// Those of `people` who may be called with an @ now: once per card and day, never the bot.
    pub(super) fn call(&mut self, people: &[MemberId]) -> Vec<MemberId> {
        let today = self.case.process.today(self.case.now);
        let bot = &self.case.bindings.bot;
        let fresh = people
            .iter()
            .filter(|one| *one != bot && self.memory.called.get(one) != Some(&today));
        let fresh: Vec<_> = fresh.cloned().collect();
        self.memory
            .called
            .extend(fresh.iter().map(|one| (one.clone(), today)));
        fresh
    }
}
