//! Ticks have authors. An item counts only when it is declared, tracked by its id, and ticked by a
//! known person of its role; a tick that is somebody else's to give is taken off.

use super::{Court, Heard, ReadFirst};
use crate::model::{CheckItemId, ChecklistId, Event, EventKind, MemberId};
use crate::process::finding::Finding;
use crate::process::memory::{EchoKind, ForeignTicks, Tick, Tracked, Wanted};
use crate::process::rules::{Item, ItemKey, RoleKey, Stage, StageKey};
use crate::process::text::same;
use crate::process::verdict::{Hand, Unticked, What};
use jiff::Timestamp;

/// Foreign ticks within this time share one comment.
const TOGETHER_SECS: i64 = 600;

impl Court<'_> {
    /// Learns which of the card's items are the declared ones, and who ticked those that were ticked
    /// before anyone listened: the card's own actions say so, or nobody knows.
    pub(super) fn track(&mut self) {
        let Some(fresh) = self.case.fresh else { return };
        for declared in &self.case.process.checklists {
            for list in fresh
                .card
                .checklists
                .iter()
                .filter(|list| same(&list.name, &declared.name))
            {
                for item in &declared.items {
                    let here = list.items.iter().find(|here| same(&here.name, &item.name));
                    if let Some(here) = here {
                        let tracked = self.memory.items.get(&item.key);
                        if tracked.is_none_or(|tracked| fresh.card.item(&tracked.item).is_none()) {
                            let tracked = Tracked {
                                item: here.id.clone(),
                                checklist: list.id.clone(),
                                tick: None,
                            };
                            self.memory.items.insert(item.key.clone(), tracked);
                        }
                    }
                }
            }
        }
        self.sign();
    }

    fn sign(&mut self) {
        let Some(fresh) = self.case.fresh else { return };
        let complete = |id| fresh.card.item(id).is_some_and(|item| item.complete);
        let mut tracked = std::mem::take(&mut self.memory.items);
        for (key, tracked) in &mut tracked {
            let told = || self.last_tick(&fresh.actions, &tracked.item);
            if !complete(&tracked.item) {
                tracked.tick = None;
            } else if let Some(told) = told().filter(|told| !self.memory.has_lapsed(key, told.at)) {
                let newer = tracked.tick.as_ref().is_none_or(|known| known.at < told.at);
                tracked.tick = if newer {
                    Some(told)
                } else {
                    tracked.tick.take()
                };
            }
        }
        self.memory.items = tracked;
    }

    /// Who gave the tick that an item bears now, as the card's actions tell it.
    fn last_tick(&self, actions: &[Event], id: &CheckItemId) -> Option<Tick> {
        let (event, complete) = actions.iter().rev().find_map(|event| match &event.kind {
            EventKind::ItemTicked { item, complete, .. } if item == id => Some((event, *complete)),
            _ => None,
        })?;
        let hand = self.hand(&event.actor);
        let by = hand.member.filter(|_| complete && !hand.roleless)?;
        Some(Tick { by, at: event.at })
    }

    pub(super) fn declared(&self, id: &CheckItemId) -> Option<(ItemKey, &Tracked)> {
        self.memory
            .items
            .iter()
            .find(|(_, tracked)| tracked.item == *id)
            .map(|(key, tracked)| (key.clone(), tracked))
    }

    pub(super) fn ticked(
        &mut self,
        event: &Event,
        hand: Hand,
        list: &ChecklistId,
        id: &CheckItemId,
        complete: bool,
    ) -> Heard {
        let echo = format!("{id} {complete}");
        let is_echo = self.echo(&event.actor, EchoKind::Ticked, &echo);
        let Some((key, _)) = self.declared(id) else {
            // It may be a declared item that nobody has met yet: the fresh card tells by its name.
            let named = matches!(&event.kind, EventKind::ItemTicked { name, .. } if self.is_declared_name(name));
            if named && self.case.fresh.is_none() {
                return Err(ReadFirst);
            }
            return Ok(());
        };
        let Some(item) = self.case.process.item(&key) else {
            return Ok(());
        };
        let wished = complete
            .then(|| self.wished(event, &Wanted::Tick(id.clone())))
            .flatten();
        if self.is_late(event) && !self.is_last_of(event, id)? {
            return Ok(());
        }
        let hand = match wished {
            Some(asker) => asker,
            None if is_echo => {
                let by = event.actor.member.clone().filter(|_| complete);
                self.set_tick(&key, by.map(|by| Tick { by, at: event.at }));
                return Ok(());
            }
            None => {
                self.overtaken(|wanted| matches!(wanted, Wanted::Tick(one) if one == id));
                hand
            }
        };
        if complete {
            self.tick_given(event, hand, item, (list.clone(), id.clone()));
        } else {
            self.set_tick(&key, None);
            if !self.tick_back(event.at, &hand, &key)? {
                if self.minds(&hand, &key) {
                    self.ask_again(event.at, &hand, &key);
                }
                self.lost_item(event.at, hand, &key)?;
            }
        }
        Ok(())
    }

    /// Whether the item is as this event left it, by the card's own actions.
    fn is_last_of(&self, event: &Event, id: &CheckItemId) -> Result<bool, ReadFirst> {
        let mut actions = self.case.fresh.ok_or(ReadFirst)?.actions.iter().rev();
        let ticks =
            |told: &&Event| matches!(&told.kind, EventKind::ItemTicked { item, .. } if item == id);
        Ok(actions.find(ticks).is_some_and(|last| last.id == event.id))
    }

    fn is_declared_name(&self, name: &str) -> bool {
        let mut items = self
            .case
            .process
            .checklists
            .iter()
            .flat_map(|list| &list.items);
        items.any(|item| same(&item.name, name))
    }

    pub(super) fn set_tick(&mut self, key: &ItemKey, tick: Option<Tick>) {
        let deadlines = &self.case.process.deadlines;
        self.looks.dates |= deadlines.iter().any(|one| one.until.as_ref() == Some(key));
        if let Some(tracked) = self.memory.items.get_mut(key) {
            tracked.tick = tick;
        }
    }

    fn tick_given(
        &mut self,
        event: &Event,
        hand: Hand,
        item: &Item,
        on: (ChecklistId, CheckItemId),
    ) {
        let tick = hand
            .member
            .clone()
            .filter(|_| !hand.roleless)
            .map(|by| Tick { by, at: event.at });
        let proof = self.case.process.proof(&item.key).is_some();
        let theirs = item.by.is_empty() && tick.is_some() || self.may_tick(&hand, item);
        let theirs = theirs && !proof;
        self.set_tick(&item.key, tick);
        if self.is_due(&hand, &item.key) {
            return;
        }
        if theirs {
            self.progress = Some((event.at, hand.clone()));
            self.rule(
                event.at,
                hand,
                What::Ticked {
                    item: item.key.clone(),
                },
            );
        } else if self.enforcing() {
            self.set_tick(&item.key, None);
            self.ask_again(event.at, &hand, &item.key);
            if self.may_mend() {
                self.untick(event.at, hand, item, on);
            }
        }
    }

    pub(super) fn may_tick(&self, hand: &Hand, item: &Item) -> bool {
        let Some(member) = hand.member.as_ref().filter(|_| !hand.roleless) else {
            return false;
        };
        self.case
            .bindings
            .holds_any(member, &item.by, !item.no_deputy)
    }

    /// All that is taken off within ten minutes is told in one comment.
    fn untick(&mut self, at: Timestamp, hand: Hand, item: &Item, on: (ChecklistId, CheckItemId)) {
        let id = self.decision_id();
        let now = self.case.now;
        let recent =
            |ticks: &ForeignTicks| now.duration_since(ticks.since).as_secs() < TOGETHER_SECS;
        let mut ticks = self
            .memory
            .foreign_ticks
            .take()
            .filter(recent)
            .unwrap_or_else(|| ForeignTicks {
                since: now,
                thread: format!("ticks {}", id.0),
                items: Vec::new(),
                people: Vec::new(),
                decisions: Vec::new(),
            });
        if !ticks.items.contains(&item.key) {
            ticks.items.push(item.key.clone());
        }
        ticks.people.extend(
            hand.member
                .clone()
                .filter(|one| !ticks.people.contains(one)),
        );
        ticks.decisions.push(id.clone());
        let unticked = ticks.items.iter().filter_map(|key| {
            let declared = self.case.process.item(key)?;
            let tracked = self.memory.items.get(key)?;
            let on = if *key == item.key {
                on.clone()
            } else {
                (tracked.checklist.clone(), tracked.item.clone())
            };
            Some(Unticked {
                item: key.clone(),
                on,
                by: hand.member.clone(),
                roles: declared.by.clone(),
            })
        });
        let unticked = unticked.collect();
        let call = hand
            .member
            .clone()
            .filter(|one| *one != self.case.bindings.bot)
            .into_iter()
            .collect();
        let thread = ticks.thread.clone();
        self.memory.foreign_ticks = Some(ticks);
        self.rule_as(
            id,
            at,
            hand,
            What::Unticked {
                ticks: unticked,
                thread,
                call,
            },
        );
    }

    pub(super) fn item_renamed(
        &mut self,
        event: &Event,
        hand: Hand,
        list: &ChecklistId,
        id: &CheckItemId,
        name: &str,
    ) {
        let Some((key, _)) = self.declared(id) else {
            return;
        };
        let Some(item) = self.case.process.item(&key) else {
            return;
        };
        let right = same(&item.name, name);
        if right || self.echo(&event.actor, EchoKind::Renamed, &item.name) || !self.may_mend() {
            return;
        }
        self.rule(
            event.at,
            hand,
            What::NameBack {
                item: key,
                on: (list.clone(), id.clone()),
                typed: name.to_owned(),
            },
        );
    }

    pub(super) fn item_gone(&mut self, event: &Event, hand: Hand, id: &CheckItemId) -> Heard {
        let Some((key, _)) = self.declared(id) else {
            return Ok(());
        };
        self.memory.items.remove(&key);
        self.lost_item(event.at, hand, &key)
    }

    pub(super) fn checklist_gone(
        &mut self,
        event: &Event,
        hand: Hand,
        list: &ChecklistId,
    ) -> Heard {
        let gone = self
            .memory
            .items
            .iter()
            .filter(|(_, tracked)| tracked.checklist == *list);
        let gone: Vec<_> = gone.map(|(key, _)| key.clone()).collect();
        for key in gone {
            self.memory.items.remove(&key);
            self.lost_item(event.at, hand.clone(), &key)?;
        }
        Ok(())
    }

    fn lost_item(&mut self, at: Timestamp, hand: Hand, key: &ItemKey) -> Heard {
        let wants = |stage: &Stage| self.case.process.wants_item(stage, key);
        let Some(stage) = self.passed(wants) else {
            return Ok(());
        };
        let look = |court: &Self| -> Result<Finding, ReadFirst> {
            Ok(court.gate()?.item(&stage, key, &[], false))
        };
        self.lost(at, hand, &stage, look)
    }

    /// The first gate behind the card that such a need belongs to.
    pub(super) fn passed(&self, wants: impl Fn(&Stage) -> bool) -> Option<Stage> {
        let process = self.case.process;
        let standing = self.memory.standing.as_ref()?;
        let rank = process.rank(&standing.stage)?;
        process
            .path()
            .take(rank + 1)
            .find(|stage| wants(stage))
            .cloned()
    }

    /// Something a passed gate rested on is gone: told, and acted on only where the gate holds.
    pub(super) fn lost(
        &mut self,
        at: Timestamp,
        hand: Hand,
        stage: &Stage,
        look: impl Fn(&Self) -> Result<Finding, ReadFirst>,
    ) -> Heard {
        let finding = look(self)?;
        if finding.ok {
            return Ok(());
        }
        let held = stage.hold && self.enforcing();
        let roles: Vec<RoleKey> = if finding.turn.is_empty() {
            vec![stage.owner.clone()]
        } else {
            finding.turn.clone()
        };
        let others: Vec<MemberId> = self
            .people(&roles)
            .into_iter()
            .filter(|one| Some(one) != hand.member.as_ref())
            .collect();
        let call = self.call(&others);
        if held {
            self.fall_back(stage);
            self.memory.returning.clone_from(&self.memory.rests);
        }
        self.rule(
            at,
            hand,
            What::Lost {
                stage: stage.key.clone(),
                finding,
                held,
                call,
            },
        );
        Ok(())
    }

    /// The card's standing becomes the stage before the gate that no longer holds.
    fn fall_back(&mut self, gate: &Stage) {
        let before: Option<StageKey> = self.case.process.rank(&gate.key).and_then(|rank| {
            Some(
                self.case
                    .process
                    .path()
                    .nth(rank.checked_sub(1)?)?
                    .key
                    .clone(),
            )
        });
        if let (Some(before), Some(standing)) = (before, self.memory.standing.as_mut()) {
            standing.stage = before;
            standing.since = self.case.now;
        }
    }
}
