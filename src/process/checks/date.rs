//! Dates as people write them. The day comes first; only in English may a date with slashes be
//! meant the other way round, and then it is not guessed at.

use crate::process::rules::Language;
use crate::process::text::{is_blank, is_dash};
use jiff::civil::Date;

/// Outside these years a date is a slip of the finger.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

const MONTHS: [[&str; 3]; 12] = [
    ["января", "январь", "january"],
    ["февраля", "февраль", "february"],
    ["марта", "март", "march"],
    ["апреля", "апрель", "april"],
    ["мая", "май", "may"],
    ["июня", "июнь", "june"],
    ["июля", "июль", "july"],
    ["августа", "август", "august"],
    ["сентября", "сентябрь", "september"],
    ["октября", "октябрь", "october"],
    ["ноября", "ноябрь", "november"],
    ["декабря", "декабрь", "december"],
];

pub(super) fn read(typed: &str, language: Language) -> Option<Date> {
    let typed = without_year_word(typed);
    let between = |c: char| is_blank(c) || is_dash(c) || matches!(c, '.' | '/' | ',');
    let mut parts = typed.split(between).filter(|part| !part.is_empty());
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    if first.len() == 4 {
        return date(number(first)?, number(second)?, third);
    }
    if let Some(month) = month(second) {
        return date(year(third)?, month, first);
    }
    if let Some(month) = month(first) {
        return date(year(third)?, month, second);
    }
    let two_ways = language == Language::En && !typed.contains('.');
    if two_ways && number(first)? <= 12 && number(first) != number(second) {
        return None;
    }
    date(year(third)?, number(second)?, first)
}

/// A date as its readers write it, and as `read` reads it.
pub fn show_date(date: Date, language: Language) -> String {
    match language {
        Language::Ru => date.strftime("%d.%m.%Y").to_string(),
        Language::En => date.strftime("%-d %b %Y").to_string(),
    }
}

/// «12 ноября 2026 г.»
fn without_year_word(typed: &str) -> &str {
    let words = ["года", "год", "г.", "г"];
    let stripped = words.iter().find_map(|word| typed.strip_suffix(word));
    stripped.unwrap_or(typed)
}

fn date(year: i16, month: i16, day: &str) -> Option<Date> {
    let ordinal = ["st", "nd", "rd", "th"];
    let day = ordinal
        .iter()
        .find_map(|end| day.strip_suffix(end))
        .unwrap_or(day);
    let month = i8::try_from(month).ok()?;
    let day = i8::try_from(number(day)?).ok()?;
    let date = Date::new(year, month, day).ok()?;
    YEARS.contains(&year).then_some(date)
}

fn year(text: &str) -> Option<i16> {
    match text.len() {
        2 => Some(2000 + number(text)?),
        4 => number(text),
        _ => None,
    }
}

fn number(text: &str) -> Option<i16> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// A month's name, or its beginning from three letters on.
fn month(text: &str) -> Option<i16> {
    if text.starts_with(|c: char| c.is_ascii_digit()) || text.chars().count() < 3 {
        return None;
    }
    let text = text.to_lowercase();
    let at = MONTHS
        .iter()
        .position(|names| names.iter().any(|name| name.starts_with(&text)));
    at.or_else(|| (text == "sept").then_some(8))
        .and_then(|at| i16::try_from(at + 1).ok())
}

#[cfg(test)]
mod tests {
    use super::Language::{En, Ru};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_as_people_write_them() {
        let want = jiff::civil::date(2026, 11, 5);
        for (typed, language) in [
            ("05.11.2026", Ru),
            ("5.11.26", Ru),
            ("05.11.2026 г.", Ru),
            ("5/11/2026", Ru),
            ("5-11-2026", Ru),
            ("2026-11-05", En),
            ("2026–11–05", Ru),
            ("5 ноября 2026", Ru),
            ("5 ноя 2026 года", Ru),
            ("5 ноября, 2026г.", Ru),
            ("5 Nov 2026", En),
            ("Nov 5, 2026", En),
            ("5th November 2026", En),
            ("05.11.2026", En),
            ("05. 11. 2026", Ru),
        ] {
            assert_eq!(read(typed, language), Some(want), "{typed}");
        }
        assert_eq!(
            read("11/11/2026", En),
            Some(jiff::civil::date(2026, 11, 11))
        );
        assert_eq!(
            read("13/11/2026", En),
            Some(jiff::civil::date(2026, 11, 13))
        );
        for (typed, language) in [
            ("5/11/2026", En),
            ("05-11-26", En),
            ("31.02.2026", Ru),
            ("12.13.2026", Ru),
            ("12.11.0026", Ru),
            ("12.11.226", Ru),
            ("12 ноября", Ru),
            ("завтра", Ru),
            ("12.11.2026 и позже", Ru),
            ("12 но 2026", Ru),
            ("г.", Ru),
            ("+2.-1.2026", Ru),
        ] {
            assert_eq!(read(typed, language), None, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read(days in 0i32..70_000, english in any::<bool>()) {
            let language = if english { En } else { Ru };
            let date = jiff::civil::date(1950, 1, 1) + jiff::Span::new().days(days);
            prop_assert_eq!(read(&show_date(date, language), language), Some(date));
        }
        #[test]
        fn nothing_typed_breaks_it(typed in "\\PC{0,20}") {
            let _ = read(&typed, Ru);
        }
    }
}
