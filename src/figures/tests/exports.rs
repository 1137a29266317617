//! Rows for a spreadsheet, an event log for process mining, a page of text.

use super::*;
use roxmltree::Document;

const SINCE: &str = "2026-11-01T00:00";

#[test]
fn rows_are_read_back_by_another_reader() {
    let (lines, mut memories) = november();
    "=HYPERLINK(\"http://x.example\"), \"q\"\nnext".clone_into(&mut memories[2].1.name);
    let text = with(SINCE, &(lines, memories), csv::rows);
    let text = text.strip_prefix('\u{feff}').unwrap();
    assert!(text.ends_with("\r\n"));
    let mut reader = ::csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 11);
    let cell = |nth: usize, name: &str| {
        let at = heads.iter().position(|head| head == name).unwrap();
        rows[nth][at].to_owned()
    };
    let told = [
        "card_id",
        "stage_key",
        "entered_at",
        "left_at",
        "working_minutes",
        "calendar_days",
    ];
    let first = told.map(|name| cell(0, name));
    let want = [
        "a",
        "new",
        "2026-11-02T07:00:00Z",
        "2026-11-03T09:00:00Z",
        "600",
        "1.08",
    ];
    assert_eq!(first, want);
    // C in «Работа»: named like a formula, late, there now; Friday to Tuesday 24 h, and one on Wednesday.
    let of_c: Vec<_> = (0..rows.len())
        .filter(|nth| cell(*nth, "card_id") == "c")
        .collect();
    assert_eq!(
        cell(of_c[1], "card"),
        "'=HYPERLINK(\"http://x.example\"), \"q\"\nnext"
    );
    assert_eq!(cell(of_c[1], "working_minutes"), "1500");
    assert_eq!(
        (cell(of_c[1], "here_now"), cell(of_c[1], "left_at")),
        ("true".into(), String::new())
    );
    let of_d = (0..rows.len())
        .find(|nth| cell(*nth, "card_id") == "d")
        .unwrap();
    assert_eq!(
        (cell(of_d, "entry_seen"), cell(of_d, "working_minutes")),
        ("false".into(), String::new())
    );
}

#[test]
fn the_log_is_xes() {
    let (lines, mut memories) = november();
    "Кефир & <\u{1}FM> \"1\"".clone_into(&mut memories[0].1.name);
    let text = with(SINCE, &(lines, memories), xes::log);
    let log = Document::parse(&text).unwrap();
    let root = log.root_element();
    assert_eq!(
        root.tag_name().namespace(),
        Some("http://www.xes-standard.org/")
    );
    assert_eq!(root.attribute("xes.version"), Some("1849.2016"));
    let named = |name: &'static str| root.children().filter(move |one| one.has_tag_name(name));
    assert_eq!(named("extension").count(), 4);
    let value = |node: roxmltree::Node<'_, '_>, key: &str| {
        let mut parts = node
            .children()
            .filter(|part| part.attribute("key") == Some(key));
        parts
            .next()
            .and_then(|part| part.attribute("value"))
            .unwrap_or_default()
            .to_owned()
    };
    let traces: Vec<_> = named("trace").collect();
    assert_eq!(traces.len(), 4, "of D nothing was ever told");
    assert_eq!(value(traces[0], "concept:name"), "a");
    assert_eq!(value(traces[0], "card"), "Кефир & <FM> \"1\"");
    let events = traces[0].children().filter(|one| one.has_tag_name("event"));
    let events: Vec<_> = events
        .map(|one| ["concept:name", "lifecycle:transition", "org:role"].map(|key| value(one, key)))
        .collect();
    let want = [
        ["Новые", "start", "boss"],
        ["Новые", "complete", "boss"],
        ["Работа", "start", "clerk"],
        ["Работа", "complete", "clerk"],
        ["Готово", "start", "boss"],
    ];
    assert_eq!(events, want.map(|one| one.map(str::to_owned)));
    let event = traces[0]
        .children()
        .find(|one| one.has_tag_name("event"))
        .unwrap();
    assert_eq!(value(event, "time:timestamp"), "2026-11-02T07:00:00.000Z");
    assert!(!text.contains("mary"), "people are not in it");
}

#[test]
fn the_page_says_it_in_words() {
    let page = with(SINCE, &november(), |record| table::print(&record.figures()));
    let row = |name: &str| {
        let found = page.lines().find(|line| line.starts_with(name)).unwrap();
        found.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        row("От запроса до «Готово»  "),
        "От запроса до «Готово» 2 24,0 161,0 3,0 28,7"
    );
    assert_eq!(row("  Деньги пришли"), "Деньги пришли 1");
    assert!(
        row("Станция c").ends_with("1 600 ₽"),
        "{}",
        row("Станция c")
    );
    assert!(page.contains("Оспорено, не считается: 1"));
    let nothing = with(SINCE, &(Vec::new(), Vec::new()), |record| {
        table::print(&record.figures())
    });
    assert!(nothing.contains("пока ничего"));
}
