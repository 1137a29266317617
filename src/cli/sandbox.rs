//! `signalman sandbox`: the practice Trello alone, for trying programs against it.

use super::terminal::{line, until_told};
use crate::sandbox::world::SERVICE_APP;
use crate::sandbox::{Options, Sandbox as Server, radio};
use anyhow::Context;
use clap::Args;
use jiff::SignedDuration;
use serde_json::json;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use tokio_util::sync::CancellationToken;

#[derive(Args)]
pub(super) struct Sandbox {
    /// Where it listens
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Print base URL, key, secret, board and tokens as one JSON object
    #[arg(long)]
    json: bool,
    /// The board in English rather than Russian
    #[arg(long)]
    english: bool,
    /// Failed webhooks are tried again after 30, 60 and 120 seconds times this
    #[arg(long, default_value_t = 1.0)]
    retry_scale: f64,
}

pub(super) async fn run(args: Sandbox) -> anyhow::Result<()> {
    let options = Options {
        listen: args.listen,
        clock_offset: SignedDuration::ZERO,
        retry_scale: args.retry_scale.clamp(0.0, 1000.0),
        rate_limits: true,
    };
    let server = Server::start(options)
        .await
        .with_context(|| format!("cannot listen on {}", args.listen))?;
    let demo = radio::set_up(server.world(), !args.english).map_err(anyhow::Error::msg)?;
    let token = |id: &String| server.world().token(id, SERVICE_APP);
    let people: BTreeMap<_, _> = demo
        .people
        .iter()
        .map(|(name, id)| (name.clone(), token(id)))
        .collect();
    if args.json {
        let told = json!({
            "url": server.url(),
            "api": format!("{}/1", server.url()),
            "key": server.key(),
            "secret": server.secret(),
            "board": demo.board,
            "mail": format!("smtp://{}", server.mail().await?),
            "token": token(&demo.bot),
            "members": people,
        });
        line(told.to_string());
    } else {
        line(format!(
            "A practice Trello: {url}\n\n\
             export TRELLO_API_URL={url}/1\n\
             export TRELLO_KEY={key}\n\
             export TRELLO_SECRET={secret}\n\
             export TRELLO_TOKEN={token}\n\n\
             Its board: {board}. People's tokens: {url}/sandbox/who. Ctrl-C ends it.",
            url = server.url(),
            key = server.key(),
            secret = server.secret(),
            token = token(&demo.bot).unwrap_or_default(),
            board = demo.board,
        ));
    }
    until_told(CancellationToken::new()).await;
    Ok(())
}
