//! The two that stand for Stripe: one finds by e-mail, the other honours keys.

use super::{Answer, client, send};
use crate::servers::{LocalStripe, STRIPE_KEY, StatefulMock};
use reqwest::Client;
use serde_json::Value;

struct Api {
    client: Client,
    url: String,
}

impl Api {
    async fn get(&self, path: &str) -> Answer {
        let request = self.client.get(format!("{}/{path}", self.url));
        send(request.bearer_auth(STRIPE_KEY)).await
    }

    async fn post(&self, path: &str, form: &[(&str, &str)], key: &str) -> Answer {
        let request = self.client.post(format!("{}/{path}", self.url));
        let request = request.bearer_auth(STRIPE_KEY).form(form);
        send(request.header("Idempotency-Key", key)).await
    }

    async fn listed(&self, path: &str) -> Vec<Value> {
        self.get(path).await.json["data"]
            .as_array()
            .unwrap()
            .clone()
    }
}

const CUSTOMER: [(&str, &str); 3] = [
    ("name", "ООО Ромашка"),
    ("email", "a@example.org"),
    ("metadata[trello_card]", "TRELLO-1"),
];

const PLAN: [(&str, &str); 5] = [
    ("id", "tariff-199050"),
    ("amount", "199050"),
    ("currency", "rub"),
    ("interval", "month"),
    ("product[name]", "Тариф"),
];

#[tokio::test]
async fn localstripe_finds_by_email_honours_no_key_and_outlives_a_kill() {
    let mut stripe = LocalStripe::start();
    let (client, url) = (client(), stripe.url());
    let api = Api { client, url };
    let created = api.post("customers", &CUSTOMER, "key").await;
    assert_eq!(created.status, 200, "{}", created.text);
    let customer = created.json["id"].as_str().unwrap();
    let found = api.listed("customers?email=a@example.org&limit=100").await;
    assert_eq!((found.len(), found[0]["id"].as_str()), (1, Some(customer)));
    assert_eq!(api.get("customers/search?query=x").await.status, 404);

    assert_eq!(api.post("plans", &PLAN, "plan").await.status, 200);
    assert_eq!(api.post("plans", &PLAN, "plan").await.status, 409);
    let subscription = [("customer", customer), ("items[0][plan]", "tariff-199050")];
    let refused = api
        .post("subscriptions", &subscription, "subscription")
        .await;
    assert_eq!(refused.status, 404, "it wants a payment method first");
    let path = format!("subscriptions?customer={customer}");
    assert_eq!(api.listed(&path).await.len(), 1, "and yet it is there");
    let royalty = [
        ("customer", customer),
        ("amount", "50000"),
        ("currency", "rub"),
    ];
    assert_eq!(
        api.post("invoiceitems", &royalty, "royalty").await.status,
        200
    );

    stripe.server().kill();
    stripe.server().restart();
    assert_eq!(api.listed("customers").await.len(), 1);
    assert_eq!(api.listed(&path).await.len(), 1);
    assert_eq!(api.listed("invoiceitems").await.len(), 1);
    assert_eq!(api.post("customers", &CUSTOMER, "key").await.status, 200);
    assert_eq!(api.listed("customers").await.len(), 2, "the key is ignored");
}

#[tokio::test]
async fn the_stateful_mock_honours_idempotency_keys() {
    let mut stripe = StatefulMock::start();
    let (client, url) = (client(), stripe.url());
    let api = Api { client, url };
    let first = api.post("customers", &CUSTOMER, "key").await;
    assert_eq!(first.status, 200, "{}", first.text);
    let again = api.post("customers", &CUSTOMER, "key").await;
    assert_eq!((again.status, &again.json["id"]), (200, &first.json["id"]));
    let other = api
        .post("customers", &[("email", "b@example.org")], "key")
        .await;
    assert_eq!(
        (other.status, &other.json["error"]["type"]),
        (400, &"idempotency_error".into())
    );
    assert_eq!(api.listed("customers?email=a@example.org").await.len(), 1);
    assert_eq!(api.post("plans", &PLAN, "plan").await.status, 200);
    let again = api.post("plans", &PLAN, "another").await;
    assert_eq!(again.json["error"]["code"], "resource_already_exists");

    stripe.server().kill();
    stripe.server().restart();
    assert_eq!(api.listed("customers").await.len(), 0, "all was in memory");
}

#[tokio::test]
async fn who_asks_a_frozen_server_is_answered_when_it_goes_on() {
    let mut stripe = LocalStripe::start();
    let (client, url) = (client(), stripe.url());
    let api = Api { client, url };
    stripe.server().freeze();
    let asked = async {
        let asked = api.post("customers", &CUSTOMER, "key");
        tokio::time::timeout(std::time::Duration::from_millis(300), asked).await
    };
    assert!(asked.await.is_err(), "nothing is answered");
    stripe.server().thaw();
    // The request had been taken by the kernel; whether it was acted on is what nobody can know.
    assert!(api.listed("customers").await.len() <= 1);
}
