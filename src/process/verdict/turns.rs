//! A card that is handed to somebody else because its holder is away or back, and what is said to a
//! word about somebody's absence.

use crate::model::{Absence, MemberId};
use crate::process::bind::Absent;
use crate::process::rules::StageKey;
use serde::{Deserialize, Serialize};

/// What comes of a change of holders on the card itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Members {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub join: Vec<MemberId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leave: Vec<MemberId>,
}

impl Members {
    pub fn is_empty(&self) -> bool {
        self.join.is_empty() && self.leave.is_empty()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    pub stage: StageKey,
    pub from: Vec<MemberId>,
    /// Nobody: none of the role is there.
    pub to: Vec<MemberId>,
    pub why: Handing,
    pub members: Members,
    /// Those who have to find somebody, where nobody is there.
    pub owner: Vec<MemberId>,
    pub call: Vec<MemberId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handing {
    Away(Vec<Absent>),
    Back,
}

/// The answer to `/away`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "snake_case")]
pub enum AbsenceSaid {
    Noted {
        absence: Absence,
    },
    /// The process owner alone speaks for others.
    NotTheirs {
        call: Vec<MemberId>,
    },
    NoSuchPerson {
        who: String,
    },
    /// What follows the word tells no days, or days that are over.
    NoDays {
        text: String,
    },
    /// Nobody stands in for themselves.
    OwnDeputy,
    NotAway {
        member: MemberId,
    },
}
