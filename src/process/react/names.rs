//! Names for people: of stages, items and roles, and of whoever is called.

use super::*;

impl Room<'_> {
    pub(in crate::process) fn stage_name(&self, key: &StageKey) -> String {
        self.process
            .stage(key)
            .map_or_else(|| key.to_string(), |stage| stage.name.clone())
    }

    pub(in crate::process) fn item_name(&self, key: &crate::process::rules::ItemKey) -> String {
        self.process
            .item(key)
            .map_or_else(|| key.to_string(), |item| item.name.clone())
    }

    pub(in crate::process) fn checklist_name(
        &self,
        key: &crate::process::rules::ChecklistKey,
    ) -> String {
        let list = self.process.checklist(key);
        list.map_or_else(|| key.to_string(), |list| list.name.clone())
    }

    pub(in crate::process) fn label_name(&self, key: &crate::process::rules::LabelKey) -> String {
        let label = self.process.label(key.as_str());
        label.map_or_else(|| key.to_string(), |label| label.name.clone())
    }

    pub(in crate::process) fn role_names(
        &self,
        roles: &[crate::process::rules::RoleKey],
    ) -> Vec<String> {
        roles
            .iter()
            .filter_map(|role| Some(self.process.role(role)?.name.clone()))
            .collect()
    }

    /// «Мария (менеджер)»; a full name that says the role already is left as it is.
    pub(in crate::process) fn name(&self, member: &MemberId) -> String {
        let Some(person) = self.bindings.people.get(member) else {
            return member.to_string();
        };
        let name = person.called();
        match self.bindings.role_of(self.process, member) {
            Some(role) if !name.contains('(') => format!("{name} ({role})"),
            _ => name.to_owned(),
        }
    }

    pub(super) fn named(&self, people: &[MemberId], call: &[MemberId]) -> Vec<Named> {
        people
            .iter()
            .map(|one| self.named_one(one, call.contains(one)))
            .collect()
    }

    /// With an @ for those of them who are at work now.
    pub(super) fn by_hours(&self, people: &[MemberId]) -> Vec<Named> {
        let people = people.iter();
        people
            .map(|one| self.named_one(one, self.is_awake(one)))
            .collect()
    }

    pub(super) fn is_awake(&self, one: &MemberId) -> bool {
        self.process.at_work(self.bindings, one, self.now)
    }

    pub(super) fn named_one(&self, member: &MemberId, called: bool) -> Named {
        let username = self
            .bindings
            .people
            .get(member)
            .map(|person| person.username.as_str());
        let at = username
            .filter(|name| called && !name.is_empty())
            .map(|name| format!("@{name}"));
        Named {
            name: self.name(member),
            at,
        }
    }

    /// Whoever acted, to be answered.
    pub(super) fn caller(&self, hand: &Hand) -> Option<Named> {
        let member = hand
            .member
            .as_ref()
            .filter(|member| **member != self.bindings.bot)?;
        Some(self.named_one(member, true))
    }

    pub(super) fn owner_named(&self, call: &[MemberId]) -> Vec<Named> {
        let owner = self.holders(&self.process.owner);
        self.named(&owner, call)
    }

    pub(super) fn holders(&self, role: &crate::process::rules::RoleKey) -> Vec<MemberId> {
        self.bindings.called(role).to_vec()
    }

    /// Who can do a thing: the people of its roles by name, or the roles where nobody is known.
    pub(in crate::process) fn who(&self, roles: &[crate::process::rules::RoleKey]) -> Vec<String> {
        let mut who = Vec::new();
        for role in roles {
            let people: Vec<_> = self
                .holders(role)
                .iter()
                .map(|one| self.name(one))
                .collect();
            let named = if people.is_empty() {
                self.role_names(std::slice::from_ref(role))
            } else {
                people
            };
            who.extend(
                named
                    .into_iter()
                    .filter(|name| !who.contains(name))
                    .collect::<Vec<_>>(),
            );
        }
        who
    }
}
