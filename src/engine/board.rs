//! The board's own lane: lists, members, cards that come with their list, and the owner's word on
//! cards held back.

use super::news::news;
use super::sweep::{found, let_stand};
use super::{Engine, Held, Trouble};
use crate::model::{ActionId, Appeared, BoardId, Event, EventKind, Lane, Left, ListId};
use crate::process::{Deed, Effect, Mode, Presence, decision_id, words::Words};
use crate::store::{Commit, LaneWork, StoreError};
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
                    list_archived(held, event, list, name, &mut commit);
                    Ok(())
                }
                EventKind::ListArrived { list, .. } => {
                    self.list_arrived(board, event, list, &mut commit).await
                }
                EventKind::ListLeft { list, name, to } => {
                    let gone = (list, name.as_str(), to);
                    self.list_left(board, held, event, gone, &mut commit).await
                }
                EventKind::MembersChanged => Box::pin(self.members_changed(board, held, now)).await,
                EventKind::AbsenceSaid { absence } => {
                    let presence = Presence::Said(absence.clone());
                    let kept = self.store.presence(board, presence).await;
                    kept.map_err(Trouble::Store)
                }
                EventKind::OwnerSaid { yes } => {
                    owner_said(held, &work, event, *yes, &mut commit);
                    Ok(())
                }
                _ => Ok(()),
            };
            if let Err(trouble) = heard {
                return match trouble {
                    Trouble::Store(error) => Err(error),
                    Trouble::Trello(failure) => {
                        self.put_off(board, Lane::Board, &work, now, failure).await
                    }
                };
            }
            commit.judged.push(event.id.clone());
        }
        let passed_on = !commit.append.is_empty();
        self.store.commit(board, commit).await?;
        if passed_on {
            self.nudge();
        }
        Ok(())
    }

    /// The cards of a list that came whole send no event of their own.
    async fn list_arrived(
        &self,
        board: &BoardId,
        event: &Event,
        list: &ListId,
        commit: &mut Commit,
    ) -> Result<(), Trouble> {
        let read = self
            .trello
            .board(board, BoardPart::OpenCards)
            .await
            .map_err(Trouble::Trello)?;
        let came = read.cards.iter().filter(|card| card.list == *list);
        commit.append.extend(came.map(|card| Event {
            id: ActionId::new(format!("with-list {} {}", event.id, card.id)),
            at: event.at,
            actor: event.actor.clone(),
            kind: EventKind::CardAppeared {
                card: card.id.clone(),
                name: card.name.clone(),
                list: Some(list.clone()),
                how: Appeared::WithList,
            },
        }));
        Ok(())
    }

    /// The cards of a list that went whole send no event of their own either. A stage without its
    /// list is told of: nothing can be brought back from another board.
    async fn list_left(
        &self,
        board: &BoardId,
        held: &Held,
        event: &Event,
        (list, name, to): (&ListId, &str, &BoardId),
        commit: &mut Commit,
    ) -> Result<(), Trouble> {
        let memories = self.store.memories(board).await.map_err(Trouble::Store)?;
        let went = memories.into_iter().filter_map(|(lane, memory)| {
            let here = memory.rests.as_ref() == Some(list) && !memory.gone;
            lane.card().filter(|_| here).cloned()
        });
        commit.append.extend(went.map(|card| Event {
            id: ActionId::new(format!("with-list {} {card}", event.id)),
            at: event.at,
            actor: event.actor.clone(),
            kind: EventKind::CardLeft {
                card,
                how: Left::ToBoard(to.clone()),
            },
        }));
        if let Some(stage) = held.bindings().stage_of(list) {
            let stage = held.process.stage(stage);
            let stage = stage.map_or(name, |stage| stage.name.as_str());
            let text = Words::of(&held.process).list_left(name, stage, by(event));
            commit
                .effects
                .push(news(decision_id(event.id.as_str(), 0), text));
        }
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
            .map_err(Trouble::Trello)?;
        self.people_are(board, &read.members, now).await;
        self.see_who_is_here(board, held.bindings(), &read.members)
            .await?;
        let people = read
            .members
            .into_iter()
            .map(|place| place.member)
            .filter(|member| !member.username.is_empty());
        self.store
            .meet(board, people.collect())
            .await
            .map_err(Trouble::Store)
    }
}

/// A stage's list that was archived hides its cards: it is brought back, and told.
fn list_archived(held: &Held, event: &Event, list: &ListId, name: &str, commit: &mut Commit) {
    if held.bindings().stage_of(list).is_none() || held.process.mode == Mode::Watch {
        return;
    }
    let decision = decision_id(event.id.as_str(), 0);
    let text = Words::of(&held.process).list_restored(name, by(event));
    commit.effects.push(Effect {
        decision: decision.clone(),
        slot: None,
        deed: Deed::RestoreList { list: list.clone() },
    });
    commit.effects.push(news(decision, text));
}

/// Yes: the cards held back are judged as found. No: they count as standing where they are.
fn owner_said(held: &Held, work: &LaneWork, said: &Event, yes: bool, commit: &mut Commit) {
    let Some(mut memory) = work.memory.clone().filter(|memory| !memory.held.is_empty()) else {
        return;
    };
    let waiting = std::mem::take(&mut memory.held);
    (commit.memory, commit.edition) = (Some(memory), Some(work.edition));
    let text = Words::of(&held.process).word_heard(yes);
    let decision = decision_id(said.id.as_str(), 0);
    commit.effects.push(news(decision, text));
    let event = if yes { found } else { let_stand };
    let now = commit.now;
    commit
        .append
        .extend(waiting.iter().map(|card| event(card, now)));
}

/// Who did it, by name, where that is known.
fn by(event: &Event) -> Option<&str> {
    let name = Some(event.actor.name.as_str()).filter(|name| !name.is_empty());
    name.filter(|_| event.actor.member.is_some())
}
