//! Tryton, over its REST interface: a client is a party, known by its code, which is unique there. A
//! party entered by hand is known by its identifiers; it keeps the code it has. Leaving makes a party
//! inactive. What is put in `category` marks it, as a register of royalties asks for.

use super::door::{Answer, Door, Question};
use super::{Found, Outcome, System};
use crate::model::Status;
use crate::process::target::Client;
use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE};
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};

const FIELDS: [&str; 14] = [
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
    "contact_mechanisms",
    "identifiers",
    "addresses",
];

pub(super) struct Tryton {
    door: Door,
}

impl Tryton {
    pub(super) fn new(door: Door) -> Self {
        Self { door }
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Answer, Outcome> {
        // Who has left is looked at too, and warnings are nobody's to click away here.
        let context = json!({ "active_test": false, "_skip_warnings": true });
        let context = URL_SAFE.encode(context.to_string());
        let headers = [("X-Tryton-Context", context.as_str())];
        let question = Question {
            method,
            path,
            query,
            headers: &headers,
            body,
        };
        self.door.ask(question).await
    }

    async fn parties(&self, domain: &Value) -> Result<Vec<Value>, Outcome> {
        let domain = URL_SAFE.encode(domain.to_string());
        let mut query: Vec<_> = FIELDS.iter().map(|field| ("f", *field)).collect();
        query.push(("d", &domain));
        let answer = self.ask(Method::GET, "party.party", &query, None).await?;
        match answer.body.as_array() {
            Some(found) if answer.status.is_success() => Ok(found.clone()),
            _ => Err(refused(&answer)),
        }
    }

    /// The one party that is this client; none yet, or several that could be.
    async fn find(&self, client: &Client) -> Result<Option<Value>, Outcome> {
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
        let domain = URL_SAFE.encode(json!([["name", "=", name]]).to_string());
        let query = [("f", "name"), ("d", domain.as_str())];
        let answer = self
            .ask(Method::GET, "party.category", &query, None)
            .await?;
        let found = answer.body.as_array().and_then(|found| found.first());
        match found {
            Some(category) => Ok(id(category)),
            None => Err(Outcome::Refused {
                why: format!("there is no party category “{name}”"),
            }),
        }
    }

    /// What differs between the party as it stands and the client as it is given, in Tryton's verbs.
    async fn changes(&self, party: &Value, client: &Client) -> Result<Map<String, Value>, Outcome> {
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

    async fn write(&self, party: i64, set: Map<String, Value>) -> Result<(), Outcome> {
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
    async fn create(&self, client: &Client) -> Result<Option<Value>, Outcome> {
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

    async fn bring_about(&self, client: &Client) -> Result<Outcome, Outcome> {
        let mut found = self.find(client).await?;
        if found.is_none() && client.status == Status::Retired {
            return Err(Outcome::Refused {
                why: "there is no such party to retire".into(),
            });
        }
        if found.is_none() {
            found = match self.create(client).await? {
                Some(made) => Some(made),
                None => self.find(client).await?,
            };
        }
        let Some(party) = found else {
            return Err(Outcome::Unknown {
                why: "the party is not there after it was made".into(),
            });
        };
        let number = id(&party);
        let active = party.get("active") == Some(&Value::Bool(true));
        let wanted = client.status != Status::Retired;
        // Of an inactive party nothing else can be changed.
        let on = |active: bool| Map::from_iter([("active".to_owned(), Value::Bool(active))]);
        if wanted && !active {
            self.write(number, on(true)).await?;
        }
        if wanted || active {
            let set = self.changes(&party, client).await?;
            self.write(number, set).await?;
        }
        if !wanted && active {
            self.write(number, on(false)).await?;
        }
        Ok(Outcome::Confirmed {
            id: number.to_string(),
            link: self.door.link(&format!("party.party/{number}")),
        })
    }
}

#[async_trait]
impl System for Tryton {
    async fn upsert(&self, client: &Client) -> Outcome {
        self.bring_about(client)
            .await
            .unwrap_or_else(|outcome| outcome)
    }

    async fn look(&self, client: &Client) -> Result<Found, Outcome> {
        let party = match self.find(client).await {
            Ok(Some(party)) => party,
            Ok(None) => return Ok(Found::Nothing),
            Err(Outcome::Several { ids }) => return Ok(Found::Several { ids }),
            Err(outcome) => return Err(outcome),
        };
        let active = party.get("active") == Some(&Value::Bool(true));
        let differs = self.changes(&party, client).await?;
        let number = id(&party);
        Ok(Found::One {
            id: number.to_string(),
            link: self.door.link(&format!("party.party/{number}")),
            // A party is either; one that is being prepared is active there.
            status: Some(if active {
                Status::Active
            } else {
                Status::Retired
            }),
            differs: differs.keys().cloned().collect(),
        })
    }
}

fn id(record: &Value) -> i64 {
    record.get("id").and_then(Value::as_i64).unwrap_or_default()
}

fn said(answer: &Answer) -> Option<&str> {
    answer.body.get("message").and_then(Value::as_str)
}

fn refused(answer: &Answer) -> Outcome {
    answer.refusal(said(answer))
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
fn rows(party: &Value, link: &str) -> Vec<Value> {
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
