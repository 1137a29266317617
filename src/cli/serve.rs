//! `signalman serve`: the service, until SIGTERM or Ctrl-C.

use super::check::sound;
use super::connect::{TrelloArgs, board_id, clock, fatal};
use super::setup::Steps;
use super::stored::StoreArgs;
use super::terminal::{line, log, until_told};
use crate::attach::Options as AttachOptions;
use crate::engine::{Clock, Engine, Options};
use crate::store::Store;
use crate::trello::Trello;
use crate::web::{Doors, Limits, Phone, PowerUp};
use anyhow::{Context, bail};
use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use url::Url;

#[derive(Args)]
pub(super) struct Serve {
    /// Where to listen
    #[arg(long, env = "LISTEN", default_value = "0.0.0.0:8080")]
    listen: SocketAddr,
    /// How Trello reaches this service, such as https://signalman.example; without it the boards are polled
    #[arg(long, env = "PUBLIC_URL")]
    public_url: Option<Url>,
    /// The app's secret; two with a comma between them while one is replaced
    #[arg(long, env = "TRELLO_SECRET", hide_env_values = true)]
    trello_secret: Option<SecretString>,
    /// A process file for --board, imported only if that board has none yet
    #[arg(long, env = "PROCESS")]
    process: Option<PathBuf>,
    /// A board to attach at the start if it is not attached yet
    #[arg(long, env = "BOARD")]
    board: Option<String>,
    /// Seconds between two looks where boards are polled
    #[arg(long, env = "POLL_SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=3600))]
    poll_seconds: u64,
    /// Where board-level news is posted besides, as JSON {"text": …}
    #[arg(long, env = "NEWS_URL", hide_env_values = true)]
    news_url: Option<Url>,
    /// Days for which names are kept in events and history; without it they are kept for good
    #[arg(long, env = "KEEP_DAYS", value_parser = clap::value_parser!(u64).range(1..=36_500))]
    keep_days: Option<u64>,
    /// The Power-Up's id, from https://trello.com/power-ups/admin; without it there is no Power-Up
    #[arg(long, env = "POWERUP_ID")]
    powerup_id: Option<String>,
    /// Where the Power-Up's pages take Trello's client library from
    #[arg(
        long,
        env = "POWERUP_CLIENT",
        default_value = "https://p.trellocdn.com/power-up.min.js"
    )]
    powerup_client: Url,
    /// The page that hosts the Power-Up
    #[arg(long, env = "POWERUP_HOST", default_value = "https://trello.com")]
    powerup_host: Url,
    /// Where Trello asks people whether they give the app a token: to sign in on a card's own page
    #[arg(
        long,
        env = "TRELLO_AUTHORIZE_URL",
        default_value = "https://trello.com/1/authorize"
    )]
    trello_authorize_url: Url,
    /// Connections open at once; beyond them the one that has waited longest is closed
    #[arg(long, env = "CONNECTIONS", value_parser = clap::value_parser!(u64).range(16..=100_000))]
    connections: Option<u64>,
    /// Log lines as JSON
    #[arg(long, env = "LOG_JSON")]
    log_json: bool,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    trello: TrelloArgs,
}

pub(super) async fn run(args: Serve) -> anyhow::Result<()> {
    log("info", args.log_json);
    let clock = clock();
    if let Some(url) = &args.public_url {
        reachable(url)?;
    }
    let secrets = secrets(&args)?;
    let trello = args.trello.client(Arc::clone(&clock))?;
    let stop = CancellationToken::new();
    tokio::spawn(until_told(stop.clone()));
    let joined = tokio::select! {
        () = stop.cancelled() => return Ok(()),
        joined = args.store.join() => joined?,
    };
    let trello = Arc::new(joined.windows(trello, &args.trello.mark()));
    let store = Arc::clone(&joined.store);
    let listener =
        listen(args.listen).with_context(|| format!("cannot listen on {}", args.listen))?;
    line(format!("Signalman listens on {}", listener.local_addr()?));
    let powerup = powerup(&args, &trello, &secrets)?;
    let options = Options {
        card_pages: card_pages(args.public_url.as_ref(), powerup.as_ref())?,
        public_url: args.public_url.clone(),
        poll: Duration::from_secs(args.poll_seconds),
        news_url: args.news_url.clone(),
        keep: args
            .keep_days
            .map(|days| DAY * u32::try_from(days).unwrap_or(u32::MAX)),
        secrets: super::connect::keys_of_places(),
        ..Options::default()
    };
    let service = Service {
        store: Arc::clone(&store),
        trello: Arc::clone(&trello),
        clock: Arc::clone(&clock),
        secrets,
        options,
        limits: limits(args.connections),
        powerup,
    };
    // The doors open first: what Trello delivers while it cannot be asked is kept.
    let begun = async {
        tokio::select! {
            begun = begin(&args, &trello, &*store, &clock, stop.clone()) => begun,
            () = finished(&stop) => Ok(()),
        }
    };
    let whole = async {
        let whole = joined.check().await;
        if whole.is_err() {
            stop.cancel();
        }
        whole
    };
    let (whole, begun, served) = tokio::join!(whole, begun, service.run(listener, stop.clone()));
    leave(&*store).await;
    whole.and(begun).and(served)
}

/// A store that cannot be told finds out by itself, and nobody is kept from ending.
async fn leave(store: &dyn Store) {
    match tokio::time::timeout(LEAVE_WITHIN, store.leave()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            tracing::warn!(%error, "the boards were not given away; others take them in a moment")
        }
        Err(_) => tracing::warn!(
            "the store does not answer: the boards were not given away; others take them in a moment"
        ),
    }
}

/// Says who we are, and attaches the board that is to be attached. A Trello that does not answer is
/// asked again; a key or token that it does not know ends the service.
async fn begin(
    args: &Serve,
    trello: &Trello,
    store: &dyn Store,
    clock: &Clock,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    const AGAIN: Duration = Duration::from_secs(10);
    let me = loop {
        let asked = tokio::select! {
            () = stop.cancelled() => return Ok(()),
            asked = trello.me() => asked,
        };
        match asked {
            Ok(me) => break me,
            Err(failure) if fatal(&failure) => {
                stop.cancel();
                return Err(args.trello.trouble(failure));
            }
            Err(failure) => {
                tracing::warn!(%failure, "Trello does not say who we are yet; asking again")
            }
        }
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(AGAIN) => {}
        }
    };
    line(format!("It acts as @{}", me.username));
    store.hurry(clock()).await?;
    let attached = import(args, trello, store, &me, &stop).await;
    if attached.is_err() {
        stop.cancel();
    } else if store.boards().await?.is_empty() {
        line(
            "No board is attached yet: `signalman setup BOARD` attaches one, also while this runs.",
        );
    }
    attached
}

/// So many may knock at once: whom the system turns away there comes back after a second at best.
const KNOCKING: u32 = 1_024;

fn listen(address: SocketAddr) -> std::io::Result<tokio::net::TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => tokio::net::TcpSocket::new_v4()?,
        SocketAddr::V6(_) => tokio::net::TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(KNOCKING)
}

/// The system's bound on open files leaves room for the store and for Trello.
fn limits(told: Option<u64>) -> Limits {
    const FOR_THE_REST: u64 = 128;
    let usual = Limits::default();
    let files = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    let most = files.map_or(u64::MAX, |files| files.saturating_sub(FOR_THE_REST).max(16));
    let wanted = told.unwrap_or(usual.connections as u64);
    if told.is_some_and(|told| told > most) {
        tracing::warn!(
            wanted,
            most,
            "fewer connections: the system allows this service no more open files (ulimit -n)"
        );
    }
    Limits {
        connections: usize::try_from(wanted.min(most)).unwrap_or(usual.connections),
        ..usual
    }
}

/// Trello takes a whole address, and signs with it.
fn reachable(url: &Url) -> anyhow::Result<()> {
    let whole = matches!(url.scheme(), "http" | "https") && url.host().is_some();
    if !whole || url.query().is_some() || url.fragment().is_some() {
        bail!(
            "PUBLIC_URL={url} is not an address Trello can reach: write it like https://signalman.example, without ? and #"
        );
    }
    Ok(())
}

fn secrets(args: &Serve) -> anyhow::Result<Vec<SecretString>> {
    let told = args
        .trello_secret
        .as_ref()
        .map(|secret| secret.expose_secret().to_owned())
        .unwrap_or_default();
    let secrets: Vec<_> = told
        .split(',')
        .map(str::trim)
        .filter(|one| !one.is_empty())
        .map(SecretString::from)
        .collect();
    if secrets.is_empty() && args.public_url.is_some() {
        bail!(
            "TRELLO_SECRET is not set: it proves that a webhook is Trello's. Copy it from https://trello.com/power-ups/admin (your app, “API key”, “Secret”)"
        );
    }
    Ok(secrets)
}

/// Cards have pages of their own where people can come from outside; the pages' addresses begin at
/// the host.
fn powerup(
    args: &Serve,
    trello: &Arc<Trello>,
    secrets: &[SecretString],
) -> anyhow::Result<Option<PowerUp>> {
    let Some(id) = args.powerup_id.clone() else {
        return Ok(None);
    };
    let (client, host) = (args.powerup_client.clone(), args.powerup_host.clone());
    let powerup = PowerUp::new(id, client, host, Arc::clone(trello));
    let public_url = args.public_url.as_ref().filter(|url| url.path() == "/");
    let Some(url) = public_url else {
        return Ok(Some(powerup));
    };
    let guests = args.trello.guests(args.trello_authorize_url.clone())?;
    Ok(Some(match Phone::new(guests, url, secrets) {
        Some(phone) => powerup.with_phone(phone),
        None => powerup,
    }))
}

/// Where comments lead.
pub(super) fn card_pages(
    public_url: Option<&Url>,
    powerup: Option<&PowerUp>,
) -> anyhow::Result<Option<Url>> {
    let there = powerup.is_some_and(PowerUp::has_phone);
    let base = public_url.filter(|_| there);
    let pages = base.map(|url| Url::parse(&format!("{}/c", url.as_str().trim_end_matches('/'))));
    Ok(pages.transpose()?)
}

/// `PROCESS` is imported only where the board has none.
async fn import(
    args: &Serve,
    trello: &Trello,
    store: &dyn Store,
    me: &crate::model::Member,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let Some(board) = &args.board else {
        return Ok(());
    };
    let id = board_id(trello, board).await?;
    // Of several machines that begin at once, the one that holds the board attaches it. One that is
    // ending, and was told of no board, may hold it for a while yet.
    while store.board(&id).await?.is_none() && !store.holds(&id) {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(HELD_BY_ANOTHER) => {}
        }
    }
    if store.board(&id).await?.is_some() {
        return Ok(());
    }
    let file = args
        .process
        .as_ref()
        .context("the board is not attached yet and PROCESS names no process file")?;
    let (process, text) = sound(file)?;
    let steps = Steps {
        trello,
        store,
        process: &process,
        text: &text,
        me,
    };
    steps
        .attach(&id, AttachOptions::default(), true)
        .await
        .map(drop)
}

/// The service as `serve` and `demo` run it: the engine and the doors, until told to stop.
pub(super) struct Service {
    pub(super) store: Arc<dyn Store>,
    pub(super) trello: Arc<Trello>,
    pub(super) clock: Clock,
    pub(super) secrets: Vec<SecretString>,
    pub(super) options: Options,
    pub(super) limits: Limits,
    pub(super) powerup: Option<PowerUp>,
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How soon it is asked again who holds a board.
const HELD_BY_ANOTHER: Duration = Duration::from_millis(500);

/// What is begun is finished within this, and the boards are given away, in eight seconds together,
/// before anybody kills us; a kill loses nothing either.
const FINISH_WITHIN: Duration = Duration::from_secs(7);
const LEAVE_WITHIN: Duration = Duration::from_secs(1);

/// Told to stop, and the time to finish is over.
async fn finished(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(FINISH_WITHIN).await;
}

impl Service {
    pub(super) async fn run(
        self,
        listener: tokio::net::TcpListener,
        stop: CancellationToken,
    ) -> anyhow::Result<()> {
        let local = Url::parse(&format!("http://{}", listener.local_addr()?))?;
        if self.options.public_url.is_none() {
            tracing::info!(
                "no PUBLIC_URL: boards are polled; changes of labels and check-item names, which Trello's lists of actions leave out, are seen late"
            );
        }
        let url = self.options.public_url.clone().unwrap_or(local);
        let engine = Arc::new(Engine::new(
            Arc::clone(&self.store),
            Arc::clone(&self.trello),
            self.options,
        ));
        let doors = Doors::new(
            Arc::clone(&self.store),
            Arc::clone(&engine),
            Arc::clone(&self.clock),
            self.secrets,
            url,
            self.powerup,
        );
        let serving = tokio::spawn(doors.serve(listener, self.limits, stop.clone()));
        let working = tokio::spawn(engine.run(self.clock, stop.clone()));
        stop.cancelled().await;
        let finish = async {
            // Nobody waits for our boards while we finish, nor for whoever is slow to ask us.
            let (retired, _) = tokio::join!(self.store.retire(), working);
            if let Err(error) = retired {
                tracing::warn!(%error, "the boards are not given away yet");
            }
            leave(&*self.store).await;
            let _ = serving.await;
        };
        let _ = tokio::time::timeout(FINISH_WITHIN, finish).await;
        Ok(())
    }
}
