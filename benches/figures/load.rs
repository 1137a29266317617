//! The load: keep-alive connections that post what was made beforehand. Closed: each posts as soon as
//! it was answered. Open: each delivery has its instant, and what it waits beyond that counts.

use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

/// One delivery, signed.
#[derive(Clone)]
pub struct Shot {
    pub path: Arc<str>,
    pub headers: Vec<(&'static str, String)>,
    pub body: Bytes,
}

#[derive(Clone, Copy)]
pub enum Pace {
    /// As fast as answers come, no longer than this.
    Closed(Duration),
    /// So many a second.
    Open(f64),
}

#[derive(Default)]
pub struct Outcome {
    /// How many of the shots, from the first on, were answered 200.
    pub taken: usize,
    pub refused: usize,
    pub bytes: usize,
    pub took: Duration,
    pub waits_ms: Vec<f64>,
}

impl Outcome {
    pub fn per_second(&self) -> f64 {
        self.taken as f64 / self.took.as_secs_f64()
    }

    fn add(&mut self, other: Self) {
        self.taken += other.taken;
        self.refused += other.refused;
        self.bytes += other.bytes;
        self.waits_ms.extend(other.waits_ms);
    }
}

/// Posts shots over so many connections, spread over these ports.
pub async fn post(
    ports: &[u16],
    connections: usize,
    shots: &Arc<Vec<Shot>>,
    pace: Pace,
) -> Outcome {
    let next = Arc::new(AtomicUsize::new(0));
    let mut senders = Vec::new();
    for one in 0..connections {
        senders.push(connect(ports[one % ports.len()]).await);
    }
    let begun = Instant::now();
    let posting = senders.into_iter().map(|sender| {
        tokio::spawn(one(
            sender,
            Arc::clone(shots),
            Arc::clone(&next),
            pace,
            begun,
        ))
    });
    let posting: Vec<_> = posting.collect();
    let mut outcome = Outcome::default();
    for each in posting {
        outcome.add(each.await.unwrap());
    }
    outcome.took = begun.elapsed();
    outcome
}

async fn connect(port: u16) -> SendRequest<Full<Bytes>> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    sender
}

async fn one(
    mut sender: SendRequest<Full<Bytes>>,
    shots: Arc<Vec<Shot>>,
    next: Arc<AtomicUsize>,
    pace: Pace,
    begun: Instant,
) -> Outcome {
    let mut outcome = Outcome::default();
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(shot) = shots.get(index) else { break };
        let from = match pace {
            Pace::Closed(longest) if begun.elapsed() >= longest => break,
            Pace::Closed(_) => Instant::now(),
            Pace::Open(rate) => {
                let due = begun + Duration::from_secs_f64(index as f64 / rate);
                tokio::time::sleep_until(due.into()).await;
                due
            }
        };
        let mut request = Request::post(&*shot.path)
            .header("host", "127.0.0.1")
            .header("content-type", "application/json")
            .header("user-agent", "Trello");
        for (name, value) in &shot.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Full::new(shot.body.clone())).unwrap();
        sender.ready().await.unwrap();
        let answer = sender.send_request(request).await.unwrap();
        let status = answer.status();
        answer.into_body().collect().await.unwrap();
        outcome.waits_ms.push(from.elapsed().as_secs_f64() * 1000.0);
        if status == 200 {
            outcome.taken += 1;
            outcome.bytes += shot.body.len();
        } else {
            outcome.refused += 1;
        }
    }
    outcome
}
