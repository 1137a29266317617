//! The boards that were read, by the revision they were read at: read anew only where one was changed,
//! by whatever program. A thousand boards under one file keep its text once.

use super::{BoardId, BoardRecord};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// `R` is a store's own revision.
pub(super) struct Records<R>(Mutex<HashMap<BoardId, (R, Arc<BoardRecord>)>>);

impl<R> Default for Records<R> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<R: PartialEq> Records<R> {
    pub(super) fn known(&self, board: &BoardId, revision: &R) -> Option<Arc<BoardRecord>> {
        let all = self.all();
        let (known, record) = all.get(board)?;
        (known == revision).then(|| Arc::clone(record))
    }

    pub(super) fn keep(
        &self,
        board: &BoardId,
        revision: R,
        mut record: BoardRecord,
    ) -> Arc<BoardRecord> {
        let mut all = self.all();
        let active = &mut record.active;
        let mut others = all.values().map(|(_, other)| &other.active);
        let same =
            others.find(|other| other.version == active.version && other.text == active.text);
        if let Some(same) = same {
            active.text = Arc::clone(&same.text);
        }
        let record = Arc::new(record);
        all.insert(board.clone(), (revision, Arc::clone(&record)));
        record
    }

    fn all(&self) -> MutexGuard<'_, HashMap<BoardId, (R, Arc<BoardRecord>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
