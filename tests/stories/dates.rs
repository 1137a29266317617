//! Dates on a card tell the people they name: before, on the day, after it, until the item is ticked.

use crate::firm::{Firm, radio_text, says};

/// A client who pays later: the date is Friday, 5 February.
async fn deferred() -> Firm {
    let firm = Firm::at("2027-01-26T11:00", radio_text()).await;
    firm.fill("maria_demo", "boot", &[("Оплатить до", "05.02.2027")])
        .await;
    firm
}

fn told(firm: &Firm) -> Vec<String> {
    let said = firm.said("boot").into_iter();
    said.filter(|text| text.contains("«Оплатить до»")).collect()
}

#[tokio::test]
async fn before_on_the_day_and_after_until_it_is_ticked() {
    let firm = deferred().await;
    firm.until("2027-02-02T09:59").await;
    assert_eq!(told(&firm), Vec::<String>::new());
    firm.until("2027-02-02T10:01").await;
    let said = told(&firm);
    assert_eq!(said.len(), 1, "{said:?}");
    says(
        &said[0],
        &[
            "@maria_demo, через 3 рабочих дня «Оплатить до»: пт 05.02.",
            "«Первый платёж пришёл»",
        ],
    );
    firm.until("2027-02-05T10:01").await;
    let said = told(&firm);
    assert_eq!(said.len(), 2, "{said:?}");
    says(
        &said[1],
        &["@olga_demo и @maria_demo, сегодня «Оплатить до»: пт 05.02."],
    );
    // The next working day is Monday.
    firm.until("2027-02-08T10:01").await;
    let said = told(&firm);
    assert_eq!(said.len(), 3, "{said:?}");
    says(
        &said[2],
        &["@denis_demo, «Оплатить до»: пт 05.02, 3 дня назад, это 790\u{a0}₽ абонплаты."],
    );
    firm.until("2027-02-09T10:01").await;
    assert_eq!(told(&firm).len(), 4);
    firm.tick("olga_demo", "boot", "paid").await;
    firm.until("2027-02-12T12:00").await;
    assert_eq!(told(&firm).len(), 4, "the tick silences it");
}

#[tokio::test]
async fn a_date_that_changes_is_told_of_anew() {
    let firm = deferred().await;
    firm.until("2027-02-02T10:01").await;
    assert_eq!(told(&firm).len(), 1);
    firm.fill("maria_demo", "boot", &[("Оплатить до", "12.02.2027")])
        .await;
    firm.until("2027-02-08T12:00").await;
    assert_eq!(told(&firm).len(), 1, "{:?}", told(&firm));
    firm.until("2027-02-09T10:01").await;
    says(
        &told(&firm)[1],
        &["через 3 рабочих дня «Оплатить до»: пт 12.02."],
    );
}

#[tokio::test]
async fn whoever_is_postponed_is_spoken_of_on_the_day() {
    let firm = Firm::at("2027-01-26T11:00", radio_text()).await;
    let desc = format!(
        "{}\nВернуться к клиенту: 03.02.2027",
        firm.card("kefir").desc
    );
    let wish = serde_json::json!({ "desc": desc });
    firm.change("maria_demo", "kefir", wish).await;
    firm.drag("maria_demo", "kefir", "postponed").await;
    assert_eq!(firm.stands("kefir"), "postponed", "{}", firm.last("kefir"));
    let said = firm.said("kefir").len();
    firm.until("2027-02-03T09:59").await;
    assert_eq!(firm.said("kefir").len(), said, "{}", firm.last("kefir"));
    firm.until("2027-02-03T10:01").await;
    assert_eq!(firm.said("kefir").len(), said + 1);
    says(
        &firm.last("kefir"),
        &["@maria_demo, сегодня «Вернуться к клиенту»: ср 03.02."],
    );
}

#[tokio::test]
async fn a_lost_client_and_an_archived_card_are_silent() {
    let firm = deferred().await;
    let desc = format!("{}\nПричина отказа: передумал", firm.card("boot").desc);
    let wish = serde_json::json!({ "desc": desc });
    firm.change("maria_demo", "boot", wish).await;
    firm.drag("maria_demo", "boot", "lost").await;
    assert_eq!(firm.stands("boot"), "lost", "{}", firm.last("boot"));
    firm.until("2027-02-05T12:00").await;
    assert_eq!(told(&firm), Vec::<String>::new());
    let wish = serde_json::json!({ "closed": true });
    firm.change("maria_demo", "boot", wish).await;
    assert!(firm.card("boot").closed, "{}", firm.last("boot"));
    firm.until("2027-02-10T12:00").await;
    assert_eq!(told(&firm), Vec::<String>::new());
}
