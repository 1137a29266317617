//! What is read back each night of the outside places, and what is told of it: a list that people
//! keep in a file, and a stand-in for billing that answers, fails, or is slow.

use crate::firm::{Firm, radio_text, says};
use axum::http::{StatusCode, Uri};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use signalman::engine::{Bill, Nights, State};
use signalman::model::{Lane, Status};
use signalman::process::{Memory, Proof, Standings};
use signalman::store::{Commit, Store};
use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

#[derive(Clone, Copy, PartialEq)]
enum Mood {
    /// It knows the customer, and no invoice.
    Answers,
    Fails,
    Hangs,
}

struct Stands {
    mood: Mood,
    asked: Vec<String>,
}

#[derive(Clone)]
struct Billing {
    url: String,
    stands: Arc<Mutex<Stands>>,
}

impl Billing {
    async fn start() -> Self {
        let stands = Arc::new(Mutex::new(Stands {
            mood: Mood::Answers,
            asked: Vec::new(),
        }));
        let shared = Arc::clone(&stands);
        let answer = move |uri: Uri| {
            let mood = {
                let mut stands = shared.lock().unwrap();
                stands.asked.push(uri.path().to_owned());
                stands.mood
            };
            async move {
                if mood == Mood::Hangs {
                    std::future::pending::<()>().await;
                }
                let list = !uri.path().starts_with("/customers/");
                let body = match list {
                    true => json!({ "data": [] }),
                    false => json!({ "id": "cus_1" }),
                };
                match mood {
                    Mood::Fails => (StatusCode::BAD_GATEWAY, Value::Null.to_string()),
                    _ => (StatusCode::OK, body.to_string()),
                }
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = axum::Router::new().fallback(answer);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, stands }
    }

    fn is(&self, mood: Mood) {
        self.stands.lock().unwrap().mood = mood;
    }

    /// What was asked since this was asked last.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.stands.lock().unwrap().asked)
    }
}

struct World {
    firm: Firm,
    billing: Billing,
    clients: Vec<String>,
    nights: Nights,
    _folder: TempDir,
}

fn sections(billing: &str, list: &str) -> String {
    format!(
        r#"
[[target]]
key = "billing"
kind = "stripe"
url = "{billing}"
key_in = "TARGET_BILLING_KEY"
allow_private = true
put = [
  {{ name = "name", value = "{{card_name}}" }},
  {{ name = "email", value = "books@podval.example" }},
  {{ name = "tariff", value = "A" }},
  {{ name = "amount", value = "490000" }},
  {{ name = "currency", value = "rub" }},
  {{ name = "charge_from", value = "2026-01-01" }},
]

[[target]]
key = "list"
kind = "table"
url = "file://{list}"
put = [{{ name = "Станция", value = "{{card_name}}" }}]
"#
    )
}

impl World {
    /// So many clients have been active for long, and stand in both places.
    async fn with(clients: usize) -> Self {
        let billing = Billing::start().await;
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("clients.csv");
        fs::write(&list, "").unwrap();
        let sections = sections(&billing.url, list.to_str().unwrap());
        let radio =
            radio_text().replace("archive = { by = [] }", "archive = { by = [\"manager\"] }");
        let firm = Firm::unattached(format!("{radio}\n{sections}")).await;
        let clients = (0..clients).map(|nth| {
            let wish = json!({ "idList": firm.list("active"), "name": format!("Станция {nth}") });
            let made = firm.hand("maria_demo").post("cards", wish).unwrap();
            made["id"].as_str().unwrap().to_owned()
        });
        let clients: Vec<_> = clients.collect();
        firm.attach().await;
        firm.settle().await;
        let world = Self {
            firm,
            billing,
            clients,
            nights: Nights::default(),
            _folder: folder,
        };
        for card in &world.clients {
            world
                .change(card, |memory, now| {
                    memory.standing.as_mut().unwrap().since =
                        now - SignedDuration::from_hours(90 * 24);
                    let stands = |id: &str| Standings {
                        wanted: Status::Active,
                        said: None,
                        proof: Some(Proof {
                            id: id.into(),
                            link: Some(format!("https://books.example/{id}")),
                            key: card.clone(),
                            status: Status::Active,
                            at: now,
                            by_hand: None,
                        }),
                    };
                    memory.places.insert("billing".into(), stands("cus_1"));
                    memory.places.insert("list".into(), stands("7"));
                })
                .await;
        }
        world
    }

    async fn change(&self, card: &str, change: impl FnOnce(&mut Memory, Timestamp)) {
        let now = self.firm.now();
        let mut memory = self.firm.memory(card).await;
        change(&mut memory, now);
        let mut commit = Commit::new(Lane::Card(card.into()), now);
        commit.memory = Some(memory);
        self.firm
            .store
            .commit(&self.firm.board(), commit)
            .await
            .unwrap();
    }

    /// Until five in the morning of that day, by the firm's clock.
    async fn until(&mut self, day: &str) {
        let at: Timestamp = format!("{day}T05:00:00+03:00").parse().unwrap();
        self.firm
            .world()
            .advance(at.duration_since(self.firm.now()));
        self.firm.settle().await;
    }

    async fn night(&mut self) {
        let now = self.firm.now();
        self.firm
            .engine
            .read_places(now, &mut self.nights)
            .await
            .unwrap();
        self.firm.settle().await;
    }

    fn told(&self, word: &str) -> usize {
        let news = self.firm.news();
        news.iter().filter(|text| text.contains(word)).count()
    }
}

const NOT_BILLED: &str = "начисления или счёта за";
const NOT_KNOWN: &str = "не удалось узнать";

#[tokio::test]
async fn a_place_that_does_not_answer_holds_up_no_other_and_is_left_alone_for_the_night() {
    let mut world = World::with(20).await;
    world.billing.is(Mood::Fails);
    world.billing.asked();
    let board = world.firm.board();
    let now = world.firm.now();
    let read = world.firm.engine.reconcile(&board, false, now).await;
    let read = read.unwrap();
    assert_eq!(world.billing.asked().len(), 3, "of twenty clients");
    let order: Vec<_> = read
        .iter()
        .map(|one| (one.name.as_str(), one.target.as_str()))
        .collect();
    let ours: Vec<_> = order
        .iter()
        .filter(|(name, _)| *name == "Станция 19")
        .collect();
    assert_eq!(
        ours,
        [&("Станция 19", "billing"), &("Станция 19", "list")],
        "card by card, place by place"
    );
    let last = read
        .iter()
        .rfind(|one| one.target == "billing")
        .map(|one| one.state.clone());
    let Some(State::Unreachable { why }) = last else {
        panic!("{last:?}")
    };
    assert!(why.contains("not asked again"), "{why}");

    // It takes the connection and says nothing, and what stands elsewhere is told meanwhile.
    world.billing.is(Mood::Hangs);
    world.night().await;
    world.firm.world().advance(SignedDuration::from_hours(24));
    world.firm.settle().await;
    let (engine, now) = (Arc::clone(&world.firm.engine), world.firm.now());
    let mut nights = std::mem::take(&mut world.nights);
    let reading = tokio::spawn(async move { engine.read_places(now, &mut nights).await });
    let card = world.clients[19].clone();
    while world.firm.said(&card).is_empty() {
        assert!(!reading.is_finished());
        tokio::time::sleep(Duration::from_millis(20)).await;
        world.firm.settle().await;
    }
    says(&world.firm.last(&card), &["записи там больше нет"]);
    assert!(!reading.is_finished(), "billing is still waited for");
    reading.abort();
}

#[tokio::test]
async fn a_client_whose_card_is_gone_still_stands_in_its_places_and_somebody_is_told() {
    let world = World::with(3).await;
    let firm = &world.firm;
    let [deleted, archived, stays] = &world.clients[..] else {
        panic!()
    };
    firm.hand("maria_demo")
        .delete(&format!("cards/{deleted}"))
        .unwrap();
    firm.settle().await;
    let told = || {
        let news = firm.news().into_iter();
        news.filter(|text| text.contains("записи клиента действуют"))
            .collect::<Vec<_>>()
    };
    says(
        &told().join("\n"),
        &[
            "@olga_demo",
            "«Станция 0»",
            "№ cus\\_1",
            "https://books.example/7",
            "заведите новую карточку",
        ],
    );
    firm.change("maria_demo", archived, json!({ "closed": true }))
        .await;
    assert_eq!(told().len(), 2, "{:?}", firm.news());
    says(&told()[1], &["«Станция 1»", "верните карточку из архива"]);
    world.billing.asked();
    let read = firm.engine.reconcile(&firm.board(), true, firm.now()).await;
    let read = read.unwrap();
    let gone = read
        .iter()
        .filter(|one| matches!(one.state, State::NoCard { .. }));
    let gone: Vec<_> = gone.map(|one| one.card.as_str()).collect();
    assert_eq!(gone.len(), 4, "{read:#?}");
    assert!(!gone.contains(&stays.as_str()));
    firm.wait(60).await;
    assert_eq!(told().len(), 2, "once");
    for card in [deleted, archived] {
        let memory = firm.memory(card).await;
        assert!(
            memory
                .places
                .values()
                .all(|known| known.wanted == Status::Active)
        );
    }
}

#[tokio::test]
async fn who_was_not_billed_is_told_once_a_month_and_asked_for_only_then() {
    let mut world = World::with(2).await;
    let invoices = |asked: &[String]| asked.iter().filter(|path| *path == "/invoices").count();
    world.until("2027-01-31").await;
    world.night().await;
    // The first working day has gone by with nobody awake.
    world.until("2027-02-03").await;
    world.billing.asked();
    world.night().await;
    assert_eq!(invoices(&world.billing.asked()), 2);
    let news = world.firm.news().join("\n");
    says(&news, &[NOT_BILLED, "01.2027", "«Станция 1» и «Станция 0»"]);
    world.until("2027-02-04").await;
    world.night().await;
    let asked = world.billing.asked();
    assert!(!asked.is_empty());
    assert_eq!(invoices(&asked), 0, "it was told");
    // Somebody who looks on the machine is told all the same, and so is a service that starts anew.
    let now = world.firm.now();
    let board = world.firm.board();
    let read = world.firm.engine.reconcile(&board, false, now).await;
    let missing = |bill: &Option<Bill>| matches!(bill, Some(Bill::Missing { .. }));
    assert_eq!(
        read.unwrap()
            .iter()
            .filter(|one| missing(&one.bill))
            .count(),
        2
    );
    world.nights = Nights::default();
    world.night().await;
    world.until("2027-02-05").await;
    world.night().await;
    assert_eq!(world.told(NOT_BILLED), 1);
    world.until("2027-03-02").await;
    world.night().await;
    assert_eq!(world.told(NOT_BILLED), 2, "another month");
}

#[tokio::test]
async fn who_could_not_be_asked_for_is_named_and_asked_for_again() {
    let mut world = World::with(2).await;
    world.until("2027-01-31").await;
    world.night().await;
    world.until("2027-02-01").await;
    world.billing.is(Mood::Fails);
    world.night().await;
    let news = world.firm.news().join("\n");
    says(&news, &[NOT_KNOWN, "01.2027", "«Станция 1» и «Станция 0»"]);
    assert!(!news.contains(NOT_BILLED), "{news}");
    world.until("2027-02-02").await;
    world.night().await;
    assert_eq!(world.told(NOT_KNOWN), 1);
    world.until("2027-02-03").await;
    world.billing.is(Mood::Answers);
    world.night().await;
    assert_eq!((world.told(NOT_KNOWN), world.told(NOT_BILLED)), (1, 1));
    world.until("2027-02-04").await;
    world.night().await;
    assert_eq!((world.told(NOT_KNOWN), world.told(NOT_BILLED)), (1, 1));
}
