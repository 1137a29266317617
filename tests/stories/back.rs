//! Going back: who may, what lapses, what stays.

use crate::firm::{Firm, says};

#[tokio::test]
async fn back_goes_the_owner_or_whoever_the_file_names() {
    let firm = Firm::open().await;
    firm.drag("olga_demo", "alarm", "contract").await;
    assert_eq!(firm.stands("alarm"), "connect");
    firm.drag("egor_demo", "alarm", "contract").await;
    assert_eq!(firm.stands("alarm"), "contract");
}

#[tokio::test]
async fn confirmations_lapse_after_the_grace_and_facts_stay() {
    let firm = Firm::open().await;
    firm.tick("ilya_demo", "airfield", "stable").await;
    firm.drag("ilya_demo", "airfield", "connect").await;
    assert!(firm.ticked("airfield", "stable"), "not within the grace");
    let before = firm.said("airfield").len();
    firm.wait(11).await;
    assert!(!firm.ticked("airfield", "stable"));
    assert!(
        firm.ticked("airfield", "access_given"),
        "a fact does not lapse"
    );
    assert!(firm.ticked("airfield", "paid"));
    assert_eq!(firm.said("airfield").len(), before + 1, "one comment");
    says(
        &firm.last("airfield"),
        &["«Подключение»", "Поток шёл час", "Илья"],
    );
}

#[tokio::test]
async fn a_return_within_the_grace_cancels_the_lapse() {
    let firm = Firm::open().await;
    firm.tick("ilya_demo", "airfield", "stable").await;
    firm.drag("ilya_demo", "airfield", "connect").await;
    firm.wait(5).await;
    firm.drag("ilya_demo", "airfield", "handover").await;
    firm.wait(20).await;
    assert!(firm.ticked("airfield", "stable"));
    assert_eq!(firm.stands("airfield"), "handover");
}

#[tokio::test]
async fn our_own_reversal_lapses_nothing() {
    let firm = Firm::open().await;
    firm.tick("ilya_demo", "airfield", "stable").await;
    firm.drag("ilya_demo", "airfield", "active").await;
    assert_eq!(firm.stands("airfield"), "handover");
    firm.wait(20).await;
    assert!(firm.ticked("airfield", "stable"));
}

#[tokio::test]
async fn who_ticked_what_lapsed_stays_in_the_history() {
    use signalman::store::Store;
    let firm = Firm::open().await;
    firm.tick("ilya_demo", "airfield", "stable").await;
    firm.drag("ilya_demo", "airfield", "connect").await;
    firm.wait(11).await;
    let lane = signalman::model::Lane::Card(firm.id("airfield").as_str().into());
    let history = firm
        .store
        .history(&firm.board(), Some(&lane), 50)
        .await
        .unwrap();
    let ilya = firm.hand("ilya_demo").member().to_owned();
    let lapsed = history.iter().find(|line| line.kind == "lapsed");
    assert!(format!("{:?}", lapsed.unwrap()).contains(&ilya));
}

#[tokio::test]
async fn a_return_brings_the_stages_own_date_back() {
    let firm = Firm::open().await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.drag("maria_demo", "boot", "connect").await;
    let due = firm.card("boot").due;
    firm.drag("ilya_demo", "boot", "invoice").await;
    assert_ne!(firm.card("boot").due, due);
    firm.drag("ilya_demo", "boot", "connect").await;
    assert_eq!(firm.standing("boot").await, "connect");
    let late = firm.card("boot").due.unwrap().duration_since(due.unwrap());
    assert!(late.as_mins() < 5, "{late:?}");
}

#[tokio::test]
async fn where_no_step_leads_the_ones_that_do_are_named() {
    let firm = Firm::open().await;
    firm.fill("maria_demo", "boot", &[("Причина отказа", "передумал")])
        .await;
    firm.drag("maria_demo", "boot", "lost").await;
    assert_eq!(
        firm.standing("boot").await,
        "lost",
        "{:?}",
        firm.said("boot")
    );
    firm.drag("maria_demo", "boot", "handover").await;
    assert_eq!(firm.stands("boot"), "lost");
    says(
        &firm.last("boot"),
        &["из неё не переходят", "«Новый запрос»", "«Договор»"],
    );
}
