//! Mornings: who wants it is told on working days how things stand, once a day and not for nothing.

use crate::firm::{Firm, radio_text, says};
use crate::messages::{Hook, person};
use jiff::civil::Weekday;
use signalman::engine::Mornings;

async fn with(people: &str, hook: &Hook) -> Firm {
    Firm::with(radio_text() + &hook.way("hook") + people).await
}

fn local(firm: &Firm) -> jiff::civil::DateTime {
    firm.process.time_zone.clone().to_datetime(firm.now())
}

/// Half an hour on, and whoever is to be told is told.
async fn half_an_hour(firm: &Firm, mornings: &mut Mornings) {
    firm.wait(30).await;
    firm.engine
        .tell_mornings(firm.now(), mornings)
        .await
        .unwrap();
    firm.settle().await;
}

#[tokio::test]
async fn once_on_each_working_morning_over_restarts_and_not_at_the_weekend() {
    let hook = Hook::open().await;
    let firm = with(&person("maria_demo", &["hook"], "digest = true\n"), &hook).await;
    let mut days = Vec::new();
    let mut heard = hook.said().len();
    for _ in 0..8 * 48 {
        // A new one each time: the service was started again.
        half_an_hour(&firm, &mut Mornings::default()).await;
        if hook.said().len() > heard {
            assert_eq!(hook.said().len(), heard + 1, "{:#?}", hook.said());
            heard += 1;
            days.push(local(&firm));
        }
    }
    assert!(days.len() >= 4, "{days:?}");
    for pair in days.windows(2) {
        assert!(pair[0].date() < pair[1].date(), "{days:?}");
    }
    for day in &days[1..] {
        assert_eq!(day.hour(), 10, "{days:?}");
        assert!(!matches!(
            day.date().weekday(),
            Weekday::Saturday | Weekday::Sunday
        ));
    }
}

#[tokio::test]
async fn it_tells_whose_turn_it_is_and_the_owner_how_the_board_stands() {
    let (maria, denis) = (Hook::open().await, Hook::open().await);
    let ways = maria.way("of_maria") + &denis.way("of_denis");
    let people = person("maria_demo", &["of_maria"], "digest = true\n")
        + &person("denis_demo", &["of_denis"], "digest = true\n");
    let firm = Firm::with(radio_text() + &ways + &people).await;
    firm.drag("gleb_demo", "kefir", "connect").await;
    let mut mornings = Mornings::default();
    for _ in 0..7 * 48 {
        half_an_hour(&firm, &mut mornings).await;
    }
    let first = |hook: &Hook, part: &str| {
        let said = hook.said().into_iter();
        let mut mornings = said.filter(|text| text.starts_with("Доска утром"));
        mornings
            .find(|text| text.contains(part))
            .unwrap_or_default()
    };
    let told = first(&maria, "");
    says(&told, &["ваш ход", "Ваш ход:", "«Кефир FM», «Договор»"]);
    assert!(!told.contains("Деньги ждут"), "{told}");
    assert!(!told.contains("Карточки вернулись"), "{told}");
    let told = first(&denis, "");
    says(&told, &["Карточки вернулись", "«Подключение»: 1 раз"]);
    let told = first(&denis, "Опаздывают");
    says(
        &told,
        &["«Тихий Будильник», «Подключение»", "Деньги ждут", "₽"],
    );
    let told = denis.said().pop().unwrap();
    let (stuck, late) = told.split_once("Опаздывают:").unwrap_or((&told, ""));
    says(
        stuck,
        &["Стоят в полтора раза дольше", "«Тихий Будильник»", "Егор"],
    );
    assert!(!late.contains("«Тихий Будильник»"), "{told}");
    assert!(
        !told.contains("Карточки вернулись"),
        "that was another day: {told}"
    );
    assert!(!denis.said().concat().contains('@'));
}

#[tokio::test]
async fn where_there_is_nothing_to_say_nobody_is_written_to() {
    let hook = Hook::open().await;
    // Who stands in owns no stage and is on no card.
    let firm = with(&person("gleb_demo", &["hook"], "digest = true\n"), &hook).await;
    let mut mornings = Mornings::default();
    for _ in 0..3 * 48 {
        half_an_hour(&firm, &mut mornings).await;
    }
    assert!(hook.said().is_empty(), "{:#?}", hook.said());
}

#[tokio::test]
async fn a_persons_own_hours_say_when_the_morning_is() {
    let hook = Hook::open().await;
    let own =
        "digest = true\nhours = { days = [\"tue\", \"thu\"], from = \"12:00\", to = \"16:00\" }\n";
    let firm = with(&person("maria_demo", &["hook"], own), &hook).await;
    let (mut heard, mut days) = (hook.said().len(), Vec::new());
    let mut mornings = Mornings::default();
    for _ in 0..8 * 48 {
        half_an_hour(&firm, &mut mornings).await;
        if hook.said().len() > heard {
            heard = hook.said().len();
            days.push(local(&firm));
        }
    }
    assert!(days.len() >= 2, "{days:?}");
    for day in days {
        assert!(matches!(
            day.date().weekday(),
            Weekday::Tuesday | Weekday::Thursday
        ));
        assert!((12..16).contains(&day.hour()));
    }
}

/// What a person was told on each morning of a week.
async fn week(firm: &Firm, hook: &Hook) -> Vec<String> {
    let mut mornings = Mornings::default();
    for _ in 0..7 * 48 {
        half_an_hour(firm, &mut mornings).await;
    }
    let said = hook.said().into_iter();
    said.filter(|text| text.starts_with("Доска утром"))
        .collect()
}

fn part<'t>(text: &'t str, heading: &str) -> &'t str {
    let (_, rest) = text.split_once(heading).unwrap_or_default();
    rest.split("\n\n").next().unwrap_or_default()
}

#[tokio::test]
async fn a_card_that_waited_when_it_was_found_is_not_late_and_waits_in_the_letters_too() {
    let (maria, denis) = (Hook::open().await, Hook::open().await);
    let ways = maria.way("of_maria") + &denis.way("of_denis");
    let people = person("maria_demo", &["of_maria"], "digest = true\n")
        + &person("denis_demo", &["of_denis"], "digest = true\n");
    let firm = Firm::with(radio_text() + &ways + &people).await;
    assert!(firm.memory("tram").await.clock.waiting.is_some());
    // She looks after a card where it is the engineers' turn.
    let wish = firm.demo.people["maria_demo"].clone();
    let path = format!("cards/{}/idMembers", firm.id("alarm"));
    let wish = serde_json::json!({ "value": wish });
    firm.hand("denis_demo").post(&path, wish).unwrap();
    firm.settle().await;
    let told = week(&firm, &maria).await;
    let last = told.last().unwrap();
    assert!(!part(last, "Ваш ход:").contains("Трамвай"), "{last}");
    let others = part(last, "Ждут других:");
    says(others, &["«Полуночный Трамвай»", "ждём клиента"]);
    says(others, &["«Тихий Будильник»", "ход: "]);
    assert!(!others.contains("Мария"), "{last}");
    for told in denis.said() {
        assert!(!told.contains("Трамвай"), "{told}");
    }
    // Once nobody waits any more, its time runs on.
    firm.write("maria_demo", "tram", "/дальше").await;
    let told = week(&firm, &maria).await;
    says(part(told.last().unwrap(), "Ваш ход:"), &["Трамвай"]);
    let told = denis.said().pop().unwrap();
    says(&told, &["«Полуночный Трамвай»"]);
}

#[tokio::test]
async fn whoever_is_away_gets_no_letter_and_the_deputy_has_the_turn() {
    let (olga, vera, denis) = (Hook::open().await, Hook::open().await, Hook::open().await);
    let hooks = [("olga", &olga), ("vera", &vera), ("denis", &denis)];
    let sections = hooks.map(|(name, hook)| {
        let way = format!("of_{name}");
        let person = person(&format!("{name}_demo"), &[&way], "digest = true\n");
        hook.way(&way) + &person
    });
    let firm = Firm::with(radio_text() + &sections.concat()).await;
    let today = firm.process.today(firm.now());
    let end = jiff::ToSpan::days(20);
    let until = today.saturating_add(end).strftime("%d.%m.%Y");
    firm.write("olga_demo", "boot", &format!("/away до {until} @vera_demo"))
        .await;
    let before = olga.said().len();
    let told = week(&firm, &vera).await;
    says(
        part(told.last().unwrap(), "Ваш ход:"),
        &["«Зелёный Валенок»"],
    );
    let letters = olga.said().split_off(before);
    assert!(letters.is_empty(), "{letters:#?}");
    for told in week(&firm, &denis).await {
        assert!(!told.contains("Ольга"), "{told}");
    }
}
