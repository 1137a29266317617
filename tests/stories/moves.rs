//! Standing: moves are folded in order, only the place of rest is acted on, a fresh read admits.

use crate::firm::{Firm, says};
use serde_json::json;
use signalman::sandbox::{Fault, FaultKind};

#[tokio::test]
async fn a_move_past_the_gate_goes_back_to_its_old_place_with_a_to_do_list() {
    let firm = Firm::open().await;
    let before = firm.card("kefir").pos;
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert_eq!(firm.stands("kefir"), "contract");
    assert_eq!(firm.card("kefir").pos, before);
    let said = firm.said("kefir");
    assert_eq!(said.len(), 1);
    says(
        &said[0],
        &[
            "@ilya_demo",
            "@maria_demo",
            "«Договор»",
            "«Подключение»",
            "«Счёт и оплата»",
            "«Номер договора»",
            "/почему",
        ],
    );
}

#[tokio::test]
async fn three_drags_delivered_before_the_decision_end_in_one_reversal_and_one_comment() {
    let firm = Firm::open().await;
    let before = firm.card("kefir").pos;
    for stage in ["connect", "handover", "active"] {
        firm.push("ilya_demo", "kefir", stage);
    }
    firm.settle().await;
    assert_eq!(firm.stands("kefir"), "contract");
    assert_eq!(firm.card("kefir").pos, before);
    assert_eq!(firm.reversals("kefir"), 1);
    assert_eq!(firm.said("kefir").len(), 1);
}

#[tokio::test]
async fn the_same_episode_shares_its_comment_and_carries_every_decision_id() {
    let firm = Firm::open().await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    let first = firm.last("kefir");
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert_eq!(firm.said("kefir").len(), 1, "edited, not repeated");
    let id = first.rsplit(' ').next().unwrap();
    says(&firm.last("kefir"), &[id]);
    assert_ne!(
        firm.last("kefir"),
        first,
        "the second decision's id is in it too"
    );
    firm.drag("egor_demo", "kefir", "connect").await;
    assert_eq!(firm.said("kefir").len(), 2, "a new mover gets a new one");
}

#[tokio::test]
async fn legal_steps_advance_the_standing_even_if_the_card_has_gone_on() {
    let firm = Firm::open().await;
    firm.fill(
        "maria_demo",
        "kefir",
        &[
            ("Номер договора", "2026-042"),
            ("Дата договора", &firm.day(-2)),
        ],
    )
    .await;
    firm.push("maria_demo", "kefir", "invoice");
    firm.push("ilya_demo", "kefir", "connect");
    firm.settle().await;
    assert_eq!(
        firm.stands("kefir"),
        "invoice",
        "it rests where it last legally stood"
    );
}

#[tokio::test]
async fn a_swapped_or_doubled_delivery_changes_nothing() {
    let firm = Firm::open().await;
    firm.world()
        .fault(Fault::next(FaultKind::DeliveredSwapped, 1));
    firm.world()
        .fault(Fault::next(FaultKind::DeliveredTwice, 3));
    firm.push("ilya_demo", "kefir", "handover");
    firm.push("ilya_demo", "kefir", "connect");
    firm.settle().await;
    assert_eq!(firm.stands("kefir"), "contract");
    assert_eq!((firm.reversals("kefir"), firm.said("kefir").len()), (1, 1));
}

#[tokio::test]
async fn a_lost_move_is_fetched_when_the_next_one_does_not_begin_where_memory_has_the_card() {
    let firm = Firm::open().await;
    firm.fill(
        "maria_demo",
        "kefir",
        &[
            ("Номер договора", "2026-042"),
            ("Дата договора", &firm.day(-2)),
        ],
    )
    .await;
    firm.world().fault(Fault::next(FaultKind::DeliveryLost, 2));
    firm.push("maria_demo", "kefir", "invoice");
    firm.world().delivered().await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert_eq!(
        firm.stands("kefir"),
        "invoice",
        "the manager's step counts though nobody told of it"
    );
}

#[tokio::test]
async fn the_manager_moves_through_both_ends_of_gate_one() {
    let firm = Firm::open().await;
    firm.ready_to_connect("kefir").await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert_eq!(
        firm.stands("kefir"),
        "invoice",
        "all is settled, but the manager moves"
    );
    firm.drag("maria_demo", "kefir", "connect").await;
    assert_eq!(firm.stands("kefir"), "connect");
    assert_eq!(firm.standing("kefir").await, "connect");
}

#[tokio::test]
async fn deputies_count_as_the_role_and_guests_move_nothing() {
    let firm = Firm::open().await;
    firm.ready_to_connect("kefir").await;
    firm.drag("gleb_demo", "kefir", "connect").await;
    assert_eq!(firm.stands("kefir"), "invoice");
    firm.drag("vera_demo", "kefir", "connect").await;
    assert_eq!(firm.stands("kefir"), "connect");
}

#[tokio::test]
async fn one_thing_missing_is_told_to_the_right_person() {
    let firm = Firm::open().await;
    firm.drag("maria_demo", "boot", "connect").await;
    assert_eq!(firm.stands("boot"), "invoice");
    says(
        &firm.last("boot"),
        &[
            "@maria_demo",
            "«Первый платёж пришёл»",
            "@olga_demo",
            "Денис (директор)",
        ],
    );
}

#[tokio::test]
async fn a_refusal_is_judged_on_the_fresh_card() {
    let firm = Firm::open().await;
    // The tick's delivery is lost; the fresh card and its actions tell of it.
    firm.world().fault(Fault::next(FaultKind::DeliveryLost, 1));
    firm.mark("olga_demo", "boot", "paid", true);
    firm.world().delivered().await;
    firm.drag("maria_demo", "boot", "connect").await;
    assert_eq!(firm.stands("boot"), "connect");
}

#[tokio::test]
async fn a_stage_may_be_left_out_by_who_may_and_by_nobody_else() {
    let firm = Firm::open().await;
    let lines = [
        ("Технический контакт", "Зоя"),
        ("Почта контакта", "zoya@chainik.example"),
    ];
    let desc = lines
        .map(|(label, value)| format!("{label}: {value}"))
        .join("\n");
    let card = firm.create("gleb_demo", "request", "Радио Примус").await;
    firm.change("maria_demo", &card, json!({ "desc": desc }))
        .await;
    firm.drag("maria_demo", &card, "quote").await;
    assert_eq!(
        firm.stands(&card),
        "request",
        "what both stages need is asked for"
    );
    says(&firm.last(&card), &["«Протокол»"]);
    let more = "Кто отдаёт поток: клиент нам (push)\nПротокол: HLS\nКодек: MP3\nБитрейт, кбит/с: 128\nОпции по заказу: нет";
    firm.change(
        "maria_demo",
        &card,
        json!({ "desc": format!("{desc}\n{more}") }),
    )
    .await;
    firm.drag("maria_demo", &card, "quote").await;
    assert_eq!(firm.stands(&card), "quote");
}
