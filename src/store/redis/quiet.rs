//! Where nothing is due, as far as this machine knows: an answer of the server's holds until the next
//! instant it named, or until this machine writes there. What other machines write is seen a moment
//! later: an event of theirs has not settled by then.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How long others' writes may go unseen: less than workers sleep, who look again for their sake.
const UNSEEN: Duration = Duration::from_millis(40);

#[derive(Default)]
pub(super) struct Quiet {
    partitions: Mutex<HashMap<u16, Partition>>,
}

#[derive(Default)]
struct Partition {
    /// Changes with every question and every write: an answer to an earlier question says nothing.
    turn: u64,
    answer: Option<Answer>,
    /// The earliest arrival that was appended since the last question.
    heard: Option<i64>,
}

struct Answer {
    asked: Instant,
    settle: i64,
    next: Option<i64>,
}

/// One question to the server.
pub(super) struct Question {
    partition: u16,
    turn: u64,
    asked: Instant,
    settle: i64,
}

impl Quiet {
    fn partitions(&self) -> MutexGuard<'_, HashMap<u16, Partition>> {
        self.partitions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// When something will be due there, if nothing is now; none: the server must be asked.
    pub(super) fn until(&self, partition: u16, now: i64, settle: i64) -> Option<Option<i64>> {
        let partitions = self.partitions();
        let known = partitions.get(&partition)?;
        let answer = known.answer.as_ref()?;
        let heard = known.heard.map(|heard| heard.saturating_add(settle));
        let next = answer.next.into_iter().chain(heard).min();
        let holds = answer.settle == settle
            && answer.asked.elapsed() < UNSEEN
            && next.is_none_or(|next| next > now);
        holds.then_some(next)
    }

    pub(super) fn ask(&self, partition: u16, settle: i64) -> Question {
        let turn = self.wrote(partition);
        Question {
            partition,
            turn,
            asked: Instant::now(),
            settle,
        }
    }

    /// Nothing was due, and something will be then.
    pub(super) fn answered(&self, question: &Question, next: Option<i64>) {
        let mut partitions = self.partitions();
        let partition = partitions.entry(question.partition).or_default();
        if partition.turn == question.turn {
            partition.answer = Some(Answer {
                asked: question.asked,
                settle: question.settle,
                next,
            });
        }
    }

    /// Whatever was known no longer holds.
    pub(super) fn wrote(&self, partition: u16) -> u64 {
        let mut partitions = self.partitions();
        let partition = partitions.entry(partition).or_default();
        partition.turn += 1;
        partition.answer = None;
        partition.heard = None;
        partition.turn
    }

    /// Events came at this instant, and settle first.
    pub(super) fn heard(&self, partition: u16, arrived: i64) {
        let mut partitions = self.partitions();
        let partition = partitions.entry(partition).or_default();
        let earlier = partition.heard.is_none_or(|heard| arrived < heard);
        if earlier {
            partition.heard = Some(arrived);
        }
    }
}
