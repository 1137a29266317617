//! PostgreSQL: a write over a row rests on the version of the row.

use crate::servers::Cluster;

const TABLE: &str =
    "CREATE TABLE clients (external_id text PRIMARY KEY, version bigint, name text)";

fn upsert(version: u32, name: &str) -> String {
    format!(
        "INSERT INTO clients VALUES ('TRELLO-1', {version}, '{name}')
         ON CONFLICT (external_id) DO UPDATE SET version = excluded.version, name = excluded.name
         WHERE clients.version < excluded.version RETURNING name"
    )
}

#[test]
fn a_row_is_written_once_and_only_by_what_is_newer() {
    let mut cluster = Cluster::start();
    let database = cluster.empty();
    database.sql(TABLE);
    assert_eq!(database.sql(&upsert(2, "Ромашка")), "Ромашка");
    assert_eq!(database.sql(&upsert(2, "Ромашка")), "", "it is there");
    assert_eq!(database.sql(&upsert(1, "Старое")), "", "it is newer");
    std::thread::scope(|scope| {
        for version in 3..15 {
            let database = &database;
            scope.spawn(move || database.sql(&upsert(version, &format!("Имя {version}"))));
        }
    });
    cluster.server().kill();
    cluster.server().restart();
    assert_eq!(database.sql("SELECT * FROM clients"), "TRELLO-1|14|Имя 14");
}

#[test]
fn a_frozen_server_acts_on_what_it_was_asked_when_it_goes_on() {
    let mut cluster = Cluster::start();
    let database = cluster.empty();
    database.sql(TABLE);
    let (said, heard) = std::sync::mpsc::channel();
    cluster.server().freeze();
    std::thread::scope(|scope| {
        scope.spawn(|| said.send(database.sql(&upsert(1, "Ромашка"))));
        let patience = std::time::Duration::from_millis(500);
        assert!(heard.recv_timeout(patience).is_err(), "it answered");
        cluster.server().thaw();
        assert_eq!(heard.recv().unwrap(), "Ромашка");
    });
}
