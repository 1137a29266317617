//! The same in an XLSX workbook, written and read by other people's programs.

use super::{KEY, Share, teapot};
use crate::client::{client, confirmed, known_by, refused, retired, several, system};
use calamine::{Data, DataType, Range, Reader, Xlsx, open_workbook};
use rust_xlsxwriter::{Color, Format, Formula, Workbook, Worksheet};
use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};

/// As a firm has it: a title over merged cells, colours, a sum, a second sheet.
fn list() -> Vec<u8> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold().set_background_color(Color::Yellow);
    let money = Format::new().set_num_format("# ##0.00");
    let sheet = book.add_worksheet().set_name("Клиенты").unwrap();
    sheet
        .merge_range(0, 0, 0, 3, "Наши клиенты", &bold)
        .unwrap();
    for (column, name) in ["Станция", "ИНН", "Сумма", "Вдвое"].into_iter().enumerate()
    {
        let column = u16::try_from(column).unwrap();
        sheet.write_with_format(1, column, name, &bold).unwrap();
    }
    kept(sheet, 2, "Кефир FM", "9601000001", 12_900.0, &money);
    let rates = book.add_worksheet().set_name("Тарифы").unwrap();
    rates
        .write(
            0,
            0,
            Formula::new("=SUM(Клиенты!C3:C100)").set_result("12900"),
        )
        .unwrap();
    book.save_to_buffer().unwrap()
}

fn kept(sheet: &mut Worksheet, row: u32, name: &str, inn: &str, fee: f64, money: &Format) {
    sheet.write(row, 0, name).unwrap();
    sheet.write(row, 1, inn).unwrap();
    sheet.write_with_format(row, 2, fee, money).unwrap();
    let formula = Formula::new(format!("=C{}*2", row + 1)).set_result((fee * 2.0).to_string());
    sheet.write(row, 3, formula).unwrap();
}

fn read(share: &Share, sheet: &str) -> Range<Data> {
    let mut book: Xlsx<_> = open_workbook(&share.file).unwrap();
    book.worksheet_range(sheet).unwrap()
}

fn row(share: &Share, sheet: &str, row: u32) -> Vec<String> {
    let range = read(share, sheet);
    let width = range.width() as u32;
    let cell = |column| range.get_value((row, column)).cloned().unwrap_or_default();
    (0..width).map(|column| cell(column).to_string()).collect()
}

/// Every part of the archive.
fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|nth| {
            let mut part = archive.by_index(nth).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (part.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

#[tokio::test]
async fn a_client_is_a_row_and_all_else_stays() {
    // Made once: it holds the second in which it was made.
    let list = list();
    let share = Share::with("clients.xlsx", &list);
    let place = share.place();
    assert_eq!(confirmed(&place.upsert(&teapot()).await), KEY);
    let names = [
        "Станция",
        "ИНН",
        "Сумма",
        "Вдвое",
        "Телефон",
        "status",
        "signalman",
    ];
    assert_eq!(row(&share, "Клиенты", 1), names);
    let stands = [
        "Радио «Чайник»; главное",
        "7707083893",
        "12900",
        "",
        "+79991234567",
        "active",
        KEY,
    ];
    assert_eq!(row(&share, "Клиенты", 3), stands);
    assert!(
        read(&share, "Клиенты")
            .get_value((3, 2))
            .unwrap()
            .is_float()
    );
    assert!(
        read(&share, "Клиенты")
            .get_value((3, 1))
            .unwrap()
            .is_string()
    );

    let (before, after) = (parts(&list), parts(&fs::read(&share.file).unwrap()));
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        after.keys().collect::<Vec<_>>()
    );
    let differ: Vec<_> = before
        .iter()
        .filter(|(name, bytes)| after[*name] != **bytes)
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(differ, ["xl/worksheets/sheet1.xml"]);
    let text = String::from_utf8(after["xl/worksheets/sheet1.xml"].clone()).unwrap();
    assert!(text.contains("<f>C3*2</f>"), "{text}");
    // As the row above, and as the name before.
    assert!(
        text.contains(r#"<c r="C4" s="2"><v>12900.00</v>"#),
        "{text}"
    );
    assert!(text.contains(r#"<c r="E2" s="1" t="inlineStr">"#), "{text}");
    assert!(text.contains(r#"<dimension ref="A1:G4"/>"#), "{text}");

    let file = fs::read(&share.file).unwrap();
    confirmed(&place.upsert(&teapot()).await);
    assert_eq!(fs::read(&share.file).unwrap(), file);
    let mut changed = teapot();
    changed.values.insert("Сумма".into(), "15000.00".into());
    // A letter that XML has none for is left out.
    let name = "=1+1 & <b>\u{1}";
    changed.values.insert("Станция".into(), name.into());
    confirmed(&place.upsert(&changed).await);
    confirmed(&place.upsert(&retired(changed)).await);
    let stands = [
        "=1+1 & <b>",
        "7707083893",
        "15000",
        "",
        "+79991234567",
        "retired",
        KEY,
    ];
    assert_eq!(row(&share, "Клиенты", 3), stands);
    assert_eq!(read(&share, "Клиенты").height(), 4);
}

#[tokio::test]
async fn an_empty_workbook_becomes_a_list_in_the_sheet_that_is_named() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Прочее").unwrap();
    book.add_worksheet().set_name("Клиенты").unwrap();
    let share = Share::with("clients.xlsx", book.save_to_buffer().unwrap());
    let section = super::section(&share.file);
    let named = |sheet: &str| {
        let key = format!("table = \"{sheet}\"\nmatch");
        system(&section.replacen("match", &key, 1), None)
    };
    let why = refused(&named("Тарифы").upsert(&teapot()).await);
    assert_eq!(why, "there is no such sheet; there are “Прочее”, “Клиенты”");
    confirmed(&named("Клиенты").upsert(&teapot()).await);
    assert_eq!(row(&share, "Клиенты", 0)[0], "Станция");
    assert_eq!(row(&share, "Клиенты", 1)[5], KEY);
    assert_eq!(read(&share, "Прочее").height(), 0);
}

#[tokio::test]
async fn who_was_entered_by_hand_is_found_and_linked() {
    let share = Share::with("clients.xlsx", list());
    let mut kefir = teapot();
    kefir.values.insert("ИНН".into(), "9601000001".into());
    kefir.values.remove("Сумма");
    confirmed(&share.place().upsert(&known_by(kefir, "ИНН")).await);
    let row = row(&share, "Клиенты", 2);
    assert_eq!(row[2..], ["12900", "25800", "+79991234567", "active", KEY]);
    assert_eq!(read(&share, "Клиенты").height(), 3);

    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, inn) in [(0, "ИНН"), (1, "7707083893"), (2, "7707083893")] {
        sheet.write(row, 0, inn).unwrap();
    }
    // As a number, as people type it.
    sheet.write(2, 0, 7_707_083_893.0).unwrap();
    let share = Share::with("clients.xlsx", book.save_to_buffer().unwrap());
    let ids = several(&share.place().upsert(&known_by(teapot(), "ИНН")).await);
    assert_eq!(ids, ["row 2", "row 3"]);
}

#[tokio::test]
async fn days_are_numbers_where_people_have_them_so() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in ["Станция", "Телефон"].into_iter().enumerate() {
        let column = u16::try_from(column).unwrap();
        sheet.write(0, column, name).unwrap();
    }
    let day = Format::new().set_num_format("dd.mm.yyyy");
    sheet.write(1, 0, "Кефир FM").unwrap();
    sheet.write_with_format(1, 1, 46_357.0, &day).unwrap();
    let share = Share::with("clients.xlsx", book.save_to_buffer().unwrap());
    let client = client(KEY, &[("Станция", "Чайник"), ("Телефон", "2026-12-02")]);
    for _ in 0..2 {
        confirmed(&share.place().upsert(&client).await);
        let cell = read(&share, "Sheet1").get_value((2, 1)).cloned().unwrap();
        assert_eq!(
            (cell.is_datetime(), cell.to_string().as_str()),
            (true, "46358")
        );
    }
}

#[tokio::test]
async fn what_somebody_reckons_or_protects_is_not_written_over() {
    let why = async |change: &dyn Fn(&mut Worksheet)| {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (column, name) in ["Станция", "ИНН", "signalman"].into_iter().enumerate() {
            sheet
                .write(0, u16::try_from(column).unwrap(), name)
                .unwrap();
        }
        sheet.write(1, 2, KEY).unwrap();
        change(sheet);
        let bytes = book.save_to_buffer().unwrap();
        let share = Share::with("clients.xlsx", &bytes);
        let why = refused(&share.place().upsert(&teapot()).await);
        assert_eq!(fs::read(&share.file).unwrap(), bytes);
        why
    };
    let formula = |sheet: &mut Worksheet| _ = sheet.write(1, 0, Formula::new("=B2")).unwrap();
    assert_eq!(why(&formula).await, "the cell A2 holds a formula");
    let merged = |sheet: &mut Worksheet| {
        let _ = sheet.merge_range(1, 0, 1, 1, "вместе", &Format::new());
    };
    assert_eq!(why(&merged).await, "the cell B2 is merged with others");
    let protected = |sheet: &mut Worksheet| _ = sheet.protect();
    assert_eq!(
        why(&protected).await,
        "the sheet is protected against changes"
    );
    let share = Share::with("clients.xlsx", "no workbook");
    let why = refused(&share.place().upsert(&teapot()).await);
    assert!(why.contains("no XLSX workbook"), "{why}");
}

/// As some programs write it: elements with a prefix, cells that do not say where they stand, rows that
/// close themselves, letters of several kinds in one cell.
#[tokio::test]
async fn a_workbook_of_an_unusual_program_is_understood() {
    let sheet = r#"<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="1"><x:c t="inlineStr"><x:is><x:t>Станция</x:t></x:is></x:c><x:c t="inlineStr"><x:is><x:r><x:t>И</x:t></x:r><x:r><x:t>НН</x:t></x:r><x:rPh sb="0" eb="1"><x:t>нет</x:t></x:rPh></x:is></x:c></x:row><x:row r="3" spans="1:2"/></x:sheetData></x:worksheet>"#;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts(&list()) {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(&name, options).unwrap();
        let ours = name == "xl/worksheets/sheet1.xml";
        let bytes = if ours { sheet.as_bytes() } else { &bytes };
        writer.write_all(bytes).unwrap();
    }
    let share = Share::with("clients.xlsx", writer.finish().unwrap().into_inner());
    confirmed(&share.place().upsert(&teapot()).await);
    let after = parts(&fs::read(&share.file).unwrap());
    let text = String::from_utf8(after["xl/worksheets/sheet1.xml"].clone()).unwrap();
    assert!(text.contains(r#"<x:c r="C1" t="inlineStr">"#), "{text}");
    let row = r#"<x:row r="3" ><x:c r="A3" t="inlineStr">"#;
    assert!(text.contains(row), "{text}");
    assert!(
        text.contains(r#"<x:c r="C3"><x:v>12900.00</x:v></x:c>"#),
        "{text}"
    );
    assert!(
        text.ends_with("</x:row></x:sheetData></x:worksheet>"),
        "{text}"
    );
}
