//! The address that Trello delivers to. It hands each delivery to one of the processes that are
//! there, to the next if the first does not take it, and keeps what was acknowledged. It answers for
//! nobody: where no process takes a delivery, Trello is told so.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A frozen process takes the connection and never answers.
const PATIENCE: Duration = Duration::from_millis(1500);

#[derive(Clone)]
pub struct Desk(Arc<Inner>);

struct Inner {
    url: String,
    http: reqwest::Client,
    /// Where the processes listen, those that died among them.
    behind: Mutex<Vec<Option<SocketAddr>>>,
    turn: AtomicUsize,
    acknowledged: Mutex<Vec<Bytes>>,
}

impl Desk {
    pub async fn open(processes: usize) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let desk = Self(Arc::new(Inner {
            url: format!("http://{}", listener.local_addr().unwrap()),
            http: reqwest::Client::builder()
                .timeout(PATIENCE)
                .build()
                .unwrap(),
            behind: Mutex::new(vec![None; processes]),
            turn: AtomicUsize::new(0),
            acknowledged: Mutex::default(),
        }));
        let router = Router::new().fallback(pass_on).with_state(desk.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        desk
    }

    pub fn url(&self) -> &str {
        &self.0.url
    }

    pub fn listens(&self, process: usize, at: SocketAddr) {
        self.0.behind.lock().unwrap()[process] = Some(at);
    }

    /// This one is told to end, and takes deliveries as long as it does.
    pub fn lingers(&self, at: SocketAddr) {
        self.0.behind.lock().unwrap().push(Some(at));
    }

    pub fn is_gone(&self, at: SocketAddr) {
        let mut behind = self.0.behind.lock().unwrap();
        behind.retain(|one| *one != Some(at));
    }

    /// Bodies that were answered with 200.
    pub fn acknowledged(&self) -> Vec<Bytes> {
        self.0.acknowledged.lock().unwrap().clone()
    }

    /// The processes that may take it, another first each time.
    fn in_turn(&self) -> Vec<SocketAddr> {
        let mut there: Vec<_> = self
            .0
            .behind
            .lock()
            .unwrap()
            .iter()
            .flatten()
            .copied()
            .collect();
        let turn = self.0.turn.fetch_add(1, Ordering::Relaxed);
        let first = turn % there.len().max(1);
        there.rotate_left(first);
        there
    }
}

async fn pass_on(
    State(desk): State<Desk>,
    method: Method,
    uri: Uri,
    mut headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    headers.remove("host");
    headers.remove("content-length");
    for process in desk.in_turn() {
        let request = desk
            .0
            .http
            .request(method.clone(), format!("http://{process}{uri}"))
            .headers(headers.clone())
            .body(body.clone());
        let Ok(answer) = request.send().await else {
            continue;
        };
        if answer.status() == StatusCode::OK && method == Method::POST {
            desk.0.acknowledged.lock().unwrap().push(body);
            return StatusCode::OK;
        }
        return answer.status();
    }
    StatusCode::BAD_GATEWAY
}
