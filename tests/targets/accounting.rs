//! The accounting system, from a card's admission to the tick: a party in Tryton.

use crate::firm::{Firm, radio_text};
use crate::servers::Tryton;
use signalman::model::{Said, Status};

const CODE: &str = "9604000000-960401001";

fn section(url: &str) -> String {
    format!(
        r#"
[[target]]
key = "accounting"
kind = "tryton"
url = "{url}"
key_in = "TARGET_ACCOUNTING_KEY"
allow_private = true
match = ["identifier.ru_vat", "identifier"]
  [[target.put]]
  name = "name"
  value = "{{legal_name}}"
  [[target.put]]
  name = "identifier.ru_vat"
  value = "{{inn}}"
  [[target.put]]
  name = "identifier"
  value = "{{kpp}}"
  [[target.put]]
  name = "email"
  value = "{{invoice_email}}"
  [[target.put]]
  name = "street"
  value = "{{address}}"
"#
    )
}

async fn firm(tryton: &Tryton) -> Firm {
    Firm::with(format!("{}\n{}", radio_text(), section(&tryton.url()))).await
}

/// A client that is on the air and hears itself goes to the accountant.
async fn to_register(firm: &Firm, card: &str) {
    for item in ["client_in", "stable", "heard"] {
        firm.tick("ilya_demo", card, item).await;
    }
    firm.tick("maria_demo", card, "start_agreed").await;
    let day = firm.day(1);
    firm.fill("maria_demo", card, &[("Начислять с", &day)])
        .await;
    firm.drag("ilya_demo", card, "register").await;
    assert_eq!(firm.stands(card), "register", "{}", firm.last(card));
}

fn parties(tryton: &Tryton) -> u64 {
    let count = format!("SELECT count(*) FROM party_party WHERE code = '{CODE}'");
    tryton.database().count(&count)
}

#[tokio::test]
async fn a_client_stands_there_once_and_the_place_itself_ticks_its_item() {
    let tryton = Tryton::start();
    let firm = firm(&tryton).await;
    assert_eq!(parties(&tryton), 0);
    to_register(&firm, "airfield").await;
    assert!(
        firm.ticked("airfield", "p_accounting"),
        "{:?}",
        firm.said("airfield")
    );
    assert_eq!(parties(&tryton), 1);
    let name = tryton.database().sql(&format!(
        "SELECT name FROM party_party WHERE code = '{CODE}'"
    ));
    assert_eq!(name.trim(), "ООО «Тёплый Подвал»");
    let said = firm.said("airfield").join("\n");
    assert!(said.contains("запись готовится, №"), "{said}");
    assert!(said.contains("/party.party/"), "{said}");
    let memory = firm.memory("airfield").await;
    let said = memory.places["accounting"].said.clone();
    assert!(matches!(
        said,
        Some(Said::Confirmed {
            status: Status::Pending,
            ..
        })
    ));
}
