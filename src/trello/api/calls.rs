//! One call and how it ends: sent when the windows let it, bounded, counted, and its headers learnt
//! from. No secret is in a URL or in what is said of a failure.

use super::*;
use crate::trello::budget::{Headers, Told};
use reqwest::header::HeaderMap;
use std::string::FromUtf8Error;

/// An answer that is larger; what was asked for may be asked for in parts.
pub(super) const TOO_LARGE: &str = "an answer larger than 16 MB";
/// Trello's word for it: with status 429, and no window is full.
pub(super) const TOO_MANY_CARDS: &str = "API_TOO_MANY_CARDS_REQUESTED";
/// So long a window stays shut when Trello says that it was full.
const SHUT: Duration = Duration::from_secs(10);

impl Trello {
    async fn call(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<Value>,
    ) -> Outcome<Value> {
        let text = self.answer(method, path, query, body).await?;
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    async fn answer(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<Value>,
    ) -> Outcome<String> {
        let reads = method == Method::GET;
        loop {
            self.admitted(!reads).await?;
            if !reads && !OURS.try_with(|ours| ours()).unwrap_or(true) {
                return Err(Failure::Retry {
                    after: Duration::from_secs(1),
                    why: "another machine works on this board by now".into(),
                });
            }
            let answered = self.send(method.clone(), path, query, &body).await;
            let what = path.split('/').next().unwrap_or_default();
            let class = answered
                .as_ref()
                .map_or("lost", |(status, _)| class(*status));
            self.count(|counted| counted.made(&method, what, class));
            let (status, text) = answered?;
            let refused = status == StatusCode::TOO_MANY_REQUESTS;
            if refused && self.patient && !text.contains(TOO_MANY_CARDS) {
                // Nothing was done; somebody waits for it.
                tokio::time::sleep(SHUT).await;
                continue;
            }
            if status.is_success() {
                return Ok(text);
            }
            return Err(failure(status, &text, reads));
        }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: &Option<Value>,
    ) -> Outcome<(StatusCode, String)> {
        let url = self.base.join(path).map_err(|error| Failure::Refused {
            status: 0,
            message: error.to_string(),
        })?;
        let reads = method == Method::GET;
        let mut request = self
            .http
            .request(method, url)
            .query(query)
            .header(header::AUTHORIZATION, self.authorization.expose_secret())
            .header("X-Trello-Client-Identifier", "signalman");
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(|error| lost(error, reads))?;
        let status = response.status();
        let headers = headers(response.headers());
        let text = bounded(response, reads).await;
        let much = |text: &String| text.contains(TOO_MANY_CARDS);
        let refused = status == StatusCode::TOO_MANY_REQUESTS && !text.as_ref().is_ok_and(much);
        self.learn(&headers, refused).await;
        Ok((status, text?))
    }

    /// Where the windows cannot be told, they are no worse off than before.
    async fn learn(&self, headers: &Headers, refused: bool) {
        if refused {
            tracing::error!("Trello refused a request for being one too many");
        }
        if self.count(|counted| counted.news(headers)) || refused {
            let told = self.change(|budget, now| budget.learn(now, headers, refused));
            let _ = told.await;
        }
    }

    pub(super) async fn get(&self, path: &str, query: &[(&str, &str)]) -> Outcome<Value> {
        self.call(Method::GET, path, query, None).await
    }

    /// The answer as it came, for whoever reads it elsewhere.
    pub(super) async fn get_text(&self, path: &str, query: &[(&str, &str)]) -> Outcome<String> {
        self.answer(Method::GET, path, query, None).await
    }

    pub(super) async fn put(&self, path: &str, body: Value) -> Outcome<Value> {
        self.call(Method::PUT, path, &[], Some(body)).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Outcome<Value> {
        self.call(Method::POST, path, &[], Some(body)).await
    }

    pub(super) async fn delete(&self, path: &str) -> Outcome<Value> {
        self.call(Method::DELETE, path, &[], None).await
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        429 => "429",
        200..=299 => "2xx",
        400..=499 => "4xx",
        500..=599 => "5xx",
        _ => "other",
    }
}

fn headers(headers: &HeaderMap) -> Headers {
    let number = |name: String| -> Option<i64> { headers.get(name)?.to_str().ok()?.parse().ok() };
    let count = |name: String| usize::try_from(number(name)?).ok();
    let told = |window: &str| Told {
        max: count(format!("x-rate-limit-{window}-max")),
        interval: number(format!("x-rate-limit-{window}-interval-ms"))
            .map(SignedDuration::from_millis),
        remaining: count(format!("x-rate-limit-{window}-remaining")),
    };
    Headers {
        token: told("api-token"),
        key: told("api-key"),
        actions: told("action"),
    }
}

pub(super) async fn bounded(mut response: reqwest::Response, reads: bool) -> Outcome<String> {
    let told = response.content_length().unwrap_or(0);
    let told = usize::try_from(told).unwrap_or(BODY_BYTES);
    let mut body: Vec<u8> = Vec::with_capacity(told.min(BODY_BYTES));
    while let Some(part) = response.chunk().await.map_err(|error| lost(error, reads))? {
        if body.len() + part.len() > BODY_BYTES {
            return Err(Failure::Refused {
                status: 0,
                message: TOO_LARGE.into(),
            });
        }
        body.extend_from_slice(&part);
    }
    let lossy = |body: FromUtf8Error| String::from_utf8_lossy(body.as_bytes()).into_owned();
    Ok(String::from_utf8(body).unwrap_or_else(lossy))
}

/// A request that never left, or any read, may be made again; a write that left is unknown.
pub(super) fn lost(error: reqwest::Error, reads: bool) -> Failure {
    let unsent = error.is_connect()
        || error.is_builder()
        || error.is_request() && error.is_timeout() && reads;
    let why = if error.is_timeout() {
        "no answer in time".to_owned()
    } else if error.is_connect() {
        "no connection".to_owned()
    } else {
        error.without_url().to_string()
    };
    if unsent || reads {
        return Failure::Retry {
            after: Duration::from_secs(1),
            why,
        };
    }
    Failure::Unknown { why }
}

pub(super) fn failure(status: StatusCode, text: &str, reads: bool) -> Failure {
    let said = serde_json::from_str::<Value>(text).ok();
    let said = said
        .as_ref()
        .and_then(|value| value.get("message"))
        .and_then(Value::as_str);
    let message: String = said
        .unwrap_or(text)
        .trim()
        .chars()
        .take(ERROR_CHARS)
        .collect();
    match status.as_u16() {
        404 => Failure::Missing,
        401 | 403 => Failure::Forbidden { message },
        429 if text.contains(TOO_MANY_CARDS) => Failure::Retry {
            after: Duration::from_secs(1),
            why: TOO_MANY_CARDS.into(),
        },
        429 => Failure::Retry {
            after: SHUT,
            why: message,
        },
        503 => Failure::Retry {
            after: Duration::from_secs(5),
            why: message,
        },
        code if code >= 500 && reads => Failure::Retry {
            after: Duration::from_secs(2),
            why: format!("{code} {message}"),
        },
        code if code >= 500 => Failure::Unknown {
            why: format!("{code} {message}"),
        },
        code => Failure::Refused {
            status: code,
            message,
        },
    }
}
