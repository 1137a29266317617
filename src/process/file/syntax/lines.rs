//! The lines of a text, and which of them stand within a text of several lines.

use std::ops::Range;

pub(super) struct Line {
    pub(super) span: Range<usize>,
    /// Where the text of several lines opens that this line begins in.
    pub(super) within: Option<usize>,
}

pub(super) struct Lines {
    pub(super) all: Vec<Line>,
}

enum State {
    Plain,
    Comment,
    /// In a text that ends on its line, in these quotes.
    Text(u8),
    /// In a text of several lines, in three of these, opened there.
    Long(u8, usize),
}

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let (mut state, mut all) = (State::Plain, Vec::new());
        let (mut start, mut within, mut at) = (0, None, 0);
        while at < bytes.len() {
            let byte = bytes[at];
            if byte == b'\n' {
                all.push(Line {
                    span: start..at,
                    within,
                });
                start = at + 1;
                within = match state {
                    State::Long(_, open) => Some(open),
                    _ => {
                        state = State::Plain;
                        None
                    }
                };
                at += 1;
                continue;
            }
            let three = |quote: u8| bytes[at..].starts_with(&[quote; 3]);
            let step;
            (state, step) = match state {
                State::Plain if byte == b'#' => (State::Comment, 1),
                State::Plain if matches!(byte, b'"' | b'\'') && three(byte) => {
                    (State::Long(byte, at), 3)
                }
                State::Plain if matches!(byte, b'"' | b'\'') => (State::Text(byte), 1),
                State::Text(quote) if byte == quote => (State::Plain, 1),
                State::Long(quote, _) if three(quote) => (State::Plain, 3),
                State::Text(b'"') | State::Long(b'"', _)
                    if byte == b'\\' && bytes.get(at + 1) != Some(&b'\n') =>
                {
                    (state, 2)
                }
                other => (other, 1),
            };
            at += step;
        }
        all.push(Line {
            span: start..text.len(),
            within,
        });
        Self { all }
    }

    /// The line of a place, from 0.
    pub(super) fn at(&self, place: usize) -> usize {
        let after = self.all.partition_point(|line| line.span.start <= place);
        after.saturating_sub(1)
    }

    pub(super) fn is_header(&self, text: &str, nth: usize) -> bool {
        let line = &self.all[nth];
        line.within.is_none() && text[line.span.clone()].trim_start().starts_with('[')
    }

    /// The part of the file that a line stands in, from its header to the next.
    pub(super) fn section(&self, text: &str, line: usize) -> Range<usize> {
        let headed = |nth: &usize| self.is_header(text, *nth);
        let from = (0..=line).rev().find(headed).unwrap_or(0);
        let to = (line + 1..self.all.len()).find(headed);
        self.all[from].span.start..to.map_or(text.len(), |to| self.all[to].span.start)
    }
}
