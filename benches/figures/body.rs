//! Deliveries as Trello makes them, with a fresh action each and the right signature, made before the
//! clock runs.

use crate::load::Shot;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::Sha256;
use std::sync::atomic::{AtomicU64, Ordering};

/// A real delivery of the practice Trello, in which ids are exchanged.
pub struct Sheet {
    pub whole: Value,
    pub secret: String,
    /// The service's public address, as it is signed.
    pub public_url: String,
}

/// One move of one card.
pub struct Move<'a> {
    pub board: &'a str,
    pub card: &'a str,
    pub from: &'a str,
    pub to: &'a str,
    pub at: Timestamp,
}

static NEXT: AtomicU64 = AtomicU64::new(1);

/// An id that no other action has.
fn action(at: Timestamp) -> String {
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{:08x}{:016x}", at.as_second(), 0xbe00_0000_0000_0000 | n)
}

impl Sheet {
    pub fn moved(&self, one: &Move<'_>) -> Shot {
        let mut body = self.whole.clone();
        body["model"]["id"] = json!(one.board);
        body["webhook"]["idModel"] = json!(one.board);
        let action_body = &mut body["action"];
        action_body["id"] = json!(action(one.at));
        action_body["date"] = json!(format!("{:.3}", one.at));
        let data = &mut action_body["data"];
        data["board"]["id"] = json!(one.board);
        data["card"]["id"] = json!(one.card);
        data["card"]["idList"] = json!(one.to);
        data["old"]["idList"] = json!(one.from);
        data["listBefore"]["id"] = json!(one.from);
        data["listAfter"]["id"] = json!(one.to);
        self.signed(one.board, &body.to_string())
    }

    fn signed(&self, board: &str, body: &str) -> Shot {
        let path = format!("/hooks/trello/{board}");
        let mut mac = Hmac::<Sha1>::new_from_slice(self.secret.as_bytes()).unwrap();
        mac.update(body.as_bytes());
        mac.update(format!("{}{path}", self.public_url).as_bytes());
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        Shot::new(&path, &[("x-trello-webhook", signature)], body)
    }

    /// A body of the same size for a receiver of GitHub's webhooks.
    pub fn for_github(&self, like: &Shot) -> Shot {
        let mut body = json!({
            "ref": "refs/heads/main",
            "repository": { "id": 1, "full_name": "practice/board" },
            "sender": { "id": 1, "login": "practice" },
            "action": serde_json::from_slice::<Value>(like.body()).unwrap()["action"],
            "rest": "",
        });
        let rest = like.body().len().saturating_sub(body.to_string().len());
        body["rest"] = json!("x".repeat(rest));
        let body = body.to_string();
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).unwrap();
        mac.update(body.as_bytes());
        let hex: String = mac
            .finalize()
            .into_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let headers = [
            ("x-hub-signature-256", format!("sha256={hex}")),
            ("x-github-event", "push".to_owned()),
            ("x-github-delivery", action(Timestamp::now())),
        ];
        Shot::new("/api/github/webhooks", &headers, &body)
    }
}

/// Instants of moves to come, a millisecond apart.
pub fn instants() -> impl Iterator<Item = Timestamp> {
    let begun = Timestamp::now();
    (0..).map(move |n| begun + SignedDuration::from_millis(n))
}
