//! Intake does three things: verify, drop what was told before, append durably. Then it answers 200.

use super::{Doors, callback_url};
use crate::model::{BoardId, redact};
use crate::store::StoreError;
use crate::trello::{action, hook};
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

/// Trello asks with HEAD whether anyone is there before it registers a webhook.
pub(super) async fn alive() -> StatusCode {
    StatusCode::OK
}

pub(super) async fn receive(
    State(doors): State<Doors>,
    Path(board): Path<String>,
    mut request: Request,
) -> StatusCode {
    let board = BoardId::new(board);
    let signature = request.headers_mut().remove("x-trello-webhook");
    let signature = signature.as_ref().and_then(|value| value.to_str().ok());
    let (outcome, status) = match doors.0.purse.whole(request).await {
        Ok(body) => take(&doors, &board, signature.unwrap_or(""), &body.bytes).await,
        Err(refused) => refused,
    };
    doors.0.figures.delivery(outcome);
    status
}

async fn take(
    doors: &Doors,
    board: &BoardId,
    signature: &str,
    body: &[u8],
) -> (&'static str, StatusCode) {
    let inner = &doors.0;
    let url = callback_url(&inner.public_url, board);
    if !hook::verify(&inner.secrets, body, &url, signature) {
        turned_away(doors, board);
        return ("forged", StatusCode::UNAUTHORIZED);
    }
    inner.turned_away.store(0, Ordering::Relaxed);
    let now = (inner.clock)();
    match known(doors, board).await {
        Ok(true) => {}
        Ok(false) => return ("unknown_board", StatusCode::NOT_FOUND),
        Err(error) => return unavailable(&error),
    }
    let stored = match action::delivered(body) {
        Ok(event) => inner.store.append(board, &[event], now).await,
        Err(reason) => {
            tracing::warn!(%board, reason, "a delivery that cannot be read was kept aside");
            let body = redact::cut_passwords(&String::from_utf8_lossy(body)).into_owned();
            let kept = inner.store.set_aside(board, &body, &reason, now).await;
            return kept.map_or_else(
                |error| unavailable(&error),
                |()| ("set_aside", StatusCode::OK),
            );
        }
    };
    match stored {
        Ok(0) => ("duplicate", StatusCode::OK),
        Ok(_) => {
            inner.engine.heard(now);
            ("taken", StatusCode::OK)
        }
        Err(error) => unavailable(&error),
    }
}

/// A board once attached stays known; only one that is not known yet is asked for again.
async fn known(doors: &Doors, board: &BoardId) -> Result<bool, StoreError> {
    let known = || {
        let known = doors.0.known.lock();
        known.unwrap_or_else(PoisonError::into_inner)
    };
    if known().contains(board) {
        return Ok(true);
    }
    let found = doors.0.store.board(board).await?.is_some();
    if found {
        known().insert(board.clone());
    }
    Ok(found)
}

/// One is somebody's try; several and never a good one are a wrong secret.
fn turned_away(doors: &Doors, board: &BoardId) {
    const SEVERAL: u32 = 3;
    let before = doors.0.turned_away.fetch_add(1, Ordering::Relaxed);
    if before + 1 == SEVERAL {
        tracing::error!(
            %board,
            "three deliveries in a row bear another signature: TRELLO_SECRET or PUBLIC_URL is probably wrong. \
             Copy the secret again from https://trello.com/power-ups/admin (your app, “API key”, “Secret”)"
        );
    } else {
        tracing::warn!(%board, "a delivery whose signature is not Trello's was turned away");
    }
}

/// Trello tries again in half a minute.
fn unavailable(error: &StoreError) -> (&'static str, StatusCode) {
    tracing::error!(%error, "a delivery could not be stored");
    ("not_stored", StatusCode::SERVICE_UNAVAILABLE)
}
