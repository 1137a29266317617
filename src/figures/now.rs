//! The board as it stands: how many cards in each stage and how old, whose they are, and what those
//! that are late cost.

use super::flow::{uncharged, value};
use super::spread::days_between;
use super::words::Words;
use super::{Record, Stay, Walk};
use crate::process::{self, Process, Role, Stage, thirtieths};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Present {
    pub name: String,
    pub say: String,
    pub stages: Vec<Standing>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standing {
    pub key: String,
    pub name: String,
    pub cards: usize,
    pub late: usize,
    pub oldest: Option<Oldest>,
    pub ages: Vec<Age>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Oldest {
    pub id: String,
    pub name: String,
    pub since: Timestamp,
    /// False where it stood there already at that time.
    pub exact: bool,
    pub so_far_minutes: i64,
}

/// Cards that have stood there for fewer than so many days, and not for fewer than the one before says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Age {
    /// None: any longer.
    pub under_days: Option<i64>,
    pub cards: usize,
}

const AGES: [Option<i64>; 5] = [Some(1), Some(3), Some(7), Some(30), None];

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Load {
    pub name: String,
    pub say: String,
    /// In the order of the file.
    pub roles: Vec<RoleLoad>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RoleLoad {
    pub role: String,
    pub name: String,
    pub cards: usize,
    pub late: usize,
    /// Nobody is there whose turn it could be.
    pub nobody: usize,
    /// By name.
    pub people: Vec<Share>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share {
    pub id: String,
    pub name: String,
    pub cards: usize,
    pub late: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cost {
    pub name: String,
    pub say: String,
    /// By currency.
    pub totals: Vec<Money>,
    /// Clients who are late, the dearest first; then those whose fee is not known.
    pub clients: Vec<Lateness>,
    /// What was not charged between delivery and first charge.
    pub uncharged: Option<Uncharged>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Uncharged {
    pub name: String,
    pub say: String,
    pub totals: Vec<Money>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Money {
    /// None where the file names no field for it, or the card does not say.
    pub currency: Option<String>,
    pub amount: f64,
    pub cards: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lateness {
    pub id: String,
    pub name: String,
    pub stage: String,
    pub stage_name: String,
    pub due: Timestamp,
    pub days_late: i64,
    pub fee: Option<f64>,
    pub currency: Option<String>,
    pub cost: Option<f64>,
}

/// A card that stands in a stage now.
pub(super) struct Here<'w> {
    pub(super) walk: &'w Walk,
    pub(super) stay: &'w Stay,
    /// The end of its time there, where that is over.
    pub(super) due: Option<Timestamp>,
}

pub(super) fn here<'w>(record: &Record<'w>, stage: &Stage) -> Vec<Here<'w>> {
    let stands = record
        .walks
        .iter()
        .filter_map(|walk| Some((walk, walk.stay()?)));
    let stands = stands.filter(|(_, stay)| stay.stage == stage.key);
    let here = stands.map(|(walk, stay)| {
        let timed = stage.limit.zip(walk.timing(record));
        let due = timed.map(|(limit, timing)| timing.due(limit));
        let due = due.filter(|due| *due < record.now);
        Here { walk, stay, due }
    });
    here.collect()
}

fn late(cards: &[Here<'_>]) -> usize {
    cards.iter().filter(|card| card.due.is_some()).count()
}

pub(super) fn present(record: &Record<'_>, words: &Words) -> Present {
    let process = record.process;
    let stages = process.stages.iter().map(|stage| {
        let cards = here(record, stage);
        let since = |card: &Here<'_>| Some((card.stay.since?, card.walk.card.clone()));
        let oldest = cards
            .iter()
            .filter(|card| card.stay.since.is_some())
            .min_by_key(|card| since(card));
        Standing {
            key: stage.key.to_string(),
            name: stage.name.clone(),
            cards: cards.len(),
            late: late(&cards),
            oldest: oldest.and_then(|card| told(record, card)),
            ages: ages(record, &cards),
        }
    });
    let (name, say) = words.present();
    Present {
        name,
        say,
        stages: stages.collect(),
    }
}

fn told(record: &Record<'_>, card: &Here<'_>) -> Option<Oldest> {
    let since = card.stay.since?;
    let worked = card.walk.timing(record)?.worked(record.now);
    Some(Oldest {
        id: card.walk.card.to_string(),
        name: card.walk.name.clone(),
        since,
        exact: card.stay.exact,
        so_far_minutes: worked.as_mins(),
    })
}

fn ages(record: &Record<'_>, cards: &[Here<'_>]) -> Vec<Age> {
    let mut ages = AGES.map(|under_days| Age {
        under_days,
        cards: 0,
    });
    for card in cards {
        let Some(since) = card.stay.since else {
            continue;
        };
        let days = record.now.duration_since(since).as_hours() / 24;
        let fits = |age: &&mut Age| age.under_days.is_none_or(|under| days < under);
        if let Some(age) = ages.iter_mut().find(fits) {
            age.cards += 1;
        }
    }
    ages.to_vec()
}

pub(super) fn load(record: &Record<'_>, words: &Words) -> Load {
    let roles = record
        .process
        .roles
        .iter()
        .map(|role| of_role(record, role));
    let (name, say) = words.load();
    Load {
        name,
        say,
        roles: roles.collect(),
    }
}

fn of_role(record: &Record<'_>, role: &Role) -> RoleLoad {
    let bindings = record.bindings;
    let works = |stage: &&Stage| stage.owner == role.key && stage.is_path() && !stage.is_final();
    let stages = record.process.stages.iter().filter(works);
    let (mut cards, mut turns) = (Vec::new(), Vec::new());
    for stage in stages {
        for card in here(record, stage) {
            turns.push(card.walk.memory.turn(stage, bindings));
            cards.push(card);
        }
    }
    let holders = bindings.roles.get(&role.key).cloned().unwrap_or_default();
    let mut shares: BTreeMap<_, (usize, usize)> = BTreeMap::new();
    shares.extend(holders.people.iter().map(|person| (person.clone(), (0, 0))));
    let mut nobody = 0;
    for (card, turn) in cards.iter().zip(turns) {
        nobody += usize::from(turn.is_empty());
        for member in turn {
            let share = shares.entry(member).or_default();
            share.0 += 1;
            share.1 += usize::from(card.due.is_some());
        }
    }
    let people = shares.into_iter().map(|(id, (cards, late))| Share {
        name: match bindings.people.get(&id) {
            Some(person) => person.full_name.clone(),
            None => id.to_string(),
        },
        id: id.to_string(),
        cards,
        late,
    });
    let mut people: Vec<_> = people.collect();
    people.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    RoleLoad {
        role: role.key.to_string(),
        name: role.name.clone(),
        cards: cards.len(),
        late: late(&cards),
        nobody,
        people,
    }
}

pub(super) fn cost(record: &Record<'_>, words: &Words) -> Option<Cost> {
    let process = record.process;
    process.counted.fee.as_ref()?;
    let mut totals = Sums::default();
    let mut clients = Vec::new();
    for stage in &process.stages {
        for card in here(record, stage) {
            let Some(due) = card.due else { continue };
            let days = days_between(process.today(due), process.today(record.now));
            let fee = fee(process, card.walk);
            let cost = fee.as_ref().map(|(_, fee)| thirtieths(*fee, days));
            if let Some(((currency, _), cost)) = fee.as_ref().zip(cost) {
                totals.add(currency.clone(), cost);
            }
            clients.push(Lateness {
                id: card.walk.card.to_string(),
                name: card.walk.name.clone(),
                stage: stage.key.to_string(),
                stage_name: stage.name.clone(),
                due,
                days_late: days,
                currency: fee.as_ref().and_then(|(currency, _)| currency.clone()),
                fee: fee.map(|(_, fee)| units(fee)),
                cost: cost.map(units),
            });
        }
    }
    clients.sort_by(|a, b| {
        let dearer = b.cost.unwrap_or(-1.0).total_cmp(&a.cost.unwrap_or(-1.0));
        dearer
            .then(b.days_late.cmp(&a.days_late))
            .then(a.id.cmp(&b.id))
    });
    let (name, say) = words.cost();
    Some(Cost {
        name,
        say,
        totals: totals.told(),
        clients,
        uncharged: not_charged(record, words),
    })
}

fn not_charged(record: &Record<'_>, words: &Words) -> Option<Uncharged> {
    let counted = &record.process.counted;
    let _marks = (counted.live.as_ref()?, counted.charged.as_ref()?);
    let mut totals = Sums::default();
    for walk in record.walks {
        let days = uncharged(record, walk).filter(|(from, _)| *from >= record.since);
        if let Some(((_, days), (currency, fee))) = days.zip(fee(record.process, walk)) {
            totals.add(currency, thirtieths(fee, days));
        }
    }
    let (name, say) = words.uncharged();
    Some(Uncharged {
        name,
        say,
        totals: totals.told(),
    })
}

/// The currency and the fee, in hundredths.
fn fee(process: &Process, walk: &Walk) -> Option<(Option<String>, i64)> {
    process::fee(process, |field| value(process, walk, field))
}

fn units(hundredths: i64) -> f64 {
    hundredths as f64 / 100.0
}

#[derive(Default)]
struct Sums(BTreeMap<Option<String>, (i64, usize)>);

impl Sums {
    fn add(&mut self, currency: Option<String>, amount: i64) {
        let sum = self.0.entry(currency).or_default();
        *sum = (sum.0.saturating_add(amount), sum.1 + 1);
    }

    fn told(self) -> Vec<Money> {
        let money = |(currency, (amount, cards))| Money {
            currency,
            amount: units(amount),
            cards,
        };
        self.0.into_iter().map(money).collect()
    }
}
