//! `signalman check` and `signalman schema`.

use super::terminal::line;
use crate::process::calendar::Decreed;
use crate::process::file::{self, Checked, Mistake};
use crate::process::{Mode, Process};
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
}

pub(super) fn run(args: &Check) -> anyhow::Result<ExitCode> {
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
            Ok(ExitCode::SUCCESS)
        }
    }
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
