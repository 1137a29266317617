//! The day a board comes under a process: each card's present stage becomes its standing, unproved.

use crate::model::{Board, Card, Event, Lane};
use crate::process::judge::{Case, Fresh, NO_LOADS, NO_STRANGERS, adopt};
use crate::process::{Accepted, Bindings, Effect, Memory, Process, Standing, facts, react};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A board on the day it is taken.
pub struct Taken<'a> {
    pub board: &'a Board,
    /// Who ticked what before that day.
    pub ticks: &'a [Event],
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
            let memory = taken(process, bindings, day.fresh(card), before, now);
            Some((lane, memory))
        })
        .collect()
}

impl Taken<'_> {
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
    now: Timestamp,
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
            since: now,
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
