//! The load: keep-alive connections that post what was made beforehand. Closed: each posts as soon as
//! it was answered. Open: each delivery has its instant, and what it waits beyond that counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One delivery, signed and written out: only the kernel has work with it while the clock runs.
#[derive(Clone)]
pub struct Shot {
    request: Arc<[u8]>,
    head: usize,
}

impl Shot {
    pub fn new(path: &str, headers: &[(&str, String)], body: &str) -> Self {
        let mut head = format!(
            "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: Trello\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += "\r\n";
        Self {
            request: [head.as_bytes(), body.as_bytes()].concat().into(),
            head: head.len(),
        }
    }

    pub fn body(&self) -> &[u8] {
        &self.request[self.head..]
    }
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
    let mut lines = Vec::new();
    for one in 0..connections {
        lines.push(Line::to(ports[one % ports.len()]).await);
    }
    let begun = Instant::now();
    let posting = lines
        .into_iter()
        .map(|line| tokio::spawn(one(line, Arc::clone(shots), Arc::clone(&next), pace, begun)));
    let posting: Vec<_> = posting.collect();
    let mut outcome = Outcome::default();
    for each in posting {
        outcome.add(each.await.unwrap());
    }
    outcome.took = begun.elapsed();
    outcome
}

/// A connection that is kept: one request after another.
struct Line {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Line {
    async fn to(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let answer = Vec::with_capacity(4096);
        Self { stream, answer }
    }

    /// Whether the answer is 200; it is read to its end.
    async fn ask(&mut self, shot: &Shot) -> bool {
        self.stream.write_all(&shot.request).await.unwrap();
        self.answer.clear();
        while !is_whole(&self.answer) {
            let more = self.stream.read_buf(&mut self.answer).await.unwrap();
            assert!(more > 0, "the server hung up");
        }
        self.answer.starts_with(b"HTTP/1.1 200")
    }
}

fn is_whole(answer: &[u8]) -> bool {
    let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
        return false;
    };
    let (head, body) = answer.split_at(head + 4);
    let head = std::str::from_utf8(head).unwrap().to_ascii_lowercase();
    match head.split_once("content-length: ") {
        Some((_, length)) => {
            let length = length.split("\r\n").next().unwrap();
            body.len() == length.parse::<usize>().unwrap()
        }
        None if head.contains("transfer-encoding: chunked") => body.ends_with(b"0\r\n\r\n"),
        None => true,
    }
}

async fn one(
    mut line: Line,
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
        let good = line.ask(shot).await;
        outcome.waits_ms.push(from.elapsed().as_secs_f64() * 1000.0);
        if good {
            outcome.taken += 1;
            outcome.bytes += shot.body().len();
        } else {
            outcome.refused += 1;
        }
    }
    outcome
}
