//! What every store promises. Each promise is a function over any store.

mod boards;
mod forget;
mod history;
mod loads;
mod outbox;

pub(crate) use boards::*;
pub(crate) use forget::*;
pub(crate) use history::*;
pub(crate) use loads::*;
pub(crate) use outbox::*;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use signalman::model::{Actor, BoardId, CardId, Event, EventKind, Lane, ListId, PlaceId, Status};
use signalman::process::{Bindings, DecisionId, Deed, Effect, Memory, Standing, Version};
use signalman::store::{
    Active, BoardState, Commit, Committed, HistoryLine, LaneWork, RowChange, Start, Store,
};
use std::collections::BTreeMap;

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_764_000_000 + second).unwrap()
}
pub(crate) fn board() -> BoardId {
    "board".into()
}
pub(crate) fn lane(card: &str) -> Lane {
    Lane::Card(CardId::from(card))
}
pub(crate) fn moved(id: &str, card: &str, second: i64) -> Event {
    Event {
        id: id.into(),
        at: at(second),
        actor: Actor {
            member: Some("anna".into()),
            username: "anna".into(),
            name: "Anna".into(),
            app: None,
            agent: false,
        },
        kind: EventKind::CardMoved {
            card: card.into(),
            name: "Кефир".into(),
            from: "a".into(),
            to: ListId::from("b"),
        },
    }
}
pub(crate) fn active(version: &str) -> Active {
    let bindings = Bindings {
        board: board(),
        bot: "bot".into(),
        app: None,
        shared_account: false,
        lists: BTreeMap::new(),
        roles: BTreeMap::new(),
        people: BTreeMap::new(),
        labels: BTreeMap::new(),
        fields: BTreeMap::new(),
        custom_fields: Vec::new(),
        news_list: None,
        news_card: None,
        guide_card: None,
        away: Vec::new(),
        not_here: std::collections::BTreeSet::new(),
        presence: 0,
    };
    Active {
        version: Version(version.into()),
        text: format!("text of {version}").into(),
        bindings,
    }
}
pub(crate) fn news(text: &str, slot: Option<&str>) -> Effect {
    Effect {
        decision: DecisionId("ABC123".into()),
        slot: slot.map(str::to_owned),
        deed: Deed::News { text: text.into() },
    }
}
fn standing(stage: &str) -> Memory {
    let standing = Standing {
        stage: stage.into(),
        since: at(0),
        proved: true,
        stood: None,
    };
    Memory {
        standing: Some(standing),
        ..Memory::default()
    }
}
pub(crate) fn line(text: &str, second: i64) -> HistoryLine {
    HistoryLine {
        at: at(second),
        kind: "refused".into(),
        decision: Some(text.into()),
        who: None,
        version: Version("v".into()),
        text: text.into(),
        data: json!({}),
    }
}
async fn work(store: &dyn Store, card: &str) -> LaneWork {
    store.load(&board(), &lane(card)).await.unwrap()
}
async fn due(store: &dyn Store, second: i64) -> Vec<Lane> {
    let due = store
        .due(at(second), SignedDuration::from_secs(1))
        .await
        .unwrap();
    due.lanes.into_iter().map(|(_, lane)| lane).collect()
}
async fn ready(store: &dyn Store) {
    store
        .activate(&board(), active("v"), Start::CarryOn(Vec::new()), at(0))
        .await
        .unwrap();
}
async fn commit(store: &dyn Store, commit: Commit) -> Committed {
    store.commit(&board(), commit).await.unwrap()
}
fn shown(effects: &LaneWork) -> Vec<String> {
    let text = |effect: &Effect| match &effect.deed {
        Deed::News { text } => text.clone(),
        other => format!("{other:?}"),
    };
    effects.outbox.iter().map(|row| text(&row.effect)).collect()
}

pub(crate) async fn an_action_is_kept_once(store: &dyn Store) {
    ready(store).await;
    let twice = [moved("1", "card", 1), moved("1", "card", 1)];
    assert_eq!(store.append(&board(), &twice, at(2)).await.unwrap(), 1);
    assert_eq!(store.append(&board(), &twice[..1], at(3)).await.unwrap(), 0);
    assert_eq!(work(store, "card").await.events.len(), 1);
}

pub(crate) async fn events_come_in_the_order_of_their_dates_then_ids(store: &dyn Store) {
    ready(store).await;
    let events = [
        moved("3", "card", 2),
        moved("2", "card", 1),
        moved("1", "card", 2),
    ];
    store.append(&board(), &events, at(5)).await.unwrap();
    let ids: Vec<_> = work(store, "card")
        .await
        .events
        .iter()
        .map(|event| event.id.to_string())
        .collect();
    assert_eq!(ids, ["2", "1", "3"]);
}

pub(crate) async fn a_lane_is_due_when_its_events_have_settled(store: &dyn Store) {
    ready(store).await;
    store
        .append(&board(), &[moved("1", "card", 1)], at(10))
        .await
        .unwrap();
    let soon = store
        .due(at(10), SignedDuration::from_secs(1))
        .await
        .unwrap();
    assert!(soon.lanes.is_empty());
    assert_eq!(soon.next, Some(at(11)));
    assert_eq!(due(store, 11).await, [lane("card")]);
}

pub(crate) async fn what_comes_when_a_wait_is_over_settles_first(store: &dyn Store) {
    ready(store).await;
    let waits = Commit {
        wait: Some(at(5)),
        ..Commit::new(lane("card"), at(1))
    };
    commit(store, waits).await;
    let late = [moved("1", "card", 9)];
    store.append(&board(), &late, at(10)).await.unwrap();
    assert!(due(store, 10).await.is_empty());
    assert_eq!(due(store, 11).await, [lane("card")]);
}

pub(crate) async fn however_many_wait_for_a_place_a_card_is_named(store: &dyn Store) {
    ready(store).await;
    let asked = (0..600).map(|n| {
        let place = PlaceId::new(&format!("card{n}").as_str().into(), "crm");
        Event {
            id: format!("place {n}").as_str().into(),
            at: at(1),
            actor: Actor::default(),
            kind: EventKind::PlaceDue {
                place,
                status: Status::Active,
            },
        }
    });
    let asked: Vec<_> = asked.collect();
    store.append(&board(), &asked, at(1)).await.unwrap();
    let late = [moved("1", "card", 2)];
    store.append(&board(), &late, at(2)).await.unwrap();
    let says = Commit {
        effects: vec![news("said", None)],
        ..Commit::new(lane("other"), at(2))
    };
    commit(store, says).await;
    let named = due(store, 3).await;
    assert_eq!(named[..2], [lane("card"), lane("other")]);
    assert!(named.len() > 100, "places have their turn behind them");
}

pub(crate) async fn a_commit_is_all_of_it(store: &dyn Store) {
    ready(store).await;
    store
        .append(&board(), &[moved("1", "card", 1)], at(2))
        .await
        .unwrap();
    let done = Commit {
        judged: vec!["1".into()],
        memory: Some(standing("contract")),
        history: vec![line("X", 2)],
        effects: vec![news("one", None), news("two", None)],
        timers: vec![("lapse".into(), Some(at(600)))],
        ..Commit::new(lane("card"), at(3))
    };
    assert_eq!(commit(store, done).await, Committed::Done);
    let left = work(store, "card").await;
    assert!(left.events.is_empty());
    assert_eq!(
        shown(&left),
        ["one", "two"],
        "in the order they were decided"
    );
    assert_eq!(left.timers.get("lapse"), Some(&at(600)));
    assert_eq!(
        store
            .counts(&board())
            .await
            .unwrap()
            .get(&"contract".into()),
        Some(&1)
    );
    assert_eq!(store.history(&board(), None, 9).await.unwrap().len(), 1);
    assert!(store.decision(&board(), "X").await.unwrap().is_some());
}

pub(crate) async fn a_conflict_writes_nothing(store: &dyn Store) {
    ready(store).await;
    let place = |card: &str, count| Commit {
        memory: Some(standing("connect")),
        effects: vec![news(card, None)],
        expect_wip: Some(("connect".into(), count)),
        ..Commit::new(lane(card), at(1))
    };
    assert_eq!(commit(store, place("first", 0)).await, Committed::Done);
    assert_eq!(commit(store, place("second", 0)).await, Committed::Conflict);
    let left = work(store, "second").await;
    assert!(left.memory.is_none() && left.outbox.is_empty());
    assert_eq!(commit(store, place("second", 1)).await, Committed::Done);
}

pub(crate) async fn a_step_that_rests_on_an_older_memory_writes_nothing(store: &dyn Store) {
    ready(store).await;
    let step = |edition, stage: &str| Commit {
        memory: Some(standing(stage)),
        edition: Some(edition),
        effects: vec![news(stage, None)],
        ..Commit::new(lane("card"), at(1))
    };
    assert_eq!(work(store, "card").await.edition, 0);
    assert_eq!(commit(store, step(0, "contract")).await, Committed::Done);
    let taken = Start::CarryOn(vec![(lane("card"), standing("connect"))]);
    store
        .activate(&board(), active("w"), taken, at(2))
        .await
        .unwrap();
    assert_eq!(commit(store, step(1, "invoice")).await, Committed::Conflict);
    let left = work(store, "card").await;
    assert_eq!((left.memory, left.edition), (Some(standing("connect")), 2));
    assert_eq!(left.outbox.len(), 1);
    assert_eq!(commit(store, step(2, "invoice")).await, Committed::Done);
}

pub(crate) async fn the_dead_are_listed_with_the_reason_and_come_back(store: &dyn Store) {
    ready(store).await;
    store
        .append(&board(), &[moved("1", "card", 1)], at(2))
        .await
        .unwrap();
    commit(
        store,
        Commit {
            effects: vec![news("say", None)],
            ..Commit::new(lane("card"), at(2))
        },
    )
    .await;
    let row = work(store, "card").await.outbox[0].id;
    let over = vec![(
        row,
        RowChange::Dead {
            why: "refused".into(),
        },
    )];
    commit(
        store,
        Commit {
            outbox: over,
            bury: Some("poison".into()),
            ..Commit::new(lane("card"), at(3))
        },
    )
    .await;
    let dead = store.dead(Some(&board())).await.unwrap();
    let mut reasons: Vec<_> = dead.iter().map(|letter| letter.reason.as_str()).collect();
    reasons.sort_unstable();
    assert_eq!(reasons, ["poison", "refused"]);
    assert!(due(store, 100).await.is_empty());
    assert_eq!(store.retry(&[], at(100)).await.unwrap(), 2);
    let back = work(store, "card").await;
    assert_eq!((back.events.len(), back.outbox.len()), (1, 1));
    assert!(store.dead(None).await.unwrap().is_empty());
}

pub(crate) async fn timers_are_set_cleared_and_due(store: &dyn Store) {
    ready(store).await;
    let set = |when| Commit {
        timers: vec![("lapse".into(), when)],
        ..Commit::new(lane("card"), at(1))
    };
    commit(store, set(Some(at(50)))).await;
    assert!(due(store, 49).await.is_empty());
    assert_eq!(due(store, 50).await, [lane("card")]);
    commit(store, set(None)).await;
    assert!(due(store, 51).await.is_empty());
}

pub(crate) async fn the_archived_the_gone_and_the_free_take_no_place(store: &dyn Store) {
    ready(store).await;
    let memories = [
        ("a", standing("connect")),
        (
            "b",
            Memory {
                closed: true,
                ..standing("connect")
            },
        ),
        (
            "c",
            Memory {
                gone: true,
                ..standing("connect")
            },
        ),
        (
            "d",
            Memory {
                aside: true,
                ..standing("connect")
            },
        ),
    ];
    for (card, memory) in memories {
        commit(
            store,
            Commit {
                memory: Some(memory),
                ..Commit::new(lane(card), at(1))
            },
        )
        .await;
    }
    assert_eq!(
        store.counts(&board()).await.unwrap().get(&"connect".into()),
        Some(&1)
    );
    assert_eq!(store.memories(&board()).await.unwrap().len(), 4);
}

pub(crate) async fn what_a_commit_passes_on_is_appended_with_it(store: &dyn Store) {
    ready(store).await;
    let passes = |count| Commit {
        memory: Some(standing("connect")),
        append: vec![moved("7", "other", 1)],
        expect_wip: Some(("connect".into(), count)),
        ..Commit::new(lane("card"), at(2))
    };
    assert_eq!(commit(store, passes(3)).await, Committed::Conflict);
    assert!(work(store, "other").await.events.is_empty());
    assert_eq!(commit(store, passes(0)).await, Committed::Done);
    assert_eq!(work(store, "other").await.events.len(), 1);
}

/// A client in an outside place is a lane of its own: what is tried again there holds up no card.
pub(crate) async fn a_place_is_a_lane_beside_its_card(store: &dyn Store) {
    ready(store).await;
    let place = PlaceId::new(&"card".into(), "crm");
    let own = Lane::Place(place.clone());
    let order = Event {
        id: "order".into(),
        kind: EventKind::PlaceDue {
            place,
            status: Status::Pending,
        },
        ..moved("m", "card", 1)
    };
    let passes = Commit {
        memory: Some(Memory::default()),
        append: vec![order.clone()],
        ..Commit::new(lane("card"), at(1))
    };
    commit(store, passes).await;
    assert!(work(store, "card").await.events.is_empty());
    let there = store.load(&board(), &own).await.unwrap();
    assert_eq!(there.events, [order]);
    let mut waits = Commit::new(own.clone(), at(2));
    waits.back_off = Some(at(100));
    commit(store, waits).await;
    assert_eq!(store.load(&board(), &own).await.unwrap().attempts, 1);
    store
        .append(&board(), &[moved("next", "card", 3)], at(3))
        .await
        .unwrap();
    let due = |now| store.due(at(now), SignedDuration::ZERO);
    assert_eq!(due(5).await.unwrap().lanes, [(board(), lane("card"))]);
    assert!(due(101).await.unwrap().lanes.contains(&(board(), own)));
    let remembered = store.memories(&board()).await.unwrap();
    let remembered: Vec<_> = remembered.into_iter().map(|(lane, _)| lane).collect();
    assert_eq!(remembered, [lane("card")]);
}

pub(crate) async fn an_action_found_by_a_read_is_known_from_then_on(store: &dyn Store) {
    ready(store).await;
    commit(
        store,
        Commit {
            judged: vec!["9".into()],
            ..Commit::new(lane("card"), at(1))
        },
    )
    .await;
    assert_eq!(
        store
            .append(&board(), &[moved("9", "card", 1)], at(2))
            .await
            .unwrap(),
        0
    );
}

/// Every promise, over one store: `open` gives an empty one each time.
macro_rules! promises {
    ($open:path) => {
        $crate::contract::promises!($open;
            an_action_is_kept_once, events_come_in_the_order_of_their_dates_then_ids,
            a_lane_is_due_when_its_events_have_settled, what_comes_when_a_wait_is_over_settles_first,
            however_many_wait_for_a_place_a_card_is_named,
            a_commit_is_all_of_it, a_conflict_writes_nothing,
            a_step_that_rests_on_an_older_memory_writes_nothing,
            a_slot_keeps_only_what_is_newest, what_was_begun_is_in_doubt_and_its_successor_inherits_it,
            a_row_waits_for_its_time_and_holds_up_its_lane_alone,
            where_a_card_goes_comes_before_what_is_said_of_it,
            what_puts_a_card_right_comes_before_the_rest, a_lane_tells_when_its_last_event_came,
            the_dead_are_listed_with_the_reason_and_come_back, timers_are_set_cleared_and_due,
            a_paused_board_keeps_and_does_nothing, boards_under_one_file_keep_its_text_once, the_archived_the_gone_and_the_free_take_no_place,
            earlier_versions_are_kept_and_the_baseline_comes_with_the_new,
            a_process_replaces_only_what_was_seen_in_force, versions_are_told_as_they_were_put_in_force, history_is_told_newest_first, history_is_read_page_by_page_oldest_first,
            a_place_is_a_lane_beside_its_card, an_action_found_by_a_read_is_known_from_then_on, what_a_commit_passes_on_is_appended_with_it,
            a_board_taken_afresh_forgets_what_waited_and_keeps_what_it_knows,
            a_message_on_its_way_outlives_the_day_its_board_is_taken_afresh,
            people_met_are_named_and_nothing_else_changes,
            a_person_is_forgotten_and_what_was_decided_stays, to_forget_again_changes_nothing,
            a_step_that_knew_the_name_is_judged_again, names_are_forgotten_in_what_is_old_alone,
            messages_to_a_person_go_with_the_person,
            what_lies_ahead_by_a_clock_set_back_is_due_when_hurried,
            what_waits_is_counted_with_its_oldest,
            what_each_person_has_is_the_sum_of_what_the_cards_say,
            whoever_is_forgotten_has_what_they_had_under_another_name,
            who_is_away_is_kept_and_nothing_else_changes);
    };
    ($open:path; $($promise:ident),+) => {$(
        #[tokio::test]
        async fn $promise() {
            let (store, _kept) = $open().await;
            $crate::contract::$promise(&store).await;
        }
    )+};
}
pub(crate) use promises;
