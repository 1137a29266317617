//! What a store promises of boards and the processes in force on them.

use super::*;
use signalman::model::{Member, Message, PostId};
use signalman::store::{Counters, Over};

pub(crate) async fn a_paused_board_keeps_and_does_nothing(store: &dyn Store) {
    ready(store).await;
    store
        .append(&board(), &[moved("1", "card", 1)], at(2))
        .await
        .unwrap();
    store
        .set_state(&board(), BoardState::Paused, at(3))
        .await
        .unwrap();
    assert!(due(store, 100).await.is_empty());
    assert!(store.running().await.unwrap().is_empty());
    let begun = store.begin(&board(), &lane("card")).await.unwrap();
    let (record, kept) = begun.unwrap();
    assert_eq!((record.state, kept.events.len()), (BoardState::Paused, 1));
    store
        .set_state(&board(), BoardState::Running, at(4))
        .await
        .unwrap();
    assert_eq!(due(store, 100).await, [lane("card")]);
    assert_eq!(store.running().await.unwrap(), [board()]);
    let unknown = store.begin(&"other".into(), &lane("card")).await;
    assert!(unknown.unwrap().is_none());
}

/// A thousand boards of one firm weigh their cards, and not a thousand times its file.
pub(crate) async fn boards_under_one_file_keep_its_text_once(store: &dyn Store) {
    let (one, two, three) = (board(), "two".into(), "three".into());
    for (board, version) in [(&one, "v"), (&two, "v"), (&three, "w")] {
        let start = Start::CarryOn(Vec::new());
        let active = active(version);
        store.activate(board, active, start, at(0)).await.unwrap();
    }
    let text = async |board| {
        store
            .board(board)
            .await
            .unwrap()
            .unwrap()
            .active
            .text
            .clone()
    };
    let (one, two, three) = (text(&one).await, text(&two).await, text(&three).await);
    assert!(std::sync::Arc::ptr_eq(&one, &two));
    assert_eq!((&*two, &*three), ("text of v", "text of w"));
}

pub(crate) async fn a_board_taken_afresh_forgets_what_waited_and_keeps_what_it_knows(
    store: &dyn Store,
) {
    ready(store).await;
    store
        .append(&board(), &[moved("1", "card", 1)], at(2))
        .await
        .unwrap();
    let waits = Commit {
        effects: vec![news("late", None)],
        timers: vec![("lapse".into(), Some(at(3)))],
        ..Commit::new(lane("other"), at(2))
    };
    commit(store, waits).await;
    let afresh = Start::Afresh {
        cards: vec![(lane("card"), standing("connect"))],
        after: Some(("9".into(), at(4))),
    };
    store
        .activate(&board(), active("w"), afresh, at(5))
        .await
        .unwrap();
    assert!(due(store, 9_000).await.is_empty());
    assert_eq!(
        store.last_seen(&board()).await.unwrap(),
        Some(("9".into(), at(4)))
    );
    assert_eq!(
        work(store, "card").await.memory,
        Some(standing("connect")),
        "as it is taken"
    );
    let again = store
        .append(&board(), &[moved("1", "card", 1)], at(6))
        .await;
    assert_eq!(again.unwrap(), 0, "known by its id");
}

pub(crate) async fn a_message_on_its_way_outlives_the_day_its_board_is_taken_afresh(
    store: &dyn Store,
) {
    ready(store).await;
    let [held, fresh, answer] =
        ["mail", "chat", "hook"].map(|way| PostId::new(&"vera".into(), way));
    let on = |post: &PostId| Lane::Post(post.clone());
    let morning = Commit {
        timers: vec![("morning".into(), Some(at(30)))],
        ..Commit::new(on(&held), at(2))
    };
    commit(store, morning).await;
    let told = Event {
        id: "message".into(),
        at: at(2),
        actor: Actor::default(),
        kind: EventKind::MessageDue {
            to: fresh.clone(),
            message: Message {
                about: "ABC123".into(),
                card: None,
                subject: "Кефир".into(),
                text: "…".into(),
                link: None,
                at_once: false,
            },
        },
    };
    store.append(&board(), &[told], at(2)).await.unwrap();
    let said = Commit {
        effects: vec![news("not reached", None)],
        ..Commit::new(on(&answer), at(2))
    };
    commit(store, said).await;
    let afresh = Start::Afresh {
        cards: Vec::new(),
        after: None,
    };
    store
        .activate(&board(), active("w"), afresh, at(5))
        .await
        .unwrap();
    let waits = due(store, 20).await;
    assert_eq!(waits.len(), 2, "{waits:?}");
    assert!(waits.contains(&on(&fresh)) && waits.contains(&on(&answer)));
    assert!(due(store, 40).await.contains(&on(&held)));
    let kept = store.load(&board(), &on(&held)).await.unwrap();
    assert_eq!(kept.timers["morning"], at(30));
    let kept = store.load(&board(), &on(&fresh)).await.unwrap();
    assert_eq!(kept.events.len(), 1);
}

pub(crate) async fn people_met_are_named_and_nothing_else_changes(store: &dyn Store) {
    ready(store).await;
    let vera = Member {
        id: "vera".into(),
        username: "vera_demo".into(),
        full_name: "Vera".into(),
    };
    store.meet(&board(), vec![vera.clone()]).await.unwrap();
    store.own_app(&board(), "ours".into()).await.unwrap();
    let record = store.board(&board()).await.unwrap().unwrap();
    let mut wanted = active("v");
    wanted.bindings.app = Some("ours".into());
    wanted.bindings.people.insert("vera".into(), vera);
    assert_eq!(record.active, wanted);
}

pub(crate) async fn earlier_versions_are_kept_and_the_baseline_comes_with_the_new(
    store: &dyn Store,
) {
    ready(store).await;
    let baseline = vec![(lane("card"), standing("contract"))];
    store
        .activate(&board(), active("w"), Start::CarryOn(baseline), at(5))
        .await
        .unwrap();
    let record = store.board(&board()).await.unwrap().unwrap();
    assert_eq!(record.active.version, Version("w".into()));
    assert_eq!(
        store
            .process_text(&board(), &Version("v".into()))
            .await
            .unwrap()
            .as_deref(),
        Some("text of v")
    );
    assert!(
        store
            .memory(&board(), &lane("card"))
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(store.boards().await.unwrap(), [board()]);
}

pub(crate) async fn a_process_replaces_only_what_was_seen_in_force(store: &dyn Store) {
    let put = async |over: Over, version: &str, card: &str, second: i64| {
        let start = Start::CarryOn(vec![(lane(card), standing("contract"))]);
        let (board, new) = (board(), active(version));
        let put = store.activate_over(&board, new, start, over, at(second));
        put.await.unwrap()
    };
    let seen = |version: &str| Over::Version(Version(version.into()));
    let first = put(seen("v"), "w", "early", 1).await;
    assert_eq!(first, Committed::Conflict, "nothing is in force");
    assert!(store.boards().await.unwrap().is_empty());
    assert_eq!(put(Over::Nothing, "v", "card", 2).await, Committed::Done);
    assert_eq!(
        put(Over::Nothing, "w", "card", 3).await,
        Committed::Conflict
    );
    assert_eq!(put(seen("v"), "w", "card", 4).await, Committed::Done);
    let late = put(seen("v"), "x", "late", 5).await;
    assert_eq!(late, Committed::Conflict, "somebody was faster");
    let memory = store.memory(&board(), &lane("late")).await.unwrap();
    assert_eq!(memory, None, "nothing was written");
    let kept = store.versions(&board()).await.unwrap();
    let kept: Vec<_> = kept.iter().map(|one| one.version.0.as_str()).collect();
    assert_eq!(kept, ["w", "v"]);
    let again = put(seen("v"), "w", "card", 6).await;
    assert_eq!(again, Committed::Done, "it is this very one already");
    let record = store.board(&board()).await.unwrap().unwrap();
    assert_eq!(record.active, active("w"));
}

pub(crate) async fn versions_are_told_as_they_were_put_in_force(store: &dyn Store) {
    assert!(store.versions(&board()).await.unwrap().is_empty());
    for (version, second) in [("v", 1), ("w", 2), ("x", 3), ("v", 4)] {
        let start = Start::CarryOn(Vec::new());
        let active = active(version);
        let done = store.activate(&board(), active, start, at(second)).await;
        done.unwrap();
    }
    let kept = store.versions(&board()).await.unwrap();
    let kept: Vec<_> = kept
        .iter()
        .map(|one| (one.version.0.as_str(), one.at))
        .collect();
    let put = |second| Some(at(second));
    assert_eq!(
        kept,
        [("v", put(4)), ("x", put(3)), ("w", put(2))],
        "back to the first"
    );
    let other = store.versions(&"other".into()).await.unwrap();
    assert!(other.is_empty());
}

pub(crate) async fn what_waits_is_counted_with_its_oldest(store: &dyn Store) {
    ready(store).await;
    assert_eq!(store.counters().await.unwrap(), Counters::default());
    let told = |id: &str, card: &str| [moved(id, card, 1)];
    for (id, card, second) in [("1", "first", 20), ("2", "second", 10), ("3", "first", 30)] {
        let told = told(id, card);
        store.append(&board(), &told, at(second)).await.unwrap();
    }
    for (text, second) in [("late", 50), ("early", 40)] {
        let said = Commit {
            effects: vec![news(text, None)],
            ..Commit::new(lane(text), at(second))
        };
        commit(store, said).await;
    }
    let counters = store.counters().await.unwrap();
    assert_eq!((counters.events_waiting, counters.effects_waiting), (3, 2));
    assert_eq!(counters.oldest_event, Some(at(10)), "when it came");
    assert_eq!(counters.oldest_effect, Some(at(40)), "when it was decided");
    let judged = Commit {
        judged: vec!["2".into()],
        ..Commit::new(lane("second"), at(60))
    };
    commit(store, judged).await;
    let buried = Commit {
        bury: Some("poison".into()),
        ..Commit::new(lane("first"), at(60))
    };
    commit(store, buried).await;
    let row = work(store, "early").await.outbox[0].id;
    let done = Commit {
        outbox: vec![(row, RowChange::Done)],
        ..Commit::new(lane("early"), at(60))
    };
    commit(store, done).await;
    let counters = store.counters().await.unwrap();
    assert_eq!(counters.oldest_event, None, "judged or given up");
    assert_eq!(counters.oldest_effect, Some(at(50)));
    assert_eq!(counters.dead, 2);
}
