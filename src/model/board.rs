//! A board and its parts as Trello shows them at one instant.

use super::ids::*;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A whole board, read at once: for attachment, for sweeps, for a list that arrives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Board {
    pub id: BoardId,
    pub name: String,
    pub url: String,
    pub organization: Option<String>,
    /// Open and archived lists, from left to right.
    pub lists: Vec<List>,
    pub members: Vec<Membership>,
    pub labels: Vec<Label>,
    pub custom_fields: Vec<CustomField>,
    /// Open cards only; the cards of archived lists are among them.
    pub cards: Vec<Card>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct List {
    pub id: ListId,
    pub name: String,
    pub closed: bool,
    pub pos: f64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub id: MemberId,
    pub username: String,
    pub full_name: String,
}

impl Member {
    /// As people call them: by the full name, where there is one.
    pub fn called(&self) -> &str {
        match self.full_name.as_str() {
            "" => &self.username,
            name => name,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rank {
    Admin,
    Normal,
    Observer,
}

/// A member's place on a board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    pub member: Member,
    pub rank: Rank,
    pub deactivated: bool,
    /// Invited by e-mail and not yet on Trello.
    pub unconfirmed: bool,
}

impl Membership {
    /// On the board by now, and still.
    pub fn is_active(&self) -> bool {
        !self.deactivated && !self.unconfirmed
    }
}

/// Why a board, or what the process looks at on it, cannot be seen or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blind {
    /// Trello does not know the token any more.
    Token,
    /// Our account is not on the board, or the board is gone.
    NotOnBoard,
    /// Our account may look and not write.
    Observer,
    /// Custom Fields that the process reads are not on the board.
    CustomFields,
}

impl Blind {
    pub const ALL: [Self; 4] = [
        Self::Token,
        Self::NotOnBoard,
        Self::Observer,
        Self::CustomFields,
    ];

    /// One word for the log and the metrics.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::NotOnBoard => "not_on_board",
            Self::Observer => "observer",
            Self::CustomFields => "custom_fields",
        }
    }

    /// Cards and actions can still be read.
    pub fn reads(self) -> bool {
        matches!(self, Self::Observer | Self::CustomFields)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    pub id: LabelId,
    pub name: String,
    /// Trello's colour name, none for a colourless label.
    pub color: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomField {
    pub id: CustomFieldId,
    pub name: String,
    /// Trello's type: text, number, date, checkbox, list.
    pub kind: String,
    /// For a list: each option's id and text.
    pub options: Vec<(String, String)>,
}

/// A card's value in one of Trello's Custom Fields, as text whatever its type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomValue {
    pub field: CustomFieldId,
    /// Text, number or date as Trello writes it; for a list the chosen option's text.
    pub value: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    pub id: CardId,
    pub short_link: String,
    pub url: String,
    pub name: String,
    pub desc: String,
    pub list: ListId,
    pub pos: f64,
    pub closed: bool,
    pub due: Option<Timestamp>,
    pub members: Vec<MemberId>,
    pub labels: Vec<LabelId>,
    pub checklists: Vec<Checklist>,
    pub attachments: Vec<Attachment>,
    pub custom_values: Vec<CustomValue>,
}

impl Card {
    /// With nothing on it, in no list.
    pub fn bare(id: CardId) -> Self {
        Self {
            id,
            short_link: String::new(),
            url: String::new(),
            name: String::new(),
            desc: String::new(),
            list: ListId::from(""),
            pos: 0.0,
            closed: false,
            due: None,
            members: Vec::new(),
            labels: Vec::new(),
            checklists: Vec::new(),
            attachments: Vec::new(),
            custom_values: Vec::new(),
        }
    }

    /// In whichever of its checklists.
    pub fn item(&self, id: &CheckItemId) -> Option<&CheckItem> {
        let mut items = self.checklists.iter().flat_map(|list| &list.items);
        items.find(|item| item.id == *id)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checklist {
    pub id: ChecklistId,
    pub name: String,
    pub items: Vec<CheckItem>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckItem {
    pub id: CheckItemId,
    pub name: String,
    pub complete: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub id: AttachmentId,
    pub name: String,
    /// Who attached it, where Trello says so.
    pub by: Option<MemberId>,
}
