//! What `signalman check` promises with a ✓ is true: one way that breaks it, and it is not said.

use signalman::process::file;

/// What is promised of the shipped file with one piece of it written otherwise.
fn promised(piece: &str, instead: &str) -> Vec<String> {
    let radio = include_str!("../../radio.en.toml");
    assert!(radio.contains(piece));
    let checked = match file::read(&radio.replacen(piece, instead, 1)) {
        Ok(checked) => checked,
        Err(mistakes) => panic!("{mistakes:?}"),
    };
    let promises = file::promises(&checked.process);
    promises.iter().map(ToString::to_string).collect()
}

fn after(line: &str, added: &str) -> Vec<String> {
    promised(line, &format!("{line}\n{added}"))
}

fn says(told: &[String], part: &str) -> bool {
    told.iter().any(|one| one.contains(part))
}

#[test]
fn the_shipped_file_promises_its_gates() {
    let told = promised("", "");
    for line in [
        "no path to “Connection” without the manager",
        "no path to “Connection” without “Contract signed by both sides” ticked by the manager",
        "no path to “Active client” without the manager, the engineer and the accountant",
        "no path to “Active client” without “All five places checked” ticked by the accountant",
        "“Invoice and payment” cannot be skipped",
        "every stage can reach one of: Active client, Lost, Left",
    ] {
        assert!(told.iter().any(|one| one == line), "{line}\n{told:#?}");
    }
    assert!(!says(&told, "“Details” cannot be skipped"));
}

#[test]
fn a_straight_way_past_a_stage_skips_it() {
    let straight = "next = [\"invoice\", \"connect\"]";
    let told = after(
        "once = \"tariff, price and start terms are agreed\"",
        straight,
    );
    assert!(!says(&told, "“Invoice and payment” cannot be skipped"));
    assert!(says(&told, "“Connection” cannot be skipped"));
}

#[test]
fn whoever_may_start_a_card_in_a_stage_comes_to_it() {
    let told = after("name = \"Invoice and payment\"", "start = [\"engineer\"]");
    assert!(!says(&told, "“Invoice and payment” without the manager"));
    assert!(!says(&told, "“Contract” cannot be skipped"));
}

#[test]
fn a_return_without_the_gate_is_a_way_in() {
    let told = promised(
        "to = [\"request\", \"details\", \"quote\", \"contract\"]\n  by = [\"manager\"]",
        "to = [\"connect\", \"active\"]\n  by = [\"engineer\"]",
    );
    assert!(!says(&told, "“Active client” without “All five"));
    assert!(!says(&told, "“Registration” cannot be skipped"));
    assert!(!says(&told, "“Connection” cannot be skipped"));
}
