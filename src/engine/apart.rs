//! After the file has changed, or the board was taken afresh: what was asked of a place while it was not
//! named is asked again, who left meanwhile is closed there too, an amount that was confirmed for a day
//! is charged from then on, and who never came there is told of, for that takes a word.

use super::news::Told;
use super::{Engine, Held};
use crate::model::{
    ActionId, Actor, BoardId, CardId, Event, EventKind, Lane, PlaceId, Said, Status,
};
use crate::process::target::Apart;
use crate::process::{LEAVE, LEAVING, Memory, Standings, TERMS, react};
use crate::store::StoreError;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

impl Engine {
    /// False where it has to be done again.
    pub(super) async fn bring_together(
        &self,
        board: &BoardId,
        held: &Held,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let memories = self.store.memories(board).await?;
        let cards = memories
            .iter()
            .filter_map(|(lane, memory)| Some((lane.card()?, memory)));
        let mut again = Vec::new();
        for (card, memory) in cards.filter(|(_, memory)| !memory.gone) {
            again.extend(self.unanswered(board, held, card, memory, now).await?);
            again.extend(self.still_leaving(board, held, card, memory, now).await?);
            again.extend(self.still_agreed(board, card, memory, now).await?);
        }
        self.pass_on(board, &again, now).await?;
        let apart = apart(board, held, &memories);
        self.tell_once(board, held, "apart", now, |memory| {
            let all: BTreeSet<_> = apart.keys().cloned().collect();
            let known = std::mem::replace(&mut memory.apart, all);
            let new = apart.iter().filter(|(one, _)| !known.contains(one));
            let new: Vec<_> = new.map(|(one, clients)| (one.clone(), *clients)).collect();
            match () {
                () if known == memory.apart => Told::Already,
                () if new.is_empty() => Told::Nothing,
                () => Told::Word(react::apart(&held.process, &held.today(now), &new, now)),
            }
        })
        .await
    }

    /// For whoever starts the service.
    pub(super) async fn log_apart(&self, board: &BoardId, held: &Held) -> Result<(), StoreError> {
        let memories = self.store.memories(board).await?;
        apart(board, held, &memories);
        Ok(())
    }

    /// What was asked of a place and was dropped, for the file did not name it when its turn came.
    async fn unanswered(
        &self,
        board: &BoardId,
        held: &Held,
        card: &CardId,
        memory: &Memory,
        now: Timestamp,
    ) -> Result<Vec<Event>, StoreError> {
        let mut again = Vec::new();
        for target in &held.process.targets {
            let known = memory.places.get(&target.key);
            let Some(known) = known.filter(|known| !is_answered(known)) else {
                continue;
            };
            let place = PlaceId::new(card, &target.key);
            let lane = Lane::Place(place.clone());
            if self.store.load(board, &lane).await?.events.is_empty() {
                again.push(Event {
                    id: ActionId::new(format!("place again {place} {now}")),
                    at: now,
                    actor: Actor::default(),
                    kind: EventKind::PlaceDue {
                        place,
                        status: known.wanted,
                    },
                });
            }
        }
        Ok(again)
    }

    /// Who left on the day that the card told, and stands in a place that the file did not name then:
    /// the day is looked at again.
    async fn still_leaving(
        &self,
        board: &BoardId,
        held: &Held,
        card: &CardId,
        memory: &Memory,
        now: Timestamp,
    ) -> Result<Option<Event>, StoreError> {
        let standing = memory.standing.as_ref();
        let stage = standing.and_then(|standing| held.process.stage(&standing.stage));
        let stays = |known: &Standings| known.wanted != Status::Retired;
        let mut targets = held.process.targets.iter();
        let stays = targets.any(|target| memory.places.get(&target.key).is_some_and(stays));
        if !stays || stage.is_none_or(|stage| stage.leaves_on().is_none()) {
            return Ok(None);
        }
        let waits = self.waits_for(board, card, LEAVE).await?;
        Ok((!waits).then(|| fires(card, LEAVING, now)))
    }

    /// An amount that is confirmed for a day to come: its timer went with those of a board that was
    /// taken afresh.
    async fn still_agreed(
        &self,
        board: &BoardId,
        card: &CardId,
        memory: &Memory,
        now: Timestamp,
    ) -> Result<Option<Event>, StoreError> {
        if memory.terms.values().all(|term| term.from.is_none()) {
            return Ok(None);
        }
        let waits = self.waits_for(board, card, TERMS).await?;
        Ok((!waits).then(|| fires(card, TERMS, now)))
    }

    async fn waits_for(
        &self,
        board: &BoardId,
        card: &CardId,
        timer: &str,
    ) -> Result<bool, StoreError> {
        let lane = Lane::Card(card.clone());
        let timers = self.store.load(board, &lane).await?.timers;
        Ok(timers.contains_key(timer))
    }
}

fn fires(card: &CardId, timer: &str, now: Timestamp) -> Event {
    Event {
        id: ActionId::new(format!("{timer} {card} {now}")),
        at: now,
        actor: Actor::default(),
        kind: EventKind::TimerFired {
            card: card.clone(),
            timer: timer.to_owned(),
        },
    }
}

fn apart(board: &BoardId, held: &Held, memories: &[(Lane, Memory)]) -> BTreeMap<Apart, usize> {
    let memories = memories.iter().map(|(_, memory)| memory);
    let apart = held.process.apart(memories);
    for (one, clients) in &apart {
        match one {
            Apart::Lacking(target) => {
                tracing::warn!(%board, target, clients, "clients are past the entry of a place and not in it: `signalman backfill` writes them");
            }
            Apart::Unnamed(target) => {
                tracing::warn!(%board, target, clients, "the process file no longer names a place in which clients stand");
            }
        }
    }
    apart
}

fn is_answered(known: &Standings) -> bool {
    match &known.said {
        None | Some(Said::Down { .. }) => false,
        Some(Said::Confirmed { status, .. }) => *status == known.wanted,
        Some(_) => true,
    }
}
