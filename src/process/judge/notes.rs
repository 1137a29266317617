//! `/note call …`, `/note agreed …`, `/note …`: kept in the card's history for good, so that whoever
//! comes to the client later has what was said. The comment itself is the answer: nothing is written.

use super::Court;
use super::commands::cut;
use crate::model::Event;
use crate::process::verdict::{Hand, Note, What};

/// A note longer than this is cut: it is to be read on a page with all others.
const NOTE_CHARS: usize = 4_000;

const CALLS: [&str; 3] = ["call", "звонок", "созвон"];
const AGREED: [&str; 5] = [
    "agreed",
    "agreement",
    "договорились",
    "договоренность",
    "договорённость",
];

impl Court<'_> {
    /// An observer's note is one too; what a machine writes is none.
    pub(super) fn note(&mut self, event: &Event, hand: Hand, said: &str) {
        if hand.roleless {
            return;
        }
        if let Some((note, text)) = noted(said) {
            let text = cut(text, NOTE_CHARS);
            self.rule(event.at, hand, What::Noted { note, text });
        }
    }
}

/// What it is, and the text. A call may be noted without a word; anything else says something.
fn noted(said: &str) -> Option<(Note, &str)> {
    let end = said
        .find(|sign: char| sign.is_whitespace() || matches!(sign, ':' | ',' | ';'))
        .unwrap_or(said.len());
    let (word, rest) = said.split_at(end);
    let word = word.to_lowercase();
    let rest = rest.trim_start_matches([':', ',', ';', '—', '–', '-', ' ', '\t', '\n', '\r']);
    let note = match word.as_str() {
        word if CALLS.contains(&word) => return Some((Note::Call, rest)),
        word if AGREED.contains(&word) => (Note::Agreed, rest),
        _ => (Note::Other, said),
    };
    (!note.1.is_empty()).then_some(note)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_says_what_is_noted() {
        for (said, note, text) in [
            ("call they want HLS", Note::Call, "they want HLS"),
            (
                "Звонок: перезвонить\nв пятницу",
                Note::Call,
                "перезвонить\nв пятницу",
            ),
            ("созвон — ждут", Note::Call, "ждут"),
            ("call", Note::Call, ""),
            ("agreed, 300 a month", Note::Agreed, "300 a month"),
            ("ДОГОВОРИЛИСЬ старт с 1.12", Note::Agreed, "старт с 1.12"),
            ("callers want music", Note::Other, "callers want music"),
            ("просто так", Note::Other, "просто так"),
        ] {
            assert_eq!(noted(said), Some((note, text)), "{said}");
        }
        assert_eq!(noted(""), None);
        assert_eq!(noted("agreed"), None);
    }
}
