//! What was missed: the board's actions since the last one seen, then a sweep that reads every card
//! and judges what no action tells. Many returns at once wait for the owner's word.

use super::{Engine, Held};
use crate::model::{ActionId, Actor, BoardId, Card, CardId, Event, EventKind, Lane};
use crate::process::judge::{Case, Fresh, judge};
use crate::process::{Memory, Mode, Verdict, What, decision_id, words::Words};
use crate::store::{BoardState, Commit, StoreError};
use crate::trello::{BoardPart, Failure};
use jiff::Timestamp;
use std::collections::BTreeMap;

impl Engine {
    /// `sweep` reads every card besides.
    pub async fn catch_up_all(&self, now: Timestamp, sweep: bool) -> Result<(), String> {
        let mut trouble = Ok(());
        for board in self
            .store
            .boards()
            .await
            .map_err(|error| error.to_string())?
        {
            let caught = self.catch_up(&board, now, sweep).await;
            if let Err(why) = caught {
                tracing::warn!(%board, why, "could not look through the board; trying again");
                trouble = Err(why);
            }
        }
        trouble
    }

    pub(super) async fn catch_up(
        &self,
        board: &BoardId,
        now: Timestamp,
        sweep: bool,
    ) -> Result<(), String> {
        let text = |error: StoreError| error.to_string();
        let Some(held) = self.held(board).await.map_err(text)? else {
            return Ok(());
        };
        if held.record.state != BoardState::Running {
            return Ok(());
        }
        let seen = self.store.last_seen(board).await.map_err(text)?;
        let since = seen.as_ref().map(|(id, _)| id);
        let missed = self
            .trello
            .board_actions(board, since)
            .await
            .map_err(|error| error.to_string())?;
        let appended = if since.is_some() {
            self.store.append(board, &missed, now).await.map_err(text)?
        } else {
            0
        };
        if let Some(last) = missed.last() {
            self.store
                .set_last_seen(board, &last.id, last.at)
                .await
                .map_err(text)?;
        }
        if appended > 0 {
            if let Some((_, from)) = seen.filter(|_| sweep) {
                tracing::info!(%board, events = appended, "caught up with what was missed since {from}");
            }
            self.nudge();
        }
        if sweep {
            self.sweep(board, &held, now).await?;
        }
        Ok(())
    }

    /// Reads every card; one that stands where memory does not have it is asked who moved it, and
    /// judged as found.
    async fn sweep(&self, board: &BoardId, held: &Held, now: Timestamp) -> Result<(), String> {
        let text = |error: StoreError| error.to_string();
        let read = self
            .trello
            .board(board, BoardPart::OpenCards)
            .await
            .map_err(|error| error.to_string())?;
        let memories = self.store.memories(board).await.map_err(text)?;
        let known: BTreeMap<&CardId, &Memory> = memories
            .iter()
            .filter_map(|(lane, memory)| Some((lane.card()?, memory)))
            .collect();
        let own = [&held.bindings.news_card, &held.bindings.guide_card];
        let astray = read
            .cards
            .iter()
            .filter(|card| !own.contains(&&Some(card.id.clone())));
        let astray = astray.filter(|card| {
            known
                .get(&card.id)
                .is_none_or(|memory| memory.gone || memory.rests.as_ref() != Some(&card.list))
        });
        let (mut found, mut back) = (Vec::new(), Vec::new());
        for card in astray {
            let waiting = self
                .store
                .load(board, &Lane::Card(card.id.clone()))
                .await
                .map_err(text)?;
            if !waiting.events.is_empty() || !waiting.outbox.is_empty() {
                continue; // its own events will tell
            }
            let memory = known.get(&card.id).copied().cloned().unwrap_or_default();
            match self.would_return(board, held, card, &memory, now).await {
                Ok(true) => back.push(card),
                Ok(false) => found.push(super::catchup::found(&card.id, now)),
                Err(why) => return Err(why),
            }
        }
        let many = held.process.limits.bulk as usize;
        if back.len() > many && held.process.mode == Mode::Enforce {
            self.ask_owner(board, held, &back, now)
                .await
                .map_err(text)?;
        } else {
            found.extend(back.iter().map(|card| super::catchup::found(&card.id, now)));
        }
        self.store.append(board, &found, now).await.map_err(text)?;
        self.nudge();
        Ok(())
    }

    /// What the judge would say of a card that a sweep found.
    async fn would_return(
        &self,
        board: &BoardId,
        held: &Held,
        card: &Card,
        memory: &Memory,
        now: Timestamp,
    ) -> Result<bool, String> {
        let (card, actions) = match self
            .trello
            .card(&card.id, &held.bindings.custom_fields)
            .await
        {
            Ok(read) => read,
            Err(Failure::Missing) => return Ok(false),
            Err(failure) => return Err(failure.to_string()),
        };
        let counts = self
            .store
            .counts(board)
            .await
            .map_err(|error| error.to_string())?;
        let event = found(&card.id, now);
        let fresh = Fresh { card, actions };
        let case = Case {
            process: &held.process,
            bindings: &held.bindings,
            counts: &counts,
            memory,
            fresh: Some(&fresh),
            events: std::slice::from_ref(&event),
            now,
            patient: false,
        };
        let Verdict::Ruled(ruled) = judge(&case) else {
            return Ok(false);
        };
        Ok(ruled
            .rulings
            .iter()
            .any(|ruling| matches!(ruling.what, What::Refused(_))))
    }

    async fn ask_owner(
        &self,
        board: &BoardId,
        held: &Held,
        cards: &[&Card],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut memory = self
            .store
            .memory(board, &Lane::Board)
            .await?
            .unwrap_or_default();
        let ids: Vec<_> = cards.iter().map(|card| card.id.clone()).collect();
        if memory.held == ids {
            return Ok(()); // asked already
        }
        memory.held = ids;
        let names: Vec<_> = cards.iter().map(|card| card.name.clone()).collect();
        let text = Words::of(&held.process).bulk(&names);
        let mut commit = Commit::new(Lane::Board, now);
        commit.memory = Some(memory);
        let decision = decision_id(&format!("bulk {board} {now}"), 0);
        commit.effects.push(super::board::news(decision, text));
        self.store.commit(board, commit).await.map(drop)
    }
}

pub(super) fn found(card: &CardId, now: Timestamp) -> Event {
    Event {
        id: ActionId::new(format!("found {card} {now}")),
        at: now,
        actor: Actor::default(),
        kind: EventKind::Found { card: card.clone() },
    }
}
