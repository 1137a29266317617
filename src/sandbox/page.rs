//! The board page and what it asks beside Trello's API: who there is, what is new. Loopback only.

use super::faults::Fault;
use super::model::{Board, Manners};
use super::powerup;
use super::radio;
use super::server::Server;
use super::world::WEB_APP;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Redirect, Response};
use futures::{Stream, StreamExt, stream};
use jiff::SignedDuration;
use rust_embed::RustEmbed;
use serde::Deserialize;
use serde_json::{Value, json};
use std::convert::Infallible;

#[derive(RustEmbed)]
#[folder = "src/sandbox/page/dist"]
#[allow_missing = true]
struct Page;

pub(super) async fn home(State(server): State<Server>) -> Response {
    let first = server.world.with(|state| {
        state
            .boards
            .values()
            .next()
            .map(|board| board.short_link.clone())
    });
    match first {
        Some(link) => Redirect::temporary(&format!("/b/{link}")).into_response(),
        None => (StatusCode::NOT_FOUND, "There is no board yet.").into_response(),
    }
}

pub(super) async fn index() -> Response {
    file("index.html")
}

pub(super) async fn asset(Path(path): Path<String>) -> Response {
    file(&format!("assets/{path}"))
}

/// The script that stands for Trello's own in a Power-Up's pages.
pub(super) async fn client() -> Response {
    file("client.js")
}

fn file(path: &str) -> Response {
    let Some(found) = Page::get(path) else {
        let text = "The board page is not built in: `make pages` builds it, then build again.";
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    let kind = found.metadata.mimetype().to_owned();
    ([(header::CONTENT_TYPE, kind)], found.data.into_owned()).into_response()
}

/// The people with tokens for the web app, so that whoever opens the page can be any of them.
pub(super) async fn who(State(server): State<Server>) -> Json<Value> {
    let key = server.world.app(WEB_APP).map(|app| app.key);
    let members = server
        .world
        .with(|state| state.members.values().cloned().collect::<Vec<_>>());
    let members: Vec<Value> = members
        .into_iter()
        .map(|member| {
            let token = server.world.token(&member.id, WEB_APP);
            let mut shown = super::render::member(&member);
            shown["token"] = json!(token);
            shown["bot"] = json!(member.username == radio::BOT);
            shown
        })
        .collect();
    let boards = server.world.with(|state| {
        let boards = state.boards.values();
        boards
            .map(|board| shown(board, state.manners.get(&board.id)))
            .collect::<Vec<_>>()
    });
    let powerup = server.world.with(|state| powerup::installed(state));
    Json(json!({ "key": key, "boards": boards, "members": members, "powerup": powerup }))
}

/// The page shows the board's clock and speaks its language: the browser's are somebody else's.
fn shown(board: &Board, manners: Option<&Manners>) -> Value {
    json!({
        "id": board.id,
        "name": board.name,
        "shortLink": board.short_link,
        "language": manners.map_or("en", |known| known.language.as_str()),
        "zone": manners.map_or("UTC", |known| known.zone.as_str()),
        "folded": manners.map_or(&[][..], |known| known.folded.as_slice()),
    })
}

#[derive(Deserialize)]
pub(super) struct Watched {
    board: String,
}

pub(super) async fn events(
    State(server): State<Server>,
    Query(watched): Query<Watched>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let board = server.world.with(|state| {
        let own = |b: &&Board| b.id == watched.board || b.short_link == watched.board;
        state
            .boards
            .values()
            .find(own)
            .map(|board| board.id.clone())
    });
    let news = stream::unfold(server.world.listen(), |mut news| async {
        loop {
            match news.recv().await {
                Ok(one) => return Some((one, news)),
                Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
                Err(tokio::sync::broadcast::error::RecvError::Closed) => return None,
            }
        }
    });
    let own = news.filter_map(move |one| {
        let wanted = Some(&one.board) == board.as_ref();
        async move { wanted.then(|| Ok(Event::default().event(one.event).data(one.text))) }
    });
    Sse::new(own).keep_alive(KeepAlive::default())
}

pub(super) async fn requests(State(server): State<Server>) -> Json<Value> {
    let all = server.world.requests();
    let shown = all.iter().map(|made| {
        json!({ "verb": made.verb, "path": made.path, "member": made.member, "status": made.status })
    });
    Json(json!(shown.collect::<Vec<_>>()))
}

/// Replaces the faults that are switched on; an empty list switches all off.
pub(super) async fn set_faults(
    State(server): State<Server>,
    Json(faults): Json<Vec<Fault>>,
) -> Json<Value> {
    server.world.with(|state| state.faults = faults.clone());
    Json(json!(faults))
}

pub(super) async fn faults(State(server): State<Server>) -> Json<Vec<Fault>> {
    Json(server.world.with(|state| state.faults.clone()))
}

/// How far time goes on at once.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Passing {
    Minutes { minutes: u16 },
    Until { until: Until },
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Until {
    /// When work begins next.
    Morning,
}

/// So much time goes by at once, so that what is late next week can be looked at today.
pub(super) async fn pass(
    State(server): State<Server>,
    Json(passing): Json<Passing>,
) -> Json<Value> {
    let world = &server.world;
    let by = match passing {
        Passing::Minutes { minutes } => SignedDuration::from_mins(i64::from(minutes)),
        Passing::Until {
            until: Until::Morning,
        } => radio::until_morning(world.now()),
    };
    world.advance(by);
    Json(json!({ "now": world.now() }))
}

pub(super) async fn time(State(server): State<Server>) -> Json<Value> {
    Json(json!({ "now": server.world.now() }))
}

/// What was sent by mail, the newest first, and where it is sent to.
pub(super) async fn mails(State(server): State<Server>) -> Json<Value> {
    let listens = server.world.with(|state| state.post.listens);
    let smtp = listens.map(|address| format!("smtp://{address}"));
    Json(json!({ "smtp": smtp, "mails": server.world.mails() }))
}
