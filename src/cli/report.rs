//! `signalman report`: the figures of a board, as a table, as a page to print, as JSON, as rows, as an
//! event log.

use super::connect::{clock, stored_board};
use super::stored::StoreArgs;
use super::terminal::{busy, line, raw};
use crate::engine::walks;
use crate::figures::{Record, csv, table, xes};
use crate::paper;
use crate::process::{Language, Process, file};
use anyhow::{Context, bail};
use clap::Args;
use jiff::{Timestamp, ToSpan, civil::Date};
use std::path::{Path, PathBuf};

#[derive(Args)]
pub(super) struct Report {
    /// The board: its id or address; - where only one is attached
    #[arg(default_value = "-")]
    board: String,
    /// Count what ended, or was refused, from this day on, such as 2026-01-31, 31.01.2026 or yesterday. Default: 90 days back
    #[arg(long, value_name = "DAY", value_parser = day)]
    since: Option<Day>,
    /// A row for each stay of each card, for a spreadsheet
    #[arg(long, conflicts_with_all = ["json", "xes", "html"])]
    csv: bool,
    /// Every figure with what it means
    #[arg(long, conflicts_with_all = ["xes", "html"])]
    json: bool,
    /// An event log for process mining (XES, IEEE 1849)
    #[arg(long, conflicts_with = "html")]
    xes: bool,
    /// Write one page to print, with charts, into this file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Language of the sentences: ru or en. Default: the process's
    #[arg(long, value_parser = language)]
    lang: Option<Language>,
    #[command(flatten)]
    store: StoreArgs,
}

const DAYS_BACK: i64 = 90;

/// A day as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Day {
    On(Date),
    /// So many days before today.
    Back(i32),
}

fn day(text: &str) -> Result<Day, String> {
    match text.trim().to_lowercase().as_str() {
        "today" | "сегодня" => return Ok(Day::Back(0)),
        "yesterday" | "вчера" => return Ok(Day::Back(1)),
        _ => {}
    }
    let written = text.trim();
    let read = written.parse::<Date>();
    let read = read.or_else(|_| Date::strptime("%d.%m.%Y", written));
    read.map(Day::On).map_err(|_| {
        "write the day as 2026-01-31 or 31.01.2026; yesterday is understood, too".to_owned()
    })
}

impl Day {
    /// When it began; a day that is still to come has nothing to count.
    fn begins(self, process: &Process, now: Timestamp) -> anyhow::Result<Timestamp> {
        let today = process.today(now);
        let day = match self {
            Self::On(day) => day,
            Self::Back(days) => today.saturating_sub(days.days()),
        };
        if day > today {
            bail!(
                "nothing has ended since {day}: that day is still to come, today is {today}; write an earlier day after --since"
            );
        }
        process
            .begins(day)
            .with_context(|| format!("{day} is no day that can be counted from"))
    }
}

pub(super) fn language(text: &str) -> Result<Language, String> {
    match text {
        "ru" => Ok(Language::Ru),
        "en" => Ok(Language::En),
        _ => Err("write ru or en".to_owned()),
    }
}

pub(super) async fn run(args: Report) -> anyhow::Result<()> {
    let store = args.store.existing().await?;
    let board = stored_board(&*store, &args.board).await?;
    let record = store.board(&board).await?;
    let record = record.context("no process is in force on this board")?;
    let process =
        file::in_force(&record.active.text).context("the process in force cannot be read")?;
    let now = clock()();
    let back = jiff::SignedDuration::from_hours(DAYS_BACK * 24);
    let since = match args.since {
        Some(day) => day.begins(&process, now)?,
        None => now.saturating_sub(back).unwrap_or(now),
    };
    let reading = busy("reading the history");
    let (walks, unread) = walks(&*store, &board, &process).await?;
    reading.finish_and_clear();
    let record = Record {
        process: &process,
        bindings: &record.active.bindings,
        walks: &walks,
        unread,
        since,
        now,
        language: args.lang.unwrap_or(process.language),
    };
    if let Some(path) = &args.html {
        let sheet = paper::report::sheet(&record.figures(), process.time_zone.clone());
        return written(path, &paper::html(&sheet));
    }
    raw(&match () {
        () if args.csv => csv::rows(&record),
        () if args.xes => xes::log(&record) + "\n",
        () if args.json => serde_json::to_string_pretty(&record.figures())? + "\n",
        () => table::print(&record.figures()),
    });
    Ok(())
}

/// A page of the board's, in a file that only its owner reads; beside it and then in its place.
pub(super) fn written(path: &Path, page: &str) -> anyhow::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(folder)
        .with_context(|| format!("cannot write into {}", folder.display()))?;
    std::io::Write::write_all(&mut file, page.as_bytes())?;
    file.persist(path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    line(format!(
        "{} is written: open it and print it.",
        path.display()
    ));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_is_read_as_people_write_it() {
        for text in ["2026-11-01", "01.11.2026", " 1.11.2026 "] {
            assert_eq!(day(text), Ok(Day::On(date(2026, 11, 1))), "{text}");
        }
        for text in ["yesterday", "Вчера"] {
            assert_eq!(day(text), Ok(Day::Back(1)), "{text}");
        }
        assert_eq!(day("сегодня"), Ok(Day::Back(0)));
        for text in ["", "soon", "31.02.2026", "11/01/2026"] {
            let told = day(text).unwrap_err();
            assert!(told.contains("2026-01-31"), "{text}: {told}");
        }
    }

    #[test]
    fn a_day_to_come_is_no_day_to_count_from() {
        let process = file::read(include_str!("../figures/tests/process.toml"));
        let process = process.unwrap().process;
        let now = "2026-11-26T12:00:00Z".parse().unwrap();
        let begins = |day: Day| day.begins(&process, now);
        let told = begins(Day::On(date(2026, 11, 27))).unwrap_err().to_string();
        assert!(told.contains("still to come"), "{told}");
        let yesterday = "2026-11-24T21:00:00Z".parse().unwrap();
        assert_eq!(begins(Day::Back(1)).unwrap(), yesterday);
        assert!(begins(Day::On(date(2026, 11, 26))).is_ok());
    }
}
