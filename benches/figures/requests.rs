//! What a move costs Trello, counted at the practice Trello with the service as it ships.

use crate::SERVER_CORE;
use crate::child::{Running, free_port};
use crate::stage::{PLAIN, Serve, Stage, radio_text};
use crate::table::{Row, Table};
use serde_json::json;
use signalman::model::Lane;
use signalman::sandbox::Sandbox;
use signalman::sandbox::radio::Demo;
use signalman::store::{Sqlite, Store};
use std::path::Path;
use std::time::Duration;

const EACH: usize = 10;

/// Adds cards to a list before the board is attached, each with a file that the gate asks for.
pub fn add_cards(sandbox: &Sandbox, demo: &Demo, list: &str, count: usize) -> Vec<String> {
    let hand = sandbox.world().hand(&demo.people["maria_demo"]);
    let one = |n: usize| {
        let wish = json!({ "idList": demo.lists[list], "name": format!("Станция {n}") });
        let card = hand.post("cards", wish).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let file = json!({ "name": "договор", "url": "https://files.example/contract" });
        hand.post(&format!("cards/{card}/attachments"), file)
            .unwrap();
        card
    };
    (0..count).map(one).collect()
}

pub async fn measure(folder: &Path, table: &mut Table) {
    let mut cards = Vec::new();
    let (stage, store, _server) = served(folder, PLAIN, |sandbox, demo| {
        cards = add_cards(sandbox, demo, "request", EACH);
    })
    .await;
    let step = |n: usize, list: &str| drag(&stage, "denis_demo", &cards[n], list);
    let free = count(&stage, EACH, |n| step(n, "details")).await;
    all_stand(&store, &stage, &cards, "details").await;
    count(&stage, EACH, |n| step(n, "quote")).await;
    let gate = count(&stage, EACH, |n| step(n, "contract")).await;
    all_stand(&store, &stage, &cards, "contract").await;
    let mut cards = Vec::new();
    let (stage, _, _server) = served(folder, &radio_text(), |sandbox, demo| {
        cards = add_cards(sandbox, demo, "contract", EACH + 1);
    })
    .await;
    let push = |n: usize, list: &str| drag(&stage, "ilya_demo", &cards[n], list);
    let refused = count(&stage, EACH, |n| push(n, "connect")).await;
    let burst = count(&stage, 1, |_| {
        for list in ["connect", "handover", "register", "active"] {
            push(EACH, list);
        }
    })
    .await;
    let row = |figure: &str, (made, moves): (Vec<String>, usize), most: usize| Row {
        figure: format!("requests {figure}"),
        measured: format!("{:.1}", made.len() as f64 / moves as f64),
        against: format!("{moves} counted: {}", kinds(&made)),
        wanted: Some((format!("≤ {most}"), made.len() <= most * moves)),
        ..Row::default()
    };
    table.add(row("per legal move into no gate", (free, EACH), 0));
    table.add(row("per legal move into a gate", (gate, EACH), 1));
    table.add(row("per refusal", (refused, EACH), 3));
    table.add(row("per burst of four refused moves", (burst, 1), 3));
}

async fn served(
    folder: &Path,
    text: &str,
    prepare: impl FnOnce(&Sandbox, &Demo),
) -> (Stage, Sqlite, Running) {
    let port = free_port();
    let path = folder.join(format!("{port}.db"));
    let store = Sqlite::open(&path).unwrap();
    let stage = Stage::open(text, &store, prepare).await;
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
    rest(&stage).await;
    (stage, store, server)
}

/// They were judged: that nothing was asked is not because nothing was heard.
async fn all_stand(store: &Sqlite, stage: &Stage, cards: &[String], place: &str) {
    let board = stage.demo.board.as_str().into();
    for card in cards {
        let lane = Lane::Card(card.as_str().into());
        let memory = store.memory(&board, &lane).await.unwrap().unwrap();
        assert_eq!(memory.standing.unwrap().stage, place.into());
    }
}

pub fn drag(stage: &Stage, who: &str, card: &str, list: &str) {
    let wish = json!({ "idList": stage.demo.lists[list], "pos": "top" });
    stage.hand(who).put(&format!("cards/{card}"), wish).unwrap();
}

/// The requests that so many moves cause, one after another.
async fn count(stage: &Stage, moves: usize, make: impl Fn(usize)) -> Vec<String> {
    stage.sandbox.world().forget_requests();
    for n in 0..moves {
        make(n);
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
    rest(stage).await;
    let made = stage.sandbox.world().requests();
    made.iter().map(|one| one.verb.clone()).collect()
}

/// Waits until the service has asked nothing for a while.
async fn rest(stage: &Stage) {
    let mut before = usize::MAX;
    loop {
        let now = stage.sandbox.world().requests().len();
        if now == before {
            return;
        }
        before = now;
        tokio::time::sleep(Duration::from_millis(1500)).await;
    }
}

fn kinds(made: &[String]) -> String {
    let count = |verb: &str| made.iter().filter(|one| *one == verb).count();
    let all = ["GET", "PUT", "POST", "DELETE"].map(|verb| (verb, count(verb)));
    let all = all.iter().filter(|(_, count)| *count > 0);
    let all: Vec<_> = all.map(|(verb, count)| format!("{count} {verb}")).collect();
    if all.is_empty() {
        "none".to_owned()
    } else {
        all.join(", ")
    }
}
