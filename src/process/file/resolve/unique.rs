//! Keys and names that nothing could be told apart by: declared twice, alike, or empty.

use super::*;
use crate::process::{lines::label_norm, normal};
use std::collections::BTreeMap;

/// Something with a key and a name, where it is written.
struct Named<'r> {
    word: &'static str,
    place: Place,
    key: &'r str,
    name: &'r str,
}

macro_rules! named {
    ($list:expr, $word:literal) => {
        $list.iter().enumerate().map(|(nth, one)| Named {
            word: $word,
            place: Place::item($word, nth),
            key: &one.key,
            name: &one.name,
        })
    };
}

impl Resolver<'_> {
    pub(super) fn unique(&mut self) {
        let raw = self.raw;
        let roles: Vec<_> = named!(raw.role, "role").collect();
        let fields: Vec<_> = named!(raw.field, "field").collect();
        let lists: Vec<_> = named!(raw.checklist, "checklist").collect();
        let labels: Vec<_> = named!(raw.label, "label").collect();
        let stages: Vec<_> = named!(raw.stage, "stage")
            .chain(named!(raw.side, "side"))
            .collect();
        for group in [&roles, &fields, &lists, &labels, &stages] {
            self.keys_once(group);
            self.written(group);
        }
        self.names_once(&roles, normal, "people could not tell the roles apart");
        self.names_once(&lists, normal, "people could not tell the checklists apart");
        self.names_once(&labels, normal, "people could not tell the labels apart");
        self.names_once(&stages, normal, "each stage is a list of its own");
        self.names_once(
            &fields,
            label_norm,
            "people could not tell their lines apart",
        );
        self.items();
        self.news(&stages);
        self.fits_a_line(&fields);
        if raw.name.trim().is_empty() {
            self.empty(&Place::default().key("name"), "the name of the process");
        }
    }

    fn keys_once(&mut self, all: &[Named<'_>]) {
        let mut seen = BTreeSet::new();
        for one in all.iter().filter(|one| one.key != LOST) {
            if !seen.insert(one.key) {
                let word = if one.word == "side" {
                    "stage"
                } else {
                    one.word
                };
                self.error(
                    &one.place.key("key"),
                    format!("the {word} `{}` is declared twice", one.key),
                    "give one of them another key",
                );
            }
        }
    }

    fn names_once(&mut self, all: &[Named<'_>], norm: impl Fn(&str) -> String, why: &str) {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        let real = |one: &&Named<'_>| one.name != LOST && !one.name.trim().is_empty();
        for one in all.iter().filter(real) {
            let Some(first) = seen.insert(norm(one.name), one.key) else {
                continue;
            };
            if first != one.key {
                let (name, key) = (one.name.trim(), one.key);
                let what = format!("`{first}` and `{key}` are both called “{name}”");
                self.error(&one.place.key("name"), what, format!("{why}: rename one"));
            }
        }
    }

    fn written(&mut self, all: &[Named<'_>]) {
        for one in all {
            for (part, text) in [("key", one.key), ("name", one.name)] {
                let place = one.place.key(part);
                let owner = match part {
                    "key" => format!("the key of a {}", one.word),
                    _ => format!("the name of the {} `{}`", one.word, one.key),
                };
                if text.trim().is_empty() {
                    self.empty(&place, &owner);
                } else if text.chars().any(char::is_control) {
                    let what = format!("{owner} has a line break or another invisible sign in it");
                    self.error(&place, what, "write it as one line");
                }
            }
        }
    }

    fn empty(&mut self, place: &Place, what: &str) {
        self.error(place, format!("{what} is empty"), "write what it is called");
    }

    fn items(&mut self) {
        let mut keys = BTreeSet::new();
        for (list_nth, list) in self.raw.checklist.iter().enumerate() {
            let mut names = BTreeSet::new();
            for (nth, item) in list.item.iter().enumerate() {
                let place = Place::item("checklist", list_nth).key("item").nth(nth);
                let name = item.name.trim();
                if name.is_empty() {
                    let what = format!("the name of an item of the checklist `{}`", list.key);
                    self.empty(&place.key("name"), &what);
                } else if name != LOST && !names.insert(normal(name)) {
                    let what = format!(
                        "two items of the checklist `{}` are called “{name}”",
                        list.key
                    );
                    let mend = "people could not tell them apart: rename one";
                    self.error(&place.key("name"), what, mend);
                } else if !keys.insert(item_key(list, item)) && name != LOST {
                    let what = format!("the item `{}` is declared twice", item_key(list, item));
                    let mend = "give one of them another key";
                    self.error(&place.key("key"), what, mend);
                }
            }
        }
    }

    fn news(&mut self, stages: &[Named<'_>]) {
        let Some(news) = &self.raw.news_list else {
            return;
        };
        let same = stages
            .iter()
            .find(|stage| crate::process::same(stage.name, news));
        if let Some(stage) = same {
            let what = format!("“{}” is the list of the stage `{}`", news.trim(), stage.key);
            let mend = "`news_list` is a list of its own, beside the stages: give it another name";
            self.error(&Place::default().key("news_list"), what, mend);
        }
    }

    /// A field is a line `Name: value` of the description.
    fn fits_a_line(&mut self, fields: &[Named<'_>]) {
        for field in fields.iter().filter(|field| field.name.contains(':')) {
            let what = format!("the name of the field `{}` has a colon in it", field.key);
            let mend = "the line on a card is `Name: value`: write the name without a colon";
            self.error(&field.place.key("name"), what, mend);
        }
    }
}
