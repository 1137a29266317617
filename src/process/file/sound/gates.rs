//! Gates that nobody can satisfy.

use super::super::place::Place as At;
use super::{Sound, listed};
use crate::process::rules::*;

impl<'a> Sound<'a> {
    pub(super) fn gates(&mut self) {
        let process: &'a Process = self.process;
        for (nth, stage) in process.stages.iter().enumerate() {
            let (at, key) = (self.at(nth), &stage.key);
            if stage.movers.as_ref().is_some_and(Vec::is_empty) {
                self.error(
                    &at.key("movers"),
                    format!("nobody may move a card into `{key}`"),
                    "name a role in `movers`, or leave the key out for anyone",
                );
            }
            if matches!(&stage.place, Place::Side { put, .. } if put.is_empty()) {
                self.error(
                    &at.key("put"),
                    format!("nobody may put a card into `{key}`"),
                    "name a role in `put`",
                );
            }
            if stage.wip.is_some_and(|wip| wip.refuse && wip.limit == 0) {
                self.error(
                    &at.key("wip"),
                    format!("`{key}` refuses every card: its limit is 0"),
                    "write how many cards it takes at most, such as `wip = { limit = 5, refuse = true }`",
                );
            }
            for (nth, need) in stage.needs.iter().enumerate() {
                self.need(stage, need, &at.key("need").nth(nth), false);
            }
        }
    }

    /// `either`: the need is one of several of which one is enough.
    fn need(&mut self, stage: &Stage, need: &'a Need, at: &At, either: bool) {
        match &need.want {
            Want::Item { item, by, .. } => {
                if let Some(item) = self.process.item(item) {
                    self.item(stage, item, by, at);
                    if !either {
                        self.seeded_only_when(stage, need, item, at);
                    }
                }
            }
            Want::Checklist { checklist, by } => self.checklist(stage, checklist, by, at),
            Want::FourEyes(item) => self.one_person(stage, item, at),
            Want::Member(_) | Want::Field(_) | Want::Label { .. } | Want::Attachment { .. } => {}
            Want::All(needs) | Want::Any(needs) => {
                let any = matches!(need.want, Want::Any(_));
                let at = at.key(if any { "any" } else { "all" });
                for (nth, need) in needs.iter().enumerate() {
                    self.need(stage, need, &at.nth(nth), any || either);
                }
            }
        }
    }

    fn item(&mut self, stage: &Stage, item: &Item, by: &[RoleKey], at: &At) {
        if self.apart(by, &item.by) {
            let what = format!(
                "nobody can satisfy this need of `{}`: it wants `{}` ticked by {}, and only a tick by {} counts",
                stage.key,
                item.key,
                listed(by),
                listed(&item.by)
            );
            let mend = "take `by` off the need, or name in it a role that the item names";
            self.error(&at.key("by"), what, mend);
        }
    }

    fn checklist(&mut self, stage: &Stage, key: &ChecklistKey, by: &[RoleKey], at: &At) {
        let Some(list) = self.process.checklist(key) else {
            return;
        };
        let not_theirs = list.items.iter().find(|item| self.apart(by, &item.by));
        if let Some(item) = not_theirs {
            let what = format!(
                "nobody can satisfy this need of `{}`: it wants the whole checklist `{key}` ticked by {}, and `{}` is for {} to tick",
                stage.key,
                listed(by),
                item.key,
                listed(&item.by)
            );
            let mend = "take `by` off the need: each item says itself whose tick counts";
            self.error(&at.key("by"), what, mend);
        }
    }

    /// An item that comes only on some cards cannot be asked of all.
    fn seeded_only_when(&mut self, stage: &Stage, need: &Need, item: &Item, at: &At) {
        let Some(seeded) = &item.when else { return };
        let what = format!(
            "`{}` asks for the item `{}`, which comes only on some cards (its `when`)",
            stage.key, item.key
        );
        let mend = format!(
            "give the need the condition of the item: `when = {{ field = \"{}\", … }}`",
            seeded.field
        );
        match &need.when {
            None => self.error(
                &at.key("item"),
                format!("{what}; the others could never pass"),
                mend,
            ),
            Some(asked) if !implies(asked, seeded) => {
                self.warn(
                    &at.key("when"),
                    format!("{what}, and the need is asked of others"),
                    mend,
                );
            }
            Some(_) => {}
        }
    }

    /// Four eyes cannot be had where one and the same role does both and has one person.
    fn one_person(&mut self, stage: &Stage, item: &ItemKey, at: &At) {
        let ticks = self.process.item(item).map_or(&[][..], |item| &item.by);
        let movers = self.people(stage.movers.as_deref().unwrap_or_default());
        if movers.len() == 1 && movers == self.people(ticks) {
            let what = format!(
                "four eyes are wanted for `{}`, and one person both ticks and moves",
                stage.key
            );
            self.error(
                &at.key("four_eyes"),
                what,
                "let another role move the card, or another tick the item",
            );
        }
    }
}

/// Whether the one condition holds only where the other does, as far as their words tell.
fn implies(one: &When, other: &When) -> bool {
    let values = |test: &Test| match test {
        Test::Is(values) | Test::IsNot(values) => values.clone(),
        Test::Filled | Test::Empty => Vec::new(),
    };
    let within = |some: &[String], of: &[String]| {
        let among = |one: &String| of.iter().any(|other| crate::process::same(one, other));
        some.iter().all(among)
    };
    let (mine, its) = (values(&one.test), values(&other.test));
    one.field == other.field
        && match (&one.test, &other.test) {
            (Test::Is(_), Test::Is(_)) => within(&mine, &its),
            (Test::IsNot(_), Test::IsNot(_)) => within(&its, &mine),
            (Test::Is(_), Test::IsNot(_)) => !mine
                .iter()
                .any(|one| within(std::slice::from_ref(one), &its)),
            (Test::Is(_) | Test::Filled, Test::Filled) | (Test::Empty, Test::Empty) => true,
            _ => false,
        }
}
