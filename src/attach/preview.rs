//! How the cards that are on a board would stand under a process, by the judge's own gate. Nothing is
//! written, on Trello or in the store.

use super::baseline::{Taken, baseline};
use super::carry::{carry, rebound, renames};
use super::plan::{Options, Plan, plan};
use super::{Attach, AttachError};
use crate::model::{Board, BoardId, CardId, Event, Lane, Member};
use crate::process::gate::Gate;
use crate::process::{Bindings, Finding, Memory, Place, Process, StageKey, facts, file};
use crate::store::BoardRecord;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A card in the list of a stage.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stands {
    pub card: CardId,
    pub name: String,
    pub url: String,
    pub stage: StageKey,
    /// Whether it has what its stage asks for.
    pub legal: bool,
    pub finding: Finding,
}

/// “3 of 41 cards stand where they may not; here is why.”
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Preview {
    /// Open cards in the lists of stages.
    pub cards: Vec<Stands>,
    /// Open cards in lists that are no stage's.
    pub outside: usize,
}

impl Preview {
    /// Those that lack something their own stage asks for.
    pub fn wanting(&self) -> impl Iterator<Item = &Stands> {
        self.cards.iter().filter(|card| !card.legal)
    }
}

pub fn preview(
    process: &Process,
    bindings: &Bindings,
    board: &Board,
    memories: &BTreeMap<Lane, Memory>,
    now: Timestamp,
) -> Preview {
    let (counts, nothing) = (BTreeMap::new(), Memory::default());
    let mut preview = Preview::default();
    let open = board.cards.iter().filter(|card| !card.closed);
    for card in open.filter(|card| !bindings.is_own(&card.id)) {
        let key = bindings.stage_of(&card.list);
        let Some(stage) = key.and_then(|key| process.stage(key)) else {
            preview.outside += 1;
            continue;
        };
        let lane = Lane::Card(card.id.clone());
        let gate = Gate {
            process,
            bindings,
            memory: memories.get(&lane).unwrap_or(&nothing),
            card,
            facts: &facts::read(process, bindings, card, process.today(now)),
            counts: &counts,
        };
        let rank = process
            .rank(&stage.key)
            .and_then(|rank| rank.checked_sub(1));
        let before = rank.and_then(|rank| process.path().nth(rank));
        let finding = match &stage.place {
            Place::Path { .. } => gate.forward(before.map(|stage| &stage.key), stage, None),
            Place::Side { put, .. } => gate.aside(stage, put, None),
        };
        preview.cards.push(Stands {
            card: card.id.clone(),
            name: card.name.clone(),
            url: card.url.clone(),
            stage: stage.key.clone(),
            legal: finding.ok,
            finding,
        });
    }
    preview
}

/// What putting a process in force would come to.
#[derive(Debug)]
pub struct Foreseen {
    pub board: Board,
    /// The process in force.
    pub before: Option<Arc<BoardRecord>>,
    pub plan: Plan,
    pub preview: Preview,
    /// Stages that hold cards and are not in the new file, with how many: it cannot be put in force.
    pub orphans: Vec<(StageKey, usize)>,
    /// What would be remembered of each card.
    pub stand: BTreeMap<Lane, Memory>,
}

/// A board as it stands and what is remembered of it: what a process would come to there is found
/// out of this without asking anybody.
#[derive(Debug)]
pub struct Looked {
    pub board: Board,
    /// The process in force.
    pub before: Option<Arc<BoardRecord>>,
    /// Who ticked what.
    ticks: Vec<Event>,
    /// The files that were in force, the one that is first.
    texts: Vec<String>,
    memories: Vec<(Lane, Memory)>,
    workspace: Option<(usize, bool)>,
}

impl Looked {
    pub fn foresee(
        self,
        process: &Process,
        me: &Member,
        mut options: Options,
        now: Timestamp,
    ) -> Foreseen {
        let Self { board, before, .. } = self;
        options.workspace = options.workspace.or(self.workspace);
        let renamed = renames(process, &read(&self.texts));
        let bound = before
            .as_ref()
            .map(|record| rebound(&record.active.bindings, &renamed));
        let plan = plan(process, &board, me, bound.as_ref(), &options);
        let carried = carry(process, &renamed, &self.memories);
        let mut stand: BTreeMap<Lane, Memory> = self.memories.into_iter().collect();
        stand.extend(carried.memories);
        let day = Taken {
            board: &board,
            ticks: &self.ticks,
            came: &[],
            again: false,
        };
        let taken = baseline(process, &plan.bindings, &day, &stand, now);
        stand.extend(taken);
        Foreseen {
            preview: preview(process, &plan.bindings, &board, &stand, now),
            orphans: carried.orphans,
            board,
            before,
            plan,
            stand,
        }
    }
}

fn read(texts: &[String]) -> Vec<Process> {
    let read = texts.iter().filter_map(|text| file::in_force(text));
    read.collect()
}

impl Attach<'_> {
    /// Reads the board, and says what this process would come to on it.
    pub async fn foresee(
        &self,
        process: &Process,
        id: &BoardId,
        me: &Member,
        options: Options,
        now: Timestamp,
    ) -> Result<Foreseen, AttachError> {
        Ok(self.look(id).await?.foresee(process, me, options, now))
    }

    /// Reads the board and what is known of it.
    pub async fn look(&self, id: &BoardId) -> Result<Looked, AttachError> {
        let board = self.read(id).await?;
        let workspace = match &board.organization {
            Some(organization) => self.trello.workspace(organization).await.ok(),
            None => None,
        };
        Ok(Looked {
            before: self.store.board(id).await?,
            ticks: self.trello.ticks(id).await?,
            texts: self.texts(id).await?,
            memories: self.store.memories(id).await?,
            workspace,
            board,
        })
    }

    /// The versions that were in force on the board, the one that is first.
    pub(super) async fn earlier(&self, board: &BoardId) -> Result<Vec<Process>, AttachError> {
        Ok(read(&self.texts(board).await?))
    }

    async fn texts(&self, board: &BoardId) -> Result<Vec<String>, AttachError> {
        /// A stage is not called back over more versions than these.
        const MOST: usize = 50;
        let mut texts = Vec::new();
        if let Some(record) = self.store.board(board).await? {
            texts.push(record.active.text.to_string());
        }
        for kept in self.store.versions(board).await?.iter().take(MOST) {
            texts.extend(self.store.process_text(board, &kept.version).await?);
        }
        texts.dedup();
        Ok(texts)
    }
}
