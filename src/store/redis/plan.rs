//! A step as the script that commits it reads it. What is kept as text goes there as text, so that
//! the script never writes JSON of its own.

use super::lease::partition;
use crate::model::{ActionId, BoardId, Lane};
use crate::process::Memory;
use crate::store::{
    Active, Commit, HistoryLine, Over, RowChange, Start, Written, counted, json, micros,
};
use jiff::Timestamp;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Taken {
    action: String,
    month: String,
    lane: String,
    at: String,
    body: String,
}

#[derive(Serialize)]
pub(super) struct Step<'s> {
    board: &'s str,
    lane: &'s str,
    partition: u16,
    owner: &'s str,
    /// None of a command, which works beside whoever holds the board.
    #[serde(skip_serializing_if = "Option::is_none")]
    fence: Option<&'s str>,
    /// The number of this step: the lane remembers the last one's.
    step: &'s str,
    now: String,
    judged: Vec<Judged<'s>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    memory: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<&'s str>,
    /// What the card adds to what each person has.
    #[serde(skip_serializing_if = "String::is_empty")]
    loads: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    edition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wip: Option<Wip<'s>>,
    history: Vec<Line<'s>>,
    effects: Vec<Queued<'s>>,
    timers: Vec<Timer<'s>>,
    rows: Vec<Row<'s>>,
    append: Vec<Taken>,
    #[serde(skip_serializing_if = "Option::is_none")]
    back_off: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wait: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bury: Option<&'s str>,
}

#[derive(Serialize)]
struct Judged<'s> {
    action: &'s str,
    month: String,
}

#[derive(Serialize)]
struct Wip<'s> {
    stage: &'s str,
    count: u32,
}

#[derive(Serialize)]
struct Line<'s> {
    line: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<&'s str>,
}

#[derive(Serialize)]
struct Queued<'s> {
    effect: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    slot: Option<&'s str>,
}

#[derive(Serialize)]
struct Timer<'s> {
    name: &'s str,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
}

#[derive(Serialize)]
struct Row<'s> {
    id: String,
    change: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    doubt: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'s str>,
}

#[derive(Serialize)]
pub(super) struct Activation<'s> {
    /// By which it is known when it is sent again.
    id: &'s str,
    board: &'s str,
    version: &'s str,
    text: &'s str,
    bindings: String,
    at: String,
    /// The version that is to be in force; nothing: none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    over: Option<&'s str>,
    afresh: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Seen<'s>>,
    cards: Vec<Card<'s>>,
}

#[derive(Serialize)]
struct Seen<'s> {
    action: &'s str,
    at: String,
}

#[derive(Serialize)]
struct Card<'s> {
    lane: &'s str,
    memory: String,
    standing: &'s str,
    loads: String,
}

impl From<Written> for Taken {
    fn from(event: Written) -> Self {
        Self {
            action: event.action.to_string(),
            month: month(&event.action, event.at),
            lane: event.lane.as_str().to_owned(),
            at: micros(event.at).to_string(),
            body: event.body,
        }
    }
}

/// Trello's ids begin with the second they were made in; the same id must always give the same month.
fn month(action: &ActionId, at: Timestamp) -> String {
    let id = action.as_str();
    let trellos = id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let second = trellos.then(|| i64::from_str_radix(&id[..8], 16).ok());
    let made = second
        .flatten()
        .and_then(|second| Timestamp::from_second(second).ok());
    let made = made.unwrap_or(at);
    made.strftime("%Y%m").to_string()
}

pub(super) struct Ours<'s> {
    pub(super) owner: &'s str,
    pub(super) fence: Option<&'s str>,
    pub(super) step: &'s str,
}

pub(super) fn step<'s>(board: &'s BoardId, commit: &'s Commit, ours: &Ours<'s>) -> Step<'s> {
    let instant = |at: Timestamp| micros(at).to_string();
    let judged = commit.judged.iter().map(|action| Judged {
        action: action.as_str(),
        month: month(action, commit.now),
    });
    let effects = commit.effects.iter().map(|effect| Queued {
        effect: json(effect),
        slot: effect.slot.as_deref(),
    });
    let timers = commit.timers.iter().map(|(name, at)| Timer {
        name,
        at: at.map(instant),
    });
    let wip = commit.expect_wip.as_ref();
    Step {
        board: board.as_str(),
        lane: commit.lane.as_str(),
        partition: partition(board),
        owner: ours.owner,
        fence: ours.fence,
        step: ours.step,
        now: instant(commit.now),
        judged: judged.collect(),
        memory: commit.memory.as_ref().map(json),
        standing: commit
            .memory
            .as_ref()
            .and_then(counted)
            .map(|stage| stage.as_str()),
        loads: commit.memory.as_ref().map(loads).unwrap_or_default(),
        edition: commit.edition.map(|edition| edition.to_string()),
        wip: wip.map(|(stage, count)| Wip {
            stage: stage.as_str(),
            count: *count,
        }),
        history: commit.history.iter().map(line).collect(),
        effects: effects.collect(),
        timers: timers.collect(),
        rows: commit.outbox.iter().map(row).collect(),
        append: commit
            .append
            .iter()
            .map(|event| Written::from(event).into())
            .collect(),
        back_off: commit.back_off.map(instant),
        wait: commit.wait.map(instant),
        bury: commit.bury.as_deref(),
    }
}

fn line(line: &HistoryLine) -> Line<'_> {
    Line {
        line: json(line),
        decision: line.decision.as_deref(),
    }
}

fn row((id, change): &(i64, RowChange)) -> Row<'_> {
    let told = |doubt: bool| Some(if doubt { "1" } else { "0" });
    let plain = |change| Row {
        id: id.to_string(),
        change,
        not_before: None,
        doubt: None,
        why: None,
    };
    match change {
        RowChange::Done => plain("done"),
        RowChange::Begun => plain("begun"),
        RowChange::Dead { why } => Row {
            why: Some(why),
            ..plain("dead")
        },
        RowChange::Later { not_before, doubt } => Row {
            not_before: Some(micros(*not_before).to_string()),
            doubt: told(*doubt),
            ..plain("later")
        },
        RowChange::Again {
            not_before, doubt, ..
        } => Row {
            not_before: Some(micros(*not_before).to_string()),
            doubt: told(*doubt),
            ..plain("again")
        },
    }
}

pub(super) fn activation<'s>(
    id: &'s str,
    board: &'s BoardId,
    active: &'s Active,
    start: &'s Start,
    over: &'s Over,
    now: Timestamp,
) -> Activation<'s> {
    let (cards, afresh, after) = match start {
        Start::CarryOn(cards) => (cards, false, None),
        Start::Afresh { cards, after } => (cards, true, after.as_ref()),
    };
    Activation {
        id,
        board: board.as_str(),
        version: &active.version.0,
        text: &active.text,
        bindings: json(&active.bindings),
        at: micros(now).to_string(),
        over: match over {
            Over::Whatever => None,
            Over::Nothing => Some(""),
            Over::Version(version) => Some(&version.0),
        },
        afresh,
        after: after.map(|(action, at)| Seen {
            action: action.as_str(),
            at: micros(*at).to_string(),
        }),
        cards: cards
            .iter()
            .map(|(lane, memory)| card(lane, memory))
            .collect(),
    }
}

fn card<'s>(lane: &'s Lane, memory: &'s Memory) -> Card<'s> {
    Card {
        lane: lane.as_str(),
        memory: json(memory),
        standing: counted(memory).map_or("", |stage| stage.as_str()),
        loads: loads(memory),
    }
}

/// Person, open, given, last; nothing where nobody has it.
pub(super) fn loads(memory: &Memory) -> String {
    let loads = memory.loads().into_iter();
    let loads = loads.map(|(member, load)| {
        let last = load.last.map_or(0, micros);
        (member, load.open, load.given, last)
    });
    let loads: Vec<_> = loads.collect();
    match loads.is_empty() {
        true => String::new(),
        false => json(&loads),
    }
}
