//! What is told to whom: storms, new movers, and news of the board outside Trello.

use crate::firm::{Firm, says};
use crate::setup::SMALL;
use axum::{Json, Router, routing::post};
use jiff::SignedDuration;
use serde_json::Value;
use signalman::engine::{Engine, Options, Weeks};
use signalman::store::{Sqlite, Store};
use std::sync::{Arc, Mutex};
use url::Url;

type Heard = Arc<Mutex<Vec<Value>>>;

/// The owner's address, and what came there.
async fn address() -> (Url, Heard) {
    let heard = Heard::default();
    let kept = Arc::clone(&heard);
    let hear = move |Json(body): Json<Value>| async move { kept.lock().unwrap().push(body) };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/news", listener.local_addr().unwrap());
    let router = Router::new().route("/news", post(hear));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (Url::parse(&url).unwrap(), heard)
}

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
    let (url, heard) = address().await;
    let options = Options {
        news_url: Some(url),
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

#[tokio::test]
async fn each_monday_the_owner_hears_once_what_watching_let_through() {
    let mut firm = Firm::with(SMALL.to_owned()).await;
    let (url, heard) = address().await;
    let options = || Options {
        news_url: Some(url.clone()),
        ..Options::default()
    };
    let store: Arc<dyn Store> = Arc::<Sqlite>::clone(&firm.store);
    let begin = || {
        Arc::new(Engine::new(
            Arc::clone(&store),
            Arc::clone(&firm.trello),
            options(),
        ))
    };
    let (engine, again) = (begin(), begin());
    firm.engine = engine;
    let count = || heard.lock().unwrap().len();
    let hours = async |count: i64| {
        firm.world().advance(SignedDuration::from_hours(count));
        firm.settle().await;
    };
    let mut weeks = Weeks::default();
    firm.engine
        .tell_weeks(firm.now(), &mut weeks)
        .await
        .unwrap();
    assert_eq!(count(), 0, "it has watched for no week yet");
    firm.drag("gleb_demo", "kefir", "connect").await;
    let zone = firm.process.time_zone.clone();
    let local = || zone.to_datetime(firm.now());
    let monday = |hour: i8| {
        let local = local();
        local.date().weekday() == jiff::civil::Weekday::Monday && local.hour() == hour
    };
    hours(1).await;
    while !monday(8) {
        hours(1).await;
        firm.engine
            .tell_weeks(firm.now(), &mut weeks)
            .await
            .unwrap();
        assert_eq!(count(), 0, "{}", local());
    }
    hours(1).await;
    firm.world().forget_requests();
    firm.engine
        .tell_weeks(firm.now(), &mut weeks)
        .await
        .unwrap();
    assert_eq!(count(), 1, "work begins at nine");
    let told = heard.lock().unwrap()[0]["text"]
        .as_str()
        .unwrap()
        .to_owned();
    says(&told, &["1 переход", "«Подключение»", "Номер договора (1)"]);
    // The service restarts, and so it does again on Wednesday.
    again
        .tell_weeks(firm.now(), &mut Weeks::default())
        .await
        .unwrap();
    hours(48).await;
    again
        .tell_weeks(firm.now(), &mut Weeks::default())
        .await
        .unwrap();
    firm.engine
        .tell_weeks(firm.now(), &mut weeks)
        .await
        .unwrap();
    assert_eq!(count(), 1);
    hours(5 * 24).await;
    firm.engine
        .tell_weeks(firm.now(), &mut weeks)
        .await
        .unwrap();
    again
        .tell_weeks(firm.now(), &mut Weeks::default())
        .await
        .unwrap();
    assert_eq!(count(), 2, "the next Monday");
    let told = heard.lock().unwrap()[1]["text"]
        .as_str()
        .unwrap()
        .to_owned();
    says(&told, &["ни одна карточка"]);
    firm.wrote_nothing();
}
