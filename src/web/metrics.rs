//! `/metrics`, in the text format of OpenMetrics, which Prometheus reads. What happens is counted
//! where it happens; what stands is asked for when somebody looks. Labels are words of ours and keys
//! of process files, never the name of a person, a card or a board.

use super::Doors;
use super::connections::Places;
use crate::engine::{Engine, Health, Label};
use crate::model::Blind;
use crate::store::Counters;
use crate::trello;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use jiff::Timestamp;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::{counter::Counter, family::Family, gauge::Gauge};
use prometheus_client::registry::{Registry, Unit};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

type Seconds = Gauge<f64, AtomicU64>;

/// What becomes of a delivery.
const OUTCOMES: [&str; 10] = [
    "taken",
    "duplicate",
    "forged",
    "unknown_board",
    "set_aside",
    "not_stored",
    "too_long",
    "too_slow",
    "no_room",
    "broken_off",
];

pub(super) struct Figures {
    registry: Registry,
    deliveries: Family<Label, Counter>,
    requests: Family<[(&'static str, String); 2], Counter>,
    left: Gauge,
    store_up: Gauge,
    events: Gauge,
    effects: Gauge,
    oldest_event: Seconds,
    oldest_effect: Seconds,
    dead: Gauge,
    aside: Gauge,
    blind: Family<Label, Gauge>,
    round: Gauge,
    held: Gauge,
    behind: Gauge,
}

impl Figures {
    pub(super) fn of(engine: &Engine, places: &Places) -> Self {
        let mut new = Self {
            registry: Registry::with_prefix("signalman"),
            deliveries: Family::default(),
            requests: Family::default(),
            left: Gauge::default(),
            store_up: Gauge::default(),
            events: Gauge::default(),
            effects: Gauge::default(),
            oldest_event: Seconds::default(),
            oldest_effect: Seconds::default(),
            dead: Gauge::default(),
            aside: Gauge::default(),
            blind: Family::default(),
            round: Gauge::default(),
            held: Gauge::default(),
            behind: Gauge::default(),
        };
        for outcome in OUTCOMES {
            drop(new.deliveries.get_or_create(&label("outcome", outcome)));
        }
        engine.metrics().register(&mut new.registry);
        let registry = &mut new.registry;
        registry.register("connections", "Connections open now", places.open.clone());
        registry.register(
            "connections_sent_away",
            "Connections closed because others needed the place",
            places.sent_away.clone(),
        );
        new.register();
        new
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register(
            "events",
            "Events that Trello delivered, by what became of them",
            self.deliveries.clone(),
        );
        registry.register(
            "trello_requests",
            "Requests to Trello by kind and answer",
            self.requests.clone(),
        );
        let ages = [
            (
                "event_oldest_age",
                "How long the event that waits longest has waited for its verdict",
                &self.oldest_event,
            ),
            (
                "effect_oldest_age",
                "How long the effect that waits longest has waited to be done",
                &self.oldest_effect,
            ),
        ];
        for (name, help, gauge) in ages {
            registry.register_with_unit(name, help, Unit::Seconds, gauge.clone());
        }
        let gauges = [
            (
                "trello_requests_left",
                "Requests that Trello still takes in its present window",
                &self.left,
            ),
            ("store_up", "1 when the store answers", &self.store_up),
            (
                "boards_held",
                "Boards that run and that this machine works on",
                &self.held,
            ),
            (
                "boards_behind",
                "Boards held that were not looked through yet, or not when it was last tried",
                &self.behind,
            ),
            (
                "round_made",
                "1 when every board was looked at once since the start",
                &self.round,
            ),
            (
                "events_waiting",
                "Events that wait for their verdict",
                &self.events,
            ),
            (
                "effects_waiting",
                "Effects that wait to be done on Trello",
                &self.effects,
            ),
            (
                "dead_letters",
                "Events and effects that were given up",
                &self.dead,
            ),
            (
                "deliveries_set_aside",
                "Deliveries that could not be read and are kept aside",
                &self.aside,
            ),
        ];
        for (name, help, gauge) in gauges {
            registry.register(name, help, gauge.clone());
        }
        registry.register(
            "blind_boards",
            "Boards that cannot be seen or changed, by the reason",
            self.blind.clone(),
        );
    }

    pub(super) fn delivery(&self, outcome: &'static str) {
        self.deliveries
            .get_or_create(&label("outcome", outcome))
            .inc();
    }

    /// Where the store does not answer, its last figures stand and `store_up` says so.
    fn stored(&self, counters: Option<Counters>, now: Timestamp) {
        self.store_up.set(i64::from(counters.is_some()));
        let Some(counters) = counters else { return };
        let age = |at: Option<Timestamp>| {
            at.map_or(0.0, |at| now.duration_since(at).as_secs_f64().max(0.0))
        };
        self.events.set(whole(counters.events_waiting));
        self.effects.set(whole(counters.effects_waiting));
        self.oldest_event.set(age(counters.oldest_event));
        self.oldest_effect.set(age(counters.oldest_effect));
        self.dead.set(whole(counters.dead));
        self.aside.set(whole(counters.set_aside));
    }

    fn asked(&self, figures: &trello::Figures) {
        for made in &figures.requests {
            let label = [("kind", made.kind.clone()), ("answer", made.answer.into())];
            let counter = self.requests.get_or_create(&label);
            counter.inner().store(made.count, Relaxed);
        }
        self.left.set(whole(figures.left as u64));
    }

    fn boards(&self, health: &Health) {
        self.round.set(i64::from(health.round_made));
        for reason in Blind::ALL {
            let blind = health.blind.values().filter(|(why, _)| *why == reason);
            self.blind
                .get_or_create(&label("reason", reason.reason()))
                .set(whole(blind.count() as u64));
        }
    }
}

fn label(name: &'static str, value: &str) -> Label {
    [(name, value.to_owned())]
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) async fn show(State(doors): State<Doors>) -> impl IntoResponse {
    let inner = &doors.0;
    let figures = &inner.figures;
    figures.stored(inner.store.counters().await.ok(), (inner.clock)());
    figures.asked(&inner.engine.figures().await);
    figures.boards(&inner.engine.health());
    if let Ok(held) = inner.store.running().await {
        figures.held.set(whole(held.len() as u64));
        figures.behind.set(whole(inner.engine.behind(&held) as u64));
    }
    let mut text = String::new();
    let status = match encode(&mut text, &figures.registry) {
        Ok(()) => StatusCode::OK,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let format = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    (status, [(header::CONTENT_TYPE, format)], text)
}
