//! A text with places for a client's values: `{name}`, `{name|cast}`, `{{` for a brace.

use super::Pointer;
use std::collections::BTreeSet;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Line(pub Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    Text(String),
    Slot(Slot),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    pub source: Source,
    pub cast: Option<Cast>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// What is put under a name.
    Put(String),
    /// Our name for the record.
    Key,
    /// Theirs.
    Id,
    /// Their word for pending, active or retired.
    Status,
    /// The name of what a client entered by hand is known by, and its value.
    MatchName,
    MatchValue,
    /// The names of all that is put, with commas between.
    PutNames,
    /// What stands in the record that was found.
    Record(Pointer),
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cast {
    /// A number, true or false without quotes.
    Bare,
    /// With its single quotes doubled, for a text between such.
    Quoted,
    /// A UUID that is always the same for the same value.
    Uuid,
    Lower,
}

impl Cast {
    pub const WORDS: [&'static str; 4] = ["bare", "quoted", "uuid", "lower"];

    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "bare" => Self::Bare,
            "quoted" => Self::Quoted,
            "uuid" => Self::Uuid,
            "lower" => Self::Lower,
            _ => return None,
        })
    }
}

/// What a request is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub put: BTreeSet<String>,
    /// All that is put.
    pub all: bool,
    pub key: bool,
    pub id: bool,
    pub status: bool,
    pub record: Vec<Pointer>,
}

impl Line {
    pub fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Slot(slot) => Some(slot),
            Piece::Text(_) => None,
        })
    }

    pub(super) fn tell(&self, names: &mut Names) {
        for slot in self.slots() {
            match &slot.source {
                Source::Put(name) => drop(names.put.insert(name.clone())),
                Source::Key => names.key = true,
                Source::Id => names.id = true,
                Source::Status => names.status = true,
                Source::PutNames | Source::MatchName | Source::MatchValue => {}
                Source::Record(pointer) => names.record.push(pointer.clone()),
            }
        }
    }
}
