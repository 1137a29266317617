//! The other ways in, and the ways out.

use crate::firm::{Firm, says};
use jiff::SignedDuration;
use serde_json::json;
use signalman::engine::Watch;
use signalman::sandbox::{Fault, FaultKind};

#[tokio::test]
async fn a_card_created_past_the_entry_stage_goes_to_the_entry_stage() {
    let firm = Firm::open().await;
    let card = firm.create("ilya_demo", "connect", "Радио Примус").await;
    assert_eq!(firm.stands(&card), "request");
    says(&firm.said(&card)[0], &["@ilya_demo", "«Подключение»"]);
    says(&firm.last(&card), &["ваш ход: «Новый запрос»"]);
}

#[tokio::test]
async fn who_may_start_a_card_in_a_stage_does_so_if_what_it_needs_is_there() {
    let firm = Firm::open().await;
    let wish = json!({ "idList": firm.list("details"), "name": "Радио Примус", "desc": "Технический контакт: Зоя\nПочта контакта: zoya@primus.example" });
    let made = firm.hand("maria_demo").post("cards", wish).unwrap();
    firm.settle().await;
    assert_eq!(firm.stands(made["id"].as_str().unwrap()), "details");
    let empty = firm.create("maria_demo", "details", "Радио Керогаз").await;
    assert_eq!(firm.stands(&empty), "request");
}

#[tokio::test]
async fn a_copy_past_the_entry_stage_goes_to_the_entry_stage() {
    let firm = Firm::open().await;
    let wish = json!({ "idList": firm.list("active"), "idCardSource": firm.id("cellar"), "keepFromSource": "all" });
    let copy = firm.hand("maria_demo").post("cards", wish).unwrap();
    firm.settle().await;
    let copy = copy["id"].as_str().unwrap();
    assert_eq!(firm.stands(copy), "request", "{:?}", firm.said(copy));
    assert_eq!(firm.stands("cellar"), "active", "the original stays");
}

#[tokio::test]
async fn a_check_item_made_a_card_goes_to_the_entry_stage() {
    let firm = Firm::open().await;
    let (id, item) = (firm.id("whale"), firm.items("whale").pop().unwrap());
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
    let path = format!(
        "cards/{id}/checklist/{list}/checkItem/{}/convertToCard",
        item.id
    );
    let made = firm.hand("egor_demo").post(&path, json!({})).unwrap();
    firm.settle().await;
    assert_eq!(firm.stands(made["id"].as_str().unwrap()), "request");
}

#[tokio::test]
async fn a_card_made_by_mail_goes_to_the_entry_stage() {
    let firm = Firm::open().await;
    let made = firm
        .hand("maria_demo")
        .email(&firm.list("connect"), "Радио Примус", "Хотим к вам")
        .unwrap();
    firm.settle().await;
    assert_eq!(firm.stands(&made), "request");
    says(&firm.card(&made).desc, &["Хотим к вам"]);
}

#[tokio::test]
async fn a_card_brought_from_another_board_goes_to_the_entry_stage() {
    let firm = Firm::open().await;
    let other = firm
        .world()
        .add_board("Другая доска", firm.hand("egor_demo").member());
    let list = firm
        .hand("egor_demo")
        .post("lists", json!({ "idBoard": other, "name": "Дела" }))
        .unwrap();
    let made = firm
        .hand("egor_demo")
        .post(
            "cards",
            json!({ "idList": list["id"], "name": "Радио Примус" }),
        )
        .unwrap();
    let id = made["id"].as_str().unwrap();
    let wish = json!({ "idBoard": firm.demo.board, "idList": firm.list("active") });
    firm.hand("egor_demo")
        .put(&format!("cards/{id}"), wish)
        .unwrap();
    firm.settle().await;
    assert_eq!(firm.stands(id), "request");
}

#[tokio::test]
async fn an_unarchived_card_goes_where_it_last_legally_stood() {
    let firm = Firm::open().await;
    firm.change("maria_demo", "kefir", json!({ "closed": true }))
        .await;
    assert!(
        firm.card("kefir").closed,
        "the manager may archive before the invoice"
    );
    firm.hand("egor_demo")
        .put(
            &format!("cards/{}", firm.id("kefir")),
            json!({ "idList": firm.list("active") }),
        )
        .unwrap();
    firm.change("egor_demo", "kefir", json!({ "closed": false }))
        .await;
    assert_eq!(firm.stands("kefir"), "contract", "{:?}", firm.said("kefir"));
}

#[tokio::test]
async fn cards_brought_with_their_whole_list_are_read_from_the_board() {
    let firm = Firm::open().await;
    let other = firm
        .world()
        .add_board("Другая доска", firm.hand("egor_demo").member());
    let list = firm
        .hand("egor_demo")
        .post("lists", json!({ "idBoard": other, "name": "Дела" }))
        .unwrap();
    let made = firm
        .hand("egor_demo")
        .post(
            "cards",
            json!({ "idList": list["id"], "name": "Радио Примус" }),
        )
        .unwrap();
    let path = format!("lists/{}", list["id"].as_str().unwrap());
    firm.hand("egor_demo")
        .put(&path, json!({ "idBoard": firm.demo.board }))
        .unwrap();
    firm.settle().await;
    let id = made["id"].as_str().unwrap().to_owned();
    firm.drag("maria_demo", &id, "connect").await;
    assert_ne!(
        firm.stands(&id),
        "connect",
        "it may only go to the entry stage"
    );
    firm.drag("maria_demo", &id, "request").await;
    assert_eq!(firm.standing(&id).await, "request");
}

#[tokio::test]
async fn a_card_archived_from_a_stage_that_does_not_allow_it_comes_back() {
    let firm = Firm::open().await;
    firm.change("maria_demo", "cellar", json!({ "closed": true }))
        .await;
    assert!(!firm.card("cellar").closed);
    assert_eq!(firm.stands("cellar"), "active");
    says(
        &firm.last("cellar"),
        &["@maria_demo", "«Активный клиент»", "«Отключён»"],
    );
}

#[tokio::test]
async fn a_deleted_card_is_recorded_and_the_owner_told() {
    use signalman::store::Store;
    let firm = Firm::open().await;
    firm.hand("gleb_demo")
        .delete(&format!("cards/{}", firm.id("boot")))
        .unwrap();
    firm.settle().await;
    says(&firm.news().join("\n"), &["Зелёный Валенок", "@denis_demo"]);
    let lane = signalman::model::Lane::Card(firm.id("boot").as_str().into());
    let history = firm
        .store
        .history(&firm.board(), Some(&lane), 10)
        .await
        .unwrap();
    let gone = history.iter().find(|line| line.kind == "gone").unwrap();
    says(
        &gone.data.to_string(),
        &["9602000004", "\"signed\"", "2026-041"],
    );
}

#[tokio::test]
async fn cards_that_leave_with_their_list_are_recorded_and_the_stage_is_missed() {
    let firm = Firm::open().await;
    let other = firm
        .world()
        .add_board("Другая доска", firm.hand("maria_demo").member());
    let path = format!("lists/{}", firm.list("invoice"));
    firm.hand("maria_demo")
        .put(&path, json!({ "idBoard": other }))
        .unwrap();
    firm.settle().await;
    says(
        &firm.news().join("\n"),
        &[
            "Зелёный Валенок",
            "этап «Счёт и оплата» остался без колонки",
        ],
    );
    assert!(firm.memory("boot").await.gone);
}

#[tokio::test]
async fn a_card_moved_to_another_board_is_recorded_and_the_owner_told() {
    let firm = Firm::open().await;
    let other = firm
        .world()
        .add_board("Другая доска", firm.hand("egor_demo").member());
    firm.hand("egor_demo")
        .post("lists", json!({ "idBoard": other, "name": "Дела" }))
        .unwrap();
    firm.hand("egor_demo")
        .put(
            &format!("cards/{}", firm.id("boot")),
            json!({ "idBoard": other }),
        )
        .unwrap();
    firm.settle().await;
    says(&firm.news().join("\n"), &["Зелёный Валенок"]);
}

#[tokio::test]
async fn a_side_stage_takes_cards_from_who_may_and_gives_them_back_where_they_stood() {
    let firm = Firm::open().await;
    firm.drag("maria_demo", "kefir", "postponed").await;
    assert_eq!(firm.stands("kefir"), "contract");
    says(&firm.last("kefir"), &["«Вернуться к клиенту»"]);
    firm.fill(
        "maria_demo",
        "kefir",
        &[("Вернуться к клиенту", &firm.day(40))],
    )
    .await;
    firm.drag("ilya_demo", "kefir", "postponed").await;
    assert_eq!(firm.stands("kefir"), "contract", "the engineer may not");
    firm.drag("maria_demo", "kefir", "postponed").await;
    assert_eq!(
        firm.stands("kefir"),
        "postponed",
        "{:?}",
        firm.said("kefir")
    );
    firm.drag("maria_demo", "kefir", "connect").await;
    assert_eq!(
        firm.stands("kefir"),
        "postponed",
        "a pause is no way round the gate"
    );
    firm.drag("maria_demo", "kefir", "contract").await;
    assert_eq!(firm.stands("kefir"), "contract");
}

#[tokio::test]
async fn a_client_lost_half_way_gets_the_undoing_checklist_and_is_archived_only_after_it() {
    let firm = Firm::open().await;
    let desc = format!(
        "{}\nПричина отказа: передумал",
        firm.card("alarm").desc.replace("\nПричина отказа:", "")
    );
    firm.change("maria_demo", "alarm", json!({ "desc": desc }))
        .await;
    firm.drag("maria_demo", "alarm", "lost").await;
    assert_eq!(firm.stands("alarm"), "lost", "{:?}", firm.said("alarm"));
    assert!(
        firm.checklists("alarm")
            .contains(&"Откат подключения".to_owned())
    );
    firm.change("maria_demo", "alarm", json!({ "closed": true }))
        .await;
    assert!(!firm.card("alarm").closed);
    firm.tick("egor_demo", "alarm", "undo_access").await;
    firm.tick("olga_demo", "alarm", "undo_invoice").await;
    firm.tick("olga_demo", "alarm", "undo_records").await;
    firm.tick("maria_demo", "alarm", "undo_told").await;
    firm.change("maria_demo", "alarm", json!({ "closed": true }))
        .await;
    assert!(firm.card("alarm").closed, "{:?}", firm.said("alarm"));
}

#[tokio::test]
async fn pushed_and_put_into_the_archive_at_once_it_comes_back_from_both() {
    let firm = Firm::open().await;
    firm.push("gleb_demo", "kefir", "connect");
    firm.change("gleb_demo", "kefir", json!({ "closed": true }))
        .await;
    assert!(!firm.card("kefir").closed, "{:?}", firm.said("kefir"));
    assert_eq!(firm.stands("kefir"), "contract");
}

#[tokio::test]
async fn an_archiving_told_late_does_not_count_for_a_card_that_is_back() {
    let firm = Firm::open().await;
    let lost = Fault::next(FaultKind::DeliveryLost, 1);
    firm.world().fault(lost.clone());
    firm.change("maria_demo", "tram", json!({ "closed": true }))
        .await;
    firm.change("maria_demo", "tram", json!({ "closed": false }))
        .await;
    look(&firm).await;
    assert!(!firm.memory("tram").await.closed);
    firm.world().fault(lost);
    firm.change("maria_demo", "tram", json!({ "closed": true }))
        .await;
    firm.change("maria_demo", "tram", json!({ "closed": false }))
        .await;
    firm.change("maria_demo", "tram", json!({ "closed": true }))
        .await;
    look(&firm).await;
    assert!(firm.memory("tram").await.closed, "archived again since");
}

#[tokio::test]
async fn a_creation_told_late_does_not_take_the_card_back_to_its_first_list() {
    let firm = Firm::open().await;
    firm.world().fault(Fault::next(FaultKind::DeliveryLost, 1));
    let card = firm.create("maria_demo", "request", "Радио Примус").await;
    let desc = "Технический контакт: Зоя\nПочта контакта: zoya@primus.example";
    firm.change("maria_demo", &card, json!({ "desc": desc }))
        .await;
    firm.drag("maria_demo", &card, "details").await;
    assert_eq!(firm.stands(&card), "details", "{:?}", firm.said(&card));
    look(&firm).await;
    assert_eq!(firm.standing(&card).await, "details");
    assert_eq!(firm.stands(&card), "details", "{:?}", firm.said(&card));
}

#[tokio::test]
async fn a_creation_told_after_the_archiving_does_not_open_the_card() {
    let firm = Firm::open().await;
    firm.world().fault(Fault::next(FaultKind::DeliveryLost, 1));
    let wish = json!({ "idList": firm.list("contract"), "name": "Радио Примус" });
    let made = firm.hand("gleb_demo").post("cards", wish).unwrap();
    let card = made["id"].as_str().unwrap();
    firm.change("vera_demo", card, json!({ "closed": true }))
        .await;
    look(&firm).await;
    assert!(firm.memory(card).await.closed);
    assert_eq!(firm.said(card).len(), 0, "{:?}", firm.said(card));
    firm.change("vera_demo", card, json!({ "closed": false }))
        .await;
    assert_eq!(firm.stands(card), "request");
    assert!(!firm.memory(card).await.closed);
}

#[tokio::test]
async fn a_card_stands_in_the_entry_stage_from_the_instant_it_was_put_there() {
    let firm = Firm::open().await;
    let wish = json!({ "idList": firm.list("connect"), "name": "Радио Примус" });
    let made = firm.hand("ilya_demo").post("cards", wish).unwrap();
    let card = made["id"].as_str().unwrap();
    firm.world().delivered().await;
    firm.world().advance(SignedDuration::from_millis(200));
    firm.engine.drain(firm.now()).await.unwrap();
    assert_eq!(firm.stands(card), "request");
    firm.push("gleb_demo", card, "connect");
    firm.change("gleb_demo", card, json!({ "closed": true }))
        .await;
    assert!(!firm.card(card).closed, "{:?}", firm.said(card));
    assert_eq!(firm.stands(card), "request");
}

/// What was not told is asked for.
async fn look(firm: &Firm) {
    let mut watch = Watch::default();
    firm.engine
        .look_round(firm.now(), &mut watch)
        .await
        .unwrap();
    firm.settle().await;
}
