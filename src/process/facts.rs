//! A card's fields as named values, or what is wrong with them: read once for each judgement, from
//! the description's lines or from Trello's Custom Fields. It judges values one by one and never
//! whether they are needed: that depends on the stage.

use super::bind::Bindings;
pub use super::checks::check;
use super::checks::show_date;
use super::lines;
use super::rules::{Check, Field, FieldKey, FieldKind, KeepFields, Process, Test, When};
use super::text::{clean, same};
use crate::model::Card;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Every declared field of one card.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    fields: Vec<(FieldKey, Fact)>,
    /// Fields with a second line in the description that says something else; the first counts.
    pub doubled: Vec<FieldKey>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// As a person typed it, trimmed; empty when there is nothing, dots where it is a secret.
    pub raw: String,
    pub value: Option<Value>,
    /// Why there is no value; `Missing` when nothing is typed.
    pub problem: Option<Problem>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Number(f64),
    Date(Date),
    /// E.164.
    Phone(String),
    /// In hundredths.
    Money(i64),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum Problem {
    Missing,
    TooShort {
        min: usize,
    },
    TooLong {
        max: usize,
    },
    NotANumber,
    NotWhole,
    OutOfRange {
        min: Option<f64>,
        max: Option<f64>,
    },
    NotADate,
    NotAhead,
    TooFarAhead {
        days: i64,
    },
    Before {
        field: FieldKey,
    },
    NotAChoice {
        of: Vec<String>,
        nearest: Option<String>,
    },
    NotAnEmail,
    NotAPhone,
    NotAUrl {
        schemes: Vec<String>,
    },
    SecretInUrl,
    NotMoney,
    Pattern {
        example: Option<String>,
    },
    /// A letter that looks like a digit or a wrong length, told apart from a wrong check digit.
    NotDigits {
        letter: char,
    },
    WrongLength {
        want: Vec<usize>,
        have: usize,
    },
    CheckDigit {
        check: Check,
    },
    LooksLikePassword,
}

/// `today` is the date in the process's own time zone.
pub fn read(process: &Process, bindings: &Bindings, card: &Card, today: Date) -> Facts {
    let (values, doubled) = match process.keep_fields {
        KeepFields::Description => from_lines(process, card),
        KeepFields::CustomFields => (from_custom_fields(process, bindings, card), Vec::new()),
    };
    let others = |key: &FieldKey| {
        let at = process.fields.iter().position(|field| &field.key == key)?;
        values[at].as_deref().map(str::to_owned)
    };
    let facts = process.fields.iter().zip(&values).map(|(field, value)| {
        let raw = value.as_deref().unwrap_or_default();
        let fact = check(field, process.language, raw, &others, today);
        (field.key.clone(), fact)
    });
    Facts {
        fields: facts.collect(),
        doubled,
    }
}

/// What a description's lines say, unchecked: for comparing it with what it said before.
pub fn raw(process: &Process, desc: &str) -> BTreeMap<FieldKey, String> {
    let labels = process.fields.iter().map(|field| field.label_norm.as_str());
    let found = lines::parse(desc, &labels.collect::<Vec<_>>());
    let fields = process.fields.iter().zip(found.values);
    let said =
        fields.filter_map(|(field, value)| Some((field.key.clone(), clean(&value?).to_owned())));
    said.collect()
}

type Typed<'c> = Vec<Option<Cow<'c, str>>>;

fn from_lines<'c>(process: &Process, card: &'c Card) -> (Typed<'c>, Vec<FieldKey>) {
    let labels = process.fields.iter().map(|field| field.label_norm.as_str());
    let found = lines::parse(&card.desc, &labels.collect::<Vec<_>>());
    let doubled = found
        .doubled
        .iter()
        .map(|at| process.fields[*at].key.clone());
    let doubled = doubled.collect();
    (found.values, doubled)
}

fn from_custom_fields<'c>(process: &Process, bindings: &Bindings, card: &'c Card) -> Typed<'c> {
    let value_of = |field: &Field| {
        let id = bindings.fields.get(&field.key)?;
        let value = card.custom_values.iter().find(|value| &value.field == id)?;
        Some(match &field.kind {
            FieldKind::Date { .. } => on_the_day(process, &value.value),
            _ => Cow::Borrowed(value.value.as_str()),
        })
    };
    process.fields.iter().map(value_of).collect()
}

/// The day that a value of this field names, whatever its rule: that it was ahead is no matter later.
pub fn day(process: &Process, field: &Field, raw: &str) -> Option<Date> {
    let plain = Field {
        kind: FieldKind::Date { rule: None },
        ..field.clone()
    };
    let raw = on_the_day(process, raw);
    match check(&plain, process.language, &raw, &|_| None, Date::ZERO).value {
        Some(Value::Date(date)) => Some(date),
        _ => None,
    }
}

/// Trello keeps a date as an instant: the 12th in Moscow is still the 11th in Greenwich.
fn on_the_day<'c>(process: &Process, value: &'c str) -> Cow<'c, str> {
    match value.parse::<Timestamp>() {
        Ok(instant) => {
            let date = process.time_zone.to_datetime(instant).date();
            Cow::Owned(show_date(date, process.language))
        }
        Err(_) => Cow::Borrowed(value),
    }
}

impl Facts {
    /// What is known of a field. Keys are shared, so that they mostly compare by address.
    pub fn get(&self, key: &FieldKey) -> Option<&Fact> {
        let own = self.fields.iter().find(|(known, _)| known == key);
        own.map(|(_, fact)| fact)
    }

    /// The same with another value typed into one field.
    pub fn with(mut self, process: &Process, key: &FieldKey, raw: &str, today: Date) -> Self {
        let others = |key: &FieldKey| self.get(key).map(|fact| fact.raw.clone());
        let field = process.field(key);
        let fact = field.map(|field| check(field, process.language, raw, &others, today));
        let own = self.fields.iter_mut().find(|(known, _)| known == key);
        if let (Some((_, own)), Some(fact)) = (own, fact) {
            *own = fact;
        }
        self
    }

    /// What is typed, whether or not it is any good; empty when nothing is.
    pub fn raw(&self, key: &FieldKey) -> &str {
        self.get(key).map_or("", |fact| &fact.raw)
    }

    /// The value, if it is good.
    pub fn value(&self, key: &FieldKey) -> Option<&Value> {
        self.get(key)?.value.as_ref()
    }

    pub fn problem(&self, key: &FieldKey) -> Option<&Problem> {
        self.get(key)?.problem.as_ref()
    }

    /// Whether anything is typed, good or not.
    pub fn filled(&self, key: &FieldKey) -> bool {
        !self.raw(key).is_empty()
    }

    /// `IsNot` holds for an empty field as well: what it guards is asked for until the field says
    /// otherwise, so that emptying a line opens no gate.
    pub fn holds(&self, when: &When) -> bool {
        match &when.test {
            Test::Is(values) => self.is_one_of(&when.field, values),
            Test::IsNot(values) => !self.is_one_of(&when.field, values),
            Test::Filled => self.filled(&when.field),
            Test::Empty => !self.filled(&when.field),
        }
    }

    fn is_one_of(&self, key: &FieldKey, values: &[String]) -> bool {
        // A choice is known by the file's spelling, though it may be typed in another.
        let said = match self.value(key) {
            Some(Value::Text(text)) => text,
            _ => self.raw(key),
        };
        values.iter().any(|value| same(value, said))
    }
}

#[cfg(test)]
mod tests;
