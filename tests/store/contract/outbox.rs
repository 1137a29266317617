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
