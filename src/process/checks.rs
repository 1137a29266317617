//! What one value must be: of its field's kind, like its pattern, right by its well-known check.
//! Forgiving about how people type, strict about what it means: of two readings it picks none.
//! A value that holds a secret is told apart and never repeated.

mod amount;
mod contact;
mod date;
mod number;

pub use date::show_date;

use super::facts::{Fact, Problem, Value};
use super::rules::{Check, DateRule, Field, FieldKey, FieldKind, Language};
use super::text::{clean, fold, folded, is_dash, same};
use crate::model::redact::looks_like_password;
use jiff::{ToSpan, civil::Date};

/// Stands for a value that must not travel any further.
const HIDDEN: &str = "•••";

/// Longer than this no word is looked for that may have been meant.
const GUESS_CHARS: usize = 100;
const GUESS_LIKENESS: f64 = 0.8;

/// Other fields of the card, as typed.
pub type Others<'a> = &'a dyn Fn(&FieldKey) -> Option<String>;

/// What a value means, or what is wrong with it.
pub fn check(field: &Field, language: Language, raw: &str, others: Others, today: Date) -> Fact {
    let typed = clean(raw);
    if typed.is_empty() {
        return Fact {
            raw: String::new(),
            value: None,
            problem: Some(Problem::Missing),
        };
    }
    let judged = of_kind(&field.kind, language, typed, others, today)
        .and_then(|value| like_pattern(field, typed, value))
        .and_then(|value| match field.check {
            Some(check) => known(check, typed, value),
            None => Ok(value),
        });
    let (value, problem) = match judged {
        Ok(value) => (Some(value), None),
        Err(problem) => (None, Some(problem)),
    };
    let secret = matches!(
        problem,
        Some(Problem::SecretInUrl | Problem::LooksLikePassword)
    );
    let raw = if secret { HIDDEN } else { typed }.to_owned();
    Fact {
        raw,
        value,
        problem,
    }
}

/// Whether an e-mail could be sent there.
pub fn is_email(text: &str) -> bool {
    contact::email(text).is_ok_and(|value| matches!(value, Value::Text(address) if address == text))
}

type Judged = Result<Value, Problem>;

fn of_kind(
    kind: &FieldKind,
    language: Language,
    typed: &str,
    others: Others,
    today: Date,
) -> Judged {
    match kind {
        FieldKind::Text { min, max } => text(typed, *min, *max),
        FieldKind::Number { min, max, whole } => {
            amount::number(typed, language, *min, *max, *whole)
        }
        FieldKind::Date { rule } => {
            let date = date::read(typed, language).ok_or(Problem::NotADate)?;
            let other = |key: &FieldKey| date::read(clean(&others(key)?), language);
            in_time(date, rule.as_ref(), &other, today)
        }
        FieldKind::Choice { of } => choice(typed, of),
        FieldKind::Email => contact::email(typed),
        FieldKind::Phone => contact::phone(typed, language),
        FieldKind::Url { schemes } => contact::url(typed, schemes),
        FieldKind::Money { min, above, max } => amount::money(typed, language, *min, *above, *max),
    }
}

fn text(typed: &str, min: Option<usize>, max: Option<usize>) -> Judged {
    let length = typed.chars().count();
    match (min, max) {
        (Some(min), _) if length < min => Err(Problem::TooShort { min }),
        (_, Some(max)) if length > max => Err(Problem::TooLong { max }),
        _ => Ok(Value::Text(typed.to_owned())),
    }
}

/// Another field's date that cannot be read is that field's own trouble.
fn in_time(
    date: Date,
    rule: Option<&DateRule>,
    other: &dyn Fn(&FieldKey) -> Option<Date>,
    today: Date,
) -> Judged {
    match rule {
        Some(DateRule::Ahead) if date <= today => Err(Problem::NotAhead),
        Some(DateRule::WithinDays(days)) if date > after(today, *days) => {
            Err(Problem::TooFarAhead { days: *days })
        }
        Some(DateRule::NotBefore(key)) if other(key).is_some_and(|other| date < other) => {
            Err(Problem::Before { field: key.clone() })
        }
        _ => Ok(Value::Date(date)),
    }
}

fn after(today: Date, days: i64) -> Date {
    let span = jiff::Span::new().try_days(days).unwrap_or(0.days());
    today.saturating_add(span)
}

/// The choice itself, in the file's spelling. The beginning of one is not enough.
fn choice(typed: &str, of: &[String]) -> Judged {
    let exact = of.iter().find(|choice| same(choice, typed));
    let mut loose = of.iter().filter(|choice| same_but_dashes(choice, typed));
    let chosen = exact.or_else(|| loose.next().filter(|_| loose.next().is_none()));
    match chosen {
        Some(chosen) => Ok(Value::Text(chosen.clone())),
        None => Err(Problem::NotAChoice {
            of: of.to_vec(),
            nearest: nearest(typed, of).cloned(),
        }),
    }
}

/// «HE AAC v1» for «HE-AAC v1». A dash before a digit is a minus, and counts.
fn same_but_dashes(a: &str, b: &str) -> bool {
    fn dashless(text: &str) -> impl Iterator<Item = char> {
        let next_is_digit = |rest: &str| rest.chars().find_map(fold).is_some_and(char::is_numeric);
        text.char_indices()
            .filter(move |(at, c)| !is_dash(*c) || next_is_digit(&text[at + c.len_utf8()..]))
            .filter_map(|(_, c)| fold(c))
    }
    dashless(a).eq(dashless(b))
}

fn nearest<'c>(typed: &str, of: &'c [String]) -> Option<&'c String> {
    if typed.len() > GUESS_CHARS * 2 {
        return None;
    }
    let typed: String = folded(typed).collect();
    // Of two that are equally near the first: `max_by` takes the last.
    of.iter()
        .rev()
        .map(|choice| {
            let choice_text: String = folded(choice).take(GUESS_CHARS).collect();
            (strsim::jaro_winkler(&typed, &choice_text), choice)
        })
        .filter(|(likeness, _)| *likeness >= GUESS_LIKENESS)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, choice)| choice)
}

/// A phone's keyboard makes long dashes of short ones: where the pattern wants a hyphen, any dash
/// is one.
fn like_pattern(field: &Field, typed: &str, value: Value) -> Judged {
    let Some(pattern) = &field.pattern else {
        return Ok(value);
    };
    if pattern.is_match(typed) {
        return Ok(value);
    }
    let hyphened = typed.replace(is_dash, "-");
    if matches!(value, Value::Text(_)) && pattern.is_match(&hyphened) {
        return Ok(Value::Text(hyphened));
    }
    let example = field.example.clone();
    Err(Problem::Pattern { example })
}

fn known(check: Check, typed: &str, value: Value) -> Judged {
    match check {
        Check::Inn => number::inn(typed).map(Value::Text),
        Check::Ogrn => number::ogrn(typed).map(Value::Text),
        Check::Iban => number::iban(typed).map(Value::Text),
        Check::NoPassword if looks_like_password(typed) => Err(Problem::LooksLikePassword),
        Check::NoPassword => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind) -> Field {
        Field {
            key: "field".into(),
            name: "Поле".to_owned(),
            label_norm: "поле".to_owned(),
            kind,
            pattern: None,
            example: None,
            check: None,
            from: None,
            when: None,
            by: vec![],
            asks: vec![],
            waits: false,
        }
    }
    const ANY: FieldKind = FieldKind::Text {
        min: None,
        max: None,
    };
    fn judged(field: &Field, raw: &str) -> Fact {
        let others = |_: &FieldKey| Some("12.11.2026".to_owned());
        check(
            field,
            Language::Ru,
            raw,
            &others,
            jiff::civil::date(2026, 11, 24),
        )
    }
    fn choices(of: &[&str]) -> Field {
        let of = of.iter().map(|choice| (*choice).to_owned()).collect();
        field(FieldKind::Choice { of })
    }

    #[test]
    fn nothing_typed_is_missing() {
        for raw in ["", "  ", "—", "____", "«»"] {
            let fact = judged(&field(ANY), raw);
            assert_eq!(
                (fact.raw.as_str(), fact.problem),
                ("", Some(Problem::Missing))
            );
        }
    }

    #[test]
    fn text_has_its_length_in_characters() {
        let name = field(FieldKind::Text {
            min: Some(2),
            max: Some(4),
        });
        assert_eq!(
            judged(&name, "«Ева»").value,
            Some(Value::Text("Ева".to_owned()))
        );
        assert_eq!(
            judged(&name, "Я").problem,
            Some(Problem::TooShort { min: 2 })
        );
        assert_eq!(
            judged(&name, "Тимофей").problem,
            Some(Problem::TooLong { max: 4 })
        );
    }

    #[test]
    fn a_choice_comes_back_in_the_files_spelling() {
        let kinds = choices(&["ООО/АО", "ИП", "самозанятый или физлицо"]);
        let codecs = choices(&["MP3", "AAC-LC", "HE-AAC v1", "HE-AAC v2"]);
        let zones = choices(&["МСК−1", "МСК", "МСК+1"]);
        let pushes = choices(&["клиент нам (push)", "забираем сами (pull)"]);
        for (field, typed, chosen) in [
            (&kinds, "ооо / ао", "ООО/АО"),
            (&codecs, "he aac V1", "HE-AAC v1"),
            (&codecs, "HE–AAC v2", "HE-AAC v2"),
            (&codecs, "aac lc", "AAC-LC"),
            (&zones, "мск - 1", "МСК−1"),
            (&zones, "мск", "МСК"),
            (&pushes, "Клиент нам (PUSH)", "клиент нам (push)"),
        ] {
            let value = judged(field, typed).value;
            assert_eq!(value, Some(Value::Text(chosen.to_owned())), "{typed}");
        }
        for (field, typed, meant) in [
            (&pushes, "клиент нам", Some("клиент нам (push)")),
            (&codecs, "HE-AAC v3", Some("HE-AAC v1")),
            (&zones, "мск+01", Some("МСК+1")),
            (&kinds, "кооператив", None),
        ] {
            let nearest = match judged(field, typed).problem {
                Some(Problem::NotAChoice { nearest, .. }) => nearest,
                other => panic!("{typed} is no choice: {other:?}"),
            };
            assert_eq!(nearest.as_deref(), meant, "{typed}");
        }
    }

    #[test]
    fn a_date_keeps_its_rule() {
        let rules = [
            (DateRule::Ahead, "25.11.2026", None),
            (DateRule::Ahead, "24.11.2026", Some(Problem::NotAhead)),
            (DateRule::WithinDays(30), "24.12.2026", None),
            (
                DateRule::WithinDays(30),
                "25.12.2026",
                Some(Problem::TooFarAhead { days: 30 }),
            ),
            (DateRule::NotBefore("day".into()), "12.11.2026", None),
            (
                DateRule::NotBefore("day".into()),
                "11.11.2026",
                Some(Problem::Before {
                    field: "day".into(),
                }),
            ),
        ];
        for (rule, typed, problem) in rules {
            let field = field(FieldKind::Date { rule: Some(rule) });
            assert_eq!(judged(&field, typed).problem, problem, "{typed}");
        }
    }

    #[test]
    fn a_pattern_takes_any_dash_and_shows_its_example() {
        let mut contract = field(ANY);
        contract.pattern = regex::Regex::new(r"^20\d\d-\d{3}(/\d{1,2})?$").ok();
        contract.example = Some("2026-041".to_owned());
        for (typed, value) in [("«2026-041»", "2026-041"), ("2026–031/2", "2026-031/2")] {
            assert_eq!(
                judged(&contract, typed).value,
                Some(Value::Text(value.to_owned()))
            );
        }
        let example = contract.example.clone();
        assert_eq!(
            judged(&contract, "№ 41").problem,
            Some(Problem::Pattern { example })
        );
    }

    #[test]
    fn a_password_is_refused_and_not_repeated() {
        let mut access = field(ANY);
        access.check = Some(Check::NoPassword);
        for secret in [
            "Hk3!fd9#xQ",
            "пароль: кефир",
            "source / Password = x",
            "логин air, a8Fk2mP9qL",
            "https://air:secret@vault.example/x",
        ] {
            let fact = judged(&access, secret);
            assert_eq!(fact.problem, Some(Problem::LooksLikePassword), "{secret}");
            assert_eq!(fact.raw, "•••");
        }
        for name in [
            "Сейф: станции / Кефир FM",
            "Bitwarden, запись AE-TEST-0042",
            "https://vault.example/items/7f9c2ba4e88f827d",
            "Пароли — только в сейфе",
            "пароль передан клиенту",
            "Сейф 2026, SHOUTcast 2",
        ] {
            assert_eq!(judged(&access, name).problem, None, "{name}");
        }
    }
}
