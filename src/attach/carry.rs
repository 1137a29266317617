//! A new version of the file on a board that has one: later moves are judged by it, and cards keep
//! their standing. A stage that cards stand in does not vanish by mistake. Going back to an earlier
//! version is no other thing: what was renamed since is called by its old key again.

use crate::model::Lane;
use crate::process::{Bindings, Memory, Process, StageKey};
use std::collections::{BTreeMap, BTreeSet};

/// From the key of a stage in the version in force to its key in the new one.
pub type Renames = BTreeMap<StageKey, StageKey>;

#[derive(Debug)]
pub struct Carried {
    /// Memories whose stage was renamed.
    pub memories: Vec<(Lane, Memory)>,
    /// Occupied stages the new file neither has nor names with `was`, with how many cards.
    pub orphans: Vec<(StageKey, usize)>,
}

/// The new file says itself what its stages were; what they have become since it was in force, the
/// versions say that came after it. `earlier`: the one in force first.
pub fn renames(process: &Process, earlier: &[Process]) -> Renames {
    let stages = process.stages.iter();
    let forward = stages.filter_map(|stage| Some((stage.was.clone()?, stage.key.clone())));
    let mut renamed: Renames = forward.collect();
    renamed.retain(|was, _| process.stage(was).is_none());
    let Some(in_force) = earlier.first() else {
        return renamed;
    };
    let was = |key: &StageKey| -> Vec<&StageKey> {
        let found = earlier
            .iter()
            .filter_map(|one| one.stage(key)?.was.as_ref());
        found.collect()
    };
    for stage in &in_force.stages {
        if process.stage(&stage.key).is_some() || renamed.contains_key(&stage.key) {
            continue;
        }
        let (mut seen, mut next) = (BTreeSet::new(), was(&stage.key));
        while let Some(key) = next.pop() {
            if process.stage(key).is_some() && in_force.stage(key).is_none() {
                renamed.insert(stage.key.clone(), key.clone());
                break;
            }
            if seen.insert(key) {
                next.extend(was(key));
            }
        }
    }
    renamed
}

/// The bindings in force with the lists of renamed stages under their new keys.
pub fn rebound(bindings: &Bindings, renamed: &Renames) -> Bindings {
    let mut bindings = bindings.clone();
    for (old, new) in renamed {
        if let Some(list) = bindings.lists.remove(old) {
            bindings.lists.insert(new.clone(), list);
        }
    }
    bindings
}

pub fn carry(process: &Process, renamed: &Renames, memories: &[(Lane, Memory)]) -> Carried {
    let mut carried = Carried {
        memories: Vec::new(),
        orphans: Vec::new(),
    };
    let mut orphans: BTreeMap<StageKey, usize> = BTreeMap::new();
    for (lane, memory) in memories.iter().filter(|(_, memory)| !memory.gone) {
        let Some(standing) = &memory.standing else {
            continue;
        };
        if renamed.contains_key(&standing.stage) {
            carried
                .memories
                .push((lane.clone(), rename(memory, renamed)));
        } else if process.stage(&standing.stage).is_none() {
            *orphans.entry(standing.stage.clone()).or_default() += 1;
        }
    }
    carried.orphans = orphans.into_iter().collect();
    carried
}

fn rename(memory: &Memory, renamed: &Renames) -> Memory {
    let mut memory = memory.clone();
    let new = |key: &StageKey| renamed.get(key).unwrap_or(key).clone();
    if let Some(standing) = &mut memory.standing {
        standing.stage = new(&standing.stage);
        standing.stood = standing.stood.as_ref().map(&new);
    }
    memory.seeded = memory.seeded.iter().map(&new).collect();
    let turns = &mut memory.turns;
    turns.stage = turns.stage.as_ref().map(&new);
    let of_stage = std::mem::take(&mut turns.of_stage).into_iter();
    turns.of_stage = of_stage.map(|(key, held)| (new(&key), held)).collect();
    memory
}
