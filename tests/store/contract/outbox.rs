//! What a store promises of effects that wait to be done.

use super::*;

pub(crate) async fn a_slot_keeps_only_what_is_newest(store: &dyn Store) {
    ready(store).await;
    let say = |text: &str| Commit {
        effects: vec![news(text, Some("label"))],
        ..Commit::new(lane("card"), at(1))
    };
    commit(store, say("old")).await;
    commit(store, say("new")).await;
    assert_eq!(shown(&work(store, "card").await), ["new"]);
}

pub(crate) async fn what_was_begun_is_in_doubt_and_its_successor_inherits_it(store: &dyn Store) {
    ready(store).await;
    let say = |text: &str| Commit {
        effects: vec![news(text, Some("label"))],
        ..Commit::new(lane("card"), at(1))
    };
    commit(store, say("old")).await;
    let row = work(store, "card").await.outbox[0].id;
    commit(
        store,
        Commit {
            outbox: vec![(row, RowChange::Begun)],
            ..Commit::new(lane("card"), at(2))
        },
    )
    .await;
    assert!(work(store, "card").await.outbox[0].doubt);
    commit(store, say("new")).await;
    let left = work(store, "card").await;
    assert_eq!(shown(&left), ["new"]);
    assert!(left.outbox[0].doubt, "the one before it may have been done");
}

pub(crate) async fn where_a_card_goes_comes_before_what_is_said_of_it(store: &dyn Store) {
    ready(store).await;
    let effects = vec![
        news("seed", None),
        news("back", Some("place")),
        news("word", Some("stuck")),
    ];
    let both = Commit {
        effects,
        ..Commit::new(lane("card"), at(1))
    };
    commit(store, both).await;
    let left = work(store, "card").await;
    assert_eq!(shown(&left), ["word", "back", "seed"]);
    let later = RowChange::Later {
        not_before: at(50),
        doubt: false,
    };
    let wait = Commit {
        outbox: vec![(left.outbox[0].id, later)],
        ..Commit::new(lane("card"), at(2))
    };
    commit(store, wait).await;
    assert!(due(store, 20).await.is_empty(), "the first of them is due");
    assert_eq!(due(store, 60).await, [lane("card")]);
}

pub(crate) async fn a_row_waits_for_its_time_and_holds_up_its_lane_alone(store: &dyn Store) {
    ready(store).await;
    for card in ["card", "other"] {
        commit(
            store,
            Commit {
                effects: vec![news(card, None)],
                ..Commit::new(lane(card), at(1))
            },
        )
        .await;
    }
    let row = work(store, "card").await.outbox[0].id;
    let again = RowChange::Again {
        not_before: at(60),
        doubt: false,
        why: "busy".into(),
    };
    commit(
        store,
        Commit {
            outbox: vec![(row, again)],
            ..Commit::new(lane("card"), at(2))
        },
    )
    .await;
    assert_eq!(due(store, 3).await, [lane("other")]);
    assert!(due(store, 61).await.contains(&lane("card")));
}

pub(crate) async fn what_puts_a_card_right_comes_before_the_rest(store: &dyn Store) {
    ready(store).await;
    let told = |card: &str, second: i64, slot: Option<&str>| Commit {
        effects: vec![news(card, slot)],
        ..Commit::new(lane(card), at(second))
    };
    commit(store, told("said", 1, None)).await;
    commit(store, told("marked", 2, Some("label"))).await;
    commit(store, told("back", 4, Some("place"))).await;
    commit(store, told("word", 5, Some("stuck"))).await;
    let timer = Commit {
        timers: vec![
            ("wait".into(), Some(at(6))),
            ("later".into(), Some(at(500))),
        ],
        ..Commit::new(lane("waited"), at(3))
    };
    commit(store, timer).await;
    let events = [moved("1", "moved", 1)];
    store.append(&board(), &events, at(2)).await.unwrap();
    // What it has to judge later makes nothing of what it has to say now more pressing.
    let later = Commit {
        timers: vec![("later".into(), Some(at(500)))],
        ..told("patient", 3, None)
    };
    commit(store, later).await;
    let order = [
        "moved", "back", "word", "waited", "said", "marked", "patient",
    ];
    assert_eq!(due(store, 10).await, order.map(lane));
}

pub(crate) async fn a_lane_tells_when_its_last_event_came(store: &dyn Store) {
    ready(store).await;
    assert_eq!(work(store, "card").await.received, None);
    for (id, told, came) in [("1", 5, 7), ("2", 3, 9)] {
        let events = [moved(id, "card", told)];
        store.append(&board(), &events, at(came)).await.unwrap();
    }
    assert_eq!(work(store, "card").await.received, Some(at(9)));
    let judged = Commit {
        judged: vec!["1".into(), "2".into()],
        ..Commit::new(lane("card"), at(10))
    };
    commit(store, judged).await;
    assert_eq!(work(store, "card").await.received, None);
}
