//! BottleCRM's contacts, from a description alone: a search that finds parts, a 400 that means “there
//! already”, and errors after the work was done.

use super::{client, documented, id, open, read, twelve_at_once, until_confirmed};
use crate::between::{Between, Instead};
use crate::servers::BottleCrm;
use serde_json::json;
use signalman::model::Status;
use signalman::process::target::{Client, Target};
use signalman::target::{Found, Outcome};

const TOKEN: &str = BottleCrm::TOKEN;

fn anna(target: &Target) -> Client {
    let values = [
        ("first_name", "Анна"),
        ("last_name", "ООО «Подвал»"),
        ("email", "anna@example.org"),
        ("phone", "+79991234567"),
    ];
    client(target, "anna@example.org", &values)
}

fn contacts(crm: &BottleCrm, condition: &str) -> u64 {
    let count = format!("SELECT count(*) FROM contacts WHERE {condition}");
    crm.database().count(&count)
}

async fn by_hand(crm: &BottleCrm, email: &str) {
    let contact = json!({"first_name": "Аня", "last_name": "П.", "email": email});
    let request = reqwest::Client::new().post(format!("{}/contacts/", crm.url()));
    let answer = request.bearer_auth(TOKEN).json(&contact).send();
    assert_eq!(answer.await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_contact_is_made_once_kept_up_to_date_and_retired() {
    let Some(crm) = BottleCrm::start() else {
        return;
    };
    let between = Between::before(&crm.url()).await;
    let target = read(&documented("crm"), &between.url());
    let system = open(&target, TOKEN);
    let mut anna = anna(&target);
    let first = id(&system.upsert(&anna).await);
    assert_eq!(between.written(), 1);
    assert_eq!(id(&system.upsert(&anna).await), first);
    anna.known = Some(first.clone());
    assert_eq!(id(&system.upsert(&anna).await), first);
    assert_eq!(between.written(), 1);

    anna.values.insert("phone".into(), "+79990000000".into());
    let found = system.look(&anna).await.unwrap();
    assert!(
        matches!(&found, Found::One { differs, .. } if *differs == ["phone"]),
        "{found:?}"
    );
    assert_eq!(id(&system.upsert(&anna).await), first);
    assert_eq!(between.written(), 2);
    assert_eq!(contacts(&crm, "phone = '+79990000000'"), 1);

    anna.status = Status::Retired;
    assert_eq!(id(&system.upsert(&anna).await), first);
    assert_eq!(
        contacts(&crm, "email = 'anna@example.org' AND NOT is_active"),
        1
    );
    anna.status = Status::Active;
    assert_eq!(id(&system.upsert(&anna).await), first);
    assert_eq!(
        contacts(&crm, "email = 'anna@example.org' AND is_active"),
        1
    );
}

#[tokio::test]
async fn a_contact_entered_by_hand_is_linked_and_one_that_is_only_alike_is_not() {
    let Some(crm) = BottleCrm::start() else {
        return;
    };
    let target = read(&documented("crm"), &crm.url());
    let system = open(&target, TOKEN);
    let anna = anna(&target);
    // The search for anna@example.org finds this one too.
    by_hand(&crm, "joanna@example.org").await;
    let made = id(&system.upsert(&anna).await);
    assert_eq!(contacts(&crm, "email = 'anna@example.org'"), 1);
    assert_eq!(
        contacts(&crm, "email = 'joanna@example.org' AND first_name = 'Аня'"),
        1
    );

    let mut other = anna.clone();
    other.key = "Ioann@example.org".into();
    other
        .values
        .insert("email".into(), "ioann@example.org".into());
    other.matching = vec![("email".into(), "ioann@example.org".into())];
    by_hand(&crm, "Ioann@Example.org").await;
    let linked = id(&system.upsert(&other).await);
    assert_ne!(linked, made);
    assert_eq!(contacts(&crm, "lower(email) = 'ioann@example.org'"), 1);
    let ours = "custom_fields->>'trello_card' = 'Ioann@example.org' AND first_name = 'Анна'";
    assert_eq!(contacts(&crm, ours), 1);
}

#[tokio::test]
async fn lost_answers_an_error_after_the_deed_kills_and_twelve_at_once_end_in_one_contact() {
    let Some(mut crm) = BottleCrm::start() else {
        return;
    };
    let between = Between::before(&crm.url()).await;
    let target = read(&documented("crm"), &between.url());
    let system = open(&target, TOKEN);
    let mut anna = anna(&target);
    between.instead("POST", Instead::Broken);
    let lost = system.upsert(&anna).await;
    assert!(matches!(lost, Outcome::Unknown { .. }), "{lost:?}");
    assert_eq!(contacts(&crm, "email = 'anna@example.org'"), 1);
    let first = id(&system.upsert(&anna).await);
    crm.server().kill();
    crm.server().restart();
    assert_eq!(until_confirmed(&*system, &anna).await, first);
    assert_eq!(contacts(&crm, "email = 'anna@example.org'"), 1);

    // Without its queue it answers 500 once the row is there.
    crm.redis().kill();
    let mut boris = anna.clone();
    boris.key = "boris@example.org".into();
    boris
        .values
        .insert("email".into(), "boris@example.org".into());
    boris.matching = vec![("email".into(), "boris@example.org".into())];
    let unknown = system.upsert(&boris).await;
    assert!(matches!(unknown, Outcome::Unknown { .. }), "{unknown:?}");
    until_confirmed(&*system, &boris).await;
    assert_eq!(contacts(&crm, "email = 'boris@example.org'"), 1);
    crm.redis().restart();

    anna.key = "twelve@example.org".into();
    anna.values
        .insert("email".into(), "twelve@example.org".into());
    anna.matching = vec![("email".into(), "twelve@example.org".into())];
    twelve_at_once(&target, TOKEN, &anna).await;
    assert_eq!(contacts(&crm, "email = 'twelve@example.org'"), 1);
}
