//! Changes to a description: one line's value, a block of lines that is missing. Everything else
//! stays byte for byte, line ends included, and doing it twice does it once.

use super::{Finder, LIMIT, Shape, label_norm, markdown, parse};
use crate::process::text::{clean, is_blank, is_dash};
use crate::process::{AddBlock, SetLine};

/// Why a description was left as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error(
        "the description would have {would_be} characters and Trello takes {LIMIT}: \
         move something out of it, into a comment or an attachment"
    )]
    TooLong { would_be: usize },
    #[error("a line cannot be called “{label}”: its name needs a letter or a digit")]
    NoName { label: String },
}

/// Blocks first, so that a line that is set stands in its block.
pub fn apply(desc: &str, lines: &[SetLine], blocks: &[AddBlock]) -> Result<String, Refused> {
    let mut out = desc.to_owned();
    for block in blocks {
        out = add_block(&out, &block.name, &block.labels)?;
    }
    for line in lines {
        if line
            .over
            .as_ref()
            .is_some_and(|over| !reads(&out, &line.label, over))
        {
            continue;
        }
        out = set(&out, &line.label, &line.value, line.only_if_empty)?;
    }
    Ok(out)
}

/// Whether the line that `parse` reads says so.
fn reads(desc: &str, label: &str, value: &str) -> bool {
    let Ok(norm) = named(label) else { return false };
    let found = parse(desc, &[&norm]);
    found.values[0]
        .as_deref()
        .is_some_and(|there| clean(there) == clean(value))
}

/// Changes the value of the line that `parse` reads, or the first of that label if none is
/// filled. A line that is missing is added at the end.
pub fn set(desc: &str, label: &str, value: &str, only_if_empty: bool) -> Result<String, Refused> {
    let norm = named(label)?;
    let filled = parse(desc, &[&norm]).values[0].is_some();
    if filled && only_if_empty {
        return Ok(desc.to_owned());
    }
    let value = markdown::write(value);
    let Some((at, shape)) = line_to_set(desc, &norm, filled) else {
        let line = join_value(&written(label), &value);
        return checked(desc, appended(desc, &[line], false));
    };
    let (head, tail) = (&desc[..at + shape.start], &desc[at + shape.end..]);
    checked(desc, join_value(head, &value) + tail)
}

/// Adds the labels that stand nowhere yet: below the last line of the block if its heading is
/// there, else with a heading of their own at the end.
pub fn add_block<L: AsRef<str>>(
    desc: &str,
    heading: &str,
    labels: &[L],
) -> Result<String, Refused> {
    let mut norms = Vec::with_capacity(labels.len());
    let mut lines = Vec::with_capacity(labels.len());
    for label in labels {
        let norm = named(label.as_ref())?;
        if !norms.contains(&norm) {
            norms.push(norm);
            lines.push(written(label.as_ref()));
        }
    }
    let norms: Vec<&str> = norms.iter().map(String::as_str).collect();
    let there = Standing::of(desc, heading, &norms);
    let mut labelled = there.labels.iter();
    lines.retain(|_| labelled.next() == Some(&false));
    if lines.is_empty() {
        return Ok(desc.to_owned());
    }
    let longer = match there.end_of_block {
        Some(at) => inserted(desc, at, &lines),
        None => {
            lines.insert(0, format!("— {} —", one_line(heading)));
            appended(desc, &lines, true)
        }
    };
    checked(desc, longer)
}

/// Where the value to change is: the line's place in the description, and its shape.
fn line_to_set(desc: &str, norm: &str, filled: bool) -> Option<(usize, Shape)> {
    let norms = [norm];
    let mut finder = Finder::new(&norms);
    lines_at(desc).find_map(|(at, line)| {
        let (_, colon) = finder.label_of(line)?;
        let shape = Shape::of(line, colon);
        let has_value = !clean(&markdown::read(shape.value(line))).is_empty();
        (has_value == filled).then_some((at, shape))
    })
}

/// What of a block a description has already.
struct Standing {
    labels: Vec<bool>,
    /// Past the last line of the block, or past its heading; none without a heading.
    end_of_block: Option<usize>,
}

impl Standing {
    fn of(desc: &str, heading: &str, norms: &[&str]) -> Self {
        let heading = label_norm(&one_line(heading));
        let mut labels = vec![false; norms.len()];
        let mut finder = Finder::new(norms);
        let (mut end_of_block, mut inside) = (None, false);
        for (at, line) in lines_at(desc) {
            let end = at + line.strip_suffix('\r').unwrap_or(line).len();
            if let Some((index, _)) = finder.label_of(line) {
                labels[index] = true;
                if inside {
                    end_of_block = Some(end);
                }
            } else if end_of_block.is_none() && label_norm(line) == heading {
                (end_of_block, inside) = (Some(end), true);
            } else if is_heading(line) {
                inside = false;
            }
        }
        Self {
            labels,
            end_of_block,
        }
    }
}

/// `— Контакт —`, `## Контакт`.
fn is_heading(line: &str) -> bool {
    let line = line.trim_matches(|c| is_blank(c) || c == '*');
    line.starts_with('#') || line.starts_with(is_dash) && line.ends_with(is_dash)
}

fn lines_at(desc: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    desc.split('\n').map(move |line| {
        let start = at;
        at += line.len() + 1;
        (start, line)
    })
}

fn named(label: &str) -> Result<String, Refused> {
    let norm = label_norm(&written(label));
    if norm.contains(char::is_alphanumeric) {
        Ok(norm)
    } else {
        let label = label.to_owned();
        Err(Refused::NoName { label })
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A label as a line begins with it: `Кодек:`.
fn written(label: &str) -> String {
    let mut line = one_line(label);
    line.truncate(line.trim_end_matches([':', ' ']).len());
    line.push(':');
    line
}

fn join_value(head: &str, value: &str) -> String {
    let space = if value.is_empty() { "" } else { " " };
    format!("{head}{space}{value}")
}

fn line_end(desc: &str) -> &'static str {
    if desc.contains("\r\n") { "\r\n" } else { "\n" }
}

fn inserted(desc: &str, at: usize, lines: &[String]) -> String {
    let mut out = desc[..at].to_owned();
    for line in lines {
        out.push_str(line_end(desc));
        out.push_str(line);
    }
    out.push_str(&desc[at..]);
    out
}

/// `apart`: with an empty line between.
fn appended(desc: &str, lines: &[String], apart: bool) -> String {
    let end = line_end(desc);
    let mut out = desc.to_owned();
    if !out.is_empty() {
        let breaks = desc.len() - desc.trim_end_matches(['\r', '\n']).len();
        let have = desc[desc.len() - breaks..].matches('\n').count();
        let want = if apart { 2 } else { 1 };
        out.push_str(&end.repeat(want - have.min(want)));
    }
    out.push_str(&lines.join(end));
    out
}

/// A description may not outgrow Trello's limit. One that is too long already may still shrink.
fn checked(before: &str, after: String) -> Result<String, Refused> {
    // Counted as JavaScript counts, which is never less than Trello does.
    let would_be = after.encode_utf16().count();
    if would_be > LIMIT && would_be > before.encode_utf16().count() {
        return Err(Refused::TooLong { would_be });
    }
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BORN: &str = "Хотим в интернет, сколько стоит?\n\n— Поток —\nПротокол:\nКодек: MP3";

    fn put(desc: &str, label: &str, value: &str) -> String {
        set(desc, label, value, false).unwrap()
    }

    #[test]
    fn only_the_value_of_the_line_changes() {
        for (desc, want) in [
            (
                "a\r\n**Кодек:** MP3\r\nb\r\n",
                "a\r\n**Кодек:** Opus\r\nb\r\n",
            ),
            ("- кодек :\nb", "- кодек : Opus\nb"),
            ("**Кодек: MP3**\nb", "**Кодек: Opus**\nb"),
            (
                "Кодек:\nКодек: MP3\nКодек: AAC",
                "Кодек:\nКодек: Opus\nКодек: AAC",
            ),
            ("a", "a\nКодек: Opus"),
            ("a\n\n", "a\n\nКодек: Opus"),
            ("", "Кодек: Opus"),
        ] {
            assert_eq!(put(desc, "Кодек", "Opus"), want);
        }
        assert_eq!(put("Кодек: MP3\nb", "Кодек", ""), "Кодек:\nb");
    }

    #[test]
    fn a_filled_line_can_be_left_alone() {
        assert_eq!(
            set("Кодек: MP3", "Кодек", "Opus", true).unwrap(),
            "Кодек: MP3"
        );
        assert_eq!(
            set("Кодек: —", "Кодек", "Opus", true).unwrap(),
            "Кодек: Opus"
        );
    }

    #[test]
    fn a_block_comes_below_what_was_written() {
        let one = add_block("Письмо", "Доступы", &["Где лежат доступы", "Порт"]).unwrap();
        assert_eq!(one, "Письмо\n\n— Доступы —\nГде лежат доступы:\nПорт:");
        let two = add_block(&one, "Учёт", &["Порт"]).unwrap();
        assert_eq!(two, one, "nothing is missing, so no heading comes either");
    }

    #[test]
    fn a_block_that_stands_already_is_completed_in_place() {
        let desc = format!("{BORN}\n\nЗвонил Тимофей\n**— Учёт —**\nПорт: 1");
        let labels = ["Кодек", "Битрейт, кбит/с", "Порт"];
        let longer = add_block(&desc, "ПОТОК", &labels).unwrap();
        assert_eq!(
            longer,
            desc.replace("Кодек: MP3", "Кодек: MP3\nБитрейт, кбит/с:")
        );
        let empty = add_block("## Поток\r\n\r\nb", "Поток", &["Кодек"]).unwrap();
        assert_eq!(empty, "## Поток\r\nКодек:\r\n\r\nb");
    }

    #[test]
    fn blocks_come_before_the_lines_that_are_set() {
        let line = SetLine {
            field: "codec".into(),
            label: "Кодек".to_owned(),
            value: "MP3".to_owned(),
            only_if_empty: true,
            over: None,
        };
        let block = AddBlock {
            name: "Поток".to_owned(),
            labels: vec!["Кодек".to_owned(), "Порт".to_owned()],
        };
        let desc = apply("", &[line], &[block]).unwrap();
        assert_eq!(desc, "— Поток —\nКодек: MP3\nПорт:");
    }

    #[test]
    fn a_description_does_not_outgrow_trello() {
        let full = "ы".repeat(LIMIT - 5);
        let refused = set(&full, "Кодек", "MP3", false).unwrap_err();
        assert_eq!(
            refused,
            Refused::TooLong {
                would_be: LIMIT + 6
            }
        );
        let over = format!("{full}\nКодек: HE-AAC v1");
        assert!(put(&over, "Кодек", "MP3").len() < over.len());
    }

    #[test]
    fn a_nameless_line_is_refused() {
        for label in ["", " — ", "**", ":"] {
            assert!(matches!(
                set("", label, "a", false),
                Err(Refused::NoName { .. })
            ));
        }
    }

    fn description() -> impl Strategy<Value = String> {
        let line = prop_oneof![
            "[а-я :*_-]{0,12}",
            "(\\*\\*|- |1\\. )?(Кодек|ПОРТ|Учёт: номер) ?:(\\*\\*)? ?[a-zа-я0-9*\\\\«\"—-]{0,6}(\\*\\*)?",
            "— (Поток|Учёт) —",
        ];
        (prop::collection::vec(line, 0..8), any::<bool>())
            .prop_map(|(lines, crlf)| lines.join(if crlf { "\r\n" } else { "\n" }))
    }
    fn label() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec!["Кодек", "Порт", "Учёт: номер", "Битрейт, кбит/с"])
    }

    proptest! {
        #[test]
        fn what_is_set_is_read(
            desc in description(),
            label in label(),
            value in "[a-zа-я0-9*_`~\\\\\\[\\]()<>\":/@ -]{0,12}[a-zа-я0-9][*_\\\\)]{0,2}",
        ) {
            let after = put(&desc, label, &value);
            let norm = label_norm(label);
            let read = parse(&after, &[&norm]);
            prop_assert_eq!(read.values[0].as_deref(), Some(value.trim()));
            prop_assert_eq!(&put(&after, label, &value), &after);
        }

        #[test]
        fn other_lines_stay_byte_for_byte(desc in description(), label in label()) {
            let after = put(&desc, label, "новое");
            let (old, new): (Vec<_>, Vec<_>) = (desc.split('\n').collect(), after.split('\n').collect());
            let changed = old.iter().zip(&new).filter(|(a, b)| a != b).count();
            let ends_alike = old.iter().zip(&new).all(|(a, b)| {
                a.ends_with('\r') == b.ends_with('\r') || a == old.last().unwrap()
            });
            prop_assert!(changed <= 1 && ends_alike, "{:?} became {:?}", desc, after);
            prop_assert!(new.len() <= old.len() + 1);
        }

        #[test]
        fn a_block_added_twice_is_added_once(desc in description(), labels in prop::collection::vec(label(), 0..4)) {
            let once = add_block(&desc, "Поток", &labels).unwrap();
            prop_assert_eq!(&add_block(&once, "Поток", &labels).unwrap(), &once);
            for line in desc.split('\n').map(|line| line.trim_end_matches('\r')) {
                prop_assert!(once.contains(line));
            }
        }
    }
}
