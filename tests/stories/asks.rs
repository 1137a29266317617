//! What people ask for in the Power-Up is done in their name and judged as theirs; a page can move
//! nothing that the judge would send back.

use crate::firm::{Firm, says};
use crate::panel::{Answer, Panel};
use serde_json::json;

/// Everything the engineer is missing is somebody else's: he sees it and cannot move the card.
#[tokio::test]
async fn a_page_moves_nothing_that_the_judge_would_send_back() {
    let firm = Firm::open().await;
    firm.to_invoice("kefir").await;
    let egor = Panel::of(&firm, "egor_demo");
    let view = egor.card("kefir").await;
    let connect = view.way("connect");
    assert_eq!(connect["legal"], false, "{connect:#}");
    says(connect["say"].as_str().unwrap(), &["менеджер"]);
    let refused = egor
        .act("kefir", json!({"act": "move", "stage": "connect"}))
        .await;
    assert_eq!(refused.status, 422, "{:#}", refused.body);
    assert_eq!(refused.code(), "refused");
    assert_eq!(refused.body["error"]["finding"]["ok"], false);
    firm.settle().await;
    assert_eq!(firm.stands("kefir"), "invoice");
    assert_eq!(firm.reversals("kefir"), 0);
}

#[tokio::test]
async fn who_may_fills_in_what_is_missing_and_moves_the_card() {
    let firm = Firm::open().await;
    let maria = Panel::of(&firm, "maria_demo");
    let view = maria.card("kefir").await;
    let contract = view.missing("invoice", "field:contract_no");
    assert_eq!(contract["mend"]["how"], "field", "{contract:#}");
    let fields = json!({"contract_no": "2026-042", "contract_date": firm.day(-2)});
    maria
        .done("kefir", json!({"act": "set", "fields": fields}))
        .await;
    firm.settle().await;
    says(&firm.card("kefir").desc, &["Номер договора: 2026-042"]);
    says(
        &firm.last("kefir"),
        &[
            "Мария (менеджер)",
            "«Номер договора»: 2026-042",
            "«Дата договора»",
        ],
    );
    let view = maria.card("kefir").await;
    assert_eq!(
        view.way("invoice")["legal"],
        true,
        "{:#}",
        view.way("invoice")
    );
    maria
        .done("kefir", json!({"act": "move", "stage": "invoice"}))
        .await;
    firm.settle().await;
    assert_eq!(firm.stands("kefir"), "invoice");
    assert_eq!(firm.standing("kefir").await, "invoice");
    let view = maria.card("kefir").await;
    let admitted = view.decision("admitted");
    says(admitted["by"].as_str().unwrap(), &["Мария (менеджер)"]);
    let wishes = firm.memory("kefir").await.wishes;
    assert!(wishes.is_empty(), "{wishes:?}");
}

#[tokio::test]
async fn a_tick_asked_for_is_its_askers_own() {
    let firm = Firm::open().await;
    firm.to_invoice("kefir").await;
    let (ilya, olga) = (Panel::of(&firm, "ilya_demo"), Panel::of(&firm, "olga_demo"));
    let refused = ilya
        .act("kefir", json!({"act": "tick", "item": "paid"}))
        .await;
    assert_eq!((refused.status, refused.code()), (403, "may_not"));
    says(refused.say(), &["бухгалтер"]);
    let tick = |view: &Answer| view.missing("connect", "item:paid")["mend"].clone();
    assert!(tick(&ilya.card("kefir").await).is_null());
    assert_eq!(
        tick(&olga.card("kefir").await),
        json!({"how": "tick", "item": "paid"})
    );
    olga.done("kefir", json!({"act": "tick", "item": "paid"}))
        .await;
    firm.settle().await;
    assert!(firm.ticked("kefir", "paid"), "{:#?}", firm.said("kefir"));
    let memory = firm.memory("kefir").await;
    let tick = memory.items[&"paid".into()].tick.clone().unwrap();
    assert_eq!(tick.by.to_string(), olga.id());
    says(&firm.last("kefir"), &["Ольга (бухгалтер)", "✓"]);
    // The manager's gate takes it for the accountant's.
    let maria = Panel::of(&firm, "maria_demo");
    let paid = maria.card("kefir").await.finding("connect", "item:paid");
    assert_eq!(paid["ok"], true, "{paid:#}");
}

#[tokio::test]
async fn what_one_person_enters_within_minutes_shares_a_comment() {
    let firm = Firm::open().await;
    let maria = Panel::of(&firm, "maria_demo");
    let before = firm.said("kefir").len();
    for (key, value) in [("contract_no", "2026-041"), ("contract_no", "2026-042")] {
        let ask = json!({"act": "set", "fields": {key: value}});
        maria.done("kefir", ask).await;
        firm.settle().await;
    }
    assert_eq!(
        firm.said("kefir").len(),
        before + 1,
        "{:#?}",
        firm.said("kefir")
    );
    let last = firm.last("kefir");
    assert!(
        last.contains("2026-042") && !last.contains("2026-041"),
        "{last}"
    );
}

#[tokio::test]
async fn a_value_that_is_no_good_is_told_beside_its_field() {
    let firm = Firm::open().await;
    let maria = Panel::of(&firm, "maria_demo");
    let before = firm.card("kefir").desc;
    let fields = json!({"inn": "9601000002", "contract_date": "вчера", "contract_no": "2026-042"});
    let refused = maria
        .act("kefir", json!({"act": "set", "fields": fields}))
        .await;
    assert_eq!((refused.status, refused.code()), (422, "bad_value"));
    let told = &refused.body["error"]["fields"];
    assert!(
        told["inn"].is_string() && told["contract_date"].is_string(),
        "{told:#}"
    );
    assert!(told["contract_no"].is_null(), "{told:#}");
    firm.settle().await;
    assert_eq!(firm.card("kefir").desc, before, "all or nothing");
}

#[tokio::test]
async fn others_are_called_for_what_is_theirs_once_a_day() {
    let firm = Firm::open().await;
    firm.to_invoice("kefir").await;
    let maria = Panel::of(&firm, "maria_demo");
    let ask = json!({"act": "ask", "stage": "connect", "of": "item:paid"});
    maria.done("kefir", ask.clone()).await;
    firm.settle().await;
    says(
        &firm.last("kefir"),
        &["@olga_demo", "Мария (менеджер) просит", "«Подключение»"],
    );
    let again = maria.act("kefir", ask.clone()).await;
    assert_eq!((again.status, again.code()), (422, "refused"));
    says(again.say(), &["Ольга", "Завтра"]);
    firm.wait(24 * 60).await;
    let maria = Panel::of(&firm, "maria_demo");
    maria.done("kefir", ask).await;
}

#[tokio::test]
async fn sent_again_it_is_done_once() {
    let firm = Firm::open().await;
    let maria = Panel::of(&firm, "maria_demo");
    let ask = json!({"act": "set", "fields": {"contract_no": "2026-042"}});
    let ids = [
        maria.keyed("kefir", "k1", &ask).await,
        maria.keyed("kefir", "k1", &ask).await,
    ];
    assert_eq!(ids[0].body["id"], ids[1].body["id"]);
    firm.settle().await;
    let said = firm.said("kefir");
    let told = said.iter().filter(|text| text.contains("2026-042"));
    assert_eq!(told.count(), 1, "{said:#?}");
}

/// Whoever changes the card by hand meanwhile is not undone.
#[tokio::test]
async fn what_was_done_by_hand_meanwhile_stands() {
    let firm = Firm::open().await;
    firm.to_invoice("kefir").await;
    let maria = Panel::of(&firm, "maria_demo");
    maria
        .done("kefir", json!({"act": "move", "stage": "contract"}))
        .await;
    firm.push("maria_demo", "kefir", "contract");
    firm.push("maria_demo", "kefir", "invoice");
    firm.settle().await;
    assert_eq!(firm.stands("kefir"), "invoice", "{:#?}", firm.said("kefir"));
    assert_eq!(firm.standing("kefir").await, "invoice");
}

/// What is asked for is done only from where the card stands by right: so no way is offered.
#[tokio::test]
async fn a_card_that_stands_elsewhere_is_offered_no_ways() {
    let firm = Firm::open().await;
    let maria = Panel::of(&firm, "maria_demo");
    let ways = |view: &Answer| view.body["moves"].as_array().unwrap().len();
    assert!(ways(&maria.card("kefir").await) > 0);
    let free = firm.world().with(|state| {
        let mut lists = state.lists.values();
        let free = lists.find(|list| list.name == "Как мы работаем");
        free.unwrap().id.clone()
    });
    firm.change("maria_demo", "kefir", json!({ "idList": free }))
        .await;
    let view = maria.card("kefir").await;
    assert_eq!(view.body["trouble"]["kind"], "aside", "{:#}", view.body);
    assert_eq!(ways(&view), 0);
    // One that was made there stands in no stage, and it is nobody's turn.
    let wish = json!({ "idList": free, "name": "Заметка" });
    let made = firm.hand("maria_demo").post("cards", wish).unwrap();
    firm.settle().await;
    let note = maria.card_by_id(made["id"].as_str().unwrap()).await;
    assert_eq!(note.body["standing"], json!(null), "{:#}", note.body);
    assert_eq!(note.body["turn"]["people"], json!([]));
}

#[tokio::test]
async fn an_observer_looks_and_changes_nothing() {
    let firm = Firm::open().await;
    firm.observes("gleb_demo");
    let gleb = Panel::of(&firm, "gleb_demo");
    let view = gleb.card("kefir").await;
    assert_eq!(view.body["you"]["writes"], false);
    assert!(view.missing("invoice", "field:contract_no")["mend"].is_null());
    let refused = gleb
        .act(
            "kefir",
            json!({"act": "set", "fields": {"contract_no": "1"}}),
        )
        .await;
    assert_eq!((refused.status, refused.code()), (403, "may_not"));
}

#[tokio::test]
async fn a_reader_of_another_language_is_told_in_it() {
    let firm = Firm::open().await;
    let english = Panel::of(&firm, "egor_demo").in_english();
    let refused = english
        .act("kefir", json!({"act": "move", "stage": "invoice"}))
        .await;
    assert!(
        refused.say().is_ascii() || refused.say().contains("missing"),
        "{}",
        refused.say()
    );
    let russian = Panel::of(&firm, "egor_demo");
    let refused = russian
        .act("kefir", json!({"act": "move", "stage": "invoice"}))
        .await;
    says(refused.say(), &["не хватает"]);
}

/// Reads for pages have their share of what Trello answers. Those who look use it up at most; who acts
/// is not made to wait by them.
#[tokio::test]
async fn whoever_acts_does_not_wait_for_those_who_look() {
    let firm = Firm::open().await;
    let gleb = Panel::of(&firm, "gleb_demo");
    let nowhere = |n: usize| format!("{}/cards/6b0811e05b{n:014}", gleb.board());
    let mut looks = 0;
    let full = loop {
        let answer = gleb.get(&nowhere(looks)).await;
        if answer.code() != "no_card" {
            break answer;
        }
        looks += 1;
        assert!(looks < 100, "reads without end");
    };
    assert_eq!((full.status, full.code()), (503, "busy"));
    let maria = Panel::of(&firm, "maria_demo");
    let fields = json!({"contract_no": "2026-042"});
    maria
        .done("kefir", json!({"act": "set", "fields": fields}))
        .await;
    firm.world().advance(jiff::SignedDuration::from_secs(10));
    assert_eq!(gleb.get(&nowhere(0)).await.code(), "no_card");
}
