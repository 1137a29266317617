//! Countries' production calendars, as they were decreed: days off besides weekends, weekends that are
//! worked, days that end an hour earlier. What is not decreed yet is not guessed.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Production {
    Ru,
}

/// What a calendar says.
#[derive(Debug, Default)]
pub struct Decreed {
    pub source: String,
    /// The years it knows, in order.
    pub years: Vec<i16>,
    pub off: Vec<Date>,
    pub on: Vec<Date>,
    pub short: Vec<Date>,
}

static RU: LazyLock<Decreed> = LazyLock::new(|| Decreed::of(include_str!("ru.txt")));

impl Production {
    pub fn decreed(self) -> &'static Decreed {
        match self {
            Self::Ru => &RU,
        }
    }
}

impl Decreed {
    fn of(text: &str) -> Self {
        let mut decreed = Self::default();
        for line in text.lines() {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            let days = match word {
                "source" => {
                    decreed.source = rest.to_owned();
                    continue;
                }
                "years" => {
                    let years = rest.split(' ').filter_map(|year| year.parse().ok());
                    decreed.years = years.collect();
                    continue;
                }
                "off" => &mut decreed.off,
                "on" => &mut decreed.on,
                "short" => &mut decreed.short,
                _ => continue,
            };
            days.extend(rest.parse::<Date>());
        }
        decreed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_russian_calendar_is_read_whole() {
        let ru = Production::Ru.decreed();
        let lines = include_str!("ru.txt").lines();
        let days = lines.filter(|line| line.contains('-') && !line.starts_with('#'));
        let read = ru.off.len() + ru.on.len() + ru.short.len();
        assert_eq!(days.count(), read);
        assert!(ru.years.ends_with(&[2026, 2027]), "{:?}", ru.years);
        assert!(ru.source.contains("holidays 0."), "{}", ru.source);
        assert!(
            ru.off.contains(&date(2026, 12, 31)),
            "moved from the 4th of January"
        );
        assert_eq!(ru.on.last(), Some(&date(2027, 2, 20)));
        assert!(
            ru.short.contains(&date(2027, 2, 20)),
            "worked for the eve of the 23rd"
        );
        assert!(ru.short.contains(&date(2026, 11, 3)));
    }
}
