//! What is remembered of one card between two judgements: where it last legally stood, who ticked
//! what, what was seeded, said and owed. The card on Trello is the truth of what is; this is the
//! truth of how it came to be. Bounded: every list in it has a largest length.

mod turns;

pub use turns::{Given, Load, Loads, Turns};

use super::rules::{FieldKey, ItemKey, StageKey, Version};
use super::target::Apart;
use super::verdict::{Asked, Hand};
use crate::model::{
    ActionId, Blind, CardId, CheckItemId, ChecklistId, ListId, MemberId, PlaceId, Said, Status,
};
use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

mod clock;
mod post;

pub use clock::{Clock, Dated, Missed, Stay as ClockStay, Waiting};
pub use post::Post;

/// The decision's short name that comments carry: six characters a person can read out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DecisionId(pub String);

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    pub name: String,
    /// The description as it was last seen, without what looks like a password.
    pub desc: String,
    /// The list the card was last seen in.
    pub rests: Option<ListId>,
    /// It is in a list outside the process: it keeps its standing and takes no place there.
    pub aside: bool,
    pub closed: bool,
    /// Where in its list the card legally stands.
    pub pos: Option<f64>,
    pub standing: Option<Standing>,
    /// Declared items as they are on the card, tracked by id.
    pub items: BTreeMap<ItemKey, Tracked>,
    pub seeded: BTreeSet<StageKey>,
    /// The last accepted value of each field that not everyone may change.
    pub fields: BTreeMap<FieldKey, Accepted>,
    /// Who put a label or an attachment on last, or took it off, by its id.
    pub put_by: BTreeMap<String, Put>,
    pub members: BTreeSet<MemberId>,
    /// Whose turn it is in the stage where the card stands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub holders: Vec<MemberId>,
    #[serde(skip_serializing_if = "Turns::is_empty")]
    pub turns: Turns,
    pub owed: Vec<Owed>,
    pub passes: Vec<Pass>,
    pub episodes: Vec<Episode>,
    /// Reversals within the last hour, the oldest first.
    pub returns: Vec<Returned>,
    /// Ticks, names and lines put right within the last hour.
    pub mends: Vec<Timestamp>,
    /// The list it is being returned from; our own move has not been told yet.
    pub returning: Option<ListId>,
    /// The card stands where it was pushed, not admitted, until then.
    pub not_admitted: Option<NotAdmitted>,
    /// Found where it may not stand, with many others: it waits for the owner's word.
    pub waits: Option<Waits>,
    /// The label that says so is on the card.
    pub marked: bool,
    /// The stage in which it was told that all is there for the next.
    pub ready: Option<StageKey>,
    pub retreat: Option<Retreat>,
    pub foreign_ticks: Option<ForeignTicks>,
    /// How the client stands in the outside places, by the target's key.
    pub places: BTreeMap<String, Standings>,
    pub terms: BTreeMap<FieldKey, Term>,
    /// Our comments by thread, for editing rather than repeating.
    pub threads: BTreeMap<String, ActionId>,
    /// The day each person was last called on this card.
    pub called: BTreeMap<MemberId, Date>,
    /// Values that nobody accepted, typed so often that they were not put back yet.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unmended: BTreeMap<FieldKey, String>,
    /// What was asked for in comments and is under way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wishes: Vec<Wish>,
    /// What somebody entered in the Power-Up a few minutes ago.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entered: Option<Entered>,
    /// The day on which others were called for each thing that was missing, by the finding's id.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub called_for: BTreeMap<String, Date>,
    /// Effects sent whose echo has not come back yet.
    pub sent: Vec<Echo>,
    /// Actions already judged, newest last, and how far their time had come.
    pub judged: Vec<ActionId>,
    pub heard: Option<Timestamp>,
    pub moved: Option<Timestamp>,
    /// The latest decisions, newest last; all of them are in the history.
    pub decisions: Vec<Remembered>,
    pub gone: bool,
    /// The time of its stay, and what was told of that.
    #[serde(skip_serializing_if = "Clock::is_unset")]
    pub clock: Box<Clock>,
    /// On the board's own lane: cards that wait for the owner's word before they are returned.
    pub held: Vec<CardId>,
    /// On the board's own lane: the month for which it was told who was not billed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billed: Option<Billed>,
    /// On the board's own lane: the Monday of the week in which it was told what watch mode let through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub week: Option<Date>,
    /// On the board's own lane: where it was told that the file and the clients have grown apart.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub apart: BTreeSet<Apart>,
    /// On the board's own lane: the morning for which each person was told last how things stand.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub mornings: BTreeMap<MemberId, Date>,
    /// On the board's own lane: why it cannot be seen, and since when, as people were told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blind: Option<(Blind, Timestamp)>,
    /// On the lane of a way to a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post: Option<Post>,
}

/// A month for which it was told who was active and was not billed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Billed {
    /// Its first day.
    pub month: Date,
    /// Where it could not be asked.
    pub unasked: BTreeSet<PlaceId>,
}

/// A client in one outside place: as what it is to stand there, and what the place said last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standings {
    pub wanted: Status,
    pub said: Option<Said>,
    /// The last time it confirmed.
    pub proof: Option<Proof>,
}

/// A record there that stands for the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Theirs.
    pub id: String,
    pub link: Option<String>,
    /// Ours: cards of one organisation share it.
    pub key: String,
    pub status: Status,
    pub at: Timestamp,
    /// Not the place but this person vouches for it: it is looked for when the place answers again.
    #[serde(default)]
    pub by_hand: Option<MemberId>,
}

impl Standings {
    /// What the tick of its item rests on: the place has confirmed it, or a person vouches for it.
    pub fn vouched(&self) -> Option<&Proof> {
        let confirmed = matches!(self.said, Some(Said::Confirmed { .. }));
        let proof = self.proof.as_ref();
        proof.filter(|proof| confirmed || proof.by_hand.is_some())
    }

    /// The record there that was not marked as closed.
    pub fn open(&self) -> Option<&Proof> {
        let proof = self.proof.as_ref();
        proof.filter(|proof| proof.status != Status::Retired)
    }
}

/// An amount that is charged of an active client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// As it was typed when it was agreed on: this goes into the outside places.
    pub agreed: String,
    pub at: Timestamp,
    /// What stands on the card instead and waits to be confirmed.
    pub asked: Option<String>,
    /// Confirmed, and charged from that day on.
    pub from: Option<Date>,
}

impl Term {
    /// As it stands now, with nothing that waits.
    pub fn agreed(agreed: String, at: Timestamp) -> Self {
        Self {
            agreed,
            at,
            asked: None,
            from: None,
        }
    }
}

/// The last legal stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub stage: StageKey,
    pub since: Timestamp,
    /// False for a card taken as it stood at attachment, or let through in watch mode.
    pub proved: bool,
    /// In a side stage: the stage of the path the card came from.
    pub stood: Option<StageKey>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracked {
    pub item: CheckItemId,
    pub checklist: ChecklistId,
    /// None when the item is open, or complete by nobody knows whom.
    pub tick: Option<Tick>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    pub by: MemberId,
    pub at: Timestamp,
}

/// The last word on a label or an attachment: whose own hand put it on, none where a machine did or
/// it was taken off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "KeptPut")]
pub struct Put {
    pub by: Option<MemberId>,
    pub at: Timestamp,
}

/// As it was kept before its time was, too.
#[derive(Deserialize)]
#[serde(untagged)]
enum KeptPut {
    Timed { by: Option<MemberId>, at: Timestamp },
    Untimed(MemberId),
}

impl From<KeptPut> for Put {
    fn from(kept: KeptPut) -> Self {
        match kept {
            KeptPut::Timed { by, at } => Self { by, at },
            KeptPut::Untimed(by) => Self {
                by: Some(by),
                at: Timestamp::UNIX_EPOCH,
            },
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    pub value: String,
    pub by: Option<MemberId>,
    pub at: Timestamp,
}

/// A need that an `/allow` let pass; the last gate asks for it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// The stage whose needs hold it.
    pub stage: StageKey,
    /// Its place among that stage's needs.
    pub need: usize,
    pub decision: DecisionId,
}

/// The process owner's word that the card may enter a stage once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    pub stage: StageKey,
    pub by: MemberId,
    pub reason: String,
    pub at: Timestamp,
    pub decision: DecisionId,
}

/// One card, one target stage, one mover: all its refusals share a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    pub target: StageKey,
    pub mover: Option<MemberId>,
    /// The thread its comment is kept under.
    pub thread: String,
    pub decisions: Vec<DecisionId>,
    pub opened: Timestamp,
    pub open: bool,
}

/// The card was moved back once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    pub at: Timestamp,
    pub target: StageKey,
    /// How much was missing for it: a shorter list than before is progress and no fight.
    pub missing: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotAdmitted {
    pub stage: StageKey,
    pub by: Option<MemberId>,
    /// A machine pushed it in that person's name: no role counts when it is weighed again.
    #[serde(default)]
    pub roleless: bool,
    pub until: Timestamp,
}

/// Whoever moved the card there, if that is known; the comment will be for that person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waits {
    pub by: Option<MemberId>,
    #[serde(default)]
    pub roleless: bool,
}

impl Memory {
    /// Not gone, not archived, and in no list beside the process.
    pub fn is_on_the_way(&self) -> bool {
        !self.gone && !self.closed && !self.aside
    }

    /// Whether a tick given then was taken off by us, even while Trello still shows it.
    pub fn has_lapsed(&self, item: &ItemKey, given: Timestamp) -> bool {
        let mut lapsed = self.decisions.iter().flat_map(|one| &one.lapsed);
        lapsed.any(|(of, tick)| of == item && given <= tick.at)
    }
}

/// A step back, undone without a word if the card returns within the grace; after it the items
/// that confirm a present state lapse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retreat {
    pub from: StageKey,
    pub to: StageKey,
    pub by: Option<MemberId>,
    pub at: Timestamp,
    pub lapse_at: Timestamp,
    pub lapses: Vec<ItemKey>,
}

impl Retreat {
    /// Whether a tick on that item is from before the step back and lapses with it, whenever it is
    /// told.
    pub fn voids(&self, item: &ItemKey, tick: &Tick) -> bool {
        tick.at <= self.at && self.lapses.contains(item)
    }
}

/// Ticks taken off within ten minutes share one comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignTicks {
    pub since: Timestamp,
    pub thread: String,
    pub items: Vec<ItemKey>,
    pub people: Vec<MemberId>,
    pub decisions: Vec<DecisionId>,
}

/// A deed of ours that somebody asked for: once it is told, it is judged as theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    pub by: Hand,
    pub wanted: Wanted,
    pub at: Timestamp,
    /// Somebody has moved the card, or changed the field, since: it is nobody's any more.
    pub overtaken: bool,
}

impl Wish {
    /// How long after it was asked for it is done.
    pub const FOR: SignedDuration = SignedDuration::from_mins(15);

    pub fn is_over(&self, now: Timestamp) -> bool {
        self.overtaken || now.duration_since(self.at) > Self::FOR
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    List(ListId),
    Value(FieldKey, String),
    Tick(CheckItemId),
}

/// What one person enters in the Power-Up within a few minutes: it shares one comment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entered {
    pub by: MemberId,
    pub since: Timestamp,
    pub thread: String,
    pub told: Vec<Asked>,
}

/// What the echo of an effect will look like when Trello tells us of our own deed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Echo {
    pub kind: EchoKind,
    /// The list, the item and its state, the new text: whatever makes the deed ours.
    pub value: String,
    pub at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EchoKind {
    Moved,
    Closed,
    Ticked,
    Described,
    Field,
    Renamed,
    Member,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    pub id: DecisionId,
    pub at: Timestamp,
    pub version: Version,
    /// Its kind, in one word.
    pub line: String,
    pub disputed: bool,
    /// Ticks that it took off, so that who gave them can still be told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lapsed: Vec<(ItemKey, Tick)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hand_kept_without_its_time_is_known_still() {
        let old: Put = serde_json::from_str("\"olga\"").unwrap();
        assert_eq!(old.by, Some("olga".into()));
        let new = Put {
            by: None,
            at: Timestamp::UNIX_EPOCH,
        };
        let kept = serde_json::to_string(&new).unwrap();
        assert_eq!(serde_json::from_str::<Put>(&kept).unwrap(), new);
    }
}
