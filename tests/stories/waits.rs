//! Waiting for the client: by command, by label, until a day; the clock stands still meanwhile.

use crate::firm::{Firm, radio_text, says};
use crate::panel::Panel;
use serde_json::json;

const WAITS: &str = "Ждём клиента";

pub async fn request(text: String) -> (Firm, String) {
    let firm = Firm::at("2027-01-26T11:00", text).await;
    let card = firm.create("gleb_demo", "request", "Новая Волна").await;
    (firm, card)
}

pub fn waits(firm: &Firm, card: &str) -> bool {
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
