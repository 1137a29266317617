//! Durable intake beside other receivers: the same bodies over the same connections, each server
//! alone on its core. Afterwards each is asked what it kept.

use crate::SERVER_CORE;
use crate::body::instants;
use crate::child::{Running, Start, free_port};
use crate::load::{Outcome, Pace, Shot, post};
use crate::mould::card;
use crate::stage::{PLAIN, Serve, Stage};
use crate::table::{Row, Table, middle, share};
use jiff::Timestamp;
use signalman::store::{BoardState, Sqlite, Store};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

const CONNECTIONS: usize = 16;
const ROUNDS: usize = 3;
const EACH: Duration = Duration::from_secs(3);
const CARDS: usize = 30_000;
const STEADY: f64 = 2_000.0;
/// A flush to a volume across a network takes about this.
const FAR_US: u32 = 1_000;

struct Field<'a> {
    folder: &'a Path,
    stage: Stage,
    port: u16,
    /// A store in which the board is paused, and one in which it runs.
    paused: PathBuf,
    running: PathBuf,
    shots: Arc<Vec<Shot>>,
    github: Arc<Vec<Shot>>,
}

pub async fn measure(folder: &Path, table: &mut Table) {
    let field = Field::set(folder).await;
    let far = field.far_disk();
    let mut rates: [Vec<f64>; 7] = Default::default();
    for _ in 0..ROUNDS {
        for (which, rates) in rates.iter_mut().enumerate() {
            let closed = Pace::Closed(EACH);
            let outcome = match which {
                0 => field.ours(&field.paused, closed, &field.shots, &[]).await,
                1 => field.ours(&field.running, closed, &field.shots, &[]).await,
                2 => field.peer("server.mjs", &field.shots, &[]).await,
                3 => field.peer("grouped.mjs", &field.shots, &[]).await,
                4 => field.peer("probot.mjs", &field.github, &[]).await,
                5 => field.ours(&field.paused, closed, &field.shots, &far).await,
                _ => field.peer("server.mjs", &field.shots, &far).await,
            };
            rates.push(outcome.per_second());
        }
    }
    let [alone, working, plain, grouped, probot, far, far_plain] = rates.map(middle);
    let bytes = field.shots[0].body().len();
    let what = format!("durable intake, {CONNECTIONS} connections, {bytes} bytes");
    let against = |what: &str, rate: f64, name: &str, other: f64, wanted: Option<f64>| Row {
        figure: what.to_owned(),
        measured: format!("{rate:.0}/s"),
        against: format!("{name}: {other:.0}/s"),
        ratio: format!("{:.2}", rate / other),
        wanted: wanted.map(|times| (format!("≥ {times}"), rate / other >= times)),
    };
    let plain_name = "Node http, an fsync each";
    table.add(against(&what, alone, plain_name, plain, Some(3.0)));
    table.add(against(
        &what,
        alone,
        "Node http, group commit",
        grouped,
        None,
    ));
    table.add(against(
        &what,
        alone,
        "probot, stores nothing",
        probot,
        Some(2.0),
    ));
    let while_judging = "ours while the engine judges the same";
    table.add(against(&what, alone, while_judging, working, None));
    let slowly = format!("{what}, a flush {FAR_US} µs longer for both");
    table.add(against(&slowly, far, plain_name, far_plain, Some(3.0)));
    let few = Arc::new(field.shots[..10_000].to_vec());
    for (store, how, wanted) in [
        (&field.paused, "intake alone", true),
        (&field.running, "while the engine judges", false),
    ] {
        let mut outcome = field.ours(store, Pace::Open(STEADY), &few, &[]).await;
        let p99 = share(&mut outcome.waits_ms, 990);
        table.add(Row {
            figure: format!("intake p99 at {STEADY}/s, {how}"),
            measured: format!("{p99:.1} ms"),
            against: format!(
                "half wait {:.1} ms, {:.0}/s reached",
                share(&mut outcome.waits_ms, 500),
                outcome.per_second()
            ),
            wanted: wanted.then(|| ("< 10 ms".to_owned(), p99 < 10.0)),
            ..Row::default()
        });
    }
}

impl<'a> Field<'a> {
    async fn set(folder: &'a Path) -> Self {
        let (running, paused) = (folder.join("running.db"), folder.join("paused.db"));
        let stage = Stage::in_file(PLAIN, &running).await;
        let board = stage.demo.board.clone();
        {
            let store = Sqlite::open(&running).unwrap();
            stage.mould.pour(&store, &board, 0, CARDS).await;
        }
        std::fs::copy(&running, &paused).unwrap();
        let id = board.as_str().into();
        let store = Sqlite::open(&paused).unwrap();
        store
            .set_state(&id, BoardState::Paused, Timestamp::now())
            .await
            .unwrap();
        let port = free_port();
        let sheet = stage.sheet(format!("http://127.0.0.1:{port}"));
        let each = |nth: usize| (0..CARDS).map(move |n| (nth, card(0, n)));
        let shots: Vec<Shot> = each(0)
            .chain(each(1))
            .zip(instants())
            .map(|((nth, card), at)| sheet.moved(&stage.mould.step(&board, &card, nth, at)))
            .collect();
        let github = shots[..20_000].iter().map(|shot| sheet.for_github(shot));
        Self {
            folder,
            github: Arc::new(github.collect()),
            shots: Arc::new(shots),
            stage,
            port,
            paused,
            running,
        }
    }

    /// What makes a receiver's flush as long as on a volume across a network.
    fn far_disk(&self) -> Vec<(String, String)> {
        let library = self.folder.join("flush.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peer/flush.c");
        let made = Command::new("cc")
            .args(["-O2", "-shared", "-fPIC", "-o"])
            .args([library.as_os_str(), source.as_ref()])
            .arg("-ldl")
            .status();
        assert!(made.unwrap().success(), "cc {source}");
        let env = [
            ("LD_PRELOAD", library.display().to_string()),
            ("FLUSH_US", FAR_US.to_string()),
        ];
        env.map(|(name, value)| (name.to_owned(), value)).into()
    }

    async fn ours(
        &self,
        seed: &Path,
        pace: Pace,
        shots: &Arc<Vec<Shot>>,
        env: &[(String, String)],
    ) -> Outcome {
        let store = self.folder.join("round.db");
        std::fs::copy(seed, &store).unwrap();
        self.stage
            .sandbox
            .world()
            .with(|state| state.webhooks.clear());
        let serve = Serve {
            port: self.port,
            store: store.display().to_string(),
            api: self.stage.sandbox.url(),
            public_url: Some(format!("http://127.0.0.1:{}", self.port)),
            cores: SERVER_CORE,
            folder: self.folder,
        };
        let server = self.stage.serve_with(serve, env).await;
        tokio::time::sleep(Duration::from_secs(1)).await; // its webhook is made, its board swept
        let outcome = post(&[self.port], CONNECTIONS, shots, pace).await;
        drop(server); // killed: what was answered must be there
        assert_eq!(outcome.refused, 0, "every delivery is taken");
        let kept = rusqlite::Connection::open(&store).unwrap();
        let count = "SELECT COUNT(*) FROM events WHERE action LIKE '%be0000%'";
        let kept: u32 = kept.query_row(count, [], |row| row.get(0)).unwrap();
        assert_eq!(
            kept as usize, outcome.taken,
            "what was answered 200 is in the store"
        );
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", store.display()));
        }
        outcome
    }

    async fn peer(
        &self,
        script: &str,
        shots: &Arc<Vec<Shot>>,
        more: &[(String, String)],
    ) -> Outcome {
        let file = self.folder.join("appended");
        let _ = std::fs::remove_file(&file);
        let board = &self.stage.demo.board;
        let callback = format!("http://127.0.0.1:{}/hooks/trello/{board}", self.port);
        let peers = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peer/");
        let own = [
            ("PORT", self.port.to_string()),
            ("SECRET", self.stage.sandbox.secret()),
            ("CALLBACK", callback),
            ("FILE", file.display().to_string()),
            ("NODE_ENV", "production".to_owned()),
        ];
        let own = own
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter();
        let server = Running::start(Start {
            program: vec!["node".to_owned(), format!("{peers}{script}")],
            env: own.chain(more.iter().cloned()).collect(),
            cores: SERVER_CORE,
            port: self.port,
            ready: Some("/"),
            folder: self.folder,
        })
        .await;
        let outcome = post(&[self.port], CONNECTIONS, shots, Pace::Closed(EACH)).await;
        assert_eq!(outcome.refused, 0, "{script} takes every delivery");
        let told: serde_json::Value = serde_json::from_str(&server.stop()).unwrap();
        assert_eq!(told["taken"], outcome.taken, "{script} did its work");
        if script != "probot.mjs" {
            let length = std::fs::metadata(&file).unwrap().len();
            assert_eq!(length, outcome.bytes as u64, "{script} kept every byte");
        }
        outcome
    }
}
