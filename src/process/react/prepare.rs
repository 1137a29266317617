//! What a card is given for the stage it stands in: what the stage declares, and what the stages it
//! did not pass would have given it on its way. Attaching may prepare the cards that it finds; only
//! what is not on a card yet.

use super::Room;
use crate::model::Card;
use crate::process::bind::Bindings;
use crate::process::effect::{AddBlock, Deed, Effect};
use crate::process::judge::decision_id;
use crate::process::memory::Memory;
use crate::process::rules::{
    Block, Checklist, Field, FieldKey, KeepFields, Mode, Process, Stage, StageKey,
};
use crate::process::{lines, text::same};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// A card that has come to a stage.
pub(super) struct Came<'a> {
    pub(super) stage: &'a Stage,
    /// None where nobody knows.
    pub(super) from: Option<&'a StageKey>,
    /// The stages that have given it theirs.
    pub(super) passed: &'a BTreeSet<StageKey>,
}

impl Came<'_> {
    /// What the stage gives; and of the stages left out what a gate still ahead rests on.
    pub(super) fn checklists<'p>(&self, process: &'p Process) -> Vec<&'p Checklist> {
        let due = |list: &&Checklist| {
            let asked = |ahead: &Stage| {
                let mut items = list.items.iter();
                items.any(|item| process.wants_item(ahead, &item.key))
            };
            let mut ahead = process
                .path()
                .filter(|one| process.rank(&one.key) > self.rank(process));
            self.gives(self.stage, list)
                || self.left_out(process).any(|stage| self.gives(stage, list)) && ahead.any(asked)
        };
        process.checklists.iter().filter(due).collect()
    }

    /// The stage's lines, and on the way to the final stage those of the stages left out.
    pub(super) fn blocks(&self, process: &Process) -> Vec<AddBlock> {
        let on_the_way = process
            .path()
            .any(|one| process.rank(&one.key) > self.rank(process));
        let due = process.blocks.iter().filter(|block| {
            let mut left_out = self.left_out(process);
            block.at == self.stage.key || on_the_way && left_out.any(|stage| stage.key == block.at)
        });
        due.map(|block| added(process, block)).collect()
    }

    fn gives(&self, stage: &Stage, list: &Checklist) -> bool {
        let mut seeds = stage.seed.checklists.iter();
        seeds.any(|(key, from)| {
            let comes = from.is_empty() || self.from.is_some_and(|stage| from.contains(stage));
            *key == list.key && comes
        })
    }

    fn left_out<'p>(&self, process: &'p Process) -> impl Iterator<Item = &'p Stage> {
        let rank = self.rank(process);
        let before = process
            .path()
            .filter(move |one| rank.is_some() && process.rank(&one.key) < rank);
        before.filter(|one| !self.passed.contains(&one.key))
    }

    fn rank(&self, process: &Process) -> Option<usize> {
        process.rank(&self.stage.key)
    }
}

/// What the card's stage declares, and of the stages before it what a gate still ahead asks for.
pub fn prepare(
    process: &Process,
    bindings: &Bindings,
    memory: &Memory,
    card: &Card,
    now: Timestamp,
) -> Vec<Effect> {
    let stage = memory
        .standing
        .as_ref()
        .and_then(|standing| process.stage(&standing.stage));
    let Some(stage) = stage.filter(|_| process.mode == Mode::Enforce || process.seed_in_watch)
    else {
        return Vec::new();
    };
    let mut room = Room::new(process, bindings, memory, now);
    room.card = Some(card);
    let id = decision_id(&format!("prepare {} {}", card.id, process.version.0), 0);
    let none = BTreeSet::new();
    let came = Came {
        stage,
        from: None,
        passed: &none,
    };
    for list in came.checklists(process) {
        room.seed_checklist(&id, &list.key);
    }
    let blocks = came.blocks(process);
    if process.keep_fields == KeepFields::Description && !blocks.is_empty() {
        let set = Vec::new();
        room.push(&id, None, Deed::Lines { set, blocks });
    }
    let mut effects = room.effects;
    effects.retain(|effect| wanting(card, &effect.deed));
    effects
}

pub(super) fn added(process: &Process, block: &Block) -> AddBlock {
    let name = |key| Some(process.field(key)?.name.clone());
    AddBlock {
        name: block.name.clone(),
        labels: block.fields.iter().filter_map(name).collect(),
    }
}

/// The fields whose lines stand in a description, filled or not.
pub(super) fn labels(process: &Process, desc: &str) -> BTreeSet<FieldKey> {
    let stands = |field: &&Field| {
        let label = [field.name.as_str()];
        lines::add_block(desc, &field.name, &label).is_ok_and(|with| with == desc)
    };
    let fields = process.fields.iter().filter(stands);
    fields.map(|field| field.key.clone()).collect()
}

/// Something of it is not on the card yet.
fn wanting(card: &Card, deed: &Deed) -> bool {
    match deed {
        Deed::Seed { name, items, .. } => {
            let list = card.checklists.iter().find(|list| same(&list.name, name));
            list.is_none_or(|list| {
                let there = |name: &str| list.items.iter().any(|item| same(&item.name, name));
                !items.iter().all(|item| there(&item.name))
            })
        }
        Deed::Lines { set, blocks } => {
            lines::apply(&card.desc, set, blocks).is_ok_and(|desc| desc != card.desc)
        }
        _ => true,
    }
}
