//! Deeds on Trello, each safe to repeat. Before an attempt the row is marked as begun, so that a
//! kill leaves it in doubt; what is in doubt is looked up before it is done again.

use super::comments::same_comment;
use super::lane::{decides, pause};
use super::stuck::{TOLD_AFTER, tell_stuck, told};
use super::{Engine, Held, Trouble, span};
use crate::model::{AppId, BoardId, CardId, Lane, redact};
use crate::process::{Deed, Echo, ItemKey, Memory, Tracked, react};
use crate::store::{Commit, Committed, HistoryLine, LaneWork, OutboxRow, RowChange, StoreError};
use crate::trello::{Comment, Failure, Weight};
use jiff::{SignedDuration, Timestamp};

/// A deed that Trello does not take is tried for about a day, every five minutes in the end.
const MOST_ATTEMPTS: u32 = 300;
/// One that our account is not let do, for about an hour: somebody may let it again.
const MOST_FORBIDDEN: u32 = 20;

const AN_HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What a deed taught us, for the card's memory and history.
#[derive(Default)]
pub(super) struct Learnt {
    pub(super) thread: Option<(String, crate::model::ActionId)>,
    pub(super) items: Vec<(ItemKey, Tracked)>,
    pub(super) echo: Option<Echo>,
    /// The description before we changed it.
    pub(super) before: Option<String>,
    /// The application that our own actions bear.
    pub(super) app: Option<AppId>,
}

impl Engine {
    pub(super) async fn act(
        &self,
        board: &BoardId,
        lane: &Lane,
        held: &Held,
        work: &LaneWork,
        row: &OutboxRow,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        decides(&[&row.effect.decision.0]);
        let memory = work.memory.clone().unwrap_or_default();
        let deed = async {
            let mut begin = Commit::new(lane.clone(), now);
            begin.outbox.push((row.id, RowChange::Begun));
            self.store.commit(board, begin).await?;
            let learnt = match lane.card() {
                Some(card) => self.perform(held, card, &memory, row, now).await?,
                None => self.perform_for_board(held, row).await?,
            };
            Ok(learnt)
        };
        // Every call is set apart before the first, and before the row is begun: a deed that could
        // not finish would read again and again what it then cannot write.
        let wished = react::wish(held.bindings(), &memory, &row.effect.deed).is_some();
        let (weight, calls) = cost(row, wished);
        match self.trello.within(weight, calls, deed).await {
            Ok(learnt) => {
                tracing::info!(deed = row.effect.deed.name(), "done");
                self.done(board, lane, held, work, row, learnt, now).await
            }
            Err(Trouble::Store(error)) => Err(error),
            Err(Trouble::Trello(failure)) => {
                let mut commit = Commit::new(lane.clone(), now);
                self.failed(held, (&memory, work.edition), row, failure, &mut commit);
                self.store.commit(board, commit).await.map(drop)
            }
        }
    }

    /// What the deed taught us goes into the memory as it is by now: the board may have been taken
    /// anew meanwhile.
    #[expect(
        clippy::too_many_arguments,
        reason = "one deed: where, by what, what came of it, when"
    )]
    async fn done(
        &self,
        board: &BoardId,
        lane: &Lane,
        held: &Held,
        work: &LaneWork,
        row: &OutboxRow,
        learnt: Learnt,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if let Some(app) = &learnt.app
            && held.bindings().app.as_ref() != Some(app)
        {
            self.store.own_app(board, app.clone()).await?;
        }
        let (mut memory, mut edition) = (work.memory.clone(), work.edition);
        loop {
            let mut commit = Commit::new(lane.clone(), now);
            commit.outbox.push((row.id, RowChange::Done));
            let before = learnt.before.clone();
            let before = before.map(|before| described(held, row, before, now));
            commit.history.extend(before);
            if let Some(mut known) = memory
                && learn(&mut known, &learnt)
            {
                (commit.memory, commit.edition) = (Some(known), Some(edition));
            }
            if self.store.commit(board, commit).await? == Committed::Done {
                return Ok(());
            }
            let now_known = self.store.load(board, lane).await?;
            (memory, edition) = (now_known.memory, now_known.edition);
        }
    }

    fn failed(
        &self,
        held: &Held,
        (memory, edition): (&Memory, i64),
        row: &OutboxRow,
        failure: Failure,
        commit: &mut Commit,
    ) {
        let now = commit.now;
        let why = failure.to_string();
        let (wait, doubt, most) = match &failure {
            Failure::Refused { .. } | Failure::Missing => (None, false, 0),
            Failure::Forbidden { .. } => (Some(pause(row.attempts)), false, MOST_FORBIDDEN),
            Failure::Full { until } => {
                let (not_before, doubt) = (*until, row.doubt);
                let later = RowChange::Later { not_before, doubt };
                return commit.outbox.push((row.id, later));
            }
            Failure::Retry { after, .. } => {
                let wait = pause(row.attempts).max(span(*after));
                (Some(wait), row.doubt, MOST_ATTEMPTS)
            }
            Failure::Unknown { .. } => (Some(pause(row.attempts)), true, MOST_ATTEMPTS),
        };
        let again = wait
            .filter(|_| row.attempts < most)
            .and_then(|wait| now.saturating_add(jitter(row, wait)).ok());
        let decision = &row.effect.decision.0;
        let moves = matches!(row.effect.deed, Deed::Move { .. });
        let moves = moves && react::wish(held.bindings(), memory, &row.effect.deed).is_none();
        match again {
            Some(_) if moves && row.attempts == TOLD_AFTER && !told(memory, &row.effect) => {
                tracing::error!(decision, why, "the card is not back yet; people are told");
                // In its slot the move takes its own place; the word goes before it.
                tell_stuck(held, (memory, edition), row, true, commit);
                commit.effects.push(row.effect.clone());
            }
            Some(not_before) => {
                tracing::warn!(
                    decision,
                    why,
                    attempt = row.attempts + 1,
                    "not done yet; will be tried again"
                );
                commit.outbox.push((
                    row.id,
                    RowChange::Again {
                        not_before,
                        doubt,
                        why,
                    },
                ));
            }
            None => {
                tracing::error!(
                    decision,
                    why,
                    "given up: `signalman dead` shows it, `signalman retry` tries again"
                );
                let why = format!("{why} (tried {} times)", row.attempts + 1);
                commit.outbox.push((row.id, RowChange::Dead { why }));
                if moves {
                    tell_stuck(held, (memory, edition), row, false, commit);
                }
                if let Deed::Lines { set, blocks } = &row.effect.deed {
                    let word = react::no_room(&held.process, &row.effect.decision, set, blocks);
                    commit.effects.push(word);
                }
            }
        }
    }

    async fn perform(
        &self,
        held: &Held,
        card: &CardId,
        memory: &Memory,
        row: &OutboxRow,
        now: Timestamp,
    ) -> Result<Learnt, Failure> {
        let trello = &self.trello;
        let doubtful = row.doubt || row.attempts > 0;
        let wish = react::wish(held.bindings(), memory, &row.effect.deed);
        if wish.is_some_and(|wish| wish.is_over(now)) {
            return Ok(Learnt::default());
        }
        match &row.effect.deed {
            Deed::Move { to, pos, out_of } => {
                // After a pause the card may be elsewhere: a person's later, legal move stands.
                let unsure = doubtful || wish.is_some();
                let gone_on = unsure && trello.card(card, &[]).await?.0.list != *out_of;
                if !gone_on {
                    trello.move_card(card, to, *pos).await?;
                }
                Ok(Learnt::default())
            }
            Deed::Say { thread, text } => self.comment(held, card, memory, row, thread, text).await,
            Deed::Seed { name, items, .. } => self.seed(card, memory, name, items).await,
            Deed::Lines { set, blocks } => self.write_lines(card, set, blocks, now).await,
            Deed::CustomField { field, value, over } => {
                let done = self.set_field(held, card, field, value.as_deref(), over.as_deref());
                done.await.map(|()| Learnt::default())
            }
            Deed::News { .. } | Deed::RestoreList { .. } => self.perform_for_board(held, row).await,
            Deed::Untick { item, key, .. } => self
                .untick(card, memory, row, (key, item))
                .await
                .map(|()| Learnt::default()),
            deed => self
                .perform_plain(card, deed)
                .await
                .map(|()| Learnt::default()),
        }
    }

    /// Deeds that may simply be done again.
    async fn perform_plain(&self, card: &CardId, deed: &Deed) -> Result<(), Failure> {
        let trello = &self.trello;
        match deed {
            Deed::Reopen => trello.close_card(card, false).await,
            Deed::Tick { item, .. } => trello.tick(card, item, true).await,
            Deed::RenameItem { item, name, .. } => trello.rename_item(card, item, name).await,
            Deed::AddMember { member } => trello.add_member(card, member).await,
            Deed::DropMember { member } => trello.drop_member(card, member).await,
            Deed::PutLabel { label, on } => trello.put_label(card, label, *on).await,
            Deed::SetDue { at } => trello.set_due(card, Some(*at)).await,
            _ => Ok(()),
        }
    }

    /// A thread's comment is edited; a new one is looked for by its decision's id if an earlier
    /// attempt may have written it.
    async fn comment(
        &self,
        held: &Held,
        card: &CardId,
        memory: &Memory,
        row: &OutboxRow,
        thread: &str,
        text: &str,
    ) -> Result<Learnt, Failure> {
        let mut known = memory.threads.get(thread).cloned();
        if known.is_none() && row.doubt {
            let comments = self.trello.comments(card).await?;
            let ours = comments.into_iter().find(|comment| {
                comment.by.as_ref() == Some(&held.bindings().bot)
                    && same_comment(&comment.text, text, &row.effect.decision.0)
            });
            known = ours.map(|comment| comment.id);
        }
        let edited = match &known {
            Some(comment) => match self.trello.edit_comment(card, comment, text).await {
                Err(Failure::Missing) => None,
                other => Some(other.map(|()| comment.clone())?),
            },
            None => None,
        };
        let (id, app) = match edited {
            Some(id) => (id, None),
            None => self.trello.comment(card, text).await?,
        };
        Ok(Learnt {
            thread: Some((thread.to_owned(), id)),
            app,
            ..Learnt::default()
        })
    }

    async fn perform_for_board(&self, held: &Held, row: &OutboxRow) -> Result<Learnt, Failure> {
        match &row.effect.deed {
            Deed::RestoreList { list } => self.trello.close_list(list, false).await?,
            Deed::News { text } => {
                self.say_on_own_card(held, row, text).await?;
                self.news_outside(text).await;
            }
            Deed::Say { text, .. } => self.say_on_own_card(held, row, text).await?,
            _ => {}
        }
        Ok(Learnt::default())
    }

    async fn say_on_own_card(
        &self,
        held: &Held,
        row: &OutboxRow,
        text: &str,
    ) -> Result<(), Failure> {
        let Some(card) = &held.bindings().news_card else {
            return Ok(());
        };
        if row.doubt {
            let comments = self.trello.comments(card).await?;
            // Each morning calls in the same words, and each clock is its own.
            let earliest = row.since.saturating_sub(AN_HOUR).unwrap_or(row.since);
            let lately = |comment: &&Comment| comment.at.is_none_or(|at| at >= earliest);
            let mut said = comments.iter().filter(lately);
            if said.any(|comment| comment.text == text) {
                return Ok(());
            }
        }
        self.trello.comment(card, text).await.map(drop)
    }
}

/// How much a deed matters, and how many calls it takes.
fn cost(row: &OutboxRow, wished: bool) -> (Weight, usize) {
    let looked_up = usize::from(row.doubt);
    let doubtful = usize::from(row.doubt || row.attempts > 0);
    match &row.effect.deed {
        // Nothing stands where it may not while somebody waits for this one.
        Deed::Move { .. } if wished => (Weight::Comment, 2),
        Deed::Move { .. } => (Weight::Reversal, 1 + doubtful),
        Deed::Reopen | Deed::RestoreList { .. } => (Weight::Reversal, 1),
        Deed::Untick { .. } => (Weight::Untick, 2),
        Deed::Say { .. } | Deed::News { .. } => (Weight::Comment, 1 + looked_up),
        Deed::Seed { items, .. } => (Weight::Seed, 2 + items.len()),
        Deed::Lines { .. } | Deed::CustomField { over: Some(_), .. } => (Weight::Seed, 2),
        _ => (Weight::Seed, 1),
    }
}

fn learn(memory: &mut Memory, learnt: &Learnt) -> bool {
    const KEPT_THREADS: usize = 64;
    // A comment of its own is never edited, so its thread is not kept.
    if let Some((thread, comment)) = learnt
        .thread
        .as_ref()
        .filter(|(thread, _)| !thread.starts_with("once "))
    {
        memory.threads.insert(thread.clone(), comment.clone());
        while memory.threads.len() > KEPT_THREADS {
            memory.threads.pop_first();
        }
    }
    for (key, tracked) in &learnt.items {
        let known = memory
            .items
            .get(key)
            .is_some_and(|known| known.item == tracked.item);
        if !known {
            memory.items.insert(key.clone(), tracked.clone());
        }
    }
    memory.sent.extend(learnt.echo.clone());
    learnt.thread.is_some() || !learnt.items.is_empty() || learnt.echo.is_some()
}

fn described(held: &Held, row: &OutboxRow, before: String, at: Timestamp) -> HistoryLine {
    let before = redact::cut_passwords(&before);
    HistoryLine {
        at,
        kind: "described".into(),
        decision: Some(row.effect.decision.0.clone()),
        who: Some(held.bindings().bot.to_string()),
        version: held.record.active.version.clone(),
        text: "the description before lines were written".into(),
        data: serde_json::json!({ "before": before }),
    }
}

/// A tenth either way, from the row's own number, so that rows do not come back all at once.
fn jitter(row: &OutboxRow, wait: SignedDuration) -> SignedDuration {
    let spread = (row.id.wrapping_mul(2_654_435_761)).rem_euclid(200) - 100;
    wait + wait * i32::try_from(spread).unwrap_or(0) / 1000
}
