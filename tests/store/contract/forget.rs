//! A person is forgotten: names and ids go, what was decided stays.

use super::*;
use signalman::model::forget::{Forget, Forgotten, Span, stand_in};
use signalman::model::{Member, MemberId, Message, PostId};
use signalman::process::{Accepted, Tick, Tracked};

const ID: &str = "5b00000000000000000000a1";
const NAME: &str = "Анна Ветрова";
const LEFT: &str = "человек, который ушёл";

fn anna() -> Member {
    Member {
        id: ID.into(),
        username: "anna_v".into(),
        full_name: NAME.into(),
    }
}
fn whom() -> Forget {
    Forget::new(&board(), &[anna()], &[], LEFT.into())
}
fn instead() -> MemberId {
    stand_in(&board(), ID)
}
fn by_anna(id: &str, second: i64) -> Event {
    let mut event = moved(id, "card", second);
    event.actor = Actor {
        member: Some(ID.into()),
        username: "anna_before".into(),
        name: "Anna of earlier days".into(),
        ..event.actor
    };
    event
}
fn told(text: &str, second: i64) -> HistoryLine {
    HistoryLine {
        who: Some(ID.into()),
        data: json!({ "hand": { "member": ID }, "said": format!("ask @anna_v or АННА  ВЕТРОВА") }),
        ..line(text, second)
    }
}
fn remembered() -> Memory {
    let tick = Tick {
        by: ID.into(),
        at: at(0),
    };
    let accepted = |value: &str| Accepted {
        value: value.into(),
        by: Some(ID.into()),
        at: at(0),
    };
    let item = Tracked {
        item: "item".into(),
        checklist: "list".into(),
        tick: Some(tick),
    };
    Memory {
        name: "Эфир для Анны".into(),
        desc: format!("Контакт: {NAME}"),
        items: [("signed".into(), item)].into(),
        fields: [
            ("contact".into(), accepted(NAME)),
            ("sum".into(), accepted("42")),
        ]
        .into(),
        ..standing("contract")
    }
}

/// All that a board keeps of her.
async fn lived(store: &dyn Store) {
    let mut active = active("v");
    active.bindings.people.insert(ID.into(), anna());
    store
        .activate(&board(), active, Start::CarryOn(Vec::new()), at(0))
        .await
        .unwrap();
    let body = format!("{{\"memberCreator\":{{\"id\":\"{ID}\",\"username\":\"anna_v\"}}");
    store
        .set_aside(&board(), &body, "not JSON", at(1))
        .await
        .unwrap();
    store
        .append(&board(), &[by_anna("1", 1)], at(2))
        .await
        .unwrap();
    let put = Effect {
        deed: Deed::AddMember { member: ID.into() },
        ..news("", None)
    };
    let done = Commit {
        memory: Some(remembered()),
        history: vec![told("Вернули карточку · Анна Ветрова (менеджер)", 2)],
        effects: vec![news("@anna_v, дальше слово за вами", None), put],
        ..Commit::new(lane("card"), at(3))
    };
    commit(store, done).await;
}

pub(crate) async fn a_person_is_forgotten_and_what_was_decided_stays(store: &dyn Store) {
    lived(store).await;
    let forgotten = store.forget(&board(), &whom()).await.unwrap();
    let wanted = Forgotten {
        people: 2,
        events: 1,
        cards: 1,
        history: 1,
        effects: 2,
        set_aside: 1,
    };
    assert_eq!(forgotten, wanted, "bindings in force, and of the version");
    let people = store.board(&board()).await.unwrap().unwrap();
    let known: Vec<_> = people.active.bindings.people.values().cloned().collect();
    assert_eq!(known.len(), 1);
    assert_eq!(
        (&known[0].id, known[0].full_name.as_str()),
        (&instead(), LEFT)
    );
    let left = work(store, "card").await;
    let actor = &left.events[0].actor;
    assert_eq!(actor.member, Some(instead()));
    assert_eq!((actor.username.as_str(), actor.name.as_str()), (LEFT, LEFT));
    assert_eq!(shown(&left), [format!("{LEFT}, дальше слово за вами")]);
    let memory = left.memory.unwrap();
    assert_eq!(memory.standing, remembered().standing);
    let tick = memory.items[&"signed".into()].tick.clone().unwrap();
    assert_eq!(tick.by, instead(), "it is the same hand as ever");
    let fields: Vec<_> = memory.fields.keys().map(ToString::to_string).collect();
    assert_eq!(
        fields,
        ["sum"],
        "our words are never put on a card for hers"
    );
    let lines = store.history(&board(), None, 9).await.unwrap();
    assert_eq!(lines[0].kind, "refused");
    assert_eq!(lines[0].who, Some(instead().to_string()));
    assert_eq!(
        lines[0].text,
        format!("Вернули карточку · {LEFT} (менеджер)")
    );
    assert_eq!(lines[0].data["said"], format!("ask {LEFT} or {LEFT}"));
}

pub(crate) async fn to_forget_again_changes_nothing(store: &dyn Store) {
    lived(store).await;
    store.forget(&board(), &whom()).await.unwrap();
    let again = store.forget(&board(), &whom()).await.unwrap();
    assert!(again.nothing(), "{again:?}");
}

pub(crate) async fn a_step_that_knew_the_name_is_judged_again(store: &dyn Store) {
    lived(store).await;
    let edition = work(store, "card").await.edition;
    store.forget(&board(), &whom()).await.unwrap();
    let step = Commit {
        memory: Some(remembered()),
        edition: Some(edition),
        ..Commit::new(lane("card"), at(4))
    };
    assert_eq!(commit(store, step).await, Committed::Conflict);
}

pub(crate) async fn names_are_forgotten_in_what_is_old_alone(store: &dyn Store) {
    lived(store).await;
    let later = Commit {
        history: vec![told("later", 50)],
        ..Commit::new(lane("card"), at(50))
    };
    commit(store, later).await;
    let span = Span {
        from: at(-100),
        before: at(10),
    };
    let old = whom().within(span);
    let forgotten = store.forget(&board(), &old).await.unwrap();
    assert_eq!((forgotten.people, forgotten.cards), (0, 0));
    assert_eq!((forgotten.events, forgotten.history), (1, 1));
    let lines = store.history(&board(), None, 9).await.unwrap();
    assert_eq!(lines[0].who.as_deref(), Some(ID));
    assert_eq!(lines[1].who, Some(instead().to_string()));
}

pub(crate) async fn messages_to_a_person_go_with_the_person(store: &dyn Store) {
    lived(store).await;
    let others = MemberId::from("5b00000000000000000000b2");
    let lanes = [&MemberId::from(ID), &others].map(|member| PostId::new(member, "bot"));
    for (nth, to) in lanes.iter().enumerate() {
        let lane = Lane::Post(to.clone());
        let mut kept = Memory::default();
        kept.post.get_or_insert_default().chat = Some(format!("chat {nth}"));
        let keeps = Commit {
            memory: Some(kept),
            timers: vec![("morning".into(), Some(at(900)))],
            ..Commit::new(lane.clone(), at(3))
        };
        commit(store, keeps).await;
        let events = ["a", "b"].map(|id| Event {
            id: format!("{id} {nth}").as_str().into(),
            at: at(4),
            actor: Actor::default(),
            kind: EventKind::MessageDue {
                to: to.clone(),
                message: message(),
            },
        });
        store.append(&board(), &events[..1], at(4)).await.unwrap();
        let gives_up = Commit {
            bury: Some("a fault".into()),
            ..Commit::new(lane.clone(), at(5))
        };
        commit(store, gives_up).await;
        given_up(store, lane).await;
        store.append(&board(), &events[1..], at(6)).await.unwrap();
    }
    let [hers, his] = lanes.map(Lane::Post);
    assert_eq!(store.dead(None).await.unwrap().len(), 4);
    let cards = store.memories(&board()).await.unwrap();
    assert!(
        cards.iter().all(|(lane, _)| lane.card().is_some()),
        "they are no cards"
    );
    let forgotten = store.forget(&board(), &whom()).await.unwrap();
    assert_eq!(forgotten.people, 3);
    let left = store.load(&board(), &hers).await.unwrap();
    assert!(left.memory.is_none() && left.events.is_empty() && left.timers.is_empty());
    let dead = store.dead(None).await.unwrap();
    assert_eq!(
        dead.iter().map(|letter| &letter.lane).collect::<Vec<_>>(),
        [&his, &his]
    );
    let lanes = due(store, 1_000).await;
    assert!(lanes.contains(&his) && !lanes.contains(&hers), "{lanes:?}");
    let kept = store.load(&board(), &his).await.unwrap();
    assert_eq!(
        kept.memory.unwrap().post.unwrap().chat.as_deref(),
        Some("chat 1")
    );
    assert_eq!(kept.events.len(), 1);
    // What was on its way when it was forgotten is written no more.
    let late = Commit {
        memory: Some(Memory::default()),
        edition: Some(1),
        ..Commit::new(hers.clone(), at(7))
    };
    assert_eq!(commit(store, late).await, Committed::Conflict);
    assert!(store.memory(&board(), &hers).await.unwrap().is_none());
}

/// What was to be said of it could not be, either.
async fn given_up(store: &dyn Store, lane: Lane) {
    let says = Commit {
        effects: vec![news("said", None)],
        ..Commit::new(lane.clone(), at(5))
    };
    commit(store, says).await;
    let row = store.load(&board(), &lane).await.unwrap().outbox.remove(0);
    let why = "refused".to_owned();
    let gives_up = Commit {
        outbox: vec![(row.id, RowChange::Dead { why })],
        ..Commit::new(lane, at(5))
    };
    commit(store, gives_up).await;
}

fn message() -> Message {
    Message {
        about: "7K3FQ2".into(),
        card: Some("card".into()),
        subject: "Кефир".into(),
        text: "Ваш ход.".into(),
        link: None,
        at_once: false,
    }
}

pub(crate) async fn what_lies_ahead_by_a_clock_set_back_is_due_when_hurried(store: &dyn Store) {
    ready(store).await;
    let ahead = at(3_600);
    store
        .append(&board(), &[moved("1", "card", 1)], ahead)
        .await
        .unwrap();
    let waits = Commit {
        effects: vec![news("said", None)],
        ..Commit::new(lane("other"), ahead)
    };
    commit(store, waits).await;
    assert!(due(store, 2).await.is_empty());
    store.hurry(at(0)).await.unwrap();
    let mut lanes = due(store, 2).await;
    lanes.sort();
    assert_eq!(lanes, [lane("card"), lane("other")]);
}
