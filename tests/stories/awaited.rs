//! A field that stops the time while it is filled, as a label and a command do.

use crate::firm::{Firm, radio_text, says};
use crate::waits::{request, waits};
use serde_json::{Value, json};
use signalman::sandbox::{Fault, FaultKind};

/// The firm's process with a field that stops the time.
fn with_field(kind: &str, text: &str) -> String {
    let field = format!(
        "[[field]]\nkey = \"awaited\"\nname = \"Чего ждём\"\nkind = \"{kind}\"\nwaits = true\n\n[[field]]"
    );
    text.replacen("[[field]]", &field, 1)
}

fn watching(text: &str) -> String {
    let watch = "mode = \"watch\"\nseed_in_watch = true";
    text.replacen("mode = \"enforce\"", watch, 1)
}

/// The description with that line below the others.
fn with_line(firm: &Firm, card: &str, label: &str, value: &str) -> Value {
    let desc = firm.card(card).desc;
    let start = format!("{label}:");
    let others = desc.lines().filter(|line| !line.starts_with(&start));
    let line = format!("{start} {value}");
    let lines: Vec<_> = others.chain([line.as_str()]).collect();
    json!({ "desc": lines.join("\n") })
}

async fn line(firm: &Firm, username: &str, card: &str, label: &str, value: &str) {
    let wish = with_line(firm, card, label, value);
    firm.change(username, card, wish).await;
}

async fn await_in_line(firm: &Firm, username: &str, card: &str, value: &str) {
    line(firm, username, card, "Чего ждём", value).await;
}

fn reads(firm: &Firm, card: &str, label: &str) -> String {
    let desc = firm.card(card).desc;
    let start = format!("{label}:");
    let mut values = desc.lines().filter_map(|line| line.strip_prefix(&start));
    values.next().unwrap_or_default().trim().to_owned()
}

fn awaited(firm: &Firm, card: &str) -> String {
    reads(firm, card, "Чего ждём")
}

#[tokio::test]
async fn a_filled_field_stops_it_and_an_empty_one_lets_it_run() {
    let (firm, card) = request(with_field("text", &radio_text())).await;
    firm.until("2027-01-26T12:00").await;
    let said = firm.said(&card).len();
    await_in_line(&firm, "maria_demo", &card, "логотип и ИНН до 29.01").await;
    assert_eq!(firm.said(&card).len(), said, "whoever did it knows");
    let waiting = firm.memory(&card).await.clock.waiting.unwrap();
    assert_eq!(waiting.reason, "логотип и ИНН");
    assert_eq!(waiting.until.unwrap().to_string(), "2027-01-29");
    assert!(waits(&firm, &card), "the label says it from afar");
    // Another line is another's business; another reason is one more word of the same wait.
    firm.until("2027-01-27T12:00").await;
    await_in_line(&firm, "maria_demo", &card, "только ИНН").await;
    let waiting = firm.memory(&card).await.clock.waiting.unwrap();
    assert_eq!(
        (waiting.reason.as_str(), waiting.until),
        ("только ИНН", None)
    );
    firm.until("2027-01-28T12:00").await;
    assert_eq!(firm.said(&card).len(), said, "{}", firm.last(&card));
    await_in_line(&firm, "maria_demo", &card, "").await;
    assert!(firm.memory(&card).await.clock.waiting.is_none());
    assert!(!waits(&firm, &card));
    // One hour was over at noon; three more are there at 16:00, for lunch is not worked.
    assert!(firm.is_due(&card, "2027-01-28T16:00"));
}

#[tokio::test]
async fn however_the_wait_ends_the_field_says_so_no_more() {
    let (firm, card) = request(with_field("text", &radio_text())).await;
    await_in_line(&firm, "maria_demo", &card, "логотип").await;
    firm.write("maria_demo", &card, "/дальше").await;
    says(&firm.last(&card), &["Больше не ждём"]);
    assert_eq!(awaited(&firm, &card), "");
    // The same word once more is a new wait.
    await_in_line(&firm, "maria_demo", &card, "логотип").await;
    assert!(firm.memory(&card).await.clock.waiting.is_some());
    assert_eq!(awaited(&firm, &card), "логотип");
    // A dash is how people leave a line empty.
    await_in_line(&firm, "maria_demo", &card, "нет").await;
    assert!(firm.memory(&card).await.clock.waiting.is_none());
    assert_eq!(awaited(&firm, &card), "нет");
    await_in_line(&firm, "maria_demo", &card, "подпись до 27.01").await;
    firm.until("2027-01-27T10:01").await;
    says(
        &firm.last(&card),
        &["@maria_demo, ждали до 27.01 (подпись)"],
    );
    assert_eq!(awaited(&firm, &card), "");
    let history = firm.everything_stored().await;
    assert!(history.contains("логотип"), "what was waited for is kept");
}

#[tokio::test]
async fn the_field_of_whoever_holds_no_role_is_empty_again() {
    let (firm, card) = request(with_field("text", &radio_text())).await;
    await_in_line(&firm, "gleb_demo", &card, "ответ").await;
    says(
        &firm.last(&card),
        &[
            "@gleb_demo, это поле останавливает время этапа",
            "снова пусто",
        ],
    );
    assert_eq!(awaited(&firm, &card), "");
    assert!(firm.memory(&card).await.clock.waiting.is_none());
    await_in_line(&firm, "maria_demo", &card, "ответ").await;
    await_in_line(&firm, "gleb_demo", &card, "").await;
    assert_eq!(awaited(&firm, &card), "ответ", "it is put back");
    assert!(firm.memory(&card).await.clock.waiting.is_some());
    // What is no day is left to be written better.
    await_in_line(&firm, "maria_demo", &card, "ответ до 32.01").await;
    let said = firm.said(&card).join("\n");
    says(&said, &["@maria_demo, такого дня нет: «32.01»"]);
    assert_eq!(awaited(&firm, &card), "ответ до 32.01");
    await_in_line(&firm, "maria_demo", &card, "ответ до 29.01").await;
    let waiting = firm.memory(&card).await.clock.waiting.unwrap();
    assert_eq!(waiting.until.unwrap().to_string(), "2027-01-29");
}

#[tokio::test]
async fn a_date_in_a_custom_field_is_the_day_it_waits_for() {
    let text = with_field("date", &crate::firm::in_custom_fields());
    let (firm, card) = request(text).await;
    let field = firm.world().with(|state| {
        let mut fields = state.fields.values();
        let field = fields.find(|field| field.name == "Чего ждём");
        field.unwrap().id.clone()
    });
    let path = format!("cards/{}/customField/{field}/item", firm.id(&card));
    let day = json!({ "value": { "date": "2027-01-28T09:00:00.000Z" } });
    firm.hand("maria_demo").put(&path, day).unwrap();
    firm.settle().await;
    let waiting = firm.memory(&card).await.clock.waiting.unwrap();
    assert_eq!(waiting.until.unwrap().to_string(), "2027-01-28");
    firm.until("2027-01-28T09:59").await;
    assert!(firm.memory(&card).await.clock.waiting.is_some());
    firm.until("2027-01-28T10:01").await;
    says(&firm.last(&card), &["@maria_demo, ждали до 28.01"]);
    assert!(!firm.card(&card).values.contains_key(&field));
}

#[tokio::test]
async fn a_card_whose_field_is_filled_waits_on_the_day_its_board_is_attached() {
    let firm = Firm::unattached(with_field("text", &radio_text())).await;
    await_in_line(&firm, "maria_demo", "boot", "оплату").await;
    firm.attach().await;
    let waiting = firm.memory("boot").await.clock.waiting.unwrap();
    assert_eq!(waiting.reason, "оплату");
    firm.write("maria_demo", "boot", "/дальше").await;
    assert_eq!(awaited(&firm, "boot"), "");
}

#[tokio::test]
async fn a_process_that_only_watches_empties_no_field() {
    let (firm, card) = request(watching(&with_field("text", &radio_text()))).await;
    await_in_line(&firm, "maria_demo", &card, "логотип").await;
    firm.write("maria_demo", &card, "/дальше").await;
    assert_eq!(awaited(&firm, &card), "логотип", "it is a person's text");
}

#[tokio::test]
async fn what_was_typed_since_the_wait_ended_is_not_emptied() {
    let (firm, card) = request(with_field("text", &radio_text())).await;
    await_in_line(&firm, "maria_demo", &card, "логотип").await;
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
    assert_eq!(awaited(&firm, &card), "подпись до 29.01", "{waiting:?}");
}

#[tokio::test]
async fn a_field_that_waits_from_now_on_loses_nothing_to_an_older_wait() {
    let (firm, card) = request(with_field("text", &radio_text())).await;
    await_in_line(&firm, "maria_demo", &card, "логотип").await;
    line(&firm, "maria_demo", &card, "Заметка", "звонить после обеда").await;
    let note =
        "[[field]]\nkey = \"memo\"\nname = \"Заметка\"\nkind = \"text\"\nwaits = true\n\n[[field]]";
    let text = with_field("text", &radio_text()).replacen("waits = true\n", "", 1);
    let text = text.replacen("[[field]]", note, 1);
    firm.renew(&text).await;
    firm.write("maria_demo", &card, "/дальше").await;
    assert_eq!(reads(&firm, &card, "Заметка"), "звонить после обеда");
}

#[tokio::test]
async fn a_card_that_is_made_with_the_field_filled_waits() {
    let firm = Firm::at("2027-01-26T11:00", with_field("text", &radio_text())).await;
    let wish = json!({
        "idList": firm.list("request"),
        "name": "Новая Волна",
        "desc": "Чего ждём: логотип до 28.01",
    });
    let made = firm.hand("maria_demo").post("cards", wish).unwrap();
    firm.settle().await;
    let card = made["id"].as_str().unwrap().to_owned();
    line(&firm, "maria_demo", &card, "Мессенджер", "нет такого").await;
    assert!(firm.memory(&card).await.clock.waiting.is_some());
}
