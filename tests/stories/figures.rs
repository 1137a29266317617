//! What the operator sees: readiness, the figures, and the log with a decision's id in every line.

use crate::firm::{Firm, says};
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use prometheus_parse::{Scrape, Value};
use regex::Regex;
use serde_json::Value as Json;
use signalman::engine::{Clock, Watch};
use signalman::sandbox::{Fault, FaultKind};
use signalman::store::{BoardState, Sqlite, Store};
use signalman::web::Doors;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, Once};
use tower::ServiceExt;
use tracing_subscriber::fmt::MakeWriter;

/// What the service answers there, with this engine.
pub async fn shown(firm: &Firm, path: &str) -> (StatusCode, String) {
    let store: Arc<dyn Store> = Arc::<Sqlite>::clone(&firm.store);
    let world = firm.world().clone();
    let clock: Clock = Arc::new(move || world.now());
    let doors = Doors::new(
        store,
        Arc::clone(&firm.engine),
        clock,
        Vec::new(),
        firm.url.clone(),
        None,
    );
    let request = Request::get(path).body(Body::empty()).unwrap();
    let answer = doors.router().oneshot(request).await.unwrap();
    let status = answer.status();
    let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn samples(text: &str) -> Scrape {
    Scrape::parse(text.lines().map(|line| Ok(line.to_owned()))).unwrap()
}

/// One figure, by its name and labels.
pub fn value(text: &str, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    let scrape = samples(text);
    let named = scrape.samples.iter().find(|sample| {
        let bears = |(key, value): &(&str, &str)| sample.labels.get(key) == Some(*value);
        sample.metric == name && labels.iter().all(bears)
    })?;
    match &named.value {
        Value::Counter(value) | Value::Gauge(value) | Value::Untyped(value) => Some(*value),
        _ => None,
    }
}

/// The log's lines from here on, as JSON.
pub struct Lines {
    kept: Kept,
    _guard: tracing::subscriber::DefaultGuard,
}

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Kept {
    type Writer = Self;
    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

pub struct Line(Json);

impl Line {
    pub fn field(&self, name: &str) -> &str {
        self.0["fields"][name].as_str().unwrap_or_default()
    }
    pub fn text(&self) -> &str {
        self.field("message")
    }
    fn span(&self, name: &str) -> &str {
        self.0["span"][name].as_str().unwrap_or_default()
    }
}

impl Lines {
    pub fn taken() -> Self {
        Self::down_to(tracing::Level::INFO)
    }
    pub fn down_to(level: tracing::Level) -> Self {
        // Lines that another story reaches first, where nobody listens, would be written off for good.
        static SOMEBODY_LISTENS: Once = Once::new();
        SOMEBODY_LISTENS.call_once(|| {
            let everything = tracing_subscriber::registry();
            tracing::subscriber::set_global_default(everything).unwrap();
        });
        let kept = Kept::default();
        let log = tracing_subscriber::fmt().json().with_max_level(level);
        let log = log.with_writer(kept.clone());
        let guard = tracing::subscriber::set_default(log.finish());
        Self {
            kept,
            _guard: guard,
        }
    }
    pub fn text(&self) -> String {
        String::from_utf8(self.kept.0.lock().unwrap().clone()).unwrap()
    }
    pub fn all(&self) -> Vec<Line> {
        let text = self.text();
        let line = |line: &str| Line(serde_json::from_str(line).unwrap());
        text.lines().map(line).collect()
    }
}

#[tokio::test]
async fn the_service_is_ready_when_every_board_was_looked_at() {
    let firm = Firm::open().await;
    let (status, body) = shown(&firm, "/readyz").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    says(&body, &["first round"]);
    assert_eq!(shown(&firm, "/healthz").await.0, StatusCode::OK);
    firm.look_after(&mut Watch::default()).await;
    let (status, body) = shown(&firm, "/readyz").await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "ready\n"));
}

#[tokio::test]
async fn a_service_without_boards_is_ready_at_once() {
    let firm = Firm::unattached(crate::firm::radio_text()).await;
    assert_eq!(shown(&firm, "/readyz").await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_board_is_behind_until_it_was_looked_through() {
    let firm = Firm::open().await;
    let mut watch = Watch::default();
    let boards = async |firm: &Firm| {
        let (_, text) = shown(firm, "/metrics").await;
        let one = |name| value(&text, name, &[]).unwrap();
        (one("signalman_boards_held"), one("signalman_boards_behind"))
    };
    assert_eq!(boards(&firm).await, (1.0, 1.0), "nobody has looked yet");
    let away = Fault::next(FaultKind::Broken, 1_000).on("GET", "/boards");
    firm.world().fault(away);
    firm.look_after(&mut watch).await;
    assert_eq!(boards(&firm).await, (1.0, 1.0), "Trello did not answer");
    firm.world().with(|state| state.faults.clear());
    firm.world().advance(jiff::SignedDuration::from_secs(15));
    firm.look_after(&mut watch).await;
    assert_eq!(boards(&firm).await, (1.0, 0.0));
    let paused = BoardState::Paused;
    let board = firm.board();
    firm.store
        .set_state(&board, paused, firm.now())
        .await
        .unwrap();
    assert_eq!(boards(&firm).await, (0.0, 0.0));
}

#[tokio::test]
async fn the_figures_follow_what_happens_and_can_be_read_by_others() {
    let firm = Firm::open().await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    firm.push("gleb_demo", "boot", "left");
    firm.world().delivered().await;
    firm.world().advance(jiff::SignedDuration::from_secs(90));
    let (_, text) = shown(&firm, "/metrics").await;
    let one = |name: &str, labels: &[(&str, &str)]| value(&text, name, labels);
    let gate = [("gate", "connect")];
    assert_eq!(one("signalman_refusals_total", &gate), Some(1.0));
    let refused = [("kind", "refused")];
    assert_eq!(one("signalman_decisions_total", &refused), Some(1.0));
    assert_eq!(one("signalman_store_up", &[]), Some(1.0));
    assert!(one("signalman_events_waiting", &[]).unwrap() >= 1.0);
    let age = one("signalman_event_oldest_age_seconds", &[]).unwrap();
    assert!((90.0..100.0).contains(&age), "{age}");
    let read = [("kind", "GET cards"), ("answer", "2xx")];
    assert!(one("signalman_trello_requests_total", &read).unwrap() >= 1.0);
    let back = [("kind", "PUT cards"), ("answer", "2xx")];
    assert_eq!(one("signalman_trello_requests_total", &back), Some(1.0));
    let blind = [("reason", "token")];
    assert_eq!(one("signalman_blind_boards", &blind), Some(0.0));
    let lag = samples(&text).samples;
    let lag = lag
        .iter()
        .find(|sample| sample.metric == "signalman_verdict_lag_seconds")
        .map(|sample| sample.value.clone());
    let Some(Value::Histogram(buckets)) = lag else {
        panic!("no lag in\n{text}");
    };
    assert!(buckets.last().unwrap().count >= 1.0);
}

/// Names, units, help and types by Prometheus' conventions; every line is one that its parsers read.
#[tokio::test]
async fn the_figures_keep_prometheus_conventions() {
    let firm = Firm::open().await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    let (_, text) = shown(&firm, "/metrics").await;
    assert!(text.ends_with("# EOF\n"));
    let told = |what: &str| -> BTreeSet<String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix(what));
        let name = |line: &str| line.split(' ').next().unwrap().to_owned();
        lines.map(name).collect()
    };
    let (helps, types) = (told("# HELP "), told("# TYPE "));
    assert_eq!(helps, types, "each has its help and its type");
    let sample = Regex::new(r#"^([a-z_]+)(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? \S+$"#).unwrap();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some(found) = sample.captures(line) else {
            panic!("{line}");
        };
        let name = found[1].to_owned();
        let ends = ["_total", "_bucket", "_sum", "_count", ""];
        let family = ends.iter().filter_map(|end| name.strip_suffix(end));
        assert!(
            family.clone().any(|family| types.contains(family)),
            "{line}"
        );
        assert!(name.starts_with("signalman_"), "{line}");
        let counter = text.contains(&format!(
            "# TYPE {} counter",
            name.trim_end_matches("_total")
        ));
        assert_eq!(counter, name.ends_with("_total"), "{line}");
        assert!(
            !name.contains("_ms") && !name.ends_with("_seconds_total"),
            "{line}"
        );
    }
    let names = ["Кефир", "ilya_demo", "Илья"];
    assert!(!names.iter().any(|name| text.contains(name)), "{text}");
}

/// Every metric that a dashboard asks for is one that the service shows.
#[tokio::test]
async fn the_dashboard_asks_for_what_there_is() {
    let firm = Firm::open().await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    let (_, text) = shown(&firm, "/metrics").await;
    let dashboard: Json = serde_json::from_str(include_str!("../../docs/grafana.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels
        .iter()
        .flat_map(|panel| panel["targets"].as_array().cloned().unwrap_or_default());
    let asked: String = targets
        .map(|target| target["expr"].as_str().unwrap().to_owned() + "\n")
        .collect();
    let name = Regex::new("signalman_[a-z_]+").unwrap();
    let names: BTreeSet<_> = name.find_iter(&asked).map(|found| found.as_str()).collect();
    for name in &names {
        let shown = text
            .lines()
            .any(|line| line.split(['{', ' ']).next() == Some(name));
        assert!(shown, "{name} is not among\n{text}");
    }
    let families = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    for family in families.map(|line| line.split(' ').next().unwrap()) {
        assert!(asked.contains(family), "{family} is on no panel");
    }
}

#[tokio::test]
async fn every_line_of_a_refusal_bears_its_decisions_id() {
    let firm = Firm::open().await;
    let lines = Lines::taken();
    firm.drag("ilya_demo", "kefir", "connect").await;
    let log = lines.all();
    let refused = log.iter().find(|line| line.field("kind") == "refused");
    let decision = refused.unwrap().field("decision").to_owned();
    assert_eq!(decision.len(), 6);
    says(&firm.last("kefir"), &[&decision]);
    assert_eq!(refused.unwrap().span("decision"), decision);
    for deed in ["move", "comment"] {
        let done = log.iter().find(|line| line.field("deed") == deed);
        let done = done.unwrap_or_else(|| panic!("nothing is said of the {deed}"));
        assert_eq!(done.span("decision"), decision, "{deed}");
        assert_eq!(done.span("board"), firm.demo.board);
        assert!(done.span("lane").contains(&firm.id("kefir")));
    }
}
