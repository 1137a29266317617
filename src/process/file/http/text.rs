//! The small forms in an API's description: texts with placeholders, JSON with such, pointers.

use super::Reader;
use crate::process::file::letters::instead;
use crate::process::file::place::Place;
use crate::process::file::raw::http::RawPair;
use crate::process::file::values::LOST;
use crate::process::target::http::{Cast, Json, Line, Pair, Piece, Pointer, Slot, Source, Text};
use serde_json::Value;

/// Stands for all that is put.
const ALL: &str = "{put}";

/// Which placeholders have a meaning where a text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// A look for our own record, or making one: nothing is known of it there.
    Unknown,
    ByHand,
    Known,
}

impl Reader<'_, '_> {
    pub(super) fn pointer(&mut self, text: &str, place: &Place) -> Pointer {
        Pointer::parse(text).unwrap_or_else(|| {
            if text != LOST {
                let what = format!("`{text}` says no place in an answer");
                let mend = "write it with a slash before each step, such as `/data/0/id`";
                self.error(place, what, mend);
            }
            Pointer::default()
        })
    }

    pub(super) fn line(&mut self, text: &str, scope: Scope, place: &Place) -> Line {
        let (mut pieces, mut plain, mut rest) = (Vec::new(), String::new(), text);
        while let Some((before, after)) = rest.split_once('{') {
            plain.push_str(before);
            if let Some(after) = after.strip_prefix('{') {
                plain.push('{');
                rest = after;
                continue;
            }
            let Some((inner, after)) = after.split_once('}') else {
                let mend = "write the name between `{` and `}`, or `{{` for a brace";
                self.error(place, "a `{` is not closed", mend);
                return Line(pieces);
            };
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            if let Some(slot) = self.slot(inner.trim(), scope, place) {
                pieces.push(Piece::Slot(slot));
            }
            rest = after;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Line(pieces)
    }

    fn slot(&mut self, inner: &str, scope: Scope, place: &Place) -> Option<Slot> {
        let (name, cast) = match inner.split_once('|') {
            Some((name, word)) => {
                let (name, word) = (name.trim(), word.trim());
                let cast = Cast::of(word);
                if cast.is_none() {
                    let what = format!("there is no way `{word}` to write a value");
                    self.error(place, what, instead(word, Cast::WORDS));
                }
                (name, cast)
            }
            None => (inner, None),
        };
        let known = scope == Scope::Known;
        let source = match name {
            "key" => Source::Key,
            "id" if known => Source::Id,
            "status" => {
                if self.raw.status.is_none() {
                    let mend = "say in `[target.http.status]` what stands for active and retired";
                    self.error(place, "`{status}` has no words", mend);
                }
                Source::Status
            }
            "put.names" => Source::PutNames,
            "match.name" if scope == Scope::ByHand => Source::MatchName,
            "match.value" if scope == Scope::ByHand => Source::MatchValue,
            pointer if pointer.starts_with('/') && known => {
                Source::Record(self.pointer(pointer, place))
            }
            "id" | "put" | "match.name" | "match.value" => {
                let what = format!("`{{{name}}}` means nothing here");
                let mend = match name {
                    "id" => "only a request about a record that was found has its `{id}`",
                    "put" => "write `\"{put}\"` as a value of its own in `json`",
                    _ => "only a `[[target.http.match]]` looks by what `match` names",
                };
                self.error(place, what, mend);
                return None;
            }
            name if name.starts_with('/') => {
                let what = format!("`{{{name}}}` means nothing here");
                let mend = "only a request about a record that was found can say what is in it";
                self.error(place, what, mend);
                return None;
            }
            name => {
                self.put_name(name, place);
                Source::Put(name.to_owned())
            }
        };
        Some(Slot { source, cast })
    }

    /// A ready-made description names more than anybody has to put.
    fn put_name(&mut self, name: &str, place: &Place) {
        let put = self.target.put.iter().map(|put| put.name.trim());
        if self.ready.is_some() || put.clone().any(|known| known == name) {
            return;
        }
        let what = format!("nothing is put under the name `{name}`");
        let all = put.chain(["key", "id", "status"]);
        self.error(place, what, instead(name, all));
    }

    pub(super) fn json(&mut self, text: &str, scope: Scope, place: &Place) -> Json {
        match serde_json::from_str(text) {
            Ok(value) => self.node(value, scope, place),
            Err(error) => {
                if text != LOST {
                    let what = format!("it is no JSON: {error}");
                    let mend = "placeholders stand in quotes: `\"{name}\"`, `\"{amount|bare}\"`";
                    self.error(place, what, mend);
                }
                Json::Fixed(Value::Null)
            }
        }
    }

    fn node(&mut self, value: Value, scope: Scope, place: &Place) -> Json {
        match value {
            Value::String(text) if text.trim() == ALL => Json::All,
            Value::String(text) => match self.line(&text, scope, place) {
                line if line.slots().next().is_some() => Json::Text(line),
                Line(pieces) => Json::Fixed(Value::String(match pieces.into_iter().next() {
                    Some(Piece::Text(text)) => text,
                    _ => String::new(),
                })),
            },
            Value::Array(list) => {
                let list = list.into_iter();
                Json::List(list.map(|one| self.node(one, scope, place)).collect())
            }
            Value::Object(members) => {
                let members = members.into_iter();
                let members = members.map(|(name, one)| (name, self.node(one, scope, place)));
                Json::Object(members.collect())
            }
            fixed => Json::Fixed(fixed),
        }
    }

    pub(super) fn pairs(&mut self, raw: &[RawPair], scope: Scope, place: &Place) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for (nth, one) in raw.iter().enumerate() {
            let place = place.nth(nth);
            let value = match (&one.value, &one.json) {
                (Some(line), None) => Text::Line(self.line(line, scope, &place.key("value"))),
                (None, Some(json)) => Text::Json(self.json(json, scope, &place.key("json"))),
                _ => {
                    let what = format!("`{}` has to have one value", one.name);
                    self.error(&place, what, "write `value` or `json`");
                    continue;
                }
            };
            pairs.push(Pair {
                name: one.name.clone(),
                value,
                base64: one.base64,
            });
        }
        pairs
    }
}
