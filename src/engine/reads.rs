//! Cards read afresh. Where many cards of a board are to be judged at once, one read of the board
//! serves them all: each is served only by what was begun to be read after the last that was told of
//! it, and once. What was read is kept for seconds.

use super::{Engine, Held};
use crate::model::{BoardId, Card, CardId, Event, EventKind};
use crate::process::judge::Fresh;
use crate::trello::Failure;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Fewer cards than that are read one by one, and of a crowd the first two.
const CROWD: usize = 4;
const ALONE: usize = 2;
/// Where so many were read one by one they are a crowd too, though they came one after another.
const STREAM: usize = 8;
/// How long a crowd is remembered.
const LATELY: SignedDuration = SignedDuration::from_secs(2);
/// The next of a crowd wait so long for one another.
const GATHER: SignedDuration = SignedDuration::from_secs(1);
/// So long a board's read may serve.
const KEPT: SignedDuration = SignedDuration::from_secs(5);
/// A board that could not be read at once is not asked for so again for a while.
const NOT_AGAIN: SignedDuration = SignedDuration::from_secs(30);
/// Of what happened since the board was last caught up with, no more is read: 1,000 a page.
const PAGES: usize = 5;

#[derive(Default)]
pub(super) struct Reads(Mutex<HashMap<BoardId, Arc<tokio::sync::Mutex<Board>>>>);

#[derive(Default)]
struct Board {
    /// When cards were read one by one, the latest last.
    alone: Vec<Timestamp>,
    shared: Option<Shared>,
    /// There is no room for reading the board until then.
    full: Option<Timestamp>,
    not_before: Option<Timestamp>,
}

struct Shared {
    began: Timestamp,
    served: usize,
    cards: HashMap<CardId, Fresh>,
}

impl Reads {
    fn board(&self, board: &BoardId) -> Arc<tokio::sync::Mutex<Board>> {
        let mut boards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(boards.entry(board.clone()).or_default())
    }

    /// Drops what is too old to serve.
    pub(super) fn forget(&self, now: Timestamp) {
        let mut boards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        boards.retain(|_, board| {
            let Ok(board) = board.try_lock() else {
                return true;
            };
            let young = |at: &Timestamp| now.duration_since(*at) <= KEPT;
            board
                .shared
                .as_ref()
                .is_some_and(|shared| young(&shared.began))
                || board.alone.last().is_some_and(young)
                || board.not_before.is_some_and(|until| until > now)
        });
    }
}

impl Engine {
    /// The card as it stands, for what is to be judged of it. `told`: when the last was told of it,
    /// where a read of the whole board will do.
    pub(super) async fn read(
        &self,
        board: &BoardId,
        held: &Held,
        card: &CardId,
        told: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Fresh, Failure> {
        let fresh = self
            .read_alone_or_shared(board, held, card, told, now)
            .await?;
        self.sees_fields(held, &fresh.card, now).await?;
        Ok(fresh)
    }

    async fn read_alone_or_shared(
        &self,
        board: &BoardId,
        held: &Held,
        card: &CardId,
        told: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Fresh, Failure> {
        if let Some(told) = told {
            let kept = self.reads.board(board);
            let mut kept = kept.lock().await;
            if let Some(fresh) = kept.serve(card, told, now) {
                return Ok(fresh);
            }
            let crowd = kept.crowd(self.waiting(board), now);
            if let Some(until) = kept.waits(told, now).filter(|_| crowd) {
                return Err(Failure::Full { until });
            }
            if crowd && kept.may_share(told, now) {
                let read = self.read_board(board, held).await;
                kept.keep(read, now)?;
                if let Some(fresh) = kept.serve(card, told, now) {
                    return Ok(fresh);
                }
            }
            kept.alone.push(now);
        }
        let (card, actions) = self
            .trello
            .card(card, &held.bindings().custom_fields)
            .await?;
        Ok(Fresh { card, actions })
    }

    /// Every open card and what happened on it since the board was last caught up with: what was
    /// before that is in the log. None where that cannot be had.
    async fn read_board(
        &self,
        board: &BoardId,
        held: &Held,
    ) -> Result<Option<HashMap<CardId, Fresh>>, Failure> {
        let seen = self.store.last_seen(board).await.ok().flatten();
        let Some((since, _)) = seen else {
            return Ok(None);
        };
        let fields = &held.bindings().custom_fields;
        let cards = self.trello.open_cards(board, fields).await?;
        let Some(latest) = self.trello.told_since(board, &since, PAGES).await? else {
            return Ok(None);
        };
        let alone = |card: Card| {
            let actions = Vec::new();
            (card.id.clone(), Fresh { card, actions })
        };
        let mut cards: HashMap<_, _> = cards.into_iter().map(alone).collect();
        for event in latest {
            let card = event.kind.card().and_then(|card| cards.get_mut(card));
            if let Some(fresh) = card {
                fresh.actions.push(event);
            }
        }
        Ok(Some(cards))
    }
}

impl Board {
    fn serve(&mut self, card: &CardId, told: Timestamp, now: Timestamp) -> Option<Fresh> {
        let shared = self.shared.as_mut();
        let shared = shared.filter(|shared| shared.serves(told, now))?;
        let fresh = shared.cards.remove(card)?;
        shared.served += 1;
        Some(fresh)
    }

    fn keep(
        &mut self,
        read: Result<Option<HashMap<CardId, Fresh>>, Failure>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let cards = read.unwrap_or_else(|failure| {
            if let Failure::Full { until } = failure {
                self.full = Some(until);
            } else {
                tracing::warn!(%failure, "a board could not be read at once; card by card");
            }
            None
        });
        if let Some(until) = self.full.filter(|until| *until > now) {
            return Err(Failure::Full { until });
        }
        if cards.is_none() {
            self.not_before = now.saturating_add(NOT_AGAIN).ok();
        }
        self.shared = cards.map(|cards| Shared {
            began: now,
            served: 0,
            cards,
        });
        Ok(())
    }

    /// Whether so many cards are to be read that the board is read at once.
    fn crowd(&mut self, waiting: usize, now: Timestamp) -> bool {
        self.alone.retain(|at| now.duration_since(*at) <= LATELY);
        let lately =
            |shared: &Shared| shared.served >= CROWD && now.duration_since(shared.began) <= LATELY;
        let alone = self.alone.len();
        alone >= STREAM
            || alone >= ALONE && waiting >= CROWD
            || self.shared.as_ref().is_some_and(lately)
    }

    /// Until when there is no room, or others are waited for that come after the board was read.
    fn waits(&self, told: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let read = self.shared.as_ref().filter(|shared| shared.began <= told);
        let gathered = read.and_then(|shared| shared.began.saturating_add(GATHER).ok());
        gathered.max(self.full).filter(|until| *until > now)
    }

    /// Not where that was done and this card was not in it, and not where it cannot be done.
    fn may_share(&self, told: Timestamp, now: Timestamp) -> bool {
        let read = self.shared.as_ref();
        let in_vain = read.is_some_and(|shared| shared.serves(told, now));
        let shut = self.not_before.is_some_and(|until| until > now);
        now > told && !in_vain && !shut
    }
}

impl Shared {
    /// Only what was begun after the last that was told; the same instant is not after.
    fn serves(&self, told: Timestamp, now: Timestamp) -> bool {
        self.began > told && now.duration_since(self.began) <= KEPT
    }
}

/// Where what was found asks for the card's whole past, a board's latest actions do not do.
pub(super) fn latest_will_do(events: &[Event]) -> bool {
    use EventKind::{Found, Held, LetStand};
    let asks = |kind: &EventKind| matches!(kind, Found { .. } | Held { .. } | LetStand { .. });
    !events.iter().any(|event| asks(&event.kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_read_after_the_last_word_serves_and_not_for_long() {
        let at = |ms| Timestamp::from_millisecond(ms).unwrap();
        let shared = Shared {
            began: at(1_000),
            served: 0,
            cards: HashMap::new(),
        };
        assert!(shared.serves(at(999), at(1_000)));
        assert!(!shared.serves(at(1_000), at(1_000)), "the same instant");
        assert!(!shared.serves(at(1_200), at(1_300)));
        assert!(shared.serves(at(0), at(6_000)));
        assert!(!shared.serves(at(0), at(6_001)));
    }
}
