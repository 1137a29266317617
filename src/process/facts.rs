//! A card's fields as named values, or what is wrong with them.

use super::rules::{Check, FieldKey};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Every declared field of one card.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    pub fields: BTreeMap<FieldKey, Fact>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// As a person typed it, trimmed; empty when there is nothing.
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

// STUB until merged
pub fn read(
    _: &super::rules::Process,
    _: &super::bind::Bindings,
    _: &crate::model::Card,
    _: Date,
) -> Facts {
    Facts::default()
}
pub fn raw(_: &super::rules::Process, _: &str) -> BTreeMap<FieldKey, String> {
    BTreeMap::new()
}
impl Facts {
    pub fn holds(&self, _: &super::rules::When) -> bool {
        true
    }
}
