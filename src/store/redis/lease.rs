//! Which boards this machine works on. Boards fall into partitions; a machine holds a partition for
//! a few seconds at a time by the server's clock, and every commit shows the fence it was given, so
//! that a machine that was paused writes nothing on waking. Partitions are shared out evenly.

use super::scripts::{HOLD, MACHINES, RELEASE};
use super::{Link, PARTITIONS, key};
use crate::model::BoardId;
use crate::store::{Result, StoreError, UnderWay};
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
/// What is under way in a partition that is to be given away is waited for so long: an answer of
/// Trello's takes twenty seconds at most.
const LINGERS: Duration = Duration::from_secs(25);
const MACHINES_KEY: &str = "signalman:machines";

pub(super) fn partition(board: &BoardId) -> u16 {
    u16::from(Sha256::digest(board.as_str())[0]) % PARTITIONS
}

pub(super) struct Lease {
    machine: String,
    held: Mutex<BTreeMap<u16, Held>>,
    /// Of each partition, with whoever has something under way there.
    under_way: Vec<UnderWay>,
    /// Whether it works on boards at all: a command does not, and writes beside whoever does.
    joined: AtomicBool,
    /// Nothing is begun any more.
    retired: AtomicBool,
    left: AtomicBool,
    /// Nothing is taken while everything is given away.
    beating: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Held {
    fence: String,
    until: Instant,
    /// Since when nothing new is begun; it is given away as soon as nothing is under way there.
    leaving: Option<Instant>,
}

impl Lease {
    pub(super) fn new() -> Self {
        let random = || RandomState::new().hash_one("machine");
        Self {
            machine: format!("{:016x}{:016x}", random(), random()),
            held: Mutex::default(),
            under_way: (0..PARTITIONS).map(|_| UnderWay::default()).collect(),
            joined: AtomicBool::new(false),
            retired: AtomicBool::new(false),
            left: AtomicBool::new(false),
            beating: tokio::sync::Mutex::default(),
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

    /// Until it is dropped the partition is not given away, and once lost not taken anew: what was
    /// begun under one lease is not finished under the next.
    pub(super) fn enter(&self, partition: u16) -> Option<UnderWay> {
        // Counted before it is looked whose it is: it cannot be lost and taken anew in between.
        let under_way = self.under_way.get(usize::from(partition)).cloned()?;
        self.holds(partition).then_some(under_way)
    }

    fn is_idle(&self, partition: u16) -> bool {
        let under_way = self.under_way.get(usize::from(partition));
        under_way.is_none_or(|one| Arc::strong_count(one) == 1)
    }

    /// The partitions whose work may be begun.
    pub(super) fn working(&self) -> Vec<u16> {
        let now = Instant::now();
        let held = self.held();
        let working = held
            .iter()
            .filter(|(_, held)| held.leaving.is_none() && now < held.until);
        working.map(|(partition, _)| *partition).collect()
    }

    pub(super) fn lost(&self, partition: u16) {
        self.held().remove(&partition);
    }

    /// Says that this machine lives, renews what it holds, takes what is free up to its share, and
    /// gives away what is beyond it.
    pub(super) async fn beat(&self, link: &Link) -> Result<()> {
        let _beating = self.beating.lock().await;
        if self.left.load(Relaxed) {
            return Ok(());
        }
        let retired = self.retired.load(Relaxed);
        // Whoever begins nothing any more is not counted: the others take what it gives away.
        let lives = if retired { 0 } else { LASTS.as_millis() };
        let machines: u16 = link
            .run(
                &MACHINES,
                MACHINES_KEY,
                &[&self.machine, &lives.to_string()],
            )
            .await?;
        let share = PARTITIONS.div_ceil(machines.max(1));
        let share = if retired { 0 } else { usize::from(share) };
        let mine: Vec<u16> = self.held().keys().copied().collect();
        try_join_all(
            mine.iter()
                .map(|partition| self.hold(link, *partition, false)),
        )
        .await?;
        let leaving: Vec<u16> = {
            let held = self.held();
            let over = |since: Instant| since.elapsed() >= LINGERS;
            let goes = |partition, held: &Held| {
                held.leaving
                    .is_some_and(|since| self.is_idle(partition) || over(since))
            };
            let leaving = held.iter().filter(|(one, held)| goes(**one, held));
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
        for (nth, held) in self.held().values_mut().enumerate() {
            let leaves = nth >= share;
            held.leaving = leaves.then(|| held.leaving.unwrap_or_else(Instant::now));
        }
        Ok(())
    }

    /// Those that may be taken, each machine beginning elsewhere.
    fn others(&self) -> Vec<u16> {
        let first = RandomState::new().hash_one(&self.machine) % u64::from(PARTITIONS);
        let first = u16::try_from(first).unwrap_or(0);
        let held = self.held();
        (0..PARTITIONS)
            .map(|nth| (first + nth) % PARTITIONS)
            .filter(|partition| !held.contains_key(partition) && self.is_idle(*partition))
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
                let leaving = held.get(&partition).and_then(|held| held.leaving);
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

    /// Gives away what is idle, and the rest by and by.
    pub(super) async fn retire(&self, link: &Link) -> Result<()> {
        self.retired.store(true, Relaxed);
        self.beat(link).await?; // from here on nothing is begun
        self.beat(link).await
    }

    /// Gives everything away: whoever comes next need not wait for it.
    pub(super) async fn leave(&self, link: &Link) -> Result<()> {
        self.left.store(true, Relaxed);
        let _beating = self.beating.lock().await;
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
