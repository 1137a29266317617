//! A sheet as plain text, for a terminal. Pictures are left out: their numbers stand beside them.

use super::{Cell, Entry, Part, Sheet};

/// Wider cells are cut.
const WIDEST: usize = 44;

pub fn text(sheet: &Sheet) -> String {
    let mut page = Page(String::new());
    page.line(&sheet.title);
    if let Some(link) = &sheet.link {
        page.line(link);
    }
    sheet.under.iter().for_each(|line| page.line(line));
    for section in &sheet.sections {
        page.line("");
        page.line(&section.title.to_uppercase());
        section.say.iter().for_each(|line| page.line(line));
        section.parts.iter().for_each(|part| page.part(part));
    }
    page.line("");
    sheet.foot.iter().for_each(|line| page.line(line));
    page.0
}

struct Page(String);

impl Page {
    /// What people typed must not steer a terminal.
    fn line(&mut self, text: &str) {
        let plain = text
            .chars()
            .filter(|sign| *sign == '\n' || !sign.is_control());
        self.0.extend(plain);
        self.0.push('\n');
    }

    fn part(&mut self, part: &Part) {
        match part {
            Part::Heading(text) => self.line(&format!("\n  {text}")),
            Part::Paragraph(text) | Part::Nothing(text) => self.line(&format!("  {text}")),
            Part::Pairs(pairs) => {
                let width = pairs.iter().map(|(name, _)| length(name)).max();
                let width = width.unwrap_or(0).min(WIDEST);
                for (name, value) in pairs {
                    self.line(&format!("  {name:<width$}  {}", inline(value)));
                }
            }
            Part::List(lines) => lines
                .iter()
                .for_each(|line| self.line(&format!("  - {line}"))),
            Part::Entries(entries) => entries.iter().for_each(|entry| self.entry(entry)),
            Part::Table { heads, rows } => self.table(heads, rows),
            Part::Picture(_) => {}
        }
    }

    fn entry(&mut self, entry: &Entry) {
        self.line(&format!("  {}: {}", entry.signed, entry.what));
        for line in entry.text.lines() {
            self.line(&format!("    {line}"));
        }
        for point in &entry.points {
            self.line(&format!("    - {point}"));
        }
    }

    fn table(&mut self, heads: &[String], rows: &[Vec<Cell>]) {
        let heads: Vec<_> = heads.iter().map(Cell::text).collect();
        let rows: Vec<_> = [&heads].into_iter().chain(rows).collect();
        let columns = rows.iter().map(|row| row.len()).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            let widths = cells.map(|cell| length(&cell.text));
            widths.max().unwrap_or(0).min(WIDEST)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in rows {
            let cells = row.iter().zip(&widths).map(|(cell, width)| {
                let text: String = cell.text.chars().take(*width).collect();
                match cell.number {
                    true => format!("{text:>width$}"),
                    false => format!("{text:<width$}"),
                }
            });
            let line = cells.collect::<Vec<_>>().join("  ");
            self.line(&format!("  {}", line.trim_end()));
        }
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}

fn inline(cell: &Cell) -> String {
    match &cell.link {
        Some(link) if *link != cell.text => format!("{} {link}", cell.text),
        _ => cell.text.clone(),
    }
}
