//! Looking after the boards: each is caught up with when it begins to be held and again and again
//! from then on, and its webhook is registered, woken and kept the only one of ours. While none
//! stands, the board is asked every few seconds instead. What stands in the way is told once, and
//! never again each round.

use super::blind::BLIND_AGAIN;
use super::{Clock, Engine, Held, later};
use crate::model::BoardId;
use crate::process::words::Words;
use crate::store::{BoardState, StoreError};
use crate::trello::hook::callback_url;
use crate::trello::{Failure, Webhook};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};
use std::sync::PoisonError;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often it is asked which boards are held: a board that is resumed or attached is seen so soon.
const GLANCE: Duration = Duration::from_millis(500);
/// How soon a board that could not be looked after is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(15);

/// How soon a webhook that does not stand or does not deliver is looked at again.
const HOOK_AGAIN: Duration = Duration::from_secs(60);
/// A delivery and its next two tries: fewer in a row may be no more than a restart of ours.
const SEVERAL_FAILURES: u64 = 3;

/// What is known of the boards that are looked after.
#[derive(Default)]
pub struct Watch(HashMap<BoardId, Looked>);

/// How a board stands with us.
#[derive(Clone, Copy, Default)]
pub(super) struct Looked {
    next: Timestamp,
    /// When it was last asked whether the board can be seen.
    asked: Timestamp,
    pub(super) swept: Option<Timestamp>,
    /// Whether a webhook stands, where that was asked for.
    hooked: Option<bool>,
    /// Trello's deliveries fail, and that has been told.
    failing: bool,
    ask_hook: Timestamp,
}

impl Looked {
    /// What happens is told to us; otherwise the board is polled.
    pub(super) fn delivers(&self) -> bool {
        self.hooked == Some(true) && !self.failing
    }
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
        let running = self.store.running().await?;
        let runs = |board: &BoardId| running.binary_search(board).is_ok();
        looked.retain(|board, _| runs(board));
        // What another machine tells of them meanwhile is looked up when they are held again.
        self.with_health(|health| {
            health.blind.retain(|board, _| runs(board));
            health.recalled.retain(runs);
        });
        self.with_current(|current| current.retain(runs));
        for board in running {
            let mut before = looked.get(&board).copied().unwrap_or_default();
            if !self.is_due(&board, &before, now) {
                continue;
            }
            let after = match self.held(&board).await {
                // The round may have taken a while.
                Ok(Some(held))
                    if self.store.holds(&board) && held.record.state == BoardState::Running =>
                {
                    self.look_after(&board, &held, now, before).await
                }
                Ok(_) => continue,
                Err(error) => {
                    tracing::error!(%board, %error, "the board cannot be looked after; trying again");
                    before.next = later(now, TRY_AGAIN);
                    before
                }
            };
            looked.insert(board, after);
        }
        self.with_health(|health| health.round_made = true);
        Ok(())
    }

    /// How many of these boards were not looked through yet since they are held, or not when it was
    /// last tried.
    pub fn behind(&self, held: &[BoardId]) -> usize {
        let behind = |current: &HashSet<BoardId>| {
            let behind = held.iter().filter(|board| !current.contains(*board));
            behind.count()
        };
        self.with_current(|current| behind(current))
    }

    fn with_current<T>(&self, look: impl FnOnce(&mut HashSet<BoardId>) -> T) -> T {
        look(&mut self.current.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn is_due(&self, board: &BoardId, looked: &Looked, now: Timestamp) -> bool {
        let blind = self.blind(board).is_some();
        looked.next <= now || blind && self.asks(board, looked, now)
    }

    /// Whether it is time to ask if the board can be seen: sooner where it could not, for whoever
    /// mends it waits.
    fn asks(&self, board: &BoardId, looked: &Looked, now: Timestamp) -> bool {
        let blind = self.blind(board).is_some();
        let wait = if blind {
            BLIND_AGAIN
        } else {
            self.options.look
        };
        later(looked.asked, wait) <= now
    }

    async fn look_after(
        &self,
        board: &BoardId,
        held: &Held,
        now: Timestamp,
        mut looked: Looked,
    ) -> Looked {
        if self.asks(board, &looked, now) {
            self.see(board, held, now, &mut looked).await;
        }
        if self.blind(board).is_some_and(|why| !why.reads()) {
            self.with_current(|current| current.remove(board));
            looked.next = later(now, BLIND_AGAIN);
            return looked;
        }
        if looked.ask_hook <= now {
            self.hook(board, held, now, &mut looked).await;
        }
        let caught_up = self.catch_up(board, held, &mut looked, now).await;
        self.with_current(|current| match &caught_up {
            Ok(()) => current.insert(board.clone()),
            Err(_) => current.remove(board),
        });
        let wait = match caught_up {
            Err(why) => {
                tracing::warn!(%board, why, "could not look through the board; trying again");
                self.see(board, held, now, &mut looked).await;
                TRY_AGAIN
            }
            Ok(()) if looked.delivers() => self.options.look,
            Ok(()) => self.options.poll,
        };
        looked.next = later(now, wait);
        looked
    }

    /// What is seen again is read through at once, and its webhook looked at: Trello takes away
    /// those of a token that may not see the board.
    async fn see(&self, board: &BoardId, held: &Held, now: Timestamp, looked: &mut Looked) {
        if self.look_at(board, held, now).await {
            (looked.swept, looked.ask_hook) = (None, now);
        }
        looked.asked = now;
    }

    /// Sees to it that a webhook tells us of the board. Told when that changes.
    async fn hook(&self, board: &BoardId, held: &Held, now: Timestamp, looked: &mut Looked) {
        let Some(public_url) = &self.options.public_url else {
            return;
        };
        let kept = self
            .keep_webhook(board, &callback_url(public_url, board))
            .await;
        if let Err(Failure::Full { until }) = &kept {
            // Nothing is known of it: there was no room to ask.
            looked.ask_hook = *until;
            return;
        }
        let stands = Some(kept.is_ok());
        match &kept {
            _ if looked.hooked == stands => {}
            Ok(_) => tracing::info!(%board, "Trello tells of this board by webhook"),
            Err(error) => tracing::error!(
                %board, %error,
                "no webhook stands: Trello must reach {public_url}; the board is asked every few seconds until it does"
            ),
        }
        looked.hooked = stands;
        if let Ok(failures) = kept {
            self.failures(board, held, failures, now, looked).await;
        }
        let again = if looked.delivers() {
            self.options.look
        } else {
            HOOK_AGAIN
        };
        looked.ask_hook = later(now, again);
    }

    /// Trello's deliveries fail: told once, until one gets through again.
    async fn failures(
        &self,
        board: &BoardId,
        held: &Held,
        failures: u64,
        now: Timestamp,
        looked: &mut Looked,
    ) {
        if failures == 0 && looked.failing {
            tracing::info!(%board, "Trello's deliveries get through again");
            looked.failing = false;
        }
        if failures < SEVERAL_FAILURES || looked.failing {
            return;
        }
        tracing::error!(
            %board, failures,
            "Trello's last deliveries were not taken: is PUBLIC_URL reachable from outside, is TRELLO_SECRET right? The board is asked every few seconds until they are"
        );
        let text = Words::of(&held.process).not_delivered(failures);
        let told = self.tell_board(board, held, "not delivered", text, now);
        match told.await {
            Ok(()) => looked.failing = true,
            Err(error) => tracing::error!(%board, %error, "the board's news could not be stored"),
        }
    }

    /// Ours stands and is awake, and those of an earlier address are gone. Says how many deliveries
    /// in a row have failed.
    async fn keep_webhook(&self, board: &BoardId, callback: &str) -> Result<u64, Failure> {
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
                tracing::info!(%board, "a webhook of an earlier address is taken off");
                self.trello.delete_webhook(&webhook.id).await?;
            }
        }
        if !stands {
            self.trello.create_webhook(board, callback).await?;
            tracing::info!(%board, "the webhook is registered");
        }
        Ok(failing)
    }
}
