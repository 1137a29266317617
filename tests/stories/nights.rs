//! What is read back each night of the outside places, and what is told of it.

use crate::clients::{Mood, World};
use crate::firm::says;
use jiff::SignedDuration;
use serde_json::json;
use signalman::engine::{Bill, Nights, State};
use signalman::model::{ActionId, Actor, Event, EventKind, Status};
use signalman::process::Memory;
use signalman::store::Store;
use std::sync::Arc;
use std::time::Duration;

const NOT_BILLED: &str = "начисления или счёта за";
const NOT_KNOWN: &str = "не удалось узнать";

#[tokio::test]
async fn a_place_that_does_not_answer_holds_up_no_other_and_is_left_alone_for_the_night() {
    let mut world = World::with(20).await;
    world.billing.is(Mood::Fails);
    world.billing.asked();
    let board = world.firm.board();
    let now = world.firm.now();
    let read = world.firm.engine.reconcile(&board, false, now).await;
    let read = read.unwrap();
    assert_eq!(world.billing.asked().len(), 3, "of twenty clients");
    let order: Vec<_> = read
        .iter()
        .map(|one| (one.name.as_str(), one.target.as_str()))
        .collect();
    let ours: Vec<_> = order
        .iter()
        .filter(|(name, _)| *name == "Станция 19")
        .collect();
    assert_eq!(
        ours,
        [&("Станция 19", "billing"), &("Станция 19", "list")],
        "card by card, place by place"
    );
    let last = read
        .iter()
        .rfind(|one| one.target == "billing")
        .map(|one| one.state.clone());
    let Some(State::Unreachable { why }) = last else {
        panic!("{last:?}")
    };
    assert!(why.contains("not asked again"), "{why}");

    // It takes the connection and says nothing, and what stands elsewhere is told meanwhile.
    world.billing.is(Mood::Hangs);
    world.night().await;
    world.firm.world().advance(SignedDuration::from_hours(24));
    world.firm.settle().await;
    let (engine, now) = (Arc::clone(&world.firm.engine), world.firm.now());
    let mut nights = std::mem::take(&mut world.nights);
    let reading = tokio::spawn(async move { engine.read_places(now, &mut nights).await });
    let card = world.clients[19].clone();
    while world.firm.said(&card).is_empty() {
        assert!(!reading.is_finished());
        tokio::time::sleep(Duration::from_millis(20)).await;
        world.firm.settle().await;
    }
    says(&world.firm.last(&card), &["записи там больше нет"]);
    assert!(!reading.is_finished(), "billing is still waited for");
    reading.abort();
}

#[tokio::test]
async fn a_client_whose_card_is_gone_still_stands_in_its_places_and_somebody_is_told() {
    let world = World::with(3).await;
    let firm = &world.firm;
    let [deleted, archived, stays] = &world.clients[..] else {
        panic!()
    };
    firm.hand("maria_demo")
        .delete(&format!("cards/{deleted}"))
        .unwrap();
    firm.settle().await;
    let told = || {
        let news = firm.news().into_iter();
        news.filter(|text| text.contains("записи клиента действуют"))
            .collect::<Vec<_>>()
    };
    says(
        &told().join("\n"),
        &[
            "@olga_demo",
            "«Станция 0»",
            "№ cus\\_1",
            "https://books.example/7",
            "заведите новую карточку",
        ],
    );
    firm.change("maria_demo", archived, json!({ "closed": true }))
        .await;
    assert_eq!(told().len(), 2, "{:?}", firm.news());
    says(&told()[1], &["«Станция 1»", "верните карточку из архива"]);
    world.billing.asked();
    let read = firm.engine.reconcile(&firm.board(), true, firm.now()).await;
    let read = read.unwrap();
    let gone = read
        .iter()
        .filter(|one| matches!(one.state, State::NoCard { .. }));
    let gone: Vec<_> = gone.map(|one| one.card.as_str()).collect();
    assert_eq!(gone.len(), 4, "{read:#?}");
    assert!(!gone.contains(&stays.as_str()));
    firm.wait(60).await;
    assert_eq!(told().len(), 2, "once");
    for card in [deleted, archived] {
        let memory = firm.memory(card).await;
        assert!(
            memory
                .places
                .values()
                .all(|known| known.wanted == Status::Active)
        );
    }
}

const APART: &str = "разошлись";

#[tokio::test]
async fn who_came_past_a_place_before_it_was_named_is_told_of_once_and_written_by_a_word_alone() {
    let mut world = World::with(3).await;
    world.night().await;
    let new = world.clients[1].clone();
    let forget = |memory: &mut Memory, _| drop(memory.places.remove("list"));
    world.change(&new, forget).await;
    world.next_night().await;
    let news = world.firm.news().join("\n");
    says(
        &news,
        &[
            "@olga_demo",
            APART,
            "«Общий список заказчиков: строка станции»: 1 клиент",
            "signalman backfill",
        ],
    );
    world.next_night().await;
    assert_eq!(world.told(APART), 1);
    assert!(!world.list().contains("Станция 1"), "{}", world.list());
    let at = world.firm.now();
    let wanted = Event {
        id: ActionId::new("places wanted"),
        at,
        actor: Actor::default(),
        kind: EventKind::PlacesWanted {
            card: new.as_str().into(),
        },
    };
    let board = world.firm.board();
    world
        .firm
        .store
        .append(&board, &[wanted], at)
        .await
        .unwrap();
    world.firm.settle().await;
    assert!(world.list().contains("Станция 1"), "{}", world.list());
    world.next_night().await;
    world.change(&new, forget).await;
    world.next_night().await;
    assert_eq!(world.told(APART), 2, "it was right in between");
}

#[tokio::test]
async fn a_key_that_the_file_does_not_name_any_more_is_told_of() {
    let mut world = World::with(3).await;
    world.night().await;
    let cards = world.clients.clone();
    for card in &cards {
        let rename = |memory: &mut Memory, _| {
            let known = memory.places["list"].clone();
            memory.places.insert("old_list".into(), known);
        };
        world.change(card, rename).await;
    }
    world.next_night().await;
    world.next_night().await;
    let news = world.firm.news().join("\n");
    says(&news, &[APART, "`old_list`", "записей там: 3"]);
    assert_eq!(world.told(APART), 1);
}

/// The section was taken out while it waited, and put back.
#[tokio::test]
async fn what_was_asked_of_a_place_while_the_file_did_not_name_it_is_done_once_it_does() {
    let mut world = World::with(2).await;
    world.night().await;
    let [asked, left] = [0, 1].map(|nth| world.clients[nth].clone());
    let lost = |memory: &mut Memory, _| {
        let known = memory.places.get_mut("list").unwrap();
        (known.said, known.proof) = (None, None);
    };
    world.change(&asked, lost).await;
    let day = world.firm.day(1);
    let lines = format!("Отключить с: {day}\nПричина ухода: дорого");
    world
        .firm
        .change("maria_demo", &left, json!({ "desc": lines }))
        .await;
    world.firm.drag("maria_demo", &left, "left").await;
    assert_eq!(
        world.firm.stands(&left),
        "left",
        "{}",
        world.firm.last(&left)
    );
    world.firm.wait(2 * 24 * 60).await;
    let wanted = async |world: &World| world.firm.memory(&left).await.places["list"].wanted;
    assert_eq!(
        wanted(&world).await,
        Status::Retired,
        "{:?}",
        world.firm.said(&left)
    );
    let stays = |memory: &mut Memory, _| {
        memory.places.get_mut("list").unwrap().wanted = Status::Active;
    };
    world.change(&left, stays).await;
    world.next_night().await;
    assert!(world.list().contains("Станция 0"), "{}", world.list());
    assert_eq!(wanted(&world).await, Status::Retired);
}

#[tokio::test]
async fn who_was_not_billed_is_told_once_a_month_and_asked_for_only_then() {
    let mut world = World::with(2).await;
    let invoices = |asked: &[String]| asked.iter().filter(|path| *path == "/invoices").count();
    world.until("2027-01-31").await;
    world.night().await;
    // The first working day has gone by with nobody awake.
    world.until("2027-02-03").await;
    world.billing.asked();
    world.night().await;
    assert_eq!(invoices(&world.billing.asked()), 2);
    let news = world.firm.news().join("\n");
    says(&news, &[NOT_BILLED, "01.2027", "«Станция 1» и «Станция 0»"]);
    world.until("2027-02-04").await;
    world.night().await;
    let asked = world.billing.asked();
    assert!(!asked.is_empty());
    assert_eq!(invoices(&asked), 0, "it was told");
    // Somebody who looks on the machine is told all the same, and so is a service that starts anew.
    let now = world.firm.now();
    let board = world.firm.board();
    let read = world.firm.engine.reconcile(&board, false, now).await;
    let missing = |bill: &Option<Bill>| matches!(bill, Some(Bill::Missing { .. }));
    assert_eq!(
        read.unwrap()
            .iter()
            .filter(|one| missing(&one.bill))
            .count(),
        2
    );
    world.nights = Nights::default();
    world.night().await;
    world.until("2027-02-05").await;
    world.night().await;
    assert_eq!(world.told(NOT_BILLED), 1);
    world.until("2027-03-02").await;
    world.night().await;
    assert_eq!(world.told(NOT_BILLED), 2, "another month");
}

#[tokio::test]
async fn who_could_not_be_asked_for_is_named_and_asked_for_again() {
    let mut world = World::with(2).await;
    world.until("2027-01-31").await;
    world.night().await;
    world.until("2027-02-01").await;
    world.billing.is(Mood::Fails);
    world.night().await;
    let news = world.firm.news().join("\n");
    says(&news, &[NOT_KNOWN, "01.2027", "«Станция 1» и «Станция 0»"]);
    assert!(!news.contains(NOT_BILLED), "{news}");
    world.until("2027-02-02").await;
    world.night().await;
    assert_eq!(world.told(NOT_KNOWN), 1);
    world.until("2027-02-03").await;
    world.billing.is(Mood::Answers);
    world.night().await;
    assert_eq!((world.told(NOT_KNOWN), world.told(NOT_BILLED)), (1, 1));
    world.until("2027-02-04").await;
    world.night().await;
    assert_eq!((world.told(NOT_KNOWN), world.told(NOT_BILLED)), (1, 1));
}
