//! How the cards that are on a board would stand under a process, by the judge's own gate. Nothing is
//! written, on Trello or in the store.

use super::baseline::{Taken, baseline};
use super::carry::{carry, rebound, renames};
use super::plan::{Options, Plan, plan};
use super::{Attach, AttachError};
use crate::model::{Board, BoardId, CardId, Lane, Member};
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
    let own = [&bindings.news_card, &bindings.guide_card];
    let mut preview = Preview::default();
    let open = board.cards.iter().filter(|card| !card.closed);
    for card in open.filter(|card| !own.contains(&&Some(card.id.clone()))) {
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

impl Attach<'_> {
    /// Reads the board, and says what this process would come to on it.
    pub async fn foresee(
        &self,
        process: &Process,
        id: &BoardId,
        me: &Member,
        mut options: Options,
        now: Timestamp,
    ) -> Result<Foreseen, AttachError> {
        let board = self.read(id).await?;
        if let Some(organization) = board
            .organization
            .as_ref()
            .filter(|_| options.workspace.is_none())
        {
            options.workspace = self.trello.workspace(organization).await.ok();
        }
        let before = self.store.board(id).await?;
        let renamed = renames(process, &self.earlier(id).await?);
        let bound = before
            .as_ref()
            .map(|record| rebound(&record.active.bindings, &renamed));
        let plan = plan(process, &board, me, bound.as_ref(), &options);
        let memories = self.store.memories(id).await?;
        let carried = carry(process, &renamed, &memories);
        let mut stand: BTreeMap<Lane, Memory> = memories.into_iter().collect();
        stand.extend(carried.memories);
        let day = Taken {
            board: &board,
            ticks: &self.trello.ticks(id).await?,
            again: false,
        };
        let taken = baseline(process, &plan.bindings, &day, &stand, now);
        stand.extend(taken);
        Ok(Foreseen {
            preview: preview(process, &plan.bindings, &board, &stand, now),
            orphans: carried.orphans,
            board,
            before,
            plan,
            stand,
        })
    }

    /// The versions that were in force on the board, the one that is first.
    pub(super) async fn earlier(&self, board: &BoardId) -> Result<Vec<Process>, AttachError> {
        /// A stage is not called back over more versions than these.
        const MOST: usize = 50;
        let mut texts = Vec::new();
        if let Some(record) = self.store.board(board).await? {
            texts.push(record.active.text.clone());
        }
        for kept in self.store.versions(board).await?.iter().take(MOST) {
            texts.extend(self.store.process_text(board, &kept.version).await?);
        }
        texts.dedup();
        Ok(texts
            .iter()
            .filter_map(|text| file::in_force(text))
            .collect())
    }
}
