//! Which record is the client's, and what in it differs. By their id if it is known, by our name for
//! it, by what a client entered by hand is known by; whatever a search finds is compared once more
//! here, for many searches find more than was asked for.

use super::fill::Values;
use super::way::Besides;
use super::{Answer, Http, Outcome};
use crate::model::Status;
use crate::process::target::Client;
use crate::process::target::http::{Ask, Id, Like, Names, Pages, Pointer};
use reqwest::StatusCode;
use serde_json::Value;

/// What our name for a record and its status are called among what differs.
/// No name that is put can be one of these.
pub(super) const KEY: &str = "{key}";
pub(super) const STATUS: &str = "{status}";
/// A search that has more pages is too wide.
const MOST_PAGES: usize = 30;
/// So many are read one by one.
const MOST_READ: usize = 20;

pub(super) struct Record {
    pub(super) id: String,
    pub(super) value: Value,
}

impl Http {
    /// The one record that is this client; none yet, or several that could be.
    pub(super) async fn find(
        &self,
        client: &Client,
        known: Option<&str>,
    ) -> Result<Option<Record>, Outcome> {
        if let Some(known) = known
            && let Some(record) = self.read(client, known).await?
        {
            return Ok(Some(record));
        }
        if let Some(search) = &self.api.search {
            let found = self.ask(search, self.values(client, None)).await?;
            let mut found = self.whole(client, search, found).await?;
            if self.api.key.is_some() {
                found.retain(|record| self.is_ours(client, record) == Some(true));
            }
            if let Some(record) = one(found)? {
                return Ok(Some(record));
            }
        }
        let Some((ask, values)) = self.by_hand(client) else {
            return Ok(None);
        };
        let found = self.ask(ask, values).await?;
        let mut found = self.whole(client, ask, found).await?;
        found.retain(|record| {
            // Where our name can be written, one that has another's is another's.
            let free = !self.writes_key || self.is_ours(client, record) != Some(false);
            free && self.is_known_by_all(client, record)
        });
        one(found)
    }

    async fn read(&self, client: &Client, id: &str) -> Result<Option<Record>, Outcome> {
        let Some(read) = &self.api.read else {
            return Ok(None);
        };
        let mut values = self.values(client, None);
        values.id = Some(id);
        let found = self.ask(read, values).await?;
        let found = found.into_iter().next();
        Ok(found.map(|(_, value)| Record {
            id: id.to_owned(),
            value,
        }))
    }

    /// The first way that has all it asks with.
    fn by_hand<'c>(&'c self, client: &'c Client) -> Option<(&'c Ask, Values<'c>)> {
        let first = client.matching.first()?;
        let has = |names: &Names| {
            let known =
                |name: &String| self.matching.contains(name) && client.value(name).is_some();
            names.put.iter().all(known)
        };
        let mut ways = self.api.by_hand.iter();
        let ask = ways.find(|ask| has(&ask.request.names()))?;
        let mut values = self.values(client, None);
        values.pair = Some((&first.0, &first.1));
        Some((ask, values))
    }

    /// What is found, with its place in the answer, from 1.
    async fn ask(&self, ask: &Ask, values: Values<'_>) -> Result<Vec<(usize, Value)>, Outcome> {
        let (mut found, mut page) = (Vec::new(), 1);
        let (mut query, mut address) = (None, None);
        loop {
            let besides = Besides {
                headers: self.headers(&values)?,
                query: query.take(),
                address: address.take(),
                idempotency: None,
            };
            let answer = self.way.send(&ask.request, &values, besides, true).await?;
            let records = self.records(ask, &answer, values.id.is_some())?;
            let count = records.len();
            found.extend((found.len() + 1..).zip(records));
            let text = |at: &Pointer| at.text(&answer.body);
            let more = match &ask.pages {
                Some(Pages::Offset { query: name, size }) if count >= *size => {
                    query = Some((name.as_str(), found.len().to_string()));
                    true
                }
                Some(Pages::Number { query: name, size }) if count >= *size => {
                    query = Some((name.as_str(), (page + 1).to_string()));
                    true
                }
                Some(Pages::Cursor { query: name, at }) => {
                    query = text(at).map(|cursor| (name.as_str(), cursor));
                    query.is_some()
                }
                Some(Pages::Next { at }) => {
                    if let Some(next) = text(at) {
                        let own = self.way.own(&next);
                        let why = "its next page is at another address".into();
                        address = Some(own.ok_or(Outcome::Refused { why })?);
                    }
                    address.is_some()
                }
                _ => false,
            };
            if !more {
                return Ok(found);
            }
            if page == MOST_PAGES {
                let why = format!("its search finds more than {MOST_PAGES} pages");
                return Err(Outcome::Refused { why });
            }
            page += 1;
        }
    }

    /// No list where one is expected is never taken for an empty one.
    fn records(&self, ask: &Ask, answer: &Answer, by_id: bool) -> Result<Vec<Value>, Outcome> {
        let status = answer.status;
        let none = status == StatusCode::NO_CONTENT
            || status == StatusCode::NOT_FOUND && by_id
            || ask.none.contains(&status.as_u16());
        if none {
            return Ok(Vec::new());
        }
        if !status.is_success() {
            return Err(self.refused(answer));
        }
        let mut records = Vec::new();
        for at in &ask.records {
            match at.find(&answer.body) {
                Some(Value::Array(list)) => records.extend(list.iter().cloned()),
                Some(record @ Value::Object(_)) => records.push(record.clone()),
                _ => {
                    let why = "its answer has no records where they are said to be".into();
                    return Err(Outcome::Refused { why });
                }
            }
        }
        Ok(records)
    }

    /// Records with their ids, each once; read where the search gives no more than ids.
    async fn whole(
        &self,
        client: &Client,
        ask: &Ask,
        found: Vec<(usize, Value)>,
    ) -> Result<Vec<Record>, Outcome> {
        if ask.ids.is_some() && found.len() > MOST_READ {
            let why = format!("its search finds more than {MOST_READ}");
            return Err(Outcome::Refused { why });
        }
        let mut whole: Vec<Record> = Vec::new();
        for (position, value) in found {
            let id = match (&ask.ids, &self.api.id) {
                (Some(at), _) => at.text(&value),
                (None, Id::Position) => Some(position.to_string()),
                (None, Id::At(_)) => self.id_in(&value),
            };
            let Some(id) = id else {
                let why = "what it finds has no id where it is said to be".into();
                return Err(Outcome::Refused { why });
            };
            if whole.iter().any(|other| other.id == id) {
                continue;
            }
            if ask.ids.is_none() {
                whole.push(Record { id, value });
            } else if let Some(record) = self.read(client, &id).await? {
                whole.push(record);
            }
        }
        Ok(whole)
    }

    pub(super) fn id_in(&self, value: &Value) -> Option<String> {
        match &self.api.id {
            Id::At(at) => at.text(value),
            Id::Position => None,
        }
    }

    /// None: it has no name of ours, or nothing says where.
    fn is_ours(&self, client: &Client, record: &Record) -> Option<bool> {
        let has = self.api.key.as_ref()?.text(&record.value)?;
        Some(has == client.key)
    }

    fn is_known_by_all(&self, client: &Client, record: &Record) -> bool {
        let mut known_by = client.matching.iter();
        known_by.all(|(name, value)| self.has(record, name, value))
    }

    fn has(&self, record: &Record, name: &str, value: &str) -> bool {
        let nth = self.names.iter().position(|other| other == name);
        let (at, like) = self.api.field(name, nth.unwrap_or_default());
        let found = at.find(&record.value).unwrap_or(&Value::Null);
        let text = at.text(&record.value).unwrap_or_default();
        match found {
            Value::Number(_) => number(&text) == number(value),
            _ => same(like, &text, value),
        }
    }

    /// The names of what stands there otherwise; what is empty is nobody's business there.
    pub(super) fn differs(&self, client: &Client, record: &Record) -> Vec<String> {
        let put = self.names.iter().filter(|name| {
            let value = client.value(name);
            value.is_some_and(|value| !self.has(record, name, value))
        });
        let mut differs: Vec<String> = put.cloned().collect();
        if self.writes_key && self.is_ours(client, record) != Some(true) {
            differs.push(KEY.to_owned());
        }
        if let Some(state) = &self.api.state
            && state.at.text(&record.value).as_deref() != Some(self.word(client.status))
        {
            differs.push(STATUS.to_owned());
        }
        differs
    }

    pub(super) fn is_retired(&self, record: &Record) -> bool {
        self.status(record) == Some(Status::Retired)
    }

    pub(super) fn status(&self, record: &Record) -> Option<Status> {
        let state = self.api.state.as_ref()?;
        let says = state.at.text(&record.value)?;
        if says == state.retired {
            return Some(Status::Retired);
        }
        let pending = state.pending.as_ref() == Some(&says) && says != state.active;
        Some(match pending {
            true => Status::Pending,
            false => Status::Active,
        })
    }

    pub(super) fn link(&self, client: &Client, id: &str) -> Option<String> {
        let mut values = self.values(client, None);
        values.id = Some(id);
        self.way.link(&values.path(self.api.link.as_ref()?).ok()?)
    }
}

fn one(mut found: Vec<Record>) -> Result<Option<Record>, Outcome> {
    match found.len() {
        0 | 1 => Ok(found.pop()),
        _ => Err(Outcome::Several {
            ids: found.into_iter().map(|record| record.id).collect(),
        }),
    }
}

fn same(like: Like, theirs: &str, ours: &str) -> bool {
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    match like {
        Like::Exact => theirs.trim() == ours.trim(),
        Like::Nocase => theirs.trim().to_lowercase() == ours.trim().to_lowercase(),
        Like::Digits => digits(theirs) == digits(ours),
    }
}

/// 1990.50 and 1990.5 are one amount.
fn number(text: &str) -> String {
    let text = text.trim();
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    }
}
