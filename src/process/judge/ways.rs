//! The other ways in and out of a list: created, copied, converted, e-mailed, brought from another
//! board, unarchived, brought with its list; archived, moved away, deleted.

use super::moves::Step;
use super::{Court, Heard, ReadFirst};
use crate::model::{Appeared, Event, Left, ListId};
use crate::process::finding::Finding;
use crate::process::memory::EchoKind;
use crate::process::rules::{Archive, Need, RoleKey, Stage, Want};
use crate::process::verdict::{Contents, Hand, What};

/// Whose archiving it is, and what has to be done before.
type InTheWay = (Vec<RoleKey>, Option<Finding>);

impl Court<'_> {
    pub(super) fn appeared(
        &mut self,
        event: &Event,
        hand: Hand,
        list: Option<&ListId>,
        how: Appeared,
    ) -> Heard {
        let unarchived = how == Appeared::Unarchived;
        if unarchived && self.told_late(event) && self.need_card()?.closed {
            return Ok(()); // it has been archived again since
        }
        if !unarchived && self.memory.moved.is_some_and(|moved| event.at < moved) {
            // Told late, after a later move was judged: the card itself says where it is.
            return self.need_card().map(drop);
        }
        self.memory.closed = false;
        self.memory.gone = false;
        let list = match list {
            Some(list) => list.clone(),
            None => self.need_card()?.list.clone(),
        };
        self.memory.rests = Some(list.clone());
        let (kind, value) = match unarchived {
            true => (EchoKind::Closed, "false"),
            false => (EchoKind::Moved, list.as_str()),
        };
        if self.echo(&event.actor, kind, value) {
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

    /// Something that happened after it was judged already.
    fn told_late(&self, event: &Event) -> bool {
        self.memory.heard.is_some_and(|heard| event.at < heard)
    }

    pub(super) fn archived(&mut self, event: &Event, hand: Hand) -> Heard {
        if self.told_late(event) && !self.need_card()?.closed {
            return Ok(()); // it is back on the board since
        }
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
        let trouble = self.archiving(stage, &hand)?.filter(|_| self.enforcing());
        let Some((may, finding)) = trouble else {
            let stage = Some(stage.key.clone());
            self.rule(event.at, hand, What::Archived { stage });
            return Ok(());
        };
        // Brought back: from here on it counts as open, whatever Trello shows until then.
        self.memory.closed = false;
        let stage = stage.key.clone();
        let what = What::ArchivedBack {
            stage,
            may,
            finding,
        };
        self.rule(event.at, hand, what);
        Ok(())
    }

    /// What stands in the way of archiving from here, if anything does.
    fn archiving(&self, stage: &Stage, hand: &Hand) -> Result<Option<InTheWay>, ReadFirst> {
        let (roles, after) = match &stage.archive {
            Archive::Anyone => return Ok(None),
            Archive::Nobody => return Ok(Some((Vec::new(), None))),
            Archive::By { roles, after } => (roles, after),
        };
        if !hand.holds(self.case.bindings, roles) {
            return Ok(Some((roles.clone(), None)));
        }
        let Some(after) = after else { return Ok(None) };
        // A checklist that was never seeded on this card (it came from an early stage) asks nothing.
        let seeded = self.case.process.checklist(after).is_some_and(|list| {
            let mut items = list.items.iter();
            items.any(|item| self.memory.items.contains_key(&item.key))
        });
        let want = Want::Checklist {
            checklist: after.clone(),
            by: Vec::new(),
        };
        let need = Need {
            when: None,
            want,
            say: None,
        };
        let finding = self.gate()?.need(stage, &need, Some(hand));
        let open = finding.filter(|finding| seeded && !finding.ok);
        Ok(open.map(|finding| (Vec::new(), Some(finding))))
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
