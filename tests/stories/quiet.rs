//! Nobody is called outside of their hours: the name stands without an @, and the morning calls.

use crate::firm::{Firm, radio_text, says};
use crate::messages::{Hook, drag_for_good, person};

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

#[tokio::test]
async fn whoever_holds_the_role_no_more_is_not_called_in_the_morning() {
    let firm = Firm::at("2027-01-26T18:00", radio_text()).await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.until("2027-01-26T21:00").await;
    firm.drag("maria_demo", "boot", "connect").await;
    let text = radio_text().replacen(
        "people = [\"ilya_demo\", \"egor_demo\"]",
        "people = [\"egor_demo\"]",
        1,
    );
    firm.renew(&text).await;
    firm.until("2027-01-27T10:05").await;
    let said = firm.said("boot").join("\n");
    assert!(!said.contains("@ilya_demo"), "{said}");
    says(&said, &["@egor_demo"]);
}

#[tokio::test]
async fn a_second_turn_on_one_day_that_comes_at_night_is_told_in_the_morning() {
    let firm = Firm::at("2027-01-26T11:00", radio_text()).await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.drag("maria_demo", "boot", "connect").await;
    firm.drag("maria_demo", "boot", "invoice").await;
    firm.until("2027-01-26T21:00").await;
    firm.drag("maria_demo", "boot", "connect").await;
    assert_eq!(firm.stands("boot"), "connect");
    let said = firm.said("boot").len();
    firm.until("2027-01-27T10:05").await;
    let new = firm.said("boot").split_off(said).join("\n");
    says(&new, &["доброе утро"]);
}

#[tokio::test]
async fn a_night_with_much_news_calls_once_in_the_morning() {
    let firm = Firm::at("2027-01-26T21:00", radio_text()).await;
    for card in ["boot", "kefir", "alarm"] {
        let path = format!("cards/{}", firm.id(card));
        firm.hand("maria_demo").delete(&path).unwrap();
        firm.settle().await;
    }
    let before = firm.news().len();
    firm.until("2027-01-27T10:05").await;
    let news = firm.news().split_off(before);
    assert_eq!(news.len(), 1, "{news:#?}");
}

#[tokio::test]
async fn a_message_of_the_day_whose_way_comes_back_at_night_waits_for_the_morning() {
    let hook = Hook::open().await;
    let text = radio_text() + &hook.way("hook") + &person("maria_demo", &["hook"], "");
    let firm = Firm::at("2027-01-26T18:30", text).await;
    hook.answers(500);
    firm.drag("ilya_demo", "kefir", "connect").await;
    firm.until("2027-01-27T02:00").await;
    hook.answers(200);
    let before = hook.said().len();
    firm.until("2027-01-27T03:00").await;
    assert_eq!(
        hook.said().len(),
        before,
        "at three in the night: {:?}",
        hook.said().last()
    );
}

#[tokio::test]
async fn a_word_to_the_owner_puts_off_nobody_elses_morning() {
    let own = "\n[[person]]\nlogin = \"denis_demo\"\nhours = { days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"], from = \"15:00\", to = \"19:00\" }\n";
    let text = radio_text().replacen("\n[[field]]", &format!("{own}\n[[field]]"), 1);
    let firm = Firm::at("2027-01-26T21:00", text).await;
    drag_for_good(&firm, "ilya_demo").await;
    says(
        &firm.last("kefir"),
        &["Денис (директор), карточку вернуть не удалось"],
    );
    firm.world().with(|state| state.faults.clear());
    firm.until("2027-01-26T22:30").await;
    assert_eq!(firm.stands("kefir"), "contract");
    firm.until("2027-01-27T10:05").await;
    says(
        &firm.said("kefir").join("\n"),
        &["@maria_demo, доброе утро"],
    );
}
