//! Messages: whom a comment calls is told by the person's own ways too, and nobody waits for a way that
//! is down. Each way here is a real server on loopback that takes what a webhook takes.

use crate::firm::{Firm, radio_text, says};
use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use signalman::model::{Lane, PostId};
use signalman::sandbox::{Fault, FaultKind};
use signalman::store::Store;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering::SeqCst};

/// An address that takes messages, or answers as it is told to.
#[derive(Clone)]
pub struct Hook {
    pub port: u16,
    said: Arc<Mutex<Vec<String>>>,
    answers: Arc<AtomicU16>,
    silent: Arc<AtomicBool>,
}

impl Hook {
    pub async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hook = Self {
            port: listener.local_addr().unwrap().port(),
            said: Arc::default(),
            answers: Arc::new(AtomicU16::new(200)),
            silent: Arc::default(),
        };
        let router = Router::new()
            .route("/hook", post(hear))
            .with_state(hook.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        hook
    }

    pub fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }

    pub fn answers(&self, status: u16) {
        self.answers.store(status, SeqCst);
    }

    /// A section of the process file.
    pub fn way(&self, key: &str) -> String {
        format!(
            "\n[[way]]\nkey = \"{key}\"\nkind = \"webhook\"\nsecret_in = \"NOTIFY_HOOK_{}\"\nallow_private = true\n",
            self.port
        )
    }
}

async fn hear(State(hook): State<Hook>, Json(body): Json<Value>) -> (StatusCode, &'static str) {
    hook.said
        .lock()
        .unwrap()
        .push(body["text"].as_str().unwrap().to_owned());
    if hook.silent.load(SeqCst) {
        std::future::pending::<()>().await;
    }
    let status = StatusCode::from_u16(hook.answers.load(SeqCst)).unwrap();
    (status, "the channel is gone")
}

pub fn person(login: &str, ways: &[&str], more: &str) -> String {
    let ways: Vec<_> = ways
        .iter()
        .map(|way| format!("{{ way = \"{way}\" }}"))
        .collect();
    format!(
        "\n[[person]]\nlogin = \"{login}\"\nnotify = [{}]\n{more}",
        ways.join(", ")
    )
}

/// Мария is told by one way.
async fn with_maria() -> (Firm, Hook) {
    let hook = Hook::open().await;
    let text = radio_text() + &hook.way("hook") + &person("maria_demo", &["hook"], "");
    (Firm::with(text).await, hook)
}

/// «Кефир FM» is dragged past its gate, and Trello takes no change of a card until people are told of it.
pub async fn drag_for_good(firm: &Firm, username: &str) {
    firm.world().fault(Fault {
        times: None,
        ..Fault::next(FaultKind::Broken, 1).on("PUT", "/cards")
    });
    firm.drag(username, "kefir", "connect").await;
    for _ in 0..8 {
        firm.wait(5).await;
    }
}

fn not_arrived(firm: &Firm, card: &str) -> Vec<String> {
    let said = firm.said(card).into_iter();
    said.filter(|text| text.contains("не дошло")).collect()
}

#[tokio::test]
async fn whom_a_comment_calls_is_told_by_name_and_by_the_persons_own_way() {
    let (firm, hook) = with_maria().await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    says(&firm.last("kefir"), &["@ilya_demo", "@maria_demo"]);
    let said = hook.said();
    assert_eq!(said.len(), 1, "{said:#?}");
    says(
        &said[0],
        &[
            "Кефир FM\n\nИлья (инженер)",
            "сейчас ход: Мария (менеджер)",
            "\nhttps://",
        ],
    );
    assert!(!said[0].contains('@'), "{}", said[0]);
    // Called once a day on one card: so the message comes once too.
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert_eq!(hook.said().len(), 1);
}

#[tokio::test]
async fn of_several_comments_the_one_that_calls_is_told() {
    let hook = Hook::open().await;
    let people = person("ilya_demo", &["hook"], "") + &person("egor_demo", &["hook"], "");
    let firm = Firm::with(radio_text() + &hook.way("hook") + &people).await;
    firm.drag("maria_demo", "boot", "connect").await;
    assert!(hook.said().is_empty(), "{:#?}", hook.said());
    firm.tick("olga_demo", "boot", "paid").await;
    firm.drag("maria_demo", "boot", "connect").await;
    assert_eq!(firm.stands("boot"), "connect");
    assert!(firm.said("boot").join("\n").contains("✓ Было"));
    let said = hook.said();
    assert!(!said.is_empty());
    for text in said {
        says(&text, &["Зелёный Валенок", "ваш ход", "«Подключение»"]);
        assert!(!text.contains("✓ Было"), "{text}");
    }
}

#[tokio::test]
async fn whoever_acts_is_answered_there_too() {
    let (firm, hook) = with_maria().await;
    firm.drag("maria_demo", "kefir", "connect").await;
    assert_eq!(firm.stands("kefir"), "contract");
    let said = hook.said();
    assert_eq!(said.len(), 1, "{said:#?}");
    says(&said[0], &["«Подключение»"]);
}

/// Time goes by without anybody being told of it.
fn without_ladder() -> String {
    let text = radio_text();
    let mut parts = text.split("[[ladder]]");
    let mut kept = parts.next().unwrap().to_owned();
    for part in parts {
        kept += part.split_once("\n\n").map_or("", |(_, rest)| rest);
    }
    kept
}

#[tokio::test]
async fn a_way_that_is_down_holds_up_nobody_and_after_a_day_the_card_says_so_once() {
    let (down, up) = (Hook::open().await, Hook::open().await);
    down.answers(500);
    let ways = down.way("down") + &up.way("up");
    let people = person("maria_demo", &["down", "up"], "") + &person("ilya_demo", &["up"], "");
    let firm = Firm::with(without_ladder() + &ways + &people).await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert_eq!(firm.stands("kefir"), "contract", "the board does not wait");
    assert_eq!(up.said().len(), 2, "{:#?}", up.said());
    let tried = down.said().len();
    assert!(tried >= 1, "{tried}");
    for _ in 0..23 {
        firm.wait(60).await;
    }
    assert!(not_arrived(&firm, "kefir").is_empty());
    assert!(down.said().len() > tried + 6, "{}", down.said().len());
    // Over a day, and over the night in which nobody is written to.
    for _ in 0..24 {
        firm.wait(60).await;
    }
    let told = not_arrived(&firm, "kefir");
    assert_eq!(told.len(), 1, "{told:#?}");
    says(&told[0], &["Мария (менеджер)", "сутки", "500"]);
    assert_eq!(told[0].lines().count(), 1);
    // It is given up for good, and the next one is not.
    let tried = down.said().len();
    firm.wait(60).await;
    assert_eq!(down.said().len(), tried);
    down.answers(200);
    firm.drag("maria_demo", "boot", "connect").await;
    assert_eq!(down.said().len(), tried + 1);
    assert_eq!(not_arrived(&firm, "kefir").len(), 1);
    assert!(not_arrived(&firm, "boot").is_empty());
}

#[tokio::test]
async fn an_address_that_takes_nothing_is_told_of_at_once() {
    let (firm, hook) = with_maria().await;
    hook.answers(404);
    firm.drag("ilya_demo", "kefir", "connect").await;
    let told = not_arrived(&firm, "kefir");
    assert_eq!(told.len(), 1, "{told:#?}");
    says(
        &told[0],
        &["Мария (менеджер)", "the channel is gone", "Проверьте адрес"],
    );
    assert_eq!(hook.said().len(), 1, "and not tried again");
    let stored = firm.everything_stored().await;
    assert!(
        !stored.contains(&format!("127.0.0.1:{}", hook.port)),
        "the address is a secret"
    );
}

/// Aborted while the answer is awaited: as a kill, between sending and marking.
#[tokio::test]
async fn a_kill_between_sending_and_marking_doubles_a_message_and_loses_none() {
    let (firm, hook) = with_maria().await;
    hook.silent.store(true, SeqCst);
    firm.push("ilya_demo", "kefir", "connect");
    firm.world().delivered().await;
    firm.world().advance(SignedDuration::from_millis(200));
    let (engine, world) = (Arc::clone(&firm.engine), firm.world().clone());
    let working = tokio::spawn(async move {
        loop {
            world.delivered().await;
            world.advance(SignedDuration::from_millis(200));
            engine.drain(world.now()).await.unwrap();
        }
    });
    while hook.said().is_empty() {
        tokio::task::yield_now().await;
    }
    working.abort();
    let _ = working.await;
    hook.silent.store(false, SeqCst);
    firm.settle().await;
    let said = hook.said();
    assert_eq!(said.len(), 2, "{said:#?}");
    assert_eq!(said[0], said[1]);
    firm.wait(60).await;
    assert_eq!(hook.said().len(), 2);
}

fn hour(firm: &Firm) -> i8 {
    let zone = firm.process.time_zone.clone();
    zone.to_datetime(firm.now()).hour()
}

/// On to this hour of the day.
async fn until(firm: &Firm, wanted: i8) {
    while hour(firm) != wanted {
        firm.wait(30).await;
    }
}

#[tokio::test]
async fn what_comes_in_the_night_waits_for_the_morning_but_for_who_is_at_it() {
    let (maria, ilya) = (Hook::open().await, Hook::open().await);
    let ways = maria.way("of_maria") + &ilya.way("of_ilya");
    let people = person("maria_demo", &["of_maria"], "") + &person("ilya_demo", &["of_ilya"], "");
    let firm = Firm::with(radio_text() + &ways + &people).await;
    until(&firm, 22).await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert_eq!(ilya.said().len(), 1);
    assert!(maria.said().is_empty());
    until(&firm, 9).await;
    assert!(maria.said().is_empty());
    let mut waited = 0;
    while maria.said().is_empty() {
        firm.wait(60).await;
        waited += 1;
        assert!(waited < 5 * 24, "it never comes");
    }
    assert_eq!(hour(&firm), 10, "when the day begins");
    assert_eq!(maria.said().len(), 1);
    assert_eq!(ilya.said().len(), 1);
}

#[tokio::test]
async fn whoever_is_told_by_none_has_no_lane_and_a_process_without_ways_asks_nothing() {
    let hook = Hook::open().await;
    let firm = Firm::with(radio_text() + &hook.way("hook")).await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert!(hook.said().is_empty());
    let stored = firm.everything_stored().await;
    assert!(!stored.contains("message_due"));
}

#[tokio::test]
async fn where_a_process_only_watches_nobody_is_called_anywhere() {
    let hook = Hook::open().await;
    let text = radio_text() + &hook.way("hook") + &person("maria_demo", &["hook"], "");
    let text = text.replacen("mode = \"enforce\"", "mode = \"watch\"", 1);
    let firm = Firm::with(text).await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert_eq!(firm.stands("kefir"), "connect");
    assert!(hook.said().is_empty());
}

#[tokio::test]
async fn a_sent_message_is_known_by_its_decision() {
    let (firm, hook) = with_maria().await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    let maria = firm.demo.people["maria_demo"].as_str().into();
    let lane = Lane::Post(PostId::new(&maria, "hook"));
    let memory = firm.store.memory(&firm.board(), &lane).await.unwrap();
    let sent = memory.unwrap().post.unwrap().sent;
    assert_eq!(sent.len(), 1);
    says(&hook.said()[0], &[&sent[0]]);
    // The same, told anew under another name of the event.
    let decision = sent[0].clone();
    let (_, line) = firm
        .store
        .decision(&firm.board(), &decision)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(line.kind, "refused");
    let again = message(&maria, &decision, firm.now());
    firm.store
        .append(&firm.board(), &[again], firm.now())
        .await
        .unwrap();
    firm.settle().await;
    assert_eq!(hook.said().len(), 1);
}

fn message(to: &signalman::model::MemberId, about: &str, at: Timestamp) -> signalman::model::Event {
    use signalman::model::{Actor, Event, EventKind, Message};
    Event {
        id: signalman::model::ActionId::new("message told anew"),
        at,
        actor: Actor::default(),
        kind: EventKind::MessageDue {
            to: PostId::new(to, "hook"),
            message: Message {
                about: about.into(),
                card: None,
                subject: "Кефир FM".into(),
                text: "…".into(),
                link: None,
                at_once: true,
            },
        },
    }
}

#[tokio::test]
async fn the_owner_who_moved_it_hears_by_his_way_that_it_cannot_go_back() {
    let hook = Hook::open().await;
    let text = radio_text() + &hook.way("hook") + &person("denis_demo", &["hook"], "");
    let firm = Firm::at("2027-01-26T11:00", text).await;
    drag_for_good(&firm, "denis_demo").await;
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
    drag_for_good(&firm, "ilya_demo").await;
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
