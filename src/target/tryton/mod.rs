//! Tryton, over its REST interface: a client is a party, known by its code, which is unique there. A
//! party entered by hand is known by its identifiers; it keeps the code it has. Leaving makes a party
//! inactive. What is put in `category` marks it, as a register of royalties asks for. Where an amount
//! is put, the card has a subscription of its own under the party, known by its reference.

mod party;
mod steps;
mod subscription;

use super::door::{Answer, Door, Question};
use super::{Found, Outcome, System};
use crate::model::Status;
use crate::process::target::{Client, Target};
use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE};
use jiff::civil::Date;
use reqwest::Method;
use serde_json::{Map, Value, json};
use tokio::sync::OnceCell;

pub(super) struct Tryton {
    door: Door,
    /// Whether an amount is put there.
    charges: bool,
    company: OnceCell<i64>,
}

impl Tryton {
    pub(super) fn new(door: Door, target: &Target) -> Self {
        Self {
            door,
            charges: target.put.iter().any(|put| put.name == "amount"),
            company: OnceCell::new(),
        }
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Answer, Outcome> {
        // Who has left is looked at too, and warnings are nobody's to click away here.
        let mut context = json!({ "active_test": false, "_skip_warnings": true });
        if let Some(company) = self.company.get() {
            context["company"] = (*company).into();
        }
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

    async fn search(
        &self,
        model: &str,
        fields: &[&str],
        domain: &Value,
    ) -> Result<Vec<Value>, Outcome> {
        let domain = URL_SAFE.encode(domain.to_string());
        let mut query: Vec<_> = fields.iter().map(|field| ("f", *field)).collect();
        query.push(("d", &domain));
        let answer = self.ask(Method::GET, model, &query, None).await?;
        match answer.body.as_array() {
            Some(found) if answer.status.is_success() => Ok(found.clone()),
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
        if !wanted && self.charges {
            let under = self.subscribe(number, client).await?;
            // Another station's is the party's too, and what still runs is yet to be charged.
            if under.others || under.ours.is_some() {
                return Ok(self.confirmed(number));
            }
        }
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
        if wanted && self.charges {
            self.subscribe(number, client).await?;
        }
        Ok(self.confirmed(number))
    }

    fn confirmed(&self, number: i64) -> Outcome {
        Outcome::Confirmed {
            id: number.to_string(),
            link: self.door.link(&format!("party.party/{number}")),
        }
    }
}

#[async_trait]
impl System for Tryton {
    async fn upsert(&self, client: &Client) -> Outcome {
        self.bring_about(client)
            .await
            .unwrap_or_else(|outcome| outcome)
    }

    async fn billed(
        &self,
        client: &Client,
        from: Date,
        before: Date,
    ) -> Result<Option<bool>, Outcome> {
        if !self.charges || client.value("amount").is_none() {
            return Ok(None);
        }
        let Some(party) = self.find(client).await? else {
            return Ok(Some(false));
        };
        self.invoiced(id(&party), from, before).await.map(Some)
    }

    async fn looked(&self, client: &Client) -> Result<Found, Outcome> {
        let Some(party) = self.find(client).await? else {
            return Ok(Found::Nothing);
        };
        let active = party.get("active") == Some(&Value::Bool(true));
        let number = id(&party);
        let differs = self.changes(&party, client).await?;
        let mut differs: Vec<_> = differs.keys().cloned().collect();
        // A party is either; one that is being prepared is active there.
        let mut status = match active {
            true => Status::Active,
            false => Status::Retired,
        };
        if self.charges {
            let (stands, other) = self.subscribed(number, client).await?;
            status = stands.unwrap_or(status);
            differs.extend(other.into_iter().map(str::to_owned));
        }
        Ok(Found::One {
            id: number.to_string(),
            link: self.door.link(&format!("party.party/{number}")),
            status: Some(status),
            differs,
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
