//! A workbook as the archive it is: which of its parts is the sheet, and the archive again with
//! another text in its place.

use super::super::super::Outcome;
use super::refused;
use roxmltree::{Document, Node, ParsingOptions};
use std::io::{Cursor, Read, Write};
use std::ops::Range;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const MOST_BYTES: u64 = 128 << 20;
const MOST_PARTS: usize = 10_000;
const MOST_NODES: u32 = 20_000_000;

pub(super) struct Package {
    bytes: Vec<u8>,
    /// The sheet's part, and its text.
    name: String,
    pub(super) sheet: String,
    pub(super) strings: Vec<String>,
    /// It counts days from another year than most.
    pub(super) since_1904: bool,
    /// The workbook's part, and its text with the order to reckon anew.
    workbook: (String, String),
}

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// What one part refers to: by what name, as what, and where it is.
struct Link {
    id: String,
    kind: String,
    part: String,
}

impl Package {
    pub(super) fn read(bytes: Vec<u8>, sheet: Option<&str>) -> Result<Self, Outcome> {
        let mut archive = ZipArchive::new(Cursor::new(bytes.as_slice()))
            .map_err(|_| refused("it is no XLSX workbook, or one with a password"))?;
        if archive.len() > MOST_PARTS {
            return Err(refused(
                "the workbook has more parts than can be looked through",
            ));
        }
        let links_of = |archive: &mut Archive<'_>, part: &str| links(archive, part);
        let root = links_of(&mut archive, "")?;
        let book = root
            .into_iter()
            .find(|link| link.kind.ends_with("/officeDocument"));
        let book = book.ok_or_else(|| refused("it is no XLSX workbook"))?.part;
        let text = read(&mut archive, &book)?;
        let links = links_of(&mut archive, &book)?;
        let document = parsed(&text)?;
        let id = chosen(&document, sheet)?;
        let name = links
            .iter()
            .find(|link| link.id == id && link.kind.ends_with("/worksheet"));
        let name = name
            .ok_or_else(|| refused("the sheet has no rows: is it a chart?"))?
            .part
            .clone();
        let strings = links
            .iter()
            .find(|link| link.kind.ends_with("/sharedStrings"));
        let strings = match strings {
            Some(link) => shared(&read(&mut archive, &link.part)?)?,
            None => Vec::new(),
        };
        let sheet = read(&mut archive, &name)?;
        let since = document
            .descendants()
            .find_map(|node| node.attribute("date1904"));
        let workbook = (book, reckoned(&text, &document));
        Ok(Self {
            bytes,
            name,
            sheet,
            strings,
            since_1904: since.is_some_and(|value| ["1", "true"].contains(&value)),
            workbook,
        })
    }

    pub(super) fn with(&self, sheet: &str) -> Result<Vec<u8>, Outcome> {
        let written = || {
            let mut archive = ZipArchive::new(Cursor::new(self.bytes.as_slice()))?;
            let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
            for nth in 0..archive.len() {
                let part = archive.by_index_raw(nth)?;
                let name = part.name()?.into_owned();
                let text = match name.as_str() {
                    name if name == self.name => sheet,
                    name if name == self.workbook.0 => &self.workbook.1,
                    _ => {
                        writer.raw_copy_file(part)?;
                        continue;
                    }
                };
                writer.start_file(name, SimpleFileOptions::default())?;
                writer.write_all(text.as_bytes())?;
            }
            Ok(writer.finish()?.into_inner())
        };
        written().map_err(|_: zip::result::ZipError| refused("the workbook could not be packed"))
    }
}

/// The sheet of that name, or the first; by the name of its link.
fn chosen(workbook: &Document<'_>, sheet: Option<&str>) -> Result<String, Outcome> {
    let sheets = workbook
        .descendants()
        .filter(|node| node.tag_name().name() == "sheet");
    let named: Vec<_> = sheets
        .filter_map(|node| {
            let id = node
                .attributes()
                .find(|one| one.name() == "id" && one.namespace().is_some());
            Some((node.attribute("name")?, id?.value()))
        })
        .collect();
    let found = match sheet {
        Some(sheet) => named.iter().find(|(name, _)| *name == sheet),
        None => named.first(),
    };
    let Some((_, id)) = found else {
        let named: Vec<_> = named.iter().map(|(name, _)| format!("“{name}”")).collect();
        let why = format!("there is no such sheet; there are {}", named.join(", "));
        return Err(refused(why));
    };
    Ok((*id).to_owned())
}

/// What was reckoned from the cells is out of date once one of them is written.
fn reckoned(text: &str, workbook: &Document<'_>) -> String {
    let calc = workbook
        .descendants()
        .find(|node| node.tag_name().name() == "calcPr");
    let Some(calc) = calc.filter(|calc| calc.attribute("fullCalcOnLoad").is_none()) else {
        return text.to_owned();
    };
    let start = calc.range().start;
    let name = text[start..]
        .find("calcPr")
        .map_or(start, |at| start + at + "calcPr".len());
    spliced(text, vec![(name..name, " fullCalcOnLoad=\"1\"".to_owned())])
}

fn links(archive: &mut Archive<'_>, part: &str) -> Result<Vec<Link>, Outcome> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let at = |name: &str| match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    };
    let text = read(archive, &at(&format!("_rels/{file}.rels")))?;
    let document = parsed(&text)?;
    let links = document.root_element().children().filter_map(|node| {
        let target = node.attribute("Target")?;
        Some(Link {
            id: node.attribute("Id")?.to_owned(),
            kind: node.attribute("Type")?.to_owned(),
            part: match target.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None => at(target),
            },
        })
    });
    Ok(links.collect())
}

fn read(archive: &mut Archive<'_>, part: &str) -> Result<String, Outcome> {
    let broken = || refused("the workbook is damaged, or written by a program we do not know");
    let mut text = String::new();
    let file = archive.by_name(part).map_err(|_| broken())?;
    let read = file.take(MOST_BYTES + 1).read_to_string(&mut text);
    read.map_err(|_| broken())?;
    match text.len() as u64 > MOST_BYTES {
        true => Err(refused("a part of the workbook is larger than 128 MB")),
        false => Ok(text),
    }
}

pub(super) fn parsed(text: &str) -> Result<Document<'_>, Outcome> {
    let options = ParsingOptions {
        nodes_limit: MOST_NODES,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options)
        .map_err(|_| refused("the workbook is damaged, or written by a program we do not know"))
}

fn shared(text: &str) -> Result<Vec<String>, Outcome> {
    let document = parsed(text)?;
    let items = document.root_element().children();
    let items = items.filter(|node| node.tag_name().name() == "si");
    Ok(items.map(string).collect())
}

/// The text of a cell without how it is to be read aloud.
pub(super) fn string(node: Node<'_, '_>) -> String {
    let spoken = |node: &Node<'_, '_>| node.ancestors().any(|one| one.tag_name().name() == "rPh");
    let texts = node
        .descendants()
        .filter(|node| node.tag_name().name() == "t");
    let texts = texts.filter(|node| !spoken(node));
    texts.filter_map(|node| node.text()).collect()
}

/// Where a tag that begins here ends.
pub(super) fn tag_end(text: &str, start: usize) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(start) {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

/// The text with other words in those places, which do not overlap.
pub(super) fn spliced(text: &str, mut changes: Vec<(Range<usize>, String)>) -> String {
    changes.sort_by_key(|(range, _)| range.start);
    let (mut new, mut copied) = (String::with_capacity(text.len() + 1_024), 0);
    for (range, what) in changes {
        new.push_str(&text[copied..range.start]);
        new.push_str(&what);
        copied = range.end;
    }
    new.push_str(&text[copied..]);
    new
}
