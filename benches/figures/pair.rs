//! Two services on one Redis, a thread each, beside one with two: everything stands on the same two
//! cores, the load, the Redis and the practice Trello too. Afterwards every card's history is read.

use crate::body::instants;
use crate::child::{Running, Start, free_port, stand_on};
use crate::load::{Pace, Shot, post};
use crate::memory::judged;
use crate::mould::{board, card};
use crate::stage::{PLAIN, Serve, Stage};
use crate::stub;
use crate::table::{Row, Table, middle};
use crate::{OTHER_CORE, SERVER_CORE};
use jiff::Timestamp;
use signalman::model::Lane;
use signalman::store::{BoardState, Redis, Store};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

const BOARDS: usize = 16;
/// Of each board. Some of their moves come at a steady pace, the rest as fast as it goes: half of it while
/// the boards are paused, so that it is only taken in. What takes a fifth of a second is not measured.
const CARDS: usize = 1_200;
const STEADY: usize = 2_400;
const RATE: f64 = 500.0;
/// Of one run of one and one of two processes, the first of them by turns.
const ROUNDS: usize = 7;
/// Two are slower than one where at most one round says otherwise: a coin says so once in sixteen.
const CHANCE: usize = 1;
/// Enough that neither is ever out of work.
const CONNECTIONS: usize = 64;

/// What one run of one or two services gave.
struct Run {
    intake: f64,
    /// Taken in and judged a second, until the last is.
    judged: f64,
    /// Processor milliseconds per event, of the services and of the Redis.
    event: f64,
    redis: f64,
    twice: usize,
    disorder: usize,
}

pub async fn measure(folder: &Path, table: &mut Table) {
    let both = format!("{SERVER_CORE},{OTHER_CORE}");
    stand_on(&both);
    let stage = Stage::in_file(PLAIN, &folder.join("seed.db")).await;
    let (mut one, mut two) = (Vec::new(), Vec::new());
    for round in 0..2 * ROUNDS {
        if matches!(round % 4, 0 | 3) {
            one.push(run(folder, &stage, 1, &both).await);
        } else {
            two.push(run(folder, &stage, 2, &both).await);
        }
    }
    stand_on(OTHER_CORE);
    let of = |runs: &[Run], what: fn(&Run) -> f64| middle(runs.iter().map(what).collect());
    let sum = |what: fn(&Run) -> usize| one.iter().chain(&two).map(what).sum::<usize>();
    let (twice, disorder) = (sum(|run| run.twice), sum(|run| run.disorder));
    // The machine is not as fast in one minute as in the next: what ran side by side is compared.
    let beside = |what: fn(&Run) -> f64| {
        let pairs = one.iter().zip(&two);
        let ratios = pairs.map(|(one, two)| what(two) / what(one));
        let mut ratios: Vec<f64> = ratios.collect();
        ratios.sort_by(f64::total_cmp);
        ratios
    };
    let cards = 2 * ROUNDS * BOARDS * CARDS;
    let row =
        |figure: &str, measured: String, against: String, ratio: String, wanted: (&str, bool)| {
            Row {
                figure: format!("two processes on one Redis, {figure}"),
                measured,
                against,
                ratio,
                wanted: Some((wanted.0.to_owned(), wanted.1)),
            }
        };
    table.add(row(
        "events judged twice or never",
        twice.to_string(),
        format!("{} events of {} runs", 2 * cards, 2 * ROUNDS),
        String::new(),
        ("0", twice == 0),
    ));
    table.add(row(
        "cards judged out of order",
        disorder.to_string(),
        format!("{cards} cards"),
        String::new(),
        ("0", disorder == 0),
    ));
    let mut rate = |figure: &str, what: fn(&Run) -> f64| {
        let (a, b, ratios) = (of(&one, what), of(&two, what), beside(what));
        let (least, most) = (ratios[CHANCE], ratios[ROUNDS - 1 - CHANCE]);
        table.add(row(
            &format!("{figure}, {CONNECTIONS} connections"),
            format!("{b:.0}/s"),
            format!("one process: {a:.0}/s; {ROUNDS} rounds"),
            format!("{:.2} ({least:.2} to {most:.2})", middle(ratios)),
            ("not below 1", most >= 1.0),
        ));
    };
    rate("intake alone", |run| run.intake);
    rate("taken in and judged", |run| run.judged);
    let (a, b) = (of(&one, |run| run.event), of(&two, |run| run.event));
    let ratio = middle(beside(|run| run.event));
    let redis = (of(&one, |run| run.redis), of(&two, |run| run.redis));
    table.add(row(
        "processor per event",
        format!("{b:.2} ms"),
        format!(
            "one process: {a:.2} ms (Redis besides: {:.2} and {:.2} ms)",
            redis.1, redis.0
        ),
        format!("{ratio:.2}"),
        ("0.85 to 1.15", (0.85..=1.15).contains(&ratio)),
    ));
}

async fn run(folder: &Path, stage: &Stage, services: usize, cores: &str) -> Run {
    let redis = redis(folder, cores).await;
    let url = format!("redis://127.0.0.1:{}", redis.port);
    let store = Redis::open(&url).await.unwrap();
    for n in 0..BOARDS {
        stage.mould.pour(&store, &board(n), n, CARDS).await;
    }
    let api = stub::start(stage.demo.bot.clone()).await;
    // Both are told of every board under one address, as behind a balancer.
    let public_url = "http://signalman.example".to_owned();
    let mut servers = Vec::new();
    for _ in 0..services {
        let serve = Serve {
            port: free_port(),
            store: url.clone(),
            api: api.clone(),
            public_url: Some(public_url.clone()),
            cores,
            threads: Some(2 / services),
            folder,
        };
        servers.push(stage.serve(serve).await);
    }
    tokio::time::sleep(Duration::from_secs(4)).await; // the boards are shared out and looked through
    let shots = shots(stage, public_url);
    let (steady, fast) = shots.split_at(STEADY);
    let (alone, fast) = fast.split_at(fast.len() / 2);
    let [steady, alone, fast] = [steady, alone, fast].map(|some| Arc::new(some.to_vec()));
    let ports: Vec<u16> = servers.iter().map(|server| server.port).collect();
    let spent = |servers: &[Running]| {
        servers
            .iter()
            .map(|one| one.cpu().as_secs_f64())
            .sum::<f64>()
    };
    let before = (spent(&servers), redis.cpu().as_secs_f64());
    let posted = post(&ports, CONNECTIONS, &steady, Pace::Open(RATE)).await;
    assert_eq!(posted.taken, steady.len());
    judged(&store, 120).await;
    let per = |seconds: f64| seconds * 1000.0 / steady.len() as f64;
    let (event, of_redis) = (
        per(spent(&servers) - before.0),
        per(redis.cpu().as_secs_f64() - before.1),
    );
    let minute = Pace::Closed(Duration::from_secs(60));
    state(&store, BoardState::Paused).await;
    let taken = post(&ports, CONNECTIONS, &alone, minute).await;
    assert_eq!(taken.taken, alone.len());
    state(&store, BoardState::Running).await;
    judged(&store, 120).await;
    let begun = Instant::now();
    let posted = post(&ports, CONNECTIONS, &fast, minute).await;
    assert_eq!(posted.taken, fast.len());
    while store.counters().await.unwrap().events_waiting > 0 {
        assert!(begun.elapsed().as_secs() < 120, "it is never judged");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let all = begun.elapsed();
    let (twice, disorder) = look_through(&store).await;
    Run {
        intake: taken.per_second(),
        judged: fast.len() as f64 / all.as_secs_f64(),
        event,
        redis: of_redis,
        twice,
        disorder,
    }
}

async fn state(store: &Redis, state: BoardState) {
    for n in 0..BOARDS {
        let board = board(n).as_str().into();
        store
            .set_state(&board, state, Timestamp::now())
            .await
            .unwrap();
    }
}

/// Two moves of every card, a few of each board at a time: a card's second move comes through another
/// connection, soon after the first.
fn shots(stage: &Stage, public_url: String) -> Vec<Shot> {
    const FEW: usize = 5;
    let sheet = stage.sheet(public_url);
    let groups = (0..CARDS / FEW).flat_map(|group| [(group, 0), (group, 1)]);
    let moves = groups.flat_map(|(group, nth)| {
        let cards = group * FEW..(group + 1) * FEW;
        cards.flat_map(move |n| (0..BOARDS).map(move |b| (nth, b, n)))
    });
    moves
        .zip(instants())
        .map(|((nth, b, n), at)| {
            let (board, card) = (board(b), card(b, n));
            sheet.moved(&stage.mould.step(&board, &card, nth, at))
        })
        .collect()
}

async fn redis(folder: &Path, cores: &str) -> Running {
    let port = free_port();
    let own = folder.join(format!("redis-{port}"));
    std::fs::create_dir(&own).unwrap();
    let settings = [
        ("--port", port.to_string()),
        ("--bind", "127.0.0.1".to_owned()),
        ("--save", String::new()),
        ("--appendonly", "yes".to_owned()),
        ("--dir", own.display().to_string()),
    ];
    let settings = settings
        .into_iter()
        .flat_map(|(name, value)| [name.to_owned(), value]);
    let program = std::iter::once("redis-server".to_owned())
        .chain(settings)
        .collect();
    Running::start(Start {
        program,
        env: Vec::new(),
        cores,
        port,
        ready: None,
        folder,
    })
    .await
}

/// How many events were judged twice or never, and how many cards out of order: each card's history
/// has its two admissions, of two decisions, in the order of the moves.
async fn look_through(store: &Redis) -> (usize, usize) {
    let (mut twice, mut disorder) = (0, 0);
    for b in 0..BOARDS {
        for n in 0..CARDS {
            let lane = Lane::Card(card(b, n).as_str().into());
            let lines = store
                .history(&board(b).as_str().into(), Some(&lane), 10)
                .await
                .unwrap();
            let decisions: BTreeSet<_> = lines.iter().map(|line| &line.decision).collect();
            twice += lines.len().abs_diff(2) + (lines.len() - decisions.len());
            // The newest first.
            disorder += usize::from(lines.windows(2).any(|pair| pair[0].at < pair[1].at));
        }
    }
    (twice, disorder)
}
