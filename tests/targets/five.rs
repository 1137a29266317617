//! One client on the way through the firm's process, with all five places configured as the
//! documentation shows them: each a real system.

use crate::firm::{Firm, radio_text};
use crate::servers::{BottleCrm, Cluster, Database, LocalStripe, STRIPE_KEY, Tryton};
use serde_json::Value;
use signalman::engine::{Nights, State};
use signalman::model::Drift;

const CARD: &str = "airfield";
const PLACES: [&str; 5] = ["p_billing", "p_accounting", "p_royalty", "p_crm", "p_list"];

/// A section as the documentation has it under that heading, at another address.
fn section(heading: &str, key: &str, url: &str) -> String {
    let page = include_str!("../../docs/targets.md");
    let (_, page) = page.split_once(&format!("\n## {heading}\n")).unwrap();
    let mut shown = page.split("```toml\n").skip(1);
    let key = format!("\nkey = \"{key}\"\n");
    let shown = shown.find(|shown| shown.contains(&key)).unwrap();
    let shown = shown.split("```").next().unwrap();
    let (before, rest) = shown.split_once("\nurl = \"").unwrap();
    let (_, rest) = rest.split_once('"').unwrap();
    format!("{before}\nallow_private = true\nurl = \"{url}\"{rest}")
}

struct Places {
    stripe: LocalStripe,
    tryton: Tryton,
    crm: Option<BottleCrm>,
    list: Database,
    _cluster: Cluster,
}

impl Places {
    fn start() -> Self {
        let cluster = Cluster::start();
        let list = cluster.empty();
        list.sql(
            "CREATE SCHEMA crm; CREATE TABLE crm.clients (external_id text UNIQUE, version bigint,
             status text, name text, inn text, kpp text, fee numeric(12,2), charged_from date, card text)",
        );
        Self {
            stripe: LocalStripe::start(),
            tryton: Tryton::start(),
            crm: BottleCrm::start(),
            list,
            _cluster: cluster,
        }
    }

    fn text(&self) -> String {
        let (port, base) = (self.list.port, &self.list.name);
        let list = format!("postgres://signalman@127.0.0.1:{port}/{base}?sslmode=disable");
        let royalty = format!(
            r#"
[[target]]
key = "royalty"
kind = "tryton"
url = "{}"
key_in = "TARGET_ACCOUNTING_KEY"
allow_private = true
match = ["identifier.ru_vat", "identifier"]
put = [
  {{ name = "name", value = "{{legal_name}}" }},
  {{ name = "identifier.ru_vat", value = "{{inn}}" }},
  {{ name = "identifier", value = "{{kpp}}" }},
  {{ name = "category", value = "Роялти" }},
]
"#,
            self.tryton.url()
        );
        let mut text = [
            radio_text(),
            section("stripe", "billing", &self.stripe.url()),
            section("tryton", "accounting", &self.tryton.url()),
            royalty,
            section("postgres", "list", &list),
        ]
        .join("\n");
        if let Some(crm) = &self.crm {
            text += &section("http", "crm", &crm.url());
        }
        text
    }

    async fn stripe(&self, path: &str) -> Vec<Value> {
        let asked = reqwest::Client::new().get(format!("{}/{path}", self.stripe.url()));
        let answer = asked.bearer_auth(STRIPE_KEY).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        answer["data"].as_array().unwrap().clone()
    }

    /// What is charged, in billing and in the accounts.
    async fn charged(&self) -> (Vec<i64>, String) {
        let all = self.stripe("subscriptions?status=all").await;
        let amounts = all.iter().map(|one| {
            one.pointer("/items/data/0/plan/amount")
                .and_then(Value::as_i64)
                .unwrap()
        });
        let lines = "SELECT unit_price::float FROM sale_subscription_line";
        let lines = self.tryton.database().sql(lines).trim().to_owned();
        (amounts.collect(), lines)
    }

    /// How often the client stands in each of the places.
    async fn records(&self) -> [u64; 5] {
        let tryton = self.tryton.database();
        let party = "FROM party_party WHERE code = '9604000000-960401001'";
        let marked = format!(
            "SELECT count(*) FROM \"party_party-party_category\" WHERE party IN (SELECT id {party})"
        );
        let contacts = "SELECT count(*) FROM contacts WHERE email = 'air@podval.example'";
        [
            self.stripe("customers").await.len() as u64,
            tryton.count(&format!("SELECT count(*) {party}")),
            tryton.count(&marked),
            self.crm
                .as_ref()
                .map_or(1, |crm| crm.database().count(contacts)),
            self.list.count("SELECT count(*) FROM crm.clients"),
        ]
    }

    fn row(&self, column: &str) -> String {
        let asked = format!("SELECT {column} FROM crm.clients");
        self.list.sql(&asked).trim().to_owned()
    }
}

#[tokio::test]
async fn a_client_goes_through_the_process_and_stands_in_five_places() {
    let places = Places::start();
    let firm = Firm::with(places.text()).await;
    firm.to_register(CARD).await;
    let proved = PLACES
        .iter()
        .filter(|item| places.crm.is_some() || **item != "p_crm");
    for item in proved {
        assert!(firm.ticked(CARD, item), "{item}: {:?}", firm.said(CARD));
    }
    assert_eq!(places.records().await, [1; 5]);
    assert_eq!(
        places.charged().await,
        (vec![], "4900".to_owned()),
        "a draft alone"
    );
    assert_eq!(places.row("status"), "pending");
    assert_eq!(places.row("fee"), "4900.00");

    // Five records are not enough: the accountant looks as well.
    firm.drag("olga_demo", CARD, "active").await;
    assert_eq!(firm.stands(CARD), "register");
    if places.crm.is_none() {
        firm.tick("olga_demo", CARD, "p_crm").await;
    }
    firm.tick("olga_demo", CARD, "all_checked").await;
    firm.fill("maria_demo", CARD, &[("Согласие на рассылку", "да")])
        .await;
    firm.drag("olga_demo", CARD, "active").await;
    assert_eq!(firm.stands(CARD), "active", "{}", firm.last(CARD));
    assert_eq!(places.records().await, [1; 5]);
    assert_eq!(places.charged().await, (vec![490_000], "4900".to_owned()));
    assert_eq!(places.row("status"), "active");

    // Another tariff, and going back.
    let fee = [("Абонплата в месяц", "5 900")];
    firm.fill("maria_demo", CARD, &fee).await;
    assert_eq!(places.charged().await, (vec![490_000], "4900".to_owned()));
    firm.drag("maria_demo", CARD, "register").await;
    firm.drag("maria_demo", CARD, "active").await;
    assert_eq!(places.charged().await, (vec![490_000], "4900".to_owned()));
    assert_eq!(places.row("status"), "active");
    firm.write("olga_demo", CARD, "/confirm").await;
    let charged = places.charged().await;
    assert_eq!(
        charged,
        (vec![590_000], "5900".to_owned()),
        "{:#?}",
        firm.said(CARD)
    );
    assert_eq!(places.row("fee"), "5900.00");

    // Leaving, on the day and without a trace being wiped.
    let day = firm.day(12);
    let lines = [("Отключить с", day.as_str()), ("Причина ухода", "дорого")];
    firm.fill("maria_demo", CARD, &lines).await;
    firm.drag("maria_demo", CARD, "left").await;
    assert_eq!(firm.stands(CARD), "left", "{}", firm.last(CARD));
    assert_eq!(places.row("status"), "active");
    firm.wait(12 * 24 * 60).await;
    assert_eq!(places.row("status"), "retired", "{:?}", firm.said(CARD));
    let subscriptions = places.stripe("subscriptions?status=all").await;
    let ends = |one: &Value| !one["cancel_at"].is_null() || one["cancel_at_period_end"] == true;
    assert!(subscriptions.iter().all(ends), "{subscriptions:?}");
    let ended = "SELECT count(*) FROM sale_subscription WHERE end_date IS NOT NULL";
    assert_eq!(places.tryton.database().count(ended), 1);
    if let Some(crm) = &places.crm {
        let closed = "SELECT count(*) FROM contacts WHERE NOT is_active";
        assert_eq!(crm.database().count(closed), 1);
    }
    let [customers, parties, _, contacts, rows] = places.records().await;
    assert_eq!(
        [customers, parties, contacts, rows],
        [1; 4],
        "nothing is deleted"
    );
}

#[tokio::test]
async fn what_somebody_changes_in_any_of_the_places_is_found_told_and_moves_no_card() {
    let places = Places::start();
    let firm = Firm::with(places.text()).await;
    firm.to_register(CARD).await;
    let board = firm.board();
    let read = firm.engine.reconcile(&board, false, firm.now());
    let same = |state: &State| matches!(state, State::Same { .. });
    let read = read.await.unwrap();
    assert!(read.iter().all(|one| same(&one.state)), "{read:#?}");

    let customer = places.stripe("customers").await[0]["id"].clone();
    let path = format!(
        "{}/customers/{}",
        places.stripe.url(),
        customer.as_str().unwrap()
    );
    let other = reqwest::Client::new()
        .post(path)
        .form(&[("name", "Другой")]);
    other.bearer_auth(STRIPE_KEY).send().await.unwrap();
    let tryton = places.tryton.database();
    tryton.sql("UPDATE party_party SET name = 'Другой' WHERE code = '9604000000-960401001'");
    tryton.sql("DELETE FROM \"party_party-party_category\"");
    if let Some(crm) = &places.crm {
        crm.database()
            .sql("UPDATE contacts SET last_name = 'Другой'");
    }
    places.list.sql("DELETE FROM crm.clients");

    let read = firm.engine.reconcile(&board, true, firm.now());
    let read = read.await.unwrap();
    assert!(read.iter().all(|one| !same(&one.state)), "{read:#?}");
    let list = read.iter().find(|one| one.target == "list").unwrap();
    assert_eq!(list.state, State::Drifted(Drift::Missing));
    firm.settle().await;
    assert_eq!(firm.stands(CARD), "register");
    let said = firm.said(CARD).join("\n");
    assert!(said.contains("записи там больше нет"), "{said}");
    for item in PLACES {
        assert!(!firm.ticked(CARD, item), "{item}");
    }
    // A click on each, and the card is right again.
    for item in PLACES
        .iter()
        .filter(|item| places.crm.is_some() || **item != "p_crm")
    {
        firm.tick("olga_demo", CARD, item).await;
        assert!(firm.ticked(CARD, item), "{item}: {:?}", firm.said(CARD));
    }
    assert_eq!(places.records().await, [1; 5]);
}

#[tokio::test]
async fn who_was_active_for_a_month_and_was_not_billed_is_named_on_its_first_working_day() {
    let places = Places::start();
    let firm = Firm::with(places.text()).await;
    firm.to_register(CARD).await;
    for item in ["p_crm", "all_checked"] {
        firm.tick("olga_demo", CARD, item).await;
    }
    firm.fill("maria_demo", CARD, &[("Согласие на рассылку", "да")])
        .await;
    firm.drag("olga_demo", CARD, "active").await;
    assert_eq!(firm.stands(CARD), "active", "{}", firm.last(CARD));
    let unbilled = async || {
        let board = firm.board();
        let read = firm
            .engine
            .reconcile(&board, false, firm.now())
            .await
            .unwrap();
        let unbilled = read
            .into_iter()
            .filter(|one| matches!(one.state, State::Unbilled { .. }));
        unbilled.map(|one| one.target).collect::<Vec<_>>()
    };
    // The month it began in was not all paid for.
    firm.wait(15 * 24 * 60).await;
    assert!(unbilled().await.is_empty());
    let mut nights = Nights::default();
    while firm.now() < "2027-01-31T05:00:00Z".parse().unwrap() {
        firm.wait(24 * 60).await;
    }
    firm.engine
        .read_places(firm.now(), &mut nights)
        .await
        .unwrap();
    firm.wait(24 * 60).await;
    assert_eq!(unbilled().await, ["billing", "accounting"]);
    firm.engine
        .read_places(firm.now(), &mut nights)
        .await
        .unwrap();
    firm.settle().await;
    let said = firm.news().join("\n");
    assert!(
        said.contains("активны, но начисления или счёта за 01.2027 нет: «Запасной Аэродром»"),
        "{said}"
    );

    let tryton = places.tryton.database();
    tryton.sql(
        "INSERT INTO account_invoice (type, party, company, currency, account, journal, invoice_address, state, invoice_date)
         SELECT 'out', p.id, 1, (SELECT id FROM currency_currency LIMIT 1), (SELECT id FROM account_account LIMIT 1),
                (SELECT id FROM account_journal LIMIT 1), (SELECT id FROM party_address WHERE party = p.id LIMIT 1),
                'posted', '2027-01-15' FROM party_party p WHERE p.code = '9604000000-960401001'",
    );
    assert_eq!(unbilled().await, ["billing"]);
}
