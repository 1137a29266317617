//! A practice Trello: its REST API, its webhooks and a board page, in memory, on loopback. It stands
//! beside the house with types of its own and imports nothing of the service, so that a misreading
//! of Trello cannot be shared by both. Only the command line and the tests open it.

pub mod ask;
mod authorize;
mod deliver;
pub mod faults;
mod limits;
mod mail;
pub mod model;
mod page;
mod powerup;
pub mod radio;
mod render;
mod rest;
mod server;
mod signer;
pub mod state;
mod telling;
pub mod world;

use axum::Router;
use axum::routing::{any, get, post, put};
use jiff::SignedDuration;
use server::Server;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::{OnceCell, mpsc};
use tokio_util::sync::CancellationToken;
use world::{SERVICE_APP, World};

pub use faults::{Fault, FaultKind};
pub use mail::Mail;
pub use model::Rank;
pub use powerup::PowerUp;

pub struct Options {
    pub listen: SocketAddr,
    /// Its clock is the machine's plus this.
    pub clock_offset: SignedDuration,
    /// Webhooks are tried again after 30, 60 and 120 seconds times this.
    pub retry_scale: f64,
    pub rate_limits: bool,
}

impl Default for Options {
    /// Any free port of loopback, real time, retries a thousand times faster, no windows.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            clock_offset: SignedDuration::ZERO,
            retry_scale: 0.001,
            rate_limits: false,
        }
    }
}

/// A running practice Trello. It stops when dropped.
pub struct Sandbox {
    world: World,
    address: SocketAddr,
    mail: OnceCell<SocketAddr>,
    stop: CancellationToken,
}

impl Sandbox {
    /// Fails only where it cannot listen.
    pub async fn start(options: Options) -> std::io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let address = listener.local_addr()?;
        let (send, queue) = mpsc::unbounded_channel();
        let world = World::new(options.clock_offset, send);
        let stop = CancellationToken::new();
        tokio::spawn(deliver::run(
            world.clone(),
            queue,
            options.retry_scale,
            stop.clone(),
        ));
        let server = Server {
            world: world.clone(),
            limits: options.rate_limits.then(|| Arc::new(Mutex::default())),
            http: reqwest::Client::new(),
        };
        let told = stop.clone();
        let router = router(server);
        tokio::spawn(async move {
            tokio::select! {
                _ = axum::serve(listener, router) => {}
                () = told.cancelled() => {}
            }
        });
        Ok(Self {
            world,
            address,
            mail: OnceCell::new(),
            stop,
        })
    }

    /// Where the board page is; Trello's API stands below `/1`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn world(&self) -> &World {
        &self.world
    }

    /// Where its post listens: SMTP on loopback. It is opened when it is asked for.
    pub async fn mail(&self) -> std::io::Result<SocketAddr> {
        let open = || mail::open(self.world.clone(), self.stop.clone());
        self.mail.get_or_try_init(open).await.copied()
    }

    /// Key and secret of the app that the service uses.
    pub fn key(&self) -> String {
        self.world
            .app(SERVICE_APP)
            .map(|app| app.key)
            .unwrap_or_default()
    }

    pub fn secret(&self) -> String {
        self.world
            .app(SERVICE_APP)
            .map(|app| app.secret)
            .unwrap_or_default()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn router(server: Server) -> Router {
    Router::new()
        .route("/", get(page::home))
        .route("/b/{board}", get(page::index))
        .route("/b/{board}/{*rest}", get(page::index))
        .route("/assets/{*path}", get(page::asset))
        .route("/powerup-client.js", get(page::client))
        .route("/powerup/installed", put(powerup::switch))
        .route("/powerup/data", get(powerup::kept).put(powerup::keep))
        .route("/powerup/jwt", post(powerup::token))
        .route("/sandbox/powerup", put(powerup::install))
        .route("/sandbox/who", get(page::who))
        .route("/sandbox/clock", get(page::time).put(page::pass))
        .route("/sandbox/mails", get(page::mails))
        .route("/sandbox/events", get(page::events))
        .route("/sandbox/requests", get(page::requests))
        .route("/sandbox/faults", get(page::faults).put(page::set_faults))
        .route("/1/authorize", get(authorize::ask).post(authorize::answer))
        .route("/1/resource/jwt-public-keys", get(powerup::keys))
        .route("/1/{*path}", any(server::answer))
        .with_state(server)
}
