//! The architecture, held by a test: every `crate::` and `super::` path points down, and rooms on one
//! floor do not know each other.

#![allow(clippy::unwrap_used)]
use std::fs;
use std::path::{Path, PathBuf};

const FLOORS: &[(&str, u8)] = &[
    ("model", 0),
    ("network", 1),
    ("process", 1),
    ("figures", 2),
    ("store", 2),
    ("trello", 2),
    ("target", 2),
    ("notify", 2),
    ("engine", 3),
    ("attach", 3),
    ("paper", 3),
    ("web", 4),
    ("cli", 5),
];
/// Beside the house: it imports nothing of ours, and only the door opens it.
const SANDBOX: &str = "sandbox";

fn floor(room: &str) -> Option<u8> {
    FLOORS
        .iter()
        .find(|(name, _)| *name == room)
        .map(|(_, floor)| *floor)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("node_modules") {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The rooms that a file's paths lead to. `super::` that climbs out of the file's own room leads to
/// the crate's root, as `crate::` does.
fn rooms_named(text: &str, depth: usize) -> Vec<String> {
    let climb = "super::".repeat(depth);
    let mut named = Vec::new();
    for line in text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("//"))
    {
        for start in ["crate::", climb.as_str()] {
            for (at, _) in line.match_indices(start) {
                let before = line[..at].chars().next_back();
                if start.is_empty()
                    || before
                        .is_some_and(|sign| sign.is_alphanumeric() || sign == '_' || sign == ':')
                {
                    continue;
                }
                let rest = &line[at + start.len()..];
                let names = match rest.strip_prefix('{') {
                    Some(group) => group
                        .split(',')
                        .map(|part| part.trim().to_owned())
                        .collect(),
                    None => vec![rest.to_owned()],
                };
                let word = |name: String| {
                    name.chars()
                        .take_while(|sign| sign.is_alphanumeric() || *sign == '_')
                        .collect::<String>()
                };
                named.extend(names.into_iter().map(word).filter(|name| !name.is_empty()));
            }
        }
    }
    named
}

#[test]
fn every_arrow_points_down() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&root, &mut all);
    let mut wrong = Vec::new();
    let mut seen = 0;
    for path in &all {
        let parts: Vec<_> = path
            .strip_prefix(&root)
            .unwrap()
            .iter()
            .map(|part| part.to_string_lossy().into_owned())
            .collect();
        let room = parts[0].trim_end_matches(".rs");
        // Modules below the crate's root: `src/store/sqlite/work.rs` is three deep.
        let depth = parts.len() - usize::from(parts.last().is_some_and(|last| last == "mod.rs"));
        for named in rooms_named(&fs::read_to_string(path).unwrap(), depth) {
            seen += 1;
            let allowed = match (floor(room), floor(&named)) {
                _ if named == room => true,
                (None, _) if room == SANDBOX => false,
                (_, None) if named == SANDBOX => room == "cli",
                (None, _) => true,
                (Some(here), Some(there)) => there < here,
                (Some(_), None) => floor(&named).is_none() && !root.join(&named).exists(),
            };
            if !allowed {
                wrong.push(format!("{} leads to {named}", path.display()));
            }
        }
    }
    assert!(
        seen > 100,
        "the test found only {seen} arrows and has gone blind"
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_test_sees_a_wrong_arrow() {
    assert_eq!(rooms_named("use crate::engine::Engine;", 2), ["engine"]);
    assert_eq!(
        rooms_named("let x = super::super::store::open();", 2),
        ["store"]
    );
    assert_eq!(
        rooms_named("use crate::{engine, store::Store};", 2),
        ["engine", "store"]
    );
}

#[test]
fn no_file_is_longer_than_500_lines() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    files(&root.join("src"), &mut all);
    files(&root.join("tests"), &mut all);
    let long: Vec<_> = all
        .iter()
        .filter(|path| fs::read_to_string(path).unwrap().lines().count() > 500)
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}
