//! A server that notes what it is asked and answers what it was told to.

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::Value;
use std::collections::VecDeque;
use std::fmt::Write;
use std::sync::{Arc, Mutex};

pub(crate) struct Reply(pub(crate) u16, pub(crate) Value);

#[derive(Clone, Default)]
struct Notes(Arc<Mutex<(String, VecDeque<Reply>)>>);

pub(crate) struct Recorder {
    url: String,
    notes: Notes,
}

/// What of the headers belongs to the contract.
const HEADERS: [&str; 5] = [
    "authorization",
    "x-api-token",
    "idempotency-key",
    "content-type",
    "accept-encoding",
];

impl Recorder {
    pub(crate) async fn start() -> Self {
        let notes = Notes::default();
        let shared = notes.clone();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let note = move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
            let answer = shared.take(&method, &uri, &headers, &body);
            async move { answer }
        };
        let app = Router::new().fallback(note);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, notes }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn answers(&self, replies: Vec<Reply>) {
        self.notes.0.lock().unwrap().1.extend(replies);
    }

    pub(crate) fn left(&self) -> usize {
        self.notes.0.lock().unwrap().1.len()
    }

    /// What was asked since this was asked last.
    pub(crate) fn requests(&self) -> String {
        std::mem::take(&mut self.notes.0.lock().unwrap().0)
    }
}

impl Notes {
    fn take(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> (StatusCode, String) {
        let mut notes = self.0.lock().unwrap();
        let query = uri.query().unwrap_or_default();
        writeln!(notes.0, "{method} {}", plain(uri.path())).unwrap();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            writeln!(notes.0, "  ? {name} = {value}").unwrap();
        }
        for name in HEADERS {
            if let Some(value) = headers.get(name) {
                writeln!(notes.0, "  {name}: {}", value.to_str().unwrap()).unwrap();
            }
        }
        if !body.is_empty() {
            let shown = match serde_json::from_slice::<Value>(body) {
                Ok(json) => serde_json::to_string_pretty(&json).unwrap(),
                Err(_) => String::from_utf8_lossy(body).into_owned(),
            };
            writeln!(notes.0, "{shown}").unwrap();
        }
        notes.0.push('\n');
        match notes.1.pop_front() {
            Some(Reply(status, body)) => (
                StatusCode::from_u16(status).unwrap(),
                if status == 204 {
                    String::new()
                } else {
                    body.to_string()
                },
            ),
            None => (StatusCode::IM_A_TEAPOT, "nobody told what to answer".into()),
        }
    }
}

/// The path as people read it.
fn plain(path: &str) -> String {
    let path = path.replace('+', "%2B");
    let mut pairs = url::form_urlencoded::parse(path.as_bytes());
    pairs
        .next()
        .map_or(String::new(), |(path, _)| path.into_owned())
}
