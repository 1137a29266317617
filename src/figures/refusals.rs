//! What stops cards: refusals by gate, and by what was missing. Whose they were is not counted, and a
//! decision that somebody disputed is left out until it is settled by people.

use super::words::Words;
use super::{Record, Refusal, Way};
use crate::process::{Finding, Look, Process, StageKey};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Refusals {
    pub name: String,
    pub say: String,
    /// All that were counted; those of watch mode, which were let through, are not among them.
    pub count: usize,
    pub watched: usize,
    pub disputed_left_out: usize,
    /// In the order of the process.
    pub gates: Vec<Gate>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gate {
    pub key: String,
    pub name: String,
    pub refused: usize,
    pub watched: usize,
    /// Different cards among them.
    pub cards: usize,
    /// How often a card got in by rule, and how often by the owner's word.
    pub admitted: usize,
    pub by_word: usize,
    /// The most frequent first.
    pub missing: Vec<Missing>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// `field:contract_number`, `item:paid`, `mover` …
    pub id: String,
    pub name: String,
    /// In how many refusals it was among what was missing.
    pub times: usize,
}

/// Watch mode: what was let through and would not have been.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Watched {
    pub since: Timestamp,
    pub count: usize,
    /// In the order of the process.
    pub gates: Vec<WatchedGate>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WatchedGate {
    pub name: String,
    pub count: usize,
    /// The most frequent first.
    pub missing: Vec<Missing>,
}

pub(super) fn watched(record: &Record<'_>, words: &Words) -> Watched {
    let all = record.walks.iter().flat_map(|walk| &walk.refusals);
    let counted = all.filter(|one| one.watched && !one.disputed && one.at >= record.since);
    let counted: Vec<_> = counted.collect();
    let gates = keys(record, &counted).into_iter().filter_map(|key| {
        let own = || counted.iter().filter(|one| one.gate == key).copied();
        let count = own().count();
        (count > 0).then(|| WatchedGate {
            name: record.process.stage_name(&key),
            count,
            missing: missing(record, words, own()),
        })
    });
    Watched {
        since: record.since,
        count: counted.len(),
        gates: gates.collect(),
    }
}

/// In the order of the process; gates that it does not have any more behind them.
fn keys(record: &Record<'_>, counted: &[&Refusal]) -> Vec<StageKey> {
    let stages = record.process.stages.iter();
    let mut keys: Vec<StageKey> = stages.map(|one| one.key.clone()).collect();
    for refusal in counted {
        if !keys.contains(&refusal.gate) {
            keys.push(refusal.gate.clone());
        }
    }
    keys
}

fn missing<'r>(
    record: &Record<'_>,
    words: &Words,
    refusals: impl Iterator<Item = &'r Refusal>,
) -> Vec<Missing> {
    let mut missing: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for one in refusals {
        // The same thing may be asked for twice in one finding.
        let parts = one.finding.iter().flat_map(Finding::missing);
        let parts: BTreeMap<_, _> = parts.map(|part| (part.id(), part)).collect();
        for (id, part) in parts {
            let name = || name(record.process, words, part);
            missing.entry(id).or_insert_with(|| (name(), 0)).1 += 1;
        }
    }
    let missing = missing.into_iter();
    let mut missing: Vec<_> = missing
        .map(|(id, (name, times))| Missing { id, name, times })
        .collect();
    missing.sort_by_key(|one| std::cmp::Reverse(one.times));
    missing
}

pub(super) fn refusals(record: &Record<'_>, words: &Words) -> Refusals {
    let recent = |refusal: &&Refusal| refusal.at >= record.since;
    let all = record.walks.iter().flat_map(|walk| &walk.refusals);
    let (disputed, counted): (Vec<_>, Vec<_>) = all.filter(recent).partition(|one| one.disputed);
    let keys = keys(record, &counted);
    let gates = keys.iter().map(|key| gate(record, words, key));
    let gates = gates.filter(|gate| gate.refused + gate.watched + gate.by_word > 0);
    let (name, say) = words.refusals();
    Refusals {
        name,
        say,
        count: counted.iter().filter(|one| !one.watched).count(),
        watched: counted.iter().filter(|one| one.watched).count(),
        disputed_left_out: disputed.len(),
        gates: gates.collect(),
    }
}

fn gate(record: &Record<'_>, words: &Words, key: &StageKey) -> Gate {
    let (mut refused, mut watched, mut cards) = (0, 0, BTreeSet::new());
    let (mut admitted, mut by_word) = (0, 0);
    let mut counted = Vec::new();
    for walk in record.walks {
        let recent = |at| at >= record.since;
        let own = walk.refusals.iter().filter(|one| one.gate == *key);
        for one in own.filter(|one| recent(one.at) && !one.disputed) {
            if one.watched {
                watched += 1;
            } else {
                refused += 1;
            }
            cards.insert(&walk.card);
            counted.push(one);
        }
        let stays = walk.stays.iter().filter(|stay| stay.stage == *key);
        for stay in stays.filter(|stay| stay.entered().is_some_and(recent)) {
            match stay.way {
                Way::Pass => by_word += 1,
                Way::Watched | Way::Back | Way::Found => {}
                _ => admitted += 1,
            }
        }
    }
    Gate {
        key: key.to_string(),
        name: record.process.stage_name(key),
        refused,
        watched,
        cards: cards.len(),
        admitted,
        by_word,
        missing: missing(record, words, counted.into_iter()),
    }
}

/// As the file words it, or by the name of the thing.
fn name(process: &Process, words: &Words, finding: &Finding) -> String {
    if let Some(say) = &finding.say {
        return say.clone();
    }
    let item = |key| process.item(key).map(|item| item.name.clone());
    let known = match &finding.look {
        Look::Mover { .. } => Some(words.mover()),
        Look::Route { .. } => Some(words.route()),
        Look::Wip { .. } => Some(words.wip()),
        Look::Pass { stage } => Some(words.pass(&process.stage_name(stage))),
        Look::Field { field, .. } => process.field(field).map(|field| field.name.clone()),
        Look::Item { item: key, .. } => item(key),
        Look::FourEyes { item: key, .. } => item(key).map(|item| words.four_eyes(&item)),
        Look::Checklist { checklist, .. } => {
            process.checklist(checklist).map(|list| list.name.clone())
        }
        Look::Label { label, .. } => process
            .label(label.as_str())
            .map(|label| label.name.clone()),
        Look::Member { role } => process.role(role).map(|role| words.member(&role.name)),
        Look::Attachment { pattern, .. } => Some(words.attachment(pattern)),
        Look::All | Look::Any => {
            let parts = finding.parts.iter().filter(|part| !part.ok);
            let parts: Vec<_> = parts.map(|part| name(process, words, part)).collect();
            Some(match finding.look {
                Look::Any => words.or(&parts),
                _ => words.and(&parts),
            })
        }
    };
    // What the file does not have any more keeps its key.
    known.unwrap_or_else(|| finding.id())
}
