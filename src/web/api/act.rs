//! What is asked for: weighed at once, so that whoever asks is told; then written down as an event
//! like any other, judged in its turn and done in the asker's name.

use super::error::ApiError;
use super::view::card_id;
use super::who::Asker;
use crate::engine::asked;
use crate::model::{Ask, CardId, hex, redact};
use crate::process::{FieldKey, Mode, Process, panel};
use crate::store::BoardState;
use crate::web::Doors;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};

/// More fields than any form has.
const MOST_FIELDS: usize = 100;
const MOST_CHARS: usize = 4_000;
const KEY_CHARS: usize = 100;

/// Two asks of one instant are two.
static ASKED: AtomicU64 = AtomicU64::new(0);

pub(super) async fn ask(
    State(doors): State<Doors>,
    asker: Asker,
    Path((_, card)): Path<(String, String)>,
    headers: HeaderMap,
    body: Result<Json<Ask>, JsonRejection>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let reader = asker.reader;
    let card = card_id(&asker, card)?;
    let Json(ask) = body.map_err(|refused| reader.body(&refused))?;
    if !bounded(&ask) {
        return Err(reader.error("too_large"));
    }
    if !asker.viewer.writes {
        return Err(reader.error("may_not"));
    }
    if asker.under.state() == BoardState::Paused {
        return Err(reader.error("paused"));
    }
    if asker.under.process().mode == Mode::Watch {
        return Err(reader.error("watching"));
    }
    if asker.under.bindings().is_own(&card) {
        return Err(reader.error("own_card"));
    }
    let key = headers.get("idempotency-key");
    let key = key.and_then(|key| key.to_str().ok());
    let key = key.filter(|key| (1..=KEY_CHARS).contains(&key.len()));
    let id = id(&asker, key, &card, &ask);
    let secret = holds_password(asker.under.process(), &ask);
    let event = asked(&id, asker.now, &asker.membership, card, ask);
    let (engine, board) = (&doors.0.engine, &asker.board);
    let hand = asker.viewer.hand();
    let weighed = engine.weigh_ask(&asker.under, &event, &hand, asker.now);
    let weighed = weighed.await.map_err(|error| reader.not_seen(error))?;
    let (rulings, outlook) = weighed.ok_or_else(|| reader.error("no_card"))?;
    if let Some(trouble) = panel::trouble(&asker.panel(), &outlook, &rulings) {
        return Err(trouble.into());
    }
    // Before it is kept anywhere, in events above all.
    if secret {
        return Err(reader.error("password"));
    }
    let written = engine.take_ask(board, event, asker.now).await;
    written.map_err(|error| reader.store(error))?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "id": id }))))
}

fn bounded(ask: &Ask) -> bool {
    match ask {
        Ask::Move { stage: text } | Ask::Tick { item: text } => text.len() <= MOST_CHARS,
        Ask::Call { stage, of } => stage.len() + of.len() <= MOST_CHARS,
        Ask::Set { fields } => {
            let short = |(key, value): (&String, &String)| key.len() + value.len() <= MOST_CHARS;
            fields.len() <= MOST_FIELDS && fields.iter().all(short)
        }
    }
}

/// Whether a value would be cut where Trello's answers come in.
fn holds_password(process: &Process, ask: &Ask) -> bool {
    let Ask::Set { fields } = ask else {
        return false;
    };
    let cut = |(key, value): (&String, &String)| {
        let field = process.field(&FieldKey::from(key.as_str()));
        let name = field.map_or(key.as_str(), |field| field.name.as_str());
        let line = format!("{name}: {value}");
        line.contains(redact::MASK) || matches!(redact::cut_passwords(&line), Cow::Owned(_))
    };
    fields.iter().any(cut)
}

/// The same for the same thing asked for by the same person with the same key: sent again, it is done
/// once. Something else under an old key is something else, or it would be lost and called done.
fn id(asker: &Asker, key: Option<&str>, card: &CardId, ask: &Ask) -> String {
    let own = match key {
        Some(key) => format!("key {key} {card} {}", json!(ask)),
        None => {
            let nth = ASKED.fetch_add(1, Ordering::Relaxed);
            format!("{} {nth} {}", asker.now, std::process::id())
        }
    };
    let whole = format!("{} {} {own}", asker.board, asker.viewer.member.id);
    let hash = hex(&Sha256::digest(whole));
    format!("ask-{}", hash.get(..24).unwrap_or(&hash))
}
