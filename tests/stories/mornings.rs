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
        &["«Тихий Будильник», «Подключение»", "Деньги ждут", "RUB"],
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
