//! How long cards take: through the whole process, in its phases and stages, and between the payment,
//! the delivery and the first charge.

use super::spread::{Moment, Sample, Spread, between, in_hours, moments};
use super::words::Words;
use super::{Record, Walk};
use crate::process::checks::check;
use crate::process::{Field, FieldKey, FieldKind, Mark, Phase, Process, Stage, Value};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Flow {
    /// From the first day on the path to the last stage.
    pub lead: Spread,
    /// Of the same cards: how much of it they spent in each phase.
    pub phases: Vec<PhaseTime>,
    /// Of each stay in each stage, the final one too, where cards only seldom leave.
    pub stages: Vec<StageTime>,
    /// The stages of the path in which a card waits, the longest median first.
    pub longest: Vec<String>,
    /// Between the marks that the file names, in their order.
    pub milestones: Vec<Milestone>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PhaseTime {
    pub phase: Phase,
    #[serde(flatten)]
    pub time: Spread,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StageTime {
    pub key: String,
    pub phase: Option<Phase>,
    pub side: bool,
    #[serde(rename = "final")]
    pub is_final: bool,
    pub limit_minutes: Option<i64>,
    #[serde(flatten)]
    pub time: Spread,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Milestone {
    /// `request_to_paid`, `paid_to_live`, `live_to_charged`.
    pub key: &'static str,
    #[serde(flatten)]
    pub time: Spread,
}

pub(super) fn flow(record: &Record<'_>, words: &Words) -> Flow {
    let (lead, phases) = through(record, words);
    let stages = stages(record, words);
    let mut longest: Vec<(i64, String)> = stages
        .iter()
        .filter(|stage| !stage.side && !stage.is_final)
        .filter_map(|stage| Some((stage.time.minutes?.median, stage.key.clone())))
        .collect();
    longest.sort_by_key(|(median, _)| std::cmp::Reverse(*median));
    Flow {
        lead,
        phases,
        stages,
        longest: longest.into_iter().map(|(_, key)| key).collect(),
        milestones: milestones(record, words),
    }
}

/// The first time it came into a final stage, and how many stays it had before. None of a card that
/// stood there from the start.
fn finished(process: &Process, walk: &Walk) -> Option<(usize, Timestamp)> {
    let is_final = |key| process.stage(key).is_some_and(Stage::is_final);
    let at = walk.stays.iter().position(|stay| is_final(&stay.stage))?;
    let entered = walk.stays[at].entered()?;
    (at > 0).then_some((at, entered))
}

fn through(record: &Record<'_>, words: &Words) -> (Spread, Vec<PhaseTime>) {
    let process = record.process;
    let done = record.walks.iter().filter_map(|walk| {
        let (at, done) = finished(process, walk)?;
        (done >= record.since).then_some((walk, at, done))
    });
    let (whole, cut): (Vec<_>, Vec<_>) = done.partition(|(walk, at, _)| {
        let stays = &walk.stays[..*at];
        stays.iter().all(|stay| stay.exact && stay.left().is_some())
    });
    let lead = whole.iter().filter_map(|(walk, _, done)| {
        let born = walk.born()?;
        Some(between(process, born, *done))
    });
    let lead: Vec<_> = lead.collect();
    let spread =
        |told, samples: &[Sample]| Spread::of(process, record.since, told, samples, cut.len());
    let phases = [Phase::Sale, Phase::Service, Phase::Accounts];
    let phases = phases.into_iter().filter_map(|phase| {
        let is_of = |stage: &&Stage| stage.phase == Some(phase) && !stage.is_final();
        let keys: Vec<_> = process
            .stages
            .iter()
            .filter(is_of)
            .map(|stage| &stage.key)
            .collect();
        let spent = whole.iter().map(|(walk, at, done)| {
            let stays = walk.stays[..*at]
                .iter()
                .filter(|stay| keys.contains(&&stay.stage));
            let none = Sample {
                done: *done,
                worked: Some(0),
                elapsed: 0,
            };
            stays.fold(none, |sum, stay| {
                let stay = stay.entered().zip(stay.left());
                stay.map_or(sum, |(from, to)| sum.and(between(process, from, to)))
            })
        });
        let spent: Vec<_> = spent.collect();
        (!keys.is_empty()).then(|| PhaseTime {
            phase,
            time: spread(words.phase(phase), &spent),
        })
    });
    let phases = phases.collect();
    (spread(words.lead(), &lead), phases)
}

impl Sample {
    fn and(self, more: Self) -> Self {
        Self {
            done: self.done,
            worked: self.worked.zip(more.worked).map(|(a, b)| a + b),
            elapsed: self.elapsed + more.elapsed,
        }
    }
}

fn stages(record: &Record<'_>, words: &Words) -> Vec<StageTime> {
    let process = record.process;
    let time = |stage: &Stage| {
        let hours = process.hours_of_role(&stage.owner);
        let (mut samples, mut left_out) = (Vec::new(), 0);
        let stays = record.walks.iter().flat_map(|walk| &walk.stays);
        for stay in stays.filter(|stay| stay.stage == stage.key) {
            match (stay.entered(), stay.left()) {
                (Some(from), Some(to)) => samples.push(in_hours(process, hours, from, to)),
                (None, Some(to)) if to >= record.since => left_out += 1,
                _ => {}
            }
        }
        Spread::of(
            process,
            record.since,
            words.stage(stage),
            &samples,
            left_out,
        )
    };
    let stages = process.stages.iter().map(|stage| StageTime {
        key: stage.key.to_string(),
        phase: stage.phase,
        side: !stage.is_path(),
        is_final: stage.is_final(),
        limit_minutes: stage.limit.map(|limit| limit.as_mins()),
        time: time(stage),
    });
    stages.collect()
}

fn milestones(record: &Record<'_>, words: &Words) -> Vec<Milestone> {
    let counted = &record.process.counted;
    let (paid, live) = (counted.paid.as_ref(), counted.live.as_ref());
    let steps = [
        ("request_to_paid", None, paid),
        ("paid_to_live", paid, live),
        ("live_to_charged", live, counted.charged.as_ref()),
    ];
    let named = steps.into_iter().filter_map(|(key, from, to)| {
        let first = key == "request_to_paid";
        (first || from.is_some()).then_some((key, from, to?))
    });
    let told = named.map(|(key, from, to)| {
        let (mut samples, mut left_out) = (Vec::new(), 0);
        for walk in record.walks {
            match step(record, walk, from, to) {
                Step::Took(sample) => samples.push(sample),
                Step::LeftOut => left_out += 1,
                Step::NotYet => {}
            }
        }
        let told = words.milestone(key, from, to);
        Milestone {
            key,
            time: Spread::of(record.process, record.since, told, &samples, left_out),
        }
    });
    told.collect()
}

enum Step {
    Took(Sample),
    /// It came to pass in the time asked for, and its beginning is not known, or came later.
    LeftOut,
    NotYet,
}

/// Without a first mark from the day the card was born.
fn step(record: &Record<'_>, walk: &Walk, from: Option<&Mark>, to: &Mark) -> Step {
    let process = record.process;
    let Some(end) = moment(process, walk, to) else {
        return Step::NotYet;
    };
    let begin = match from {
        Some(from) => moment(process, walk, from),
        None => walk.born().map(Moment::At),
    };
    let begin = begin.filter(|_| !from.is_some_and(|from| untold(walk, from, to)));
    let charged = process.counted.charged.as_ref() == Some(to);
    match begin.and_then(|begin| moments(process, begin, later(process, begin, end, charged))) {
        Some(sample) => Step::Took(sample),
        None if end.date(process) >= process.today(record.since) => Step::LeftOut,
        None => Step::NotYet,
    }
}

/// Both stood on the card before anyone looked (of a day in a field nobody can tell): when the first
/// came to pass is not known.
fn untold(walk: &Walk, from: &Mark, to: &Mark) -> bool {
    let found = |mark: &Mark| match mark {
        Mark::Item(item) => Some(walk.found_ticks.contains(item)),
        Mark::Field(_) => None,
        Mark::Stage(_) => Some(false),
    };
    found(from) == Some(true) && found(to) != Some(false)
}

/// Whoever is charged from an earlier day on goes no day uncharged.
fn later(process: &Process, begin: Moment, end: Moment, charged: bool) -> Moment {
    let (first, second) = (begin.date(process), end.date(process));
    if charged && second < first {
        Moment::Day(first)
    } else {
        end
    }
}

/// How many days, of those between delivery and first charge, went uncharged; none unless both are known.
pub(super) fn uncharged(record: &Record<'_>, walk: &Walk) -> Option<(Timestamp, i64)> {
    let counted = &record.process.counted;
    let (live, charged) = (counted.live.as_ref()?, counted.charged.as_ref()?);
    let begin = moment(record.process, walk, live).filter(|_| !untold(walk, live, charged))?;
    let end = moment(record.process, walk, charged)?;
    let days = super::spread::days_between(begin.date(record.process), end.date(record.process));
    let from = record.process.begins(end.date(record.process))?;
    Some((from, days.max(0)))
}

fn moment(process: &Process, walk: &Walk, mark: &Mark) -> Option<Moment> {
    match mark {
        Mark::Item(item) => walk.ticks.get(item).copied().map(Moment::At),
        Mark::Stage(stage) => {
            let first = walk.stays.iter().find(|stay| stay.stage == *stage)?;
            first.entered().map(Moment::At)
        }
        Mark::Field(field) => {
            // Trello keeps a date of its own as an instant.
            let instant = walk.values.get(field)?.parse::<Timestamp>();
            let day = match (instant, value(process, walk, field)) {
                (Ok(instant), _) => process.today(instant),
                (Err(_), Some(Value::Date(day))) => day,
                _ => return None,
            };
            Some(Moment::Day(day))
        }
    }
}

/// What a field of the card says, whatever its rule: that a date was ahead is no matter later.
pub(super) fn value(process: &Process, walk: &Walk, key: &FieldKey) -> Option<Value> {
    let field = process.field(key)?;
    let kind = match &field.kind {
        FieldKind::Date { .. } => FieldKind::Date { rule: None },
        other => other.clone(),
    };
    let field = Field {
        kind,
        ..field.clone()
    };
    let raw = walk.values.get(key)?;
    check(&field, process.language, raw, &|_| None, Date::ZERO).value
}
