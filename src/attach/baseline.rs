//! The day a board comes under a process: each card's present stage becomes its standing, unproved.

use crate::model::{Board, Card, Event, EventKind, Lane};
use crate::process::judge::{Case, Fresh, NO_LOADS, NO_STRANGERS, adopt, read_field};
use crate::process::{
    Accepted, Bindings, ClockStay, Effect, LabelKey, Memory, Process, Standing, Waiting, facts,
    labels, passed, react,
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
            let since = day.came_in(card).unwrap_or(now).min(now);
            let mut memory = taken(process, bindings, day.fresh(card), before, (since, now));
            clock(process, bindings, card, &mut memory, now);
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

/// The clock as the card has it: one that bears the label or whose field says so waits, since nobody knows when. Nobody is called
/// that day for what has been late for long: the card looks so, and the next step of the ladder is told.
fn clock(process: &Process, bindings: &Bindings, card: &Card, memory: &mut Memory, now: Timestamp) {
    let bears = |key: &str| {
        let label = bindings.labels.get(&LabelKey::from(key));
        label.is_some_and(|label| card.labels.contains(label))
    };
    let Some(since) = memory.standing.as_ref().map(|standing| standing.since) else {
        return;
    };
    let clock = &mut memory.clock;
    clock.marked_late = bears(labels::LATE);
    clock.marked_waiting = bears(labels::WAITING);
    let said = process.waits_in().and_then(|field| {
        let read = facts::read(process, bindings, card, process.today(now));
        read_field(process, field, read.raw(&field.key), now).ok()?
    });
    clock.filled_waiting = process
        .waits_in()
        .filter(|_| said.is_some())
        .map(|field| field.key.clone());
    if (clock.marked_waiting || clock.filled_waiting.is_some()) && clock.waiting.is_none() {
        let said = said.unwrap_or_default();
        clock.waiting = Some(Waiting {
            since,
            by: None,
            reason: said.reason,
            until: said.until,
        });
    }
    let Some((stage, timing)) = process.timing_of(bindings, memory, now) else {
        return;
    };
    let Some(limit) = stage.limit else { return };
    let (told, late) = passed(&timing.rungs(stage, limit), now);
    if told.is_some() {
        let mut stay = ClockStay::new(stage.key.clone(), timing.since);
        (stay.told, stay.late) = (told, late);
        memory.clock.stay = Some(stay);
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
