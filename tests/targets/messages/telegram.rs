//! Telegram, to a stand-in: a chat is opened by a person's own link, and what is sent there is what
//! Telegram takes.

use super::firm;
use crate::firm::{Firm, says};
use crate::servers::{Telegram, refused};
use crate::service::program;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::{Value, json};
use signalman::engine::Listened;
use signalman::model::{Lane, MemberId, PostId};
use signalman::notify::invite;
use signalman::store::Store;

const MARIA: i64 = 7_100_200_300;

fn way(url: &str) -> String {
    format!("kind = \"telegram\"\nurl = \"{url}\"\nsecret_in = \"NOTIFY_BOT\"\n")
}

fn code(firm: &Firm, person: &str, at: Timestamp) -> String {
    let member = firm.demo.people[person].as_str().into();
    let secret = SecretString::from(Telegram::TOKEN);
    invite::code(&secret, &firm.board(), &member, at).unwrap()
}

fn texts(sent: &[Value]) -> Vec<&str> {
    sent.iter()
        .map(|body| body["text"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_chat_is_opened_by_the_persons_own_link_and_forgotten_with_the_person() {
    let telegram = Telegram::start();
    let firm = firm(&way(&telegram.url()), "").await;
    let mut listened = Listened::default();
    // Nobody has opened a chat yet.
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert_eq!(telegram.sent().await, Vec::<Value>::new());
    assert!(!firm.said("kefir").join("\n").contains("не дошло"));
    // Links that are none, of another bot, too old, of somebody who has not chosen this way.
    let other = SecretString::from("1:other");
    let maria: MemberId = firm.demo.people["maria_demo"].as_str().into();
    let foreign = invite::code(&other, &firm.board(), &maria, firm.now()).unwrap();
    let old = code(
        &firm,
        "maria_demo",
        firm.now() - SignedDuration::from_hours(8 * 24),
    );
    let ilya = code(&firm, "ilya_demo", firm.now());
    for bad in ["", "xyz", &foreign, &old, &ilya] {
        telegram.write(MARIA, &format!("/start {bad}")).await;
    }
    telegram.write(MARIA, "Здравствуйте").await;
    firm.engine
        .hear_chats(firm.now(), &mut listened)
        .await
        .unwrap();
    let sent = telegram.sent().await;
    let said = texts(&sent);
    assert_eq!(said.len(), 5, "{said:#?}");
    for (nth, text) in said.iter().enumerate() {
        let wanted = if nth == 3 {
            "уже не действует"
        } else {
            "по личной ссылке"
        };
        says(text, &[wanted]);
    }
    firm.drag("gleb_demo", "boot", "connect").await;
    assert_eq!(telegram.sent().await.len(), 5, "nobody's chat was bound");
    // Her own.
    let good = code(&firm, "maria_demo", firm.now());
    telegram.write(MARIA, &format!("/start {good}")).await;
    firm.engine
        .hear_chats(firm.now(), &mut listened)
        .await
        .unwrap();
    firm.wait(24 * 60).await;
    let before = telegram.sent().await.len();
    assert!(before >= 6);
    firm.drag("ilya_demo", "teapot", "connect").await;
    firm.wait(3 * 24 * 60).await;
    let sent = telegram.sent().await;
    let new = &sent[before..];
    assert!(new.iter().all(|one| one["chat_id"] == json!(MARIA)));
    let told = |one: &serde_json::Value| {
        let text = one["text"].as_str().unwrap();
        text.contains("Радио Чайник") && text.contains("Мария (менеджер)")
    };
    assert!(new.iter().any(told), "{new:#?}");
    assert_eq!(refused(&sent), Vec::<String>::new());
    let lane = Lane::Post(PostId::new(&maria, "way"));
    let kept = firm.store.memory(&firm.board(), &lane).await.unwrap();
    assert_eq!(kept.unwrap().post.unwrap().chat, Some(MARIA.to_string()));
    // Forgotten with whatever was on its way.
    use signalman::model::forget::Forget;
    let people = firm.store.board(&firm.board()).await.unwrap().unwrap();
    let person = people.active.bindings.people[&maria].clone();
    let forget = Forget::new(&firm.board(), &[person], &[], "…".into());
    firm.store.forget(&firm.board(), &forget).await.unwrap();
    let kept = firm.everything_stored().await;
    assert!(!kept.contains(&MARIA.to_string()));
    assert!(!kept.contains(maria.as_str()));
    assert!(!kept.contains("AAHdqTcv"), "the token is in the store");
}

#[test]
fn bodies_that_telegram_takes_not_are_told_by_the_library() {
    let bad = [
        json!({ "text": "x" }),
        json!({ "chat_id": 1 }),
        json!({ "chat_id": 1, "text": "x", "txet": 1 }),
    ];
    assert_eq!(refused(&bad).len(), 3);
    assert_eq!(
        refused(&[json!({ "chat_id": 1, "text": "x" })]),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn the_operator_gets_a_link_for_each_and_it_opens_the_chat() {
    let telegram = Telegram::start();
    let firm = Firm::unattached_now(super::text(&way(&telegram.url()), "")).await;
    firm.attach().await;
    let environment = vec![
        ("STORE", firm.file().display().to_string()),
        ("NOTIFY_BOT", Telegram::TOKEN.to_owned()),
    ];
    let told = program(&environment).arg("invite").output().unwrap();
    let said = String::from_utf8(told.stdout).unwrap();
    assert!(
        told.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&told.stderr)
    );
    says(&said, &["@maria_demo: https://t.me/TestNameBot?start="]);
    assert!(!said.contains("AAHdqTcv"));
    let code = said.split("start=").nth(1).unwrap().lines().next().unwrap();
    telegram.write(MARIA, &format!("/start {code}")).await;
    let mut listened = Listened::default();
    firm.engine
        .hear_chats(firm.now(), &mut listened)
        .await
        .unwrap();
    let sent = telegram.sent().await;
    says(texts(&sent)[0], &["Готово"]);
    firm.settle().await;
    let told = program(&environment)
        .args(["ways", "--try", "maria_demo"])
        .output()
        .unwrap();
    assert!(
        told.status.success(),
        "{}",
        String::from_utf8_lossy(&told.stdout)
    );
    let sent = telegram.sent().await;
    says(texts(&sent)[1], &["Проверка связи"]);
    assert_eq!(refused(&sent), Vec::<String>::new());
}
