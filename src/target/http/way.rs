//! The way in: a request is filled, opened by the target's secret and sent. A token that was given
//! out is kept until shortly before it ends, or until something was refused.

use super::fill::{Lack, Values, part};
use crate::model::hex;
use crate::process::target::Target;
use crate::process::target::http::{Auth, Body, Method, Request};
use crate::target::door::{Answer, Door, PAUSE, Question};
use crate::target::{Outcome, Unfit};
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Method as Verb;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::{Url, form_urlencoded};

/// A token that says nothing of its end is kept for so long.
const UNSAID: u64 = 300;
const LONGEST: u64 = 24 * 3600;
/// Before its end a token is none any more.
const SPARE: u64 = 60;

pub(super) struct Way {
    door: Door,
    headers: Vec<(String, SecretString)>,
    /// Before every path.
    before: SecretString,
    tokens: Option<Tokens>,
}

/// Shorter parts of a key are found in ordinary words, and in what records hold.
const HIDDEN_CHARS: usize = 6;

struct Tokens {
    door: Door,
    path: String,
    form: SecretString,
    kept: Mutex<Option<(SecretString, Instant)>>,
}

/// What a request has beside its values.
#[derive(Default)]
pub(super) struct Besides<'b> {
    pub(super) headers: Vec<(String, String)>,
    /// Another part of the query, for a page.
    pub(super) query: Option<(&'b str, String)>,
    /// The whole address, of a page.
    pub(super) address: Option<String>,
    /// The header that tells a repetition.
    pub(super) idempotency: Option<&'b str>,
}

impl Way {
    pub(super) fn new(
        door: Door,
        target: &Target,
        auth: &Auth,
        secret: Option<SecretString>,
    ) -> Result<Self, Unfit> {
        let mut way = Self {
            door,
            headers: Vec::new(),
            before: SecretString::from(""),
            tokens: None,
        };
        let Some(secret) = secret else {
            return Ok(way);
        };
        let key = secret.expose_secret();
        let parts = key.split(':').chain([key]);
        let long = parts.filter(|one| one.len() >= HIDDEN_CHARS);
        // Some say the address that they were asked at, with the key in it.
        let written = long.flat_map(|one| [one.to_owned(), part(one), STANDARD.encode(one)]);
        way.door = written.fold(way.door, |door, one| door.hiding(one.into()));
        let mut header = |name: &str, value: String| {
            way.headers
                .push((name.to_owned(), SecretString::from(value)));
        };
        match auth {
            Auth::Bearer => header("Authorization", format!("Bearer {key}")),
            Auth::Basic => header("Authorization", format!("Basic {}", STANDARD.encode(key))),
            Auth::Header { name, before } if before.is_empty() => header(name, key.to_owned()),
            Auth::Header { name, before } => header(name, format!("{before} {key}")),
            Auth::Path => way.before = format!("{}/", part(key)).into(),
            Auth::OAuth {
                token,
                scope,
                renews,
            } => way.tokens = Some(Tokens::new(target, token, scope.as_deref(), *renews, key)?),
        }
        Ok(way)
    }

    pub(super) fn link(&self, path: &str) -> Option<String> {
        self.door.link(path)
    }

    /// An address that an answer gave, if it is one of this place.
    pub(super) fn own(&self, address: &str) -> Option<String> {
        self.door.own(address)
    }

    pub(super) async fn send(
        &self,
        request: &Request,
        values: &Values<'_>,
        besides: Besides<'_>,
        reads: bool,
    ) -> Result<Answer, Outcome> {
        let path = values.path(&request.path).map_err(lack)?;
        let mut query = values.pairs(&request.query).map_err(lack)?;
        if let Some((name, value)) = besides.query {
            query.retain(|(other, _)| other != name);
            query.push((name.to_owned(), value));
        }
        let (json, form) = match &request.body {
            Body::None => (None, None),
            // An empty body is a body, where one was described.
            Body::Json(json) => {
                let json = values.json(json).map_err(lack)?;
                (Some(json.unwrap_or_else(|| serde_json::json!({}))), None)
            }
            Body::Form(pairs) => {
                let mut form = form_urlencoded::Serializer::new(String::new());
                form.extend_pairs(values.pairs(pairs).map_err(lack)?);
                (None, Some(form.finish()))
            }
        };
        let mut headers = besides.headers;
        for (name, value) in &self.headers {
            headers.push((name.clone(), value.expose_secret().to_owned()));
        }
        if let Some(name) = besides.idempotency {
            let mut hash = Sha256::new();
            let body = json.as_ref().map(ToString::to_string).or(form.clone());
            for part in [&values.client.key, &path, &body.unwrap_or_default()] {
                hash.update(part);
                hash.update([0]);
            }
            headers.push((name.to_owned(), hex(&hash.finalize())));
        }
        let mut given = None;
        if let Some(tokens) = &self.tokens {
            let token = given.insert(tokens.get().await?);
            headers.push((
                "Authorization".into(),
                format!("Bearer {}", token.expose_secret()),
            ));
        }
        let query: Vec<_> = borrowed(&query);
        let headers: Vec<_> = borrowed(&headers);
        // With a dot in front a colon in it makes no scheme of what is before.
        let path = format!("./{}{path}", self.before.expose_secret());
        let (path, query) = match &besides.address {
            Some(address) => (address.as_str(), &[][..]),
            None => (path.as_str(), query.as_slice()),
        };
        let question = Question {
            method: match request.method {
                Method::Get => Verb::GET,
                Method::Post => Verb::POST,
                Method::Put => Verb::PUT,
                Method::Patch => Verb::PATCH,
            },
            path,
            query,
            headers: &headers,
            body: json.as_ref(),
        };
        let answer = self.door.ask_as(question, reads, form).await;
        if let (Err(_), Some(tokens)) = (&answer, &self.tokens) {
            tokens.forget().await;
        }
        let long = |token: &SecretString| token.expose_secret().len() >= HIDDEN_CHARS;
        match given.filter(long) {
            Some(token) => answer.map(|answer| answer.hiding(&token)),
            None => answer,
        }
    }
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

pub(super) fn lack(lack: Lack) -> Outcome {
    let why = match lack {
        Lack::Empty => "something that the address of a request needs is empty".to_owned(),
        Lack::NoNumber(text) => format!("a number is wanted there, and it is “{text}”"),
    };
    Outcome::Refused { why }
}

impl Tokens {
    fn new(
        target: &Target,
        address: &str,
        scope: Option<&str>,
        renews: bool,
        key: &str,
    ) -> Result<Self, Unfit> {
        let unfit = |why: &str| Unfit::Address(why.to_owned());
        let mut url = Url::parse(address).map_err(|error| unfit(&error.to_string()))?;
        let mut path = format!("./{}", url.path().trim_start_matches('/'));
        if let Some(query) = url.query() {
            path = format!("{path}?{query}");
        }
        url.set_path("");
        url.set_query(None);
        // The last of them may have a colon in it.
        let mut parts = key.splitn(if renews { 3 } else { 2 }, ':');
        let mut form = form_urlencoded::Serializer::new(String::new());
        let (grant, wanted) = match renews {
            true => ("refresh_token", "id:secret:token"),
            false => ("client_credentials", "id:secret"),
        };
        form.append_pair("grant_type", grant);
        let names = ["client_id", "client_secret", "refresh_token"];
        for name in names.into_iter().take(if renews { 3 } else { 2 }) {
            let Some(part) = parts.next() else {
                let name = target.key_in.clone().unwrap_or_default();
                return Err(Unfit::Secret { name, wanted });
            };
            form.append_pair(name, part);
        }
        if let Some(scope) = scope {
            form.append_pair("scope", scope);
        }
        Ok(Self {
            door: Door::new(url.as_str(), None, target.allow_private)?,
            path,
            form: form.finish().into(),
            kept: Mutex::new(None),
        })
    }

    async fn forget(&self) {
        *self.kept.lock().await = None;
    }

    /// One asks, the others wait for what it is given.
    async fn get(&self) -> Result<SecretString, Outcome> {
        let mut kept = self.kept.lock().await;
        if let Some((token, ends)) = &*kept
            && *ends > Instant::now()
        {
            return Ok(token.clone());
        }
        let question = Question {
            method: Verb::POST,
            path: &self.path,
            query: &[],
            headers: &[("Accept", "application/json")],
            body: None,
        };
        let form = self.form.expose_secret().to_owned();
        let answer = self.door.ask_as(question, true, Some(form)).await?;
        let given = answer.body.get("access_token").and_then(|one| one.as_str());
        let Some(token) = given.filter(|_| answer.status.is_success()) else {
            return Err(Outcome::Retry {
                after: PAUSE,
                why: format!("it gave no token: it answered {}", answer.status.as_u16()),
            });
        };
        let says = answer.body.get("expires_in").and_then(|one| one.as_u64());
        let seconds = says.unwrap_or(UNSAID).min(LONGEST).saturating_sub(SPARE);
        let token = SecretString::from(token);
        *kept = Some((token.clone(), Instant::now() + Duration::from_secs(seconds)));
        Ok(token)
    }
}
