//! The short run of the fuzz targets, for which no other compiler is needed: bytes that are random,
//! deliveries and process files that are nearly right, and inputs made to be large where it hurts.
//! `make fuzz` goes on for as long as is wanted.

#![allow(clippy::unwrap_used, unreachable_pub)]

#[path = "../fuzz/entries.rs"]
mod entries;

use proptest::prelude::*;
use signalman::process::file;
use signalman::trello::action;
use std::sync::OnceLock;
use std::{fs, path::Path};

/// Every recorded action, as Trello posts it.
fn deliveries() -> &'static [String] {
    static READ: OnceLock<Vec<String>> = OnceLock::new();
    READ.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sandbox/fixtures");
        let files = fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path());
        let read = files.map(|file| fs::read_to_string(file).unwrap());
        read.map(|action| format!("{{\"action\":{action}}}"))
            .collect()
    })
}

/// The files that are checked elsewhere, sound and broken.
fn processes() -> &'static [String] {
    static READ: OnceLock<Vec<String>> = OnceLock::new();
    READ.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files: Vec<_> = fs::read_dir(root.join("tests/check/broken"))
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        files.push(root.join("tests/check/good.toml"));
        let toml = files
            .iter()
            .filter(|file| file.extension().is_some_and(|end| end == "toml"));
        toml.map(|file| fs::read_to_string(file).unwrap()).collect()
    })
}

/// A place in a text, and what is done to it there.
#[derive(Clone, Debug)]
enum Slip {
    Cut { from: u16, len: u8 },
    Double { from: u16, len: u8 },
    Put { at: u16, what: String },
}

fn slips() -> impl Strategy<Value = Vec<Slip>> {
    let sign = prop::sample::select(vec![
        "\"",
        "'",
        "\"\"\"",
        "[",
        "]",
        "[[",
        "{",
        "}",
        "=",
        ",",
        "\n",
        ":",
        "null",
        "[]",
        "{}",
        "-1",
        "1e400",
        "\\u0000",
        "\\",
        "«",
        "\u{feff}",
        "\u{308}",
        "🚚",
        "😀\u{200d}",
        "ключ",
        "#",
        ".",
        "true",
        "пароль: Qwerty7!",
        "99999999999999999999",
    ]);
    let slip = prop_oneof![
        (any::<u16>(), any::<u8>()).prop_map(|(from, len)| Slip::Cut { from, len }),
        (any::<u16>(), any::<u8>()).prop_map(|(from, len)| Slip::Double { from, len }),
        (any::<u16>(), sign).prop_map(|(at, what)| Slip::Put {
            at,
            what: what.to_owned()
        }),
        (any::<u16>(), "\\PC{1,4}").prop_map(|(at, what)| Slip::Put { at, what }),
    ];
    prop::collection::vec(slip, 1..6)
}

fn spoilt(text: &str, slips: &[Slip]) -> String {
    let mut text = text.to_owned();
    let at = |text: &str, at: u16| text.floor_char_boundary(usize::from(at) % (text.len() + 1));
    for slip in slips {
        match slip {
            Slip::Cut { from, len } => {
                let from = at(&text, *from);
                let to = text.floor_char_boundary(text.len().min(from + usize::from(*len)));
                text.replace_range(from..to.max(from), "");
            }
            Slip::Double { from, len } => {
                let from = at(&text, *from);
                let to = text.floor_char_boundary(text.len().min(from + usize::from(*len)));
                let twice = text[from..to.max(from)].to_owned();
                text.insert_str(from, &twice);
            }
            Slip::Put { at: place, what } => {
                let place = at(&text, *place);
                text.insert_str(place, what);
            }
        }
    }
    text
}

/// Lines of a description, hostile and not.
fn description() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "\\PC{0,24}",
        "(\\*\\*|- |1\\. |> )?(Кодек|ПОРТ|Точка монтирования|ИНН) ?:(\\*\\*)? ?\\PC{0,12}",
        "(— |## )?(Поток|Контакт|Учёт)( —)?",
        "[*_:\\[\\]()<>\\\\\"«»`~ -]{0,24}",
        "(пароль|логин|ключ|token|https?://)[: =/@]{0,3}\\PC{0,16}",
    ];
    (prop::collection::vec(line, 0..10), any::<bool>())
        .prop_map(|(lines, crlf)| lines.join(if crlf { "\r\n" } else { "\n" }))
}

fn cases(cases: u32) -> ProptestConfig {
    let plain = ProptestConfig::default();
    ProptestConfig {
        cases: if plain.cases == 256 {
            cases
        } else {
            plain.cases
        },
        failure_persistence: None,
        ..plain
    }
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn any_bytes_may_come_in(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        entries::hook(&bytes);
        entries::action(&bytes);
        entries::description(&bytes);
    }

    #[test]
    fn a_delivery_may_be_nearly_right(nth in any::<prop::sample::Index>(), slips in slips()) {
        let body = spoilt(nth.get::<String>(deliveries()), &slips);
        entries::hook(format!("hDwPI5FeuiGvq23LSCiqUXO17Os=\n{body}").as_bytes());
        entries::action(body.trim_start_matches("{\"action\":").trim_end_matches('}').as_bytes());
    }

    #[test]
    fn a_description_may_say_anything(first in any::<u8>(), value in "\\PC{0,20}", desc in description()) {
        let mut bytes = vec![first % 0x80];
        bytes.extend(format!("{value}\n{desc}").as_bytes());
        entries::description(&bytes);
    }
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn a_process_file_may_be_nearly_right(nth in any::<prop::sample::Index>(), slips in slips()) {
        entries::process(spoilt(nth.get::<String>(processes()), &slips).as_bytes());
    }

    #[test]
    fn a_process_file_may_be_anything(text in "\\PC{0,80}(\n\\[\\[?[a-z.]{1,8}\\]?\\]\n[a-z_]{1,8} ?= ?\\PC{0,20}){0,4}") {
        entries::process(text.as_bytes());
    }
}

#[test]
fn what_is_nested_without_end_is_refused() {
    let deep = "[".repeat(200_000);
    entries::hook(format!("\n{{\"action\":{deep}").as_bytes());
    entries::hook(format!("\n{}", "{\"action\":".repeat(100_000)).as_bytes());
    entries::action(
        format!(
            "{{\"id\":\"1\",\"data\":{}{}}}",
            "[".repeat(120),
            "]".repeat(120)
        )
        .as_bytes(),
    );
    entries::process(format!("name = {deep}").as_bytes());
    entries::process(format!("name = {}", "{a=".repeat(100_000)).as_bytes());
    entries::process(format!("{} = 1", "a.".repeat(100_000)).as_bytes());
    let need = format!(
        "need = [{}{{ field = \"f\" }}{}]",
        "{ all = [".repeat(60),
        "] }".repeat(60)
    );
    entries::process(format!("[[stage]]\nkey = \"a\"\n{need}\n").as_bytes());
}

#[test]
fn a_large_description_is_read_in_a_bounded_way() {
    let hostile = [
        "а:",
        "*_:[\\\n",
        "[](",
        "пароль: ",
        "https://a:b@",
        "<a@",
        "1. ",
        "— ",
        "\\\"",
        "```",
        "Кодек:\n",
    ];
    for part in hostile {
        entries::description(format!("1value\n{}", part.repeat(32_000 / part.len())).as_bytes());
    }
}

#[test]
fn a_large_delivery_is_read_in_a_bounded_way() {
    let long = "пароль: Qwerty7! https://a:b@c ".repeat(500);
    let action = serde_json::json!({
        "id": "1", "date": "2026-11-24T08:00:00.000Z", "type": "updateCard", "idMemberCreator": "m",
        "data": { "card": { "id": "c", "desc": long }, "old": { "desc": long } },
    });
    let event = action::event(action.clone()).unwrap();
    let kept = serde_json::to_string(&event).unwrap();
    assert!(!kept.contains("Qwerty7!") && kept.len() < 4 * long.len());
    entries::hook(format!("\n{{\"action\":{action}}}").as_bytes());
}

#[test]
fn a_process_with_too_many_of_anything_is_refused_or_read() {
    let many = |times: usize, of: &str, text: &str| {
        let one = |nth: usize| format!("[[{of}]]\n{}\n", text.replace('№', &nth.to_string()));
        (0..times).map(one).collect::<String>()
    };
    let head = "name = \"п\"\nlanguage = \"ru\"\ntime_zone = \"Europe/Moscow\"\nmode = \"enforce\"\nowner = \"a\"\n[[role]]\nkey = \"a\"\nname = \"а\"\n";
    let stage = "key = \"s№\"\nname = \"S№\"\npurpose = \"П.\"\nowner = \"a\"";
    let told = file::read(&format!("{head}{}", many(10_000, "stage", stage))).unwrap_err();
    assert!(told.len() < 10, "{} mistakes", told.len());
    for (times, of, text) in [
        (1_000, "role", "key = \"r№\"\nname = \"р №\""),
        (1_000, "label", "key = \"l№\"\nname = \"я №\""),
        (200, "stage", "key = \"s\""),
        (
            10,
            "field",
            "key = \"f№\"\nname = \"п №\"\nkind = \"text\"\npattern = '(a{1000}){1000}'",
        ),
    ] {
        entries::process(format!("{head}{}", many(times, of, text)).as_bytes());
    }
}
