//! A month of a small firm, reckoned by hand. Its hours are Monday to Friday 10–19 with an hour of
//! lunch at 13, so eight a day, in Moscow; 2 November 2026 is a Monday.

mod exports;
mod marks;
mod turns;
mod walks;

use super::*;
use crate::model::{BoardId, Lane, Member, MemberId};
use crate::process::{
    Accepted, Admitted, DecisionId, Episode, Finding, Hand, HistoryLine, Holders, How, ItemState,
    Look, Memory, Refused, Ruling, Standing, Version, What, file,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const NOW: &str = "2026-12-02T11:00";

const FILE: &str = include_str!("process.toml");

fn process() -> Process {
    read(FILE)
}

fn read(text: &str) -> Process {
    match file::read(text) {
        Ok(checked) => checked.process,
        Err(mistakes) => panic!("{mistakes:?}"),
    }
}

/// Moscow time.
fn at(wall: &str) -> Timestamp {
    format!("{wall}:00+03:00").parse().unwrap()
}

fn lane(card: &str) -> Lane {
    Lane::Card(card.into())
}

fn line(card: &str, wall: &str, id: &str, what: What) -> (Lane, HistoryLine) {
    let hand = Hand {
        member: Some("mary".into()),
        ..Hand::default()
    };
    let kind = what.kind().to_owned();
    let ruling = Ruling {
        id: DecisionId(id.to_owned()),
        at: at(wall),
        hand,
        what,
    };
    let line = HistoryLine {
        at: ruling.at,
        kind,
        decision: Some(id.to_owned()),
        who: None,
        version: Version("v".to_owned()),
        text: String::new(),
        data: serde_json::to_value(&ruling).unwrap(),
    };
    (lane(card), line)
}

fn admitted(card: &str, wall: &str, from: Option<&str>, to: &str, how: How) -> (Lane, HistoryLine) {
    let admitted = Admitted {
        stage: to.into(),
        from: from.map(Into::into),
        how,
        finding: None,
        owed: Vec::new(),
        settles: Vec::new(),
        rests: true,
        first: true,
        wip: None,
        owners: Vec::new(),
        partners: Vec::new(),
        call: Vec::new(),
        members: Default::default(),
        absent: Vec::new(),
        owner: Vec::new(),
    };
    line(card, wall, "ADMIT1", What::Admitted(Box::new(admitted)))
}

fn start(card: &str, wall: &str) -> (Lane, HistoryLine) {
    admitted(card, wall, None, "new", How::Start)
}

fn on(card: &str, wall: &str, from: &str, to: &str) -> (Lane, HistoryLine) {
    admitted(card, wall, Some(from), to, How::Forward)
}

fn ticked(card: &str, wall: &str, item: &str) -> (Lane, HistoryLine) {
    line(card, wall, "TICK01", What::Ticked { item: item.into() })
}

/// Turned back from «Готово» because the money is not in.
fn refused(card: &str, wall: &str, id: &str) -> (Lane, HistoryLine) {
    let part = |look, ok, parts| Finding {
        ok,
        stage: "done".into(),
        look,
        turn: vec!["boss".into()],
        say: None,
        parts,
    };
    let paid = Look::Item {
        item: "paid".into(),
        state: ItemState::Open,
    };
    let mover = part(Look::Mover { by: None }, true, Vec::new());
    let parts = vec![mover, part(paid, false, Vec::new())];
    let refused = Refused {
        target: "done".into(),
        back_to: Some("work".into()),
        list: "list".into(),
        pos: None,
        out_of: "other".into(),
        came: None,
        finding: part(Look::All, false, parts),
        episode: Episode {
            target: "done".into(),
            mover: None,
            thread: String::new(),
            decisions: Vec::new(),
            opened: at(wall),
            open: true,
        },
        again: false,
        turn: Vec::new(),
        call: Vec::new(),
    };
    line(card, wall, id, What::Refused(Box::new(refused)))
}

fn disputed(card: &str, wall: &str, decision: &str) -> (Lane, HistoryLine) {
    let what = What::Disputed {
        decision: Some(DecisionId(decision.to_owned())),
        said: "деньги есть".to_owned(),
        call: Vec::new(),
    };
    line(card, wall, "WRONG1", what)
}

/// What is remembered of a card, with these fields.
fn stands(card: &str, stage: &str, since: &str, fields: &[(&str, &str)]) -> (Lane, Memory) {
    let fields = fields.iter().map(|(key, value)| {
        let accepted = Accepted {
            value: (*value).to_owned(),
            by: None,
            at: at(since),
        };
        ((*key).into(), accepted)
    });
    let memory = Memory {
        name: format!("Станция {card}"),
        standing: Some(Standing {
            stage: stage.into(),
            since: at(since),
            proved: true,
            stood: None,
        }),
        fields: fields.collect(),
        ..Memory::default()
    };
    (lane(card), memory)
}

fn bindings() -> Bindings {
    let holders = |people: &[&str]| Holders {
        people: people.iter().map(|one| MemberId::from(*one)).collect(),
        ..Holders::default()
    };
    let person = |id: &str, name: &str| {
        let member = Member {
            id: id.into(),
            username: id.to_owned(),
            full_name: name.to_owned(),
        };
        (MemberId::from(id), member)
    };
    Bindings {
        board: BoardId::from("board"),
        bot: "bot".into(),
        app: None,
        shared_account: false,
        lists: BTreeMap::new(),
        roles: BTreeMap::from([
            ("boss".into(), holders(&["denis"])),
            ("clerk".into(), holders(&["ilya", "egor"])),
        ]),
        people: BTreeMap::from([person("ilya", "Илья"), person("egor", "Егор")]),
        labels: BTreeMap::new(),
        fields: BTreeMap::new(),
        custom_fields: Vec::new(),
        news_list: None,
        news_card: None,
        guide_card: None,
        away: Vec::new(),
        not_here: std::collections::BTreeSet::new(),
        presence: 0,
    }
}

type Told = (Vec<(Lane, HistoryLine)>, Vec<(Lane, Memory)>);

/// Five cards. A and B went all the way; C is late; D was found and never moved; E was found, moved
/// once, and was turned back twice, of which one is disputed.
fn november() -> Told {
    let lines = vec![
        start("a", "2026-11-02T10:00"),
        start("b", "2026-11-02T18:00"),
        ticked("a", "2026-11-03T11:00", "paid"),
        on("a", "2026-11-03T12:00", "new", "work"),
        ticked("a", "2026-11-04T15:00", "heard"),
        on("a", "2026-11-05T10:00", "work", "done"),
        on("b", "2026-11-09T18:00", "new", "work"),
        start("c", "2026-11-26T10:00"),
        on("c", "2026-11-27T10:00", "new", "work"),
        on("b", "2026-12-01T10:00", "work", "done"),
        on("e", "2026-12-01T12:00", "new", "work"),
        refused("e", "2026-12-02T10:20", "REFUS1"),
        refused("e", "2026-12-02T10:30", "REFUS2"),
        disputed("e", "2026-12-02T10:40", "REFUS2"),
    ];
    let a = [
        ("fee", "12 900"),
        ("currency", "RUB"),
        ("charge", "06.11.2026"),
    ];
    let c = [("fee", "24 000 ₽"), ("currency", "RUB")];
    let (lane, mut c) = stands("c", "work", "2026-11-27T10:00", &c);
    c.members = ["ilya".into(), "passer_by".into()].into();
    let memories = vec![
        stands("a", "done", "2026-11-05T10:00", &a),
        stands("b", "done", "2026-12-01T10:00", &[]),
        (lane, c),
        stands("d", "new", "2026-11-30T10:00", &[]),
        stands("e", "work", "2026-12-01T12:00", &[]),
    ];
    (lines, memories)
}

fn walked(process: &Process, (lines, memories): &Told) -> Vec<Walk> {
    let mut walks = Walks::new(process);
    lines.iter().for_each(|(lane, line)| walks.hear(lane, line));
    let (walks, unread) = walks.close(process, memories);
    assert_eq!(unread, 0);
    walks
}

fn with<T>(since: &str, told: &Told, look: impl FnOnce(&Record<'_>) -> T) -> T {
    under(&process(), since, told, look)
}

fn under<T>(process: &Process, since: &str, told: &Told, look: impl FnOnce(&Record<'_>) -> T) -> T {
    look(&Record {
        process,
        bindings: &bindings(),
        walks: &walked(process, told),
        unread: 0,
        since: at(since),
        now: at(NOW),
        language: Language::Ru,
    })
}

fn counted(since: &str) -> Value {
    with(since, &november(), |record| {
        serde_json::to_value(record.figures()).unwrap()
    })
}

fn times(figure: &Value) -> Value {
    json!([figure["count"], figure["minutes"], figure["days"]])
}

#[test]
fn a_month_reckoned_by_hand() {
    let figures = counted("2026-11-01T00:00");
    // A: Monday 8 h, Tuesday 10–12, all of 12–19 that day (1 + 5), Wednesday 8: 24 h in 72.
    // B: Monday 18–19, nine whole days to Friday the 13th, … , to Tuesday 1 December at ten:
    //    1 + 4·8 + 5·8 + 5·8 + 5·8 + 8 = 161 h = 9660 min; 28 days and 16 hours.
    // Of two the median is the first, the 85th percentile the second.
    let lead = json!([2, {"median": 1440, "p85": 9660}, {"median": 3.0, "p85": 28.7}]);
    assert_eq!(times(&figures["lead"]), lead);
    let months: Vec<_> = figures["lead"]["months"]
        .as_array()
        .unwrap()
        .iter()
        .collect();
    assert_eq!(months[0]["month"], "2026-11");
    let a = json!([1, {"median": 1440, "p85": 1440}, {"median": 3.0, "p85": 3.0}]);
    assert_eq!(times(months[0]), a);
    assert_eq!(months[1]["month"], "2026-12");
    // A in «Новые»: 8 + 2 = 10 h, 26 h by the clock. B: 1 + 4·8 + 7 = 40 h, a week. C: a Thursday, 8 h.
    let new = json!([3, {"median": 600, "p85": 2400}, {"median": 1.1, "p85": 7.0}]);
    assert_eq!(times(&figures["stages"][0]), new);
    assert_eq!(figures["stages"][0]["left_out"], 1, "E was found there");
    // In «Работа» A was 6 + 8 = 14 h, B 161 − 40 = 121 h.
    let work = json!([2, {"median": 840, "p85": 7260}, {"median": 1.9, "p85": 21.7}]);
    assert_eq!(times(&figures["stages"][1]), work);
    assert_eq!(figures["longest"], json!(["work", "new"]));
    // Of the two that are through: 10 and 40 hours of sale.
    let sale = json!([2, {"median": 600, "p85": 2400}, {"median": 1.1, "p85": 7.0}]);
    assert_eq!(figures["phases"][0]["phase"], "sale");
    assert_eq!(times(&figures["phases"][0]), sale);
    assert_eq!(figures["phases"].as_array().unwrap().len(), 2);
}

#[test]
fn a_stage_is_counted_in_the_hours_of_whoever_owns_it() {
    let hours =
        "name = \"инженер\"\nhours = { days = [\"tue\"], from = \"14:00\", to = \"18:00\" }";
    let process = read(&FILE.replacen("name = \"инженер\"", hours, 1));
    let (figures, rows) = under(&process, "2026-11-01T00:00", &november(), |record| {
        let figures = serde_json::to_value(record.figures()).unwrap();
        (figures, csv::rows(record))
    });
    // In «Работа» A was on one Tuesday afternoon, B on three.
    let work = json!([2, {"median": 240, "p85": 720}, {"median": 1.9, "p85": 21.7}]);
    assert_eq!(times(&figures["stages"][1]), work);
    assert!(rows.contains("false,240,1.92,0,0"), "{rows}");
    // All the way is counted in the hours of the firm.
    assert_eq!(figures["lead"]["minutes"]["median"], 1440);
}

#[test]
fn between_the_payment_and_the_first_charge() {
    let figures = counted("2026-11-01T00:00");
    let steps = figures["milestones"].as_array().unwrap();
    let keys: Vec<_> = steps
        .iter()
        .map(|step| step["key"].as_str().unwrap())
        .collect();
    assert_eq!(keys, ["request_to_paid", "paid_to_live", "live_to_charged"]);
    // Monday 10:00 to Tuesday 11:00: 8 + 1 h.
    let paid = json!([1, {"median": 540, "p85": 540}, {"median": 1.0, "p85": 1.0}]);
    assert_eq!(times(&steps[0]), paid);
    // Tuesday 11–13 and 14–19, Wednesday 10–13 and 14–15: 7 + 4 h; 28 by the clock.
    let live = json!([1, {"median": 660, "p85": 660}, {"median": 1.2, "p85": 1.2}]);
    assert_eq!(times(&steps[1]), live);
    // From the 4th to the 6th, by the calendar; no hours, for a day was written down.
    let charged = json!([1, null, {"median": 2.0, "p85": 2.0}]);
    assert_eq!(times(&steps[2]), charged);
    // 12 900 · 2 / 30.
    let money = json!([{"currency": "RUB", "amount": 860.0, "cards": 1}]);
    assert_eq!(figures["cost"]["uncharged"]["totals"], money);
}

#[test]
fn what_a_delay_costs() {
    let figures = counted("2026-11-01T00:00");
    let cost = &figures["cost"];
    // C: 16 h from Friday 10:00 end on Monday 30 November at 19:00; to 2 December two days,
    // 24 000 · 2 / 30 = 1 600. D: 8 h end on the same Monday, and nobody knows its fee.
    let money = json!([{"currency": "RUB", "amount": 1600.0, "cards": 1}]);
    assert_eq!(cost["totals"], money);
    let clients = cost["clients"].as_array().unwrap();
    let told: Vec<_> = clients
        .iter()
        .map(|one| json!([one["id"], one["days_late"], one["cost"]]))
        .collect();
    assert_eq!(told, [json!(["c", 2, 1600.0]), json!(["d", 2, null])]);
    assert_eq!(clients[0]["due"], "2026-11-30T16:00:00Z");
}

#[test]
fn refusals_are_counted_by_gate_and_by_what_was_missing() {
    let figures = counted("2026-11-01T00:00");
    let refusals = &figures["refusals"];
    assert_eq!(refusals["count"], 1, "the other is disputed");
    assert_eq!(refusals["disputed_left_out"], 1);
    let gate = json!({
        "key": "done", "name": "Готово", "refused": 1, "watched": 0, "cards": 1, "admitted": 2, "by_word": 0,
        "missing": [{"id": "item:paid", "name": "Деньги пришли", "times": 1}],
    });
    assert_eq!(refusals["gates"], json!([gate]));
    assert!(!refusals.to_string().contains("mary"), "nobody is named");
}

#[test]
fn the_board_as_it_stands() {
    let figures = counted("2026-11-01T00:00");
    let stages = figures["present"]["stages"].as_array().unwrap();
    let told = stages.iter().map(|one| json!([one["cards"], one["late"]]));
    let told: Vec<_> = told.collect();
    assert_eq!(
        told,
        [json!([1, 1]), json!([2, 1]), json!([2, 0]), json!([0, 0])]
    );
    // D has stood there at least since it was first seen; C for five days and an hour, E for 23 hours.
    assert_eq!(stages[0]["oldest"]["exact"], false);
    assert_eq!(stages[1]["oldest"]["id"], "c");
    let ages = stages[1]["ages"].as_array().unwrap().iter();
    let ages: Vec<_> = ages.map(|age| age["cards"].as_u64().unwrap()).collect();
    assert_eq!(ages, [1, 0, 1, 0, 0]);
    assert_eq!(figures["cards"]["found"], 2);
    let roles = figures["load"]["roles"].as_array().unwrap();
    assert_eq!(roles[1]["cards"], 2);
    assert_eq!(roles[1]["nobody"], 0, "E is any engineer's");
    let people = roles[1]["people"].as_array().unwrap().iter();
    let people: Vec<_> = people
        .map(|one| json!([one["name"], one["cards"], one["late"]]))
        .collect();
    assert_eq!(people, [json!(["Егор", 1, 0]), json!(["Илья", 2, 1])]);
}

#[test]
fn a_card_is_on_the_hands_of_whose_turn_it_is_and_not_of_who_lends_one() {
    let mut told = november();
    let (_, c) = told.1.iter_mut().find(|(at, _)| *at == lane("c")).unwrap();
    c.members = ["ilya".into(), "egor".into()].into();
    c.holders = vec!["egor".into()];
    c.turns.stage = Some("work".into());
    // E is any engineer's, C Egor's alone.
    let since = "2026-11-01T00:00";
    let figures = with(since, &told, |record| {
        serde_json::to_value(record.figures()).unwrap()
    });
    let people = &figures["load"]["roles"][1]["people"];
    assert_eq!(
        (&people[0]["name"], &people[0]["cards"]),
        (&json!("Егор"), &json!(2))
    );
    assert_eq!(
        (&people[1]["name"], &people[1]["cards"]),
        (&json!("Илья"), &json!(1))
    );
}

#[test]
fn only_what_ended_since_is_counted() {
    let figures = counted("2026-11-15T00:00");
    assert_eq!(figures["lead"]["count"], 1, "A was through before");
    assert_eq!(
        figures["lead"]["minutes"]["median"], 9660,
        "B began before, and counts whole"
    );
    assert_eq!(figures["milestones"][0]["count"], 0);
    assert_eq!(figures["cost"]["uncharged"]["totals"], json!([]));
    let later = counted("2026-12-02T10:25");
    assert_eq!(later["refusals"]["count"], 0);
    assert_eq!(later["refusals"]["disputed_left_out"], 1);
}

#[test]
fn every_figure_says_what_it_means_in_both_languages() {
    let told = |language| {
        with("2026-11-01T00:00", &november(), |record| {
            let record = Record {
                language,
                ..*record
            };
            serde_json::to_value(record.figures()).unwrap()
        })
    };
    let (ru, en) = (told(Language::Ru), told(Language::En));
    let says = |figures: &Value| {
        let mut found = Vec::new();
        gather(figures, &mut found);
        found
    };
    let (ru, en) = (says(&ru), says(&en));
    assert!(ru.len() > 12, "{ru:?}");
    assert_eq!(ru.len(), en.len());
    let cyrillic = |text: &str| text.chars().any(|sign| ('а'..='я').contains(&sign));
    assert!(
        ru.iter().all(|say| cyrillic(say) && say.ends_with('.')),
        "{ru:?}"
    );
    for say in en {
        let own = say.split(['“', '”']).step_by(2).collect::<String>();
        assert!(!cyrillic(&own) && say.ends_with('.'), "{say}");
    }
}

fn gather(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(parts) => {
            found.extend(parts.get("say").and_then(Value::as_str).map(str::to_owned));
            parts.values().for_each(|part| gather(part, found));
        }
        Value::Array(parts) => parts.iter().for_each(|part| gather(part, found)),
        _ => {}
    }
}
