//! `signalman check` and `signalman schema`.

use super::connect::{TrelloArgs, board_id, clock};
use super::stored::StoreArgs;
use super::terminal::line;
use crate::attach::{Options, Trouble, plan};
use crate::process::calendar::Decreed;
use crate::process::file::{self, Checked, Mistake};
use crate::process::{Mode, Process};
use crate::trello::BoardPart;
use anyhow::{Context, bail};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Days off before it are nobody's concern any more. Always the same, so that a file has one version.
const FIRST_DAY: jiff::civil::Date = jiff::civil::date(2026, 1, 1);

#[derive(Args)]
pub(super) struct Check {
    /// The process file
    #[arg(default_value = "process.toml")]
    file: PathBuf,
    /// A board on which the people whom the file names are looked for: its address, short link or id
    #[arg(long)]
    board: Option<String>,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    trello: TrelloArgs,
}

pub(super) async fn run(args: &Check) -> anyhow::Result<ExitCode> {
    let name = args.file.display().to_string();
    let text = text(&args.file)?;
    let (text, read) = whole(&args.file, text);
    match read {
        Err(mistakes) => {
            line(file::render_all(&mistakes, &name, &text));
            line(format!(
                "{name}: {} to mend",
                count(mistakes.len(), "mistake")
            ));
            Ok(ExitCode::FAILURE)
        }
        Ok(checked) => {
            if !checked.warnings.is_empty() {
                line(file::render_all(&checked.warnings, &name, &text));
            }
            let process = &checked.process;
            for promise in file::promises(process) {
                line(format!("✓ {promise}"));
            }
            line(exceptions(process));
            if let Some(production) = process.hours.production {
                line(decreed(production.decreed()));
            }
            line(format!(
                "{name}: “{}” is sound, version {}, {}",
                process.name,
                process.version.0,
                count(process.stages.len(), "stage")
            ));
            match &args.board {
                Some(board) => people(args, process, board).await,
                None => Ok(ExitCode::SUCCESS),
            }
        }
    }
}

/// Whether everybody whom the file and the board's roles name is on the board.
async fn people(args: &Check, process: &Process, board: &str) -> anyhow::Result<ExitCode> {
    let (trello, me) = args.trello.connect(clock()).await?;
    let id = board_id(&trello, board).await?;
    let read = trello.board(&id, BoardPart::WithoutCards).await?;
    let store = args.store.existing().await.ok();
    let before = match &store {
        Some(store) => store.board(&id).await?,
        None => None,
    };
    let bound = before.as_ref().map(|record| &record.active.bindings);
    let plan = plan(process, &read, &me, bound, &Options::default());
    let people =
        |one: &&Trouble| matches!(one, Trouble::NotOnBoard { .. } | Trouble::NobodyActs { .. });
    let troubles: Vec<_> = plan.troubles.iter().filter(people).collect();
    for trouble in &troubles {
        line(format!("✗ {trouble}"));
    }
    for left in &plan.left {
        line(format!("✗ {left}"));
    }
    if troubles.is_empty() && plan.left.is_empty() {
        line(format!("✓ everybody is on the board “{}”", read.name));
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

/// The text of a process file, or what to do where there is none.
fn text(path: &Path) -> anyhow::Result<String> {
    let name = path.display();
    if path.is_dir() {
        bail!("{name} is a folder: name the process file in it");
    }
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {name}"))?;
    // Plain letters in UTF-16 are valid UTF-8 with a zero beside each.
    let zeros = bytes.iter().take(4).any(|byte| *byte == 0);
    let text = String::from_utf8(bytes).ok();
    text.filter(|_| !zeros).with_context(|| {
        format!(
            "{name} is not saved as UTF-8: open it in your editor, choose “Save as”, encoding UTF-8"
        )
    })
}

/// The file with the days of the calendars that stand beside it, and what it says.
fn whole(path: &Path, text: String) -> (String, Result<Checked, Vec<Mistake>>) {
    let folder = path.parent().unwrap_or(Path::new(""));
    let calendar = |name: &str| {
        let read = std::fs::read_to_string(folder.join(name));
        read.map_err(|error| format!("cannot read {name}: {error}"))
    };
    match file::with_calendars(&text, FIRST_DAY, calendar) {
        Ok(whole) => {
            let read = file::read(&whole);
            (whole, read)
        }
        Err(mistakes) => (text, Err(mistakes)),
    }
}

/// What the promises do not reach.
fn exceptions(process: &Process) -> String {
    let owner = process
        .role(&process.owner)
        .map_or("owner", |role| &role.name);
    match process.mode {
        Mode::Enforce => format!("  but for what the {owner} lets pass with /allow"),
        Mode::Watch => "  once `mode` is \"enforce\": in watch mode nothing is moved back".into(),
    }
}

/// Which years the working calendar knows: of later ones weekends alone are known to be off.
fn decreed(calendar: &Decreed) -> String {
    let (Some(first), Some(last)) = (calendar.years.first(), calendar.years.last()) else {
        return String::new();
    };
    format!(
        "  working days by the production calendar of {first} to {last} ({}); {} is not decreed yet, and only its weekends are off",
        calendar.source,
        last + 1
    )
}

/// “1 card”, “2 cards”.
pub(super) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

pub(super) fn schema() -> anyhow::Result<()> {
    line(serde_json::to_string_pretty(&file::schema())?);
    Ok(())
}

/// A process file that is to be put in force: read, or every mistake told.
pub(super) fn sound(path: &Path) -> anyhow::Result<(Process, String)> {
    let name = path.display().to_string();
    let text = text(path)?;
    let (text, read) = whole(path, text);
    match read {
        Ok(checked) => Ok((checked.process, text)),
        Err(mistakes) => bail!(
            "nothing was changed, for the file has mistakes:\n{}",
            file::render_all(&mistakes, &name, &text)
        ),
    }
}
