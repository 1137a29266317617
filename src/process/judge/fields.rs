//! A card's fields as people edit them: a value that is not theirs to change is put back, one that
//! a passed gate rested on is missed, and what looks like a password is spoken of at once.

use super::{Court, Heard};
use crate::model::{CustomFieldId, Event, hex, redact};
use crate::process::facts;
use crate::process::memory::{Accepted, EchoKind, Wanted};
use crate::process::rules::{Field, FieldKey, Item, Stage, Want};
use crate::process::verdict::{Hand, What};
use jiff::Timestamp;

impl Court<'_> {
    pub(super) fn described(
        &mut self,
        event: &Event,
        hand: Hand,
        old: Option<&str>,
        desc: &str,
    ) -> Heard {
        let ours = self.echo(&event.actor, EchoKind::Described, &text_mark(desc));
        if let Some(old) = old.filter(|old| !ours && !old.trim().is_empty()) {
            self.rule(
                event.at,
                hand.clone(),
                What::Described {
                    old: old.to_owned(),
                },
            );
        }
        if desc.contains(redact::MASK) && !old.is_some_and(|old| old.contains(redact::MASK)) {
            self.rule(event.at, hand.clone(), What::PasswordSeen { field: None });
        }
        desc.clone_into(&mut self.memory.desc);
        let process = self.case.process;
        let before = old.map(|old| facts::raw(process, old));
        let after = facts::raw(process, desc);
        for field in &process.fields {
            let now = after.get(&field.key).cloned().unwrap_or_default();
            let was = before
                .as_ref()
                .and_then(|before| before.get(&field.key))
                .cloned();
            let wished = self.wished(ours, &Wanted::Value(field.key.clone(), now.clone()));
            let (ours, hand) = (ours && wished.is_none(), wished.as_ref().unwrap_or(&hand));
            self.field_now(event.at, hand, field, was, now, ours, None)?;
        }
        Ok(())
    }

    pub(super) fn field_set(
        &mut self,
        event: &Event,
        hand: Hand,
        id: &CustomFieldId,
        old: Option<&str>,
        value: Option<&str>,
    ) -> Heard {
        let bound = self
            .case
            .bindings
            .fields
            .iter()
            .find(|(_, bound)| *bound == id);
        let field = bound.and_then(|(key, _)| self.case.process.field(key));
        let Some(field) = field else { return Ok(()) };
        let (old, value) = (self.chosen(id, old), self.chosen(id, value));
        let value = value.unwrap_or_default();
        let ours = self.echo(&event.actor, EchoKind::Field, &format!("{id} {value}"));
        let wished = self.wished(ours, &Wanted::Value(field.key.clone(), value.clone()));
        let (ours, hand) = (ours && wished.is_none(), wished.unwrap_or(hand));
        self.field_now(event.at, &hand, field, old, value, ours, Some(id.clone()))
    }

    /// An action names a choice by its id; everything else knows it by its text.
    fn chosen(&self, id: &CustomFieldId, value: Option<&str>) -> Option<String> {
        let mut fields = self.case.bindings.custom_fields.iter();
        let choices = fields.find(|field| field.id == *id);
        let choices = choices.map_or(&[][..], |field| &field.options);
        let text = choices.iter().find(|(one, _)| Some(one.as_str()) == value);
        text.map_or_else(|| value.map(str::to_owned), |(_, text)| Some(text.clone()))
    }

    /// One field's value after an edit, and what it was before it.
    #[expect(
        clippy::too_many_arguments,
        reason = "one edit: when, whose, which, from, to, ours, where"
    )]
    fn field_now(
        &mut self,
        at: Timestamp,
        hand: &Hand,
        field: &Field,
        was: Option<String>,
        now: String,
        ours: bool,
        custom: Option<CustomFieldId>,
    ) -> Heard {
        let known = self
            .memory
            .fields
            .get(&field.key)
            .map(|accepted| accepted.value.clone());
        let was = known.or(was).unwrap_or_default();
        if was == now {
            return Ok(());
        }
        let theirs = ours
            || field.by.is_empty()
            || was.is_empty()
            // What was cut from a value before it was kept is not there to be put back.
            || was.contains(redact::MASK)
            || hand.holds(self.case.bindings, &field.by);
        if !theirs && self.enforcing() {
            if !self.may_mend() {
                return Ok(()); // the value remembered stays the one that was accepted
            }
            let what = What::FieldBack {
                field: field.key.clone(),
                custom,
                was,
                typed: now,
            };
            self.rule(at, hand.clone(), what);
            return Ok(());
        }
        if !field.by.is_empty() {
            let by = hand.member.clone();
            self.memory.fields.insert(
                field.key.clone(),
                Accepted {
                    value: now.clone(),
                    by,
                    at,
                },
            );
        }
        if !ours && !now.is_empty() {
            self.progress = Some((at, hand.clone()));
        }
        self.items_due(at, hand, &field.key)?;
        self.field_for_places(at, hand, &field.key, (&was, &now))?;
        if now.is_empty() && !ours {
            self.lost_field(at, hand.clone(), &field.key)?;
        }
        Ok(())
    }

    /// A checklist on the card may have items that are asked for only now that the field says so.
    fn items_due(&mut self, at: Timestamp, hand: &Hand, key: &FieldKey) -> Heard {
        let waits = |item: &Item| {
            let hangs = item.when.as_ref().is_some_and(|when| when.field == *key);
            hangs && !self.memory.items.contains_key(&item.key)
        };
        let there = |item: &Item| self.memory.items.contains_key(&item.key);
        let lists = self.case.process.checklists.iter();
        let lists =
            lists.filter(|list| list.items.iter().any(there) && list.items.iter().any(waits));
        let lists: Vec<_> = lists.map(|list| list.key.clone()).collect();
        for checklist in lists {
            self.need_card()?;
            self.rule(at, hand.clone(), What::ItemsDue { checklist });
        }
        Ok(())
    }

    fn lost_field(&mut self, at: Timestamp, hand: Hand, key: &FieldKey) -> Heard {
        let asks = |stage: &Stage| {
            let from = self
                .case
                .process
                .field(key)
                .and_then(|field| field.from.as_ref());
            from == Some(&stage.key)
                || stage
                    .needs
                    .iter()
                    .any(|need| matches!(&need.want, Want::Field(field) if field == key))
        };
        let Some(stage) = self.passed(asks) else {
            return Ok(());
        };
        self.lost(at, hand, &stage, |court| {
            Ok(court.gate()?.asked_field(&stage, key))
        })
    }
}

/// Texts are long; the mark of one is enough to know it again.
pub fn text_mark(text: &str) -> String {
    use sha2::{Digest, Sha256};
    hex(&Sha256::digest(text)[..8])
}
