//! Callers that are not Trello, or do not behave like it.

use crate::firm::Firm;
use crate::service::{delivery, sign};
use secrecy::SecretString;
use signalman::engine::Clock;
use signalman::store::Store;
use signalman::web::{Doors, Limits, callback_url};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use url::Url;

/// The firm's service behind doors of their own, with time-outs that a test can wait for.
struct Door {
    firm: Firm,
    at: String,
    url: String,
    stop: CancellationToken,
}

const SOON: Limits = Limits {
    connections: 40,
    head_within: Duration::from_millis(400),
    body_within: Duration::from_millis(400),
};

impl Door {
    async fn open() -> Self {
        let firm = Firm::open().await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap().to_string();
        let public = Url::parse("https://signalman.example").unwrap();
        let url = callback_url(&public, &firm.board());
        let world = firm.world().clone();
        let clock: Clock = Arc::new(move || world.now());
        let secrets = vec![SecretString::from(firm.sandbox.secret())];
        let store: Arc<dyn Store> = Arc::<signalman::store::Sqlite>::clone(&firm.store);
        let doors = Doors::new(
            store,
            Arc::clone(&firm.engine),
            clock,
            secrets,
            public,
            None,
        );
        let stop = CancellationToken::new();
        tokio::spawn(doors.serve(listener, SOON, stop.clone()));
        Self {
            firm,
            at,
            url,
            stop,
        }
    }
    fn path(&self) -> String {
        format!("/hooks/trello/{}", self.firm.board())
    }
    async fn post(&self, body: Vec<u8>, signature: Option<&str>) -> u16 {
        let url = format!("http://{}{}", self.at, self.path());
        let mut request = reqwest::Client::new().post(url).body(body);
        if let Some(signature) = signature {
            request = request.header("x-trello-webhook", signature);
        }
        request.send().await.unwrap().status().as_u16()
    }
    fn signed(&self, body: &[u8]) -> String {
        sign(&self.firm.sandbox.secret(), body, &self.url)
    }
    async fn honest(&self, nth: u32) -> u16 {
        let body = delivery(nth, &self.firm.id("kefir"));
        let signature = self.signed(&body);
        self.post(body, Some(&signature)).await
    }
    async fn waiting(&self) -> u64 {
        self.firm.store.counters().await.unwrap().events_waiting
    }
    async fn counted(&self, outcome: &str) -> u64 {
        let url = format!("http://{}/metrics", self.at);
        let metrics = reqwest::get(url).await.unwrap().text().await.unwrap();
        let mark = format!("outcome=\"{outcome}\"");
        let line = metrics.lines().find(|line| line.contains(&mark));
        line.map_or(0, |line| line.rsplit(' ').next().unwrap().parse().unwrap())
    }
    /// A connection that has sent these bytes.
    async fn begun(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(&self.at).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream
    }
    fn head(&self, rest: &str) -> String {
        format!(
            "POST {} HTTP/1.1\r\nhost: signalman\r\n{rest}\r\n\r\n",
            self.path()
        )
    }
}

/// All that comes until the other side closes; none: it does not close.
async fn until_closed(stream: &mut TcpStream) -> Option<String> {
    let mut told = Vec::new();
    let read = stream.read_to_end(&mut told);
    let ended = tokio::time::timeout(Duration::from_secs(5), read).await;
    // A reset closes it as well.
    ended
        .ok()
        .map(|_| String::from_utf8_lossy(&told).into_owned())
}

#[tokio::test]
async fn every_forgery_is_turned_away_counted_and_nothing_is_stored() {
    let door = Door::open().await;
    let secret = door.firm.sandbox.secret();
    let body = delivery(1, &door.firm.id("kefir"));
    let good = door.signed(&body);
    let other_board = door
        .url
        .replace(&door.firm.board().to_string(), "5b00000000000000000000ff");
    let pretty = serde_json::from_slice::<serde_json::Value>(&body).unwrap();
    let pretty = serde_json::to_vec_pretty(&pretty).unwrap();
    let swapped: String = good
        .chars()
        .map(|sign| match sign {
            _ if sign.is_ascii_lowercase() => sign.to_ascii_uppercase(),
            _ => sign.to_ascii_lowercase(),
        })
        .collect();
    let none = sign("", &body, &door.url);
    let forged = [
        None,
        Some(String::new()),
        Some(sign(&secret, &body, &other_board)),
        Some(sign(&secret, &body, &door.url.replace("https", "http"))),
        Some(sign(&secret, &body, &format!("{}/", door.url))),
        Some(sign(&secret, &body, "")),
        Some(sign(&secret, &pretty, &door.url)),
        Some(sign(
            &secret,
            door.url.as_bytes(),
            &String::from_utf8_lossy(&body),
        )),
        Some(sign(&secret.to_uppercase(), &body, &door.url)),
        Some(none),
        Some(good[..good.len() - 1].to_owned()),
        Some(good[..8].to_owned()),
        Some(swapped),
        Some(format!("sha1={good}")),
        Some(format!("{good}{good}")),
    ];
    for signature in &forged {
        let status = door.post(body.clone(), signature.as_deref()).await;
        assert_eq!(status, 401, "{signature:?}");
    }
    // What was signed, written otherwise.
    assert_eq!(door.post(pretty, Some(&good)).await, 401);
    assert_eq!(door.waiting().await, 0);
    assert_eq!(door.counted("forged").await, forged.len() as u64 + 1);
    assert_eq!(door.post(body, Some(&good)).await, 200);
    assert_eq!(door.waiting().await, 1);
}

#[tokio::test]
async fn a_captured_body_says_nothing_new_however_often_it_is_sent() {
    let door = Door::open().await;
    let all = (0..30).map(|_| door.honest(7));
    let answers = futures::future::join_all(all).await;
    assert_eq!(answers, [200; 30]);
    assert_eq!(door.waiting().await, 1);
    door.firm.settle().await;
    assert_eq!(door.honest(7).await, 200);
    assert_eq!(door.waiting().await, 0, "judged is judged");
    assert_eq!(door.counted("duplicate").await, 30);
}

#[tokio::test]
async fn ten_megabytes_are_refused_before_they_are_sent() {
    let door = Door::open().await;
    let began = Instant::now();
    let mut told = door
        .begun(door.head("content-length: 10485760").as_bytes())
        .await;
    let answer = until_closed(&mut told).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(began.elapsed() < SOON.body_within);
    let mut untold = door
        .begun(door.head("transfer-encoding: chunked").as_bytes())
        .await;
    let chunk = [b"10000\r\n".as_slice(), &[b' '; 65_536], b"\r\n"].concat();
    let sending = async {
        let mut sent = 0;
        while sent < 160 && untold.write_all(&chunk).await.is_ok() {
            sent += 1;
        }
        sent
    };
    let sent = sending.await;
    assert!(sent < 160, "it went on reading: {sent} of 160");
    assert_eq!(door.counted("too_long").await, 2);
    let whole = door.post(vec![b' '; 10 << 20], None).await;
    assert_eq!(whole, 413);
}

#[tokio::test]
async fn whoever_trickles_is_closed_and_an_honest_delivery_gets_through_meanwhile() {
    let door = Door::open().await;
    let head = door.head("content-length: 5000");
    let mut slow = Vec::new();
    for nth in 0..60 {
        let bytes = match nth % 3 {
            0 => &head.as_bytes()[..20],
            1 => head.as_bytes(),
            _ => b"",
        };
        slow.push(door.begun(bytes).await);
    }
    assert_eq!(door.honest(1).await, 200, "all places were taken");
    let began = Instant::now();
    for stream in &mut slow {
        let _ = stream.write_all(b"x").await;
        assert!(until_closed(stream).await.is_some(), "held for ever");
    }
    assert!(began.elapsed() < Duration::from_secs(4));
    assert!(door.counted("too_slow").await > 0);
    assert_eq!(door.honest(2).await, 200);
}

#[tokio::test]
async fn an_idle_connection_is_kept_for_a_while_and_then_closed() {
    let door = Door::open().await;
    let request = b"GET /healthz HTTP/1.1\r\nhost: signalman\r\n\r\n";
    let mut stream = door.begun(request).await;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    stream.write_all(request).await.unwrap();
    let rest = until_closed(&mut stream).await.unwrap();
    assert!(rest.contains("HTTP/1.1 200"), "{rest}");
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    let door = Door::open().await;
    let mut stream = door.begun(b"GET / HTTP/1.1\r\n").await;
    let line = format!("x-more: {}\r\n", "a".repeat(1_000));
    for _ in 0..200 {
        if stream.write_all(line.as_bytes()).await.is_err() {
            break;
        }
    }
    let answer = until_closed(&mut stream).await.unwrap();
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
        "{answer}"
    );
    assert_eq!(door.honest(1).await, 200);
}

#[tokio::test]
async fn told_to_stop_it_answers_what_is_begun_and_takes_no_more() {
    let door = Door::open().await;
    let body = delivery(1, &door.firm.id("kefir"));
    let signature = door.signed(&body);
    let head = door.head(&format!(
        "content-length: {}\r\nx-trello-webhook: {signature}",
        body.len()
    ));
    let mut begun = door.begun(head.as_bytes()).await;
    let mut idle = door.begun(b"").await;
    // It has read the head when it answers somebody who came later.
    assert_eq!(door.honest(2).await, 200);
    door.stop.cancel();
    assert_eq!(until_closed(&mut idle).await.as_deref(), Some(""));
    begun.write_all(&body).await.unwrap();
    let answer = until_closed(&mut begun).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(TcpStream::connect(&door.at).await.is_err());
}
