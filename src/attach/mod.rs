//! How a board comes under a process and leaves it: the plan, what it creates, the baseline, a new
//! version of the file. A board is taken as it stands: nothing on it is moved, changed or lost.

mod baseline;
mod carry;
mod plan;
mod preview;
pub mod propose;
mod say;

pub use baseline::{Taken, baseline, seeds};
pub use carry::{Carried, Renames, carry, rebound, renames};
pub use plan::{Create, Options, Plan, Trouble, plan};
pub use preview::{Foreseen, Looked, Preview, Stands, preview};

use crate::model::{Board, BoardId, CustomFieldId, LabelId, Lane, ListId};
use crate::process::{Bindings, Memory, Mode, Process, file, words::Words};
use crate::store::{
    Active, BoardRecord, BoardState, Commit, Committed, Over, Start, Store, StoreError,
};
use crate::trello::{BoardPart, Failure, Trello};
use jiff::Timestamp;
use std::collections::BTreeMap;

#[derive(Debug, thiserror::Error)]
pub enum AttachError {
    #[error(transparent)]
    Trello(#[from] Failure),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Attaches one board: everything the command needs to show the plan, carry it out and say so.
pub struct Attach<'a> {
    pub trello: &'a Trello,
    pub store: &'a dyn Store,
}

impl Attach<'_> {
    /// The board with every card, archived ones too.
    pub async fn read(&self, board: &BoardId) -> Result<Board, AttachError> {
        Ok(self.trello.board(board, BoardPart::AllCards).await?)
    }

    /// Creates what the plan says is missing, and binds it. Told step by step.
    pub async fn create(
        &self,
        process: &Process,
        board: &Board,
        plan: &Plan,
        mut told: impl FnMut(&Create),
    ) -> Result<Bindings, AttachError> {
        let mut bindings = plan.bindings.clone();
        for create in &plan.create {
            self.create_one(process, board, create, &mut bindings)
                .await?;
            told(create);
        }
        Ok(bindings)
    }

    async fn create_one(
        &self,
        process: &Process,
        board: &Board,
        create: &Create,
        bindings: &mut Bindings,
    ) -> Result<(), AttachError> {
        match create {
            Create::List { stage, name, pos } => {
                let list: ListId = self.trello.create_list(&board.id, name, *pos).await?;
                bindings.lists.insert(stage.clone(), list);
            }
            Create::NewsList { name } => {
                bindings.news_list = Some(self.trello.create_list(&board.id, name, None).await?)
            }
            Create::Label { key, name, color } => {
                let label: LabelId = self
                    .trello
                    .create_label(&board.id, name, color.as_deref())
                    .await?;
                bindings.labels.insert(key.clone(), label);
            }
            Create::CustomField {
                key,
                name,
                kind,
                options,
            } => {
                let field: CustomFieldId = self
                    .trello
                    .create_custom_field(&board.id, name, kind, options)
                    .await?;
                bindings.fields.insert(key.clone(), field);
            }
            Create::NewsCard => {
                let text = Words::of(process).news_card();
                if let Some(list) = &bindings.news_list {
                    let card = self.trello.create_card(list, plan::NEWS_CARD, &text);
                    bindings.news_card = Some(card.await?);
                }
            }
            Create::GuideCard { title, text } => {
                if let Some(list) = &bindings.news_list {
                    bindings.guide_card = Some(self.trello.create_card(list, title, text).await?);
                }
            }
        }
        Ok(())
    }

    /// Puts the process in force. A board that comes under it (or comes back, or goes from watching
    /// to enforcing) is read once more, so that what moved while a person read the plan is taken as
    /// it stands too; otherwise cards keep their standing, those of a renamed stage under its new key.
    pub async fn activate(
        &self,
        process: &Process,
        text: &str,
        board: &BoardId,
        bindings: Bindings,
        now: Timestamp,
    ) -> Result<(), AttachError> {
        let over = Over::Whatever;
        self.activate_over(process, text, board, bindings, over, now)
            .await
            .map(drop)
    }

    /// The same where the process in force is still that one; `Conflict`, and nothing is written, where
    /// somebody else was faster.
    pub async fn activate_over(
        &self,
        process: &Process,
        text: &str,
        board: &BoardId,
        mut bindings: Bindings,
        over: Over,
        now: Timestamp,
    ) -> Result<Committed, AttachError> {
        let before = self.store.board(board).await?;
        let detached = before
            .as_ref()
            .is_some_and(|record| record.state == BoardState::Detached);
        let anew = before.is_none() || detached;
        let afresh = anew
            || before
                .as_ref()
                .is_some_and(|record| begins_to_enforce(process, record));
        let known = self.store.memories(board).await?;
        let renamed = renames(process, &self.earlier(board).await?);
        let carried = carry(process, &renamed, &known);
        let mut cards: BTreeMap<Lane, Memory> = carried.memories.into_iter().collect();
        let known: BTreeMap<Lane, Memory> = known.into_iter().chain(cards.clone()).collect();
        // The last action is asked for before the board: what happens in between is told twice and
        // never missed.
        let after = self.trello.newest_action(board).await?;
        let read = self.read(board).await?;
        // Those made a moment ago are among them, with their choices.
        bindings.custom_fields.clone_from(&read.custom_fields);
        let came = match afresh {
            true => self.trello.arrivals(board).await?,
            false => Vec::new(),
        };
        let taken = Taken {
            board: &read,
            ticks: &self.trello.ticks(board).await?,
            came: &came,
            again: afresh,
        };
        cards.extend(baseline(process, &bindings, &taken, &known, now));
        take_turns(process, &bindings, &known, &mut cards, now);
        let cards = cards.into_iter().collect();
        let start = if afresh {
            let after = after.map(|last| (last.id, last.at));
            Start::Afresh { cards, after }
        } else {
            Start::CarryOn(cards)
        };
        let active = Active {
            version: process.version.clone(),
            text: text.into(),
            bindings,
        };
        let activated = self.store.activate_over(board, active, start, over, now);
        if activated.await? == Committed::Conflict {
            return Ok(Committed::Conflict);
        }
        if detached {
            self.store
                .set_state(board, BoardState::Running, now)
                .await?;
        }
        Ok(Committed::Done)
    }

    /// What their stages declare and gates ahead ask for, on cards that came without it; performed by
    /// the service. Returns on how many cards something is to be done.
    pub async fn seed(
        &self,
        process: &Process,
        board: &Board,
        bindings: &Bindings,
        now: Timestamp,
    ) -> Result<usize, AttachError> {
        let known: BTreeMap<Lane, Memory> =
            self.store.memories(&board.id).await?.into_iter().collect();
        let seeds = seeds(process, bindings, board, &known, now);
        let cards = seeds.len();
        for (lane, effects) in seeds {
            let mut commit = Commit::new(lane, now);
            commit.effects = effects;
            self.store.commit(&board.id, commit).await?;
        }
        Ok(cards)
    }

    /// Registers the board's webhook, or finds that it stands already.
    pub async fn webhook(&self, board: &BoardId, callback: &str) -> Result<bool, AttachError> {
        Ok(self.trello.create_webhook(board, callback).await?)
    }

    /// Takes our webhooks off a board and stops acting on it. What is remembered stays.
    pub async fn detach(&self, board: &BoardId, now: Timestamp) -> Result<(), AttachError> {
        self.store
            .set_state(board, BoardState::Detached, now)
            .await?;
        for webhook in self.trello.webhooks().await? {
            if webhook.board == *board {
                self.trello.delete_webhook(&webhook.id).await?;
            }
        }
        Ok(())
    }
}

/// Cards that are remembered from before anybody asked whose turn it is.
fn take_turns(
    process: &Process,
    bindings: &Bindings,
    known: &BTreeMap<Lane, Memory>,
    cards: &mut BTreeMap<Lane, Memory>,
    now: Timestamp,
) {
    let day = bindings.on(process.today(now));
    for (lane, memory) in known {
        let standing = memory
            .standing
            .as_ref()
            .filter(|_| memory.turns.stage.is_none());
        let stage = standing.and_then(|standing| process.stage(&standing.stage));
        if let Some(stage) = stage {
            let memory = cards.entry(lane.clone()).or_insert_with(|| memory.clone());
            memory.take_turn(process, stage, &day);
        }
    }
}

/// From watching to enforcing: the board counts as it stands that day.
fn begins_to_enforce(process: &Process, before: &BoardRecord) -> bool {
    let watched =
        file::in_force(&before.active.text).is_some_and(|before| before.mode == Mode::Watch);
    process.mode == Mode::Enforce && watched
}
