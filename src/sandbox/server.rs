//! HTTP around the world: who asks (key and token in header, query or body), windows, faults, and
//! the answer's form. What an answer says is decided in `rest/`.

use super::ask::{Answer, Ask, Params, Refusal, Verb, Who};
use super::faults::{FaultKind, strike};
use super::limits::Limits;
use super::rest;
use super::state::Request as Made;
use super::world::World;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const BODY_BYTES: usize = 1 << 20;

#[derive(Clone)]
pub(super) struct Server {
    pub(super) world: World,
    pub(super) limits: Option<Arc<Mutex<Limits>>>,
    pub(super) http: reqwest::Client,
}

pub(super) async fn answer(State(server): State<Server>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(verb) = verb(&parts.method) else {
        return refuse(&Refusal::new(405, "Method Not Allowed"));
    };
    let Ok(body) = axum::body::to_bytes(body, BODY_BYTES).await else {
        return refuse(&Refusal::new(413, "Payload Too Large"));
    };
    let path = parts.uri.path().trim_start_matches("/1").to_owned();
    let params = match params(parts.uri.query().unwrap_or_default(), &parts.headers, &body) {
        Ok(params) => params,
        Err(refusal) => return refuse(&refusal),
    };
    let call = Call {
        verb,
        method: parts.method.as_str().to_owned(),
        path,
        headers: parts.headers,
    };
    server.serve(call, params).await
}

struct Call {
    verb: Verb,
    method: String,
    path: String,
    headers: HeaderMap,
}

impl Server {
    async fn serve(&self, call: Call, mut params: Params) -> Response {
        let who = self.who(&call.headers, &mut params);
        let member = who.as_ref().ok().map(|(who, ..)| who.member.clone());
        let record = |status: u16| self.record(&call, member.clone(), status);
        // A token that may only read still takes itself away.
        let allowed = who.and_then(|(who, key, write)| {
            let own = call.verb == Verb::Delete && call.path == format!("/tokens/{}", who.token);
            if write || own || call.verb == Verb::Get {
                Ok((who, key))
            } else {
                Err(Refusal::forbidden())
            }
        });
        let (who, key) = match allowed {
            Ok(known) => known,
            Err(refusal) => {
                record(refusal.status);
                return refuse(&refusal);
            }
        };
        let left = self.limits.as_ref().map(|limits| {
            let mut limits = limits.lock().unwrap_or_else(PoisonError::into_inner);
            limits.take(&key, &who.token, self.world.now())
        });
        let full = left.as_ref().and_then(|left| left.full);
        let struck = self.struck(&call);
        let (response, status) = match (full, struck) {
            (Some(error), _) => too_many(error),
            (None, Some(FaultKind::TooMany)) => too_many("API_TOKEN_LIMIT_EXCEEDED"),
            (None, Some(FaultKind::Broken)) => {
                (refuse(&Refusal::new(500, "Internal Server Error")), 500)
            }
            (None, Some(FaultKind::LostBefore)) => (lost(), 0),
            (None, struck) => {
                let answer = self.work(&call, params, who).await;
                let status = answer
                    .as_ref()
                    .map_or_else(|refusal| refusal.status, |_| 200);
                match struck {
                    Some(FaultKind::LostAfter) => (lost(), 0),
                    _ => (shown(answer), status),
                }
            }
        };
        record(status);
        with_windows(response, left.map(|left| (left.key, left.token)))
    }

    fn record(&self, call: &Call, member: Option<String>, status: u16) {
        let made = Made {
            verb: call.method.clone(),
            path: call.path.clone(),
            member,
            status,
        };
        self.world.with(|state| state.requests.push(made));
    }

    /// What anybody may read, without a key. It is noted, and has bad days like all the rest.
    pub(super) fn open(&self, path: &str, answer: Answer) -> Response {
        let call = Call {
            verb: Verb::Get,
            method: "GET".into(),
            path: path.to_owned(),
            headers: HeaderMap::new(),
        };
        let status = answer
            .as_ref()
            .map_or_else(|refusal| refusal.status, |_| 200);
        let (response, status) = match self.struck(&call) {
            Some(FaultKind::TooMany) => too_many("API_KEY_LIMIT_EXCEEDED"),
            Some(FaultKind::Broken) => (refuse(&Refusal::new(500, "Internal Server Error")), 500),
            Some(FaultKind::LostBefore | FaultKind::LostAfter) => (lost(), 0),
            _ => (shown(answer), status),
        };
        self.record(&call, None, status);
        response
    }

    fn struck(&self, call: &Call) -> Option<FaultKind> {
        use FaultKind::{Broken, LostAfter, LostBefore, TooMany};
        let kinds = [TooMany, Broken, LostBefore, LostAfter];
        self.world
            .with(|state| strike(&mut state.faults, &kinds, &call.method, &call.path))
    }

    async fn work(&self, call: &Call, params: Params, who: Who) -> Answer {
        let path: Vec<String> = call
            .path
            .trim_matches('/')
            .split('/')
            .map(decoded)
            .collect();
        self.check_callback(call.verb, &path, &params).await?;
        let client = call.headers.get("x-trello-client-identifier");
        let client = client
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let ask = Ask {
            verb: call.verb,
            path,
            params,
            who,
        };
        self.world.with(|state| {
            state.client = client;
            let answer = rest::answer(state, &ask);
            state.client = None;
            answer
        })
    }

    /// Trello asks a callback with HEAD before it takes the webhook.
    async fn check_callback(
        &self,
        verb: Verb,
        path: &[String],
        params: &Params,
    ) -> Result<(), Refusal> {
        let hooks = path.iter().any(|part| part == "webhooks");
        let callback = params.text("callbackURL");
        let (true, Some(url), Verb::Post | Verb::Put) = (hooks, callback, verb) else {
            return Ok(());
        };
        let asked = self
            .http
            .head(&url)
            .timeout(Duration::from_secs(10))
            .send()
            .await;
        match asked {
            Ok(response) if response.status() == 200 => Ok(()),
            Ok(response) => Err(rest::callback_refused(&url, response.status().as_str())),
            Err(_) => Err(rest::callback_refused(&url, "no answer")),
        }
    }

    /// Key and token from the header, or from the parameters, where they are taken out; and whether
    /// the token's scope goes beyond reading.
    pub(super) fn who(
        &self,
        headers: &HeaderMap,
        params: &mut Params,
    ) -> Result<(Who, String, bool), Refusal> {
        let header = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let quoted = |name: &str| {
            let rest = header?.split_once(&format!("{name}=\""))?.1;
            rest.split_once('"').map(|(value, _)| value.to_owned())
        };
        let mut taken = |name: &str| {
            params
                .0
                .shift_remove(name)
                .and_then(|v| v.as_str().map(str::to_owned))
        };
        let (in_key, in_token) = (taken("key"), taken("token"));
        let key = quoted("oauth_consumer_key").or(in_key).unwrap_or_default();
        let token = quoted("oauth_token").or(in_token).unwrap_or_default();
        self.world.with(|state| {
            let app = state.apps.values().find(|app| app.key == key);
            let app = app.ok_or_else(|| Refusal::new(401, "invalid key"))?;
            let known = state
                .tokens
                .iter()
                .find(|known| known.token == token && known.app == app.id);
            let known = known.ok_or_else(|| Refusal::new(401, "invalid token"))?;
            if known.expires.is_some_and(|end| end <= state.now) {
                return Err(Refusal::new(401, "expired token"));
            }
            let who = Who {
                member: known.member.clone(),
                app: (!app.web).then(|| app.id.clone()),
                token,
            };
            Ok((who, key, known.write))
        })
    }
}

fn verb(method: &Method) -> Option<Verb> {
    match *method {
        Method::GET | Method::HEAD => Some(Verb::Get),
        Method::POST => Some(Verb::Post),
        Method::PUT => Some(Verb::Put),
        Method::DELETE => Some(Verb::Delete),
        _ => None,
    }
}

fn decoded(part: &str) -> String {
    let text = format!("p={}", part.replace('+', "%2B"));
    url::form_urlencoded::parse(text.as_bytes())
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

fn params(query: &str, headers: &HeaderMap, body: &Bytes) -> Result<Params, Refusal> {
    let pairs = |text: &[u8]| -> Map<String, Value> {
        url::form_urlencoded::parse(text)
            .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
            .collect()
    };
    let mut all = pairs(query.as_bytes());
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if body.is_empty() {
        return Ok(Params(all));
    }
    if kind.is_some_and(|kind| kind.starts_with("application/json")) {
        match serde_json::from_slice(body) {
            Ok(Value::Object(own)) => all.extend(own),
            _ => return Err(Refusal::new(400, "Error parsing body: invalid JSON")),
        }
    } else {
        all.extend(pairs(body));
    }
    Ok(Params(all))
}

fn shown(answer: Answer) -> Response {
    match answer {
        Ok(value) => axum::Json(value).into_response(),
        Err(refusal) => refuse(&refusal),
    }
}

fn refuse(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
    let kind = if refusal.json {
        "application/json"
    } else {
        "text/plain; charset=utf-8"
    };
    (status, [(header::CONTENT_TYPE, kind)], refusal.text.clone()).into_response()
}

fn too_many(error: &str) -> (Response, u16) {
    (
        refuse(&Refusal::json(429, error, "Rate limit exceeded")),
        429,
    )
}

/// An answer that breaks off: the connection closes in the middle of it.
fn lost() -> Response {
    let broken = futures::stream::once(async { Err::<Bytes, _>(std::io::Error::other("lost")) });
    Body::from_stream(broken).into_response()
}

fn with_windows(mut response: Response, left: Option<(u32, u32)>) -> Response {
    let Some((key, token)) = left else {
        return response;
    };
    let remaining = [
        ("x-rate-limit-api-key-remaining", key),
        ("x-rate-limit-api-token-remaining", token),
    ];
    for (name, value) in Limits::HEADERS.into_iter().chain(remaining) {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), HeaderValue::from(value));
    }
    response
}
