//! Figures from history: how long clients take, where cards wait, what stops them, what a delay costs.
//! Pure: lines, memories, process and the time are handed in, and nothing is asked of anybody. It never
//! ranks people: of them it says only how many open cards are theirs, in the order of their names.
//!
//! Each figure bears its name and what it means, in the language asked for. As JSON a [`Figures`] is
//! what `GET /api/boards/{board}/figures` answers and `signalman report --json` prints: instants are
//! RFC 3339 in UTC, durations `…_minutes` of working time, `days` of 24 hours; what is unknown is null.

pub mod csv;
pub mod table;
pub mod xes;

mod flow;
mod morning;
mod now;
mod refusals;
mod spread;
#[cfg(test)]
mod tests;
mod walk;
mod words;

pub use flow::{Flow, Milestone, PhaseTime, StageTime};
pub use now::{
    Age, Cost, Lateness, Load, Money, Oldest, Present, RoleLoad, Share, Standing, Uncharged,
};
pub use refusals::{Gate, Missing, Refusals, Watched, WatchedGate};
pub use spread::{Days, Month, Quantiles, Spread};
pub use walk::{Now, Refusal, Stay, Until, Walk, Walks, Way};

use crate::process::{Bindings, Language, Process};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use std::borrow::Cow;
use words::Words;

/// What figures are made of.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    pub process: &'a Process,
    pub bindings: &'a Bindings,
    pub walks: &'a [Walk],
    /// Lines of history that this version cannot read.
    pub unread: usize,
    /// What ended, or was refused, from then on is counted.
    pub since: Timestamp,
    pub now: Timestamp,
    /// Of the sentences beside the figures.
    pub language: Language,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    pub process: Named,
    pub language: Language,
    pub since: Timestamp,
    pub at: Timestamp,
    /// The same two as days of the board's.
    pub first_day: Date,
    pub last_day: Date,
    /// How medians and percentiles are to be read.
    pub percentiles: String,
    pub cards: Cards,
    #[serde(flatten)]
    pub flow: Flow,
    pub refusals: Refusals,
    pub present: Present,
    pub load: Load,
    /// Only where the file names the fee.
    pub cost: Option<Cost>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Named {
    pub name: String,
    pub version: String,
}

/// What the figures rest on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cards {
    /// Cards with anything known of them.
    pub known: usize,
    pub open: usize,
    /// They stood there before Signalman looked: when they came is not known.
    pub found: usize,
    pub say: String,
    pub unread_lines: usize,
}

impl Record<'_> {
    /// What watch mode let through, and would not have been.
    pub fn watched(&self) -> Watched {
        refusals::watched(self, &Words::of(self))
    }

    /// People as they are there today.
    fn day(&self) -> Cow<'_, Bindings> {
        self.bindings.on(self.process.today(self.now))
    }

    pub fn figures(&self) -> Figures {
        let day = self.day();
        let today = Record {
            bindings: &day,
            ..*self
        };
        let words = Words::of(self);
        let open = self.walks.iter().filter(|walk| walk.stay().is_some());
        let found = self.walks.iter().filter(|walk| walk.is_found());
        Figures {
            process: Named {
                name: self.process.name.clone(),
                version: self.process.version.0.clone(),
            },
            language: self.language,
            since: self.since,
            at: self.now,
            first_day: self.process.today(self.since),
            last_day: self.process.today(self.now),
            percentiles: words.percentiles(),
            cards: Cards {
                known: self.walks.len(),
                open: open.count(),
                found: found.count(),
                say: words.found(),
                unread_lines: self.unread,
            },
            flow: flow::flow(self, &words),
            refusals: refusals::refusals(self, &words),
            present: now::present(&today, &words),
            load: now::load(&today, &words),
            cost: now::cost(&today, &words),
        }
    }
}
