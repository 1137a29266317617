//! Tryton's parties, from a description alone: search by a domain in base64, a 400 that means “there
//! already”, verbs for what hangs on a party, inactive for retired.

use super::{client, id, open, read, twelve_at_once, until_confirmed};
use crate::between::{Between, Instead};
use crate::servers::Tryton;
use reqwest::Method;
use serde_json::json;
use signalman::model::Status;
use signalman::process::target::Client;
use signalman::target::{Found, Outcome};

const SECTION: &str = include_str!("tryton.toml");
const KEY: &str = Tryton::KEY;

fn parties(tryton: &Tryton, condition: &str) -> u64 {
    let count = format!("SELECT count(*) FROM party_party WHERE {condition}");
    tryton.database().count(&count)
}

fn cellar(target: &signalman::process::target::Target) -> Client {
    let values = [
        ("name", "ООО «Тёплый \"Подвал\"»"),
        ("email", "cellar@example.org"),
        ("inn", "7707083893"),
    ];
    client(target, "TRELLO-1", &values)
}

/// A party as a person enters it.
async fn by_hand(tryton: &Tryton, name: &str, email: &str) {
    let party = json!({
        "name": name,
        "contact_mechanisms": [["create", [{"type": "email", "value": email}]]],
    });
    let request =
        reqwest::Client::new().request(Method::POST, format!("{}/party.party", tryton.url()));
    let answer = request.bearer_auth(KEY).json(&party).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn a_client_is_made_once_kept_up_to_date_and_retired() {
    let tryton = Tryton::start();
    let between = Between::before(&tryton.url()).await;
    let target = read(SECTION, &between.url());
    let system = open(&target, KEY);
    let mut cellar = cellar(&target);
    assert_eq!(system.look(&cellar).await.unwrap(), Found::Nothing);

    let made = system.upsert(&cellar).await;
    let Outcome::Confirmed { id, link } = made else {
        panic!("{made:?}");
    };
    assert!(link.unwrap().ends_with(&format!("/party.party/{id}")));
    assert_eq!(between.written(), 1);
    let name = tryton
        .database()
        .sql("SELECT name FROM party_party WHERE code = 'TRELLO-1'");
    assert_eq!(name.trim(), "ООО «Тёплый \"Подвал\"»");

    // Once more, with and without knowing it: nothing is written.
    cellar.known = Some(id.clone());
    assert_eq!(super::id(&system.upsert(&cellar).await), id);
    cellar.known = None;
    assert_eq!(super::id(&system.upsert(&cellar).await), id);
    assert_eq!(between.written(), 1);

    // What has changed is written, each by its own request.
    cellar
        .values
        .insert("email".into(), "new@example.org".into());
    cellar.values.insert("name".into(), "ООО «Чердак»".into());
    let Found::One { mut differs, .. } = system.look(&cellar).await.unwrap() else {
        panic!("it is there");
    };
    differs.sort();
    assert_eq!(differs, ["email", "name"]);
    assert_eq!(between.written(), 1);
    system.upsert(&cellar).await;
    assert_eq!(between.written(), 3);
    let contacts = "SELECT string_agg(value, ',') FROM party_contact_mechanism";
    assert_eq!(tryton.database().sql(contacts).trim(), "new@example.org");

    // Retired: marked, and back again.
    cellar.status = Status::Retired;
    assert_eq!(super::id(&system.upsert(&cellar).await), id);
    assert_eq!(parties(&tryton, "code = 'TRELLO-1' AND NOT active"), 1);
    let found = system.look(&cellar).await.unwrap();
    let Found::One {
        status, differs, ..
    } = found
    else {
        panic!("{found:?}");
    };
    assert_eq!(
        (status, differs.as_slice()),
        (Some(Status::Retired), &[][..])
    );
    let writes = between.written();
    system.upsert(&cellar).await;
    assert_eq!(between.written(), writes);
    cellar.status = Status::Active;
    cellar
        .values
        .insert("name".into(), "ООО «Снова здесь»".into());
    assert_eq!(super::id(&system.upsert(&cellar).await), id);
    assert_eq!(parties(&tryton, "code = 'TRELLO-1' AND active"), 1);
}

#[tokio::test]
async fn a_lost_answer_a_kill_and_twelve_at_once_end_in_one_party() {
    let mut tryton = Tryton::start();
    let between = Between::before(&tryton.url()).await;
    let target = read(SECTION, &between.url());
    let system = open(&target, KEY);
    for (key, answer) in [("TRELLO-1", Instead::Broken), ("TRELLO-2", Instead::Error)] {
        let mut cellar = cellar(&target);
        cellar.key = key.into();
        cellar.matching.clear();
        between.instead("POST", answer);
        let lost = system.upsert(&cellar).await;
        assert!(matches!(lost, Outcome::Unknown { .. }), "{lost:?}");
        assert!(between.is_done());
        let id = id(&system.upsert(&cellar).await);
        tryton.server().kill();
        let gone = system.upsert(&cellar).await;
        assert!(matches!(gone, Outcome::Retry { .. }), "{gone:?}");
        tryton.server().restart();
        assert_eq!(until_confirmed(&*system, &cellar).await, id);
        assert_eq!(parties(&tryton, &format!("code = '{key}'")), 1);
    }

    let mut cellar = cellar(&target);
    cellar.key = "TRELLO-12".into();
    cellar.matching.clear();
    twelve_at_once(&target, KEY, &cellar).await;
    assert_eq!(parties(&tryton, "code = 'TRELLO-12'"), 1);
}

#[tokio::test]
async fn a_party_entered_by_hand_is_linked_and_two_are_a_persons_business() {
    let tryton = Tryton::start();
    let target = read(SECTION, &tryton.url());
    let system = open(&target, KEY);
    let cellar = cellar(&target);
    by_hand(&tryton, "Подвал", "cellar@example.org").await;
    let first = id(&system.upsert(&cellar).await);
    assert_eq!(parties(&tryton, "name = 'ООО «Тёплый \"Подвал\"»'"), 1);
    assert_eq!(parties(&tryton, "code = 'TRELLO-1'"), 0);
    let identifiers = "SELECT count(*) FROM party_identifier WHERE code = '7707083893'";
    assert_eq!(tryton.database().count(identifiers), 1);

    by_hand(&tryton, "Подвал ещё раз", "cellar@example.org").await;
    let several = system.upsert(&cellar).await;
    let Outcome::Several { ids } = several else {
        panic!("{several:?}");
    };
    assert_eq!(ids.len(), 2);
    assert!(ids.contains(&first));
    // Which of them is known by now.
    let mut known = cellar;
    known.known = Some(first.clone());
    assert_eq!(id(&system.upsert(&known).await), first);
}

#[tokio::test]
async fn what_tryton_refuses_is_said_in_its_words() {
    let tryton = Tryton::start();
    let target = read(SECTION, &tryton.url());
    let system = open(&target, KEY);
    let mut cellar = cellar(&target);
    cellar.values.insert("inn".into(), "7707083894".into());
    let refused = system.upsert(&cellar).await;
    let Outcome::Refused { why } = refused else {
        panic!("{refused:?}");
    };
    assert!(
        why.contains("7707083894") && why.contains("is not valid"),
        "{why}"
    );
    let closed = open(&target, "wrong").upsert(&cellar).await;
    let Outcome::Retry { why, .. } = closed else {
        panic!("{closed:?}");
    };
    assert!(!why.contains("wrong"), "{why}");
    assert_eq!(parties(&tryton, "code = 'TRELLO-1'"), 0);
}
