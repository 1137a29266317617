//! A letter names fields: `{mount}`, and `{source_port+1}` for a number and one.

use super::place::Place;
use super::raw::Kind;
use super::resolve::{Kin, Resolver};
use crate::process::rules::FieldKey;
use std::ops::Range;

/// Every placeholder: its text without the braces, or none where it is not closed.
fn placeholders(letter: &str) -> Vec<(Range<usize>, Option<&str>)> {
    let opens = letter.match_indices('{').map(|(at, _)| at);
    let read = opens.map(|at| {
        let rest = &letter[at + 1..];
        let inner = rest.find(['}', '{', '\n']);
        match inner.filter(|end| rest[*end..].starts_with('}')) {
            Some(end) => (at..at + end + 2, Some(&rest[..end])),
            None => (at..at + 1, None),
        }
    });
    read.collect()
}

/// The letter is given as it is written in the file, so that a mistake points at the placeholder.
pub(super) fn letter(resolver: &mut Resolver<'_>, place: &Place) {
    let span = resolver.span(place);
    let text = resolver.text.get(span.clone()).unwrap_or_default();
    for (part, inner) in placeholders(text) {
        let at = span.start + part.start..span.start + part.end;
        match inner {
            Some(inner) => placeholder(resolver, inner, at, place),
            None => resolver.error_at(
                at,
                "a `{` is not closed",
                "write the field's key between `{` and `}`",
            ),
        }
    }
}

fn placeholder(resolver: &mut Resolver<'_>, inner: &str, at: Range<usize>, place: &Place) {
    let (key, plus) = match inner.split_once('+') {
        Some((key, plus)) => (key.trim(), Some(plus.trim())),
        None => (inner.trim(), None),
    };
    if key.is_empty() {
        let mend = "write a field's key in it, or take it out";
        resolver.error_at(at, format!("`{{{inner}}}` names no field"), mend);
        return;
    }
    if plus.is_some_and(|plus| plus.parse::<u32>().is_err()) {
        let what = format!("`+` in `{{{inner}}}` is not followed by a number");
        resolver.error_at(at, what, format!("write `{{{key}+1}}`"));
        return;
    }
    let before = resolver.mistakes.len();
    let _: FieldKey = resolver.name(Kin::Field, key, place);
    if let Some(unknown) = resolver.mistakes.get_mut(before) {
        unknown.span = at;
        return;
    }
    let raw = resolver.raw;
    let known = raw.field.iter().find(|field| field.key == key);
    if plus.is_some() && known.is_some_and(|field| field.kind != Kind::Number) {
        let what = format!("`{{{inner}}}` adds to `{key}`, which is not a number");
        resolver.error_at(at, what, format!("write `{{{key}}}`"));
    }
}
