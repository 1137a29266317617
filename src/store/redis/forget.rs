//! Forgetting people in Redis: text by text, each put back only where it is still what was read. What
//! stood there before stays in the server's log of commands until that is written anew, which is
//! asked for at the end.

use super::scripts::{DROP, EDIT, LEAVE, REBIND, REWRITE};
use super::{Redis, answers, plan};
use crate::model::forget::{Forget, Forgotten};
use crate::model::{BoardId, Member};
use crate::process::{Deed, Effect};
use crate::store::{Event, HistoryLine, Result, json};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const AT_ONCE: usize = 500;

/// A delivery that could not be read, as it is kept.
#[derive(Serialize, Deserialize)]
pub(super) struct SetAside {
    pub(super) board: BoardId,
    pub(super) at: Timestamp,
    pub(super) body: String,
    pub(super) reason: String,
}

pub(super) async fn forget(store: &Redis, board: &BoardId, whom: &Forget) -> Result<Forgotten> {
    let mut work = Work {
        store,
        board,
        whom: whom.clone(),
        told: Forgotten::default(),
    };
    let mut lanes: Vec<String> = store
        .command("SMEMBERS", &[&work.key(&format!("lanes:{board}"))])
        .await?;
    if whom.span.is_none() {
        work.find(&lanes).await?;
        work.people().await?;
        work.posts(&mut lanes).await?;
        for lane in &lanes {
            work.memory(lane).await?;
        }
    }
    for lane in &lanes {
        work.events(lane).await?;
    }
    work.history().await?;
    work.set_aside().await?;
    if whom.span.is_none() {
        work.effects(&lanes).await?;
    }
    work.given_up().await?;
    if !work.told.nothing() {
        work.leave_no_trace().await;
    }
    Ok(work.told)
}

struct Work<'w> {
    store: &'w Redis,
    board: &'w BoardId,
    whom: Forget,
    told: Forgotten,
}

impl Work<'_> {
    fn key(&self, name: &str) -> String {
        self.store.at(self.board, name)
    }

    fn spans(&self, at: Timestamp) -> bool {
        let within = |span: crate::model::forget::Span| (span.from..span.before).contains(&at);
        self.whom.span.is_none_or(within)
    }

    async fn all(&self, key: &str) -> Result<BTreeMap<String, String>> {
        self.store.command("HGETALL", &[key]).await
    }

    /// One text of a hash, if it is still what was read.
    async fn edit(&self, key: &str, field: &str, old: &str, new: Option<String>) -> Result<u64> {
        let Some(new) = new else { return Ok(0) };
        let args = [key, field, old, &new];
        self.store.write(&EDIT, self.board, &args).await
    }

    /// Those who go by the name in what was told, and are on no list.
    async fn find(&mut self, lanes: &[String]) -> Result<()> {
        let mut found: Vec<Member> = Vec::new();
        for lane in lanes {
            let key = self.key(&format!("event:{}:{lane}", self.board));
            let bodies = self.all(&key).await?;
            bodies
                .values()
                .for_each(|body| self.whom.find(body, &mut found));
        }
        for (_, aside) in self.aside().await? {
            self.whom.find(&aside.body, &mut found);
        }
        self.whom = self.whom.clone().with(&found);
        Ok(())
    }

    /// The lanes of messages to them, with the chats they have opened: nothing of these stays.
    async fn posts(&mut self, lanes: &mut Vec<String>) -> Result<()> {
        let theirs: Vec<_> = self.whom.posts().collect();
        let (gone, kept) = lanes
            .drain(..)
            .partition::<Vec<_>, _>(|lane| theirs.iter().any(|begins| lane.starts_with(begins)));
        *lanes = kept;
        for lane in gone {
            let args = [self.board.as_str(), lane.as_str()];
            self.told.people += self
                .store
                .write::<u64>(&LEAVE, self.board, &args)
                .await?
                .min(1);
        }
        Ok(())
    }

    /// The file in force is its author's to change; earlier ones are ours.
    async fn people(&mut self) -> Result<()> {
        let key = self.key(&format!("board:{}", self.board));
        let args = [&key, "version", "bindings", "revision"];
        // Until nobody has changed them meanwhile.
        let version = loop {
            let kept: (Option<String>, Option<String>, Option<String>) =
                self.store.command("HMGET", &args).await?;
            let (Some(version), Some(bindings), Some(revision)) = kept else {
                return Ok(());
            };
            let Some(new) = self.whom.body(&bindings) else {
                break version;
            };
            let args = [self.board.as_str(), &revision, &new];
            let changed: u64 = self.store.write(&REBIND, self.board, &args).await?;
            self.told.people += changed;
            if changed > 0 {
                break version;
            }
        };
        let key = self.key(&format!("versions:{}", self.board));
        for (field, text) in self.all(&key).await? {
            let new = match field.strip_prefix("bindings ") {
                Some(_) => self.whom.body(&text),
                None if field == version => None,
                None => self.whom.text(&text),
            };
            self.told.people += self.edit(&key, &field, &text, new).await?;
        }
        Ok(())
    }

    async fn memory(&mut self, lane: &str) -> Result<()> {
        let key = self.key(&format!("lane:{}:{lane}", self.board));
        // Until nobody has judged the card meanwhile.
        while let Some(text) = self.store.field(&key, "memory").await? {
            let mut memory = answers::parsed(&text)?;
            if !self.whom.memory(&mut memory) {
                break;
            }
            let new = json(&memory);
            let loads = plan::loads(&answers::parsed(&new)?);
            let args = [&key, "memory", &text, &new, self.board.as_str(), &loads];
            let changed: u64 = self.store.write(&EDIT, self.board, &args).await?;
            self.told.cards += changed;
            if changed > 0 {
                break;
            }
        }
        Ok(())
    }

    async fn events(&mut self, lane: &str) -> Result<()> {
        let key = self.key(&format!("event:{}:{lane}", self.board));
        for (action, body) in self.all(&key).await? {
            let event: Event = answers::parsed(&body)?;
            let new = self.whom.body(&body).filter(|_| self.spans(event.at));
            self.told.events += self.edit(&key, &action, &body, new).await?;
        }
        Ok(())
    }

    async fn history(&mut self) -> Result<()> {
        let key = self.key(&format!("history:{}", self.board));
        let count: usize = self.store.command("HLEN", &[&key]).await?;
        let numbers: Vec<String> = (0..count).map(|n| n.to_string()).collect();
        for some in numbers.chunks(AT_ONCE) {
            let args: Vec<&str> = [key.as_str()]
                .into_iter()
                .chain(some.iter().map(String::as_str))
                .collect();
            let lines: Vec<Option<String>> = self.store.command("HMGET", &args).await?;
            for (number, kept) in some.iter().zip(lines) {
                let kept = kept.unwrap_or_default();
                let Some((lane, line)) = kept.split_once(' ') else {
                    continue;
                };
                let new = self.line(answers::parsed(line)?);
                let new = new.map(|line| format!("{lane} {}", json(&line)));
                self.told.history += self.edit(&key, number, &kept, new).await?;
            }
        }
        Ok(())
    }

    fn line(&self, mut line: HistoryLine) -> Option<HistoryLine> {
        if !self.spans(line.at) {
            return None;
        }
        let who = line.who.as_deref().and_then(|who| self.whom.id(who));
        let (who, text) = (who.map(ToString::to_string), self.whom.text(&line.text));
        let changed = self.whom.json(&mut line.data) || who.is_some() || text.is_some();
        line.who = who.or(line.who);
        line.text = text.unwrap_or(line.text);
        changed.then_some(line)
    }

    async fn aside(&self) -> Result<Vec<(String, SetAside)>> {
        let key = self.key("aside");
        let kept: Vec<String> = self.store.command("LRANGE", &[&key, "0", "-1"]).await?;
        let read = kept.into_iter().map(|text| {
            let aside: SetAside = answers::parsed(&text)?;
            Ok((text, aside))
        });
        let mut all = read.collect::<Result<Vec<_>>>()?;
        all.retain(|(_, aside)| aside.board == *self.board);
        Ok(all)
    }

    async fn set_aside(&mut self) -> Result<()> {
        for (text, mut aside) in self.aside().await? {
            let (body, reason) = (self.whom.body(&aside.body), self.whom.text(&aside.reason));
            if !self.spans(aside.at) || body.is_none() && reason.is_none() {
                continue;
            }
            aside.body = body.unwrap_or(aside.body);
            aside.reason = reason.unwrap_or(aside.reason);
            let args = [text.as_str(), &json(&aside)];
            self.store.write::<i64>(&REWRITE, self.board, &args).await?;
            self.told.set_aside += 1;
        }
        Ok(())
    }

    async fn effects(&mut self, lanes: &[String]) -> Result<()> {
        for lane in lanes {
            let key = self.key(&format!("out:{}:{lane}", self.board));
            let rows: Vec<String> = self.store.command("ZRANGE", &[&key, "0", "-1"]).await?;
            for row in rows {
                self.effect(&row).await?;
            }
        }
        Ok(())
    }

    async fn effect(&mut self, row: &str) -> Result<()> {
        let key = self.key(&format!("row:{row}"));
        let Some(text) = self.store.field(&key, "effect").await? else {
            return Ok(());
        };
        let effect: Effect = answers::parsed(&text)?;
        // Nobody is put on a card any more who was forgotten.
        if matches!(&effect.deed, Deed::AddMember { member } | Deed::DropMember { member } if self.whom.is_about(member))
        {
            self.store.write::<i64>(&DROP, self.board, &[row]).await?;
            self.told.effects += 1;
            return Ok(());
        }
        let new = self.whom.body(&text);
        let mut changed = self.edit(&key, "effect", &text, new).await?;
        if let Some(why) = self.store.field(&key, "dead").await? {
            let new = self.whom.text(&why);
            changed += self.edit(&key, "dead", &why, new).await?;
        }
        self.told.effects += changed.min(1);
        Ok(())
    }

    async fn given_up(&mut self) -> Result<()> {
        let dead: Vec<String> = self
            .store
            .command("ZRANGE", &[&self.key("dead"), "0", "-1"])
            .await?;
        for letter in dead {
            let number: u64 = letter.parse().unwrap_or(0);
            if number.is_multiple_of(2) {
                self.letter(&self.key(&format!("letter:{letter}"))).await?;
                continue;
            }
            let row = (number / 2).to_string();
            let key = self.key(&format!("row:{row}"));
            let board = self.store.field(&key, "board").await?;
            let ours = board.as_deref() == Some(self.board.as_str());
            if ours && self.whom.span.is_none() {
                self.effect(&row).await?;
            }
        }
        Ok(())
    }

    async fn letter(&mut self, key: &str) -> Result<()> {
        let kept = self.all(key).await?;
        if kept.get("board").map(String::as_str) != Some(self.board.as_str()) {
            return Ok(());
        }
        let (Some(body), Some(why)) = (kept.get("body"), kept.get("dead")) else {
            return Ok(());
        };
        let event: Event = answers::parsed(body)?;
        if !self.spans(event.at) {
            return Ok(());
        }
        let (new, reason) = (self.whom.body(body), self.whom.text(why));
        let changed =
            self.edit(key, "body", body, new).await? + self.edit(key, "dead", why, reason).await?;
        self.told.events += changed.min(1);
        Ok(())
    }

    async fn leave_no_trace(&self) {
        let asked: Result<redis::Value> = self.store.command("BGREWRITEAOF", &[]).await;
        if let Err(error) = asked {
            tracing::warn!(
                %error,
                "what was forgotten stays in Redis' log of commands until it is rewritten: run BGREWRITEAOF on the server"
            );
        }
    }
}
