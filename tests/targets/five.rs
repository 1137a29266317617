//! One client on the way through the firm's process, with all five places configured as the
//! documentation shows them: each a real system.

use crate::firm::Firm;
use crate::places::{CARD, PLACES, Places, Who};
use crate::servers::STRIPE_KEY;
use serde_json::Value;
use signalman::engine::{Bill, Nights, State};
use signalman::model::Drift;

#[tokio::test]
async fn a_client_goes_through_the_process_and_stands_in_five_places() {
    let (places, who) = (Places::start(), Who::as_shipped());
    let firm = Firm::with(places.text()).await;
    firm.to_register(CARD).await;
    places.are_proved(&firm);
    // The same again is said once.
    for item in places.proved() {
        firm.untick("olga_demo", CARD, item).await;
        firm.tick("olga_demo", CARD, item).await;
    }
    places.are_proved(&firm);
    let rows = firm.said(CARD).join(
        "
",
    );
    let row = format!("https://crm.example/clients/{}", firm.id(CARD));
    assert_eq!(rows.matches(&row).count(), 1, "{rows}");
    assert_eq!(places.records(&who).await, [1; 5]);
    assert_eq!(
        places.charged(&who).await,
        (vec![], "4900".to_owned()),
        "a draft alone"
    );
    assert_eq!(places.row(&who, "status"), "pending");
    assert_eq!(places.row(&who, "fee"), "4900.00");

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
    assert_eq!(places.records(&who).await, [1; 5]);
    places.are_proved(&firm);
    assert_eq!(
        places.charged(&who).await,
        (vec![490_000], "4900".to_owned())
    );
    assert_eq!(places.row(&who, "status"), "active");

    // Another tariff, and going back.
    let fee = [("Абонплата в месяц", "5 900")];
    firm.fill("maria_demo", CARD, &fee).await;
    assert_eq!(
        places.charged(&who).await,
        (vec![490_000], "4900".to_owned())
    );
    firm.drag("maria_demo", CARD, "register").await;
    firm.drag("maria_demo", CARD, "active").await;
    assert_eq!(
        places.charged(&who).await,
        (vec![490_000], "4900".to_owned())
    );
    assert_eq!(places.row(&who, "status"), "active");
    firm.write("olga_demo", CARD, "/confirm").await;
    let charged = places.charged(&who).await;
    assert_eq!(
        charged,
        (vec![590_000], "5900".to_owned()),
        "{:#?}",
        firm.said(CARD)
    );
    assert_eq!(places.row(&who, "fee"), "5900.00");

    // Leaving, on the day and without a trace being wiped.
    let day = firm.day(12);
    let lines = [("Отключить с", day.as_str()), ("Причина ухода", "дорого")];
    firm.fill("maria_demo", CARD, &lines).await;
    firm.drag("maria_demo", CARD, "left").await;
    assert_eq!(firm.stands(CARD), "left", "{}", firm.last(CARD));
    assert_eq!(places.row(&who, "status"), "active");
    firm.wait(12 * 24 * 60).await;
    assert_eq!(
        places.row(&who, "status"),
        "retired",
        "{:?}",
        firm.said(CARD)
    );
    let subscriptions = places.stripe("subscriptions?status=all").await;
    let ends = |one: &Value| !one["cancel_at"].is_null() || one["cancel_at_period_end"] == true;
    assert!(subscriptions.iter().all(ends), "{subscriptions:?}");
    let ended = "SELECT count(*) FROM sale_subscription WHERE end_date IS NOT NULL";
    assert_eq!(places.tryton.database().count(ended), 1);
    if let Some(crm) = &places.crm {
        let closed = "SELECT count(*) FROM contacts WHERE NOT is_active";
        assert_eq!(crm.database().count(closed), 1);
    }
    let [customers, parties, _, contacts, rows] = places.records(&who).await;
    assert_eq!(
        [customers, parties, contacts, rows],
        [1; 4],
        "nothing is deleted"
    );
}

#[tokio::test]
async fn what_somebody_changes_in_any_of_the_places_is_found_told_and_moves_no_card() {
    let (places, who) = (Places::start(), Who::as_shipped());
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
    for item in places.proved() {
        firm.tick("olga_demo", CARD, item).await;
        assert!(firm.ticked(CARD, item), "{item}: {:?}", firm.said(CARD));
    }
    assert_eq!(places.records(&who).await, [1; 5]);
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
            .filter(|one| matches!(one.bill, Some(Bill::Missing { .. })));
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
