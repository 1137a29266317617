//! Whatever a file says of time: deadlines, working hours, limits, durations.

use super::*;

impl Resolver<'_> {
    pub(in crate::process::file) fn deadline(
        &mut self,
        deadline: &RawDeadline,
        nth: usize,
    ) -> Deadline {
        let place = Place::item("deadline", nth);
        let dated = self
            .raw
            .field
            .iter()
            .any(|field| field.key == deadline.field && field.kind == Kind::Date);
        let known = self
            .raw
            .field
            .iter()
            .any(|field| field.key == deadline.field);
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
            values::days(text).unwrap_or_else(|| {
                resolver.error(
                    &place.key(key),
                    format!("`{key}` is not a number of days"),
                    "write it as \"3d\"",
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
            };
        };
        let place = Place::default().key("hours");
        let from_min = self.time(&raw.from, &place.key("from"));
        let to_min = self.time(&raw.to, &place.key("to"));
        if from_min >= to_min {
            self.error(
                &place.key("to"),
                "the working day ends before it begins",
                "let `to` be later than `from`",
            );
        }
        let lunch_min = raw.lunch.as_ref().and_then(|lunch| match lunch.as_slice() {
            [from, to] => Some((
                self.time(from, &place.key("lunch")),
                self.time(to, &place.key("lunch")),
            )),
            _ => {
                self.error(
                    &place.key("lunch"),
                    "lunch is two times",
                    "write `lunch = [\"13:00\", \"14:00\"]`",
                );
                None
            }
        });
        let off = raw.off.iter().enumerate().filter_map(|(nth, day)| {
            let date = day.parse().ok();
            if date.is_none() {
                self.error(
                    &place.key("off").nth(nth),
                    format!("`{day}` is not a date"),
                    "write it as \"2027-01-01\"",
                );
            }
            date
        });
        let off = off.collect();
        let mut days = [false; 7];
        for day in &raw.days {
            days[*day as usize] = true;
        }
        Hours {
            days,
            from_min,
            to_min,
            lunch_min,
            off,
        }
    }

    pub(in crate::process::file) fn time(&mut self, text: &str, place: &Place) -> u16 {
        values::time(text).unwrap_or_else(|| {
            self.error(
                place,
                format!("`{text}` is not a time of day"),
                "write it as \"10:00\"",
            );
            0
        })
    }

    pub(in crate::process::file) fn limits(&mut self) -> Limits {
        let place = Place::default().key("limits");
        let raw = self.raw.limits.as_ref();
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
            self.error(
                place,
                format!("`{text}` is not a length of time"),
                "write it as \"16h\" or \"10m\"",
            );
            jiff::SignedDuration::ZERO
        })
    }
}
