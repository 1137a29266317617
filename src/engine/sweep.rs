//! A sweep reads every card and judges what no action tells: a card that stands where memory does
//! not have it is asked who moved it. Many returns at once wait for the owner's word.

use super::catchup::Told;
use super::{Engine, Held, news};
use crate::model::{ActionId, Actor, BoardId, Card, CardId, Event, EventKind, Lane};
use crate::process::judge::{Case, Fresh, NO_LOADS, NO_STRANGERS, judge};
use crate::process::{Memory, Mode, Ruling, Verdict, What, react};
use crate::store::StoreError;
use crate::trello::Failure;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashSet};

/// What a sweep found.
pub(super) struct Swept {
    pub(super) events: Vec<Event>,
    /// How many cards stand where no action that was asked for told that they went.
    pub(super) untold: usize,
}

/// What is remembered of each card.
pub(super) fn by_card(memories: &[(Lane, Memory)]) -> BTreeMap<&CardId, &Memory> {
    let cards = memories.iter();
    cards
        .filter_map(|(lane, memory)| Some((lane.card()?, memory)))
        .collect()
}

/// What would become of a card, and when the last action that moved it happened.
struct Outlook {
    returns: bool,
    moved: Option<Timestamp>,
}

impl Engine {
    /// What there is to judge of cards besides what was `missed`. Where too many would go back, they
    /// are told to wait and the owner is asked.
    pub(super) async fn sweep(
        &self,
        board: &BoardId,
        held: &Held,
        cards: &[Card],
        missed: &[Told],
        now: Timestamp,
        grace: SignedDuration,
    ) -> Result<Swept, String> {
        let text = |error: StoreError| error.to_string();
        let memories = self.store.memories(board).await.map_err(text)?;
        let known = by_card(&memories);
        let astray = cards.iter().filter(|card| {
            let ours = held.bindings().is_own(&card.id);
            let memory = known.get(&card.id);
            let away = |memory: &&Memory| memory.gone || memory.rests.as_ref() != Some(&card.list);
            !ours && memory.is_none_or(away)
        });
        let (mut found, mut back) = (Vec::new(), Vec::new());
        let mut strayed = Vec::new();
        let asked_for: HashSet<_> = missed.iter().map(|told| &told.action).collect();
        for card in astray {
            let lane = Lane::Card(card.id.clone());
            let work = self.store.load(board, &lane).await.map_err(text)?;
            let asked_for = |event: &Event| asked_for.contains(&event.id);
            if !work.events.iter().all(asked_for) || !work.outbox.is_empty() {
                continue; // its own events will tell
            }
            let memory = known.get(&card.id).copied().cloned().unwrap_or_default();
            let outlook = self.outlook(board, held, card, &memory, now).await?;
            if outlook.returns {
                &mut back
            } else {
                &mut found
            }
            .push(card);
            // It may have been moved while the cards were read.
            let under_way = |at| now.duration_since(at) <= grace;
            if !outlook.moved.is_some_and(under_way) {
                strayed.push(&card.id);
            }
        }
        // Where an action tells of a card, that is judged and not merely where it was found.
        let untold = |card: &CardId| {
            let mut missed = missed.iter();
            !missed.any(|told| told.card.as_ref() == Some(card))
        };
        strayed.retain(|card| untold(card));
        let many = held.process.limits.bulk as usize;
        let mut events = Vec::new();
        if back.len() > many && held.process.mode == Mode::Enforce {
            events.extend(back.iter().map(|card| waits(&card.id, now)));
            self.ask_owner(board, held, &back, now)
                .await
                .map_err(text)?;
        } else {
            found.append(&mut back);
        }
        let found = found.iter().filter(|card| untold(&card.id));
        events.extend(found.map(|card| super::sweep::found(&card.id, now)));
        events.extend(super::retime::behind(held, &memories, now));
        Ok(Swept {
            events,
            untold: strayed.len(),
        })
    }

    async fn ask_owner(
        &self,
        board: &BoardId,
        held: &Held,
        cards: &[&Card],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let names: Vec<_> = cards.iter().map(|card| card.name.clone()).collect();
        let word = react::bulk(&held.process, &held.today(now), &names, now);
        let asked = |memory: &mut Memory| {
            let new = cards.iter().map(|card| &card.id);
            let new = new.filter(|id| !memory.held.contains(id)).cloned();
            memory.held.extend(new.collect::<Vec<_>>());
            news::Told::Word(word.clone())
        };
        while !self.tell_once(board, held, "bulk", now, asked).await? {}
        Ok(())
    }

    /// What the judge would say of a card that a sweep found.
    async fn outlook(
        &self,
        board: &BoardId,
        held: &Held,
        card: &Card,
        memory: &Memory,
        now: Timestamp,
    ) -> Result<Outlook, String> {
        let mut outlook = Outlook {
            returns: false,
            moved: None,
        };
        let (card, actions) = match self
            .trello
            .card(&card.id, &held.bindings().custom_fields)
            .await
        {
            Ok(read) => read,
            Err(Failure::Missing) => return Ok(outlook),
            Err(failure) => return Err(failure.to_string()),
        };
        let counts = self
            .counts(board, held)
            .await
            .map_err(|error| error.to_string())?;
        let event = found(&card.id, now);
        let moves = |event: &&Event| {
            use EventKind::{CardAppeared, CardArchived, CardMoved};
            matches!(
                event.kind,
                CardMoved { .. } | CardAppeared { .. } | CardArchived { .. }
            )
        };
        outlook.moved = actions.iter().filter(moves).map(|event| event.at).max();
        let fresh = Fresh { card, actions };
        let case = Case {
            process: &held.process,
            bindings: held.bindings(),
            counts: &counts,
            loads: &NO_LOADS,
            memory,
            fresh: Some(&fresh),
            events: std::slice::from_ref(&event),
            now,
            strangers: &NO_STRANGERS,
            patient: false,
        };
        let Verdict::Ruled(ruled) = judge(&case) else {
            return Ok(outlook);
        };
        let refused = |ruling: &Ruling| matches!(ruling.what, What::Refused(_));
        outlook.returns = ruled.rulings.iter().any(refused);
        Ok(outlook)
    }
}

pub(super) fn found(card: &CardId, now: Timestamp) -> Event {
    event("found", now, EventKind::Found { card: card.clone() })
}

/// It waits for the owner's word, if it has to go back.
fn waits(card: &CardId, now: Timestamp) -> Event {
    event("held", now, EventKind::Held { card: card.clone() })
}

/// It stays where it was found, by the owner's word.
pub(super) fn let_stand(card: &CardId, now: Timestamp) -> Event {
    event("let-stand", now, EventKind::LetStand { card: card.clone() })
}

fn event(what: &str, at: Timestamp, kind: EventKind) -> Event {
    let card = kind.card().map(ToString::to_string).unwrap_or_default();
    Event {
        id: ActionId::new(format!("{what} {card} {at}")),
        at,
        actor: Actor::default(),
        kind,
    }
}
