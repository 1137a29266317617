//! A sheet of an XLSX workbook. Of the whole workbook only the cells that change are written anew, in
//! the text of their sheet: formulas, styles, other sheets and charts are copied as they are.

mod part;

use super::super::Outcome;
use super::plan::{Cell, Edit, Grid, serial};
use super::refused;
use part::{Package, spliced, tag_end};
use roxmltree::Node;
use std::fmt::Write;
use std::ops::Range;

const MOST_COLUMNS: usize = 16_384;
const MOST_CELLS: usize = 4_000_000;

pub(super) struct Xlsx {
    package: Package,
    /// What the sheet's elements have before their names.
    prefix: String,
    rows: Vec<RowAt>,
    data: Element,
    dimension: Option<Range<usize>>,
    merged: Vec<[(usize, usize); 2]>,
    protected: bool,
    grid: Grid,
}

/// Where an element stands in the text.
struct Element {
    range: Range<usize>,
    /// Where what is in it ends; none: it is empty and closes itself.
    inner_end: Option<usize>,
}

struct RowAt {
    element: Element,
    number: usize,
    spans: Option<Range<usize>>,
    cells: Vec<CellAt>,
}

struct CellAt {
    column: usize,
    range: Range<usize>,
    style: Option<String>,
    formula: bool,
}

impl Xlsx {
    pub(super) fn read(bytes: Vec<u8>, sheet: Option<&str>) -> Result<Self, Outcome> {
        let package = Package::read(bytes, sheet)?;
        let text = &package.sheet;
        let document = part::parsed(text)?;
        let root = document.root_element();
        let child = |name: &str| root.children().find(|node| node.tag_name().name() == name);
        let Some(data) = child("sheetData") else {
            return Err(refused("the sheet has no rows to write in: is it a chart?"));
        };
        let name = &text[data.range().start + 1..];
        let prefix = name
            .split_once("sheetData")
            .map_or("", |(prefix, _)| prefix);
        let merged = child("mergeCells").map(|merged| {
            let areas = merged.children().filter_map(|area| area.attribute("ref"));
            areas.filter_map(area).collect()
        });
        let protection = child("sheetProtection");
        let protected = protection.and_then(|node| node.attribute("sheet"));
        let dimension = child("dimension").and_then(|node| node.attribute_node("ref"));
        let (rows, grid) = rows(text, data, &package.strings)?;
        Ok(Self {
            prefix: prefix.to_owned(),
            data: element(text, data),
            dimension: dimension.map(|attribute| attribute.range()),
            merged: merged.unwrap_or_default(),
            protected: protected.is_some_and(|value| ["1", "true"].contains(&value)),
            rows,
            grid,
            package,
        })
    }

    pub(super) fn grid(&self) -> &Grid {
        &self.grid
    }

    pub(super) fn with(&self, edits: &[Edit]) -> Result<Vec<u8>, Outcome> {
        if self.protected {
            return Err(refused("the sheet is protected against changes"));
        }
        let mut edits: Vec<_> = edits.iter().collect();
        edits.sort_by_key(|edit| (edit.row, edit.column));
        let (mut changes, mut new) = (Vec::new(), String::new());
        let mut last = (0, 0);
        for same in edits.chunk_by(|one, other| one.row == other.row) {
            let Some(first) = same.first() else { continue };
            let number = self.number(first.row);
            for edit in same {
                self.writable(edit, number)?;
                last = (last.0.max(edit.column), last.1.max(number));
            }
            match self.rows.get(first.row) {
                Some(row) => self.changed(row, same, &mut changes),
                None => {
                    let prefix = &self.prefix;
                    let _ = write!(new, "<{prefix}row r=\"{number}\">");
                    same.iter().for_each(|edit| new += &self.cell(edit, number));
                    let _ = write!(new, "</{prefix}row>");
                }
            }
        }
        if !new.is_empty() {
            self.fill(&self.data, "sheetData", new, &mut changes);
        }
        if let Some(range) = &self.dimension {
            let wide = self.grid.rows.iter().map(Vec::len).max().unwrap_or(0);
            let column = letters(last.0.max(wide.saturating_sub(1)));
            let row = self.rows.last().map_or(0, |row| row.number).max(last.1);
            changes.push((range.clone(), format!("ref=\"A1:{column}{row}\"")));
        }
        self.package.with(&spliced(&self.package.sheet, changes))
    }

    fn number(&self, row: usize) -> usize {
        match self.rows.get(row) {
            Some(row) => row.number,
            None => {
                let last = self.rows.last().map_or(0, |row| row.number);
                last + 1 + row.saturating_sub(self.rows.len())
            }
        }
    }

    /// What somebody reckons, or has drawn over several cells, is not written over.
    fn writable(&self, edit: &Edit, number: usize) -> Result<(), Outcome> {
        let name = format!("{}{number}", letters(edit.column));
        if edit.column >= MOST_COLUMNS {
            return Err(refused("the sheet has no room for another column"));
        }
        let at = (edit.column, number);
        let hidden = |[from, to]: &[(usize, usize); 2]| {
            (from.0..=to.0).contains(&at.0) && (from.1..=to.1).contains(&at.1) && *from != at
        };
        if self.merged.iter().any(hidden) {
            return Err(refused(format!("the cell {name} is merged with others")));
        }
        let cells = self.rows.get(edit.row).map_or(&[][..], |row| &row.cells);
        let formula = cells
            .iter()
            .any(|cell| cell.column == edit.column && cell.formula);
        match formula {
            true => Err(refused(format!("the cell {name} holds a formula"))),
            false => Ok(()),
        }
    }

    fn changed(&self, row: &RowAt, edits: &[&Edit], changes: &mut Vec<(Range<usize>, String)>) {
        let mut inside = String::new();
        for edit in edits {
            let cell = self.cell(edit, row.number);
            let next = row.cells.iter().find(|cell| cell.column >= edit.column);
            match next {
                Some(stands) if stands.column == edit.column => {
                    changes.push((stands.range.clone(), cell));
                }
                Some(next) => changes.push((next.range.start..next.range.start, cell)),
                None => inside += &cell,
            }
        }
        if let Some(spans) = &row.spans {
            changes.push((spans.clone(), String::new()));
        }
        if !inside.is_empty() {
            self.fill(&row.element, "row", inside, changes);
        }
    }

    /// Puts text at the end of an element.
    fn fill(
        &self,
        at: &Element,
        name: &str,
        what: String,
        changes: &mut Vec<(Range<usize>, String)>,
    ) {
        match at.inner_end {
            Some(end) => changes.push((end..end, what)),
            // Its end is `/>`.
            None => {
                let end = at.range.end - 2..at.range.end;
                changes.push((end, format!(">{what}</{}{name}>", self.prefix)));
            }
        }
    }

    fn cell(&self, edit: &Edit, number: usize) -> String {
        let (prefix, name) = (&self.prefix, letters(edit.column));
        let mut xml = format!("<{prefix}c r=\"{name}{number}\"");
        if let Some(style) = self.style(edit) {
            let _ = write!(xml, " s=\"{}\"", escaped(&style));
        }
        let day = self
            .counts_days(edit)
            .then(|| serial(&edit.value))
            .flatten();
        let value = day.map_or_else(|| escaped(&edit.value), |day| day.to_string());
        let _ = match edit.amount || day.is_some() {
            true => write!(xml, "><{prefix}v>{value}</{prefix}v></{prefix}c>"),
            false => write!(
                xml,
                " t=\"inlineStr\"><{prefix}is><{prefix}t xml:space=\"preserve\">{value}</{prefix}t></{prefix}is></{prefix}c>"
            ),
        };
        xml
    }

    /// Whether people have days as numbers there: in this cell, or in the one above.
    fn counts_days(&self, edit: &Edit) -> bool {
        let number = |row: usize| {
            let cell = self.grid.rows.get(row)?.get(edit.column)?;
            (!cell.text.is_empty()).then_some(cell.number)
        };
        let above = || {
            number(
                edit.row
                    .checked_sub(1)
                    .filter(|above| *above > edit.header)?,
            )
        };
        !self.package.since_1904 && number(edit.row).or_else(above) == Some(true)
    }

    /// Its own; or that of the cell above, for a name of a column that of the one before.
    fn style(&self, edit: &Edit) -> Option<String> {
        let of = |row: &RowAt, column: usize| {
            let cell = row.cells.iter().find(|cell| cell.column == column);
            cell.and_then(|cell| cell.style.clone())
        };
        let own = self.rows.get(edit.row);
        if let Some(cell) =
            own.and_then(|row| row.cells.iter().find(|cell| cell.column == edit.column))
        {
            return cell.style.clone();
        }
        if edit.names_a_column() {
            let before = own?.cells.iter().rfind(|cell| cell.column < edit.column);
            return before.and_then(|cell| cell.style.clone());
        }
        let above = edit
            .row
            .checked_sub(1)
            .filter(|above| *above > edit.header)?;
        of(self.rows.get(above)?, edit.column)
    }
}

fn rows(text: &str, data: Node<'_, '_>, strings: &[String]) -> Result<(Vec<RowAt>, Grid), Outcome> {
    let (mut rows, mut grid, mut all) = (Vec::new(), Grid::default(), 0);
    let mut number = 0;
    for node in data
        .children()
        .filter(|node| node.tag_name().name() == "row")
    {
        let told = node.attribute("r").and_then(|r| r.parse().ok());
        number = told.unwrap_or(number + 1);
        let (mut cells, mut texts, mut column) = (Vec::new(), Vec::new(), 0);
        for cell in node.children().filter(|node| node.tag_name().name() == "c") {
            let told = cell.attribute("r").and_then(place);
            column = told.map_or(column, |(column, _)| column);
            let part = |name: &str| cell.children().find(|node| node.tag_name().name() == name);
            let value = part("v").and_then(|node| node.text()).unwrap_or_default();
            let kind = cell.attribute("t").unwrap_or("n");
            let read = match kind {
                "s" => value
                    .parse()
                    .ok()
                    .and_then(|nth: usize| strings.get(nth))
                    .cloned(),
                "inlineStr" => part("is").map(part::string),
                _ => Some(value.to_owned()),
            };
            let (read, formula) = (read.unwrap_or_default(), part("f").is_some());
            if column < MOST_COLUMNS && (!read.is_empty() || formula) {
                texts.resize(texts.len().max(column + 1), Cell::default());
                texts[column] = Cell {
                    text: read,
                    number: kind == "n",
                };
            }
            cells.push(CellAt {
                column,
                range: cell.range(),
                style: cell.attribute("s").map(str::to_owned),
                formula,
            });
            column += 1;
        }
        all += texts.len() + cells.len();
        if all > MOST_CELLS {
            return Err(refused(
                "the sheet has more cells than can be looked through",
            ));
        }
        grid.rows.push(texts);
        grid.numbers.push(number);
        rows.push(RowAt {
            element: element(text, node),
            number,
            spans: node.attribute_node("spans").map(|spans| spans.range()),
            cells,
        });
    }
    Ok((rows, grid))
}

fn element(text: &str, node: Node<'_, '_>) -> Element {
    let range = node.range();
    let opened = tag_end(text, range.start);
    let inner_end = match text[..opened].ends_with("/>") {
        true => None,
        false => text[..range.end].rfind("</"),
    };
    Element { range, inner_end }
}

/// A column as spreadsheets count: A, B … Z, AA.
fn letters(column: usize) -> String {
    let (mut name, mut left) = (Vec::new(), column + 1);
    while left > 0 {
        left -= 1;
        name.push(char::from(
            b'A' + u8::try_from(left % 26).unwrap_or_default(),
        ));
        left /= 26;
    }
    name.iter().rev().collect()
}

/// `B5`: its column from 0, its row from 1.
fn place(name: &str) -> Option<(usize, usize)> {
    let digits = name.find(|one: char| one.is_ascii_digit())?;
    let (letters, row) = name.split_at(digits);
    if letters.is_empty()
        || letters.len() > 3
        || !letters.bytes().all(|one| one.is_ascii_uppercase())
    {
        return None;
    }
    let column = letters
        .bytes()
        .fold(0, |sum, one| sum * 26 + usize::from(one - b'A') + 1);
    Some((column - 1, row.parse().ok()?))
}

fn area(name: &str) -> Option<[(usize, usize); 2]> {
    let (from, to) = name.split_once(':')?;
    Some([place(from)?, place(to)?])
}

/// Without what XML has no letters for.
fn escaped(text: &str) -> String {
    let mut xml = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\r' => xml.push_str("&#13;"),
            '\t' | '\n' => xml.push(one),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => xml.push(one),
        }
    }
    xml
}
