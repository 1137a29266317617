//! Where a card could go from here, for one pair of hands, and what it would lack: what a person
//! sees before trying. It is weighed by the rules that a move is weighed by, and nothing is judged.

use super::moves::Step;
use super::weigh::Judged;
use super::{Case, Court};
use crate::process::facts::Facts;
use crate::process::finding::{Finding, Look};
use crate::process::gate::leads;
use crate::process::memory::Memory;
use crate::process::rules::{Place, Stage, StageKey};
use crate::process::verdict::Hand;

#[derive(Debug)]
pub struct Outlook {
    /// With what can be learnt from the card as it stands.
    pub memory: Memory,
    pub facts: Facts,
    /// Forward, aside, back out of a side stage, back: those that the process leads to.
    pub ways: Vec<Way>,
}

#[derive(Debug)]
pub struct Way {
    pub stage: StageKey,
    pub kind: WayKind,
    /// Whether these hands may take it now.
    pub legal: bool,
    /// What was looked at; none where nothing is asked.
    pub finding: Option<Finding>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WayKind {
    Forward,
    Side,
    Return,
    Back,
}

/// None where the card was not read.
pub fn outlook(case: &Case, hand: &Hand) -> Option<Outlook> {
    let day = case.day();
    let case = case.on(&day);
    let mut court = Court::open(case);
    court.track();
    let stages = case.process.stages.iter();
    // Nothing that is asked for is done while the card stands elsewhere.
    let here = court.is_at_home();
    let mut ways: Vec<Way> = stages
        .filter(|_| here)
        .filter(|stage| case.bindings.lists.contains_key(&stage.key))
        .filter_map(|stage| court.way(stage, hand))
        .collect();
    ways.sort_by_key(|way| way.kind);
    Some(Outlook {
        ways,
        facts: court.facts?,
        memory: court.memory,
    })
}

impl Court<'_> {
    fn is_at_home(&self) -> bool {
        let card = self.case.fresh.map(|fresh| &fresh.card);
        let open = card.filter(|card| !card.closed && self.memory.returning.is_none());
        open.is_some_and(|card| self.home().as_ref() == Some(&card.list))
    }

    fn way(&self, to: &Stage, hand: &Hand) -> Option<Way> {
        let process = self.case.process;
        let standing = self.memory.standing.as_ref();
        let from = standing.and_then(|standing| process.stage(&standing.stage));
        if from.is_some_and(|from| from.key == to.key) {
            return None;
        }
        let kind = match (from.map(|from| &from.place), &to.place) {
            (_, Place::Side { .. }) => WayKind::Side,
            (Some(Place::Side { .. }), _) => WayKind::Return,
            (Some(_), _)
                if process.rank(&to.key) < from.and_then(|from| process.rank(&from.key)) =>
            {
                WayKind::Back
            }
            _ => WayKind::Forward,
        };
        let step = Step {
            at: self.case.now,
            hand: hand.clone(),
            from: self.memory.rests.clone(),
            came: None,
        };
        let (legal, finding) = match self.weigh(&step, standing, to).ok()? {
            Judged::Legal(_, finding) => (true, finding),
            Judged::Illegal(finding) => (self.pass_for(&to.key).is_some(), Some(finding)),
        };
        // A stage further on is no way while what lies between is to be passed first.
        let direct = kind != WayKind::Forward || from.is_none_or(|from| leads(from, &to.key));
        let no_route = |finding: &Finding| matches!(finding.look, Look::Route { .. });
        let shown = legal || direct && !finding.as_ref().is_some_and(no_route);
        let stage = to.key.clone();
        shown.then_some(Way {
            stage,
            kind,
            legal,
            finding,
        })
    }
}
