//! Ten thousand connections that say nothing, and one that does.

use crate::service::{Practice, Service, delivery};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

const CROWD: u64 = 10_000;
/// The places there are, and a few that are about to be closed.
const MOST_OPEN: u64 = 2_100;
/// What the service may come to hold; it takes some 40 MB at rest in a debug build.
const MOST_KB: u64 = 200_000;

/// As many as this process may open.
fn crowd() -> usize {
    let mut files = getrlimit(Resource::Nofile);
    let wanted = CROWD + 500;
    if files.current.is_some_and(|now| now < wanted) {
        let most = files.maximum.map_or(wanted, |most| most.min(wanted));
        files = Rlimit {
            current: Some(most),
            maximum: files.maximum,
        };
        let _ = setrlimit(Resource::Nofile, files);
    }
    let files = getrlimit(Resource::Nofile).current.unwrap_or(wanted);
    usize::try_from(files.saturating_sub(500).min(CROWD)).unwrap()
}

fn memory_kb(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let number = line.unwrap().split_whitespace().nth(1);
    number.unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_connections_take_neither_the_places_nor_the_memory() {
    let practice = Practice::open().await;
    let store = practice.path("s.db");
    let service = practice.serve(&store, "");
    let at = service.ready();
    let card = practice.demo.cards["kefir"].clone();
    let crowd = crowd();
    let mut held = Vec::with_capacity(crowd);
    let mut longest = Duration::ZERO;
    for nth in 0..crowd {
        let mut stream = TcpStream::connect(&at).unwrap();
        let begun = match nth % 3 {
            0 => "",
            1 => "POST /hooks/trello/x HTTP/1.1\r\nhost:",
            _ => "POST /hooks/trello/x HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\n{",
        };
        let _ = stream.write_all(begun.as_bytes());
        held.push(stream);
        if nth % 500 == 499 {
            let began = Instant::now();
            let body = delivery(u32::try_from(nth).unwrap(), &card);
            assert_eq!(service.deliver(&at, body).await, 200, "with {nth} others");
            longest = longest.max(began.elapsed());
        }
    }
    let kb = memory_kb(service.pid());
    let open = least_open(&service, &at).await;
    println!(
        "{crowd} connections: {open} open at the end, {kb} KB at most, the slowest honest answer took {longest:?}"
    );
    assert!(open <= MOST_OPEN, "{open} are open");
    assert!(kb < MOST_KB, "{kb} KB");
    assert!(longest < Duration::from_secs(5), "{longest:?}");
    assert!(service.stop());
    assert_eq!(
        crate::service::kept(&store)["deliveries"],
        (crowd / 500) as u64
    );
}

/// Those beyond the places are closed a moment after they came: how many are open when that is done.
async fn least_open(service: &Service, at: &str) -> u64 {
    let begun = Instant::now();
    loop {
        let open = service.figure(at, "signalman_connections ").await;
        if open <= MOST_OPEN || begun.elapsed() > Duration::from_secs(5) {
            return open;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
