//! The card's file: everything that is known of one client, for whoever comes to it new. It says what
//! is on the card and in its history, in the reader's language, and judges nothing.

use super::card::{CardName, PlaceView, places};
use super::{Delay, Panel, ProcessView, Sight, Told, Turn, Waits, onward};
use crate::model::MemberId;
use crate::process::facts::Facts;
use crate::process::finding::Finding;
use crate::process::memory::Memory;
use crate::process::react::Room;
use crate::process::rules::{Block, Field, FieldKind};
use crate::process::verdict::{Agreed, ByHand, How, Note, Ruling, What};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;

/// Things missing that one decision names.
const NAMED: usize = 12;

#[derive(Clone, Debug, Serialize)]
pub struct Dossier {
    pub card: CardName,
    pub process: ProcessView,
    pub stage: Option<String>,
    pub since: Option<Timestamp>,
    /// The working time it has stood there, as its clock counts it.
    pub so_far_minutes: Option<i64>,
    /// It waits for somebody outside.
    pub waiting: Option<Waits>,
    /// As the card bears it.
    pub due: Option<Timestamp>,
    /// The end of its time in the stage; none while that is put off by a wait.
    pub limit_ends: Option<Timestamp>,
    pub late: bool,
    pub delay: Option<Delay>,
    /// Whose the ball is.
    pub turn: Turn,
    pub next: Option<Ahead>,
    /// Only lines that say something, in the blocks of the process file.
    pub blocks: Vec<FieldBlock>,
    /// The newest first.
    pub notes: Vec<NoteTold>,
    /// The newest first.
    pub decisions: Vec<DecisionTold>,
    /// In the order of their names.
    pub people: Vec<Involved>,
    pub places: Vec<PlaceView>,
    pub at: Timestamp,
}

/// The stage that comes next, and what it lacks.
#[derive(Clone, Debug, Serialize)]
pub struct Ahead {
    pub stage: String,
    pub missing: Vec<Missing>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    pub what: String,
    /// Who can put it right; empty: anyone.
    pub who: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct FieldBlock {
    /// None of lines that stand in no block.
    pub name: Option<String>,
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub name: String,
    pub value: String,
    /// It is an address that can be opened.
    pub link: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct NoteTold {
    pub at: Timestamp,
    pub note: Note,
    pub text: String,
    pub by: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct DecisionTold {
    pub id: String,
    pub at: Timestamp,
    pub say: String,
    pub by: Option<String>,
    /// What it rests on: what was missing, why it was let pass, which ticks it took off.
    pub reasons: Vec<String>,
    pub disputed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Involved {
    pub name: String,
    /// On the card now; others have had a hand in it.
    pub on_card: bool,
}

/// `told`: what was decided of it, the newest first.
pub fn dossier(panel: &Panel<'_>, sight: &Sight, told: &[Told]) -> Dossier {
    let day = panel.day();
    let panel = &panel.on(&day);
    let Sight { card, outlook } = sight;
    let memory = &outlook.memory;
    let mut room = panel.room(memory);
    room.card = Some(card);
    let (stage, age) = panel.stands(memory);
    // Of a card that was archived no time runs on.
    let runs = !memory.closed && !memory.gone;
    let running = age.as_ref().filter(|_| runs);
    let late = running.is_some_and(|age| age.late);
    let waiting = running.and_then(|age| age.waiting.clone());
    let ends = running.and_then(|_| panel.limit_ends(memory));
    let limit_ends = ends.filter(|_| late || waiting.is_none());
    let so_far_minutes = running.map(|age| age.so_far_minutes);
    let next = onward(outlook).map(|(way, _)| Ahead {
        stage: room.stage_name(&way.stage),
        missing: way
            .finding
            .iter()
            .flat_map(|part| room.lacking(part))
            .collect(),
    });
    Dossier {
        card: CardName {
            id: card.id.clone(),
            name: card.name.clone(),
            url: card.url.clone(),
        },
        process: panel.process(),
        stage: stage.map(|stage| stage.name.clone()),
        since: age.as_ref().map(|age| age.since),
        so_far_minutes,
        limit_ends,
        waiting,
        due: card.due,
        late,
        delay: panel.delay(memory, &outlook.facts),
        turn: stage.map_or_else(Turn::default, |stage| panel.turn(stage, memory)),
        next,
        blocks: blocks(panel, &outlook.facts),
        notes: told.iter().filter_map(|one| note(&room, one)).collect(),
        decisions: told.iter().filter_map(|one| decision(&room, one)).collect(),
        people: people(panel, &room, memory, told),
        places: places(panel, &room),
        at: panel.now,
    }
}

fn blocks(panel: &Panel<'_>, facts: &Facts) -> Vec<FieldBlock> {
    let process = panel.process;
    let line = |field: &Field| {
        let value = facts.raw(&field.key).to_owned();
        Line {
            name: field.name.clone(),
            link: matches!(field.kind, FieldKind::Url { .. }),
            value,
        }
    };
    let said = |field: &&Field| facts.filled(&field.key);
    let block = |block: &Block| FieldBlock {
        name: Some(block.name.clone()),
        lines: {
            let fields = block.fields.iter().filter_map(|key| process.field(key));
            fields.filter(said).map(line).collect()
        },
    };
    let apart = |field: &&Field| {
        let mut blocks = process.blocks.iter();
        !blocks.any(|block| block.fields.contains(&field.key))
    };
    let rest = FieldBlock {
        name: None,
        lines: process
            .fields
            .iter()
            .filter(apart)
            .filter(said)
            .map(line)
            .collect(),
    };
    let all = [rest].into_iter().chain(process.blocks.iter().map(block));
    all.filter(|block| !block.lines.is_empty()).collect()
}

fn note(room: &Room<'_>, told: &Told) -> Option<NoteTold> {
    let What::Noted { note, text } = &told.ruling.what else {
        return None;
    };
    Some(NoteTold {
        at: told.ruling.at,
        note: *note,
        text: text.clone(),
        by: room.hand_of(&told.ruling),
    })
}

/// A move that no word was said of stands among the stages, and an answer of an outside place among
/// the places.
fn decision(room: &Room<'_>, told: &Told) -> Option<DecisionTold> {
    let ruling = &told.ruling;
    let kind = match (&ruling.what, ruling.what.kind()) {
        (What::Admitted(admitted), _) if matches!(admitted.how, How::Pass { .. }) => "passed",
        (
            _,
            kind @ ("refused" | "would_refuse" | "left_as_pushed" | "allowed" | "lapsed" | "lost"
            | "unticked" | "tick_back" | "field_back" | "name_back" | "archived_back"
            | "archived" | "gone" | "terms_changed" | "terms_agreed" | "by_hand"
            | "disputed" | "still_stands" | "password_seen"),
        ) => kind,
        _ => return None,
    };
    if matches!(ruling.what, What::Disputed { decision: None, .. }) {
        return None; // there was nothing to dispute
    }
    let stage = ruling.what.stage().map(|stage| room.stage_name(stage));
    Some(DecisionTold {
        id: ruling.id.0.clone(),
        at: ruling.at,
        say: room.words.audit(kind, stage.as_deref(), None),
        by: room.hand_of(ruling),
        reasons: room.reasons(&ruling.what),
        disputed: told.disputed,
    })
}

/// Who is on the card, and whoever was seen to do something: ticks that were found there name nobody.
fn people(panel: &Panel<'_>, room: &Room<'_>, memory: &Memory, told: &[Told]) -> Vec<Involved> {
    let bindings = panel.bindings;
    let person = |one: &&MemberId| **one != bindings.bot || bindings.shared_account;
    let hands = told.iter().map(|one| &one.ruling.hand);
    let hands = hands
        .filter(|hand| !hand.roleless)
        .filter_map(|hand| hand.member.as_ref());
    let all: BTreeSet<&MemberId> = memory.members.iter().chain(hands).collect();
    let people = all.into_iter().filter(person).map(|one| Involved {
        name: room.name(one),
        on_card: memory.members.contains(one),
    });
    let mut people: Vec<_> = people.collect();
    people.sort();
    people
}

impl Panel<'_> {
    fn limit_ends(&self, memory: &Memory) -> Option<Timestamp> {
        let (stage, timing) = self.process.timing_of(self.bindings, memory, self.now)?;
        Some(timing.due(stage.limit?))
    }
}

impl Room<'_> {
    fn hand_of(&self, ruling: &Ruling) -> Option<String> {
        ruling.hand.member.as_ref().map(|by| self.name(by))
    }

    /// What is missing, each with who can put it right; not whose move it is.
    fn lacking(&self, finding: &Finding) -> Vec<Missing> {
        let todo = self.todo(finding).into_iter();
        let lacking = todo.map(|todo| Missing {
            what: self.words.thing(&todo.what),
            who: todo.who,
        });
        lacking.collect()
    }

    /// What a decision rests on, each in a few words.
    fn reasons(&self, what: &What) -> Vec<String> {
        let lines = |finding: Option<&Finding>| match finding {
            Some(finding) => match self.things(finding, NAMED) {
                things if things.is_empty() && !finding.ok => vec![self.reason(finding)],
                things => things,
            },
            None => Vec::new(),
        };
        match what {
            What::Admitted(admitted) => match &admitted.how {
                How::Pass { pass, .. } => {
                    vec![format!("{} — {}", pass.reason, self.name(&pass.by))]
                }
                _ => lines(admitted.finding.as_ref()),
            },
            What::Allowed { pass, .. } => vec![pass.reason.clone()],
            What::Lapsed { ticks, .. } => ticks
                .iter()
                .map(|(item, ..)| self.item_name(item))
                .collect(),
            What::Unticked { ticks, .. } => {
                ticks.iter().map(|one| self.item_name(&one.item)).collect()
            }
            What::TickBack { item, number, .. } => {
                vec![format!("{} {number}", self.item_name(&item.0))]
            }
            What::FieldBack {
                field, was, typed, ..
            } => vec![format!("{}: {typed} → {was}", self.field_name(field))],
            What::NameBack { item, typed, .. } => {
                vec![format!("{typed} → {}", self.item_name(item))]
            }
            What::TermsChanged {
                field, was, now, ..
            } => vec![format!("{}: {was} → {now}", self.field_name(field))],
            What::Agreed(Agreed::Terms { fields, from }) => {
                let fields = fields.iter();
                let line = |(field, amount): &(_, String)| {
                    let from = from.map(|day| format!(" ({day})")).unwrap_or_default();
                    format!("{}: {amount}{from}", self.field_name(field))
                };
                fields.map(line).collect()
            }
            What::ByHand(ByHand::Vouched { target, number, .. }) => {
                vec![format!("{} {number}", self.place_name(target))]
            }
            What::StillStands { places, .. } => {
                let named = |(target, number, _): &(String, String, Option<String>)| {
                    format!("{} {number}", self.place_name(target))
                };
                places.iter().map(named).collect()
            }
            What::Disputed { said, decision, .. } => {
                let id = decision.iter().map(|id| id.0.clone());
                let said = Some(said.clone()).filter(|said| !said.is_empty());
                id.chain(said).collect()
            }
            what => lines(what.finding()),
        }
    }
}
