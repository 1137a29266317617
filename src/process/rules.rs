//! The rulebook as the judge reads it: a process file that has been checked. Every key that one
//! part names in another is known to exist, so nothing here can fail. How it is written in TOML,
//! and every mistake an author can make, is the business of `file/`.

pub use super::calendar::Production;
use super::notify::{Reach, Way};
pub use super::target::Target;
use jiff::{SignedDuration, tz::TimeZone};
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

mod lookup;
mod times;
mod turns;

pub use times::{Deadline, Hours, Person, Rung, Tell, TellWhen, Who};
pub use turns::TurnOrder;

macro_rules! key {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(key: &str) -> Self {
                Self(key.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

key! {
    RoleKey, FieldKey, StageKey, ChecklistKey, LabelKey,
    /// An item's own `key`, or its checklist's key and its name where the file gives none.
    ItemKey,
}

/// What the file's version is called: the first 12 hex digits of the SHA-256 of its text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(pub String);

#[derive(Clone, Debug)]
pub struct Process {
    pub version: Version,
    pub name: String,
    pub language: Language,
    pub time_zone: TimeZone,
    pub mode: Mode,
    /// In watch mode nothing is written to Trello; with this, stages are seeded all the same.
    pub seed_in_watch: bool,
    /// The role that may `/allow`, and is called when a card needs a decision.
    pub owner: RoleKey,
    pub keep_fields: KeepFields,
    pub roles: Vec<Role>,
    /// What is said of single persons; whoever is not among them is as the rest.
    pub people: Vec<Person>,
    /// By which people may be told besides the card.
    pub ways: Vec<Way>,
    pub fields: Vec<Field>,
    pub blocks: Vec<Block>,
    pub checklists: Vec<Checklist>,
    pub labels: Vec<LabelRule>,
    /// The path, in order, then the side stages.
    pub stages: Vec<Stage>,
    pub deadlines: Vec<Deadline>,
    pub ladder: Vec<Rung>,
    pub targets: Vec<Target>,
    /// What the figures go by.
    pub counted: Counted,
    pub hours: Hours,
    /// The file says when people work: outside of that nobody is called. A person's or a role's own
    /// hours say so by themselves.
    pub keeps_hours: bool,
    pub limits: Limits,
    /// The free list that holds Signalman's own card and the guide, by name.
    pub news_list: Option<String>,
    /// Title and text of the guide card («Как мы работаем»).
    pub guide: Option<(String, String)>,
    /// Applications (Trello's automation, agents) whose moves count as the member's own.
    pub trusted_apps: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    Ru,
    En,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    Watch,
    Enforce,
}

/// Where a card's fields live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeepFields {
    /// As labelled lines in the description, edited by hand.
    Description,
    /// In Trello's Custom Fields (a paid feature).
    CustomFields,
}

#[derive(Clone, Debug)]
pub struct Role {
    pub key: RoleKey,
    pub name: String,
    /// Trello usernames, without the @.
    pub people: Vec<String>,
    /// Who counts as the role besides, except where a rule says `no_deputy`.
    pub deputies: Vec<String>,
    /// Who of its people is given a card that comes to a stage of theirs.
    pub turn: TurnOrder,
    /// Its people stay on a card that goes on.
    pub stays: bool,
    /// Working hours of the role's own, where those are not the board's.
    pub hours: Option<Hours>,
    /// Whom a ladder calls the role's lead.
    pub lead: Option<RoleKey>,
}

#[derive(Clone, Debug)]
pub struct Field {
    pub key: FieldKey,
    pub name: String,
    /// `lines::label_norm(&name)`: how its line in a description is known. No two are the same.
    pub label_norm: String,
    pub kind: FieldKind,
    pub pattern: Option<Regex>,
    pub example: Option<String>,
    pub check: Option<Check>,
    /// Needed to enter this stage and every later one on the path.
    pub from: Option<StageKey>,
    pub when: Option<When>,
    /// Who may change it once it is filled; empty: anyone on the board.
    pub by: Vec<RoleKey>,
    /// Whose turn it is while it is missing; `by` if that is given, else the stage's owner.
    pub asks: Vec<RoleKey>,
    /// While it is filled the card waits for somebody outside.
    pub waits: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FieldKind {
    /// Shortest and longest, in characters.
    Text {
        min: Option<usize>,
        max: Option<usize>,
    },
    Number {
        min: Option<f64>,
        max: Option<f64>,
        whole: bool,
    },
    Date {
        rule: Option<DateRule>,
    },
    Choice {
        of: Vec<String>,
    },
    Email,
    Phone,
    Url {
        schemes: Vec<String>,
    },
    /// An amount above `min` (or equal to it) and not above `max`, with two decimals at most.
    Money {
        min: Option<f64>,
        above: Option<f64>,
        max: Option<f64>,
    },
}

/// What a date must hold besides being one.
#[derive(Clone, Debug, PartialEq)]
pub enum DateRule {
    Ahead,
    /// At most this many days after today.
    WithinDays(i64),
    /// Not before the date in another field.
    NotBefore(FieldKey),
}

/// Well-known checks, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    Inn,
    Ogrn,
    Iban,
    /// Refuses what looks like a password.
    NoPassword,
}

/// A condition on another field's value.
#[derive(Clone, Debug, PartialEq)]
pub struct When {
    pub field: FieldKey,
    pub test: Test,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    Is(Vec<String>),
    IsNot(Vec<String>),
    Filled,
    Empty,
}

/// Lines of the description that are added together, under one heading.
#[derive(Clone, Debug)]
pub struct Block {
    pub name: String,
    pub fields: Vec<FieldKey>,
    /// The stage on whose entry it is added.
    pub at: StageKey,
}

#[derive(Clone, Debug)]
pub struct Checklist {
    pub key: ChecklistKey,
    pub name: String,
    pub items: Vec<Item>,
}

#[derive(Clone, Debug)]
pub struct Item {
    pub key: ItemKey,
    pub name: String,
    /// Whose tick counts; empty: anyone's.
    pub by: Vec<RoleKey>,
    /// A deputy's tick counts only where the deputy is of a role in `by` in person.
    pub no_deputy: bool,
    /// Seeded, and asked for, only then.
    pub when: Option<When>,
    /// The tick is taken off when the card goes back behind a stage that asked for it.
    pub lapses: bool,
    /// The target it stands for, once one is configured.
    pub target: Option<String>,
}

#[derive(Clone, Debug)]
pub struct LabelRule {
    pub key: LabelKey,
    pub name: String,
    pub color: Option<String>,
}

/// The label keys that the service itself puts and takes off.
pub mod labels {
    pub const NOT_ADMITTED: &str = "not_admitted";
    pub const LATE: &str = "late";
    pub const WAITING: &str = "waiting";
}

#[derive(Clone, Debug)]
pub struct Stage {
    pub key: StageKey,
    /// The list's name until it is bound by id.
    pub name: String,
    /// The key this stage had in the version before.
    pub was: Option<StageKey>,
    pub purpose: String,
    /// When a card may come in, as a clause: «договор подписан и оплата улажена».
    pub once: Option<String>,
    /// What is to be done here, for whoever's turn it is.
    pub work: Option<String>,
    pub owner: RoleKey,
    /// Who may move a card in; none: anyone.
    pub movers: Option<Vec<RoleKey>>,
    /// Who may leave this stage out on the way to a later one.
    pub skip: Vec<RoleKey>,
    /// Who may start a card here. Anyone may in the entry stage.
    pub start: Vec<RoleKey>,
    pub needs: Vec<Need>,
    /// A need lost after the gate was passed takes the card back, not merely a message.
    pub hold: bool,
    pub seed: Seed,
    /// Working time until the stage is late.
    pub limit: Option<SignedDuration>,
    pub wip: Option<Wip>,
    pub phase: Option<Phase>,
    pub archive: Archive,
    pub place: Place,
}

#[derive(Clone, Debug)]
pub enum Place {
    /// On the path. `next`: where a card may go forward; `back`: who may send it back, and where.
    Path {
        next: Vec<StageKey>,
        back: Vec<Back>,
        is_final: bool,
    },
    /// Beside the path.
    Side {
        put: Vec<RoleKey>,
        from: Vec<StageKey>,
        returns: Vec<Return>,
        /// Whoever is put here leaves, on the date in this field.
        leaves_on: Option<FieldKey>,
    },
}

/// Who may send a card back from a stage. The first rule that covers the target decides.
#[derive(Clone, Debug)]
pub struct Back {
    /// Empty: every earlier stage.
    pub to: Vec<StageKey>,
    pub by: Vec<RoleKey>,
}

/// Where a card may return from a side stage.
#[derive(Clone, Debug)]
pub struct Return {
    /// Empty: where it stood before, or any earlier stage.
    pub to: Vec<StageKey>,
    /// Empty: whoever may put a card in the side stage.
    pub by: Vec<RoleKey>,
    /// The stage's own gate must be passed again.
    pub gate: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Archive {
    Anyone,
    Nobody,
    By {
        roles: Vec<RoleKey>,
        after: Option<ChecklistKey>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wip {
    pub limit: u32,
    /// Refuse, rather than warn.
    pub refuse: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    Sale,
    Service,
    Accounts,
}

/// What a stage brings to a card that enters it.
#[derive(Clone, Debug, Default)]
pub struct Seed {
    /// Each with the stages a card must come from for it; empty: from anywhere.
    pub checklists: Vec<(ChecklistKey, Vec<StageKey>)>,
    pub labels: Vec<LabelKey>,
    pub unlabels: Vec<LabelKey>,
    /// The owner role becomes a member of the card and is told.
    pub members: bool,
    /// Due at the end of the stage's limit, in working hours.
    pub due: bool,
    /// A letter to copy, given as a comment. `{field}` stands for a field's value.
    pub letter: Option<String>,
    /// Fields filled with the mover's @username if they are empty.
    pub fill_mover: Vec<FieldKey>,
}

/// One thing that must be true to enter a stage.
#[derive(Clone, Debug)]
pub struct Need {
    /// Asked only then.
    pub when: Option<When>,
    pub want: Want,
    /// How a comment names it, if not by the thing's own name.
    pub say: Option<String>,
}

#[derive(Clone, Debug)]
pub enum Want {
    Field(FieldKey),
    Item {
        item: ItemKey,
        by: Vec<RoleKey>,
        no_deputy: bool,
    },
    /// Every declared item that applies, each ticked by its role (and by one of `by`, if given).
    Checklist {
        checklist: ChecklistKey,
        by: Vec<RoleKey>,
    },
    Label {
        label: LabelKey,
        by: Vec<RoleKey>,
    },
    /// An attachment whose name matches.
    Attachment {
        name: Regex,
        by: Vec<RoleKey>,
    },
    /// Somebody of the role is a member of the card.
    Member(RoleKey),
    /// The mover is not who ticked this item.
    FourEyes(ItemKey),
    All(Vec<Need>),
    Any(Vec<Need>),
}

/// What the figures go by, as far as the file names it; without it they do not speak of money.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// What a client pays a month.
    pub fee: Option<FieldKey>,
    pub currency: Option<FieldKey>,
    /// The first payment is in.
    pub paid: Option<Mark>,
    /// The client has what was ordered.
    pub live: Option<Mark>,
    /// From then on the fee is charged.
    pub charged: Option<Mark>,
}

/// What tells when something came to pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Ticked for the first time.
    Item(ItemKey),
    /// The day that stands in it.
    Field(FieldKey),
    /// Entered for the first time.
    Stage(StageKey),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Reversals of one card within an hour before it is left where it was pushed.
    pub reversals_per_hour: u32,
    /// How long a lapse waits for the card to come back.
    pub grace: SignedDuration,
    /// More cards than this are not returned at once without the owner's word.
    pub bulk: u32,
}
