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
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

const BOARDS: usize = 1_000;
const CARDS: usize = 1_000;
const RATE: f64 = 250.0;
/// A board that Trello's window left no room for is tried again after 15 s: one whole round of that.
const REST: Duration = Duration::from_secs(15);

/// So many rounds of events in turn, so that whatever else the machine does meets both alike.
const ROUNDS: usize = 8;

/// A service that knows so many boards, and what there is to post to it.
struct Host {
    server: Running,
    path: PathBuf,
    /// One event of each board, the first for which its process is read.
    first: Arc<Vec<Shot>>,
    rounds: Vec<Arc<Vec<Shot>>>,
    /// Of a core, at rest.
    rest: f64,
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
    let mut hosts = [
        Host::open(folder, &stage, 1).await,
        Host::open(folder, &stage, BOARDS).await,
    ];
    rested(&mut hosts).await;
    let [one, many] = &hosts;
    let first = many.spent(&many.first).await;
    one.spent(&one.first).await;
    let mut events = (Vec::new(), Vec::new());
    for (nth, (of_one, of_many)) in one.rounds.iter().zip(&many.rounds).enumerate() {
        if nth % 2 == 0 {
            events.0.push(one.spent(of_one).await);
            events.1.push(many.spent(of_many).await);
        } else {
            events.1.push(many.spent(of_many).await);
            events.0.push(one.spent(of_one).await);
        }
    }
    let ratios = events.0.iter().zip(&events.1).map(|(one, many)| many / one);
    let (ratio, low, high) = middle(ratios.collect());
    let (of_one, of_many) = (middle(events.0).0, middle(events.1).0);
    let rss = many.server.rss_mb();
    table.add(Row {
        figure: format!("memory, {BOARDS} boards of {CARDS} cards, each heard of"),
        measured: format!("{rss:.1} MB"),
        against: format!("one such board: {:.1} MB", one.server.rss_mb()),
        wanted: Some(("< 150 MB".to_owned(), rss < 150.0)),
        ..Row::default()
    });
    table.add(Row {
        figure: format!("processor per event, {BOARDS} boards"),
        measured: format!("{of_many:.2} ms"),
        against: format!(
            "one board: {of_one:.2} ms, beyond what each costs at rest; {ROUNDS} rounds in turn"
        ),
        ratio: format!("{ratio:.2} ({low:.2} to {high:.2})"),
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
        format!("{first:.2} ms"),
        format!("later ones: {of_many:.2} ms"),
    ));
    table.add(beside(
        format!("start to ready, {BOARDS} boards of {CARDS} cards"),
        format!("{:.0} ms", ready(many)),
        format!("one such board: {:.0} ms", ready(one)),
    ));
}

fn ready(host: &Host) -> f64 {
    host.server.ready_after.as_secs_f64() * 1000.0
}

/// The middle one, with the range that leaves out the lowest and the highest.
fn middle(mut all: Vec<f64>) -> (f64, f64, f64) {
    all.sort_by(f64::total_cmp);
    let half = all.len() / 2;
    let middle = (all[half] + all[(all.len() - 1) / 2]) / 2.0;
    (middle, all[1], all[all.len() - 2])
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

/// What each costs at rest, over the same seconds.
async fn rested(hosts: &mut [Host]) {
    tokio::time::sleep(Duration::from_secs(2)).await;
    let begun = Instant::now();
    let before: Vec<_> = hosts.iter().map(|host| host.server.cpu()).collect();
    tokio::time::sleep(REST).await;
    let seconds = begun.elapsed().as_secs_f64();
    for (host, before) in hosts.iter_mut().zip(before) {
        host.rest = (host.server.cpu() - before).as_secs_f64() / seconds;
    }
}

impl Host {
    async fn open(folder: &Path, stage: &Stage, boards: usize) -> Self {
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
        let mut steps = |all: &[(usize, usize, usize)]| -> Arc<Vec<Shot>> {
            let shot = |(&(nth, b, n), at)| {
                sheet.moved(&stage.mould.step(&board(b), &card(b, n), nth, at))
            };
            Arc::new(all.iter().zip(&mut instants).map(shot).collect())
        };
        let first: Vec<_> = (0..boards).map(|b| (0, b, 0)).collect();
        let first = steps(&first);
        // As many events either way: two moves of 999 cards, of one board or of as many.
        let at = |k: usize| if boards == 1 { (0, k) } else { (k, 1) };
        let moves = [0, 1]
            .into_iter()
            .flat_map(|nth| (1..CARDS).map(move |k| (nth, at(k).0, at(k).1)));
        let moves: Vec<_> = moves.collect();
        let rounds = moves.chunks(moves.len().div_ceil(ROUNDS)).map(&mut steps);
        let rounds = rounds.collect();
        let server = stage.serve(serve).await;
        Self {
            server,
            path,
            first,
            rounds,
            rest: 0.0,
        }
    }

    /// Processor milliseconds per event, until all are judged, without what it costs at rest.
    async fn spent(&self, shots: &Arc<Vec<Shot>>) -> f64 {
        let (begun, before) = (Instant::now(), self.server.cpu());
        let posted = post(&[self.server.port], 4, shots, Pace::Open(RATE)).await;
        assert_eq!(posted.taken, shots.len());
        judged(&Sqlite::open(&self.path).unwrap(), 120).await;
        let seconds = begun.elapsed().as_secs_f64();
        let spent = (self.server.cpu() - before).as_secs_f64() - self.rest * seconds;
        spent * 1000.0 / shots.len() as f64
    }
}

/// Waits until nothing waits to be judged.
pub async fn judged(store: &dyn Store, seconds: u64) {
    let begun = Instant::now();
    while store.counters().await.unwrap().events_waiting > 0 {
        assert!(begun.elapsed().as_secs() < seconds, "it is never judged");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
