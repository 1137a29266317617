//! More of the same: waits found on a card, hours and mornings.

use crate::attack6::{line, request, with_field};
use crate::firm::{Firm, radio_text, says};
use crate::messages::{Hook, person};
use serde_json::json;
use signalman::sandbox::{Fault, FaultKind};

#[tokio::test]
async fn control_beside_the_process_between_two_steps() {
    let (firm, card) = request(radio_text()).await;
    firm.until("2027-01-26T14:30").await;
    firm.drag("maria_demo", &card, "how").await;
    firm.until("2027-01-26T14:40").await;
    firm.drag("maria_demo", &card, "request").await;
    let said = firm.said(&card).len();
    firm.until("2027-01-26T16:01").await;
    let new = firm.said(&card).split_off(said).join("\n");
    says(&new, &["срок этапа «Новый запрос» вышел"]);
}

#[tokio::test]
async fn a_card_that_is_made_with_the_field_filled_waits() {
    let firm = Firm::at("2027-01-26T11:00", with_field(&radio_text())).await;
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

#[tokio::test]
async fn a_word_to_the_owner_puts_off_nobody_elses_morning() {
    let own = "\n[[person]]\nlogin = \"denis_demo\"\nhours = { days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"], from = \"15:00\", to = \"19:00\" }\n";
    let text = radio_text().replacen("\n[[field]]", &format!("{own}\n[[field]]"), 1);
    let firm = Firm::at("2027-01-26T21:00", text).await;
    firm.world().fault(Fault {
        times: None,
        ..Fault::next(FaultKind::Broken, 1).on("PUT", "/cards")
    });
    firm.drag("ilya_demo", "kefir", "connect").await;
    for _ in 0..8 {
        firm.wait(5).await;
    }
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
