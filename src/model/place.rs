//! A place outside Trello where a client is to stand, as events name it.

use super::ids::CardId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One client in one place: what is written there goes in its own order, whatever becomes of the
/// card's other affairs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlaceId(String);

impl PlaceId {
    pub fn new(card: &CardId, target: &str) -> Self {
        Self(format!("{card}/{target}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn card(&self) -> CardId {
        self.parts().0.into()
    }

    /// The target's key in the process file.
    pub fn target(&self) -> &str {
        self.parts().1
    }

    fn parts(&self) -> (&str, &str) {
        self.0.split_once('/').unwrap_or((&self.0, ""))
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        name.contains('/').then(|| Self(name.to_owned()))
    }
}

impl fmt::Display for PlaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// As what a client stands in a place. Nothing is ever deleted there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Being registered: on the way to being an active client.
    Pending,
    Active,
    /// Has left: marked so.
    Retired,
}

impl Status {
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Retired => "retired",
        }
    }
}

/// What a place answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Said {
    /// The client stands there, once, with the card's values.
    Confirmed {
        status: Status,
        /// Theirs.
        id: String,
        link: Option<String>,
        /// Ours: that of the card, or of the organisation.
        key: String,
    },
    /// Some of the card's fields are missing or no good, by their keys: nothing was sent.
    Wanting { fields: Vec<String> },
    /// The place took offence at what was sent, in its own words.
    Refused { why: String },
    /// Several there could be the client, by their ids: a person has to choose.
    Several { ids: Vec<String> },
    /// Read there since: it is not as the card says.
    Drifted { drift: Drift },
    /// It has not answered for a while; it is tried again and again.
    Down { why: String },
}

/// What is not as it should be in a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "drift", rename_all = "snake_case")]
pub enum Drift {
    /// The record is not there.
    Missing,
    /// The names of those of its fields that say something else.
    Differs { fields: Vec<String> },
    /// It is marked as closed, and the client has not left.
    Closed,
    /// The client has left, and it is not marked so.
    Open,
}
