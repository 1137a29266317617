//! Whose turn it is among several people of a role, and who is on the card.

use crate::firm::{Firm, in_stage, radio_text, says};
use crate::panel::Panel;
use jiff::SignedDuration;
use serde_json::json;
use signalman::attach::{Attach, Options, plan};
use signalman::process::file;
use signalman::store::Store;

/// The firm whose engineers, Ilya and then Egor, take turns.
pub async fn firm(order: &str) -> Firm {
    Firm::with(ordered(&radio_text(), order)).await
}

fn ordered(text: &str, order: &str) -> String {
    let role = "[[role]]\nkey = \"engineer\"\n";
    assert!(text.contains(role));
    text.replacen(role, &format!("{role}turn = \"{order}\"\n"), 1)
}

/// Into the engineers' stage by the director's word, whatever it lacks.
pub async fn connect(firm: &Firm, card: &str) {
    firm.write("denis_demo", card, "/пропустить подключение так надо")
        .await;
    firm.drag("maria_demo", card, "connect").await;
    assert_eq!(
        firm.standing(card).await,
        "connect",
        "{:?}",
        firm.said(card)
    );
}

async fn new(firm: &Firm, name: &str) -> String {
    firm.create("maria_demo", "request", name).await
}

async fn holder(firm: &Firm, card: &str) -> String {
    let memory = firm.memory(card).await;
    let name = |id: &signalman::model::MemberId| {
        let known = firm
            .demo
            .people
            .iter()
            .find(|(_, known)| known.as_str() == id.as_str());
        known.map_or_else(|| id.to_string(), |(name, _)| name.clone())
    };
    memory
        .holders
        .iter()
        .map(name)
        .collect::<Vec<_>>()
        .join(" ")
}

#[tokio::test]
async fn cards_go_round_and_each_is_for_one() {
    let firm = firm("round_robin").await;
    let mut held = Vec::new();
    for nth in 1..=5 {
        let card = new(&firm, &format!("Станция {nth}")).await;
        connect(&firm, &card).await;
        held.push(holder(&firm, &card).await);
        let engineers: Vec<_> = firm.members(&card);
        assert_eq!(engineers, [held[nth - 1].clone()], "the face on the card");
        let called = format!("@{}, ваш ход", held[nth - 1]);
        says(&firm.said(&card).join("\n"), &[&called]);
    }
    let (ilya, egor) = ("ilya_demo", "egor_demo");
    assert_eq!(held, [ilya, egor, ilya, egor, ilya]);
}

#[tokio::test]
async fn cards_that_come_at_once_are_shared_out_too() {
    for order in ["round_robin", "fewest_open"] {
        let firm = firm(order).await;
        let mut cards = Vec::new();
        for nth in 1..=9 {
            let card = new(&firm, &format!("Станция {nth}")).await;
            let word = "/пропустить подключение так надо";
            firm.write("denis_demo", &card, word).await;
            cards.push(card);
        }
        for card in &cards {
            firm.push("maria_demo", card, "connect");
        }
        firm.world().delivered().await;
        firm.world().advance(SignedDuration::from_millis(200));
        let workers = (0..8).map(|_| Box::pin(firm.engine.drain(firm.now())));
        futures::future::try_join_all(workers).await.unwrap();
        firm.settle().await;
        let mut held = Vec::new();
        for card in &cards {
            held.push(holder(&firm, card).await);
        }
        let ilyas = held.iter().filter(|one| *one == "ilya_demo").count();
        // Of «fewest open» Egor has one more from before.
        let fair = [4, 5].contains(&ilyas);
        assert!(fair, "{order}: {held:?}");
    }
}

#[tokio::test]
async fn whoever_has_the_fewest_open_cards_is_given_the_next() {
    let firm = firm("fewest_open").await;
    // «Тихий Будильник» is Egor's since before the board was attached, another one is Ilya's.
    let mut held = Vec::new();
    for nth in 1..=3 {
        let card = new(&firm, &format!("Станция {nth}")).await;
        connect(&firm, &card).await;
        held.push((holder(&firm, &card).await, card));
    }
    let (ilya, egor) = ("ilya_demo".to_owned(), "egor_demo".to_owned());
    let people: Vec<_> = held.iter().map(|(who, _)| who.clone()).collect();
    assert_eq!(people, [ilya.clone(), egor.clone(), ilya.clone()]);
    // Egor's cards leave his hands, and the next two are his.
    for card in ["alarm", &held[1].1] {
        firm.drag("maria_demo", card, "invoice").await;
        assert_eq!(firm.standing(card).await, "invoice", "{}", firm.last(card));
    }
    for nth in 4..=5 {
        let card = new(&firm, &format!("Станция {nth}")).await;
        connect(&firm, &card).await;
        assert_eq!(holder(&firm, &card).await, egor);
    }
}

#[tokio::test]
async fn a_client_who_comes_back_comes_to_the_same_engineer() {
    let firm = firm("round_robin").await;
    let first = new(&firm, "Первая").await;
    connect(&firm, &first).await;
    assert_eq!(holder(&firm, &first).await, "ilya_demo");
    firm.drag("maria_demo", &first, "invoice").await;
    assert_eq!(
        firm.members(&first),
        ["olga_demo"],
        "those left behind leave"
    );
    connect(&firm, &first).await;
    assert_eq!(
        holder(&firm, &first).await,
        "ilya_demo",
        "though it is Egor's turn"
    );
    assert_eq!(firm.members(&first), ["ilya_demo"]);
    let second = new(&firm, "Вторая").await;
    connect(&firm, &second).await;
    assert_eq!(holder(&firm, &second).await, "egor_demo");
    assert_eq!(
        firm.memory(&first).await.turns.given.len(),
        1,
        "it was given once"
    );
}

#[tokio::test]
async fn whom_somebody_put_on_the_card_has_it() {
    let firm = firm("round_robin").await;
    let card = new(&firm, "Станция").await;
    let (id, egor) = (firm.id(&card), firm.demo.people["egor_demo"].clone());
    let members = format!("cards/{id}/idMembers");
    let maria = firm.hand("maria_demo");
    maria.post(&members, json!({ "value": egor })).unwrap();
    firm.settle().await;
    connect(&firm, &card).await;
    assert_eq!(holder(&firm, &card).await, "egor_demo", "put there before");
    let ilya = firm.demo.people["ilya_demo"].clone();
    maria.post(&members, json!({ "value": ilya })).unwrap();
    firm.settle().await;
    assert_eq!(holder(&firm, &card).await, "egor_demo", "lends a hand");
    maria.delete(&format!("{members}/{egor}")).unwrap();
    firm.settle().await;
    assert_eq!(holder(&firm, &card).await, "ilya_demo");
    firm.write("maria_demo", &card, "/почему").await;
    says(&firm.last(&card), &["Сейчас ход: Илья (инженер)."]);
    let shown = Panel::of(&firm, "maria_demo").card(&card).await;
    let turn = shown.body["turn"]["people"].as_array().unwrap();
    let names: Vec<_> = turn.iter().map(|one| &one["username"]).collect();
    assert_eq!(names, ["ilya_demo"]);
}

#[tokio::test]
async fn only_those_leave_whom_we_had_put_there_or_who_held_the_stage() {
    let firm = Firm::open().await;
    let gleb = firm.demo.people["gleb_demo"].clone();
    let id = firm.id("boot");
    firm.hand("maria_demo")
        .post(&format!("cards/{id}/idMembers"), json!({ "value": gleb }))
        .unwrap();
    firm.settle().await;
    assert_eq!(firm.members("boot"), ["olga_demo", "gleb_demo"]);
    firm.world().forget_requests();
    connect(&firm, "boot").await;
    let mut members = firm.members("boot");
    members.sort();
    assert_eq!(members, ["egor_demo", "gleb_demo", "ilya_demo"]);
    let requests = firm.requests();
    let of_members = |one: &&String| one.contains("idMembers");
    assert_eq!(
        requests.iter().filter(of_members).count(),
        3,
        "{requests:#?}"
    );
}

#[tokio::test]
async fn people_of_a_role_that_stays_stay() {
    let role = "[[role]]\nkey = \"accountant\"\n";
    let text = radio_text().replacen(role, &format!("{role}stays = true\n"), 1);
    let firm = Firm::with(text).await;
    connect(&firm, "boot").await;
    assert!(firm.members("boot").contains(&"olga_demo".to_owned()));
}

#[tokio::test]
async fn while_a_process_only_watches_nobody_is_put_on_a_card_or_taken_off() {
    let text = ordered(&radio_text(), "round_robin");
    let text = text.replacen("mode = \"enforce\"", "mode = \"watch\"", 1);
    let firm = Firm::with(text).await;
    firm.drag("maria_demo", "boot", "connect").await;
    assert_eq!(firm.standing("boot").await, "connect");
    assert_eq!(holder(&firm, "boot").await, "ilya_demo");
    assert_eq!(firm.members("boot"), ["olga_demo"]);
    assert!(firm.memory("boot").await.turns.joined.is_empty());
}

#[tokio::test]
async fn somebody_who_is_not_on_the_board_is_given_nothing_and_the_owner_is_told() {
    let firm = firm("round_robin").await;
    let leave = |username: &str| {
        let (board, id) = (&firm.demo.board, &firm.demo.people[username]);
        firm.hand("denis_demo")
            .delete(&format!("boards/{board}/members/{id}"))
            .unwrap();
    };
    leave("ilya_demo");
    firm.settle().await;
    let first = new(&firm, "Первая").await;
    connect(&firm, &first).await;
    assert_eq!(holder(&firm, &first).await, "egor_demo");
    leave("egor_demo");
    firm.settle().await;
    let second = new(&firm, "Вторая").await;
    connect(&firm, &second).await;
    assert_eq!(holder(&firm, &second).await, "");
    says(
        &firm.said(&second).join("\n"),
        &["@denis_demo", "больше не на доске", "некому заняться"],
    );
    // A file that names nobody keeps those who were bound by --role, and says who is no more there.
    let process = file::read(include_str!("../../radio.ru.toml"))
        .unwrap()
        .process;
    let (trello, store) = (&*firm.trello, &*firm.store);
    let board = Attach { trello, store }.read(&firm.board()).await.unwrap();
    let (me, record) = (trello.me().await.unwrap(), store.board(&board.id).await);
    let bound = &record.unwrap().unwrap().active.bindings;
    let planned = plan(&process, &board, &me, Some(bound), &Options::default());
    let left = planned.left.join("\n");
    says(&left, &["@ilya_demo", "@egor_demo", "--role engineer=@"]);
    assert!(!left.contains("@maria_demo"), "{left}");
}

#[tokio::test]
async fn in_a_stage_that_puts_nobody_on_its_cards_the_turn_is_known_all_the_same() {
    let text = ordered(&radio_text(), "round_robin");
    let text = in_stage(&text, "connect", "");
    let at = text.find("[[stage]]\nkey = \"connect\"").unwrap();
    let (before, after) = text.split_at(at);
    let text = format!("{before}{}", after.replacen("  members = true\n", "", 1));
    let firm = Firm::with(text).await;
    connect(&firm, "boot").await;
    assert_eq!(holder(&firm, "boot").await, "ilya_demo");
    assert!(
        firm.members("boot").is_empty(),
        "{:?}",
        firm.members("boot")
    );
}
