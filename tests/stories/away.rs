//! Somebody is away: cards are with the deputy meanwhile, and come back.

use crate::firm::{Firm, says};
use crate::turns::{connect, firm};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};
use signalman::engine::{Engine, Options, Rounds};
use signalman::model::{Absence, Away};
use signalman::process::{Presence, calendar};
use signalman::store::{Sqlite, Store};
use std::sync::Arc;

fn today(firm: &Firm) -> Date {
    firm.process.today(firm.now())
}

/// So many working days from today.
fn working_day(firm: &Firm, days: i32) -> Date {
    calendar::add_working_days(&firm.process.hours, today(firm), days)
}

/// When work begins on a day.
fn opening(firm: &Firm, day: Date) -> Timestamp {
    let begins = firm.process.begins(day).unwrap();
    calendar::next_open(&firm.process.hours, &firm.process.time_zone, begins)
}

async fn until(firm: &Firm, at: Timestamp) {
    firm.world().advance(at.duration_since(firm.now()));
    firm.settle().await;
}

/// The service looks through the boards, as after a restart.
async fn round(firm: &Firm) {
    let mut rounds = Rounds::default();
    firm.engine
        .hand_over(firm.now(), &mut rounds)
        .await
        .unwrap();
    firm.settle().await;
}

async fn tell(firm: &Firm, who: &str, from: Date, to: Date, deputy: Option<&str>) {
    let id = |name: &str| firm.demo.people[name].as_str().into();
    let away = Away {
        member: id(who),
        from,
        to,
        deputy: deputy.map(id),
    };
    let presence = Presence::Said(Absence::Told(away));
    firm.store.presence(&firm.board(), presence).await.unwrap();
}

fn told(firm: &Firm, card: &str, part: &str) -> usize {
    let said = firm.said(card).into_iter();
    said.filter(|text| text.contains(part)).count()
}

#[tokio::test]
async fn a_deputy_has_the_cards_for_a_week_and_then_they_come_back() {
    let firm = Firm::open().await;
    firm.write("maria_demo", "boot", "/почему").await;
    assert_eq!(firm.members("boot"), ["olga_demo"]);
    let (first, last) = (working_day(&firm, 1), working_day(&firm, 1) + 6.days());
    tell(&firm, "olga_demo", first, last, Some("vera_demo")).await;
    round(&firm).await;
    assert_eq!(firm.members("boot"), ["olga_demo"], "she is here today");
    let due = firm.card("boot").due;

    until(&firm, opening(&firm, first) - SignedDuration::from_mins(5)).await;
    round(&firm).await;
    assert_eq!(firm.members("boot"), ["olga_demo"], "work has not begun");
    until(&firm, opening(&firm, first) + SignedDuration::from_mins(1)).await;
    round(&firm).await;
    assert_eq!(firm.members("boot"), ["vera_demo"]);
    let day = last.strftime("%d.%m").to_string();
    says(
        &firm.last("boot"),
        &[
            "@vera_demo, ваш ход",
            "«Счёт и оплата»",
            "Ольга (бухгалтер)",
            &day,
        ],
    );
    assert_eq!(firm.card("boot").due, due, "its date stays");
    for _ in 0..2 {
        round(&firm).await;
    }
    assert_eq!(
        told(&firm, "boot", "@vera_demo, ваш ход"),
        1,
        "once, however often it starts"
    );

    // She counts as the accountant, and a new card is hers.
    firm.tick("vera_demo", "boot", "paid").await;
    assert!(firm.ticked("boot", "paid"));
    firm.to_invoice("kefir").await;
    assert_eq!(firm.members("kefir"), ["vera_demo"]);
    says(
        &firm.said("kefir").join("\n"),
        &["@vera_demo", "отсутствует по"],
    );
    // What Olga does all the same counts.
    firm.untick("olga_demo", "boot", "paid").await;
    firm.tick("olga_demo", "boot", "paid").await;
    assert!(firm.ticked("boot", "paid"));

    let next = last + 1.day();
    until(&firm, opening(&firm, next) + SignedDuration::from_mins(1)).await;
    round(&firm).await;
    round(&firm).await;
    for card in ["boot", "kefir"] {
        assert_eq!(firm.members(card), ["olga_demo"], "{card}");
        assert_eq!(told(&firm, card, "карточка снова у вас"), 1, "{card}");
    }
    says(&firm.said("boot").join("\n"), &["@olga_demo"]);
}

#[tokio::test]
async fn an_absence_that_is_told_after_it_began_counts_at_once() {
    let firm = Firm::open().await;
    let (from, to) = (today(&firm) - 1.day(), today(&firm) + 3.days());
    let days = format!("с {} до {}", from.strftime("%d.%m"), to.strftime("%d.%m"));
    firm.write(
        "olga_demo",
        "kefir",
        &format!("/отсутствую {days} @vera_demo"),
    )
    .await;
    says(
        &firm.last("kefir"),
        &["записано", "Ольга (бухгалтер)", "Вера"],
    );
    round(&firm).await;
    assert_eq!(firm.members("boot"), ["vera_demo"]);
    says(&firm.last("boot"), &["@vera_demo, ваш ход"]);
    // Another deputy is named, and in the end she is back early.
    firm.write(
        "olga_demo",
        "kefir",
        &format!("/отсутствую {days} @denis_demo"),
    )
    .await;
    round(&firm).await;
    assert_eq!(firm.members("boot"), ["denis_demo"]);
    firm.write("olga_demo", "kefir", "/отсутствую назад").await;
    says(&firm.last("kefir"), &["снова здесь"]);
    round(&firm).await;
    assert_eq!(firm.members("boot"), ["olga_demo"]);
    firm.write("olga_demo", "kefir", "/away back").await;
    says(&firm.last("kefir"), &["и так здесь"]);
}

#[tokio::test]
async fn of_others_the_process_owner_alone_speaks() {
    let firm = Firm::open().await;
    let day = today(&firm).strftime("%d.%m").to_string();
    let away = format!("/away @olga_demo {day} @vera_demo");
    firm.write("ilya_demo", "kefir", &away).await;
    says(&firm.last("kefir"), &["@ilya_demo", "@denis_demo"]);
    let bindings = || async {
        let record = firm.store.board(&firm.board()).await.unwrap();
        record.unwrap().active.bindings.clone()
    };
    assert!(bindings().await.away.is_empty());
    firm.write("denis_demo", "kefir", &away).await;
    assert_eq!(bindings().await.away.len(), 1);
    for (text, answer) in [
        ("/away", "добавьте дни"),
        ("/away скоро", "«скоро»"),
        ("/away 31.02", "«31.02»"),
        (&format!("/away {day} @nobody_demo"), "@nobody_demo"),
        (&format!("/away {day} @ilya_demo"), "кто-то другой"),
    ] {
        firm.write("ilya_demo", "kefir", text).await;
        says(&firm.last("kefir"), &[answer]);
    }
    assert_eq!(bindings().await.away.len(), 1);
}

#[tokio::test]
async fn where_everybody_is_away_the_owner_is_told() {
    let firm = firm("round_robin").await;
    let (from, to) = (today(&firm), working_day(&firm, 2));
    connect(&firm, "boot").await;
    assert_eq!(firm.members("boot"), ["ilya_demo"]);
    tell(&firm, "ilya_demo", from, to, None).await;
    round(&firm).await;
    assert_eq!(
        firm.members("boot"),
        ["egor_demo"],
        "the role's other people"
    );
    tell(&firm, "egor_demo", from, to, None).await;
    round(&firm).await;
    assert!(firm.members("boot").is_empty());
    says(
        &firm.last("boot"),
        &["@denis_demo", "некому заняться", "отсутствует по"],
    );
    connect(&firm, "kefir").await;
    assert!(firm.memory("kefir").await.holders.is_empty());
    says(
        &firm.said("kefir").join("\n"),
        &["@denis_demo", "некому заняться"],
    );
    // One is back: the card that was theirs, and the one that was nobody's.
    let next = opening(&firm, to + 1.day()) + SignedDuration::from_mins(1);
    until(&firm, next).await;
    round(&firm).await;
    assert_eq!(firm.members("boot"), ["ilya_demo"]);
    let kefir = firm.members("kefir");
    assert!(!kefir.is_empty(), "{:?}", firm.said("kefir"));
}

#[tokio::test]
async fn a_card_is_not_given_to_somebody_who_is_away() {
    let firm = firm("round_robin").await;
    let (from, to) = (today(&firm), working_day(&firm, 2));
    tell(&firm, "ilya_demo", from, to, None).await;
    for card in ["boot", "kefir"] {
        connect(&firm, card).await;
        assert_eq!(firm.members(card), ["egor_demo"], "{card}");
    }
    let next = opening(&firm, to + 1.day()) + SignedDuration::from_mins(1);
    until(&firm, next).await;
    round(&firm).await;
    assert_eq!(firm.members("boot"), ["egor_demo"], "it is Egor's own");
    connect(&firm, "teapot").await;
    assert_eq!(firm.members("teapot"), ["ilya_demo"]);
}

#[tokio::test]
async fn on_two_machines_a_card_is_handed_over_once() {
    let firm = Firm::open().await;
    let (from, to) = (today(&firm), working_day(&firm, 2));
    tell(&firm, "olga_demo", from, to, Some("vera_demo")).await;
    let store: Arc<dyn Store> = Arc::<Sqlite>::clone(&firm.store);
    let other = Engine::new(store, Arc::clone(&firm.trello), Options::default());
    let now = firm.now();
    let (mut ours, mut theirs) = (Rounds::default(), Rounds::default());
    let (one, two) = tokio::join!(
        firm.engine.hand_over(now, &mut ours),
        other.hand_over(now, &mut theirs)
    );
    one.and(two).unwrap();
    firm.settle().await;
    other.hand_over(firm.now(), &mut theirs).await.unwrap();
    firm.settle().await;
    assert_eq!(told(&firm, "boot", "@vera_demo, ваш ход"), 1);
    let handed = firm.store.history(&firm.board(), None, 500).await.unwrap();
    let of_boot = handed.iter().filter(|line| line.kind == "handed");
    assert!(of_boot.count() >= 1);
}

#[tokio::test]
async fn where_all_have_the_cards_the_others_go_on_with_them() {
    let firm = Firm::open().await;
    connect(&firm, "boot").await;
    let both = ["ilya_demo", "egor_demo"];
    let members = || {
        let mut members = firm.members("boot");
        members.sort();
        members
    };
    assert_eq!(members(), ["egor_demo", "ilya_demo"]);
    let said = firm.said("boot").len();
    let last = working_day(&firm, 1);
    tell(&firm, both[0], today(&firm), last, None).await;
    round(&firm).await;
    assert_eq!(members(), ["egor_demo"]);
    assert_eq!(firm.said("boot").len(), said, "nothing new for Egor");
    let next = opening(&firm, last + 1.day()) + SignedDuration::from_mins(1);
    until(&firm, next).await;
    round(&firm).await;
    assert_eq!(members(), ["egor_demo", "ilya_demo"]);
    says(&firm.last("boot"), &["@ilya_demo", "карточка снова у вас"]);
}

#[tokio::test]
async fn where_the_process_owner_is_away_too_it_is_said_by_name() {
    let firm = Firm::open().await;
    let (from, to) = (today(&firm), working_day(&firm, 2));
    tell(&firm, "denis_demo", from, to, None).await;
    tell(&firm, "olga_demo", from, to, None).await;
    round(&firm).await;
    let last = firm.last("boot");
    says(&last, &["Денис (директор)", "некому заняться"]);
    assert!(!last.contains("@denis_demo"), "{last}");
    assert!(firm.members("boot").is_empty());
}
