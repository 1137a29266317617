//! The doors: what comes in, and what does not.

use crate::firm::Firm;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::StatusCode;
use serde_json::json;
use sha1::Sha1;
use signalman::store::Store;

fn sign(secret: &str, body: &[u8], url: &str) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    mac.update(url.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

async fn get(url: url::Url) -> reqwest::Response {
    reqwest::Client::new().get(url).send().await.unwrap()
}

struct Door {
    firm: Firm,
    url: String,
}

impl Door {
    async fn open() -> Self {
        let firm = Firm::open().await;
        let url = signalman::web::callback_url(&firm.url, &firm.board());
        Self { firm, url }
    }
    async fn post(&self, body: Vec<u8>, signature: Option<String>) -> StatusCode {
        let mut request = reqwest::Client::new().post(&self.url).body(body);
        if let Some(signature) = signature {
            request = request.header("x-trello-webhook", signature);
        }
        request.send().await.unwrap().status()
    }
    fn signed(&self, body: &[u8]) -> Option<String> {
        Some(sign(&self.firm.sandbox.secret(), body, &self.url))
    }
    async fn stored(&self) -> String {
        let soon = self.firm.now() + jiff::SignedDuration::from_secs(60);
        let due = self
            .firm
            .store
            .due(soon, jiff::SignedDuration::ZERO)
            .await
            .unwrap();
        format!("{:?}", due.lanes)
    }
    async fn metrics(&self) -> String {
        let url = self.firm.url.join("/metrics").unwrap();
        get(url).await.text().await.unwrap()
    }
}

fn action(card: &str) -> serde_json::Value {
    json!({ "action": {
        "id": "6b0000000000000000000001", "type": "updateCard", "date": "2026-11-24T08:00:00.000Z",
        "idMemberCreator": "5b0000000000000000000001",
        "data": { "card": { "id": card, "name": "Кефир FM" }, "old": { "idList": "a" },
            "listBefore": { "id": "a" }, "listAfter": { "id": "b" } },
    }})
}

#[tokio::test]
async fn a_forged_signature_is_refused_and_nothing_is_stored() {
    let door = Door::open().await;
    let body = serde_json::to_vec(&action(&door.firm.id("kefir"))).unwrap();
    let before = door.stored().await;
    for signature in [
        None,
        Some("bm9uZQ==".to_owned()),
        Some(sign("other", &body, &door.url)),
    ] {
        assert_eq!(
            door.post(body.clone(), signature).await,
            StatusCode::UNAUTHORIZED
        );
    }
    assert_eq!(door.stored().await, before);
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused() {
    let door = Door::open().await;
    let body = vec![b' '; 2 << 20];
    let signature = door.signed(&body);
    assert_eq!(
        door.post(body, signature).await,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn nonsense_under_a_good_signature_is_taken_kept_aside_and_counted() {
    let door = Door::open().await;
    for body in [&b"not json"[..], b"{}", b"{\"action\":{\"id\":1}}"] {
        let signature = door.signed(body);
        assert_eq!(door.post(body.to_vec(), signature).await, StatusCode::OK);
    }
    let metrics = door.metrics().await;
    assert!(metrics.contains("set_aside"), "{metrics}");
    assert_eq!(door.firm.store.counters().await.unwrap().set_aside, 3);
}

#[tokio::test]
async fn unknown_types_and_fields_are_normal() {
    let door = Door::open().await;
    let body = json!({ "action": { "id": "6b0000000000000000000002", "type": "somethingNew",
        "date": "2026-11-24T08:00:00.000Z", "data": { "new": true } }, "extra": 1 });
    let body = serde_json::to_vec(&body).unwrap();
    let signature = door.signed(&body);
    assert_eq!(door.post(body, signature).await, StatusCode::OK);
    door.firm.settle().await;
}

#[tokio::test]
async fn head_needs_no_signature_and_health_answers() {
    let door = Door::open().await;
    let head = reqwest::Client::new().head(&door.url).send().await.unwrap();
    assert_eq!(head.status(), StatusCode::OK);
    let mut watch = signalman::engine::Watch::default();
    let round = door.firm.engine.look_round(door.firm.now(), &mut watch);
    round.await.unwrap();
    for path in ["/healthz", "/readyz"] {
        let url = door.firm.url.join(path).unwrap();
        assert_eq!(get(url).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn a_board_that_is_not_ours_is_not_answered_with_gone() {
    let door = Door::open().await;
    let url = door
        .firm
        .url
        .join("/hooks/trello/5b00000000000000000000ff")
        .unwrap();
    let body = b"{}".to_vec();
    let signature = sign(&door.firm.sandbox.secret(), &body, url.as_str());
    let request = reqwest::Client::new()
        .post(url)
        .header("x-trello-webhook", signature)
        .body(body);
    let status = request.send().await.unwrap().status();
    assert_ne!(status, StatusCode::GONE);
}
