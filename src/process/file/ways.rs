//! The ways a card can really take, as the judge allows them: born in a list, forward, back, beside
//! the path and in again. What is promised of a process, and what is wrong with its shape, is read
//! from these and from nothing else. An `/allow` is no way: it is the owner's exception.

use crate::process::rules::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Birth,
    Forward,
    Back,
    Aside,
    Return,
}

/// A stage by its place in the process, and for one beside the path where the card stood before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Node {
    pub(super) stage: usize,
    stood: Option<usize>,
}

/// One step. `hands`: of each list the mover holds a role; `gates`: stages whose needs are asked.
#[derive(Debug)]
pub(super) struct Way<'p> {
    pub(super) kind: Kind,
    pub(super) from: Option<Node>,
    pub(super) to: Node,
    pub(super) hands: Vec<&'p [RoleKey]>,
    pub(super) gates: Vec<usize>,
}

pub(super) struct Ways<'p> {
    pub(super) process: &'p Process,
    pub(super) all: Vec<Way<'p>>,
    /// Which of them lead out of a place; out of none, births.
    out: BTreeMap<Option<Node>, Vec<usize>>,
    path: usize,
}

impl<'p> Ways<'p> {
    pub(super) fn of(process: &'p Process) -> Self {
        let path = process.path().count();
        let mut ways = Self {
            process,
            all: Vec::new(),
            out: BTreeMap::new(),
            path,
        };
        for rank in 0..path {
            ways.births(rank);
            ways.forward(rank);
            ways.back(rank);
            ways.aside(on_path(rank));
        }
        for stage in path..process.stages.len() {
            for stood in 0..path {
                let node = Node {
                    stage,
                    stood: Some(stood),
                };
                ways.aside(node);
                ways.returns(node, stood);
            }
        }
        // A right that nobody holds opens no way.
        ways.all
            .retain(|way| way.hands.iter().all(|roles| !roles.is_empty()));
        for (nth, way) in ways.all.iter().enumerate() {
            ways.out.entry(way.from).or_default().push(nth);
        }
        ways
    }

    fn add(
        &mut self,
        kind: Kind,
        from: Option<Node>,
        to: Node,
        hands: Vec<&'p [RoleKey]>,
        gates: Vec<usize>,
    ) {
        self.all.push(Way {
            kind,
            from,
            to,
            hands,
            gates,
        });
    }

    fn births(&mut self, rank: usize) {
        let stage = &self.process.stages[rank];
        if rank == 0 {
            self.add(Kind::Birth, None, on_path(0), Vec::new(), Vec::new());
        } else if !stage.start.is_empty() {
            let gates = (0..=rank).collect();
            self.add(Kind::Birth, None, on_path(rank), vec![&stage.start], gates);
        }
    }

    /// By `next` the stages between are left out freely; else whoever moves must have the right to
    /// leave out each. Their needs are asked either way.
    fn forward(&mut self, from: usize) {
        let stages = &self.process.stages;
        let Place::Path { next, .. } = &stages[from].place else {
            return;
        };
        for to in from + 1..self.path {
            let mut hands: Vec<&[RoleKey]> = stages[to].movers.as_deref().into_iter().collect();
            if !next.contains(&stages[to].key) {
                if to == from + 1 {
                    continue;
                }
                hands.extend(stages[from + 1..to].iter().map(|stage| &stage.skip[..]));
            }
            let gates = (from + 1..=to).collect();
            let (from, to) = (Some(on_path(from)), on_path(to));
            self.add(Kind::Forward, from, to, hands, gates);
        }
    }

    /// The first rule that covers a stage decides.
    fn back(&mut self, from: usize) {
        let stages = &self.process.stages;
        let Place::Path { back, .. } = &stages[from].place else {
            return;
        };
        for (to, stage) in stages.iter().enumerate().take(from) {
            let covers = |rule: &&Back| rule.to.is_empty() || rule.to.contains(&stage.key);
            if let Some(rule) = back.iter().find(covers) {
                let (from, to) = (Some(on_path(from)), on_path(to));
                self.add(Kind::Back, from, to, vec![&rule.by], Vec::new());
            }
        }
    }

    fn aside(&mut self, node: Node) {
        let stages = &self.process.stages;
        for (stage, side) in stages.iter().enumerate().skip(self.path) {
            let Place::Side { put, from, .. } = &side.place else {
                continue;
            };
            if stage != node.stage && from.contains(&stages[node.stage].key) {
                let stood = node.stood.or(Some(node.stage));
                let to = Node { stage, stood };
                self.add(Kind::Aside, Some(node), to, vec![put], vec![stage]);
            }
        }
    }

    fn returns(&mut self, node: Node, stood: usize) {
        let stages = &self.process.stages;
        let Place::Side { put, returns, .. } = &stages[node.stage].place else {
            return;
        };
        for (to, stage) in stages.iter().enumerate().take(self.path) {
            let covers =
                |rule: &&Return| rule.to.contains(&stage.key) || rule.to.is_empty() && to <= stood;
            let Some(rule) = returns.iter().find(covers) else {
                continue;
            };
            let (hands, gates) = match rule.gate {
                true => (stage.movers.as_deref().into_iter().collect(), vec![to]),
                false if rule.by.is_empty() => (vec![&put[..]], Vec::new()),
                false => (vec![&rule.by[..]], Vec::new()),
            };
            self.add(Kind::Return, Some(node), on_path(to), hands, gates);
        }
    }

    /// Where a card can come by the ways that are `open`, from birth.
    pub(super) fn reach(&self, open: impl Fn(&Way<'_>) -> bool) -> BTreeSet<Node> {
        self.spread(None, open)
    }

    /// Where a card that is in this stage of the path can come without going back.
    pub(super) fn onward(&self, rank: usize) -> BTreeSet<Node> {
        self.spread(Some(on_path(rank)), |way| way.kind != Kind::Back)
    }

    fn spread(&self, from: Option<Node>, open: impl Fn(&Way<'_>) -> bool) -> BTreeSet<Node> {
        let mut reached: BTreeSet<Node> = from.into_iter().collect();
        let mut next = vec![from];
        while let Some(from) = next.pop() {
            for nth in self.out.get(&from).into_iter().flatten() {
                let way = &self.all[*nth];
                if !reached.contains(&way.to) && open(way) {
                    reached.insert(way.to);
                    next.push(Some(way.to));
                }
            }
        }
        reached
    }

    /// The stages that some card comes to, going back aside.
    pub(super) fn reached(&self) -> BTreeSet<usize> {
        let reached = self.reach(|way| way.kind != Kind::Back);
        reached.into_iter().map(|node| node.stage).collect()
    }

    /// Whether a stage is an end: cards stay there for good, or may be archived from it. A side
    /// stage that cards return from to where they stood is a pause.
    pub(super) fn ends(&self, stage: &Stage) -> bool {
        match &stage.place {
            Place::Path { is_final, .. } => *is_final,
            Place::Side { returns, .. } => {
                let pauses = returns.iter().any(|rule| rule.to.is_empty());
                stage.archive != Archive::Nobody && !pauses
            }
        }
    }
}

pub(super) fn on_path(rank: usize) -> Node {
    Node {
        stage: rank,
        stood: None,
    }
}
