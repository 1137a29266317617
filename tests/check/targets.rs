//! The sections that the documentation shows work as they stand there.

use signalman::process::file;

#[test]
fn every_target_in_the_documentation_is_sound_below_the_shipped_process() {
    let page = include_str!("../../docs/targets.md");
    let shown: Vec<_> = page.split("```toml\n").skip(1).collect();
    assert!(!shown.is_empty());
    for section in shown {
        let section = section.split("```").next().unwrap();
        let text = format!("{}\n{section}", include_str!("../../radio.ru.toml"));
        if let Err(mistakes) = file::read(&text) {
            panic!("{}", file::render_all(&mistakes, "targets.md", &text));
        }
    }
}

#[test]
fn those_in_the_shipped_files_need_only_their_hashes_taken_off() {
    for shipped in [
        include_str!("../../radio.ru.toml"),
        include_str!("../../radio.en.toml"),
    ] {
        let at = shipped.find("# [[target]]").unwrap();
        let (process, sections) = shipped.split_at(at);
        let lines = sections.lines().map(|line| line.trim_start_matches('#'));
        let bare: Vec<_> = lines
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        let text = format!("{process}\n{}", bare.join("\n"));
        let checked = match file::read(&text) {
            Ok(checked) => checked,
            Err(mistakes) => panic!("{}", file::render_all(&mistakes, "radio.toml", &text)),
        };
        assert_eq!(checked.process.targets.len(), 5);
        let mut told = checked.warnings.iter();
        let told = told.find(|told| told.span.start > process.len());
        assert!(told.is_none(), "{told:?}");
    }
}
