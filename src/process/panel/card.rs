//! One card: where it stands, whose turn it is, what it lacks, what was decided.

use super::{Age, Delay, Move, Panel, ProcessView, Sight, Turn, You};
use crate::model::{CardId, Said};
use crate::process::memory::{Memory, Standings};
use crate::process::react::Room;
use crate::process::rules::{Phase, Version};
use crate::process::verdict::{Ruling, What};
use jiff::Timestamp;
use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
pub struct CardView {
    pub card: CardName,
    pub process: ProcessView,
    pub you: You,
    /// The stages of the path, in order.
    pub track: Vec<Stop>,
    pub standing: Option<Stands>,
    pub trouble: Option<Trouble>,
    /// Nobody's where the card stands in no stage.
    pub turn: Turn,
    pub moves: Vec<Move>,
    /// The newest first.
    pub decisions: Vec<DecisionView>,
    pub places: Vec<PlaceView>,
    pub at: Timestamp,
}

#[derive(Clone, Debug, Serialize)]
pub struct CardName {
    pub id: CardId,
    pub name: String,
    pub url: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Stop {
    pub key: String,
    pub name: String,
    pub purpose: String,
    pub phase: Option<Phase>,
    /// `passed`, `here` or `ahead`.
    pub state: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub struct Stands {
    pub key: String,
    pub name: String,
    pub side: bool,
    #[serde(flatten)]
    pub age: Age,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<Delay>,
}

/// Why the card does not simply stand in its stage.
#[derive(Clone, Debug, Serialize)]
pub struct Trouble {
    pub kind: &'static str,
    pub say: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct DecisionView {
    pub id: String,
    pub at: Timestamp,
    pub kind: &'static str,
    pub say: String,
    pub by: Option<String>,
    pub version: String,
    pub disputed: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct PlaceView {
    pub target: String,
    pub name: String,
    pub state: &'static str,
    /// Theirs.
    pub number: Option<String>,
    pub link: Option<String>,
    pub say: Option<String>,
}

/// One decision, with the facts of its time.
#[derive(Clone, Debug, Serialize)]
pub struct Detail {
    pub decision: DecisionView,
    pub card: CardName,
    pub stage: Option<String>,
    pub finding: Option<super::FindingView>,
    pub version: String,
    /// The stage in the words of that version's file.
    pub rule: Option<String>,
}

/// A line of the history.
#[derive(Clone, Debug)]
pub struct Told {
    pub ruling: Ruling,
    pub version: Version,
    pub disputed: bool,
}

/// No answer to a question, and nothing that only we are concerned with.
fn concerns_people(told: &Told) -> bool {
    !matches!(
        told.ruling.what.kind(),
        "why"
            | "help"
            | "described"
            | "items_due"
            | "place_due"
            | "word"
            | "ticked"
            | "ready"
            | "absence"
            | "not_absence"
    )
}

/// `told`: what was decided of it, the newest first.
pub fn card(panel: &Panel<'_>, sight: &Sight, told: &[Told]) -> CardView {
    let Sight { card, outlook } = sight;
    let day = panel.day();
    let panel = &panel.on(&day);
    let (process, memory) = (panel.process, &outlook.memory);
    let mut room = panel.room(memory);
    room.card = Some(card);
    let standing = memory.standing.as_ref();
    let (stage, age) = panel.stands(memory);
    let stands = stage.zip(age).map(|(stage, age)| Stands {
        key: stage.key.to_string(),
        name: stage.name.clone(),
        side: !stage.is_path(),
        age,
        delay: panel.delay(memory, &outlook.facts),
    });
    // Beside the path the card is as far as where it came from.
    let reached = standing.map(|standing| standing.stood.as_ref().unwrap_or(&standing.stage));
    let reached = reached.and_then(|key| process.rank(key));
    let stops = process.path().enumerate().map(|(rank, stop)| Stop {
        key: stop.key.to_string(),
        name: stop.name.clone(),
        purpose: stop.purpose.clone(),
        phase: stop.phase,
        state: match reached {
            Some(at) if rank == at && stage.is_some_and(|stage| stage.is_path()) => "here",
            Some(at) if rank <= at => "passed",
            _ => "ahead",
        },
    });
    let decisions = told.iter().filter(|one| concerns_people(one));
    CardView {
        card: CardName {
            id: card.id.clone(),
            name: card.name.clone(),
            url: card.url.clone(),
        },
        process: panel.process(),
        you: panel.you(),
        track: stops.collect(),
        standing: stands,
        trouble: trouble(&room, card.closed),
        turn: stage.map_or_else(Turn::default, |stage| panel.turn(stage, memory)),
        moves: panel.moves(&room, &outlook.facts, &outlook.ways),
        decisions: decisions.map(|one| decision(&room, one)).collect(),
        places: places(panel, &room),
        at: panel.now,
    }
}

fn decision(room: &Room<'_>, told: &Told) -> DecisionView {
    let ruling = &told.ruling;
    let stage = ruling.what.stage().map(|stage| room.stage_name(stage));
    let kind = ruling.what.kind();
    let say = match &ruling.what {
        What::Noted { note, text } => room.words.noted(*note, text),
        _ => room.words.audit(kind, stage.as_deref(), None),
    };
    DecisionView {
        id: ruling.id.0.clone(),
        at: ruling.at,
        kind,
        say,
        by: ruling.hand.member.as_ref().map(|by| room.name(by)),
        version: told.version.0.clone(),
        disputed: told.disputed,
    }
}

/// `process`: of the version that decided. What can be done about it now is not its business.
pub fn detail(
    panel: &Panel<'_>,
    told: &Told,
    card: (CardId, String),
    rule: Option<String>,
) -> Detail {
    let memory = Memory::default();
    let room = panel.room(&memory);
    let stage = told.ruling.what.stage();
    let facts = crate::process::facts::Facts::default();
    let finding = told.ruling.what.finding();
    let finding = finding.map(|finding| bare(panel.finding(&room, &facts, finding)));
    Detail {
        decision: decision(&room, told),
        card: CardName {
            id: card.0,
            name: card.1,
            url: String::new(),
        },
        stage: stage.map(|stage| room.stage_name(stage)),
        finding,
        version: told.version.0.clone(),
        rule,
    }
}

pub(super) fn bare(mut finding: super::FindingView) -> super::FindingView {
    finding.mend = None;
    finding.ask = false;
    finding.parts = finding.parts.into_iter().map(bare).collect();
    finding
}

fn trouble(room: &Room<'_>, closed: bool) -> Option<Trouble> {
    let memory = room.memory;
    let kind = match memory {
        _ if memory.gone => "gone",
        _ if closed => "closed",
        Memory {
            not_admitted: Some(_),
            ..
        } => "not_admitted",
        Memory { waits: Some(_), .. } => "waits",
        _ if memory.aside => "aside",
        Memory { standing: None, .. } => "unknown",
        _ => return None,
    };
    let left = memory.not_admitted.as_ref();
    let left = left.map(|left| (room.stage_name(&left.stage), left.until));
    Some(Trouble {
        kind,
        say: room.words.trouble(kind, left.as_ref()),
    })
}

pub(super) fn places(panel: &Panel<'_>, room: &Room<'_>) -> Vec<PlaceView> {
    let shown = |(target, stands): (&String, &Standings)| {
        let proof = stands.proof.as_ref();
        PlaceView {
            target: target.clone(),
            name: room.place_name(target),
            state: match (&stands.said, proof) {
                (Some(Said::Confirmed { .. }), _) => "confirmed",
                (_, Some(proof)) if proof.by_hand.is_some() => "by_hand",
                (None, _) => "waits",
                (Some(Said::Wanting { .. }), _) => "wanting",
                (Some(Said::Refused { .. }), _) => "refused",
                (Some(Said::Several { .. }), _) => "several",
                (Some(Said::Drifted { .. }), _) => "drifted",
                (Some(Said::Down { .. }), _) => "down",
            },
            number: proof.map(|proof| proof.id.clone()),
            link: proof.and_then(|proof| proof.link.clone()),
            say: stands
                .said
                .as_ref()
                .filter(|said| !matches!(said, Said::Confirmed { .. }))
                .and_then(|said| room.why_not(said)),
        }
    };
    let declared = |target: &&String| {
        let mut targets = panel.process.targets.iter();
        targets.any(|one| one.key == **target)
    };
    let places = room.memory.places.iter();
    places
        .filter(|(target, _)| declared(target))
        .map(shown)
        .collect()
}
