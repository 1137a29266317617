//! The address at which people see a client's record in a place that gives none of its own.

use super::Template;
use crate::model::Card;
use crate::process::facts::Facts;
use crate::process::rules::Process;
use std::fmt::Write;

/// Their name for the record, where it stands in a link.
const THEIRS: &str = "{id}";

/// What stands before, between and behind their name for the record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Link(Vec<Template>);

/// A card's link, but for their name for the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardLink(String);

impl Link {
    pub fn new(pieces: Vec<Template>) -> Self {
        Self(pieces)
    }

    /// None where a field of the card is wanting: an address with a hole leads elsewhere.
    pub fn of(&self, process: &Process, facts: &Facts, card: &Card) -> Option<CardLink> {
        let pieces = self.0.iter();
        // A part that is dots alone would lead somewhere else however it is written.
        let write = |value: &str| match value {
            "" | "." | ".." => None,
            value => Some(encoded(value)),
        };
        let pieces = pieces.map(|piece| piece.fill_with(process, facts, card, write).ok());
        Some(CardLink(pieces.collect::<Option<Vec<_>>>()?.join(THEIRS)))
    }
}

impl CardLink {
    pub fn to(&self, id: &str) -> String {
        // No value of the card's looks like it: braces are encoded there.
        self.0.replace(THEIRS, &encoded(id))
    }
}

/// Everything but what stands for itself in any part of an address.
pub fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            true => encoded.push(char::from(byte)),
            false => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    encoded
}
