//! How long a storm takes: many cards moved past gates at once, on a practice Trello that refuses what
//! is too many in ten seconds. Prints a row of a table and fails where a card was not put right, where
//! Trello refused a request, or where a comment came before the last card was back.
//!
//! `cargo bench --bench storm -- --cards 1000`

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::json;
use signalman::attach::{self, Attach, plan};
use signalman::engine::{Clock, Engine};
use signalman::model::BoardId;
use signalman::process::file;
use signalman::sandbox::radio::{self, Demo};
use signalman::sandbox::world::{SERVICE_APP, World};
use signalman::sandbox::{self, Sandbox};
use signalman::store::{Sqlite, Store};
use signalman::trello::{Credentials, Trello};
use signalman::web::{Doors, callback_url};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Trello's own: so many calls in ten seconds.
const IN_TEN_SECONDS: usize = 100;
/// One move and one comment a card.
const CALLS: usize = 2;

fn main() {
    let cards = std::env::args().skip_while(|arg| arg != "--cards").nth(1);
    let cards = cards.map_or(1000, |cards| cards.parse().unwrap());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let row = runtime.block_on(storm(cards));
    println!(
        "| cards | all said after | limit dictates | ratio | last back | first said | requests | reads | 429 |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    println!("{row}");
}

async fn storm(cards: usize) -> String {
    let options = sandbox::Options {
        rate_limits: true,
        ..sandbox::Options::default()
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    let world = sandbox.world().clone();
    let real = world.now();
    world.advance(radio::opening(real).duration_since(real));
    let demo = radio::set_up(&world, true).unwrap();
    let list = &demo.lists["request"];
    let maria = world.hand(&demo.people["maria_demo"]);
    for nth in 0..cards {
        let wish = json!({ "idList": list, "name": format!("Радио {nth}") });
        maria.post("cards", wish).unwrap();
    }
    let in_list = |list: &str| {
        world.with(|state| {
            state
                .cards
                .values()
                .filter(|card| card.list == list)
                .count()
        })
    };
    let cards = in_list(list);
    let (trello, stop) = (serve(&sandbox, &demo).await, CancellationToken::new());
    let _running = stop.clone().drop_guard();
    world.forget_requests();

    let began = world.now();
    let token = world.token(&demo.people["ilya_demo"], SERVICE_APP).unwrap();
    let moved = reqwest::Client::new()
        .post(format!("{}/1/lists/{list}/moveAllCards", sandbox.url()))
        .header(
            "authorization",
            format!(
                "OAuth oauth_consumer_key=\"{}\", oauth_token=\"{token}\"",
                sandbox.key()
            ),
        )
        .json(&json!({ "idBoard": demo.board, "idList": demo.lists["connect"] }))
        .send();
    assert!(moved.await.unwrap().status().is_success());
    let told = |world: &World| told(world, &demo, began);
    while told(&world).said.len() < cards {
        assert!(world.now().duration_since(began) < SignedDuration::from_mins(15));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let told = told(&world);
    assert_eq!(in_list(list), cards, "all are back");
    assert_eq!((told.back.len(), told.said.len()), (cards, cards));
    let (last_back, first_said) = (told.back[cards - 1], told.said[0]);
    let last_said = told.said[cards - 1];
    let dictated = f64::from(u32::try_from(CALLS * cards).unwrap()) * 10.0
        / f64::from(u32::try_from(IN_TEN_SECONDS).unwrap());
    let (requests, reads, refused) = world.with(|state| {
        let own = state
            .requests
            .iter()
            .filter(|one| one.member.as_ref() == Some(&demo.bot));
        let reads = own.clone().filter(|one| one.verb == "GET").count();
        let refused = own.clone().filter(|one| one.status == 429).count();
        (own.count(), reads, refused)
    });
    println!("{:#?}", trello.figures().await);
    assert_eq!(refused, 0, "Trello refused a request");
    assert!(
        last_back < last_said,
        "every card is back before the last word"
    );
    format!(
        "| {cards} | {last_said:.1} s | {dictated:.0} s | {:.2} | {last_back:.1} s | {first_said:.1} s | {requests} | {reads} | {refused} |",
        last_said / dictated
    )
}

/// Seconds from the beginning at which cards came back and comments stood, in order.
struct Told {
    back: Vec<f64>,
    said: Vec<f64>,
}

fn told(world: &World, demo: &Demo, began: Timestamp) -> Told {
    world.with(|state| {
        let own = state.actions.iter().filter(|action| {
            action.member == demo.bot && action.at >= began && action.card.is_some()
        });
        let (mut back, mut said) = (Vec::new(), Vec::new());
        for action in own {
            let seconds = action.at.duration_since(began).as_secs_f64();
            match action.kind.as_str() {
                "commentCard" => said.push(seconds),
                "updateCard" if action.value["data"]["listAfter"].is_object() => back.push(seconds),
                _ => {}
            }
        }
        Told { back, said }
    })
}

/// The service as it runs: doors, engine, a store on the disk.
async fn serve(sandbox: &Sandbox, demo: &Demo) -> Arc<Trello> {
    let world = sandbox.world().clone();
    let text = people(include_str!("../radio.ru.toml"));
    let process = file::read(&text)
        .map_err(|_| "the shipped file")
        .unwrap()
        .process;
    let folder = tempfile::tempdir().unwrap().keep();
    let store = Arc::new(Sqlite::open(&folder.join("store.db")).unwrap());
    let clock: Clock = Arc::new({
        let world = world.clone();
        move || world.now()
    });
    let credentials = Credentials {
        key: SecretString::from(sandbox.key()),
        token: SecretString::from(world.token(&demo.bot, SERVICE_APP).unwrap()),
    };
    let api = Url::parse(&format!("{}/1", sandbox.url())).unwrap();
    let trello = Arc::new(Trello::new(&api, &credentials, Arc::clone(&clock)).unwrap());
    let contract: Arc<dyn Store> = Arc::<Sqlite>::clone(&store);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let options = signalman::engine::Options {
        public_url: Some(url.clone()),
        ..signalman::engine::Options::default()
    };
    let engine = Arc::new(Engine::new(
        Arc::clone(&contract),
        Arc::clone(&trello),
        options,
    ));
    let secrets = vec![SecretString::from(sandbox.secret())];
    let doors = Doors::new(
        contract,
        Arc::clone(&engine),
        Arc::clone(&clock),
        secrets,
        url.clone(),
        None,
    );
    tokio::spawn(async move { axum::serve(listener, doors.router()).await });

    let board: BoardId = demo.board.as_str().into();
    let attach = Attach {
        trello: &trello,
        store: &*store,
    };
    let me = trello.me().await.unwrap();
    let read = attach.read(&board).await.unwrap();
    let plan = plan(&process, &read, &me, None, &attach::Options::default());
    let bindings = attach.create(&process, &read, &plan, |_| {}).await.unwrap();
    attach
        .activate(&process, &text, &board, bindings, world.now())
        .await
        .unwrap();
    world.advance(SignedDuration::from_secs(11));
    attach
        .webhook(&board, &callback_url(&url, &board))
        .await
        .unwrap();
    tokio::spawn(engine.run(clock, CancellationToken::new()));
    // The first look over the board is done, and its window over.
    tokio::time::sleep(Duration::from_secs(5)).await;
    world.advance(SignedDuration::from_secs(11));
    trello
}

/// The shipped file with the practice board's people.
fn people(text: &str) -> String {
    let people = [
        ("manager", "\"maria_demo\", \"vera_demo\""),
        ("engineer", "\"ilya_demo\", \"egor_demo\""),
        ("accountant", "\"olga_demo\""),
        ("director", "\"denis_demo\""),
    ];
    people.iter().fold(text.to_owned(), |text, (role, people)| {
        let at = text.find(&format!("[[role]]\nkey = \"{role}\"")).unwrap();
        let (before, rest) = text.split_at(at);
        let rest = rest.replacen("people = []", &format!("people = [{people}]"), 1);
        format!("{before}{rest}")
    })
}
