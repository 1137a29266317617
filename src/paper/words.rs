//! Dates, times and amounts as a printed page has them, in its reader's language and by the board's
//! clock. Unlike a comment's, a date has its year: a file is read years later.

use crate::process::{Format, Language, Note};
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};

pub(super) struct Say {
    pub(super) language: Language,
    zone: TimeZone,
    format: Format,
}

/// The sentence in the page's language.
macro_rules! say {
    ($say:expr, ru: $ru:expr, en: $en:expr $(,)?) => {
        match $say.language {
            $crate::process::Language::Ru => String::from($ru),
            $crate::process::Language::En => String::from($en),
        }
    };
}
pub(super) use say;

impl Say {
    pub(super) fn new(language: Language, zone: TimeZone) -> Self {
        Self {
            format: Format::new(language, zone.clone()),
            language,
            zone,
        }
    }

    /// 27.11.2026 15:00, 27 Nov 2026, 15:00.
    pub(super) fn when(&self, at: Timestamp) -> String {
        let civil = self.zone.to_datetime(at);
        let time = format!("{:02}:{:02}", civil.hour(), civil.minute());
        match self.language {
            Language::Ru => format!("{} {time}", self.day(civil.date())),
            Language::En => format!("{}, {time}", self.day(civil.date())),
        }
    }

    pub(super) fn day(&self, day: Date) -> String {
        let pattern = match self.language {
            Language::Ru => "%d.%m.%Y",
            Language::En => "%-d %b %Y",
        };
        day.strftime(pattern).to_string()
    }

    /// `2026-11` as a month of a chart: 11.26.
    pub(super) fn month(&self, month: &str) -> String {
        match month.split_once('-') {
            Some((year, month)) => format!("{month}.{}", year.get(2..).unwrap_or(year)),
            None => month.to_owned(),
        }
    }

    /// Working time.
    pub(super) fn spent(&self, minutes: i64) -> String {
        let (hours, minutes) = (minutes / 60, minutes % 60);
        let (h, min) = match self.language {
            Language::Ru => ("ч", "мин"),
            Language::En => ("h", "min"),
        };
        match (hours, minutes) {
            (0, minutes) => format!("{minutes} {min}"),
            (hours, 0) => format!("{hours} {h}"),
            (hours, minutes) => format!("{hours} {h} {minutes} {min}"),
        }
    }

    pub(super) fn days(&self, days: f64) -> String {
        let unit = say!(self, ru: "дн", en: "d");
        format!("{} {unit}", self.number(days))
    }

    /// To a tenth.
    pub(super) fn number(&self, value: f64) -> String {
        let text = format!("{value:.1}");
        let text = text.strip_suffix(".0").unwrap_or(&text);
        match self.language {
            Language::Ru => text.replace('.', ","),
            Language::En => text.to_owned(),
        }
    }

    pub(super) fn money(&self, amount: f64, currency: Option<&str>) -> String {
        self.format.money((amount * 100.0).round() as i64, currency)
    }

    pub(super) fn quoted(&self, name: &str) -> String {
        self.format.quoted(name)
    }

    pub(super) fn or(&self, parts: &[String]) -> String {
        self.format.or(parts)
    }

    pub(super) fn note(&self, note: Note) -> String {
        match note {
            Note::Call => say!(self, ru: "Звонок", en: "Call"),
            Note::Agreed => say!(self, ru: "Договорились", en: "Agreed"),
            Note::Other => say!(self, ru: "Заметка", en: "Note"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_grouped_and_a_time_is_in_hours() {
        let (ru, en) = (
            Say::new(Language::Ru, TimeZone::UTC),
            Say::new(Language::En, TimeZone::UTC),
        );
        assert_eq!(
            ru.money(1_234_567.5, Some("RUB")),
            "1\u{a0}234\u{a0}567,50\u{a0}₽"
        );
        assert_eq!(en.money(-1_600.0, Some("EUR")), "-€1,600");
        assert_eq!(en.money(2_993.33, Some("RUB")), "2,993.33\u{a0}RUB");
        assert_eq!(ru.spent(0), "0 мин");
        assert_eq!(en.spent(125), "2 h 5 min");
        assert_eq!(ru.days(2.5), "2,5 дн");
        assert_eq!(en.month("2026-11"), "11.26");
    }
}
