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

/// `file:12:7: error: what`, the line, a caret, and the mend.
pub fn render(mistake: &Mistake, file: &str, text: &str) -> String {
    let (line, column) = mistake.place(text);
    let word = match mistake.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut out = format!("{file}:{line}:{column}: {word}: {}\n", mistake.what);
    if let Some(shown) = text.lines().nth(line - 1) {
        let rest = shown.chars().count().saturating_sub(column - 1).max(1);
        let width = text
            .get(mistake.span.clone())
            .map_or(1, |part| part.lines().next().unwrap_or("").chars().count());
        let caret = "^".repeat(width.clamp(1, rest));
        let _ = write!(out, "  | {shown}\n  | {}{caret}\n", " ".repeat(column - 1));
    }
    if !mistake.mend.is_empty() {
        let _ = writeln!(out, "  = {}", mistake.mend);
    }
    out
}

/// The known word nearest to a wrong one, if it is near.
pub(super) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let close = known
        .into_iter()
        .map(|one| (strsim::normalized_damerau_levenshtein(word, one), one));
    close
        .filter(|(near, _)| *near > 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, one)| one)
}

/// “did you mean …” or what there is.
pub(super) fn instead<'k>(word: &str, known: impl IntoIterator<Item = &'k str> + Clone) -> String {
    match nearest(word, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            let known: Vec<_> = known.into_iter().map(|one| format!("`{one}`")).collect();
            if known.is_empty() {
                "none is declared".into()
            } else {
                format!("there are {}", known.join(", "))
            }
        }
    }
}
