//! Where the request windows are kept: in this process, or where several machines that share a key
//! see one another's calls. It keeps a budget and says what time it is there; what may be sent is
//! `budget.rs`'s to say.

use super::budget::{Budget, Limits};
use async_trait::async_trait;
use jiff::Timestamp;
use std::sync::{Arc, Mutex, PoisonError};

/// What is to become of the budget at this instant.
pub type Change<'c> = dyn FnMut(&mut Budget, Timestamp) + Send + 'c;

#[async_trait]
pub trait Windows: Send + Sync {
    /// Runs `change` on the budget as it stands and keeps what it made of it. Where somebody else
    /// changed the budget meanwhile, it runs again on what they left: only its last run counts. An
    /// error says that nothing was kept, and why.
    async fn change(&self, change: &mut Change<'_>) -> Result<(), String>;
}

/// One machine's.
pub(super) struct Local {
    budget: Mutex<Budget>,
    clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

impl Local {
    pub(super) fn new(limits: Limits, clock: Arc<dyn Fn() -> Timestamp + Send + Sync>) -> Self {
        Self {
            budget: Mutex::new(Budget::new(limits)),
            clock,
        }
    }
}

#[async_trait]
impl Windows for Local {
    async fn change(&self, change: &mut Change<'_>) -> Result<(), String> {
        let mut budget = self.budget.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut budget, (self.clock)());
        Ok(())
    }
}
