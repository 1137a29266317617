//! News for open pages: which card may look otherwise. It says that something changed and never what.

use super::error::ApiError;
use super::who::Asker;
use crate::engine::{Clock, Engine};
use crate::model::{BoardId, Lane, MemberId};
use crate::web::Doors;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, stream};
use jiff::Timestamp;
use serde_json::json;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep_until};

/// Trello's proxies and browsers close what is silent for long.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// Where other machines work on boards too their news do not come by here: look now and then.
const LOOK: Duration = Duration::from_secs(5);

struct News {
    engine: Arc<Engine>,
    clock: Clock,
    board: BoardId,
    reader: MemberId,
    heard: Receiver<(BoardId, Lane)>,
    /// The token's end.
    ends: Instant,
    hears_all: bool,
}

pub(super) async fn news(
    State(doors): State<Doors>,
    asker: Asker,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let engine = &doors.0.engine;
    let news = News {
        engine: Arc::clone(engine),
        clock: Arc::clone(&doors.0.clock),
        board: asker.board.clone(),
        reader: asker.viewer.member.id.clone(),
        heard: engine.news(),
        ends: Instant::now() + left(asker.now, asker.until),
        hears_all: engine.hears_all(),
    };
    let told = stream::unfold(news, |mut news| async {
        let event = news.next().await?;
        Some((Ok(event), news))
    });
    let alive = KeepAlive::new().interval(SIGN_OF_LIFE);
    Ok(Sse::new(told).keep_alive(alive))
}

fn left(now: Timestamp, until: Timestamp) -> Duration {
    Duration::try_from(until.duration_since(now)).unwrap_or_default()
}

impl News {
    async fn next(&mut self) -> Option<Event> {
        let look = Instant::now() + LOOK;
        loop {
            let heard = tokio::select! {
                () = sleep_until(self.ends) => return None,
                () = sleep_until(look), if !self.hears_all => return Some(board()),
                heard = self.heard.recv() => heard,
            };
            match heard {
                Ok((of, Lane::Board)) if of == self.board && self.left().await => return None,
                Ok((of, lane)) if of == self.board => return Some(changed(&lane)),
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => return Some(board()),
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// Whether the reader is on the board no more.
    async fn left(&self) -> bool {
        let place = self
            .engine
            .membership(&self.board, &self.reader, (self.clock)());
        matches!(place.await, Ok(None))
    }
}

fn board() -> Event {
    Event::default().event("board").data("{}")
}

fn changed(lane: &Lane) -> Event {
    let card = match lane {
        Lane::Card(card) => Some(card.as_str()),
        Lane::Place(place) => place.as_str().split('/').next(),
        Lane::Board | Lane::Post(_) => None,
    };
    match card {
        Some(card) => Event::default()
            .event("card")
            .data(json!({ "card": card }).to_string()),
        None => board(),
    }
}
