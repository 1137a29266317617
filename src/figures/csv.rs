//! The walks as a table, a row for each stay: by RFC 4180, in UTF-8 with the mark by which spreadsheets
//! know it. People are not in it.

use super::{Record, Stay, Until, Walk};
use crate::process::{Hours, Process, calendar};
use ::csv::{Terminator, WriterBuilder};

const COLUMNS: [&str; 14] = [
    "card_id",
    "card",
    "stage_key",
    "stage",
    "phase",
    "way_in",
    "entered_at",
    "entry_seen",
    "left_at",
    "here_now",
    "working_minutes",
    "calendar_days",
    "refusals_before",
    "waiting_minutes",
];

/// The stays that lasted into the time asked for.
pub fn rows(record: &Record<'_>) -> String {
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(&mut bytes);
    let mut put = |row: &[String]| writer.write_record(row).is_ok();
    put(&COLUMNS.map(str::to_owned));
    for walk in record.walks {
        for nth in 0..walk.stays.len() {
            if walk.stays[nth]
                .left()
                .is_none_or(|left| left >= record.since)
            {
                put(&row(record, walk, nth));
            }
        }
    }
    drop(writer);
    String::from_utf8(bytes).unwrap_or_default()
}

fn row(record: &Record<'_>, walk: &Walk, nth: usize) -> [String; 14] {
    let (process, stay) = (record.process, &walk.stays[nth]);
    let here = stay.until == Until::Now;
    let end = stay.left().or(here.then_some(record.now));
    let span = stay.entered().zip(end);
    let hours = hours_of(process, stay);
    let worked = span
        .map(|(from, to)| calendar::working_between(hours, &process.time_zone, from, to).as_mins());
    let days = span.map(|(from, to)| to.duration_since(from).as_secs_f64() / 86_400.0);
    let phase = process.stage(&stay.stage).and_then(|stage| stage.phase);
    let before = walk.refusals.iter().filter(|refusal| {
        let since = nth.checked_sub(1).and_then(|last| walk.stays[last].since);
        let after = since.is_none_or(|since| refusal.at >= since);
        refusal.gate == stay.stage && after && stay.since.is_some_and(|in_| refusal.at <= in_)
    });
    [
        text(walk.card.as_str()),
        text(&walk.name),
        text(stay.stage.as_str()),
        text(&process.stage_name(&stay.stage)),
        phase.map_or_else(String::new, |phase| format!("{phase:?}").to_lowercase()),
        stay.way.word().to_owned(),
        stay.since
            .map_or_else(String::new, |since| format!("{since:.0}")),
        stay.exact.to_string(),
        stay.left()
            .map_or_else(String::new, |left| format!("{left:.0}")),
        here.to_string(),
        worked.map_or_else(String::new, |minutes| minutes.to_string()),
        days.map_or_else(String::new, |days| format!("{days:.2}")),
        before
            .filter(|refusal| !refusal.watched)
            .count()
            .to_string(),
        stay.entered()
            .map_or_else(String::new, |_| waiting(record, stay).to_string()),
    ]
}

/// Those of the role whose stage it is.
fn hours_of<'p>(process: &'p Process, stay: &Stay) -> &'p Hours {
    let stage = process.stage(&stay.stage);
    stage.map_or(&process.hours, |stage| process.hours_of_role(&stage.owner))
}

/// How many minutes of the stage's working time it waited for somebody outside.
pub(super) fn waiting(record: &Record<'_>, stay: &Stay) -> i64 {
    let process = record.process;
    let hours = hours_of(process, stay);
    let waited = stay.pauses(record.now).into_iter();
    let worked = waited.map(|(from, until)| {
        calendar::working_between(hours, &process.time_zone, from, until).as_secs()
    });
    worked.sum::<i64>() / 60
}

/// A spreadsheet takes for a formula what begins like one; whoever names a card must not write formulas
/// into somebody's accounts.
fn text(value: &str) -> String {
    match value.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{value}"),
        _ => value.to_owned(),
    }
}
