//! How long something took, over many cards: the median and the 85th percentile, in working minutes
//! and in calendar days, altogether and by the month in which it ended.
//!
//! Percentiles are by nearest rank: of n values in order, the one at ⌈p·n/100⌉. So each is a time that
//! a card really took, and at least p of a hundred cards took no longer.

use crate::process::{Hours, Process, calendar};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use std::collections::BTreeMap;

const DAY_SECS: i64 = 86_400;

/// How long something took: one figure with what it means.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spread {
    pub name: String,
    /// What is counted, in one or two sentences.
    pub say: String,
    pub count: usize,
    /// Ended in the time asked for, and not counted because its beginning is not known or not before
    /// its end.
    pub left_out: usize,
    /// Working minutes; none where only days are known.
    pub minutes: Option<Quantiles>,
    pub days: Option<Days>,
    /// By the month in which it ended.
    pub months: Vec<Month>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Month {
    /// `2026-11`.
    pub month: String,
    pub count: usize,
    pub minutes: Option<Quantiles>,
    pub days: Option<Days>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Quantiles {
    pub median: i64,
    pub p85: i64,
}

/// In days of 24 hours, to a tenth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Days {
    pub median: f64,
    pub p85: f64,
}

/// One card's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sample {
    /// When it ended.
    pub(super) done: Timestamp,
    /// In seconds, so that sums are not sums of rounded times.
    pub(super) worked: Option<i64>,
    pub(super) elapsed: i64,
}

/// When something came to pass: an instant, or a day that somebody wrote down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    At(Timestamp),
    Day(Date),
}

impl Moment {
    pub(super) fn date(self, process: &Process) -> Date {
        match self {
            Self::At(at) => process.today(at),
            Self::Day(day) => day,
        }
    }

    fn instant(self, process: &Process) -> Option<Timestamp> {
        match self {
            Self::At(at) => Some(at),
            Self::Day(day) => process.begins(day),
        }
    }
}

/// From one instant to the next, in the hours of the board.
pub(super) fn between(process: &Process, from: Timestamp, to: Timestamp) -> Sample {
    in_hours(process, &process.hours, from, to)
}

pub(super) fn in_hours(process: &Process, hours: &Hours, from: Timestamp, to: Timestamp) -> Sample {
    let worked = calendar::working_between(hours, &process.time_zone, from, to);
    Sample {
        done: to,
        worked: Some(worked.as_secs()),
        elapsed: to.duration_since(from).as_secs().max(0),
    }
}

/// The same where one of the two is a day: then whole days by the calendar, and no minutes. None where
/// the second comes before the first.
pub(super) fn moments(process: &Process, from: Moment, to: Moment) -> Option<Sample> {
    if let (Moment::At(from), Moment::At(to)) = (from, to) {
        return (from <= to).then(|| between(process, from, to));
    }
    let days = days_between(from.date(process), to.date(process));
    let done = to.instant(process)?;
    (days >= 0).then_some(Sample {
        done,
        worked: None,
        elapsed: days * DAY_SECS,
    })
}

pub(super) fn days_between(from: Date, to: Date) -> i64 {
    let span = from.until(to).map_or(0, |span| span.get_days());
    i64::from(span)
}

impl Spread {
    /// Of the samples that ended `since` then.
    pub(super) fn of(
        process: &Process,
        since: Timestamp,
        (name, say): (String, String),
        samples: &[Sample],
        left_out: usize,
    ) -> Self {
        let samples: Vec<_> = samples.iter().filter(|one| one.done >= since).collect();
        let mut months: BTreeMap<String, Vec<&Sample>> = BTreeMap::new();
        for sample in &samples {
            let date = process.today(sample.done);
            let month = format!("{:04}-{:02}", date.year(), date.month());
            months.entry(month).or_default().push(sample);
        }
        let months = months.into_iter().map(|(month, samples)| Month {
            month,
            count: samples.len(),
            minutes: minutes(&samples),
            days: days(&samples),
        });
        Self {
            name,
            say,
            count: samples.len(),
            left_out,
            minutes: minutes(&samples),
            days: days(&samples),
            months: months.collect(),
        }
    }
}

fn minutes(samples: &[&Sample]) -> Option<Quantiles> {
    let worked = quantiles(samples.iter().filter_map(|sample| sample.worked))?;
    Some(Quantiles {
        median: worked.median / 60,
        p85: worked.p85 / 60,
    })
}

fn days(samples: &[&Sample]) -> Option<Days> {
    let elapsed = quantiles(samples.iter().map(|sample| sample.elapsed))?;
    let tenth = DAY_SECS / 10;
    let days = |seconds: i64| ((seconds + tenth / 2) / tenth) as f64 / 10.0;
    Some(Days {
        median: days(elapsed.median),
        p85: days(elapsed.p85),
    })
}

fn quantiles(values: impl Iterator<Item = i64>) -> Option<Quantiles> {
    let mut values: Vec<i64> = values.collect();
    values.sort_unstable();
    Some(Quantiles {
        median: nearest_rank(&values, 50)?,
        p85: nearest_rank(&values, 85)?,
    })
}

/// Of values in order, the one at ⌈percent · n / 100⌉, counted from one.
pub(super) fn nearest_rank(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (percent * sorted.len()).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The least of the values that so many of a hundred do not exceed, sought by trying each.
    fn slowly(values: &[i64], percent: usize) -> Option<i64> {
        let enough = |most: &&i64| {
            let covered = values.iter().filter(|value| value <= most).count();
            covered * 100 >= percent * values.len()
        };
        values.iter().filter(enough).min().copied()
    }

    proptest! {
        #[test]
        fn percentiles_are_those_of_the_slow_way(
            values in proptest::collection::vec(-50i64..50, 0..60),
            percent in 1usize..=100,
        ) {
            let mut sorted = values.clone();
            sorted.sort_unstable();
            prop_assert_eq!(nearest_rank(&sorted, percent), slowly(&values, percent));
        }
    }

    #[test]
    fn of_one_to_twenty_the_tenth_and_the_seventeenth() {
        let twenty: Vec<i64> = (1..=20).collect();
        let found = quantiles(twenty.into_iter());
        let want = Quantiles {
            median: 10,
            p85: 17,
        };
        assert_eq!(found, Some(want));
    }
}
