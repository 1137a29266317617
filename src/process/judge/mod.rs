//! THE JUDGE: (process, bindings, counts, memory, card, events, now) -> Verdict.
//!
//! One sitting hears every event of one card that has been delivered, in the order of their time,
//! and ends with where the card rests. It never asks for the time, reads nothing, and cannot fail.
//! Where it lacks the card as it stands it says `ReadFirst` and is asked again with it; a legal
//! move into no gate, told in time, never needs that. Where the card as read does not stand where its
//! actions left it, it says `ReadAgain`: Trello is behind itself.
//!
//! `moves.rs` says what a step from stage to stage takes, `rest.rs` what follows from where the card
//! stands in the end, `ready.rs` whom that concerns next; `ways.rs`, `ticks.rs`, `fields.rs`,
//! `commands.rs` (which also explains) and `clocks.rs` hear the other kinds of event. `clock.rs`, `waits.rs`
//! and `dates.rs` say what time has to do with it.

mod absence;
mod asks;
mod clock;
mod clocks;
mod commands;
mod dates;
mod fields;
mod hands;
mod moves;
mod notes;
mod outlook;
mod people;
mod places;
mod post;
mod ready;
mod rest;
mod terms;
mod ticks;
mod turns;
mod waits;
mod ways;
mod weigh;
mod wishes;

pub use clock::{LADDER, MORNING};
pub use commands::asks_for_change;
pub use fields::text_mark;
pub use outlook::{Outlook, Way, WayKind, outlook};
pub use places::{LEAVE, LEAVING};
pub use terms::TERMS;
pub use turns::TURN;
pub use waits::read_field;

use super::bind::Bindings;
use super::facts::{self, Facts};
use super::finding::Finding;
use super::gate::Gate;
use super::memory::{DecisionId, Loads, Memory, Remembered, Waits};
use super::rules::{Mode, Process, StageKey};
use super::verdict::{Hand, Ruled, Ruling, Verdict, What};
use crate::model::{Card, Event, EventKind, MemberId};
use jiff::Timestamp;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Trello's own automation acts under this application, in the name of the rule's owner.
pub const BUTLER: &str = "56ff07afbc287582d36e19ac";

/// How long an echo is waited for before the same deed counts as somebody's.
const ECHO_HOURS: i64 = 24;
const KEPT_JUDGED: usize = 256;
/// More than a person does by mistake: a checklist ticked by the wrong hand is a dozen.
const MOST_MENDS: usize = 40;
const KEPT_DECISIONS: usize = 32;

/// All that one sitting is about.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    pub process: &'a Process,
    pub bindings: &'a Bindings,
    /// Cards admitted to each stage of the board.
    pub counts: &'a BTreeMap<StageKey, u32>,
    /// What each person has, where people take turns.
    pub loads: &'a Loads,
    pub memory: &'a Memory,
    /// The card as it stands, where it was read afresh.
    pub fresh: Option<&'a Fresh>,
    pub events: &'a [Event],
    pub now: Timestamp,
    /// Of those who ask for something, who may not change cards on the board.
    pub strangers: &'a BTreeSet<MemberId>,
    /// A read that does not agree with the card's actions may be repeated.
    pub patient: bool,
}

/// Where nobody asks for anything, or all who do may.
pub static NO_STRANGERS: BTreeSet<MemberId> = BTreeSet::new();

/// Where nobody is chosen.
pub static NO_LOADS: Loads = BTreeMap::new();

/// A card read afresh, with its latest actions in the order they happened.
#[derive(Clone, Debug)]
pub struct Fresh {
    pub card: Card,
    pub actions: Vec<Event>,
}

/// The card must be read before the sitting can go on.
#[derive(Debug)]
struct ReadFirst;
type Heard = Result<(), ReadFirst>;

struct Court<'a> {
    case: Case<'a>,
    memory: Memory,
    rulings: Vec<Ruling>,
    timers: Vec<(String, Option<Timestamp>)>,
    expect_wip: Option<(StageKey, u32)>,
    /// The last step that no rule allows, if the card has not stepped back since.
    offence: Option<moves::Offence>,
    /// It waited for the owner's word, which has come.
    waited: Option<Waits>,
    /// What this sitting finds illegal waits for the owner's word.
    holding: bool,
    /// The last thing done in this sitting that a gate may ask for.
    progress: ready::Progress,
    /// What the time has to be asked of.
    looks: clock::Looks,
    /// Read once from the fresh card.
    facts: Option<Facts>,
    /// The event being heard, from which decisions take their short ids.
    hearing: String,
}

pub fn judge(case: &Case) -> Verdict {
    let day = case.day();
    let case = &case.on(&day);
    let mut court = Court::open(*case);
    let events = court.gather();
    let judged = events.iter().map(|event| event.id.clone()).collect();
    if case.fresh.is_some() {
        court.track();
        // A gate looks at the card as it stands after all of this: so it must know whose it all is.
        events.iter().for_each(|event| court.signed(event));
    }
    for event in &events {
        if court.hear(event).is_err() {
            return Verdict::ReadFirst;
        }
    }
    match court.rest().and_then(|()| court.clock()) {
        Err(ReadFirst) if case.fresh.is_some() => Verdict::ReadAgain,
        Err(ReadFirst) => Verdict::ReadFirst,
        Ok(()) => Verdict::Ruled(Box::new(court.close(judged))),
    }
}

/// A card's memory with what can be learnt from the card as it stands, and nothing judged.
pub fn adopt(case: &Case) -> Memory {
    let day = case.day();
    let mut court = Court::open(case.on(&day));
    court.track();
    court.memory
}

/// It tells how a card came onto the board.
fn comes(event: &Event) -> bool {
    use crate::model::Appeared;
    matches!(&event.kind, EventKind::CardAppeared { how, .. } if *how != Appeared::Unarchived)
}

/// What the card lacks for each stage it could go forward to, whoever moves it.
pub fn explain(case: &Case) -> Vec<(StageKey, Finding)> {
    let day = case.day();
    let mut court = Court::open(case.on(&day));
    court.track();
    court.explain().unwrap_or_default()
}

impl<'a> Case<'a> {
    /// The roles as they are held today.
    fn day(&self) -> Cow<'a, Bindings> {
        self.bindings.on(self.process.today(self.now))
    }

    fn on<'d>(self, bindings: &'d Bindings) -> Case<'d>
    where
        'a: 'd,
    {
        Case { bindings, ..self }
    }
}

impl<'a> Court<'a> {
    fn open(case: Case<'a>) -> Self {
        let mut memory = case.memory.clone();
        let now = case.now;
        memory
            .sent
            .retain(|echo| now.duration_since(echo.at).as_hours() < ECHO_HOURS);
        // What a clock that has been set back wrote ahead of now does not count for longer.
        let within_the_hour = |at| (-60..3600).contains(&now.duration_since(at).as_secs());
        memory
            .returns
            .retain(|returned| within_the_hour(returned.at));
        if let Some(fresh) = case.fresh {
            // It can be read, so it is there; what it is told of now may still take it away.
            memory.gone = false;
            memory.closed &= fresh.card.closed;
        }
        memory.mends.retain(|at| within_the_hour(*at));
        let facts = case.fresh.map(|fresh| {
            facts::read(
                case.process,
                case.bindings,
                &fresh.card,
                case.process.today(now),
            )
        });
        Self {
            case,
            memory,
            rulings: Vec::new(),
            timers: Vec::new(),
            expect_wip: None,
            offence: None,
            waited: None,
            holding: false,
            progress: None,
            looks: clock::Looks::default(),
            facts,
            hearing: String::new(),
        }
    }

    /// The events not judged yet, with those that the card's own actions tell besides, in order.
    fn gather(&self) -> Vec<Event> {
        let known = |event: &Event| self.memory.judged.contains(&event.id);
        let mut events: Vec<Event> = self
            .case
            .events
            .iter()
            .filter(|event| !known(event))
            .cloned()
            .collect();
        if let Some(fresh) = self.case.fresh {
            // Of a card that was never placed nobody told how it came: that is among its actions.
            let placed = self.memory.rests.is_some() || events.iter().any(comes);
            let came = fresh.actions.iter().rfind(|event| comes(event));
            let came = came.filter(|_| !placed).map(|event| event.at);
            let unheard = |event: &Event| match came {
                Some(came) => event.at >= came,
                None => self.memory.heard.is_some_and(|heard| event.at > heard),
            };
            let missed = fresh
                .actions
                .iter()
                .filter(|event| unheard(event) && !known(event));
            for event in missed {
                if !events.iter().any(|have| have.id == event.id) {
                    events.push(event.clone());
                }
            }
        }
        events.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        events
    }

    fn hear(&mut self, event: &Event) -> Heard {
        use EventKind::*;
        self.hearing = event.id.to_string();
        let hand = self.hand(&event.actor);
        match &event.kind {
            CardMoved { name, from, to, .. } => {
                self.memory.name.clone_from(name);
                self.moved(event, hand, from, to)?;
            }
            CardPlaced {
                list, old_pos, pos, ..
            } => self.placed(list, *old_pos, *pos),
            CardAppeared {
                name, list, how, ..
            } => {
                self.memory.name.clone_from(name);
                self.appeared(event, hand, list.as_ref(), *how)?;
            }
            CardArchived { .. } => self.archived(event, hand)?,
            CardLeft { how, .. } => self.left(event, hand, how)?,
            CardRenamed { name, .. } => self.memory.name.clone_from(name),
            CardDescribed { old, desc, .. } => self.described(event, hand, old.as_deref(), desc)?,
            CustomFieldSet {
                field, old, value, ..
            } => self.field_set(event, hand, field, old.as_deref(), value.as_deref())?,
            ItemTicked {
                checklist,
                item,
                complete,
                ..
            } => self.ticked(event, hand, checklist, item, *complete)?,
            ItemRenamed {
                checklist,
                item,
                name,
                ..
            } => self.item_renamed(event, hand, checklist, item, name),
            ItemDeleted { item, .. } => self.item_gone(event, hand, item)?,
            ChecklistRemoved { checklist, .. } => self.checklist_gone(event, hand, checklist)?,
            LabelPut { label, on, .. } => {
                self.waiting_label(event, &hand, label, *on);
                self.put(event, hand, *on);
            }
            Attached { on, .. } => self.put(event, hand, *on),
            MemberPut { member, on, .. } => self.member_put(event, &hand, member, *on),
            Commented { text, .. } => self.commented(event, hand, text)?,
            Asked { ask, .. } => self.asked_for(event, hand, ask)?,
            TimerFired { timer, .. } => self.fired(event, timer)?,
            Found { .. } => {
                self.need_card()?;
                self.word_given();
            }
            Held { .. } => {
                self.need_card()?;
                self.holding = true;
            }
            LetStand { .. } => self.let_stand(event)?,
            PlacesWanted { .. } => self.places_wanted(event, &hand)?,
            PlaceSaid { target, said, .. } => self.place_said(event, target, said)?,
            MessageLost { to, why, .. } => self.not_reached(event, to, why),
            ItemAdded { .. }
            | ChecklistAdded { .. }
            | ListRenamed { .. }
            | ListArchived { .. }
            | ListRestored { .. }
            | ListArrived { .. }
            | ListLeft { .. }
            | OwnerSaid { .. }
            | AbsenceSaid { .. }
            | PlaceDue { .. }
            | MessageDue { .. }
            | ChatOpened { .. }
            | MembersChanged
            | Other { .. } => {}
        }
        // Their time is ours, and says nothing of what Trello has told by then.
        let ours = match &event.kind {
            PlaceSaid { .. } | PlacesWanted { .. } | MessageLost { .. } | Asked { .. } => true,
            TimerFired { timer, .. } => timer == TURN || clock::is_timer(timer),
            _ => false,
        };
        if !ours {
            self.memory.heard = self.memory.heard.max(Some(event.at));
        }
        self.memory.judged.push(event.id.clone());
        Ok(())
    }

    /// Whether one more thing on the card may be put right within this hour. Whoever changes it again
    /// and again, a robot most likely, is not fought without end; what is wrong counts for nothing.
    fn may_mend(&mut self) -> bool {
        let may = self.enforcing() && self.memory.mends.len() < MOST_MENDS;
        if may {
            self.memory.mends.push(self.case.now);
        }
        may
    }

    /// Told after something later has been judged.
    fn is_late(&self, event: &Event) -> bool {
        self.memory.heard.is_some_and(|heard| event.at < heard)
    }

    fn need_card(&self) -> Result<&'a Card, ReadFirst> {
        self.case.fresh.map(|fresh| &fresh.card).ok_or(ReadFirst)
    }

    fn gate(&self) -> Result<Gate<'_>, ReadFirst> {
        Ok(Gate {
            process: self.case.process,
            bindings: self.case.bindings,
            memory: &self.memory,
            card: self.need_card()?,
            facts: self.facts.as_ref().ok_or(ReadFirst)?,
            counts: self.case.counts,
        })
    }

    fn enforcing(&self) -> bool {
        self.case.process.mode == Mode::Enforce
    }

    fn rule(&mut self, at: Timestamp, hand: Hand, what: What) -> DecisionId {
        let id = self.decision_id();
        self.rule_as(id.clone(), at, hand, what);
        id
    }

    fn rule_as(&mut self, id: DecisionId, at: Timestamp, hand: Hand, what: What) {
        self.rulings.push(Ruling { id, at, hand, what });
    }

    /// The same sitting gives the same ids, however often it is repeated.
    fn decision_id(&self) -> DecisionId {
        decision_id(&self.hearing, self.rulings.len())
    }

    fn close(mut self, judged: Vec<crate::model::ActionId>) -> Ruled {
        let version = &self.case.process.version;
        // Notes are for the history alone: they must not push decisions out of what is remembered.
        let decided = |ruling: &&Ruling| !matches!(ruling.what, What::Noted { .. });
        for ruling in self.rulings.iter().filter(decided) {
            let line = ruling.what.kind().to_owned();
            let lapsed = match &ruling.what {
                What::Lapsed { ticks, .. } => ticks
                    .iter()
                    .map(|(key, _, _, tick)| (key.clone(), tick.clone()))
                    .collect(),
                _ => Vec::new(),
            };
            let (id, at, version) = (ruling.id.clone(), ruling.at, version.clone());
            self.memory.decisions.push(Remembered {
                id,
                at,
                version,
                line,
                disputed: false,
                lapsed,
            });
        }
        let free = |list: &crate::model::ListId| self.case.bindings.stage_of(list).is_none();
        self.memory.aside = self.memory.rests.as_ref().is_some_and(free);
        trim(&mut self.memory.decisions, KEPT_DECISIONS);
        trim(&mut self.memory.judged, KEPT_JUDGED);
        Ruled {
            memory: self.memory,
            rulings: self.rulings,
            judged,
            timers: self.timers,
            expect_wip: self.expect_wip,
        }
    }
}

fn trim<T>(list: &mut Vec<T>, keep: usize) {
    let over = list.len().saturating_sub(keep);
    list.drain(..over);
}

/// Six characters of Crockford's alphabet, from the event and the ruling's place in its sitting.
pub fn decision_id(event: &str, nth: usize) -> DecisionId {
    use sha2::{Digest, Sha256};
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let hash = Sha256::digest(format!("{event}/{nth}"));
    DecisionId(
        hash.iter()
            .take(6)
            .map(|byte| char::from(LETTERS[usize::from(byte & 31)]))
            .collect(),
    )
}
