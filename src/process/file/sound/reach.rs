//! Stages that no card comes to, and stages that no card comes out of.

use super::{Sound, listed};
use crate::process::file::ways::Kind;
use crate::process::rules::{Archive, Place};
use std::collections::BTreeSet;

impl Sound<'_> {
    pub(super) fn reach(&mut self) {
        let stages = &self.process.stages;
        let reached = self.ways.reached();
        let lost: BTreeSet<usize> = (0..stages.len())
            .filter(|stage| !reached.contains(stage))
            .collect();
        let stuck: BTreeSet<usize> = (0..self.process.path().count())
            .filter(|rank| self.is_stuck(*rank))
            .collect();
        let mut lost = self.first_of(&lost, |way| way);
        for stage in self.first_of(&stuck, |(from, to)| (to, from)) {
            self.tell_stuck(stage, &mut lost);
        }
        for stage in lost {
            self.tell_lost(stage);
        }
        self.traps();
    }

    fn is_stuck(&self, rank: usize) -> bool {
        let onward = self.ways.onward(rank);
        let mut stages = onward.iter().map(|node| &self.process.stages[node.stage]);
        !stages.any(|stage| self.ways.ends(stage))
    }

    /// Of stages that share a fault those that did not catch it from another: no way leads to them
    /// from one that has it. Where they go in a ring, the first.
    fn first_of(
        &self,
        faulty: &BTreeSet<usize>,
        turn: impl Fn((usize, usize)) -> (usize, usize),
    ) -> Vec<usize> {
        let onward = self.ways.all.iter().filter(|way| way.kind != Kind::Back);
        let pairs: BTreeSet<(usize, usize)> = onward
            .filter_map(|way| Some(turn((way.from?.stage, way.to.stage))))
            .filter(|(from, to)| from != to && faulty.contains(from))
            .collect();
        let caught = |stage: &usize| pairs.iter().any(|(_, to)| to == stage);
        let first: Vec<usize> = faulty.iter().copied().filter(|one| !caught(one)).collect();
        match (first.is_empty(), faulty.first()) {
            (true, Some(one)) => vec![*one],
            _ => first,
        }
    }

    /// The stage that would have come next is told of here, and not once more by itself.
    fn tell_stuck(&mut self, rank: usize, lost: &mut Vec<usize>) {
        let stages = &self.process.stages;
        let key = &stages[rank].key;
        let node = super::super::ways::on_path(rank);
        let out = |kind: Option<Kind>| {
            let mut ways = self.ways.all.iter();
            ways.any(|way| way.from == Some(node) && kind.is_none_or(|kind| way.kind == kind))
        };
        let (any, back) = (out(None), out(Some(Kind::Back)));
        let onward = self.ways.onward(rank).len() > 1;
        let mut what = match (any, onward) {
            (false, _) => format!("no card can leave the stage `{key}`, and it is not final"),
            (true, false) if back => {
                format!("from the stage `{key}` a card can only go back, and it is not final")
            }
            _ => format!("from the stage `{key}` on, a card never comes to an end"),
        };
        if let Some(next) = lost.iter().position(|one| *one == rank + 1) {
            let next = lost.remove(next);
            what.push_str(&format!("; so none reaches `{}`", stages[next].key));
        }
        let last = rank + 1 == self.process.path().count();
        let mend = if last {
            "if cards may stay here for good, say `final = true`"
        } else {
            "name a later stage in `next`, or say `final = true`"
        };
        self.error(&self.at(rank).key("key"), what, mend);
    }

    fn tell_lost(&mut self, stage: usize) {
        let one = &self.process.stages[stage];
        let by_back = self.ways.all.iter().any(|way| way.to.stage == stage);
        let (what, mend) = match &one.place {
            Place::Side { put, .. } if put.is_empty() => return,
            Place::Side { from, .. } if from.is_empty() => (
                format!("no card can reach the side stage `{}`: `from` is empty", one.key),
                "name the stages it may be put here from, or take `from` out for every stage of the path".to_owned(),
            ),
            Place::Side { from, .. } => (
                format!("no card can reach the side stage `{}`", one.key),
                format!("let `from` name a stage that cards reach; none comes to {}", listed(from)),
            ),
            // Told by itself.
            Place::Path { .. } if one.movers.as_ref().is_some_and(Vec::is_empty) => return,
            Place::Path { .. } if by_back => (
                format!("a card can reach the stage `{}` only by being sent back", one.key),
                "let an earlier stage name it in `next`, or take the stage out".to_owned(),
            ),
            Place::Path { .. } => (
                format!("no card can reach the stage `{}`", one.key),
                "let an earlier stage name it in `next`, or let roles `skip` what lies between".to_owned(),
            ),
        };
        self.error(&self.at(stage).key("key"), what, mend);
    }

    /// A side stage with no way out of it and no archive.
    fn traps(&mut self) {
        for (nth, stage) in self.process.stages.iter().enumerate() {
            let out = self
                .ways
                .all
                .iter()
                .any(|way| way.from.is_some_and(|from| from.stage == nth));
            if !stage.is_path() && !out && stage.archive == Archive::Nobody {
                let what = format!(
                    "no card can leave the side stage `{}`, not even into the archive",
                    stage.key
                );
                let mend = "add `[[side.return]]` with the stages it returns to, or let roles archive it: `archive = { by = [\"…\"] }`";
                self.error(&self.at(nth).key("key"), what, mend);
            }
        }
    }
}
