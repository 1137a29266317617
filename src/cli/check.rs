//! `signalman check` and `signalman schema`.

use super::terminal::line;
use crate::process::file;
use anyhow::Context;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
pub(super) struct Check {
    /// The process file
    #[arg(default_value = "process.toml")]
    file: PathBuf,
}

pub(super) fn run(args: &Check) -> anyhow::Result<ExitCode> {
    let name = args.file.display().to_string();
    let text =
        std::fs::read_to_string(&args.file).with_context(|| format!("cannot read {name}"))?;
    match file::read(&text) {
        Err(mistakes) => {
            for mistake in &mistakes {
                line(file::render(mistake, &name, &text));
            }
            line(format!(
                "{name}: {} to mend",
                count(mistakes.len(), "mistake")
            ));
            Ok(ExitCode::FAILURE)
        }
        Ok(checked) => {
            for warning in &checked.warnings {
                line(file::render(warning, &name, &text));
            }
            for promise in file::promises(&checked.process) {
                line(format!("✓ {promise}"));
            }
            let process = &checked.process;
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

/// “1 card”, “2 cards”.
pub(super) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

pub(super) fn schema() -> anyhow::Result<()> {
    line(serde_json::to_string_pretty(&file::schema())?);
    Ok(())
}

/// A process file that is to be put in force: read, or every mistake told.
pub(super) fn sound(path: &std::path::Path) -> anyhow::Result<(crate::process::Process, String)> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    match file::read(&text) {
        Ok(checked) => Ok((checked.process, text)),
        Err(mistakes) => {
            let told: Vec<_> = mistakes
                .iter()
                .map(|mistake| file::render(mistake, &name, &text))
                .collect();
            anyhow::bail!(
                "nothing was changed, for the file has mistakes:\n{}",
                told.join("\n")
            )
        }
    }
}
