//! Messages to people by other ways than the card. Each person and way is a lane of its own, so that
//! one that fails holds up no other, no other person and nothing of the board's. What is to be told
//! comes as an event, in the commit of the decision it tells of; it is sent at least once, and what
//! was given up is said on the card.

use super::lane::pause;
use super::{Engine, Held, later, span};
use crate::model::{
    ActionId, Actor, BoardId, CardId, Event, EventKind, Lane, Lost, Message, PostId, hex,
};
use crate::notify::{self, Carrier, Letter, Outcome, Unfit};
use crate::process::notify::{To, Way};
use crate::process::{DecisionId, Deed, Effect, Memory, Post, Ruling, react};
use crate::store::{Commit, LaneWork, StoreError};
use crate::target::Secrets;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A way that takes nothing is tried on for so long.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// The timer of the hour at which what came in the night is sent.
const MORNING: &str = "morning";
/// So many are being sent at once, and one of each way: slow ones keep nobody from judging.
const AT_ONCE_ALL: usize = 2;

/// The ways as they were opened.
#[derive(Default)]
pub(super) struct Carriers(Mutex<HashMap<Way, Arc<dyn Carrier>>>);

impl Carriers {
    fn open(&self, way: &Way, secrets: &Secrets) -> Result<Arc<dyn Carrier>, Unfit> {
        let mut opened = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(carrier) = opened.get(way) {
            return Ok(Arc::clone(carrier));
        }
        let secret = way.secret_in.as_deref().and_then(|name| secrets.get(name));
        let carrier: Arc<dyn Carrier> = notify::open(way, secret)?.into();
        opened.insert(way.clone(), Arc::clone(&carrier));
        Ok(carrier)
    }
}

/// Whether one more message may be sent beside those.
pub(super) fn has_room<'l>(post: &PostId, busy: impl Iterator<Item = &'l Lane>) -> bool {
    let busy = busy.filter_map(|lane| match lane {
        Lane::Post(other) => Some(other.way()),
        _ => None,
    });
    let busy: Vec<_> = busy.collect();
    busy.len() < AT_ONCE_ALL && !busy.contains(&post.way())
}

/// Of one thing told to one person by one way: always the same, and nobody reads the person out of it.
pub(super) fn mark(board: &BoardId, to: &PostId, about: &str) -> String {
    hex(&Sha256::digest(format!("{board} {to} {about}"))[..12])
}

/// A message for the lane of its way.
pub(super) fn message_due(board: &BoardId, to: PostId, message: Message, at: Timestamp) -> Event {
    Event {
        id: ActionId::new(format!("message {}", mark(board, &to, &message.about))),
        at,
        actor: Actor::default(),
        kind: EventKind::MessageDue { to, message },
    }
}

/// What those whom the rulings call are told besides.
pub(super) fn told_besides(
    held: &Held,
    memory: &Memory,
    rulings: &[Ruling],
    effects: &[Effect],
    (card, link): (&CardId, &str),
    now: Timestamp,
) -> Vec<Event> {
    let (process, bindings) = (&held.process, held.bindings());
    let all = rulings.iter().flat_map(|ruling| {
        react::messages(process, bindings, memory, ruling, effects, (card, link))
    });
    due(held, all, now).collect()
}

/// Messages for the lanes of their ways.
pub(super) fn due(
    held: &Held,
    messages: impl IntoIterator<Item = (PostId, Message)>,
    now: Timestamp,
) -> impl Iterator<Item = Event> {
    let board = held.bindings().board.clone();
    let messages = messages.into_iter();
    messages.map(move |(to, message)| message_due(&board, to, message, now))
}

/// Written there like everything else on the board.
fn on_own_card(message: &Message) -> Effect {
    Effect {
        decision: DecisionId(message.about.clone()),
        slot: None,
        deed: Deed::Say {
            thread: format!("once {}", message.about),
            text: message.text.clone(),
        },
    }
}

/// What becomes of one message now.
enum End {
    /// Sent, or there is nothing to send any more.
    Done,
    Lost(Lost),
    Later {
        after: Duration,
        why: String,
    },
}

impl Engine {
    /// Whoever starts the service is told of ways that cannot be used, before anybody waits for one.
    pub(super) async fn try_ways(&self) -> Result<(), StoreError> {
        for board in self.store.running().await? {
            let Some(held) = self.held(&board).await? else {
                continue;
            };
            let chosen = |way: &&Way| {
                let mut people = held.process.people.iter();
                people.any(|person| person.notify.iter().any(|reach| reach.way == way.key))
            };
            for way in held.process.ways.iter().filter(chosen) {
                if let Err(unfit) = self.carriers.open(way, &self.options.secrets) {
                    tracing::error!(%board, way = way.key, error = %unfit, "the way cannot be used: `signalman ways` shows what it needs");
                }
            }
        }
        Ok(())
    }

    pub(super) async fn deliver(
        &self,
        board: &BoardId,
        post: &PostId,
        held: &Held,
        work: LaneWork,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut memory = work.memory.clone().unwrap_or_default();
        let mut known = memory.post.take().unwrap_or_default();
        let mut commit = Commit::new(Lane::Post(post.clone()), now);
        commit.edition = Some(work.edition);
        if work.timers.get(MORNING).is_some_and(|at| *at <= now) {
            commit.timers.push((MORNING.to_owned(), None));
            let held = std::mem::take(&mut known.held).into_iter();
            commit.append.extend(held.map(|waited| Event {
                id: ActionId::new(format!(
                    "held {} {now}",
                    mark(board, post, &waited.message.about)
                )),
                at: waited.since,
                actor: Actor::default(),
                kind: EventKind::MessageDue {
                    to: post.clone(),
                    message: waited.message,
                },
            }));
        }
        let mut next = None;
        for event in &work.events {
            let message = match &event.kind {
                EventKind::MessageDue { message, .. } => message,
                kind => {
                    if let EventKind::ChatOpened { chat, .. } = kind {
                        tracing::info!(way = post.way(), "a person opened a chat");
                        known.chat = Some(chat.clone());
                    }
                    commit.judged.push(event.id.clone());
                    continue;
                }
            };
            // What fails by day is tried on in the morning.
            let opens = self.opens(held, post, now);
            if known.has_sent(&message.about) {
                commit.judged.push(event.id.clone());
            } else if opens > now && !message.at_once {
                known.hold(message.clone(), event.at);
                commit.timers.retain(|(timer, _)| timer != MORNING);
                commit.timers.push((MORNING.to_owned(), Some(opens)));
                commit.judged.push(event.id.clone());
            } else if post.is_on_own_card() {
                known.sent(&message.about);
                commit.judged.push(event.id.clone());
                // Whoever has no role any more was meant for one.
                let role = held.bindings().role_of(&held.process, &post.member());
                commit.effects.extend(role.map(|_| on_own_card(message)));
            } else {
                next = next.or(Some((event, message)));
            }
        }
        if let Some((event, message)) = next {
            let end = self.send(board, held, post, &known, message).await?;
            self.ended(
                board,
                post,
                &work,
                (event, message),
                end,
                &mut known,
                &mut commit,
            );
        }
        memory.post = Some(known);
        commit.memory = Some(memory);
        let tells = !commit.append.is_empty();
        // Where somebody was forgotten meanwhile, nothing is written and the lane is gone.
        self.store.commit(board, commit).await?;
        if tells {
            self.nudge();
        }
        Ok(())
    }

    /// When this person may be written to: at that instant, or in the morning after it.
    fn opens(&self, held: &Held, post: &PostId, at: Timestamp) -> Timestamp {
        let process = &held.process;
        process.next_at_work(held.bindings(), &post.member(), at)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one message: where, whose, what came of it, and what is to be kept of that"
    )]
    fn ended(
        &self,
        board: &BoardId,
        post: &PostId,
        work: &LaneWork,
        (event, message): (&Event, &Message),
        end: End,
        known: &mut Post,
        commit: &mut Commit,
    ) {
        let (way, now) = (post.way(), commit.now);
        let end = match end {
            End::Later { why, .. } if now.duration_since(event.at) >= DAY => {
                End::Lost(Lost::Down { why })
            }
            end => end,
        };
        match end {
            End::Done => {
                known.sent(&message.about);
                commit.judged.push(event.id.clone());
            }
            End::Lost(why) => {
                tracing::error!(way, about = message.about, ?why, "a message was given up");
                self.metrics.message("lost");
                known.sent(&message.about);
                commit.judged.push(event.id.clone());
                commit.append.extend(message.card.clone().map(|card| Event {
                    id: ActionId::new(format!("lost {}", mark(board, post, &message.about))),
                    at: now,
                    actor: Actor::default(),
                    kind: EventKind::MessageLost {
                        card,
                        to: post.clone(),
                        why,
                    },
                }));
            }
            End::Later { after, why } => {
                tracing::warn!(
                    way,
                    about = message.about,
                    why,
                    attempt = work.attempts + 1,
                    "a message is not sent yet; it will be tried again"
                );
                let wait = pause(work.attempts).max(span(after));
                commit.back_off = Some(later(now, wait.unsigned_abs()));
            }
        }
    }

    async fn send(
        &self,
        board: &BoardId,
        held: &Held,
        post: &PostId,
        known: &Post,
        message: &Message,
    ) -> Result<End, StoreError> {
        let (process, bindings) = (&held.process, held.bindings());
        let person = process.person_of(bindings, &post.member());
        let reach = person.and_then(|person| {
            let mut reaches = person.notify.iter();
            reaches.find(|reach| reach.way == post.way())
        });
        let Some((way, reach)) = process.way(post.way()).zip(reach) else {
            tracing::debug!(way = post.way(), "chosen no more: nothing is sent");
            return Ok(End::Done);
        };
        let later = |why: String| End::Later {
            after: notify::PAUSE,
            why,
        };
        let secrets = &self.options.secrets;
        let to = match &reach.to {
            To::Told(to) => Some(to.clone()),
            To::Way => None,
            To::Chat => match &known.chat {
                Some(chat) => Some(chat.clone()),
                None => {
                    tracing::debug!(
                        way = post.way(),
                        "no chat was opened: `signalman invite` gives a link"
                    );
                    return Ok(End::Done);
                }
            },
            To::In(name) => match secrets.get(name) {
                Some(to) => Some(secrecy::ExposeSecret::expose_secret(&to).to_owned()),
                None => {
                    let why = format!("the environment variable {name} is not set");
                    return Ok(later(why));
                }
            },
        };
        let carrier = match self.carriers.open(way, secrets) {
            Ok(carrier) => carrier,
            Err(unfit) => {
                tracing::error!(way = way.key, error = %unfit, "the way cannot be used");
                return Ok(later(unfit.to_string()));
            }
        };
        // It may have been another machine's by now.
        if !self.store.holds(board) {
            return Err(StoreError::Elsewhere);
        }
        let id = mark(board, post, &message.about);
        let letter = Letter {
            id: &id,
            to: to.as_deref(),
            message,
        };
        Ok(match carrier.send(&letter).await.hiding(to.as_deref()) {
            Outcome::Sent => {
                tracing::info!(way = way.key, about = message.about, "a message was sent");
                self.metrics.message("sent");
                End::Done
            }
            Outcome::Refused { why } => End::Lost(Lost::Refused { why }),
            Outcome::Retry { after, why } => End::Later { after, why },
            // Twice is better than never.
            Outcome::Unknown { why } => later(why),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_ways_leave_workers_for_the_cards_and_for_each_other() {
        let lanes = |ways: &[&str]| -> Vec<Lane> {
            let lanes = ways.iter().enumerate();
            lanes
                .map(|(nth, way)| Lane::Post(PostId::new(&format!("{nth}").as_str().into(), way)))
                .collect()
        };
        let mail = PostId::new(&"x".into(), "mail");
        assert!(has_room(&mail, lanes(&["chat"]).iter()));
        assert!(!has_room(&mail, lanes(&["mail"]).iter()));
        assert!(!has_room(&mail, lanes(&["chat", "hook"]).iter()));
    }

    #[test]
    fn a_lane_is_known_by_its_name_again() {
        let post = PostId::new(&"5f00000000000000000000a1".into(), "mail");
        let lane = Lane::Post(post.clone());
        assert_eq!(Lane::from_name(lane.as_str()), lane);
        assert_eq!(
            (post.member().as_str(), post.way()),
            ("5f00000000000000000000a1", "mail")
        );
        assert_eq!(lane.card(), None);
    }
}
