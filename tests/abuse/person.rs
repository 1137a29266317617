//! A person asks to be forgotten, or a name grows too old.

use crate::firm::Firm;
use crate::service::said;
use jiff::SignedDuration;
use signalman::engine::{Engine, Options, Watch};
use signalman::model::Member;
use signalman::store::Store;
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;

const NAME: &str = "Пётр Ушедший";

/// Somebody without a role who was on the board's list, pushed a card, was refused, and disagreed.
async fn left() -> Firm {
    left_after(true).await
}

async fn left_after(met: bool) -> Firm {
    let firm = Firm::open().await;
    let id = firm.world().add_member("petr_u", NAME);
    firm.world()
        .join(&firm.demo.board, &id, signalman::sandbox::Rank::Normal);
    let one = Member {
        id: id.as_str().into(),
        username: "petr_u".into(),
        full_name: NAME.into(),
    };
    let list = if met { vec![one] } else { Vec::new() };
    firm.store.meet(&firm.board(), list).await.unwrap();
    let hand = firm.world().hand(&id);
    let path = format!("cards/{}", firm.id("kefir"));
    let wish = serde_json::json!({ "idList": firm.list("connect") });
    hand.put(&path, wish).unwrap();
    firm.settle().await;
    let text = serde_json::json!({ "text": "/спор я Пётр Ушедший и я прав" });
    hand.post(&format!("{path}/actions/comments"), text)
        .unwrap();
    firm.settle().await;
    firm
}

fn forget(firm: &Firm, who: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_signalman"));
    command.env_remove("BOARD").env("STORE", firm.file());
    command.args(["forget", who, "--yes"]).output().unwrap()
}

async fn told(firm: &Firm) -> String {
    let lines = firm.store.history(&firm.board(), None, 99).await.unwrap();
    lines
        .iter()
        .map(|line| format!("{}: {}\n", line.kind, line.text))
        .collect()
}

#[tokio::test]
async fn who_is_forgotten_is_nowhere_in_the_store_and_what_was_decided_stays() {
    let firm = left().await;
    let before = told(&firm).await;
    assert!(before.contains(NAME), "{before}");
    let done = forget(&firm, "@petr_u");
    assert!(done.status.success(), "{}", said(&done));
    for part in [NAME, "Not reached from here", "Decisions stay"] {
        assert!(said(&done).contains(part), "{}", said(&done));
    }
    let after = told(&firm).await;
    assert_eq!(after, before.replace(NAME, "человек, который ушёл"));
    let stored = firm.everything_stored().await;
    let mut files = std::fs::read(firm.file()).unwrap();
    files.extend(std::fs::read(firm.file().with_extension("db-wal")).unwrap());
    let files = String::from_utf8_lossy(&files).into_owned();
    for name in ["Пётр Ушедший", "petr_u", "Ушедш"] {
        assert!(!stored.contains(name) && !files.contains(name), "{name}");
    }
    let again = forget(&firm, "@petr_u");
    assert!(said(&again).contains("Nothing is kept"), "{}", said(&again));
    let by_name = forget(&firm, NAME);
    assert!(
        said(&by_name).contains("Nothing is kept"),
        "{}",
        said(&by_name)
    );
    // The board goes on, and the stand-in has no name either.
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert_eq!(firm.stands("kefir"), "contract");
}

#[tokio::test]
async fn a_full_name_in_quotes_is_enough() {
    let firm = left().await;
    let done = forget(&firm, "пётр  ушедший".replace("  ", " ").as_str());
    assert!(done.status.success(), "{}", said(&done));
    assert!(!firm.everything_stored().await.contains("petr_u"));
}

#[tokio::test]
async fn who_was_on_no_list_is_found_in_what_was_told() {
    let firm = left_after(false).await;
    let id = firm.world().with(|state| {
        let mut members = state.members.values();
        members
            .find(|one| one.username == "petr_u")
            .unwrap()
            .id
            .clone()
    });
    assert!(told(&firm).await.contains(&id));
    let done = forget(&firm, "@petr_u");
    assert!(done.status.success(), "{}", said(&done));
    let stored = firm.everything_stored().await;
    for kept in [id.as_str(), "petr_u", NAME] {
        assert!(!stored.contains(kept), "{kept}");
    }
}

#[tokio::test]
async fn whoever_holds_a_role_gives_it_away_first_and_nothing_is_changed() {
    let firm = left().await;
    let before = told(&firm).await;
    let refused = forget(&firm, "@maria_demo");
    assert!(!refused.status.success());
    for part in ["is “", "signalman apply", "Nothing was changed"] {
        assert!(said(&refused).contains(part), "{}", said(&refused));
    }
    let ours = forget(&firm, "@signalman_demo");
    assert!(!said(&ours).contains("Decisions stay"), "{}", said(&ours));
    assert_eq!(told(&firm).await, before);
}

#[tokio::test]
async fn names_older_than_they_are_kept_go_once_a_day_and_younger_ones_stay() {
    let firm = left().await;
    let options = Options {
        keep: Some(Duration::from_secs(30 * 24 * 60 * 60)),
        ..Options::default()
    };
    let store: Arc<dyn Store> = Arc::<signalman::store::Sqlite>::clone(&firm.store);
    let engine = Engine::new(store, Arc::clone(&firm.trello), options);
    let mut watch = Watch::default();
    engine.look_round(firm.now(), &mut watch).await.unwrap();
    assert!(told(&firm).await.contains(NAME));
    firm.world().advance(SignedDuration::from_hours(31 * 24));
    firm.drag("ilya_demo", "kefir", "connect").await;
    let before = told(&firm).await;
    assert!(before.contains(NAME) && before.contains("Илья"), "{before}");
    engine.look_round(firm.now(), &mut watch).await.unwrap();
    let after = told(&firm).await;
    assert!(
        !after.contains(NAME) && after.contains("участник доски"),
        "{after}"
    );
    assert!(after.contains("Илья"), "{after}");
    assert_eq!(after.lines().count(), before.lines().count());
    let people = firm.store.board(&firm.board()).await.unwrap().unwrap();
    let people = people.active.bindings.people.clone();
    assert!(
        people.values().any(|one| one.full_name == NAME),
        "still known"
    );
}
