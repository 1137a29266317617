//! What happened on a board: the vocabulary of everything the judge hears of. Trello's actions
//! become events in `trello/hook.rs`; the few that are not Trello's (a timer that fired, a card
//! found by a sweep) are made by the engine.

use super::away::Absence;
use super::ids::*;
use super::message::{Lost, Message, PostId};
use super::place::{PlaceId, Said, Status};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Trello's action id, or an id of the engine's own making that is as unique.
    pub id: ActionId,
    pub at: Timestamp,
    pub actor: Actor,
    pub kind: EventKind,
}

/// Who acted, and through what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// None when nobody can be named: an e-mailed card, a card found moved by a sweep.
    pub member: Option<MemberId>,
    pub username: String,
    pub name: String,
    /// The application the action was made with; none in Trello's own pages.
    pub app: Option<AppId>,
    /// An agent acted in the member's name.
    pub agent: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    /// Dragged from list to list on this board.
    CardMoved {
        card: CardId,
        name: String,
        from: ListId,
        to: ListId,
    },
    /// Trello's second action of one drag: the new position, and the old one in the list left.
    CardPlaced {
        card: CardId,
        list: ListId,
        old_pos: f64,
        pos: f64,
    },
    /// A card that is on the board now and was not a moment ago.
    CardAppeared {
        card: CardId,
        name: String,
        list: Option<ListId>,
        how: Appeared,
    },
    CardArchived {
        card: CardId,
        name: String,
        list: Option<ListId>,
    },
    /// Not to be undone from here.
    CardLeft {
        card: CardId,
        how: Left,
    },
    CardRenamed {
        card: CardId,
        name: String,
    },
    CardDescribed {
        card: CardId,
        old: Option<String>,
        desc: String,
    },
    CustomFieldSet {
        card: CardId,
        field: CustomFieldId,
        name: String,
        old: Option<String>,
        value: Option<String>,
    },
    ItemTicked {
        card: CardId,
        checklist: ChecklistId,
        item: CheckItemId,
        name: String,
        complete: bool,
    },
    ItemRenamed {
        card: CardId,
        checklist: ChecklistId,
        item: CheckItemId,
        old: String,
        name: String,
    },
    ItemAdded {
        card: CardId,
        checklist: ChecklistId,
        item: CheckItemId,
        name: String,
        complete: bool,
    },
    ItemDeleted {
        card: CardId,
        checklist: ChecklistId,
        item: CheckItemId,
        name: String,
    },
    ChecklistAdded {
        card: CardId,
        checklist: ChecklistId,
        name: String,
    },
    ChecklistRemoved {
        card: CardId,
        checklist: ChecklistId,
        name: String,
    },
    LabelPut {
        card: CardId,
        label: LabelId,
        on: bool,
    },
    MemberPut {
        card: CardId,
        member: MemberId,
        on: bool,
    },
    Attached {
        card: CardId,
        attachment: AttachmentId,
        name: String,
        on: bool,
    },
    Commented {
        card: CardId,
        text: String,
    },
    ListRenamed {
        list: ListId,
        name: String,
    },
    ListArchived {
        list: ListId,
        name: String,
    },
    ListRestored {
        list: ListId,
        name: String,
    },
    /// A whole list came from another board; its cards send no event of their own.
    ListArrived {
        list: ListId,
        name: String,
    },
    ListLeft {
        list: ListId,
        name: String,
        to: BoardId,
    },
    /// Asked for in the Power-Up, by a person whom Trello vouches for.
    Asked {
        card: CardId,
        ask: Ask,
    },
    /// The process owner's word on the cards that are held back.
    OwnerSaid {
        yes: bool,
    },
    /// Somebody will be away, or is back.
    AbsenceSaid {
        absence: Absence,
    },
    /// Somebody joined, left or changed rank.
    MembersChanged,
    /// A sweep found the card where memory does not have it and no action says who moved it.
    Found {
        card: CardId,
    },
    /// It will be judged with what was missed of it, but waits for the owner's word if it has to go
    /// back: too many do.
    Held {
        card: CardId,
    },
    /// The owner lets a card that was found so stand where it is.
    LetStand {
        card: CardId,
    },
    /// A timer of this card is due; `timer` names which.
    TimerFired {
        card: CardId,
        timer: String,
    },
    /// The client of a card is to stand in a place as this.
    PlaceDue {
        place: PlaceId,
        status: Status,
    },
    /// The client of a card that stands where it does is to stand in its places too: for a board
    /// whose places were named after its clients had come.
    PlacesWanted {
        card: CardId,
    },
    /// What a place answered.
    PlaceSaid {
        card: CardId,
        target: String,
        said: Said,
    },
    /// Somebody is to be told by another way than the card.
    MessageDue {
        to: PostId,
        message: Message,
    },
    /// Somebody opened the chat in which to be told.
    ChatOpened {
        to: PostId,
        chat: String,
    },
    /// A message that told of a card was given up.
    MessageLost {
        card: CardId,
        to: PostId,
        why: Lost,
    },
    /// Anything else Trello tells, known or not: kept in history, judged by nobody.
    Other {
        card: Option<CardId>,
        action: String,
    },
}

/// What somebody asks for in the Power-Up: stages, fields and items by the process file's keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "lowercase", deny_unknown_fields)]
pub enum Ask {
    /// That the card goes to a stage.
    Move { stage: String },
    /// That fields are filled in.
    Set { fields: BTreeMap<String, String> },
    /// That an item is ticked.
    Tick { item: String },
    /// That whoever can put one thing right, without which a stage stays shut, is called.
    #[serde(rename = "ask")]
    Call { stage: String, of: String },
}

/// The ways a card reaches a list other than by being dragged there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Appeared {
    Created,
    Copied,
    ConvertedFromItem,
    Emailed,
    FromBoard,
    Unarchived,
    WithList,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Left {
    Deleted,
    ToBoard(BoardId),
}

/// Events of one lane are judged one after another; lanes go side by side.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Lane {
    Board,
    Card(CardId),
    Place(PlaceId),
    /// Messages to one person by one way.
    Post(PostId),
}

impl Lane {
    /// The lane's name in a store: the card's id, with a target's key behind a slash; a member's id
    /// after an @, with a way's key behind a slash; or `board`.
    pub fn as_str(&self) -> &str {
        match self {
            Lane::Board => "board",
            Lane::Card(card) => card.as_str(),
            Lane::Place(place) => place.as_str(),
            Lane::Post(post) => post.as_str(),
        }
    }

    pub fn from_name(name: &str) -> Self {
        if let Some(post) = PostId::from_name(name) {
            return Lane::Post(post);
        }
        match (name, PlaceId::from_name(name)) {
            ("board", _) => Lane::Board,
            (_, Some(place)) => Lane::Place(place),
            (card, None) => Lane::Card(card.into()),
        }
    }

    pub fn card(&self) -> Option<&CardId> {
        match self {
            Lane::Card(card) => Some(card),
            Lane::Board | Lane::Place(_) | Lane::Post(_) => None,
        }
    }
}

impl EventKind {
    /// The card it is about, if it is about one.
    pub fn card(&self) -> Option<&CardId> {
        use EventKind::*;
        match self {
            CardMoved { card, .. }
            | CardPlaced { card, .. }
            | CardAppeared { card, .. }
            | CardArchived { card, .. }
            | CardLeft { card, .. }
            | CardRenamed { card, .. }
            | CardDescribed { card, .. }
            | CustomFieldSet { card, .. }
            | ItemTicked { card, .. }
            | ItemRenamed { card, .. }
            | ItemAdded { card, .. }
            | ItemDeleted { card, .. }
            | ChecklistAdded { card, .. }
            | ChecklistRemoved { card, .. }
            | LabelPut { card, .. }
            | MemberPut { card, .. }
            | Attached { card, .. }
            | Commented { card, .. }
            | Asked { card, .. }
            | Found { card }
            | Held { card }
            | LetStand { card }
            | PlacesWanted { card }
            | PlaceSaid { card, .. }
            | MessageLost { card, .. }
            | TimerFired { card, .. } => Some(card),
            Other { card, .. } => card.as_ref(),
            ListRenamed { .. }
            | ListArchived { .. }
            | ListRestored { .. }
            | ListArrived { .. }
            | ListLeft { .. }
            | OwnerSaid { .. }
            | AbsenceSaid { .. }
            | PlaceDue { .. }
            | MessageDue { .. }
            | ChatOpened { .. }
            | MembersChanged => None,
        }
    }
}

impl Event {
    pub fn lane(&self) -> Lane {
        match (&self.kind, self.kind.card()) {
            (EventKind::PlaceDue { place, .. }, _) => Lane::Place(place.clone()),
            (EventKind::MessageDue { to, .. } | EventKind::ChatOpened { to, .. }, _) => {
                Lane::Post(to.clone())
            }
            (_, Some(card)) => Lane::Card(card.clone()),
            (_, None) => Lane::Board,
        }
    }
}
