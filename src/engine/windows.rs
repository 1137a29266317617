//! Trello's request windows where several machines use one token: the budget lies in the store they
//! share, is read, changed by the same pure rules, and put back if nobody else changed it meanwhile.
//! What time it is the store says, so that machines need not agree on their clocks.

use crate::store::{Redis, Result};
use crate::trello::{Budget, Change, Windows};
use async_trait::async_trait;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// How often a change is tried while other machines change it too.
const TRIES: u32 = 50;

pub struct SharedWindows {
    redis: Arc<Redis>,
    name: String,
    /// Of this machine one asks at a time: only machines have to agree.
    turn: Mutex<()>,
}

impl SharedWindows {
    /// `mark` tells one token from another and is not the token.
    pub fn new(redis: Arc<Redis>, mark: &str) -> Self {
        Self {
            redis,
            name: format!("windows:{mark}"),
            turn: Mutex::default(),
        }
    }

    async fn once(&self, change: &mut Change<'_>) -> Result<bool> {
        let (kept, now) = self.redis.shared_value(&self.name).await?;
        let budget = kept.as_deref().map(serde_json::from_str);
        // What an earlier version wrote is forgotten within the hour, and soon overwritten.
        let mut budget: Budget = budget.and_then(std::result::Result::ok).unwrap_or_default();
        change(&mut budget, now);
        let changed = serde_json::to_string(&budget).unwrap_or_default();
        if kept.as_deref() == Some(changed.as_str()) {
            return Ok(true);
        }
        self.redis.swap(&self.name, kept.as_deref(), &changed).await
    }
}

#[async_trait]
impl Windows for SharedWindows {
    async fn change(&self, change: &mut Change<'_>) -> std::result::Result<(), String> {
        let _turn = self.turn.lock().await;
        for tried in 1..=TRIES {
            match self.once(change).await {
                Ok(true) => return Ok(()),
                Ok(false) => {
                    // Not all of them again at the same moment.
                    let chance = RandomState::new().hash_one(tried) % 1_000;
                    let spread = Duration::from_micros(chance * u64::from(tried.min(10)));
                    tokio::time::sleep(spread).await;
                }
                Err(error) => return Err(error.to_string()),
            }
        }
        Err("the shared request window keeps changing".to_owned())
    }
}
