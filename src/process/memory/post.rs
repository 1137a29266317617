//! What is remembered of one way to one person: what was sent there, and what waits for the morning.

use crate::model::Message;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// So many of the latest are known to have been sent.
const KEPT_SENT: usize = 256;
/// More than these do not wait: of a night there are some.
const MOST_HELD: usize = 200;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Post {
    /// What was told, newest last: a decision, or a morning.
    pub sent: Vec<String>,
    /// What came outside the person's hours.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Held>,
    /// The chat that the person has opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat: Option<String>,
}

/// A message that waits for the person's hours, and when it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub message: Message,
    pub since: Timestamp,
}

impl Post {
    pub fn has_sent(&self, about: &str) -> bool {
        self.sent.iter().any(|sent| sent == about)
    }

    pub fn sent(&mut self, about: &str) {
        self.sent.push(about.to_owned());
        let over = self.sent.len().saturating_sub(KEPT_SENT);
        self.sent.drain(..over);
    }

    pub fn hold(&mut self, message: Message, since: Timestamp) {
        let mut held = self.held.iter();
        if held.any(|held| held.message.about == message.about) {
            return;
        }
        self.held.push(Held { message, since });
        let over = self.held.len().saturating_sub(MOST_HELD);
        self.held.drain(..over);
    }
}
