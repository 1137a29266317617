//! Waiting for the client: by command, by label, until a day; the clock stands still meanwhile.

use crate::firm::{Firm, radio_text, says};
use crate::panel::Panel;
use serde_json::json;

const WAITS: &str = "Ждём клиента";

async fn request(text: String) -> (Firm, String) {
    let firm = Firm::at("2027-01-26T11:00", text).await;
    let card = firm.create("gleb_demo", "request", "Новая Волна").await;
    (firm, card)
}

fn waits(firm: &Firm, card: &str) -> bool {
    firm.labels(card).contains(&WAITS.to_owned())
}

fn label(firm: &Firm, username: &str, card: &str, on: bool) {
    let id = firm.world().with(|state| {
        let mut labels = state.labels.values();
        labels.find(|label| label.name == WAITS).unwrap().id.clone()
    });
    let path = format!("cards/{}/idLabels", firm.id(card));
    match on {
        true => {
            let wish = json!({ "value": id });
            firm.hand(username).post(&path, wish).unwrap();
        }
        false => {
            let path = format!("{path}/{id}");
            firm.hand(username).delete(&path).unwrap();
        }
    }
}

#[tokio::test]
async fn while_it_waits_its_time_stands_still() {
    let (firm, card) = request(radio_text()).await;
    firm.until("2027-01-26T12:00").await;
    firm.write("maria_demo", &card, "/ждём логотип и ИНН до 29.01")
        .await;
    says(
        &firm.last(&card),
        &[
            "Ждём: логотип и ИНН, до пт 29.01.",
            "Время этапа пока стоит",
            "/дальше",
        ],
    );
    assert!(waits(&firm, &card));
    let said = firm.said(&card).len();
    firm.until("2027-01-28T18:00").await;
    assert_eq!(firm.said(&card).len(), said, "{}", firm.last(&card));
    firm.write("maria_demo", &card, "/почему").await;
    says(&firm.last(&card), &["Ждём: логотип и ИНН, до пт 29.01."]);
    firm.write("maria_demo", &card, "/дальше").await;
    // One hour was over; three are left.
    says(
        &firm.last(&card),
        &["Больше не ждём", "Срок: пт 29.01, 12:00"],
    );
    assert!(!waits(&firm, &card));
    assert!(firm.is_due(&card, "2027-01-29T12:00"));
}

#[tokio::test]
async fn a_pause_over_a_weekend_ends_on_its_day() {
    let firm = Firm::at("2027-01-22T17:00", radio_text()).await;
    let card = firm.create("gleb_demo", "request", "Новая Волна").await;
    firm.until("2027-01-22T18:30").await;
    firm.write("maria_demo", &card, "/wait the logo until 25 Jan")
        .await;
    let said = firm.said(&card).len();
    firm.until("2027-01-25T09:59").await;
    assert_eq!(firm.said(&card).len(), said, "{}", firm.last(&card));
    firm.until("2027-01-25T10:01").await;
    says(
        &firm.last(&card),
        &[
            "@maria_demo, ждали до 25.01 (the logo): напишите клиенту ещё раз или отложите карточку.",
            "Срок: пн 25.01, 12:30",
        ],
    );
    assert!(!waits(&firm, &card));
    assert!(firm.is_due(&card, "2027-01-25T12:30"));
    // From there on the ladder goes on.
    firm.until("2027-01-25T12:31").await;
    says(&firm.last(&card), &["срок этапа «Новый запрос» вышел"]);
}

#[tokio::test]
async fn the_label_stops_it_and_lets_it_run() {
    let (firm, card) = request(radio_text()).await;
    firm.until("2027-01-26T12:00").await;
    let said = firm.said(&card).len();
    label(&firm, "maria_demo", &card, true);
    firm.settle().await;
    assert_eq!(firm.said(&card).len(), said, "whoever did it knows");
    assert!(firm.memory(&card).await.clock.waiting.is_some());
    firm.until("2027-01-28T12:00").await;
    assert_eq!(firm.said(&card).len(), said, "{}", firm.last(&card));
    label(&firm, "maria_demo", &card, false);
    firm.settle().await;
    assert!(firm.memory(&card).await.clock.waiting.is_none());
    assert!(!waits(&firm, &card));
    // One hour was over at noon; three more are there at 16:00, for lunch is not worked.
    assert!(firm.is_due(&card, "2027-01-28T16:00"));
}

#[tokio::test]
async fn whoever_holds_no_role_is_told_so() {
    let (firm, card) = request(radio_text()).await;
    firm.write("gleb_demo", &card, "/ждём ответа").await;
    says(
        &firm.last(&card),
        &["@gleb_demo, ", "у кого в процессе есть роль"],
    );
    assert!(!waits(&firm, &card));
    label(&firm, "gleb_demo", &card, true);
    firm.settle().await;
    assert!(!waits(&firm, &card), "it was as it was");
    says(
        &firm.last(&card),
        &["@gleb_demo, эта метка останавливает время этапа"],
    );
    assert!(firm.memory(&card).await.clock.waiting.is_none());
}

#[tokio::test]
async fn what_is_no_day_is_asked_for_again() {
    let (firm, card) =
        request(radio_text().replacen("language = \"ru\"", "language = \"en\"", 1)).await;
    firm.write("maria_demo", &card, "/wait the logo until 32.01")
        .await;
    says(
        &firm.last(&card),
        &["@maria_demo, there is no such day: “32.01”", "/wait"],
    );
    firm.write("maria_demo", &card, "/wait the logo until 20 Jan 2027")
        .await;
    says(&firm.last(&card), &["Wed 20 Jan is not ahead any more"]);
    assert!(!waits(&firm, &card));
    firm.write("maria_demo", &card, "/go").await;
    says(&firm.last(&card), &["the card is not waiting for anybody"]);
    firm.write("maria_demo", &card, "/wait the logo until 29 Jan")
        .await;
    says(
        &firm.last(&card),
        &["Waiting: the logo, until Fri 29 Jan.", "/go"],
    );
    firm.until("2027-01-29T10:01").await;
    says(
        &firm.last(&card),
        &[
            "@maria_demo, waited until 29 Jan (the logo): write to the client once more, or postpone the card.",
        ],
    );
}

#[tokio::test]
async fn a_move_ends_it() {
    let firm = Firm::at("2027-01-26T11:00", radio_text()).await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.write("maria_demo", "boot", "/ждём оплату").await;
    assert!(waits(&firm, "boot"));
    let said = firm.said("boot").len();
    firm.drag("maria_demo", "boot", "connect").await;
    assert!(!waits(&firm, "boot"));
    let new = firm.said("boot").split_off(said);
    assert!(!new.iter().any(|text| text.contains("не ждём")), "{new:?}");
    assert!(firm.memory("boot").await.clock.waiting.is_none());
}

#[tokio::test]
async fn a_page_shows_what_is_waited_for() {
    let (firm, card) = request(radio_text()).await;
    firm.until("2027-01-26T12:00").await;
    firm.write("maria_demo", &card, "/ждём логотип до 29.01")
        .await;
    firm.until("2027-01-27T12:00").await;
    let maria = Panel::of(&firm, "maria_demo");
    let standing = maria.card_by_id(&card).await.body["standing"].clone();
    assert_eq!(standing["waiting"]["reason"], "логотип");
    assert_eq!(standing["waiting"]["until"], "2027-01-29");
    assert_eq!(
        standing["so_far_minutes"], 59,
        "since yesterday noon it stands"
    );
    let badges = maria.get(&format!("{}/badges", maria.board())).await;
    let badge = &badges.body["cards"][card.as_str()];
    assert_eq!(badge["waiting"]["until"], "2027-01-29", "{badge}");
}

/// The firm's process with a field that stops the time.
fn with_field(kind: &str, text: &str) -> String {
    let field = format!(
        "[[field]]\nkey = \"awaited\"\nname = \"Чего ждём\"\nkind = \"{kind}\"\nwaits = true\n\n[[field]]"
    );
    text.replacen("[[field]]", &field, 1)
}

/// Writes its line below what stands in the description.
async fn await_in_line(firm: &Firm, username: &str, card: &str, value: &str) {
    let desc = firm.card(card).desc;
    let others = desc.lines().filter(|line| !line.starts_with("Чего ждём"));
    let line = format!("Чего ждём: {value}");
    let lines: Vec<_> = others.chain([line.as_str()]).collect();
    let wish = json!({ "desc": lines.join("\n") });
    firm.change(username, card, wish).await;
}

fn awaited(firm: &Firm, card: &str) -> String {
    let desc = firm.card(card).desc;
    let mut values = desc
        .lines()
        .filter_map(|line| line.strip_prefix("Чего ждём:"));
    values.next().unwrap_or_default().trim().to_owned()
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
