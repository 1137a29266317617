//! What somebody writes of an absence, on a card or on a command line: who, which days, who stands in.
//! It reads a text and decides nothing.

use super::text::named_month;
use jiff::{ToSpan, civil::Date};

/// Longer than this somebody has left, and the role is to be given away.
const LONGEST_DAYS: i32 = 366;

/// One comment about an absence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<'t> {
    /// With an @ before the days; none: whoever says it.
    pub who: Option<&'t str>,
    pub what: Days,
    /// With an @ behind them.
    pub deputy: Option<&'t str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Days {
    From(Date, Date),
    /// There again.
    Back,
    /// None that could be read, or they are over.
    None,
}

/// `[@anna] 01.12–14.12 [@boris]`, `back`; the first line alone.
pub fn read(text: &str, today: Date) -> Said<'_> {
    let line = text.lines().next().unwrap_or_default();
    let (mut who, mut deputy, mut rest) = (None, None, String::new());
    for word in line.split_whitespace() {
        match word.strip_prefix('@') {
            Some(name) => {
                let name = name.trim_end_matches([',', ';', '.', ':']);
                let place = if rest.is_empty() {
                    &mut who
                } else {
                    &mut deputy
                };
                place.get_or_insert(name);
            }
            None => rest = format!("{rest} {word}"),
        }
    }
    let rest = rest.trim();
    let back = |word: &str| {
        let word = word.trim_matches(|sign: char| !sign.is_alphabetic());
        let word = word.to_lowercase();
        let back = ["back", "here", "назад", "здесь", "вернулся", "вернулась"];
        back.contains(&word.as_str())
    };
    let what = match days(rest, today) {
        Some((from, to)) => Days::From(from, to),
        None if rest.split_whitespace().any(back) => Days::Back,
        None => Days::None,
    };
    Said { who, what, deputy }
}

/// `2026-12-01..12-14`, `01.12–14.12`, `с 1 до 14 декабря`, `until 14 Dec`, one day alone. None where
/// there is no such stretch of days, or it is over.
pub fn days(text: &str, today: Date) -> Option<(Date, Date)> {
    let (mut parts, mut until) = (Vec::new(), false);
    let mut month = None;
    for word in words(text) {
        if let Some(named) = named_month(&word) {
            let mut open = parts
                .iter_mut()
                .filter(|part: &&mut Part| part.month.is_none());
            match open.next_back() {
                Some(part) => part.month = Some(named),
                None => month = Some(named),
            }
        } else if let Some(part) = part(&word, today) {
            let own = part.month.or(month.take());
            parts.push(Part { month: own, ..part });
        } else if parts.is_empty() {
            until |= ["до", "по", "until", "till", "to"].contains(&word.as_str());
        }
    }
    let first = *parts.first()?;
    let last = parts.get(1).copied();
    let first = Part {
        month: first.month.or(last.and_then(|last| last.month)),
        ..first
    };
    let (from, to) = match last {
        None if until => (today, first.on_or_after(today)?),
        None => {
            let day = first.near(today)?;
            (day, day)
        }
        Some(last) => {
            let from = first.near(today)?;
            let month = last.month.or(Some(from.month()));
            (from, Part { month, ..last }.on_or_after(from)?)
        }
    };
    let long = from.until(to).ok()?.get_days();
    (from <= to && to >= today && long <= LONGEST_DAYS).then_some((from, to))
}

/// As far as it was written.
#[derive(Clone, Copy)]
struct Part {
    year: Option<i16>,
    month: Option<i8>,
    day: i8,
}

impl Part {
    fn in_year(self, year: i16) -> Option<Date> {
        Date::new(self.year.unwrap_or(year), self.month?, self.day).ok()
    }

    /// Without a year: not long ago, or in the months to come.
    fn near(self, today: Date) -> Option<Date> {
        let middle = today.checked_add(90.days()).ok()?;
        let years = [-1, 0, 1].map(|years| today.year() + years);
        let dates = years.into_iter().filter_map(|year| self.in_year(year));
        dates.min_by_key(|date| middle.until(*date).map_or(0, |span| span.get_days().abs()))
    }

    fn on_or_after(self, first: Date) -> Option<Date> {
        let years = [0, 1].map(|years| first.year() + years);
        let mut dates = years.into_iter().filter_map(|year| self.in_year(year));
        let (one, other) = (dates.next(), dates.next());
        one.filter(|date| *date >= first).or(other).or(one)
    }
}

fn words(text: &str) -> Vec<String> {
    let text = text.replace("..", " ").replace(['–', '—', '…', ','], " ");
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        let word = word.trim_matches(['.', ';', ':', '(', ')']).to_lowercase();
        // A hyphen stands between days as well as inside of one.
        match word.contains('.') && word.contains('-') {
            true => words.extend(word.split('-').map(str::to_owned)),
            false => words.push(word),
        }
    }
    words
}

fn part(word: &str, today: Date) -> Option<Part> {
    let of = |date: Date| Part {
        year: Some(date.year()),
        month: Some(date.month()),
        day: date.day(),
    };
    match word {
        "today" | "сегодня" => return Some(of(today)),
        "tomorrow" | "завтра" => return today.tomorrow().ok().map(of),
        _ => {}
    }
    let dashed = word.contains('-');
    let numbers = word.split(if dashed { '-' } else { '.' });
    let numbers = numbers.map(|number| number.parse::<i16>().ok());
    let numbers = numbers.collect::<Option<Vec<_>>>()?;
    let (year, month, day) = match (numbers.as_slice(), dashed) {
        (&[year, month, day], true) => (Some(year), Some(month), day),
        (&[month, day], true) => (None, Some(month), day),
        (&[day, month, year], false) => (Some(year), Some(month), day),
        (&[day, month], false) => (None, Some(month), day),
        (&[day], false) => (None, None, day),
        _ => return None,
    };
    let year = year.map(|year| if year < 100 { year + 2000 } else { year });
    let small = |number: i16, most: i16| i8::try_from(number).ok().filter(|_| number <= most);
    let month = match month {
        Some(month) => Some(small(month, 12).filter(|month| *month > 0)?),
        None => None,
    };
    let day = small(day, 31).filter(|day| *day > 0)?;
    Some(Part { year, month, day })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn told(text: &str) -> Option<(Date, Date)> {
        days(text, date(2026, 11, 26))
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        let two_weeks = Some((date(2026, 12, 1), date(2026, 12, 14)));
        for text in [
            "2026-12-01..12-14",
            "2026-12-01..2026-12-14",
            "2026-12-01 2026-12-14",
            "01.12–14.12",
            "01.12-14.12",
            "1.12..14.12.",
            "с 1.12 до 14.12",
            "с 1 по 14.12.2026, отпуск",
            "с 1 до 14 декабря",
            "from 1 Dec to 14 Dec",
            "Dec 1 until Dec 14",
            "01.12.26 – 14.12.26",
        ] {
            assert_eq!(told(text), two_weeks, "{text}");
        }
        let one = date(2026, 12, 1);
        assert_eq!(told("2026-12-01"), Some((one, one)));
        assert_eq!(told("1 декабря"), Some((one, one)));
        let until = Some((date(2026, 11, 26), date(2026, 12, 14)));
        assert_eq!(told("до 14.12"), until);
        assert_eq!(told("today until 14.12"), until);
    }

    #[test]
    fn a_year_that_is_not_written_is_the_one_that_is_meant() {
        assert_eq!(
            told("28.12–09.01"),
            Some((date(2026, 12, 28), date(2027, 1, 9)))
        );
        assert_eq!(
            told("11.01–15.01"),
            Some((date(2027, 1, 11), date(2027, 1, 15)))
        );
        let begun = days("28.12–09.01", date(2027, 1, 3));
        assert_eq!(begun, Some((date(2026, 12, 28), date(2027, 1, 9))));
    }

    #[test]
    fn what_is_no_stretch_of_days_is_none() {
        for text in [
            "",
            "скоро",
            "31.02",
            "14.12.2026–01.12.2026",
            "01.11–10.11",
            "2026-12-01..2028-12-01",
            "40",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }

    #[test]
    fn people_stand_before_and_behind_the_days() {
        let today = date(2026, 11, 26);
        let said = read("@anna 01.12–14.12 @boris, спасибо\nи ещё", today);
        assert_eq!((said.who, said.deputy), (Some("anna"), Some("boris")));
        assert_eq!(said.what, Days::From(date(2026, 12, 1), date(2026, 12, 14)));
        let back = read("back", today);
        assert_eq!((back.who, back.what), (None, Days::Back));
        assert_eq!(read("@anna назад", today).what, Days::Back);
        assert_eq!(read("@boris", today).what, Days::None);
    }
}
