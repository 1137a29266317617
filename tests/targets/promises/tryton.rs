//! Tryton: `party.code` is unique, an invoice's reference is not.

use super::{Answer, at_once, client, send};
use crate::servers::Tryton;
use base64::prelude::{BASE64_URL_SAFE, Engine};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

struct Rest {
    client: Client,
    url: String,
}

impl Rest {
    fn of(tryton: &Tryton) -> Self {
        let (client, url) = (client(), tryton.url());
        Self { client, url }
    }

    fn request(&self, method: Method, path: &str, context: &Value) -> RequestBuilder {
        self.client
            .request(method, format!("{}/{path}", self.url))
            .header("Authorization", format!("bearer {}", Tryton::KEY))
            .header(
                "X-Tryton-Context",
                BASE64_URL_SAFE.encode(context.to_string()),
            )
    }

    fn posting(&self, path: &str, body: &Value) -> RequestBuilder {
        let context = json!({"company": 1});
        self.request(Method::POST, path, &context).json(body)
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        send(self.posting(path, &body)).await
    }

    async fn put(&self, path: &str, body: Value, context: Value) -> Answer {
        send(self.request(Method::PUT, path, &context).json(&body)).await
    }

    /// The one record that a domain finds.
    async fn one(&self, path: &str, domain: Value) -> Value {
        let found = self.search(path, domain).await;
        assert_eq!(found.as_array().map(Vec::len), Some(1), "{path}: {found}");
        found[0].clone()
    }

    async fn search(&self, path: &str, domain: Value) -> Value {
        let domain = BASE64_URL_SAFE.encode(domain.to_string());
        let context = json!({"company": 1});
        let request = self.request(Method::GET, path, &context);
        send(request.query(&[("d", domain)])).await.json
    }
}

fn client_of(code: &str) -> Value {
    json!({
        "code": code,
        "name": "ООО Ромашка",
        "contact_mechanisms": [["create", [{"type": "email", "value": "a@example.org"}]]],
        "identifiers": [["create", [{"type": "ru_vat", "code": "7707083893"}]]],
        "addresses": [["create", [{"city": "Пермь"}]]],
    })
}

#[tokio::test]
async fn a_party_is_created_once_whoever_asks_and_outlives_a_kill() {
    let mut tryton = Tryton::start();
    let rest = Rest::of(&tryton);
    let created = rest.post("party.party?f=code", client_of("TRELLO-1")).await;
    assert_eq!(
        (created.status, &created.json["code"]),
        (200, &json!("TRELLO-1"))
    );
    let again = rest.post("party.party?f=code", client_of("TRELLO-1")).await;
    assert_eq!(again.status, 400);
    assert_eq!(again.json["message"], "The code on party must be unique.");

    let race = at_once(12, || rest.posting("party.party", &client_of("TRELLO-2"))).await;
    assert_eq!(
        race.iter().filter(|status| **status == 200).count(),
        1,
        "{race:?}"
    );

    tryton.server().kill();
    tryton.server().restart();
    let domain = json!([
        ["identifiers.code", "=", "7707083893"],
        ["code", "=", "TRELLO-1"]
    ]);
    let found = rest.one("party.party?f=name", domain).await;
    assert_eq!(found["name"], "ООО Ромашка");
    let counted =
        "SELECT code, count(*) FROM party_party WHERE code LIKE 'TRELLO%' GROUP BY 1 ORDER BY 1";
    assert_eq!(tryton.database().sql(counted), "TRELLO-1|1\nTRELLO-2|1");
}

#[tokio::test]
async fn a_party_that_is_retired_keeps_its_code_and_is_found_by_who_asks_for_it() {
    let tryton = Tryton::start();
    let rest = Rest::of(&tryton);
    let id = rest.post("party.party", client_of("TRELLO-1")).await.json["id"].clone();
    let path = format!("party.party/{id}?f=active&f=categories.name");
    let royalty = rest
        .one("party.category", json!([["name", "=", "Роялти"]]))
        .await;
    let link = json!({"categories": [["add", [royalty["id"]]]]});
    for _ in 0..2 {
        let linked = rest.put(&path, link.clone(), json!({})).await;
        assert_eq!(linked.json["categories"].as_array().map(Vec::len), Some(1));
    }

    let code = json!([["code", "=", "TRELLO-1"]]);
    rest.put(&path, json!({"active": false}), json!({})).await;
    assert_eq!(rest.search("party.party", code.clone()).await, json!([]));
    let again = rest.post("party.party", client_of("TRELLO-1")).await;
    assert_eq!(again.status, 400, "{}", again.text);
    assert_eq!(
        rest.put(&path, json!({"active": true}), json!({}))
            .await
            .status,
        404
    );
    let back = rest
        .put(
            &path,
            json!({"active": true}),
            json!({"active_test": false}),
        )
        .await;
    assert_eq!(back.json["active"], true, "{}", back.text);
    rest.one("party.party", code).await;
}

#[tokio::test]
async fn an_invoice_is_posted_once_though_its_reference_guards_nothing() {
    let tryton = Tryton::start();
    let rest = Rest::of(&tryton);
    let party = rest
        .post("party.party?f=addresses.id", client_of("TRELLO-1"))
        .await
        .json;
    let product = "product.product?f=default_uom&f=template.account_category.account_revenue";
    let product = rest.one(product, json!([["code", "=", "ABON"]])).await;
    let receivable = rest
        .one("account.account", json!([["code", "=", "1.2.1"]]))
        .await;
    let journal = rest
        .one("account.journal", json!([["type", "=", "revenue"]]))
        .await;
    let line = json!({
        "type": "line",
        "product": product["id"],
        "unit": product["default_uom"],
        "account": product["template"]["account_category"]["account_revenue"],
        "description": "Абонентская плата",
        "quantity": 1,
        "unit_price": {"__class__": "Decimal", "decimal": "1990.50"},
    });
    let invoice = json!({
        "type": "out",
        "party": party["id"],
        "reference": "TRELLO-1/2026-11",
        "account": receivable["id"],
        "journal": journal["id"],
        "invoice_address": party["addresses"][0]["id"],
        "lines": [["create", [line]]],
    });
    let drafted = rest.post("account.invoice?f=state", invoice.clone()).await;
    assert_eq!(
        (drafted.status, &drafted.json["state"]),
        (200, &json!("draft")),
        "{}",
        drafted.text
    );
    let post = format!(
        "account.invoice/{}/post?f=state&f=total_amount",
        drafted.json["id"]
    );
    let posted = rest.post(&post, json!({})).await;
    assert_eq!(posted.json["state"], "posted", "{}", posted.text);
    assert_eq!(posted.json["total_amount"]["decimal"], "1990.50");
    assert_eq!(rest.post(&post, json!({})).await.status, 400);

    let second = rest.post("account.invoice", invoice).await;
    assert_eq!(second.status, 200, "nothing but a look-up keeps it at one");
    let domain = json!([
        ["party.code", "=", "TRELLO-1"],
        ["reference", "=", "TRELLO-1/2026-11"]
    ]);
    let found = rest.search("account.invoice?f=state", domain).await;
    assert_eq!(found.as_array().map(Vec::len), Some(2));
    let counted = "SELECT count(*) FROM account_invoice WHERE state = 'posted'";
    assert_eq!(tryton.database().count(counted), 1);
}

#[tokio::test]
async fn a_tariff_is_changed_by_way_of_a_draft() {
    let tryton = Tryton::start();
    let rest = Rest::of(&tryton);
    let party = "party.party?f=addresses.id";
    let party = rest.post(party, client_of("TRELLO-1")).await.json;
    let abon = json!([["product.code", "=", "ABON"]]);
    let service = "sale.subscription.service?f=consumption_recurrence&f=product.default_uom";
    let service = rest.one(service, abon).await;
    let today = json!({"__class__": "date", "year": 2026, "month": 11, "day": 1});
    let line = json!({
        "service": service["id"],
        "quantity": 1,
        "unit": service["product"]["default_uom"],
        "unit_price": {"__class__": "Decimal", "decimal": "1990.50"},
        "start_date": today,
        "consumption_recurrence": service["consumption_recurrence"],
    });
    let subscription = json!({
        "party": party["id"],
        "reference": "TRELLO-1",
        "invoice_address": party["addresses"][0]["id"],
        "invoice_recurrence": service["consumption_recurrence"],
        "start_date": today,
        "lines": [["create", [line]]],
    });
    let fields = "f=state&f=lines.unit_price";
    let made = format!("sale.subscription?{fields}");
    let made = rest.post(&made, subscription).await.json;
    assert_eq!(made["state"], "draft", "{made}");
    let path = |action: &str| format!("sale.subscription/{}{action}?{fields}", made["id"]);
    let run = async || {
        rest.post(&path("/quote"), json!({})).await;
        rest.post(&path("/run"), json!({})).await.json
    };
    assert_eq!(run().await["state"], "running");
    assert_eq!(rest.post(&path("/run"), json!({})).await.status, 400);

    let price = json!({"unit_price": {"__class__": "Decimal", "decimal": "2500.00"}});
    let change = json!({"lines": [["write", [made["lines"][0]["id"]], price]]});
    let company = json!({"company": 1});
    let refused = rest.put(&path(""), change.clone(), company.clone()).await;
    assert_eq!(refused.status, 400, "{}", refused.text);
    rest.post(&path("/draft"), json!({})).await;
    let changed = rest.put(&path(""), change, company).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let running = run().await;
    assert_eq!(running["state"], "running");
    assert_eq!(running["lines"][0]["unit_price"]["decimal"], "2500.00");
    let counted = "SELECT count(*) FROM sale_subscription WHERE state = 'running'";
    assert_eq!(tryton.database().count(counted), 1);
}
