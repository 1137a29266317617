//! Nobody is called outside of their hours: the name stands without an @, and the morning calls.

use crate::firm::{Firm, radio_text, says};
use crate::messages::{Hook, person};

#[tokio::test]
async fn who_is_not_at_work_is_called_in_the_morning() {
    let firm = Firm::at("2027-01-26T18:00", radio_text()).await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.until("2027-01-26T21:00").await;
    firm.drag("maria_demo", "boot", "connect").await;
    let told = firm.last("boot");
    says(&told, &["Илья (инженер)", "ваш ход: «Подключение»"]);
    assert!(!told.contains("@ilya_demo"), "{told}");
    let said = firm.said("boot").len();
    firm.until("2027-01-27T09:59").await;
    assert_eq!(firm.said("boot").len(), said);
    firm.until("2027-01-27T10:00").await;
    assert_eq!(firm.said("boot").len(), said + 1, "one comment for both");
    says(
        &firm.last("boot"),
        &[
            "@ilya_demo и @egor_demo, доброе утро: ваш ход, «Подключение»",
            "Срок: ",
        ],
    );
    firm.until("2027-01-27T12:00").await;
    assert_eq!(firm.said("boot").len(), said + 1);
}

#[tokio::test]
async fn nobody_is_called_in_the_morning_for_what_is_over() {
    let firm = Firm::at("2027-01-26T18:00", radio_text()).await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.until("2027-01-26T21:00").await;
    firm.drag("maria_demo", "boot", "connect").await;
    firm.drag("maria_demo", "boot", "invoice").await;
    firm.until("2027-01-27T12:00").await;
    let said = firm.said("boot");
    assert!(
        !said.iter().any(|text| text.contains("@ilya_demo")),
        "{said:?}"
    );
    assert!(firm.memory("boot").await.clock.morning.is_empty());
}

#[tokio::test]
async fn whoever_acts_at_night_is_answered() {
    let firm = Firm::at("2027-01-26T21:00", radio_text()).await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    says(&firm.last("kefir"), &["@ilya_demo, карточка вернулась"]);
    assert!(
        !firm.last("kefir").contains("@maria_demo"),
        "{}",
        firm.last("kefir")
    );
    firm.until("2027-01-27T10:00").await;
    says(
        &firm.last("kefir"),
        &["@maria_demo, доброе утро: ваш ход, «Договор»"],
    );
}

#[tokio::test]
async fn a_fight_at_night_waits_for_the_owners_morning() {
    let firm = Firm::at("2027-01-26T21:00", radio_text()).await;
    for _ in 0..4 {
        firm.drag("ilya_demo", "kefir", "connect").await;
    }
    assert_eq!(firm.stands("kefir"), "connect", "{}", firm.last("kefir"));
    let said = firm.said("kefir");
    let fight = said.iter().find(|text| text.contains("нужна ваша помощь"));
    says(fight.unwrap(), &["Денис (директор), нужна ваша помощь"]);
    assert!(
        !said.iter().any(|text| text.contains("@denis_demo")),
        "{said:?}"
    );
    firm.until("2027-01-27T10:00").await;
    says(
        &firm.last("kefir"),
        &["@denis_demo, доброе утро: вас назвали здесь"],
    );
}

#[tokio::test]
async fn what_is_told_on_the_boards_own_card_at_night_calls_in_the_morning() {
    let hook = Hook::open().await;
    let text = radio_text() + &hook.way("hook") + &person("denis_demo", &["hook"], "");
    let firm = Firm::at("2027-01-26T21:00", text).await;
    let before = firm.news().len();
    let path = format!("cards/{}", firm.id("boot"));
    firm.hand("maria_demo").delete(&path).unwrap();
    firm.settle().await;
    let news = firm.news().split_off(before);
    assert_eq!(news.len(), 1, "{news:?}");
    says(&news[0], &["Денис (директор)", "удалена"]);
    assert!(!news[0].contains("@denis_demo"), "{news:?}");
    firm.until("2027-01-27T09:59").await;
    assert_eq!(firm.news().len(), before + 1);
    assert!(hook.said().is_empty(), "{:?}", hook.said());
    firm.until("2027-01-27T10:01").await;
    let news = firm.news().split_off(before + 1);
    assert_eq!(news.len(), 1, "{news:?}");
    says(&news[0], &["@denis_demo, доброе утро: вас назвали здесь"]);
    assert_eq!(hook.said().len(), 1, "{:?}", hook.said());
    says(&hook.said()[0], &["удалена"]);
    firm.until("2027-01-27T12:00").await;
    assert_eq!(firm.news().len(), before + 2);
}

#[tokio::test]
async fn by_day_the_boards_own_card_calls_at_once() {
    let firm = Firm::at("2027-01-26T12:00", radio_text()).await;
    let before = firm.news().len();
    let path = format!("cards/{}", firm.id("boot"));
    firm.hand("maria_demo").delete(&path).unwrap();
    firm.until("2027-01-27T12:00").await;
    let news = firm.news().split_off(before);
    assert_eq!(news.len(), 1, "{news:?}");
    says(&news[0], &["@denis_demo", "удалена"]);
}
