//! process.toml to a rulebook. Every mistake is told at once, each at its line with the way to mend
//! it; a file with a mistake yields nothing.

mod calendars;
mod excerpt;
mod fields;
mod http;
mod letter;
mod letters;
mod link;
mod mistake;
mod order;
mod place;
mod promise;
mod raw;
mod resolve;
mod shape;
mod sound;
mod stages;
mod syntax;
mod tables;
mod targets;
mod values;
mod walk;
mod ways;
mod ways_out;

pub use calendars::with_calendars;
pub use excerpt::excerpt;
pub use mistake::{Mistake, Severity, render, render_all};
pub use promise::{Promise, promises};

pub(in crate::process) use letters::nearest;

use super::rules::{Process, Version};
use crate::model::hex;
use raw::RawProcess;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use toml::Spanned;
use toml::de::DeTable;

#[derive(Debug)]
pub struct Checked {
    pub process: Process,
    pub warnings: Vec<Mistake>,
}

/// Larger files are refused unread.
const MOST_BYTES: usize = 1 << 20;
/// The ways between more of them are not looked through.
const MOST_STAGES: usize = 100;

pub fn read(text: &str) -> Result<Checked, Vec<Mistake>> {
    let (process, mistakes) = examine(text);
    let (errors, warnings): (Vec<_>, Vec<_>) = mistakes
        .into_iter()
        .partition(|mistake| mistake.severity == Severity::Error);
    match process.filter(|_| errors.is_empty()) {
        Some(process) => Ok(Checked {
            process,
            warnings: in_order(warnings),
        }),
        None => Err(in_order(errors)),
    }
}

/// A process that is in force: what newer rules find wrong with it is no reason to let its board go.
pub fn in_force(text: &str) -> Option<Process> {
    let (process, _) = examine(text);
    process.filter(|process| !process.stages.is_empty())
}

static SCHEMA: LazyLock<serde_json::Value> =
    LazyLock::new(|| schemars::schema_for!(RawProcess).to_value());

/// The keys that the part of that name may have, in the order in which they are written.
pub(in crate::process) fn keys(path: &[&str]) -> Vec<&'static str> {
    let mut shape = shape::Shape::root(&SCHEMA);
    for key in path {
        let Some(inner) = shape.property(key) else {
            return Vec::new();
        };
        shape = match inner.kind() {
            "array" => inner.items(),
            _ => inner,
        };
    }
    shape.properties().collect()
}

/// The process, in as far as it can be read, and all that is to be said of it.
fn examine(text: &str) -> (Option<Process>, Vec<Mistake>) {
    if text.len() > MOST_BYTES {
        let what = "the file is larger than 1 MB";
        let mend = "a process file is a few tens of kilobytes";
        return (None, vec![Mistake::error(0..0, what, mend)]);
    }
    let shape = shape::Shape::root(&SCHEMA);
    let meant = syntax::meant(text, &shape);
    let mut read = syntax::read(&meant.text, &shape);
    let mut mistakes = std::mem::take(&mut read.mistakes);
    let mut process = None;
    if !read.runs_on {
        let told = walk::walk(&mut read.tree, &meant.text, &shape);
        mistakes.extend(told.into_iter().filter(|mistake| read.knows(mistake)));
    }
    if !read.runs_on && !read.has_gaps() {
        let raw = RawProcess::deserialize(toml::de::Deserializer::from(read.tree.clone()));
        match raw {
            Ok(raw) => {
                let (made, told) = judged(&raw, &read.tree, &meant.text, version(text));
                mistakes.extend(told);
                process = Some(made);
            }
            Err(error) if mistakes.is_empty() => {
                let span = error.span().unwrap_or(0..0);
                mistakes.push(Mistake::error(span, error.message().to_owned(), ""));
            }
            Err(_) => {}
        }
    }
    for mistake in &mut mistakes {
        mistake.span = meant.back(mistake.span.clone());
    }
    mistakes.extend(meant.mistakes);
    (process, mistakes)
}

/// What the names lead to, and what that amounts to, in as far as it can be read.
fn judged(
    raw: &RawProcess,
    tree: &Spanned<DeTable<'_>>,
    text: &str,
    version: Version,
) -> (Process, Vec<Mistake>) {
    let resolved = resolve::resolve(raw, tree, text, version);
    let mut mistakes = resolved.mistakes;
    if resolved.process.stages.len() > MOST_STAGES {
        let what = format!("there are more than {MOST_STAGES} stages");
        mistakes.push(Mistake::error(0..0, what, "make two boards of them"));
        return (resolved.process, mistakes);
    }
    mistakes.extend(sound::sound(&resolved.process, &resolved.unsure, |place| {
        place.span(tree)
    }));
    (resolved.process, mistakes)
}

fn in_order(mut mistakes: Vec<Mistake>) -> Vec<Mistake> {
    mistakes.sort_by_key(|mistake| mistake.span.start);
    mistakes.dedup();
    mistakes
}

fn version(text: &str) -> Version {
    Version(hex(&Sha256::digest(text)[..6]))
}

/// The JSON Schema of process files, for editors: a file may say itself which schema it follows.
pub fn schema() -> serde_json::Value {
    let mut schema = SCHEMA.clone();
    if let Some(known) = schema.pointer_mut("/properties") {
        known["$schema"] = serde_json::json!({ "type": "string" });
    }
    schema
}
