//! What one attached board is remembered by, poured again under other boards and for other cards:
//! many boards of many cards, as attaching each would have left them.

use crate::body::Move;
use jiff::Timestamp;
use signalman::model::{BoardId, Lane};
use signalman::process::Memory;
use signalman::store::{Active, Start, Store};

pub struct Mould {
    pub active: Active,
    /// A card that stands in the first stage.
    memory: Memory,
}

/// The stages a poured card goes through, one after another; none has a gate.
const WAY: [&str; 3] = ["request", "details", "quote"];

pub fn board(n: usize) -> String {
    format!("6b0000b0{:016x}", 0xb0a0_0000_0000_0000 + n as u64)
}

pub fn card(board: usize, n: usize) -> String {
    let number = (board as u64) << 24 | n as u64;
    format!("6b0000ca{:016x}", 0xca00_0000_0000_0000 + number)
}

impl Mould {
    pub async fn of(store: &dyn Store, board: &BoardId, stage: &str) -> Self {
        let active = store.board(board).await.unwrap().unwrap().active.clone();
        let memories = store.memories(board).await.unwrap();
        let stands = |memory: &Memory| {
            let standing = memory.standing.as_ref();
            standing.is_some_and(|standing| standing.stage == stage.into())
        };
        let found = memories.into_iter().find(|(_, memory)| stands(memory));
        Self {
            active,
            memory: found.unwrap().1,
        }
    }

    /// Puts the process in force on a board with so many cards more than it has.
    pub async fn pour(&self, store: &dyn Store, id: &str, number: usize, cards: usize) {
        let id = BoardId::from(id);
        let mut active = self.active.clone();
        active.bindings.board = id.clone();
        let now = Timestamp::now();
        let mut all = store.memories(&id).await.unwrap();
        all.extend((0..cards).map(|n| {
            let lane = Lane::Card(card(number, n).as_str().into());
            let mut memory = self.memory.clone();
            memory.name = format!("Карточка {n}");
            memory.heard = Some(now);
            (lane, memory)
        }));
        let start = Start::Afresh {
            cards: all,
            after: None,
        };
        store.activate(&id, active, start, now).await.unwrap();
    }

    /// A poured card's first or second legal move.
    pub fn step<'a>(
        &'a self,
        board: &'a str,
        card: &'a str,
        nth: usize,
        at: Timestamp,
    ) -> Move<'a> {
        let list = |stage: &str| self.active.bindings.lists[&stage.into()].as_str();
        Move {
            board,
            card,
            from: list(WAY[nth]),
            to: list(WAY[nth + 1]),
            at,
        }
    }
}
