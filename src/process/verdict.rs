//! What the judge says: a value that carries all it rests on. "Not allowed" is a verdict, never
//! an error.

use super::bind::Absent;
use super::finding::Finding;
use super::memory::{Accepted, DecisionId, Episode, Memory, Owed, Pass, Tick};
use super::rules::{ChecklistKey, FieldKey, ItemKey, RoleKey, StageKey};
use crate::model::{
    ActionId, AppId, Appeared, CheckItemId, ChecklistId, CustomFieldId, Left, ListId,
    Lost as MessageLost, MemberId, Said, Status,
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

mod asked;
mod called;
mod note;
mod timed;
mod turns;

pub use asked::{Asked, NotDone, Stays};
pub use note::Note;
pub use timed::{Cost, Resumed, Timed, WaitTrouble};
pub use turns::{AbsenceSaid, Handed, Handing, Members};

#[derive(Debug)]
pub enum Verdict {
    /// The card must be read afresh before anything can be said.
    ReadFirst,
    /// The card read does not stand where its actions left it: Trello is behind itself.
    ReadAgain,
    Ruled(Box<Ruled>),
}

#[derive(Debug)]
pub struct Ruled {
    pub memory: Memory,
    pub rulings: Vec<Ruling>,
    /// Every action this verdict has heard.
    pub judged: Vec<ActionId>,
    /// Set or, with none, cleared.
    pub timers: Vec<(String, Option<Timestamp>)>,
    /// The count of a stage that an admission rests on.
    pub expect_wip: Option<(StageKey, u32)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ruling {
    pub id: DecisionId,
    pub at: Timestamp,
    pub hand: Hand,
    pub what: What,
}

/// Whose hand it was: the member, and whether that member's roles count for this action.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hand {
    pub member: Option<MemberId>,
    /// An application (Trello's automation, an agent) or our own bot acted: no role counts.
    pub roleless: bool,
    pub app: Option<AppId>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    Admitted(Box<Admitted>),
    Refused(Box<Refused>),
    /// Returned too often within the hour: left where it was pushed, not admitted.
    LeftAsPushed {
        target: StageKey,
        standing: Option<StageKey>,
        until: Timestamp,
        times: u32,
        finding: Finding,
        #[serde(default)]
        call: Vec<MemberId>,
    },
    /// Ticks that are not theirs to give.
    Unticked {
        ticks: Vec<Unticked>,
        thread: String,
        call: Vec<MemberId>,
    },
    /// A declared item was renamed; it gets its name back.
    NameBack {
        item: ItemKey,
        on: (ChecklistId, CheckItemId),
        typed: String,
    },
    FieldBack {
        field: FieldKey,
        custom: Option<CustomFieldId>,
        was: String,
        typed: String,
    },
    /// A field or a tick that a passed gate rested on is gone; `held` takes the card back.
    Lost {
        stage: StageKey,
        finding: Finding,
        held: bool,
        call: Vec<MemberId>,
    },
    Lapsed {
        stage: StageKey,
        ticks: Vec<(ItemKey, CheckItemId, ChecklistId, Tick)>,
    },
    /// Archived where that is not allowed; brought back.
    ArchivedBack {
        stage: StageKey,
        /// Whose archiving it is, where the mover is not one of them.
        may: Vec<RoleKey>,
        /// What has to be done before.
        finding: Option<Finding>,
    },
    Archived {
        stage: Option<StageKey>,
    },
    /// Deleted, or moved to another board.
    Gone {
        how: Left,
        name: String,
        stage: Option<StageKey>,
        contents: Box<Contents>,
    },
    /// `call`: whoever may move the card there now.
    Allowed {
        pass: Pass,
        call: Vec<MemberId>,
    },
    /// An `/allow` that cannot stand, and why.
    NotAllowed {
        why: AllowTrouble,
        call: Vec<MemberId>,
    },
    Why {
        stages: Vec<(StageKey, Finding)>,
    },
    Disputed {
        decision: Option<DecisionId>,
        said: String,
        call: Vec<MemberId>,
    },
    Help,
    /// What looks like a password stands on the card.
    PasswordSeen {
        field: Option<FieldKey>,
    },
    /// A description changed: the text before is kept.
    Described {
        old: String,
    },
    /// The owner's word on the cards held back.
    Word {
        yes: bool,
    },
    /// A field changed on which items of a seeded checklist hang: it is completed.
    ItemsDue {
        checklist: ChecklistKey,
    },
    /// All that the stage asks for is there: its movers are called.
    Ready {
        stage: StageKey,
        people: Vec<MemberId>,
        call: Vec<MemberId>,
    },
    /// The client is to stand in an outside place, or its values there may be others by now.
    PlaceDue {
        target: String,
        status: Status,
    },
    /// An outside place answered. `item`: the item that stands for it, which is ticked now where the
    /// place has confirmed, and unticked where it has not.
    /// `people`: who have to mend what is wrong, and which of them are called.
    Place {
        target: String,
        said: Said,
        item: Option<(ItemKey, CheckItemId, ChecklistId)>,
        people: Vec<MemberId>,
        call: Vec<MemberId>,
    },
    /// Somebody else took off the tick of an item that stands for a place, and what it rests on
    /// still stands: it is ticked again.
    TickBack {
        target: String,
        item: (ItemKey, CheckItemId, ChecklistId),
        /// Theirs.
        number: String,
        /// The place has not confirmed it: this person vouches for it.
        by_hand: Option<MemberId>,
    },
    /// The card is gone, or archived, and its client still stands there.
    StillStands {
        /// By the target's key, with their number and link.
        places: Vec<(String, String, Option<String>)>,
        /// The card can be brought back.
        archived: bool,
        people: Vec<MemberId>,
        call: Vec<MemberId>,
    },
    /// An amount that is charged was changed on the card: whoever answers for it has to confirm it.
    TermsChanged {
        field: FieldKey,
        was: String,
        now: String,
        people: Vec<MemberId>,
        call: Vec<MemberId>,
    },
    /// The answer to `/confirm`.
    Agreed(Agreed),
    /// `/move`, `/next` or `/set`, or a move asked for in the Power-Up: done in the asker's name.
    Asked(Asked),
    /// Fields and ticks asked for in the Power-Up. What one person does there within a few minutes
    /// shares one comment: `told` is all of it.
    Entered {
        done: Vec<Asked>,
        thread: String,
        told: Vec<Asked>,
    },
    /// Somebody calls those who can put one thing right, without which the stage stays shut.
    Called {
        stage: StageKey,
        finding: Finding,
        people: Vec<MemberId>,
        /// Those of them who are at work.
        #[serde(default)]
        call: Vec<MemberId>,
    },
    /// One of these that cannot be done, and why.
    NotDone(NotDone),
    /// The answer to `/byhand`.
    ByHand(ByHand),
    /// Somebody is away or back: it is another's turn meanwhile.
    Handed(Box<Handed>),
    /// The answer to `/away`.
    Absence(AbsenceSaid),
    /// What its clock says.
    Timed(Box<Timed>),
    /// An item ticked by whom it is for: a line of history and nothing else.
    Ticked {
        item: ItemKey,
    },
    /// A line of history and nothing else, whatever becomes of the comment.
    Noted {
        note: Note,
        text: String,
    },
    /// What this person was told by another way than the card did not arrive.
    NotReached {
        person: MemberId,
        way: String,
        why: MessageLost,
    },
}

/// What is known of a card that is gone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contents {
    pub desc: String,
    pub fields: BTreeMap<FieldKey, Accepted>,
    pub ticks: BTreeMap<ItemKey, Tick>,
    pub members: BTreeSet<MemberId>,
    pub owed: Vec<Owed>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Admitted {
    pub stage: StageKey,
    pub from: Option<StageKey>,
    pub how: How,
    pub finding: Option<Finding>,
    pub owed: Vec<Owed>,
    /// Refusals that this admission settles: their comments shrink to one line.
    pub settles: Vec<Episode>,
    /// The card is still there, so what the stage seeds follows. False for a stage passed through.
    pub rests: bool,
    /// The first time: seed once.
    pub first: bool,
    /// Over a limit that only warns.
    pub wip: Option<(u32, u32)>,
    /// The owners whose turn it is, others with work in what the stage brings, and which of all of
    /// them are called with an @.
    pub owners: Vec<MemberId>,
    pub partners: Vec<MemberId>,
    pub call: Vec<MemberId>,
    #[serde(default, skip_serializing_if = "Members::is_empty")]
    pub members: Members,
    /// Those of the role who are not there and for whom others stand in; where nobody does, all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<Absent>,
    /// Nobody of the role is there: they have to find somebody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owner: Vec<MemberId>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum How {
    Forward,
    Back,
    /// Back within the grace to where it stood.
    Undone,
    Start,
    Side,
    Return,
    /// By the owner's word; those whose turn the missing things are may be called.
    Pass {
        pass: Pass,
        call: Vec<MemberId>,
    },
    /// Watch mode: recorded, let through.
    Watched,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    pub target: StageKey,
    /// Where it goes back to: a stage, and that stage's list, or a free list it came from.
    pub back_to: Option<StageKey>,
    pub list: ListId,
    pub pos: Option<f64>,
    pub out_of: ListId,
    pub came: Option<Appeared>,
    pub finding: Finding,
    pub episode: Episode,
    /// The same mover tried the same again: the comment is edited.
    pub again: bool,
    /// Whose turn it is, and who is called with an @.
    pub turn: Vec<MemberId>,
    pub call: Vec<MemberId>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unticked {
    pub item: ItemKey,
    pub on: (ChecklistId, CheckItemId),
    pub by: Option<MemberId>,
    pub roles: Vec<RoleKey>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum AllowTrouble {
    NotTheOwner,
    NoSuchStage { said: String },
    NoReason { stage: StageKey },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "agreed", rename_all = "snake_case")]
pub enum Agreed {
    /// Each with the amount as it was typed; from a day on, if not from today.
    Terms {
        fields: Vec<(FieldKey, String)>,
        from: Option<Date>,
    },
    Nothing,
    NotTheirs {
        people: Vec<MemberId>,
        call: Vec<MemberId>,
    },
    /// What follows the word is no day.
    NoDay {
        said: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by_hand", rename_all = "snake_case")]
pub enum ByHand {
    /// `item`: the open item that is ticked for it.
    Vouched {
        target: String,
        number: String,
        item: Option<(ItemKey, CheckItemId, ChecklistId)>,
    },
    NoSuchPlace {
        items: Vec<String>,
    },
    NoNumber {
        target: String,
    },
    /// The client is not to stand there yet.
    NotYet {
        target: String,
    },
    /// The place itself has confirmed.
    Stands {
        target: String,
    },
    NotTheirs {
        target: String,
        people: Vec<MemberId>,
        call: Vec<MemberId>,
    },
}

impl What {
    /// The stage it is about.
    pub fn stage(&self) -> Option<&StageKey> {
        match self {
            What::Admitted(admitted) => Some(&admitted.stage),
            What::Refused(refused) => Some(&refused.target),
            What::LeftAsPushed { target, .. } => Some(target),
            What::Lost { stage, .. }
            | What::Lapsed { stage, .. }
            | What::ArchivedBack { stage, .. }
            | What::Ready { stage, .. } => Some(stage),
            What::Allowed { pass, .. } => Some(&pass.stage),
            What::Handed(handed) => Some(&handed.stage),
            What::Asked(Asked::Goes { stage, .. }) | What::Called { stage, .. } => Some(stage),
            What::Archived { stage } | What::Gone { stage, .. } => stage.as_ref(),
            What::Timed(timed) => timed.stage(),
            _ => None,
        }
    }

    /// What was looked at, where it rests on that.
    pub fn finding(&self) -> Option<&Finding> {
        match self {
            What::Admitted(admitted) => admitted.finding.as_ref(),
            What::Refused(refused) => Some(&refused.finding),
            What::NotDone(NotDone::Stays(stays)) => Some(&stays.finding),
            What::LeftAsPushed { finding, .. }
            | What::Lost { finding, .. }
            | What::Called { finding, .. } => Some(finding),
            What::ArchivedBack { finding, .. } => finding.as_ref(),
            _ => None,
        }
    }

    /// One word for the history, the log and the metrics.
    pub fn kind(&self) -> &'static str {
        match self {
            What::Admitted(admitted) if admitted.how == How::Watched => "would_refuse",
            What::Admitted(_) => "admitted",
            What::Refused(_) => "refused",
            What::LeftAsPushed { .. } => "left_as_pushed",
            What::Unticked { .. } => "unticked",
            What::NameBack { .. } => "name_back",
            What::FieldBack { .. } => "field_back",
            What::Lost { .. } => "lost",
            What::Lapsed { .. } => "lapsed",
            What::ArchivedBack { .. } => "archived_back",
            What::Archived { .. } => "archived",
            What::Gone { .. } => "gone",
            What::Allowed { .. } => "allowed",
            What::NotAllowed { .. } => "not_allowed",
            What::Asked(Asked::Goes { .. }) => "sent",
            What::Asked(Asked::Says { .. } | Asked::Ticks { .. }) => "set",
            What::Entered { .. } => "entered",
            What::Called { .. } => "called",
            What::NotDone(_) => "not_done",
            What::Why { .. } => "why",
            What::Disputed { .. } => "disputed",
            What::Help => "help",
            What::PasswordSeen { .. } => "password_seen",
            What::Described { .. } => "described",
            What::Word { .. } => "word",
            What::ItemsDue { .. } => "items_due",
            What::Ready { .. } => "ready",
            What::Ticked { .. } => "ticked",
            What::Handed(_) => "handed",
            What::Absence(AbsenceSaid::Noted { .. }) => "absence",
            What::Absence(_) => "not_absence",
            What::Noted { .. } => "noted",
            What::NotReached { .. } => "not_reached",
            What::Timed(timed) => timed.kind(),
            What::TermsChanged { .. } => "terms_changed",
            What::Agreed(Agreed::Terms { .. }) => "terms_agreed",
            What::Agreed(_) => "not_agreed",
            What::ByHand(ByHand::Vouched { .. }) => "by_hand",
            What::ByHand(_) => "not_by_hand",
            What::PlaceDue { .. } => "place_due",
            What::StillStands { .. } => "still_stands",
            What::TickBack { .. } => "tick_back",
            What::Place { said, .. } => match said {
                Said::Confirmed { .. } => "place_confirmed",
                Said::Wanting { .. } => "place_wanting",
                Said::Refused { .. } => "place_refused",
                Said::Several { .. } => "place_several",
                Said::Drifted { .. } => "place_drifted",
                Said::Down { .. } => "place_down",
            },
        }
    }
}
