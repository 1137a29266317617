//! Working time: when a stage is due and how much of its limit has gone. Hours are wall-clock
//! hours of the process's time zone, so a night on which clocks change is as long as it really
//! is. It never reads a clock and never searches further than ten years.

mod ics;
mod production;
#[cfg(test)]
mod tests;

pub use ics::days_off;
pub use production::{Decreed, Production};

use super::rules::Hours;
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, tz::TimeZone};

/// Hours that name no working day at all must not keep anybody searching.
const FURTHEST_DAYS: usize = 3660;

/// A stretch in which a clock stands still. Several are in order, and may touch.
pub type Pause = (Timestamp, Timestamp);

/// The instant by which `limit` of working time has passed since `from`. It is the end of a day
/// rather than the beginning of the next; without any working time ahead, `limit` is plain time.
pub fn due(hours: &Hours, tz: &TimeZone, from: Timestamp, limit: SignedDuration) -> Timestamp {
    due_without(hours, tz, from, limit, &[])
}

/// The same for a clock that stood still in `pauses`.
pub fn due_without(
    hours: &Hours,
    tz: &TimeZone,
    from: Timestamp,
    limit: SignedDuration,
    pauses: &[Pause],
) -> Timestamp {
    if limit <= SignedDuration::ZERO {
        return from;
    }
    let mut left = limit;
    for (start, end) in spells(hours, tz, from).flat_map(|spell| without(spell, pauses)) {
        let start = start.max(from);
        let length = start.duration_until(end);
        if length >= left {
            return start.saturating_add(left).unwrap_or(end);
        }
        if length > SignedDuration::ZERO {
            left -= length;
        }
    }
    from.saturating_add(limit).unwrap_or(Timestamp::MAX)
}

/// How much working time lies between two instants; none if `b` is not after `a`.
pub fn working_between(hours: &Hours, tz: &TimeZone, a: Timestamp, b: Timestamp) -> SignedDuration {
    working_without(hours, tz, a, b, &[])
}

/// The same for a clock that stood still in `pauses`.
pub fn working_without(
    hours: &Hours,
    tz: &TimeZone,
    a: Timestamp,
    b: Timestamp,
    pauses: &[Pause],
) -> SignedDuration {
    spells(hours, tz, a)
        .take_while(|(start, _)| *start < b)
        .flat_map(|spell| without(spell, pauses))
        .map(|(start, end)| start.max(a).duration_until(end.min(b)))
        .filter(|length| *length > SignedDuration::ZERO)
        .fold(SignedDuration::ZERO, |sum, length| {
            sum.saturating_add(length)
        })
}

/// What is left of a stretch without the pauses, in order.
fn without(
    (start, end): (Timestamp, Timestamp),
    pauses: &[Pause],
) -> impl Iterator<Item = (Timestamp, Timestamp)> {
    let (mut at, mut pauses) = (start, pauses.iter());
    std::iter::from_fn(move || {
        while at < end {
            let (from, to) = pauses.next().copied().unwrap_or((end, end));
            let part = (at, from.min(end));
            at = at.max(to);
            if part.0 < part.1 {
                return Some(part);
            }
        }
        None
    })
}

/// Whether somebody with these hours is at work then, at lunch too: whoever is called is not asleep.
pub fn at_work(hours: &Hours, tz: &TimeZone, at: Timestamp) -> bool {
    let date = tz.to_datetime(at).date();
    let (from, to) = (hours.from_min, closes(hours, date));
    let day = instant(tz, date, from).zip(instant(tz, date, to));
    is_working_day(hours, date) && day.is_some_and(|(from, to)| (from..=to).contains(&at))
}

/// The first working instant not before `from`: when a message that can wait is sent.
pub fn next_open(hours: &Hours, tz: &TimeZone, from: Timestamp) -> Timestamp {
    spells(hours, tz, from)
        .find(|(_, end)| *end > from)
        .map_or(from, |(start, _)| start.max(from))
}

pub fn is_working_day(hours: &Hours, date: Date) -> bool {
    let weekday = date.weekday().to_monday_zero_offset();
    let usual = usize::try_from(weekday).is_ok_and(|day| hours.days[day]);
    hours.on.contains(&date) || usual && !hours.off.contains(&date)
}

/// The date that many working days after `date`, or before it if `days` is negative.
pub fn add_working_days(hours: &Hours, date: Date, days: i32) -> Date {
    let step = i64::from(days.signum());
    let mut left = days.unsigned_abs();
    let mut at = date;
    for _ in 0..FURTHEST_DAYS {
        if left == 0 {
            break;
        }
        at = at.saturating_add(step.days());
        if is_working_day(hours, at) {
            left -= 1;
        }
    }
    at
}

/// How many working days there are after `a`, up to and with `b`.
pub fn working_days_between(hours: &Hours, a: Date, b: Date) -> u32 {
    let working = days_from(a)
        .skip(1)
        .take_while(|day| *day <= b)
        .filter(|day| is_working_day(hours, *day));
    u32::try_from(working.count()).unwrap_or(u32::MAX)
}

/// The unbroken stretches of working time from the day of `from` on, in order.
fn spells<'h>(
    hours: &'h Hours,
    tz: &'h TimeZone,
    from: Timestamp,
) -> impl Iterator<Item = (Timestamp, Timestamp)> + 'h {
    days_from(tz.to_datetime(from).date())
        .filter(|date| is_working_day(hours, *date))
        .flat_map(move |date| day(hours, date).map(|(a, b)| (date, a, b)))
        .filter(|(_, a, b)| a < b)
        .filter_map(move |(date, a, b)| Some((instant(tz, date, a)?, instant(tz, date, b)?)))
}

/// The minutes between which a day is worked; the second pair may be empty, and either may be none.
fn day(hours: &Hours, date: Date) -> [(u16, u16); 2] {
    let to = closes(hours, date);
    match hours.lunch_min {
        Some((out, back)) => [(hours.from_min, out.min(to)), (back, to)],
        None => [(hours.from_min, to), (0, 0)],
    }
}

fn closes(hours: &Hours, date: Date) -> u16 {
    let earlier = if hours.short.contains(&date) { 60 } else { 0 };
    hours.to_min.saturating_sub(earlier)
}

fn days_from(first: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(first), |day| day.tomorrow().ok()).take(FURTHEST_DAYS)
}

/// Minute 1440 is the midnight that ends the day. A minute that the clocks leave out is the one
/// they jump to.
fn instant(tz: &TimeZone, date: Date, minute: u16) -> Option<Timestamp> {
    let midnight = date.to_datetime(jiff::civil::Time::midnight());
    let wall = midnight.checked_add(i64::from(minute).minutes()).ok()?;
    tz.to_ambiguous_timestamp(wall).compatible().ok()
}
