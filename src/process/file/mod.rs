//! process.toml to a rulebook. Every mistake is told at once, each at its line with the way to mend
//! it; a file with a mistake yields nothing.

mod fields;
mod mistake;
mod place;
mod promise;
mod raw;
mod resolve;
mod sound;
mod stages;
mod values;
mod walk;
mod ways;

pub use mistake::{Mistake, Severity, render};
pub use promise::{Promise, promises};

use super::rules::{Process, Version};
use raw::RawProcess;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::de::DeTable;

#[derive(Debug)]
pub struct Checked {
    pub process: Process,
    pub warnings: Vec<Mistake>,
}

/// Larger files are refused unread.
const MOST_BYTES: usize = 1 << 20;

pub fn read(text: &str) -> Result<Checked, Vec<Mistake>> {
    if text.len() > MOST_BYTES {
        return Err(vec![Mistake::error(
            0..0,
            "the file is larger than 1 MB",
            "a process file is a few tens of kilobytes",
        )]);
    }
    let (tree, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let told = errors.iter().map(|error| {
            let span = error.span().unwrap_or(0..0);
            Mistake::error(
                span,
                format!("this is not TOML: {}", error.message()),
                "see https://toml.io for how it is written",
            )
        });
        return Err(in_order(told.collect()));
    }
    let schema = schema();
    let mistakes = walk::walk(&tree, &schema);
    if !mistakes.is_empty() {
        return Err(in_order(mistakes));
    }
    let raw = toml::de::Deserializer::parse(text)
        .and_then(RawProcess::deserialize)
        .map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            vec![Mistake::error(span, error.message().to_owned(), "")]
        })?;
    let (process, mut mistakes) = resolve::resolve(&raw, &tree, version(text));
    if mistakes.is_empty() {
        mistakes = sound::sound(&process, &[], |place| place.span(&tree));
    }
    let (errors, warnings): (Vec<_>, Vec<_>) = mistakes
        .into_iter()
        .partition(|mistake| mistake.severity == Severity::Error);
    if errors.is_empty() {
        Ok(Checked {
            process,
            warnings: in_order(warnings),
        })
    } else {
        Err(in_order(errors))
    }
}

fn in_order(mut mistakes: Vec<Mistake>) -> Vec<Mistake> {
    mistakes.sort_by_key(|mistake| mistake.span.start);
    mistakes.dedup();
    mistakes
}

fn version(text: &str) -> Version {
    Version(
        Sha256::digest(text)
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect(),
    )
}

/// The JSON Schema of process files, for editors.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(RawProcess).to_value()
}
