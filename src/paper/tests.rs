//! What is printed is what is known, and nothing that somebody typed does anything on the page.

use super::chart::{Bar, Drawn, Picture};
use super::*;

const TYPED: &str = "<script>alert(1)</script>\"&'\u{1b}[31m";

fn sheet() -> Sheet {
    let cell = Cell::link(TYPED, Some("https://crm.example/7?a=1&b=\"2\""));
    let bar = Bar {
        name: TYPED.into(),
        note: TYPED.into(),
        parts: vec![("median", 0.0, 2.0)],
        limit: Some(1.0),
    };
    let picture = Picture {
        name: TYPED.into(),
        legend: vec![("median", TYPED.into())],
        drawn: Drawn::Bars(vec![bar]),
    };
    let entry = Entry {
        what: TYPED.into(),
        signed: TYPED.into(),
        text: format!("{TYPED}\nsecond line"),
        points: vec![TYPED.into()],
    };
    let parts = vec![
        Part::Heading(TYPED.into()),
        Part::Paragraph(TYPED.into()),
        Part::Pairs(vec![(TYPED.into(), cell.clone())]),
        Part::List(vec![TYPED.into()]),
        Part::Entries(vec![entry]),
        Part::Table {
            heads: vec![TYPED.into(), TYPED.into()],
            rows: vec![vec![Cell::text(TYPED), cell]],
        },
        Part::Picture(picture),
    ];
    Sheet {
        language: Language::En,
        title: TYPED.into(),
        link: on_the_web("https://trello.com/c/abc"),
        under: vec![TYPED.into()],
        sections: vec![Section::of(TYPED, parts, "")],
        foot: vec![TYPED.into()],
    }
}

#[test]
fn what_people_typed_does_nothing_on_the_page() {
    let page = html(&sheet());
    assert!(!page.contains("<script"), "{page}");
    assert!(!page.contains(" style="), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
    assert!(
        page.contains("href=\"https://crm.example/7?a=1&amp;b=&quot;2&quot;\""),
        "{page}"
    );
    let style = page.split_once("<style>").unwrap().1;
    let style = style.split_once("</style>").unwrap().0;
    use base64::Engine;
    use sha2::{Digest, Sha256};
    let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(style));
    assert!(policy().contains(&hash), "the style is known by its hash");
}

#[test]
fn the_page_is_one_document_that_loads_nothing() {
    let page = html(&sheet());
    let page = page.replacen("<!DOCTYPE html>", "", 1);
    // Elements without an end are the only thing that is no XML.
    let ends = regex::Regex::new("<meta[^>]*>").unwrap();
    let page = ends.replace_all(&page, "");
    let page = page.replace('\u{1b}', "");
    let page = roxmltree::Document::parse(&page).unwrap();
    for node in page.descendants() {
        assert_eq!(node.attribute("src"), None);
        if let Some(link) = node.attribute("href") {
            assert!(link.starts_with("https://"), "{link}");
            assert_eq!(node.attribute("rel"), Some("noreferrer"));
        }
    }
    let styles = page
        .descendants()
        .find(|node| node.has_tag_name("style"))
        .unwrap();
    assert!(!styles.text().unwrap().contains("url("));
}

#[test]
fn only_an_address_of_the_web_is_a_link() {
    for link in [
        "https://crm.example/1",
        "HTTP://crm.example",
        " https://crm.example/1 ",
    ] {
        assert!(on_the_web(link).is_some(), "{link}");
    }
    for link in [
        "javascript:alert(1)",
        "data:text/html,x",
        "//crm.example",
        "https://a b",
        "httpsx://a",
        "",
    ] {
        assert_eq!(on_the_web(link), None, "{link}");
    }
}

#[test]
fn the_terminal_is_told_the_same_and_steered_by_nothing() {
    let told = text(&sheet());
    assert!(told.contains("https://crm.example/7?a=1&b=\"2\""), "{told}");
    assert!(told.contains("    second line"), "{told}");
    assert!(!told.contains('\u{1b}'), "{told}");
}
