//! From the delivery of an offending move to the move back, as a relay between the two sees it. The
//! practice Trello's own answer to the read in between is taken off; the wait for the second action
//! of a drag, which is meant, is shown apart.

use crate::SERVER_CORE;
use crate::body::instants;
use crate::child::free_port;
use crate::load::{Pace, Shot, post};
use crate::mould::{board, card};
use crate::relay::Relay;
use crate::requests::{add_cards, drag};
use crate::stage::{PLAIN, Serve, Stage, radio_text};
use crate::table::{Row, Table, share};
use signalman::engine::Options;
use signalman::store::Sqlite;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// So many that the worst one alone is not the 99th of a hundred.
const REFUSALS: usize = 240;
/// Trello's window lets 33 refusals of three requests through in ten seconds.
const APART: Duration = Duration::from_millis(350);
const BESIDE: f64 = 100.0;

/// One refusal, in milliseconds.
struct Seen {
    whole: f64,
    trello: f64,
}

pub async fn measure(folder: &Path, table: &mut Table) {
    let path = folder.join("store.db");
    let store = Sqlite::open(&path).unwrap();
    let plain = Stage::in_file(PLAIN, &folder.join("plain.db")).await.mould;
    let beside = (REFUSALS as f64 * APART.as_secs_f64() * BESIDE / 2.0) as usize;
    plain.pour(&store, &board(1), 1, beside).await;
    let mut cards = Vec::new();
    let stage = Stage::open(&radio_text(), &store, |sandbox, demo| {
        cards = add_cards(sandbox, demo, "contract", 2 * REFUSALS);
    })
    .await;
    drop(store);
    let port = free_port();
    let relay = Relay::start(stage.sandbox.url(), Some(port)).await;
    let serve = Serve {
        port,
        store: path.display().to_string(),
        api: relay.url.clone(),
        public_url: Some(relay.url.clone()),
        cores: SERVER_CORE,
        threads: None,
        folder,
    };
    let _server = stage.serve(serve).await;
    tokio::time::sleep(Duration::from_secs(11)).await; // the window is empty again
    let sheet = stage.sheet(relay.url.clone());
    let moves = [0, 1]
        .into_iter()
        .flat_map(|nth| (0..beside).map(move |n| (nth, card(1, n))));
    let shots: Vec<Shot> = moves
        .zip(instants())
        .map(|((nth, card), at)| sheet.moved(&plain.step(&board(1), &card, nth, at)))
        .collect();
    let alone = refuse(&stage, &relay, &cards[..REFUSALS]).await;
    show(table, "one after another", alone);
    let load =
        tokio::spawn(async move { post(&[port], 4, &Arc::new(shots), Pace::Open(BESIDE)).await });
    let loaded = refuse(&stage, &relay, &cards[REFUSALS..]).await;
    assert_eq!(load.await.unwrap().refused, 0);
    show(
        table,
        &format!("beside {BESIDE} legal moves a second"),
        loaded,
    );
}

async fn refuse(stage: &Stage, relay: &Relay, cards: &[String]) -> Vec<Seen> {
    let mut seen = Vec::new();
    for card in cards {
        relay.forget();
        drag(stage, "ilya_demo", card, "connect");
        tokio::time::sleep(APART).await;
        let read = format!("GET /1/cards/{card}");
        let back = format!("PUT /1/cards/{card}");
        let mut patience = 40;
        let (hook, read, back) = loop {
            let passed = relay.passed();
            let first = |what: &str| {
                passed
                    .iter()
                    .find(|one| one.what.starts_with(what))
                    .cloned()
            };
            if let (Some(hook), Some(read), Some(back)) =
                (first("POST /hooks/"), first(&read), first(&back))
            {
                break (hook, read, back);
            }
            patience -= 1;
            assert!(patience > 0, "{card} never came back");
            tokio::time::sleep(APART).await;
        };
        let ms = |from, to: std::time::Instant| to.duration_since(from).as_secs_f64() * 1000.0;
        seen.push(Seen {
            whole: ms(hook.begun, back.begun),
            trello: ms(read.begun, read.ended),
        });
    }
    seen
}

fn show(table: &mut Table, how: &str, seen: Vec<Seen>) {
    let settle = Options::default().settle.as_millis() as f64;
    let mut trello: Vec<f64> = seen.iter().map(|one| one.trello).collect();
    let mut whole: Vec<f64> = seen.iter().map(|one| one.whole).collect();
    let mut own: Vec<f64> = seen
        .iter()
        .map(|one| one.whole - one.trello - settle)
        .collect();
    let own_p99 = share(&mut own, 990);
    table.add(Row {
        figure: format!("webhook to reversal, p99 of {} {how}", seen.len()),
        measured: format!("{own_p99:.1} ms ({:.1} in the middle)", share(&mut own, 500)),
        against: format!(
            "beyond {settle} ms of waiting for a drag's second action and the read's {:.1} ms; the whole: {:.0} ms",
            share(&mut trello, 500),
            share(&mut whole, 990)
        ),
        wanted: Some(("< 25 ms".to_owned(), own_p99 < 25.0)),
        ..Row::default()
    });
}
