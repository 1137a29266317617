//! What was decided is done on the tiny world, as `engine/act.rs` does it on Trello.

use super::engine::Mind;
use super::world::{Moment, bot};
use signalman::model::{ActionId, Appeared, Event};
use signalman::process::{
    Deed as Effected, Echo, EchoKind, Effect, SeedItem, Tracked, Wanted, lines, text_mark,
};

impl Mind {
    /// What Trello tells of it comes back to us.
    pub fn perform(&mut self, effect: &Effect, moment: Moment) {
        let (sheet, us) = (&mut self.sheet, &bot());
        if sheet.gone {
            return;
        }
        let now = sheet.now(moment);
        let events: Vec<Event> = match &effect.deed {
            Effected::Move { to, out_of, .. } if sheet.list == *out_of => {
                sheet.go(moment, us, to).into_iter().collect()
            }
            Effected::Reopen if sheet.closed => {
                vec![sheet.appear(moment, us, Appeared::Unarchived)]
            }
            Effected::Say { thread, .. } => {
                if !thread.starts_with("once ") {
                    let comment = ActionId::new(format!("comment {thread}"));
                    self.memory.threads.insert(thread.clone(), comment);
                }
                Vec::new()
            }
            Effected::Seed { name, items, .. } => self.seed(moment, name, items),
            Effected::Untick { item, .. } => sheet
                .tick(moment, us, item.as_str(), false)
                .into_iter()
                .collect(),
            Effected::Tick { item, .. } => {
                let wanted = Wanted::Tick(item.clone());
                let wish = self.memory.wishes.iter().find(|wish| wish.wanted == wanted);
                let by = wish.filter(|wish| !wish.is_over(now));
                let by = by.and_then(|wish| wish.by.member.clone());
                let told = by
                    .as_ref()
                    .and_then(|_| sheet.tick(moment, us, item.as_str(), true));
                if told.is_some() {
                    sheet.signed(item.as_str(), by);
                }
                told.into_iter().collect()
            }
            Effected::RenameItem { item, name, .. } => sheet
                .rename(moment, us, item.as_str(), name)
                .into_iter()
                .collect(),
            Effected::AddMember { member } => {
                sheet.member(moment, us, member, true).into_iter().collect()
            }
            Effected::DropMember { member } => {
                let told = sheet.member(moment, us, member, false);
                told.into_iter().collect()
            }
            Effected::PutLabel { label, on } => {
                sheet.label(moment, us, label, *on).into_iter().collect()
            }
            Effected::Lines { set, blocks } => {
                let desc = lines::apply(&sheet.desc, set, blocks);
                let desc = desc.unwrap_or_else(|_| sheet.desc.clone());
                let told = sheet.describe(moment, us, desc.clone());
                if told.is_some() {
                    let value = text_mark(&desc);
                    let kind = EchoKind::Described;
                    self.memory.sent.push(Echo {
                        kind,
                        value,
                        at: now,
                    });
                }
                told.into_iter().collect()
            }
            _ => Vec::new(),
        };
        self.take(events);
    }

    fn seed(&mut self, moment: Moment, name: &str, items: &[SeedItem]) -> Vec<Event> {
        let us = &bot();
        let (at, made) = self.sheet.list(moment, us, name);
        let mut events: Vec<_> = made.into_iter().collect();
        for item in items {
            let known = self
                .memory
                .items
                .get(&item.key)
                .map(|known| known.item.clone());
            let known = known.filter(|id| self.sheet.item(id.as_str()).is_some());
            let mut there = self.sheet.lists[at].items.iter();
            let named = there
                .find(|one| one.name == item.name)
                .map(|one| one.id.clone());
            let id = known.map(|id| id.to_string()).or(named).unwrap_or_else(|| {
                let (id, event) = self.sheet.add_item(moment, us, at, &item.name, false);
                events.push(event);
                id
            });
            let same = |known: &Tracked| known.item.as_str() == id;
            if !self.memory.items.get(&item.key).is_some_and(same) {
                let tracked = Tracked {
                    item: id.as_str().into(),
                    checklist: self.sheet.lists[at].id.as_str().into(),
                    tick: None,
                };
                self.memory.items.insert(item.key.clone(), tracked);
            }
        }
        events
    }
}
