//! Accounting: a party, and under it a subscription for each card.

use crate::between::{Between, Instead};
use crate::documented;
use crate::servers::Tryton;
use signalman::model::{CardId, Status};
use signalman::process::target::Client;
use signalman::target::{Found, Outcome, System};

const FIRST: &str = "64a000000000000000000001";
const SECOND: &str = "64a000000000000000000002";

fn open(url: &str) -> Box<dyn System> {
    let mut target = documented("accounting");
    target.url = url.to_owned();
    target.allow_private = true;
    signalman::target::open(&target, Some(Tryton::KEY.into())).unwrap()
}

fn client(card: &str, status: Status, more: &[(&str, &str)]) -> Client {
    let mut values = std::collections::BTreeMap::new();
    let usual = [
        ("name", "ООО «Тёплый Подвал»"),
        ("identifier.ru_vat", "7707083893"),
        ("email", "buh@podval.example"),
        ("amount", "12900.00"),
        ("currency", "RUB"),
        ("charge_from", "2099-01-01"),
        ("product", "ABON"),
        ("recurrence", "Ежемесячно"),
    ];
    for (name, value) in usual.iter().chain(more) {
        values.insert((*name).to_owned(), (*value).to_owned());
    }
    let inn = values["identifier.ru_vat"].clone();
    Client {
        key: inn.clone(),
        card: CardId::new(card),
        status,
        own: status,
        at: jiff::Timestamp::UNIX_EPOCH,
        known: None,
        matching: vec![("identifier.ru_vat".into(), inn)],
        link: None,
        values,
    }
}

/// What there is, one line each.
fn subscriptions(tryton: &Tryton) -> Vec<String> {
    let told = tryton.database().sql(
        "SELECT s.reference, s.state, l.unit_price::float, s.start_date, s.end_date \
         FROM sale_subscription s JOIN sale_subscription_line l ON l.subscription = s.id \
         ORDER BY s.id",
    );
    told.lines().map(str::to_owned).collect()
}

fn parties(tryton: &Tryton) -> u64 {
    let count = "SELECT count(*) FROM party_party WHERE name LIKE '%Подвал%'";
    tryton.database().count(count)
}

#[track_caller]
fn confirmed(outcome: Outcome) -> String {
    match outcome {
        Outcome::Confirmed { id, .. } => id,
        other => panic!("{other:?}"),
    }
}

/// So many of what a party has, contacts for one.
fn rows(tryton: &Tryton, table: &str) -> u64 {
    let of = "SELECT id FROM party_party WHERE name LIKE '%Подвал%'";
    let count = format!("SELECT count(*) FROM {table} WHERE party IN ({of})");
    tryton.database().count(&count)
}

async fn looked(system: &dyn System, client: &Client) -> (Option<Status>, Vec<String>) {
    match system.look(client).await.unwrap() {
        Found::One {
            status, differs, ..
        } => (status, differs),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_subscription_is_a_draft_while_it_waits_and_runs_once_it_is_active() {
    let tryton = Tryton::start();
    let between = Between::before(&tryton.url()).await;
    let system = open(&between.url());
    let waits = client(FIRST, Status::Pending, &[]);
    let party = confirmed(system.upsert(&waits).await);
    assert_eq!(
        subscriptions(&tryton),
        [format!("{FIRST}|draft|12900|2099-01-01|")]
    );
    assert_eq!(
        looked(&*system, &waits).await,
        (Some(Status::Pending), vec![])
    );
    between.writes();
    confirmed(system.upsert(&waits).await);
    assert_eq!(between.writes(), [""; 0]);
    for table in [
        "party_contact_mechanism",
        "party_identifier",
        "party_address",
    ] {
        assert_eq!(rows(&tryton, table), 1, "{table}");
    }

    // The date is mended while it waits.
    let later = client(FIRST, Status::Pending, &[("charge_from", "2099-02-01")]);
    assert_eq!(looked(&*system, &later).await.1, ["charge_from"]);
    confirmed(system.upsert(&later).await);

    let active = client(FIRST, Status::Active, &[("charge_from", "2099-02-01")]);
    assert_eq!(confirmed(system.upsert(&active).await), party);
    let runs = [format!("{FIRST}|running|12900|2099-02-01|")];
    assert_eq!(subscriptions(&tryton), runs);
    assert_eq!(
        looked(&*system, &active).await,
        (Some(Status::Active), vec![])
    );
    between.writes();
    confirmed(system.upsert(&active).await);
    // Going back stops no charge.
    confirmed(system.upsert(&waits).await);
    assert_eq!(between.writes(), [""; 0]);
    assert_eq!(subscriptions(&tryton), runs);
    assert_eq!(parties(&tryton), 1);
}

#[tokio::test]
async fn a_new_amount_arrives_and_a_new_day_as_long_as_nothing_is_charged() {
    let tryton = Tryton::start();
    let system = open(&tryton.url());
    confirmed(system.upsert(&client(FIRST, Status::Active, &[])).await);
    let dearer = client(FIRST, Status::Active, &[("amount", "15000.5")]);
    assert_eq!(
        looked(&*system, &dearer).await,
        (Some(Status::Active), vec!["amount".to_owned()])
    );
    confirmed(system.upsert(&dearer).await);
    assert_eq!(
        subscriptions(&tryton),
        [format!("{FIRST}|running|15000.5|2099-01-01|")]
    );
    assert_eq!(
        looked(&*system, &dearer).await,
        (Some(Status::Active), vec![])
    );

    let later = [("amount", "15000.50"), ("charge_from", "2099-02-01")];
    confirmed(system.upsert(&client(FIRST, Status::Active, &later)).await);
    assert_eq!(
        subscriptions(&tryton),
        [
            format!("{FIRST}|cancelled|15000.5|2099-01-01|"),
            format!("{FIRST}|running|15000.5|2099-02-01|"),
        ]
    );

    // What is refused half-way leaves it running as it was.
    let odd = [("amount", "1.123456789"), ("charge_from", "2099-02-01")];
    let refused = system.upsert(&client(FIRST, Status::Active, &odd)).await;
    assert!(matches!(refused, Outcome::Refused { .. }), "{refused:?}");
    assert_eq!(
        subscriptions(&tryton)[1],
        format!("{FIRST}|running|15000.5|2099-02-01|")
    );
    let other = client(FIRST, Status::Active, &[("currency", "EUR")]);
    let refused = system.upsert(&other).await;
    assert!(matches!(refused, Outcome::Refused { .. }), "{refused:?}");
    assert_eq!(
        subscriptions(&tryton).len(),
        2,
        "what runs runs on: {:?}",
        subscriptions(&tryton)
    );
    let none = client(FIRST, Status::Active, &[("amount", "")]);
    let refused = system.upsert(&none).await;
    assert!(matches!(refused, Outcome::Refused { .. }), "{refused:?}");
    for (name, wrong) in [
        ("product", "NIX"),
        ("recurrence", "никогда"),
        ("charge_from", "завтра"),
        ("amount", "много"),
    ] {
        let client = client(SECOND, Status::Active, &[(name, wrong)]);
        let Outcome::Refused { why } = system.upsert(&client).await else {
            panic!("{wrong}");
        };
        assert!(why.contains(wrong), "{why}");
    }
    assert_eq!(subscriptions(&tryton).len(), 2);
}

#[tokio::test]
async fn two_stations_of_a_client_are_one_party_and_leave_one_by_one() {
    let tryton = Tryton::start();
    let system = open(&tryton.url());
    for card in [FIRST, SECOND] {
        confirmed(system.upsert(&client(card, Status::Active, &[])).await);
    }
    assert_eq!(parties(&tryton), 1);
    assert_eq!(subscriptions(&tryton).len(), 2);

    let undated = system.upsert(&client(FIRST, Status::Retired, &[])).await;
    assert!(matches!(undated, Outcome::Refused { .. }), "{undated:?}");
    let leave = [("leave_date", "2099-03-15")];
    let mut leaves = client(FIRST, Status::Retired, &leave);
    // The other card's organisation, and so the party, is alive.
    leaves.status = Status::Active;
    confirmed(system.upsert(&leaves).await);
    let one_left = [
        format!("{FIRST}|running|12900|2099-01-01|2099-03-15"),
        format!("{SECOND}|running|12900|2099-01-01|"),
    ];
    assert_eq!(subscriptions(&tryton), one_left);
    assert_eq!(
        looked(&*system, &leaves).await,
        (Some(Status::Retired), vec![])
    );
    confirmed(system.upsert(&leaves).await);
    assert_eq!(subscriptions(&tryton), one_left);
    let stays = "SELECT count(*) FROM party_party WHERE active AND name LIKE '%Подвал%'";
    assert_eq!(tryton.database().count(stays), 1);

    // A draft that never ran is cancelled.
    let waits = "64a000000000000000000003";
    confirmed(system.upsert(&client(waits, Status::Pending, &[])).await);
    confirmed(system.upsert(&client(waits, Status::Retired, &[])).await);
    assert!(
        subscriptions(&tryton)[2].contains("|cancelled|"),
        "{:?}",
        subscriptions(&tryton)
    );
    // And who comes back runs on.
    confirmed(system.upsert(&client(FIRST, Status::Active, &[])).await);
    assert_eq!(
        subscriptions(&tryton)[0],
        format!("{FIRST}|running|12900|2099-01-01|")
    );
}

#[tokio::test]
async fn what_was_charged_stands_and_who_leaves_has_had_it() {
    let tryton = Tryton::start();
    let system = open(&tryton.url());
    confirmed(system.upsert(&client(FIRST, Status::Active, &[])).await);
    // As Tryton's own round leaves it after the first period.
    tryton.database().sql(
        "UPDATE sale_subscription_line SET consumed_until = '2099-01-31', \
         next_consumption_date = '2099-02-01'",
    );
    let changed = [("amount", "15000.00"), ("charge_from", "2099-02-01")];
    let changed = client(FIRST, Status::Active, &changed);
    confirmed(system.upsert(&changed).await);
    assert_eq!(
        subscriptions(&tryton),
        [format!("{FIRST}|running|15000|2099-01-01|")]
    );
    let leave = [("leave_date", "2099-01-15"), ("amount", "15000.00")];
    confirmed(system.upsert(&client(FIRST, Status::Retired, &leave)).await);
    assert_eq!(
        subscriptions(&tryton),
        [format!("{FIRST}|running|15000|2099-01-01|2099-01-31")]
    );
}

#[tokio::test]
async fn what_broke_off_between_the_four_requests_is_gone_on_with() {
    let mut tryton = Tryton::start();
    let between = Between::before(&tryton.url()).await;
    let system = open(&between.url());
    let active = client(FIRST, Status::Active, &[]);
    let dearer = client(FIRST, Status::Active, &[("amount", "15000.00")]);
    let paths = [
        "POST /PLACE/party.party",
        "POST /PLACE/sale.subscription",
        "/quote",
        "/run",
    ];
    let place = url::Url::parse(&tryton.url()).unwrap();
    let place = place.path().trim_start_matches('/').to_owned();
    for path in paths {
        between.instead(&path.replace("PLACE", &place), Instead::Broken);
        let outcome = system.upsert(&active).await;
        assert!(
            matches!(outcome, Outcome::Unknown { .. }),
            "{path}: {outcome:?}"
        );
    }
    confirmed(system.upsert(&active).await);
    assert_eq!(
        subscriptions(&tryton),
        [format!("{FIRST}|running|12900|2099-01-01|")]
    );
    for path in ["/draft", "PUT /PLACE/sale.subscription", "/quote", "/run"] {
        between.instead(&path.replace("PLACE", &place), Instead::Error);
        let outcome = system.upsert(&dearer).await;
        assert!(
            matches!(outcome, Outcome::Unknown { .. }),
            "{path}: {outcome:?}"
        );
        tryton.server().kill();
        let dead = system.upsert(&dearer).await;
        assert!(matches!(dead, Outcome::Retry { .. }), "{dead:?}");
        tryton.server().restart();
    }
    confirmed(system.upsert(&dearer).await);
    assert_eq!(
        subscriptions(&tryton),
        [format!("{FIRST}|running|15000|2099-01-01|")]
    );
    assert_eq!(parties(&tryton), 1);
}

#[tokio::test]
async fn two_of_a_reference_are_for_a_person_to_choose_from() {
    let tryton = Tryton::start();
    let system = open(&tryton.url());
    let mut active = client(FIRST, Status::Active, &[]);
    confirmed(system.upsert(&active).await);
    active.values.insert("reference".into(), "другой".into());
    confirmed(system.upsert(&active).await);
    let same = format!("UPDATE sale_subscription SET reference = '{FIRST}'");
    tryton.database().sql(&same);
    active.values.remove("reference");
    let outcome = system.upsert(&active).await;
    let Outcome::Several { ids } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(ids.len(), 2);
    assert_eq!(system.look(&active).await, Ok(Found::Several { ids }));
}

#[tokio::test]
async fn twelve_at_once_are_one_party() {
    let tryton = Tryton::start();
    let system = open(&tryton.url());
    let mut plain = client(FIRST, Status::Active, &[]);
    plain.values.insert("amount".into(), String::new());
    let all = futures::future::join_all((0..12).map(|_| system.upsert(&plain))).await;
    assert_eq!(parties(&tryton), 1);
    assert!(
        all.iter()
            .any(|one| matches!(one, Outcome::Confirmed { .. }))
    );
    confirmed(system.upsert(&plain).await);
    assert_eq!(parties(&tryton), 1);
}

#[tokio::test]
async fn a_party_entered_by_hand_is_linked_and_of_two_none_is_chosen() {
    let tryton = Tryton::start();
    let system = open(&tryton.url());
    let by_hand = |name: &str| {
        let identifiers = [serde_json::json!({ "type": "ru_vat", "code": "7707083893" })];
        let body = serde_json::json!({ "name": name, "identifiers": [["create", identifiers]] });
        let request = reqwest::Client::new().post(format!("{}/party.party", tryton.url()));
        request.bearer_auth(Tryton::KEY).json(&body).send()
    };
    assert!(by_hand("Подвал").await.unwrap().status().is_success());
    let active = client(FIRST, Status::Active, &[]);
    confirmed(system.upsert(&active).await);
    assert_eq!(parties(&tryton), 1);
    assert_eq!(rows(&tryton, "party_identifier"), 1);
    assert_eq!(subscriptions(&tryton).len(), 1);

    assert!(
        by_hand("Подвал второй")
            .await
            .unwrap()
            .status()
            .is_success()
    );
    let outcome = system.upsert(&active).await;
    assert!(
        matches!(&outcome, Outcome::Several { ids } if ids.len() == 2),
        "{outcome:?}"
    );
    let mut known = active.clone();
    known.known = Some("2".into());
    confirmed(system.upsert(&known).await);

    // Where nothing is charged, who leaves is inactive.
    let mut plain = client(
        FIRST,
        Status::Retired,
        &[("identifier.ru_vat", "7736207543")],
    );
    plain.values.insert("amount".into(), String::new());
    (plain.status, plain.own) = (Status::Active, Status::Active);
    let party = confirmed(system.upsert(&plain).await);
    // Its card may have lost what it had.
    plain.values.clear();
    plain.known = Some(party.clone());
    (plain.status, plain.own) = (Status::Retired, Status::Retired);
    confirmed(system.upsert(&plain).await);
    let active = format!("SELECT active FROM party_party WHERE id = {party}");
    assert_eq!(tryton.database().sql(&active), "f");
}
