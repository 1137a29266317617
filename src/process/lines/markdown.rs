//! The little Markdown that Trello's editor puts into a value, read back as what was typed, and
//! the escapes without which a written value would be read as something else.

use super::super::text::is_blank;
use std::borrow::Cow;

const EMPHASIS: [char; 4] = ['*', '_', '~', '`'];

/// The run of one emphasis character that a text begins with.
pub(super) fn run_at_start(text: &str) -> &str {
    let Some(first) = text.chars().next().filter(|c| EMPHASIS.contains(c)) else {
        return "";
    };
    let rest = text.trim_start_matches(first);
    &text[..text.len() - rest.len()]
}

/// An odd number of backslashes at the end takes the next character's meaning away.
pub(super) fn ends_escaped(text: &str) -> bool {
    let slashes = text.len() - text.trim_end_matches('\\').len();
    slashes % 2 == 1
}

/// What a person meant by a value as Trello keeps it.
pub(super) fn read(value: &str) -> Cow<'_, str> {
    let value = unwrapped(value);
    if !value.contains(['\\', '[', '<']) {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find(['\\', '[', '<']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let mut chars = rest.chars();
        let mark = chars.next().unwrap_or_default();
        let after = chars.as_str();
        let read = match mark {
            '\\' => escaped(after),
            '[' => link(after),
            '<' => autolink(after),
            _ => None,
        };
        match read {
            Some((text, next)) => {
                out.push_str(&text);
                rest = next;
            }
            None => {
                out.push(mark);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

type Read<'v> = Option<(Cow<'v, str>, &'v str)>;

fn escaped(after: &str) -> Read<'_> {
    let c = after.chars().next().filter(char::is_ascii_punctuation)?;
    let (text, next) = after.split_at(c.len_utf8());
    Some((Cow::Borrowed(text), next))
}

/// `https://a.example>` of `<https://a.example>`.
fn autolink(after: &str) -> Read<'_> {
    let (address, next) = after.split_at(after.find(['<', '>'])?);
    let next = next.strip_prefix('>')?;
    let linked = address.contains("://") || address.contains('@');
    (linked && !address.contains(is_blank)).then_some((Cow::Borrowed(address), next))
}

/// `text](address "title")` of a link, as the one of the two that was typed. A bracket opened
/// inside is no link: so that no text is looked through twice, however many brackets it has.
fn link(after: &str) -> Read<'_> {
    let (text, rest) = after.split_at(after.find(['[', ']'])?);
    let rest = rest.strip_prefix("](")?;
    let end = address_end(rest)?;
    let (address, rest) = rest.split_at(end);
    let next = match rest.trim_start_matches(is_blank).strip_prefix('"') {
        Some(title) => title.split_once('"')?.1.trim_start_matches(is_blank),
        None => rest.trim_start_matches(is_blank),
    };
    let next = next.strip_prefix(')')?;
    Some((typed(&unescaped(text), &unescaped(address)), next))
}

/// An address ends at a blank or at the bracket that it did not open itself.
fn address_end(rest: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in rest.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at),
            ')' => depth -= 1,
            '[' => return None,
            _ if is_blank(c) => return Some(at),
            _ => {}
        }
    }
    None
}

/// Trello makes links of what looks like one. Where the address is only the text with a scheme
/// before it, the text was typed; else the address is what is meant.
fn typed(text: &str, address: &str) -> Cow<'static, str> {
    let bare = ["https://", "http://", "mailto:", "tel:"]
        .iter()
        .find_map(|scheme| address.strip_prefix(scheme))
        .unwrap_or(address);
    let slashless = |url: &str| url.trim_end_matches('/').to_lowercase();
    let of_text = slashless(bare) == slashless(text) || address.starts_with("tel:");
    let meant = if of_text && !text.is_empty() {
        text
    } else if address.starts_with("mailto:") {
        bare
    } else {
        address
    };
    Cow::Owned(meant.to_owned())
}

fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.next_if(|next| c == '\\' && next.is_ascii_punctuation()) {
            Some(meant) => out.push(meant),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// A value without the emphasis that spans all of it.
fn unwrapped(value: &str) -> &str {
    if !value.starts_with(EMPHASIS) {
        return value;
    }
    let run = run_at_start(value);
    let inner = value.strip_prefix(run).and_then(|v| v.strip_suffix(run));
    match inner {
        Some(inner)
            if !run.is_empty()
                && !inner.is_empty()
                && !inner.contains(run)
                && !ends_escaped(inner) =>
        {
            inner.trim_matches(is_blank)
        }
        _ => value,
    }
}

/// A value on one line, such that `read` gives it back.
pub(super) fn write(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let value = value.trim_matches(is_blank);
    let last = value.chars().count().saturating_sub(1);
    for (at, c) in value.chars().enumerate() {
        let edge = at == 0 || at == last;
        match c {
            '\\' | '[' | '<' => out.extend(['\\', c]),
            _ if edge && EMPHASIS.contains(&c) => out.extend(['\\', c]),
            _ if c.is_control() => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_trello_made_of_a_value_is_undone() {
        for (kept, typed) in [
            ("AE\\_TEST\\-0042", "AE_TEST-0042"),
            ("C:\\dir", "C:\\dir"),
            ("**MP3**", "MP3"),
            ("***MP3***", "MP3"),
            ("*a* и *b*", "*a* и *b*"),
            ("<https://a.example>", "https://a.example"),
            (
                "[air@kefir.example](mailto:air@kefir.example \"\u{200c}\")",
                "air@kefir.example",
            ),
            ("[Тимофей](mailto:air@kefir.example)", "air@kefir.example"),
            (
                "[in7.ether.example](http://in7.ether.example/)",
                "in7.ether.example",
            ),
            ("[+7 495 000-00-11](tel:+74950000011)", "+7 495 000-00-11"),
            (
                "[запись](https://a.example/x_(1))",
                "https://a.example/x_(1)",
            ),
            (
                "[https://a.example/a\\_b](https://a.example/a_b)",
                "https://a.example/a_b",
            ),
            (
                "см. [https://a.example](https://a.example) там",
                "см. https://a.example там",
            ),
            ("[не ссылка] и < тоже", "[не ссылка] и < тоже"),
            ("[начало](https://a.example", "[начало](https://a.example"),
        ] {
            assert_eq!(read(kept), typed, "{kept}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(value in "[a-zа-я0-9*_`~\\\\\\[\\]()<>\":/@ .-]{0,30}") {
            let written = write(&value);
            prop_assert_eq!(read(&written), value.trim());
        }
    }
}
