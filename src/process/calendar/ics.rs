//! Days off from a calendar in iCalendar's form (RFC 5545): each event's days, and those of events that
//! come each year. Of what else may stand there nothing is read.

use jiff::{ToSpan, civil::Date};

/// Events that come each year are read so many years ahead.
const YEARS: i16 = 12;
/// A holiday is no longer.
const MOST_DAYS: usize = 60;

/// In order, each once; events from before `since` only as far as they come again.
pub fn days_off(text: &str, since: Date) -> Vec<Date> {
    let mut days = Vec::new();
    let mut event: Option<Event> = None;
    for line in unfolded(text) {
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        let name = name.split(';').next().unwrap_or(name).to_ascii_uppercase();
        match (name.as_str(), event.as_mut()) {
            ("BEGIN", _) if value.eq_ignore_ascii_case("VEVENT") => event = Some(Event::default()),
            ("END", Some(_)) if value.eq_ignore_ascii_case("VEVENT") => {
                days.extend(event.take().unwrap_or_default().days(since));
            }
            ("DTSTART", Some(event)) => event.start = date(value),
            ("DTEND", Some(event)) => event.end = date(value),
            ("RRULE", Some(event)) => event.rule = Some(value.to_ascii_uppercase()),
            ("STATUS", Some(event)) => event.cancelled = value.eq_ignore_ascii_case("CANCELLED"),
            _ => {}
        }
    }
    days.retain(|day| *day >= since);
    days.sort_unstable();
    days.dedup();
    days
}

#[derive(Default)]
struct Event {
    start: Option<Date>,
    /// The day after the last.
    end: Option<Date>,
    rule: Option<String>,
    cancelled: bool,
}

impl Event {
    fn days(self, since: Date) -> Vec<Date> {
        let Some(start) = self.start.filter(|_| !self.cancelled) else {
            return Vec::new();
        };
        let next = start.tomorrow().unwrap_or(start);
        let end = self.end.unwrap_or(next).max(next);
        let long = start.until(end).map_or(1, |span| span.get_days());
        let long = usize::try_from(long).unwrap_or(1).min(MOST_DAYS);
        let firsts = match &self.rule {
            Some(rule) if part(rule, "FREQ") == Some("YEARLY") => {
                let until = part(rule, "UNTIL").and_then(date);
                let count = part(rule, "COUNT").and_then(|count| count.parse().ok());
                let step = part(rule, "INTERVAL").and_then(|step| step.parse().ok());
                let step: i64 = step.filter(|step| *step > 0).unwrap_or(1);
                let last = since.year() + YEARS;
                let years = 0..=i64::from(last.saturating_sub(start.year()));
                let years = years.filter(|nth| nth % step == 0);
                let firsts = years.filter_map(|nth| start.checked_add(nth.years()).ok());
                let firsts = firsts.take_while(|first| until.is_none_or(|until| *first <= until));
                firsts.take(count.unwrap_or(usize::MAX)).collect()
            }
            _ => vec![start],
        };
        let days = |first: Date| std::iter::successors(Some(first), |day| day.tomorrow().ok());
        firsts
            .into_iter()
            .flat_map(|first| days(first).take(long))
            .collect()
    }
}

fn part<'r>(rule: &'r str, key: &str) -> Option<&'r str> {
    let mut parts = rule.split(';').filter_map(|part| part.split_once('='));
    parts
        .find(|(known, _)| *known == key)
        .map(|(_, value)| value)
}

/// `20270101`, with or without an hour behind it.
fn date(value: &str) -> Option<Date> {
    Date::strptime("%Y%m%d", value.trim().get(..8)?).ok()
}

/// A line that begins with a blank goes on with the one before.
fn unfolded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some(last)) => last.push_str(more),
            _ => lines.push(line.trim_end().to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn events_of_days_and_of_each_year() {
        let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20270103\r\n\
            SUMMARY:New\r\n  Year\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DA\r\n TE:20240501\r\n\
            RRULE:FREQ=YEARLY;UNTIL=20280101\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART:20270510T000000Z\r\n\
            STATUS:CANCELLED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let days = days_off(text, date(2026, 1, 1));
        let wanted = [
            date(2026, 5, 1),
            date(2027, 1, 1),
            date(2027, 1, 2),
            date(2027, 5, 1),
        ];
        assert_eq!(days, wanted);
    }
}
