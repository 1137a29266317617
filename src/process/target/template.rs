//! What of a card goes into a field of an outside place, and how it is written there.

use crate::model::Card;
use crate::process::facts::{Facts, Value};
use crate::process::rules::{FieldKey, Process};
use std::fmt::Write;

/// A text with places for a card's values: `{contract_no}`, `{fee|minor}`, `{kpp?}`, `{card_url}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    Text(String),
    Field {
        field: FieldKey,
        filter: Option<Filter>,
        /// Nothing where the field is empty, rather than a client who cannot be written.
        optional: bool,
    },
    Card,
    CardName,
    CardUrl,
}

/// How a value is written. Without one: dates as 2026-12-31, amounts as 1990.50, phones as
/// +79991234567, numbers without spaces, all else as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Filter {
    /// As it was typed.
    Raw,
    /// An amount in its smallest unit: 199050.
    Minor,
    /// A date as 31.12.2026.
    Dmy,
    /// Digits alone.
    Digits,
}

impl Filter {
    pub const WORDS: [&'static str; 4] = ["raw", "minor", "dmy", "digits"];

    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "raw" => Self::Raw,
            "minor" => Self::Minor,
            "dmy" => Self::Dmy,
            "digits" => Self::Digits,
            _ => return None,
        })
    }
}

impl Template {
    pub fn new(parts: Vec<Part>) -> Self {
        Self(parts)
    }

    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = &FieldKey> {
        self.0.iter().filter_map(|part| match part {
            Part::Field { field, .. } => Some(field),
            _ => None,
        })
    }

    /// The text, or the fields for want of which there is none.
    pub(super) fn fill(
        &self,
        process: &Process,
        facts: &Facts,
        card: &Card,
    ) -> Result<String, Vec<FieldKey>> {
        self.fill_with(process, facts, card, |value| Some(value.to_owned()))
    }

    /// `write`: how a value is written into what stands around it; none where it cannot be.
    pub(super) fn fill_with(
        &self,
        process: &Process,
        facts: &Facts,
        card: &Card,
        write: fn(&str) -> Option<String>,
    ) -> Result<String, Vec<FieldKey>> {
        let (mut text, mut wanting) = (String::new(), Vec::new());
        let of_the_card = |value: &str| write(value).unwrap_or_default();
        for part in &self.0 {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Card => text.push_str(&of_the_card(card.id.as_str())),
                Part::CardName => text.push_str(&of_the_card(&card.name)),
                Part::CardUrl => text.push_str(&of_the_card(&card.url)),
                Part::Field {
                    field,
                    filter,
                    optional,
                } => match value(process, facts, field, *filter).and_then(|value| write(&value)) {
                    Some(value) => text.push_str(&value),
                    None if *optional => {}
                    None => wanting.push(field.clone()),
                },
            }
        }
        match wanting.is_empty() {
            true => Ok(text.trim().to_owned()),
            false => Err(wanting),
        }
    }
}

/// Nothing where the field is empty or no good; an empty text where it is not asked of this card.
fn value(
    process: &Process,
    facts: &Facts,
    key: &FieldKey,
    filter: Option<Filter>,
) -> Option<String> {
    let fact = facts.get(key)?;
    let when = process.field(key).and_then(|field| field.when.as_ref());
    if fact.raw.is_empty() && when.is_some_and(|when| !facts.holds(when)) {
        return Some(String::new());
    }
    let value = fact.value.as_ref().filter(|_| fact.problem.is_none())?;
    let raw = || fact.raw.clone();
    Some(match (filter, value) {
        (Some(Filter::Raw), _) => raw(),
        (Some(Filter::Digits), _) => {
            let plain = plain(value).unwrap_or_else(raw);
            plain.chars().filter(char::is_ascii_digit).collect()
        }
        (Some(Filter::Minor), Value::Money(hundredths)) => hundredths.to_string(),
        (Some(Filter::Dmy), Value::Date(date)) => date.strftime("%d.%m.%Y").to_string(),
        _ => plain(value).unwrap_or_else(raw),
    })
}

/// None: as it was typed.
fn plain(value: &Value) -> Option<String> {
    Some(match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Phone(phone) => phone.clone(),
        Value::Money(hundredths) => {
            let (sign, whole) = (if *hundredths < 0 { "-" } else { "" }, hundredths.abs());
            let mut text = sign.to_owned();
            let _ = write!(text, "{}.{:02}", whole / 100, whole % 100);
            text
        }
    })
}
