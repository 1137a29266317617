//! What each person has on a board, and who is away.

use super::*;
use signalman::model::forget::{Forget, stand_in};
use signalman::model::{Absence, Away, Member};
use signalman::process::{Given, Load, Loads, Presence};

/// A card that these people hold, given to the first of them in turn so often.
fn held(people: &[&str], times: u32, second: i64) -> Memory {
    let mut memory = standing("connect");
    memory.holders = people.iter().map(|one| (*one).into()).collect();
    memory.turns.open = true;
    let last = at(second);
    let given = people.first().filter(|_| times > 0);
    let given = given.map(|first| ((*first).into(), Given { times, last }));
    memory.turns.given = given.into_iter().collect();
    memory
}

fn has(open: u32, given: u32, last: Option<i64>) -> Load {
    Load {
        open,
        given,
        last: last.map(at),
    }
}

async fn keep(store: &dyn Store, card: &str, memory: Memory) {
    let kept = Commit {
        memory: Some(memory),
        ..Commit::new(lane(card), at(1))
    };
    assert_eq!(commit(store, kept).await, Committed::Done);
}

async fn loads(store: &dyn Store) -> Loads {
    store.loads(&board()).await.unwrap()
}

fn all(wanted: &[(&str, Load)]) -> Loads {
    let wanted = wanted.iter();
    wanted.map(|(who, load)| ((*who).into(), *load)).collect()
}

pub(crate) async fn what_each_person_has_is_the_sum_of_what_the_cards_say(store: &dyn Store) {
    ready(store).await;
    assert!(loads(store).await.is_empty());
    keep(store, "a", held(&["anna"], 1, 10)).await;
    keep(store, "b", held(&["anna", "boris"], 2, 30)).await;
    keep(store, "c", held(&["boris"], 0, 0)).await;
    let two = [("anna", has(2, 3, Some(30))), ("boris", has(2, 0, None))];
    assert_eq!(loads(store).await, all(&two));
    // The same again changes nothing; another memory takes the place of what the card said before.
    keep(store, "a", held(&["anna"], 1, 10)).await;
    assert_eq!(loads(store).await, all(&two));
    let mut closed = held(&["anna"], 1, 10);
    closed.closed = true;
    keep(store, "a", closed).await;
    keep(store, "c", held(&["vera"], 1, 40)).await;
    let after = [
        ("anna", has(1, 3, Some(30))),
        ("boris", has(1, 0, None)),
        ("vera", has(1, 1, Some(40))),
    ];
    assert_eq!(loads(store).await, all(&after));
    // A step that is not taken counts for nothing, and a board that is taken anew is counted anew.
    let stale = Commit {
        memory: Some(held(&["boris"], 9, 90)),
        edition: Some(77),
        ..Commit::new(lane("b"), at(2))
    };
    assert_eq!(commit(store, stale).await, Committed::Conflict);
    let taken = Start::CarryOn(vec![(lane("b"), standing("connect"))]);
    store
        .activate(&board(), active("w"), taken, at(3))
        .await
        .unwrap();
    let left = [("anna", has(0, 1, Some(10))), ("vera", has(1, 1, Some(40)))];
    let counted = loads(store).await;
    let brief = |loads: &Loads| -> Vec<_> {
        let brief = loads
            .iter()
            .map(|(who, load)| (who.clone(), load.open, load.given));
        brief.collect()
    };
    assert_eq!(brief(&counted), brief(&all(&left)));
    let other = store.loads(&"other".into()).await.unwrap();
    assert!(other.is_empty(), "board by board");
}

pub(crate) async fn whoever_is_forgotten_has_what_they_had_under_another_name(store: &dyn Store) {
    const ID: &str = "5b00000000000000000000b2";
    ready(store).await;
    keep(store, "a", held(&[ID], 2, 10)).await;
    let member = Member {
        id: ID.into(),
        username: "boris_b".into(),
        full_name: "Boris Berg".into(),
    };
    let whom = Forget::new(&board(), &[member], &[], "a person who left".into());
    let told = store.forget(&board(), &whom).await.unwrap();
    assert_eq!(told.cards, 1);
    let known = loads(store).await;
    let wanted: Loads = [(stand_in(&board(), ID), has(1, 2, Some(10)))].into();
    assert_eq!(known, wanted);
}

pub(crate) async fn who_is_away_is_kept_and_nothing_else_changes(store: &dyn Store) {
    ready(store).await;
    let day = |day: i8| jiff::civil::date(2026, 12, day);
    let away = Away {
        member: "anna".into(),
        from: day(1),
        to: day(14),
        deputy: Some("boris".into()),
    };
    let told = Presence::Said(Absence::Told(away.clone()));
    for _ in 0..2 {
        store.presence(&board(), told.clone()).await.unwrap();
    }
    let gone = Presence::NotHere(["vera".into()].into());
    store.presence(&board(), gone).await.unwrap();
    let record = store.board(&board()).await.unwrap().unwrap();
    let mut wanted = active("v");
    (wanted.bindings.away, wanted.bindings.presence) = (vec![away], 2);
    wanted.bindings.not_here = ["vera".into()].into();
    assert_eq!(record.active, wanted);
    let back = Absence::Back {
        member: "anna".into(),
        day: day(1),
    };
    store
        .presence(&board(), Presence::Said(back))
        .await
        .unwrap();
    let record = store.board(&board()).await.unwrap().unwrap();
    assert!(record.active.bindings.away.is_empty());
    assert_eq!(record.active.bindings.presence, 3);
}
