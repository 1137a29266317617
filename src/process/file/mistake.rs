//! A mistake in a process file, as its author needs it: where, what, and how to mend it.

use std::fmt::Write;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub severity: Severity,
    /// Bytes of the file's text.
    pub span: Range<usize>,
    pub what: String,
    /// What to do about it.
    pub mend: String,
}

impl Mistake {
    pub(super) fn error(
        span: Range<usize>,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Error,
            span,
            what: what.into(),
            mend: mend.into(),
        }
    }

    pub(super) fn warning(
        span: Range<usize>,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(span, what, mend)
        }
    }

    /// Line and column, from 1; the column counts characters.
    pub fn place(&self, text: &str) -> (usize, usize) {
        let before = text.get(..self.span.start.min(text.len())).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}

/// What is shown of a line, of a sentence, and of a file with very many mistakes.
const WIDEST: usize = 160;
const LONGEST: usize = 400;
const MOST: usize = 50;

/// Every mistake, up to so many that a person can take in.
pub fn render_all(mistakes: &[Mistake], file: &str, text: &str) -> String {
    let shown = mistakes.iter().take(MOST);
    let mut told: Vec<String> = shown.map(|one| render(one, file, text)).collect();
    let more = mistakes.len().saturating_sub(MOST);
    if more > 0 {
        told.push(format!("… and {more} more, told once these are mended\n"));
    }
    told.join("\n")
}

/// `file:12:7: error: what`, the line, a caret, and the mend.
pub fn render(mistake: &Mistake, file: &str, text: &str) -> String {
    let (line, column) = mistake.place(text);
    let word = match mistake.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut out = format!(
        "{file}:{line}:{column}: {word}: {}\n",
        cut(&mistake.what, LONGEST)
    );
    let shown = text.lines().nth(line - 1).unwrap_or_default();
    // What the whole file lacks stands on no line.
    let nowhere = mistake.span == (0..0);
    if !nowhere && !shown.trim().is_empty() {
        let part = text.get(mistake.span.clone()).unwrap_or_default();
        let width = part.lines().next().unwrap_or_default().chars().count();
        let _ = write!(out, "{}", pointed(shown, column - 1, width));
    }
    if !mistake.mend.is_empty() {
        let _ = writeln!(out, "  = {}", cut(&mistake.mend, LONGEST));
    }
    out
}

/// The line with carets under `width` signs of it from `at`; of a long line the part around them.
fn pointed(line: &str, at: usize, width: usize) -> String {
    let all = line.chars().count();
    let from = match all > WIDEST {
        true => at.saturating_sub(WIDEST / 2),
        false => 0,
    };
    let part: String = line.chars().skip(from).take(WIDEST).collect();
    let (before, after) = (
        if from > 0 { "…" } else { "" },
        if from + WIDEST < all { "…" } else { "" },
    );
    // A tab is as wide above as below.
    let blank = |sign: char| if sign == '\t' { '\t' } else { ' ' };
    let pad: String = before
        .chars()
        .chain(part.chars().take(at - from))
        .map(blank)
        .collect();
    let rest = part.chars().count().saturating_sub(at - from).max(1);
    let caret = "^".repeat(width.clamp(1, rest));
    let shown = part.trim_start_matches('\u{feff}');
    format!("  | {before}{shown}{after}\n  | {pad}{caret}\n")
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
