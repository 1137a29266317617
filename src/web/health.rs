//! Whether the service lives, whether it can work, and its figures.

use super::Doors;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use prometheus_client::encoding::text::encode;
use std::fmt::Write;

pub(super) async fn alive() -> &'static str {
    "ok"
}

/// Ready when the store answers.
pub(super) async fn ready(State(doors): State<Doors>) -> (StatusCode, &'static str) {
    match doors.0.store.counters().await {
        Ok(_) => (StatusCode::OK, "ready"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer"),
    }
}

pub(super) async fn metrics(State(doors): State<Doors>) -> impl IntoResponse {
    let mut text = String::new();
    if let Ok(counters) = doors.0.store.counters().await {
        let gauges = [
            ("events_waiting", counters.events_waiting),
            ("effects_waiting", counters.effects_waiting),
            ("dead_letters", counters.dead),
            ("set_aside", counters.set_aside),
        ];
        for (name, value) in gauges {
            let _ = writeln!(
                text,
                "# TYPE signalman_{name} gauge\nsignalman_{name} {value}"
            );
        }
    }
    let encoded = encode(&mut text, &doors.0.registry).is_ok();
    let status = if encoded {
        StatusCode::OK
    } else {
        StatusCode::INTERNAL_SERVER_ERROR
    };
    (
        status,
        [(
            header::CONTENT_TYPE,
            "text/plain; version=1.0.0; charset=utf-8",
        )],
        text,
    )
}
