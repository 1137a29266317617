//! What of a table has to be written so that a client stands there, whatever kind of file it is.

use super::super::Outcome;
use super::refused;
use crate::model::Status;
use crate::process::target::Client;
use jiff::civil::{Date, date};

/// A title and a note may stand above the names of the columns.
const ROWS_ABOVE: usize = 20;
/// What a spreadsheet has room for in a cell.
const CELL_CHARS: usize = 32_767;

pub(super) struct Names {
    pub(super) id: String,
    pub(super) status: String,
    /// In the order of the process file, and whether it is an amount.
    pub(super) put: Vec<(String, bool)>,
}

impl Names {
    fn all(&self) -> impl Iterator<Item = &str> {
        let put = self.put.iter().map(|(name, _)| name.as_str());
        put.chain([self.status.as_str(), self.id.as_str()])
    }

    /// How many of the columns a row names.
    pub(super) fn hits(&self, row: &[Cell]) -> usize {
        let named = |name: &&str| row.iter().any(|cell| cell.text.trim() == *name);
        self.all().filter(named).count()
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) number: bool,
}

#[derive(Debug, Default)]
pub(super) struct Grid {
    pub(super) rows: Vec<Vec<Cell>>,
    /// As people count them.
    pub(super) numbers: Vec<usize>,
}

/// A row beyond the last is a new one.
#[derive(Debug)]
pub(super) struct Edit {
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) value: String,
    pub(super) amount: bool,
    /// Our name for the row, which must not be taken for a number.
    pub(super) id: bool,
    /// The row that names the columns.
    pub(super) header: usize,
}

impl Edit {
    pub(super) fn names_a_column(&self) -> bool {
        self.row == self.header
    }
}

pub(super) struct Stands {
    pub(super) id: String,
    pub(super) status: Option<Status>,
}

pub(super) struct Plan {
    pub(super) stands: Option<Stands>,
    pub(super) differs: Vec<String>,
    pub(super) edits: Vec<Edit>,
}

pub(super) fn plan(grid: &Grid, names: &Names, client: &Client) -> Result<Plan, Outcome> {
    let header = header(grid, names)?;
    let mut edits = Vec::new();
    let mut columns = Vec::new();
    // People may have written beside the last column that has a name.
    let mut next = grid.rows.iter().map(Vec::len).max().unwrap_or_default();
    for name in names.all() {
        let cells = grid.rows.get(header).map_or(&[][..], Vec::as_slice);
        let named = |(_, cell): &(usize, &Cell)| cell.text.trim() == name;
        let mut at = cells.iter().enumerate().filter(named);
        let column = match (at.next(), at.next()) {
            (Some((column, _)), None) => column,
            (Some(_), Some(_)) => {
                return Err(refused(format!("two columns are named “{name}”")));
            }
            (None, _) => {
                let column = next;
                next += 1;
                edits.push(Edit {
                    row: header,
                    column,
                    value: name.to_owned(),
                    amount: false,
                    id: false,
                    header,
                });
                column
            }
        };
        columns.push(column);
    }
    let columns = Columns { names, columns };
    let row = find(grid, header, &columns, client)?;
    let stands = row.map(|row| Stands {
        id: match columns.text(grid, row, &names.id) {
            "" => format!("row {}", number(grid, row)),
            id => id.to_owned(),
        },
        status: status(columns.text(grid, row, &names.status)),
    });
    let row = row.unwrap_or_else(|| first_free(grid, header));
    let mut differs = Vec::new();
    for (name, value, amount) in wanted(names, client) {
        if value.chars().count() > CELL_CHARS {
            let why = format!("{name}: longer than the {CELL_CHARS} letters that a cell holds");
            return Err(refused(why));
        }
        let column = columns.of(name);
        let cell = grid.rows.get(row).and_then(|cells| cells.get(column));
        let is = match name == names.id {
            true => cell.is_some_and(|cell| plain(&cell.text) == value),
            false => cell.is_some_and(|cell| same(cell, value, amount)),
        };
        if !is {
            let own = name == names.id;
            if !own {
                differs.push(name.to_owned());
            }
            edits.push(Edit {
                row,
                column,
                value: value.to_owned(),
                amount,
                id: own,
                header,
            });
        }
    }
    Ok(Plan {
        stands,
        differs,
        edits,
    })
}

/// What is to stand in which column. What is empty on the card says nothing of what people wrote.
fn wanted<'c>(
    names: &'c Names,
    client: &'c Client,
) -> impl Iterator<Item = (&'c str, &'c str, bool)> {
    let put = names.put.iter();
    let put = put.filter_map(|(name, money)| Some((name.as_str(), client.value(name)?, *money)));
    put.chain([
        (names.status.as_str(), word(client.status), false),
        (names.id.as_str(), client.key.as_str(), false),
    ])
}

struct Columns<'n> {
    names: &'n Names,
    columns: Vec<usize>,
}

impl Columns<'_> {
    fn of(&self, name: &str) -> usize {
        let nth = self.names.all().position(|known| known == name);
        nth.and_then(|nth| self.columns.get(nth).copied())
            .unwrap_or(usize::MAX)
    }

    fn cell<'g>(&self, grid: &'g Grid, row: usize, name: &str) -> Option<&'g Cell> {
        grid.rows.get(row)?.get(self.of(name))
    }

    fn text<'g>(&self, grid: &'g Grid, row: usize, name: &str) -> &'g str {
        let cell = self.cell(grid, row, name);
        cell.map_or("", |cell| plain(&cell.text))
    }
}

/// The row that names the columns; the first one of a file that is empty.
fn header(grid: &Grid, names: &Names) -> Result<usize, Outcome> {
    let hits = grid.rows.iter().take(ROWS_ABOVE).map(|row| names.hits(row));
    let (row, most) = hits
        .enumerate()
        .fold((0, 0), |best, (row, hits)| match hits > best.1 {
            true => (row, hits),
            false => best,
        });
    let empty = |row: &Vec<Cell>| row.iter().all(|cell| cell.text.trim().is_empty());
    if most == 0 && !grid.rows.iter().all(empty) {
        let known: Vec<_> = names
            .put
            .iter()
            .map(|(name, _)| format!("“{name}”"))
            .collect();
        return Err(refused(format!(
            "no row names a column of ours; write one of these where the columns are named: {}",
            known.join(", ")
        )));
    }
    Ok(row)
}

fn find(
    grid: &Grid,
    header: usize,
    columns: &Columns<'_>,
    client: &Client,
) -> Result<Option<usize>, Outcome> {
    let names = columns.names;
    let rows = || (header + 1)..grid.rows.len();
    let known = client.known.as_deref().unwrap_or(&client.key);
    let ours = rows().filter(|row| {
        let id = columns.text(grid, *row, &names.id);
        id == client.key || id == known
    });
    if let Some(row) = alone(grid, ours.collect())? {
        return Ok(Some(row));
    }
    if client.matching.is_empty() {
        return Ok(None);
    }
    let by_hand = rows().filter(|row| {
        let is = |(name, value): &(String, String)| {
            let cell = columns.cell(grid, *row, name);
            cell.is_some_and(|cell| same(cell, value, false))
        };
        columns.text(grid, *row, &names.id).is_empty() && client.matching.iter().all(is)
    });
    alone(grid, by_hand.collect())
}

fn alone(grid: &Grid, rows: Vec<usize>) -> Result<Option<usize>, Outcome> {
    match rows.as_slice() {
        [] => Ok(None),
        [row] => Ok(Some(*row)),
        rows => {
            let ids = rows.iter().map(|row| format!("row {}", number(grid, *row)));
            Err(Outcome::Several { ids: ids.collect() })
        }
    }
}

fn number(grid: &Grid, row: usize) -> usize {
    grid.numbers.get(row).copied().unwrap_or(row + 1)
}

/// Below the last row where anything stands.
fn first_free(grid: &Grid, header: usize) -> usize {
    let filled = |row: &Vec<Cell>| row.iter().any(|cell| !cell.text.trim().is_empty());
    let last = grid.rows.iter().rposition(filled);
    last.map_or(header, |last| last.max(header)) + 1
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Pending => "pending",
        Status::Active => "active",
        Status::Retired => "retired",
    }
}

fn status(text: &str) -> Option<Status> {
    let known = [Status::Pending, Status::Active, Status::Retired];
    known.into_iter().find(|known| word(*known) == text)
}

/// A value as it was before it was kept from being taken for a formula.
fn plain(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('\'').unwrap_or(text)
}

/// Whether people would say that it stands there: a spreadsheet writes a date, an amount, a telephone
/// number in its own way.
fn same(cell: &Cell, wanted: &str, amount: bool) -> bool {
    let text = plain(&cell.text);
    if text == wanted || cell.text == wanted {
        return true;
    }
    if amount {
        let hundredths = |text: &str| {
            let text: String = text.chars().filter(|one| !one.is_whitespace()).collect();
            let number: f64 = text.replace(',', ".").parse().ok()?;
            Some((number * 100.0).round())
        };
        return hundredths(wanted).is_some_and(|wanted| hundredths(text) == Some(wanted));
    }
    if let Some(day) = day(wanted) {
        let serial = || {
            let number: f64 = text.parse().ok().filter(|_| cell.number)?;
            Some(number.floor() as i64)
        };
        return self::day(text) == Some(day) || serial() == self::serial(wanted);
    }
    let digits = wanted.strip_prefix('+');
    digits.is_some_and(|digits| digits == text && digits.bytes().all(|one| one.is_ascii_digit()))
}

/// A day as workbooks count it.
pub(super) fn serial(text: &str) -> Option<i64> {
    let since = day(text)?.since(date(1899, 12, 30)).ok()?;
    Some(since.get_days().into())
}

fn day(text: &str) -> Option<Date> {
    let iso = Date::strptime("%Y-%m-%d", text);
    iso.or_else(|_| Date::strptime("%d.%m.%Y", text)).ok()
}
