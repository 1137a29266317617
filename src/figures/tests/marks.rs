//! What tells of a payment, of delivery, of the first charge: an item, a day, a stage.

use super::*;

const SINCE: &str = "2026-11-01T00:00";

fn steps(text: &str, told: &Told) -> Vec<(&'static str, usize, usize, Option<f64>)> {
    let milestones = under(&read(text), SINCE, told, |record| {
        record.figures().flow.milestones
    });
    let told = milestones.into_iter().map(|one| {
        let days = one.time.days.map(|days| days.median);
        (one.key, one.time.count, one.time.left_out, days)
    });
    told.collect()
}

/// One card that came on Monday, was paid on Tuesday and heard itself on Wednesday, at ten each.
fn one(charge: &str) -> Told {
    let lines = vec![
        start("a", "2026-11-02T10:00"),
        ticked("a", "2026-11-03T10:00", "paid"),
        on("a", "2026-11-03T12:00", "new", "work"),
        ticked("a", "2026-11-04T10:00", "heard"),
    ];
    let fields = [("charge", charge)];
    (
        lines,
        vec![stands("a", "work", "2026-11-03T12:00", &fields)],
    )
}

#[test]
fn a_day_may_be_written_or_kept_by_trello_as_an_instant() {
    for (charge, days) in [
        ("06.11.2026", 2.0),
        ("6 ноября 2026", 2.0),
        // Half past midnight in Moscow.
        ("2026-11-05T21:30:00.000Z", 2.0),
        // Charged from before: no day went uncharged.
        ("01.11.2026", 0.0),
    ] {
        let steps = steps(FILE, &one(charge));
        assert_eq!(steps[2], ("live_to_charged", 1, 0, Some(days)), "{charge}");
    }
    for no_day in ["", "скоро"] {
        assert_eq!(steps(FILE, &one(no_day))[2].1, 0, "{no_day}");
    }
}

#[test]
fn a_stage_tells_by_its_first_entry() {
    let text = FILE.replacen(
        "live = { item = \"heard\" }",
        "live = { stage = \"work\" }",
        1,
    );
    let steps = steps(&text, &one(""));
    assert_eq!(steps[1], ("paid_to_live", 1, 0, Some(0.1)));
}

#[test]
fn who_paid_after_delivery_is_left_out_and_said_to_be() {
    let (mut lines, memories) = one("");
    lines.push(ticked("b", "2026-11-03T10:00", "heard"));
    lines.push(ticked("b", "2026-11-09T10:00", "paid"));
    lines.push(start("b", "2026-11-02T10:00"));
    let steps = steps(FILE, &(lines, memories));
    assert_eq!(steps[0], ("request_to_paid", 2, 0, Some(1.0)));
    assert_eq!(steps[1], ("paid_to_live", 1, 1, Some(1.0)));
}

#[test]
fn of_marks_that_were_found_nobody_knows_the_time_between() {
    let tick = |wall: &str| -> crate::process::Tracked {
        let tick = json!({"by": "olga", "at": at(wall)});
        let tracked = json!({"item": "i", "checklist": "c", "tick": tick});
        serde_json::from_value(tracked).unwrap()
    };
    let found = |charge: &str, live: &str| {
        let fields = [("charge", charge), ("fee", "300"), ("currency", "RUB")];
        let (lane, mut memory) = stands("f", "work", "2026-11-20T10:00", &fields);
        memory.items.insert("paid".into(), tick("2026-11-20T10:00"));
        memory.items.insert("heard".into(), tick(live));
        (lane, memory)
    };
    let told = (Vec::new(), vec![found("20.11.2026", "2026-11-20T10:00")]);
    let told_steps = steps(FILE, &told);
    assert_eq!(told_steps[1], ("paid_to_live", 0, 1, None));
    assert_eq!(told_steps[2], ("live_to_charged", 0, 1, None));
    let cost = with(SINCE, &told, |record| record.figures().cost);
    assert!(cost.unwrap().uncharged.unwrap().totals.is_empty());
    // The delivery was seen: of it and of the payment before it Trello told the time.
    let lines = vec![ticked("f", "2026-11-23T10:00", "heard")];
    let seen = (lines, vec![found("24.11.2026", "2026-11-23T10:00")]);
    let told_steps = steps(FILE, &seen);
    assert_eq!(told_steps[1], ("paid_to_live", 1, 0, Some(3.0)));
    assert_eq!(told_steps[2], ("live_to_charged", 1, 0, Some(1.0)));
}

#[test]
fn without_the_section_there_is_no_word_of_money() {
    let (text, _) = FILE.split_once("[figures]").unwrap();
    let told = november();
    let figures = under(&read(text), SINCE, &told, |record| record.figures());
    assert_eq!(figures.cost, None);
    assert!(figures.flow.milestones.is_empty());
    assert_eq!(figures.flow.lead.count, 2);
}

#[test]
fn currencies_are_not_added_up() {
    let told = november();
    let (lines, mut memories) = told;
    let euros = [("fee", "100"), ("currency", "EUR")];
    memories.push(stands("f", "new", "2026-11-20T10:00", &euros));
    let cost = with(SINCE, &(lines, memories), |record| record.figures().cost);
    let totals = cost.unwrap().totals.into_iter();
    let totals: Vec<_> = totals
        .map(|sum| (sum.currency.unwrap(), sum.amount))
        .collect();
    // Eight hours from Friday the 20th at ten are over at 19:00; to 2 December 12 days, 100 · 12 / 30.
    assert_eq!(totals, [("EUR".into(), 40.0), ("RUB".into(), 1600.0)]);
}
