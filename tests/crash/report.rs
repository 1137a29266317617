//! What is printed and kept of the runs: a table that can be read as it is.

use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

#[derive(Clone)]
pub struct Row {
    pub world: &'static str,
    pub kills: u32,
    pub freezes: usize,
    pub rolls: usize,
    pub acts: usize,
    pub refusals: usize,
    pub comments: usize,
    pub faults: usize,
    pub seconds: u64,
    pub seed: u64,
    pub sound: bool,
}

const HEAD: &str = "\
| world | kills | freezes | replaced | acts of people | refusals | comments | faults struck | seconds | seed | verdict |
|---|---|---|---|---|---|---|---|---|---|---|
";

static ROWS: Mutex<Vec<Row>> = Mutex::new(Vec::new());

/// Adds a run to the table; the table is written anew each time.
pub fn add(row: Row) {
    let mut rows = ROWS.lock().unwrap();
    let line = told(&row);
    say(&line);
    rows.push(row);
    let table: String = rows.iter().map(told).collect();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    std::fs::write(target.join("crash.md"), format!("{HEAD}{table}")).unwrap();
}

/// Past the test harness, which shows nothing of a test that goes well.
pub fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn told(row: &Row) -> String {
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
        row.world,
        row.kills,
        row.freezes,
        row.rolls,
        row.acts,
        row.refusals,
        row.comments,
        row.faults,
        row.seconds,
        row.seed,
        if row.sound { "sound" } else { "**broken**" },
    )
}
