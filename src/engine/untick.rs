//! Taking a tick off that is not to stand. Trello has no way to do it only if the tick is still the
//! same: so the card is read just before, and a tick that was given since stands until it is judged.

use super::Engine;
use crate::model::{CardId, CheckItemId, Event, EventKind};
use crate::process::{ItemKey, Memory};
use crate::store::OutboxRow;
use crate::trello::Failure;
use jiff::{SignedDuration, Timestamp};

/// What Trello's clock and ours may differ by, and longer than a tick is told before it is judged.
const ABOUT: SignedDuration = SignedDuration::from_secs(60);

impl Engine {
    pub(super) async fn untick(
        &self,
        card: &CardId,
        memory: &Memory,
        row: &OutboxRow,
        (key, item): (&ItemKey, &CheckItemId),
    ) -> Result<(), Failure> {
        // Given meanwhile by whom it is for.
        let tracked = memory.items.get(key);
        if tracked.is_some_and(|tracked| tracked.item == *item && tracked.tick.is_some()) {
            return Ok(());
        }
        let (card, told) = self.trello.card(card, &[]).await?;
        let ticked = card.item(item).is_some_and(|there| there.complete);
        if !ticked || given_since(&told, memory, row.since, key, item) {
            return Ok(());
        }
        self.trello.tick(&card.id, item, false).await
    }
}

/// Whether the tick that the item bears was given about when it was decided or later, and nobody has
/// judged it: neither for itself nor as one of those that lapsed.
fn given_since(
    told: &[Event],
    memory: &Memory,
    decided: Timestamp,
    key: &ItemKey,
    item: &CheckItemId,
) -> bool {
    let of_it = |event: &&Event| matches!(&event.kind, EventKind::ItemTicked { item: of, .. } if of == item);
    let Some(last) = told.iter().rfind(of_it) else {
        return false;
    };
    let young = decided.duration_since(last.at) < ABOUT;
    young && !memory.judged.contains(&last.id) && !memory.has_lapsed(key, last.at)
}
