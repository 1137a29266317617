//! Which boards this machine works on. Boards fall into partitions; a machine holds a partition for
//! a few seconds at a time by the server's clock, and every commit shows the fence it was given, so
//! that a machine that was paused writes nothing on waking. Partitions are shared out evenly.

use super::scripts::{HOLD, MACHINES, RELEASE};
use super::{Link, PARTITIONS, key};
use crate::model::BoardId;
use crate::store::{Result, StoreError};
use futures::future::try_join_all;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::time::Instant;

/// A machine that is gone is missed after this; one that is paused must not act longer than this.
const LASTS: Duration = Duration::from_secs(3);
const BEAT: Duration = Duration::from_millis(700);
/// What a clock and an answer may be late by.
const MARGIN: Duration = Duration::from_millis(500);
const MACHINES_KEY: &str = "signalman:machines";

pub(super) fn partition(board: &BoardId) -> u16 {
    u16::from(Sha256::digest(board.as_str())[0]) % PARTITIONS
}

pub(super) struct Lease {
    machine: String,
    held: Mutex<BTreeMap<u16, Held>>,
    /// Whether it works on boards at all: a command does not, and writes beside whoever does.
    joined: AtomicBool,
    left: AtomicBool,
}

#[derive(Clone)]
struct Held {
    fence: String,
    until: Instant,
    /// Nothing new is begun; it is given away at the next beat.
    leaving: bool,
}

impl Lease {
    pub(super) fn new() -> Self {
        let random = || RandomState::new().hash_one("machine");
        Self {
            machine: format!("{:016x}{:016x}", random(), random()),
            held: Mutex::default(),
            joined: AtomicBool::new(false),
            left: AtomicBool::new(false),
        }
    }

    pub(super) fn machine(&self) -> &str {
        &self.machine
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<u16, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn join(&self) {
        self.joined.store(true, Relaxed);
    }

    /// The fence for a commit, as long as the partition was not lost for all we know; a command's
    /// commit shows none.
    pub(super) fn fence(&self, partition: u16) -> Result<Option<String>> {
        if !self.joined.load(Relaxed) {
            return Ok(None);
        }
        let held = self.held();
        let held = held.get(&partition).ok_or(StoreError::Elsewhere)?;
        Ok(Some(held.fence.clone()))
    }

    /// Whether what is done now is still ours to do.
    pub(super) fn holds(&self, partition: u16) -> bool {
        let held = self.held();
        held.get(&partition)
            .is_some_and(|held| Instant::now() < held.until)
    }

    /// The partitions whose work may be begun.
    pub(super) fn working(&self) -> Vec<u16> {
        let now = Instant::now();
        let held = self.held();
        let working = held
            .iter()
            .filter(|(_, held)| !held.leaving && now < held.until);
        working.map(|(partition, _)| *partition).collect()
    }

    pub(super) fn lost(&self, partition: u16) {
        self.held().remove(&partition);
    }

    /// Says that this machine lives, renews what it holds, takes what is free up to its share, and
    /// gives away what is beyond it.
    pub(super) async fn beat(&self, link: &Link) -> Result<()> {
        let lasts = LASTS.as_millis().to_string();
        let machines: u16 = link
            .run(&MACHINES, MACHINES_KEY, &[&self.machine, &lasts])
            .await?;
        let share = usize::from(PARTITIONS.div_ceil(machines.max(1)));
        let mine: Vec<u16> = self.held().keys().copied().collect();
        try_join_all(
            mine.iter()
                .map(|partition| self.hold(link, *partition, false)),
        )
        .await?;
        let leaving: Vec<u16> = {
            let held = self.held();
            let leaving = held.iter().filter(|(_, held)| held.leaving);
            leaving.map(|(partition, _)| *partition).collect()
        };
        for partition in leaving {
            self.give_away(link, partition).await?;
        }
        for partition in self.others() {
            if self.held().len() >= share {
                break;
            }
            self.hold(link, partition, true).await?;
        }
        for held in self.held().values_mut().skip(share) {
            held.leaving = true;
        }
        Ok(())
    }

    /// Those not held, each machine beginning elsewhere.
    fn others(&self) -> Vec<u16> {
        let first = RandomState::new().hash_one(&self.machine) % u64::from(PARTITIONS);
        let first = u16::try_from(first).unwrap_or(0);
        let held = self.held();
        (0..PARTITIONS)
            .map(|nth| (first + nth) % PARTITIONS)
            .filter(|partition| !held.contains_key(partition))
            .collect()
    }

    async fn hold(&self, link: &Link, partition: u16, wanted: bool) -> Result<()> {
        // Counted from before it is asked for: we must believe it ours no longer than the server does.
        let until = Instant::now() + LASTS - MARGIN;
        let lasts = LASTS.as_millis().to_string();
        let args = [
            self.machine.as_str(),
            &lasts,
            if wanted { "1" } else { "0" },
        ];
        let fence: Option<String> = link.run(&HOLD, &key(partition, "lease"), &args).await?;
        let mut held = self.held();
        match fence {
            Some(fence) => {
                let leaving = held.get(&partition).is_some_and(|held| held.leaving);
                let now = Held {
                    fence,
                    until,
                    leaving,
                };
                held.insert(partition, now);
            }
            None => {
                held.remove(&partition);
            }
        }
        Ok(())
    }

    async fn give_away(&self, link: &Link, partition: u16) -> Result<()> {
        self.lost(partition);
        let lease = key(partition, "lease");
        link.run::<i64>(&RELEASE, &lease, &[&self.machine])
            .await
            .map(drop)
    }

    /// Gives everything away: whoever comes next need not wait for it.
    pub(super) async fn leave(&self, link: &Link) -> Result<()> {
        self.left.store(true, Relaxed);
        let mine: Vec<u16> = self.held().keys().copied().collect();
        for partition in mine {
            self.give_away(link, partition).await?;
        }
        link.run::<i64>(&MACHINES, MACHINES_KEY, &[&self.machine, "0"])
            .await
            .map(drop)
    }
}

/// Beats until the machine leaves or the store is dropped.
pub(super) async fn keep(lease: Weak<Lease>, link: Arc<Link>) {
    loop {
        tokio::time::sleep(BEAT).await;
        let Some(lease) = lease.upgrade().filter(|lease| !lease.left.load(Relaxed)) else {
            return;
        };
        if let Err(error) = lease.beat(&link).await {
            tracing::warn!(%error, "the boards of this machine cannot be kept; trying again");
        }
    }
}
