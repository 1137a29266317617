//! What a practice Trello remembers, in its own types: it imports nothing of the service that is
//! tried against it, so that both cannot share one misreading. Plain data; it refuses nothing.

use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
pub struct Member {
    pub id: String,
    pub username: String,
    pub full_name: String,
}

/// What an API key belongs to. The web app's own actions carry no `appCreator`.
#[derive(Clone, Debug)]
pub struct App {
    pub id: String,
    pub name: String,
    pub key: String,
    pub secret: String,
    pub web: bool,
}

#[derive(Clone, Debug)]
pub struct Token {
    pub id: String,
    pub token: String,
    pub member: String,
    pub app: String,
    pub created: Timestamp,
    /// Its scope goes beyond reading.
    pub write: bool,
    /// None: never.
    pub expires: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct Organization {
    pub id: String,
    pub name: String,
    pub free: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    Admin,
    Normal,
    Observer,
}

#[derive(Clone, Debug)]
pub struct Place {
    pub id: String,
    pub member: String,
    pub rank: Rank,
}

#[derive(Clone, Debug)]
pub struct Board {
    pub id: String,
    pub short_link: String,
    pub name: String,
    pub desc: String,
    pub closed: bool,
    pub organization: Option<String>,
    pub people: Vec<Place>,
    /// Custom Fields are part of a paid plan.
    pub custom_fields: bool,
    pub next_card: u32,
}

/// How the page shows a board: which language it speaks, whose clock, which lists begin folded.
#[derive(Clone, Debug)]
pub struct Manners {
    pub language: String,
    pub zone: String,
    pub folded: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct List {
    pub id: String,
    pub board: String,
    pub name: String,
    pub closed: bool,
    pub pos: f64,
    pub subscribed: BTreeSet<String>,
}

#[derive(Clone, Debug)]
pub struct Card {
    pub id: String,
    pub short_link: String,
    pub number: u32,
    pub board: String,
    pub list: String,
    pub name: String,
    pub desc: String,
    pub pos: f64,
    pub closed: bool,
    pub due: Option<Timestamp>,
    pub due_complete: bool,
    pub start: Option<Timestamp>,
    pub members: Vec<String>,
    pub labels: Vec<String>,
    pub checklists: Vec<String>,
    pub attachments: Vec<Attachment>,
    pub values: BTreeMap<String, CustomValue>,
    pub subscribed: BTreeSet<String>,
    pub touched: Timestamp,
}

#[derive(Clone, Debug)]
pub struct CustomValue {
    pub id: String,
    /// `{"text": "…"}` and the like, or null where an option is chosen.
    pub value: Value,
    pub option: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Attachment {
    pub id: String,
    pub name: String,
    pub url: String,
    pub member: String,
    pub at: Timestamp,
    pub pos: f64,
}

#[derive(Clone, Debug)]
pub struct Checklist {
    pub id: String,
    pub board: String,
    pub card: String,
    pub name: String,
    pub pos: f64,
    pub items: Vec<CheckItem>,
}

#[derive(Clone, Debug)]
pub struct CheckItem {
    pub id: String,
    pub name: String,
    pub pos: f64,
    pub complete: bool,
    pub due: Option<Timestamp>,
    pub member: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Label {
    pub id: String,
    pub board: String,
    pub name: String,
    pub color: Option<String>,
}

#[derive(Clone, Debug)]
pub struct CustomField {
    pub id: String,
    pub board: String,
    pub name: String,
    pub kind: String,
    pub pos: f64,
    pub card_front: bool,
    pub options: Vec<CustomOption>,
}

#[derive(Clone, Debug)]
pub struct CustomOption {
    pub id: String,
    pub text: String,
    pub color: String,
    pub pos: f64,
}

#[derive(Clone, Debug)]
pub struct Webhook {
    pub id: String,
    pub token: String,
    pub model: String,
    pub callback: String,
    pub description: String,
    pub active: bool,
    pub failures: u64,
    pub first_failure: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct Action {
    pub id: String,
    pub at: Timestamp,
    pub board: String,
    pub card: Option<String>,
    pub list: Option<String>,
    pub member: String,
    pub kind: String,
    pub value: Value,
}

impl Action {
    /// These reach webhooks and never stand in a list of actions.
    pub fn hidden(&self) -> bool {
        const HIDDEN: [&str; 14] = [
            "addLabelToCard",
            "removeLabelFromCard",
            "createCheckItem",
            "updateCheckItem",
            "deleteCheckItem",
            "createChecklist",
            "copyChecklist",
            "createLabel",
            "updateLabel",
            "deleteLabel",
            "updateComment",
            "deleteComment",
            "removeMemberFromBoard",
            "voteOnCard",
        ];
        HIDDEN.contains(&self.kind.as_str())
    }
}
