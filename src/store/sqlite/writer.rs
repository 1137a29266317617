//! The one writer. What waits to be written goes together: one transaction, one flush to the disk,
//! each part in a savepoint of its own, so that one that fails takes nobody with it. Nobody is
//! answered before the disk has it.

use super::schedule::{Schedule, Touched};
use super::{Result, gone, said, trouble};
use crate::store::StoreError;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// Parts that share one flush at most.
const TOGETHER: usize = 256;

/// Something to be written, and somebody who waits for it.
trait Part: Send {
    /// False where it failed: what it wrote is taken back.
    fn write(&mut self, tx: &Transaction<'_>, touched: &mut Touched) -> bool;
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
    F: FnOnce(&Transaction<'_>, &mut Touched) -> rusqlite::Result<T> + Send,
{
    fn write(&mut self, tx: &Transaction<'_>, touched: &mut Touched) -> bool {
        self.done = self.with.take().map(|with| with(tx, touched));
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
    /// Gone once the last of us is.
    queue: Option<Sender<Box<dyn Part>>>,
    thread: Option<JoinHandle<()>>,
    desk: Arc<Desk>,
}

struct Desk {
    hand: Mutex<Hand>,
    schedule: Arc<Schedule>,
}

struct Hand {
    connection: Connection,
    /// Changes when another connection writes to the file.
    others: i64,
}

impl Writer {
    pub(super) fn new(connection: Connection, schedule: Arc<Schedule>) -> rusqlite::Result<Self> {
        let others = version(&connection)?;
        let hand = Mutex::new(Hand { connection, others });
        let desk = Arc::new(Desk { hand, schedule });
        let (queue, parts) = mpsc::channel();
        let at = Arc::clone(&desk);
        let thread = std::thread::spawn(move || at.write(&parts));
        Ok(Self(Arc::new(Inner {
            queue: Some(queue),
            thread: Some(thread),
            desk,
        })))
    }

    /// Sees whether somebody else wrote to the file. While a transaction of ours is open nobody does,
    /// and it looked when it began.
    pub(super) fn look(&self) -> rusqlite::Result<()> {
        let desk = &self.0.desk;
        let mut hand = match desk.hand.try_lock() {
            Ok(hand) => hand,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Ok(()),
        };
        let hand = &mut *hand;
        look(&hand.connection, &mut hand.others, &desk.schedule)
    }

    /// All of it or nothing.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        with: impl FnOnce(&Transaction<'_>, &mut Touched) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let part = Box::new(Waiting {
            with: Some(with),
            done: None,
            reply,
        });
        // Where nobody takes it any more, the answer's other end is gone too.
        let _ = self.0.queue.as_ref().map(|queue| queue.send(part));
        answer.await.map_err(gone)?
    }
}

/// What was asked for is written, and the file closed, before the last of us is gone.
impl Drop for Inner {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Desk {
    fn write(&self, parts: &Receiver<Box<dyn Part>>) {
        while let Ok(first) = parts.recv() {
            let more = parts.try_iter().take(TOGETHER - 1);
            let together = std::iter::once(first).chain(more).collect();
            // Who panics takes those beside it along, who are told so, and nobody who comes after.
            let _ = catch_unwind(AssertUnwindSafe(|| self.together(together)));
        }
    }

    fn together(&self, mut parts: Vec<Box<dyn Part>>) {
        let mut touched = Touched::none();
        let outcome = self
            .in_one(&mut parts, &mut touched)
            .map_err(|error| said(&error));
        self.schedule.touch(touched);
        let outcome = outcome.as_ref().map(drop).map_err(String::as_str);
        parts.into_iter().for_each(|part| part.finish(outcome));
    }

    fn in_one(&self, parts: &mut [Box<dyn Part>], touched: &mut Touched) -> rusqlite::Result<()> {
        let mut hand = self.hand.lock().unwrap_or_else(PoisonError::into_inner);
        let hand = &mut *hand;
        let tx = hand
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        look(&tx, &mut hand.others, &self.schedule)?;
        if let [alone] = parts {
            return match alone.write(&tx, touched) {
                true => tx.commit(),
                false => tx.rollback(),
            };
        }
        let run = |sql| tx.prepare_cached(sql)?.execute([]);
        for part in parts {
            run("SAVEPOINT part")?;
            // A full or failing disk takes the whole transaction back by itself.
            if !part.write(&tx, touched) && !tx.is_autocommit() {
                run("ROLLBACK TO part")?;
            }
            run("RELEASE part")?;
        }
        tx.commit()
    }
}

/// Sees whether somebody else wrote to the file since the last look.
fn look(connection: &Connection, others: &mut i64, schedule: &Schedule) -> rusqlite::Result<()> {
    let now = version(connection)?;
    if std::mem::replace(others, now) != now {
        schedule.touch_all();
    }
    Ok(())
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("PRAGMA data_version")?
        .query_row([], |row| row.get(0))
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
        let writer = Writer::new(connection, Arc::default()).unwrap();
        let insert = |n: i64, then: &'static str| {
            writer.write(move |tx, _| {
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
        let kept = writer.write(|tx, _| {
            let mut all = tx.prepare("SELECT n FROM t ORDER BY n")?;
            all.query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<i64>>>()
        });
        assert_eq!(kept.await.unwrap(), [1, 3]);
    }
}
