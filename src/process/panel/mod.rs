//! What a person sees of a card and of a board: the judge's own findings as values for a page, in the
//! reader's language. It decides nothing, and shows no more than is on the card.

mod ask;
mod board;
mod card;
mod delay;
mod dossier;
mod finding;

pub use ask::{AskCode, AskTrouble, trouble};
pub use board::{Badge, BoardView, CardRow, Sight, StageView, badges, board};
pub use card::{CardName, CardView, DecisionView, Detail, PlaceView, Told, card, detail};
pub use delay::Delay;
pub use dossier::{
    Ahead, DecisionTold, Dossier, FieldBlock, Involved, Line, Missing, NoteTold, dossier,
};
pub use finding::{FieldView, FindingView, Mend};

use super::bind::Bindings;
use super::facts::Facts;
use super::finding::Finding;
use super::judge;
use super::judge::{Way, WayKind};
use super::memory::Memory;
use super::react::Room;
use super::rules::{Language, Mode, Process, RoleKey, Stage};
use super::verdict::Hand;
use crate::model::{Member, MemberId};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use std::borrow::Cow;

/// Who looks, as Trello and the board know them.
#[derive(Clone, Debug)]
pub struct Viewer {
    pub member: Member,
    pub language: Language,
    /// May change cards on the board.
    pub writes: bool,
    pub admin: bool,
}

impl Viewer {
    /// As a hand of theirs would be judged.
    pub fn hand(&self) -> Hand {
        Hand {
            member: Some(self.member.id.clone()),
            ..Hand::default()
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    pub id: MemberId,
    pub name: String,
    pub username: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct ProcessView {
    pub name: String,
    pub version: String,
    pub language: Language,
    pub mode: Mode,
    /// `active` or `paused`.
    pub state: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub struct You {
    pub id: MemberId,
    pub name: String,
    /// By the names people read.
    pub roles: Vec<String>,
    pub writes: bool,
    pub admin: bool,
}

/// Whose the ball is.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Turn {
    pub role: String,
    pub people: Vec<Person>,
}

/// How long a card has stood where it stands, in working time.
#[derive(Clone, Debug, Serialize)]
pub struct Age {
    pub since: Timestamp,
    pub so_far_minutes: i64,
    pub limit_minutes: Option<i64>,
    pub late: bool,
    /// Meanwhile it stands still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waits>,
}

/// A card that waits for somebody outside.
#[derive(Clone, Debug, Serialize)]
pub struct Waits {
    pub since: Timestamp,
    /// Empty where nobody said.
    pub reason: String,
    pub until: Option<Date>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Move {
    pub stage: String,
    pub name: String,
    pub way: &'static str,
    pub legal: bool,
    /// Why not, in a few words.
    pub say: Option<String>,
    pub finding: Option<FindingView>,
}

/// A board under a process, as one person looks at it.
#[derive(Clone, Copy)]
pub struct Panel<'a> {
    pub process: &'a Process,
    pub bindings: &'a Bindings,
    pub viewer: &'a Viewer,
    pub paused: bool,
    pub now: Timestamp,
}

impl Panel<'_> {
    fn room<'r>(&'r self, memory: &'r Memory) -> Room<'r> {
        Room::for_reader(
            self.process,
            self.bindings,
            memory,
            self.viewer.language,
            self.now,
        )
    }

    pub fn process(&self) -> ProcessView {
        ProcessView {
            name: self.process.name.clone(),
            version: self.process.version.0.clone(),
            language: self.process.language,
            mode: self.process.mode,
            state: if self.paused { "paused" } else { "active" },
        }
    }

    pub fn you(&self) -> You {
        let me = &self.viewer.member;
        let held = |role: &&super::rules::Role| self.bindings.holds(&me.id, &role.key, true);
        let roles = self.process.roles.iter().filter(held);
        You {
            id: me.id.clone(),
            name: me.called().to_owned(),
            roles: roles.map(|role| role.name.clone()).collect(),
            writes: self.viewer.writes,
            admin: self.viewer.admin,
        }
    }

    fn person(&self, id: &MemberId) -> Person {
        let known = self.bindings.people.get(id);
        Person {
            id: id.clone(),
            name: known.map_or_else(|| id.to_string(), |one| one.called().to_owned()),
            username: known.map_or_else(String::new, |one| one.username.clone()),
        }
    }

    fn people(&self, role: &RoleKey) -> Vec<Person> {
        let called = self.bindings.called(role).iter();
        called.map(|one| self.person(one)).collect()
    }

    /// The roles as they are held today.
    fn day(&self) -> Cow<'_, Bindings> {
        self.bindings.on(self.process.today(self.now))
    }

    fn on<'d>(&'d self, bindings: &'d Bindings) -> Panel<'d> {
        Panel { bindings, ..*self }
    }

    /// The owner of the stage, by those whose turn it is.
    fn turn(&self, stage: &Stage, memory: &Memory) -> Turn {
        let role = self.process.role(&stage.owner);
        let people = memory.turn(stage, self.bindings).into_iter();
        let people = people.map(|one| self.person(&one)).collect();
        Turn {
            role: role.map_or_else(|| stage.owner.to_string(), |role| role.name.clone()),
            people,
        }
    }

    fn age(&self, memory: &Memory) -> Option<Age> {
        let timing = self.process.timing_of(self.bindings, memory, self.now);
        let (stage, timing) = timing?;
        let so_far = timing.worked(self.now);
        let waiting = memory.clock.waiting.as_ref();
        Some(Age {
            since: timing.since,
            so_far_minutes: so_far.as_mins(),
            limit_minutes: stage.limit.map(|limit| limit.as_mins()),
            late: stage.limit.is_some_and(|limit| so_far > limit),
            waiting: waiting.map(|waiting| Waits {
                since: waiting.since,
                reason: waiting.reason.clone(),
                until: waiting.until,
            }),
        })
    }

    fn moves(&self, room: &Room<'_>, facts: &Facts, ways: &[Way]) -> Vec<Move> {
        let shown = |way: &Way| {
            let stage = self.process.stage(&way.stage)?;
            let finding = way.finding.as_ref();
            Some(Move {
                stage: stage.key.to_string(),
                name: stage.name.clone(),
                way: match way.kind {
                    WayKind::Forward => "forward",
                    WayKind::Side => "side",
                    WayKind::Return => "return",
                    WayKind::Back => "back",
                },
                legal: way.legal,
                say: finding
                    .filter(|_| !way.legal)
                    .map(|finding| room.reason(finding)),
                finding: finding.map(|finding| self.finding(room, facts, finding)),
            })
        };
        ways.iter().filter_map(shown).collect()
    }
}

/// What a card lacks where it stands, on a board that is not under this process yet: there is nothing to
/// be done about it on the spot.
pub fn lacks(
    panel: &Panel<'_>,
    card: &crate::model::Card,
    memory: &Memory,
    finding: &Finding,
) -> FindingView {
    let day = panel.day();
    let panel = &panel.on(&day);
    let mut room = panel.room(memory);
    room.card = Some(card);
    let facts = super::facts::read(
        panel.process,
        panel.bindings,
        card,
        panel.process.today(panel.now),
    );
    card::bare(panel.finding(&room, &facts, finding))
}

/// The stage that comes next, and what it lacks for whoever may move the card there.
fn onward(outlook: &judge::Outlook) -> Option<(&Way, usize)> {
    let mut ways = outlook.ways.iter();
    let way = ways.find(|way| way.kind == WayKind::Forward)?;
    let missing = way.finding.iter().flat_map(Finding::missing);
    let missing = missing.filter(|part| !finding::is_mover(part));
    Some((way, missing.count()))
}
