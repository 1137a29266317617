//! Boards that cannot be seen or changed: a token revoked, our account taken off or made an observer,
//! Custom Fields switched off. Each is told of once when it begins and once when it is over, by
//! every way that is still open; other boards go on. What cannot be seen is never judged empty or
//! gone.

use super::news::Told;
use super::{Engine, Held, later};
use crate::model::{Blind, Board, BoardId, Card, Lane, Rank};
use crate::process::react::{self, Word};
use crate::process::{KeepFields, Memory, words::Words};
use crate::store::{Commit, LaneWork, RowChange, StoreError};
use crate::trello::{BoardPart, Failure};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;
use std::time::Duration;

/// How soon a board that cannot be seen is looked at again, and what waits for it tried again.
pub(super) const BLIND_AGAIN: Duration = Duration::from_secs(60);

/// How the boards stand, for whoever asks from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Every board that is held was looked at since the start.
    pub round_made: bool,
    /// The boards that cannot be seen, why, and since when that is known.
    pub blind: BTreeMap<BoardId, (Blind, Timestamp)>,
    /// Of these what the store knows has been looked up.
    pub(super) recalled: BTreeSet<BoardId>,
}

impl Engine {
    pub fn health(&self) -> Health {
        self.with_health(|health| health.clone())
    }

    pub(super) fn with_health<T>(&self, look: impl FnOnce(&mut Health) -> T) -> T {
        look(&mut self.health.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn blind(&self, board: &BoardId) -> Option<Blind> {
        self.with_health(|health| health.blind.get(board).map(|(why, _)| *why))
    }

    /// Looks whether the board can be seen, and tells of it when that has changed. True where it is
    /// seen again. Where Trello itself is away nobody knows, and nothing changes.
    pub(super) async fn look_at(&self, board: &BoardId, held: &Held, now: Timestamp) -> bool {
        match self.sight(board, held).await {
            Ok(why) => self.mark(board, held, why, now).await,
            Err(failure) => {
                tracing::debug!(%board, %failure, "it is not known whether the board can be seen");
                false
            }
        }
    }

    async fn sight(&self, board: &BoardId, held: &Held) -> Result<Option<Blind>, Failure> {
        match self.trello.board(board, BoardPart::WithoutCards).await {
            Ok(read) => {
                let seen = self.see_who_is_here(board, held.bindings(), &read.members);
                if let Err(error) = seen.await {
                    tracing::error!(%board, %error, "who is on the board could not be kept");
                }
                Ok(hindered(held, &read))
            }
            Err(Failure::Missing) => Ok(Some(Blind::NotOnBoard)),
            // The same answer for a token that Trello does not know and for one that may not look.
            Err(Failure::Forbidden { .. }) => match self.trello.me().await {
                Ok(_) => Ok(Some(Blind::NotOnBoard)),
                Err(Failure::Forbidden { .. }) => Ok(Some(Blind::Token)),
                Err(failure) => Err(failure),
            },
            Err(failure) => Err(failure),
        }
    }

    /// What cannot succeed on a board that cannot be seen is not attempted: attempts are counted,
    /// and a token revoked on a Friday would bury by Monday all that was to be done. Where cards can
    /// be read, judging goes on and the deeds alone wait.
    pub(super) async fn waits(
        &self,
        board: &BoardId,
        lane: &Lane,
        work: &LaneWork,
        why: Blind,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let until = later(now, BLIND_AGAIN);
        let mut commit = Commit::new(lane.clone(), now);
        if !why.reads() {
            commit.wait = Some(until);
        }
        let first = work.outbox.first().filter(|row| row.not_before <= now);
        if let Some(row) = first.filter(|_| why != Blind::CustomFields) {
            let (not_before, doubt) = (until, row.doubt);
            let later = RowChange::Later { not_before, doubt };
            commit.outbox.push((row.id, later));
        }
        if commit.wait.is_none() && commit.outbox.is_empty() {
            return Ok(false);
        }
        self.store.commit(board, commit).await?;
        Ok(true)
    }

    /// A card that shows no field at all says so itself only while the board has its fields. While
    /// they are off it is neither sent back nor let through: it waits where it is.
    pub(super) async fn sees_fields(
        &self,
        held: &Held,
        card: &Card,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let bindings = held.bindings();
        if held.process.keep_fields != KeepFields::CustomFields {
            return Ok(());
        }
        // Nobody's fault, and no attempt: the lane waits as it does for a full window.
        let wait = Failure::Full {
            until: later(now, BLIND_AGAIN),
        };
        if self.blind(&bindings.board) == Some(Blind::CustomFields) {
            return Err(wait);
        }
        let bound = |id| bindings.fields.values().any(|bound| bound == id);
        if card.custom_values.iter().any(|value| bound(&value.field)) {
            return Ok(());
        }
        let why = self.sight(&bindings.board, held).await?;
        self.mark(&bindings.board, held, why, now).await;
        match why {
            Some(Blind::CustomFields) => Err(wait),
            _ => Ok(()),
        }
    }

    /// True where the board is seen again.
    async fn mark(&self, board: &BoardId, held: &Held, why: Option<Blind>, now: Timestamp) -> bool {
        if let Err(error) = self.recall(board).await {
            tracing::error!(%board, %error, "it could not be looked up what was told of the board");
            return false;
        }
        let put = |sight: Option<(Blind, Timestamp)>| {
            self.with_health(|health| match sight {
                Some(sight) => health.blind.insert(board.clone(), sight),
                None => health.blind.remove(board),
            })
        };
        let known = self.with_health(|health| health.blind.get(board).copied());
        let sight = match (known, why) {
            (None, None) => return false,
            (Some((known, _)), Some(why)) if known == why => return false,
            (_, why) => why.map(|why| (why, now)),
        };
        put(sight);
        // Large, and seldom: judging a card need not be as large.
        let told = match (known, sight) {
            (_, Some((why, _))) => Box::pin(self.tell_blind(board, held, why, now)).await,
            (known, None) => Box::pin(self.tell_seen(board, held, known, now)).await,
        };
        if let Err(error) = told {
            tracing::error!(%board, %error, "the board's news could not be stored");
            put(known); // it is told the next time
        }
        why.is_none()
    }

    /// What was told before this process began, by whatever machine.
    async fn recall(&self, board: &BoardId) -> Result<(), StoreError> {
        if self.with_health(|health| health.recalled.contains(board)) {
            return Ok(());
        }
        let memory = self.store.memory(board, &Lane::Board).await?;
        let sight = memory.and_then(|memory| memory.blind);
        self.with_health(|health| {
            health.recalled.insert(board.clone());
            health
                .blind
                .extend(sight.map(|sight| (board.clone(), sight)));
        });
        Ok(())
    }

    async fn tell_blind(
        &self,
        board: &BoardId,
        held: &Held,
        why: Blind,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        tracing::error!(%board, reason = why.reason(), "{}", mend(why));
        let word = react::blind(&held.process, &held.today(now), why, now);
        let what = format!("blind {}", why.reason());
        self.keep_sight(board, held, (Some(why), what), word, now)
            .await
    }

    /// What waited for the board is tried at once.
    async fn tell_seen(
        &self,
        board: &BoardId,
        held: &Held,
        known: Option<(Blind, Timestamp)>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some((why, since)) = known else {
            return Ok(());
        };
        tracing::info!(%board, reason = why.reason(), %since, "the board is seen again");
        self.store.hurry(now).await?;
        let text = Words::of(&held.process).sees_again(why, since);
        let what = format!("seen {}", why.reason());
        self.keep_sight(board, held, (None, what), text.into(), now)
            .await
    }

    /// Where nothing can be written on the board, people's own ways stay open, and the address for news.
    async fn keep_sight(
        &self,
        board: &BoardId,
        held: &Held,
        (why, what): (Option<Blind>, String),
        word: Word,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let writes = why.is_none_or(|why| why == Blind::CustomFields);
        let told = |memory: &mut Memory| {
            memory.blind = why.map(|why| (why, now));
            let word = word.clone();
            match writes {
                true => Told::Word(word),
                false => Told::Beside(word),
            }
        };
        while !self.tell_once(board, held, &what, now, told).await? {}
        Ok(())
    }
}

/// What stands in the way on a board that can be read.
fn hindered(held: &Held, read: &Board) -> Option<Blind> {
    let bindings = held.bindings();
    let own = read
        .members
        .iter()
        .find(|place| place.member.id == bindings.bot);
    let there = |id| read.custom_fields.iter().any(|field| &field.id == id);
    let reads_fields = held.process.keep_fields == KeepFields::CustomFields;
    match own {
        // Every board has somebody: an answer without members says nothing.
        None if read.members.is_empty() => None,
        None => Some(Blind::NotOnBoard),
        Some(place) if place.deactivated => Some(Blind::NotOnBoard),
        Some(place) if place.rank == Rank::Observer => Some(Blind::Observer),
        _ if reads_fields && !bindings.fields.values().all(there) => Some(Blind::CustomFields),
        _ => None,
    }
}

/// For the operator.
fn mend(why: Blind) -> &'static str {
    match why {
        Blind::Token => {
            "the board cannot be seen: Trello does not take the token any more. Put a new one into TRELLO_TOKEN and start again"
        }
        Blind::NotOnBoard => {
            "the board cannot be seen: the account is not on it, or the board is gone. Invite the account again, or `signalman detach`"
        }
        Blind::Observer => {
            "nothing can be written on the board: the account is an observer. Make it a normal member"
        }
        Blind::CustomFields => {
            "the board has no Custom Fields that the process reads: cards that need checking wait. Switch them on, or `signalman apply` a new version"
        }
    }
}
