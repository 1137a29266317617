//! Numbers and money as people write them: `12 900`, `12900,00`, `12,900.00`, `128 кбит/с`.

use super::Judged;
use crate::process::facts::{Problem, Value};
use crate::process::rules::Language;
use crate::process::text::{fold, is_apostrophe, is_blank, is_dash};

/// Below this every whole number and its hundredths are exact.
const DIGITS: usize = 15;

const CURRENCIES: [&str; 24] = [
    "₽",
    "р",
    "руб",
    "рубль",
    "рубля",
    "рублей",
    "rub",
    "byn",
    "br",
    "kzt",
    "тг",
    "тенге",
    "₸",
    "€",
    "eur",
    "euro",
    "евро",
    "$",
    "usd",
    "£",
    "gbp",
    "us$",
    "долл",
    "долларов",
];

/// After a number these multiply it, or may: such a number is not guessed at.
const MULTIPLIERS: [&str; 12] = [
    "тыс",
    "тысяч",
    "тысяча",
    "тысячи",
    "млн",
    "млрд",
    "к",
    "k",
    "м",
    "m",
    "mln",
    "bn",
];

struct Amount<'t> {
    negative: bool,
    whole: String,
    part: String,
    /// What stands behind it.
    rest: &'t str,
}

pub(super) fn number(
    typed: &str,
    language: Language,
    min: Option<f64>,
    max: Option<f64>,
    whole: bool,
) -> Judged {
    let read = Amount::read(typed, language).filter(|amount| is_unit(amount.rest));
    let number = read.and_then(|amount| amount.number());
    let number = number.ok_or(Problem::NotANumber)?;
    if whole && number.fract() != 0.0 {
        return Err(Problem::NotWhole);
    }
    let low = min.is_some_and(|min| number < min);
    if low || max.is_some_and(|max| number > max) {
        return Err(Problem::OutOfRange { min, max });
    }
    Ok(Value::Number(number))
}

pub(super) fn money(
    typed: &str,
    language: Language,
    min: Option<f64>,
    above: Option<f64>,
    max: Option<f64>,
) -> Judged {
    let read = Amount::read(without_currency(typed), language);
    let amount = read
        .filter(|amount| amount.rest.is_empty() || is_currency(amount.rest))
        .ok_or(Problem::NotMoney)?;
    let hundredths = amount.hundredths().ok_or(Problem::NotMoney)?;
    let number = amount.number().ok_or(Problem::NotMoney)?;
    let low = min.is_some_and(|min| number < min) || above.is_some_and(|above| number <= above);
    if low || max.is_some_and(|max| number > max) {
        let min = min.or(above);
        return Err(Problem::OutOfRange { min, max });
    }
    Ok(Value::Money(hundredths))
}

/// Letters and slashes only, as in `кбит/с`.
fn is_unit(rest: &str) -> bool {
    let unit: String = rest.chars().filter_map(fold).collect();
    let unit = unit.strip_suffix('.').unwrap_or(&unit);
    unit.chars().all(|c| c.is_alphabetic() || c == '/') && !MULTIPLIERS.contains(&unit)
}

fn is_currency(rest: &str) -> bool {
    let unit: String = rest.chars().filter_map(fold).collect();
    CURRENCIES.contains(&unit.strip_suffix('.').unwrap_or(&unit))
}

fn without_currency(typed: &str) -> &str {
    let digit = |c: char| c.is_ascii_digit() || is_dash(c);
    let (before, amount) = typed.split_at(typed.find(digit).unwrap_or(0));
    if is_currency(before) { amount } else { typed }
}

impl<'t> Amount<'t> {
    fn read(typed: &'t str, language: Language) -> Option<Self> {
        let unsigned = typed.strip_prefix(|c| is_dash(c) || c == '+');
        let negative = typed.starts_with(is_dash);
        let text = unsigned.unwrap_or(typed);
        let end = end_of_number(text);
        let (digits, rest) = text.split_at(end);
        let (whole, part) = split(digits, language)?;
        let whole = whole.trim_start_matches('0').to_owned();
        if whole.len() > DIGITS || part.len() > DIGITS {
            return None;
        }
        Some(Self {
            negative,
            whole,
            part,
            rest: rest.trim_matches(is_blank),
        })
    }

    fn number(&self) -> Option<f64> {
        let number: f64 = format!("0{}.{}0", self.whole, self.part).parse().ok()?;
        Some(if self.negative { -number } else { number })
    }

    fn hundredths(&self) -> Option<i64> {
        if self.part.len() > 2 {
            return None;
        }
        let number: i64 = format!("0{}{:0<2}", self.whole, self.part).parse().ok()?;
        Some(if self.negative { -number } else { number })
    }
}

/// Where the digits end, with the marks that stand between two of them.
fn end_of_number(text: &str) -> usize {
    let (mut end, mut after_mark) = (0, true);
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() {
            (end, after_mark) = (at + 1, false);
        } else if mark(c).is_some() && !after_mark {
            after_mark = true;
        } else {
            break;
        }
    }
    end
}

/// What may stand between digits: a decimal mark, or what groups thousands.
fn mark(c: char) -> Option<char> {
    match c {
        '.' | ',' => Some(c),
        _ if is_blank(c) => Some(' '),
        _ if is_apostrophe(c) => Some('\''),
        _ => None,
    }
}

/// The digits before the decimal mark and those after it, if they can be read in one way only.
fn split(digits: &str, language: Language) -> Option<(String, String)> {
    let groups: Vec<&str> = digits.split(|c| mark(c).is_some()).collect();
    let marks: Vec<char> = digits.chars().filter_map(mark).collect();
    let last = groups.last()?;
    let decimal = match marks.split_last() {
        Some(('.' | ',', [])) => !(language == Language::En && marks == [','] && last.len() == 3),
        Some((decimal @ ('.' | ','), before)) => !before.contains(decimal),
        _ => false,
    };
    let parts = groups.len() - usize::from(decimal);
    let (thousands, part) = groups.split_at(parts);
    let grouping = &marks[..parts.saturating_sub(1)];
    let grouped = grouping.windows(2).all(|pair| pair[0] == pair[1])
        && thousands.iter().skip(1).all(|group| group.len() == 3)
        && (grouping.is_empty() || (1..=3).contains(&thousands[0].len()));
    (grouped && !thousands[0].is_empty()).then(|| (thousands.concat(), part.concat()))
}

#[cfg(test)]
mod tests {
    use super::Language::{En, Ru};
    use super::*;

    fn plain(typed: &str, language: Language) -> Judged {
        number(typed, language, None, None, false)
    }
    fn sum(typed: &str, language: Language) -> Judged {
        money(typed, language, None, Some(0.0), Some(1_000_000.0))
    }

    #[test]
    fn numbers_as_people_write_them() {
        for (typed, language, want) in [
            ("128", Ru, 128.0),
            ("128 кбит/с", Ru, 128.0),
            ("128kbps", En, 128.0),
            ("5 шт.", Ru, 5.0),
            ("100\u{a0}000", Ru, 100_000.0),
            ("1,5", Ru, 1.5),
            ("1.5", En, 1.5),
            ("1,500", En, 1500.0),
            ("1,500", Ru, 1.5),
            ("1,234,567.8", Ru, 1_234_567.8),
            ("1.234.567", Ru, 1_234_567.0),
            ("1'000", Ru, 1000.0),
            ("−5", Ru, -5.0),
            ("+5", Ru, 5.0),
            ("007", Ru, 7.0),
            ("0", Ru, 0.0),
        ] {
            assert_eq!(plain(typed, language), Ok(Value::Number(want)), "{typed}");
        }
        for typed in [
            "много",
            "12 5",
            "1 00",
            "128/320",
            "128 / 320",
            "5 тыс.",
            "12k",
            "1e5",
            "inf",
            "NaN",
            "1,2,3",
            "1.234,5.6",
            "8:30",
            "128 (стерео)",
            ".",
            "--5",
            "1234 567",
            "9999999999999999",
            "12 %",
        ] {
            assert_eq!(plain(typed, Ru), Err(Problem::NotANumber), "{typed}");
        }
    }

    #[test]
    fn a_number_has_its_bounds() {
        let bounded = |typed| number(typed, Ru, Some(24.0), Some(320.0), true);
        let (min, max) = (Some(24.0), Some(320.0));
        assert_eq!(bounded("320"), Ok(Value::Number(320.0)));
        assert_eq!(bounded("321"), Err(Problem::OutOfRange { min, max }));
        assert_eq!(bounded("23"), Err(Problem::OutOfRange { min, max }));
        assert_eq!(bounded("64,5"), Err(Problem::NotWhole));
    }

    #[test]
    fn money_as_people_write_it() {
        for (typed, language) in [
            ("12 900", Ru),
            ("12900,00", Ru),
            ("12 900 ₽", Ru),
            ("12\u{202f}900,0 руб.", Ru),
            ("12900р", Ru),
            ("12,900.00", En),
            ("12,900", En),
            ("€12,900", En),
            ("EUR 12900", En),
            ("12.900,00 €", Ru),
        ] {
            assert_eq!(sum(typed, language), Ok(Value::Money(1_290_000)), "{typed}");
        }
        assert_eq!(sum("0,5", Ru), Ok(Value::Money(50)));
        for typed in [
            "12.900",
            "12,900",
            "1,005",
            "12 тыс",
            "по договору",
            "12 900/мес?",
            "10-20",
        ] {
            assert_eq!(sum(typed, Ru), Err(Problem::NotMoney), "{typed}");
        }
        for typed in ["0", "1 000 000,01", "-5"] {
            let read = sum(typed, Ru);
            assert!(matches!(read, Err(Problem::OutOfRange { .. })), "{typed}");
        }
    }
}
