//! A key that one part of the file names and another declares.

use super::*;

/// The kinds of key that parts name each other by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::process::file) enum Kin {
    Role,
    Field,
    Stage,
    PathStage,
    Checklist,
    Item,
    Label,
}

impl Kin {
    pub(super) fn word(self) -> &'static str {
        match self {
            Kin::Role => "role",
            Kin::Field => "field",
            Kin::Stage | Kin::PathStage => "stage",
            Kin::Checklist => "checklist",
            Kin::Item => "item",
            Kin::Label => "label",
        }
    }
}

impl Resolver<'_> {
    /// Every key of a kind, with the name that people see.
    pub(in crate::process::file) fn known(&self, kin: Kin) -> Vec<(String, &str)> {
        let raw = self.raw;
        macro_rules! named {
            ($list:expr) => {
                $list.iter().map(|one| (one.key.clone(), one.name.as_str()))
            };
        }
        match kin {
            Kin::Role => named!(raw.role).collect(),
            Kin::Field => named!(raw.field).collect(),
            Kin::PathStage => named!(raw.stage).collect(),
            Kin::Stage => named!(raw.stage).chain(named!(raw.side)).collect(),
            Kin::Checklist => named!(raw.checklist).collect(),
            Kin::Label => named!(raw.label).collect(),
            Kin::Item => raw
                .checklist
                .iter()
                .flat_map(|list| {
                    let items = list.item.iter();
                    items.map(|item| (item_key(list, item), item.name.as_str()))
                })
                .collect(),
        }
    }

    /// A key that must be declared elsewhere. One that is not is read as the one that is meant, if
    /// that can be told.
    pub(in crate::process::file) fn name<K: for<'k> From<&'k str>>(
        &mut self,
        kin: Kin,
        key: &str,
        place: &Place,
    ) -> K {
        let known = self.known(kin);
        if known.iter().any(|(one, _)| one == key) {
            return K::from(key);
        }
        // It may be the one whose key is missing, or another's by mistake; a file without roles or
        // stages has been told so.
        let once: BTreeSet<&str> = known.iter().map(|(one, _)| one.as_str()).collect();
        let told = key == LOST || once.contains(LOST) || once.len() < known.len();
        let lacking = match kin {
            Kin::Role => self.raw.role.is_empty(),
            Kin::Stage | Kin::PathStage => self.raw.stage.is_empty(),
            _ => false,
        };
        if told || lacking {
            self.unsure.push(kin.group());
            return K::from(key);
        }
        let by_name = known
            .iter()
            .find(|(_, name)| crate::process::same(name, key));
        let keys = known.iter().map(|(one, _)| one.as_str());
        let (meant, mend) = match by_name {
            Some((meant, _)) => (
                Some(meant.as_str()),
                format!("that is its name: write its key, `{meant}`"),
            ),
            None => (nearest(key, keys.clone()), instead(key, keys)),
        };
        let mend = match kin {
            Kin::Role if key.starts_with('@') => format!(
                "roles are named here, by key ({mend}); people stand in `people` of their role"
            ),
            _ => mend,
        };
        let nowhere = meant.is_none().then(|| kin.group());
        let meant = K::from(meant.unwrap_or(key));
        self.unsure.extend(nowhere);
        self.error(place, format!("there is no {} `{key}`", kin.word()), mend);
        meant
    }

    pub(in crate::process::file) fn names<K: for<'k> From<&'k str>>(
        &mut self,
        kin: Kin,
        keys: &[String],
        place: &Place,
    ) -> Vec<K> {
        keys.iter()
            .enumerate()
            .map(|(nth, key)| self.name(kin, key, &place.nth(nth)))
            .collect()
    }
}

impl Kin {
    fn group(self) -> Self {
        match self {
            Kin::PathStage => Kin::Stage,
            other => other,
        }
    }
}
