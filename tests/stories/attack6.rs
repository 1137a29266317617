//! Responsibility, clocks and messages under attack: each of these tells of something that goes wrong.

use crate::firm::{Firm, radio_text, says};
use crate::messages::{Hook, person};
use serde_json::json;
use signalman::engine::{Engine, Options, Watch};
use signalman::sandbox::{Fault, FaultKind};
use signalman::store::{Sqlite, Store};
use signalman::target::Secrets;
use std::sync::Arc;

pub fn with_field(text: &str) -> String {
    let field = "[[field]]\nkey = \"awaited\"\nname = \"Чего ждём\"\nkind = \"text\"\nwaits = true\n\n[[field]]";
    text.replacen("[[field]]", field, 1)
}

pub fn watching(text: &str) -> String {
    text.replacen(
        "mode = \"enforce\"",
        "mode = \"watch\"\nseed_in_watch = true",
        1,
    )
}

pub fn with_line(firm: &Firm, card: &str, label: &str, value: &str) -> serde_json::Value {
    let desc = firm.card(card).desc;
    let start = format!("{label}:");
    let others = desc.lines().filter(|line| !line.starts_with(&start));
    let line = format!("{label}: {value}");
    let lines: Vec<_> = others.chain([line.as_str()]).collect();
    json!({ "desc": lines.join("\n") })
}

pub async fn line(firm: &Firm, username: &str, card: &str, label: &str, value: &str) {
    let wish = with_line(firm, card, label, value);
    firm.change(username, card, wish).await;
}

pub fn reads(firm: &Firm, card: &str, label: &str) -> String {
    let desc = firm.card(card).desc;
    let start = format!("{label}:");
    let mut values = desc.lines().filter_map(|line| line.strip_prefix(&start));
    values.next().unwrap_or_default().trim().to_owned()
}

pub async fn look(firm: &Firm) {
    let mut watch = Watch::default();
    firm.engine
        .look_round(firm.now(), &mut watch)
        .await
        .unwrap();
    firm.settle().await;
}

pub async fn request(text: String) -> (Firm, String) {
    let firm = Firm::at("2027-01-26T11:00", text).await;
    let card = firm.create("gleb_demo", "request", "Новая Волна").await;
    (firm, card)
}

#[tokio::test]
async fn a_process_that_only_watches_empties_no_field() {
    let (firm, card) = request(watching(&with_field(&radio_text()))).await;
    line(&firm, "maria_demo", &card, "Чего ждём", "логотип").await;
    firm.write("maria_demo", &card, "/дальше").await;
    assert_eq!(
        reads(&firm, &card, "Чего ждём"),
        "логотип",
        "it is a person's text"
    );
}

#[tokio::test]
async fn the_owner_who_moved_it_hears_by_his_way_that_it_cannot_go_back() {
    let hook = Hook::open().await;
    let text = radio_text() + &hook.way("hook") + &person("denis_demo", &["hook"], "");
    let firm = Firm::at("2027-01-26T11:00", text).await;
    firm.world().fault(Fault {
        times: None,
        ..Fault::next(FaultKind::Broken, 1).on("PUT", "/cards")
    });
    firm.drag("denis_demo", "kefir", "connect").await;
    for _ in 0..8 {
        firm.wait(5).await;
    }
    let stuck = firm.last("kefir");
    says(&stuck, &["@denis_demo"]);
    let said = hook.said();
    let told = said
        .iter()
        .filter(|text| text.contains("вернуть не удалось"));
    assert_eq!(told.count(), 1, "{stuck}\n---\n{said:#?}");
}

#[tokio::test]
async fn that_it_is_given_up_is_told_by_ways_too() {
    let hook = Hook::open().await;
    let text = radio_text() + &hook.way("hook") + &person("denis_demo", &["hook"], "");
    let firm = Firm::at("2027-01-26T11:00", text).await;
    firm.world().fault(Fault {
        times: None,
        ..Fault::next(FaultKind::Broken, 1).on("PUT", "/cards")
    });
    firm.drag("ilya_demo", "kefir", "connect").await;
    for _ in 0..8 {
        firm.wait(5).await;
    }
    let first = (firm.said("kefir"), hook.said());
    assert_eq!(first.1.len(), 1, "{first:#?}");
    for _ in 0..340 {
        firm.wait(6).await;
    }
    let dead = firm.store.dead(None).await.unwrap();
    assert!(!dead.is_empty(), "given up");
    let second = hook.said();
    assert_eq!(second.len(), 2, "{:#?}\n{second:#?}", firm.said("kefir"));
}

#[tokio::test]
async fn a_blind_board_is_told_of_once_however_often_the_service_starts() {
    let hook = Hook::open().await;
    let text = radio_text() + &hook.way("hook") + &person("denis_demo", &["hook"], "");
    let mut firm = Firm::at("2027-01-26T11:00", text).await;
    look(&firm).await;
    let tokens = firm.world().with(|state| std::mem::take(&mut state.tokens));
    let port = hook.port;
    for _ in 0..3 {
        let options = Options {
            secrets: Secrets::new(move |_: &str| {
                Some(format!("http://127.0.0.1:{port}/hook").into())
            }),
            ..Options::default()
        };
        let store: Arc<dyn Store> = Arc::<Sqlite>::clone(&firm.store);
        firm.engine = Arc::new(Engine::new(store, Arc::clone(&firm.trello), options));
        let mut watch = Watch::default();
        for _ in 0..4 {
            firm.world().advance(jiff::SignedDuration::from_secs(100));
            firm.engine
                .look_round(firm.now(), &mut watch)
                .await
                .unwrap();
            firm.engine.drain(firm.now()).await.unwrap();
        }
    }
    assert_eq!(hook.said().len(), 1, "{:#?}", hook.said());
    firm.world().with(|state| state.tokens = tokens);
}

#[tokio::test]
async fn a_night_with_much_news_calls_once_in_the_morning() {
    let firm = Firm::at("2027-01-26T21:00", radio_text()).await;
    for card in ["boot", "kefir", "alarm"] {
        let path = format!("cards/{}", firm.id(card));
        firm.hand("maria_demo").delete(&path).unwrap();
        firm.settle().await;
    }
    let before = firm.news().len();
    firm.until("2027-01-27T10:05").await;
    let news = firm.news().split_off(before);
    assert_eq!(news.len(), 1, "{news:#?}");
}

#[tokio::test]
async fn what_was_typed_since_the_wait_ended_is_not_emptied() {
    let (firm, card) = request(with_field(&radio_text())).await;
    line(&firm, "maria_demo", &card, "Чего ждём", "логотип").await;
    // Trello takes no edit for a while.
    firm.world()
        .fault(Fault::next(FaultKind::Broken, 3).on("PUT", "/cards"));
    let path = format!("cards/{}/actions/comments", firm.id(&card));
    firm.hand("maria_demo")
        .post(&path, json!({ "text": "/дальше" }))
        .unwrap();
    firm.world().delivered().await;
    firm.world().advance(jiff::SignedDuration::from_millis(200));
    firm.engine.drain(firm.now()).await.unwrap();
    firm.world().advance(jiff::SignedDuration::from_secs(1));
    let wish = with_line(&firm, &card, "Чего ждём", "подпись до 29.01");
    let id = firm.id(&card);
    while firm
        .hand("maria_demo")
        .put(&format!("cards/{id}"), wish.clone())
        .is_err()
    {}
    firm.settle().await;
    firm.wait(10).await;
    let waiting = firm.memory(&card).await.clock.waiting;
    assert_eq!(
        reads(&firm, &card, "Чего ждём"),
        "подпись до 29.01",
        "{waiting:?}"
    );
}

#[tokio::test]
async fn a_field_that_waits_from_now_on_loses_nothing_to_an_older_wait() {
    let (firm, card) = request(with_field(&radio_text())).await;
    line(&firm, "maria_demo", &card, "Чего ждём", "логотип").await;
    line(&firm, "maria_demo", &card, "Заметка", "звонить после обеда").await;
    let note =
        "[[field]]\nkey = \"memo\"\nname = \"Заметка\"\nkind = \"text\"\nwaits = true\n\n[[field]]";
    let text = with_field(&radio_text()).replacen("waits = true\n", "", 1);
    let text = text.replacen("[[field]]", note, 1);
    firm.renew(&text).await;
    firm.write("maria_demo", &card, "/дальше").await;
    assert_eq!(reads(&firm, &card, "Заметка"), "звонить после обеда");
}

#[tokio::test]
async fn a_card_that_lay_beside_the_process_is_timed_when_it_is_back() {
    let (firm, card) = request(radio_text()).await;
    firm.until("2027-01-26T15:00").await;
    firm.drag("maria_demo", &card, "how").await;
    firm.until("2027-01-26T15:30").await;
    firm.drag("maria_demo", &card, "request").await;
    assert_eq!(firm.stands(&card), "request");
    let said = firm.said(&card).len();
    firm.until("2027-01-26T16:01").await;
    look(&firm).await;
    let new = firm.said(&card).split_off(said).join("\n");
    says(&new, &["срок этапа «Новый запрос» вышел"]);
}

#[tokio::test]
async fn a_wait_on_a_card_beside_the_process_calls_nobody() {
    let (firm, card) = request(radio_text()).await;
    firm.write("maria_demo", &card, "/ждём логотип до 28.01")
        .await;
    firm.drag("maria_demo", &card, "how").await;
    let said = firm.said(&card).len();
    firm.until("2027-01-28T10:30").await;
    let new = firm.said(&card).split_off(said);
    assert!(new.is_empty(), "{new:?}");
}

#[tokio::test]
async fn a_wait_on_an_archived_card_calls_nobody() {
    let (firm, card) = request(radio_text()).await;
    firm.write("maria_demo", &card, "/ждём логотип до 28.01")
        .await;
    firm.change("maria_demo", &card, json!({ "closed": true }))
        .await;
    assert!(firm.card(&card).closed);
    let said = firm.said(&card).len();
    firm.until("2027-01-28T10:30").await;
    let new = firm.said(&card).split_off(said);
    assert!(new.is_empty(), "{new:?}");
}

#[tokio::test]
async fn whoever_holds_the_role_no_more_is_not_called_in_the_morning() {
    let firm = Firm::at("2027-01-26T18:00", radio_text()).await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.until("2027-01-26T21:00").await;
    firm.drag("maria_demo", "boot", "connect").await;
    let text = radio_text().replacen(
        "people = [\"ilya_demo\", \"egor_demo\"]",
        "people = [\"egor_demo\"]",
        1,
    );
    firm.renew(&text).await;
    firm.until("2027-01-27T10:05").await;
    let said = firm.said("boot").join("\n");
    assert!(!said.contains("@ilya_demo"), "{said}");
    says(&said, &["@egor_demo"]);
}

#[tokio::test]
async fn a_second_turn_on_one_day_that_comes_at_night_is_told_in_the_morning() {
    let firm = Firm::at("2027-01-26T11:00", radio_text()).await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.drag("maria_demo", "boot", "connect").await;
    firm.drag("maria_demo", "boot", "invoice").await;
    firm.until("2027-01-26T21:00").await;
    firm.drag("maria_demo", "boot", "connect").await;
    assert_eq!(firm.stands("boot"), "connect");
    let said = firm.said("boot").len();
    firm.until("2027-01-27T10:05").await;
    let new = firm.said("boot").split_off(said).join("\n");
    says(&new, &["доброе утро"]);
}
