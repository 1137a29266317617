//! A CSV file as its bytes, of which only the cells that change are written anew: so it keeps its
//! letters, its separator and its line ends, and every other row as it is.

use super::super::Outcome;
use super::plan::{Cell, Edit, Grid, Names};
use super::refused;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1251};
use std::ops::Range;

const BOM: &[u8] = b"\xef\xbb\xbf";

pub(super) struct Csv {
    bytes: Vec<u8>,
    encoding: &'static Encoding,
    separator: u8,
    line_end: &'static str,
    records: Vec<Record>,
    grid: Grid,
}

/// A row, as far as its line end.
#[derive(Default)]
struct Record {
    fields: Vec<Range<usize>>,
    texts: Vec<Vec<u8>>,
    end: usize,
    /// Nothing, where the file ends.
    ended: bool,
}

impl Csv {
    pub(super) fn read(mut bytes: Vec<u8>, names: &Names) -> Result<Self, Outcome> {
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            return Err(refused("the file is in UTF-16; save it as “CSV UTF-8”"));
        }
        let mut line_end = "\r\n";
        if bytes.is_empty() {
            // Without it Excel would not read other letters than Latin ones.
            bytes.extend_from_slice(BOM);
        } else if let Some(at) = bytes.iter().position(|byte| *byte == b'\n')
            && (at == 0 || bytes[at - 1] != b'\r')
        {
            line_end = "\n";
        }
        let encoding = match std::str::from_utf8(&bytes) {
            Ok(_) => UTF_8,
            Err(_) => WINDOWS_1251,
        };
        let start = if bytes.starts_with(BOM) { BOM.len() } else { 0 };
        let (mut best, mut open): (Option<(usize, usize, u8)>, _) = (None, false);
        let told = bytes[start..]
            .strip_prefix(b"sep=")
            .and_then(|rest| rest.first());
        for separator in told.map_or(b";,\t".to_vec(), |one| vec![*one]) {
            let Some(records) = records(&bytes, start, separator) else {
                open = true;
                continue;
            };
            let grid = grid(&records, encoding);
            let hits = grid.rows.iter().take(20).map(|row| names.hits(row)).max();
            let wide = grid.rows.first().map_or(0, Vec::len);
            let score = (hits.unwrap_or_default(), wide, separator);
            if best.is_none_or(|best| (score.0, score.1) > (best.0, best.1)) {
                best = Some(score);
            }
        }
        let Some((_, _, separator)) = best.filter(|(hits, ..)| *hits > 0 || !open) else {
            let why = "a quotation mark is opened in the file and not closed";
            return Err(refused(why));
        };
        let records = records(&bytes, start, separator).unwrap_or_default();
        Ok(Self {
            grid: grid(&records, encoding),
            bytes,
            encoding,
            separator,
            line_end,
            records,
        })
    }

    pub(super) fn grid(&self) -> &Grid {
        &self.grid
    }

    pub(super) fn with(&self, edits: &[Edit]) -> Result<Vec<u8>, Outcome> {
        let mut edits: Vec<_> = edits.iter().collect();
        edits.sort_by_key(|edit| (edit.row, edit.column));
        let (mut bytes, mut copied) = (Vec::with_capacity(self.bytes.len() + 512), 0);
        let mut new: Option<(usize, usize)> = None;
        let mut wide = 0;
        for (nth, edit) in edits.iter().enumerate() {
            let text = self.cell(edit)?;
            let again = nth > 0 && edits[nth - 1].row == edit.row;
            if let Some(record) = self.records.get(edit.row) {
                if !again {
                    wide = record.fields.len();
                }
                let (to, from) = match record.fields.get(edit.column) {
                    Some(field) => (field.start, field.end),
                    None => (record.end, record.end),
                };
                bytes.extend_from_slice(&self.bytes[copied..to]);
                while edit.column >= wide {
                    bytes.push(self.separator);
                    wide += 1;
                }
                bytes.extend_from_slice(&text);
                copied = from;
                continue;
            }
            bytes.extend_from_slice(&self.bytes[copied..]);
            copied = self.bytes.len();
            let (row, mut column) = new.unwrap_or((usize::MAX, 0));
            if row != edit.row {
                let last = self.records.last();
                if new.is_none() && last.is_some_and(|last| !last.ended) || new.is_some() {
                    bytes.extend_from_slice(self.line_end.as_bytes());
                }
                column = 0;
            }
            while column < edit.column {
                bytes.push(self.separator);
                column += 1;
            }
            bytes.extend_from_slice(&text);
            new = Some((edit.row, column));
        }
        bytes.extend_from_slice(&self.bytes[copied..]);
        if new.is_some() {
            bytes.extend_from_slice(self.line_end.as_bytes());
        }
        Ok(bytes)
    }

    fn cell(&self, edit: &Edit) -> Result<Vec<u8>, Outcome> {
        let mut text = edit.value.replace('\0', "");
        if edit.amount && self.separator == b';' {
            // Where the comma parts hundredths, the semicolon parts columns.
            text = text.replace('.', ",");
        } else if is_formula(&text) || edit.id && is_number(&text) {
            text.insert(0, '\'');
        }
        let (separator, space) = (char::from(self.separator), char::is_whitespace);
        let quoted = text.contains([separator, '"', '\n', '\r'])
            || text.starts_with(space)
            || text.ends_with(space);
        if quoted {
            text = format!("\"{}\"", text.replace('"', "\"\""));
        }
        let (bytes, _, lost) = self.encoding.encode(&text);
        if lost {
            let why = format!(
                "“{}” has letters that the file, in windows-1251, has no room for; save it as “CSV UTF-8”",
                edit.value.chars().take(100).collect::<String>()
            );
            return Err(refused(why));
        }
        Ok(bytes.into_owned())
    }
}

/// None: a quotation mark is not closed.
fn records(bytes: &[u8], start: usize, separator: u8) -> Option<Vec<Record>> {
    let (mut records, mut at) = (Vec::new(), start);
    while at < bytes.len() {
        let mut record = Record::default();
        loop {
            let (from, mut text) = (at, Vec::new());
            if bytes.get(at) == Some(&b'"') {
                at += 1;
                loop {
                    match (bytes.get(at)?, bytes.get(at + 1)) {
                        (b'"', Some(b'"')) => {
                            text.push(b'"');
                            at += 2;
                        }
                        (b'"', _) => break,
                        (byte, _) => {
                            text.push(*byte);
                            at += 1;
                        }
                    }
                }
                at += 1;
            }
            while let Some(byte) = bytes.get(at).filter(|byte| !is_end(**byte, separator)) {
                text.push(*byte);
                at += 1;
            }
            record.fields.push(from..at);
            record.texts.push(text);
            match bytes.get(at) {
                Some(byte) if *byte == separator => at += 1,
                _ => break,
            }
        }
        record.end = at;
        if let Some(byte) = bytes.get(at) {
            record.ended = true;
            let both = *byte == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            at += if both { 2 } else { 1 };
        }
        records.push(record);
    }
    Some(records)
}

fn is_end(byte: u8, separator: u8) -> bool {
    byte == separator || byte == b'\n' || byte == b'\r'
}

fn grid(records: &[Record], encoding: &'static Encoding) -> Grid {
    let cell = |text: &Vec<u8>| Cell {
        text: encoding.decode_without_bom_handling(text).0.into_owned(),
        number: false,
    };
    let row = |record: &Record| record.texts.iter().map(cell).collect();
    Grid {
        rows: records.iter().map(row).collect(),
        numbers: (1..=records.len()).collect(),
    }
}

/// What a spreadsheet would reckon with, or shorten, instead of showing it.
fn is_formula(text: &str) -> bool {
    text.starts_with('+') || text.starts_with(['=', '-', '@', '\t', '\r']) && !is_number(text)
}

/// Some of our names are, too: twenty-four digits, with an e between them.
fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok() && text.contains(|one: char| one.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::plan::plan;
    use super::*;
    use crate::model::{CardId, Status};
    use crate::process::target::Client;
    use proptest::prelude::*;

    fn names() -> Names {
        Names {
            id: "signalman".into(),
            status: "status".into(),
            put: vec![("name".into(), false), ("fee".into(), true)],
        }
    }

    fn client(name: String) -> Client {
        Client {
            key: "5f00000000000000000000a1".into(),
            card: CardId::new("5f00000000000000000000a1"),
            status: Status::Active,
            own: Status::Active,
            at: jiff::Timestamp::UNIX_EPOCH,
            known: None,
            values: [("name".into(), name), ("fee".into(), "1.50".into())].into(),
            matching: Vec::new(),
            link: None,
        }
    }

    fn texts(row: &[Cell]) -> Vec<&str> {
        row.iter().map(|cell| cell.text.as_str()).collect()
    }

    proptest! {
        #[test]
        fn a_client_is_added_and_no_other_cell_moves(
            rows in "[ab;,\t\"'\r\n =]{0,60}",
            name in "[ab;,\t\"'\n =+]{0,12}",
        ) {
            let (names, client) = (names(), client(name.trim().to_owned()));
            let text = format!("name;note\n{rows}");
            // What cannot be understood is left alone.
            let Ok(before) = Csv::read(text.into_bytes(), &names) else { return Ok(()) };
            let edits = plan(before.grid(), &names, &client).unwrap().edits;
            let bytes = before.with(&edits).unwrap();
            let after = Csv::read(bytes, &names).unwrap();
            let again = plan(after.grid(), &names, &client).unwrap().edits;
            prop_assert!(again.is_empty(), "{again:?}");
            for (nth, row) in before.grid().rows.iter().enumerate() {
                let blank = row.iter().all(|cell| cell.text.trim().is_empty());
                let stands = texts(&after.grid().rows[nth]);
                prop_assert!(blank || stands.starts_with(&texts(row)), "{row:?} {stands:?}");
            }
        }
    }
}
