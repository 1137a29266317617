//! What the engine counts, in Prometheus' types: verdicts and how soon they were reached, refusals by
//! gate, what was caught up with. Labels are words of ours and keys of the process file; never a
//! name of a person or a card.

use crate::model::{Event, EventKind};
use crate::process::{Ruling, What};
use jiff::Timestamp;
use prometheus_client::metrics::{counter::Counter, family::Family, histogram::Histogram};
use prometheus_client::registry::{Registry, Unit};

pub type Label = [(&'static str, String); 1];

/// From a moment to half a day: what a webhook tells is judged within a second, what was missed
/// when it is found.
const LAGS: [f64; 13] = [
    0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3_600.0, 14_400.0, 43_200.0,
];

pub struct Metrics {
    decisions: Family<Label, Counter>,
    refusals: Family<Label, Counter>,
    lag: Histogram,
    reconciled: Counter,
    messages: Family<Label, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            decisions: Family::default(),
            refusals: Family::default(),
            lag: Histogram::new(LAGS),
            reconciled: Counter::default(),
            messages: Family::default(),
        }
    }
}

/// What one sitting adds, kept until it is committed.
pub(super) struct Sitting {
    kinds: Vec<&'static str>,
    gates: Vec<String>,
    lags: Vec<f64>,
}

impl Sitting {
    pub(super) fn of(rulings: &[Ruling], events: &[Event], now: Timestamp) -> Self {
        let gate = |ruling: &Ruling| match &ruling.what {
            What::Refused(refused) => Some(refused.target.to_string()),
            _ => None,
        };
        let told = events.iter().filter(|event| is_trellos(event));
        Self {
            kinds: rulings.iter().map(|ruling| ruling.what.kind()).collect(),
            gates: rulings.iter().filter_map(gate).collect(),
            lags: told
                .map(|event| now.duration_since(event.at).as_secs_f64().max(0.0))
                .collect(),
        }
    }
}

/// Not one of the events that we make ourselves, whose date is no person's.
fn is_trellos(event: &Event) -> bool {
    use EventKind::{
        ChatOpened, Found, Held, LetStand, MessageDue, MessageLost, OwnerSaid, PlaceDue, PlaceSaid,
        PlacesWanted, TimerFired,
    };
    !matches!(
        event.kind,
        ChatOpened { .. }
            | Found { .. }
            | Held { .. }
            | LetStand { .. }
            | MessageDue { .. }
            | MessageLost { .. }
            | OwnerSaid { .. }
            | PlaceDue { .. }
            | PlaceSaid { .. }
            | PlacesWanted { .. }
            | TimerFired { .. }
    )
}

impl Metrics {
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "decisions",
            "Decisions by kind: admitted, refused, unticked and so on",
            Family::clone(&self.decisions),
        );
        registry.register(
            "refusals",
            "Moves refused, by the stage they went to",
            Family::clone(&self.refusals),
        );
        registry.register_with_unit(
            "verdict_lag",
            "From the date of an action to the verdict on it",
            Unit::Seconds,
            self.lag.clone(),
        );
        registry.register(
            "reconciled_events",
            "Events that no webhook told of and that were found by catching up or by a sweep",
            self.reconciled.clone(),
        );
        registry.register(
            "messages",
            "Messages to people by other ways than the card: sent, or given up as lost",
            Family::clone(&self.messages),
        );
    }

    pub(super) fn judged(&self, sitting: &Sitting) {
        for kind in &sitting.kinds {
            let label = [("kind", (*kind).to_owned())];
            self.decisions.get_or_create(&label).inc();
        }
        for gate in &sitting.gates {
            let label = [("gate", gate.clone())];
            self.refusals.get_or_create(&label).inc();
        }
        for lag in &sitting.lags {
            self.lag.observe(*lag);
        }
    }

    /// `end`: sent, lost.
    pub(super) fn message(&self, end: &str) {
        let label = [("end", end.to_owned())];
        self.messages.get_or_create(&label).inc();
    }

    pub(super) fn reconciled(&self, events: usize) {
        self.reconciled.inc_by(events as u64);
    }
}
