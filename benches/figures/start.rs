//! How soon the service can take a delivery after its start, and how soon it has caught up with what
//! it missed, beside what the practice Trello needs to answer the same requests to a bare client.

use crate::SERVER_CORE;
use crate::child::free_port;
use crate::relay::{Passed, Relay};
use crate::requests::add_cards;
use crate::stage::{PLAIN, Serve, Stage};
use crate::table::{Row, Table, middle};
use serde_json::json;
use signalman::store::Sqlite;
use std::path::Path;
use std::time::{Duration, Instant};

const STARTS: usize = 11;
const MISSED: usize = 10_000;
const LINES: usize = 100;

pub async fn measure(folder: &Path, table: &mut Table) {
    let path = folder.join("store.db");
    let mut cards = Vec::new();
    let stage = {
        let store = Sqlite::open(&path).unwrap();
        Stage::open(PLAIN, &store, |sandbox, demo| {
            cards = add_cards(sandbox, demo, "request", LINES);
        })
        .await
    };
    starts(folder, &stage, &path, table).await;
    let hand = stage.hand("denis_demo");
    for n in 0..MISSED {
        let text = format!("Звонили клиенту, ждём ответа на письмо номер {n} до конца недели.");
        let card = &cards[n % LINES];
        hand.post(
            &format!("cards/{card}/actions/comments"),
            json!({ "text": text }),
        )
        .unwrap();
    }
    let relay = Relay::start(stage.sandbox.url(), None).await;
    let (mut ratios, mut whole, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    let mut requests = 0;
    for _ in 0..5 {
        let copy = folder.join("copy.db");
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", copy.display()));
        }
        std::fs::copy(&path, &copy).unwrap();
        let (took, asked) = catch_up(folder, &stage, &relay, &copy).await;
        ratios.push(took / answering(&asked).as_secs_f64());
        whole.push(took * 1000.0);
        bare.push(ask_again(&relay, &asked).await * 1000.0);
        requests = asked.len();
    }
    let ratio = middle(ratios);
    table.add(Row {
        figure: format!("catch-up of {MISSED} missed actions, in the store"),
        measured: format!("{:.0} ms", middle(whole)),
        against: format!(
            "what the practice Trello took to answer its {requests} requests; a bare client beside: {:.0} ms",
            middle(bare)
        ),
        ratio: format!("{ratio:.2}"),
        wanted: Some(("≤ 1.2".to_owned(), ratio <= 1.2)),
    });
}

async fn starts(folder: &Path, stage: &Stage, path: &Path, table: &mut Table) {
    let mut took = Vec::new();
    for _ in 0..STARTS {
        let port = free_port();
        let serve = Serve {
            port,
            store: path.display().to_string(),
            api: stage.sandbox.url(),
            public_url: Some(format!("http://127.0.0.1:{port}")),
            cores: SERVER_CORE,
            threads: None,
            folder,
        };
        let server = stage.serve(serve).await;
        took.push(server.ready_after.as_secs_f64() * 1000.0);
        server.stop();
    }
    stage.sandbox.world().with(|state| state.webhooks.clear());
    let worst = took.iter().copied().fold(0.0, f64::max);
    let took = middle(took);
    table.add(Row {
        figure: "start to ready".to_owned(),
        measured: format!("{took:.0} ms"),
        against: format!("the middle of {STARTS} starts; the worst {worst:.0} ms"),
        wanted: Some(("< 100 ms".to_owned(), took < 100.0)),
        ..Row::default()
    });
}

/// Seconds from the first request for actions until all are in the store, and what was asked.
async fn catch_up(folder: &Path, stage: &Stage, relay: &Relay, store: &Path) -> (f64, Vec<Passed>) {
    relay.forget();
    let kept = rusqlite::Connection::open(store).unwrap();
    // Events are numbered from one and none is ever deleted.
    let all = || -> usize {
        let last = "SELECT COALESCE(MAX(n), 0) FROM events";
        let last: u32 = kept.query_row(last, [], |row| row.get(0)).unwrap();
        last as usize
    };
    let before = all();
    let serve = Serve {
        port: free_port(),
        store: store.display().to_string(),
        api: relay.url.clone(),
        public_url: None,
        cores: SERVER_CORE,
        threads: None,
        folder,
    };
    // It is not asked whether it is ready meanwhile: answering that is work on the same core.
    let server = stage.serve_until(serve, "/healthz").await;
    let begun = Instant::now();
    while all() < before + MISSED {
        assert!(
            begun.elapsed().as_secs() < 60,
            "{} of {MISSED} came",
            all() - before
        );
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    let done = Instant::now();
    drop(server);
    let asked = relay.passed().into_iter();
    let asked: Vec<Passed> = asked
        .filter(|one| one.ended <= done && one.what.starts_with("GET /1/boards/"))
        .collect();
    let first = asked.iter().map(|one| one.begun).min().unwrap();
    ((done - first).as_secs_f64(), asked)
}

/// How long any of these was being answered.
fn answering(asked: &[Passed]) -> Duration {
    let mut spans: Vec<_> = asked.iter().map(|one| (one.begun, one.ended)).collect();
    spans.sort_unstable();
    let (mut answering, mut until) = (Duration::ZERO, spans[0].0);
    for (begun, ended) in spans {
        answering += ended.saturating_duration_since(begun.max(until));
        until = until.max(ended);
    }
    answering
}

/// The same requests from a client that only takes the bytes, in seconds.
async fn ask_again(relay: &Relay, asked: &[Passed]) -> f64 {
    let http = reqwest::Client::new();
    let begun = Instant::now();
    for one in asked {
        let path = one.what.split_once(' ').unwrap().1;
        let mut headers = one.headers.clone();
        headers.remove("host");
        let answer = http
            .get(format!("{}{path}", relay.url))
            .headers(headers)
            .send();
        answer.await.unwrap().bytes().await.unwrap();
    }
    begun.elapsed().as_secs_f64()
}
