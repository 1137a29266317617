//! Billing: a customer and a subscription, in two that behave as Stripe does in part.

use crate::between::{Between, Instead};
use crate::documented;
use crate::servers::{LocalStripe, STRIPE_KEY, StatefulMock};
use serde_json::Value;
use signalman::model::{CardId, Status};
use signalman::process::target::Client;
use signalman::target::{Found, Outcome, System};

const CARD: &str = "64a000000000000000000001";

/// The section as the documentation shows it, at another address.
fn open(url: &str) -> Box<dyn System> {
    let mut target = documented("billing");
    target.url = url.to_owned();
    target.allow_private = true;
    signalman::target::open(&target, Some(STRIPE_KEY.into())).unwrap()
}

fn client(status: Status, more: &[(&str, &str)]) -> Client {
    let mut values = std::collections::BTreeMap::new();
    let usual = [
        ("name", "ООО «Тёплый Подвал»"),
        ("email", "buh@podval.example"),
        ("phone", "+79991234567"),
        ("tariff", "Эфир"),
        ("amount", "1290000"),
        ("currency", "RUB"),
        ("charge_from", "2099-01-01"),
    ];
    for (name, value) in usual.iter().chain(more) {
        values.insert((*name).to_owned(), (*value).to_owned());
    }
    Client {
        key: CARD.into(),
        card: CardId::new(CARD),
        status,
        own: status,
        at: jiff::Timestamp::UNIX_EPOCH,
        known: None,
        matching: vec![("email".into(), values["email"].clone())],
        link: None,
        values,
    }
}

async fn ask(request: reqwest::RequestBuilder) -> Value {
    let answer = request.bearer_auth(STRIPE_KEY).send().await.unwrap();
    answer.json().await.unwrap()
}

async fn listed(url: &str, path: &str) -> Vec<Value> {
    let answer = ask(reqwest::Client::new().get(format!("{url}/{path}"))).await;
    answer["data"].as_array().unwrap().clone()
}

async fn post(url: &str, path: &str, form: &[(&str, &str)]) -> Value {
    ask(reqwest::Client::new()
        .post(format!("{url}/{path}"))
        .form(form))
    .await
}

async fn subscriptions(url: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for customer in listed(url, "customers?limit=100").await {
        let customer = customer["id"].as_str().unwrap();
        all.extend(
            listed(
                url,
                &format!("subscriptions?status=all&customer={customer}"),
            )
            .await,
        );
    }
    all
}

#[track_caller]
fn confirmed(outcome: Outcome) -> String {
    match outcome {
        Outcome::Confirmed { id, .. } => id,
        other => panic!("{other:?}"),
    }
}

const LATER: i64 = 4_070_908_800;

#[tokio::test]
async fn a_client_is_a_customer_while_it_waits_and_a_subscription_once_it_is_active() {
    let stripe = LocalStripe::start();
    let (url, between) = (stripe.url(), Between::before(&stripe.url()).await);
    let system = open(&between.url());
    assert_eq!(
        system.look(&client(Status::Pending, &[])).await,
        Ok(Found::Nothing)
    );

    let waits = confirmed(system.upsert(&client(Status::Pending, &[])).await);
    let customers = listed(&url, "customers").await;
    assert_eq!(customers.len(), 1);
    assert_eq!(waits, customers[0]["id"]);
    for (field, value) in [
        ("name", "ООО «Тёплый Подвал»"),
        ("email", "buh@podval.example"),
        ("phone", "+79991234567"),
    ] {
        assert_eq!(customers[0][field], value);
    }
    assert_eq!(customers[0]["metadata"]["signalman"], CARD);
    assert!(subscriptions(&url).await.is_empty(), "nothing is charged");

    let mut active = client(Status::Active, &[]);
    active.known = Some(waits);
    let runs = confirmed(system.upsert(&active).await);
    let subscribed = subscriptions(&url).await;
    assert_eq!(subscribed.len(), 1);
    assert_eq!(runs, subscribed[0]["id"]);
    assert_eq!(subscribed[0]["plan"]["amount"], 1_290_000);
    assert_eq!(subscribed[0]["plan"]["currency"], "rub");
    assert_eq!(subscribed[0]["trial_end"], LATER);
    assert!(
        listed(
            &url,
            &format!("invoices?customer={}", customers[0]["id"].as_str().unwrap())
        )
        .await
        .is_empty()
    );

    between.writes();
    assert_eq!(confirmed(system.upsert(&active).await), runs);
    active.known = None;
    assert_eq!(confirmed(system.upsert(&active).await), runs);
    assert_eq!(between.writes(), [""; 0], "nothing is written anew");
    let found = system.look(&active).await.unwrap();
    let Found::One {
        id,
        status,
        differs,
        ..
    } = found
    else {
        panic!("{found:?}");
    };
    assert_eq!((id, status), (runs, Some(Status::Active)));
    assert_eq!(differs, [""; 0]);
}

#[tokio::test]
async fn changed_values_arrive_and_what_people_added_stays() {
    let stripe = LocalStripe::start();
    let (url, system) = (stripe.url(), open(&stripe.url()));
    let runs = confirmed(system.upsert(&client(Status::Active, &[])).await);
    let customer = listed(&url, "customers").await[0]["id"].clone();
    let by_hand = [("description", "звонить утром"), ("metadata[vip]", "1")];
    post(
        &url,
        &format!("customers/{}", customer.as_str().unwrap()),
        &by_hand,
    )
    .await;

    let changed = client(
        Status::Active,
        &[
            ("amount", "1500000"),
            ("phone", "+79990000000"),
            ("charge_from", "2099-02-01"),
        ],
    );
    let found = system.look(&changed).await.unwrap();
    let Found::One { differs, .. } = found else {
        panic!("{found:?}");
    };
    assert_eq!(differs, ["phone", "amount", "charge_from"]);
    assert_eq!(confirmed(system.upsert(&changed).await), runs);
    let (customers, subscribed) = (listed(&url, "customers").await, subscriptions(&url).await);
    assert_eq!((customers.len(), subscribed.len()), (1, 1));
    assert_eq!(customers[0]["phone"], "+79990000000");
    assert_eq!(customers[0]["description"], "звонить утром");
    assert_eq!(customers[0]["metadata"]["vip"], "1");
    assert_eq!(subscribed[0]["plan"]["amount"], 1_500_000);
    assert_eq!(subscribed[0]["trial_end"], LATER + 31 * 86400);

    // And back again: the same words as before are another step.
    confirmed(system.upsert(&client(Status::Active, &[])).await);
    assert_eq!(subscriptions(&url).await[0]["plan"]["amount"], 1_290_000);
}

#[tokio::test]
async fn who_leaves_is_cancelled_on_the_day_and_deleted_never() {
    let stripe = LocalStripe::start();
    let (url, system) = (stripe.url(), open(&stripe.url()));
    let nobody = system.upsert(&client(Status::Retired, &[])).await;
    assert!(matches!(nobody, Outcome::Refused { .. }), "{nobody:?}");
    let runs = confirmed(system.upsert(&client(Status::Active, &[])).await);

    // The day has passed: to the end of what is paid for. That can be taken back.
    let gone = client(Status::Retired, &[("leave_date", "2020-01-01")]);
    assert_eq!(confirmed(system.upsert(&gone).await), runs);
    assert_eq!(subscriptions(&url).await[0]["cancel_at_period_end"], true);
    confirmed(system.upsert(&client(Status::Active, &[])).await);
    assert_eq!(subscriptions(&url).await[0]["cancel_at_period_end"], false);

    let leaves = client(Status::Retired, &[("leave_date", "2099-03-01")]);
    let between = Between::before(&url).await;
    let watched = open(&between.url());
    assert_eq!(confirmed(watched.upsert(&leaves).await), runs);
    assert_eq!(between.writes().len(), 1);
    assert_eq!(confirmed(watched.upsert(&leaves).await), runs);
    assert_eq!(between.writes(), [""; 0]);
    let subscribed = subscriptions(&url).await;
    assert_eq!(subscribed[0]["cancel_at"], LATER + (31 + 28) * 86400);
    let found = system.look(&leaves).await.unwrap();
    assert!(
        matches!(
            &found,
            Found::One {
                status: Some(Status::Retired),
                ..
            }
        ),
        "{found:?}"
    );
    assert_eq!(listed(&url, "customers").await.len(), 1);

    // What else is wanting on the card keeps nobody.
    let mut bare = leaves.clone();
    for name in ["amount", "currency", "charge_from", "name"] {
        bare.values.remove(name);
    }
    bare.known = Some(runs.clone());
    assert_eq!(confirmed(system.upsert(&bare).await), runs);

    // Whoever comes back after the end has a new one; the old one is kept.
    let over = format!("{url}/subscriptions/{runs}");
    ask(reqwest::Client::new().delete(over)).await;
    let mut back = client(Status::Active, &[]);
    back.known = Some(runs.clone());
    let anew = confirmed(system.upsert(&back).await);
    assert_ne!(anew, runs);
    assert_eq!(subscriptions(&url).await.len(), 2);
    assert_eq!(confirmed(system.upsert(&back).await), anew);
}

#[tokio::test]
async fn who_was_entered_by_hand_is_linked_and_of_two_none_is_chosen() {
    let stripe = LocalStripe::start();
    let (url, system) = (stripe.url(), open(&stripe.url()));
    let by_hand = [("email", "buh@podval.example"), ("name", "Подвал")];
    let hand = post(&url, "customers", &by_hand).await["id"].clone();
    let linked = confirmed(system.upsert(&client(Status::Pending, &[])).await);
    assert_eq!(linked, hand);
    let customers = listed(&url, "customers").await;
    assert_eq!(customers.len(), 1);
    assert_eq!(customers[0]["name"], "ООО «Тёплый Подвал»");

    // A second station of the same client: the same customer, a subscription of its own.
    confirmed(system.upsert(&client(Status::Active, &[])).await);
    let mut second = client(Status::Active, &[]);
    second.key = "64a000000000000000000002".into();
    confirmed(system.upsert(&second).await);
    assert_eq!(listed(&url, "customers").await.len(), 1);
    assert_eq!(subscriptions(&url).await.len(), 2);
    // Also where both come at once, and nobody is there yet.
    let anew = [("email", "new@podval.example")];
    let (third, mut fourth) = (client(Status::Active, &anew), client(Status::Active, &anew));
    fourth.key = "64a000000000000000000004".into();
    let (third, fourth) = futures::join!(system.upsert(&third), system.upsert(&fourth));
    assert_ne!(confirmed(third), confirmed(fourth));
    assert_eq!(listed(&url, "customers").await.len(), 2);

    let two = [("email", "two@podval.example")];
    for _ in 0..2 {
        post(&url, "customers", &two).await;
    }
    let mut either = client(Status::Active, &two);
    either.key = "64a000000000000000000003".into();
    let outcome = system.upsert(&either).await;
    let Outcome::Several { ids } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(ids.len(), 2);
    assert_eq!(
        system.look(&either).await,
        Ok(Found::Several { ids }),
        "nor is it by looking"
    );
    assert_eq!(subscriptions(&url).await.len(), 4);
}

#[tokio::test]
async fn what_was_left_unknown_is_looked_up() {
    let mut stripe = LocalStripe::start();
    let (url, between) = (stripe.url(), Between::before(&stripe.url()).await);
    let system = open(&between.url());
    let active = client(
        Status::Active,
        &[("royalty_amount", "90000"), ("royalty_text", "автоэфир 12")],
    );
    for what in [Instead::Broken, Instead::Error] {
        for path in ["customers", "plans", "subscriptions", "invoiceitems"] {
            between.instead(&format!("POST /v1/{path}"), what.clone());
            let outcome = system.upsert(&active).await;
            assert!(
                matches!(outcome, Outcome::Unknown { .. }),
                "{path}: {outcome:?}"
            );
        }
        confirmed(system.upsert(&active).await);
        stripe.server().kill();
        let outcome = system.upsert(&active).await;
        assert!(
            matches!(outcome, Outcome::Retry { .. }),
            "dead: {outcome:?}"
        );
        stripe.server().restart();
        confirmed(system.upsert(&active).await);
        assert_eq!(listed(&url, "customers").await.len(), 1);
        assert_eq!(subscriptions(&url).await.len(), 1);
        let lines = listed(&url, "invoiceitems").await;
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["amount"], 90_000);
        assert_eq!(lines[0]["description"], "автоэфир 12");
        // Anew, from nothing.
        let config = url.replace("/v1", "/_config/data");
        reqwest::Client::new().delete(config).send().await.unwrap();
    }
}

#[tokio::test]
async fn a_failure_that_stripe_kept_is_not_heard_for_ever() {
    let stripe = LocalStripe::start();
    let (url, between) = (stripe.url(), Between::before(&stripe.url()).await);
    let system = open(&between.url());
    for path in ["customers", "plans", "subscriptions"] {
        between.instead(&format!("POST /v1/{path}"), Instead::Kept);
        confirmed(
            system
                .upsert(&client(Status::Active, &[("email", path)]))
                .await,
        );
    }
    assert_eq!(listed(&url, "customers").await.len(), 3);
    assert_eq!(subscriptions(&url).await.len(), 3);
}

#[tokio::test]
async fn a_subscription_that_is_not_paid_for_is_told_and_made_once() {
    let stripe = LocalStripe::start();
    let (url, system) = (stripe.url(), open(&stripe.url()));
    let at_once = client(Status::Active, &[("charge_from", "2020-01-01")]);
    for _ in 0..2 {
        let outcome = system.upsert(&at_once).await;
        assert!(matches!(outcome, Outcome::Refused { .. }), "{outcome:?}");
    }
    assert_eq!(subscriptions(&url).await.len(), 1);
    let found = system.look(&at_once).await.unwrap();
    assert!(
        matches!(
            &found,
            Found::One {
                status: Some(Status::Pending),
                ..
            }
        ),
        "{found:?}"
    );
    for (name, wrong) in [
        ("amount", "12900.00"),
        ("currency", "рубли"),
        ("charge_from", "завтра"),
    ] {
        let outcome = system
            .upsert(&client(Status::Active, &[(name, wrong)]))
            .await;
        let Outcome::Refused { why } = outcome else {
            panic!("{outcome:?}");
        };
        assert!(why.contains(wrong), "{why}");
    }
}

#[tokio::test]
async fn a_line_of_its_own_is_a_subscription_of_its_own() {
    let stripe = LocalStripe::start();
    let (url, system) = (stripe.url(), open(&stripe.url()));
    let tariff = confirmed(system.upsert(&client(Status::Active, &[])).await);
    let line = client(Status::Active, &[("line", "royalty"), ("amount", "90000")]);
    let royalty = confirmed(system.upsert(&line).await);
    assert_ne!(tariff, royalty);
    assert_eq!(confirmed(system.upsert(&line).await), royalty);
    let none = client(Status::Active, &[("line", "other"), ("amount", "")]);
    let customer = confirmed(system.upsert(&none).await);
    assert_eq!(customer, listed(&url, "customers").await[0]["id"]);
    assert_eq!(subscriptions(&url).await.len(), 2);
}

#[tokio::test]
async fn twelve_at_once_are_one_where_keys_are_honoured() {
    let stripe = StatefulMock::start();
    let (url, system) = (stripe.url(), open(&stripe.url()));
    let active = client(Status::Active, &[]);
    let all = futures::future::join_all((0..12).map(|_| system.upsert(&active))).await;
    let ids: Vec<_> = all.into_iter().map(confirmed).collect();
    assert_eq!(listed(&url, "customers").await.len(), 1);
    let subscribed = listed(&url, "subscriptions").await;
    assert_eq!(subscribed.len(), 1);
    assert!(ids.iter().all(|id| *id == subscribed[0]["id"]), "{ids:?}");
    assert_eq!(listed(&url, "plans").await.len(), 1);
}
