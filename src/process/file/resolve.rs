//! Names to things: every key that one part names in another is looked up, every value that has a
//! form is read. All mistakes are found before any is told.

use super::fields::field;
use super::mistake::{Mistake, instead};
use super::place::Place;
use super::raw::*;
use super::stages::{side, stage};
use super::values::{self, duration};
use crate::process::rules::*;
use std::collections::BTreeSet;
use std::ops::Range;
use toml::Spanned;
use toml::de::DeTable;

mod times;

pub(super) struct Resolver<'a> {
    pub(super) raw: &'a RawProcess,
    tree: &'a Spanned<DeTable<'a>>,
    pub(super) mistakes: Vec<Mistake>,
}

/// The kinds of key that parts name each other by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kin {
    Role,
    Field,
    Stage,
    PathStage,
    Checklist,
    Item,
    Label,
}

impl Kin {
    fn word(self) -> &'static str {
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

pub(super) fn resolve(
    raw: &RawProcess,
    tree: &Spanned<DeTable<'_>>,
    version: Version,
) -> (Process, Vec<Mistake>) {
    let mut resolver = Resolver {
        raw,
        tree,
        mistakes: Vec::new(),
    };
    resolver.doubles();
    let process = resolver.process(version);
    (process, resolver.mistakes)
}

impl Resolver<'_> {
    pub(super) fn span(&self, place: &Place) -> Range<usize> {
        place.span(self.tree)
    }

    pub(super) fn error(
        &mut self,
        place: &Place,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) {
        let span = self.span(place);
        self.mistakes.push(Mistake::error(span, what, mend));
    }

    fn known(&self, kin: Kin) -> Vec<String> {
        let raw = self.raw;
        match kin {
            Kin::Role => raw.role.iter().map(|role| role.key.clone()).collect(),
            Kin::Field => raw.field.iter().map(|field| field.key.clone()).collect(),
            Kin::PathStage => raw.stage.iter().map(|stage| stage.key.clone()).collect(),
            Kin::Stage => {
                let path = raw.stage.iter().map(|stage| stage.key.clone());
                path.chain(raw.side.iter().map(|side| side.key.clone()))
                    .collect()
            }
            Kin::Checklist => raw.checklist.iter().map(|list| list.key.clone()).collect(),
            Kin::Item => raw
                .checklist
                .iter()
                .flat_map(|list| list.item.iter().map(|item| item_key(list, item)))
                .collect(),
            Kin::Label => raw.label.iter().map(|label| label.key.clone()).collect(),
        }
    }

    /// A key that must be declared elsewhere.
    pub(super) fn name<K: for<'k> From<&'k str>>(
        &mut self,
        kin: Kin,
        key: &str,
        place: &Place,
    ) -> K {
        let known = self.known(kin);
        if !known.iter().any(|one| one == key) {
            let mend = instead(key, known.iter().map(String::as_str));
            self.error(place, format!("there is no {} `{key}`", kin.word()), mend);
        }
        K::from(key)
    }

    pub(super) fn names<K: for<'k> From<&'k str>>(
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

    fn doubles(&mut self) {
        let groups = [
            ("role", Kin::Role),
            ("field", Kin::Field),
            ("checklist", Kin::Checklist),
            ("label", Kin::Label),
        ];
        for (part, kin) in groups {
            self.once(part, kin, &self.known(kin));
        }
        self.once("stage", Kin::PathStage, &self.known(Kin::PathStage));
        let mut seen: BTreeSet<String> = self.known(Kin::PathStage).into_iter().collect();
        for (nth, side) in self.raw.side.iter().enumerate() {
            if !seen.insert(side.key.clone()) {
                self.error(
                    &Place::item("side", nth).key("key"),
                    format!("the stage `{}` is declared twice", side.key),
                    "give one of them another key",
                );
            }
        }
        let mut items = BTreeSet::new();
        for (list_nth, list) in self.raw.checklist.iter().enumerate() {
            for (nth, item) in list.item.iter().enumerate() {
                if !items.insert(item_key(list, item)) {
                    let place = Place::item("checklist", list_nth).key("item").nth(nth);
                    let what = format!("the item `{}` is declared twice", item_key(list, item));
                    self.error(
                        &place.key(if item.key.is_some() { "key" } else { "name" }),
                        what,
                        "give one of them another key",
                    );
                }
            }
        }
        let labels: Vec<_> = self
            .raw
            .field
            .iter()
            .map(|field| crate::process::lines::label_norm(&field.name))
            .collect();
        for (nth, label) in labels.iter().enumerate() {
            if labels[..nth].contains(label) {
                let what = format!("two fields are called “{}”", self.raw.field[nth].name);
                self.error(
                    &Place::item("field", nth).key("name"),
                    what,
                    "people could not tell their lines apart: rename one",
                );
            }
        }
    }

    fn once(&mut self, part: &str, kin: Kin, keys: &[String]) {
        for (nth, key) in keys.iter().enumerate() {
            if keys[..nth].contains(key) {
                let what = format!("the {} `{key}` is declared twice", kin.word());
                self.error(
                    &Place::item(part, nth).key("key"),
                    what,
                    "give one of them another key",
                );
            }
        }
    }

    fn process(&mut self, version: Version) -> Process {
        let raw = self.raw;
        let root = Place::default();
        if raw.stage.is_empty() {
            self.error(
                &root.key("stage"),
                "there is no stage",
                "add `[[stage]]` with a key, a name, a purpose and an owner",
            );
        }
        let time_zone = jiff::tz::TimeZone::get(&raw.time_zone).unwrap_or_else(|_| {
            self.error(
                &root.key("time_zone"),
                format!("no time zone is called `{}`", raw.time_zone),
                "write it as Europe/Moscow or Asia/Yekaterinburg",
            );
            jiff::tz::TimeZone::UTC
        });
        let fields = raw
            .field
            .iter()
            .enumerate()
            .map(|(nth, one)| field(self, one, &Place::item("field", nth)))
            .collect();
        let checklists = raw
            .checklist
            .iter()
            .enumerate()
            .map(|(nth, list)| self.checklist(list, nth))
            .collect();
        let path = raw
            .stage
            .iter()
            .enumerate()
            .map(|(nth, one)| stage(self, one, nth));
        let mut stages: Vec<Stage> = path.collect();
        stages.extend(
            raw.side
                .iter()
                .enumerate()
                .map(|(nth, one)| side(self, one, nth))
                .collect::<Vec<_>>(),
        );
        Process {
            version,
            name: raw.name.clone(),
            language: raw.language,
            time_zone,
            mode: raw.mode,
            seed_in_watch: raw.seed_in_watch,
            owner: self.name(Kin::Role, &raw.owner, &root.key("owner")),
            keep_fields: raw.fields_in,
            roles: raw.role.iter().map(role).collect(),
            fields,
            blocks: raw
                .block
                .iter()
                .enumerate()
                .map(|(nth, block)| self.block(block, nth))
                .collect(),
            checklists,
            labels: raw.label.iter().map(label).collect(),
            stages,
            deadlines: raw
                .deadline
                .iter()
                .enumerate()
                .map(|(nth, one)| self.deadline(one, nth))
                .collect(),
            hours: self.hours(),
            limits: self.limits(),
            news_list: raw.news_list.clone(),
            guide: raw
                .guide
                .as_ref()
                .map(|guide| (guide.title.clone(), guide.text.trim().to_owned())),
            trusted_apps: raw.trusted_apps.clone(),
        }
    }

    fn checklist(&mut self, list: &RawChecklist, nth: usize) -> Checklist {
        let place = Place::item("checklist", nth).key("item");
        let items = list.item.iter().enumerate().map(|(nth, item)| {
            let place = place.nth(nth);
            Item {
                key: item_key(list, item).as_str().into(),
                name: item.name.trim().to_owned(),
                by: self.names(Kin::Role, &item.by, &place.key("by")),
                no_deputy: item.no_deputy,
                when: item
                    .when
                    .as_ref()
                    .map(|when| self.when(when, &place.key("when"))),
                lapses: item.lapses,
                target: item.target.clone(),
            }
        });
        Checklist {
            key: list.key.as_str().into(),
            name: list.name.trim().to_owned(),
            items: items.collect(),
        }
    }

    pub(super) fn when(&mut self, when: &RawWhen, place: &Place) -> When {
        let field = self.name(Kin::Field, &when.field, &place.key("field"));
        let test = match (&when.is, &when.is_not, when.filled) {
            (Some(values), None, None) => {
                self.choices(&when.field, values, &place.key("is"));
                Test::Is(values.clone())
            }
            (None, Some(values), None) => {
                self.choices(&when.field, values, &place.key("is_not"));
                Test::IsNot(values.clone())
            }
            (None, None, Some(true)) => Test::Filled,
            (None, None, Some(false)) => Test::Empty,
            _ => {
                self.error(
                    place,
                    "a condition says exactly one of is, is_not, filled",
                    "write `when = { field = \"…\", is = [\"…\"] }`",
                );
                Test::Filled
            }
        };
        When { field, test }
    }

    /// A condition on a choice names choices that exist.
    fn choices(&mut self, key: &str, values: &[String], place: &Place) {
        let Some(field) = self
            .raw
            .field
            .iter()
            .find(|field| field.key == key && field.kind == Kind::Choice)
        else {
            return;
        };
        for (nth, value) in values.iter().enumerate() {
            if !field
                .choices
                .iter()
                .any(|choice| crate::process::same(choice, value))
            {
                let what = format!("“{value}” is not among the choices of `{key}`");
                self.error(
                    &place.nth(nth),
                    what,
                    instead(value, field.choices.iter().map(String::as_str)),
                );
            }
        }
    }

    fn block(&mut self, block: &RawBlock, nth: usize) -> Block {
        let place = Place::item("block", nth);
        Block {
            name: block.name.clone(),
            fields: self.names(Kin::Field, &block.fields, &place.key("fields")),
            at: self.name(Kin::Stage, &block.at, &place.key("at")),
        }
    }
}

fn role(role: &RawRole) -> Role {
    let names = |names: &[String]| {
        names
            .iter()
            .map(|name| name.trim_start_matches('@').to_owned())
            .collect()
    };
    Role {
        key: role.key.as_str().into(),
        name: role.name.clone(),
        people: names(&role.people),
        deputies: names(&role.deputies),
    }
}

fn label(label: &RawLabel) -> LabelRule {
    LabelRule {
        key: label.key.as_str().into(),
        name: label.name.clone(),
        color: label.color.clone(),
    }
}

pub(super) fn item_key(list: &RawChecklist, item: &RawItem) -> String {
    item.key
        .clone()
        .unwrap_or_else(|| format!("{}: {}", list.key, item.name.trim()))
}
