//! Cards whose timers were set by an earlier version of the file, or are gone with those of a board that
//! was taken afresh: each is looked at once more. The judge says what follows; most often only another
//! time to look.

use super::{Engine, Held};
use crate::model::{ActionId, Actor, BoardId, Event, EventKind, Lane};
use crate::process::{LADDER, Memory, Mode};
use crate::store::{BoardState, StoreError};
use jiff::Timestamp;

/// So many at a time; the rest has its turn with the next look through the board.
const MOST: usize = 200;

pub(super) fn behind(held: &Held, memories: &[(Lane, Memory)], now: Timestamp) -> Vec<Event> {
    let process = &held.process;
    if process.mode == Mode::Watch {
        return Vec::new();
    }
    let is_behind = |memory: &Memory| {
        let standing = memory.standing.as_ref();
        let stage = standing.and_then(|standing| process.stage(&standing.stage));
        let timed = stage.is_some_and(|stage| process.is_timed(stage, &memory.clock));
        timed && memory.is_on_the_way() && memory.clock.version.as_ref() != Some(&process.version)
    };
    let behind = memories.iter().filter_map(|(lane, memory)| {
        let card = lane.card().filter(|_| is_behind(memory))?;
        Some(Event {
            id: ActionId::new(format!("retime {card} {} {now}", process.version.0)),
            at: now,
            actor: Actor::default(),
            kind: EventKind::TimerFired {
                card: card.clone(),
                timer: LADDER.to_owned(),
            },
        })
    });
    behind.take(MOST).collect()
}

impl Engine {
    /// Another version is in force: the cards are not left to the next look through the board.
    pub(super) async fn retime(&self, board: &BoardId, now: Timestamp) -> Result<(), StoreError> {
        let Some(held) = self.held(board).await? else {
            return Ok(());
        };
        if held.record.state != BoardState::Running {
            return Ok(());
        }
        let memories = self.store.memories(board).await?;
        let events = behind(&held, &memories, now);
        if !events.is_empty() {
            self.store.append(board, &events, now).await?;
            self.nudge();
        }
        Ok(())
    }
}
