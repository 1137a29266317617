//! One field: its kind, its pattern, and an example that must stand up to both.

use super::place::Place;
use super::raw::{Kind, RawField};
use super::resolve::{Kin, Resolver};
use crate::process::rules::{DateRule, Field, FieldKey, FieldKind, Language};
use crate::process::{facts, lines};

pub(super) fn field(resolver: &mut Resolver<'_>, raw: &RawField, place: &Place) -> Field {
    let before = resolver.mistakes.len();
    let kind = kind(resolver, raw, place);
    let pattern = raw
        .pattern
        .as_ref()
        .and_then(|pattern| match regex::Regex::new(pattern) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                let why = error
                    .to_string()
                    .lines()
                    .last()
                    .unwrap_or_default()
                    .to_owned();
                resolver.error(
                    &place.key("pattern"),
                    format!("the pattern cannot be read: {why}"),
                    "test it at regex101.com, flavour Rust",
                );
                None
            }
        });
    let readable = resolver.mistakes.len() == before && raw.kind != Kind::Lost;
    let by = resolver.names(Kin::Role, &raw.by, &place.key("by"));
    let asks = resolver.names(Kin::Role, &raw.asks, &place.key("asks"));
    let field = Field {
        key: raw.key.as_str().into(),
        name: raw.name.trim().to_owned(),
        label_norm: lines::label_norm(&raw.name),
        kind,
        pattern,
        example: raw.example.clone(),
        check: raw.check,
        from: raw
            .from
            .as_ref()
            .map(|from| resolver.name(Kin::Stage, from, &place.key("from"))),
        when: raw
            .when
            .as_ref()
            .map(|when| resolver.when(when, &place.key("when"))),
        asks: if asks.is_empty() { by.clone() } else { asks },
        by,
    };
    if readable {
        example(resolver, &field, place);
    }
    field
}

fn kind(resolver: &mut Resolver<'_>, raw: &RawField, place: &Place) -> FieldKind {
    let chars = |value: Option<f64>| value.map(|value| value.max(0.0) as usize);
    if raw.kind != Kind::Lost {
        misplaced(resolver, raw, place);
    }
    match raw.kind {
        Kind::Text => FieldKind::Text {
            min: chars(raw.min),
            max: chars(raw.max),
        },
        Kind::Number => FieldKind::Number {
            min: raw.min.or(raw.above),
            max: raw.max,
            whole: raw.whole,
        },
        Kind::Money => FieldKind::Money {
            min: raw.min,
            above: raw.above,
            max: raw.max,
        },
        Kind::Email => FieldKind::Email,
        Kind::Phone => FieldKind::Phone,
        Kind::Url => FieldKind::Url {
            schemes: raw.schemes.clone(),
        },
        Kind::Date => FieldKind::Date {
            rule: date_rule(resolver, raw, place),
        },
        Kind::Choice => {
            if raw.choices.is_empty() {
                resolver.error(
                    place,
                    format!("the choice `{}` has nothing to choose from", raw.key),
                    "add `choices = [\"…\", \"…\"]`",
                );
            }
            FieldKind::Choice {
                of: raw.choices.clone(),
            }
        }
        Kind::Lost => FieldKind::Text {
            min: None,
            max: None,
        },
    }
}

/// Keys that this kind knows nothing of would be silently idle.
fn misplaced(resolver: &mut Resolver<'_>, raw: &RawField, place: &Place) {
    let (kind, number) = (raw.kind, matches!(raw.kind, Kind::Number | Kind::Money));
    let idle = [
        (
            "choices",
            !raw.choices.is_empty() && kind != Kind::Choice,
            "choice",
        ),
        (
            "schemes",
            !raw.schemes.is_empty() && kind != Kind::Url,
            "url",
        ),
        ("whole", raw.whole && kind != Kind::Number, "number"),
        ("above", raw.above.is_some() && !number, "number or money"),
        ("ahead", raw.ahead && kind != Kind::Date, "date"),
        (
            "within_days",
            raw.within_days.is_some() && kind != Kind::Date,
            "date",
        ),
        (
            "not_before",
            raw.not_before.is_some() && kind != Kind::Date,
            "date",
        ),
        (
            "min",
            raw.min.is_some() && !number && kind != Kind::Text,
            "text, number or money",
        ),
        (
            "max",
            raw.max.is_some() && !number && kind != Kind::Text,
            "text, number or money",
        ),
    ];
    for (key, idle, of) in idle {
        if idle {
            resolver.error(
                &place.key(key),
                format!("`{key}` means nothing for `{}`", raw.key),
                format!("it belongs to a field of kind {of}"),
            );
        }
    }
    if let (Some(min), Some(max)) = (raw.min, raw.max)
        && min > max
    {
        resolver.error(
            &place.key("max"),
            format!("`max` of `{}` is less than its `min`", raw.key),
            "swap them",
        );
    }
}

fn date_rule(resolver: &mut Resolver<'_>, raw: &RawField, place: &Place) -> Option<DateRule> {
    let after: Option<FieldKey> = raw
        .not_before
        .as_ref()
        .map(|field| resolver.name(Kin::Field, field, &place.key("not_before")));
    match (raw.ahead, raw.within_days, after) {
        (false, None, None) => None,
        (true, None, None) => Some(DateRule::Ahead),
        (false, Some(days), None) => Some(DateRule::WithinDays(i64::from(days))),
        (false, None, Some(field)) => Some(DateRule::NotBefore(field)),
        _ => {
            resolver.error(
                place,
                format!("the date `{}` has more than one rule", raw.key),
                "keep one of ahead, within_days, not_before",
            );
            None
        }
    }
}

/// People copy the example: it must be a value the field takes. Dates move on, so theirs is only read.
fn example(resolver: &mut Resolver<'_>, field: &Field, place: &Place) {
    let Some(example) = &field.example else {
        return;
    };
    let language: Language = resolver.raw.language;
    let today = jiff::civil::date(2000, 1, 1);
    let free = Field {
        kind: without_rule(&field.kind),
        ..field.clone()
    };
    let fact = facts::check(&free, language, example, &|_| None, today);
    if let Some(problem) = fact.problem {
        let words = crate::process::words::problem_in(language, &problem);
        resolver.error(
            &place.key("example"),
            format!(
                "the example of `{}` is not a value it takes: {words}",
                field.key
            ),
            "correct the example, the pattern or the kind",
        );
    }
}

fn without_rule(kind: &FieldKind) -> FieldKind {
    match kind {
        FieldKind::Date { .. } => FieldKind::Date { rule: None },
        other => other.clone(),
    }
}
