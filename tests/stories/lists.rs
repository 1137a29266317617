//! Lists: renamed, archived, free; and how many cards one holds.

use crate::firm::{Firm, in_stage, radio_text, says};
use serde_json::json;

#[tokio::test]
async fn a_renamed_list_keeps_its_rules() {
    let firm = Firm::open().await;
    let path = format!("lists/{}", firm.list("connect"));
    firm.hand("maria_demo")
        .put(&path, json!({ "name": "Монтаж" }))
        .unwrap();
    firm.settle().await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert_eq!(firm.stands("kefir"), "contract");
}

#[tokio::test]
async fn an_archived_stage_list_is_restored() {
    let firm = Firm::open().await;
    let list = firm.list("connect");
    firm.hand("maria_demo")
        .put(&format!("lists/{list}"), json!({ "closed": true }))
        .unwrap();
    firm.settle().await;
    assert!(firm.world().with(|state| !state.lists[&list].closed));
    says(&firm.news().join("\n"), &["Подключение"]);
}

#[tokio::test]
async fn a_free_list_keeps_the_standing_and_is_no_way_round_a_gate() {
    let firm = Firm::open().await;
    firm.drag("egor_demo", "kefir", "how").await;
    assert_eq!(firm.stands("kefir"), "how", "free lists are free");
    assert_eq!(firm.standing("kefir").await, "contract");
    firm.drag("egor_demo", "kefir", "connect").await;
    assert_ne!(firm.stands("kefir"), "connect");
    firm.drag("maria_demo", "kefir", "contract").await;
    assert_eq!(firm.stands("kefir"), "contract");
    assert_eq!(firm.standing("kefir").await, "contract");
}

#[tokio::test]
async fn a_card_born_in_a_free_list_may_only_go_to_the_entry_stage() {
    let firm = Firm::open().await;
    let card = firm.create("maria_demo", "how", "Радио Примус").await;
    firm.drag("maria_demo", &card, "contract").await;
    assert_ne!(firm.stands(&card), "contract");
    firm.drag("gleb_demo", &card, "request").await;
    assert_eq!(firm.stands(&card), "request");
    assert_eq!(firm.standing(&card).await, "request");
}

#[tokio::test]
async fn a_full_list_warns_or_refuses_the_later_card() {
    let warns = in_stage(&radio_text(), "connect", "wip = { limit = 1 }");
    let firm = Firm::with(warns).await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.drag("maria_demo", "boot", "connect").await;
    assert_eq!(firm.stands("boot"), "connect");
    let refuses = in_stage(
        &radio_text(),
        "connect",
        "wip = { limit = 1, refuse = true }",
    );
    let firm = Firm::with(refuses).await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.drag("maria_demo", "boot", "connect").await;
    assert_eq!(firm.stands("boot"), "invoice", "one stands there already");
}

#[tokio::test]
async fn of_two_cards_for_one_place_the_later_loses() {
    let refuses = in_stage(
        &radio_text(),
        "connect",
        "wip = { limit = 2, refuse = true }",
    );
    let firm = Firm::with(refuses).await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.ready_to_connect("kefir").await;
    firm.push("maria_demo", "kefir", "connect");
    firm.push("maria_demo", "boot", "connect");
    firm.settle().await;
    let stand = [firm.stands("kefir"), firm.stands("boot")];
    assert_eq!(
        stand.iter().filter(|stage| *stage == "connect").count(),
        1,
        "{stand:?}"
    );
}

#[tokio::test]
async fn a_card_in_a_free_list_takes_no_place() {
    let refuses = in_stage(
        &radio_text(),
        "connect",
        "wip = { limit = 1, refuse = true }",
    );
    let firm = Firm::with(refuses).await;
    firm.drag("egor_demo", "alarm", "how").await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.drag("maria_demo", "boot", "connect").await;
    assert_eq!(firm.stands("boot"), "connect", "{:?}", firm.said("boot"));
}
