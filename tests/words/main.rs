//! Every sentence that people read, in both languages, side by side with how it was approved.
//! UPDATE=1 writes them anew; read the difference as the people at the card would.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod book;
mod clock;
mod more;
mod panel;
mod post;
mod setup;
mod turns;

use book::book;

fn approved(language: &str, told: &str) {
    let path = format!("{}/tests/words/{language}.md", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, told).unwrap();
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        told == wanted,
        "{language}.md no longer says what is said; UPDATE=1 writes it, git diff shows it"
    );
}

#[test]
fn russian_sentences_are_as_approved() {
    approved("ru", &book(true));
}

#[test]
fn english_sentences_are_as_approved() {
    approved("en", &book(false));
}

#[test]
fn nobody_is_blamed_shouted_at_or_guessed_about() {
    let (ru, en) = (book(true).to_lowercase(), book(false).to_lowercase());
    for word in ["ошибк", "запрещ", "нарушен", "нельзя", "похоже, ", "!\n"]
    {
        assert!(
            !ru.lines()
                .any(|line| line.contains(word) && !line.contains("здравствуйте")),
            "{word}"
        );
    }
    for word in [
        "error",
        "forbidden",
        "violat",
        "not allowed to",
        " his ",
        " her ",
    ] {
        assert!(
            !en.lines()
                .any(|line| !line.starts_with("##") && line.contains(word)),
            "{word}"
        );
    }
}
