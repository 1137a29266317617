//! The table of figures: what the service costs, each figure measured in one run with what it is
//! compared with. The service runs as its own process, built as it ships; the practice Trello and
//! the load stand in this one. `make bench` runs all; names after `--` choose some. Never a figure
//! without its circumstances, and never one that was not measured in this run.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    unreachable_pub,
    reason = "a measuring program: it reads the clock, speaks to a terminal and ends at the first surprise"
)]

mod body;
mod child;
mod intake;
mod latency;
mod load;
mod machine;
mod memory;
mod mould;
mod pair;
mod relay;
mod requests;
mod stage;
mod start;
mod stub;
mod table;

use std::path::Path;
use std::process::ExitCode;
use table::Table;

/// Where the server that is measured runs, and where everything else does.
pub const SERVER_CORE: &str = "0";
pub const OTHER_CORE: &str = "1";

const FIGURES: [&str; 6] = ["intake", "latency", "requests", "memory", "start", "pair"];

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with('-'))
        .collect();
    if let Some(unknown) = asked.iter().find(|one| !FIGURES.contains(&one.as_str())) {
        eprintln!("no figure {unknown}; there are {}", FIGURES.join(", "));
        return ExitCode::FAILURE;
    }
    let target = Path::new(env!("CARGO_BIN_EXE_signalman"))
        .ancestors()
        .nth(2)
        .unwrap()
        .to_owned();
    let folder = tempfile::Builder::new()
        .prefix("figures")
        .tempdir_in(&target)
        .unwrap();
    let mut table = Table::new(machine::described(folder.path()));
    child::stand_on(OTHER_CORE);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for name in FIGURES {
        if !asked.is_empty() && !asked.iter().any(|one| one == name) {
            continue;
        }
        eprintln!("measuring {name}");
        let own = folder.path().join(name);
        std::fs::create_dir(&own).unwrap();
        runtime.block_on(async {
            match name {
                "intake" => intake::measure(&own, &mut table).await,
                "latency" => latency::measure(&own, &mut table).await,
                "requests" => requests::measure(&own, &mut table).await,
                "memory" => memory::measure(&own, &mut table).await,
                "start" => start::measure(&own, &mut table).await,
                _ => pair::measure(&own, &mut table).await,
            }
        });
        std::fs::remove_dir_all(&own).unwrap();
    }
    let text = table.text();
    println!("{text}");
    std::fs::write(target.join("bench.md"), text).unwrap();
    if table.missed() > 0 {
        eprintln!("{} of the figures wanted are missed", table.missed());
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
