//! What is written into a card: checklists, lines of the description, Custom Fields. What people wrote
//! there stays.

use super::act::Learnt;
use super::{Engine, Held};
use crate::model::{Card, CardId, CheckItemId, ChecklistId, CustomFieldId, redact};
use crate::process::{
    AddBlock, Echo, EchoKind, Memory, SeedItem, SetLine, Tracked, facts, lines, text_mark,
};
use crate::trello::Failure;
use jiff::Timestamp;

impl Engine {
    /// Completes a checklist of that name, or makes it. What is there is never doubled.
    pub(super) async fn seed(
        &self,
        card: &CardId,
        memory: &Memory,
        name: &str,
        items: &[SeedItem],
    ) -> Result<Learnt, Failure> {
        let (stands, _) = self.trello.card(card, &[]).await?;
        let there = stands
            .checklists
            .iter()
            .find(|list| list.name.trim() == name);
        let checklist = match there {
            Some(list) => list.id.clone(),
            None => self.trello.create_checklist(card, name).await?,
        };
        let mut tracked = Vec::new();
        for item in items {
            let id = match on_card(&stands, memory, there.map(|list| &list.id), item) {
                Some(id) => id,
                None => self.trello.add_item(&checklist, &item.name).await?,
            };
            tracked.push((
                item.key.clone(),
                Tracked {
                    item: id,
                    checklist: checklist.clone(),
                    tick: None,
                },
            ));
        }
        Ok(Learnt {
            items: tracked,
            ..Learnt::default()
        })
    }

    /// Reads just before writing, changes its own lines alone, and keeps what stood there.
    pub(super) async fn write_lines(
        &self,
        card: &CardId,
        set: &[SetLine],
        blocks: &[AddBlock],
        at: Timestamp,
    ) -> Result<Learnt, Failure> {
        let stands = self.trello.description(card).await?;
        let desc = lines::apply(&stands, set, blocks).map_err(|full| Failure::Refused {
            status: 0,
            message: full.to_string(),
        })?;
        if desc == stands {
            return Ok(Learnt::default());
        }
        self.trello.describe_card(card, &desc).await?;
        let echo = Echo {
            kind: EchoKind::Described,
            value: text_mark(&redact::cut_passwords(&desc)),
            at,
        };
        let before = Some(stands).filter(|before| !before.trim().is_empty());
        Ok(Learnt {
            echo: Some(echo),
            before,
            ..Learnt::default()
        })
    }

    /// `over`: only where this stands there still.
    pub(super) async fn set_field(
        &self,
        held: &Held,
        card: &CardId,
        id: &CustomFieldId,
        value: Option<&str>,
        over: Option<&str>,
    ) -> Result<(), Failure> {
        if let Some(over) = over {
            let (stands, _) = self.trello.card(card, &[]).await?;
            if !reads(held, &stands, id, over) {
                return Ok(());
            }
        }
        let mut fields = held.bindings().custom_fields.iter();
        let field = fields.find(|known| known.id == *id);
        let field = field.ok_or(Failure::Missing)?;
        self.trello.set_custom_field(card, field, value).await
    }
}

/// A declared item that is on the card already: tracked, or of that name in its checklist.
fn on_card(
    card: &Card,
    memory: &Memory,
    checklist: Option<&ChecklistId>,
    item: &SeedItem,
) -> Option<CheckItemId> {
    let tracked = memory.items.get(&item.key).map(|tracked| &tracked.item);
    let known = tracked.filter(|id| card.item(id).is_some()).cloned();
    known.or_else(|| {
        let list = card
            .checklists
            .iter()
            .find(|list| Some(&list.id) == checklist)?;
        list.items
            .iter()
            .find(|there| there.name.trim() == item.name)
            .map(|there| there.id.clone())
    })
}

/// Whether a Custom Field says so; a day is the same however it is written.
fn reads(held: &Held, card: &Card, id: &CustomFieldId, value: &str) -> bool {
    let (process, bindings) = (&held.process, held.bindings());
    let mut bound = bindings.fields.iter();
    let field = bound.find_map(|(key, bound)| process.field(key).filter(|_| bound == id));
    let day = |raw: &str| facts::day(process, field?, raw);
    let mut values = card.custom_values.iter();
    let there = values.find(|there| there.field == *id);
    there.is_some_and(|there| {
        let days = (day(&there.value), day(value));
        there.value == value || days.0.is_some() && days.0 == days.1
    })
}
