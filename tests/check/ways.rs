//! Ways to people, as the documentation and the shipped files show them.

use signalman::process::file;

fn sound(name: &str, text: &str) -> signalman::process::Process {
    match file::read(text) {
        Ok(checked) => checked.process,
        Err(mistakes) => panic!("{}", file::render_all(&mistakes, name, text)),
    }
}

#[test]
fn the_documentation_shows_ways_that_work_below_the_shipped_process() {
    let page = include_str!("../../docs/messages.md");
    let shown = page.split("```toml\n").nth(1).unwrap();
    let section = shown.split("```").next().unwrap();
    let text = format!("{}\n{section}", include_str!("../../radio.ru.toml"));
    let process = sound("messages.md", &text);
    assert_eq!((process.ways.len(), process.people.len()), (4, 2));
}

#[test]
fn those_in_the_shipped_files_need_only_their_hashes_taken_off() {
    for shipped in [
        include_str!("../../radio.ru.toml"),
        include_str!("../../radio.en.toml"),
    ] {
        let at = shipped.find("# [[way]]").unwrap();
        let (before, rest) = shipped.split_at(at);
        let (ways, after) = rest.split_once("\n\n").unwrap();
        let lines = ways.lines().map(|line| line.trim_start_matches('#'));
        let bare: Vec<_> = lines
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        let text = format!("{before}{}\n\n{after}", bare.join("\n"));
        let process = sound("radio.toml", &text);
        assert_eq!((process.ways.len(), process.people.len()), (2, 2));
        let maria = process.person("maria_demo").unwrap();
        assert!(maria.digest && maria.notify.len() == 2);
    }
}
