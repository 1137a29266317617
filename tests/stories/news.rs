//! What is told to whom: storms, new movers, and news of the board outside Trello.

use crate::firm::{Firm, says};
use axum::{Json, Router, routing::post};
use serde_json::Value;
use signalman::engine::{Engine, Options};
use signalman::store::{Sqlite, Store};
use std::sync::{Arc, Mutex};
use url::Url;

#[tokio::test]
async fn a_storm_calls_only_its_mover() {
    let firm = Firm::open().await;
    firm.drag("gleb_demo", "kefir", "connect").await;
    firm.drag("gleb_demo", "kefir", "handover").await;
    let said = firm.said("kefir");
    says(&said[0], &["@gleb_demo", "@maria_demo"]);
    let others = said[1..].iter().flat_map(|text| text.split_whitespace());
    let called: Vec<_> = others.filter(|word| word.starts_with('@')).collect();
    assert!(
        !called.is_empty() && called.iter().all(|word| word.contains("gleb_demo")),
        "{called:?}"
    );
}

#[tokio::test]
async fn a_new_mover_gets_a_comment_of_his_own() {
    let firm = Firm::open().await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    firm.drag("gleb_demo", "kefir", "connect").await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    let said = firm.said("kefir");
    assert_eq!(said.len(), 2, "{said:?}");
    says(&said[0], &["@ilya_demo"]);
    says(&said[1], &["@gleb_demo"]);
}

#[tokio::test]
async fn news_of_the_board_goes_to_the_owners_address_too() {
    let mut firm = Firm::open().await;
    let heard: Arc<Mutex<Vec<Value>>> = Arc::default();
    let kept = Arc::clone(&heard);
    let hear = move |Json(body): Json<Value>| async move { kept.lock().unwrap().push(body) };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/news", listener.local_addr().unwrap());
    let router = Router::new().route("/news", post(hear));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let options = Options {
        news_url: Some(Url::parse(&url).unwrap()),
        ..Options::default()
    };
    let store: Arc<dyn Store> = Arc::<Sqlite>::clone(&firm.store);
    firm.engine = Arc::new(Engine::new(store, Arc::clone(&firm.trello), options));
    firm.hand("gleb_demo")
        .delete(&format!("cards/{}", firm.id("boot")))
        .unwrap();
    firm.settle().await;
    let heard = heard.lock().unwrap().clone();
    assert_eq!(heard.len(), 1, "{heard:?}");
    says(heard[0]["text"].as_str().unwrap(), &["Зелёный Валенок"]);
    says(&firm.news().join("\n"), &["Зелёный Валенок"]);
}
