//! What holds of a process whoever moves its cards, read from the ways they can take. Nothing is
//! promised that one way breaks.

use super::ways::{Kind, Way, Ways};
use crate::process::rules::*;
use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Promise {
    /// Each of these roles has a hand in it.
    OnlyBy {
        stage: String,
        roles: Vec<String>,
    },
    /// One of these roles has a hand in it.
    OnlyByOneOf {
        stage: String,
        roles: Vec<String>,
    },
    NeedsTickOf {
        stage: String,
        item: String,
        roles: Vec<String>,
    },
    NeverSkipped {
        stage: String,
    },
    Ends {
        stages: Vec<String>,
    },
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Promise::OnlyBy { stage, roles } => {
                write!(f, "no path to “{stage}” without the {}", and(roles))
            }
            Promise::OnlyByOneOf { stage, roles } => {
                write!(f, "no path to “{stage}” without the {}", roles.join(" or "))
            }
            Promise::NeedsTickOf { stage, item, roles } => write!(
                f,
                "no path to “{stage}” without “{item}” ticked by the {}",
                roles.join(" or ")
            ),
            Promise::NeverSkipped { stage } => write!(f, "“{stage}” cannot be skipped"),
            Promise::Ends { stages } => {
                write!(f, "every stage can reach one of: {}", stages.join(", "))
            }
        }
    }
}

fn and(words: &[String]) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => {
            format!("{} and the {last}", first.join(", the "))
        }
        _ => words.join(""),
    }
}

pub fn promises(process: &Process) -> Vec<Promise> {
    let ways = Ways::of(process);
    let mut promises = Vec::new();
    for (rank, stage) in process.path().enumerate().skip(1) {
        promises.extend(by_roles(&ways, rank));
        promises.extend(by_ticks(&ways, rank));
        let later = ways.reach(|way| way.to.stage != rank);
        let passed = later
            .iter()
            .any(|node| (rank + 1..).contains(&node.stage) && process.stages[node.stage].is_path());
        if !passed && !stage.is_final() {
            promises.push(Promise::NeverSkipped {
                stage: stage.name.clone(),
            });
        }
    }
    promises.extend(ends(&ways));
    promises
}

fn names(process: &Process, roles: &[RoleKey]) -> Vec<String> {
    let roles = roles.iter().filter_map(|role| process.role(role));
    roles.map(|role| role.name.clone()).collect()
}

/// Whether a card comes to this stage by the ways that are open.
fn comes(ways: &Ways<'_>, rank: usize, open: impl Fn(&Way<'_>) -> bool) -> bool {
    ways.reach(open).iter().any(|node| node.stage == rank)
}

/// The roles without each of which no card comes here; failing that, the movers together.
fn by_roles(ways: &Ways<'_>, rank: usize) -> Option<Promise> {
    let process = ways.process;
    let without = |roles: &[RoleKey]| !comes(ways, rank, |way| !takes(process, way, roles));
    let stage = &process.stages[rank];
    let each: Vec<RoleKey> = process
        .roles
        .iter()
        .map(|role| role.key.clone())
        .filter(|role| without(std::slice::from_ref(role)))
        .collect();
    let name = stage.name.clone();
    if !each.is_empty() {
        let roles = names(process, &each);
        return Some(Promise::OnlyBy { stage: name, roles });
    }
    let movers = stage.movers.as_deref().filter(|movers| without(movers))?;
    let roles = names(process, movers);
    Some(Promise::OnlyByOneOf { stage: name, roles })
}

/// The ticks without which no card comes here.
fn by_ticks(ways: &Ways<'_>, rank: usize) -> Vec<Promise> {
    let process = ways.process;
    let stage = &process.stages[rank];
    let told = |need: &Need| {
        let Want::Item { item, by, .. } = &need.want else {
            return None;
        };
        let declared = process.item(item)?;
        let by = whose(by, declared);
        let asks = |need: &Need| {
            need.when.is_none()
                && matches!(&need.want, Want::Item { item: one, by: mine, .. }
                    if one == item && !by.is_empty() && within(whose(mine, declared), by))
        };
        let way = |way: &Way<'_>| {
            let gates = way.gates.iter().map(|gate| &process.stages[*gate]);
            gates.flat_map(|stage| &stage.needs).any(asks)
        };
        let kept = !by.is_empty() && !comes(ways, rank, |one| !way(one));
        kept.then(|| Promise::NeedsTickOf {
            stage: stage.name.clone(),
            item: declared.name.clone(),
            roles: names(process, by),
        })
    };
    let needs = stage.needs.iter().filter(|need| need.when.is_none());
    needs.filter_map(told).collect()
}

fn whose<'r>(by: &'r [RoleKey], item: &'r Item) -> &'r [RoleKey] {
    if by.is_empty() { &item.by } else { by }
}

/// Whether these roles are some of those, and there are any.
fn within(roles: &[RoleKey], of: &[RoleKey]) -> bool {
    !roles.is_empty() && roles.iter().all(|role| of.contains(role))
}

/// Whether this step cannot be made without one of these roles: by its mover, or by what a gate
/// on it asks of them whatever the card says.
fn takes(process: &Process, way: &Way<'_>, roles: &[RoleKey]) -> bool {
    let gates = way.gates.iter().map(|gate| &process.stages[*gate]);
    way.hands.iter().any(|hand| within(hand, roles))
        || gates
            .flat_map(|stage| &stage.needs)
            .any(|need| asks(process, need, roles))
}

fn asks(process: &Process, need: &Need, roles: &[RoleKey]) -> bool {
    let ticks = |item: &Item, by: &[RoleKey]| within(whose(by, item), roles);
    need.when.is_none()
        && match &need.want {
            Want::Item { item, by, .. } => process.item(item).is_some_and(|item| ticks(item, by)),
            Want::Checklist { checklist, by } => process.checklist(checklist).is_some_and(|list| {
                let mut always = list.items.iter().filter(|item| item.when.is_none());
                always.any(|item| within(&item.by, roles) || ticks(item, by))
            }),
            Want::Label { by, .. } | Want::Attachment { by, .. } => within(by, roles),
            Want::All(needs) => needs.iter().any(|need| asks(process, need, roles)),
            Want::Any(needs) => {
                !needs.is_empty() && needs.iter().all(|need| asks(process, need, roles))
            }
            Want::Field(_) | Want::Member(_) | Want::FourEyes(_) => false,
        }
}

fn ends(ways: &Ways<'_>) -> Option<Promise> {
    let process = ways.process;
    let come = ways.reach(|way| way.kind != Kind::Back);
    let is_end = |stage: usize| ways.ends(&process.stages[stage]);
    let all = process
        .path()
        .enumerate()
        .all(|(rank, _)| ways.onward(rank).iter().any(|node| is_end(node.stage)));
    let ends = (0..process.stages.len())
        .filter(|stage| is_end(*stage) && come.iter().any(|node| node.stage == *stage));
    let stages: Vec<String> = ends
        .map(|stage| process.stages[stage].name.clone())
        .collect();
    (all && !stages.is_empty()).then_some(Promise::Ends { stages })
}
