//! What is printed: a client's file and the report of figures, each a sheet of plain values that
//! becomes one page of HTML for A4, or text for a terminal. Pure. A page holds no script, loads nothing
//! and escapes whatever people typed; a link leads to the web or is no link.

pub mod dossier;
pub mod report;

mod chart;
mod html;
mod text;
mod words;

pub use html::{html, policy};
pub use text::text;

use crate::process::Language;
use chart::Picture;

/// One printed page.
#[derive(Clone, Debug)]
pub struct Sheet {
    language: Language,
    title: String,
    link: Option<String>,
    /// Below the title.
    under: Vec<String>,
    sections: Vec<Section>,
    foot: Vec<String>,
}

#[derive(Clone, Debug)]
struct Section {
    title: String,
    /// What it means.
    say: Vec<String>,
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Heading(String),
    Paragraph(String),
    /// Where there is nothing to show.
    Nothing(String),
    Pairs(Vec<(String, Cell)>),
    List(Vec<String>),
    Entries(Vec<Entry>),
    Table {
        heads: Vec<String>,
        rows: Vec<Vec<Cell>>,
    },
    /// Its numbers stand in a table beside it.
    Picture(Picture),
}

/// Something dated that somebody said or decided.
#[derive(Clone, Debug)]
struct Entry {
    what: String,
    /// When, and by whom.
    signed: String,
    text: String,
    points: Vec<String>,
}

#[derive(Clone, Debug, Default)]
struct Cell {
    text: String,
    link: Option<String>,
    number: bool,
}

impl Cell {
    fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    fn number(text: impl Into<String>) -> Self {
        Self {
            number: true,
            ..Self::text(text)
        }
    }

    fn link(text: impl Into<String>, link: Option<&str>) -> Self {
        Self {
            link: link.and_then(on_the_web),
            ..Self::text(text)
        }
    }
}

impl Section {
    /// `parts`, or a word that there are none.
    fn of(title: &str, parts: Vec<Part>, nothing: &str) -> Self {
        let nothing = parts.is_empty().then(|| Part::Nothing(nothing.to_owned()));
        Self {
            title: title.to_owned(),
            say: Vec::new(),
            parts: parts.into_iter().chain(nothing).collect(),
        }
    }
}

/// What people typed, or an outside place told, may be any address: only one of the web is opened.
fn on_the_web(link: &str) -> Option<String> {
    let link = link.trim();
    let lower = link.to_ascii_lowercase();
    let web = lower.starts_with("https://") || lower.starts_with("http://");
    let plain = !link.contains(|sign: char| sign.is_whitespace() || sign.is_control());
    (web && plain).then(|| link.to_owned())
}

#[cfg(test)]
mod tests;
