//! The day a board comes under a process: each card's present stage becomes its standing, unproved.

use crate::model::{Board, Card, Event, EventKind, LabelId, Lane};
use crate::process::judge::{Case, Fresh, NO_LOADS, NO_STRANGERS, adopt, read_field};
use crate::process::{
    Accepted, Bindings, ClockStay, Effect, LabelKey, Memory, Process, StageKey, Standing, Waiting,
    facts, labels, passed, react,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A board on the day it is taken.
pub struct Taken<'a> {
    pub board: &'a Board,
    /// Who ticked what before that day.
    pub ticks: &'a [Event],
    /// How its cards came to the lists where they are.
    pub came: &'a [Event],
    /// It comes back, or goes from watching to enforcing: where a card stands counts once more.
    pub again: bool,
}

/// The memories that attachment begins with. A card known already keeps its own, unless the board is
/// taken again.
pub fn baseline(
    process: &Process,
    bindings: &Bindings,
    day: &Taken<'_>,
    known: &BTreeMap<Lane, Memory>,
    now: Timestamp,
) -> Vec<(Lane, Memory)> {
    let cards = day.board.cards.iter();
    let cards = cards.filter(|card| !bindings.is_own(&card.id));
    cards
        .filter_map(|card| {
            let lane = Lane::Card(card.id.clone());
            let before = known.get(&lane);
            if before.is_some_and(|before| before.standing.is_some()) && !day.again {
                return None;
            }
            let before = before.cloned().unwrap_or_default();
            let stood = before.standing.as_ref().map(|one| one.stage.clone());
            let since = day.came_in(card).unwrap_or(now).min(now);
            let mut memory = taken(process, bindings, day.fresh(card), before, (since, now));
            let found = Found {
                process,
                bindings,
                card,
                stood,
                now,
            };
            found.clock(&mut memory);
            Some((lane, memory))
        })
        .collect()
}

impl Taken<'_> {
    /// Since when a card is where it is, if Trello tells.
    fn came_in(&self, card: &Card) -> Option<Timestamp> {
        let there = |event: &&Event| match &event.kind {
            EventKind::CardMoved { card: of, to, .. } => *of == card.id && *to == card.list,
            EventKind::CardAppeared { card: of, list, .. } => {
                *of == card.id && list.as_ref() == Some(&card.list)
            }
            _ => false,
        };
        let came = self.came.iter().rfind(there);
        came.map(|event| event.at)
    }

    fn fresh(&self, card: &Card) -> Fresh {
        let own = |event: &&Event| event.kind.card() == Some(&card.id);
        Fresh {
            card: card.clone(),
            actions: self.ticks.iter().filter(own).cloned().collect(),
        }
    }
}

fn taken(
    process: &Process,
    bindings: &Bindings,
    fresh: Fresh,
    before: Memory,
    (since, now): (Timestamp, Timestamp),
) -> Memory {
    let counts = BTreeMap::new();
    let case = Case {
        process,
        bindings,
        counts: &counts,
        loads: &NO_LOADS,
        memory: &before,
        fresh: Some(&fresh),
        events: &[],
        now,
        strangers: &NO_STRANGERS,
        patient: false,
    };
    let mut memory = adopt(&case);
    let card = &fresh.card;
    let stage = bindings.stage_of(&card.list);
    memory.name.clone_from(&card.name);
    memory.desc.clone_from(&card.desc);
    memory.rests = Some(card.list.clone());
    memory.aside = stage.is_none();
    memory.closed = card.closed;
    memory.gone = false;
    memory.pos = Some(card.pos);
    memory.members = card.members.iter().cloned().collect();
    // What it did before this instant is nobody's business any more, and nothing is under way.
    memory.heard = Some(now);
    memory.returning = None;
    memory.not_admitted = None;
    memory.waits = None;
    memory.retreat = None;
    memory.sent.clear();
    // What stands in a field is accepted below.
    memory.unmended.clear();
    if let Some(stage) = stage {
        let same = before.standing.filter(|standing| standing.stage == *stage);
        let fallback = Standing {
            stage: stage.clone(),
            since,
            proved: false,
            stood: None,
        };
        memory.standing = Some(same.unwrap_or(fallback));
        memory.seeded.insert(stage.clone());
        if let Some(stage) = process.stage(stage) {
            let day = bindings.on(process.today(now));
            memory.take_turn(process, stage, &day);
        }
    }
    let read = facts::read(process, bindings, card, process.today(now));
    for field in process.fields.iter().filter(|field| !field.by.is_empty()) {
        let raw = read.raw(&field.key).to_owned();
        if !raw.is_empty() {
            memory.fields.insert(
                field.key.clone(),
                Accepted {
                    value: raw,
                    by: None,
                    at: now,
                },
            );
        }
    }
    memory
}

/// A card as it is found that day.
struct Found<'a> {
    process: &'a Process,
    bindings: &'a Bindings,
    card: &'a Card,
    /// The stage in which we knew it.
    stood: Option<StageKey>,
    now: Timestamp,
}

impl Found<'_> {
    /// The clock as the card has it. Nobody is called that day for what has been late for long: the card
    /// looks so, and the next step of the ladder is told.
    fn clock(&self, memory: &mut Memory) {
        // Its timers are gone with all that waited.
        memory.clock.version = None;
        self.wait(memory);
        let timing = self.process.timing_of(self.bindings, memory, self.now);
        let Some((stage, timing)) = timing else {
            return;
        };
        let Some(limit) = stage.limit else { return };
        let (told, late) = passed(&timing.rungs(stage, limit), self.now);
        let known = memory.stay().cloned();
        let new = || told.map(|_| ClockStay::new(stage.key.clone(), timing.since));
        let stay = known.or_else(new);
        memory.clock.stay = stay.map(|stay| ClockStay { told, late, ..stay });
    }

    /// A card that bears the label, or whose field says so, waits; since when, nobody knows: from the
    /// beginning of its stay where we never saw it, and of a card that we had, since now. A wait that we
    /// knew of is over where the card has gone on, or its signs were taken off.
    fn wait(&self, memory: &mut Memory) {
        let Some(standing) = &memory.standing else {
            return;
        };
        let stays = self.stood.as_ref() == Some(&standing.stage);
        let since = match self.stood {
            Some(_) => self.now,
            None => standing.since,
        };
        let field = self.process.waits_in();
        let said = field.map_or(Ok(None), |field| {
            let read = facts::read(
                self.process,
                self.bindings,
                self.card,
                self.process.today(self.now),
            );
            read_field(self.process, field, read.raw(&field.key), self.now)
        });
        let clock = &mut memory.clock;
        // One that was spoken of alone, or while the process only watched, shows no sign to be taken off.
        let by_label = clock.marked_waiting && self.label(labels::WAITING).is_some();
        let by_field = field.is_some_and(|field| clock.filled_waiting.as_ref() == Some(&field.key));
        clock.marked_late = self.bears(labels::LATE);
        clock.marked_waiting = self.bears(labels::WAITING);
        let filled = match &said {
            Ok(said) => said.is_some(),
            // It is no sign of anything new, and nobody has emptied it.
            Err(_) => by_field && stays && clock.waiting.is_some(),
        };
        clock.filled_waiting = field.filter(|_| filled).map(|field| field.key.clone());
        let shows = clock.marked_waiting || filled;
        let taken_off = (by_label || by_field) && !shows;
        if !stays {
            (clock.waiting, clock.stay, clock.left) = (None, None, None);
        } else if let Some(waited) = clock.waiting.take_if(|_| taken_off) {
            let new = || ClockStay::new(standing.stage.clone(), standing.since);
            clock.stay.take_if(|stay| stay.stage != standing.stage);
            let stay = clock.stay.get_or_insert_with(new);
            stay.paused(waited.since, self.now);
        }
        if shows && clock.waiting.is_none() {
            let said = said.ok().flatten().unwrap_or_default();
            clock.waiting = Some(Waiting {
                since,
                by: None,
                reason: said.reason,
                until: said.until,
            });
        }
    }

    fn label(&self, key: &str) -> Option<&LabelId> {
        self.bindings.labels.get(&LabelKey::from(key))
    }

    fn bears(&self, key: &str) -> bool {
        let label = self.label(key);
        label.is_some_and(|label| self.card.labels.contains(label))
    }
}

/// What attaching may prepare on each open card: what its stage declares, and what a gate still ahead
/// of it asks for.
pub fn seeds(
    process: &Process,
    bindings: &Bindings,
    board: &Board,
    known: &BTreeMap<Lane, Memory>,
    now: Timestamp,
) -> Vec<(Lane, Vec<Effect>)> {
    let open = board.cards.iter().filter(|card| !card.closed);
    open.filter_map(|card| {
        let lane = Lane::Card(card.id.clone());
        let effects = react::prepare(process, bindings, known.get(&lane)?, card, now);
        (!effects.is_empty()).then_some((lane, effects))
    })
    .collect()
}
