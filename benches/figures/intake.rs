//! Durable intake beside other receivers: the same bodies over the same connections, each server
//! with the load on the same two cores. Afterwards each is asked what it kept.

use crate::body::instants;
use crate::child::{Running, Start, free_port, stand_on};
use crate::load::{Outcome, Pace, Shot, post};
use crate::mould::card;
use crate::stage::{PLAIN, Serve, Stage};
use crate::table::{Row, Table, middle, share};
use crate::{OTHER_CORE, SERVER_CORE};
use jiff::Timestamp;
use signalman::store::{BoardState, Sqlite, Store};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

const CONNECTIONS: usize = 16;
const ROUNDS: usize = 3;
const EACH: Duration = Duration::from_secs(3);
const CARDS: usize = 30_000;
const STEADY: f64 = 2_000.0;

struct Field<'a> {
    folder: &'a Path,
    cores: &'a str,
    stage: Stage,
    port: u16,
    /// A store in which the board is paused, and one in which it runs.
    paused: PathBuf,
    running: PathBuf,
    shots: Arc<Vec<Shot>>,
    github: Arc<Vec<Shot>>,
}

pub async fn measure(folder: &Path, table: &mut Table) {
    let both = format!("{SERVER_CORE},{OTHER_CORE}");
    stand_on(&both);
    let field = Field::set(folder, &both).await;
    let mut rates: [Vec<f64>; 6] = Default::default();
    for _ in 0..ROUNDS {
        for (which, rates) in rates.iter_mut().enumerate() {
            let closed = Pace::Closed(EACH);
            let outcome = match which {
                0 => field.ours(&field.paused, closed, &field.shots).await,
                1 => field.ours(&field.running, closed, &field.shots).await,
                2 => field.peer("server.mjs", &field.shots).await,
                3 => field.peer("side.mjs", &field.shots).await,
                4 => field.peer("grouped.mjs", &field.shots).await,
                _ => field.peer("probot.mjs", &field.github).await,
            };
            rates.push(outcome.per_second());
        }
    }
    let [alone, working, plain, side, grouped, probot] = rates.map(middle);
    let bytes = field.shots[0].body().len();
    let what = format!("durable intake, {CONNECTIONS} connections, {bytes} bytes");
    let against = |name: &str, other: f64, wanted: Option<f64>| Row {
        figure: what.clone(),
        measured: format!("{alone:.0}/s"),
        against: format!("{name}: {other:.0}/s"),
        ratio: format!("{:.2}", alone / other),
        wanted: wanted.map(|times| (format!("≥ {times}"), alone / other >= times)),
    };
    table.add(against("Node http, an fsync each", plain, Some(3.0)));
    table.add(against("Node http, four fsyncs at a time", side, None));
    table.add(against("Node http, group commit", grouped, None));
    table.add(against("probot, stores nothing", probot, Some(2.0)));
    table.add(against(
        "ours while the engine judges the same",
        working,
        None,
    ));
    let few = Arc::new(field.shots[..10_000].to_vec());
    for (store, how, wanted) in [
        (&field.paused, "intake alone", true),
        (&field.running, "while the engine judges", false),
    ] {
        let mut outcome = field.ours(store, Pace::Open(STEADY), &few).await;
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
    stand_on(OTHER_CORE);
}

impl<'a> Field<'a> {
    async fn set(folder: &'a Path, cores: &'a str) -> Self {
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
            cores,
            github: Arc::new(github.collect()),
            shots: Arc::new(shots),
            stage,
            port,
            paused,
            running,
        }
    }

    async fn ours(&self, seed: &Path, pace: Pace, shots: &Arc<Vec<Shot>>) -> Outcome {
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
            cores: self.cores,
            threads: None,
            folder: self.folder,
        };
        let server = self.stage.serve(serve).await;
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

    async fn peer(&self, script: &str, shots: &Arc<Vec<Shot>>) -> Outcome {
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
            env: own.collect(),
            cores: self.cores,
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
