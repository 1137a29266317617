//! The other ways in and out of a list: created, copied, converted, e-mailed, brought from another
//! board, unarchived, brought with its list; archived, moved away, deleted.

use super::moves::Step;
use super::{Court, Heard, ReadFirst};
use crate::model::{Appeared, Event, Left, ListId};
use crate::process::finding::Finding;
use crate::process::memory::{EchoKind, Wanted};
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
        let (kind, value) = match (how, list) {
            (Appeared::Unarchived, _) => (EchoKind::Closed, "false"),
            (_, list) => (EchoKind::Moved, list.map_or("", ListId::as_str)),
        };
        let ours = self.echo(&event.actor, kind, value);
        let late = self.is_late(event);
        // What came after it has been judged: the card itself says whether it is open.
        self.memory.closed = late && self.need_card()?.closed;
        if late && self.memory.rests.is_some() {
            return Ok(());
        }
        self.memory.gone = false;
        // A move told after this, and made before it, is no news.
        self.memory.moved = self.memory.moved.max(Some(event.at));
        let list = match list {
            Some(list) => list.clone(),
            None => self.need_card()?.list.clone(),
        };
        self.memory.rests = Some(list.clone());
        if ours {
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
        self.overtaken(|wanted| matches!(wanted, Wanted::List(_)));
        if self.is_late(event) && !self.need_card()?.closed {
            return Ok(()); // it has been brought back since
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
            self.rule(event.at, hand.clone(), What::Archived { stage });
            if !self.is_leaving() {
                self.still_stands(event.at, &hand, true);
            }
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

    pub(super) fn left(&mut self, event: &Event, hand: Hand, how: &Left) -> Heard {
        if self.is_late(event) && matches!(how, Left::ToBoard(_)) {
            return self.need_card().map(drop); // where it can be read, it has come back since
        }
        let known = std::mem::replace(&mut self.memory.gone, true);
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
        self.rule(event.at, hand.clone(), what);
        if !known {
            self.still_stands(event.at, &hand, false);
        }
        Ok(())
    }
}
