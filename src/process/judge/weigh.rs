//! Whether a step from stage to stage is legal, and for whom. Nothing is remembered here.

use super::moves::Step;
use super::{Court, ReadFirst};
use crate::process::RoleKey;
use crate::process::finding::{Finding, Look};
use crate::process::gate::leads;
use crate::process::memory::Standing;
use crate::process::rules::{Place, Stage, StageKey};
use crate::process::verdict::How;

pub(super) enum Judged {
    Legal(How, Option<Finding>),
    Illegal(Finding),
}
use Judged::{Illegal, Legal};

impl Court<'_> {
    /// Whether the step is legal. A gate, and every refusal, is judged on the fresh card alone.
    pub(super) fn weigh(
        &self,
        step: &Step,
        standing: Option<&Standing>,
        target: &Stage,
    ) -> Result<Judged, ReadFirst> {
        let stage = standing.and_then(|standing| self.case.process.stage(&standing.stage));
        let Some((standing, stage)) = standing.zip(stage) else {
            return self.weigh_start(step, target);
        };
        match (&stage.place, &target.place) {
            (_, Place::Side { put, from, .. }) => self.weigh_aside(step, stage, target, put, from),
            (Place::Side { .. }, _) => self.weigh_return(step, standing, stage, target),
            _ if self.case.process.rank(&target.key) < self.case.process.rank(&stage.key) => {
                self.weigh_back(step, stage, target)
            }
            _ if self.undoes(step, target) => Ok(Legal(How::Undone, None)),
            _ => self.weigh_forward(step, stage, target),
        }
    }

    fn weigh_start(&self, step: &Step, target: &Stage) -> Result<Judged, ReadFirst> {
        if target.key == self.case.process.entry().key {
            return Ok(Legal(How::Start, None));
        }
        let dragged = step.came.is_none();
        if dragged || !target.is_path() {
            self.need_card()?;
            return Ok(Illegal(route(target, None)));
        }
        Ok(sentence(How::Start, self.gate()?.start(target, &step.hand)))
    }

    fn weigh_forward(&self, step: &Step, from: &Stage, to: &Stage) -> Result<Judged, ReadFirst> {
        let process = self.case.process;
        let ranks = process.rank(&from.key).zip(process.rank(&to.key));
        let (start, end) = ranks.unwrap_or_default();
        let direct = leads(from, &to.key);
        if end == start + 1 && !direct {
            self.need_card()?;
            return Ok(Illegal(route(to, Some(&from.key))));
        }
        // What is left out on the way is asked for all the same, and at the end what an `/allow` let pass.
        let mut between = process.path().take(end).skip(start + 1);
        let owes = to.is_final() && !self.memory.owed.is_empty();
        let asked = owes || process.is_gate(to) || between.any(|stage| !stage.needs.is_empty());
        if direct && !asked {
            return Ok(Legal(How::Forward, None));
        }
        Ok(sentence(
            How::Forward,
            self.gate()?.forward(Some(&from.key), to, Some(&step.hand)),
        ))
    }

    fn weigh_back(&self, step: &Step, from: &Stage, to: &Stage) -> Result<Judged, ReadFirst> {
        let back = match &from.place {
            Place::Path { back, .. } => &back[..],
            Place::Side { .. } => &[],
        };
        let rule = back
            .iter()
            .find(|rule| rule.to.is_empty() || rule.to.contains(&to.key));
        let Some(rule) = rule else {
            self.need_card()?;
            return Ok(Illegal(route(to, Some(&from.key))));
        };
        self.by_right(step, from, &rule.by, How::Back)
    }

    fn weigh_aside(
        &self,
        step: &Step,
        from: &Stage,
        to: &Stage,
        put: &[RoleKey],
        may: &[StageKey],
    ) -> Result<Judged, ReadFirst> {
        if !may.contains(&from.key) {
            self.need_card()?;
            return Ok(Illegal(route(to, Some(&from.key))));
        }
        Ok(sentence(
            How::Side,
            self.gate()?.aside(to, put, Some(&step.hand)),
        ))
    }

    fn weigh_return(
        &self,
        step: &Step,
        standing: &Standing,
        from: &Stage,
        to: &Stage,
    ) -> Result<Judged, ReadFirst> {
        let Place::Side { put, returns, .. } = &from.place else {
            return Ok(Illegal(route(to, Some(&from.key))));
        };
        let process = self.case.process;
        let stood = standing
            .stood
            .as_ref()
            .and_then(|stood| process.rank(stood))
            .unwrap_or(0);
        let earlier = process.rank(&to.key).is_some_and(|rank| rank <= stood);
        let rule = returns
            .iter()
            .find(|rule| rule.to.contains(&to.key) || rule.to.is_empty() && earlier);
        let Some(rule) = rule else {
            self.need_card()?;
            return Ok(Illegal(route(to, Some(&from.key))));
        };
        if rule.gate {
            let before = process
                .rank(&to.key)
                .and_then(|rank| process.path().nth(rank.checked_sub(1)?));
            let before = before.map(|stage| &stage.key);
            return Ok(sentence(
                How::Return,
                self.gate()?.forward(before, to, Some(&step.hand)),
            ));
        }
        let by = if rule.by.is_empty() { put } else { &rule.by };
        self.by_right(step, to, by, How::Return)
    }

    /// Legal for these roles, no gate asked; a refusal still waits for the fresh card.
    fn by_right(
        &self,
        step: &Step,
        stage: &Stage,
        roles: &[RoleKey],
        how: How,
    ) -> Result<Judged, ReadFirst> {
        if step.hand.holds(self.case.bindings, roles) {
            return Ok(Legal(how, None));
        }
        self.need_card()?;
        let look = Look::Mover {
            by: step.hand.member.clone(),
        };
        Ok(Illegal(Finding {
            ok: false,
            stage: stage.key.clone(),
            look,
            turn: roles.to_vec(),
            say: None,
            parts: Vec::new(),
        }))
    }

    /// A step back that is taken back within the grace, by whoever made it or may move cards in.
    fn undoes(&self, step: &Step, target: &Stage) -> bool {
        let Some(retreat) = self.memory.retreat.as_ref() else {
            return false;
        };
        let movers = target.movers.as_deref().unwrap_or_default();
        let theirs = !step.hand.roleless && step.hand.member == retreat.by
            || step.hand.holds(self.case.bindings, movers);
        retreat.from == target.key && step.at < retreat.lapse_at && theirs
    }
}

fn sentence(how: How, finding: Finding) -> Judged {
    if finding.ok {
        Legal(how, Some(finding))
    } else {
        Illegal(finding)
    }
}

/// No rule leads from there to here.
fn route(to: &Stage, from: Option<&StageKey>) -> Finding {
    let look = Look::Route {
        from: from.cloned(),
    };
    Finding {
        ok: false,
        stage: to.key.clone(),
        look,
        turn: Vec::new(),
        say: None,
        parts: Vec::new(),
    }
}
