//! Fields that wait for each other: a condition on a field that hangs on this one, a date that must
//! not be before one that must not be before it. A ring is told once, at its first field.

use super::super::place::Place as At;
use super::{Sound, listed};
use crate::process::rules::*;

/// What of one field rests on another.
type Rests = fn(&Field) -> Option<&FieldKey>;

impl<'a> Sound<'a> {
    pub(super) fn rings(&mut self) {
        let conditions: Rests = |field| field.when.as_ref().map(|when| &when.field);
        let dates: Rests = |field| match &field.kind {
            FieldKind::Date {
                rule: Some(DateRule::NotBefore(other)),
            } => Some(other),
            _ => None,
        };
        for (nth, ring) in self.each_ring(conditions) {
            let at = At::item("field", nth).key("when");
            let mend = "take `when` off one of them";
            self.tell_ring(&at, &ring, "the conditions of", mend);
        }
        for (nth, ring) in self.each_ring(dates) {
            let at = At::item("field", nth).key("not_before");
            let mend = "take `not_before` off one of them";
            self.tell_ring(&at, &ring, "the dates", mend);
        }
    }

    fn tell_ring(&mut self, at: &At, ring: &[&FieldKey], of: &str, mend: &str) {
        match ring {
            [one] => self.error(
                at,
                format!("`{one}` depends on itself"),
                "name another field in it, or take it out",
            ),
            _ => {
                let what = format!("{of} {} wait for each other", listed(ring));
                self.error(at, what, mend);
            }
        }
    }

    fn each_ring(&self, rests: Rests) -> Vec<(usize, Vec<&'a FieldKey>)> {
        let process: &'a Process = self.process;
        let ring = |first: &'a Field| {
            let mut ring = vec![&first.key];
            let mut at = first;
            loop {
                let next = rests(at)?;
                if *next == first.key {
                    return Some(ring);
                }
                if ring.contains(&next) {
                    return None;
                }
                ring.push(next);
                at = process.field(next)?;
            }
        };
        let mut told: Vec<&FieldKey> = Vec::new();
        let mut rings = Vec::new();
        for (nth, field) in process.fields.iter().enumerate() {
            if told.contains(&&field.key) {
                continue;
            }
            if let Some(ring) = ring(field) {
                told.extend(&ring);
                rings.push((nth, ring));
            }
        }
        rings
    }
}
