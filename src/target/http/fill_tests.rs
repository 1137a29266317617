use super::*;
use crate::model::{CardId, Status};
use crate::process::file;
use crate::process::target::http::{Api, Body};
use serde_json::json;

/// The description of a target whose `create` has such a body, and what it is filled with.
fn api(body: &str) -> Api {
    let section = format!(
        r#"
[[target]]
key = "place"
kind = "http"
url = "https://example.org"
at = "pay"
  [[target.put]]
  name = "name"
  value = "{{card_name}}"
  [[target.put]]
  name = "email"
  value = "{{card_name}}"
  [target.http]
  key = "/code"
    [target.http.search]
    send = "GET things"
    [target.http.create]
    send = "POST things"
    json = '''{body}'''
    [[target.http.update]]
    send = "PUT things/{{id}}"
    json = '{{"...": "{{put}}"}}'
"#
    );
    let text = format!(
        "{}\n{section}",
        include_str!("../../../tests/check/good.toml")
    );
    match file::read(&text) {
        Ok(checked) => (**checked.process.targets[0].http.as_ref().unwrap()).clone(),
        Err(mistakes) => panic!("{}", file::render_all(&mistakes, "x", &text)),
    }
}

fn filled(body: &str, values: &[(&str, &str)]) -> Result<Option<Value>, Lack> {
    let Body::Json(json) = api(body).create.request.body else {
        panic!("no body");
    };
    with(values, |values| values.json(&json))
}

fn with<T>(put: &[(&str, &str)], then: impl FnOnce(&Values<'_>) -> T) -> T {
    let values = put.iter();
    let client = Client {
        key: "key-1".into(),
        card: CardId::new("card-1"),
        status: Status::Active,
        own: Status::Active,
        at: jiff::Timestamp::UNIX_EPOCH,
        known: None,
        values: values
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        matching: Vec::new(),
        link: None,
    };
    let names = ["name".to_owned(), "email".to_owned()];
    then(&Values {
        client: &client,
        names: &names,
        plain: &names,
        status: "active",
        id: Some("7/../8"),
        record: None,
        pair: None,
    })
}

#[test]
fn a_value_is_never_more_than_a_value() {
    let hostile = "\"}, \"admin\": true, {key} \\ \n";
    let body = filled(
        r#"{"name": "{name}", "note": "for {name}"}"#,
        &[("name", hostile)],
    );
    let wanted = json!({"name": hostile, "note": format!("for {hostile}")});
    assert_eq!(body, Ok(Some(wanted)));
}

#[test]
fn what_is_empty_is_left_out_with_what_makes_no_sense_without_it() {
    let body = r#"{
        "name": "{name}",
        "mail": {"address": "{email}"},
        "contacts": [["create", [{"type": "email", "value": "{email}"}]], ["create", [{"value": "{name}"}]]],
        "rows": [{"kind": "a", "value": "{email}"}, {"kind": "b", "value": "{name}"}],
        "none": [["create", [{"value": "{email}"}]]],
        "kept": [], "also": {}
    }"#;
    let wanted = json!({
        "name": "x",
        "contacts": [["create", [{"value": "x"}]]],
        "rows": [{"kind": "b", "value": "x"}],
        "kept": [], "also": {},
    });
    assert_eq!(filled(body, &[("name", "x")]), Ok(Some(wanted)));
}

#[test]
fn all_that_is_put_stands_for_members_and_for_a_row() {
    let body = r#"{"...": "{put}", "row": ["{key}", "{put}"], "inner": "{put}"}"#;
    let wanted = json!({"name": "x", "row": ["key-1", "x", null], "inner": {"name": "x"}});
    assert_eq!(
        filled(body, &[("name", "x"), ("email", "")]),
        Ok(Some(wanted))
    );
}

#[test]
fn a_bare_value_is_a_number_or_a_truth_or_told() {
    let body = r#"{"name": "{name|bare}", "brace": "{{name}"}"#;
    let number = filled(body, &[("name", "1990.50")]);
    assert_eq!(number, Ok(Some(json!({"name": 1990.5, "brace": "{name}"}))));
    let truth = filled(body, &[("name", "true")]);
    assert_eq!(truth, Ok(Some(json!({"name": true, "brace": "{name}"}))));
    let other = filled(body, &[("name", "1 990 ₽")]);
    assert_eq!(other, Err(Lack::NoNumber("1 990 ₽".into())));
}

#[test]
fn a_path_leads_nowhere_else() {
    let slot = |source| {
        Line(vec![
            Piece::Text("things/".into()),
            Piece::Slot(Slot { source, cast: None }),
        ])
    };
    let name = || slot(Source::Put("name".into()));
    let path = |value: &str| with(&[("name", value)], |values| values.path(&name()));
    assert_eq!(path("a b/ü?"), Ok("things/a%20b%2F%C3%BC%3F".into()));
    assert_eq!(path(".."), Err(Lack::Empty));
    assert_eq!(path(""), Err(Lack::Empty));
    let id = with(&[], |values| values.path(&slot(Source::Id)));
    assert_eq!(id, Ok("things/7%2F..%2F8".into()));
}

#[test]
fn a_uuid_is_always_the_same_and_says_its_version() {
    assert_eq!(uuid("card-1"), uuid("card-1"));
    assert_ne!(uuid("card-1"), uuid("card-2"));
    let one = uuid("card-1");
    assert_eq!(one.len(), 36);
    assert_eq!(one.as_bytes()[14], b'5');
    assert!(b"89ab".contains(&one.as_bytes()[19]), "{one}");
}
