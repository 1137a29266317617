//! The table that is printed and kept.

use std::fmt::Write;

pub struct Table {
    machine: String,
    rows: Vec<Row>,
}

#[derive(Default)]
pub struct Row {
    pub figure: String,
    pub measured: String,
    /// What it is compared with, measured in the same run.
    pub against: String,
    pub ratio: String,
    /// What must be, and whether it is; none where a figure only stands beside another.
    pub wanted: Option<(String, bool)>,
}

impl Table {
    pub fn new(machine: String) -> Self {
        Self {
            machine,
            rows: Vec::new(),
        }
    }

    pub fn add(&mut self, row: Row) {
        eprintln!("  {}", line(&row));
        self.rows.push(row);
    }

    pub fn missed(&self) -> usize {
        let missed = |row: &&Row| matches!(row.wanted, Some((_, false)));
        self.rows.iter().filter(missed).count()
    }

    pub fn text(&self) -> String {
        let mut text = format!("# Figures\n\n{}\n", self.machine);
        text +=
            "| figure | measured | compared with | ratio | wanted | |\n|---|---|---|---|---|---|\n";
        for row in &self.rows {
            let _ = writeln!(text, "{}", line(row));
        }
        text
    }
}

fn line(row: &Row) -> String {
    let (wanted, met) = match &row.wanted {
        Some((wanted, met)) => (wanted.as_str(), if *met { "ok" } else { "MISSED" }),
        None => ("", ""),
    };
    format!(
        "| {} | {} | {} | {} | {wanted} | {met} |",
        row.figure, row.measured, row.against, row.ratio
    )
}

pub fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The value that so many of a thousand stay at or below.
pub fn share(values: &mut [f64], of_thousand: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len() - 1;
    values[(values.len() * of_thousand / 1000).min(last)]
}
