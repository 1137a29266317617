//! Many cards at once: what it costs Trello, and what comes first.

use crate::firm::Firm;
use jiff::SignedDuration;
use serde_json::json;
use signalman::engine::Step;
use signalman::model::Lane;
use signalman::store::Store;

/// So many cards more in the list where cards begin.
async fn with_cards(firm: &Firm, cards: usize) -> Vec<String> {
    let maria = firm.hand("maria_demo");
    let make = |nth| {
        let wish = json!({ "idList": firm.list("request"), "name": format!("Радио {nth}") });
        let made = maria.post("cards", wish).unwrap();
        made["id"].as_str().unwrap().to_owned()
    };
    let made = (0..cards).map(make).collect();
    all_done(firm).await;
    firm.world().forget_requests();
    made
}

/// All cards of that list moved past gates together, by somebody who may not.
fn move_all(firm: &Firm) {
    let wish = json!({ "idBoard": firm.demo.board, "idList": firm.list("connect") });
    let path = format!("lists/{}/moveAllCards", firm.list("request"));
    firm.hand("ilya_demo").post(&path, wish).unwrap();
}

/// Everything is judged and done, however long it waits for room in Trello's window.
async fn all_done(firm: &Firm) {
    for _ in 0..600 {
        firm.world().delivered().await;
        firm.world().advance(SignedDuration::from_secs(1));
        while firm.engine.step(firm.now()).await.unwrap() == Step::Worked {}
        firm.world().delivered().await;
        let left = firm.store.counters().await.unwrap();
        if left.events_waiting + left.effects_waiting == 0 {
            return;
        }
    }
    panic!("it never comes to rest");
}

fn of(made: &[String], verb: &str) -> usize {
    made.iter().filter(|one| one.starts_with(verb)).count()
}

#[tokio::test]
async fn a_storm_shares_its_reads_and_cards_go_back_before_it_is_said_why() {
    let firm = Firm::limited().await;
    let cards = with_cards(&firm, 120).await;
    move_all(&firm);
    all_done(&firm).await;
    for card in &cards {
        assert_eq!(firm.stands(card), "request");
        assert_eq!(firm.said(card).len(), 1);
    }
    let made = firm.requests();
    let moved = firm.world().with(|state| {
        let list = firm.list("request");
        state
            .cards
            .values()
            .filter(|card| card.list == list)
            .count()
    });
    assert_eq!(of(&made, "PUT"), moved, "one move a card");
    assert_eq!(
        of(&made, "POST"),
        moved,
        "one comment a card, and nothing is looked up"
    );
    assert!(of(&made, "GET") <= 4, "{:?}", &made[..8]);
    // A card whose own delivery came late goes back when it is known, among the first comments.
    let back = made.iter().rposition(|one| one.starts_with("PUT")).unwrap();
    let after = of(&made[back..], "POST");
    assert!(after > moved / 2, "{after} comments after the last card");
    let figures = firm.trello.figures().await;
    assert_eq!(figures.refused, 0, "{figures:?}");
    assert!(figures.waited > 0, "it was more than a window holds");
}

#[tokio::test]
async fn a_card_told_of_again_is_not_judged_by_what_was_read_before() {
    let firm = Firm::open().await;
    let cards = with_cards(&firm, 10).await;
    move_all(&firm);
    firm.world().delivered().await;
    firm.world().advance(SignedDuration::from_millis(200));
    let read = |firm: &Firm| firm.requests().iter().any(|one| one.ends_with("/cards"));
    while !read(&firm) {
        assert_eq!(firm.engine.step(firm.now()).await.unwrap(), Step::Worked);
    }
    let late = cards.iter().filter(|card| firm.stands(card) == "connect");
    let late: Vec<_> = late.collect();
    assert!(late.len() > 4);
    for card in &late {
        firm.push("ilya_demo", card, "handover");
    }
    firm.world().delivered().await;
    firm.engine.drain(firm.now()).await.unwrap();
    for card in &late {
        let lane = Lane::Card(card.as_str().into());
        let work = firm.store.load(&firm.board(), &lane).await.unwrap();
        assert_eq!(work.attempts, 0, "it was not even tried by the read before");
    }
    all_done(&firm).await;
    for card in &cards {
        assert_eq!(firm.stands(card), "request");
    }
}

#[tokio::test]
async fn a_few_cards_are_read_one_by_one() {
    let firm = Firm::open().await;
    for card in ["kefir", "boot"] {
        firm.push("ilya_demo", card, "handover");
    }
    firm.settle().await;
    let made = firm.requests();
    assert_eq!(of(&made, "GET /boards"), 0, "{made:?}");
    assert_eq!(of(&made, "GET /cards"), 2, "{made:?}");
}
