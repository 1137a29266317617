//! Clients who have long been active and stand in two places: a list that people keep in a file, and
//! a stand-in for billing that answers, fails, or is slow.

use crate::firm::{Firm, radio_text};
use axum::http::{StatusCode, Uri};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use signalman::engine::Nights;
use signalman::model::{Lane, Said, Status};
use signalman::process::{Memory, Proof, Standings};
use signalman::store::{Commit, Store};
use std::fs;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

#[derive(Clone, Copy, PartialEq)]
pub enum Mood {
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
pub struct Billing {
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

    pub fn is(&self, mood: Mood) {
        self.stands.lock().unwrap().mood = mood;
    }

    /// What was asked since this was asked last.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.stands.lock().unwrap().asked)
    }
}

pub struct World {
    pub firm: Firm,
    pub billing: Billing,
    pub clients: Vec<String>,
    pub nights: Nights,
    folder: TempDir,
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
    pub async fn with(clients: usize) -> Self {
        let billing = Billing::start().await;
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("clients.csv");
        fs::write(&list, "").unwrap();
        let sections = sections(&billing.url, list.to_str().unwrap());
        let radio =
            radio_text().replace("archive = { by = [] }", "archive = { by = [\"manager\"] }");
        let firm = Firm::unattached(format!("{radio}\n{sections}")).await;
        let late = ["register", "active"].map(|stage| firm.list(stage));
        let others = firm.world().with(|state| {
            let others = state
                .cards
                .values()
                .filter(|card| late.contains(&card.list));
            others.map(|card| card.id.clone()).collect::<Vec<_>>()
        });
        for other in others {
            let path = format!("cards/{other}");
            firm.hand("maria_demo").delete(&path).unwrap();
        }
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
            folder,
        };
        for card in &world.clients {
            world
                .change(card, |memory, now| {
                    memory.standing.as_mut().unwrap().since =
                        now - SignedDuration::from_hours(90 * 24);
                    let stands = |id: &str| {
                        let link = Some(format!("https://books.example/{id}"));
                        let (id, key, status) = (id.to_owned(), card.clone(), Status::Active);
                        Standings {
                            wanted: status,
                            said: Some(Said::Confirmed {
                                status,
                                id: id.clone(),
                                link: link.clone(),
                                key: key.clone(),
                            }),
                            proof: Some(Proof {
                                id,
                                link,
                                key,
                                status,
                                at: now,
                                by_hand: None,
                            }),
                        }
                    };
                    memory.places.insert("billing".into(), stands("cus_1"));
                    memory.places.insert("list".into(), stands("7"));
                })
                .await;
        }
        world
    }

    pub async fn change(&self, card: &str, change: impl FnOnce(&mut Memory, Timestamp)) {
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

    /// Another night, a day later.
    pub async fn next_night(&mut self) {
        self.firm.world().advance(SignedDuration::from_hours(24));
        self.firm.settle().await;
        self.night().await;
    }

    pub fn list(&self) -> String {
        fs::read_to_string(self.folder.path().join("clients.csv")).unwrap()
    }

    /// Until five in the morning of that day, by the firm's clock.
    pub async fn until(&mut self, day: &str) {
        let at: Timestamp = format!("{day}T05:00:00+03:00").parse().unwrap();
        self.firm
            .world()
            .advance(at.duration_since(self.firm.now()));
        self.firm.settle().await;
    }

    pub async fn night(&mut self) {
        let now = self.firm.now();
        self.firm
            .engine
            .read_places(now, &mut self.nights)
            .await
            .unwrap();
        self.firm.settle().await;
    }

    pub fn told(&self, word: &str) -> usize {
        let news = self.firm.news();
        news.iter().filter(|text| text.contains(word)).count()
    }
}
