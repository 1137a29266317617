//! The clock of a stage: what is told as its limit runs out, each step once; in whose hours it runs; what
//! becomes of it when the rules change under running cards.

use crate::firm::{Firm, radio_text, says};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use signalman::engine::{Engine, Options, Watch};
use signalman::sandbox;
use signalman::store::{Sqlite, Store};
use std::sync::Arc;

pub fn moscow(wall: &str) -> Timestamp {
    let wall: jiff::civil::DateTime = wall.parse().unwrap();
    let tz = TimeZone::get("Europe/Moscow").unwrap();
    tz.to_timestamp(wall).unwrap()
}

impl Firm {
    /// Attached at that time.
    pub async fn at(wall: &str, text: String) -> Self {
        let begins = |_| moscow(wall);
        let firm = Self::on(sandbox::Options::default(), text, begins).await;
        firm.attach().await;
        firm.world().forget_requests();
        firm
    }

    /// Lets time pass until then, and what falls due happen.
    pub async fn until(&self, wall: &str) {
        let ahead = moscow(wall).duration_since(self.now());
        assert!(ahead.is_positive(), "{wall} is over");
        self.world().advance(ahead);
        self.settle().await;
    }

    /// The card's due date is that one, up to the seconds that attaching took.
    pub fn is_due(&self, card: &str, wall: &str) -> bool {
        let due = self.card(card).due.unwrap();
        let off = due.duration_since(moscow(wall)).as_secs().abs();
        assert!(off < 60, "{due} is not {wall}");
        true
    }

    /// Time goes by, and the service is not there.
    pub fn nobody_looks_until(&self, wall: &str) {
        self.world()
            .advance(moscow(wall).duration_since(self.now()));
    }

    pub fn restart(&mut self) {
        let store: Arc<dyn Store> = Arc::<Sqlite>::clone(&self.store);
        let trello = Arc::clone(&self.trello);
        self.engine = Arc::new(Engine::new(store, trello, Options::default()));
    }

    /// Another file, put in force while the service runs.
    pub async fn renew(&self, text: &str) {
        self.put_in_force(text).await;
        self.engine.renewed(&self.board(), self.now()).await;
        self.settle().await;
    }
}

/// A request of a Tuesday, 11:00: its four hours end at 16:00, for lunch is not worked.
async fn request() -> (Firm, String) {
    let firm = Firm::at("2027-01-26T11:00", radio_text()).await;
    let card = firm.create("gleb_demo", "request", "Новая Волна").await;
    (firm, card)
}

const LATE: &str = "Опаздывает";

fn is_late(firm: &Firm, card: &str) -> bool {
    firm.labels(card).contains(&LATE.to_owned())
}

#[tokio::test]
async fn each_step_is_told_once_to_whom_it_concerns() {
    let (firm, card) = request().await;
    says(
        &firm.last(&card),
        &["@maria_demo, ваш ход", "Срок: вт 26.01, 16:00"],
    );
    let arrived = firm.said(&card).len();
    firm.until("2027-01-26T15:11").await;
    assert_eq!(firm.said(&card).len(), arrived, "{}", firm.last(&card));
    firm.until("2027-01-26T15:13").await;
    says(
        &firm.last(&card),
        &[
            "@maria_demo, скоро срок",
            "«Новый запрос»",
            "вт 26.01, 16:00",
            "/ждём",
        ],
    );
    assert!(!is_late(&firm, &card));
    firm.until("2027-01-26T16:01").await;
    says(
        &firm.last(&card),
        &[
            "@maria_demo, «Новая Волна»",
            "срок этапа «Новый запрос» вышел",
            "Что мешает?",
        ],
    );
    assert!(is_late(&firm, &card));
    firm.until("2027-01-26T18:01").await;
    says(
        &firm.last(&card),
        &["@denis_demo, «Новая Волна»", "Сейчас ход: Мария (менеджер)"],
    );
    assert_eq!(firm.said(&card).len(), arrived + 3);
    firm.until("2027-02-01T12:00").await;
    assert_eq!(firm.said(&card).len(), arrived + 3, "{}", firm.last(&card));
}

#[tokio::test]
async fn a_restart_between_two_steps_tells_neither_twice() {
    let (mut firm, card) = request().await;
    let arrived = firm.said(&card).len();
    firm.until("2027-01-26T15:13").await;
    assert_eq!(firm.said(&card).len(), arrived + 1);
    firm.restart();
    firm.settle().await;
    assert_eq!(firm.said(&card).len(), arrived + 1);
    firm.until("2027-01-26T16:01").await;
    assert_eq!(firm.said(&card).len(), arrived + 2);
    assert!(is_late(&firm, &card));
}

#[tokio::test]
async fn steps_that_passed_while_nobody_looked_are_told_as_one() {
    let (mut firm, card) = request().await;
    let arrived = firm.said(&card).len();
    firm.nobody_looks_until("2027-01-28T12:00");
    firm.restart();
    firm.settle().await;
    assert_eq!(
        firm.said(&card).len(),
        arrived + 1,
        "{:?}",
        firm.said(&card)
    );
    says(
        &firm.last(&card),
        &["@denis_demo, «Новая Волна» на этапе «Новый запрос» дольше срока на 2 дня."],
    );
    assert!(is_late(&firm, &card));
}

#[tokio::test]
async fn what_a_delay_has_cost_is_said() {
    let firm = Firm::at("2027-01-26T11:00", radio_text()).await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.drag("maria_demo", "boot", "connect").await;
    // Sixteen hours of work: until Thursday, 11:00. Half as much again: until Friday.
    firm.until("2027-01-28T11:01").await;
    says(
        &firm.last("boot"),
        &["@ilya_demo и @egor_demo", "срок этапа «Подключение» вышел"],
    );
    firm.until("2027-01-29T11:01").await;
    let said = firm.said("boot");
    says(
        said.last().unwrap(),
        &[
            "@maria_demo и @denis_demo",
            "дольше срока на 1 день; задержка стоила 263,33\u{a0}₽",
            "Сейчас ход: Илья",
        ],
    );
}

#[tokio::test]
async fn the_label_is_off_where_the_card_has_gone_on() {
    let firm = Firm::at("2027-01-26T11:00", radio_text()).await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.drag("maria_demo", "boot", "connect").await;
    firm.until("2027-01-28T12:00").await;
    assert!(is_late(&firm, "boot"));
    firm.drag("maria_demo", "boot", "invoice").await;
    assert_eq!(firm.stands("boot"), "invoice");
    assert!(!is_late(&firm, "boot"));
}

#[tokio::test]
async fn a_step_back_that_is_undone_at_once_changes_nothing() {
    let firm = Firm::at("2027-01-26T11:00", radio_text()).await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.drag("maria_demo", "boot", "connect").await;
    firm.until("2027-01-28T12:00").await;
    let (due, said) = (firm.card("boot").due, firm.said("boot").len());
    assert!(is_late(&firm, "boot"));
    firm.drag("maria_demo", "boot", "invoice").await;
    firm.drag("maria_demo", "boot", "connect").await;
    assert!(is_late(&firm, "boot"), "it is as late as before");
    assert_eq!(firm.card("boot").due, due);
    let new = firm.said("boot").split_off(said);
    assert!(
        !new.iter().any(|text| text.contains("срок этапа")),
        "{new:?}"
    );
}

#[tokio::test]
async fn a_holiday_week_is_not_counted() {
    // The last working day of 2026, and the first of 2027.
    let firm = Firm::at("2026-12-30T17:00", radio_text()).await;
    let card = firm.create("gleb_demo", "request", "Новая Волна").await;
    assert!(firm.is_due(&card, "2027-01-11T12:00"));
    let arrived = firm.said(&card).len();
    firm.until("2027-01-10T12:00").await;
    assert_eq!(firm.said(&card).len(), arrived, "{}", firm.last(&card));
    firm.until("2027-01-11T11:13").await;
    says(&firm.last(&card), &["скоро срок", "пн 11.01, 12:00"]);
}

#[tokio::test]
async fn a_rule_that_changes_times_the_cards_anew() {
    let (firm, card) = request().await;
    let limit = |hours: &str| {
        let four = "key = \"request\"";
        let text = radio_text();
        let at = text.find(&format!("[[stage]]\n{four}")).unwrap();
        let (before, after) = text.split_at(at);
        format!("{before}{}", after.replacen("limit = \"4h\"", hours, 1))
    };
    let said = firm.said(&card).len();
    firm.until("2027-01-26T12:30").await;
    // Nobody is asked twice for what nobody changed.
    firm.renew(&format!("{}\n# a remark\n", radio_text())).await;
    assert_eq!(firm.said(&card).len(), said, "{}", firm.last(&card));
    assert!(firm.is_due(&card, "2027-01-26T16:00"));
    firm.renew(&limit("limit = \"1h\"")).await;
    assert!(firm.is_due(&card, "2027-01-26T12:00"));
    assert!(is_late(&firm, &card));
    says(
        &firm.last(&card),
        &["@denis_demo", "срок этапа «Новый запрос» вышел"],
    );
    firm.renew(&limit("limit = \"10h\"")).await;
    assert!(firm.is_due(&card, "2027-01-27T14:00"));
    assert!(!is_late(&firm, &card));
    let said = firm.said(&card).len();
    // Eight of the ten hours.
    firm.until("2027-01-27T11:01").await;
    assert_eq!(firm.said(&card).len(), said + 1);
    says(&firm.last(&card), &["@maria_demo, скоро срок"]);
}

#[tokio::test]
async fn edits_that_have_nothing_to_do_with_time_reset_nothing() {
    let (firm, card) = request().await;
    firm.until("2027-01-26T15:13").await;
    let (due, said) = (firm.card(&card).due, firm.said(&card).len());
    let wish = serde_json::json!({ "name": "Новая Волна, Тверь" });
    firm.change("maria_demo", &card, wish).await;
    let desc = format!("{}\n\nПозвонить после обеда.", firm.card(&card).desc);
    firm.change("maria_demo", &card, serde_json::json!({ "desc": desc }))
        .await;
    assert_eq!((firm.card(&card).due, firm.said(&card).len()), (due, said));
    firm.until("2027-01-26T16:01").await;
    assert_eq!(firm.said(&card).len(), said + 1);
}

/// With an accountant who works on Tuesdays and Thursdays, from ten to two.
fn part_time() -> String {
    let hours = "# hours = { days = [\"tue\", \"thu\"], from = \"10:00\", to = \"14:00\" }";
    let text = radio_text();
    assert!(text.contains(hours), "the shipped file shows it");
    text.replacen(hours, &hours[2..], 1)
}

#[tokio::test]
async fn a_part_time_accountant_has_hours_of_her_own() {
    let firm = Firm::at("2027-01-26T11:00", part_time()).await;
    firm.to_invoice("kefir").await;
    assert_eq!(firm.stands("kefir"), "invoice", "{}", firm.last("kefir"));
    // Three hours on that Tuesday, four on each of the next five days, one more.
    assert!(firm.is_due("kefir", "2027-02-16T11:00"));
    // Four fifths of the limit are 19 hours and 12 minutes.
    let said = firm.said("kefir").len();
    firm.until("2027-02-11T10:11").await;
    assert_eq!(firm.said("kefir").len(), said, "{}", firm.last("kefir"));
    firm.until("2027-02-11T10:14").await;
    says(
        &firm.last("kefir"),
        &["@olga_demo, скоро срок", "вт 16.02, 11:00"],
    );
}

#[tokio::test]
async fn one_person_may_have_hours_of_their_own() {
    let own = "\n[[person]]\nlogin = \"olga_demo\"\nhours = { days = [\"wed\"], from = \"12:00\", to = \"18:00\" }\n";
    let text = radio_text().replacen("\n[[field]]", &format!("{own}\n[[field]]"), 1);
    let firm = Firm::at("2027-01-26T11:00", text).await;
    firm.to_invoice("kefir").await;
    // Six hours a week.
    assert!(firm.is_due("kefir", "2027-02-17T18:00"));
    let said = firm.said("kefir");
    assert!(
        !said.iter().any(|text| text.contains("@olga_demo")),
        "{said:?}"
    );
    firm.until("2027-01-27T12:01").await;
    says(
        &firm.last("kefir"),
        &["@olga_demo, доброе утро: ваш ход, «Счёт и оплата»"],
    );
}

#[tokio::test]
async fn cards_that_were_there_before_are_timed_by_what_trello_tells_of_them() {
    let firm = Firm::at("2027-01-26T11:00", radio_text()).await;
    // Four working days in «Подключение», which has two: that shows, and nobody is called for it.
    assert_eq!(firm.stands("alarm"), "connect");
    let before = firm.said("alarm").len();
    let mut watch = Watch::default();
    firm.engine
        .look_round(firm.now(), &mut watch)
        .await
        .unwrap();
    firm.settle().await;
    assert!(is_late(&firm, "alarm"));
    firm.until("2027-01-28T11:01").await;
    let said = firm.said("alarm").split_off(before);
    assert!(said.is_empty(), "{said:?}");
    // Three working days in «Договор», which has five: the next step is told.
    says(&firm.last("kefir"), &["срок этапа «Договор» вышел"]);
    // Put in force by a command, while nobody tells the service: the next look finds it.
    let longer = radio_text().replace("limit = \"16h\"", "limit = \"160h\"");
    firm.put_in_force(&longer).await;
    assert!(is_late(&firm, "alarm"));
    firm.until("2027-01-29T12:00").await;
    firm.engine
        .look_round(firm.now(), &mut watch)
        .await
        .unwrap();
    firm.settle().await;
    assert!(!is_late(&firm, "alarm"));
    assert!(
        firm.card("alarm").due.is_none_or(|due| due < firm.now()),
        "it was not ours to give"
    );
}

#[tokio::test]
async fn a_card_that_lay_beside_the_process_is_timed_when_it_is_back() {
    let (firm, card) = request().await;
    firm.until("2027-01-26T15:00").await;
    firm.drag("maria_demo", &card, "how").await;
    firm.until("2027-01-26T15:30").await;
    firm.drag("maria_demo", &card, "request").await;
    assert_eq!(firm.stands(&card), "request");
    let said = firm.said(&card).len();
    firm.until("2027-01-26T16:01").await;
    firm.look_round().await;
    let new = firm.said(&card).split_off(said).join("\n");
    says(&new, &["срок этапа «Новый запрос» вышел"]);
}

#[tokio::test]
async fn a_card_that_is_handed_over_runs_in_the_hours_of_who_has_it() {
    let role = "[[role]]\nkey = \"engineer\"\n";
    let text = radio_text().replacen(role, &format!("{role}turn = \"round_robin\"\n"), 1);
    let own = "\n[[person]]\nlogin = \"egor_demo\"\nhours = { days = [\"wed\"], from = \"12:00\", to = \"18:00\" }\n";
    let text = text.replacen("\n[[field]]", &format!("{own}\n[[field]]"), 1);
    let at = text.find("[[stage]]\nkey = \"connect\"").unwrap();
    let (before, after) = text.split_at(at);
    let text = format!("{before}{}", after.replacen("  members = true\n", "", 1));
    let firm = Firm::at("2027-01-26T11:00", text).await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.drag("maria_demo", "boot", "connect").await;
    let first = firm.card("boot").due.unwrap();
    firm.write("ilya_demo", "boot", "/отсутствую 27.01–12.02")
        .await;
    let mut rounds = signalman::engine::Rounds::default();
    firm.until("2027-01-27T10:30").await;
    firm.engine
        .hand_over(firm.now(), &mut rounds)
        .await
        .unwrap();
    firm.settle().await;
    let egor = firm.demo.people["egor_demo"].clone();
    let holders = firm.memory("boot").await.holders;
    assert_eq!(holders.len(), 1);
    assert_eq!(holders[0].as_str(), egor);
    let second = firm.card("boot").due.unwrap();
    assert!(second > first, "{first} {second}");
}
