//! Whose turn it is when somebody is away or back: when work begins on a day, and when more is told of
//! absences, the cards that this concerns are told to look. Each is told once of each day and each word,
//! however often the service is started and on however many machines: by the id of what is told.

use super::{Engine, Held};
use crate::model::{ActionId, Actor, BoardId, CardId, Event, EventKind, Membership};
use crate::process::judge::TURN;
use crate::process::{Bindings, Loads, Memory, Presence, Process, TurnOrder};
use crate::store::StoreError;
use jiff::{Timestamp, civil::Date};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// The day, and the word on absences, by which each board's cards were looked through last.
#[derive(Default)]
pub struct Rounds(HashMap<BoardId, (Date, u32)>);

/// Cards that come at once are given their people one after the other: each has to know what the one
/// before it was given. A board is one machine's at a time, so that this machine's word is enough.
#[derive(Default)]
pub(super) struct Turns(Mutex<HashMap<BoardId, Arc<tokio::sync::Mutex<()>>>>);

pub(super) type InTurn = tokio::sync::OwnedMutexGuard<()>;

impl Engine {
    /// Looks through the boards on which somebody was ever away, once work has begun there.
    pub async fn hand_over(&self, now: Timestamp, rounds: &mut Rounds) -> Result<(), StoreError> {
        for board in self.store.running().await? {
            let Some(held) = self.held(&board).await? else {
                continue;
            };
            let bindings = held.bindings();
            let today = held.process.today(now);
            let round = (today, bindings.presence);
            let nobody = bindings.presence == 0;
            if nobody || rounds.0.get(&board) == Some(&round) || !has_begun(&held.process, now) {
                continue;
            }
            let day = bindings.on(today);
            let memories = self.store.memories(&board).await?;
            let cards = memories.iter().filter_map(|(lane, memory)| {
                let card = lane.card()?;
                concerns(&held.process, &day, memory).then_some(card)
            });
            let told = cards.map(|card| turn(card, round, now)).collect::<Vec<_>>();
            if !told.is_empty() {
                let cards = self.store.append(&board, &told, now).await?;
                tracing::info!(%board, cards, "cards are looked at, for somebody is away or back");
                self.nudge();
            }
            rounds.0.insert(board, round);
        }
        Ok(())
    }

    /// How much each person has, where that is asked for. As long as the turn is kept, nobody is given
    /// another card of the board.
    pub(super) async fn loads(
        &self,
        board: &BoardId,
        held: &Held,
    ) -> Result<(Loads, Option<InTurn>), StoreError> {
        let mut roles = held.process.roles.iter();
        if roles.all(|role| role.turn == TurnOrder::All) {
            return Ok((Loads::new(), None));
        }
        let mine = {
            let mut turns = self.turns.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(board.clone()).or_default())
        };
        let turn = mine.lock_owned().await;
        Ok((self.store.loads(board).await?, Some(turn)))
    }

    /// Those who hold a role and have left the board are called no more, and nothing is given them.
    pub(super) async fn see_who_is_here(
        &self,
        board: &BoardId,
        bindings: &Bindings,
        people: &[Membership],
    ) -> Result<(), StoreError> {
        let here = people.iter().filter(|one| one.is_active());
        let here: BTreeSet<_> = here.map(|one| one.member.id.clone()).collect();
        let missing = bindings.missing_from(&here);
        // An answer in which not even we are on the board tells of nobody.
        if missing == bindings.not_here || !here.contains(&bindings.bot) {
            return Ok(());
        }
        for one in missing.difference(&bindings.not_here) {
            let name = bindings
                .people
                .get(one)
                .map_or(one.as_str(), |one| &one.username);
            tracing::warn!(%board, person = name, "holds a role and is not on the board: invite them again, or give the role to somebody else by `signalman apply`");
        }
        self.store.presence(board, Presence::NotHere(missing)).await
    }
}

/// Whether work has begun today; on a day off it does not.
fn has_begun(process: &Process, now: Timestamp) -> bool {
    let opens = process.opens(process.today(now));
    opens.is_some_and(|opens| opens <= now)
}

/// Whether a card's turn may be another's by now.
fn concerns(process: &Process, day: &Bindings, memory: &Memory) -> bool {
    let stage = memory.standing.as_ref();
    let stage = stage.and_then(|standing| process.stage(&standing.stage));
    let held = stage.and_then(|stage| day.roles.get(&stage.owner));
    let away = held.is_some_and(|held| {
        let mut holders = memory.holders.iter();
        holders.any(|one| held.absent(one).is_some())
    });
    memory.is_on_the_way() && (away || !memory.turns.lent.is_empty())
}

fn turn(card: &CardId, (day, word): (Date, u32), now: Timestamp) -> Event {
    Event {
        id: ActionId::new(format!("turn {card} {day} {word}")),
        at: now,
        actor: Actor::default(),
        kind: EventKind::TimerFired {
            card: card.clone(),
            timer: TURN.to_owned(),
        },
    }
}
