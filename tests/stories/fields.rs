//! Lines and Custom Fields that not everyone may change, however they are tried.

use crate::firm::{Firm, in_custom_fields, says};
use serde_json::json;

impl Firm {
    fn line(&self, card: &str, label: &str) -> String {
        let desc = self.card(card).desc;
        let label = format!("{label}:");
        let mut values = desc.lines().filter_map(|line| line.strip_prefix(&label));
        values.next().unwrap().trim().to_owned()
    }
}

#[tokio::test]
async fn a_value_typed_too_often_is_nobodys_and_goes_when_the_hour_is_over() {
    let firm = Firm::open().await;
    let right = firm.line("kefir", "Абонплата в месяц");
    for fee in 1..=41 {
        let fee = fee.to_string();
        firm.fill("ilya_demo", "kefir", &[("Абонплата в месяц", &fee)])
            .await;
    }
    assert_eq!(firm.line("kefir", "Абонплата в месяц"), "41");
    // Neither our own write nor somebody's edit of another line makes it anybody's.
    firm.write("ilya_demo", "kefir", "/set Мессенджер = привет")
        .await;
    firm.fill("maria_demo", "kefir", &[("Адрес, откуда забираем", "")])
        .await;
    let memory = firm.memory("kefir").await;
    assert_eq!(memory.fields[&"fee".into()].value, right);
    firm.wait(61).await;
    assert_eq!(firm.line("kefir", "Абонплата в месяц"), right);
    let said = firm.said("kefir").join("\n");
    says(&said, &["«Абонплата в месяц» снова"]);
}

#[tokio::test]
async fn with_custom_fields_a_description_is_anybodys_note() {
    let firm = Firm::with(in_custom_fields()).await;
    let fee = firm.world().with(|state| {
        let mut fields = state.fields.values();
        let fee = fields.find(|field| field.name == "Абонплата в месяц");
        fee.unwrap().id.clone()
    });
    let path = format!("cards/{}/customField/{fee}/item", firm.id("tram"));
    let set = |who: &str, value: &str| {
        let wish = json!({ "value": { "text": value } });
        firm.hand(who).put(&path, wish).unwrap();
    };
    set("maria_demo", "15 000");
    firm.settle().await;
    for who in ["maria_demo", "ilya_demo"] {
        firm.change(who, "tram", json!({ "desc": "Просто заметка" }))
            .await;
        assert_eq!(firm.card("tram").desc, "Просто заметка");
        set("ilya_demo", "1");
        firm.settle().await;
        let stands = format!("{:?}", firm.card("tram").values[&fee]);
        assert!(stands.contains("15 000"), "{stands}");
    }
}
