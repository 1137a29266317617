//! The way to an outside system over HTTP. Its address is another person's word: private networks
//! are closed unless the file opens them, nothing is followed elsewhere, what comes back is bounded,
//! and no error repeats an address or a key.

use super::{Outcome, Unfit};
use crate::network::{NOT_OPEN, PRIVATE, Resolver, is_closed, is_public, literal};
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::time::Duration;
use url::Url;

pub(super) const CONNECT: Duration = Duration::from_secs(5);
const TOTAL: Duration = Duration::from_secs(30);
const BODY_BYTES: usize = 1 << 20;
/// Contacts have their photographs with them.
const TEXT_BYTES: usize = 16 << 20;
/// Of what a system says in refusing, people are shown so much.
const SHOWN_CHARS: usize = 300;
pub(super) const PAUSE: Duration = Duration::from_secs(30);
/// Whatever a system says of when to come again.
const LONGEST: Duration = Duration::from_secs(3600);

pub(super) struct Door {
    http: Client,
    base: Url,
    bearer: Option<SecretString>,
    /// What no answer may repeat, for people are shown what a system says.
    hidden: Vec<SecretString>,
}

pub(super) struct Question<'q> {
    pub(super) method: Method,
    /// Below the target's address.
    pub(super) path: &'q str,
    pub(super) query: &'q [(&'q str, &'q str)],
    pub(super) headers: &'q [(&'q str, &'q str)],
    pub(super) body: Option<&'q Value>,
}

pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// Null where it is no JSON.
    pub(super) body: Value,
    text: String,
}

impl Door {
    pub(super) fn new(
        address: &str,
        bearer: Option<SecretString>,
        allow_private: bool,
    ) -> Result<Self, Unfit> {
        let unfit = |why: &str| Unfit::Address(why.to_owned());
        let mut base = Url::parse(address).map_err(|error| unfit(&error.to_string()))?;
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        if !allow_private && literal(&base).is_some_and(|ip| !is_public(ip)) {
            return Err(unfit(NOT_OPEN));
        }
        let http = Client::builder()
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Resolver::new(allow_private))
            // Nobody minds another connection, and a kept one may be gone when it is needed.
            .pool_max_idle_per_host(0)
            .user_agent(concat!("signalman/", env!("CARGO_PKG_VERSION")));
        let http = http.build().map_err(|error| unfit(&error.to_string()))?;
        Ok(Self {
            http,
            base,
            hidden: bearer.iter().cloned().collect(),
            bearer,
        })
    }

    /// This is sent, too, in a way of its own.
    pub(super) fn hiding(mut self, secret: SecretString) -> Self {
        self.hidden.push(secret);
        self
    }

    /// Where people see it, below the target's address.
    pub(super) fn link(&self, path: &str) -> Option<String> {
        Some(self.base.join(path).ok()?.to_string())
    }

    /// An address that an answer gave, if it is one of this place.
    pub(super) fn own(&self, address: &str) -> Option<String> {
        let url = self.base.join(address).ok()?;
        (url.origin() == self.base.origin()).then(|| url.to_string())
    }

    /// What the system says, whatever it says; an outcome where it says nothing, or nothing more.
    pub(super) async fn ask(&self, question: Question<'_>) -> Result<Answer, Outcome> {
        let reads = question.method == Method::GET;
        self.ask_as(question, reads, None).await
    }

    /// For those that ask by POST, and for bodies that are no JSON: a form, encoded.
    pub(super) async fn ask_as(
        &self,
        question: Question<'_>,
        reads: bool,
        form: Option<String>,
    ) -> Result<Answer, Outcome> {
        let mut request = self.request(question.method, question.path, question.headers)?;
        if !question.query.is_empty() {
            request = request.query(question.query);
        }
        if let Some(body) = question.body {
            request = request.json(body);
        }
        if let Some(form) = form {
            let kind = "application/x-www-form-urlencoded";
            request = request.header(CONTENT_TYPE, kind).body(form);
        }
        self.answered(request, reads, BODY_BYTES).await
    }

    /// For those who take forms instead of JSON.
    pub(super) async fn post_form(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        form: &[(String, String)],
    ) -> Result<Answer, Outcome> {
        let request = self.request(Method::POST, path, headers)?.form(form);
        self.answered(request, false, BODY_BYTES).await
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<RequestBuilder, Outcome> {
        let url = self.base.join(path).map_err(|_| Outcome::Refused {
            why: "the address of this place cannot be used".into(),
        })?;
        let mut request = self.http.request(method, url);
        if let Some(bearer) = &self.bearer {
            request = request.bearer_auth(bearer.expose_secret());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Ok(request)
    }

    /// The same where texts are exchanged, by methods of which the caller knows which only read.
    pub(super) async fn ask_text(
        &self,
        question: Question<'_>,
        text: &str,
        reads: bool,
    ) -> Result<Answer, Outcome> {
        let mut request = self.request(question.method, question.path, question.headers)?;
        if !text.is_empty() {
            request = request.body(text.to_owned());
        }
        self.answered(request, reads, TEXT_BYTES).await
    }

    async fn answered(
        &self,
        request: RequestBuilder,
        reads: bool,
        most: usize,
    ) -> Result<Answer, Outcome> {
        let response = request.send().await.map_err(|error| lost(&error, reads))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let text = bounded(response, reads, most).await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        let mut answer = Answer {
            status,
            headers,
            body,
            text,
        };
        for secret in &self.hidden {
            answer = answer.hiding(secret);
        }
        answer.or_trouble(reads)
    }
}

impl Answer {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Without a secret that it repeats.
    pub(super) fn hiding(mut self, secret: &SecretString) -> Self {
        let secret = secret.expose_secret();
        if !secret.is_empty() {
            // JSON may write it in other letters.
            without(&mut self.body, secret);
            self.text = self.text.replace(secret, "…");
        }
        self
    }

    /// A refusal of the client's values stays an answer: each system has its own way with it.
    fn or_trouble(self, reads: bool) -> Result<Self, Outcome> {
        let status = self.status;
        let said = || format!("it answered {}", status.as_u16());
        match status.as_u16() {
            401 | 403 => Err(Outcome::Retry {
                after: PAUSE,
                why: format!("{}: its key is not accepted", said()),
            }),
            429 | 503 => {
                let after = self
                    .headers
                    .get(RETRY_AFTER)
                    .and_then(|after| after.to_str().ok());
                let seconds = after.and_then(|after| after.parse().ok());
                let after = seconds.map_or(PAUSE, Duration::from_secs).min(LONGEST);
                Err(Outcome::Retry { after, why: said() })
            }
            500.. if self.is_replayed() => Ok(self),
            500.. if reads => Err(Outcome::Retry {
                after: PAUSE,
                why: said(),
            }),
            500.. => Err(Outcome::Unknown { why: said() }),
            _ => Ok(self),
        }
    }

    /// An answer kept under the key of an earlier request: nothing was done this time.
    pub(super) fn is_replayed(&self) -> bool {
        let replayed = self.headers.get("idempotent-replayed");
        replayed.is_some_and(|replayed| replayed == "true")
    }

    /// What people are told of a refusal.
    pub(super) fn refusal(&self, message: Option<&str>) -> Outcome {
        let short = shown(message.unwrap_or(&self.text));
        let why = match short.is_empty() {
            true => format!("it answered {}", self.status.as_u16()),
            false => short,
        };
        Outcome::Refused { why }
    }
}

/// As much of it as people are shown.
pub(super) fn shown(said: &str) -> String {
    said.trim().chars().take(SHOWN_CHARS).collect()
}

fn without(value: &mut Value, secret: &str) {
    match value {
        Value::String(text) if text.contains(secret) => *text = text.replace(secret, "…"),
        Value::Array(all) => all.iter_mut().for_each(|one| without(one, secret)),
        Value::Object(all) => all.values_mut().for_each(|one| without(one, secret)),
        _ => {}
    }
}

async fn bounded(
    mut response: reqwest::Response,
    reads: bool,
    most: usize,
) -> Result<String, Outcome> {
    let mut body = Vec::new();
    while let Some(part) = response
        .chunk()
        .await
        .map_err(|error| lost(&error, reads))?
    {
        if body.len() + part.len() > most {
            let why = format!("it answered with more than {} MB", most >> 20);
            return Err(match reads {
                true => Outcome::Refused { why },
                false => Outcome::Unknown { why },
            });
        }
        body.extend_from_slice(&part);
    }
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// What never left, or only asked, may simply be tried again.
fn lost(error: &reqwest::Error, reads: bool) -> Outcome {
    let why = if is_closed(error) {
        PRIVATE.to_owned()
    } else if error.is_timeout() {
        "no answer in time".to_owned()
    } else if error.is_connect() {
        "no connection".to_owned()
    } else {
        "the connection broke".to_owned()
    };
    if error.is_builder() {
        // Nothing was sent, and nothing would be the next time.
        let why = "a value of the card's or the key cannot stand in a request's header".to_owned();
        return Outcome::Refused { why };
    }
    match reads || error.is_connect() {
        true => Outcome::Retry { after: PAUSE, why },
        false => Outcome::Unknown { why },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_private_network_is_closed_by_address_and_by_name() {
        let by_address = Door::new("http://127.0.0.1:1/", None, false);
        assert!(matches!(by_address.err(), Some(Unfit::Address(_))));
        let by_name = Door::new("http://localhost:1/", None, false).unwrap();
        let question = Question {
            method: Method::POST,
            path: "x",
            query: &[],
            headers: &[],
            body: None,
        };
        let outcome = by_name.ask(question).await.err().unwrap();
        let Outcome::Retry { why, .. } = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(why, PRIVATE);
    }

    #[tokio::test]
    async fn no_answer_repeats_the_key() {
        use axum::http::HeaderMap;
        let echo = |headers: HeaderMap| async move {
            let said = headers["authorization"].to_str().unwrap().to_owned();
            (axum::http::StatusCode::BAD_REQUEST, said)
        };
        let app = axum::Router::new().fallback(echo);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        let door = Door::new(&url, Some("hidden-key".into()), true).unwrap();
        let question = Question {
            method: Method::POST,
            path: "x",
            query: &[],
            headers: &[],
            body: None,
        };
        let answer = door.ask(question).await.unwrap_or_else(|_| panic!());
        let why = "Bearer …".to_owned();
        assert_eq!(answer.refusal(None), Outcome::Refused { why });
    }
}
