//! What follows from a verdict: deeds on Trello, as values. Each is safe to repeat, or says how to
//! find out whether it was done (`engine/act.rs` performs them).

use super::memory::DecisionId;
use super::rules::{ChecklistKey, FieldKey, ItemKey};
use crate::model::{CheckItemId, ChecklistId, CustomFieldId, LabelId, ListId, MemberId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    pub decision: DecisionId,
    /// An effect not yet begun gives way to a later one in the same slot of its card.
    pub slot: Option<String>,
    pub deed: Deed,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
pub enum Deed {
    /// List and position in one PUT. Not done if the card has meanwhile left `out_of`.
    Move {
        to: ListId,
        pos: Option<f64>,
        out_of: ListId,
    },
    /// Takes an archived card back onto the board.
    Reopen,
    /// A comment; the thread's earlier comment is edited if there is one.
    Say {
        thread: String,
        text: String,
    },
    /// An existing checklist of that name is completed, not doubled.
    Seed {
        checklist: ChecklistKey,
        name: String,
        items: Vec<SeedItem>,
    },
    Untick {
        checklist: ChecklistId,
        item: CheckItemId,
        key: ItemKey,
    },
    /// Of an item that stands for an outside place, or that somebody asks for.
    Tick {
        checklist: ChecklistId,
        item: CheckItemId,
    },
    RenameItem {
        checklist: ChecklistId,
        item: CheckItemId,
        name: String,
    },
    AddMember {
        member: MemberId,
    },
    DropMember {
        member: MemberId,
    },
    PutLabel {
        label: LabelId,
        on: bool,
    },
    SetDue {
        at: Timestamp,
    },
    /// Lines of the description: read just before writing, nothing else in it changed.
    Lines {
        set: Vec<SetLine>,
        blocks: Vec<AddBlock>,
    },
    CustomField {
        field: CustomFieldId,
        value: Option<String>,
        /// Only where this stands there still.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over: Option<String>,
    },
    RestoreList {
        list: ListId,
    },
    /// A comment on the board's own Signalman card, and to the owner's webhook if there is one.
    News {
        text: String,
    },
}

impl Deed {
    /// One word for the log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Move { .. } => "move",
            Self::Reopen => "reopen",
            Self::Say { .. } => "comment",
            Self::Seed { .. } => "seed",
            Self::Untick { .. } => "untick",
            Self::Tick { .. } => "tick",
            Self::RenameItem { .. } => "rename_item",
            Self::AddMember { .. } => "add_member",
            Self::DropMember { .. } => "drop_member",
            Self::PutLabel { .. } => "label",
            Self::SetDue { .. } => "due",
            Self::Lines { .. } => "lines",
            Self::CustomField { .. } => "custom_field",
            Self::RestoreList { .. } => "restore_list",
            Self::News { .. } => "news",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeedItem {
    pub key: ItemKey,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetLine {
    pub field: FieldKey,
    pub label: String,
    pub value: String,
    /// Leave a line that holds something already.
    pub only_if_empty: bool,
    /// Only where this stands there still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<String>,
}

/// A heading and the labelled lines below it, added where they do not stand yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddBlock {
    pub name: String,
    pub labels: Vec<String>,
}
