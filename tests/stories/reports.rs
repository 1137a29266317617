//! What people do on a board comes out as figures: from the history that the service wrote.

use crate::firm::{Firm, radio_text};
use crate::panel::Panel;
use crate::walkthrough::whole_way;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use signalman::engine::walks;
use signalman::figures::{Record, Way, csv, xes};
use signalman::process::Language;
use signalman::store::Store;

async fn record<T>(firm: &Firm, look: impl FnOnce(&Record<'_>) -> T) -> T {
    let board = firm.store.board(&firm.board()).await.unwrap().unwrap();
    let read = walks(&*firm.store, &firm.board(), &firm.process).await;
    let (walks, unread) = read.unwrap();
    look(&Record {
        process: &firm.process,
        bindings: &board.active.bindings,
        walks: &walks,
        unread,
        since: Timestamp::MIN,
        now: firm.now(),
        language: Language::En,
    })
}

async fn figures(firm: &Firm) -> Value {
    record(firm, |record| {
        serde_json::to_value(record.figures()).unwrap()
    })
    .await
}

fn gate<'f>(figures: &'f Value, key: &str) -> &'f Value {
    let gates = figures["refusals"]["gates"].as_array().unwrap();
    gates.iter().find(|gate| gate["key"] == key).unwrap()
}

#[tokio::test]
async fn every_line_of_the_history_can_be_read() {
    let firm = Firm::open().await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    firm.tick("egor_demo", "whale", "p_crm").await;
    firm.write("maria_demo", "kefir", "/why").await;
    firm.ready_to_connect("kefir").await;
    firm.drag("maria_demo", "kefir", "connect").await;
    firm.change("maria_demo", "teapot", json!({ "closed": true }))
        .await;
    firm.write("denis_demo", "boot", "/allow connect the letter is here")
        .await;
    firm.drag("maria_demo", "boot", "connect").await;
    let figures = figures(&firm).await;
    assert_eq!(figures["cards"]["unread_lines"], 0);
    assert_eq!(figures["cards"]["known"], 8, "{}", figures["cards"]);
    assert_eq!(figures["cards"]["found"], 8, "they were there before");
    assert_eq!(figures["cards"]["open"], 7, "one is archived");
    let connect = gate(&figures, "connect");
    let counts = ["refused", "admitted", "by_word"].map(|key| connect[key].as_u64());
    assert_eq!(counts, [1, 1, 1].map(Some), "{connect}");
    let missing = connect["missing"].to_string();
    assert!(
        missing.contains("item:paid") && missing.contains("mover"),
        "{missing}"
    );
}

#[tokio::test]
async fn a_move_that_is_asked_for_and_refused_is_a_refusal() {
    let firm = Firm::open().await;
    firm.write("ilya_demo", "kefir", "/перевести подключение")
        .await;
    assert_eq!(firm.stands("kefir"), "contract");
    let refusals = &figures(&firm).await["refusals"];
    assert_eq!(refusals["count"], 1);
    assert!(refusals["gates"].to_string().contains("item:paid"));
}

#[tokio::test]
async fn a_disputed_refusal_is_left_out() {
    let firm = Firm::open().await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert_eq!(figures(&firm).await["refusals"]["count"], 1);
    firm.write("ilya_demo", "kefir", "/wrong the money is in")
        .await;
    let refusals = &figures(&firm).await["refusals"];
    assert_eq!(refusals["count"], 0);
    assert_eq!(refusals["disputed_left_out"], 1);
}

#[tokio::test]
async fn a_card_born_under_signalman_is_timed() {
    let firm = Firm::open().await;
    let card = firm.create("gleb_demo", "request", "Ночной Чайник").await;
    firm.fill(
        "maria_demo",
        &card,
        &[
            ("Телефон контакта", "+7 495 000-00-11"),
            ("Технический контакт", "Тимофей"),
        ],
    )
    .await;
    firm.world().advance(SignedDuration::from_hours(24));
    firm.drag("maria_demo", &card, "details").await;
    let stays = record(&firm, |record| {
        let walk = record.walks.iter().find(|walk| walk.card.as_str() == card);
        walk.unwrap().stays.clone()
    });
    let stays = stays.await;
    assert_eq!(stays.len(), 2, "{stays:?}");
    assert_eq!((stays[0].way, stays[1].way), (Way::Start, Way::Forward));
    assert_eq!(stays[0].left(), stays[1].entered());
    let request = &figures(&firm).await["stages"][0];
    assert_eq!(request["count"], 1);
    assert_eq!(request["days"]["median"], 1.0);
}

#[tokio::test]
async fn a_station_that_is_stuck_shows_its_cost() {
    let firm = Firm::open().await;
    let taken = firm.process.today(firm.now());
    firm.world().advance(SignedDuration::from_hours(24 * 20));
    let cost = figures(&firm).await["cost"].clone();
    let clients = cost["clients"].as_array().unwrap();
    let alarm = clients.iter().find(|one| one["id"] == firm.id("alarm"));
    let alarm = alarm.unwrap_or_else(|| panic!("{cost}"));
    let days = alarm["days_late"].as_i64().unwrap();
    let since = (firm.process.today(firm.now()) - taken).get_days();
    // Two working days late on the day the board was taken, with a weekend between at the most.
    let late = i64::from(since) + 2..=i64::from(since) + 4;
    assert!(late.contains(&days), "{days} of {since}");
    // 24 000 a month are 800 a day.
    assert_eq!(alarm["cost"], json!(800.0 * days as f64));
    assert_eq!(alarm["currency"], "RUB");
    assert_eq!(cost["totals"][0]["currency"], "RUB");
    // Its own card says the same, and so does its row on the board's page.
    let maria = Panel::of(&firm, "maria_demo");
    let told = json!({ "days": days, "amount": alarm["cost"], "currency": "RUB" });
    assert_eq!(maria.card("alarm").await.body["standing"]["delay"], told);
    let board = maria.get(&maria.board()).await.body;
    let mut rows = board["cards"].as_array().unwrap().iter();
    let row = rows.find(|row| row["id"] == firm.id("alarm")).unwrap();
    assert_eq!(row["delay"], told);
}

#[tokio::test]
async fn a_client_who_went_all_the_way_is_in_every_figure() {
    let firm = Firm::open().await;
    let since = firm.now();
    let card = whole_way(&firm).await;
    let figures = record(&firm, |record| {
        let record = Record { since, ..*record };
        serde_json::to_value(record.figures()).unwrap()
    });
    let figures = figures.await;
    assert_eq!(figures["lead"]["count"], 1);
    let phases = figures["phases"].as_array().unwrap();
    let minutes = |figure: &Value| figure["minutes"]["median"].as_i64().unwrap();
    let spent: i64 = phases.iter().map(minutes).sum();
    let lead = minutes(&figures["lead"]);
    assert!(
        (spent - lead).abs() <= 3,
        "{spent} of {lead}, each to the minute"
    );
    let steps = figures["milestones"].as_array().unwrap();
    assert_eq!(steps.len(), 3);
    assert!(steps.iter().all(|step| step["count"] == 1), "{steps:?}");
    // Charged from nine days after it was heard, at 300 a day.
    assert_eq!(steps[2]["days"]["median"], 9.0);
    assert_eq!(figures["cost"]["uncharged"]["totals"][0]["amount"], 2_700.0);
    let log = record(&firm, xes::log).await;
    let log = roxmltree::Document::parse(&log).unwrap();
    let value = |node: roxmltree::Node<'_, '_>, key: &str| {
        let part = node
            .children()
            .find(|part| part.attribute("key") == Some(key));
        part.and_then(|part| part.attribute("value"))
            .unwrap_or_default()
            .to_owned()
    };
    let mut traces = log.descendants().filter(|node| node.has_tag_name("trace"));
    let trace = traces
        .find(|trace| value(*trace, "concept:name") == card)
        .unwrap();
    let entered = trace
        .children()
        .filter(|event| value(*event, "lifecycle:transition") == "start");
    let entered: Vec<_> = entered.map(|event| value(event, "concept:name")).collect();
    let path: Vec<_> = firm
        .process
        .path()
        .map(|stage| stage.name.clone())
        .collect();
    assert_eq!(entered, path);
}

#[tokio::test]
async fn a_wait_is_told_beside_the_stages_time() {
    let firm = Firm::at("2027-01-26T11:00", radio_text()).await;
    let card = firm.create("gleb_demo", "request", "Ночной Чайник").await;
    firm.until("2027-01-26T12:00").await;
    firm.write("maria_demo", &card, "/ждём логотип").await;
    firm.until("2027-01-27T12:00").await;
    firm.write("maria_demo", &card, "/дальше").await;
    let (row, log) = record(&firm, |record| {
        let rows = csv::rows(record);
        let row = rows.lines().find(|row| row.contains("Ночной Чайник"));
        (row.unwrap().to_owned(), xes::log(record))
    })
    .await;
    // From noon to noon, but for lunch and the night: eight hours.
    assert!(row.trim_end().ends_with(",480"), "{row}");
    let told = ["suspend", "resume"].map(|word| log.matches(&format!("\"{word}\"")).count());
    assert_eq!(told, [1, 1]);
    // One hour of four was over; three more are over at 16:00.
    let late = async || {
        let figures = figures(&firm).await;
        let stages = figures["present"]["stages"].as_array().unwrap();
        let request = stages.iter().find(|one| one["key"] == "request").unwrap();
        request["late"].as_u64()
    };
    let before = late().await;
    firm.until("2027-01-27T15:55").await;
    assert_eq!(late().await, before);
    firm.until("2027-01-27T16:05").await;
    assert_eq!(late().await, before.map(|before| before + 1));
}
