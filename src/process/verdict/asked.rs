//! What somebody asked for and what became of it: what is done in the asker's name, or why nothing is.

use crate::model::{CheckItemId, ChecklistId, CustomFieldId, ListId, MemberId};
use crate::process::facts::Problem;
use crate::process::finding::Finding;
use crate::process::rules::{FieldKey, ItemKey, StageKey};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "asked", rename_all = "snake_case")]
pub enum Asked {
    Goes {
        stage: StageKey,
        to: ListId,
        out_of: ListId,
    },
    Says {
        field: FieldKey,
        said: String,
        /// As Trello keeps it.
        value: String,
        custom: Option<CustomFieldId>,
    },
    Ticks {
        item: ItemKey,
        on: (ChecklistId, CheckItemId),
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum NotDone {
    /// Dragged there it would go back.
    Stays(Box<Stays>),
    NoSuchStage {
        said: String,
    },
    /// Several stages come next, or none.
    Which {
        stages: Vec<StageKey>,
    },
    Already {
        stage: StageKey,
    },
    /// The card does not stand where it stood last by right.
    Elsewhere,
    /// It was told late: the card was moved, or the field changed, after it was asked for.
    Meanwhile,
    NoSuchField {
        said: String,
    },
    NoValue {
        field: FieldKey,
    },
    NotTheirs {
        field: FieldKey,
    },
    NoGood {
        field: FieldKey,
        seen: String,
        problem: Problem,
    },
    /// The item is not on the card.
    NoItem {
        item: String,
    },
    /// Somebody else's to tick; nobody's where it stands for an outside place.
    NotTheirTick {
        item: ItemKey,
        proof: bool,
    },
    /// Ticked already, and nobody knows by whom.
    Unsigned {
        item: ItemKey,
    },
    /// Whoever asks may not change cards on the board.
    Stranger,
    /// It is not missing, or nobody is known who could put it right.
    NobodyToCall,
    /// They were called for it today.
    CalledToday {
        people: Vec<MemberId>,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stays {
    pub target: StageKey,
    pub from: Option<StageKey>,
    pub finding: Finding,
    pub turn: Vec<MemberId>,
    pub call: Vec<MemberId>,
}
