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
