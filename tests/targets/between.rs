//! Between Signalman and a place: tells what passes, and keeps answers back after the place has acted.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

pub(crate) struct Between {
    url: String,
    inner: Arc<Inner>,
}

struct Inner {
    upstream: String,
    client: reqwest::Client,
    seen: Mutex<Vec<String>>,
    written: AtomicUsize,
    next: Mutex<Option<(String, Instead)>>,
}

#[derive(Clone, Copy)]
pub(crate) enum Instead {
    /// The connection ends in the middle of the answer.
    Broken,
    /// 500, although it was done.
    Error,
    /// 500 that was kept under an idempotency key: nothing is done.
    Kept,
}

impl Between {
    pub(crate) async fn before(url: &str) -> Self {
        let parsed = url::Url::parse(url).unwrap();
        let inner = Arc::new(Inner {
            upstream: parsed.origin().ascii_serialization(),
            client: reqwest::Client::builder()
                .pool_max_idle_per_host(0)
                .build()
                .unwrap(),
            seen: Mutex::default(),
            written: AtomicUsize::new(0),
            next: Mutex::default(),
        });
        let app = Router::new().fallback(pass).with_state(Arc::clone(&inner));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}{}", listener.local_addr().unwrap(), parsed.path());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, inner }
    }

    /// What stands for the place's address.
    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// The place acts on the next request that contains this, and its answer does not arrive. A
    /// request is written `POST /v1/customers`.
    pub(crate) fn instead(&self, of: &str, what: Instead) {
        *self.inner.next.lock().unwrap() = Some((of.to_owned(), what));
    }

    /// What was asked since this was last called, but for what only reads.
    pub(crate) fn writes(&self) -> Vec<String> {
        let mut seen = std::mem::take(&mut *self.inner.seen.lock().unwrap());
        seen.retain(|one| writes(one));
        seen
    }

    /// How much of all that was asked did not only read.
    pub(crate) fn written(&self) -> usize {
        self.inner.written.load(Ordering::SeqCst)
    }

    /// Whether an answer was kept back, as it was to be.
    pub(crate) fn is_done(&self) -> bool {
        self.inner.next.lock().unwrap().is_none()
    }
}

fn writes(request: &str) -> bool {
    let reads = ["GET", "HEAD", "PROPFIND", "REPORT", "OPTIONS"];
    !reads.iter().any(|read| request.starts_with(read))
}

async fn pass(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().unwrap().as_str();
    let line = format!("{} {path}", parts.method);
    inner.seen.lock().unwrap().push(line.clone());
    inner
        .written
        .fetch_add(usize::from(writes(&line)), Ordering::SeqCst);
    let instead = {
        let mut next = inner.next.lock().unwrap();
        match &*next {
            Some((of, _)) if line.contains(of.as_str()) => next.take(),
            _ => None,
        }
    };
    if let Some((_, Instead::Kept)) = instead {
        let kept = [("idempotent-replayed", "true")];
        return (StatusCode::INTERNAL_SERVER_ERROR, kept).into_response();
    }
    let method = Method::from_bytes(parts.method.as_str().as_bytes()).unwrap();
    let mut asked = inner
        .client
        .request(method, format!("{}{path}", inner.upstream));
    for (name, value) in &parts.headers {
        if name != "host" && name != "content-length" {
            asked = asked.header(name, value);
        }
    }
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let Ok(answer) = asked.body(body).send().await else {
        return broken();
    };
    let (status, headers) = (answer.status(), answer.headers().clone());
    let said = answer.bytes().await.unwrap_or_default();
    match instead {
        Some((_, Instead::Broken)) => return broken(),
        Some((_, Instead::Error)) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        _ => {}
    }
    let mut response = Response::new(Body::from(said));
    *response.status_mut() = status;
    for (name, value) in &headers {
        if name != "content-length" && name != "transfer-encoding" {
            response.headers_mut().append(name, value.clone());
        }
    }
    response
}

fn broken() -> Response {
    let parts = [Ok("{"), Err(std::io::Error::other("cut"))];
    Body::from_stream(futures::stream::iter(parts)).into_response()
}
