//! Requests with a client's values in them. Values go into JSON as values, into paths and queries
//! percent-encoded. What is empty is left out: a member; in a list of rows the row; a list with a
//! fixed word in it as a whole; whatever nothing is left of.

use crate::model::hex;
use crate::process::target::http::{Cast, Json, Line, Pair, Piece, Slot, Source, Text};
use crate::process::target::{Client, encoded};
use base64::{Engine, engine::general_purpose::URL_SAFE};
use serde_json::{Map, Number, Value};
use sha1::{Digest, Sha1};

/// Everything that can stand between braces.
#[derive(Clone, Copy)]
pub(super) struct Values<'v> {
    pub(super) client: &'v Client,
    /// What is put, in order, and of it what stands in a record at its own name.
    pub(super) names: &'v [String],
    pub(super) plain: &'v [String],
    pub(super) status: &'v str,
    pub(super) id: Option<&'v str>,
    pub(super) record: Option<&'v Value>,
    /// What is looked by, by hand.
    pub(super) pair: Option<(&'v str, &'v str)>,
}

/// What a slot wants is not there, or is not what it has to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lack {
    /// In a path nothing can be left out.
    Empty,
    /// `|bare`, and it is no number.
    NoNumber(String),
}

impl Values<'_> {
    fn plain(&self, source: &Source) -> String {
        match source {
            Source::Put(name) => self.client.value(name).unwrap_or_default().to_owned(),
            Source::Key => self.client.key.clone(),
            Source::Id => self.id.unwrap_or_default().to_owned(),
            Source::Status => self.status.to_owned(),
            Source::PutNames => self.names.join(","),
            Source::MatchName => self.pair.map_or("", |(name, _)| name).to_owned(),
            Source::MatchValue => self.pair.map_or("", |(_, value)| value).to_owned(),
            Source::Record(pointer) => {
                let found = self.record.and_then(|record| pointer.text(record));
                found.unwrap_or_default()
            }
        }
    }

    fn slot(&self, slot: &Slot) -> String {
        let plain = self.plain(&slot.source);
        match slot.cast {
            Some(Cast::Quoted) => plain.replace('\'', "''"),
            Some(Cast::Lower) => plain.to_lowercase(),
            Some(Cast::Uuid) if !plain.is_empty() => uuid(&plain),
            _ => plain,
        }
    }

    /// None: something in it is empty.
    fn text(&self, line: &Line) -> Option<String> {
        let mut text = String::new();
        for piece in &line.0 {
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Slot(slot) => {
                    let value = self.slot(slot);
                    if value.is_empty() {
                        return None;
                    }
                    text.push_str(&value);
                }
            }
        }
        Some(text)
    }

    pub(super) fn path(&self, line: &Line) -> Result<String, Lack> {
        let mut path = String::new();
        for piece in &line.0 {
            match piece {
                Piece::Text(plain) => path.push_str(plain),
                Piece::Slot(slot) => {
                    let value = self.slot(slot);
                    if value.is_empty() {
                        return Err(Lack::Empty);
                    }
                    path.push_str(&encoded(&value));
                }
            }
        }
        // A value of dots would lead to another address.
        match path.split('/').any(|part| part == "." || part == "..") {
            true => Err(Lack::Empty),
            false => Ok(path),
        }
    }

    pub(super) fn pairs(&self, pairs: &[Pair]) -> Result<Vec<(String, String)>, Lack> {
        let mut filled = Vec::new();
        for pair in pairs {
            let value = match &pair.value {
                Text::Line(line) => self.text(line),
                Text::Json(json) => self.json(json)?.map(|json| json.to_string()),
            };
            if let Some(value) = value {
                let value = match pair.base64 {
                    true => URL_SAFE.encode(value),
                    false => value,
                };
                filled.push((pair.name.clone(), value));
            }
        }
        Ok(filled)
    }

    /// None: nothing is left of it.
    pub(super) fn json(&self, json: &Json) -> Result<Option<Value>, Lack> {
        self.node(json, false)
    }

    fn node(&self, json: &Json, row: bool) -> Result<Option<Value>, Lack> {
        Ok(match json {
            Json::Fixed(value) => Some(value.clone()),
            Json::Text(line) => match line.0.as_slice() {
                [Piece::Slot(slot)] if slot.cast == Some(Cast::Bare) => bare(self.slot(slot))?,
                _ => self.text(line).map(Value::String),
            },
            Json::All => Some(Value::Object(self.all())),
            Json::Object(members) => {
                let mut object = Map::new();
                for (name, member) in members {
                    match self.node(member, false)? {
                        Some(Value::Object(all)) if name == "..." => object.extend(all),
                        Some(value) => drop(object.insert(name.clone(), value)),
                        None if row => return Ok(None),
                        None => {}
                    }
                }
                (members.is_empty() || !object.is_empty()).then_some(Value::Object(object))
            }
            Json::List(parts) => self.list(parts)?,
        })
    }

    fn list(&self, parts: &[Json]) -> Result<Option<Value>, Lack> {
        let word = |part: &Json| matches!(part, Json::Fixed(value) if !value.is_array() && !value.is_object());
        let whole = parts.iter().any(word);
        let mut list = Vec::new();
        for part in parts {
            if *part == Json::All {
                let value =
                    |name: &String| self.client.value(name).map_or(Value::Null, Value::from);
                list.extend(self.plain.iter().map(value));
                continue;
            }
            match self.node(part, true)? {
                Some(value) => list.push(value),
                None if whole => return Ok(None),
                None => {}
            }
        }
        Ok((parts.is_empty() || !list.is_empty()).then_some(Value::Array(list)))
    }

    fn all(&self) -> Map<String, Value> {
        let put = self.plain.iter().filter_map(|name| {
            let value = self.client.value(name)?;
            Some((name.clone(), value.into()))
        });
        put.collect()
    }
}

fn bare(text: String) -> Result<Option<Value>, Lack> {
    Ok(match text.as_str() {
        "" => None,
        "true" => Some(true.into()),
        "false" => Some(false.into()),
        _ => match text.parse::<Number>() {
            Ok(number) => Some(Value::Number(number)),
            Err(_) => return Err(Lack::NoNumber(text)),
        },
    })
}

/// RFC 9562, version 5, in a name space of our own.
fn uuid(text: &str) -> String {
    const OURS: &[u8] = b"signalman:";
    let mut hash = Sha1::new();
    hash.update(OURS);
    hash.update(text);
    let mut bytes = hash.finalize();
    bytes[6] = bytes[6] & 0x0f | 0x50;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let parts = [0..4, 4..6, 6..8, 8..10, 10..16];
    parts.map(|part| hex(&bytes[part])).join("-")
}

pub(super) fn part(text: &str) -> String {
    encoded(text)
}

#[cfg(test)]
#[path = "fill_tests.rs"]
mod tests;
