//! How a board comes under a process and leaves it: the plan, what it creates, the baseline, a new
//! version of the file. A board is taken as it stands: nothing on it is moved, changed or lost.

mod baseline;
mod carry;
mod plan;

pub use baseline::{Taken, Wanting, baseline, wanting};
pub use carry::{Carried, carry};
pub use plan::{Create, Options, Plan, Trouble, plan};

use crate::model::{Board, BoardId, CustomFieldId, LabelId, ListId};
use crate::process::{Bindings, Mode, Process, words::Words};
use crate::store::{Active, BoardState, Store, StoreError};
use crate::trello::{BoardPart, Failure, NewWebhook, Trello};
use jiff::Timestamp;

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
        let words = Words::of(process);
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
                if let Some(list) = &bindings.news_list {
                    bindings.news_card = Some(
                        self.trello
                            .create_card(list, plan::NEWS_CARD, &words.news_card())
                            .await?,
                    );
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

    /// Puts the process in force. Every card's present place becomes its standing, unproved.
    pub async fn activate(
        &self,
        process: &Process,
        text: &str,
        board: &Board,
        bindings: Bindings,
        now: Timestamp,
    ) -> Result<(), AttachError> {
        let before = self.store.board(&board.id).await?;
        let was_watching = before
            .as_ref()
            .and_then(|record| crate::process::file::read(&record.active.text).ok());
        let enforcing_now = process.mode == Mode::Enforce
            && was_watching.is_some_and(|read| read.process.mode == Mode::Watch);
        let known: Vec<_> = self.store.memories(&board.id).await?;
        let ticks = self.trello.ticks(&board.id).await?;
        let taken = Taken {
            board,
            ticks: &ticks,
            again: enforcing_now,
        };
        let cards = baseline(process, &bindings, &taken, &known, now);
        let active = Active {
            version: process.version.clone(),
            text: text.to_owned(),
            bindings,
        };
        self.store.activate(&board.id, active, cards, now).await?;
        self.store
            .set_state(&board.id, BoardState::Running, now)
            .await?;
        if self.store.last_seen(&board.id).await?.is_none()
            && let Some(last) = self.trello.board_actions(&board.id, None).await?.last()
        {
            self.store
                .set_last_seen(&board.id, &last.id, last.at)
                .await?;
        }
        Ok(())
    }

    /// Registers the board's webhook, or finds that it stands already.
    pub async fn webhook(&self, board: &BoardId, callback: &str) -> Result<bool, AttachError> {
        let new = NewWebhook {
            board,
            callback,
            description: "Signalman",
        };
        match self.trello.create_webhook(new).await {
            Ok(_) => Ok(true),
            Err(Failure::Refused { message, .. }) if message.contains("already exists") => {
                Ok(false)
            }
            Err(failure) => Err(failure.into()),
        }
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
