//! `calendar = "holidays.ics"`: the days off of a file that stands beside the process file are put into
//! the text, so that what is in force is one text and needs no other. Reading that file is the caller's.

use super::mistake::Mistake;
use crate::process::calendar::days_off;
use jiff::civil::Date;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The text with the days of every calendar that it names by a file. `read` gives that file's text, or
/// says why it cannot; days before `since` are left out.
pub fn with_calendars(
    text: &str,
    since: Date,
    mut read: impl FnMut(&str) -> Result<String, String>,
) -> Result<String, Vec<Mistake>> {
    let Ok(tree) = DeTable::parse(text) else {
        return Ok(text.to_owned()); // what is wrong with it is told where it is read
    };
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut mistakes = Vec::new();
    for hours in hours(tree.get_ref()) {
        let Some((place, name)) = calendar(hours) else {
            continue;
        };
        let days = match read(name) {
            Ok(calendar) => days_off(&calendar, since),
            Err(why) => {
                let mend = "put it beside the process file, or name the days in `off`";
                mistakes.push(Mistake::error(place, why, mend));
                continue;
            }
        };
        if days.is_empty() {
            let what = format!("{name} names no day off from {since} on");
            let mend = "take a calendar of this year and the next, in iCalendar's form";
            mistakes.push(Mistake::error(place, what, mend));
            continue;
        }
        match put(text, hours, place.clone(), name, &days) {
            Some(more) => edits.extend(more),
            None => {
                let what = "there is `off` beside the calendar's file";
                let mend = "write these hours as a table of their own, a line for each key";
                mistakes.push(Mistake::error(place, what, mend));
            }
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut text = text.to_owned();
    for (range, new) in edits {
        text.replace_range(range, &new);
    }
    Ok(text)
}

type Hours<'t> = &'t Spanned<DeValue<'t>>;

/// Of the board, of roles, of persons.
fn hours<'t>(root: &'t DeTable<'t>) -> Vec<Hours<'t>> {
    let of = |key: &str| -> Vec<Hours<'t>> {
        match get(root, key).map(|(_, value)| value.get_ref()) {
            Some(DeValue::Array(all)) => all
                .iter()
                .filter_map(|one| match one.get_ref() {
                    DeValue::Table(table) => get(table, "hours").map(|(_, value)| value),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    };
    let board = get(root, "hours").map(|(_, value)| value);
    board
        .into_iter()
        .chain(of("role"))
        .chain(of("person"))
        .collect()
}

fn get<'t>(table: &'t DeTable<'t>, key: &str) -> Option<(Range<usize>, &'t Spanned<DeValue<'t>>)> {
    let mut entries = table.iter();
    let (key, value) = entries.find(|(have, _)| have.get_ref() == key)?;
    Some((key.span(), value))
}

/// Where `calendar = "….ics"` stands, and the file's name.
fn calendar<'t>(hours: Hours<'t>) -> Option<(Range<usize>, &'t str)> {
    let DeValue::Table(table) = hours.get_ref() else {
        return None;
    };
    let (key, value) = get(table, "calendar")?;
    let DeValue::String(name) = value.get_ref() else {
        return None;
    };
    let is_file = name.to_lowercase().ends_with(".ics");
    is_file.then(|| (key.start..value.span().end, name.as_ref()))
}

/// The days go before those that are there already; none where there is no room for the remark.
fn put(
    text: &str,
    hours: Hours<'_>,
    place: Range<usize>,
    name: &str,
    days: &[Date],
) -> Option<Vec<(Range<usize>, String)>> {
    let DeValue::Table(table) = hours.get_ref() else {
        return None;
    };
    let days: Vec<String> = days.iter().map(|day| format!("\"{day}\"")).collect();
    let days = days.join(", ");
    let inline = text
        .get(hours.span())
        .is_some_and(|own| own.starts_with('{'));
    let Some((_, off)) = get(table, "off") else {
        let remark = if inline {
            String::new()
        } else {
            format!(" # {name}")
        };
        return Some(vec![(place, format!("off = [{days}]{remark}"))]);
    };
    let DeValue::Array(there) = off.get_ref() else {
        return None;
    };
    let begins = off.span().start + 1;
    let more = if there.is_empty() { "" } else { ", " };
    (!inline).then(|| {
        let remark = format!("# {name} is read into `off`");
        vec![(place, remark), (begins..begins, format!("{days}{more}"))]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const ICS: &str = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20270103\nEND:VEVENT\n";

    fn expanded(text: &str) -> Result<String, Vec<Mistake>> {
        with_calendars(text, date(2026, 11, 1), |name| match name {
            "days.ics" => Ok(ICS.to_owned()),
            name => Err(format!("cannot read {name}")),
        })
    }

    #[test]
    fn the_days_stand_in_the_text() {
        let text = "[hours]\ncalendar = \"days.ics\" # ours\nfrom = \"10:00\"\n";
        let wanted = "[hours]\noff = [\"2027-01-03\"] # days.ics # ours\nfrom = \"10:00\"\n";
        assert_eq!(expanded(text).unwrap(), wanted);
        let text = "[hours]\noff = [\"2027-03-01\"]\ncalendar = \"days.ics\"\n";
        let wanted =
            "[hours]\noff = [\"2027-01-03\", \"2027-03-01\"]\n# days.ics is read into `off`\n";
        assert_eq!(expanded(text).unwrap(), wanted);
        let text = "[[person]]\nhours = { calendar = \"days.ics\", from = \"10:00\" }\n";
        let wanted = "[[person]]\nhours = { off = [\"2027-01-03\"], from = \"10:00\" }\n";
        assert_eq!(expanded(text).unwrap(), wanted);
        for other in ["[hours]\ncalendar = \"ru\"\n", "name = \"x\"\n", "no toml"] {
            assert_eq!(expanded(other).unwrap(), other);
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_told_of() {
        let told = expanded("[hours]\ncalendar = \"gone.ics\"\n").unwrap_err();
        assert_eq!(told[0].what, "cannot read gone.ics");
        assert_eq!(told[0].span, 8..29);
    }
}
