//! What is told of a board and not of one card: on the board's own card, to whom it names by their own
//! ways, and outside, at the address for news.

use super::post::due;
use super::{Engine, Held};
use crate::model::{BoardId, CardId, Lane};
use crate::process::react::{self, Word};
use crate::process::{DecisionId, Deed, Effect, Memory, Mode, decision_id};
use crate::store::{Commit, Committed, StoreError};
use jiff::Timestamp;

/// What there is to tell.
pub(super) enum Told {
    /// Nothing, and nothing to keep.
    Already,
    Nothing,
    Word(Word),
    /// Nothing can be written on the board: by people's own ways, and outside.
    Beside(Word),
}

impl Engine {
    /// On the board's own card and to the owner's address. While a process only watches, nothing is
    /// written on the board.
    pub(super) async fn tell_board(
        &self,
        board: &BoardId,
        held: &Held,
        what: &str,
        word: impl Into<Word>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let word = word.into();
        if held.process.mode == Mode::Watch {
            self.news_outside(&word.text).await;
            return Ok(());
        }
        let mut commit = Commit::new(Lane::Board, now);
        let decision = decision_id(&format!("{what} {board} {now}"), 0);
        tell(&mut commit, held, decision, word);
        self.store.commit(board, commit).await?;
        self.nudge();
        Ok(())
    }

    /// Tells it, and keeps in the same breath that it was told. False where something else was kept
    /// meanwhile: to be done again.
    pub(super) async fn tell_once(
        &self,
        board: &BoardId,
        held: &Held,
        what: &str,
        now: Timestamp,
        tell: impl FnOnce(&mut Memory) -> Told,
    ) -> Result<bool, StoreError> {
        let work = self.store.load(board, &Lane::Board).await?;
        let mut memory = work.memory.unwrap_or_default();
        let told = tell(&mut memory);
        let mut commit = Commit::new(Lane::Board, now);
        (commit.memory, commit.edition) = (Some(memory), Some(work.edition));
        let decision = decision_id(&format!("{what} {board} {now}"), 0);
        match told {
            Told::Already => return Ok(true),
            Told::Nothing => {}
            // Twice rather than never, for it is kept as told.
            Told::Word(word) | Told::Beside(word) if held.process.mode == Mode::Watch => {
                self.news_outside(&word.text).await;
            }
            Told::Word(word) => self::tell(&mut commit, held, decision, word),
            Told::Beside(word) => {
                self.news_outside(&word.text).await;
                tell_named(&mut commit, held, &decision, &word, None);
            }
        }
        let done = self.store.commit(board, commit).await? == Committed::Done;
        self.nudge();
        Ok(done)
    }

    /// Best effort: the board's own card is the record.
    pub(super) async fn news_outside(&self, text: &str) {
        let Some(url) = &self.options.news_url else {
            return;
        };
        let body = serde_json::json!({ "text": text });
        let sent = self
            .http
            .get_or_init(reqwest::Client::new)
            .post(url.clone())
            .json(&body)
            .timeout(std::time::Duration::from_secs(10))
            .send()
            .await;
        if let Err(error) = sent {
            tracing::warn!(error = %error.without_url(), "the news address did not answer");
        }
    }
}

/// On the board's own card, and to those whom it names.
pub(super) fn tell(commit: &mut Commit, held: &Held, decision: DecisionId, word: Word) {
    let (process, today) = (&held.process, held.today(commit.now));
    let calls = react::word_in_the_morning(process, &today, &word, commit.now);
    commit.append.extend(due(held, calls, commit.now));
    tell_named(commit, held, &decision, &word, None);
    commit.effects.push(news(decision, word.text));
}

/// To those whom it names, by their own ways alone.
pub(super) fn tell_named(
    commit: &mut Commit,
    held: &Held,
    decision: &DecisionId,
    word: &Word,
    card: Option<&CardId>,
) {
    let (process, today) = (&held.process, held.today(commit.now));
    let link = match card {
        Some(card) => format!("https://trello.com/c/{card}"),
        None => format!("https://trello.com/b/{}", today.board),
    };
    let ways = react::word_by_ways(process, &today, decision, word, (card, &link), commit.now);
    commit.append.extend(due(held, ways, commit.now));
}

/// For the board's own card.
pub(super) fn news(decision: DecisionId, text: String) -> Effect {
    Effect {
        decision,
        slot: None,
        deed: Deed::News { text },
    }
}
