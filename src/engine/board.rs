//! The board's own lane: lists, members, cards that come with their list, and the owner's word on
//! cards held back.

use super::{Engine, Held};
use crate::model::{ActionId, Appeared, BoardId, Event, EventKind, Lane, ListId};
use crate::process::{DecisionId, Deed, Effect, Mode, decision_id, words::Words};
use crate::store::{BoardState, Commit, LaneWork, StoreError};
use crate::trello::BoardPart;
use jiff::Timestamp;

impl Engine {
    pub(super) async fn hear_board(
        &self,
        board: &BoardId,
        held: &Held,
        work: LaneWork,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut commit = Commit::new(Lane::Board, now);
        for event in &work.events {
            let heard = match &event.kind {
                EventKind::ListArchived { list, name } => {
                    self.list_archived(held, event, list, name, &mut commit);
                    Ok(())
                }
                EventKind::ListArrived { list, .. } => {
                    self.list_arrived(board, event, list, now).await
                }
                EventKind::MembersChanged => self.members_changed(board, held, now).await,
                _ => Ok(()),
            };
            if let Err(trouble) = heard {
                return match trouble {
                    Trouble::Store(error) => Err(error),
                    Trouble::Trello(why) => {
                        self.back_off(board, Lane::Board, &work, now, why).await
                    }
                };
            }
            commit.judged.push(event.id.clone());
        }
        self.store.commit(board, commit).await.map(drop)
    }

    /// A stage's list that was archived hides its cards: it is brought back, and told.
    fn list_archived(
        &self,
        held: &Held,
        event: &Event,
        list: &ListId,
        name: &str,
        commit: &mut Commit,
    ) {
        if held.bindings.stage_of(list).is_none() || held.process.mode == Mode::Watch {
            return;
        }
        let decision = decision_id(event.id.as_str(), 0);
        let by = event
            .actor
            .member
            .as_ref()
            .map(|_| event.actor.name.as_str())
            .filter(|name| !name.is_empty());
        let text = Words::of(&held.process).list_restored(name, by);
        for deed in [
            Deed::RestoreList { list: list.clone() },
            Deed::News { text },
        ] {
            commit.effects.push(Effect {
                decision: decision.clone(),
                slot: None,
                deed,
            });
        }
    }

    /// The cards of a list that came whole send no event of their own.
    async fn list_arrived(
        &self,
        board: &BoardId,
        event: &Event,
        list: &ListId,
        now: Timestamp,
    ) -> Result<(), Trouble> {
        let read = self
            .trello
            .board(board, BoardPart::OpenCards)
            .await
            .map_err(|error| Trouble::Trello(error.to_string()))?;
        let came = read.cards.iter().filter(|card| card.list == *list);
        let events: Vec<_> = came
            .map(|card| Event {
                id: ActionId::new(format!("with-list {} {}", event.id, card.id)),
                at: event.at,
                actor: event.actor.clone(),
                kind: EventKind::CardAppeared {
                    card: card.id.clone(),
                    name: card.name.clone(),
                    list: Some(list.clone()),
                    how: Appeared::WithList,
                },
            })
            .collect();
        self.store
            .append(board, &events, now)
            .await
            .map_err(Trouble::Store)?;
        self.nudge();
        Ok(())
    }

    /// Keeps the names that comments use; roles stay bound by id.
    async fn members_changed(
        &self,
        board: &BoardId,
        held: &Held,
        now: Timestamp,
    ) -> Result<(), Trouble> {
        let read = self
            .trello
            .board(board, BoardPart::WithoutCards)
            .await
            .map_err(|error| Trouble::Trello(error.to_string()))?;
        let mut active = held.record.active.clone();
        let members = read
            .members
            .into_iter()
            .map(|place| place.member)
            .filter(|member| !member.username.is_empty());
        for member in members {
            active.bindings.people.insert(member.id.clone(), member);
        }
        self.store
            .activate(board, active, Vec::new(), now)
            .await
            .map_err(Trouble::Store)
    }

    /// Yes: the cards held back are judged as found. No: they stay, and are asked about no more.
    pub(super) async fn owner_says(
        &self,
        board: &BoardId,
        held: &Held,
        yes: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(mut memory) = self.store.memory(board, &Lane::Board).await? else {
            return Ok(());
        };
        let waiting = std::mem::take(&mut memory.held);
        if waiting.is_empty() || held.record.state != BoardState::Running {
            return Ok(());
        }
        let mut commit = Commit::new(Lane::Board, now);
        commit.memory = Some(memory);
        self.store.commit(board, commit).await?;
        if yes {
            let events: Vec<_> = waiting
                .iter()
                .map(|card| super::catchup::found(card, now))
                .collect();
            self.store.append(board, &events, now).await?;
            self.nudge();
        }
        Ok(())
    }

    /// News for the board's own card.
    pub(super) async fn news(
        &self,
        board: &BoardId,
        text: String,
        decision: DecisionId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut commit = Commit::new(Lane::Board, now);
        commit.effects.push(Effect {
            decision,
            slot: None,
            deed: Deed::News { text },
        });
        self.store.commit(board, commit).await.map(drop)
    }
}

enum Trouble {
    Store(StoreError),
    Trello(String),
}
