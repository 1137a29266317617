//! Between Signalman and a place: tells what passes, and keeps answers back after the place has acted.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use std::collections::HashSet;
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
    /// What is answered instead the first time that each thing is written.
    firsts: Mutex<Option<(HashSet<String>, Instead)>>,
}

/// Any request that does not only read, for `instead`.
pub(crate) const WRITE: &str = "a write";

#[derive(Clone)]
pub(crate) enum Instead {
    /// The connection ends in the middle of the answer.
    Broken,
    /// 500, although it was done.
    Error,
    /// 500 that was kept under an idempotency key: nothing is done.
    Kept,
    /// It was done, and no answer ever comes.
    Silence,
    /// Something happens before it arrives, of which the place can die.
    Before(Deed),
    /// Something happens when it was done, and the answer is lost.
    After(Deed),
}

/// What happens once.
#[derive(Clone)]
pub(crate) struct Deed(Arc<Mutex<Option<Once>>>);

type Once = Box<dyn FnOnce() + Send>;

impl Deed {
    pub(crate) fn new(deed: impl FnOnce() + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Some(Box::new(deed)))))
    }

    pub(crate) fn take_place(&self) {
        let deed = self.0.lock().unwrap().take();
        if let Some(deed) = deed {
            deed();
        }
    }
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
            firsts: Mutex::default(),
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

    /// The same, for the first time that each thing is written from now on: `POST /v1/customers` is
    /// one thing.
    pub(crate) fn each_first(&self, what: Instead) {
        *self.inner.firsts.lock().unwrap() = Some((HashSet::new(), what));
    }

    /// From now on answers pass; how many did not.
    pub(crate) fn calm(&self) -> usize {
        let firsts = self.inner.firsts.lock().unwrap().take();
        firsts.map_or(0, |(struck, _)| struck.len())
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

impl Inner {
    fn struck(&self, line: &str) -> Option<Instead> {
        let mut next = self.next.lock().unwrap();
        let meant = |of: &str| match of {
            WRITE => writes(line),
            part => line.contains(part),
        };
        if next.as_ref().is_some_and(|(of, _)| meant(of)) {
            return next.take().map(|(_, what)| what);
        }
        let mut firsts = self.firsts.lock().unwrap();
        let (struck, what) = firsts.as_mut()?;
        (writes(line) && struck.insert(line.to_owned())).then(|| what.clone())
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
    let instead = inner.struck(&line);
    if let Some(Instead::Before(deed)) = &instead {
        happens(deed).await;
    }
    if let Some(Instead::Kept) = instead {
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
        Some(Instead::Broken) => return broken(),
        Some(Instead::Error) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some(Instead::Silence) => return std::future::pending().await,
        Some(Instead::After(deed)) => {
            happens(&deed).await;
            return broken();
        }
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

async fn happens(deed: &Deed) {
    let deed = deed.clone();
    let done = tokio::task::spawn_blocking(move || deed.take_place());
    done.await.unwrap();
}

fn broken() -> Response {
    let parts = [Ok("{"), Err(std::io::Error::other("cut"))];
    Body::from_stream(futures::stream::iter(parts)).into_response()
}
