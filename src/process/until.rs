//! What somebody writes of a wait, on a card or in its field: for what, and until which day. It reads a
//! text and decides nothing.

use super::text::{named_month, same};
use jiff::civil::{Date, Weekday};

/// A day and month without a year is meant to be ahead, if it is not further than this.
const AHEAD_DAYS: i32 = 200;

/// What stands behind `/wait`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said<'t> {
    Reason(&'t str, Option<Date>),
    /// A day was meant, and this is none.
    NoDay(&'t str),
}

/// The reason, and behind the last `until` or `до` the day.
pub(super) fn read(text: &str, today: Date) -> Said<'_> {
    const WORDS: [&str; 5] = ["until", "till", "by", "до", "по"];
    let text = text.trim();
    let starts = text.char_indices().filter(|(at, sign)| {
        let before = text[..*at].chars().next_back();
        !sign.is_whitespace() && before.is_none_or(char::is_whitespace)
    });
    let starts: Vec<_> = starts.map(|(at, _)| at).collect();
    let behind = |at: usize| {
        let (word, rest) = text[at..].split_once(char::is_whitespace)?;
        let known = WORDS.iter().any(|known| same(known, word));
        known.then(|| (at, rest.trim()))
    };
    let said: Vec<_> = starts.into_iter().rev().filter_map(behind).collect();
    let dated = said
        .iter()
        .find_map(|(at, said)| Some((at, day(said, today)?)));
    if let Some((at, day)) = dated {
        let reason = text[..*at].trim_end_matches([',', ' ', ':', '—', '–']);
        return Said::Reason(reason.trim(), Some(day));
    }
    // «до конца недели» is a part of the reason; «до 32.11» is meant as a day.
    let meant = said.iter().map(|(_, said)| *said);
    let mut meant = meant.filter(|said| said.starts_with(|sign: char| sign.is_ascii_digit()));
    meant.next().map_or(Said::Reason(text, None), Said::NoDay)
}

/// `27.11`, `27.11.2026`, `2026-11-27`, `27 Nov`, `27 ноября 2026`, `tomorrow`.
fn day(text: &str, today: Date) -> Option<Date> {
    let text = text.trim().trim_end_matches(['.', '!', ',', ';']).trim();
    let text = text.strip_suffix(" г").unwrap_or(text).trim();
    if same(text, "tomorrow") || same(text, "завтра") {
        return today.tomorrow().ok();
    }
    if let Some(weekday) = weekday(text) {
        return today.nth_weekday(1, weekday).ok();
    }
    if let Ok(day) = text.parse::<Date>() {
        return Some(day);
    }
    let parts: Vec<&str> = text
        .split(['.', ' ', '/'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let (day, month, year) = match parts.as_slice() {
        [day, month] => (*day, *month, None),
        [day, month, year] => (*day, *month, Some(*year)),
        _ => return None,
    };
    let (day, month) = match day.parse::<i8>() {
        Ok(day) => (day, month_of(month)?),
        Err(_) => (month.parse().ok()?, month_of(day)?),
    };
    match year {
        Some(year) => {
            let year: i16 = year.parse().ok()?;
            let year = if year < 100 { 2000 + year } else { year };
            Date::new(year, month, day).ok()
        }
        None => {
            let this = Date::new(today.year(), month, day).ok();
            let next = Date::new(today.year() + 1, month, day).ok();
            let near = next.filter(|next| {
                let ahead = today.until(*next).map_or(i32::MAX, |span| span.get_days());
                ahead <= AHEAD_DAYS
            });
            match this {
                Some(this) if this > today => Some(this),
                this => near.or(this),
            }
        }
    }
}

/// In short or whole, in the cases in which people name a day.
fn weekday(text: &str) -> Option<Weekday> {
    const NAMES: [&[&str]; 7] = [
        &["mon", "monday", "пн", "понедельник", "понедельника"],
        &["tue", "tuesday", "вт", "вторник", "вторника"],
        &["wed", "wednesday", "ср", "среда", "среду", "среды"],
        &["thu", "thursday", "чт", "четверг", "четверга"],
        &["fri", "friday", "пт", "пятница", "пятницу", "пятницы"],
        &["sat", "saturday", "сб", "суббота", "субботу", "субботы"],
        &["sun", "sunday", "вс", "воскресенье", "воскресенья"],
    ];
    let named = |names: &&[&str]| names.iter().any(|name| same(name, text));
    let at = NAMES.iter().position(named)?;
    Weekday::from_monday_zero_offset(i8::try_from(at).ok()?).ok()
}

fn month_of(text: &str) -> Option<i8> {
    if let Ok(month) = text.parse() {
        return (1..=12).contains(&month).then_some(month);
    }
    named_month(&text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 24);

    #[test]
    fn a_reason_and_a_day_as_people_write_them() {
        for (text, reason, until) in [
            (
                "логотип и ИНН до 27.11",
                "логотип и ИНН",
                Some((2026, 11, 27)),
            ),
            ("логотип до 27.11.2026", "логотип", Some((2026, 11, 27))),
            ("logo until 2026-11-27", "logo", Some((2026, 11, 27))),
            ("the logo until 27 Nov", "the logo", Some((2026, 11, 27))),
            ("the logo, by Nov 27.", "the logo", Some((2026, 11, 27))),
            ("до 27 ноября", "", Some((2026, 11, 27))),
            ("ответ до 27 ноября 2026 г.", "ответ", Some((2026, 11, 27))),
            ("ответ до 3 мая", "ответ", Some((2027, 5, 3))),
            ("подпись до 27.11.26", "подпись", Some((2026, 11, 27))),
            ("ответ до 12.01", "ответ", Some((2027, 1, 12))),
            ("ответ до завтра", "ответ", Some((2026, 11, 25))),
            ("подпись до понедельника", "подпись", Some((2026, 11, 30))),
            ("подпись до вт", "подпись", Some((2026, 12, 1))),
            ("signature until Friday.", "signature", Some((2026, 11, 27))),
            ("ответ до 20.11", "ответ", Some((2026, 11, 20))),
            (
                "until the end of the week",
                "until the end of the week",
                None,
            ),
            ("письмо от них", "письмо от них", None),
            (
                "файл с сайта, до 27 авг",
                "файл с сайта",
                Some((2026, 8, 27)),
            ),
            (
                "доступы до сервера до 1.12",
                "доступы до сервера",
                Some((2026, 12, 1)),
            ),
            ("", "", None),
        ] {
            let until = until.map(|(year, month, day)| date(year, month, day));
            assert_eq!(read(text, TODAY), Said::Reason(reason, until), "{text}");
        }
    }

    #[test]
    fn what_is_meant_as_a_day_and_is_none_is_told() {
        for (text, said) in [
            ("ответ до 32.11", "32.11"),
            ("logo until 2026-13-01", "2026-13-01"),
            ("logo until 27 Brumaire", "27 Brumaire"),
        ] {
            assert_eq!(read(text, TODAY), Said::NoDay(said), "{text}");
        }
    }
}
