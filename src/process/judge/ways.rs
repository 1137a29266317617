//! The other ways in and out of a list: created, copied, converted, e-mailed, brought from another
//! board, unarchived, brought with its list; archived, moved away, deleted.

use super::moves::Step;
use super::{Court, Heard};
use crate::model::{Appeared, Event, Left, ListId};
use crate::process::memory::EchoKind;
use crate::process::rules::{Archive, Stage};
use crate::process::verdict::{Contents, Hand, What};

impl Court<'_> {
    pub(super) fn appeared(
        &mut self,
        event: &Event,
        hand: Hand,
        list: Option<&ListId>,
        how: Appeared,
    ) -> Heard {
        self.memory.closed = false;
        self.memory.gone = false;
        let list = match list {
            Some(list) => list.clone(),
            None => self.need_card()?.list.clone(),
        };
        self.memory.rests = Some(list.clone());
        let kind = if how == Appeared::Unarchived {
            EchoKind::Closed
        } else {
            EchoKind::Moved
        };
        if self.echo(
            &event.actor,
            kind,
            if how == Appeared::Unarchived {
                "false"
            } else {
                list.as_str()
            },
        ) {
            return Ok(());
        }
        self.step(
            Step {
                at: event.at,
                hand,
                from: None,
                came: Some(how),
            },
            &list,
        )
    }

    pub(super) fn archived(&mut self, event: &Event, hand: Hand) -> Heard {
        self.memory.closed = true;
        if self.echo(&event.actor, EchoKind::Closed, "true") {
            return Ok(());
        }
        let standing = self.memory.standing.as_ref();
        let stage = standing.and_then(|standing| self.case.process.stage(&standing.stage));
        let Some(stage) = stage else {
            self.rule(event.at, hand, What::Archived { stage: None });
            return Ok(());
        };
        if self.may_archive(stage, &hand)? || !self.enforcing() {
            self.rule(
                event.at,
                hand,
                What::Archived {
                    stage: Some(stage.key.clone()),
                },
            );
            return Ok(());
        }
        // Brought back: from here on it counts as open, whatever Trello shows until then.
        self.memory.closed = false;
        let may = match &stage.archive {
            Archive::By { roles, .. } => roles.clone(),
            Archive::Anyone | Archive::Nobody => Vec::new(),
        };
        self.rule(
            event.at,
            hand,
            What::ArchivedBack {
                stage: stage.key.clone(),
                may,
            },
        );
        Ok(())
    }

    fn may_archive(&self, stage: &Stage, hand: &Hand) -> Result<bool, super::ReadFirst> {
        let Archive::By { roles, after } = &stage.archive else {
            return Ok(stage.archive == Archive::Anyone);
        };
        if !hand.holds(self.case.bindings, roles) {
            return Ok(false);
        }
        let Some(after) = after else { return Ok(true) };
        let want = crate::process::rules::Want::Checklist {
            checklist: after.clone(),
            by: Vec::new(),
        };
        let need = crate::process::rules::Need {
            when: None,
            want,
            say: None,
        };
        // A checklist that was never seeded on this card (it came from an early stage) asks nothing.
        let seeded = self.case.process.checklist(after).is_some_and(|list| {
            list.items
                .iter()
                .any(|item| self.memory.items.contains_key(&item.key))
        });
        let finding = self.gate()?.need(stage, &need, Some(hand));
        Ok(!seeded || finding.is_none_or(|finding| finding.ok))
    }

    pub(super) fn left(&mut self, event: &Event, hand: Hand, how: &Left) {
        self.memory.gone = true;
        let stage = self
            .memory
            .standing
            .as_ref()
            .map(|standing| standing.stage.clone());
        let memory = &self.memory;
        let ticks = memory
            .items
            .iter()
            .filter_map(|(key, tracked)| Some((key.clone(), tracked.tick.clone()?)));
        let contents = Box::new(Contents {
            desc: memory.desc.clone(),
            fields: memory.fields.clone(),
            ticks: ticks.collect(),
            members: memory.members.clone(),
            owed: memory.owed.clone(),
        });
        let (how, name) = (how.clone(), memory.name.clone());
        let what = What::Gone {
            how,
            name,
            stage,
            contents,
        };
        self.rule(event.at, hand, what);
    }
}
