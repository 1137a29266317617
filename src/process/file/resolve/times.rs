//! Whatever a file says of time: deadlines, working hours, limits, durations.

use super::*;
use crate::process::rules::Production;
use jiff::civil::Date;

impl Resolver<'_> {
    pub(super) fn time_zone(&mut self, name: &str, place: &Place) -> jiff::tz::TimeZone {
        if name == LOST {
            return jiff::tz::TimeZone::UTC;
        }
        jiff::tz::TimeZone::get(name).unwrap_or_else(|_| {
            let zones = jiff::tz::db().available().map(|zone| zone.to_string());
            let zones: Vec<String> = zones.collect();
            let mut known = zones.iter().map(String::as_str);
            let city = known
                .clone()
                .find(|zone| zone.rsplit('/').next() == Some(name));
            let mend = match (city, nearest(name, known.by_ref())) {
                (Some(zone), _) => format!("write `{zone}`"),
                // `UTC+3` has no summer time and is no zone.
                (None, Some(near)) if !name.contains(['+', '-']) => instead(name, [near]),
                _ => "write a city's zone, as Europe/Moscow or Asia/Yekaterinburg".into(),
            };
            self.error(place, format!("no time zone is called `{name}`"), mend);
            jiff::tz::TimeZone::UTC
        })
    }

    pub(in crate::process::file) fn deadline(
        &mut self,
        deadline: &RawDeadline,
        nth: usize,
    ) -> Deadline {
        let place = Place::item("deadline", nth);
        let dated = self.raw.field.iter().any(|field| {
            field.key == deadline.field && matches!(field.kind, Kind::Date | Kind::Lost)
        });
        let known = self
            .raw
            .field
            .iter()
            .any(|field| field.key == deadline.field);
        let again = self.raw.deadline[..nth].iter();
        if again
            .clone()
            .any(|one| one.field == deadline.field && one.until == deadline.until)
        {
            self.error(
                &place.key("field"),
                format!("the date `{}` has a deadline already", deadline.field),
                "put all that is to be told into one `tell`",
            );
        }
        if known && !dated {
            self.error(
                &place.key("field"),
                format!("`{}` is not a date field", deadline.field),
                "a deadline hangs on a field of kind date",
            );
        }
        Deadline {
            field: self.name(Kin::Field, &deadline.field, &place.key("field")),
            until: deadline
                .until
                .as_ref()
                .map(|item| self.name(Kin::Item, item, &place.key("until"))),
            tell: deadline
                .tell
                .iter()
                .enumerate()
                .map(|(nth, tell)| self.tell(tell, &place.key("tell").nth(nth)))
                .collect(),
        }
    }

    pub(in crate::process::file) fn tell(&mut self, tell: &RawTell, place: &Place) -> Tell {
        let who = self.names(Kin::Role, &tell.who, &place.key("who"));
        let days = |resolver: &mut Self, text: &str, key: &str| {
            values::days(text)
                .filter(|days| *days > 0)
                .unwrap_or_else(|| {
                    resolver.error(
                        &place.key(key),
                        format!("`{text}` is not a number of working days"),
                        "write it as \"3d\", from 1d to 366d",
                    );
                    1
                })
        };
        let when = match (&tell.before, tell.on_the_day, &tell.each) {
            (Some(before), false, None) => TellWhen::DaysBefore(days(self, before, "before")),
            (None, true, None) => TellWhen::OnTheDay,
            (None, false, Some(each)) => TellWhen::EachDaysAfter(days(self, each, "each")),
            _ => {
                self.error(
                    place,
                    "a telling says exactly one of before, on_the_day, each",
                    "write `{ before = \"3d\", who = [\"…\"] }`",
                );
                TellWhen::OnTheDay
            }
        };
        Tell { when, who }
    }

    pub(in crate::process::file) fn hours(&mut self) -> Hours {
        let Some(raw) = &self.raw.hours else {
            let days = [true, true, true, true, true, false, false];
            return Hours {
                days,
                from_min: 9 * 60,
                to_min: 18 * 60,
                lunch_min: None,
                off: Vec::new(),
                on: Vec::new(),
                short: Vec::new(),
                production: None,
            };
        };
        let mut hours = self.written_hours(raw, &Place::default().key("hours"));
        decreed(&mut hours);
        hours
    }

    /// Somebody's own: the days that are not as others are those of the board, unless they are given.
    pub(in crate::process::file) fn own_hours(
        &mut self,
        raw: &Option<RawHours>,
        place: &Place,
    ) -> Option<Hours> {
        let mut hours = self.written_hours(raw.as_ref()?, place);
        if let Some(board) = &self.raw.hours {
            let days = [
                (&mut hours.off, &board.off),
                (&mut hours.on, &board.on),
                (&mut hours.short, &board.short),
            ];
            for (own, board) in days {
                if own.is_empty() {
                    own.extend(board.iter().filter_map(|day| day.parse::<Date>().ok()));
                }
            }
            hours.production = hours.production.or(board.calendar);
        }
        decreed(&mut hours);
        Some(hours)
    }

    /// As they are written, without what is decreed.
    fn written_hours(&mut self, raw: &RawHours, place: &Place) -> Hours {
        let from = self.time(&raw.from, &place.key("from"));
        let to = self.time(&raw.to, &place.key("to"));
        if from.zip(to).is_some_and(|(from, to)| from >= to) {
            self.error(
                &place.key("to"),
                "the working day ends before it begins",
                "let `to` be later than `from`",
            );
        }
        let day = from.zip(to).filter(|(from, to)| from < to);
        let lunch_min = raw
            .lunch
            .as_ref()
            .and_then(|lunch| self.lunch(lunch, day, &place.key("lunch")));
        let mut dates = |all: &[String], key: &str| -> Vec<Date> {
            let one = |(nth, day): (usize, &String)| {
                let date = day.parse().ok();
                if date.is_none() {
                    self.error(
                        &place.key(key).nth(nth),
                        format!("`{day}` is not a date"),
                        "write it as \"2027-01-01\"",
                    );
                }
                date
            };
            all.iter().enumerate().filter_map(one).collect()
        };
        let (off, on) = (dates(&raw.off, "off"), dates(&raw.on, "on"));
        let short = dates(&raw.short, "short");
        let mut days = [false; 7];
        for day in &raw.days {
            days[*day as usize] = true;
        }
        let (from_min, to_min) = day.unwrap_or((9 * 60, 18 * 60));
        Hours {
            days,
            from_min,
            to_min,
            lunch_min,
            off,
            on,
            short,
            production: raw.calendar,
        }
    }

    /// Two times of the working day that leave something of it.
    fn lunch(
        &mut self,
        lunch: &[String],
        day: Option<(u16, u16)>,
        place: &Place,
    ) -> Option<(u16, u16)> {
        let [from, to] = lunch else {
            let mend = "write `lunch = [\"13:00\", \"14:00\"]`";
            self.error(place, "lunch is two times", mend);
            return None;
        };
        let from = self.time(from, &place.nth(0));
        let (from, to) = from.zip(self.time(to, &place.nth(1)))?;
        let (begin, end) = day?;
        let wrong = match () {
            () if from >= to => "lunch ends before it begins",
            () if from < begin || to > end => "lunch is not within the working day",
            () if (from, to) == (begin, end) => "lunch takes the whole working day",
            () => return Some((from, to)),
        };
        let mend = "write two times between `from` and `to`, the earlier first";
        self.error(place, wrong, mend);
        None
    }

    fn time(&mut self, text: &str, place: &Place) -> Option<u16> {
        let time = values::time(text);
        if time.is_none() && text != LOST {
            self.error(
                place,
                format!("`{text}` is not a time of day"),
                "write it as \"10:00\", from 00:00 to 24:00",
            );
        }
        time
    }

    pub(in crate::process::file) fn limits(&mut self) -> Limits {
        let place = Place::default().key("limits");
        let raw = self.raw.limits.as_ref();
        let counts = raw.map(|raw| {
            [
                ("reversals_per_hour", raw.reversals_per_hour),
                ("bulk", raw.bulk),
            ]
        });
        for (key, count) in counts.into_iter().flatten() {
            if count == Some(0) {
                let what = format!("`{key}` is 0: no card would ever be moved back");
                self.error(
                    &place.key(key),
                    what,
                    format!("write `{key} = 5`, or `mode = \"watch\"`"),
                );
            }
        }
        let grace = raw
            .and_then(|limits| limits.grace.as_deref())
            .unwrap_or("10m");
        Limits {
            reversals_per_hour: raw
                .and_then(|limits| limits.reversals_per_hour)
                .unwrap_or(3)
                .max(1),
            grace: self.duration(grace, &place.key("grace")),
            bulk: raw.and_then(|limits| limits.bulk).unwrap_or(5),
        }
    }

    pub(in crate::process::file) fn duration(
        &mut self,
        text: &str,
        place: &Place,
    ) -> jiff::SignedDuration {
        duration(text).unwrap_or_else(|| {
            if text == LOST {
                return jiff::SignedDuration::ZERO;
            }
            self.error(
                place,
                format!("`{text}` is not a length of time"),
                length(text),
            );
            jiff::SignedDuration::ZERO
        })
    }
}

/// What the file says of a day goes before what is decreed for all.
fn decreed(hours: &mut Hours) {
    let Some(decreed) = hours.production.map(Production::decreed) else {
        return;
    };
    let said = (hours.off.clone(), hours.on.clone());
    let off = decreed.off.iter().filter(|day| !said.1.contains(day));
    hours.off.extend(off);
    let on = decreed.on.iter().filter(|day| !said.0.contains(day));
    hours.on.extend(on);
    hours.short.extend(&decreed.short);
}

/// How the length of time that is meant is written.
fn length(text: &str) -> String {
    let number: String = text.chars().filter(char::is_ascii_digit).collect();
    let units = text.trim_start_matches(|sign: char| !sign.is_alphabetic());
    let unit = match units.to_lowercase().chars().next() {
        Some('d' | 'д') => 'd',
        Some('m' | 'м') => 'm',
        _ => 'h',
    };
    let meant = format!("{number}{unit}");
    match duration(&meant).is_some() && !text.starts_with('-') {
        true => format!("write \"{meant}\": h are hours, m minutes, d working days of 8 hours"),
        false => {
            "write it as \"16h\" (hours), \"10m\" (minutes) or \"2d\" (working days of 8 hours)"
                .into()
        }
    }
}
