//! One thing for one lane: what is in doubt is cleared up first, then what was told is judged, then
//! what was decided is done.

use super::metrics::Sitting;
use super::post::told_besides;
use super::reads::latest_will_do;
use super::{Engine, Held, later};
use crate::model::{ActionId, Actor, BoardId, CardId, Event, EventKind, Lane, Left, PlaceId};
use crate::process::judge::{Case, Fresh, judge};
use crate::process::{AbsenceSaid, Deed, Ruled, Ruling, Verdict, What, react};
use crate::store::{Commit, Committed, HistoryLine, LaneWork, RowChange, StoreError};
use crate::trello::{BoardPart, Failure, Ours, Weight};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;

/// A verdict that cannot be reached is tried this often, for about a day, before a person is asked
/// to look.
const MOST_ATTEMPTS: u32 = 300;
const MOST_CONFLICTS: usize = 5;

impl Engine {
    /// What is read to judge weighs as much as what it may decide.
    #[tracing::instrument(name = "step", skip_all, fields(%board, lane = lane.as_str(), decision))]
    pub(super) async fn work(
        &self,
        board: &BoardId,
        lane: &Lane,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(_under_way) = self.store.enter(board) else {
            return Ok(());
        };
        let work = self.work_weighed(board, lane, now);
        let (store, held) = (Arc::clone(&self.store), board.clone());
        let ours: Ours = Arc::new(move || store.holds(&held));
        let work = self.trello.weighing(Weight::Reversal, work);
        self.trello.while_ours(ours, work).await
    }

    async fn work_weighed(
        &self,
        board: &BoardId,
        lane: &Lane,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some((record, work)) = self.store.begin(board, lane).await? else {
            return Ok(());
        };
        let held = self.parsed(board, record)?;
        // People are told what was decided while a board could be seen.
        if !matches!(lane, Lane::Post(_))
            && let Some(why) = self.blind(board)
            && self.waits(board, lane, &work, why, now).await?
        {
            return Ok(());
        }
        let fired = work.timers.values().any(|at| *at <= now);
        let ready = work.not_before.is_none_or(|until| until <= now);
        let first = work.outbox.first().filter(|row| row.not_before <= now);
        match (lane, first) {
            (_, Some(row)) if row.doubt && !heeds_what_was_told(&row.effect.deed) => {
                self.act(board, lane, &held, &work, row, now).await
            }
            (Lane::Board, _) if ready && !work.events.is_empty() => {
                self.hear_board(board, &held, work, now).await
            }
            (Lane::Card(card), _) if ready && (!work.events.is_empty() || fired) => {
                self.judge_lane(board, card, &held, work, now).await
            }
            (Lane::Place(place), _) if ready && !work.events.is_empty() => {
                // Large, and seldom: it need not make every step's future as large.
                Box::pin(self.mirror(board, place, &held, work, now)).await
            }
            (Lane::Post(post), _) if ready && (!work.events.is_empty() || fired) => {
                Box::pin(self.deliver(board, post, &held, work, now)).await
            }
            (_, Some(row)) => self.act(board, lane, &held, &work, row, now).await,
            _ => Ok(()),
        }
    }

    async fn judge_lane(
        &self,
        board: &BoardId,
        card: &CardId,
        held: &Held,
        work: LaneWork,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let lane = Lane::Card(card.clone());
        let memory = work.memory.clone().unwrap_or_default();
        let mut events = work.events.clone();
        let fired = fired(card, &work, now);
        let told = fired.iter().map(|event| event.at).max().max(work.received);
        let told = told.filter(|_| latest_will_do(&work.events));
        events.extend(fired);
        let strangers = match self.strangers(board, &events, now).await {
            Ok(strangers) => strangers,
            Err(failure) => return self.put_off(board, lane, &work, now, failure).await,
        };
        let mut fresh: Option<Fresh> = None;
        for _ in 0..MOST_CONFLICTS {
            let counts = self.counts(board, held).await?;
            let (loads, turn) = self.loads(board, held).await?;
            let case = Case {
                process: &held.process,
                bindings: held.bindings(),
                counts: &counts,
                loads: &loads,
                memory: &memory,
                fresh: fresh.as_ref(),
                events: &events,
                now,
                strangers: &strangers,
                patient: work.attempts < 2,
            };
            let verdict = judge(&case);
            // Until what was given is kept; while a card is read others go on.
            let _turn = turn.filter(|_| matches!(verdict, Verdict::Ruled(_)));
            match verdict {
                Verdict::ReadFirst => match self.read(board, held, card, told, now).await {
                    Ok(read) => fresh = Some(read),
                    Err(Failure::Missing) => match self.sees(board).await {
                        Ok(()) => events = vec![vanished(card, &events, now)],
                        Err(failure) => {
                            return self.put_off(board, lane, &work, now, failure).await;
                        }
                    },
                    Err(failure) => return self.put_off(board, lane, &work, now, failure).await,
                },
                Verdict::ReadAgain => {
                    return self
                        .back_off(
                            board,
                            lane,
                            &work,
                            now,
                            "the card and its actions do not agree yet".into(),
                        )
                        .await;
                }
                Verdict::Ruled(ruled) => {
                    let sitting = Sitting::of(&ruled.rulings, &work.events, now);
                    let commit = self.commit_of(&lane, held, *ruled, fresh.as_ref(), &work, now);
                    let passed_on = !commit.append.is_empty();
                    if self.store.commit(board, commit).await? == Committed::Done {
                        self.metrics.judged(&sitting);
                        if passed_on {
                            self.nudge();
                        }
                        return Ok(());
                    }
                    // Another card took the last place meanwhile: weigh it again. Or the memory is
                    // not what it was, for the board was taken anew: the lane is due again.
                    if self
                        .store
                        .load(board, &Lane::Card(card.clone()))
                        .await?
                        .edition
                        != work.edition
                    {
                        return Ok(());
                    }
                }
            }
        }
        self.back_off(
            board,
            lane,
            &work,
            now,
            "the stage's count kept changing".into(),
        )
        .await
    }

    /// A card that cannot be seen is gone only if its board can be.
    async fn sees(&self, board: &BoardId) -> Result<(), Failure> {
        self.trello
            .board(board, BoardPart::WithoutCards)
            .await
            .map(drop)
    }

    /// The card's own page, outside of Trello.
    fn page_of(&self, board: &BoardId, lane: &Lane) -> Option<String> {
        let (base, card) = (self.options.card_pages.as_ref()?, lane.card()?);
        let base = base.as_str().trim_end_matches('/');
        Some(format!("{base}/{board}/{card}"))
    }

    fn commit_of(
        &self,
        lane: &Lane,
        held: &Held,
        mut ruled: Ruled,
        fresh: Option<&Fresh>,
        work: &LaneWork,
        now: Timestamp,
    ) -> Commit {
        let card = fresh.map(|fresh| &fresh.card);
        if let Some(card) = card.filter(|card| card.desc != ruled.memory.desc) {
            ruled.memory.desc.clone_from(&card.desc);
        }
        let (process, bindings) = (&held.process, held.bindings());
        let page = self.page_of(&bindings.board, lane);
        let effects = react::react(process, bindings, &mut ruled, card, page.as_deref(), now);
        let history = ruled.rulings.iter().map(|ruling| HistoryLine {
            at: ruling.at,
            kind: ruling.what.kind().to_owned(),
            decision: Some(ruling.id.0.clone()),
            who: ruling.hand.member.as_ref().map(ToString::to_string),
            version: held.process.version.clone(),
            text: react::audit(&held.process, held.bindings(), &ruled.memory, ruling),
            data: serde_json::to_value(ruling).unwrap_or_default(),
        });
        let history: Vec<_> = history.collect();
        let decided = history.iter().filter_map(|line| line.decision.as_deref());
        decides(&decided.collect::<Vec<_>>());
        for line in &history {
            tracing::info!(
                card = lane.as_str(),
                kind = line.kind,
                decision = line.decision,
                "{}",
                line.text
            );
        }
        let fired = work
            .timers
            .iter()
            .filter(|(_, at)| **at <= now)
            .map(|(name, _)| (name.clone(), None));
        let mut commit = Commit::new(lane.clone(), now);
        commit.timers = fired.chain(ruled.timers).collect();
        commit.judged = work.events.iter().map(|event| event.id.clone()).collect();
        let more: Vec<ActionId> = ruled
            .judged
            .into_iter()
            .filter(|id| !commit.judged.contains(id))
            .collect();
        commit.judged.extend(more);
        let passed_on = |ruling| passed_on(lane, ruling);
        commit.append = ruled.rulings.iter().filter_map(passed_on).collect();
        if let Some(id) = lane.card() {
            let link = page.or_else(|| card.map(|card| card.url.clone()));
            let link = link.unwrap_or_else(|| format!("https://trello.com/c/{id}"));
            let (memory, rulings) = (&ruled.memory, &ruled.rulings);
            let told = told_besides(held, memory, rulings, &effects, (id, &link), now);
            commit.append.extend(told);
        }
        commit.memory = Some(ruled.memory);
        commit.edition = Some(work.edition);
        commit.history = history;
        commit.effects = effects;
        commit.expect_wip = ruled.expect_wip;
        commit
    }
    /// Trello could not be asked.
    pub(super) async fn put_off(
        &self,
        board: &BoardId,
        lane: Lane,
        work: &LaneWork,
        now: Timestamp,
        failure: Failure,
    ) -> Result<(), StoreError> {
        let Failure::Full { until } = failure else {
            let why = failure.to_string();
            return self.back_off(board, lane, work, now, why).await;
        };
        let mut commit = Commit::new(lane, now);
        commit.wait = Some(until);
        self.store.commit(board, commit).await.map(drop)
    }

    /// A fault of our own, of which the log tells: the lane waits, and is given up in the end.
    pub(super) async fn stumbled(
        &self,
        board: &BoardId,
        lane: &Lane,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let work = self.store.load(board, lane).await?;
        let why = "a fault of Signalman's own".to_owned();
        if work.events.is_empty() {
            // It is an effect that we stumble over.
            let mut commit = Commit::new(lane.clone(), now);
            if let Some(row) = work.outbox.first() {
                let not_before = later(now, Duration::from_secs(300));
                let doubt = true;
                let again = RowChange::Again {
                    not_before,
                    doubt,
                    why,
                };
                commit.outbox.push((row.id, again));
            }
            return self.store.commit(board, commit).await.map(drop);
        }
        self.back_off(board, lane.clone(), &work, now, why).await
    }

    async fn back_off(
        &self,
        board: &BoardId,
        lane: Lane,
        work: &LaneWork,
        now: Timestamp,
        why: String,
    ) -> Result<(), StoreError> {
        let mut commit = Commit::new(lane.clone(), now);
        if work.attempts >= MOST_ATTEMPTS {
            tracing::error!(
                lane = lane.as_str(),
                why,
                "given up: `signalman dead` shows it, `signalman retry` tries again"
            );
            commit.bury = Some(format!("{why} (tried {} times)", work.attempts + 1));
        } else {
            let until = now.saturating_add(pause(work.attempts)).unwrap_or(now);
            tracing::warn!(
                lane = lane.as_str(),
                why,
                attempt = work.attempts + 1,
                "will be tried again"
            );
            commit.back_off = Some(until);
        }
        self.store.commit(board, commit).await.map(drop)
    }
}

/// Done again it would undo what a person did since: what was told is judged first.
fn heeds_what_was_told(deed: &Deed) -> bool {
    matches!(deed, Deed::Untick { .. })
}

/// Every line of this step from here on bears the decisions it is about.
pub(super) fn decides(decisions: &[&str]) {
    if !decisions.is_empty() {
        tracing::Span::current().record("decision", decisions.join(" "));
    }
}

/// 1 s, 2 s, 4 s … 5 min.
pub(super) fn pause(attempts: u32) -> SignedDuration {
    SignedDuration::from_secs(1_i64.checked_shl(attempts.min(9)).unwrap_or(300).min(300))
}

/// What goes on to another lane: the owner's word and an absence to the board's, a client to its places.
fn passed_on(lane: &Lane, ruling: &Ruling) -> Option<Event> {
    let (name, kind) = match (&ruling.what, lane.card()) {
        (What::Word { yes }, _) => ("word".to_owned(), EventKind::OwnerSaid { yes: *yes }),
        (What::Absence(AbsenceSaid::Noted { absence }), _) => {
            let absence = absence.clone();
            ("absence".to_owned(), EventKind::AbsenceSaid { absence })
        }
        (What::PlaceDue { target, status }, Some(card)) => {
            let (place, status) = (PlaceId::new(card, target), *status);
            (
                format!("place {place}"),
                EventKind::PlaceDue { place, status },
            )
        }
        _ => return None,
    };
    Some(Event {
        id: ActionId::new(format!("{name} {} {}", ruling.id.0, ruling.at)),
        at: ruling.at,
        actor: Actor::default(),
        kind,
    })
}

fn fired(card: &CardId, work: &LaneWork, now: Timestamp) -> Vec<Event> {
    let due = work.timers.iter().filter(|(_, at)| **at <= now);
    due.map(|(name, at)| Event {
        id: ActionId::new(format!("timer {name} {card} {at}")),
        at: *at,
        actor: Actor::default(),
        kind: EventKind::TimerFired {
            card: card.clone(),
            timer: name.clone(),
        },
    })
    .collect()
}

/// Trello has no such card any more: as good as told that it was deleted.
fn vanished(card: &CardId, events: &[Event], now: Timestamp) -> Event {
    let last = events.last();
    Event {
        id: ActionId::new(format!("vanished {card} {now}")),
        at: last.map_or(now, |event| event.at),
        actor: Actor::default(),
        kind: EventKind::CardLeft {
            card: card.clone(),
            how: Left::Deleted,
        },
    }
}
