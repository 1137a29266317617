//! The party that is a client.

use super::super::Outcome;
use super::{Tryton, id, refused, said};
use crate::model::Status;
use crate::process::target::Client;
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};

const FIELDS: [&str; 11] = [
    "code",
    "name",
    "active",
    "contact_mechanisms.type",
    "contact_mechanisms.value",
    "identifiers.type",
    "identifiers.code",
    "addresses.street",
    "addresses.city",
    "addresses.postal_code",
    "categories.name",
];

impl Tryton {
    async fn parties(&self, domain: &Value) -> Result<Vec<Value>, Outcome> {
        self.search("party.party", &FIELDS, domain).await
    }

    /// The one party that is this client; none yet, or several that could be.
    pub(super) async fn find(&self, client: &Client) -> Result<Option<Value>, Outcome> {
        if let Some(known) = client.known.as_ref().and_then(|id| id.parse::<i64>().ok()) {
            let found = self.parties(&json!([["id", "=", known]])).await?;
            if let Some(party) = found.into_iter().next() {
                return Ok(Some(party));
            }
        }
        let ours = self.parties(&json!([["code", "=", client.key]])).await?;
        if let Some(party) = ours.into_iter().next() {
            return Ok(Some(party));
        }
        let known_by: Vec<_> = client.matching.iter().filter_map(clause).collect();
        if known_by.is_empty() {
            return Ok(None);
        }
        let mut found = self.parties(&Value::Array(known_by)).await?;
        match found.len() {
            0 | 1 => Ok(found.pop()),
            _ => {
                let ids = found.iter().map(|party| id(party).to_string()).collect();
                Err(Outcome::Several { ids })
            }
        }
    }

    async fn category(&self, name: &str) -> Result<i64, Outcome> {
        let domain = json!([["name", "=", name]]);
        let found = self.search("party.category", &["name"], &domain).await?;
        match found.first() {
            Some(category) => Ok(id(category)),
            None => Err(Outcome::Refused {
                why: format!("there is no party category “{name}”"),
            }),
        }
    }

    /// What differs between the party as it stands and the client as it is given, in Tryton's verbs.
    pub(super) async fn changes(
        &self,
        party: &Value,
        client: &Client,
    ) -> Result<Map<String, Value>, Outcome> {
        let mut set = Map::new();
        if let Some(name) = client.value("name")
            && party.get("name").and_then(Value::as_str) != Some(name)
        {
            set.insert("name".into(), name.into());
        }
        let contacts = ["email", "phone"].into_iter().filter_map(|kind| {
            let value = client.value(kind)?;
            one_of(
                party,
                "contact_mechanisms",
                "type",
                &kind.into(),
                "value",
                value,
            )
        });
        add(&mut set, "contact_mechanisms", contacts);
        let identifiers = client.values.iter().filter_map(|(name, value)| {
            let kind = identifier(name).filter(|_| !value.is_empty())?;
            one_of(party, "identifiers", "type", &kind, "code", value)
        });
        add(&mut set, "identifiers", identifiers);
        add(&mut set, "addresses", address(party, client));
        if let Some(name) = client.value("category") {
            let marked = rows(party, "categories");
            let marked = marked
                .iter()
                .any(|row| row.get("name") == Some(&name.into()));
            let verb = match (marked, client.status) {
                (false, Status::Pending | Status::Active) => Some("add"),
                (true, Status::Retired) => Some("remove"),
                _ => None,
            };
            if let Some(verb) = verb {
                let category = self.category(name).await?;
                set.insert("categories".into(), json!([[verb, [category]]]));
            }
        }
        Ok(set)
    }

    pub(super) async fn write(&self, party: i64, set: Map<String, Value>) -> Result<(), Outcome> {
        if set.is_empty() {
            return Ok(());
        }
        let path = format!("party.party/{party}");
        let answer = self
            .ask(Method::PUT, &path, &[], Some(&Value::Object(set)))
            .await?;
        match answer.status.is_success() {
            true => Ok(()),
            false => Err(refused(&answer)),
        }
    }

    /// None: somebody was faster, or the code is another's.
    pub(super) async fn create(&self, client: &Client) -> Result<Option<Value>, Outcome> {
        let mut party = self.changes(&Value::Null, client).await?;
        party.insert("code".into(), client.key.clone().into());
        let answer = self
            .ask(
                Method::POST,
                "party.party",
                &[],
                Some(&Value::Object(party)),
            )
            .await?;
        match answer.status {
            status if status.is_success() => self.find(client).await,
            StatusCode::BAD_REQUEST
                if said(&answer).is_some_and(|said| said.contains("must be unique")) =>
            {
                Ok(None)
            }
            _ => Err(refused(&answer)),
        }
    }
}

/// The type of an identifier by the name it is put under: `identifier` has none.
fn identifier(name: &str) -> Option<Value> {
    match name.split_once('.') {
        None if name == "identifier" => Some(Value::Null),
        Some(("identifier", kind)) => Some(kind.into()),
        _ => None,
    }
}

fn clause((name, value): &(String, String)) -> Option<Value> {
    if identifier(name).is_some() {
        return Some(json!(["identifiers.code", "=", value]));
    }
    Some(match name.as_str() {
        "name" => json!(["name", "=", value]),
        "email" | "phone" => {
            json!([
                "contact_mechanisms",
                "where",
                [["type", "=", name], ["value", "=", value]]
            ])
        }
        _ => return None,
    })
}

/// What is linked to a party, as read with it.
pub(super) fn rows(party: &Value, link: &str) -> Vec<Value> {
    let rows = party.get(link).and_then(Value::as_array);
    rows.cloned().unwrap_or_default()
}

/// The verb that makes a linked record of that kind have that value; none where it has it.
fn one_of(
    party: &Value,
    link: &str,
    by: &str,
    kind: &Value,
    field: &str,
    value: &str,
) -> Option<Value> {
    let rows = rows(party, link);
    let of_kind: Vec<_> = rows
        .iter()
        .filter(|row| row.get(by) == Some(kind))
        .collect();
    if of_kind
        .iter()
        .any(|row| row.get(field) == Some(&value.into()))
    {
        return None;
    }
    let new = Map::from_iter([(field.to_owned(), value.into())]);
    Some(match of_kind.first() {
        Some(row) => json!(["write", [id(row)], new]),
        None => {
            let mut new = new;
            new.insert(by.to_owned(), kind.clone());
            json!(["create", [new]])
        }
    })
}

fn address(party: &Value, client: &Client) -> Option<Value> {
    let rows = rows(party, "addresses");
    let stands = rows.first();
    let parts = ["street", "city", "postal_code"].into_iter();
    let differs = parts.filter_map(|part| {
        let value = client.value(part)?;
        let same = stands.and_then(|row| row.get(part)) == Some(&value.into());
        (!same).then(|| (part.to_owned(), Value::from(value)))
    });
    let differs: Map<_, _> = differs.collect();
    let verb = match stands {
        // An invoice needs an address, be it an empty one.
        None => json!(["create", [differs]]),
        Some(_) if differs.is_empty() => return None,
        Some(row) => json!(["write", [id(row)], differs]),
    };
    Some(verb)
}

fn add(set: &mut Map<String, Value>, link: &str, verbs: impl IntoIterator<Item = Value>) {
    let verbs: Vec<_> = verbs.into_iter().collect();
    if !verbs.is_empty() {
        set.insert(link.to_owned(), Value::Array(verbs));
    }
}
