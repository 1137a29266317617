//! A card's fields as people edit them: a value that is not theirs to change is put back, one that
//! a passed gate rested on is missed, and what looks like a password is spoken of at once.

use super::{Court, Heard};
use crate::model::{CustomFieldId, Event, hex, redact};
use crate::process::facts;
use crate::process::memory::{Accepted, EchoKind, Wanted};
use crate::process::rules::{Field, FieldKey, Item, KeepFields, Stage, Want};
use crate::process::verdict::{Hand, What};
use jiff::{SignedDuration, Timestamp};

/// The timer of what is still to be put back.
pub(super) const UNMENDED: &str = "unmended";

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
        if process.keep_fields != KeepFields::Description {
            return Ok(()); // its lines are anybody's notes
        }
        let before = old.map(|old| facts::raw(process, old));
        let after = facts::raw(process, desc);
        for field in &process.fields {
            let now = after.get(&field.key).cloned().unwrap_or_default();
            let was = before
                .as_ref()
                .and_then(|before| before.get(&field.key))
                .cloned();
            if was.as_ref() == Some(&now) && self.memory.unmended.get(&field.key) == Some(&now) {
                // Nobody's edit but the one that could not be put back.
                self.put_back(event.at, &Hand::default(), field, None, now, None);
                continue;
            }
            let wished = self.wished(event, &Wanted::Value(field.key.clone(), now.clone()));
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
        let wished = self.wished(event, &Wanted::Value(field.key.clone(), value.clone()));
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
            self.put_back(at, hand, field, Some(was), now, custom);
            return Ok(());
        }
        self.memory.unmended.remove(&field.key);
        self.overtaken(|wanted| matches!(wanted, Wanted::Value(key, _) if *key == field.key));
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
        self.looks.dates |= self.is_date_told(&field.key);
        if !ours && !now.is_empty() {
            self.progress = Some((at, hand.clone()));
        }
        if field.waits {
            self.waiting_field(at, hand, field, &now, ours);
        }
        self.items_due(at, hand, &field.key)?;
        self.field_for_places(at, hand, &field.key, (&was, &now))?;
        if now.is_empty() && !ours {
            self.lost_field(at, hand.clone(), &field.key)?;
        }
        Ok(())
    }

    /// The value that was accepted, in place of one that is not. Where that was done often enough, it
    /// is done when the hour is over; what is remembered stays what was accepted.
    fn put_back(
        &mut self,
        at: Timestamp,
        hand: &Hand,
        field: &Field,
        was: Option<String>,
        typed: String,
        custom: Option<CustomFieldId>,
    ) {
        let accepted = self.memory.fields.get(&field.key);
        let Some(was) = accepted.map(|known| known.value.clone()).or(was) else {
            return;
        };
        let field = field.key.clone();
        if !self.may_mend() {
            self.memory.unmended.insert(field, typed);
            let later = self.hour_over();
            self.timers.push((UNMENDED.into(), later));
            return;
        }
        self.memory.unmended.remove(&field);
        let what = What::FieldBack {
            field,
            custom,
            was,
            typed,
        };
        self.rule(at, hand.clone(), what);
    }

    /// When the hour is over in which no more is put right.
    pub(super) fn hour_over(&self) -> Option<Timestamp> {
        self.case
            .now
            .saturating_add(SignedDuration::from_hours(1))
            .ok()
    }

    /// The hour is over in which no more was put back.
    pub(super) fn mend_fields(&mut self, event: &Event) -> Heard {
        self.need_card()?;
        let process = self.case.process;
        for (key, typed) in self.memory.unmended.clone() {
            let stands = self.facts.as_ref().map(|facts| facts.raw(&key));
            let field = process.field(&key).filter(|_| stands == Some(&typed));
            let Some(field) = field else {
                self.memory.unmended.remove(&key);
                continue;
            };
            let custom = self.custom_field(&key);
            self.put_back(event.at, &Hand::default(), field, None, typed, custom);
        }
        Ok(())
    }

    /// The Custom Field it stands in, where fields are kept in these.
    pub(super) fn custom_field(&self, key: &FieldKey) -> Option<CustomFieldId> {
        let (process, bindings) = (self.case.process, self.case.bindings);
        bindings.custom_field(process, key).cloned()
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
