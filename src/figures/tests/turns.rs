//! One clock and one rule of whose turn it is: figures and letters say what the card's panel says.

use super::*;
use crate::model::Away;
use crate::process::words::Morning;
use crate::process::{ClockStay, Memory, Turns, Waiting};

/// C on the hands of Ilya in «Работа», with this in its memory.
fn c(change: impl FnOnce(&mut Memory)) -> Told {
    let (mut lines, mut memories) = november();
    lines.retain(|(at, _)| *at == lane("c"));
    memories.retain(|(at, _)| *at == lane("c"));
    let memory = &mut memories[0].1;
    memory.members = ["ilya".into()].into();
    memory.holders = vec!["ilya".into()];
    memory.turns = Turns {
        stage: Some("work".into()),
        ..Turns::default()
    };
    change(memory);
    (lines, memories)
}

fn waits_since(memory: &mut Memory, wall: &str) {
    memory.clock.waiting = Some(Waiting {
        since: at(wall),
        by: None,
        reason: "логотип".to_owned(),
        until: None,
    });
}

fn away(member: &str, deputy: Option<&str>) -> Bindings {
    let away = Away {
        member: member.into(),
        from: jiff::civil::date(2026, 12, 2),
        to: jiff::civil::date(2026, 12, 2),
        deputy: deputy.map(Into::into),
    };
    Bindings {
        away: vec![away],
        ..bindings()
    }
}

fn seen<T>(told: &Told, bindings: &Bindings, look: impl FnOnce(&Record<'_>) -> T) -> T {
    with("2026-11-01T00:00", told, |record| {
        look(&Record {
            bindings,
            ..*record
        })
    })
}

fn morning(told: &Told, bindings: &Bindings, who: &str) -> Morning {
    seen(told, bindings, |record| record.morning(&who.into()))
}

fn figures(told: &Told, bindings: &Bindings) -> Value {
    seen(told, bindings, |record| {
        serde_json::to_value(record.figures()).unwrap()
    })
}

#[test]
fn a_wait_that_no_line_tells_of_stops_the_time_in_figures_and_letters() {
    let runs = figures(&c(|_| {}), &bindings());
    assert_eq!(runs["present"]["stages"][1]["late"], 1);
    for told in [
        c(|memory| waits_since(memory, "2026-11-27T10:00")),
        // It is over, and took all but an hour.
        c(|memory| {
            let mut stay = ClockStay::new("work".into(), at("2026-11-27T10:00"));
            stay.paused(at("2026-11-27T10:00"), at("2026-12-02T10:00"));
            memory.clock.stay = Some(stay);
        }),
    ] {
        let figures = figures(&told, &bindings());
        assert_eq!(figures["present"]["stages"][1]["late"], 0);
        let clients = figures["cost"]["clients"].as_array().unwrap();
        assert!(clients.iter().all(|one| one["id"] != "c"), "{clients:?}");
        let whole = morning(&told, &bindings(), "denis").whole.unwrap();
        assert!(
            whole
                .stuck
                .iter()
                .chain(&whole.late)
                .all(|one| one.card != "Станция c")
        );
        let process = process();
        let (_, memory) = &told.1[0];
        let (_, timing) = process.timing_of(&bindings(), memory, at(NOW)).unwrap();
        let oldest = &figures["present"]["stages"][1]["oldest"];
        assert_eq!(oldest["so_far_minutes"], timing.worked(at(NOW)).as_mins());
    }
}

#[test]
fn a_card_that_waits_is_nobodys_turn_in_a_letter() {
    let told = c(|memory| waits_since(memory, "2026-11-27T10:00"));
    let ilya = morning(&told, &bindings(), "ilya");
    assert!(ilya.turn.is_empty() && ilya.soon.is_empty(), "{ilya:?}");
    assert_eq!(ilya.others.len(), 1);
    assert_eq!(ilya.others[0].waits.as_ref().unwrap().reason, "логотип");
    // Whoever is on a card where it is another's turn reads of it, too.
    let told = c(|memory| {
        memory.members.insert("egor".into());
    });
    let egor = morning(&told, &bindings(), "egor");
    assert!(egor.turn.iter().all(|one| one.card != "Станция c"));
    assert_eq!(egor.others[0].who, ["Илья"]);
}

#[test]
fn whoever_is_away_has_no_turn_and_the_deputy_has_it() {
    let told = c(|_| {});
    let bindings = away("ilya", Some("denis"));
    let names = |told: &Told, bindings: &Bindings, who: &str| {
        let turn = morning(told, bindings, who).turn.into_iter();
        turn.map(|one| one.card).collect::<Vec<_>>()
    };
    let own = |who: &str| names(&told, &bindings, who).contains(&"Станция c".to_owned());
    // The card was not handed over yet; Egor is there as well.
    assert_eq!(["ilya", "egor", "denis"].map(own), [false, true, true]);
    let whole = morning(&told, &bindings, "denis").whole.unwrap();
    let late = whole.stuck.iter().chain(&whole.late);
    let who: Vec<_> = late.flat_map(|one| one.who.clone()).collect();
    assert!(!who.contains(&"Илья".to_owned()), "{who:?}");
    let people = figures(&told, &bindings)["load"]["roles"][1]["people"].to_string();
    assert!(!people.contains("Илья"), "{people}");
}
