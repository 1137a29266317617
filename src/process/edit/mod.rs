//! A process file changed by a form without losing a word of it: comments, order, quotes, blank lines
//! and indentation of all that is not changed stay as they are, byte for byte. What comes out has
//! been read back; this never gives out a text that has a mistake as if it were good.

mod blocks;
mod change;
mod data;
mod draft;
mod form;
mod inline;
mod refs;
mod refused;
mod render;
mod source;
#[cfg(test)]
mod tests;

pub use change::{At, Beside, Change, List};
pub use form::*;
pub use refs::Where;
pub use refused::{Refused, Told};

use super::file;
use super::rules::{Process, Version};
use change::Work;
use serde::Serialize;

/// One save of a form.
const MOST_CHANGES: usize = 500;

/// A file that has been changed and read back.
#[derive(Clone, Debug, Serialize)]
pub struct Edited {
    pub text: String,
    pub version: Version,
    /// What differs, as `diff -u` shows it; empty where nothing does.
    pub diff: String,
    pub warnings: Vec<Told>,
    #[serde(skip)]
    pub process: Process,
}

/// The file as a form shows it.
pub fn form(text: &str) -> Result<Form, Vec<Told>> {
    toml::from_str(text).map_err(|error| match file::read(text) {
        Err(mistakes) => Told::all(&mistakes, text),
        Ok(_) => vec![Told::unforeseen(error.message())],
    })
}

/// The text with these changes, made in their order.
pub fn apply(text: &str, changes: &[Change]) -> Result<Edited, Refused> {
    if changes.len() > MOST_CHANGES {
        return Err(Refused::TooMany { most: MOST_CHANGES });
    }
    let Ok(mut work) = Work::new(text) else {
        let mistakes = file::read(text).err().unwrap_or_default();
        let mistakes = Told::all(&mistakes, text);
        return Err(Refused::Unreadable { mistakes });
    };
    for change in changes {
        work.make(change)?;
    }
    read_back(text, work.draft.text)
}

/// A text written by hand in the place of another: the same answer as to changes.
pub fn read_back(before: &str, text: String) -> Result<Edited, Refused> {
    let diff = diff(before, &text);
    match file::read(&text) {
        Ok(checked) => Ok(Edited {
            version: checked.process.version.clone(),
            warnings: Told::all(&checked.warnings, &text),
            process: checked.process,
            diff,
            text,
        }),
        Err(mistakes) => Err(Refused::Unsound {
            mistakes: Told::all(&mistakes, &text),
            diff,
            text,
        }),
    }
}

/// What differs between two versions, as `diff -u` shows it; empty where nothing does. Of texts that
/// have very little in common line by line it is not looked for: what is between the same beginning and
/// the same end is shown as taken out and put in.
pub fn diff(before: &str, after: &str) -> String {
    const AROUND: usize = 3;
    /// Lines that differ at the most: the work grows with their square.
    const MOST: usize = 6_000;
    let (old, new): (Vec<&str>, Vec<&str>) = (
        before.split_inclusive('\n').collect(),
        after.split_inclusive('\n').collect(),
    );
    let pairs = old.iter().zip(&new);
    let head = pairs.take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[head..], &new[head..]);
    let pairs = old.iter().rev().zip(new.iter().rev());
    let tail = pairs.take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    if old.len() + new.len() > MOST {
        return whole(head, old, new);
    }
    let diff = similar::TextDiff::from_lines(before, after);
    diff.unified_diff().context_radius(AROUND).to_string()
}

fn whole(head: usize, old: &[&str], new: &[&str]) -> String {
    let (from, out, put) = (head + 1, old.len(), new.len());
    let mut text = format!("@@ -{from},{out} +{from},{put} @@\n");
    for (sign, lines) in [('-', old), ('+', new)] {
        for line in lines {
            text.push(sign);
            text.push_str(line.trim_end_matches('\n'));
            text.push('\n');
        }
    }
    text
}

/// A text as a process file writes it.
pub fn quoted(text: &str) -> String {
    render::value(&text.into(), "")
}
