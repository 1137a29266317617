//! Clients who were active before their places were named: written by the real program, which is
//! killed in the middle of it, and once each.

use crate::radio::radio_text;
use crate::servers::Tryton;
use crate::service::{Environment, Service, program};
use serde_json::json;
use signalman::sandbox::radio::{self, Demo};
use signalman::sandbox::world::SERVICE_APP;
use signalman::sandbox::{self, Sandbox};
use std::process::{Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;

const CLIENTS: u64 = 200;
const KILLS: u64 = 3;
const WITHIN: Duration = Duration::from_secs(400);

fn process_text(url: &str) -> String {
    let target = format!(
        r#"
[[target]]
key = "accounting"
kind = "tryton"
url = "{url}"
key_in = "TARGET_ACCOUNTING_KEY"
allow_private = true
keyed = "station"
  [[target.put]]
  name = "name"
  value = "{{card_name}}"
"#
    );
    format!("{}\n{target}", radio_text())
}

struct Firm {
    _sandbox: Sandbox,
    demo: Demo,
    folder: TempDir,
    environment: Environment,
}

impl Firm {
    async fn open(tryton: &Tryton) -> Self {
        let sandbox = Sandbox::start(sandbox::Options::default()).await.unwrap();
        let demo = radio::set_up(sandbox.world(), true).unwrap();
        let hand = sandbox.world().hand(&demo.people["maria_demo"]);
        for nth in 0..CLIENTS {
            let card = json!({ "idList": demo.lists["active"], "name": format!("Станция {nth}") });
            hand.post("cards", card).unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let text = process_text(&tryton.url());
        std::fs::write(folder.path().join("process.toml"), text).unwrap();
        let environment = vec![
            ("TRELLO_API_URL", format!("{}/1", sandbox.url())),
            ("TRELLO_KEY", sandbox.key()),
            (
                "TRELLO_TOKEN",
                sandbox.world().token(&demo.bot, SERVICE_APP).unwrap(),
            ),
            ("TRELLO_SECRET", sandbox.secret()),
            (
                "STORE",
                folder.path().join("store.db").display().to_string(),
            ),
            ("TARGET_ACCOUNTING_KEY", Tryton::KEY.to_owned()),
        ];
        Self {
            _sandbox: sandbox,
            demo,
            folder,
            environment,
        }
    }

    async fn run(&self, arguments: &[&str]) -> Output {
        let mut command = program(&self.environment);
        command.args(arguments).current_dir(self.folder.path());
        let done = tokio::task::spawn_blocking(move || command.output());
        done.await.unwrap().unwrap()
    }
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_who_were_here_before_are_written_once_each_though_the_service_is_killed() {
    let tryton = Tryton::start();
    let firm = Firm::open(&tryton).await;
    let setup = [
        "setup",
        &firm.demo.board,
        "--yes",
        "--process",
        "process.toml",
    ];
    let done = firm.run(&setup).await;
    assert!(done.status.success(), "{}", told(&done));
    let dry = firm.run(&["backfill", "--dry-run"]).await;
    let said = told(&dry);
    assert!(said.contains("Станция 7: accounting, as active"), "{said}");
    let parties = || {
        let ours = "SELECT count(*) FROM party_party WHERE name LIKE 'Станция %'";
        tryton.database().count(ours)
    };
    assert_eq!(parties(), 0, "a dry run writes nothing");

    let mut service = Service::start(firm.folder.path(), "serve", &firm.environment);
    service.listens().await;
    // It looks on until it is ended; what was asked for is kept all the same.
    let mut looks_on = program(&firm.environment);
    let mut looks_on = looks_on
        .args(["backfill"])
        .current_dir(firm.folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let mut kills = 0;
    while parties() < CLIENTS {
        assert!(begun.elapsed() < WITHIN, "{} of {CLIENTS} came", parties());
        if kills < KILLS && parties() > CLIENTS * (kills + 1) / (KILLS + 2) {
            service.kill();
            service = Service::start(firm.folder.path(), "serve", &firm.environment);
            service.listens().await;
            kills += 1;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(kills, KILLS);
    let _ = looks_on.kill();
    let _ = looks_on.wait();
    let twice = "SELECT count(*) FROM (SELECT name FROM party_party GROUP BY name HAVING count(*) > 1) AS twice";
    assert_eq!(tryton.database().count(twice), 0);
    // Written is not yet told: that is judged card by card.
    loop {
        let again = told(&firm.run(&["backfill", "--dry-run"]).await);
        if again.lines().any(|line| line.starts_with("0 records")) {
            break;
        }
        assert!(begun.elapsed() < WITHIN, "{again}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let targets = firm.run(&["targets"]).await;
    let said = told(&targets);
    assert!(said.contains("accounting  (tryton): reachable"), "{said}");
    drop(service);
    let tried = firm.run(&["target", "test", "accounting"]).await;
    let said = told(&tried);
    assert!(said.contains("The place works"), "{said}");
    let made_up = "SELECT count(*) FROM party_party WHERE code = 'signalman-test' AND NOT active";
    assert_eq!(tryton.database().count(made_up), 1);
    let unknown = firm.run(&["target", "test", "crm"]).await;
    assert!(
        told(&unknown).contains("there are accounting"),
        "{}",
        told(&unknown)
    );
    let sql = "UPDATE party_party SET name = 'Не та' WHERE name = 'Станция 7'";
    tryton.database().sql(sql);
    let report = firm.run(&["reconcile", "--json"]).await;
    assert!(!report.status.success(), "something differs");
    let rows: serde_json::Value = serde_json::from_slice(&report.stdout).unwrap();
    let differ = rows.as_array().unwrap().iter();
    let differ: Vec<_> = differ.filter(|row| row["state"] != "same").collect();
    assert_eq!(differ.len(), 1, "{differ:?}");
    assert_eq!(differ[0]["name"], "Станция 7");
    assert_eq!(differ[0]["state"], "different");
}
