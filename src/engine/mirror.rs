//! Clients mirrored into outside places. Each client and place is a lane of its own, so that one that
//! fails holds up no other and nothing of the card's: what is to stand there comes as an event, the
//! place is brought to it, and what it answered goes to the card's lane to be judged.

use super::elsewhere::CALLS;
use super::lane::pause;
use super::{Engine, Held, Trouble, later, span};
use crate::model::{
    ActionId, Actor, Blind, BoardId, Event, EventKind, Lane, PlaceId, Said, Status,
};
use crate::process::{Target, facts};
use crate::store::{Commit, LaneWork, StoreError};
use crate::target::{self, Cards, Outcome, Secrets, System, Unfit};
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

    fn open(&self, target: &Target, secrets: &Secrets) -> Result<Arc<dyn System>, Unfit> {
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
}

/// A system's address, and our name for a client there.
type Whom = (String, String);

/// Whether one more place may be worked on beside those.
pub(super) fn has_room<'l>(place: &PlaceId, busy: impl Iterator<Item = &'l Lane>) -> bool {
    let places = busy.filter_map(|lane| match lane {
        Lane::Place(other) => Some(other.target() == place.target()),
        _ => None,
    });
    let (mut all, mut same) = (0, 0);
    for of_it in places {
        all += 1;
        same += usize::from(of_it);
    }
    all < AT_ONCE_ALL && same < AT_ONCE
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
                let ended = self.bring_about(board, held, place, target, status, now);
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
            Some(answer(place, &event.id, word, said, now))
        };
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
                commit.judged = work.events.iter().map(|event| event.id.clone()).collect();
                commit.append.extend(tell(said, "said"));
            }
            End::Nothing => {
                commit.judged = work.events.iter().map(|event| event.id.clone()).collect();
            }
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
        status: Status,
        now: Timestamp,
    ) -> Result<End, Trouble> {
        let card = place.card();
        if self.blind(board) == Some(Blind::CustomFields) {
            // Its fields would look as if they were empty.
            let until = later(now, super::blind::BLIND_AGAIN);
            return Err(Failure::Full { until }.into());
        }
        let fields = &held.bindings().custom_fields;
        let (read, _) = self.trello.card(&card, fields).await?;
        let memory = self.store.memory(board, &Lane::Card(card)).await?;
        let memory = memory.unwrap_or_default();
        let today = held.process.today(now);
        let facts = facts::read(&held.process, held.bindings(), &read, today);
        let known = memory.places.get(&target.key);
        let known = known.and_then(|known| Some(known.proof.as_ref()?.id.clone()));
        let client = match target.client(&held.process, &facts, &read, status, known) {
            Ok(client) => client,
            Err(wanting) => {
                let fields = wanting.iter().map(ToString::to_string).collect();
                return Ok(End::Said(Said::Wanting { fields }));
            }
        };
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
        Ok(match system.upsert(&client).await {
            Outcome::Confirmed { id, link } => End::Said(Said::Confirmed { status, id, link }),
            Outcome::Several { ids } => End::Said(Said::Several { ids }),
            Outcome::Refused { why } => End::Said(Said::Refused { why }),
            Outcome::Retry { after, why } => End::Later { after, why },
            Outcome::Unknown { why } => End::Later {
                after: Duration::ZERO,
                why,
            },
        })
    }
}

/// For the card's lane. The same order has the same answer once.
fn answer(place: &PlaceId, order: &ActionId, word: &str, said: Said, now: Timestamp) -> Event {
    Event {
        id: ActionId::new(format!("{word} {order}")),
        at: now,
        actor: Actor::default(),
        kind: EventKind::PlaceSaid {
            card: place.card(),
            target: place.target().to_owned(),
            said,
        },
    }
}
