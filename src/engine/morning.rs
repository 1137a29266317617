//! On working mornings people are told how things stand with them, when their own hours begin, or as
//! soon as they can be told. Who was told of a day is kept on the board's lane, in the same commit as
//! the messages: nobody is told of a day twice, however often the service starts and on however many
//! machines.

use super::post::message_due;
use super::{Engine, Held, Under};
use crate::model::{BoardId, Lane, MemberId, Message, PostId};
use crate::process::words::Words;
use crate::process::{Mode, Person, calendar};
use crate::store::{Commit, Committed, StoreError};
use jiff::{Timestamp, civil::Date};
use std::collections::HashMap;

/// The day that is done with, for each person on each board.
#[derive(Default)]
pub struct Mornings(HashMap<(BoardId, MemberId), Date>);

impl Engine {
    /// Tells everybody whose day has begun and who wants to be told.
    pub async fn tell_mornings(
        &self,
        now: Timestamp,
        mornings: &mut Mornings,
    ) -> Result<(), StoreError> {
        for board in self.store.running().await? {
            let Some(held) = self.held(&board).await? else {
                continue;
            };
            let told = |person: &&Person| person.digest && !person.notify.is_empty();
            // A process that only watches calls nobody.
            if held.process.mode == Mode::Watch || !held.process.people.iter().any(|one| told(&one))
            {
                continue;
            }
            let today = held.process.today(now);
            for person in held.process.people.iter().filter(told) {
                let Some(known) = held.bindings().by_username(&person.username) else {
                    continue;
                };
                let member = &known.id;
                let key = (board.clone(), member.clone());
                let over = mornings.0.get(&key) == Some(&today);
                if over || !has_begun(&held, (member, person), now) {
                    continue;
                }
                if self
                    .tell_morning(&board, &held, member, person, now)
                    .await?
                {
                    mornings.0.insert(key, today);
                }
            }
        }
        Ok(())
    }

    /// False where it is to be tried again.
    async fn tell_morning(
        &self,
        board: &BoardId,
        held: &Held,
        member: &MemberId,
        person: &Person,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let process = &held.process;
        let today = process.today(now);
        let work = self.store.load(board, &Lane::Board).await?;
        let mut memory = work.memory.unwrap_or_default();
        // A clock that was set back tells of no day again.
        let told = memory.mornings.insert(member.clone(), today);
        if told.is_some_and(|told| told >= today) {
            return Ok(true);
        }
        let hours = person.hours.as_ref().unwrap_or(&process.hours);
        let before = calendar::add_working_days(hours, today, -1);
        let since = process.begins(before).unwrap_or(now);
        let under = Under(held.clone());
        let walks = self.walks_seen(board, &under, now).await?;
        let record = under.record(&walks, since, now, process.language);
        let morning = record.morning(member);
        let mut commit = Commit::new(Lane::Board, now);
        if !morning.is_empty() {
            let words = Words::of(process);
            let message = Message {
                about: format!("morning {today}"),
                card: None,
                subject: words.digest_subject(&morning),
                text: words.digest(&morning),
                link: Some(format!("https://trello.com/b/{board}")),
                at_once: true,
            };
            let ways = person.notify.iter().map(|reach| {
                let to = PostId::new(member, &reach.way);
                message_due(board, to, message.clone(), now)
            });
            commit.append.extend(ways);
        }
        (commit.memory, commit.edition) = (Some(memory), Some(work.edition));
        if self.store.commit(board, commit).await? == Committed::Conflict {
            return Ok(false);
        }
        self.nudge();
        Ok(true)
    }
}

/// On a day on which the person works and is there, within the person's hours and those of what they do.
fn has_begun(held: &Held, (member, person): (&MemberId, &Person), now: Timestamp) -> bool {
    let process = &held.process;
    let there = held.bindings().is_there(member, process.today(now));
    if !there || !process.at_work(held.bindings(), member, now) {
        return false;
    }
    let hours = person.hours.as_ref().unwrap_or(&process.hours);
    calendar::is_working_day(hours, process.today(now))
        && calendar::next_open(hours, &process.time_zone, now) == now
}
