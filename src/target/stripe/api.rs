//! Stripe's requests: forms, lists by pages, a key with every write under which Stripe does it once.

use super::super::Outcome;
use super::super::door::{Answer, Door, Question};
use crate::model::hex;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::DATE;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// What the answers look like does not hang on what the account has chosen.
const VERSION: (&str, &str) = ("Stripe-Version", "2024-06-20");
const PAGE: &str = "100";
const PAGES: usize = 20;
/// Keys that one step may have used up.
const ATTEMPTS: u8 = 16;

pub(super) type Form = Vec<(String, String)>;

pub(super) struct Api {
    door: Door,
}

impl Api {
    pub(super) fn new(door: Door) -> Self {
        Self { door }
    }

    pub(super) fn link(&self, path: &str) -> Option<String> {
        self.door.link(path)
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Answer, Outcome> {
        let question = Question {
            method: Method::GET,
            path,
            query,
            headers: &[VERSION],
            body: None,
        };
        self.door.ask(question).await
    }

    /// None: there is none, or none any more.
    pub(super) async fn one(&self, path: &str) -> Result<Option<Value>, Outcome> {
        let answer = self.get(path, &[]).await?;
        match answer.status {
            status if status.is_success() => {
                let gone = answer.body.get("deleted") == Some(&Value::Bool(true));
                Ok((!gone).then_some(answer.body))
            }
            StatusCode::NOT_FOUND => Ok(None),
            _ => Err(refused(&answer)),
        }
    }

    /// All of a list, and when it was read by their clock.
    pub(super) async fn list(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<(Vec<Value>, Option<Timestamp>), Outcome> {
        let (mut all, mut after) = (Vec::<Value>::new(), String::new());
        for _ in 0..PAGES {
            let mut query = query.to_vec();
            query.push(("limit", PAGE));
            if !after.is_empty() {
                query.push(("starting_after", &after));
            }
            let answer = self.get(path, &query).await?;
            let now = now(&answer);
            let page = answer.body.get("data").and_then(Value::as_array);
            let Some(page) = page.filter(|_| answer.status.is_success()) else {
                return Err(refused(&answer));
            };
            all.extend(page.iter().cloned());
            let more = answer.body.get("has_more") == Some(&Value::Bool(true));
            match page.last() {
                Some(last) if more => after = id(last).to_owned(),
                _ => return Ok((all, now)),
            }
        }
        Err(Outcome::Refused {
            why: "there are too many of them to tell which is meant".into(),
        })
    }

    /// Those that are ours by their metadata, where the account can be searched for that. What was
    /// made a minute ago may not be found yet.
    pub(super) async fn search(&self, path: &str, key: &str) -> Result<Vec<Value>, Outcome> {
        let plain: String = key.chars().filter(|one| !"'\\\"".contains(*one)).collect();
        let query = format!("metadata['{}']:'{plain}'", super::record::MARK);
        let answer = self.get(path, &[("query", &query)]).await?;
        let found = answer.body.get("data").and_then(Value::as_array);
        match answer.status {
            StatusCode::NOT_FOUND => Ok(Vec::new()),
            _ => found.cloned().ok_or_else(|| refused(&answer)),
        }
    }

    /// `seen` is what was there when this was decided on: the same step from the same state is done
    /// once, and the same step again after others is another.
    pub(super) async fn post(
        &self,
        path: &str,
        form: &Form,
        client: &str,
        seen: &str,
    ) -> Result<Answer, Outcome> {
        let mut answer = None;
        for attempt in 0..ATTEMPTS {
            let attempt = attempt.to_string();
            let key = key_of(&[client, path, seen, &attempt], form);
            let headers = [VERSION, ("Idempotency-Key", &key)];
            let said = self.door.post_form(path, &headers, form).await?;
            // A refusal or failure that is kept under the key would come back for a day, whatever
            // was mended since. What it left was looked for before this.
            let kept = said.is_replayed() && !said.status.is_success();
            answer = Some(said);
            if !kept {
                break;
            }
        }
        let Some(answer) = answer.filter(|answer| !answer.status.is_server_error()) else {
            return Err(Outcome::Unknown {
                why: "it failed at this before, and says no more".into(),
            });
        };
        // The same request is still being worked on.
        if code(&answer) == Some("idempotency_key_in_use") {
            return Err(Outcome::Retry {
                after: Duration::from_secs(5),
                why: "it is still busy with the same".into(),
            });
        }
        Ok(answer)
    }
}

fn key_of(parts: &[&str], form: &Form) -> String {
    let mut hash = Sha256::new();
    let form = form.iter().flat_map(|(name, value)| [&**name, &**value]);
    for part in parts.iter().copied().chain(form) {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hex(&hash.finalize())
}

/// Their clock: what lies ahead is for them to say.
fn now(answer: &Answer) -> Option<Timestamp> {
    let date = answer.headers.get(DATE)?.to_str().ok()?;
    Some(rfc2822::parse(date).ok()?.timestamp())
}

fn error<'a>(answer: &'a Answer, part: &str) -> Option<&'a str> {
    answer.body.get("error")?.get(part)?.as_str()
}

pub(super) fn code(answer: &Answer) -> Option<&str> {
    error(answer, "code")
}

pub(super) fn refused(answer: &Answer) -> Outcome {
    answer.refusal(error(answer, "message"))
}

pub(super) fn id(record: &Value) -> &str {
    text(record, "id")
}

pub(super) fn text<'a>(record: &'a Value, field: &str) -> &'a str {
    record.get(field).and_then(Value::as_str).unwrap_or("")
}

pub(super) fn number(record: &Value, field: &str) -> Option<i64> {
    let value = record.get(field)?;
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

pub(super) fn pair(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}
