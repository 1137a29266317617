//! Gaps: what happened while nobody told of it is judged as ever, and named once.

use crate::figures::{Lines, shown, value};
use crate::firm::{Firm, says};
use crate::sweeps::watched;
use jiff::SignedDuration;
use serde_json::json;
use signalman::engine::{Engine, Options, Watch};
use signalman::sandbox::{Fault, FaultKind};
use signalman::store::{Sqlite, Store};
use std::sync::Arc;

const RECONCILED: &str = "signalman_reconciled_events_total";

async fn reconciled(firm: &Firm) -> f64 {
    value(&shown(firm, "/metrics").await.1, RECONCILED, &[]).unwrap_or(0.0)
}

impl Firm {
    /// A guest's push that no webhook tells of.
    async fn push_unheard(&self, card: &str) {
        self.unheard(|firm| firm.push("gleb_demo", card, "left"))
            .await;
    }
}

#[tokio::test]
async fn a_gap_is_named_once_on_the_boards_card_in_the_log_and_in_the_figures() {
    let firm = watched().await;
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    firm.push_unheard("kefir").await;
    firm.world().advance(SignedDuration::from_mins(3));
    firm.push_unheard("boot").await;
    firm.wait(6).await;
    let lines = Lines::taken();
    firm.look_after(&mut watch).await;
    assert_eq!(firm.stands("kefir"), "contract", "judged as ever");
    let news = firm.news();
    assert_eq!(news.len(), 1, "{news:?}");
    let count = reconciled(&firm).await;
    // Two of them moved the cards; each drag also tells of a place in the list.
    assert!((2.0..=4.0).contains(&count), "{count}");
    says(&news[0], &[&format!("Учтено {count} ")]);
    let log = lines.all();
    let told: Vec<_> = log
        .iter()
        .filter(|line| line.text().contains("reconciled events missed"))
        .collect();
    assert_eq!(told.len(), 1);
    let dated = |key: &str| told[0].field(key).parse::<jiff::Timestamp>().unwrap();
    let lasted = dated("to").duration_since(dated("from"));
    assert_eq!(lasted.as_mins(), 3, "dated by what was missed");
    for _ in 0..3 {
        firm.wait(6).await;
        firm.look_after(&mut watch).await;
    }
    assert_eq!(firm.news().len(), 1, "once, and our own moves are no gap");
    assert_eq!(reconciled(&firm).await, count);
}

#[tokio::test]
async fn what_was_missed_is_read_to_its_oldest_page() {
    const SAID: u32 = 1_100;
    let firm = watched().await;
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    let said = |firm: &Firm| {
        firm.push("gleb_demo", "kefir", "left");
        let path = format!("cards/{}/actions/comments", firm.id("boot"));
        for n in 0..SAID {
            let wish = json!({ "text": format!("Звонили, раз {n}.") });
            firm.hand("gleb_demo").post(&path, wish).unwrap();
        }
    };
    firm.unheard(said).await;
    firm.wait(6).await;
    firm.look_after(&mut watch).await;
    assert_eq!(firm.stands("kefir"), "contract", "told on the oldest page");
    let count = reconciled(&firm).await;
    let (least, most) = (f64::from(SAID + 1), f64::from(SAID + 2));
    assert!((least..=most).contains(&count), "{count}");
}

#[tokio::test]
async fn what_a_webhook_told_of_and_what_is_still_under_way_is_not_missed() {
    let firm = watched().await;
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    firm.drag("gleb_demo", "kefir", "left").await;
    firm.wait(6).await;
    firm.push_unheard("boot").await;
    firm.world().advance(SignedDuration::from_secs(20));
    firm.look_after(&mut watch).await;
    assert_eq!(firm.stands("boot"), "invoice", "judged without waiting");
    firm.wait(6).await;
    firm.look_after(&mut watch).await;
    assert_eq!(firm.news(), [""; 0]);
    assert!(reconciled(&firm).await < 0.5);
}

#[tokio::test]
async fn a_board_that_is_polled_has_a_gap_only_where_polling_had_stopped() {
    let firm = Firm::open().await;
    firm.world().with(|state| state.webhooks.clear());
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    for card in ["kefir", "boot"] {
        firm.push("gleb_demo", card, "left");
        firm.world().advance(SignedDuration::from_secs(6));
        firm.look_after(&mut watch).await;
    }
    assert_eq!(firm.stands("boot"), "invoice");
    assert_eq!(firm.news(), [""; 0], "that is how a polled board is heard");
    firm.push("gleb_demo", "alarm", "left");
    firm.world().advance(SignedDuration::from_mins(9));
    firm.look_after(&mut watch).await;
    assert_eq!(firm.stands("alarm"), "connect");
    assert_eq!(firm.news().len(), 1);
}

#[tokio::test]
async fn rare_polling_by_choice_is_no_gap() {
    let mut firm = Firm::open().await;
    let store: Arc<dyn Store> = Arc::<Sqlite>::clone(&firm.store);
    let options = Options {
        poll: std::time::Duration::from_secs(600),
        ..Options::default()
    };
    firm.engine = Arc::new(Engine::new(store, Arc::clone(&firm.trello), options));
    firm.world().with(|state| state.webhooks.clear());
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    firm.push("gleb_demo", "kefir", "left");
    firm.world().advance(SignedDuration::from_secs(601));
    firm.look_after(&mut watch).await;
    assert_eq!(firm.stands("kefir"), "contract");
    assert_eq!(firm.news(), [""; 0]);
}

#[tokio::test]
async fn what_happened_while_the_service_was_away_is_a_gap() {
    let firm = watched().await;
    firm.look_after(&mut Watch::default()).await;
    firm.push_unheard("kefir").await;
    firm.world().advance(SignedDuration::from_mins(40));
    firm.look_after(&mut Watch::default()).await;
    says(&firm.news().join("\n"), &["Учтен"]);
}

#[tokio::test]
async fn what_a_sweep_alone_finds_counts_once() {
    let firm = watched().await;
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    firm.wait(20).await;
    firm.look_after(&mut watch).await;
    assert_eq!(firm.news(), [""; 0], "a quiet board has no gap");
    // No action tells of it.
    let (card, left) = (firm.id("kefir"), firm.list("left"));
    firm.world()
        .with(|state| state.cards.get_mut(&card).unwrap().list = left);
    for _ in 0..3 {
        firm.wait(16).await;
        firm.look_after(&mut watch).await;
    }
    assert_eq!(firm.stands("kefir"), "contract");
    let news = firm.news();
    assert_eq!(news.len(), 1, "{news:?}");
    says(&news[0], &["Учтено 1 событие, пропущенное"]);
    assert!((reconciled(&firm).await - 1.0).abs() < 0.1);
}

#[tokio::test]
async fn our_own_moves_are_no_gap() {
    let firm = watched().await;
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    firm.push("gleb_demo", "kefir", "left");
    firm.world().delivered().await;
    firm.world().fault(Fault {
        times: None,
        ..Fault::next(FaultKind::DeliveryLost, 1)
    });
    firm.settle().await;
    assert_eq!(firm.stands("kefir"), "contract");
    firm.wait(6).await;
    firm.look_after(&mut watch).await;
    assert_eq!(firm.news(), [""; 0]);
}

#[tokio::test]
async fn cards_that_wait_for_the_owners_word_are_a_gap_once() {
    let firm = watched().await;
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    let cards = ["kefir", "boot", "alarm", "airfield", "whale", "tram"];
    let left = firm.list("left");
    firm.world().with(|state| {
        for card in cards.map(|card| firm.id(card)) {
            state.cards.get_mut(&card).unwrap().list.clone_from(&left);
        }
    });
    for _ in 0..3 {
        firm.wait(16).await;
        firm.look_after(&mut watch).await;
    }
    let news = firm.news().join("\n");
    says(&news, &["/да"]);
    assert_eq!(news.matches("Учтено 6 событий").count(), 1, "{news}");
    assert!((reconciled(&firm).await - 6.0).abs() < 0.1);
}
