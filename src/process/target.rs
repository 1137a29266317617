//! The places outside Trello where an active client is to stand, as the process file names them, and
//! what of a card goes there. Nothing is sent from here.

use super::facts::{Facts, Value};
use super::rules::{FieldKey, ItemKey, Process, StageKey};
use super::verdict::Admitted;
use crate::model::{Card, CardId, Status};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// Items name it by this.
    pub key: String,
    pub kind: TargetKind,
    pub url: String,
    /// The environment variable that holds its key or password.
    pub key_in: Option<String>,
    pub keyed: Keyed,
    /// Of the fields put, those that a client entered by hand is known by.
    pub matching: Vec<String>,
    /// From this stage of the path on the client is to stand there.
    pub at: StageKey,
    pub put: Vec<Put>,
    /// Whether its address may be one of a private network.
    pub allow_private: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// A party in Tryton, over its REST interface.
    Tryton,
}

/// What one record there stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Keyed {
    /// One card.
    Station,
    /// One client, who may have several cards: known by the fields in `match`.
    Organisation,
}

/// One of their fields, and what of the card goes into it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Put {
    pub name: String,
    pub value: Template,
}

impl TargetKind {
    pub fn word(self) -> &'static str {
        match self {
            Self::Tryton => "tryton",
        }
    }

    /// The names of the fields that can be put there.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Tryton => &[
                "name",
                "email",
                "phone",
                "street",
                "city",
                "postal_code",
                "identifier",
                "category",
            ],
        }
    }

    /// Those without which nothing can be written.
    pub fn needs(self) -> &'static [&'static str] {
        match self {
            Self::Tryton => &["name"],
        }
    }
}

impl Process {
    pub fn target(&self, key: &str) -> Option<&Target> {
        self.targets.iter().find(|target| target.key == key)
    }

    /// The place whose confirmation an item stands for, where one is configured.
    pub fn proof(&self, item: &ItemKey) -> Option<&Target> {
        self.target(self.item(item)?.target.as_deref()?)
    }

    /// The item that stands for a place.
    pub fn proved_by(&self, target: &str) -> Option<&super::rules::Item> {
        let mut items = self.checklists.iter().flat_map(|list| &list.items);
        items.find(|item| item.target.as_deref() == Some(target))
    }

    /// As what an admitted card's client is to stand in that place from now on; none: not at all yet.
    /// Going back changes nothing there.
    pub fn due(&self, target: &Target, admitted: &Admitted) -> Option<Status> {
        let stage = self.stage(&admitted.stage)?;
        let (here, from) = (self.rank(&stage.key)?, self.rank(&target.at)?);
        match (stage.is_final(), here >= from) {
            (true, _) => Some(Status::Active),
            (_, true) => Some(Status::Pending),
            _ => None,
        }
    }
}

// What is put ---------------------------------------------------------------------------------

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

    fn fields(&self) -> impl Iterator<Item = &FieldKey> {
        self.0.iter().filter_map(|part| match part {
            Part::Field { field, .. } => Some(field),
            _ => None,
        })
    }

    /// The text, or the fields for want of which there is none.
    fn fill(&self, process: &Process, facts: &Facts, card: &Card) -> Result<String, Vec<FieldKey>> {
        let (mut text, mut wanting) = (String::new(), Vec::new());
        for part in &self.0 {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Card => text.push_str(card.id.as_str()),
                Part::CardName => text.push_str(&card.name),
                Part::CardUrl => text.push_str(&card.url),
                Part::Field {
                    field,
                    filter,
                    optional,
                } => match value(process, facts, field, *filter) {
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

/// A client as one place is to have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Our name for the record there: the card's id, or what the organisation is known by.
    pub key: String,
    pub card: CardId,
    pub status: Status,
    /// Their name for it, once it is known.
    pub known: Option<String>,
    pub values: BTreeMap<String, String>,
    /// What a client entered by hand is known by.
    pub matching: Vec<(String, String)>,
}

impl Client {
    pub fn value(&self, name: &str) -> Option<&str> {
        let value = self.values.get(name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }
}

impl Target {
    /// The fields of a card that go there.
    pub fn fields(&self) -> impl Iterator<Item = &FieldKey> {
        self.put.iter().flat_map(|put| put.value.fields())
    }

    /// The card's client as this place is to have it, or the fields that are missing for that.
    pub fn client(
        &self,
        process: &Process,
        facts: &Facts,
        card: &Card,
        status: Status,
        known: Option<String>,
    ) -> Result<Client, Vec<FieldKey>> {
        let (mut values, mut wanting) = (BTreeMap::new(), Vec::new());
        for put in &self.put {
            match put.value.fill(process, facts, card) {
                Ok(text) => drop(values.insert(put.name.clone(), text)),
                Err(fields) => wanting.extend(fields),
            }
        }
        if wanting.is_empty() && self.keyed == Keyed::Organisation {
            let known_by = |put: &&Put| self.matching.contains(&put.name);
            let empty = |put: &&Put| values.get(&put.name).is_none_or(String::is_empty);
            let known_by: Vec<_> = self.put.iter().filter(known_by).collect();
            if known_by.iter().all(empty) {
                wanting.extend(known_by.iter().flat_map(|put| put.value.fields()).cloned());
            }
        }
        if !wanting.is_empty() {
            wanting.dedup();
            return Err(wanting);
        }
        let matching = self.matching.iter().filter_map(|name| {
            let value = values.get(name).filter(|value| !value.is_empty())?;
            Some((name.clone(), value.clone()))
        });
        let matching: Vec<_> = matching.collect();
        let key = match self.keyed {
            Keyed::Station => card.id.to_string(),
            Keyed::Organisation => {
                let known_by: Vec<_> = matching.iter().map(|(_, value)| value.as_str()).collect();
                known_by.join("-")
            }
        };
        Ok(Client {
            key,
            card: card.id.clone(),
            status,
            known,
            values,
            matching,
        })
    }
}
