//! The accounting system, from a card's admission to the tick: a party in Tryton.

use crate::firm::{Firm, radio_text};
use crate::servers::Tryton;
use signalman::engine::{Nights, State};
use signalman::model::{Actor, Drift, Event, EventKind, Said, Status};
use signalman::store::Store;

const CODE: &str = "9604000000-960401001";

fn section(url: &str) -> String {
    format!(
        r#"
[[target]]
key = "accounting"
kind = "tryton"
url = "{url}"
key_in = "TARGET_ACCOUNTING_KEY"
allow_private = true
match = ["identifier.ru_vat", "identifier"]
  [[target.put]]
  name = "name"
  value = "{{legal_name}}"
  [[target.put]]
  name = "identifier.ru_vat"
  value = "{{inn}}"
  [[target.put]]
  name = "identifier"
  value = "{{kpp}}"
  [[target.put]]
  name = "email"
  value = "{{invoice_email}}"
  [[target.put]]
  name = "street"
  value = "{{address}}"
"#
    )
}

async fn firm(tryton: &Tryton) -> Firm {
    Firm::with(format!("{}\n{}", radio_text(), section(&tryton.url()))).await
}

fn parties(tryton: &Tryton) -> u64 {
    let count = format!("SELECT count(*) FROM party_party WHERE code = '{CODE}'");
    tryton.database().count(&count)
}

#[tokio::test]
async fn a_client_stands_there_once_and_the_place_itself_ticks_its_item() {
    let tryton = Tryton::start();
    let firm = firm(&tryton).await;
    assert_eq!(parties(&tryton), 0);
    firm.to_register("airfield").await;
    assert!(
        firm.ticked("airfield", "p_accounting"),
        "{:?}",
        firm.said("airfield")
    );
    assert_eq!(parties(&tryton), 1);
    let name = tryton.database().sql(&format!(
        "SELECT name FROM party_party WHERE code = '{CODE}'"
    ));
    assert_eq!(name.trim(), "ООО «Тёплый Подвал»");
    let said = firm.said("airfield").join("\n");
    assert!(said.contains("запись готовится, №"), "{said}");
    assert!(said.contains("/party.party/"), "{said}");
    let memory = firm.memory("airfield").await;
    let said = memory.places["accounting"].said.clone();
    assert!(matches!(
        said,
        Some(Said::Confirmed {
            status: Status::Pending,
            ..
        })
    ));
}

fn sql(tryton: &Tryton, sql: &str) -> String {
    tryton.database().sql(sql).trim().to_owned()
}

/// A party that somebody made by hand before us: without our key, by its INN alone.
fn by_hand(tryton: &Tryton, code: &str) {
    let party = format!(
        "INSERT INTO party_party (name, code, active) VALUES ('Подвал', '{code}', true) RETURNING id"
    );
    let id = sql(tryton, &party);
    let id = id.lines().next().unwrap();
    sql(
        tryton,
        &format!(
            "INSERT INTO party_identifier (party, type, code, code_compact, active) VALUES
             ({id}, 'ru_vat', '9604000000', '9604000000', true), ({id}, NULL, '960401001', '960401001', true)"
        ),
    );
}

fn all(tryton: &Tryton) -> u64 {
    let ours = "SELECT count(*) FROM party_party WHERE id IN
                (SELECT party FROM party_identifier WHERE code = '9604000000')";
    tryton.database().count(ours)
}

#[tokio::test]
async fn a_party_entered_by_hand_is_found_and_linked_and_of_two_the_accountant_chooses() {
    let tryton = Tryton::start();
    by_hand(&tryton, "HAND-1");
    let firm = firm(&tryton).await;
    firm.to_register("airfield").await;
    assert!(
        firm.ticked("airfield", "p_accounting"),
        "{:?}",
        firm.said("airfield")
    );
    assert_eq!(all(&tryton), 1);
    let name = sql(
        &tryton,
        "SELECT name FROM party_party WHERE code = 'HAND-1'",
    );
    assert_eq!(name, "ООО «Тёплый Подвал»");

    let other = Tryton::start();
    by_hand(&other, "HAND-1");
    by_hand(&other, "HAND-2");
    let firm = self::firm(&other).await;
    firm.to_register("airfield").await;
    assert!(!firm.ticked("airfield", "p_accounting"));
    assert_eq!(all(&other), 2);
    let said = firm.said("airfield").join("\n");
    assert!(said.contains("несколько подходящих записей"), "{said}");
    // One is closed, and a click on the item looks again.
    sql(
        &other,
        "UPDATE party_identifier SET code = '000000000' WHERE party = (SELECT id FROM party_party WHERE code = 'HAND-2')",
    );
    firm.tick("olga_demo", "airfield", "p_accounting").await;
    assert!(
        firm.ticked("airfield", "p_accounting"),
        "{:?}",
        firm.said("airfield")
    );
}

#[tokio::test]
async fn a_place_that_is_killed_midway_has_the_client_once_it_is_back() {
    let mut tryton = Tryton::start();
    let firm = firm(&tryton).await;
    tryton.server().kill();
    firm.to_register("airfield").await;
    assert!(!firm.ticked("airfield", "p_accounting"));
    tryton.server().restart();
    for _ in 0..4 {
        firm.wait(6).await;
    }
    assert!(
        firm.ticked("airfield", "p_accounting"),
        "{:?}",
        firm.said("airfield")
    );
    assert_eq!(parties(&tryton), 1);
}

#[tokio::test]
async fn what_was_changed_there_by_hand_is_told_unticks_before_admission_and_is_mended_by_a_click()
{
    let tryton = Tryton::start();
    let firm = firm(&tryton).await;
    firm.to_register("airfield").await;
    assert!(firm.ticked("airfield", "p_accounting"));
    let drift = format!("UPDATE party_party SET name = 'Другой' WHERE code = '{CODE}'");
    sql(&tryton, &drift);
    let read = firm
        .engine
        .reconcile(&firm.board(), false, firm.now())
        .await
        .unwrap();
    assert_eq!(read.len(), 1);
    let differs = Drift::Differs {
        fields: vec!["name".into()],
    };
    assert_eq!(read[0].state, State::Drifted(differs));
    assert!(firm.ticked("airfield", "p_accounting"), "merely looked at");
    firm.engine
        .reconcile(&firm.board(), true, firm.now())
        .await
        .unwrap();
    firm.settle().await;
    assert!(!firm.ticked("airfield", "p_accounting"));
    assert_eq!(firm.stands("airfield"), "register");
    assert!(
        firm.last("airfield").contains("там стоит другое: name"),
        "{}",
        firm.last("airfield")
    );
    firm.tick("olga_demo", "airfield", "p_accounting").await;
    assert!(
        firm.ticked("airfield", "p_accounting"),
        "{:?}",
        firm.said("airfield")
    );
    let name = format!("SELECT name FROM party_party WHERE code = '{CODE}'");
    assert_eq!(sql(&tryton, &name), "ООО «Тёплый Подвал»");
}

#[tokio::test]
async fn each_night_the_places_are_read_back() {
    let tryton = Tryton::start();
    let firm = firm(&tryton).await;
    firm.to_register("airfield").await;
    let mut nights = Nights::default();
    firm.engine
        .read_places(firm.now(), &mut nights)
        .await
        .unwrap();
    sql(
        &tryton,
        &format!("UPDATE party_party SET active = false WHERE code = '{CODE}'"),
    );
    firm.engine
        .read_places(firm.now(), &mut nights)
        .await
        .unwrap();
    firm.settle().await;
    assert!(
        firm.ticked("airfield", "p_accounting"),
        "it is not night yet"
    );
    firm.wait(24 * 60).await;
    firm.engine
        .read_places(firm.now(), &mut nights)
        .await
        .unwrap();
    firm.settle().await;
    assert!(!firm.ticked("airfield", "p_accounting"));
    let said = firm.said("airfield").join("\n");
    assert!(said.contains("помечена как закрытая"), "{said}");
}

/// A client who was here before the places were named, and who is one with another.
#[tokio::test]
async fn two_stations_of_one_organisation_are_one_party() {
    let tryton = Tryton::start();
    let firm = firm(&tryton).await;
    firm.to_register("airfield").await;
    let same = [
        ("Форма клиента", "ООО/АО"),
        ("Полное наименование", "ООО «Тёплый Подвал»"),
        ("ИНН", "9604000000"),
        ("КПП", "960401001"),
        ("ОГРН / ОГРНИП", "1269600000042"),
    ];
    firm.fill("maria_demo", "whale", &same).await;
    assert!(firm.memory("whale").await.places.is_empty());
    let wanted = Event {
        id: "places wanted whale".into(),
        at: firm.now(),
        actor: Actor::default(),
        kind: EventKind::PlacesWanted {
            card: firm.id("whale").as_str().into(),
        },
    };
    firm.store
        .append(&firm.board(), &[wanted], firm.now())
        .await
        .unwrap();
    firm.settle().await;
    let proof = async |card: &str| firm.memory(card).await.places["accounting"].proof.clone();
    let (one, other) = (proof("airfield").await, proof("whale").await);
    assert_eq!(one.unwrap().id, other.unwrap().id);
    assert_eq!(all(&tryton), 1);
}

#[tokio::test]
async fn what_was_vouched_for_is_looked_for_and_never_entered_once_more() {
    let mut tryton = Tryton::start();
    let firm = firm(&tryton).await;
    tryton.server().kill();
    firm.to_register("airfield").await;
    let vouch = "/byhand p_accounting 204";
    firm.write("olga_demo", "airfield", vouch).await;
    assert!(firm.ticked("airfield", "p_accounting"));
    tryton.server().restart();
    for _ in 0..4 {
        firm.wait(6).await;
    }
    assert_eq!(all(&tryton), 0);
    assert!(!firm.ticked("airfield", "p_accounting"));
    let said = firm.last("airfield");
    assert!(said.contains("записи там больше нет"), "{said}");
    // She lets Signalman do it.
    firm.tick("olga_demo", "airfield", "p_accounting").await;
    assert!(
        firm.ticked("airfield", "p_accounting"),
        "{:?}",
        firm.said("airfield")
    );
    assert_eq!(all(&tryton), 1);
}
