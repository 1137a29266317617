//! What each service is asked when a client is made, changed, retired, and when it was there before.

use super::{End, Reply, Step, hold};
use serde_json::{Value, json};
use signalman::model::Status;
use std::slice::from_ref;

fn step(title: &'static str, values: &[(&'static str, &'static str)], ends: End) -> Step {
    Step {
        title,
        status: Status::Active,
        known: None,
        values: values.to_vec(),
        replies: Vec::new(),
        ends,
    }
}

impl Step {
    fn answered(mut self, replies: &[(u16, Value)]) -> Self {
        let replies = replies.iter();
        self.replies = replies
            .map(|(status, body)| Reply(*status, body.clone()))
            .collect();
        self
    }

    fn known(mut self, id: &'static str) -> Self {
        self.known = Some(id);
        self
    }

    fn retired(mut self) -> Self {
        self.status = Status::Retired;
        self
    }
}

#[tokio::test]
async fn hubspot() {
    let section = r#"
match = ["inn"]
  [[target.put]]
  name = "name"
  value = "{card_name}"
  [[target.put]]
  name = "inn"
  value = "{inn?}"
"#;
    let company = |name: &str, status: &str| {
        json!({"id": "512", "properties": {
            "name": name, "inn": "7707083893", "signalman": "64c0ffee", "signalman_status": status,
        }})
    };
    let by_hand = json!({"id": "600", "properties": {"name": "Подвал", "inn": "7707083893", "signalman": null}});
    let linked = json!({"id": "600", "properties": {
        "name": "ООО «Подвал»", "inn": "7707083893", "signalman": "64c0ffee", "signalman_status": "active",
    }});
    let none = json!({"status": "error", "category": "OBJECT_NOT_FOUND"});
    let values = [("name", "ООО «Подвал»"), ("inn", "7707083893")];
    let renamed = [("name", "ООО «Чердак»"), ("inn", "7707083893")];
    let taken =
        json!({"message": "Property values were not valid: 64c0ffee: 512 already has that value."});
    let steps = vec![
        step("A client is made", &values, End::As("512")).answered(&[
            (404, none.clone()),
            (200, json!({"total": 0, "results": []})),
            (201, json!({"id": "512"})),
            (200, company("ООО «Подвал»", "active")),
        ]),
        step("Somebody was faster", &values, End::As("512")).answered(&[
            (404, none.clone()),
            (200, json!({"total": 0, "results": []})),
            (400, taken),
            (200, company("ООО «Подвал»", "active")),
        ]),
        step("It has another name", &renamed, End::As("512"))
            .known("512")
            .answered(&[
                (200, company("ООО «Подвал»", "active")),
                (200, json!({"id": "512"})),
                (200, company("ООО «Чердак»", "active")),
            ]),
        step("It leaves", &renamed, End::As("512"))
            .known("512")
            .retired()
            .answered(&[
                (200, company("ООО «Чердак»", "active")),
                (200, json!({"id": "512"})),
                (200, company("ООО «Чердак»", "retired")),
            ]),
        step("It was there before", &values, End::As("600")).answered(&[
            (404, none.clone()),
            (
                200,
                json!({"total": 1, "results": [{"id": "600", "properties": {}}]}),
            ),
            (200, by_hand),
            (200, json!({"id": "600"})),
            (200, linked),
        ]),
    ];
    hold("hubspot", "", "pat-secret", section, steps).await;
}

#[tokio::test]
async fn bitrix24() {
    let section = r#"
match = ["EMAIL"]
  [[target.put]]
  name = "TITLE"
  value = "{card_name}"
  [[target.put]]
  name = "EMAIL"
  value = "{inn?}"
  [[target.put]]
  name = "PHONE"
  value = "{inn?}"
"#;
    let company = |phone: Value, status: &str| {
        json!({"result": [{
            "ID": "2919", "TITLE": "ООО «Подвал»", "ORIGINATOR_ID": "SIGNALMAN", "ORIGIN_ID": "64c0ffee",
            "UF_CRM_SIGNALMAN": status, "PHONE": phone,
            "EMAIL": [{"ID": "8304", "VALUE_TYPE": "WORK", "VALUE": "cellar@example.org", "TYPE_ID": "EMAIL"}],
        }], "total": 1})
    };
    let phone = |number: &str| json!([{"ID": "8303", "VALUE_TYPE": "WORK", "VALUE": number, "TYPE_ID": "PHONE"}]);
    let none = json!({"result": [], "total": 0});
    let two = json!({"result": [
        {"ID": "1", "ORIGIN_ID": null, "EMAIL": [{"ID": "1", "VALUE": "Cellar@example.org"}]},
        {"ID": "2", "ORIGIN_ID": null, "EMAIL": [{"ID": "2", "VALUE": "cellar@example.org"}]},
    ], "total": 2});
    let values = [
        ("TITLE", "ООО «Подвал»"),
        ("EMAIL", "cellar@example.org"),
        ("PHONE", "+79991234567"),
    ];
    let steps = vec![
        step("A client is made", &values, End::As("2919")).answered(&[
            (200, none.clone()),
            (200, none.clone()),
            (200, json!({"result": 2919})),
            (200, company(phone("+7 999 123-45-67"), "active")),
        ]),
        step(
            "It has another phone",
            &[("TITLE", "ООО «Подвал»"), ("PHONE", "+79990000000")],
            End::As("2919"),
        )
        .known("2919")
        .answered(&[
            (200, company(phone("+79991234567"), "active")),
            (200, json!({"result": true})),
            (200, company(phone("+79990000000"), "active")),
        ]),
        step(
            "It had no phone",
            &[("TITLE", "ООО «Подвал»"), ("PHONE", "+79990000000")],
            End::As("2919"),
        )
        .known("2919")
        .answered(&[
            (200, company(json!(null), "active")),
            (200, json!({"result": true})),
            (200, company(phone("+79990000000"), "active")),
        ]),
        step("It leaves", &values, End::As("2919"))
            .known("2919")
            .retired()
            .answered(&[
                (200, company(phone("+79991234567"), "active")),
                (200, json!({"result": true})),
                (200, company(phone("+79991234567"), "retired")),
            ]),
        step("Two were there before", &values, End::Several)
            .answered(&[(200, none.clone()), (200, two)]),
    ];
    hold("bitrix24", "/rest/1", "webhook-secret", section, steps).await;
}

#[tokio::test]
async fn amocrm() {
    let section = r#"
match = ["EMAIL"]
  [[target.put]]
  name = "name"
  value = "{card_name}"
  [[target.put]]
  name = "EMAIL"
  value = "{inn?}"
  [[target.put]]
  name = "INN"
  value = "{inn?}"
"#;
    let company = |id: u32, email: &str, ours: bool, status: &str| {
        let mut fields = json!([
            {"field_id": 1, "field_code": "EMAIL", "values": [{"value": email, "enum_code": "WORK"}]},
            {"field_id": 2, "field_code": "INN", "values": [{"value": "7707083893"}]},
        ]);
        if ours {
            let list = fields.as_array_mut().unwrap();
            list.push(json!({"field_code": "SIGNALMAN", "values": [{"value": "64c0ffee"}]}));
            list.push(json!({"field_code": "SIGNALMAN_STATUS", "values": [{"value": status}]}));
        }
        json!({"id": id, "name": "ООО «Подвал»", "custom_fields_values": fields})
    };
    let list = |companies: Value| json!({"_page": 1, "_embedded": {"companies": companies}});
    let values = [
        ("name", "ООО «Подвал»"),
        ("EMAIL", "cellar@example.org"),
        ("INN", "7707083893"),
    ];
    let steps = vec![
        step("A client is made", &values, End::As("11")).answered(&[
            (204, Value::Null),
            (204, Value::Null),
            (200, list(json!([{"id": 11, "request_id": "0"}]))),
            (200, company(11, "cellar@example.org", true, "active")),
        ]),
        step("It leaves", &values, End::As("11"))
            .known("11")
            .retired()
            .answered(&[
                (200, company(11, "cellar@example.org", true, "active")),
                (200, json!({"id": 11})),
                (200, company(11, "cellar@example.org", true, "retired")),
            ]),
        step(
            "It was there before, beside one that only mentions it",
            &values,
            End::As("13"),
        )
        .answered(&[
            (204, Value::Null),
            (
                200,
                list(json!([
                    company(12, "old-cellar@example.org", false, ""),
                    company(13, "Cellar@example.org", false, ""),
                ])),
            ),
            (200, json!({"id": 13})),
            (200, company(13, "cellar@example.org", true, "active")),
        ]),
    ];
    hold("amocrm", "", "long-lived-token", section, steps).await;
}

#[tokio::test]
async fn moysklad() {
    let section = r#"
match = ["inn"]
  [[target.put]]
  name = "name"
  value = "{card_name}"
  [[target.put]]
  name = "inn"
  value = "{inn?}"
  [[target.put]]
  name = "kpp"
  value = "{inn?}"
"#;
    let party = |id: &str, code: &str, kpp: &str, archived: bool| {
        json!({"id": id, "name": "ООО «Подвал»", "inn": "7707083893", "kpp": kpp,
            "externalCode": code, "archived": archived})
    };
    let rows = |rows: Value| json!({"meta": {"size": 1, "limit": 1000, "offset": 0}, "rows": rows});
    let values = [
        ("name", "ООО «Подвал»"),
        ("inn", "7707083893"),
        ("kpp", "770701001"),
    ];
    let steps = vec![
        step("A client is made", &values, End::As("a-1")).answered(&[
            (200, rows(json!([]))),
            (200, rows(json!([]))),
            (200, party("a-1", "64c0ffee", "770701001", false)),
            (200, party("a-1", "64c0ffee", "770701001", false)),
        ]),
        step(
            "It has another KPP",
            &[("name", "ООО «Подвал»"), ("kpp", "780101001")],
            End::As("a-1"),
        )
        .known("a-1")
        .answered(&[
            (200, party("a-1", "64c0ffee", "770701001", false)),
            (200, party("a-1", "64c0ffee", "780101001", false)),
            (200, party("a-1", "64c0ffee", "780101001", false)),
        ]),
        step("It leaves", &values, End::As("a-1"))
            .known("a-1")
            .retired()
            .answered(&[
                (200, party("a-1", "64c0ffee", "770701001", false)),
                (200, party("a-1", "64c0ffee", "770701001", true)),
                (200, party("a-1", "64c0ffee", "770701001", true)),
            ]),
    ];
    hold("moysklad", "/api/remap/1.2", "access-token", section, steps).await;
}

#[tokio::test]
async fn one_c() {
    let section = r#"
keyed = "organisation"
match = ["ИНН", "КПП"]
  [[target.put]]
  name = "Description"
  value = "{card_name}"
  [[target.put]]
  name = "ИНН"
  value = "{inn?}"
  [[target.put]]
  name = "КПП"
  value = "{inn?}"
"#;
    let party = |id: &str, name: &str, kpp: &str, marked: bool| json!({"Ref_Key": id, "Description": name, "ИНН": "7707083893", "КПП": kpp, "DeletionMark": marked});
    let values = [
        ("Description", "ООО «О'Подвал»"),
        ("ИНН", "7707083893"),
        ("КПП", "770701001"),
    ];
    let none = json!({"odata.error": {"code": "9", "message": {"lang": "ru", "value": "Экземпляр не найден"}}});
    let branch = party("b-2", "Филиал", "780101001", false);
    let steps = vec![
        step("A client is made", &values, End::As("b-1")).answered(&[
            (404, none.clone()),
            (200, json!({"value": [branch.clone()]})),
            (201, party("b-1", "ООО «О'Подвал»", "770701001", false)),
            (200, party("b-1", "ООО «О'Подвал»", "770701001", false)),
        ]),
        step("It leaves", &values, End::As("b-1"))
            .known("b-1")
            .retired()
            .answered(&[
                (200, party("b-1", "ООО «О'Подвал»", "770701001", false)),
                (200, party("b-1", "ООО «О'Подвал»", "770701001", true)),
                (200, party("b-1", "ООО «О'Подвал»", "770701001", true)),
            ]),
        step(
            "It was there before, with a branch beside it",
            &values,
            End::As("b-3"),
        )
        .answered(&[
            (404, none.clone()),
            (
                200,
                json!({"value": [branch, party("b-3", "Подвал", "770701001", false)]}),
            ),
            (200, party("b-3", "ООО «О'Подвал»", "770701001", false)),
            (200, party("b-3", "ООО «О'Подвал»", "770701001", false)),
        ]),
    ];
    hold(
        "1c_odata",
        "/base/odata/standard.odata",
        "robot:pass:word",
        section,
        steps,
    )
    .await;
}

#[tokio::test]
async fn google_sheets() {
    let section = r#"
match = ["ИНН"]
  [[target.put]]
  name = "Станция"
  value = "{card_name}"
  [[target.put]]
  name = "ИНН"
  value = "{inn?}"
  [[target.put]]
  name = "Поток"
  value = "{inn?}"
"#;
    let sheet = |rows: &[Value]| {
        let mut values = vec![
            json!(["Signalman", "Статус", "Станция", "ИНН", "Поток", "Заметки"]),
            json!([]),
        ];
        values.extend(rows.iter().cloned());
        json!({"range": "Signalman!A1:Z1000", "majorDimension": "ROWS", "values": values})
    };
    let row = |name: &str, status: &str| {
        json!(["64c0ffee", status, name, "7707083893", "", "не звонить"])
    };
    let values = [
        ("Станция", "Радио «Подвал»"),
        ("ИНН", "7707083893"),
        ("Поток", ""),
    ];
    let other = json!(["otherkey", "active", "Радио «Чердак»", "7800000000"]);
    let by_hand = json!(["", "", "Подвал", "7707083893"]);
    let steps = vec![
        step("A client is made", &values, End::As("4")).answered(&[
            (
                200,
                json!({"access_token": "ya29.token", "expires_in": 3599, "token_type": "Bearer"}),
            ),
            (200, sheet(from_ref(&other))),
            (200, sheet(from_ref(&other))),
            (200, json!({"updates": {"updatedRange": "Signalman!A4:E4"}})),
            (
                200,
                sheet(&[other.clone(), row("Радио «Подвал»", "active")]),
            ),
        ]),
        step(
            "It has another name, and stands elsewhere by now",
            &[("Станция", "Радио «Пол»")],
            End::As("3"),
        )
        .known("4")
        .answered(&[
            (
                200,
                sheet(&[row("Радио «Подвал»", "active"), other.clone()]),
            ),
            (200, json!({"updatedRange": "Signalman!A3:E3"})),
            (200, sheet(&[row("Радио «Пол»", "active"), other.clone()])),
        ]),
        step("It was there before", &values, End::As("3")).answered(&[
            (200, sheet(from_ref(&by_hand))),
            (200, sheet(from_ref(&by_hand))),
            (200, json!({"updatedRange": "Signalman!A3:E3"})),
            (200, sheet(&[row("Радио «Подвал»", "active")])),
        ]),
        step("It leaves", &values, End::As("3"))
            .retired()
            .answered(&[
                (200, sheet(&[row("Радио «Подвал»", "active")])),
                (200, json!({"updatedRange": "Signalman!A3:E3"})),
                (200, sheet(&[row("Радио «Подвал»", "retired")])),
            ]),
    ];
    hold(
        "google_sheets",
        "/v4/spreadsheets/1AbC/values",
        "client-id:client-secret:1//refresh",
        section,
        steps,
    )
    .await;
}

#[tokio::test]
async fn pipedrive() {
    const INN: &str = "d4de1c1518b4531717c676029a45911c340390a6";
    let section = r#"
match = ["d4de1c1518b4531717c676029a45911c340390a6"]
  [[target.put]]
  name = "name"
  value = "{card_name}"
  [[target.put]]
  name = "d4de1c1518b4531717c676029a45911c340390a6"
  value = "{inn?}"
"#;
    let organization = |id: u32, name: &str, inn: &str| json!({"success": true, "data": {"id": id, "name": name, "custom_fields": {INN: inn}}});
    let found = |ids: &[u32]| {
        let items = ids.iter();
        let items: Vec<_> = items
            .map(|id| json!({"result_score": 1.2, "item": {"id": id}}))
            .collect();
        json!({"success": true, "data": {"items": items}, "additional_data": {"next_cursor": null}})
    };
    let values = [("name", "ООО «Подвал»"), (INN, "7707083893")];
    let steps = vec![
        step("A client is made", &values, End::As("5")).answered(&[
            (200, found(&[])),
            (201, organization(5, "ООО «Подвал»", "7707083893")),
            (200, organization(5, "ООО «Подвал»", "7707083893")),
        ]),
        step(
            "It was there before, beside one that mentions it elsewhere",
            &values,
            End::As("6"),
        )
        .answered(&[
            (200, found(&[7, 6])),
            (200, organization(7, "Чердак", "7800000000")),
            (200, organization(6, "Подвал", "7707083893")),
            (200, organization(6, "ООО «Подвал»", "7707083893")),
            (200, organization(6, "ООО «Подвал»", "7707083893")),
        ]),
    ];
    hold("pipedrive", "/api/v2", "api-token", section, steps).await;
}
