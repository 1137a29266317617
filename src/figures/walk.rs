//! A card's walk, as the lines of its history tell it: where it stayed, from when to when, what stood
//! in its way. What no line tells (a card that stood there before anyone looked, one let stand where it
//! was found) is marked and never guessed.

use super::Record;
use crate::model::{CardId, Lane, MemberId};
use crate::process::{
    Admitted, DecisionId, FieldKey, Finding, HistoryLine, How, ItemKey, KeepFields, Memory,
    NotDone, Process, Ruling, StageKey, Timed, Timing, Turns, What, facts,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    pub card: CardId,
    pub name: String,
    pub stays: Vec<Stay>,
    pub refusals: Vec<Refusal>,
    /// The first tick of each item that counted.
    pub ticks: BTreeMap<ItemKey, Timestamp>,
    /// Those of them that were there before anyone looked.
    pub found_ticks: BTreeSet<ItemKey>,
    /// What the figures go by, as it stands on the card now.
    pub values: BTreeMap<FieldKey, String>,
    /// Of what is remembered: where it stands, its clock, whose turn it is. So both are told here as
    /// they are on the card.
    pub memory: Memory,
    pub now: Now,
    disputed: BTreeSet<DecisionId>,
}

/// One stay in one stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    pub stage: StageKey,
    /// When it came in; where that is not `exact`, it stood there at that time already.
    pub since: Option<Timestamp>,
    pub exact: bool,
    pub by: Option<MemberId>,
    pub way: Way,
    pub until: Until,
    /// When it waited for somebody outside, in order; the last may go on still.
    pub waited: Vec<(Timestamp, Option<Timestamp>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It stood there when it was first looked at.
    Found,
    Start,
    Forward,
    Back,
    Side,
    Return,
    /// By the process owner's word.
    Pass,
    /// Watch mode: what was missing was recorded.
    Watched,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// It stands there still.
    Now,
    At(Timestamp),
    /// It left, and no line tells when.
    Unknown,
}

/// What has become of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Now {
    Open,
    /// In a list outside the process.
    Aside,
    Archived(Option<Timestamp>),
    Gone(Option<Timestamp>),
}

/// A card that was not let into a stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub at: Timestamp,
    pub decision: DecisionId,
    pub gate: StageKey,
    pub finding: Option<Finding>,
    /// Watch mode: it went in all the same.
    pub watched: bool,
    pub disputed: bool,
}

/// The kinds of line that a walk is made of.
const TOLD: [&str; 12] = [
    "admitted",
    "would_refuse",
    "refused",
    "left_as_pushed",
    "not_done",
    "disputed",
    "archived",
    "gone",
    "ticked",
    "place_confirmed",
    "waits",
    "goes_on",
];

/// Hears a board's history line by line, so that nobody holds all of it.
#[derive(Debug, Default)]
pub struct Walks {
    cards: BTreeMap<CardId, Walk>,
    renamed: BTreeMap<StageKey, StageKey>,
    unread: usize,
}

impl Walks {
    pub fn new(process: &Process) -> Self {
        let stages = process.stages.iter();
        let renamed = stages.filter_map(|stage| Some((stage.was.clone()?, stage.key.clone())));
        let renamed = renamed.filter(|(was, _)| process.stage(was).is_none());
        Self {
            renamed: renamed.collect(),
            ..Self::default()
        }
    }

    /// The lines of one card in the order they were written; those of other cards may come between.
    pub fn hear(&mut self, lane: &Lane, line: &HistoryLine) {
        let Some(card) = lane.card().filter(|_| TOLD.contains(&line.kind.as_str())) else {
            return;
        };
        let Some(ruling) = line.ruling() else {
            self.unread += 1;
            return;
        };
        let walk = self.cards.entry(card.clone());
        let walk = walk.or_insert_with(|| Walk::of(card.clone()));
        walk.hear(ruling, &self.renamed);
    }

    /// The walks with what is known of each card now, and how many lines could not be read.
    pub fn close(mut self, process: &Process, memories: &[(Lane, Memory)]) -> (Vec<Walk>, usize) {
        for (lane, memory) in memories {
            let Some(card) = lane.card() else { continue };
            let walk = self.cards.entry(card.clone());
            let walk = walk.or_insert_with(|| Walk::of(card.clone()));
            walk.stands(memory);
            walk.values = values(process, memory);
        }
        let mut walks: Vec<_> = self.cards.into_values().collect();
        walks.iter_mut().for_each(Walk::end);
        walks.retain(|walk| !walk.stays.is_empty() || !walk.refusals.is_empty());
        (walks, self.unread)
    }
}

impl Walk {
    fn of(card: CardId) -> Self {
        Self {
            name: String::new(),
            card,
            stays: Vec::new(),
            refusals: Vec::new(),
            ticks: BTreeMap::new(),
            found_ticks: BTreeSet::new(),
            values: BTreeMap::new(),
            memory: Memory::default(),
            now: Now::Open,
            disputed: BTreeSet::new(),
        }
    }

    /// When the card came to be, where that was seen.
    pub fn born(&self) -> Option<Timestamp> {
        self.stays.first().and_then(Stay::entered)
    }

    /// Where it stands now.
    pub fn stay(&self) -> Option<&Stay> {
        let last = self.stays.last()?;
        (self.now == Now::Open && last.until == Until::Now).then_some(last)
    }

    /// The time of where it stands, as its own clock counts it.
    pub(super) fn timing<'r>(&self, record: &Record<'r>) -> Option<Timing<'r>> {
        let (process, bindings) = (record.process, record.bindings);
        let timing = process.timing_of(bindings, &self.memory, record.now);
        timing.map(|(_, timing)| timing)
    }

    /// Whether it was there before anyone looked.
    pub fn is_found(&self) -> bool {
        self.stays.first().is_some_and(|stay| !stay.exact)
    }

    fn hear(&mut self, ruling: Ruling, renamed: &BTreeMap<StageKey, StageKey>) {
        let key = |key: StageKey| renamed.get(&key).cloned().unwrap_or(key);
        let (at, by, id) = (ruling.at, ruling.hand.member, ruling.id);
        let refusal = |gate, finding, watched| Refusal {
            at,
            decision: id.clone(),
            gate: key(gate),
            finding,
            watched,
            disputed: false,
        };
        match ruling.what {
            What::Admitted(mut admitted) => {
                if admitted.how == How::Watched {
                    let finding = admitted.finding.take();
                    let would = refusal(admitted.stage.clone(), finding, true);
                    self.refusals.push(would);
                }
                admitted.stage = key(admitted.stage);
                admitted.from = admitted.from.map(key);
                self.admitted(at, by, &admitted);
            }
            What::Refused(refused) => {
                let refused = refusal(refused.target, Some(refused.finding), false);
                self.refusals.push(refused);
            }
            // Asked for by a word or on a page: it never went, and was held back all the same.
            What::NotDone(NotDone::Stays(stays)) => {
                let stays = refusal(stays.target, Some(stays.finding), false);
                self.refusals.push(stays);
            }
            What::LeftAsPushed {
                target, finding, ..
            } => {
                let left = refusal(target, Some(finding), false);
                self.refusals.push(left);
            }
            What::Disputed { decision, .. } => self.disputed.extend(decision),
            What::Archived { .. } => self.now = Now::Archived(Some(at)),
            What::Gone { name, .. } => {
                self.name = name;
                if !matches!(self.now, Now::Gone(_)) {
                    self.now = Now::Gone(Some(at));
                }
            }
            What::Timed(timed) => match *timed {
                Timed::Waits { stage, .. } => self.waits(key(stage), at),
                Timed::GoesOn { .. } => self.goes_on(at),
                _ => {}
            },
            What::Ticked { item } => self.ticked(item, at),
            What::Place {
                item: Some((item, ..)),
                ..
            } => self.ticked(item, at),
            _ => {}
        }
    }

    fn waits(&mut self, stage: StageKey, at: Timestamp) {
        if self.stays.last().is_none_or(|last| last.stage != stage) {
            self.stays.push(Stay::found(stage, None));
        }
        // A reason or a date that is given anew is the same wait.
        if let Some(stay) = self.stays.last_mut()
            && stay.waited.last().is_none_or(|(_, until)| until.is_some())
        {
            stay.waited.push((at, None));
        }
    }

    fn goes_on(&mut self, at: Timestamp) {
        let waits = self
            .stays
            .last_mut()
            .and_then(|stay| stay.waited.last_mut());
        if let Some(wait) = waits.filter(|(_, until)| until.is_none()) {
            wait.1 = Some(at.max(wait.0));
        }
    }

    fn ticked(&mut self, item: ItemKey, at: Timestamp) {
        let first = self.ticks.entry(item).or_insert(at);
        *first = at.min(*first);
    }

    fn admitted(&mut self, at: Timestamp, by: Option<MemberId>, admitted: &Admitted) {
        self.now = Now::Open;
        if admitted.how == How::Undone && self.undone(&admitted.stage) {
            return;
        }
        let standing = self.stays.last_mut();
        match (standing, &admitted.from) {
            (Some(last), Some(from)) if last.stage == *from => {
                last.until = Until::At(last.since.map_or(at, |since| at.max(since)));
            }
            (last, from) => {
                if let Some(last) = last {
                    last.until = Until::Unknown;
                }
                let found = from.as_ref().map(|from| Stay {
                    until: Until::At(at),
                    ..Stay::found(from.clone(), None)
                });
                self.stays.extend(found);
            }
        }
        self.stays.push(Stay {
            stage: admitted.stage.clone(),
            since: Some(at),
            exact: true,
            by,
            way: Way::of(&admitted.how),
            until: Until::Now,
            waited: Vec::new(),
        });
    }

    /// A step back that was taken back at once is no stay: the one before goes on.
    fn undone(&mut self, stage: &StageKey) -> bool {
        let Some(at) = self.stays.iter().rposition(|stay| stay.stage == *stage) else {
            return false;
        };
        let back = self.stays[at + 1..]
            .iter()
            .all(|stay| stay.way == Way::Back);
        if back {
            self.stays[at].until = Until::Now;
            self.stays.truncate(at + 1);
        }
        back
    }

    /// What is remembered of the card is the truth of where it stands.
    fn stands(&mut self, memory: &Memory) {
        if !memory.name.is_empty() {
            self.name.clone_from(&memory.name);
        }
        self.memory = Memory {
            standing: memory.standing.clone(),
            clock: memory.clock.clone(),
            holders: memory.holders.clone(),
            members: memory.members.clone(),
            turns: Turns {
                stage: memory.turns.stage.clone(),
                ..Turns::default()
            },
            ..Memory::default()
        };
        self.now = match self.now {
            Now::Gone(at) if memory.gone => Now::Gone(at),
            _ if memory.gone => Now::Gone(None),
            Now::Archived(at) if memory.closed => Now::Archived(at),
            _ if memory.closed => Now::Archived(None),
            _ if memory.aside => Now::Aside,
            _ => Now::Open,
        };
        for (item, tracked) in &memory.items {
            if let Some(tick) = &tracked.tick
                && !self.ticks.contains_key(item)
            {
                self.ticks.insert(item.clone(), tick.at);
                self.found_ticks.insert(item.clone());
            }
        }
        let Some(standing) = &memory.standing else {
            return;
        };
        match self.stays.last_mut() {
            Some(last) if last.stage == standing.stage => {
                last.since = last.since.or(Some(standing.since));
                last.until = Until::Now;
            }
            last => {
                if let Some(last) = last {
                    last.until = Until::Unknown;
                }
                let found = Stay::found(standing.stage.clone(), Some(standing.since));
                self.stays.push(found);
            }
        }
        // No line tells of a wait that was found with the card; what is remembered is bounded.
        let waited = waited(memory);
        if let Some(last) = self.stays.last_mut()
            && last.waited.len() <= waited.len()
        {
            last.waited = waited;
        }
    }

    fn end(&mut self) {
        let left = match self.now {
            Now::Archived(at) | Now::Gone(at) => at,
            Now::Open | Now::Aside => None,
        };
        let out = matches!(self.now, Now::Archived(_) | Now::Gone(_));
        if let Some(last) = self.stays.last_mut().filter(|_| out) {
            last.until = left.map_or(Until::Unknown, Until::At);
        }
        for refusal in &mut self.refusals {
            refusal.disputed = self.disputed.contains(&refusal.decision);
        }
    }
}

impl Stay {
    fn found(stage: StageKey, since: Option<Timestamp>) -> Self {
        Self {
            stage,
            since,
            exact: false,
            by: None,
            way: Way::Found,
            until: Until::Now,
            waited: Vec::new(),
        }
    }

    /// When it came in, where that was seen.
    pub fn entered(&self) -> Option<Timestamp> {
        self.since.filter(|_| self.exact)
    }

    /// The stretches in which it waited, as far as they have come.
    pub fn pauses(&self, now: Timestamp) -> Vec<(Timestamp, Timestamp)> {
        let end = self.left().unwrap_or(now);
        let waited = self.waited.iter();
        waited
            .map(|(from, until)| (*from, until.unwrap_or(end).min(end)))
            .filter(|(from, until)| from < until)
            .collect()
    }

    /// When it left, where that was seen.
    pub fn left(&self) -> Option<Timestamp> {
        match self.until {
            Until::At(at) => Some(at),
            Until::Now | Until::Unknown => None,
        }
    }
}

impl Way {
    fn of(how: &How) -> Self {
        match how {
            How::Forward | How::Undone => Self::Forward,
            How::Back => Self::Back,
            How::Start => Self::Start,
            How::Side => Self::Side,
            How::Return => Self::Return,
            How::Pass { .. } => Self::Pass,
            How::Watched => Self::Watched,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Start => "start",
            Self::Forward => "forward",
            Self::Back => "back",
            Self::Side => "side",
            Self::Return => "return",
            Self::Pass => "pass",
            Self::Watched => "watched",
        }
    }
}

/// When it waited where it stands; the last may go on still.
fn waited(memory: &Memory) -> Vec<(Timestamp, Option<Timestamp>)> {
    let pauses = memory.stay().map_or(&[][..], |stay| &stay.pauses);
    let over = pauses.iter().map(|(from, to)| (*from, Some(*to)));
    let waiting = memory.clock.waiting.as_ref();
    over.chain(waiting.map(|waiting| (waiting.since, None)))
        .collect()
}

/// The fields that the figures go by: as they were accepted, or as the description has them.
fn values(process: &Process, memory: &Memory) -> BTreeMap<FieldKey, String> {
    let wanted = process.counted.fields();
    let known = |key: &&FieldKey| memory.fields.contains_key(*key);
    let lines = process.keep_fields == KeepFields::Description && !wanted.iter().all(known);
    let mut typed = match lines {
        true => facts::raw(process, &memory.desc),
        false => BTreeMap::new(),
    };
    let value = |key: &FieldKey| {
        let accepted = memory
            .fields
            .get(key)
            .map(|accepted| accepted.value.clone());
        Some((key.clone(), accepted.or_else(|| typed.remove(key))?))
    };
    wanted.into_iter().filter_map(value).collect()
}
