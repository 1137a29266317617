//! A whole board: who has the ball, what is stuck and why; and the few words on the front of a card.

use super::{Age, Delay, Panel, Person, ProcessView, Turn, You, onward};
use crate::model::{Card, CardId};
use crate::process::finding::Finding;
use crate::process::judge::Outlook;
use crate::process::memory::Memory;
use crate::process::react::Room;
use crate::process::rules::{Phase, Place, Stage};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::collections::BTreeMap;

/// A refusal is news for so long.
const LATELY: SignedDuration = SignedDuration::from_hours(24);
/// Lines of a card's to-do list that a row has room for.
const TODO: usize = 3;

#[derive(Clone, Debug, Serialize)]
pub struct BoardView {
    pub process: ProcessView,
    pub you: You,
    /// The path in order, then the side stages.
    pub stages: Vec<StageView>,
    pub cards: Vec<CardRow>,
    pub at: Timestamp,
    /// Something has happened since the cards were read: a page asks again in a moment.
    pub behind: bool,
}

/// A stage as a newcomer reads it.
#[derive(Clone, Debug, Serialize)]
pub struct StageView {
    pub key: String,
    pub name: String,
    pub purpose: String,
    pub work: Option<String>,
    pub once: Option<String>,
    pub phase: Option<Phase>,
    pub side: bool,
    #[serde(rename = "final")]
    pub is_final: bool,
    pub owner: Turn,
    /// Who moves cards in, by role; empty: anyone.
    pub movers: Vec<String>,
    pub limit_minutes: Option<i64>,
    /// What it takes to come in.
    pub needs: Vec<String>,
    pub wip: Option<u32>,
    /// The list's id.
    pub list: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct CardRow {
    pub id: CardId,
    pub name: String,
    pub url: String,
    pub stage: Option<String>,
    #[serde(flatten)]
    pub age: Option<Age>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<Delay>,
    /// How much the next stage lacks.
    pub missing: usize,
    pub todo: Vec<String>,
    pub turn: Vec<Person>,
    pub next: Option<String>,
    pub refused_at: Option<Timestamp>,
    pub not_admitted: bool,
}

/// What a card's front tells; a card with nothing to tell has none.
#[derive(Clone, Debug, Serialize)]
pub struct Badge {
    #[serde(flatten)]
    pub age: Option<Age>,
    pub missing: usize,
    /// All is there for the next stage.
    pub ready: bool,
    pub refused_at: Option<Timestamp>,
    pub not_admitted: bool,
}

/// A card as it was read, and where it could go by the hand of whoever looks.
pub struct Sight {
    pub card: Card,
    pub outlook: Outlook,
}

pub fn board(panel: &Panel<'_>, cards: &[Sight], behind: bool) -> BoardView {
    let day = panel.day();
    let panel = &panel.on(&day);
    let nobody = Memory::default();
    let room = panel.room(&nobody);
    let stages = panel.process.stages.iter();
    BoardView {
        process: panel.process(),
        you: panel.you(),
        stages: stages.map(|stage| panel.stage(&room, stage)).collect(),
        cards: cards.iter().map(|sight| panel.row(sight)).collect(),
        at: panel.now,
        behind,
    }
}

pub fn badges(panel: &Panel<'_>, cards: &[Sight]) -> BTreeMap<CardId, Badge> {
    let told = |sight: &Sight| Some((sight.card.id.clone(), panel.badge(sight)?));
    cards.iter().filter_map(told).collect()
}

impl Panel<'_> {
    fn stage(&self, room: &Room<'_>, stage: &Stage) -> StageView {
        let process = self.process;
        let of_fields = process.fields.iter();
        let of_fields = of_fields.filter(|field| field.from.as_ref() == Some(&stage.key));
        let mut needs: Vec<_> = of_fields.map(|field| room.field_told(field)).collect();
        needs.extend(stage.needs.iter().map(|need| room.need_told(need)));
        StageView {
            key: stage.key.to_string(),
            name: stage.name.clone(),
            purpose: stage.purpose.clone(),
            work: stage.work.as_ref().map(|work| room.in_general(work)),
            once: stage.once.clone(),
            phase: stage.phase,
            side: !stage.is_path(),
            is_final: stage.is_final(),
            owner: self.turn(stage, room.memory),
            movers: match (&stage.movers, &stage.place) {
                (Some(movers), _) => room.role_names(movers),
                (None, Place::Side { put, .. }) => room.role_names(put),
                (None, Place::Path { .. }) => Vec::new(),
            },
            limit_minutes: stage.limit.map(|limit| limit.as_mins()),
            needs,
            wip: stage.wip.map(|wip| wip.limit),
            list: self.bindings.lists.get(&stage.key).map(ToString::to_string),
        }
    }

    /// The stage that a card stands in, and since when.
    pub(super) fn stands(&self, memory: &Memory) -> (Option<&Stage>, Option<Age>) {
        let standing = memory.standing.as_ref();
        let stage = standing.and_then(|standing| self.process.stage(&standing.stage));
        (stage, self.age(memory))
    }

    fn row(&self, sight: &Sight) -> CardRow {
        let Sight { card, outlook } = sight;
        let memory = &outlook.memory;
        let room = self.room(memory);
        let (stage, age) = self.stands(memory);
        let next = onward(outlook);
        let finding = next.and_then(|(way, _)| way.finding.as_ref());
        let todo = finding.map(|finding| room.things(finding, TODO));
        CardRow {
            id: card.id.clone(),
            name: card.name.clone(),
            url: card.url.clone(),
            stage: stage.map(|stage| stage.key.to_string()),
            age,
            delay: self.delay(memory, &outlook.facts),
            missing: next.map_or(0, |(_, missing)| missing),
            todo: todo.unwrap_or_default(),
            turn: stage.map_or_else(Vec::new, |stage| self.turn(stage, memory).people),
            next: next.map(|(way, _)| way.stage.to_string()),
            refused_at: self.refused(memory),
            not_admitted: memory.not_admitted.is_some(),
        }
    }

    fn badge(&self, sight: &Sight) -> Option<Badge> {
        let memory = &sight.outlook.memory;
        let (stage, age) = self.stands(memory);
        let next = onward(&sight.outlook);
        let missing = next.map_or(0, |(_, missing)| missing);
        // Ready for a gate: where nothing is asked every card would be.
        let asked = next.is_some_and(|(way, _)| asks(way.finding.as_ref()));
        let not_admitted = memory.not_admitted.is_some();
        let badge = Badge {
            age: age.filter(|age| age.limit_minutes.is_some()),
            missing,
            ready: asked && missing == 0,
            refused_at: self.refused(memory),
            not_admitted,
        };
        let tells = badge.age.is_some() || badge.ready || missing > 0;
        let tells = tells || badge.refused_at.is_some() || not_admitted;
        (tells && stage.is_some_and(|stage| !stage.is_final())).then_some(badge)
    }

    fn refused(&self, memory: &Memory) -> Option<Timestamp> {
        let mut decisions = memory.decisions.iter().rev();
        let last = decisions.find(|one| matches!(one.line.as_str(), "refused" | "admitted"))?;
        let refused = last.line == "refused" && !last.disputed;
        let lately = self.now.duration_since(last.at) < LATELY;
        (refused && lately).then_some(last.at)
    }
}

fn asks(finding: Option<&Finding>) -> bool {
    let leaves = finding.map(Finding::leaves).unwrap_or_default();
    leaves.iter().any(|leaf| !super::finding::is_mover(leaf))
}
