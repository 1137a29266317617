//! What is remembered of a card's time: since when and in which pauses its clock has stood still, what
//! was told of its limit and its dates, who is still to be called.

use super::Memory;
use crate::model::MemberId;
use crate::process::calendar::Pause;
use crate::process::hours::Whose;
use crate::process::rules::{FieldKey, StageKey, Version};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Of more pauses in one stay the oldest count as worked.
const KEPT_PAUSES: usize = 64;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Clock {
    /// The version of the file that its timers were set by; none where they are to be set anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// The stay it runs for, once there is anything to say of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stay: Option<Stay>,
    /// The stay that was left by a step back: it goes on if that is undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<Stay>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waiting>,
    /// The labels that say so are on the card.
    #[serde(skip_serializing_if = "is_false")]
    pub marked_late: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub marked_waiting: bool,
    /// The field that says so, while it is filled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filled_waiting: Option<FieldKey>,
    /// Who was named outside of their hours, and is called when they begin.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub morning: BTreeMap<MemberId, Missed>,
    /// Dates that people are told of, by field and item.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub dates: BTreeMap<String, Dated>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde hands it over")]
fn is_false(so: &bool) -> bool {
    !so
}

/// One stay in one stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    pub stage: StageKey,
    pub since: Timestamp,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// The highest step of the ladder that was told, in hundredths of the limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<u16>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub late: bool,
    /// The due date that the card is to bear, where we gave it one, and the one that it bears.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bears: Option<Timestamp>,
}

/// The card waits for somebody outside: its clock stands still.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub since: Timestamp,
    pub by: Option<MemberId>,
    /// Empty where nobody said.
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub until: Option<Date>,
}

/// Somebody was named, and not called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missed {
    pub at: Timestamp,
    /// Where the card stood then.
    pub stage: StageKey,
    /// In which words, for those who do not see the card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
}

/// A date that people are told of until its item is ticked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated {
    pub date: Date,
    /// What was to be told up to then has been, or was too late when the date was set.
    pub told: Timestamp,
}

impl Clock {
    pub fn is_unset(&self) -> bool {
        *self == Self::default()
    }

    pub fn is_late(&self) -> bool {
        self.stay.as_ref().is_some_and(|stay| stay.late)
    }

    /// Whether it is of a day or an hour to come, or of a limit that the file may not have any more.
    pub fn is_pending(&self) -> bool {
        let waits = self.waiting.as_ref();
        let given = self.stay.as_ref().is_some_and(|stay| stay.due.is_some());
        let ends = waits.is_some_and(|waiting| waiting.until.is_some());
        ends || given || self.is_late() || !self.morning.is_empty()
    }
}

impl Stay {
    pub fn new(stage: StageKey, since: Timestamp) -> Self {
        Self {
            stage,
            since,
            pauses: Vec::new(),
            told: None,
            late: false,
            due: None,
            bears: None,
        }
    }

    /// The clock stood still from then on until then.
    pub fn paused(&mut self, from: Timestamp, to: Timestamp) {
        let from = from.max(self.since);
        if from < to {
            self.pauses.push((from, to));
            self.pauses.sort_unstable();
            let over = self.pauses.len().saturating_sub(KEPT_PAUSES);
            self.pauses.drain(..over);
        }
    }
}

impl Memory {
    /// Whose turn it is, and who is on the card.
    pub fn whose(&self) -> Whose<'_> {
        (&self.holders, &self.members)
    }

    /// The stay in which the card stands, as far as anything is remembered of it.
    pub fn stay(&self) -> Option<&Stay> {
        let standing = self.standing.as_ref()?;
        let stay = self.clock.stay.as_ref();
        stay.filter(|stay| stay.stage == standing.stage)
    }

    /// In which its clock has stood still since it came where it stands, in order.
    pub fn pauses(&self, now: Timestamp) -> Vec<Pause> {
        let stay = self.stay().map(|stay| stay.pauses.clone());
        let waiting = self.clock.waiting.as_ref();
        let waiting = waiting.map(|waiting| (waiting.since, now));
        let waiting = waiting.filter(|(from, to)| from < to);
        let mut pauses = stay.unwrap_or_default();
        pauses.extend(waiting);
        pauses
    }
}
