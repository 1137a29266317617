//! Looking after the boards: each is caught up with when it begins to be held and again and again
//! from then on, and its webhook is registered, woken and kept the only one of ours. While none
//! stands, the board is asked every few seconds instead.

use super::{Clock, Engine, later, span};
use crate::model::BoardId;
use crate::store::{BoardState, StoreError};
use crate::trello::hook::callback_url;
use crate::trello::{Failure, Webhook};
use jiff::Timestamp;
use std::collections::HashMap;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often it is asked which boards are held: a board that is resumed or attached is seen so soon.
const GLANCE: Duration = Duration::from_millis(500);
/// How soon a board that could not be looked after is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(15);

/// How soon a webhook that does not stand is asked for again.
const HOOK_AGAIN: Duration = Duration::from_secs(60);

/// What is known of the boards that are looked after.
#[derive(Default)]
pub struct Watch(HashMap<BoardId, Looked>);

/// How a board stands with us.
#[derive(Clone, Copy, Default)]
struct Looked {
    next: Timestamp,
    swept: Option<Timestamp>,
    /// Whether a webhook stands, where that was asked for.
    hooked: Option<bool>,
    ask_hook: Timestamp,
}

impl Engine {
    pub(super) async fn watch(&self, clock: Clock, stop: CancellationToken) {
        let mut watch = Watch::default();
        while !stop.is_cancelled() {
            let glanced = tokio::select! {
                () = stop.cancelled() => return,
                glanced = self.look_round(clock(), &mut watch) => glanced,
            };
            if let Err(error) = glanced {
                tracing::error!(%error, "the store cannot be used; trying again");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(GLANCE) => {}
            }
        }
    }

    /// Looks after every board whose time has come.
    pub async fn look_round(&self, now: Timestamp, watch: &mut Watch) -> Result<(), StoreError> {
        let looked = &mut watch.0;
        if self.upkeep(now).await? {
            looked.clear();
        }
        for board in self.store.boards().await? {
            let record = self.store.board(&board).await?;
            let runs = record.is_some_and(|record| record.state == BoardState::Running);
            if !runs || !self.store.holds(&board) {
                looked.remove(&board);
                continue;
            }
            let before = looked.get(&board).copied().unwrap_or_default();
            if before.next <= now {
                let after = self.look_after(&board, now, before).await;
                looked.insert(board, after);
            }
        }
        Ok(())
    }

    async fn look_after(&self, board: &BoardId, now: Timestamp, mut looked: Looked) -> Looked {
        if looked.ask_hook <= now {
            self.hook(board, now, &mut looked).await;
        }
        let due = |swept: Timestamp| now.duration_since(swept) >= span(self.options.sweep);
        let sweep = looked.swept.is_none_or(due);
        let wait = match self.catch_up(board, now, sweep).await {
            Err(why) => {
                tracing::warn!(%board, why, "could not look through the board; trying again");
                TRY_AGAIN
            }
            Ok(()) if looked.hooked == Some(true) => self.options.look,
            Ok(()) => self.options.poll,
        };
        if sweep && wait != TRY_AGAIN {
            looked.swept = Some(now);
        }
        looked.next = later(now, wait);
        looked
    }

    /// Sees to it that a webhook tells us of the board. Told when that changes.
    async fn hook(&self, board: &BoardId, now: Timestamp, looked: &mut Looked) {
        let Some(public_url) = &self.options.public_url else {
            return;
        };
        let kept = self
            .keep_webhook(board, &callback_url(public_url, board))
            .await;
        let stands = Some(kept.is_ok());
        match &kept {
            _ if looked.hooked == stands => {}
            Ok(()) => tracing::info!(%board, "Trello tells of this board by webhook"),
            Err(error) => tracing::error!(
                %board, %error,
                "no webhook stands: Trello must reach {public_url}; the board is asked every few seconds until it does"
            ),
        }
        let again = if kept.is_ok() {
            self.options.look
        } else {
            HOOK_AGAIN
        };
        (looked.hooked, looked.ask_hook) = (stands, later(now, again));
    }

    /// Ours stands and is awake, and those of an earlier address are gone.
    async fn keep_webhook(&self, board: &BoardId, callback: &str) -> Result<(), Failure> {
        let all = self.trello.webhooks().await?;
        let (mut stands, mut failing) = (false, 0);
        for webhook in all.iter().filter(|webhook| webhook.board == *board) {
            if webhook.callback == callback {
                stands = true;
                failing = webhook.failures;
                if !webhook.active {
                    tracing::warn!(%board, "Trello had put the webhook to sleep; it is woken");
                    self.trello.activate_webhook(&webhook.id).await?;
                }
            } else if webhook.description == Webhook::OURS {
                self.trello.delete_webhook(&webhook.id).await?;
            }
        }
        if failing > 0 {
            tracing::warn!(%board, failing, "Trello's last deliveries were not taken: is {callback} reachable, is TRELLO_SECRET right?");
        }
        if stands {
            return Ok(());
        }
        self.trello.create_webhook(board, callback).await.map(drop)
    }
}
