//! Words in comments that Signalman answers: `/why`, `/move`, `/next`, `/set`, `/allow`, `/wrong`,
//! `/wait`, `/go`, `/away`, `/help`, and the owner's `/yes` and `/no`, in English and in Russian; `/note`,
//! which is kept and not answered. Anything else with a slash is somebody's own.

use super::moves::Step;
use super::{Court, Heard, ReadFirst};
use crate::model::{Event, EventKind, redact};
use crate::process::finding::Finding;
use crate::process::gate::leads;
use crate::process::memory::{DecisionId, Pass};
use crate::process::rules::{Place, Process, Stage, StageKey};
use crate::process::verdict::{AllowTrouble, Hand, What};

/// A reason longer than this is cut.
const REASON_CHARS: usize = 500;

enum Command<'t> {
    Why,
    Move(&'t str),
    Set(&'t str),
    Allow(&'t str),
    Wrong(&'t str),
    Help,
    Word(bool),
    Wait(&'t str),
    GoOn,
    Confirm(&'t str),
    ByHand(&'t str),
    Away(&'t str),
    Note(&'t str),
}

fn parse(text: &str) -> Option<Command<'_>> {
    let text = text.trim();
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim();
    Some(match word.to_lowercase().as_str() {
        "/why" | "/почему" => Command::Why,
        "/move" | "/перевести" => Command::Move(rest),
        "/next" | "/далее" => Command::Move(rest),
        "/set" | "/поле" => Command::Set(rest),
        "/allow" | "/пропустить" => Command::Allow(rest),
        "/wrong" | "/неверно" => Command::Wrong(rest),
        "/confirm" | "/подтвердить" => Command::Confirm(rest),
        "/byhand" | "/вручную" => Command::ByHand(rest),
        "/away" | "/отсутствую" => Command::Away(rest),
        "/note" | "/заметка" => Command::Note(rest),
        "/wait" | "/ждём" | "/ждем" | "/жду" => Command::Wait(rest),
        "/go" | "/дальше" => Command::GoOn,
        "/help" | "/помощь" => Command::Help,
        "/yes" | "/да" => Command::Word(true),
        "/no" | "/нет" => Command::Word(false),
        _ => return None,
    })
}

/// Whether somebody asks for the card to be changed in their name.
pub fn asks_for_change(event: &Event) -> bool {
    match &event.kind {
        EventKind::Asked { .. } => true,
        EventKind::Commented { text, .. } => {
            matches!(parse(text), Some(Command::Move(_) | Command::Set(_)))
        }
        _ => false,
    }
}

impl<'a> Court<'a> {
    pub(super) fn commented(&mut self, event: &Event, hand: Hand, text: &str) -> Heard {
        let bot = hand.member.as_ref() == Some(&self.case.bindings.bot) && hand.roleless;
        if !bot && text.contains(redact::MASK) {
            self.rule(event.at, hand.clone(), What::PasswordSeen { field: None });
        }
        let Some(command) = parse(text).filter(|_| !bot) else {
            return Ok(());
        };
        match command {
            Command::Why => {
                let stages = self.explain()?;
                self.rule(event.at, hand, What::Why { stages });
            }
            Command::Move(rest) => self.send(event, hand, rest)?,
            Command::Set(rest) => self.set(event, hand, rest)?,
            Command::Allow(rest) => self.allow(event, hand, rest)?,
            Command::Wrong(rest) => self.dispute(event, hand, rest),
            Command::Confirm(rest) => self.confirm(event, hand, rest)?,
            Command::ByHand(rest) => self.by_hand(event, hand, rest)?,
            Command::Away(rest) => self.away(event, hand, rest)?,
            Command::Note(said) => self.note(event, hand, said),
            Command::Wait(rest) => self.wait(event, hand, rest)?,
            Command::GoOn => self.go_on(event, hand),
            Command::Help => {
                self.rule(event.at, hand, What::Help);
            }
            Command::Word(yes) => {
                if hand.holds(
                    self.case.bindings,
                    std::slice::from_ref(&self.case.process.owner),
                ) {
                    self.rule(event.at, hand, What::Word { yes });
                }
            }
        }
        Ok(())
    }

    /// What is missing for each stage the card could go to next, whoever moves it.
    pub(super) fn explain(&self) -> Result<Vec<(StageKey, Finding)>, ReadFirst> {
        let gate = self.gate()?;
        Ok(next_stages(
            self.case.process,
            self.memory
                .standing
                .as_ref()
                .map(|standing| &standing.stage),
        )
        .into_iter()
        .map(|(from, stage)| (stage.key.clone(), gate.forward(from, stage, None)))
        .collect())
    }

    /// The process owner lets the card into a stage once. If it stands there unadmitted, now.
    fn allow(&mut self, event: &Event, hand: Hand, rest: &str) -> Heard {
        let owner = std::slice::from_ref(&self.case.process.owner);
        let trouble = match (self.named_stage(rest), hand.member.clone()) {
            _ if !hand.holds(self.case.bindings, owner) => AllowTrouble::NotTheOwner,
            (None, _) | (_, None) => AllowTrouble::NoSuchStage {
                said: cut(rest, 60),
            },
            (Some((stage, "")), _) => AllowTrouble::NoReason {
                stage: stage.key.clone(),
            },
            (Some((stage, reason)), Some(by)) => {
                let decision = self.decision_id();
                let reason = cut(reason, REASON_CHARS);
                let pass = Pass {
                    stage: stage.key.clone(),
                    by,
                    reason,
                    at: event.at,
                    decision: decision.clone(),
                };
                let stage = stage.key.clone();
                return self.grant(event, hand, pass, &stage);
            }
        };
        let people = self.people(owner);
        let call = if trouble == AllowTrouble::NotTheOwner {
            self.call(&people)
        } else {
            Vec::new()
        };
        self.rule(event.at, hand, What::NotAllowed { why: trouble, call });
        Ok(())
    }

    fn grant(&mut self, event: &Event, hand: Hand, pass: Pass, stage: &StageKey) -> Heard {
        self.memory.passes.retain(|kept| kept.stage != pass.stage);
        self.memory.passes.push(pass.clone());
        let waits_there = self.memory.rests.clone().filter(|list| {
            self.stage_of(list).is_some_and(|at| at.key == *stage)
                && self
                    .memory
                    .standing
                    .as_ref()
                    .is_none_or(|standing| standing.stage != *stage)
                && self.memory.returning.is_none()
        });
        let movers = self.case.process.stage(stage);
        let movers = movers.and_then(|stage| stage.movers.clone());
        let mut movers = self.people(&movers.unwrap_or_default());
        movers.retain(|one| *one != pass.by);
        let call = self.call(&movers);
        let (id, at) = (pass.decision.clone(), event.at);
        self.rule_as(id, at, hand.clone(), What::Allowed { pass, call });
        match waits_there {
            Some(list) => self.step(
                Step {
                    at: event.at,
                    hand,
                    from: None,
                    came: None,
                },
                &list,
            ),
            None => Ok(()),
        }
    }

    /// The stage that a text begins with, by key or by name, and what follows it.
    pub(super) fn named_stage<'t>(&self, text: &'t str) -> Option<(&'a Stage, &'t str)> {
        let text = text.trim_start_matches(['«', '"', '“', '\'']);
        let starts = |name: &str| {
            let (mut at, mut rest) = (0, text.chars());
            for want in name.chars() {
                let have = rest.next()?;
                if !have.to_lowercase().eq(want.to_lowercase()) {
                    return None;
                }
                at += have.len_utf8();
            }
            let rest = &text[at..];
            let ends = rest
                .chars()
                .next()
                .is_none_or(|next| !next.is_alphanumeric() && next != '_');
            ends.then(|| {
                rest.trim_start_matches(['»', '"', '”', '\'', ':', ','])
                    .trim()
            })
        };
        let stages = self.case.process.stages.iter();
        let named =
            stages.flat_map(|stage| [(stage, stage.name.as_str()), (stage, stage.key.as_str())]);
        let found = named.filter_map(|(stage, name)| Some((stage, name.len(), starts(name)?)));
        found
            .max_by_key(|(_, len, _)| *len)
            .map(|(stage, _, rest)| (stage, rest))
    }

    fn dispute(&mut self, event: &Event, hand: Hand, rest: &str) {
        let named = rest.split_whitespace().next().unwrap_or("").to_uppercase();
        let known = |id: &DecisionId| id.0 == named;
        let at = self
            .memory
            .decisions
            .iter()
            .rposition(|decision| known(&decision.id));
        let contested = |line: &str| {
            matches!(
                line,
                "refused"
                    | "left_as_pushed"
                    | "unticked"
                    | "tick_back"
                    | "archived_back"
                    | "field_back"
                    | "lost"
            )
        };
        let at = at.or_else(|| {
            self.memory
                .decisions
                .iter()
                .rposition(|decision| contested(&decision.line))
        });
        let decision = at.map(|at| {
            self.memory.decisions[at].disputed = true;
            self.memory.decisions[at].id.clone()
        });
        let said = if decision.as_ref().is_some_and(known) {
            rest.split_once(char::is_whitespace)
                .map_or("", |(_, said)| said.trim())
        } else {
            rest
        };
        let people = self.people(std::slice::from_ref(&self.case.process.owner));
        let others: Vec<_> = people
            .into_iter()
            .filter(|one| Some(one) != hand.member.as_ref())
            .collect();
        let call = self.call(&others);
        self.rule(
            event.at,
            hand,
            What::Disputed {
                decision,
                said: cut(said, REASON_CHARS),
                call,
            },
        );
    }
}

/// The stages a card could go forward to, each with the stage it would come from.
pub(crate) fn next_stages<'a>(
    process: &'a Process,
    standing: Option<&StageKey>,
) -> Vec<(Option<&'a StageKey>, &'a Stage)> {
    let Some(stage) = standing.and_then(|key| process.stage(key)) else {
        return vec![(None, process.entry())];
    };
    match &stage.place {
        Place::Path { .. } => process
            .path()
            .filter(|next| leads(stage, &next.key))
            .map(|next| (Some(&stage.key), next))
            .collect(),
        Place::Side { .. } => Vec::new(),
    }
}

pub(super) fn cut(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}
