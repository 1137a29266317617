//! Clients mirrored into outside places. Each client and place is a lane of its own, so that one that
//! fails holds up no other and nothing of the card's: what is to stand there comes as an event, the
//! place is brought to it, and what it answered goes to the card's lane to be judged.

use super::elsewhere::CALLS;
use super::lane::pause;
use super::{Engine, Held, Trouble, later, span};
use crate::model::{
    ActionId, Actor, Blind, BoardId, Card, Drift, Event, EventKind, Lane, PlaceId, Said, Status,
};
use crate::process::target::{Client, Keyed};
use crate::process::{Memory, Target, facts};
use crate::store::{Commit, LaneWork, StoreError};
use crate::target::{self, Cards, Found, Outcome, Secrets, System, Unfit};
use crate::trello::{Failure, Weight};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A place that has not answered so often is told of; it is tried on without end.
const TOLD_AFTER: u32 = 5;
const SELDOM: SignedDuration = SignedDuration::from_mins(30);
/// So many are worked on at once, of one place and of all, so that slow ones keep nobody from judging.
const AT_ONCE: usize = 2;
const AT_ONCE_ALL: usize = 4;

/// The outside systems as they were opened, and whom each is busy with.
pub(super) struct Systems {
    cards: Arc<dyn Cards>,
    opened: Mutex<HashMap<Target, Arc<dyn System>>>,
    alone: Mutex<HashMap<Whom, Arc<tokio::sync::Mutex<()>>>>,
}

impl Systems {
    pub(super) fn new(cards: Arc<dyn Cards>) -> Self {
        Self {
            cards,
            opened: Mutex::default(),
            alone: Mutex::default(),
        }
    }

    pub(super) fn open(
        &self,
        target: &Target,
        secrets: &Secrets,
    ) -> Result<Arc<dyn System>, Unfit> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(system) = opened.get(target) {
            return Ok(Arc::clone(system));
        }
        let secret = target.key_in.as_deref().and_then(|name| secrets.get(name));
        let cards = Some(Arc::clone(&self.cards));
        let system: Arc<dyn System> = target::open_beside(target, secret, cards)?.into();
        opened.insert(target.clone(), Arc::clone(&system));
        Ok(system)
    }

    /// Two cards may be one client: one at a time.
    async fn alone(&self, target: &Target, key: &str) -> tokio::sync::OwnedMutexGuard<()> {
        let lock = {
            let mut alone = self.alone.lock().unwrap_or_else(PoisonError::into_inner);
            alone.retain(|_, lock| Arc::strong_count(lock) > 1);
            let whom = (target.url.clone(), key.to_owned());
            Arc::clone(alone.entry(whom).or_default())
        };
        lock.lock_owned().await
    }

    /// One request of a reading at a time, whichever board it is for.
    pub(super) async fn reading(&self, target: &Target) -> tokio::sync::OwnedMutexGuard<()> {
        self.alone(target, "").await // no client is called so
    }
}

/// A system's address, and our name for a client there.
type Whom = (String, String);

/// Whether one more place may be worked on beside those.
pub(super) fn has_room<'l>(place: &PlaceId, busy: impl Iterator<Item = &'l Lane>) -> bool {
    let busy = busy.filter_map(|lane| match lane {
        Lane::Place(other) => Some(other.target()),
        _ => None,
    });
    let busy: Vec<_> = busy.collect();
    let same = busy.iter().filter(|target| **target == place.target());
    busy.len() < AT_ONCE_ALL && same.count() < AT_ONCE
}

/// What came of an attempt.
enum End {
    Said(Said),
    Later {
        after: Duration,
        why: String,
    },
    /// The card is gone, or its place is no longer in the process.
    Nothing,
}

impl Engine {
    pub(super) async fn mirror(
        &self,
        board: &BoardId,
        place: &PlaceId,
        held: &Held,
        work: LaneWork,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let lane = Lane::Place(place.clone());
        // What was asked for last is what is wanted.
        let order = work.events.iter().rev().find_map(|event| match event.kind {
            EventKind::PlaceDue { status, .. } => Some((event, status)),
            _ => None,
        });
        let end = match (order, held.process.target(place.target())) {
            (Some((_, status)), Some(target)) => {
                let ended =
                    self.bring_about(board, held, place, target, (status, work.received), now);
                let ended = async {
                    match target.kind.is_on_trello() {
                        // What is begun there can be ended: all calls are set apart before.
                        true => self.trello.within(Weight::Mirror, CALLS, ended).await,
                        false => self.trello.weighing(Weight::Mirror, ended).await,
                    }
                };
                match ended.await {
                    Ok(end) => end,
                    Err(Trouble::Store(error)) => return Err(error),
                    Err(Trouble::Trello(Failure::Missing)) => End::Nothing,
                    Err(Trouble::Trello(failure)) => {
                        return self.put_off(board, lane, &work, now, failure).await;
                    }
                }
            }
            _ => End::Nothing,
        };
        let mut commit = Commit::new(lane, now);
        let tell = |said: Said, word: &str| {
            let (event, _) = order?;
            // The same order has the same answer once.
            let id = format!("{word} {}", event.id);
            Some(place_said(id, place, said, now))
        };
        if !matches!(end, End::Later { .. }) {
            commit.judged = work.events.iter().map(|event| event.id.clone()).collect();
        }
        match end {
            End::Later { after, why } => {
                tracing::warn!(%place, why, attempt = work.attempts + 1, "the place has not taken the client yet; it will be tried again");
                if work.attempts == TOLD_AFTER {
                    commit.append.extend(tell(Said::Down { why }, "down"));
                }
                let wait = match work.attempts {
                    ..20 => pause(work.attempts),
                    _ => SELDOM,
                };
                commit.back_off = now.saturating_add(wait.max(span(after))).ok();
            }
            End::Said(said) => {
                tracing::info!(%place, ?said, "the place has answered");
                commit.append.extend(tell(said, "said"));
            }
            End::Nothing => {}
        }
        let tells = !commit.append.is_empty();
        self.store.commit(board, commit).await?;
        if tells {
            self.nudge();
        }
        Ok(())
    }

    async fn bring_about(
        &self,
        board: &BoardId,
        held: &Held,
        place: &PlaceId,
        target: &Target,
        (status, asked): (Status, Option<Timestamp>),
        now: Timestamp,
    ) -> Result<End, Trouble> {
        let card = place.card();
        if self.blind(board) == Some(Blind::CustomFields) {
            // Its fields would look as if they were empty.
            let until = later(now, super::blind::BLIND_AGAIN);
            return Err(Failure::Full { until }.into());
        }
        // What was read of the board after it was asked for serves its other places too.
        let read = self.read(board, held, &card, asked, now).await?.card;
        let memory = self.store.memory(board, &Lane::Card(card)).await?;
        let memory = memory.unwrap_or_default();
        let mut client = match client(held, &memory, &read, target, status, now) {
            Ok(client) => client,
            Err(wanting) => return Ok(End::Said(wanting)),
        };
        if target.keyed == Keyed::Organisation {
            let memories = self.store.memories(board).await?;
            client.status = of_all(&memories, place, &client.key, status);
        }
        let system = match self.systems.open(target, &self.options.secrets) {
            Ok(system) => system,
            Err(unfit) => {
                tracing::error!(target = target.key, error = %unfit, "the place cannot be used");
                return Ok(End::Later {
                    after: Duration::from_secs(60),
                    why: unfit.to_string(),
                });
            }
        };
        let _alone = self.systems.alone(target, &client.key).await;
        // It may have been another machine's by now.
        if !self.store.holds(board) {
            return Err(StoreError::Elsewhere.into());
        }
        let vouched = memory.places.get(&target.key);
        let vouched = vouched.and_then(|known| known.proof.as_ref()?.by_hand.as_ref());
        if vouched.is_some() {
            // Somebody has entered it: it is looked for, and never entered once more.
            match system.look(&client).await {
                Ok(Found::One { id, .. }) => client.known = Some(id),
                Ok(Found::Several { ids }) => return Ok(End::Said(Said::Several { ids })),
                Ok(Found::Nothing) => {
                    let drift = Drift::Missing;
                    return Ok(End::Said(Said::Drifted { drift }));
                }
                Err(outcome) => return Ok(end(outcome, status, client.key)),
            }
        }
        let outcome = system.upsert(&client).await;
        Ok(end(outcome, status, client.key))
    }
}

fn end(outcome: Outcome, status: Status, key: String) -> End {
    match outcome {
        Outcome::Confirmed { id, link } => End::Said(Said::Confirmed {
            status,
            id,
            link,
            key,
        }),
        Outcome::Several { ids } => End::Said(Said::Several { ids }),
        Outcome::Refused { why } => End::Said(Said::Refused { why }),
        Outcome::Retry { after, why } => End::Later { after, why },
        Outcome::Unknown { why } => End::Later {
            after: Duration::ZERO,
            why,
        },
    }
}

/// A card's client as a place is to have it, or what is wanting for that.
pub(super) fn client(
    held: &Held,
    memory: &Memory,
    card: &Card,
    target: &Target,
    status: Status,
    now: Timestamp,
) -> Result<Client, Said> {
    let process = &held.process;
    let today = process.today(now);
    let mut facts = facts::read(process, held.bindings(), card, today);
    if status != Status::Pending {
        // What is charged is what was agreed on, whatever stands on the card.
        for (field, term) in &memory.terms {
            facts = facts.with(process, field, &term.agreed, today);
        }
    }
    let known = memory.places.get(&target.key);
    let proof = known.and_then(|known| known.proof.as_ref());
    let proof = proof.filter(|proof| proof.by_hand.is_none());
    let known = proof.map(|proof| proof.id.clone());
    let made = target.client(process, &facts, card, status, now, known);
    made.map_err(|wanting| Said::Wanting {
        fields: wanting.iter().map(ToString::to_string).collect(),
    })
}

/// An organisation stands there as the most alive of its cards: it leaves with the last of them.
pub(super) fn of_all(
    memories: &[(Lane, Memory)],
    place: &PlaceId,
    key: &str,
    own: Status,
) -> Status {
    let alive = |status: &Status| match status {
        Status::Active => 2,
        Status::Pending => 1,
        Status::Retired => 0,
    };
    let card = Lane::Card(place.card());
    let others = memories.iter().filter(|(lane, _)| *lane != card);
    let others = others.filter_map(|(_, memory)| {
        let known = memory.places.get(place.target())?;
        let same = known.proof.as_ref().is_some_and(|proof| proof.key == key);
        same.then_some(known.wanted)
    });
    others.chain([own]).max_by_key(alive).unwrap_or(own)
}

/// What a place said, for the card's lane. `id`: the same is told once.
pub(super) fn place_said(id: String, place: &PlaceId, said: Said, now: Timestamp) -> Event {
    Event {
        id: ActionId::new(id),
        at: now,
        actor: Actor::default(),
        kind: EventKind::PlaceSaid {
            card: place.card(),
            target: place.target().to_owned(),
            said,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::{Proof, Standings};

    fn card(id: &str, key: &str, wanted: Status) -> (Lane, Memory) {
        let proof = Proof {
            id: "7".into(),
            link: None,
            key: key.into(),
            status: wanted,
            at: Timestamp::UNIX_EPOCH,
            by_hand: None,
        };
        let known = Standings {
            wanted,
            said: None,
            proof: Some(proof),
        };
        let mut memory = Memory::default();
        memory.places.insert("crm".into(), known);
        (Lane::Card(id.into()), memory)
    }

    #[test]
    fn an_organisation_leaves_with_the_last_of_its_cards() {
        let place = PlaceId::new(&"a".into(), "crm");
        let own = Status::Retired;
        let stranger = card("c", "other", Status::Active);
        let last = [card("a", "org", own), card("b", "org", own), stranger];
        assert_eq!(of_all(&last, &place, "org", own), Status::Retired);
        let another = [card("a", "org", own), card("b", "org", Status::Active)];
        assert_eq!(of_all(&another, &place, "org", own), Status::Active);
        let waits = [card("b", "org", Status::Pending)];
        assert_eq!(of_all(&waits, &place, "org", own), Status::Pending);
    }

    #[test]
    fn slow_places_leave_workers_for_the_cards() {
        let busy = |places: &[&str]| {
            let lanes = places.iter().enumerate();
            let lanes = lanes.map(|(nth, target)| {
                Lane::Place(PlaceId::new(&format!("{nth}").as_str().into(), target))
            });
            lanes.chain([Lane::Board]).collect::<Vec<_>>()
        };
        let crm = PlaceId::new(&"x".into(), "crm");
        assert!(has_room(&crm, busy(&["crm", "list", "list"]).iter()));
        assert!(!has_room(&crm, busy(&["crm", "crm"]).iter()));
        assert!(!has_room(&crm, busy(&["list", "list", "a", "b"]).iter()));
    }
}
