//! When the last thing that the next stage asks for is there, whoever moves cards on is called:
//! nobody has to look by chance. Told once for each stage a card stands in.

use super::{Court, Heard};
use crate::process::gate::leads;
use crate::process::rules::{Item, RoleKey, Stage};
use crate::process::verdict::{Hand, What};
use jiff::Timestamp;

/// Something that a gate may ask for was done in this sitting: when, and by whom.
pub(super) type Progress = Option<(Timestamp, Hand)>;

impl Court<'_> {
    pub(super) fn ready(&mut self) -> Heard {
        let Some((at, hand)) = self.progress.take().filter(|_| self.enforcing()) else {
            return Ok(());
        };
        let process = self.case.process;
        let standing = self.memory.standing.as_ref();
        let stage = standing.and_then(|standing| process.stage(&standing.stage));
        let Some(stage) = stage.filter(|stage| self.memory.ready.as_ref() != Some(&stage.key))
        else {
            return Ok(());
        };
        let next = process.path().find(|next| leads(stage, &next.key));
        let Some((next, movers)) = next.and_then(|next| Some((next, next.movers.as_deref()?)))
        else {
            return Ok(());
        };
        if hand.holds(self.case.bindings, movers) || !self.ticks_are_there(next) {
            return Ok(());
        }
        self.need_card()?;
        if !self.gate()?.forward(Some(&stage.key), next, None).ok {
            return Ok(());
        }
        self.memory.ready = Some(stage.key.clone());
        self.call_movers(at, hand, next, movers);
        Ok(())
    }

    /// As far as memory knows; what it does not know costs a request.
    fn ticks_are_there(&self, next: &Stage) -> bool {
        let lists = self.case.process.checklists.iter();
        let mut wanted = lists
            .flat_map(|list| &list.items)
            .filter(|item| item.when.is_none() && self.case.process.wants_item(next, &item.key));
        let ticked = |item: &Item| {
            let tracked = self.memory.items.get(&item.key);
            tracked.is_some_and(|tracked| tracked.tick.is_some())
        };
        wanted.all(ticked)
    }

    fn call_movers(&mut self, at: Timestamp, hand: Hand, next: &Stage, movers: &[RoleKey]) {
        let people = self.people(movers);
        let call = self.call(&people);
        if people.is_empty() {
            return;
        }
        let stage = next.key.clone();
        self.rule(
            at,
            hand,
            What::Ready {
                stage,
                people,
                call,
            },
        );
    }
}
