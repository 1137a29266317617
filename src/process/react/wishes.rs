//! What was asked for in a comment or in the Power-Up: done, or why it is not.

use super::Room;
use super::places::plain;
use crate::model::MemberId;
use crate::process::bind::Bindings;
use crate::process::effect::Deed;
use crate::process::file::nearest;
use crate::process::finding::Finding;
use crate::process::memory::{DecisionId, Episode, Memory, Wanted, Wish};
use crate::process::rules::StageKey;
use crate::process::verdict::{Asked, Hand, NotDone, Refused, Stays};
use crate::process::words::WishReply;

/// Whose wish a deed is, where somebody asked for it in a comment.
pub fn wish<'m>(bindings: &Bindings, memory: &'m Memory, deed: &Deed) -> Option<&'m Wish> {
    let wanted = match deed {
        Deed::Move { to, .. } => Wanted::List(to.clone()),
        Deed::Lines { set, .. } => match set.as_slice() {
            [line] => Wanted::Value(line.field.clone(), line.value.clone()),
            _ => return None,
        },
        Deed::CustomField { field, value, .. } => {
            let (key, _) = bindings.fields.iter().find(|(_, id)| *id == field)?;
            Wanted::Value(key.clone(), value.clone()?)
        }
        Deed::Tick { item, .. } => Wanted::Tick(item.clone()),
        _ => return None,
    };
    memory.wishes.iter().find(|wish| wish.wanted == wanted)
}

impl Room<'_> {
    pub(super) fn asked(&mut self, id: &DecisionId, hand: &Hand, asked: &Asked) {
        self.fulfil(id, asked);
        let by = hand.member.as_ref().map(|by| self.name(by));
        let reply = match asked {
            Asked::Goes { stage, .. } => {
                let stage = self.stage_name(stage);
                WishReply::Goes { stage, by }
            }
            Asked::Says { field, said, .. } => WishReply::Says {
                field: self.field_name(field),
                value: plain(said),
                by,
            },
            Asked::Ticks { item, .. } => WishReply::Ticks {
                item: self.item_name(item),
                by,
            },
        };
        self.say(id, self.words.wish(&reply));
    }

    fn fulfil(&mut self, id: &DecisionId, asked: &Asked) {
        match asked {
            Asked::Goes { to, out_of, .. } => {
                let deed = Deed::Move {
                    to: to.clone(),
                    pos: None,
                    out_of: out_of.clone(),
                };
                self.push(id, Some("place"), deed);
            }
            Asked::Says {
                field,
                value,
                custom,
                ..
            } => self.write_field(id, field, custom.as_ref(), value, None),
            Asked::Ticks { on, .. } => {
                let (checklist, item) = on.clone();
                self.push(id, None, Deed::Tick { checklist, item });
            }
        }
    }

    /// What one person entered in the Power-Up: done, and told in one comment.
    pub(super) fn entered(
        &mut self,
        id: &DecisionId,
        hand: &Hand,
        done: &[Asked],
        (thread, told): (&str, &[Asked]),
    ) {
        done.iter().for_each(|asked| self.fulfil(id, asked));
        if done.is_empty() {
            return self.say(id, self.words.wish(&WishReply::Meanwhile));
        }
        let by = hand.member.as_ref().map(|by| self.name(by));
        let line = |asked: &Asked| match asked {
            Asked::Says { field, said, .. } => Some((self.field_name(field), Some(plain(said)))),
            Asked::Ticks { item, .. } => Some((self.item_name(item), None)),
            Asked::Goes { .. } => None,
        };
        let lines: Vec<_> = told.iter().filter_map(line).collect();
        let text = self.words.entered(by.as_deref(), &lines);
        self.say_in(id, thread.to_owned(), text);
    }

    pub(super) fn called(
        &mut self,
        id: &DecisionId,
        hand: &Hand,
        (stage, finding): (&StageKey, &Finding),
        (people, call): (&[MemberId], &[MemberId]),
    ) {
        let by = hand.member.as_ref().map(|by| self.name(by));
        let people = self.named(people, call);
        let todo = self.todo(finding);
        let stage = self.stage_name(stage);
        let text = self.words.called(by.as_deref(), &people, &todo, &stage);
        self.say(id, text);
    }

    pub(super) fn not_done(&mut self, id: &DecisionId, hand: &Hand, why: &NotDone) {
        let text = match why {
            NotDone::Stays(stays) => self.stays(id, hand, stays),
            why => self.words.wish(&self.reply(why)),
        };
        self.say(id, text);
    }

    /// Why nothing is done, but for a move that would go back: that is a to-do list.
    pub(in crate::process) fn reply(&self, why: &NotDone) -> WishReply {
        let stages = |keys: &[StageKey]| keys.iter().map(|key| self.stage_name(key)).collect();
        match why {
            NotDone::Stays(_) => WishReply::Elsewhere,
            NotDone::NoSuchStage { said } => {
                let all = self.process.stages.iter();
                WishReply::NoSuchStage {
                    said: plain(said),
                    stages: all.map(|stage| stage.name.clone()).collect(),
                }
            }
            NotDone::Which { stages: several } => WishReply::Which(stages(several)),
            NotDone::Already { stage } => WishReply::Already(self.stage_name(stage)),
            NotDone::Elsewhere => WishReply::Elsewhere,
            NotDone::Meanwhile => WishReply::Meanwhile,
            NotDone::NoSuchField { said } => {
                let names = self.process.fields.iter().map(|field| field.name.as_str());
                WishReply::NoSuchField {
                    said: plain(said),
                    nearest: nearest(said, names).map(str::to_owned),
                }
            }
            NotDone::NoValue { field } => WishReply::NoValue(self.field_name(field)),
            NotDone::NotTheirs { field } => WishReply::NotTheirs {
                who: self
                    .process
                    .field(field)
                    .map_or_else(Vec::new, |field| self.who(&field.by)),
                field: self.field_name(field),
            },
            NotDone::NoGood {
                field,
                seen,
                problem,
            } => WishReply::NoGood {
                field: self.field_name(field),
                seen: plain(&self.shown(seen, problem)),
                why: self.words.problem(&self.problem(problem)),
            },
            NotDone::NoItem { item } => WishReply::NoItem(item.clone()),
            NotDone::NotTheirTick { item, proof } => WishReply::NotTheirTick {
                who: self
                    .process
                    .item(item)
                    .map_or_else(Vec::new, |item| self.who(&item.by)),
                item: self.item_name(item),
                proof: *proof,
            },
            NotDone::Unsigned { item } => WishReply::Unsigned(self.item_name(item)),
            NotDone::Stranger => WishReply::Stranger,
            NotDone::NobodyToCall => WishReply::NobodyToCall,
            NotDone::CalledToday { people } => {
                WishReply::CalledToday(people.iter().map(|one| self.name(one)).collect())
            }
        }
    }

    /// The to-do list of a refusal, of a card that has not moved.
    fn stays(&self, id: &DecisionId, hand: &Hand, stays: &Stays) -> String {
        let target = &stays.target;
        let here = self.memory.rests.clone().unwrap_or_else(|| "".into());
        let refused = Refused {
            target: target.clone(),
            back_to: stays.from.clone(),
            list: here.clone(),
            pos: None,
            out_of: here,
            came: None,
            finding: stays.finding.clone(),
            episode: Episode {
                target: target.clone(),
                mover: hand.member.clone(),
                thread: String::new(),
                decisions: vec![id.clone()],
                opened: self.now,
                open: false,
            },
            again: false,
            turn: stays.turn.clone(),
            call: stays.call.clone(),
        };
        let mut refusal = self.refusal(hand, &refused);
        refusal.asked = true;
        self.with_page(self.words.refusal(&refusal))
    }
}
