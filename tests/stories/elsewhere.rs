//! A client as a card in a list of another board: made once, kept up to date, archived when it leaves.

use crate::firm::{Firm, radio_text};
use serde_json::json;
use signalman::engine::Elsewhere;
use signalman::model::{CardId, Status};
use signalman::process::file;
use signalman::process::target::Client;
use signalman::sandbox::model::Card;
use signalman::sandbox::{Fault, FaultKind, Rank};
use signalman::target::{Found, Outcome, System, open_beside};
use signalman::trello::{Failure, Weight};
use std::sync::Arc;

const KEY: &str = "64a000000000000000000001";

/// The section as the documentation shows it, for this list.
fn section(list: &str) -> String {
    let page = include_str!("../../docs/targets.md");
    let shown = page.split("```toml\n").skip(1);
    let mut shown = shown.filter_map(|shown| shown.split("```").next());
    let section = shown.find(|shown| shown.contains("trello_list")).unwrap();
    let kept = section.lines().map(|line| match line.starts_with("url") {
        true => format!("url = \"trello:{list}\"\n"),
        false => format!("{line}\n"),
    });
    kept.collect()
}

/// Another board of the firm's, which Signalman's account sees.
struct Other {
    board: String,
    list: String,
}

impl Other {
    fn on(firm: &Firm) -> Self {
        let maria = firm.demo.people["maria_demo"].clone();
        let board = firm.world().add_board("Заказчики", &maria);
        firm.world().join(&board, &firm.demo.bot, Rank::Normal);
        let hand = firm.hand("maria_demo");
        let made = hand
            .post("lists", json!({ "idBoard": board, "name": "Станции" }))
            .unwrap();
        let label = json!({ "idBoard": board, "name": "Эфир", "color": "green" });
        hand.post("labels", label).unwrap();
        let list = made["id"].as_str().unwrap().to_owned();
        Self { board, list }
    }

    fn system(&self, firm: &Firm) -> Box<dyn System> {
        let text = format!("{}\n{}", radio_text(), section(&self.list));
        let checked = file::read(&text).unwrap();
        let target = checked.process.target("list").unwrap();
        let cards = Arc::new(Elsewhere(Arc::clone(&firm.trello)));
        open_beside(target, None, Some(cards)).unwrap()
    }

    /// The newest last.
    fn cards(&self, firm: &Firm) -> Vec<Card> {
        firm.world().with(|state| {
            let cards = state.cards.values();
            cards
                .filter(|card| card.board == self.board)
                .cloned()
                .collect()
        })
    }

    fn open(&self, firm: &Firm) -> Vec<Card> {
        let mut cards = self.cards(firm);
        cards.retain(|card| !card.closed);
        cards
    }
}

fn client(status: Status, more: &[(&str, &str)]) -> Client {
    let usual = [
        ("name", "Подвал FM"),
        ("desc", "Тариф: Эфир\nСлушать: https://podval.example/live"),
        ("due", "2099-01-31"),
        ("label", "Эфир"),
    ];
    let all = usual.iter().chain(more);
    Client {
        key: KEY.into(),
        card: CardId::new(KEY),
        status,
        own: status,
        at: jiff::Timestamp::UNIX_EPOCH,
        known: None,
        values: all
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        matching: vec![("name".into(), "Подвал FM".into())],
        link: None,
    }
}

fn writes(firm: &Firm) -> usize {
    let requests = firm.world().requests();
    let writes = requests.iter().filter(|request| request.verb != "GET");
    let count = writes.count();
    firm.world().forget_requests();
    count
}

#[track_caller]
fn confirmed(outcome: Outcome) -> String {
    match outcome {
        Outcome::Confirmed { id, .. } => id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_card_is_made_once_and_what_people_add_stays() {
    let firm = Firm::unattached(radio_text()).await;
    let other = Other::on(&firm);
    let system = other.system(&firm);
    let active = client(Status::Active, &[]);
    assert_eq!(system.look(&active).await, Ok(Found::Nothing));
    let id = confirmed(system.upsert(&active).await);
    let card = other.open(&firm).pop().unwrap();
    assert_eq!((&card.id, card.name.as_str()), (&id, "Подвал FM"));
    assert!(card.desc.contains("podval.example"), "{}", card.desc);
    assert!(card.desc.ends_with(&format!("Signalman: {KEY}")));
    assert_eq!(card.labels.len(), 1);
    assert!(card.due.unwrap().to_string().starts_with("2099-01-31"));
    writes(&firm);
    assert_eq!(confirmed(system.upsert(&active).await), id);
    assert_eq!(writes(&firm), 0, "nothing is written anew");

    // People write below, and put it elsewhere on their board.
    let hand = firm.hand("maria_demo");
    let to = json!({ "idBoard": other.board, "name": "В эфире" });
    let elsewhere = hand.post("lists", to).unwrap()["id"].clone();
    let desc = format!("{}\n\nЗвонить утром", card.desc);
    let wish = json!({ "desc": desc, "idList": elsewhere });
    hand.put(&format!("cards/{id}"), wish).unwrap();
    writes(&firm);
    assert_eq!(confirmed(system.upsert(&active).await), id);
    assert_eq!(writes(&firm), 0);

    let changed = [
        ("desc", "Тариф: Сеть"),
        ("name", "Подвал"),
        ("due", "2099-02-28"),
    ];
    let changed = client(Status::Active, &changed);
    let found = system.look(&changed).await.unwrap();
    let Found::One { differs, .. } = found else {
        panic!("{found:?}");
    };
    assert_eq!(differs, ["name", "desc", "due"]);
    assert_eq!(confirmed(system.upsert(&changed).await), id);
    let cards = other.open(&firm);
    assert_eq!(cards.len(), 1);
    assert_eq!(
        cards[0].desc,
        format!("Тариф: Сеть\n\nSignalman: {KEY}\n\nЗвонить утром")
    );
    assert_eq!(cards[0].list, elsewhere);

    // The line is taken out: it is known by its id, and gets its line again.
    hand.put(
        &format!("cards/{id}"),
        json!({ "desc": "Тариф: Сеть\n\nЗвонить утром" }),
    )
    .unwrap();
    let mut known = changed.clone();
    known.known = Some(id.clone());
    assert_eq!(confirmed(system.upsert(&known).await), id);
    assert_eq!(other.open(&firm)[0].desc, cards[0].desc);
}

#[tokio::test]
async fn who_leaves_is_archived_and_comes_back_as_the_same_card() {
    let firm = Firm::unattached(radio_text()).await;
    let other = Other::on(&firm);
    let system = other.system(&firm);
    let gone = client(Status::Retired, &[]);
    let nobody = system.upsert(&gone).await;
    assert!(matches!(nobody, Outcome::Refused { .. }), "{nobody:?}");
    let id = confirmed(system.upsert(&client(Status::Active, &[])).await);
    assert_eq!(confirmed(system.upsert(&gone).await), id);
    assert!(other.open(&firm).is_empty());
    let found = system.look(&gone).await.unwrap();
    assert!(
        matches!(
            &found,
            Found::One {
                status: Some(Status::Retired),
                ..
            }
        ),
        "{found:?}"
    );
    writes(&firm);
    assert_eq!(confirmed(system.upsert(&gone).await), id);
    assert_eq!(writes(&firm), 0);
    assert_eq!(
        confirmed(system.upsert(&client(Status::Active, &[])).await),
        id
    );
    assert_eq!(other.open(&firm).len(), 1);
}

#[tokio::test]
async fn a_card_made_by_hand_is_linked_and_of_two_none_is_chosen() {
    let firm = Firm::unattached(radio_text()).await;
    let other = Other::on(&firm);
    let system = other.system(&firm);
    let by_hand = json!({ "idList": other.list, "name": "Подвал FM", "desc": "Старый клиент" });
    let hand = firm.hand("maria_demo");
    let made = hand.post("cards", by_hand.clone()).unwrap();
    let linked = confirmed(system.upsert(&client(Status::Active, &[])).await);
    assert_eq!(made["id"], linked);
    let card = other.open(&firm).pop().unwrap();
    assert!(card.desc.ends_with("Старый клиент"), "{}", card.desc);

    // One that is another client's is nobody else's, whatever it is called.
    let mut second = client(Status::Active, &[]);
    second.key = "64a000000000000000000002".into();
    assert_ne!(confirmed(system.upsert(&second).await), linked);

    for _ in 0..2 {
        hand.post("cards", by_hand.clone()).unwrap();
    }
    let mut third = client(Status::Active, &[]);
    third.key = "64a000000000000000000003".into();
    let outcome = system.upsert(&third).await;
    let Outcome::Several { ids } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(ids.len(), 2);
    assert_eq!(system.look(&third).await, Ok(Found::Several { ids }));
    assert_eq!(other.cards(&firm).len(), 4);
}

#[tokio::test]
async fn what_was_left_unknown_is_looked_up_and_twelve_at_once_leave_one() {
    let firm = Firm::unattached(radio_text()).await;
    let other = Other::on(&firm);
    let system = other.system(&firm);
    let active = client(Status::Active, &[]);
    for (verb, path) in [("POST", "/cards"), ("PUT", "/cards"), ("POST", "/cards")] {
        let lost = Fault::next(FaultKind::LostAfter, 1).on(verb, path);
        firm.world().fault(lost);
        let outcome = system.upsert(&active).await;
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    }
    confirmed(system.upsert(&active).await);
    assert_eq!(other.cards(&firm).len(), 1);

    firm.world().advance(jiff::SignedDuration::from_secs(11));
    let mut second = client(Status::Active, &[("name", "Чердак FM")]);
    (second.key, second.matching) = ("64a000000000000000000002".into(), Vec::new());
    // As the engine does it: whoever begins can end.
    let all = (0..12).map(|_| async {
        let written = async { Ok::<_, Failure>(system.upsert(&second).await) };
        firm.trello.within(Weight::Mirror, 12, written).await
    });
    let all = futures::future::join_all(all).await;
    let confirmed_there = |one: &&Result<_, _>| matches!(one, Ok(Outcome::Confirmed { .. }));
    assert!(all.iter().filter(confirmed_there).count() > 4, "{all:?}");
    firm.world().advance(jiff::SignedDuration::from_mins(1));
    confirmed(system.upsert(&second).await);
    assert_eq!(other.open(&firm).len(), 2, "one for each client");
}

#[tokio::test]
async fn a_list_or_a_label_that_is_not_there_is_for_a_person_to_mend() {
    let firm = Firm::unattached(radio_text()).await;
    let other = Other::on(&firm);
    let active = client(Status::Active, &[("label", "Нет такой")]);
    let Outcome::Refused { why } = other.system(&firm).upsert(&active).await else {
        panic!("there is no such label");
    };
    assert!(why.contains("Нет такой"), "{why}");
    let nowhere = Other {
        list: KEY.into(),
        ..Other::on(&firm)
    };
    let outcome = nowhere.system(&firm).upsert(&active).await;
    assert!(matches!(outcome, Outcome::Refused { .. }), "{outcome:?}");
    let wrong = client(Status::Active, &[("due", "завтра")]);
    let outcome = other.system(&firm).upsert(&wrong).await;
    assert!(matches!(outcome, Outcome::Refused { .. }), "{outcome:?}");
}

#[tokio::test]
async fn from_the_drag_to_the_tick_through_the_same_windows() {
    let mut firm = Firm::unattached(radio_text()).await;
    let other = Other::on(&firm);
    firm.text = format!("{}\n{}", radio_text(), section(&other.list));
    firm.process = file::read(&firm.text).unwrap().process;
    firm.attach().await;
    for item in ["client_in", "stable", "heard"] {
        firm.tick("ilya_demo", "airfield", item).await;
    }
    firm.tick("maria_demo", "airfield", "start_agreed").await;
    let day = firm.day(1);
    let lines = [("Начислять с", day.as_str())];
    firm.fill("maria_demo", "airfield", &lines).await;
    firm.drag("ilya_demo", "airfield", "register").await;
    assert!(
        firm.ticked("airfield", "p_list"),
        "{:?}",
        firm.said("airfield")
    );
    let cards = other.open(&firm);
    assert_eq!(cards.len(), 1);
    assert!(
        cards[0].desc.contains(&firm.id("airfield")),
        "{}",
        cards[0].desc
    );
}
