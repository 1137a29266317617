//! Ticks have authors: an item counts only when somebody known ticked it who may.

use crate::firm::{Firm, says};
use jiff::SignedDuration;
use serde_json::json;
use signalman::engine::Watch;
use signalman::sandbox::{Fault, FaultKind};

#[tokio::test]
async fn a_tick_by_the_wrong_role_is_taken_off_with_a_sentence_saying_whose_it_is() {
    let firm = Firm::open().await;
    firm.tick("egor_demo", "whale", "p_crm").await;
    assert!(!firm.ticked("whale", "p_crm"));
    says(
        &firm.last("whale"),
        &["@egor_demo", "CRM", "Ольга (бухгалтер)"],
    );
}

#[tokio::test]
async fn foreign_ticks_within_ten_minutes_share_one_comment() {
    let firm = Firm::open().await;
    firm.tick("egor_demo", "whale", "p_crm").await;
    firm.wait(3).await;
    firm.tick("ilya_demo", "whale", "p_list").await;
    assert_eq!(firm.said("whale").len(), 1);
    says(
        &firm.last("whale"),
        &["@egor_demo", "@ilya_demo", "CRM", "Общий список"],
    );
    firm.wait(30).await;
    firm.tick("egor_demo", "whale", "p_crm").await;
    assert_eq!(firm.said("whale").len(), 2, "later it is a new comment");
}

#[tokio::test]
async fn a_right_tick_that_is_not_told_of_yet_is_not_taken_off_with_the_wrong_one() {
    let firm = Firm::open().await;
    firm.mark("egor_demo", "whale", "p_crm", true);
    firm.world().delivered().await;
    firm.unheard(|firm| {
        firm.mark("egor_demo", "whale", "p_crm", false);
        firm.mark("olga_demo", "whale", "p_crm", true);
    })
    .await;
    firm.settle().await;
    assert_eq!(firm.said("whale").len(), 1, "of the wrong one");
    assert!(firm.ticked("whale", "p_crm"));
    firm.look_after(&mut Watch::default()).await;
    assert!(firm.ticked("whale", "p_crm"));
    let memory = firm.memory("whale").await;
    let tick = memory.items[&"p_crm".into()].tick.clone().unwrap();
    assert_eq!(tick.by.as_str(), firm.demo.people["olga_demo"]);
}

#[tokio::test]
async fn a_missing_checklist_is_not_satisfied() {
    let firm = Firm::open().await;
    let id = firm.id("boot");
    let list = firm.world().with(|state| {
        let deal = |list: &&signalman::sandbox::model::Checklist| {
            list.card == id && list.name == "Договор и оплата"
        };
        state
            .checklists
            .values()
            .find(deal)
            .map(|list| list.id.clone())
            .unwrap()
    });
    firm.hand("maria_demo")
        .delete(&format!("checklists/{list}"))
        .unwrap();
    firm.settle().await;
    firm.drag("maria_demo", "boot", "connect").await;
    assert_eq!(firm.stands("boot"), "invoice");
    says(
        &firm.last("boot"),
        &[
            "«Договор подписан обеими сторонами»",
            "«Первый платёж пришёл»",
        ],
    );
}

#[tokio::test]
async fn an_empty_or_half_seeded_checklist_is_not_satisfied() {
    let firm = Firm::open().await;
    for item in ["client_in", "stable", "heard"] {
        firm.tick("ilya_demo", "airfield", item).await;
    }
    firm.tick("maria_demo", "airfield", "start_agreed").await;
    let (card, given) = (firm.id("airfield"), firm.item_name("access_given"));
    let empty = |all: bool| {
        firm.world().with(|state| {
            let lists = state
                .checklists
                .values_mut()
                .filter(|list| list.card == card);
            for list in lists.filter(|list| list.name == "Проверка и передача") {
                list.items.retain(|item| !all && item.name != given);
            }
        });
    };
    for all in [false, true] {
        empty(all);
        firm.drag("maria_demo", "airfield", "register").await;
        assert_eq!(firm.stands("airfield"), "handover");
        says(&firm.said("airfield").join("\n"), &[&given]);
    }
}

#[tokio::test]
async fn a_deleted_item_is_not_satisfied() {
    let firm = Firm::open().await;
    firm.tick("olga_demo", "boot", "paid").await;
    let (id, item) = (firm.id("boot"), firm.item("boot", "signed").unwrap());
    firm.hand("gleb_demo")
        .delete(&format!("cards/{id}/checkItem/{}", item.id))
        .unwrap();
    firm.settle().await;
    firm.drag("maria_demo", "boot", "connect").await;
    assert_eq!(firm.stands("boot"), "invoice");
    says(&firm.last("boot"), &["«Договор подписан обеими сторонами»"]);
}

#[tokio::test]
async fn an_item_created_already_ticked_is_not_satisfied() {
    let firm = Firm::open().await;
    let (id, item) = (firm.id("boot"), firm.item("boot", "paid").unwrap());
    let list = firm.world().with(|state| {
        let own = |list: &&signalman::sandbox::model::Checklist| {
            list.items.iter().any(|one| one.id == item.id)
        };
        state
            .checklists
            .values()
            .find(own)
            .map(|list| list.id.clone())
            .unwrap()
    });
    let hand = firm.hand("gleb_demo");
    hand.delete(&format!("cards/{id}/checkItem/{}", item.id))
        .unwrap();
    let wish = json!({ "name": item.name, "checked": true });
    hand.post(&format!("checklists/{list}/checkItems"), wish)
        .unwrap();
    firm.settle().await;
    firm.drag("maria_demo", "boot", "connect").await;
    assert_eq!(firm.stands("boot"), "invoice");
}

#[tokio::test]
async fn ticks_on_a_copied_card_do_not_count() {
    let firm = Firm::open().await;
    firm.tick("olga_demo", "boot", "paid").await;
    let wish = json!({ "idList": firm.list("request"), "idCardSource": firm.id("boot"), "keepFromSource": "all" });
    let copy = firm.hand("maria_demo").post("cards", wish).unwrap();
    let copy = copy["id"].as_str().unwrap().to_owned();
    firm.settle().await;
    for stage in ["contract", "invoice", "connect"] {
        firm.drag("maria_demo", &copy, stage).await;
    }
    assert_eq!(firm.stands(&copy), "invoice", "{:?}", firm.said(&copy));
    says(&firm.last(&copy), &["«Первый платёж пришёл»"]);
}

#[tokio::test]
async fn a_renamed_item_gets_its_name_back_and_keeps_its_tick() {
    let firm = Firm::open().await;
    let (id, item) = (firm.id("boot"), firm.item("boot", "signed").unwrap());
    let path = format!("cards/{id}/checkItem/{}", item.id);
    firm.hand("gleb_demo")
        .put(&path, json!({ "name": "Договор потом" }))
        .unwrap();
    firm.settle().await;
    assert!(firm.ticked("boot", "signed"), "{:?}", firm.items("boot"));
    says(
        &firm.last("boot"),
        &["Договор подписан обеими сторонами", "Договор потом"],
    );
    firm.tick("olga_demo", "boot", "paid").await;
    firm.drag("maria_demo", "boot", "connect").await;
    assert_eq!(firm.stands("boot"), "connect");
}

#[tokio::test]
async fn a_deputy_does_not_count_where_the_item_says_so() {
    let text = crate::firm::radio_text().replacen(
        "people = [\"denis_demo\"]\ndeputies = []",
        "people = [\"denis_demo\"]\ndeputies = [\"vera_demo\"]",
        1,
    );
    let firm = Firm::with(text).await;
    firm.untick("denis_demo", "alarm", "early").await;
    firm.tick("vera_demo", "alarm", "early").await;
    assert!(!firm.ticked("alarm", "early"));
    firm.tick("denis_demo", "alarm", "early").await;
    assert!(firm.ticked("alarm", "early"));
}

#[tokio::test]
async fn a_need_that_is_lost_after_its_gate_is_reported_and_returns_the_card_only_if_it_holds() {
    let firm = Firm::open().await;
    firm.untick("denis_demo", "alarm", "early").await;
    assert_eq!(firm.stands("alarm"), "connect");
    says(&firm.last("alarm"), &["«Начать до оплаты разрешено»"]);
    let held = crate::firm::in_stage(&crate::firm::radio_text(), "connect", "hold = true");
    let firm = Firm::with(held).await;
    firm.untick("denis_demo", "alarm", "early").await;
    assert_eq!(firm.stands("alarm"), "invoice", "{:?}", firm.said("alarm"));
}

#[tokio::test]
async fn a_field_emptied_after_its_gate_is_reported() {
    let firm = Firm::open().await;
    firm.fill("maria_demo", "alarm", &[("Номер договора", "")])
        .await;
    assert_eq!(firm.stands("alarm"), "connect");
    says(&firm.last("alarm"), &["«Номер договора»"]);
}

#[tokio::test]
async fn a_filled_field_changed_by_somebody_else_is_put_back_with_a_sentence() {
    let firm = Firm::open().await;
    firm.fill("ilya_demo", "boot", &[("Абонплата в месяц", "790")])
        .await;
    says(&firm.card("boot").desc, &["Абонплата в месяц: 7 900"]);
    says(
        &firm.last("boot"),
        &["«Абонплата в месяц»", "Мария (менеджер)"],
    );
    firm.fill("maria_demo", "boot", &[("Абонплата в месяц", "8 900")])
        .await;
    says(&firm.card("boot").desc, &["Абонплата в месяц: 8 900"]);
}

#[tokio::test]
async fn putting_a_line_back_leaves_what_people_wrote_beside_it() {
    let firm = Firm::open().await;
    let desc = format!("Звонить после обеда.\n\n{}", firm.card("boot").desc)
        .replace("Тариф: Эфир", "Тариф: Сеть");
    firm.change("ilya_demo", "boot", json!({ "desc": desc }))
        .await;
    let now = firm.card("boot").desc;
    says(&now, &["Звонить после обеда.", "Тариф: Эфир"]);
}

#[tokio::test]
async fn a_password_in_a_comment_is_told_and_never_stored() {
    let firm = Firm::open().await;
    firm.write("ilya_demo", "alarm", "пароль: hunter2-Xk9")
        .await;
    let lane = signalman::model::Lane::Card(firm.id("alarm").as_str().into());
    let file = format!("{:?}", firm.store.load(&firm.board(), &lane).await);
    use signalman::store::Store;
    let history = firm
        .store
        .history(&firm.board(), Some(&lane), 100)
        .await
        .unwrap();
    assert!(!format!("{history:?}{file}").contains("hunter2"));
    firm.wait(SignedDuration::from_mins(1).as_mins()).await;
    assert!(
        !firm
            .said("alarm")
            .iter()
            .any(|text| text.contains("hunter2"))
    );
}

#[tokio::test]
async fn four_eyes_the_mover_is_not_who_ticked() {
    let needs = "movers = [\"engineer\", \"manager\"]\n";
    let text = crate::firm::radio_text();
    let at = text
        .find("key = \"register\"\nname = \"Регистрация в учёте\"")
        .unwrap();
    let (head, tail) = text.split_at(at);
    let tail = tail.replacen(
        "  [[stage.need]]\n  checklist = \"handover\"",
        "  [[stage.need]]\n  checklist = \"handover\"\n  [[stage.need]]\n  four_eyes = \"heard\"",
        1,
    );
    assert!(tail.contains(needs) && tail.contains("four_eyes"));
    let firm = Firm::with(format!("{head}{tail}")).await;
    for item in ["client_in", "stable", "heard"] {
        firm.tick("ilya_demo", "airfield", item).await;
    }
    firm.tick("maria_demo", "airfield", "start_agreed").await;
    firm.fill("maria_demo", "airfield", &[("Начислять с", &firm.day(0))])
        .await;
    firm.drag("ilya_demo", "airfield", "register").await;
    assert_eq!(
        firm.stands("airfield"),
        "handover",
        "{:?}",
        firm.said("airfield")
    );
    firm.drag("egor_demo", "airfield", "register").await;
    assert_eq!(
        firm.stands("airfield"),
        "register",
        "{:?}",
        firm.said("airfield")
    );
}

#[tokio::test]
async fn a_tick_given_by_whom_it_is_for_stands_though_a_foreign_one_was_there_before() {
    let firm = Firm::open().await;
    firm.mark("gleb_demo", "whale", "p_crm", true);
    firm.mark("gleb_demo", "whale", "p_crm", false);
    firm.tick("olga_demo", "whale", "p_crm").await;
    assert!(firm.ticked("whale", "p_crm"));
}

#[tokio::test]
async fn taking_a_foreign_tick_off_again_leaves_the_one_given_meanwhile() {
    let firm = Firm::open().await;
    firm.world()
        .fault(Fault::next(FaultKind::LostAfter, 1).on("PUT", "/cards"));
    firm.mark("gleb_demo", "whale", "p_crm", true);
    firm.world().delivered().await;
    firm.world().advance(SignedDuration::from_millis(200));
    firm.engine.drain(firm.now()).await.unwrap();
    assert!(!firm.ticked("whale", "p_crm"), "done, and nobody knows it");
    firm.tick("olga_demo", "whale", "p_crm").await;
    firm.wait(1).await;
    assert!(firm.ticked("whale", "p_crm"));
}
