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
        on: vec![],
        short: vec![],
        production: None,
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
        on: vec![],
        short: vec![],
        production: None,
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
                on: vec![],
                short: vec![],
                production: None,
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

#[test]
fn a_moved_day_is_worked_and_an_eve_is_an_hour_shorter() {
    let (tz, mut hours) = (moscow(), firm());
    let decreed = Production::Ru.decreed();
    hours.off.clone_from(&decreed.off);
    hours.on.clone_from(&decreed.on);
    hours.short.clone_from(&decreed.short);
    for (from, limit, want) in [
        // The Saturday for the Monday, an hour shorter; then the holiday.
        ("2027-02-19T18:00", 2, "2027-02-20T11:00"),
        ("2027-02-20T17:00", 2, "2027-02-24T11:00"),
        // The last hour of an eve is not worked.
        ("2026-11-03T17:00", 2, "2026-11-05T11:00"),
        // Eleven days, of which none is worked.
        ("2026-12-30T18:00", 2, "2027-01-11T11:00"),
    ] {
        let due = due(&hours, &tz, at(&tz, from), self::hours(limit));
        let want = at(&tz, want);
        assert_eq!(
            tz.to_datetime(due),
            tz.to_datetime(want),
            "{from} + {limit}"
        );
    }
}

/// Every minute that goes by around the nights on which clocks change, as a wall clock shows it.
struct Minutes {
    tz: TimeZone,
    from: Timestamp,
    shown: Vec<(Date, u16)>,
}

const DAYS: i64 = 12;

fn minutes() -> &'static [Minutes] {
    static ALL: std::sync::OnceLock<Vec<Minutes>> = std::sync::OnceLock::new();
    ALL.get_or_init(|| {
        let nights = [
            ("Europe/Berlin", "2026-03-23"),
            ("Europe/Berlin", "2026-10-19"),
            ("America/New_York", "2026-03-02"),
            ("America/New_York", "2026-10-26"),
            ("Australia/Sydney", "2026-03-30"),
            ("Australia/Sydney", "2026-09-28"),
            ("Europe/Moscow", "2026-12-28"),
        ];
        let all = nights.map(|(zone, day)| {
            let tz = TimeZone::get(zone).unwrap();
            let from = at(&tz, &format!("{day}T00:00"));
            let shown = (0..DAYS * 24 * 60).map(|nth| {
                let wall = tz.to_datetime(from + SignedDuration::from_mins(nth));
                let minute = i32::from(wall.hour()) * 60 + i32::from(wall.minute());
                (wall.date(), u16::try_from(minute).unwrap())
            });
            let shown = shown.collect();
            Minutes { from, shown, tz }
        });
        all.into()
    })
}

/// Whether somebody is at work in the minute that a wall clock shows.
fn at_work(hours: &Hours, (date, minute): (Date, u16)) -> bool {
    let weekday = date.weekday().to_monday_zero_offset();
    let usual = hours.days[usize::try_from(weekday).unwrap()] && !hours.off.contains(&date);
    let end = hours.to_min - if hours.short.contains(&date) { 60 } else { 0 };
    let lunch = hours
        .lunch_min
        .is_some_and(|(out, back)| (out..back).contains(&minute));
    (usual || hours.on.contains(&date)) && (hours.from_min..end).contains(&minute) && !lunch
}

/// Whole hours: within an hour that comes twice nobody can say which is meant.
fn whole_hours() -> impl Strategy<Value = (Hours, usize)> {
    let days = prop::array::uniform7(prop::bool::weighted(0.7));
    let some = || prop::collection::vec(0..DAYS, 0..3);
    let lunch = prop::option::of(any::<prop::sample::Index>());
    let whole = (
        days,
        0..20_u16,
        2..20_u16,
        lunch,
        (some(), some(), some()),
        0..7_usize,
    );
    whole.prop_map(|(days, from, long, lunch, (off, on, short), which)| {
        let to = (from + long).min(24);
        let lunch = lunch.filter(|_| to - from > 2);
        let first = minutes()[which].shown[0].0;
        let dates = |days: Vec<i64>| -> Vec<Date> {
            let day = |nth: i64| first.saturating_add(jiff::Span::new().days(nth));
            days.into_iter().map(day).collect()
        };
        let hours = Hours {
            days,
            from_min: from * 60,
            to_min: to * 60,
            lunch_min: lunch.map(|nth| {
                let out = from + 1 + u16::try_from(nth.index(usize::from(to - from - 2))).unwrap();
                (out * 60, (out + 1) * 60)
            }),
            off: dates(off),
            on: dates(on),
            short: dates(short),
            production: None,
        };
        (hours, which)
    })
}

/// Pauses of whole minutes, in order; some touch, some lie within others.
fn some_pauses() -> impl Strategy<Value = Vec<(i64, i64)>> {
    let one = (0..DAYS * 24 * 60, 0..3 * 24 * 60_i64).prop_map(|(from, long)| (from, from + long));
    prop::collection::vec(one, 0..4).prop_map(|mut pauses| {
        pauses.sort_unstable();
        pauses
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn working_time_is_what_counting_minute_by_minute_gives(
        (hours, which) in whole_hours(),
        a in 0..DAYS * 24 * 60,
        b in 0..DAYS * 24 * 60,
    ) {
        let Minutes { tz, from, shown } = &minutes()[which];
        let (a, b) = (a.min(b), a.max(b));
        let span = usize::try_from(a).unwrap()..usize::try_from(b).unwrap();
        let counted = shown[span].iter().filter(|shown| at_work(&hours, **shown)).count();
        let counted = SignedDuration::from_mins(i64::try_from(counted).unwrap());
        let when = |minute| *from + SignedDuration::from_mins(minute);
        let between = working_between(&hours, tz, when(a), when(b));
        prop_assert_eq!(between, counted, "{} to {} in {:?}", when(a), when(b), tz);
        // And the other way round: that much work is done in the minute in which the last of it is.
        let mut at = usize::try_from(a).unwrap();
        let mut left = counted.as_mins();
        while left > 0 {
            left -= i64::from(at_work(&hours, shown[at]));
            at += 1;
        }
        let done = when(i64::try_from(at).unwrap());
        prop_assert_eq!(due(&hours, tz, when(a), counted), done);
    }

    #[test]
    fn a_clock_that_stands_still_now_and_then_counts_the_other_minutes(
        (hours, which) in whole_hours(),
        pauses in some_pauses(),
        a in 0..DAYS * 24 * 60,
        b in 0..DAYS * 24 * 60,
    ) {
        let Minutes { tz, from, shown } = &minutes()[which];
        let (a, b) = (a.min(b), a.max(b));
        let runs = |minute: i64| {
            let still = pauses.iter().any(|(from, to)| (*from..*to).contains(&minute));
            at_work(&hours, shown[usize::try_from(minute).unwrap()]) && !still
        };
        let counted = (a..b).filter(|minute| runs(*minute)).count();
        let counted = SignedDuration::from_mins(i64::try_from(counted).unwrap());
        let when = |minute| *from + SignedDuration::from_mins(minute);
        let pauses: Vec<_> = pauses.iter().map(|(from, to)| (when(*from), when(*to))).collect();
        let worked = working_without(&hours, tz, when(a), when(b), &pauses);
        prop_assert_eq!(worked, counted, "{} to {} without {:?}", when(a), when(b), pauses);
        let (mut at, mut left) = (a, counted.as_mins());
        while left > 0 {
            left -= i64::from(runs(at));
            at += 1;
        }
        prop_assert_eq!(due_without(&hours, tz, when(a), counted, &pauses), when(at));
    }
}
