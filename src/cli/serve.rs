//! `signalman serve`: the service, until SIGTERM or Ctrl-C.

use super::check::sound;
use super::connect::{StoreArgs, TrelloArgs, board_id, clock};
use super::setup::Steps;
use super::terminal::{line, log, until_told};
use crate::attach::{Attach, Options as AttachOptions};
use crate::engine::{Clock, Engine, Options};
use crate::store::{BoardState, Store};
use crate::trello::Trello;
use crate::web::{Doors, callback_url};
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
    let store = args.store.open()?;
    let (trello, me) = args.trello.connect(Arc::clone(&clock)).await?;
    let secrets = secrets(&args)?;
    import(&args, &trello, &*store, &me).await?;
    let poll = args
        .public_url
        .is_none()
        .then(|| Duration::from_secs(args.poll_seconds));
    let options = Options {
        poll,
        news_url: args.news_url,
        ..Options::default()
    };
    let service = Service {
        store,
        trello,
        clock,
        secrets,
        public_url: args.public_url,
        options,
    };
    let listener = tokio::net::TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("cannot listen on {}", args.listen))?;
    line(format!(
        "Signalman listens on {} as @{}",
        listener.local_addr()?,
        me.username
    ));
    let stop = CancellationToken::new();
    tokio::spawn(until_told(stop.clone()));
    service.run(listener, stop).await
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

/// `PROCESS` is imported only where the board has none.
async fn import(
    args: &Serve,
    trello: &Trello,
    store: &dyn Store,
    me: &crate::model::Member,
) -> anyhow::Result<()> {
    let Some(board) = &args.board else {
        return Ok(());
    };
    let id = board_id(trello, board).await?;
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
    pub(super) public_url: Option<Url>,
    pub(super) options: Options,
}

impl Service {
    pub(super) async fn run(
        self,
        listener: tokio::net::TcpListener,
        stop: CancellationToken,
    ) -> anyhow::Result<()> {
        let engine = Arc::new(Engine::new(
            Arc::clone(&self.store),
            Arc::clone(&self.trello),
            self.options.clone(),
        ));
        let local = Url::parse(&format!("http://{}", listener.local_addr()?))?;
        let url = self.public_url.clone().unwrap_or(local);
        let doors = Doors::new(
            Arc::clone(&self.store),
            Arc::clone(&engine),
            Arc::clone(&self.clock),
            self.secrets.clone(),
            url,
        );
        let told = stop.clone();
        let server = axum::serve(listener, doors.router())
            .with_graceful_shutdown(async move { told.cancelled().await });
        let serving = tokio::spawn(async move { server.await });
        if let Some(url) = &self.public_url {
            self.register(url).await;
        } else {
            tracing::info!(
                "no PUBLIC_URL: boards are polled; label, member and comment edits that Trello's lists leave out are seen late or not at all"
            );
        }
        let working = tokio::spawn(Arc::clone(&engine).run(Arc::clone(&self.clock), stop.clone()));
        stop.cancelled().await;
        let finish = async {
            let _ = serving.await;
            let _ = working.await;
        };
        let _ = tokio::time::timeout(Duration::from_secs(25), finish).await;
        Ok(())
    }

    async fn register(&self, url: &Url) {
        for board in self.store.boards().await.unwrap_or_default() {
            let running = self
                .store
                .board(&board)
                .await
                .ok()
                .flatten()
                .is_some_and(|record| record.state != BoardState::Detached);
            let attach = Attach {
                trello: &self.trello,
                store: &*self.store,
            };
            if running && let Err(error) = attach.webhook(&board, &callback_url(url, &board)).await
            {
                tracing::error!(%board, %error, "the webhook could not be registered: Trello must reach {url}");
            }
        }
    }
}
