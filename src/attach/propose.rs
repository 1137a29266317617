//! A process for a board that has none: a ready one whose stages are the board's differently named
//! lists, or the board's own lists as stages that ask for nothing yet. A proposal: the person
//! corrects it, and what comes out is the text of a process file. Nothing is written anywhere.

mod alike;
mod own;

pub use own::{Own, own};

use crate::model::{Board, List, ListId, Member, Membership, Rank};
use crate::process::edit::{At, Change, Edited, Refused, apply};
use crate::process::{Language, Process, Role, StageKey, same};
use alike::alike;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The processes that come with the program.
pub fn shipped(language: Language) -> &'static str {
    match language {
        Language::Ru => include_str!("../../radio.ru.toml"),
        Language::En => include_str!("../../radio.en.toml"),
    }
}

/// The language that a board's lists are named in.
pub fn language_of(board: &Board) -> Language {
    let russian = |text: &str| {
        text.chars()
            .any(|sign| matches!(sign, 'а'..='я' | 'А'..='Я' | 'ё'))
    };
    let lists = open(board).filter(|list| russian(&list.name)).count();
    match lists * 2 > open(board).count() || lists > 0 && russian(&board.name) {
        true => Language::Ru,
        false => Language::En,
    }
}

/// Which list a stage is, and who holds which role.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    pub stages: Vec<Bound>,
    pub roles: Vec<Held>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    pub stage: StageKey,
    /// What the stage is called in the file.
    pub name: String,
    /// None: a list is created.
    pub list: Option<ListId>,
    /// By its name, and not only by its place.
    #[serde(default)]
    pub sure: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Held {
    pub role: String,
    pub name: String,
    /// Usernames.
    pub people: Vec<String>,
}

impl Proposal {
    /// Whoever the file itself puts into its roles.
    pub fn held_by(&mut self, process: &Process) {
        let roles = process.roles.iter().map(|role| Held {
            role: role.key.to_string(),
            name: role.name.clone(),
            people: role.people.clone(),
        });
        self.roles = roles.collect();
    }
}

/// As like as this two names mean one thing.
const ALIKE: f64 = 0.55;

/// What fits, by name first, then by place: lists between two that fit are the stages between them
/// where there are as many. `me` holds no role.
pub fn propose(process: &Process, board: &Board, me: &Member) -> Proposal {
    let news = process.news_list.as_deref().unwrap_or_default();
    let lists: Vec<&List> = open(board).filter(|list| !same(&list.name, news)).collect();
    let path: Vec<_> = process.path().collect();
    let names: Vec<_> = path.iter().map(|stage| stage.name.as_str()).collect();
    let beside = process.stages.iter().filter(|stage| !stage.is_path());
    let aside = |list: &&List| {
        let best = |name: &str| alike(name, &list.name);
        let own = beside
            .clone()
            .map(|stage| best(&stage.name))
            .fold(0.0, f64::max);
        own >= ALIKE && names.iter().all(|name| best(name) < own)
    };
    let (aside, along): (Vec<&List>, Vec<&List>) = lists.iter().partition(|list| aside(list));
    let mut found = in_step(&names, &along);
    by_place(&mut found, along.len());
    let along = path.iter().zip(found).map(|(stage, found)| Bound {
        stage: stage.key.clone(),
        name: stage.name.clone(),
        list: found.map(|(at, _)| along[at].id.clone()),
        sure: found.is_some_and(|(_, sure)| sure),
    });
    let mut stages: Vec<Bound> = along.collect();
    let mut left = aside;
    for stage in beside.clone() {
        let like = |list: &List| alike(&stage.name, &list.name);
        let best = (0..left.len()).max_by(|a, b| like(left[*a]).total_cmp(&like(left[*b])));
        let best = best.filter(|at| like(left[*at]) >= ALIKE);
        let list = best.map(|at| left.remove(at).id.clone());
        stages.push(Bound {
            stage: stage.key.clone(),
            name: stage.name.clone(),
            sure: list.is_some(),
            list,
        });
    }
    Proposal {
        stages,
        roles: roles(process, board, me),
    }
}

fn open(board: &Board) -> impl Iterator<Item = &List> {
    board.lists.iter().filter(|list| !list.closed)
}

/// For each stage its list, so that both go from left to right and the names are as like as can be.
fn in_step(stages: &[&str], lists: &[&List]) -> Vec<Option<(usize, bool)>> {
    let (rows, columns) = (stages.len(), lists.len());
    let like = |stage: usize, list: usize| {
        let like = alike(stages[stage], &lists[list].name);
        if like >= ALIKE { like } else { 0.0 }
    };
    // The best that can be had of the stages and lists from here on.
    let mut best = vec![vec![0.0_f64; columns + 1]; rows + 1];
    for stage in (0..rows).rev() {
        for list in (0..columns).rev() {
            let without = best[stage + 1][list].max(best[stage][list + 1]);
            best[stage][list] = without.max(like(stage, list) + best[stage + 1][list + 1]);
        }
    }
    let mut found = vec![None; rows];
    let (mut stage, mut list) = (0, 0);
    while stage < rows && list < columns {
        let own = like(stage, list);
        if own > 0.0 && best[stage][list] <= own + best[stage + 1][list + 1] {
            found[stage] = Some((list, true));
            (stage, list) = (stage + 1, list + 1);
        } else if best[stage + 1][list] >= best[stage][list + 1] {
            stage += 1;
        } else {
            list += 1;
        }
    }
    found
}

fn by_place(found: &mut [Option<(usize, bool)>], lists: usize) {
    let mut from = 0;
    let mut left = 0;
    while from <= found.len() {
        let until = (from..found.len()).find(|at| found[*at].is_some());
        let (until, right) = match until {
            Some(at) => (at, found[at].map_or(lists, |(list, _)| list)),
            None => (found.len(), lists),
        };
        if until - from == right.saturating_sub(left) {
            for (nth, one) in found[from..until].iter_mut().enumerate() {
                *one = Some((left + nth, false));
            }
        }
        (from, left) = (until + 1, right + 1);
    }
}

/// By what stands in people's names: «Ольга (бухгалтер)». The owner of the process is the board's
/// admin, where there is one alone and nobody else is named so.
fn roles(process: &Process, board: &Board, me: &Member) -> Vec<Held> {
    let people: Vec<&Membership> = board
        .members
        .iter()
        .filter(|one| one.is_active() && one.member.id != me.id)
        .collect();
    let admins: Vec<_> = people
        .iter()
        .filter(|one| one.rank == Rank::Admin)
        .collect();
    let held = process.roles.iter().map(|role| {
        let fits = people.iter().filter(|one| hinted(role, &one.member));
        let mut fits: Vec<_> = fits.map(|one| one.member.username.clone()).collect();
        if let (true, true, [admin]) = (fits.is_empty(), role.key == process.owner, &admins[..]) {
            fits.push(admin.member.username.clone());
        }
        Held {
            role: role.key.to_string(),
            name: role.name.clone(),
            people: fits,
        }
    });
    held.collect()
}

fn hinted(role: &Role, member: &Member) -> bool {
    [&role.name, role.key.as_str()].iter().any(|word| {
        let named = |text: &str| alike::has_word(text, word);
        named(&member.full_name) || named(&member.username)
    })
}

/// The file with its stages called as the lists they are, and with these people in its roles.
pub fn written(text: &str, proposal: &Proposal, board: &Board) -> Result<Edited, Refused> {
    let set = |at: At, key: &str, value| Change::Set {
        at,
        key: key.to_owned(),
        value: Some(value),
    };
    let names = proposal.stages.iter().filter_map(|bound| {
        let list = bound.list.as_ref()?;
        let list = board.lists.iter().find(|one| one.id == *list)?;
        let key = bound.stage.to_string();
        Some(set(At::Stage { key }, "name", json!(list.name.trim())))
    });
    let roles = proposal.roles.iter().filter(|held| !held.people.is_empty());
    let people = roles.map(|held| {
        let key = held.role.clone();
        set(At::Role { key }, "people", json!(held.people))
    });
    apply(text, &names.chain(people).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests;
