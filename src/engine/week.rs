//! Watch mode's summary of the week: what would have gone back, told to the owner's address when work
//! begins on Monday, or as soon as it can be. Nothing is written on the board, and nothing is told of a
//! week twice.

use super::news::Told;
use super::{Engine, Held, Under};
use crate::figures::Watched;
use crate::model::BoardId;
use crate::process::words::{Gate, Words};
use crate::process::{Language, Mode, Process};
use crate::store::StoreError;
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};
use std::collections::HashMap;

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The week that is done with on each board.
#[derive(Default)]
pub struct Weeks(HashMap<BoardId, Date>);

impl Engine {
    /// Tells of the week on every board that only watches and whose Monday has begun.
    pub async fn tell_weeks(&self, now: Timestamp, weeks: &mut Weeks) -> Result<(), StoreError> {
        if self.options.news_url.is_none() {
            return Ok(());
        }
        for board in self.store.running().await? {
            let held = self.held(&board).await?;
            let Some(held) = held.filter(|held| held.process.mode == Mode::Watch) else {
                continue;
            };
            let Some((monday, opens)) = this_week(&held.process, now) else {
                continue;
            };
            let over = weeks.0.get(&board) == Some(&monday);
            if !over && now >= opens && self.tell_week(&board, held, monday, opens, now).await? {
                weeks.0.insert(board, monday);
            }
        }
        Ok(())
    }

    /// False where it is to be tried again.
    async fn tell_week(
        &self,
        board: &BoardId,
        held: Held,
        monday: Date,
        opens: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let kept = self.store.versions(board).await?;
        // Whoever came under it this week has no week behind them.
        if kept
            .first()
            .and_then(|one| one.at)
            .is_some_and(|at| at >= opens)
        {
            return Ok(true);
        }
        let under = Under(held);
        let watched = self
            .watched(board, &under, under.process().language, now)
            .await?;
        let gates: Vec<_> = watched.gates.into_iter().map(gate).collect();
        let text = Words::of(under.process()).week(watched.count, &gates);
        self.tell_once(board, &under.0, "week", now, |memory| {
            let told = memory.week.replace(monday);
            // A clock that was set back tells of no week again.
            match told.is_some_and(|told| told >= monday) {
                true => Told::Already,
                false => Told::Word(text.into()),
            }
        })
        .await
    }

    /// What watch mode let through in the last seven days.
    pub async fn watched(
        &self,
        board: &BoardId,
        under: &Under,
        language: Language,
        now: Timestamp,
    ) -> Result<Watched, StoreError> {
        let walks = self.walks_seen(board, under, now).await?;
        let since = now.saturating_sub(WEEK).unwrap_or(now);
        Ok(under.record(&walks, since, now, language).watched())
    }
}

fn gate(gate: crate::figures::WatchedGate) -> Gate {
    let missing = gate.missing.into_iter().map(|one| (one.name, one.times));
    Gate {
        name: gate.name,
        count: gate.count,
        missing: missing.collect(),
    }
}

/// The Monday of this week, and when work begins in it.
fn this_week(process: &Process, now: Timestamp) -> Option<(Date, Timestamp)> {
    let today = process.today(now);
    let days = i64::from(today.weekday().to_monday_zero_offset());
    let monday = today.checked_sub(days.days()).ok()?;
    Some((monday, process.opens(monday)?))
}
