//! What is said of a ruling beside its effects: of one that could not be carried out, and for the
//! history.

use super::*;
use crate::model::Blind;
use crate::process::target::Apart;
use jiff::civil::Date;

/// The thread of what is said of a card that could not be moved back.
pub fn stuck_thread(decision: &DecisionId) -> String {
    format!("stuck {}", decision.0)
}

/// The comment on a card that could not be moved back since then: whether it is still tried, or
/// given up for good.
pub fn not_returned(
    process: &Process,
    bindings: &Bindings,
    memory: &Memory,
    decision: &DecisionId,
    (since, now): (Timestamp, Timestamp),
    tried_on: bool,
) -> (Effect, Word) {
    let room = Room::new(process, bindings, memory, now);
    let people = room.holders(&process.owner);
    let stage = memory
        .standing
        .as_ref()
        .map(|standing| room.stage_name(&standing.stage))
        .unwrap_or_default();
    let text = room
        .words
        .not_returned(&room.by_hours(&people), since, &stage, tried_on);
    let (thread, said) = (stuck_thread(decision), text.clone());
    let effect = Effect {
        decision: decision.clone(),
        slot: Some("stuck".into()),
        deed: Deed::Say { thread, text: said },
    };
    (effect, Word { text, people })
}

/// Lines that could not be written into the description, for whoever has to make room for them.
pub fn no_room(
    process: &Process,
    decision: &DecisionId,
    set: &[SetLine],
    blocks: &[AddBlock],
) -> Effect {
    let labels = blocks.iter().flat_map(|block| &block.labels);
    let labels = labels.chain(set.iter().map(|line| &line.label));
    let text = Words::of(process).no_room(&labels.cloned().collect::<Vec<_>>());
    let thread = format!("once no room {}", decision.0);
    Effect {
        decision: decision.clone(),
        slot: Some(format!("say {thread}")),
        deed: Deed::Say { thread, text },
    }
}

/// The question to the owner, whether so many cards go back at once.
pub fn bulk(process: &Process, bindings: &Bindings, cards: &[String], now: Timestamp) -> Word {
    let nothing = Memory::default();
    let room = Room::new(process, bindings, &nothing, now);
    let people = room.holders(&process.owner);
    let text = room.words.bulk(cards, &room.by_hours(&people));
    Word { text, people }
}

/// The word to whoever answers for the places: who was active in a month and was not billed, and of
/// whom that could not be asked.
pub fn unbilled(
    process: &Process,
    bindings: &Bindings,
    month: Date,
    cards: &[String],
    unknown: &[String],
    now: Timestamp,
) -> Word {
    let nothing = Memory::default();
    let room = Room::new(process, bindings, &nothing, now);
    let targets = process.targets.iter();
    let people = room.minding(targets.map(|target| target.key.as_str()));
    let call = room.by_hours(&people);
    let text = room.words.unbilled(month, cards, unknown, &call);
    Word { text, people }
}

/// The word to whoever answers for those places that the file and the clients have grown apart.
pub fn apart(
    process: &Process,
    bindings: &Bindings,
    apart: &[(Apart, usize)],
    now: Timestamp,
) -> Word {
    let nothing = Memory::default();
    let room = Room::new(process, bindings, &nothing, now);
    let keys = apart.iter().map(|(one, _)| match one {
        Apart::Lacking(key) | Apart::Unnamed(key) => key.as_str(),
    });
    let people = room.minding(keys);
    let apart = apart.iter().map(|(one, clients)| match one {
        Apart::Lacking(key) => (Apart::Lacking(room.place_name(key)), *clients),
        Apart::Unnamed(_) => (one.clone(), *clients),
    });
    let call = room.by_hours(&people);
    let text = room.words.apart(&apart.collect::<Vec<_>>(), &call);
    Word { text, people }
}

impl Room<'_> {
    /// Those who would tick the items of these places; where there is none, the owner.
    fn minding<'k>(&self, targets: impl Iterator<Item = &'k str>) -> Vec<MemberId> {
        let items = targets.filter_map(|target| self.process.proved_by(target));
        let people = items
            .flat_map(|item| &item.by)
            .flat_map(|role| self.holders(role));
        let mut call: Vec<_> = people.collect();
        if call.is_empty() {
            call = self.holders(&self.process.owner);
        }
        call.sort_unstable();
        call.dedup();
        call
    }
}

/// The word to the owner that a board cannot be seen.
pub fn blind(process: &Process, bindings: &Bindings, why: Blind, now: Timestamp) -> Word {
    let nothing = Memory::default();
    let room = Room::new(process, bindings, &nothing, now);
    let people = room.holders(&process.owner);
    let text = room.words.blind(why, &room.by_hours(&people));
    Word { text, people }
}

/// One line of history for a ruling.
pub fn audit(process: &Process, bindings: &Bindings, memory: &Memory, ruling: &Ruling) -> String {
    let room = Room::new(process, bindings, memory, ruling.at);
    let stage = ruling.what.stage().map(|stage| room.stage_name(stage));
    let by = ruling.hand.member.as_ref().map(|by| room.name(by));
    room.words
        .audit(ruling.what.kind(), stage.as_deref(), by.as_deref())
}
