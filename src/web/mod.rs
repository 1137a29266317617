//! The doors on the network: Trello's webhook, the Power-Up's pages and what they ask, a card's page by
//! itself, health and metrics. A request is answered; whatever takes longer is the engine's.

mod api;
mod body;
mod connections;
mod health;
mod hook;
mod metrics;
mod pages;
mod phone;

use crate::engine::{Clock, Engine};
use crate::model::{BoardId, MemberId};
use crate::store::Store;
use crate::trello::Trello;
pub use crate::trello::hook::callback_url;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
pub use connections::Limits;
use metrics::Figures;
pub use phone::Phone;
use secrecy::SecretString;
use std::collections::HashSet;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};
use url::Url;

/// Trello's bodies are a few kilobytes; a long description makes them a few tens.
pub const BODY_BYTES: usize = 1 << 20;
/// Trello waits 30 s for an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// The Power-Up: its pages and who may ask what they ask.
pub struct PowerUp {
    /// As Trello knows it: `idPlugin` in its tokens.
    pub id: String,
    /// Where the pages take Trello's client library from.
    pub client: Url,
    /// The page that hosts them.
    pub host: Url,
    keys: api::Keys,
    pace: api::Pace<(MemberId, bool)>,
    phone: Option<Arc<Phone>>,
    setup: Arc<api::Desk>,
}

impl PowerUp {
    pub fn new(id: String, client: Url, host: Url, trello: Arc<Trello>) -> Self {
        Self {
            id,
            client,
            host,
            setup: Arc::new(api::Desk::new(Arc::clone(&trello))),
            keys: api::Keys::new(trello),
            pace: api::pace(),
            phone: None,
        }
    }

    pub fn has_phone(&self) -> bool {
        self.phone.is_some()
    }

    /// Cards have pages of their own, outside of Trello.
    pub fn with_phone(self, phone: Phone) -> Self {
        Self {
            phone: Some(Arc::new(phone)),
            ..self
        }
    }
}

#[derive(Clone)]
pub struct Doors(Arc<Inner>);

struct Inner {
    store: Arc<dyn Store>,
    engine: Arc<Engine>,
    clock: Clock,
    /// The application's secret, and the one it replaces.
    secrets: Vec<SecretString>,
    public_url: Url,
    figures: Figures,
    /// Deliveries turned away since the last good one.
    turned_away: AtomicU32,
    /// Boards that were attached when they were asked for.
    known: Mutex<HashSet<BoardId>>,
    purse: body::Purse,
    places: Arc<connections::Places>,
    powerup: Option<PowerUp>,
}

impl Doors {
    pub fn new(
        store: Arc<dyn Store>,
        engine: Arc<Engine>,
        clock: Clock,
        secrets: Vec<SecretString>,
        public_url: Url,
        powerup: Option<PowerUp>,
    ) -> Self {
        let places = Arc::<connections::Places>::default();
        let figures = Figures::of(&engine, &places);
        Self(Arc::new(Inner {
            store,
            engine,
            clock,
            secrets,
            public_url,
            figures,
            turned_away: AtomicU32::new(0),
            known: Mutex::default(),
            purse: body::Purse::default(),
            places,
            powerup,
        }))
    }

    /// Answers until told to stop; what is begun is finished.
    pub async fn serve(self, listener: TcpListener, limits: Limits, stop: CancellationToken) {
        let places = Arc::clone(&self.0.places);
        connections::serve(listener, self.router(), places, limits, stop).await;
    }

    pub fn router(self) -> Router {
        Router::new()
            .route(
                "/hooks/trello/{board}",
                get(hook::alive).head(hook::alive).post(hook::receive),
            )
            .route("/healthz", get(health::alive))
            .route("/readyz", get(health::ready))
            .route("/metrics", get(metrics::show))
            .route("/powerup/{*path}", get(pages::page))
            .nest("/api", api::routes(api::Proof::Token))
            .merge(phone::routes())
            .layer(TimeoutLayer::with_status_code(
                StatusCode::SERVICE_UNAVAILABLE,
                ANSWER_WITHIN,
            ))
            .layer(CatchPanicLayer::new())
            .layer(axum::middleware::from_fn(phone::guarded))
            .with_state(self)
    }
}
