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
                let why = why.trim_start_matches("error: ").trim_end_matches('.');
                resolver.error(
                    &place.key("pattern"),
                    format!("the pattern of `{}` cannot be read: {why}", raw.key),
                    "every `(`, `[` and `{` is closed; `\\` before a sign that stands for itself. Try it at regex101.com, flavour Rust",
                );
                None
            }
        });
    let readable = resolver.mistakes.len() == before && raw.kind != Kind::Lost;
    let by = resolver.names(Kin::Role, &raw.by, &place.key("by"));
    let by = match raw.waits && by.is_empty() {
        true => resolver
            .known(Kin::Role)
            .iter()
            .map(|(key, _)| key.as_str().into())
            .collect(),
        false => by,
    };
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
        waits: raw.waits,
    };
    waits(resolver, raw, place);
    no_choice_fits(resolver, &field, place);
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
            min: raw.min.or(raw.above.map(|above| above.floor() + 1.0)),
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
        Kind::Url => {
            schemes(resolver, raw, &place.key("schemes"));
            FieldKind::Url {
                schemes: raw.schemes.clone(),
            }
        }
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
            choices(resolver, raw, &place.key("choices"));
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
        (
            "waits",
            raw.waits && !can_wait(kind),
            "text, date or choice",
        ),
        ("check", raw.check.is_some() && kind != Kind::Text, "text"),
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
    bounds(resolver, raw, place);
}

fn can_wait(kind: Kind) -> bool {
    matches!(kind, Kind::Text | Kind::Date | Kind::Choice)
}

/// A card waits by one field, and no gate asks that it should.
fn waits(resolver: &mut Resolver<'_>, raw: &RawField, place: &Place) {
    if !raw.waits || !can_wait(raw.kind) {
        return;
    }
    let first = resolver.raw.field.iter().find(|field| field.waits);
    if let Some(first) = first.filter(|first| first.key != raw.key) {
        resolver.error(
            &place.key("waits"),
            format!("a card waits by `{}` already", first.key),
            "keep `waits = true` in one of the two",
        );
    }
    if raw.from.is_some() {
        resolver.error(
            &place.key("from"),
            format!(
                "`{}` stops the time while it is filled, and would have to be filled for a stage",
                raw.key
            ),
            "take `from` out",
        );
    }
}

/// The least and the most of a value: numbers, and something between them.
fn bounds(resolver: &mut Resolver<'_>, raw: &RawField, place: &Place) {
    let given = [("min", raw.min), ("max", raw.max), ("above", raw.above)];
    for (key, value) in given {
        let Some(value) = value else { continue };
        let length = raw.kind == Kind::Text;
        let least = if key == "max" { 1.0 } else { 0.0 };
        if !value.is_finite() || length && (value.fract() != 0.0 || value < least) {
            let what = format!("`{key}` of `{}` cannot be {value}", raw.key);
            let mend = match length {
                true => format!("it counts characters: write a whole number from {least}"),
                false => "write a number".to_owned(),
            };
            resolver.error(&place.key(key), what, mend);
            return;
        }
    }
    if raw.min.is_some() && raw.above.is_some() {
        let what = format!("`{}` has both `min` and `above`", raw.key);
        let mend = "keep `min` for at least so much, or `above` for more than it";
        resolver.error(&place.key("above"), what, mend);
    } else if raw.kind == Kind::Number && raw.above.is_some() && !raw.whole {
        let mend = "add `whole = true`, or write `min`";
        let what = format!(
            "`above` of `{}` is for whole numbers and for money",
            raw.key
        );
        resolver.error(&place.key("above"), what, mend);
    }
    let crossed = |least: Option<f64>| least.zip(raw.max);
    if crossed(raw.min).is_some_and(|(min, max)| min > max) {
        resolver.error(
            &place.key("max"),
            format!("`max` of `{}` is less than its `min`", raw.key),
            "swap them",
        );
    } else if crossed(raw.above).is_some_and(|(above, max)| above >= max) {
        resolver.error(
            &place.key("max"),
            format!(
                "no value of `{}` is above {} and not above its `max`",
                raw.key,
                raw.above.unwrap_or_default()
            ),
            "let `max` be more than `above`",
        );
    }
}

fn choices(resolver: &mut Resolver<'_>, raw: &RawField, place: &Place) {
    for (nth, choice) in raw.choices.iter().enumerate() {
        let again = raw.choices[..nth]
            .iter()
            .any(|one| crate::process::same(one, choice));
        if choice.trim().is_empty() {
            let what = format!("a choice of `{}` is empty", raw.key);
            resolver.error(
                &place.nth(nth),
                what,
                "an unfilled line says so already: take it out",
            );
        } else if again {
            let what = format!("the choice “{choice}” of `{}` is there already", raw.key);
            resolver.error(
                &place.nth(nth),
                what,
                "capital letters and spaces make no difference: keep one",
            );
        }
    }
}

fn schemes(resolver: &mut Resolver<'_>, raw: &RawField, place: &Place) {
    let plain = |sign: char| sign.is_ascii_alphanumeric() || "+-.".contains(sign);
    for (nth, scheme) in raw.schemes.iter().enumerate() {
        if scheme.is_empty() || !scheme.chars().all(plain) {
            let name = scheme.split(':').next().filter(|name| !name.is_empty());
            let what = format!("`{scheme}` is not how an address begins");
            let mend = format!(
                "write what stands before `://`: \"{}\"",
                name.unwrap_or("https")
            );
            resolver.error(&place.nth(nth), what, mend);
        }
    }
}

/// A pattern that lets no choice through.
fn no_choice_fits(resolver: &mut Resolver<'_>, field: &Field, place: &Place) {
    let (FieldKind::Choice { of }, Some(pattern)) = (&field.kind, &field.pattern) else {
        return;
    };
    if !of.is_empty() && !of.iter().any(|choice| pattern.is_match(choice)) {
        let what = format!("no choice of `{}` matches its pattern", field.key);
        resolver.error(
            &place.key("pattern"),
            what,
            "take the pattern out: the choices say it all",
        );
    }
}

fn date_rule(resolver: &mut Resolver<'_>, raw: &RawField, place: &Place) -> Option<DateRule> {
    let after: Option<FieldKey> = raw
        .not_before
        .as_ref()
        .map(|field| resolver.name(Kin::Field, field, &place.key("not_before")));
    let other = raw.not_before.as_ref().and_then(|key| {
        let mut fields = resolver.raw.field.iter();
        fields.find(|field| field.key == *key)
    });
    if let Some(other) = other.filter(|other| !matches!(other.kind, Kind::Date | Kind::Lost)) {
        let what = format!("`{}` is not a date: nothing can be before it", other.key);
        let mend = "name a field of kind date in `not_before`";
        resolver.error(&place.key("not_before"), what, mend);
    }
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
