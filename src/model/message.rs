//! A message to a person by another way than the card, as events name it.

use super::ids::{CardId, MemberId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One person and one way to that person: what is sent there goes in its own order, whatever becomes
/// of other people, of other ways and of the board.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PostId(String);

impl PostId {
    /// `way`: its key in the process file.
    pub fn new(member: &MemberId, way: &str) -> Self {
        Self(format!("@{member}/{way}"))
    }

    /// On the board's own card, where every board tells its news.
    pub fn on_own_card(member: &MemberId) -> Self {
        Self::new(member, "")
    }

    pub fn is_on_own_card(&self) -> bool {
        self.way().is_empty()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn member(&self) -> MemberId {
        self.parts().0.into()
    }

    pub fn way(&self) -> &str {
        self.parts().1
    }

    fn parts(&self) -> (&str, &str) {
        let name = self.0.strip_prefix('@').unwrap_or(&self.0);
        name.split_once('/').unwrap_or((name, ""))
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        name.starts_with('@').then(|| Self(name.to_owned()))
    }
}

impl fmt::Display for PostId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// What it tells of: a decision, or a morning. Of one thing a person is told once by each way.
    pub about: String,
    /// The card that it tells of, if it tells of one.
    pub card: Option<CardId>,
    pub subject: String,
    pub text: String,
    /// Where to go on.
    pub link: Option<String>,
    /// The person is at it: the message does not wait for the person's hours.
    #[serde(default)]
    pub at_once: bool,
}

/// Why a message was given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "lost", rename_all = "snake_case")]
pub enum Lost {
    /// Not taken, in the way's own words: it would not be taken the next time either.
    Refused { why: String },
    /// The way did not answer for a day, or could not be used.
    Down { why: String },
}
