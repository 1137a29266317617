//! What stands between a file and TOML. Slips of the pen are told and read as they were meant, so
//! that the rest of the file can be judged; of what cannot be read the author is told in words, and
//! the lines around it are left alone.

mod hints;
mod lines;
mod slips;

use super::mistake::Mistake;
use super::shape::Shape;
use lines::Lines;
use std::ops::Range;
use toml::Spanned;
use toml::de::DeTable;

/// What the reader says of a key that is there already: nothing is lost by it.
const TWICE: &str = "duplicate key";

/// The text as it was meant, and what was told on the way.
pub(super) struct Meant {
    pub(super) text: String,
    pub(super) mistakes: Vec<Mistake>,
    edits: Vec<Edit>,
}

/// One piece of the text, read as another.
struct Edit {
    span: Range<usize>,
    instead: String,
}

/// A slip and how it is read.
struct Slip {
    span: Range<usize>,
    instead: String,
    what: String,
    mend: String,
}

pub(super) fn meant(text: &str, schema: &Shape<'_>) -> Meant {
    let lines = Lines::of(text);
    let (_, errors) = DeTable::parse_recoverable(text);
    let wrong: Vec<usize> = errors
        .iter()
        .filter(|error| !error.message().contains(TWICE))
        .filter_map(|error| Some(lines.at(error.span()?.start)))
        .collect();
    let mut slips = Vec::new();
    for (nth, line) in lines.all.iter().enumerate() {
        if line.within.is_some() {
            continue;
        }
        let part = &text[line.span.clone()];
        slips.extend(slips::header(part, line.span.start, schema));
        if wrong.contains(&nth) {
            slips.extend(slips::line(part, line.span.start));
        }
    }
    slips.sort_by_key(|slip| slip.span.start);
    let mut meant = Meant {
        text: String::with_capacity(text.len()),
        mistakes: Vec::new(),
        edits: Vec::new(),
    };
    let mut upto = 0;
    for slip in slips {
        meant.text.push_str(&text[upto..slip.span.start]);
        meant.text.push_str(&slip.instead);
        upto = slip.span.end;
        let mistake = Mistake::error(slip.span.clone(), slip.what, slip.mend);
        meant.mistakes.push(mistake);
        meant.edits.push(Edit {
            span: slip.span,
            instead: slip.instead,
        });
    }
    meant.text.push_str(&text[upto..]);
    meant
}

impl Meant {
    /// A place of this text in the author's own.
    pub(super) fn back(&self, span: Range<usize>) -> Range<usize> {
        self.back_to(span.start)..self.back_to(span.end)
    }

    fn back_to(&self, at: usize) -> usize {
        let (mut mine, mut theirs) = (0, 0);
        for edit in &self.edits {
            let begins = mine + (edit.span.start - theirs);
            if at < begins {
                break;
            }
            if at < begins + edit.instead.len() {
                return edit.span.start;
            }
            mine = begins + edit.instead.len();
            theirs = edit.span.end;
        }
        theirs + (at - mine)
    }
}

/// The tree of a text, with what is wrong in it.
pub(super) struct Read<'t> {
    pub(super) tree: Spanned<DeTable<'t>>,
    pub(super) mistakes: Vec<Mistake>,
    /// Nothing is known of these parts, from header to header.
    unread: Vec<Range<usize>>,
    /// A text runs on over what follows it: nothing can be said of the rest.
    pub(super) runs_on: bool,
}

pub(super) fn read<'t>(text: &'t str, schema: &Shape<'_>) -> Read<'t> {
    let lines = Lines::of(text);
    let (tree, errors) = DeTable::parse_recoverable(text);
    let mut read = Read {
        tree,
        mistakes: Vec::new(),
        unread: Vec::new(),
        runs_on: false,
    };
    if errors.is_empty() {
        return read;
    }
    if let Some(mistake) = hints::runs_on(text, &lines, schema) {
        read.mistakes.push(mistake);
        read.runs_on = true;
        return read;
    }
    let mut told = Vec::new();
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        let line = lines.at(span.start);
        if told.contains(&line) {
            continue;
        }
        told.push(line);
        if error.message().contains(TWICE) {
            read.mistakes.push(hints::twice(text, &lines, span));
        } else {
            read.unread.push(lines.section(text, line));
            read.mistakes
                .push(hints::hint(text, &lines, span, error.message()));
        }
    }
    read
}

impl Read<'_> {
    /// Whether something was found that could not be read at all.
    pub(super) fn has_gaps(&self) -> bool {
        !self.unread.is_empty()
    }

    /// Whether a mistake is in a part that could be read.
    pub(super) fn knows(&self, mistake: &Mistake) -> bool {
        let at = mistake.span.start;
        !self.unread.iter().any(|part| part.contains(&at))
    }
}
