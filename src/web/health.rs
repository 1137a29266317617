//! Whether the service lives, and whether it can work. Bodies are for the operator's eye: one line
//! each, and no name of a person or a card.

use super::Doors;
use crate::engine::Health;
use axum::extract::State;
use axum::http::StatusCode;
use std::fmt::Write;

pub(super) async fn alive() -> &'static str {
    "ok"
}

/// Ready when the store answers and every board was looked at once since the start. A board that
/// cannot be seen is named and holds up nobody.
pub(super) async fn ready(State(doors): State<Doors>) -> (StatusCode, String) {
    let boards = doors.0.store.boards().await;
    let health = doors.0.engine.health();
    let wanting = match boards {
        Err(_) => Some("the store does not answer"),
        Ok(boards) if !boards.is_empty() && !health.round_made => {
            Some("the first round over the boards is not made yet")
        }
        Ok(_) => None,
    };
    let (status, mut text) = match wanting {
        Some(wanting) => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("not ready: {wanting}\n"),
        ),
        None => (StatusCode::OK, "ready\n".to_owned()),
    };
    blind(&health, &mut text);
    (status, text)
}

fn blind(health: &Health, text: &mut String) {
    for (board, (why, since)) in &health.blind {
        let _ = writeln!(
            text,
            "board {board} is blind since {since}: {}",
            why.reason()
        );
    }
}
