//! Each night the outside places are read back, board beside board. Who was not billed is told once a
//! month: on its first working day, or as soon as it can be asked.

use super::news::Told;
use super::reconcile::{Bill, Bills, Standing};
use super::{Clock, Engine, Held};
use crate::model::{BoardId, Lane, PlaceId};
use crate::process::{Billed, Process, calendar, react};
use crate::store::StoreError;
use futures::future::join_all;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use jiff::{Timestamp, ToSpan, civil::Date};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// When nobody works, at the board's place.
const HOUR: i8 = 3;
const GLANCE: Duration = Duration::from_secs(60);
/// So many boards are read at once.
const AT_ONCE: usize = 8;

/// The day on which each board's places were read last.
pub struct Nights {
    last: HashMap<BoardId, Date>,
    reading: HashSet<BoardId>,
    room: Arc<Semaphore>,
}

impl Default for Nights {
    fn default() -> Self {
        Self {
            last: HashMap::new(),
            reading: HashSet::new(),
            room: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

/// A board whose night it is.
struct Due {
    board: BoardId,
    held: Held,
    /// The night before.
    before: Date,
}

impl Nights {
    fn over(&mut self, due: &Due, done: bool) {
        self.reading.remove(&due.board);
        if !done {
            self.last.insert(due.board.clone(), due.before);
        }
    }
}

impl Engine {
    pub(super) async fn read_each_night(&self, clock: Clock, stop: CancellationToken) {
        let mut nights = Nights::default();
        let mut reading = FuturesUnordered::new();
        loop {
            match self.due_tonight(clock(), &mut nights).await {
                Ok(due) => {
                    for due in due {
                        let room = Arc::clone(&nights.room);
                        reading.push(self.read_night(due, room, clock()));
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "the store cannot be used; trying again");
                }
            }
            let mut glance = Box::pin(tokio::time::sleep(GLANCE).fuse());
            // Whoever takes long keeps no other board from its night, and nobody from stopping.
            loop {
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = &mut glance => break,
                    Some((due, read)) = reading.next() => {
                        if let Err(error) = &read {
                            tracing::error!(%error, "the store cannot be used; trying again");
                        }
                        nights.over(&due, matches!(read, Ok(true)));
                    }
                }
            }
        }
    }

    /// Reads the places of each board whose night it is. A board that is seen for the first time waits
    /// for the next.
    pub async fn read_places(&self, now: Timestamp, nights: &mut Nights) -> Result<(), StoreError> {
        let due = self.due_tonight(now, nights).await?;
        let reads = due.into_iter().map(|due| {
            let room = Arc::clone(&nights.room);
            self.read_night(due, room, now)
        });
        let mut outcome = Ok(());
        for (due, read) in join_all(reads.collect::<Vec<_>>()).await {
            nights.over(&due, matches!(read, Ok(true)));
            outcome = outcome.and(read.map(drop));
        }
        outcome
    }

    async fn due_tonight(
        &self,
        now: Timestamp,
        nights: &mut Nights,
    ) -> Result<Vec<Due>, StoreError> {
        let mut due = Vec::new();
        for board in self.store.running().await? {
            let held = self.held(&board).await?;
            let Some(held) = held.filter(|held| !held.process.targets.is_empty()) else {
                continue;
            };
            let local = held.process.time_zone.to_datetime(now);
            let night = match local.hour() < HOUR {
                true => local.date().yesterday().unwrap_or(local.date()),
                false => local.date(),
            };
            if nights.reading.contains(&board) {
                continue;
            }
            let before = nights.last.insert(board.clone(), night);
            if before.is_none() {
                self.log_apart(&board, &held).await?;
            }
            if let Some(before) = before.filter(|before| *before != night) {
                nights.reading.insert(board.clone());
                due.push(Due {
                    board,
                    held,
                    before,
                });
            }
        }
        Ok(due)
    }

    /// Whether the board was read.
    async fn read_night(
        &self,
        due: Due,
        room: Arc<Semaphore>,
        now: Timestamp,
    ) -> (Due, Result<bool, StoreError>) {
        let _room = room.acquire().await;
        let read = self.read_at_night(&due.board, &due.held, now).await;
        (due, read)
    }

    async fn read_at_night(
        &self,
        board: &BoardId,
        held: &Held,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if !self.bring_together(board, held, now).await? {
            return Ok(false);
        }
        let memory = self.store.memory(board, &Lane::Board).await?;
        let told = memory.and_then(|memory| memory.billed);
        // A clock that was set back tells of no month again.
        let later = |month: &Date| told.as_ref().is_some_and(|told| told.month > *month);
        let month = month_to_tell(&held.process, now).filter(|month| !later(month));
        let nobody = BTreeSet::new();
        let bills = match (month, &told) {
            (None, _) => Bills::Of(&nobody),
            (Some(month), Some(told)) if told.month == month => Bills::Of(&told.unasked),
            (Some(_), _) => Bills::All,
        };
        match self.read_back(board, true, &bills, now).await {
            Ok(read) => {
                tracing::info!(%board, places = read.len(), "read back what stands in the outside places");
                match month {
                    Some(month) => self.tell_unbilled(board, held, month, &read, now).await,
                    None => Ok(true),
                }
            }
            Err(why) => {
                tracing::warn!(%board, why, "the outside places could not be read back; tried again in a minute");
                Ok(false)
            }
        }
    }

    /// Who was active in that month and was not billed, and who could not be asked after: once. Those
    /// are asked after again each night, and named if they were not billed either.
    async fn tell_unbilled(
        &self,
        board: &BoardId,
        held: &Held,
        month: Date,
        read: &[Standing],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (mut unbilled, mut unknown) = (Vec::new(), Vec::new());
        let mut unasked = BTreeSet::new();
        for one in read {
            match &one.bill {
                Some(Bill::Missing { .. }) => unbilled.push(one.name.clone()),
                Some(Bill::Unknown { why, .. }) => {
                    tracing::warn!(%board, card = %one.card, target = one.target, why, "whether the client was billed could not be asked");
                    unknown.push(one.name.clone());
                    unasked.insert(PlaceId::new(&one.card, &one.target));
                }
                None => {}
            }
        }
        // A card's places stand side by side.
        unbilled.dedup();
        unknown.dedup();
        let news = Billed { month, unasked };
        self.tell_once(board, held, "unbilled", now, |memory| {
            let told = memory.billed.replace(news.clone());
            let again = told.as_ref().is_some_and(|told| told.month == month);
            let unknown = if again { &[][..] } else { &unknown[..] };
            if told.as_ref() == Some(&news) {
                return Told::Already;
            }
            if unbilled.is_empty() && unknown.is_empty() {
                return Told::Nothing;
            }
            tracing::warn!(%board, %month, clients = unbilled.join(", "), "active, and neither charged nor invoiced");
            let today = held.today(now);
            Told::Word(react::unbilled(&held.process, &today, month, &unbilled, unknown, now))
        })
        .await
    }
}

/// The month before, from the first working day of this one on.
fn month_to_tell(process: &Process, now: Timestamp) -> Option<Date> {
    let today = process.today(now);
    let mut days = today.first_of_month().series(1.day());
    let first = days.find(|day| calendar::is_working_day(&process.hours, *day))?;
    let month = today.first_of_month().yesterday().ok()?;
    (first <= today).then(|| month.first_of_month())
}
