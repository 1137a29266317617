//! Where the file and what is remembered of the clients have grown apart: a section was added, or
//! taken out for a while, or its key was changed.

use super::Target;
use crate::model::Status;
use crate::process::memory::Memory;
use crate::process::rules::Process;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// By the target's key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Apart {
    /// Clients came past its entry while the file did not name it.
    Lacking(String),
    /// The file does not name it any more, and clients stand there.
    Unnamed(String),
}

impl Process {
    /// As what a card's client would have to stand in a place, where that was never asked of it.
    pub fn lacks(&self, target: &Target, memory: &Memory) -> Option<Status> {
        let standing = memory.standing.as_ref();
        let standing = standing.filter(|_| !memory.gone && !memory.closed)?;
        let due = self.due(target, &standing.stage)?;
        let lacks = match memory.places.get(&target.key) {
            None => true,
            Some(known) => known.wanted == Status::Retired || known.wanted < due,
        };
        lacks.then_some(due)
    }

    /// What has grown apart, and of how many clients.
    pub fn apart<'m>(&self, memories: impl Iterator<Item = &'m Memory>) -> BTreeMap<Apart, usize> {
        let mut apart = BTreeMap::new();
        let mut count = |one| *apart.entry(one).or_default() += 1;
        for memory in memories {
            for target in &self.targets {
                if self.lacks(target, memory).is_some() {
                    count(Apart::Lacking(target.key.clone()));
                }
            }
            for (key, known) in &memory.places {
                if self.target(key).is_none() && known.open().is_some() {
                    count(Apart::Unnamed(key.clone()));
                }
            }
        }
        apart
    }
}
