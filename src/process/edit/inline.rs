//! Lists between brackets and tables between braces: one member comes or goes, and the others stand
//! as they did, with the comments beside them.

use super::draft::Splice;
use super::source::{Node, Source};
use std::ops::Range;

/// What stands between brackets or braces: each member from its first sign to its last.
pub(super) struct Members<'s> {
    source: &'s Source<'s>,
    /// With the brackets.
    whole: Range<usize>,
    all: Vec<Range<usize>>,
    /// A table has a space inside its braces.
    braces: bool,
}

impl<'s> Members<'s> {
    pub(super) fn list(source: &'s Source<'s>, node: &Node) -> Self {
        Self {
            source,
            whole: node.span.clone(),
            all: node.list().iter().map(|one| one.span.clone()).collect(),
            braces: false,
        }
    }

    pub(super) fn table(source: &'s Source<'s>, node: &Node) -> Self {
        let entries = node.entries().iter();
        let spans = entries.map(|one| one.key_span.start..one.value.span.end);
        Self {
            source,
            whole: node.span.clone(),
            all: spans.collect(),
            braces: true,
        }
    }

    /// Whether nothing else stands on its lines but a comma and a comment.
    fn alone(&self, nth: usize) -> bool {
        let span = &self.all[nth];
        let before = &self.source.text[self.source.line_start(span.start)..span.start];
        let upto = self.source.line_end(span.end).min(self.whole.end - 1);
        let after = self.source.text[span.end..upto].trim_start();
        let after = after.strip_prefix(',').unwrap_or(after).trim_start();
        before.trim().is_empty()
            && (after.is_empty() || after.starts_with('#'))
            && self.source.line_end(span.end) < self.whole.end
    }

    /// Where the comma behind a member stands.
    fn comma(&self, nth: usize) -> Option<usize> {
        let text = self.source.text.as_bytes();
        let mut at = self.all[nth].end;
        while at < self.whole.end {
            match text[at] {
                b',' => return Some(at),
                b'#' => at = self.source.line_end(at),
                sign if sign.is_ascii_whitespace() => at += 1,
                _ => return None,
            }
        }
        None
    }

    pub(super) fn remove(&self, nth: usize) -> Splice {
        let span = self.all[nth].clone();
        if self.alone(nth) {
            let lines = self.source.line_start(span.start)..self.source.line_end(span.end);
            return Splice::cut(lines);
        }
        let next = self.all.get(nth + 1);
        let same = |a: usize, b: usize| !self.source.text[a..b].contains('\n');
        match (next, nth.checked_sub(1).map(|nth| &self.all[nth])) {
            (Some(next), _) if same(span.end, next.start) => Splice::cut(span.start..next.start),
            (_, Some(before)) if same(before.end, span.start) => Splice::cut(before.end..span.end),
            _ => {
                let end = self.comma(nth).map_or(span.end, |comma| comma + 1);
                Splice::cut(span.start..end)
            }
        }
    }

    /// A member so that it becomes the one of that number.
    pub(super) fn insert(&self, nth: usize, what: &str) -> Vec<Splice> {
        let (nth, source) = (nth.min(self.all.len()), self.source);
        let Some(before) = nth.checked_sub(1) else {
            return match self.all.first() {
                None if self.braces => vec![Splice::put(self.whole.start + 1, format!(" {what} "))],
                None => vec![Splice::put(self.whole.start + 1, what.to_owned())],
                Some(first) if self.alone(0) => {
                    let indent = source.indent(first.start);
                    vec![Splice::put(first.start, format!("{what},\n{indent}"))]
                }
                Some(first) => vec![Splice::put(first.start, format!("{what}, "))],
            };
        };
        let span = &self.all[before];
        if !self.alone(before) {
            return vec![Splice::put(span.end, format!(", {what}"))];
        }
        let indent = source.indent(span.start);
        let line = format!("{indent}{what},\n");
        let at = source.line_end(span.end);
        match self.comma(before) {
            Some(_) => vec![Splice::put(at, line)],
            None => vec![Splice::put(span.end, ",".to_owned()), Splice::put(at, line)],
        }
    }
}
