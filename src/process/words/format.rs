//! Dates, plurals, lists and quotes as a language writes them.

use super::{Named, Thing, Todo};
use crate::process::rules::Language;
use icu_plurals::{PluralCategory, PluralRules};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

const DAYS_RU: [&str; 7] = ["пн", "вт", "ср", "чт", "пт", "сб", "вс"];
const DAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// No list in a comment is longer, but in the answer to `/why`.
const LINES: usize = 7;
const LINES_ASKED_FOR: usize = 60;

pub struct Format {
    language: Language,
    zone: TimeZone,
    plurals: Option<PluralRules>,
}

impl Format {
    pub fn new(language: Language, zone: TimeZone) -> Self {
        let locale = match language {
            Language::Ru => icu_locale_core::locale!("ru"),
            Language::En => icu_locale_core::locale!("en"),
        };
        let plurals = PluralRules::try_new_cardinal(locale.into()).ok();
        Self {
            language,
            zone,
            plurals,
        }
    }

    /// A line for each record in an outside place: the place, its number there, its link.
    pub fn records(&self, records: &[(String, String, Option<String>)], number: &str) -> String {
        let line = |(place, id, link): &(String, String, Option<String>)| {
            let link = link.as_ref().map(|link| format!(", {link}"));
            let link = link.unwrap_or_default();
            format!("\n- {}: {number} {id}{link}", self.quoted(place))
        };
        records.iter().map(line).collect()
    }

    /// One, few or many: 1 пункт, 2 пункта, 5 пунктов.
    pub fn plural<'w>(&self, count: usize, [one, few, many]: [&'w str; 3]) -> &'w str {
        match self.plurals.as_ref().map(|rules| rules.category_for(count)) {
            Some(PluralCategory::One) => one,
            Some(PluralCategory::Few) => few,
            _ => many,
        }
    }

    /// «пт 27.11, 15:00», “Fri 27 Nov, 15:00”.
    pub fn instant(&self, at: Timestamp) -> String {
        let civil = self.zone.to_datetime(at);
        let time = format!("{:02}:{:02}", civil.hour(), civil.minute());
        format!("{}, {time}", self.day(civil.date()))
    }

    /// «пт 27.11», “Fri 27 Nov”.
    pub fn day(&self, date: Date) -> String {
        let day = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
        let word = match self.language {
            Language::Ru => DAYS_RU[day],
            Language::En => DAYS_EN[day],
        };
        format!("{word} {}", self.short_day(date))
    }

    /// «27.11», “27 Nov”.
    pub fn short_day(&self, date: Date) -> String {
        match self.language {
            Language::Ru => format!("{:02}.{:02}", date.day(), date.month()),
            Language::En => format!("{} {}", date.day(), month(date.month())),
        }
    }

    /// «12 900 ₽», “€12,900.50”, “12,900 RUB”: whole amounts without hundredths, the sign where a
    /// reader of the language looks for it.
    pub fn money(&self, hundredths: i64, currency: Option<&str>) -> String {
        let (separator, point) = match self.language {
            Language::Ru => ('\u{a0}', ','),
            Language::En => (',', '.'),
        };
        let digits = (hundredths / 100).abs().to_string();
        let mut whole = String::new();
        for (nth, digit) in digits.chars().enumerate() {
            if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
                whole.push(separator);
            }
            whole.push(digit);
        }
        let rest = (hundredths % 100).abs();
        let rest = match rest {
            0 => String::new(),
            rest => format!("{point}{rest:02}"),
        };
        let minus = if hundredths < 0 { "-" } else { "" };
        let amount = format!("{whole}{rest}");
        let sign = match (currency, self.language) {
            (None, _) => return format!("{minus}{amount}"),
            (Some("EUR"), _) => "€",
            (Some("USD"), _) => "$",
            (Some("GBP"), _) => "£",
            (Some("RUB"), Language::Ru) => "₽",
            (Some(other), _) => return format!("{minus}{amount}\u{a0}{other}"),
        };
        match self.language {
            Language::Ru => format!("{minus}{amount}\u{a0}{sign}"),
            Language::En => format!("{minus}{sign}{amount}"),
        }
    }

    /// The hour alone, for something that ends today.
    pub fn hour(&self, at: Timestamp) -> String {
        let civil = self.zone.to_datetime(at);
        format!("{:02}:{:02}", civil.hour(), civil.minute())
    }

    /// From one instant to another, the day once where it is the same.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> String {
        let (first, last) = (self.instant(from), self.instant(to));
        let day = |at: Timestamp| self.zone.to_datetime(at).date();
        let end = if day(from) == day(to) {
            self.hour(to)
        } else {
            last.clone()
        };
        match self.language {
            Language::Ru if first == last => first,
            Language::En if first == last => format!("at {first}"),
            Language::Ru => format!("{first} – {end}"),
            Language::En => format!("between {first} and {end}"),
        }
    }

    /// Quotes within quotes are of the inner kind.
    pub fn quoted(&self, name: &str) -> String {
        match self.language {
            Language::Ru => format!("«{}»", name.replace('«', "„").replace('»', "“")),
            Language::En => format!("“{}”", name.replace('“', "‘").replace('”', "’")),
        }
    }

    /// a, b or c.
    pub fn or(&self, parts: &[String]) -> String {
        let word = match self.language {
            Language::Ru => " или ",
            Language::En => " or ",
        };
        join(parts, word)
    }

    pub fn and(&self, parts: &[String]) -> String {
        let word = match self.language {
            Language::Ru => " и ",
            Language::En => " and ",
        };
        join(parts, word)
    }

    /// The list of what is left, at most seven lines of it.
    pub fn todo(&self, todo: &[Todo], thing: impl Fn(&Self, &Thing) -> String) -> String {
        self.listed(todo, thing, LINES)
    }

    /// All of it, for whoever asked.
    pub fn whole_todo(&self, todo: &[Todo], thing: impl Fn(&Self, &Thing) -> String) -> String {
        self.listed(todo, thing, LINES_ASKED_FOR)
    }

    fn listed(
        &self,
        todo: &[Todo],
        thing: impl Fn(&Self, &Thing) -> String,
        most: usize,
    ) -> String {
        let mut lines: Vec<String> = todo
            .iter()
            .take(most)
            .map(|line| match line.who.as_slice() {
                [] => format!("- {}", thing(self, &line.what)),
                who => format!("- {} — {}", thing(self, &line.what), self.or(who)),
            })
            .collect();
        if todo.len() > most {
            let more = todo.len() - most;
            lines.push(match self.language {
                Language::Ru => format!("- и ещё {more}: /почему"),
                Language::En => format!("- and {more} more: /why"),
            });
        }
        lines.join("\n")
    }
}

/// Any one of these people.
pub fn turn(format: &Format, people: &[Named]) -> String {
    format.or(&called(people))
}

/// All of these people.
pub fn turn_and(format: &Format, people: &[Named]) -> String {
    format.and(&called(people))
}

fn called(people: &[Named]) -> Vec<String> {
    people.iter().map(|one| one.called().to_owned()).collect()
}

/// Whom a sentence speaks to, in front of it: nothing where it speaks to nobody.
pub fn address(people: &str) -> String {
    match people {
        "" => String::new(),
        people => format!("{people}, "),
    }
}

pub fn opening(mover: Option<&Named>) -> String {
    mover.map_or_else(String::new, |mover| address(mover.called()))
}

/// A sentence that speaks to nobody begins with its own first word.
pub fn sentence_start(opening: &str, text: String) -> String {
    match opening {
        "" => sentence_case(&text),
        _ => text,
    }
}

pub fn sentence_case(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}

fn join(parts: &[String], last: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., tail] => format!("{}{last}{tail}", head.join(", ")),
    }
}

fn month(month: i8) -> &'static str {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    usize::try_from(month - 1)
        .ok()
        .and_then(|nth| NAMES.get(nth))
        .copied()
        .unwrap_or("")
}
