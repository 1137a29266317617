//! The five places of the firm's process, each a real system, configured as the documentation shows
//! them; and how often a client stands in them.

use crate::firm::{Firm, radio_text};
use crate::servers::{BottleCrm, Cluster, Database, LocalStripe, STRIPE_KEY, Tryton};
use serde_json::Value;

/// The card of the practice board whose client is about to be registered.
pub(crate) const CARD: &str = "airfield";
pub(crate) const PLACES: [&str; 5] = ["p_billing", "p_accounting", "p_royalty", "p_crm", "p_list"];

/// By what that client is told from others.
#[derive(Clone)]
pub(crate) struct Who {
    pub(crate) inn: String,
    pub(crate) kpp: String,
    pub(crate) invoices: String,
    pub(crate) contact: String,
}

impl Who {
    /// As the card has it.
    pub(crate) fn as_shipped() -> Self {
        Self {
            inn: "9604000000".into(),
            kpp: "960401001".into(),
            invoices: "buh@podval.example".into(),
            contact: "air@podval.example".into(),
        }
    }

    pub(crate) fn nth(nth: u32) -> Self {
        let digits = format!("96{nth:02}00001");
        let weights = [2, 4, 10, 3, 5, 9, 4, 6, 8];
        let sum = digits.bytes().zip(weights);
        let sum: u32 = sum
            .map(|(digit, weight)| u32::from(digit - b'0') * weight)
            .sum();
        Self {
            inn: format!("{digits}{}", sum % 11 % 10),
            kpp: format!("96{nth:02}01001"),
            invoices: format!("buh{nth}@podval.example"),
            contact: format!("air{nth}@podval.example"),
        }
    }

    /// What the card is to say of it.
    pub(crate) fn lines(&self) -> [(&str, &str); 4] {
        [
            ("ИНН", &self.inn),
            ("КПП", &self.kpp),
            ("Почта для счетов", &self.invoices),
            ("Почта контакта", &self.contact),
        ]
    }
}

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

/// By which addresses the places are reached.
pub(crate) struct Ways {
    pub(crate) billing: String,
    pub(crate) accounting: String,
    pub(crate) royalty: String,
    pub(crate) crm: Option<String>,
    /// The port of the list's database.
    pub(crate) list: u16,
}

pub(crate) struct Places {
    pub(crate) stripe: LocalStripe,
    pub(crate) tryton: Tryton,
    /// None where there is no Python for it.
    pub(crate) crm: Option<BottleCrm>,
    pub(crate) list: Database,
    pub(crate) cluster: Cluster,
}

impl Places {
    pub(crate) fn start() -> Self {
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
            cluster,
        }
    }

    /// Starts again whoever was killed.
    pub(crate) fn revive(&mut self) {
        self.cluster.server().revive();
        self.stripe.server().revive();
        self.tryton.server().revive();
        if let Some(crm) = &mut self.crm {
            crm.redis().revive();
            crm.server().revive();
        }
    }

    /// The process, whose places are reached without anything between.
    pub(crate) fn text(&self) -> String {
        self.text_by(&Ways {
            billing: self.stripe.url(),
            accounting: self.tryton.url(),
            royalty: self.tryton.url(),
            crm: self.crm.as_ref().map(BottleCrm::url),
            list: self.list.port,
        })
    }

    pub(crate) fn text_by(&self, ways: &Ways) -> String {
        let (port, base) = (ways.list, &self.list.name);
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
            ways.royalty
        );
        let mut text = [
            radio_text(),
            section("stripe", "billing", &ways.billing),
            section("tryton", "accounting", &ways.accounting),
            royalty,
            section("postgres", "list", &list),
        ]
        .join("\n");
        if let Some(crm) = &ways.crm {
            text += &section("http", "crm", crm);
        }
        text
    }

    /// The items that a place of these stands for.
    pub(crate) fn proved(&self) -> impl Iterator<Item = &'static str> {
        let crm = self.crm.is_some();
        PLACES
            .into_iter()
            .filter(move |item| crm || *item != "p_crm")
    }

    pub(crate) async fn stripe(&self, path: &str) -> Vec<Value> {
        let asked = reqwest::Client::new().get(format!("{}/{path}", self.stripe.url()));
        let answer = asked.bearer_auth(STRIPE_KEY).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        answer["data"].as_array().unwrap().clone()
    }

    /// What is charged, in billing and in the accounts.
    pub(crate) async fn charged(&self, who: &Who) -> (Vec<i64>, String) {
        let mut amounts = Vec::new();
        for customer in self.customers(who).await {
            let id = customer["id"].as_str().unwrap();
            let path = format!("subscriptions?status=all&customer={id}");
            let all = self.stripe(&path).await;
            amounts.extend(all.iter().map(|one| {
                one.pointer("/items/data/0/plan/amount")
                    .and_then(Value::as_i64)
                    .unwrap()
            }));
        }
        let lines = format!(
            "SELECT unit_price::float FROM sale_subscription_line WHERE subscription IN \
             (SELECT id FROM sale_subscription WHERE party IN (SELECT id {}))",
            party(who)
        );
        (
            amounts,
            self.tryton.database().sql(&lines).trim().to_owned(),
        )
    }

    async fn customers(&self, who: &Who) -> Vec<Value> {
        let path = format!("customers?limit=100&email={}", who.invoices);
        self.stripe(&path).await
    }

    /// How often the client stands in each of the places, as these themselves keep it.
    pub(crate) async fn records(&self, who: &Who) -> [u64; 5] {
        let tryton = self.tryton.database();
        let party = party(who);
        let marked = format!(
            "SELECT count(*) FROM \"party_party-party_category\" WHERE party IN (SELECT id {party})"
        );
        let contacts = format!(
            "SELECT count(*) FROM contacts WHERE email = '{}'",
            who.contact
        );
        let rows = format!("SELECT count(*) FROM crm.clients WHERE inn = '{}'", who.inn);
        [
            self.customers(who).await.len() as u64,
            tryton.count(&format!("SELECT count(*) {party}")),
            tryton.count(&marked),
            self.crm
                .as_ref()
                .map_or(1, |crm| crm.database().count(&contacts)),
            self.list.count(&rows),
        ]
    }

    pub(crate) fn row(&self, who: &Who, column: &str) -> String {
        let asked = format!("SELECT {column} FROM crm.clients WHERE inn = '{}'", who.inn);
        self.list.sql(&asked).trim().to_owned()
    }

    /// Each item is ticked, and one comment with one link leads to its record.
    #[track_caller]
    pub(crate) fn are_proved(&self, firm: &Firm) {
        for item in self.proved() {
            let said = firm.said(CARD);
            assert!(firm.ticked(CARD, item), "{item}: {said:#?}");
            let name = firm.item_name(item);
            let of_it = format!("«{}:", name.split(':').next().unwrap());
            let of_it: Vec<_> = said.iter().filter(|one| one.starts_with(&of_it)).collect();
            let links = of_it.iter().flat_map(|one| one.split_whitespace());
            let links = links.filter(|word| word.starts_with("http"));
            assert_eq!((of_it.len(), links.count()), (1, 1), "{item}: {said:#?}");
        }
    }
}

/// By INN, for more than one of a code there cannot be.
fn party(who: &Who) -> String {
    format!(
        "FROM party_party WHERE id IN (SELECT party FROM party_identifier WHERE code = '{}')",
        who.inn
    )
}
