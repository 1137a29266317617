//! The terminal: lines out, one question, a progress bar where somebody looks on, the log.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::{BufRead, IsTerminal, Write, stdin, stdout};
use std::process::ExitCode;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::{EnvFilter, fmt};

/// A line on standard output. A closed pipe ends the program quietly, as it should.
pub(super) fn line(text: impl AsRef<str>) {
    if writeln!(stdout(), "{}", text.as_ref()).is_err() {
        std::process::exit(0);
    }
}

/// Text that brings its own line ends.
pub(super) fn raw(text: &str) {
    if stdout().write_all(text.as_bytes()).is_err() {
        std::process::exit(0);
    }
}

pub(super) fn failed(error: &anyhow::Error) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "signalman: {error:#}");
    ExitCode::FAILURE
}

/// Yes only when somebody typed it.
pub(super) fn agreed(question: &str, already: bool) -> anyhow::Result<bool> {
    if already {
        return Ok(true);
    }
    if !stdin().is_terminal() {
        anyhow::bail!(
            "nothing was changed: nobody is at the terminal to answer. Add --yes to go on"
        );
    }
    let _ = write!(stdout(), "{question} [y/N] ");
    let _ = stdout().flush();
    let mut answer = String::new();
    let _ = stdin().lock().read_line(&mut answer);
    let answer = answer.trim().to_lowercase();
    Ok(matches!(answer.as_str(), "y" | "yes" | "д" | "да"))
}

pub(super) fn progress(steps: usize, what: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() || steps == 0 {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(steps as u64).with_message(what.to_owned());
    let style = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// For work whose length nobody knows: reading a board may take many requests.
pub(super) fn busy(what: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let spinner = ProgressBar::new_spinner().with_message(what.to_owned());
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

/// The log goes to standard error; `RUST_LOG` chooses what, `LOG_JSON` how.
pub(super) fn log(default: &str, json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let log = fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    let _ = if json {
        log.json().try_init()
    } else {
        log.try_init()
    };
}

/// Waits for SIGTERM or Ctrl-C.
pub(super) async fn until_told(stop: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut term) => {
            tokio::select! {
                _ = term.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
    stop.cancel();
}
