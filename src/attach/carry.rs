//! A new version of the file on a board that has one: later moves are judged by it, and cards keep
//! their standing. A stage that cards stand in does not vanish by mistake.

use crate::model::Lane;
use crate::process::{Memory, Process, StageKey};
use std::collections::BTreeMap;

#[derive(Debug)]
pub struct Carried {
    /// Memories whose stage was renamed.
    pub memories: Vec<(Lane, Memory)>,
    /// Occupied stages the new file neither has nor names with `was`, with how many cards.
    pub orphans: Vec<(StageKey, usize)>,
}

pub fn carry(process: &Process, memories: &[(Lane, Memory)]) -> Carried {
    let renamed: BTreeMap<&StageKey, &StageKey> = process
        .stages
        .iter()
        .filter_map(|stage| Some((stage.was.as_ref()?, &stage.key)))
        .collect();
    let mut carried = Carried {
        memories: Vec::new(),
        orphans: Vec::new(),
    };
    let mut orphans: BTreeMap<StageKey, usize> = BTreeMap::new();
    for (lane, memory) in memories.iter().filter(|(_, memory)| !memory.gone) {
        let Some(standing) = &memory.standing else {
            continue;
        };
        let to = renamed.get(&standing.stage).copied();
        if let Some(to) = to.filter(|_| process.stage(&standing.stage).is_none()) {
            carried
                .memories
                .push((lane.clone(), rename(memory, &renamed, to)));
        } else if process.stage(&standing.stage).is_none() {
            *orphans.entry(standing.stage.clone()).or_default() += 1;
        }
    }
    carried.orphans = orphans.into_iter().collect();
    carried
}

fn rename(memory: &Memory, renamed: &BTreeMap<&StageKey, &StageKey>, to: &StageKey) -> Memory {
    let mut memory = memory.clone();
    let new = |key: &StageKey| {
        renamed
            .get(key)
            .map_or_else(|| key.clone(), |new| (*new).clone())
    };
    if let Some(standing) = &mut memory.standing {
        standing.stage = to.clone();
        standing.stood = standing.stood.as_ref().map(&new);
    }
    memory.seeded = memory.seeded.iter().map(&new).collect();
    memory
}
