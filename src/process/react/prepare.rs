//! What attaching may prepare on a card that came under the process where it stands: the checklists
//! and lines it would have been given on its way. Only what is not on the card yet.

use super::Room;
use crate::model::Card;
use crate::process::bind::Bindings;
use crate::process::effect::{AddBlock, Deed, Effect};
use crate::process::judge::decision_id;
use crate::process::memory::Memory;
use crate::process::rules::{Checklist, KeepFields, Mode, Process, Stage};
use crate::process::words::Words;
use crate::process::{lines, text::same};
use jiff::Timestamp;

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
    let mut room = Room {
        process,
        bindings,
        memory,
        card: Some(card),
        words: Words::of(process),
        effects: Vec::new(),
        now,
    };
    let id = decision_id(&format!("prepare {} {}", card.id, process.version.0), 0);
    let lists = process.checklists.iter();
    for list in lists.filter(|list| due(process, stage, list)) {
        room.seed_checklist(&id, &list.key);
    }
    let blocks = blocks(process, stage);
    if process.keep_fields == KeepFields::Description && !blocks.is_empty() {
        let set = Vec::new();
        room.push(&id, None, Deed::Lines { set, blocks });
    }
    let mut effects = room.effects;
    effects.retain(|effect| wanting(card, &effect.deed));
    effects
}

/// The stage gives it, or one before it did and something ahead rests on it.
fn due(process: &Process, stage: &Stage, list: &Checklist) -> bool {
    let gives = |stage: &Stage| {
        let mut seeds = stage.seed.checklists.iter();
        seeds.any(|(key, from)| *key == list.key && from.is_empty())
    };
    let asked = |ahead: &Stage| {
        let mut items = list.items.iter();
        items.any(|item| process.wants_item(ahead, &item.key))
    };
    let rank = process.rank(&stage.key);
    let mut before = process.path().filter(|one| process.rank(&one.key) < rank);
    let mut ahead = process.path().filter(|one| process.rank(&one.key) > rank);
    gives(stage) || rank.is_some() && before.any(gives) && ahead.any(asked)
}

/// On the way, every line up to here; at its end, the stage's own.
fn blocks(process: &Process, stage: &Stage) -> Vec<AddBlock> {
    let rank = process.rank(&stage.key);
    let on_the_way = process.path().any(|one| process.rank(&one.key) > rank);
    let blocks = process.blocks.iter().filter(|block| {
        let earlier = rank.is_some() && process.rank(&block.at) < rank;
        block.at == stage.key || on_the_way && earlier
    });
    let blocks = blocks.map(|block| AddBlock {
        name: block.name.clone(),
        labels: block
            .fields
            .iter()
            .filter_map(|key| Some(process.field(key)?.name.clone()))
            .collect(),
    });
    blocks.collect()
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
