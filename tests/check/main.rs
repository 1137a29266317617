//! Process files with mistakes, each with all that `signalman check` says of it beside it. Every
//! mistake has its line and its mend, and all are told at once. UPDATE=1 writes the answers anew.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod promises;
mod targets;
mod ways;

use signalman::process::file;
use std::fs;
use std::path::{Path, PathBuf};

fn broken() -> Vec<PathBuf> {
    kept("broken")
}

fn kept(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/check")
        .join(folder);
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    files.sort();
    files
}

/// What is said of a file, and how many mistakes that are.
fn told(path: &Path) -> (String, usize) {
    let text = fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy();
    let mistakes = match file::read(&text) {
        Ok(checked) => checked.warnings,
        Err(mistakes) => mistakes,
    };
    let shown: Vec<_> = mistakes
        .iter()
        .map(|mistake| file::render(mistake, &name, &text))
        .collect();
    (shown.join("\n"), mistakes.len())
}

#[test]
fn every_mistake_is_told_with_its_line_and_its_mend() {
    let files = broken();
    assert!(files.len() >= 20);
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        assert!(file::read(&text).is_err(), "{} is sound", path.display());
        answered(&path);
    }
}

#[test]
fn what_works_and_is_surely_not_meant_is_warned_of() {
    for path in kept("warned") {
        let text = fs::read_to_string(&path).unwrap();
        assert!(file::read(&text).is_ok(), "{} is broken", path.display());
        answered(&path);
    }
}

/// What is said of a file is what is kept beside it.
fn answered(path: &Path) {
    let (said, count) = told(path);
    let name = path.display();
    assert!(count > 0, "{name} has no mistake");
    assert_eq!(
        said.matches(&format!("{}:", path.file_name().unwrap().to_string_lossy()))
            .count(),
        count,
        "{name}:\n{said}"
    );
    assert!(
        said.matches("\n  = ").count() >= count,
        "{name} says no mend:\n{said}"
    );
    let answer = path.with_extension("txt");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&answer, &said).unwrap();
    }
    let wanted = fs::read_to_string(&answer).unwrap_or_default();
    assert_eq!(said, wanted, "{name}; UPDATE=1 writes it anew");
}

#[test]
fn several_mistakes_are_told_at_once() {
    let several = broken()
        .into_iter()
        .filter(|path| path.to_string_lossy().contains("at_once"));
    for path in several {
        assert!(told(&path).1 >= 3, "{}", path.display());
    }
}

#[test]
fn of_very_many_mistakes_the_first_are_shown() {
    let text =
        include_str!("good.toml").replace("[[field]]", &"[[field]]\nkey = \"x\"\n".repeat(99));
    let mistakes = file::read(&text).err().unwrap_or_default();
    let shown = file::render_all(&mistakes, "many.toml", &text);
    assert_eq!(shown.matches("many.toml:").count(), 50);
    assert!(shown.contains(&format!("… and {} more", mistakes.len() - 50)));
}

#[test]
fn of_a_long_line_the_part_around_the_mistake_is_shown() {
    let long = format!("people = [\"{}\", \"a b\"]", "x".repeat(9000));
    let text = include_str!("good.toml").replace("people = [\"anna\"]", &long);
    let mistakes = file::read(&text).err().unwrap_or_default();
    let shown = file::render_all(&mistakes, "long.toml", &text);
    assert!(shown.len() < 1000 && shown.contains("a b"), "{shown}");
}

#[test]
fn the_schema_offers_no_place_for_passwords_and_may_be_named_in_a_file() {
    let schema = file::schema().to_string();
    assert!(!schema.contains("\"secret\""));
    assert!(schema.contains("minItems") && schema.contains("four_eyes\"]"));
    let text = format!("\"$schema\" = \"x.json\"\n{}", include_str!("good.toml"));
    assert!(file::read(&text).is_ok());
}

#[test]
fn a_process_in_force_is_kept_though_newer_rules_would_not_take_it() {
    let text = include_str!("broken/full_before_the_first.toml");
    assert!(file::read(text).is_err());
    assert!(file::in_force(text).is_some_and(|process| process.stages.len() == 4));
    assert!(file::in_force("name = ").is_none());
}

#[test]
fn a_good_file_has_none() {
    let text = include_str!("good.toml");
    let read = file::read(text);
    assert!(read.is_ok_and(|checked| checked.warnings.is_empty()));
}

#[test]
fn the_shipped_files_are_sound_but_for_empty_roles_and_speak_of_the_same_things() {
    let read = |text| match file::read(text) {
        Ok(checked) => checked,
        Err(mistakes) => panic!("{mistakes:?}"),
    };
    let (ru, en) = (
        read(include_str!("../../radio.ru.toml")),
        read(include_str!("../../radio.en.toml")),
    );
    for checked in [&ru, &en] {
        assert!(
            checked
                .warnings
                .iter()
                .all(|warning| warning.what.contains("nobody holds the role"))
        );
        let path: Vec<_> = checked
            .process
            .path()
            .map(|stage| stage.key.to_string())
            .collect();
        assert_eq!(path.len(), 9);
        assert!(
            checked
                .process
                .path()
                .last()
                .is_some_and(|stage| stage.is_final())
        );
    }
    let stages = |process: &signalman::process::Process| -> Vec<String> {
        process
            .stages
            .iter()
            .map(|stage| stage.key.to_string())
            .collect()
    };
    assert_eq!(stages(&ru.process), stages(&en.process));
    let items = |process: &signalman::process::Process| -> Vec<String> {
        let lists = process.checklists.iter();
        lists
            .flat_map(|list| &list.items)
            .map(|item| item.key.to_string())
            .collect()
    };
    assert_eq!(items(&ru.process), items(&en.process));
    assert_eq!(ru.process.fields.len(), 47);
}

#[test]
fn the_radio_file_promises_its_two_gates() {
    let process = file::read(include_str!("../../radio.ru.toml"))
        .unwrap()
        .process;
    let told: Vec<String> = file::promises(&process)
        .iter()
        .map(ToString::to_string)
        .collect();
    let promised = |parts: &[&str]| {
        told.iter()
            .any(|one| parts.iter().all(|part| one.contains(part)))
    };
    assert!(promised(&["“Подключение”", "менеджер"]), "{told:?}");
    assert!(promised(&["“Активный клиент”", "бухгалтер"]));
    assert!(promised(&[
        "Активный клиент",
        "Все пять мест проверены",
        "бухгалтер"
    ]));
    assert!(promised(&["“Счёт и оплата” cannot be skipped"]));
    assert!(promised(&["one of: Активный клиент, Отказ, Отключён"]));
    assert!(!promised(&["one of", "Отложено"]));
}
