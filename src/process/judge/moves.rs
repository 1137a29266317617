//! What a step from stage to stage takes. Every legal step moves the card's standing on, even if
//! the card has gone on since; a step that no rule allows is remembered as an offence until the
//! card rests.

use super::weigh::Judged::{Illegal, Legal};
use super::{Court, Heard};
use crate::model::{Appeared, Event, ListId, MemberId};
use crate::process::finding::{Finding, Look};
use crate::process::memory::{EchoKind, Owed, Pass, Retreat, Standing, Wanted};
use crate::process::rules::{Stage, StageKey};
use crate::process::verdict::{Admitted, Hand, How, Members, Resumed, What};
use jiff::Timestamp;

/// A step that no rule allows.
#[derive(Debug)]
pub(super) struct Offence {
    pub(super) at: Timestamp,
    pub(super) hand: Hand,
    pub(super) target: StageKey,
    pub(super) finding: Finding,
    pub(super) came: Option<Appeared>,
    /// The list it was taken out of, if that is on this board.
    pub(super) from: Option<ListId>,
}

/// Who steps, whence, and how it came.
pub(super) struct Step {
    pub(super) at: Timestamp,
    pub(super) hand: Hand,
    pub(super) from: Option<ListId>,
    pub(super) came: Option<Appeared>,
}

impl<'a> Court<'a> {
    pub(super) fn moved(&mut self, event: &Event, hand: Hand, from: &ListId, to: &ListId) -> Heard {
        if self.memory.gone {
            // It came back from somewhere, or this is told late.
            self.need_card()?;
        }
        if self.memory.moved.is_some_and(|moved| event.at < moved) {
            // Told late, after a later move was judged: the card itself says where it is.
            return self.need_card().map(drop);
        }
        if self
            .memory
            .rests
            .as_ref()
            .is_some_and(|rests| rests != from)
        {
            // A move in between has not been told: the fresh read brings the card's actions.
            self.need_card()?;
        }
        self.memory.moved = Some(event.at);
        self.memory.rests = Some(to.clone());
        self.memory.returning = None;
        let ours = self.echo(&event.actor, EchoKind::Moved, to.as_str());
        let wished = self.wished(event, &Wanted::List(to.clone()));
        if !ours && wished.is_none() {
            self.overtaken(|wanted| matches!(wanted, Wanted::List(_)));
        }
        if ours && wished.is_none() {
            self.offence = None;
            if self.memory.standing.is_some() {
                return Ok(());
            }
        }
        // Our own first move of a card is where it begins to stand.
        self.step(
            Step {
                at: event.at,
                hand: wished.unwrap_or(hand),
                from: Some(from.clone()),
                came: None,
            },
            to,
        )
    }

    /// The second action of a drag. The position a card legally had is kept while it is away.
    pub(super) fn placed(&mut self, list: &ListId, old_pos: f64, pos: f64) {
        let at_home = self.home().as_ref() == Some(list);
        match self.memory.pos {
            _ if at_home => self.memory.pos = Some(pos),
            None => self.memory.pos = Some(old_pos),
            Some(_) => {}
        }
    }

    /// The list of the last legal stage.
    pub(super) fn home(&self) -> Option<ListId> {
        let standing = self.memory.standing.as_ref()?;
        self.case.bindings.lists.get(&standing.stage).cloned()
    }

    pub(super) fn step(&mut self, step: Step, to: &ListId) -> Heard {
        let Some(target) = self.stage_of(to) else {
            return Ok(());
        };
        let standing = self.memory.standing.clone();
        if standing
            .as_ref()
            .is_some_and(|standing| standing.stage == target.key)
        {
            self.offence = None;
            return Ok(());
        }
        match self.weigh(&step, standing.as_ref(), target)? {
            Legal(how, finding) => self.admit(step, target, how, finding)?,
            Illegal(finding) => match self.pass_for(&target.key) {
                Some(pass) => self.admit_by_pass(step, target, pass, finding)?,
                None => self.offend(step, target, finding),
            },
        }
        Ok(())
    }

    pub(super) fn stage_of(&self, list: &ListId) -> Option<&'a Stage> {
        self.case.process.stage(self.case.bindings.stage_of(list)?)
    }

    pub(super) fn pass_for(&self, target: &StageKey) -> Option<Pass> {
        self.memory
            .passes
            .iter()
            .find(|pass| pass.stage == *target)
            .cloned()
    }

    /// Admitted by the process owner's word. What was not there stays owed, need by need.
    fn admit_by_pass(&mut self, step: Step, target: &Stage, pass: Pass, finding: Finding) -> Heard {
        let from = self
            .memory
            .standing
            .as_ref()
            .map(|standing| standing.stage.clone());
        let rank = |key: &StageKey| self.case.process.rank(key);
        let after = from.as_ref().and_then(rank);
        let upto = rank(&target.key);
        let entered = self
            .case
            .process
            .path()
            .filter(|stage| rank(&stage.key) > after && rank(&stage.key) <= upto);
        let gate = self.gate()?;
        let mut owed = Vec::new();
        for stage in entered {
            for (need, wanted) in stage.needs.iter().enumerate() {
                let open = gate
                    .need(stage, wanted, Some(&step.hand))
                    .filter(|finding| !finding.ok);
                let (stage, decision) = (stage.key.clone(), pass.decision.clone());
                owed.extend(open.map(|_| Owed {
                    stage,
                    need,
                    decision,
                }));
            }
        }
        self.memory.owed.extend(owed);
        self.memory
            .passes
            .retain(|kept| kept.decision != pass.decision);
        let missing = finding.missing().into_iter();
        let missing = missing.filter(|part| !matches!(part.look, Look::Mover { .. }));
        let mut people: Vec<MemberId> = Vec::new();
        for one in missing.flat_map(|part| self.people(&part.turn)) {
            if !people.contains(&one) {
                people.push(one);
            }
        }
        people.retain(|one| Some(one) != step.hand.member.as_ref() && *one != pass.by);
        let call = self.call(&people);
        self.admit(step, target, How::Pass { pass, call }, Some(finding))
    }

    pub(super) fn admit(
        &mut self,
        step: Step,
        target: &Stage,
        how: How,
        finding: Option<Finding>,
    ) -> Heard {
        if self.memory.turns.stage.is_none() {
            self.keep_turn();
        }
        let process = self.case.process;
        self.end_wait(step.at, step.hand.clone(), Resumed::Moved);
        let before = self.memory.standing.take();
        let since = self.leaves_stay(before.as_ref(), (&target.key, &how, step.at));
        let from = before.as_ref().map(|standing| standing.stage.clone());
        let stood = match (&before, target.is_path()) {
            (Some(before), false) => before.stood.clone().or_else(|| from.clone()),
            _ => None,
        };
        let proved = !matches!(how, How::Watched);
        self.memory.standing = Some(Standing {
            stage: target.key.clone(),
            since,
            proved,
            stood,
        });
        self.memory.pos = None;
        self.memory.ready = None;
        self.offence = None;
        self.retreat(&step, from.as_ref(), &target.key, &how);
        let count = self.case.counts.get(&target.key).copied().unwrap_or(0);
        if target.wip.is_some_and(|wip| wip.refuse) {
            self.expect_wip = Some((target.key.clone(), count));
        }
        let settles = self.settle_episodes(process.rank(&target.key), &target.key);
        let first = self.memory.seeded.insert(target.key.clone());
        let admitted = Admitted {
            stage: target.key.clone(),
            from,
            how,
            finding,
            owed: self.memory.owed.clone(),
            settles,
            rests: false,
            first,
            wip: target
                .wip
                .filter(|wip| !wip.refuse && count >= wip.limit)
                .map(|wip| (wip.limit, count + 1)),
            owners: Vec::new(),
            partners: Vec::new(),
            call: Vec::new(),
            members: Members::default(),
            absent: Vec::new(),
            owner: Vec::new(),
        };
        self.memory.not_admitted = None;
        self.timers.push(("admit".into(), None));
        let hand = step.hand.clone();
        self.rule(step.at, step.hand, What::Admitted(Box::new(admitted)));
        self.places_due(step.at, &hand, &target.key)
    }

    /// A step back starts the grace; a step forward to where the card was, or further, ends it.
    fn retreat(&mut self, step: &Step, from: Option<&StageKey>, to: &StageKey, how: &How) {
        let process = self.case.process;
        let went_back = matches!(how, How::Back);
        let origin = self
            .memory
            .retreat
            .as_ref()
            .map(|retreat| retreat.from.clone())
            .or_else(|| from.cloned());
        if went_back && let Some(origin) = origin {
            let lapses = self.lapsing(to);
            let lapse_at = step
                .at
                .saturating_add(process.limits.grace)
                .unwrap_or(step.at);
            self.timers.push(("lapse".into(), Some(lapse_at)));
            let by = step.hand.member.clone();
            self.memory.retreat = Some(Retreat {
                from: origin,
                to: to.clone(),
                by,
                at: step.at,
                lapse_at,
                lapses,
            });
        } else if self
            .memory
            .retreat
            .as_ref()
            .is_some_and(|retreat| process.rank(to) >= process.rank(&retreat.from))
        {
            self.memory.retreat = None;
            self.timers.push(("lapse".into(), None));
        }
    }

    fn settle_episodes(
        &mut self,
        rank: Option<usize>,
        target: &StageKey,
    ) -> Vec<crate::process::memory::Episode> {
        let process = self.case.process;
        let settled = |key: &StageKey| {
            key == target
                || rank.is_some() && process.rank(key).is_some() && process.rank(key) <= rank
        };
        let mut done = Vec::new();
        for episode in self
            .memory
            .episodes
            .iter_mut()
            .filter(|episode| episode.open && settled(&episode.target))
        {
            episode.open = false;
            done.push(episode.clone());
        }
        done
    }

    fn offend(&mut self, step: Step, target: &Stage, finding: Finding) {
        let Step {
            at,
            hand,
            from,
            came,
        } = step;
        self.offence = Some(Offence {
            at,
            hand,
            target: target.key.clone(),
            finding,
            came,
            from,
        });
    }
}
