//! What goes back, is taken off or is put right again, and the word for it.

use super::Room;
use crate::model::{CustomFieldId, MemberId};
use crate::process::effect::{Deed, SetLine};
use crate::process::finding::Finding;
use crate::process::judge::BUTLER;
use crate::process::memory::DecisionId;
use crate::process::rules::{FieldKey, StageKey};
use crate::process::verdict::{Hand, Refused, Unticked};
use crate::process::words::{Fight, Foreign, Lost, SIGNALMAN, Thing, Todo};
use jiff::Timestamp;

impl Room<'_> {
    pub(super) fn refused(&mut self, id: &DecisionId, hand: &Hand, refused: &Refused) {
        let (to, out_of) = (refused.list.clone(), refused.out_of.clone());
        self.push(
            id,
            Some("place"),
            Deed::Move {
                to,
                pos: refused.pos,
                out_of,
            },
        );
        let text = self.words.refusal(&self.refusal(hand, refused));
        let text = self.with_page(text);
        self.say_in(id, refused.episode.thread.clone(), text);
    }

    pub(super) fn left_as_pushed(
        &mut self,
        id: &DecisionId,
        hand: &Hand,
        target: &StageKey,
        (until, times): (Timestamp, u32),
        call: &[MemberId],
    ) {
        let fight = Fight {
            owner: self.owner_named(call),
            target: self.stage_name(target),
            times,
            until,
            mover: hand.member.as_ref().map(|member| self.name(member)),
            robot: hand.app.as_ref().is_some_and(|app| app.as_str() == BUTLER),
            id: id.0.clone(),
        };
        // One for each stage it is pushed into until it is looked at again.
        let thread = format!("pushed {target} {until}");
        self.say_in(id, thread, self.words.fight(&fight));
    }

    pub(super) fn unticked(
        &mut self,
        id: &DecisionId,
        ticks: &[Unticked],
        thread: &str,
        call: &[MemberId],
    ) {
        if let Some(last) = ticks.last() {
            let (checklist, item) = last.on.clone();
            self.push(
                id,
                None,
                Deed::Untick {
                    checklist,
                    item,
                    key: last.item.clone(),
                },
            );
        }
        let proof = |tick: &Unticked| self.process.proof(&tick.item).is_some();
        let items = ticks.iter().map(|tick| Todo {
            what: Thing::Item(self.item_name(&tick.item)),
            who: match proof(tick) {
                true => vec![SIGNALMAN.to_owned()],
                false => self.who(&tick.roles),
            },
        });
        let ids = self
            .memory
            .foreign_ticks
            .as_ref()
            .map(|ticks| ticks.decisions.iter().map(|id| id.0.clone()).collect());
        let items = items.collect();
        let people = self.memory.foreign_ticks.as_ref();
        let people = people.map_or_else(|| call.to_vec(), |ticks| ticks.people.clone());
        let foreign = Foreign {
            people: self.named(&people, &people),
            items,
            proofs: ticks.iter().all(proof),
            ids: ids.unwrap_or_else(|| vec![id.0.clone()]),
        };
        let text = self.words.foreign_ticks(&foreign);
        self.say_in(id, thread.to_owned(), text);
    }

    pub(super) fn field_back(
        &mut self,
        id: &DecisionId,
        hand: &Hand,
        key: &FieldKey,
        custom: Option<&CustomFieldId>,
        was: &str,
        typed: &str,
    ) {
        let Some(field) = self.process.field(key) else {
            return;
        };
        self.write_field(id, key, custom, was, None);
        let by = hand.member.as_ref().map(|by| self.name(by));
        let text =
            self.words
                .field_back(&field.name, was, typed, &self.who(&field.by), by.as_deref());
        // However often it is changed in a day, one comment tells of it.
        let today = self.process.today(self.now);
        self.say_in(id, format!("line {key} {today}"), text);
    }

    /// Where fields are kept. `over`: only where this stands there still.
    pub(super) fn write_field(
        &mut self,
        id: &DecisionId,
        key: &FieldKey,
        custom: Option<&CustomFieldId>,
        value: &str,
        over: Option<String>,
    ) {
        let value = value.to_owned();
        let deed = match custom {
            Some(custom) => Deed::CustomField {
                field: custom.clone(),
                value: Some(value).filter(|value| !value.is_empty()),
                over,
            },
            None => Deed::Lines {
                set: vec![SetLine {
                    field: key.clone(),
                    label: self.field_name(key),
                    value,
                    only_if_empty: false,
                    over,
                }],
                blocks: Vec::new(),
            },
        };
        self.push(id, Some(&format!("line {key}")), deed);
    }

    pub(super) fn lost(
        &mut self,
        id: &DecisionId,
        hand: &Hand,
        (stage, finding): (&StageKey, &Finding),
        held: bool,
        call: &[MemberId],
    ) {
        let standing = self
            .memory
            .standing
            .as_ref()
            .map(|standing| &standing.stage);
        let home = standing.and_then(|stage| self.bindings.lists.get(stage));
        if let (true, Some(to), Some(out_of)) = (held, home, self.memory.returning.as_ref()) {
            let deed = Deed::Move {
                to: to.clone(),
                pos: None,
                out_of: out_of.clone(),
            };
            self.push(id, Some("place"), deed);
        }
        let Some(what) = self.todo(finding).into_iter().next() else {
            return;
        };
        let lost = Lost {
            what,
            stage: self.stage_name(stage),
            held,
            by: hand.member.as_ref().map(|by| self.name(by)),
            call: self.named(call, call),
            id: id.0.clone(),
        };
        self.say(id, self.words.lost(&lost));
    }
}
