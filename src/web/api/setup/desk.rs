//! One thing at a time for each board: a file of a megabyte, held against every card, is work. It is done
//! beside the threads that answer, and whoever comes meanwhile waits a moment and is then told to come
//! again.

use super::told;
use super::who::Organizer;
use crate::model::{BoardId, Member};
use crate::process::words::setup::SetupTrouble;
use crate::trello::{Failure, Trello};
use crate::web::Doors;
use crate::web::api::error::{ApiError, Reader};
use axum::extract::Request;
use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OnceCell, OwnedMutexGuard};

/// Several people at one board's form; nobody waits long for a process that is being put in force.
const WAITS: Duration = Duration::from_secs(4);
const MOST_BOARDS: usize = 1_000;

pub(in crate::web) struct Desk {
    pub(super) trello: Arc<Trello>,
    me: OnceCell<Member>,
    boards: Mutex<HashMap<BoardId, Arc<tokio::sync::Mutex<()>>>>,
}

/// A board's turn: over when the last who works in it lets go.
#[derive(Clone)]
pub(super) struct Turn(#[expect(dead_code, reason = "it is held")] Arc<OwnedMutexGuard<()>>);

impl Desk {
    pub(in crate::web) fn new(trello: Arc<Trello>) -> Self {
        Self {
            trello,
            me: OnceCell::new(),
            boards: Mutex::default(),
        }
    }

    /// The account that Signalman acts as.
    pub(super) async fn me(&self) -> Result<&Member, Failure> {
        self.me.get_or_try_init(|| self.trello.me()).await
    }

    async fn turn(&self, board: &BoardId, waits: Duration) -> Option<Turn> {
        let own = {
            let mut boards = self.boards.lock().unwrap_or_else(PoisonError::into_inner);
            if boards.len() >= MOST_BOARDS {
                boards.retain(|_, one| Arc::strong_count(one) > 1);
            }
            Arc::clone(boards.entry(board.clone()).or_default())
        };
        let turn = tokio::time::timeout(waits, own.lock_owned()).await;
        turn.ok().map(|guard| Turn(Arc::new(guard)))
    }
}

impl Organizer {
    pub(super) async fn turn(&self) -> Result<Turn, ApiError> {
        let turn = self.desk.turn(&self.board, WAITS).await;
        turn.ok_or_else(|| told::trouble(self.reader, &SetupTrouble::Busy))
    }

    /// Does something that keeps a thread busy. The turn is held until it is done, also where nobody
    /// waits for the answer any more.
    pub(super) async fn at_work<T: Send + 'static>(
        &self,
        turn: &Turn,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let turn = turn.clone();
        let worked = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        worked.await.map_err(|error| {
            tracing::error!(%error, board = %self.board, "a request for a board's settings failed");
            self.reader.error("busy")
        })
    }
}

/// Read once it is known who asks, and out of the purse of all bodies.
pub(super) async fn body<T: DeserializeOwned>(
    doors: &Doors,
    reader: Reader,
    request: Request,
) -> Result<T, ApiError> {
    let whole = doors.0.purse.whole(request).await;
    let whole = whole.map_err(|(_, status)| {
        reader.error(match status {
            StatusCode::PAYLOAD_TOO_LARGE => "too_large",
            StatusCode::SERVICE_UNAVAILABLE => "busy",
            _ => "bad_request",
        })
    })?;
    serde_json::from_slice(&whole.bytes).map_err(|_| reader.error("bad_request"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trello::Credentials;
    use secrecy::SecretString;

    #[tokio::test]
    async fn a_board_has_one_turn_and_another_board_its_own() {
        let none = || SecretString::from("none");
        let credentials = Credentials {
            key: none(),
            token: none(),
        };
        let nowhere = "http://localhost:9/1".parse().unwrap();
        let clock: crate::engine::Clock = Arc::new(|| jiff::Timestamp::UNIX_EPOCH);
        let desk = Desk::new(Arc::new(
            Trello::new(&nowhere, &credentials, clock).unwrap(),
        ));
        let (here, there) = (BoardId::new("here"), BoardId::new("there"));
        let turn = desk.turn(&here, Duration::ZERO).await.unwrap();
        let shared = turn.clone();
        drop(turn);
        assert!(desk.turn(&here, Duration::ZERO).await.is_none());
        assert!(desk.turn(&there, Duration::ZERO).await.is_some());
        drop(shared);
        assert!(desk.turn(&here, Duration::ZERO).await.is_some());
    }
}
