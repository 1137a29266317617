//! Boards that come back, detached and set up again: a card's time, its waits and what was to be told of
//! them outlive that, and what was over meanwhile is over. So it is with cards that are found waiting on
//! the first day, and with a stage whose limit is taken out of the file.

use crate::firm::{Firm, radio_text, says};
use crate::messages::{Hook, person};
use crate::places;
use serde_json::json;
use signalman::attach::Attach;
use signalman::engine::{Nights, Watch};
use signalman::process::file;
use signalman::sandbox;

const WAITS: &str = "Ждём клиента";
const LATE: &str = "Опаздывает";
const AWAITED: &str = "Чего ждём";

impl Firm {
    async fn detach(&self) {
        let attach = Attach {
            trello: &self.trello,
            store: &*self.store,
        };
        attach.detach(&self.board(), self.now()).await.unwrap();
    }

    /// Set up again, and looked through as a board is that begins to be held.
    async fn come_back(&self) {
        self.attach().await;
        self.look_through().await;
    }

    async fn look_through(&self) {
        let mut watch = Watch::default();
        let looked = self.engine.look_round(self.now(), &mut watch);
        looked.await.unwrap();
        self.settle().await;
    }

    /// Puts the label on that says so, or takes it off, and waits for nothing.
    fn label_waiting(&self, card: &str, on: bool) {
        let label = self.world().with(|state| {
            let mut labels = state.labels.values();
            labels.find(|label| label.name == WAITS).unwrap().id.clone()
        });
        let (hand, path) = (
            self.hand("maria_demo"),
            format!("cards/{}/idLabels", self.id(card)),
        );
        match on {
            true => hand.post(&path, json!({ "value": label })).unwrap(),
            false => hand.delete(&format!("{path}/{label}")).unwrap(),
        };
    }

    fn bears(&self, card: &str, label: &str) -> bool {
        self.labels(card).contains(&label.to_owned())
    }

    async fn await_in_line(&self, card: &str, value: &str) {
        let desc = self.card(card).desc;
        let others = desc.lines().filter(|line| !line.starts_with(AWAITED));
        let line = format!("{AWAITED}: {value}");
        let lines: Vec<_> = others.chain([line.as_str()]).collect();
        let wish = json!({ "desc": lines.join("\n") });
        self.change("maria_demo", card, wish).await;
    }
}

/// A request of a Tuesday, 11:00: its four hours end at 16:00, for lunch is not worked.
async fn request(text: String) -> (Firm, String) {
    let firm = Firm::at("2027-01-26T11:00", text).await;
    let card = firm.create("gleb_demo", "request", "Новая Волна").await;
    (firm, card)
}

/// A line of the description says what a card waits for.
fn with_field(text: &str) -> String {
    let field = format!(
        "[[field]]\nkey = \"awaited\"\nname = \"{AWAITED}\"\nkind = \"text\"\nwaits = true\n\n[[field]]"
    );
    text.replacen("[[field]]", &field, 1)
}

fn without(text: &str, section: &str) -> String {
    let mut parts = text.split(section);
    let mut kept = parts.next().unwrap().to_owned();
    for part in parts {
        kept += part.split_once("\n\n").map_or("", |(_, rest)| rest);
    }
    kept
}

/// Attached while that stands in a card's line.
async fn found_waiting(text: String, card: &str, value: &str) -> Firm {
    let begins = |_| crate::clock::moscow("2027-01-26T11:00");
    let firm = Firm::on(sandbox::Options::default(), text, begins).await;
    firm.await_in_line(card, value).await;
    firm.come_back().await;
    firm
}

#[tokio::test]
async fn under_the_same_file_its_clocks_run_on() {
    let (firm, card) = request(radio_text()).await;
    let before = firm.said(&card).len();
    firm.detach().await;
    firm.come_back().await;
    firm.until("2027-01-26T16:10").await;
    let new = firm.said(&card).split_off(before).join("\n");
    says(&new, &["срок этапа «Новый запрос» вышел"]);
}

#[tokio::test]
async fn a_wait_until_a_day_ends_on_it() {
    let (firm, card) = request(radio_text()).await;
    firm.write("maria_demo", &card, "/ждём логотип до 28.01")
        .await;
    firm.detach().await;
    firm.come_back().await;
    firm.until("2027-01-28T10:30").await;
    says(&firm.last(&card), &["ждали до 28.01"]);
}

#[tokio::test]
async fn its_pauses_are_remembered() {
    let (mut firm, card) = request(radio_text()).await;
    firm.until("2027-01-26T12:00").await;
    firm.write("maria_demo", &card, "/ждём логотип").await;
    firm.until("2027-01-28T12:00").await;
    firm.write("maria_demo", &card, "/дальше").await;
    assert!(firm.is_due(&card, "2027-01-28T16:00"));
    // Four fifths are over: told.
    firm.until("2027-01-28T15:20").await;
    firm.detach().await;
    firm.text += "\n# a remark\n";
    firm.process = file::read(&firm.text).unwrap().process;
    firm.come_back().await;
    let said = firm.said(&card).join("\n");
    assert!(!said.contains("срок этапа «Новый запрос» вышел"), "{said}");
    assert!(!firm.bears(&card, LATE), "40 minutes are left");
    let stay = firm.memory(&card).await.clock.stay.unwrap();
    assert_eq!(stay.pauses.len(), 1, "{stay:?}");
    firm.until("2027-01-28T16:01").await;
    assert!(firm.bears(&card, LATE));
}

#[tokio::test]
async fn a_wait_that_was_over_while_nobody_held_the_board_is_over() {
    let (firm, card) = request(radio_text()).await;
    firm.write("maria_demo", &card, "/ждём логотип").await;
    assert!(firm.bears(&card, WAITS));
    firm.detach().await;
    firm.label_waiting(&card, false);
    firm.drag("maria_demo", &card, "details").await;
    firm.come_back().await;
    firm.write("maria_demo", &card, "Позвонила им").await;
    firm.write("maria_demo", &card, "/почему").await;
    let last = firm.last(&card);
    assert!(!firm.bears(&card, WAITS), "the label came back");
    assert!(!last.contains("логотип"), "{last}");
}

#[tokio::test]
async fn where_its_label_alone_was_taken_off_its_time_runs_from_then() {
    let (firm, card) = request(radio_text()).await;
    firm.until("2027-01-26T12:00").await;
    firm.write("maria_demo", &card, "/ждём логотип").await;
    firm.detach().await;
    firm.label_waiting(&card, false);
    firm.nobody_looks_until("2027-01-28T12:00");
    firm.come_back().await;
    assert!(firm.memory(&card).await.clock.waiting.is_none());
    assert!(!firm.bears(&card, WAITS));
    assert!(
        firm.is_due(&card, "2027-01-28T16:00"),
        "when it was over, nobody knows"
    );
}

#[tokio::test]
async fn a_wait_that_shows_nowhere_is_kept_where_the_card_stands_as_it_did() {
    let text = without(&radio_text(), "[[label]]\nkey = \"waiting\"");
    let (firm, card) = request(text).await;
    firm.write("maria_demo", &card, "/ждём логотип").await;
    firm.detach().await;
    firm.come_back().await;
    let waiting = firm.memory(&card).await.clock.waiting.unwrap();
    assert_eq!(waiting.reason, "логотип");
    firm.detach().await;
    firm.drag("maria_demo", &card, "details").await;
    firm.come_back().await;
    assert!(firm.memory(&card).await.clock.waiting.is_none());
}

#[tokio::test]
async fn time_that_was_worked_before_is_not_given_again() {
    let (firm, card) = request(radio_text()).await;
    firm.until("2027-01-26T15:20").await;
    firm.detach().await;
    firm.label_waiting(&card, true);
    firm.come_back().await;
    firm.until("2027-01-27T12:00").await;
    firm.write("maria_demo", &card, "/дальше").await;
    says(&firm.last(&card), &["Срок: ср 27.01, 12:4"]);
}

#[tokio::test]
async fn whoever_was_named_in_the_night_is_called_in_the_morning() {
    let firm = Firm::at("2027-01-26T18:00", radio_text()).await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.until("2027-01-26T21:00").await;
    firm.drag("maria_demo", "boot", "connect").await;
    let missed = firm.memory("boot").await.clock.morning;
    assert!(!missed.is_empty());
    firm.detach().await;
    firm.come_back().await;
    let before = firm.said("boot").len();
    firm.until("2027-01-27T10:05").await;
    let new = firm.said("boot").split_off(before).join("\n");
    says(&new, &["@ilya_demo", "доброе утро"]);
}

#[tokio::test]
async fn a_message_held_over_night_comes_in_the_morning() {
    let hook = Hook::open().await;
    let text = radio_text() + &hook.way("hook") + &person("denis_demo", &["hook"], "");
    let firm = Firm::at("2027-01-26T21:00", text).await;
    let path = format!("cards/{}", firm.id("boot"));
    firm.hand("maria_demo").delete(&path).unwrap();
    firm.settle().await;
    firm.detach().await;
    firm.come_back().await;
    assert!(hook.said().is_empty(), "{:#?}", hook.said());
    firm.until("2027-01-27T12:00").await;
    assert_eq!(hook.said().len(), 1, "{:#?}", hook.said());
}

#[tokio::test]
async fn what_was_confirmed_for_a_day_is_charged_from_then_on() {
    let firm = Firm::with(places::text("")).await;
    places::to_active(&firm, "airfield").await;
    firm.fill("maria_demo", "airfield", &[("Абонплата в месяц", "5 900")])
        .await;
    let in_three_days = format!("/подтвердить {}", firm.day(3));
    firm.write("olga_demo", "airfield", &in_three_days).await;
    let mut nights = Nights::default();
    let reading = firm.engine.read_places(firm.now(), &mut nights);
    reading.await.unwrap();
    firm.detach().await;
    firm.come_back().await;
    for _ in 0..4 {
        firm.wait(24 * 60).await;
        let reading = firm.engine.read_places(firm.now(), &mut nights);
        reading.await.unwrap();
        firm.settle().await;
    }
    let terms = firm.memory("airfield").await.terms;
    assert_eq!(terms[&"fee".into()].agreed, "5 900");
}

#[tokio::test]
async fn a_wait_found_on_the_first_day_ends_on_its_own() {
    let firm = found_waiting(with_field(&radio_text()), "whale", "ответ до 28.01").await;
    assert!(firm.memory("whale").await.clock.waiting.is_some());
    firm.until("2027-01-28T10:30").await;
    says(&firm.said("whale").join("\n"), &["ждали до 28.01"]);
}

#[tokio::test]
async fn so_it_does_in_a_stage_without_a_limit() {
    let text = without(&with_field(&radio_text()), "[[deadline]]");
    let firm = found_waiting(text, "cellar", "ответ до 28.01").await;
    assert!(firm.memory("cellar").await.clock.waiting.is_some());
    firm.until("2027-01-28T10:30").await;
    says(&firm.said("cellar").join("\n"), &["ждали до 28.01"]);
}

#[tokio::test]
async fn a_stage_whose_limit_was_taken_away_has_no_late_cards() {
    let (firm, card) = request(radio_text()).await;
    firm.until("2027-01-27T12:00").await;
    assert!(firm.bears(&card, LATE));
    let text = radio_text();
    let at = text.find("[[stage]]\nkey = \"request\"").unwrap();
    let (before, after) = text.split_at(at);
    let after = after.replacen("limit = \"4h\"\n", "", 1);
    let after = after.replacen("  due = true\n", "", 1);
    // No dates to be told of either.
    let text = without(&format!("{before}{after}"), "[[deadline]]");
    firm.renew(&text).await;
    assert!(!firm.bears(&card, LATE));
}
