//! What is kept for those who look: what was read of Trello, shared while it is young; how much pages
//! may have read; and the news of what changed. Nothing that is judged rests on it.

use super::Engine;
use crate::figures::Walk;
use crate::model::{BoardId, Card, CardId, Lane, Membership};
use crate::process::judge::Fresh;
use crate::trello::{Failure, Weight};
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast;

/// So many who look may be behind with what changed before they are told to look at everything.
const NEWS: usize = 256;
/// Of the hundred calls that Trello takes in ten seconds, so many are for pages.
const LOOKS: usize = 40;
/// So many with those that somebody is let in by, or without which nothing is done for him: whoever
/// acts does not wait for those who look.
const LOOKS_AND_ACTS: usize = 50;
const LOOKS_WITHIN: SignedDuration = SignedDuration::from_secs(10);
/// Cards kept at once, over all boards.
const MOST_CARDS: usize = 1_000;

/// What a page has something read for.
#[derive(Clone, Copy)]
pub(super) enum For {
    Show,
    Act,
}

/// One thing read of Trello, shared by those who ask for it while it is young.
type Kept<T> = Arc<tokio::sync::Mutex<Option<(Timestamp, Arc<T>)>>>;
type Shelf<K, T> = Mutex<HashMap<K, Kept<T>>>;
/// The walks of a board's cards, and how many lines of its history could not be read.
pub(super) type Walked = (Vec<Walk>, usize);

pub(super) struct Views {
    pub(super) cards: Shelf<(BoardId, CardId), Fresh>,
    pub(super) boards: Shelf<BoardId, Vec<Card>>,
    pub(super) people: Shelf<BoardId, Vec<Membership>>,
    pub(super) walks: Shelf<BoardId, Walked>,
    /// One history is read at a time: it may be long.
    pub(super) reading: tokio::sync::Mutex<()>,
    /// When something last happened on a board.
    touched: Mutex<HashMap<BoardId, Timestamp>>,
    /// When pages last had something read.
    looks: Mutex<VecDeque<Timestamp>>,
    news: broadcast::Sender<(BoardId, Lane)>,
}

impl Default for Views {
    fn default() -> Self {
        Self {
            cards: Mutex::default(),
            boards: Mutex::default(),
            people: Mutex::default(),
            walks: Mutex::default(),
            reading: tokio::sync::Mutex::default(),
            touched: Mutex::default(),
            looks: Mutex::default(),
            news: broadcast::channel(NEWS).0,
        }
    }
}

impl Views {
    fn look(&self, what_for: For, now: Timestamp) -> Result<(), Failure> {
        let most = match what_for {
            For::Show => LOOKS,
            For::Act => LOOKS_AND_ACTS,
        };
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        looks.retain(|at| now.duration_since(*at).abs() < LOOKS_WITHIN);
        match looks.front() {
            Some(first) if looks.len() >= most => Err(Failure::Full {
                until: first.saturating_add(LOOKS_WITHIN).unwrap_or(now),
            }),
            _ => {
                looks.push_back(now);
                Ok(())
            }
        }
    }
}

/// What is kept, where it was read within this time.
pub(super) fn young<T>(
    kept: &Option<(Timestamp, Arc<T>)>,
    within: SignedDuration,
    now: Timestamp,
) -> Option<Arc<T>> {
    let (at, what) = kept.as_ref()?;
    (now.duration_since(*at).abs() < within).then(|| Arc::clone(what))
}

pub(super) fn of<K: std::hash::Hash + Eq, T>(all: &Shelf<K, T>, key: K) -> Kept<T> {
    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= MOST_CARDS && !all.contains_key(&key) {
        // Who waits for one of these holds it.
        all.retain(|_, kept| Arc::strong_count(kept) > 1);
    }
    Arc::clone(all.entry(key).or_default())
}

impl Engine {
    /// What changes from now on: lanes whose cards may look otherwise.
    pub fn news(&self) -> broadcast::Receiver<(BoardId, Lane)> {
        self.views.news.subscribe()
    }

    /// Whether other machines work on boards too, so that not all news come by here.
    pub fn hears_all(&self) -> bool {
        !self.store.shared()
    }

    pub(super) fn changed(&self, (board, lane): &(BoardId, Lane), now: Timestamp) {
        if matches!(lane, Lane::Post(_)) {
            return; // nothing of it is shown
        }
        let touched = self.views.touched.lock();
        let mut touched = touched.unwrap_or_else(PoisonError::into_inner);
        touched.insert(board.clone(), now);
        drop(touched);
        // News come once: whoever asks because of them is not shown the card of before.
        if let Lane::Card(card) = lane {
            let cards = self.views.cards.lock();
            let mut cards = cards.unwrap_or_else(PoisonError::into_inner);
            cards.remove(&(board.clone(), card.clone()));
        }
        // Nobody may be looking.
        let _ = self.views.news.send((board.clone(), lane.clone()));
    }

    /// Another process is in force on the board, or it was paused or resumed: whoever looks sees it, and
    /// what waited is done.
    pub async fn renewed(&self, board: &BoardId, now: Timestamp) {
        let walks = self.views.walks.lock();
        walks.unwrap_or_else(PoisonError::into_inner).remove(board);
        self.changed(&(board.clone(), Lane::Board), now);
        self.nudge();
        if let Err(error) = self.retime(board, now).await {
            tracing::error!(%board, %error, "the cards' timers are set anew with the next look at the board");
        }
    }

    pub(super) fn touched(&self, board: &BoardId) -> Option<Timestamp> {
        let touched = self.views.touched.lock();
        let touched = touched.unwrap_or_else(PoisonError::into_inner);
        touched.get(board).copied()
    }

    /// A read for a page. There are so many in ten seconds and no more, also of those that Trello has
    /// no room for: each of these takes a turn that others then wait for.
    pub(super) async fn looking<T>(
        &self,
        what_for: For,
        weight: Weight,
        read: impl Future<Output = Result<T, Failure>>,
        now: Timestamp,
    ) -> Result<T, Failure> {
        self.views.look(what_for, now)?;
        self.trello.weighing(weight, read).await
    }
}
