//! What a card's clock says: that it stands still or goes on, that time runs out, that a date comes.

use crate::model::MemberId;
use crate::process::rules::{FieldKey, ItemKey, StageKey};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "timed", rename_all = "snake_case")]
pub enum Timed {
    /// The card waits for somebody outside. `anew`: it did so already.
    Waits {
        stage: StageKey,
        reason: String,
        until: Option<Date>,
        #[serde(default)]
        anew: bool,
        /// Said by the label or the field and not in a comment.
        #[serde(default, alias = "by_label")]
        shown: bool,
    },
    /// It does not wait any more. `due`: by when its stage is to be over now. Whoever's turn it is is
    /// told where the day has come and nobody said a word.
    GoesOn {
        stage: StageKey,
        reason: String,
        since: Timestamp,
        until: Option<Date>,
        why: Resumed,
        #[serde(default)]
        due: Option<Timestamp>,
        #[serde(default)]
        people: Vec<MemberId>,
        #[serde(default)]
        call: Vec<MemberId>,
    },
    /// A wait that cannot be, and why.
    /// `asked`: by a command, which is answered each time.
    NoWait {
        why: WaitTrouble,
        #[serde(default)]
        asked: bool,
    },
    /// So much of the stage's limit is over.
    Step {
        stage: StageKey,
        /// In hundredths of the limit.
        at: u16,
        due: Timestamp,
        /// Calendar days since then.
        days: i64,
        cost: Option<Cost>,
        /// Who is told, whose turn it is, and who of them is called.
        people: Vec<MemberId>,
        turn: Vec<MemberId>,
        call: Vec<MemberId>,
    },
    /// Those who were named outside of their hours: whoever's turn it still is, and others.
    Morning {
        stage: StageKey,
        due: Option<Timestamp>,
        turn: Vec<MemberId>,
        others: Vec<MemberId>,
        /// What the others were named in, for those of their ways that show no card.
        #[serde(default)]
        said: Vec<(MemberId, String)>,
        call: Vec<MemberId>,
    },
    /// A date comes, has come, or is over.
    Dated {
        field: FieldKey,
        date: Date,
        /// Working days until it; calendar days after it where they are negative.
        days: i64,
        until: Option<ItemKey>,
        cost: Option<Cost>,
        people: Vec<MemberId>,
        call: Vec<MemberId>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resumed {
    Said,
    /// The label was taken off.
    Label,
    /// The field was emptied.
    Field,
    /// The card stands elsewhere.
    Moved,
    /// The day has come.
    Date,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum WaitTrouble {
    /// Whoever holds no role.
    NotTheirs {
        by_label: bool,
    },
    FieldNotTheirs,
    NoDay {
        said: String,
    },
    Past {
        day: Date,
    },
    /// The card stands in no stage.
    Nowhere,
    /// `/go` of a card that does not wait.
    Goes,
}

/// What a delay has come to, in hundredths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    pub amount: i64,
    pub currency: Option<String>,
}

impl Timed {
    pub fn stage(&self) -> Option<&StageKey> {
        match self {
            Self::Waits { stage, .. }
            | Self::GoesOn { stage, .. }
            | Self::Step { stage, .. }
            | Self::Morning { stage, .. } => Some(stage),
            Self::NoWait { .. } | Self::Dated { .. } => None,
        }
    }

    /// Who is called with an @.
    pub fn called(&self) -> &[MemberId] {
        match self {
            Self::GoesOn { call, .. }
            | Self::Step { call, .. }
            | Self::Morning { call, .. }
            | Self::Dated { call, .. } => call,
            Self::Waits { .. } | Self::NoWait { .. } => &[],
        }
    }

    pub fn kind(&self) -> &'static str {
        match self {
            Self::Waits { .. } => "waits",
            Self::GoesOn { .. } => "goes_on",
            Self::NoWait { .. } => "no_wait",
            Self::Step { at, .. } if *at < 100 => "reminded",
            Self::Step { .. } => "late",
            Self::Morning { .. } => "morning",
            Self::Dated { .. } => "dated",
        }
    }
}
