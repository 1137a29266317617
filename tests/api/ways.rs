//! What a description can say beside its requests: ways in, forms, pages, keys of repetitions, answers
//! that mean something else than their status.

use crate::client;
use crate::recorder::{Recorder, Reply};
use secrecy::SecretString;
use serde_json::{Value, json};
use signalman::model::Status;
use signalman::process::file;
use signalman::process::target::Client;
use signalman::target::{self, Outcome, System};

/// A place of things, with these lines in its description and in its search.
async fn place(http: &str, search: &str, secret: &str) -> (Recorder, Box<dyn System>) {
    place_with(http, search, "", secret).await
}

async fn place_with(
    http: &str,
    search: &str,
    create: &str,
    secret: &str,
) -> (Recorder, Box<dyn System>) {
    let recorder = Recorder::start().await;
    let text = format!(
        r#"{}
[[target]]
key = "place"
kind = "http"
at = "pay"
allow_private = true
key_in = "TARGET_PLACE_KEY"
url = "{url}/api"
  [[target.put]]
  name = "name"
  value = "{{card_name}}"
  [target.http]
  key = "/code"
  message = ["/why"]
  {http}
    [target.http.search]
    send = "GET things"
    query = [{{ name = "code", value = "{{key}}" }}]
    {search}
    [target.http.create]
    send = "POST things"
    form = [{{ name = "thing[code]", value = "{{key}}" }}, {{ name = "thing[name]", value = "{{name}}" }}]
    idempotency = "Idempotency-Key"
    {create}
    [[target.http.update]]
    send = "PUT things/{{id}}"
    form = [{{ name = "name", value = "{{name}}" }}]
"#,
        include_str!("../check/good.toml"),
        url = recorder.url(),
        http = http.replace("URL", recorder.url()),
    );
    let target = match file::read(&text) {
        Ok(checked) => checked.process.targets[0].clone(),
        Err(mistakes) => panic!("{}", file::render_all(&mistakes, "x", &text)),
    };
    let system = target::open(&target, Some(SecretString::from(secret))).unwrap();
    (recorder, system)
}

fn anna(name: &str) -> Client {
    client(&[], &[("name", name)])
}

fn thing(id: &str) -> Value {
    json!({"id": id, "code": "64c0ffee", "name": "Anna"})
}

fn replies(replies: &[(u16, Value)]) -> Vec<Reply> {
    let replies = replies.iter();
    replies
        .map(|(status, body)| Reply(*status, body.clone()))
        .collect()
}

fn refused(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Refused { why } => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_again_when_it_is_refused() {
    let auth =
        r#"auth = { by = "client_credentials", token = "URL/oauth/token?x=1", scope = "things" }"#;
    let (recorder, system) = place(auth, "", "the-id:the:secret").await;
    let token = |token: &str| (200, json!({"access_token": token, "expires_in": 3600}));
    recorder.answers(replies(&[
        token("one"),
        (200, json!([thing("1")])),
        (200, json!([thing("1")])),
    ]));
    system.upsert(&anna("Anna")).await;
    system.upsert(&anna("Anna")).await;
    let asked = recorder.requests();
    assert_eq!(
        asked.matches("POST /oauth/token\n  ? x = 1").count(),
        1,
        "{asked}"
    );
    assert!(
        asked.contains(
            "grant_type=client_credentials&client_id=the-id&client_secret=the%3Asecret&scope=things"
        ),
        "{asked}"
    );
    assert_eq!(asked.matches("authorization: Bearer one").count(), 2);

    recorder.answers(replies(&[
        (401, json!({})),
        token("two"),
        (200, json!([thing("1")])),
    ]));
    let closed = system.upsert(&anna("Anna")).await;
    assert!(matches!(closed, Outcome::Retry { .. }), "{closed:?}");
    system.upsert(&anna("Anna")).await;
    assert!(recorder.requests().contains("authorization: Bearer two"));
}

#[tokio::test]
async fn a_refusal_that_repeats_the_token_is_shown_without_it() {
    let auth = r#"auth = { by = "client_credentials", token = "URL/oauth/token" }"#;
    let (recorder, system) = place(auth, "", "the-id:the-secret").await;
    recorder.answers(replies(&[
        (200, json!({"access_token": "given-token-7"})),
        (400, json!({"error": "given-token-7 may not read this"})),
    ]));
    let outcome = system.upsert(&anna("Anna")).await;
    let why = refused(&outcome);
    assert!(why.contains("may not read this"), "{why}");
    assert!(!why.contains("given-token"), "{why}");
}

#[tokio::test]
async fn a_token_that_is_not_given_is_told_without_what_was_asked_with() {
    let auth = r#"auth = { by = "client_credentials", token = "URL/oauth/token" }"#;
    let (recorder, system) = place(auth, "", "the-id:the-secret").await;
    recorder.answers(replies(&[(
        400,
        json!({"error": "invalid_client: the-secret"}),
    )]));
    let outcome = system.upsert(&anna("Anna")).await;
    let Outcome::Retry { why, .. } = &outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(why, "it gave no token: it answered 400");
}

#[tokio::test]
async fn the_key_goes_where_the_description_says() {
    let ways = [
        ("", "authorization: Bearer the:key"),
        (
            r#"auth = { by = "basic" }"#,
            "authorization: Basic dGhlOmtleQ==",
        ),
        (
            r#"auth = { by = "header", header = "X-Api-Token" }"#,
            "x-api-token: the:key",
        ),
        (
            r#"auth = { by = "header", header = "Authorization", before = "Token" }"#,
            "authorization: Token the:key",
        ),
        (r#"auth = { by = "path" }"#, "GET /api/the:key/things"),
    ];
    for (auth, shown) in ways {
        let (recorder, system) = place(auth, "", "the:key").await;
        recorder.answers(replies(&[(200, json!([thing("1")]))]));
        system.upsert(&anna("Anna")).await;
        let asked = recorder.requests();
        assert!(asked.contains(shown), "{auth}: {asked}");
    }
}

#[tokio::test]
async fn a_form_is_sent_and_a_repetition_has_the_same_key() {
    let (recorder, system) = place("", "", "key").await;
    let round = [(200, json!([])), (500, json!({}))];
    recorder.answers(replies(&round));
    let unknown = system.upsert(&anna("Ann & Co")).await;
    assert!(matches!(unknown, Outcome::Unknown { .. }), "{unknown:?}");
    let first = recorder.requests();
    assert!(
        first.contains("thing%5Bcode%5D=64c0ffee&thing%5Bname%5D=Ann+%26+Co"),
        "{first}"
    );
    assert!(first.contains("content-type: application/x-www-form-urlencoded"));
    recorder.answers(replies(&round));
    system.upsert(&anna("Ann & Co")).await;
    assert_eq!(first, recorder.requests());
    // What was mended is another request.
    recorder.answers(replies(&round));
    system.upsert(&anna("Ann")).await;
    let key = |asked: &str| {
        let line = asked.lines().find(|line| line.contains("idempotency-key"));
        line.unwrap().to_owned()
    };
    assert_ne!(key(&first), key(&recorder.requests()));
}

#[tokio::test]
async fn pages_are_turned_to_the_last_and_nowhere_else() {
    let other = |id: u32| json!({"id": id, "code": "other", "name": "x"});
    let pages = [
        (
            r#"pages = { offset = "skip", size = 2 }"#,
            Some("? skip = 2"),
        ),
        (
            r#"pages = { number = "page", size = 2 }"#,
            Some("? page = 2"),
        ),
        (
            r#"pages = { cursor = "after", at = "/next" }"#,
            Some("? after = things?page=2"),
        ),
        (r#"pages = { next = "/next" }"#, None),
    ];
    for (pages, shown) in pages {
        let search = format!("records = [\"/all\"]\n    {pages}");
        let (recorder, system) = place("", &search, "key").await;
        recorder.answers(replies(&[
            (
                200,
                json!({"all": [other(1), other(2)], "next": "things?page=2"}),
            ),
            (200, json!({"all": [thing("3")], "next": null})),
        ]));
        let outcome = system.upsert(&anna("Anna")).await;
        assert!(
            matches!(&outcome, Outcome::Confirmed { id, .. } if id == "3"),
            "{pages}: {outcome:?}"
        );
        let asked = recorder.requests();
        assert!(
            asked.contains(shown.unwrap_or("? page = 2")),
            "{pages}: {asked}"
        );
    }

    let search = "records = [\"/all\"]\n    pages = { next = \"/next\" }";
    let (recorder, system) = place("", search, "key").await;
    recorder.answers(replies(&[(
        200,
        json!({"all": [], "next": "http://127.0.0.2:1/things"}),
    )]));
    let outcome = system.upsert(&anna("Anna")).await;
    assert_eq!(refused(&outcome), "its next page is at another address");

    // Without end it is told, not turned for ever.
    let page = (
        200,
        json!({"all": [other(1), other(2)], "next": "things?page=2"}),
    );
    recorder.requests();
    recorder.answers(replies(&vec![page; 30]));
    let outcome = system.upsert(&anna("Anna")).await;
    assert_eq!(refused(&outcome), "its search finds more than 30 pages");
}

#[tokio::test]
async fn an_answer_without_the_list_is_never_an_empty_list() {
    let (recorder, system) = place("", "records = [\"/all\"]", "key").await;
    for answer in [json!({}), json!({"all": null}), json!("text"), Value::Null] {
        recorder.answers(replies(&[(200, answer)]));
        let outcome = system.upsert(&anna("Anna")).await;
        assert!(refused(&outcome).contains("no records"), "{outcome:?}");
    }
    recorder.answers(replies(&[(200, json!({"all": [{"code": "64c0ffee"}]}))]));
    let outcome = system.upsert(&anna("Anna")).await;
    assert!(refused(&outcome).contains("no id"), "{outcome:?}");
    assert!(!recorder.requests().contains("POST"));
}

#[tokio::test]
async fn what_a_place_takes_and_does_not_keep_is_told() {
    let (recorder, system) = place("", "", "key").await;
    let stale = json!([{"id": "1", "code": "64c0ffee", "name": "Old"}]);
    recorder.answers(replies(&[
        (200, stale.clone()),
        (200, json!({"ok": true})),
        (200, stale),
    ]));
    let outcome = system.upsert(&anna("Anna")).await;
    assert!(
        refused(&outcome).ends_with("something else in name"),
        "{outcome:?}"
    );
    // A refusal is told in the place's words, shortened.
    recorder.answers(replies(&[
        (200, json!([])),
        (422, json!({"why": "x".repeat(2000)})),
    ]));
    let outcome = system.upsert(&anna("Anna")).await;
    assert_eq!(refused(&outcome), "x".repeat(300));
    // Said to be there, and not shown.
    recorder.answers(replies(&[
        (200, json!([])),
        (409, json!({"why": "taken"})),
        (200, json!([])),
    ]));
    let outcome = system.upsert(&anna("Anna")).await;
    assert_eq!(refused(&outcome), "taken");
    // A way of leaving was not described.
    let mut leaves = anna("Anna");
    leaves.status = Status::Retired;
    recorder.answers(replies(&[(200, json!([thing("1")]))]));
    let outcome = system.upsert(&leaves).await;
    assert_eq!(
        refused(&outcome),
        "nothing says how a client is retired there"
    );
}

#[tokio::test]
async fn what_may_have_been_made_is_waited_for() {
    let (recorder, system) = place("", "", "key").await;
    // Without a word about it, it is made again as soon as it is not found.
    recorder.answers(replies(&[(200, json!([])), (500, json!({}))]));
    system.upsert(&anna("Anna")).await;
    recorder.answers(replies(&[
        (200, json!([])),
        (201, thing("1")),
        (200, json!([thing("1")])),
    ]));
    system.upsert(&anna("Anna")).await;
    assert_eq!(recorder.requests().matches("POST").count(), 2);

    let (recorder, system) = place_with("", "", "settle = 900", "key").await;
    recorder.answers(replies(&[(200, json!([])), (500, json!({}))]));
    system.upsert(&anna("Anna")).await;
    recorder.answers(replies(&[(200, json!([]))]));
    let waits = system.upsert(&anna("Anna")).await;
    let Outcome::Retry { after, .. } = waits else {
        panic!("{waits:?}");
    };
    assert!((800..=900).contains(&after.as_secs()), "{after:?}");
    recorder.answers(replies(&[(200, json!([thing("1")]))]));
    let outcome = system.upsert(&anna("Anna")).await;
    assert!(matches!(outcome, Outcome::Confirmed { .. }), "{outcome:?}");
    assert_eq!(recorder.requests().matches("POST").count(), 1);
}

#[tokio::test]
async fn a_refusal_never_repeats_the_key() {
    let (recorder, system) = place(r#"auth = { by = "path" }"#, "", "the/secret").await;
    let echo = "Cannot GET /api/the%2Fsecret/things (the/secret)";
    recorder.answers(replies(&[
        (404, json!(echo)),
        (404, json!({ "why": echo })),
    ]));
    for _ in 0..2 {
        let outcome = system.upsert(&anna("Anna")).await;
        let why = refused(&outcome);
        assert!(
            !why.contains("secret") && why.contains("Cannot GET"),
            "{why}"
        );
    }
}

#[tokio::test]
async fn what_has_only_ids_is_read_one_by_one_and_not_without_end() {
    let http = "read = { send = \"GET things/{id}\" }";
    let (recorder, system) = place(http, "ids = \"/ref\"", "key").await;
    recorder.answers(replies(&[
        (200, json!([{"ref": 1}, {"ref": 2}, {"ref": 1}])),
        (200, json!({"code": "other"})),
        (200, json!({"code": "64c0ffee", "name": "Anna"})),
    ]));
    let outcome = system.upsert(&anna("Anna")).await;
    assert!(
        matches!(&outcome, Outcome::Confirmed { id, .. } if id == "2"),
        "{outcome:?}"
    );
    let many: Vec<_> = (0..21).map(|id| json!({ "ref": id })).collect();
    recorder.answers(replies(&[(200, json!(many))]));
    let outcome = system.upsert(&anna("Anna")).await;
    assert_eq!(refused(&outcome), "its search finds more than 20");
}
