//! A line of a card's history, as it is kept for good: what was decided or done, on what facts. It is
//! written once, beside the decision, and only read from then on.

use super::rules::Version;
use super::verdict::Ruling;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One line of a card's history: what was decided or done, under which version, on what facts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryLine {
    pub at: Timestamp,
    /// `refused`, `admitted`, `unticked`, `lapsed`, `described` … one word.
    pub kind: String,
    pub decision: Option<String>,
    pub who: Option<String>,
    pub version: Version,
    /// One sentence for people.
    pub text: String,
    /// The findings, the earlier text, the facts of that time.
    pub data: serde_json::Value,
}

impl HistoryLine {
    /// The ruling it tells of; none of a line that tells of a deed, or that an earlier version wrote in
    /// a form that is not read any more.
    pub fn ruling(&self) -> Option<Ruling> {
        Ruling::deserialize(&self.data).ok()
    }
}
