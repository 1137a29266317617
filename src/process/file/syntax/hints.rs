//! What the TOML reader says, in the words of whoever wrote the file.

use super::lines::Lines;
use crate::process::file::mistake::Mistake;
use crate::process::file::shape::Shape;
use std::ops::Range;

/// Part of what the reader says, what it means, and what to do.
const HINTS: &[(&str, &str, &str)] = &[
    (
        "values must be quoted",
        "a text without quotes",
        "put it in straight quotes: `\"…\"`",
    ),
    (
        "invalid basic string",
        "the text that opens on this line is not closed on it",
        "close it with `\"`; a text of several lines stands between `\"\"\"` and `\"\"\"`",
    ),
    (
        "invalid literal string",
        "the text that opens on this line is not closed on it",
        "close it with `'`; a text with an apostrophe stands in double quotes: `\"…\"`",
    ),
    (
        "unexpected key or value",
        "something is left over after the value",
        "one line is one `key = value`; of quotes within a text write the inner ones as “ ”",
    ),
    (
        "missing comma",
        "a comma is missing in a list",
        "put a comma between the two",
    ),
    (
        "escaped value",
        "in double quotes a backslash has a meaning of its own",
        "put a pattern in single quotes: `'^\\d+$'`",
    ),
    (
        "key with no value",
        "this line is not `key = value`",
        "write `key = \"…\"`, or put `#` before a remark",
    ),
    (
        "invalid unquoted key",
        "this cannot be a key",
        "keys are English words of letters, digits and `_`, as in the shipped file",
    ),
    (
        "unclosed",
        "a bracket is not closed",
        "close every `[` with `]` and every `{` with `}`",
    ),
    (
        "control character",
        "an invisible sign stands here",
        "delete it and write the text anew",
    ),
];

pub(super) fn hint(text: &str, lines: &Lines, span: Range<usize>, message: &str) -> Mistake {
    let line = &lines.all[lines.at(span.start)];
    let raw = text.get(span.clone()).unwrap_or_default();
    let known = HINTS.iter().find(|(said, ..)| message.contains(said));
    let Some((said, what, mend)) = known else {
        let what = format!("this is not TOML: {message}");
        let mend = "compare it with a line like it in the shipped file, or see https://toml.io";
        return Mistake::error(span, what, mend);
    };
    let word = !raw.is_empty() && !raw.contains(['"', '\n']);
    let mend = match *said {
        "values must be quoted" if word => format!("put it in straight quotes: `\"{raw}\"`"),
        _ => (*mend).to_owned(),
    };
    // At the end of a line there is nothing to point at but the line.
    let span = match span.start >= line.span.end {
        true => {
            let part = &text[line.span.clone()];
            let blank = part.len() - part.trim_start().len();
            line.span.start + blank..line.span.end
        }
        false => span,
    };
    Mistake::error(span, *what, mend)
}

/// A key or a header that is there already.
pub(super) fn twice(text: &str, lines: &Lines, span: Range<usize>) -> Mistake {
    let key = text.get(span.clone()).unwrap_or_default().to_owned();
    let here = lines.at(span.start);
    let part = |nth: usize| text[lines.all[nth].span.clone()].trim();
    let header = lines.is_header(text, here);
    let first = (0..here)
        .rev()
        .filter(|nth| lines.all[*nth].within.is_none())
        .take_while(|nth| header || !lines.is_header(text, *nth))
        .find(|nth| match header {
            true => part(*nth) == part(here),
            false => part(*nth).split('=').next().map(str::trim) == Some(&key),
        });
    let what = match first {
        Some(first) => format!("`{key}` is written twice: first on line {}", first + 1),
        None => format!("`{key}` is written twice in this part"),
    };
    Mistake::error(span, what, "keep one of the two")
}

/// A text of several lines that swallows a header: its end is missing.
pub(super) fn runs_on(text: &str, lines: &Lines, schema: &Shape<'_>) -> Option<Mistake> {
    let swallowed = |nth: &usize| {
        let line = text[lines.all[*nth].span.clone()].trim();
        let name = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'));
        let first = name.map(|name| name.trim_matches(['[', ']']).split('.').next());
        first
            .flatten()
            .is_some_and(|first| schema.property(first).is_some())
    };
    let within = |nth: &usize| lines.all[*nth].within.is_some();
    let nth = (0..lines.all.len()).filter(within).find(swallowed)?;
    let open = lines.all[nth].within?;
    let quotes = text.get(open..open + 3)?;
    let what = format!(
        "the text that opens here is not closed: it runs on over `{}` on line {}",
        text[lines.all[nth].span.clone()].trim(),
        nth + 1
    );
    let mend = format!("write `{quotes}` where the text ends; the rest is checked after that");
    Some(Mistake::error(open..open + 3, what, mend))
}
