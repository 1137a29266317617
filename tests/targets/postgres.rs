//! A client as a row of a table in PostgreSQL.

use crate::client::{client, confirmed, known_by, refused, retired, several, system};
use crate::cut::Cut;
use crate::servers::{Cluster, Database};
use futures::future::join_all;
use signalman::model::Status;
use signalman::process::target::Client;
use signalman::target::{Found, Outcome, System};
use std::os::unix::fs::{PermissionsExt, chown};

const TABLE: &str = "CREATE SCHEMA crm;
    CREATE TABLE crm.clients (
        id serial PRIMARY KEY, external_id text UNIQUE, version bigint, status text,
        name text NOT NULL, inn varchar(12), fee numeric(10,2), \"Начислять с\" date, note text)";

fn section(port: u16, base: &str) -> String {
    format!(
        r#"
[[target]]
key = "list"
kind = "postgres"
url = "postgres://signalman@127.0.0.1:{port}/{base}?sslmode=disable"
allow_private = true
table = "crm.clients"
match = ["inn"]
  [[target.put]]
  name = "name"
  value = "{{card_name}}"
  [[target.put]]
  name = "inn"
  value = "{{inn}}"
  [[target.put]]
  name = "fee"
  value = "{{fee}}"
  [[target.put]]
  name = "Начислять с"
  value = "{{billing_from}}"
"#
    )
}

fn of(database: &Database) -> Box<dyn System> {
    system(&section(database.port, &database.name), None)
}

fn teapot() -> Client {
    client(
        "5f00000000000000000000a1",
        &[
            ("name", "Радио «Чайник»; DROP TABLE crm.clients"),
            ("inn", "7707083893"),
            ("fee", "12900.00"),
            ("Начислять с", "2026-12-01"),
        ],
    )
}

fn row(database: &Database) -> String {
    database
        .sql("SELECT external_id, status, name, inn, fee, \"Начислять с\", note FROM crm.clients")
}

fn count(database: &Database) -> u64 {
    database.count("SELECT count(*) FROM crm.clients")
}

#[tokio::test]
async fn a_client_is_a_row_that_is_written_when_it_changes() {
    let cluster = Cluster::start();
    let database = cluster.empty();
    let place = of(&database);
    let why = refused(&place.upsert(&teapot()).await);
    assert!(why.contains("CREATE TABLE \"crm\".\"clients\" ("), "{why}");

    database.sql(TABLE);
    assert_eq!(place.look(&teapot()).await, Ok(Found::Nothing));
    let id = confirmed(&place.upsert(&teapot()).await);
    assert_eq!(id, "5f00000000000000000000a1");
    let stands = "5f00000000000000000000a1|active|Радио «Чайник»; DROP TABLE crm.clients|7707083893|12900.00|2026-12-01|";
    assert_eq!(row(&database), stands);

    // The same again: nothing is sent.
    let written = || database.sql("SELECT xmin, version FROM crm.clients");
    let before = written();
    database.sql("UPDATE crm.clients SET note = 'перезвонить'");
    let by_people = written();
    confirmed(&place.upsert(&teapot()).await);
    assert_eq!(written(), by_people);
    assert_ne!(before, by_people);

    let mut changed = teapot();
    changed.known = Some(id);
    changed.values.insert("fee".into(), "15000".into());
    changed
        .values
        .insert("Начислять с".into(), "31.12.2026".into());
    let found = place.look(&changed).await.unwrap();
    let Found::One {
        differs, status, ..
    } = found
    else {
        panic!("{found:?}");
    };
    assert_eq!(differs, ["fee", "Начислять с"]);
    assert_eq!(status, Some(Status::Active));
    confirmed(&place.upsert(&changed).await);
    assert!(
        row(&database).ends_with("|15000.00|2026-12-31|перезвонить"),
        "{}",
        row(&database)
    );

    confirmed(&place.upsert(&retired(teapot())).await);
    assert!(row(&database).contains("|retired|"), "{}", row(&database));
    assert_eq!(count(&database), 1);
}

#[tokio::test]
async fn who_was_entered_by_hand_is_found_and_linked() {
    let cluster = Cluster::start();
    let database = cluster.empty();
    database.sql(TABLE);
    let enter = "INSERT INTO crm.clients (name, inn, note) VALUES ('Чайник', '7707083893', 'наш')";
    database.sql(enter);
    let place = of(&database);
    confirmed(&place.upsert(&known_by(teapot(), "inn")).await);
    assert_eq!(count(&database), 1);
    assert!(row(&database).ends_with("|наш"), "{}", row(&database));

    // A second station of theirs is a row of its own: the first is ours, not anybody's.
    let mut second = known_by(teapot(), "inn");
    second.key = "5f00000000000000000000a2".into();
    confirmed(&place.upsert(&second).await);
    assert_eq!(count(&database), 2);

    database.sql(enter);
    database.sql(enter);
    let mut third = known_by(teapot(), "inn");
    third.key = "5f00000000000000000000a3".into();
    let ids = several(&place.upsert(&third).await);
    assert_eq!(ids.len(), 2);
    assert!(ids[0].starts_with("id "), "{ids:?}");
    assert_eq!(count(&database), 4);
}

#[tokio::test]
async fn a_client_that_is_known_by_another_name_keeps_its_row() {
    let cluster = Cluster::start();
    let database = cluster.empty();
    database.sql(TABLE);
    let place = of(&database);
    let mut firm = teapot();
    firm.key = "7707083893-770701001".into();
    firm.known = Some(confirmed(&place.upsert(&firm).await));
    firm.key = "7707083893-770801001".into();
    let renamed = Client {
        at: teapot().at,
        ..firm
    };
    confirmed(&place.upsert(&renamed).await);
    assert_eq!(count(&database), 1);
    assert!(row(&database).starts_with("7707083893-770801001|"));
}

#[tokio::test]
async fn of_two_writes_the_later_holds_whichever_comes_first() {
    let cluster = Cluster::start();
    let database = cluster.empty();
    database.sql(TABLE);
    let place = of(&database);
    let mut old = teapot();
    old.values.insert("fee".into(), "1".into());
    confirmed(&place.upsert(&teapot()).await);
    let outcome = place.upsert(&old).await;
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
    assert!(row(&database).contains("|12900.00|"));
    // Where the clock stands still there is no earlier.
    let mut new = teapot();
    new.values.insert("fee".into(), "2".into());
    confirmed(&place.upsert(&new).await);
    confirmed(&place.upsert(&retired(new)).await);
    assert!(row(&database).contains("|retired|"));
}

#[tokio::test]
async fn twelve_at_once_leave_one_row() {
    let cluster = Cluster::start();
    let database = cluster.empty();
    database.sql(TABLE);
    let write = async |client: Client| confirmed(&of(&database).upsert(&client).await);
    let same = teapot();
    join_all((0..12).map(|_| write(same.clone()))).await;
    assert_eq!(count(&database), 1);
    // Also where they all find one that was entered by hand.
    database.sql("INSERT INTO crm.clients (name, inn) VALUES ('Кефир', '9601000001')");
    let mut kefir = client(
        "5f00000000000000000000b1",
        &[("name", "Кефир FM"), ("inn", "9601000001")],
    );
    kefir = known_by(kefir, "inn");
    join_all((0..12).map(|_| write(kefir.clone()))).await;
    assert_eq!(count(&database), 2);
}

#[tokio::test]
async fn an_answer_that_is_lost_and_a_server_that_dies_leave_one_row() {
    let mut cluster = Cluster::start();
    let database = cluster.empty();
    database.sql(TABLE);
    let cut = Cut::before(database.port);
    let place = system(&section(cut.port(), &database.name), None);
    cut.at("INSERT INTO");
    let outcome = place.upsert(&teapot()).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    assert!(cut.done());
    confirmed(&place.upsert(&teapot()).await);
    assert_eq!(count(&database), 1);

    cluster.server().kill();
    let outcome = place.upsert(&teapot()).await;
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
    cluster.server().restart();
    let mut changed = teapot();
    changed.values.insert("fee".into(), "1".into());
    confirmed(&place.upsert(&changed).await);
    assert_eq!(count(&database), 1);
}

#[tokio::test]
async fn what_the_table_will_not_have_is_told_with_its_column() {
    let cluster = Cluster::start();
    let database = cluster.empty();
    database.sql(TABLE);
    let place = of(&database);
    let with = |name: &str, value: &str| {
        let mut client = teapot();
        client.values.insert(name.into(), value.into());
        client
    };
    let why = refused(&place.upsert(&with("fee", "много")).await);
    assert_eq!(why, "fee: invalid input syntax for type numeric: \"много\"");
    let why = refused(&place.upsert(&with("inn", "0123456789012")).await);
    assert_eq!(why, "inn: value too long for type character varying(12)");
    let why = refused(&place.upsert(&with("city", "Тверь")).await);
    assert!(
        why.contains("ALTER TABLE \"crm\".\"clients\" ADD COLUMN \"city\" text"),
        "{why}"
    );
    let why = refused(&place.upsert(&retired(teapot())).await);
    assert_eq!(why, "there is no such row to retire");
    assert_eq!(count(&database), 0);
    // A third decimal would be gone in silence.
    let why = refused(&place.upsert(&with("fee", "0.125")).await);
    assert!(why.ends_with("in fee"), "{why}");

    database.sql("ALTER TABLE crm.clients DROP CONSTRAINT clients_external_id_key");
    let mut other = teapot();
    other.key = "5f00000000000000000000a2".into();
    let why = refused(&place.upsert(&other).await);
    assert!(why.contains("ADD UNIQUE (\"external_id\")"), "{why}");
    database.sql("ALTER TABLE crm.clients DROP COLUMN status");
    let why = refused(&place.upsert(&retired(with("fee", "0.13"))).await);
    assert!(why.contains("has no column `status`"), "{why}");
}

/// A place as it is known to the password and to a way of encrypting.
fn as_client(port: u16, base: &str, mode: &str, password: &str) -> Box<dyn System> {
    let section = section(port, base);
    let section = section.replace("signalman@127.0.0.1", "client@localhost");
    let section = section.replace("disable", mode);
    let key = "key_in = \"TARGET_LIST_KEY\"\nallow_private";
    system(&section.replace("allow_private", key), Some(password))
}

/// As an administrator sets it up who made a certificate of their own.
fn with_tls(cluster: &mut Cluster) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = cluster.server().folder().join("data");
    std::fs::write(folder.join("server.crt"), made.cert.pem()).unwrap();
    let key = folder.join("server.key");
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let mode = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(&key, mode).unwrap();
    use std::os::unix::fs::MetadataExt;
    let owner = std::fs::metadata(&folder).unwrap();
    chown(&key, Some(owner.uid()), Some(owner.gid())).unwrap();
    let access = "hostssl all client all scram-sha-256\nhost all signalman all trust\n";
    std::fs::write(folder.join("pg_hba.conf"), access).unwrap();
    let base = cluster.empty();
    base.sql("CREATE ROLE client LOGIN SUPERUSER PASSWORD 'right'");
    base.sql("ALTER SYSTEM SET ssl = on");
    cluster.server().kill();
    cluster.server().restart();
}

#[tokio::test]
async fn over_tls_the_password_goes_to_no_stranger() {
    let mut cluster = Cluster::start();
    with_tls(&mut cluster);
    let database = cluster.empty();
    database.sql(TABLE);
    let with =
        |mode: &str, password: &str| as_client(database.port, &database.name, mode, password);
    let why = |outcome: Outcome| match outcome {
        Outcome::Retry { why, .. } => why,
        other => panic!("{other:?}"),
    };
    let stranger = why(with("verify-full", "right").upsert(&teapot()).await);
    assert!(stranger.contains("certificate"), "{stranger}");
    let wrong = why(with("require", "wrong").upsert(&teapot()).await);
    assert!(wrong.contains("password authentication failed"), "{wrong}");
    assert_eq!(count(&database), 0);
    confirmed(&with("require", "right").upsert(&teapot()).await);
    assert_eq!(count(&database), 1);
    // Whose certificate this machine trusts is known by it: tried in a process that trusts it.
    let trusting = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "postgres::known_by_its_certificate", "--ignored"])
        .env(
            "SSL_CERT_FILE",
            cluster.server().folder().join("data/server.crt"),
        )
        .env(
            "SIGNALMAN_TEST_DATABASE",
            format!("{}/{}", database.port, database.name),
        )
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&trusting.stdout);
    assert!(told.contains("1 passed"), "{told}");
    assert_eq!(count(&database), 2);
    // One that asks for no password does not know it.
    let hba = cluster.server().folder().join("data/pg_hba.conf");
    std::fs::write(hba, "host all all all trust\n").unwrap();
    database.sql("SELECT pg_reload_conf()");
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let stranger = why(with("require", "right").upsert(&teapot()).await);
    assert!(stranger.contains("channel binding"), "{stranger}");
    assert_eq!(count(&database), 2);
}

#[tokio::test]
#[allow(clippy::disallowed_methods)]
#[ignore = "a part of the test above, which sets its environment"]
async fn known_by_its_certificate() {
    let told = std::env::var("SIGNALMAN_TEST_DATABASE").unwrap();
    let (port, base) = told.split_once('/').unwrap();
    let place = as_client(port.parse().unwrap(), base, "verify-full", "right");
    let mut other = teapot();
    other.key = "5f00000000000000000000c1".into();
    confirmed(&place.upsert(&other).await);
}
