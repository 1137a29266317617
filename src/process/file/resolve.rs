//! Names to things: every key that one part names in another is looked up, every value that has a
//! form is read. All mistakes are found before any is told.

use super::fields::field;
use super::letters::{instead, nearest};
use super::mistake::Mistake;
use super::place::Place;
use super::raw::*;
use super::stages::{side, stage};
use super::targets;
use super::values::{self, LOST, duration};
use super::ways_out::way;
use crate::process::rules::*;
use std::collections::BTreeSet;
use std::ops::Range;
use toml::Spanned;
use toml::de::DeTable;

mod board;
mod figures;
mod ladder;
mod names;
mod people;
mod times;
mod unique;

pub(super) use names::Kin;

pub(super) struct Resolver<'a> {
    pub(super) raw: &'a RawProcess,
    tree: &'a Spanned<DeTable<'a>>,
    pub(super) text: &'a str,
    pub(super) mistakes: Vec<Mistake>,
    /// Of these kinds some name leads nowhere: what rests on it cannot be judged.
    pub(super) unsure: Vec<Kin>,
}

pub(super) struct Resolved {
    pub(super) process: Process,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) unsure: Vec<Kin>,
}

pub(super) fn resolve(
    raw: &RawProcess,
    tree: &Spanned<DeTable<'_>>,
    text: &str,
    version: Version,
) -> Resolved {
    let mut resolver = Resolver {
        raw,
        tree,
        text,
        mistakes: Vec::new(),
        unsure: Vec::new(),
    };
    resolver.unique();
    resolver.board();
    let process = resolver.process(version);
    Resolved {
        process,
        mistakes: resolver.mistakes,
        unsure: resolver.unsure,
    }
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
        self.error_at(span, what, mend);
    }

    pub(super) fn error_at(
        &mut self,
        span: Range<usize>,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.mistakes.push(Mistake::error(span, what, mend));
    }

    pub(super) fn warn(&mut self, place: &Place, what: impl Into<String>, mend: impl Into<String>) {
        let span = self.span(place);
        self.mistakes.push(Mistake::warning(span, what, mend));
    }

    fn process(&mut self, version: Version) -> Process {
        let raw = self.raw;
        let root = Place::default();
        let time_zone = self.time_zone(&raw.time_zone, &root.key("time_zone"));
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
        targets::shadowed(self);
        let targets = raw.target.iter().enumerate();
        let targets = targets.map(|(nth, one)| targets::target(self, one, nth));
        let targets = targets.collect();
        Process {
            version,
            name: raw.name.clone(),
            language: raw.language,
            time_zone,
            mode: raw.mode,
            seed_in_watch: raw.seed_in_watch,
            owner: self.name(Kin::Role, &raw.owner, &root.key("owner")),
            keep_fields: raw.fields_in,
            roles: raw
                .role
                .iter()
                .enumerate()
                .map(|(nth, one)| self.role(one, nth))
                .collect(),
            people: self.people(),
            ways: raw
                .way
                .iter()
                .enumerate()
                .map(|(nth, one)| way(self, one, nth))
                .collect(),
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
            ladder: self.ladder(),
            targets,
            counted: self.figures(),
            hours: self.hours(),
            keeps_hours: raw.hours.is_some(),
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
