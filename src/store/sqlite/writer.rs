//! The one writer. What waits to be written goes together: one transaction, one flush to the disk,
//! each part in a savepoint of its own, so that one that fails takes nobody with it. Nobody is
//! answered before the disk has it.

use super::{Result, gone, said, trouble};
use crate::store::StoreError;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// Parts that share one flush at most.
const TOGETHER: usize = 256;

/// Something to be written, and somebody who waits for it.
trait Part: Send {
    /// False where it failed: what it wrote is taken back.
    fn write(&mut self, tx: &Transaction<'_>) -> bool;
    fn finish(self: Box<Self>, committed: std::result::Result<(), &str>);
}

struct Waiting<T, F> {
    with: Option<F>,
    done: Option<rusqlite::Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> Part for Waiting<T, F>
where
    T: Send,
    F: FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send,
{
    fn write(&mut self, tx: &Transaction<'_>) -> bool {
        self.done = self.with.take().map(|with| with(tx));
        matches!(self.done, Some(Ok(_)))
    }

    fn finish(self: Box<Self>, committed: std::result::Result<(), &str>) {
        let lost = |why: &str| StoreError::Unavailable(why.to_owned());
        let answer = match (self.done, committed) {
            (Some(Err(error)), _) => Err(trouble(error)),
            (Some(Ok(done)), Ok(())) => Ok(done),
            (_, Err(why)) => Err(lost(why)),
            (None, Ok(())) => Err(lost("not written")),
        };
        let _ = self.reply.send(answer);
    }
}

#[derive(Clone)]
pub(super) struct Writer(Arc<Inner>);

struct Inner {
    connection: Mutex<Connection>,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    parts: VecDeque<Box<dyn Part>>,
    /// Somebody is writing and will take what is added.
    busy: bool,
}

impl Writer {
    pub(super) fn new(connection: Connection) -> Self {
        Self(Arc::new(Inner {
            connection: Mutex::new(connection),
            queue: Mutex::default(),
        }))
    }

    /// All of it or nothing.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        with: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let part = Box::new(Waiting {
            with: Some(with),
            done: None,
            reply,
        });
        let idle = {
            let mut queue = self.0.queue();
            queue.parts.push_back(part);
            !std::mem::replace(&mut queue.busy, true)
        };
        if idle {
            let inner = Arc::clone(&self.0);
            tokio::task::spawn_blocking(move || inner.drain());
        }
        answer.await.map_err(gone)?
    }
}

impl Inner {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn drain(&self) {
        let mut connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        loop {
            let parts: Vec<_> = {
                let mut queue = self.queue();
                let most = queue.parts.len().min(TOGETHER);
                queue.busy = most > 0;
                queue.parts.drain(..most).collect()
            };
            if parts.is_empty() {
                return;
            }
            together(&mut connection, parts);
        }
    }
}

fn together(connection: &mut Connection, mut parts: Vec<Box<dyn Part>>) {
    let outcome = in_one(connection, &mut parts).map_err(|error| said(&error));
    let outcome = outcome.as_ref().map(drop).map_err(String::as_str);
    parts.into_iter().for_each(|part| part.finish(outcome));
}

fn in_one(connection: &mut Connection, parts: &mut [Box<dyn Part>]) -> rusqlite::Result<()> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for part in parts {
        tx.execute_batch("SAVEPOINT part")?;
        // A full or failing disk takes the whole transaction back by itself.
        if !part.write(&tx) && !tx.is_autocommit() {
            tx.execute_batch("ROLLBACK TO part")?;
        }
        tx.execute_batch("RELEASE part")?;
    }
    tx.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_fails_takes_nobody_with_it() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY)")
            .unwrap();
        let writer = Writer::new(connection);
        let insert = |n: i64, then: &'static str| {
            writer.write(move |tx| {
                tx.execute("INSERT INTO t VALUES (?1)", [n])?;
                tx.execute_batch(then)
            })
        };
        let (first, failed, last) = tokio::join!(
            insert(1, ""),
            insert(2, "INSERT INTO t VALUES (1)"),
            insert(3, "")
        );
        assert!(first.is_ok() && failed.is_err() && last.is_ok());
        let kept = writer.write(|tx| {
            let mut all = tx.prepare("SELECT n FROM t ORDER BY n")?;
            all.query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<i64>>>()
        });
        assert_eq!(kept.await.unwrap(), [1, 3]);
    }
}
