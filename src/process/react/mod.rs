//! (process, verdict) -> the effects that follow: move back, comment, seed, assign. A ruling is
//! taken at its word; nothing is judged again here. Watch mode writes nothing.

mod arrival;
mod back;
mod beside;
mod clock;
mod message;
mod names;
mod places;
mod prepare;
mod tell;
mod turns;
mod wishes;

pub use beside::{apart, audit, blind, bulk, no_room, not_returned, stuck_thread, unbilled};
pub use message::{Word, messages, word_by_ways, word_in_the_morning};
pub use prepare::prepare;
pub(in crate::process) use tell::plain;
pub use wishes::wish;

use super::bind::Bindings;
use super::effect::{AddBlock, Deed, Effect, SetLine};
use super::facts::{self, Facts};
use super::lines;
use super::memory::{DecisionId, Echo, EchoKind, Memory};
use super::rules::{Language, Mode, Process, StageKey, labels};
use super::verdict::{AllowTrouble, Hand, Ruled, Ruling, What};
use super::words::{Lapse, Named, Words};
use crate::model::{Card, MemberId};
use jiff::Timestamp;

/// Where findings become words: a process on a board, one card's memory, a language.
pub(in crate::process) struct Room<'a> {
    process: &'a Process,
    bindings: &'a Bindings,
    pub(in crate::process) memory: &'a Memory,
    pub(in crate::process) card: Option<&'a Card>,
    pub(in crate::process) words: Words,
    /// Where the card has a page of its own, outside of Trello.
    page: Option<&'a str>,
    effects: Vec<Effect>,
    now: Timestamp,
}

/// What follows from a verdict. The echoes to expect are entered into its memory. `page`: the address
/// of the card's own page, if it has one.
pub fn react(
    process: &Process,
    bindings: &Bindings,
    ruled: &mut Ruled,
    card: Option<&Card>,
    page: Option<&str>,
    now: Timestamp,
) -> Vec<Effect> {
    let day = bindings.on(process.today(now));
    let mut room = Room::new(process, &day, &ruled.memory, now);
    (room.card, room.page) = (card, page);
    for ruling in &ruled.rulings {
        room.follow(ruling);
    }
    // The label follows the state, whichever way the card came home.
    let marked = room.memory.not_admitted.is_some();
    if let Some(last) = room.memory.decisions.last()
        && marked != room.memory.marked
    {
        room.label(&last.id, labels::NOT_ADMITTED, marked);
    }
    room.keep_time();
    let mut kept = room.kept_time();
    room.note_missed(&mut kept);
    let mut effects = room.effects;
    ruled.memory.marked = marked;
    ruled.memory.clock = kept;
    if process.mode == Mode::Watch {
        let seeds = |deed: &Deed| matches!(deed, Deed::Seed { .. } | Deed::Lines { .. });
        effects.retain(|effect| process.seed_in_watch && seeds(&effect.deed));
    }
    let echoes = effects.iter().filter_map(|effect| echo(&effect.deed, now));
    ruled.memory.sent.extend(echoes);
    effects
}

/// What Trello will tell us of a deed that has one plain value. A description's is known only when
/// it is written.
fn echo(deed: &Deed, at: Timestamp) -> Option<Echo> {
    let (kind, value) = match deed {
        Deed::Move { to, .. } => (EchoKind::Moved, to.to_string()),
        Deed::Reopen => (EchoKind::Closed, "false".into()),
        Deed::Untick { item, .. } => (EchoKind::Ticked, format!("{item} false")),
        Deed::Tick { item, .. } => (EchoKind::Ticked, format!("{item} true")),
        Deed::RenameItem { name, .. } => (EchoKind::Renamed, name.clone()),
        Deed::AddMember { member } => (EchoKind::Member, format!("{member} true")),
        Deed::DropMember { member } => (EchoKind::Member, format!("{member} false")),
        Deed::CustomField { field, value, .. } => (
            EchoKind::Field,
            format!("{field} {}", value.as_deref().unwrap_or_default()),
        ),
        _ => return None,
    };
    Some(Echo { kind, value, at })
}

impl<'a> Room<'a> {
    fn new(
        process: &'a Process,
        bindings: &'a Bindings,
        memory: &'a Memory,
        now: Timestamp,
    ) -> Self {
        Self {
            process,
            bindings,
            memory,
            card: None,
            words: Words::of(process),
            page: None,
            effects: Vec::new(),
            now,
        }
    }
}

impl<'a> Room<'a> {
    /// For a page, in its reader's language.
    pub(in crate::process) fn for_reader(
        process: &'a Process,
        bindings: &'a Bindings,
        memory: &'a Memory,
        language: Language,
        now: Timestamp,
    ) -> Self {
        let words = Words::in_language(process, language);
        Self {
            words,
            ..Self::new(process, bindings, memory, now)
        }
    }
}

impl Room<'_> {
    /// The card's fields, where it was read.
    pub(in crate::process) fn facts(&self) -> Option<Facts> {
        let today = self.process.today(self.now);
        let read = |card| facts::read(self.process, self.bindings, card, today);
        self.card.map(read)
    }

    fn follow(&mut self, ruling: &Ruling) {
        let (id, hand) = (&ruling.id, &ruling.hand);
        match &ruling.what {
            What::Admitted(admitted) => self.admitted(ruling, admitted),
            What::Refused(refused) => self.refused(id, hand, refused),
            What::LeftAsPushed {
                target,
                until,
                times,
                call,
                ..
            } => self.left_as_pushed(id, hand, target, (*until, *times), call),
            What::Unticked {
                ticks,
                thread,
                call,
            } => self.unticked(id, ticks, thread, call),
            What::NameBack {
                item,
                on: (checklist, check_item),
                typed,
            } => {
                let name = self.item_name(item);
                let (checklist, item) = (checklist.clone(), check_item.clone());
                self.push(
                    id,
                    None,
                    Deed::RenameItem {
                        checklist,
                        item,
                        name: name.clone(),
                    },
                );
                self.say(id, self.words.item_name_back(&name, typed));
            }
            What::FieldBack {
                field,
                custom,
                was,
                typed,
            } => self.field_back(id, hand, field, custom.as_ref(), was, typed),
            What::Lost {
                stage,
                finding,
                held,
                call,
            } => self.lost(id, hand, (stage, finding), *held, call),
            What::Lapsed { stage, ticks } => {
                for (key, item, checklist, _) in ticks {
                    let deed = Deed::Untick {
                        checklist: checklist.clone(),
                        item: item.clone(),
                        key: key.clone(),
                    };
                    self.push(id, None, deed);
                }
                let told = ticks
                    .iter()
                    .map(|(key, _, _, tick)| (self.item_name(key), self.name(&tick.by), tick.at));
                let lapse = Lapse {
                    stage: self.stage_name(stage),
                    ticks: told.collect(),
                    id: id.0.clone(),
                };
                self.say(id, self.words.lapse(&lapse));
            }
            What::ArchivedBack {
                stage,
                may,
                finding,
            } => {
                // Not in the slot of where it goes: it may have to go back as well.
                self.push(id, Some("open"), Deed::Reopen);
                self.say(id, self.archived_back(hand, stage, may, finding.as_ref()));
            }
            What::Gone {
                how, name, stage, ..
            } => {
                let stage = stage.as_ref().map(|stage| self.stage_name(stage));
                let by = hand.member.as_ref().map(|by| self.name(by));
                let owner = self.holders(&self.process.owner);
                let owner = self.by_hours(&owner);
                let text = self
                    .words
                    .gone(name, stage.as_deref(), how, by.as_deref(), &owner);
                self.push(id, None, Deed::News { text });
            }
            What::Allowed { pass, call } => {
                let (stage, by) = (self.stage_name(&pass.stage), self.name(&pass.by));
                let call = self.named(call, call);
                let text = self.words.pass_given(&stage, &by, &pass.reason, &call);
                self.say(id, text);
            }
            What::NotAllowed { why, call } => self.not_allowed(id, hand, why, call),
            What::Why { stages } => {
                let text = self.with_page(self.why(stages));
                self.say(id, text);
                for (_, finding) in stages {
                    self.lines_asked_for(id, finding);
                }
            }
            What::Disputed {
                decision,
                said,
                call,
            } => {
                let owner = self.owner_named(call);
                let text = match decision {
                    Some(decision) => self.words.disputed(&decision.0, said, &owner),
                    None => self.words.nothing_to_dispute(),
                };
                self.say(id, text);
            }
            What::Help => self.say(id, self.words.help(!self.process.targets.is_empty())),
            What::PasswordSeen { .. } => self.say(id, self.words.password()),
            What::Ready {
                stage,
                people,
                call,
            } => {
                let people = self.named(people, call);
                let text = self.words.ready(&self.stage_name(stage), &people);
                self.say(id, self.with_page(text));
            }
            What::ItemsDue { checklist } => self.seed_checklist(id, checklist),
            What::Place {
                target,
                said,
                item,
                people,
                call,
            } => {
                let people = self.named(people, call);
                self.place(id, target, said, item.as_ref(), &people);
            }
            What::TickBack {
                target,
                item,
                number,
                by_hand,
            } => self.tick_back(id, hand, target, item, (number, by_hand.as_ref())),
            What::StillStands {
                places,
                archived,
                people,
                ..
            } => {
                let people = self.by_hours(people);
                self.still_stands(id, places, *archived, &people);
            }
            What::TermsChanged {
                field,
                was,
                now,
                people,
                call,
            } => {
                let people = self.named(people, call);
                self.terms_changed(id, field, (was, now), &people);
            }
            What::Agreed(agreed) => self.agreed(id, hand, agreed),
            What::ByHand(answer) => self.by_hand(id, hand, answer),
            What::Asked(asked) => self.asked(id, hand, asked),
            What::Entered { done, thread, told } => self.entered(id, hand, done, (thread, told)),
            What::Called {
                stage,
                finding,
                people,
                call,
            } => self.called(id, hand, (stage, finding), (people, call)),
            What::NotDone(why) => self.not_done(id, hand, why),
            What::Handed(handed) => self.handed(id, handed),
            What::Absence(said) => self.absence(id, hand, said),
            What::NotReached { person, way, why } => self.not_reached(id, person, way, why),
            What::Timed(timed) => self.timed(id, hand, timed),
            What::PlaceDue { .. }
            | What::Archived { .. }
            | What::Described { .. }
            | What::Word { .. }
            | What::Ticked { .. }
            | What::Noted { .. } => {}
        }
    }

    fn push(&mut self, decision: &DecisionId, slot: Option<&str>, deed: Deed) {
        self.effects.push(Effect {
            decision: decision.clone(),
            slot: slot.map(str::to_owned),
            deed,
        });
    }

    /// A comment of its own.
    fn say(&mut self, id: &DecisionId, text: String) {
        self.say_in(id, format!("once {}", id.0), text);
    }

    /// With the way to the card's own page, where it has one.
    fn with_page(&self, text: String) -> String {
        let Some(address) = self.page else {
            return text;
        };
        ended(text, &self.words.page(address))
    }

    fn say_in(&mut self, id: &DecisionId, thread: String, text: String) {
        let slot = format!("say {thread}");
        self.push(id, Some(&slot), Deed::Say { thread, text });
    }

    fn not_allowed(&mut self, id: &DecisionId, hand: &Hand, why: &AllowTrouble, call: &[MemberId]) {
        let text = match why {
            AllowTrouble::NotTheOwner => self
                .words
                .not_the_owner(self.caller(hand).as_ref(), &self.owner_named(call)),
            AllowTrouble::NoSuchStage { said } => {
                let stages: Vec<_> = self
                    .process
                    .stages
                    .iter()
                    .map(|stage| stage.name.clone())
                    .collect();
                self.words.no_such_stage(said, &stages)
            }
            AllowTrouble::NoReason { stage } => self.words.no_reason(&self.stage_name(stage)),
        };
        self.say(id, text);
    }

    fn label(&mut self, id: &DecisionId, key: &str, on: bool) {
        if let Some(label) = self.bindings.labels.get(&super::rules::LabelKey::from(key)) {
            self.push(
                id,
                Some(&format!("label {key}")),
                Deed::PutLabel {
                    label: label.clone(),
                    on,
                },
            );
        }
    }
}

/// With this line at its end, if Trello takes so much: half an address would lead nowhere.
fn ended(text: String, line: &str) -> String {
    match text.chars().count() + 1 + line.chars().count() <= lines::LIMIT {
        true => format!("{}\n{line}", text.trim_end()),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_has_its_last_line_whole_or_not_at_all() {
        assert_eq!(ended("Рано.\n".into(), "Подробно"), "Рано.\nПодробно");
        let full = "я".repeat(lines::LIMIT - 9);
        assert_eq!(ended(full.clone(), "Подробно"), format!("{full}\nПодробно"));
        let over = "я".repeat(lines::LIMIT - 8);
        assert_eq!(ended(over.clone(), "Подробно"), over);
    }
}
