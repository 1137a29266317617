//! What the service weighs at rest and with a thousand boards of a thousand cards, and what an event
//! costs with one board and with a thousand.

use crate::SERVER_CORE;
use crate::body::instants;
use crate::child::{Running, free_port};
use crate::load::{Pace, Shot, post};
use crate::mould::{board, card};
use crate::stage::{PLAIN, Serve, Stage};
use crate::stub;
use crate::table::{Row, Table};
use signalman::store::{Sqlite, Store};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

const BOARDS: usize = 1_000;
const CARDS: usize = 1_000;
const RATE: f64 = 250.0;
/// A board that Trello's window left no room for is tried again after 15 s: one whole round of that.
const REST: Duration = Duration::from_secs(15);

struct Cost {
    rss_mb: f64,
    /// Processor milliseconds per event, without what it costs at rest.
    event: f64,
    /// Of a core, at rest.
    rest: f64,
    /// The first event of a board, for which its process is read.
    first: f64,
    ready: Duration,
}

pub async fn measure(folder: &Path, table: &mut Table) {
    let seed = folder.join("seed.db");
    let stage = Stage::in_file(PLAIN, &seed).await;
    let idle = idle(folder, &stage, &seed).await;
    table.add(Row {
        figure: "memory, one board, idle".to_owned(),
        measured: format!("{idle:.1} MB"),
        wanted: Some(("< 25 MB".to_owned(), idle < 25.0)),
        ..Row::default()
    });
    let one = cost(folder, &stage, 1).await;
    let many = cost(folder, &stage, BOARDS).await;
    table.add(Row {
        figure: format!("memory, {BOARDS} boards of {CARDS} cards, each heard of"),
        measured: format!("{:.1} MB", many.rss_mb),
        against: format!("one such board: {:.1} MB", one.rss_mb),
        wanted: Some(("< 150 MB".to_owned(), many.rss_mb < 150.0)),
        ..Row::default()
    });
    let ratio = many.event / one.event;
    table.add(Row {
        figure: format!("processor per event, {BOARDS} boards"),
        measured: format!("{:.2} ms", many.event),
        against: format!(
            "one board: {:.2} ms, beyond what each costs at rest",
            one.event
        ),
        ratio: format!("{ratio:.2}"),
        // That an event of many boards costs less is nothing to mend.
        wanted: Some(("≤ 1.2".to_owned(), ratio <= 1.2)),
    });
    let beside = |figure: String, measured: String, against: String| Row {
        figure,
        measured,
        against,
        ..Row::default()
    };
    table.add(beside(
        format!("processor at rest, {BOARDS} boards"),
        format!("{:.1} % of a core", many.rest * 100.0),
        format!("one board: {:.1} %", one.rest * 100.0),
    ));
    table.add(beside(
        "processor for a board's first event".to_owned(),
        format!("{:.2} ms", many.first),
        format!("later ones: {:.2} ms", many.event),
    ));
    table.add(beside(
        format!("start to ready, {BOARDS} boards of {CARDS} cards"),
        format!("{:.0} ms", many.ready.as_secs_f64() * 1000.0),
        format!("one such board: {:.0} ms", one.ready.as_secs_f64() * 1000.0),
    ));
}

async fn idle(folder: &Path, stage: &Stage, store: &Path) -> f64 {
    let port = free_port();
    let serve = Serve {
        port,
        store: store.display().to_string(),
        api: stage.sandbox.url(),
        public_url: Some(format!("http://127.0.0.1:{port}")),
        cores: SERVER_CORE,
        threads: None,
        folder,
    };
    let server = stage.serve(serve).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    server.rss_mb()
}

async fn cost(folder: &Path, stage: &Stage, boards: usize) -> Cost {
    let path = folder.join(format!("{boards}.db"));
    {
        let store = Sqlite::open(&path).unwrap();
        for n in 0..boards {
            stage.mould.pour(&store, &board(n), n, CARDS).await;
        }
    }
    let (api, port) = (stub::start(stage.demo.bot.clone()).await, free_port());
    let serve = Serve {
        port,
        store: path.display().to_string(),
        api,
        public_url: None,
        cores: SERVER_CORE,
        threads: None,
        folder,
    };
    let sheet = stage.sheet(format!("http://127.0.0.1:{port}"));
    let mut instants = instants();
    let mut steps = |all: &mut dyn Iterator<Item = (usize, usize, usize)>| -> Arc<Vec<Shot>> {
        let shot =
            |((nth, b, n), at)| sheet.moved(&stage.mould.step(&board(b), &card(b, n), nth, at));
        Arc::new(all.zip(&mut instants).map(shot).collect())
    };
    let first = steps(&mut (0..boards).map(|b| (0, b, 0)));
    // As many events either way: two moves of 999 cards, of one board or of as many.
    let at = |k: usize| if boards == 1 { (0, k) } else { (k, 1) };
    let moves = [0, 1]
        .into_iter()
        .flat_map(|nth| (1..CARDS).map(move |k| (nth, at(k).0, at(k).1)));
    let events = steps(&mut moves.collect::<Vec<_>>().into_iter());
    let server = stage.serve(serve).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (begun, before) = (Instant::now(), server.cpu());
    tokio::time::sleep(REST).await;
    let rest = (server.cpu() - before).as_secs_f64() / begun.elapsed().as_secs_f64();
    let first = spent(&server, &path, &first, rest).await;
    let event = spent(&server, &path, &events, rest).await;
    let cost = Cost {
        rss_mb: server.rss_mb(),
        event,
        rest,
        first,
        ready: server.ready_after,
    };
    drop(server);
    std::fs::remove_file(&path).unwrap();
    cost
}

/// Processor milliseconds per event, until all are judged, without what it costs at rest.
async fn spent(server: &Running, store: &Path, shots: &Arc<Vec<Shot>>, rest: f64) -> f64 {
    let (begun, before) = (Instant::now(), server.cpu());
    let posted = post(&[server.port], 4, shots, Pace::Open(RATE)).await;
    assert_eq!(posted.taken, shots.len());
    judged(&Sqlite::open(store).unwrap(), 120).await;
    let spent = (server.cpu() - before).as_secs_f64() - rest * begun.elapsed().as_secs_f64();
    spent * 1000.0 / shots.len() as f64
}

/// Waits until nothing waits to be judged.
pub async fn judged(store: &dyn Store, seconds: u64) {
    let begun = Instant::now();
    while store.counters().await.unwrap().events_waiting > 0 {
        assert!(begun.elapsed().as_secs() < seconds, "it is never judged");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
