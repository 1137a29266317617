//! `signalman report`: the figures of a board, as a table, as a page to print, as JSON, as rows, as an
//! event log.

use super::connect::{clock, stored_board};
use super::stored::StoreArgs;
use super::terminal::{busy, line, raw};
use crate::engine::walks;
use crate::figures::{Record, csv, table, xes};
use crate::paper;
use crate::process::{Language, file};
use anyhow::Context;
use clap::Args;
use jiff::civil::Date;
use std::path::{Path, PathBuf};

#[derive(Args)]
pub(super) struct Report {
    /// The board: its id or address; - where only one is attached
    #[arg(default_value = "-")]
    board: String,
    /// Count what ended, or was refused, from this day on, such as 2026-01-01. Default: 90 days back
    #[arg(long)]
    since: Option<Date>,
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
    let since = args.since.and_then(|day| process.begins(day));
    let back = jiff::SignedDuration::from_hours(DAYS_BACK * 24);
    let since = since.unwrap_or_else(|| now.saturating_sub(back).unwrap_or(now));
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
