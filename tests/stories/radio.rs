//! The firm's process, as it is shipped, with the practice board's people in its roles.

/// The shipped file with the practice board's people.
pub fn radio_text() -> String {
    let people = [
        ("manager", "\"maria_demo\"", "\"vera_demo\""),
        ("engineer", "\"ilya_demo\", \"egor_demo\"", ""),
        ("accountant", "\"olga_demo\"", ""),
        ("director", "\"denis_demo\"", ""),
    ];
    let mut text = include_str!("../../radio.ru.toml").to_owned();
    for (role, people, deputies) in people {
        let at = text.find(&format!("[[role]]\nkey = \"{role}\"")).unwrap();
        let rest = text.split_off(at);
        let rest = rest.replacen("people = []", &format!("people = [{people}]"), 1);
        text += &rest.replacen("deputies = []", &format!("deputies = [{deputies}]"), 1);
    }
    text
}
