//! A sheet as HTML: whole in itself, so that it can be kept, sent and printed anywhere.

use super::{Cell, Entry, Part, Section, Sheet};
use crate::process::Language;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

/// The pages inside Trello show a sheet in the same style.
const STYLE: &str = include_str!("../../powerup/src/paper/paper.css");

/// All that such a page may do: be shown, in the style that is in it.
pub fn policy() -> String {
    format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        STANDARD.encode(Sha256::digest(STYLE))
    )
}

pub fn html(sheet: &Sheet) -> String {
    let lang = match sheet.language {
        Language::Ru => "ru",
        Language::En => "en",
    };
    let page = html! {
        (DOCTYPE)
        html lang=(lang) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="referrer" content="no-referrer";
                title { (sheet.title) }
                style { (PreEscaped(STYLE)) }
            }
            body { (body(sheet)) }
        }
    };
    page.into_string()
}

fn body(sheet: &Sheet) -> Markup {
    html! {
        main class="paper" {
            header {
                h1 {
                    @match &sheet.link {
                        Some(link) => a href=(link) target="_blank" rel="noreferrer" { (sheet.title) },
                        None => (sheet.title),
                    }
                }
                @for line in &sheet.under { p class="soft" { (line) } }
            }
            @for section in &sheet.sections { (shown(section)) }
            footer { @for line in &sheet.foot { p { (line) } } }
        }
    }
}

fn shown(section: &Section) -> Markup {
    html! {
        section {
            h2 { (section.title) }
            @for line in &section.say { p class="soft" { (line) } }
            @for part in &section.parts { (part_of(part, &section.title)) }
        }
    }
}

/// `title`: of the section around it.
fn part_of(part: &Part, title: &str) -> Markup {
    match part {
        Part::Heading(text) => html! { h3 { (text) } },
        Part::Paragraph(text) => html! { p { (text) } },
        Part::Nothing(text) => html! { p class="nothing" { (text) } },
        Part::Pairs(pairs) => html! {
            dl {
                @for (name, value) in pairs {
                    dt { (name) }
                    dd { (cell(value)) }
                }
            }
        },
        Part::List(lines) => html! { ul { @for line in lines { li { (line) } } } },
        Part::Entries(entries) => html! {
            ul class="entries" { @for entry in entries { li { (entry_of(entry)) } } }
        },
        // It scrolls by itself where it does not fit, by keyboard too.
        Part::Table { heads, rows } => html! {
            div class="wide" role="group" aria-label=(title) tabindex="0" { (table(heads, rows)) }
        },
        Part::Picture(picture) => picture.html(),
    }
}

fn entry_of(entry: &Entry) -> Markup {
    html! {
        p { b { (entry.what) } " " span class="soft" { (entry.signed) } }
        @if !entry.text.is_empty() { p class="text" { (entry.text) } }
        @if !entry.points.is_empty() {
            ul { @for point in &entry.points { li { (point) } } }
        }
    }
}

fn table(heads: &[String], rows: &[Vec<Cell>]) -> Markup {
    // A column stands as its first cell does.
    let number = |column: usize| {
        let first = rows.first().and_then(|row| row.get(column));
        first.is_some_and(|cell| cell.number)
    };
    html! {
        table {
            thead { tr {
                @for (column, head) in heads.iter().enumerate() {
                    @if head.is_empty() {
                        td {}
                    } @else {
                        th scope="col" class=[number(column).then_some("number")] { (head) }
                    }
                }
            } }
            tbody {
                @for row in rows { tr {
                    @for (column, value) in row.iter().enumerate() {
                        @if column == 0 {
                            th scope="row" { (cell(value)) }
                        } @else {
                            td class=[value.number.then_some("number")] { (cell(value)) }
                        }
                    }
                } }
            }
        }
    }
}

fn cell(cell: &Cell) -> Markup {
    html! {
        @match &cell.link {
            Some(link) => a href=(link) target="_blank" rel="noreferrer" { (cell.text) },
            None => (cell.text),
        }
    }
}
