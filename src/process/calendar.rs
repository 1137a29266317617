//! Working time: when a stage is due and how much of its limit has gone. Hours are wall-clock
//! hours of the process's time zone, so a night on which clocks change is as long as it really
//! is. It never reads a clock and never searches further than ten years.

use super::rules::Hours;
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, tz::TimeZone};

/// Hours that name no working day at all must not keep anybody searching.
const FURTHEST_DAYS: usize = 3660;

/// The instant by which `limit` of working time has passed since `from`. It is the end of a day
/// rather than the beginning of the next; without any working time ahead, `limit` is plain time.
pub fn due(hours: &Hours, tz: &TimeZone, from: Timestamp, limit: SignedDuration) -> Timestamp {
    if limit <= SignedDuration::ZERO {
        return from;
    }
    let mut left = limit;
    for (start, end) in spells(hours, tz, from) {
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
    spells(hours, tz, a)
        .take_while(|(start, _)| *start < b)
        .map(|(start, end)| start.max(a).duration_until(end.min(b)))
        .filter(|length| *length > SignedDuration::ZERO)
        .fold(SignedDuration::ZERO, |sum, length| {
            sum.saturating_add(length)
        })
}

/// The first working instant not before `from`: when a message that can wait is sent.
pub fn next_open(hours: &Hours, tz: &TimeZone, from: Timestamp) -> Timestamp {
    spells(hours, tz, from)
        .find(|(_, end)| *end > from)
        .map_or(from, |(start, _)| start.max(from))
}

pub fn is_working_day(hours: &Hours, date: Date) -> bool {
    let weekday = date.weekday().to_monday_zero_offset();
    usize::try_from(weekday).is_ok_and(|day| hours.days[day]) && !hours.off.contains(&date)
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
    let parts = match hours.lunch_min {
        Some((out, back)) => [(hours.from_min, out), (back, hours.to_min)],
        None => [(hours.from_min, hours.to_min), (0, 0)],
    };
    days_from(tz.to_datetime(from).date())
        .filter(|date| is_working_day(hours, *date))
        .flat_map(move |date| parts.map(|(a, b)| (date, a, b)))
        .filter(|(_, a, b)| a < b)
        .filter_map(move |(date, a, b)| Some((instant(tz, date, a)?, instant(tz, date, b)?)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn firm() -> Hours {
        Hours {
            days: [true, true, true, true, true, false, false],
            from_min: 10 * 60,
            to_min: 19 * 60,
            lunch_min: Some((13 * 60, 14 * 60)),
            off: vec![date(2026, 11, 4)],
        }
    }
    fn moscow() -> TimeZone {
        TimeZone::get("Europe/Moscow").unwrap()
    }
    fn at(tz: &TimeZone, wall: &str) -> Timestamp {
        let wall: jiff::civil::DateTime = wall.parse().unwrap();
        tz.to_timestamp(wall).unwrap()
    }
    fn hours(n: i64) -> SignedDuration {
        SignedDuration::from_hours(n)
    }

    #[test]
    fn a_limit_skips_lunch_nights_and_days_off() {
        let tz = moscow();
        for (from, limit, want) in [
            ("2026-11-24T10:00", 8, "2026-11-24T19:00"),
            ("2026-11-24T12:00", 2, "2026-11-24T15:00"),
            ("2026-11-24T13:30", 1, "2026-11-24T15:00"),
            ("2026-11-24T20:00", 1, "2026-11-25T11:00"),
            ("2026-11-27T18:00", 2, "2026-11-30T11:00"),
            ("2026-11-03T18:00", 2, "2026-11-05T11:00"),
            ("2026-11-23T16:00", 16, "2026-11-25T16:00"),
            ("2026-11-24T12:00", 0, "2026-11-24T12:00"),
        ] {
            let due = due(&firm(), &tz, at(&tz, from), hours(limit));
            assert_eq!(
                tz.to_datetime(due),
                tz.to_datetime(at(&tz, want)),
                "{from} + {limit}"
            );
        }
    }

    #[test]
    fn a_night_shift_is_as_long_as_the_clocks_make_it() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let night = Hours {
            days: [true; 7],
            from_min: 0,
            to_min: 6 * 60,
            lunch_min: None,
            off: vec![],
        };
        for (day, length) in [("2026-03-29", 5), ("2026-10-25", 7), ("2026-11-24", 6)] {
            let from = at(&berlin, &format!("{day}T00:00"));
            let to = at(&berlin, &format!("{day}T12:00"));
            assert_eq!(
                working_between(&night, &berlin, from, to),
                hours(length),
                "{day}"
            );
            let end = at(&berlin, &format!("{day}T06:00"));
            assert_eq!(due(&night, &berlin, from, hours(length)), end);
        }
    }

    #[test]
    fn the_end_of_the_day_may_be_midnight() {
        let (tz, mut late) = (moscow(), firm());
        late.to_min = 1440;
        let due = due(&late, &tz, at(&tz, "2026-11-24T23:00"), hours(1));
        assert_eq!(due, at(&tz, "2026-11-25T00:00"));
    }

    #[test]
    fn hours_without_a_working_day_end_the_search() {
        let (tz, mut never) = (moscow(), firm());
        never.days = [false; 7];
        let from = at(&tz, "2026-11-24T10:00");
        assert_eq!(due(&never, &tz, from, hours(3)), from + hours(3));
        assert_eq!(
            working_between(&never, &tz, from, from + hours(99)),
            hours(0)
        );
        assert_eq!(next_open(&never, &tz, from), from);
    }

    #[test]
    fn working_days_go_both_ways() {
        let firm = firm();
        let tuesday = date(2026, 11, 3);
        assert_eq!(add_working_days(&firm, tuesday, 1), date(2026, 11, 5));
        assert_eq!(
            add_working_days(&firm, date(2026, 11, 5), -3),
            date(2026, 10, 30)
        );
        assert_eq!(
            add_working_days(&firm, date(2026, 11, 7), 0),
            date(2026, 11, 7)
        );
        assert_eq!(working_days_between(&firm, tuesday, date(2026, 11, 9)), 3);
        assert_eq!(working_days_between(&firm, tuesday, tuesday), 0);
    }

    #[test]
    fn a_message_waits_for_the_morning() {
        let tz = moscow();
        for (from, want) in [
            ("2026-11-27T19:00", "2026-11-30T10:00"),
            ("2026-11-24T13:00", "2026-11-24T14:00"),
            ("2026-11-24T11:11", "2026-11-24T11:11"),
        ] {
            assert_eq!(
                next_open(&firm(), &tz, at(&tz, from)),
                at(&tz, want),
                "{from}"
            );
        }
    }

    fn any_hours() -> impl Strategy<Value = Hours> {
        (
            0u16..12 * 60,
            13 * 60u16..=1440,
            any::<[bool; 7]>(),
            any::<bool>(),
        )
            .prop_map(|(from_min, to_min, mut days, lunch)| {
                days[2] = true;
                let lunch_min = lunch.then_some((12 * 60, 12 * 60 + 45));
                let off = vec![date(2026, 3, 31), date(2026, 10, 25)];
                Hours {
                    days,
                    from_min,
                    to_min,
                    lunch_min,
                    off,
                }
            })
    }

    proptest! {
        #[test]
        fn what_is_due_is_that_much_work_away(
            hours in any_hours(),
            from in 1_770_000_000i64..1_800_000_000,
            limit in 0i64..400_000,
        ) {
            let tz = TimeZone::get("Europe/Berlin").unwrap();
            let from = Timestamp::from_second(from).unwrap();
            let limit = SignedDuration::from_secs(limit);
            let due = due(&hours, &tz, from, limit);
            prop_assert_eq!(working_between(&hours, &tz, from, due), limit);
        }

        #[test]
        fn later_work_is_due_later(
            hours in any_hours(),
            from in 1_770_000_000i64..1_800_000_000,
            limit in 0i64..200_000,
            more in 1i64..200_000,
            wait in 0i64..200_000,
        ) {
            let tz = TimeZone::get("Europe/Berlin").unwrap();
            let when = |s| Timestamp::from_second(s).unwrap();
            let secs = SignedDuration::from_secs;
            let first = due(&hours, &tz, when(from), secs(limit));
            prop_assert!(first < due(&hours, &tz, when(from), secs(limit + more)));
            prop_assert!(first <= due(&hours, &tz, when(from + wait), secs(limit)));
        }
    }
}
