//! Walks out of lines: what was seen, what was not, and whose lines come between.

use super::*;
use crate::model::Left;
use crate::process::{Contents, Pass};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn walk(lines: Vec<(Lane, HistoryLine)>, memories: Vec<(Lane, Memory)>) -> Walk {
    let mut walks = walked(&process(), &(lines, memories));
    assert_eq!(walks.len(), 1);
    walks.remove(0)
}

fn stages(walk: &Walk) -> Vec<(&str, bool, Until)> {
    let stays = walk.stays.iter();
    stays
        .map(|stay| (stay.stage.as_str(), stay.exact, stay.until))
        .collect()
}

const MONDAY: &str = "2026-11-02T10:00";
const TUESDAY: &str = "2026-11-03T10:00";
const WEDNESDAY: &str = "2026-11-04T10:00";

fn until(wall: &str) -> Until {
    Until::At(at(wall))
}

#[test]
fn a_card_that_was_there_before_has_no_beginning() {
    let walk = walk(vec![on("a", TUESDAY, "new", "work")], Vec::new());
    let want = [("new", false, until(TUESDAY)), ("work", true, Until::Now)];
    assert_eq!(stages(&walk), want);
    assert_eq!((walk.born(), walk.is_found()), (None, true));
    assert_eq!(walk.stays[1].by, Some("mary".into()));
}

#[test]
fn a_step_back_undone_at_once_is_no_stay() {
    let lines = vec![
        start("a", MONDAY),
        on("a", TUESDAY, "new", "work"),
        admitted("a", "2026-11-04T09:00", Some("work"), "new", How::Back),
        admitted("a", "2026-11-04T09:01", Some("new"), "work", How::Undone),
        on("a", WEDNESDAY, "work", "done"),
    ];
    let want = [
        ("new", true, until(TUESDAY)),
        ("work", true, until(WEDNESDAY)),
        ("done", true, Until::Now),
    ];
    assert_eq!(stages(&walk(lines, Vec::new())), want);
}

#[test]
fn a_step_that_nobody_told_is_not_guessed_at() {
    let lines = vec![start("a", MONDAY), on("a", WEDNESDAY, "work", "done")];
    let want = [
        ("new", true, Until::Unknown),
        ("work", false, until(WEDNESDAY)),
        ("done", true, Until::Now),
    ];
    assert_eq!(stages(&walk(lines.clone(), Vec::new())), want);
    let told = (lines, Vec::new());
    let lead = with(MONDAY, &told, |record| record.figures().flow.lead);
    assert_eq!((lead.count, lead.left_out), (0, 1));
}

#[test]
fn what_is_remembered_is_where_it_stands() {
    let found = vec![stands("a", "work", WEDNESDAY, &[])];
    let walk = walk(vec![start("a", MONDAY)], found);
    let want = [("new", true, Until::Unknown), ("work", false, Until::Now)];
    assert_eq!(stages(&walk), want);
    assert_eq!(walk.stay().unwrap().since, Some(at(WEDNESDAY)));
}

#[test]
fn a_stage_that_was_renamed_is_the_same_stage() {
    let lines = vec![start("a", MONDAY), on("a", TUESDAY, "new", "job")];
    let found = vec![stands("a", "work", TUESDAY, &[])];
    let want = [("new", true, until(TUESDAY)), ("work", true, Until::Now)];
    assert_eq!(stages(&walk(lines, found)), want);
}

#[test]
fn an_archived_card_stays_no_longer_until_it_comes_back() {
    let archived = What::Archived {
        stage: Some("new".into()),
    };
    let lines = vec![start("a", MONDAY), line("a", TUESDAY, "ARCHIV", archived)];
    let closed = |closed| {
        let (lane, mut memory) = stands("a", "new", MONDAY, &[]);
        memory.closed = closed;
        vec![(lane, memory)]
    };
    let away = walk(lines.clone(), closed(true));
    assert_eq!(stages(&away), [("new", true, until(TUESDAY))]);
    assert!(away.stay().is_none());
    let back = walk(lines, closed(false));
    assert_eq!(stages(&back), [("new", true, Until::Now)]);
}

#[test]
fn a_card_that_is_gone_keeps_its_name_and_ends() {
    let gone = |wall| {
        let what = What::Gone {
            how: Left::Deleted,
            name: "Кефир".to_owned(),
            stage: Some("new".into()),
            contents: Box::new(Contents {
                desc: String::new(),
                fields: BTreeMap::new(),
                ticks: BTreeMap::new(),
                members: BTreeSet::new(),
                owed: Vec::new(),
            }),
        };
        line("a", wall, "GONE01", what)
    };
    // It may be told twice.
    let walk = walk(
        vec![start("a", MONDAY), gone(TUESDAY), gone(WEDNESDAY)],
        Vec::new(),
    );
    assert_eq!((walk.name.as_str(), walk.stay()), ("Кефир", None));
    assert_eq!(stages(&walk), [("new", true, until(TUESDAY))]);
}

#[test]
fn the_owners_word_and_watching_are_told_apart() {
    let pass = How::Pass {
        pass: Pass {
            stage: "work".into(),
            by: "denis".into(),
            reason: "письмо есть".to_owned(),
            at: at(MONDAY),
            decision: DecisionId("PASS01".to_owned()),
        },
        call: Vec::new(),
    };
    let lines = vec![
        start("a", MONDAY),
        admitted("a", TUESDAY, Some("new"), "work", pass),
        admitted("a", WEDNESDAY, Some("work"), "done", How::Watched),
    ];
    let refusals = with(MONDAY, &(lines, Vec::new()), |record| {
        record.figures().refusals
    });
    assert_eq!((refusals.count, refusals.watched), (0, 1));
    let gates = refusals.gates.iter();
    let gates: Vec<_> = gates
        .map(|gate| (gate.key.as_str(), gate.watched, gate.by_word))
        .collect();
    assert_eq!(gates, [("work", 0, 1), ("done", 1, 0)]);
}

#[test]
fn the_first_tick_counts_and_one_from_before_is_remembered() {
    let lines = vec![
        start("a", MONDAY),
        ticked("a", WEDNESDAY, "paid"),
        ticked("a", TUESDAY, "paid"),
    ];
    let (lane, mut memory) = stands("a", "new", MONDAY, &[]);
    let tracked = serde_json::from_value(json!({
        "item": "i", "checklist": "c", "tick": {"by": "olga", "at": at(WEDNESDAY)},
    }));
    let tracked: crate::process::Tracked = tracked.unwrap();
    memory.items.insert("paid".into(), tracked.clone());
    memory.items.insert("heard".into(), tracked);
    let walk = walk(lines, vec![(lane, memory)]);
    let want = BTreeMap::from([
        ("paid".into(), at(TUESDAY)),
        ("heard".into(), at(WEDNESDAY)),
    ]);
    assert_eq!(walk.ticks, want);
}

#[test]
fn a_line_that_cannot_be_read_is_counted_and_hides_nothing_else() {
    let process = process();
    let (lane, mut line) = start("a", MONDAY);
    line.data = json!({ "what": { "what": "admitted" } });
    let mut walks = Walks::new(&process);
    walks.hear(&lane, &line);
    walks.hear(&lane, &on("a", TUESDAY, "new", "work").1);
    walks.hear(&Lane::Board, &line);
    let (walks, unread) = walks.close(&process, &[]);
    assert_eq!((walks.len(), unread), (1, 1));
    assert_eq!(walks[0].stays.len(), 2);
}

#[test]
fn values_come_from_the_description_where_nobody_guards_them() {
    let (lane, mut memory) = stands("a", "new", MONDAY, &[("currency", "EUR")]);
    memory.desc = "Абонплата: 900\nВалюта: RUB".to_owned();
    let walk = walk(Vec::new(), vec![(lane, memory)]);
    assert_eq!(walk.values[&"fee".into()], "900");
    assert_eq!(walk.values[&"currency".into()], "EUR", "as it was accepted");
}

proptest! {
    /// Lines of other cards may come in between anywhere.
    #[test]
    fn each_card_is_walked_for_itself(picks in proptest::collection::vec(any::<prop::sample::Index>(), 14)) {
        let (lines, memories) = november();
        let mut waiting: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for (lane, line) in &lines {
            let own = waiting.entry(lane.as_str().to_owned()).or_default();
            own.insert(0, (lane.clone(), line.clone()));
        }
        let mut mixed = Vec::new();
        for pick in picks {
            let mut open: Vec<_> = waiting.values_mut().filter(|own| !own.is_empty()).collect();
            let nth = pick.index(open.len());
            mixed.extend(open[nth].pop());
        }
        prop_assert_eq!(mixed.len(), lines.len());
        let process = process();
        let memories = || memories.clone();
        prop_assert_eq!(walked(&process, &(mixed, memories())), walked(&process, &(lines, memories())));
    }
}
