//! What somebody asks for in the Power-Up. It is heard as a command in a comment is: weighed as it is
//! asked, done in the asker's name, and judged as the asker's own once Trello tells of it.

use super::commands::cut;
use super::{Court, Heard};
use crate::model::{Ask, Event, MemberId};
use crate::process::finding::Finding;
use crate::process::memory::{Entered, Wanted};
use crate::process::rules::{FieldKey, ItemKey, StageKey};
use crate::process::verdict::{Asked, Hand, NotDone, What};
use jiff::SignedDuration;

/// What one person enters within this time shares a comment.
const TOGETHER: SignedDuration = SignedDuration::from_mins(10);
/// A comment of more lines than this is hard to read; the next one begins.
const LINES: usize = 20;

impl<'a> Court<'a> {
    pub(super) fn asked_for(&mut self, event: &Event, hand: Hand, ask: &Ask) -> Heard {
        if !self.is_heard(event, &hand) {
            return Ok(());
        }
        let process = self.case.process;
        match ask {
            Ask::Move { stage } => {
                let named = process.stage(&StageKey::from(stage.as_str()));
                let said = cut(stage, 60);
                self.go(event, hand, |_, _| {
                    named.ok_or(NotDone::NoSuchStage { said })
                })
            }
            Ask::Set { fields } => {
                let mut lines = Vec::new();
                for (key, value) in fields {
                    match process.field(&FieldKey::from(key.as_str())) {
                        Some(field) => lines.push((field, value.clone())),
                        None => {
                            let said = cut(key, 60);
                            return self.not_done(event, hand, NotDone::NoSuchField { said });
                        }
                    }
                }
                match self.fill(event, &hand, &lines)? {
                    Ok(done) => self.enter(event, hand, done),
                    Err(troubles) => self.none_filled(event, &hand, troubles),
                }
                Ok(())
            }
            Ask::Tick { item } => self.tick_for(event, hand, &ItemKey::from(item.as_str())),
            Ask::Call { stage, of } => {
                self.call_for(event, hand, &StageKey::from(stage.as_str()), of)
            }
        }
    }

    fn tick_for(&mut self, event: &Event, hand: Hand, key: &ItemKey) -> Heard {
        let card = self.need_card()?;
        if self.is_old(event) {
            return self.not_done(event, hand, NotDone::Meanwhile);
        }
        if self.memory.gone || self.memory.closed {
            return self.not_done(event, hand, NotDone::Elsewhere);
        }
        let tracked = self.memory.items.get(key);
        let here = tracked.and_then(|tracked| Some((tracked, card.item(&tracked.item)?)));
        let (Some(item), Some((tracked, here))) = (self.case.process.item(key), here) else {
            let named = self.case.process.item(key);
            let item = named.map_or_else(|| cut(key.as_str(), 60), |item| item.name.clone());
            return self.not_done(event, hand, NotDone::NoItem { item });
        };
        let proof = self.case.process.proof(key).is_some();
        if proof || !item.by.is_empty() && !self.may_tick(&hand, item) {
            let item = key.clone();
            return self.not_done(event, hand, NotDone::NotTheirTick { item, proof });
        }
        if here.complete {
            let item = key.clone();
            return match &tracked.tick {
                Some(_) => Ok(()),
                None => self.not_done(event, hand, NotDone::Unsigned { item }),
            };
        }
        let on = (tracked.checklist.clone(), tracked.item.clone());
        self.wish(event, &hand, Wanted::Tick(on.1.clone()));
        let item = key.clone();
        self.enter(event, hand, vec![Asked::Ticks { item, on }]);
        Ok(())
    }

    /// Done, and told in one comment with what the same person entered just before.
    fn enter(&mut self, event: &Event, hand: Hand, done: Vec<Asked>) {
        let Some(by) = hand.member.clone().filter(|_| !done.is_empty()) else {
            return;
        };
        let thread = format!("entered {}", self.decision_id().0);
        let goes_on = |entered: &Entered| {
            let young = event.at.duration_since(entered.since) < TOGETHER;
            entered.by == by && young && entered.told.len() + done.len() <= LINES
        };
        let entered = self.memory.entered.take().filter(goes_on);
        let mut entered = entered.unwrap_or(Entered {
            by,
            since: event.at,
            thread,
            told: Vec::new(),
        });
        // Of a field that is changed again the last value is told, and a tick once.
        let again = |old: &Asked| {
            done.iter().any(|new| match (old, new) {
                (Asked::Says { field: old, .. }, Asked::Says { field, .. }) => field == old,
                (Asked::Ticks { item: old, .. }, Asked::Ticks { item, .. }) => item == old,
                _ => false,
            })
        };
        entered.told.retain(|old| !again(old));
        entered.told.extend(done.iter().cloned());
        let (thread, told) = (entered.thread.clone(), entered.told.clone());
        self.memory.entered = Some(entered);
        self.rule(event.at, hand, What::Entered { done, thread, told });
    }

    /// Calls whoever can put one thing right, once a day for each thing.
    fn call_for(&mut self, event: &Event, hand: Hand, stage: &StageKey, of: &str) -> Heard {
        self.need_card()?;
        let missing = self.explain()?;
        let missing = missing.into_iter().find(|(key, _)| key == stage);
        let finding = missing.and_then(|(_, finding)| named(&finding, of).cloned());
        let mut people: Vec<MemberId> = Vec::new();
        for leaf in finding.iter().flat_map(Finding::leaves) {
            for one in self.people(&leaf.turn) {
                if !leaf.ok && !people.contains(&one) && Some(&one) != hand.member.as_ref() {
                    people.push(one);
                }
            }
        }
        let Some(finding) = finding.filter(|_| !people.is_empty()) else {
            return self.not_done(event, hand, NotDone::NobodyToCall);
        };
        let today = self.case.process.today(self.case.now);
        self.memory.called_for.retain(|_, day| *day == today);
        if self
            .memory
            .called_for
            .insert(of.to_owned(), today)
            .is_some()
        {
            return self.not_done(event, hand, NotDone::CalledToday { people });
        }
        let stage = stage.clone();
        let what = What::Called {
            stage,
            finding,
            call: self.remind(&people),
            people,
        };
        self.rule(event.at, hand, what);
        Ok(())
    }
}

/// What is missing and goes by this id.
fn named<'f>(finding: &'f Finding, id: &str) -> Option<&'f Finding> {
    finding.missing().into_iter().find(|part| part.id() == id)
}
