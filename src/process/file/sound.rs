//! Beyond syntax: a process that could not work. A stage no card can reach or leave, a gate nobody can
//! pass, needs that wait for each other; and what would do nothing, though it reads as if it did.

mod gates;
mod idle;
mod reach;
mod rings;
mod seeds;

use super::mistake::Mistake;
use super::place::Place as At;
use super::resolve::Kin;
use super::ways::Ways;
use crate::process::rules::*;
use std::collections::BTreeSet;
use std::ops::Range;

/// `unsure`: of these kinds some name leads nowhere, and has been told. What rests on them is not
/// judged: one mistake is told once.
pub(super) fn sound(
    process: &Process,
    unsure: &[Kin],
    span: impl Fn(&At) -> Range<usize>,
) -> Vec<Mistake> {
    let mut sound = Sound {
        process,
        ways: Ways::of(process),
        span: &span,
        mistakes: Vec::new(),
    };
    let sure = |kinds: &[Kin]| !kinds.iter().any(|kin| unsure.contains(kin));
    if sure(&[Kin::Stage, Kin::Role]) {
        sound.reach();
    }
    if sure(&[Kin::Role]) {
        sound.gates();
    }
    if sure(&[Kin::Stage, Kin::Checklist, Kin::Item]) {
        sound.seeds();
    }
    if sure(&[Kin::Field]) {
        sound.rings();
    }
    sound.idle();
    sound.mistakes
}

struct Sound<'a> {
    process: &'a Process,
    ways: Ways<'a>,
    span: &'a dyn Fn(&At) -> Range<usize>,
    mistakes: Vec<Mistake>,
}

impl<'a> Sound<'a> {
    fn error(&mut self, at: &At, what: impl Into<String>, mend: impl Into<String>) {
        let span = (self.span)(at);
        self.mistakes.push(Mistake::error(span, what, mend));
    }

    fn warn(&mut self, at: &At, what: impl Into<String>, mend: impl Into<String>) {
        let span = (self.span)(at);
        self.mistakes.push(Mistake::warning(span, what, mend));
    }

    /// Where the stage of this number is written.
    fn at(&self, stage: usize) -> At {
        let path = self.process.path().count();
        match stage.checked_sub(path) {
            None => At::item("stage", stage),
            Some(side) => At::item("side", side),
        }
    }

    /// The people named for these roles, deputies with them.
    fn people(&self, roles: &[RoleKey]) -> BTreeSet<&'a str> {
        let process = self.process;
        let roles = roles.iter().filter_map(|role| process.role(role));
        roles
            .flat_map(|role| role.people.iter().chain(&role.deputies))
            .map(String::as_str)
            .collect()
    }

    /// Whether nobody can be of one of these and of one of those: no role is common, and nobody is
    /// named for both.
    fn apart(&self, these: &[RoleKey], those: &[RoleKey]) -> bool {
        let common = these.iter().any(|role| those.contains(role));
        !these.is_empty()
            && !those.is_empty()
            && !common
            && self.people(these).is_disjoint(&self.people(those))
    }
}

/// “`a`, `b` and `c`”.
fn listed<K: std::fmt::Display>(keys: &[K]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    match keys.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => keys.join(""),
    }
}
