//! The lines of a description in which people keep a card's fields: `Кодек: MP3`. Reads them as a
//! person does, whatever Trello's editor made of them, and changes them (`edit`) one at a time.
//! Never touches a line that is not a field's: the description belongs to whoever wrote it.

mod edit;
mod markdown;

pub use edit::{Refused, add_block, apply, set};

use super::text::{clean, fold, is_blank, is_dash};
use std::borrow::Cow;

/// Characters that a description may have in Trello.
pub const LIMIT: usize = 16_384;

/// A label is looked for in so many bytes at the start of a line, and before so many colons (a
/// label may hold one).
const LABEL_BYTES: usize = 400;
const COLONS: usize = 4;

/// How a label is recognised: `normal`, without the list marks and the emphasis around it.
pub fn label_norm(label: &str) -> String {
    let mut out = String::with_capacity(label.len());
    push_label(label, &mut out);
    out
}

fn push_label(label: &str, out: &mut String) {
    let label = after_marks(label);
    out.extend(label.chars().filter(|c| !is_markup(*c)).filter_map(fold));
    while out.ends_with([':', '-']) {
        out.pop();
    }
}

fn is_markup(c: char) -> bool {
    matches!(c, '\\' | '*' | '_' | '`' | '~')
}

/// What follows quote marks, bullets, hashes, dashes and `1.` at the start of a line.
fn after_marks(line: &str) -> &str {
    let mark = |c| is_blank(c) || is_dash(c) || matches!(c, '>' | '#' | '+' | '•' | '·' | '\\');
    let mut line = line;
    loop {
        let rest = line.trim_start_matches(mark);
        let rest = rest
            .strip_prefix("* ")
            .or_else(|| after_number(rest))
            .unwrap_or(rest);
        if rest.len() == line.len() {
            return rest;
        }
        line = rest;
    }
}

fn after_number(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() == line.len() {
        return None;
    }
    let rest = rest.strip_prefix('\\').unwrap_or(rest);
    let rest = rest.strip_prefix(['.', ')'])?;
    rest.strip_prefix(' ')
}

/// What the lines of a description say.
#[derive(Debug, Default)]
pub struct Values<'d> {
    /// For each label the first line that is filled. The first, because that is the one a person
    /// meets reading down the card, and because `set` changes the same one.
    pub values: Vec<Option<Cow<'d, str>>>,
    /// Labels of which a later line says something else.
    pub doubled: Vec<usize>,
}

/// Reads the lines whose labels are `norms`, each made by `label_norm`.
pub fn parse<'d>(desc: &'d str, norms: &[&str]) -> Values<'d> {
    let mut found = Values {
        values: vec![None; norms.len()],
        doubled: Vec::new(),
    };
    let mut finder = Finder::new(norms);
    for line in desc.split('\n') {
        let Some((index, colon)) = finder.label_of(line) else {
            continue;
        };
        let value = markdown::read(Shape::of(line, colon).value(line));
        if clean(&value).is_empty() {
            continue;
        }
        match &found.values[index] {
            None => found.values[index] = Some(value),
            Some(first) => {
                if clean(first) != clean(&value) && !found.doubled.contains(&index) {
                    found.doubled.push(index);
                }
            }
        }
    }
    found
}

/// Finds which label a line begins with.
struct Finder<'n> {
    norms: &'n [&'n str],
    /// Lines mostly stand in the order of the fields: the search goes on where it left off.
    next: usize,
    key: String,
}

impl<'n> Finder<'n> {
    fn new(norms: &'n [&'n str]) -> Self {
        let (next, key) = (0, String::new());
        Self { norms, next, key }
    }

    /// The label's place among the norms, and that of the colon in the line.
    fn label_of(&mut self, line: &str) -> Option<(usize, usize)> {
        let colons = line.bytes().enumerate().filter(|(_, byte)| *byte == b':');
        for (colon, _) in colons.take(COLONS) {
            if colon > LABEL_BYTES {
                return None;
            }
            self.key.clear();
            push_label(&line[..colon], &mut self.key);
            if let Some(index) = self.find() {
                self.next = index + 1;
                return Some((index, colon));
            }
        }
        None
    }

    fn find(&self) -> Option<usize> {
        if self.key.is_empty() {
            return None;
        }
        let (before, after) = self.norms.split_at(self.next.min(self.norms.len()));
        let at = |norms: &[&str]| norms.iter().position(|norm| *norm == self.key);
        at(after).map(|i| i + before.len()).or_else(|| at(before))
    }
}

/// Where a line's value stands, with the blanks around it: between the colon (and the emphasis
/// that the label closes there) and the emphasis that closes at the line's end.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Shape {
    start: usize,
    end: usize,
}

impl Shape {
    fn of(line: &str, colon: usize) -> Self {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let (start, end) = (colon + 1, line.len());
        let plain = Self { start, end };
        let Some(run) = open_run(&line[..colon]) else {
            return plain;
        };
        let rest = &line[start..];
        if let Some(after) = rest.trim_start_matches(is_blank).strip_prefix(run) {
            let start = end - after.len();
            return Self { start, end };
        }
        match rest.trim_end_matches(is_blank).strip_suffix(run) {
            Some(inner) if !markdown::ends_escaped(inner) => Self {
                start,
                end: start + inner.len(),
            },
            _ => plain,
        }
    }

    fn value(self, line: &str) -> &str {
        line[self.start..self.end].trim_matches(is_blank)
    }
}

/// The emphasis that a label opens and does not close before its colon: `**Кодек` of `**Кодек:**`.
fn open_run(label: &str) -> Option<&str> {
    let label = after_marks(label);
    let run = markdown::run_at_start(label);
    let closed = label.len() > run.len() && label.trim_end_matches(is_blank).ends_with(run);
    (!run.is_empty() && !closed).then_some(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The only value of a description under the label «Кодек».
    fn codec(desc: &str) -> Option<String> {
        let norm = label_norm("Кодек");
        let found = parse(desc, &[&norm]);
        found.values[0].as_deref().map(str::to_owned)
    }

    #[test]
    fn a_label_is_known_however_it_is_dressed() {
        for line in [
            "Кодек: MP3",
            "кодек:MP3\r",
            "КОДЕК : MP3  ",
            "**Кодек:** MP3",
            "**Кодек**: MP3",
            "**Кодек: MP3**",
            "__Кодек:__ MP3",
            "*Кодек:* MP3",
            "- Кодек: MP3",
            "* Кодек: MP3",
            "* **Кодек:** MP3",
            "\\- Кодек: MP3",
            "• Кодек: MP3",
            "1. Кодек: MP3",
            "> Кодек: MP3",
            "### Кодек: MP3",
            "Кодек: **MP3**",
            "Кодек: `MP3`",
            "\u{feff}Кодек\u{a0}: \u{200b}MP3\u{200c}",
        ] {
            assert_eq!(codec(line).as_deref(), Some("MP3"), "{line}");
        }
        for line in [
            "Кодек",
            "Кодек — MP3",
            "Наш кодек: MP3",
            "Кодек:",
            "Кодек: —",
            "",
        ] {
            assert_eq!(codec(line), None, "{line}");
        }
    }

    #[test]
    fn a_label_may_hold_a_comma_a_bracket_a_dash_or_a_colon() {
        for (label, line) in [
            ("Битрейт, кбит/с", "битрейт,кбит/с: 1"),
            ("Номер потока (SID)", "Номер потока \\(SID\\): 1"),
            ("Срок — до", "срок - до: 1"),
            ("Учёт: номер", "Учет:  номер: 1"),
            ("Contact's phone", "Contact’s phone: 1"),
        ] {
            let norm = label_norm(label);
            let found = parse(line, &[&norm]);
            assert_eq!(found.values[0].as_deref(), Some("1"), "{line}");
        }
    }

    #[test]
    fn the_first_filled_line_counts_and_another_is_noted() {
        let norms = [label_norm("Кодек"), label_norm("Порт")];
        let norms: Vec<&str> = norms.iter().map(String::as_str).collect();
        let found = parse("Порт: 1\nКодек:\nКодек: MP3\nКодек: Opus\nПорт: 1", &norms);
        assert_eq!(found.values[0].as_deref(), Some("MP3"));
        assert_eq!(found.values[1].as_deref(), Some("1"));
        assert_eq!(found.doubled, [0]);
    }

    #[test]
    fn a_value_may_hold_colons_and_addresses() {
        for (line, value) in [
            (
                "Кодек: https://a.example:8443/live",
                "https://a.example:8443/live",
            ),
            (
                "Кодек: [https://a.example/x](https://a.example/x \"smartCard-inline\")",
                "https://a.example/x",
            ),
            (
                "Кодек: Сейф: станции / Кефир FM",
                "Сейф: станции / Кефир FM",
            ),
        ] {
            assert_eq!(codec(line).as_deref(), Some(value));
        }
    }

    #[test]
    fn a_hostile_description_is_read_in_a_bounded_way() {
        let long = "а:".repeat(8_000) + "\nКодек: MP3";
        assert_eq!(codec(&long).as_deref(), Some("MP3"));
        let short = "*_:[\\\n".repeat(2_700) + "Кодек: MP3";
        assert_eq!(codec(&short).as_deref(), Some("MP3"));
    }
}
