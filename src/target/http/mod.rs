//! Any JSON API, as the process file describes it. What holds for every kind is kept here and not in
//! the description: looking before writing, completing what is there, confirming only what a read
//! showed. Nothing is deleted, for a description cannot say it.

mod fill;
mod find;
mod way;

use super::door::{Answer, Door};
use super::{Found, Outcome, System, Unfit};
use crate::model::Status;
use crate::process::target::http::{Api, Exists, Names, Pointer, Write};
use crate::process::target::{Client, Target};
use async_trait::async_trait;
use fill::Values;
use find::Record;
use reqwest::StatusCode;
use secrecy::SecretString;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::time::Instant;
use way::{Besides, Way};

pub(super) struct Http {
    way: Way,
    api: Api,
    /// What is put, in order.
    names: Vec<String>,
    plain: Vec<String>,
    matching: Vec<String>,
    writes_key: bool,
    /// What the updates are made of, in order.
    updates: Vec<Names>,
    /// Records that may have been made, by our names for them, and until when they may not show.
    lost: Mutex<HashMap<String, Instant>>,
}

/// What came of making a record.
enum Made {
    /// By what it is called, where the answer says it.
    Record(Option<String>),
    /// In the place's own words.
    There(Outcome),
}

impl Http {
    pub(super) fn new(
        door: Door,
        target: &Target,
        secret: Option<SecretString>,
    ) -> Result<Self, Unfit> {
        let api = target.http.as_deref().ok_or(Unfit::NoRequests)?.clone();
        let put = target.put.iter();
        let names: Vec<String> = put.map(|put| put.name.clone()).collect();
        let plain = names.iter().filter(|name| api.is_at_its_name(name));
        Ok(Self {
            plain: plain.cloned().collect(),
            way: Way::new(door, target, &api.auth, secret)?,
            names,
            matching: target.matching.clone(),
            writes_key: api.writes_key(),
            updates: api.updates.iter().map(|one| one.request.names()).collect(),
            lost: Mutex::default(),
            api,
        })
    }

    fn values<'v>(&'v self, client: &'v Client, record: Option<&'v Record>) -> Values<'v> {
        Values {
            client,
            names: &self.names,
            plain: &self.plain,
            status: self.word(client.status),
            id: record.map(|record| record.id.as_str()),
            record: record.map(|record| &record.value),
            pair: None,
        }
    }

    /// Their word for a status; empty where they have none.
    fn word(&self, status: Status) -> &str {
        let Some(state) = &self.api.state else {
            return "";
        };
        match status {
            Status::Pending => state.pending.as_ref().unwrap_or(&state.active),
            Status::Active => &state.active,
            Status::Retired => &state.retired,
        }
    }

    fn headers(&self, values: &Values<'_>) -> Result<Vec<(String, String)>, Outcome> {
        values.pairs(&self.api.headers).map_err(way::lack)
    }

    /// In their words, if they are found.
    fn refused(&self, answer: &Answer) -> Outcome {
        let mut said = self.api.message.iter();
        let said = said.find_map(|pointer| pointer.text(&answer.body));
        let said = said.unwrap_or_else(|| answer.text().to_owned());
        answer.refusal(Some(&said))
    }

    async fn create(&self, client: &Client) -> Result<Made, Outcome> {
        let create = &self.api.create;
        let values = self.values(client, None);
        let besides = Besides {
            headers: self.headers(&values)?,
            idempotency: create.idempotency.as_deref(),
            ..Besides::default()
        };
        let answer = self.way.send(&create.request, &values, besides, false);
        let answer = answer.await?;
        if answer.status.is_success() {
            let id = match &create.id {
                Some(at) => at.text(&answer.body),
                None => self.id_in(&answer.body),
            };
            return Ok(Made::Record(id));
        }
        let already = [StatusCode::CONFLICT, StatusCode::PRECONDITION_FAILED];
        let told = create.exists.iter().any(|exists| says(exists, &answer));
        match already.contains(&answer.status) || told {
            true => Ok(Made::There(self.refused(&answer))),
            false => Err(self.refused(&answer)),
        }
    }

    async fn write(&self, write: &Write, client: &Client, record: &Record) -> Result<(), Outcome> {
        let values = self.values(client, Some(record));
        let besides = Besides {
            headers: self.headers(&values)?,
            ..Besides::default()
        };
        let answer = self.way.send(&write.request, &values, besides, false);
        let answer = answer.await?;
        match answer.status.is_success() {
            true => Ok(()),
            false => Err(self.refused(&answer)),
        }
    }

    /// Whether anything was written to make the record what it is to be.
    async fn complete(&self, client: &Client, record: &Record) -> Result<bool, Outcome> {
        let retired = self.is_retired(record);
        let leaves = client.status == Status::Retired;
        if leaves && retired {
            return Ok(false);
        }
        if leaves && self.api.retire.is_none() && !self.updates.iter().any(|one| one.status) {
            let why = "nothing says how a client is retired there".into();
            return Err(Outcome::Refused { why });
        }
        let mut wrote = false;
        if let (true, false, Some(revive)) = (retired, leaves, &self.api.revive) {
            self.write(revive, client, record).await?;
            wrote = true;
        }
        let differs = self.differs(client, record);
        for (update, names) in self.api.updates.iter().zip(&self.updates) {
            let applies = differs.iter().any(|name| self.is_written(names, name));
            let has = |at: &Pointer| at.find(&record.value).is_some_and(|at| !at.is_null());
            let stands = update.unless.as_ref().is_some_and(has);
            let says = |at: &Pointer| at.text(&record.value).is_some();
            if applies && !stands && names.record.iter().all(says) {
                self.write(update, client, record).await?;
                wrote = true;
            }
        }
        if let (true, Some(retire)) = (leaves, &self.api.retire) {
            self.write(retire, client, record).await?;
            wrote = true;
        }
        Ok(wrote)
    }

    async fn bring_about(&self, client: &Client) -> Result<Outcome, Outcome> {
        let record = match self.find(client, client.known.as_deref()).await? {
            Some(record) => record,
            None if client.status == Status::Retired => {
                let why = "there is no such record to retire".into();
                return Err(Outcome::Refused { why });
            }
            None => self.made(client).await?,
        };
        let record = match self.complete(client, &record).await? {
            false => record,
            true => match self.find(client, Some(&record.id)).await? {
                Some(now) => now,
                None => {
                    let why = "the record is not there after it was written".into();
                    return Err(Outcome::Unknown { why });
                }
            },
        };
        self.stands(client, &record)?;
        Ok(Outcome::Confirmed {
            link: self.link(client, &record.id),
            id: record.id,
        })
    }

    fn is_written(&self, names: &Names, name: &str) -> bool {
        match name {
            find::KEY => names.key,
            find::STATUS => names.status,
            name => self.api.writes(names, name),
        }
    }

    /// What was written has to be what is read.
    fn stands(&self, client: &Client, record: &Record) -> Result<(), Outcome> {
        let refused = |why: String| Err(Outcome::Refused { why });
        let leaves = client.status == Status::Retired;
        if self.api.state.is_some() && self.is_retired(record) != leaves {
            let how = if leaves { "retired" } else { "brought back" };
            return refused(format!(
                "the record was not {how} by what this place was sent"
            ));
        }
        if leaves {
            return Ok(());
        }
        let mut differs = self.differs(client, record);
        differs.retain(|name| self.updates.iter().any(|one| self.is_written(one, name)));
        if differs.is_empty() {
            return Ok(());
        }
        let names = differs.join(", ").replace(['{', '}'], "");
        refused(format!(
            "it took what it was sent, and still shows something else in {names}"
        ))
    }

    /// What may have been made is waited for before it is made again.
    async fn made(&self, client: &Client) -> Result<Record, Outcome> {
        let now = Instant::now();
        let waits = {
            let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
            lost.retain(|_, until| *until > now);
            lost.get(&client.key).map(|until| until.duration_since(now))
        };
        if let Some(after) = waits {
            let why = "it may have made the record, and does not show it yet".into();
            return Err(Outcome::Retry { after, why });
        }
        let made = self.make(client).await;
        if let (Err(Outcome::Unknown { .. }), Some(settle)) = (&made, self.api.create.settle) {
            let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
            lost.insert(client.key.clone(), Instant::now() + settle);
        }
        made
    }

    async fn make(&self, client: &Client) -> Result<Record, Outcome> {
        let (id, there) = match self.create(client).await? {
            Made::Record(id) => (id, None),
            Made::There(words) => (None, Some(words)),
        };
        match (self.find(client, id.as_deref()).await?, there) {
            (Some(record), _) => Ok(record),
            (None, Some(words)) => Err(words),
            (None, None) => Err(Outcome::Unknown {
                why: "the record is not there after it was made".into(),
            }),
        }
    }
}

#[async_trait]
impl System for Http {
    async fn upsert(&self, client: &Client) -> Outcome {
        self.bring_about(client)
            .await
            .unwrap_or_else(|outcome| outcome)
    }

    async fn looked(&self, client: &Client) -> Result<Found, Outcome> {
        let Some(record) = self.find(client, client.known.as_deref()).await? else {
            return Ok(Found::Nothing);
        };
        let mut differs = self.differs(client, &record);
        // The status is told by itself.
        differs.retain(|name| name != find::STATUS);
        if let Some(key) = differs.iter_mut().find(|name| *name == find::KEY) {
            *key = "key".to_owned();
        }
        Ok(Found::One {
            link: self.link(client, &record.id),
            status: self.status(&record),
            differs,
            id: record.id,
        })
    }
}

fn says(exists: &Exists, answer: &Answer) -> bool {
    let said = |(at, part): &(Pointer, String)| {
        let text = at.text(&answer.body);
        text.is_some_and(|text| text.to_lowercase().contains(part))
    };
    exists.status == answer.status.as_u16() && exists.says.as_ref().is_none_or(said)
}
