//! A relay between the service and the practice Trello: it hands on what either says and notes when:
//! an answer ends when its last piece is handed on. The service's own clock and log are never asked.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use futures::stream;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Instant;

const PIECE: usize = 1 << 16;

/// What passed.
#[derive(Clone)]
pub struct Passed {
    /// `POST /hooks/…`, `GET /1/cards/…`, with the query.
    pub what: String,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub begun: Instant,
    pub ended: Instant,
}

#[derive(Clone)]
pub struct Relay {
    pub url: String,
    http: reqwest::Client,
    trello: String,
    /// None: deliveries are answered here.
    service: Option<u16>,
    passed: Arc<Mutex<Vec<Passed>>>,
}

impl Relay {
    pub async fn start(trello: String, service: Option<u16>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let relay = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            http: reqwest::Client::new(),
            trello,
            service,
            passed: Arc::default(),
        };
        let router = Router::new().fallback(pass).with_state(relay.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        relay
    }

    pub fn passed(&self) -> Vec<Passed> {
        self.passed.lock().unwrap().clone()
    }

    pub fn forget(&self) {
        self.passed.lock().unwrap().clear();
    }
}

async fn pass(State(relay): State<Relay>, request: Request) -> Response {
    let begun = Instant::now();
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 22).await.unwrap();
    let path = parts.uri.path_and_query().unwrap().as_str().to_owned();
    let to = match (path.starts_with("/hooks/"), relay.service) {
        (true, None) => None,
        (true, Some(port)) => Some(format!("http://127.0.0.1:{port}{path}")),
        (false, _) => Some(format!("{}{path}", relay.trello)),
    };
    let response = match to {
        None => ().into_response(),
        Some(url) => {
            forward(
                &relay.http,
                parts.method.clone(),
                url,
                &parts.headers,
                &body,
            )
            .await
        }
    };
    let passing = Passing {
        passed: Passed {
            what: format!("{} {path}", parts.method),
            headers: parts.headers,
            body,
            begun,
            ended: begun,
        },
        all: relay.passed,
    };
    let (head, answer) = response.into_parts();
    let answer = axum::body::to_bytes(answer, usize::MAX).await.unwrap();
    // In pieces, for one as large as a page would count as handed on before any of it is.
    let pieces = stream::unfold((answer, passing), |(mut left, passing)| async move {
        let piece = left.split_to(left.len().min(PIECE));
        (!piece.is_empty()).then(|| (Ok::<_, Infallible>(piece), (left, passing)))
    });
    Response::from_parts(head, Body::from_stream(pieces))
}

/// Noted once the answer has passed, or nobody takes any more of it.
struct Passing {
    passed: Passed,
    all: Arc<Mutex<Vec<Passed>>>,
}

impl Drop for Passing {
    fn drop(&mut self) {
        let ended = Instant::now();
        let passed = Passed {
            ended,
            ..self.passed.clone()
        };
        self.all.lock().unwrap().push(passed);
    }
}

async fn forward(
    http: &reqwest::Client,
    method: Method,
    url: String,
    headers: &HeaderMap,
    body: &Bytes,
) -> Response {
    let mut headers = headers.clone();
    for own in ["host", "content-length", "connection", "transfer-encoding"] {
        headers.remove(own);
    }
    let asked = http
        .request(method, url)
        .headers(headers)
        .body(body.clone());
    let answer = asked.send().await.unwrap();
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    headers.remove("transfer-encoding");
    let body = answer.bytes().await.unwrap();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
