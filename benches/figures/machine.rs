//! The machine the figures were measured on.

use crate::{OTHER_CORE, SERVER_CORE};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

pub fn described(folder: &Path) -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = after(&cpu, "model name");
    let cores = cpu
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kb: u64 = after(&memory, "MemTotal")
        .trim_end_matches(" kB")
        .parse()
        .unwrap_or(0);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<_> = load.split(' ').take(2).collect();
    let (alone, worst) = fsync(folder);
    let node = said(Command::new("node").arg("--version"));
    let redis = said(Command::new("redis-server").arg("--version"));
    let redis = redis
        .split("v=")
        .nth(1)
        .and_then(|rest| rest.split(' ').next());
    format!(
        "{model}, {cores} cores, {} MB, Linux {}, node {node}, Redis {}. \
         4 KB append with fsync: {alone:.2} ms in the middle, {worst:.2} ms at p99. \
         Load before the run: {}.\n\n\
         The server that is measured has core {SERVER_CORE}, whichever it is; load, practice Trello and relay \
         have core {OTHER_CORE}. Intake and “two processes” have both cores for all.\n",
        kb / 1024,
        kernel.trim(),
        redis.unwrap_or("none"),
        load.join(" and "),
    )
}

fn after<'a>(text: &'a str, key: &str) -> &'a str {
    let line = text.lines().find(|line| line.starts_with(key));
    line.and_then(|line| line.split_once(':'))
        .map_or("unknown", |(_, value)| value.trim())
}

fn said(command: &mut Command) -> String {
    let told = command.output().map(|output| output.stdout);
    String::from_utf8_lossy(&told.unwrap_or_default())
        .trim()
        .to_owned()
}

/// Milliseconds of one append with fsync: the middle, and the worst but one of a hundred.
fn fsync(folder: &Path) -> (f64, f64) {
    let mut file = fs::File::create(folder.join("probe")).unwrap();
    let block = [b'x'; 4096];
    let mut took: Vec<f64> = (0..200)
        .map(|_| {
            let begun = Instant::now();
            file.write_all(&block).unwrap();
            file.sync_all().unwrap();
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    (
        crate::table::share(&mut took, 500),
        crate::table::share(&mut took, 990),
    )
}
