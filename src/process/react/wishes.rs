//! What was asked for in a comment: done, or why it is not.

use super::Room;
use super::places::plain;
use crate::process::bind::Bindings;
use crate::process::effect::Deed;
use crate::process::file::nearest;
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
        Deed::CustomField { field, value } => {
            let (key, _) = bindings.fields.iter().find(|(_, id)| *id == field)?;
            Wanted::Value(key.clone(), value.clone()?)
        }
        _ => return None,
    };
    memory.wishes.iter().find(|wish| wish.wanted == wanted)
}

impl Room<'_> {
    pub(super) fn asked(&mut self, id: &DecisionId, hand: &Hand, asked: &Asked) {
        let by = hand.member.as_ref().map(|by| self.name(by));
        let reply = match asked {
            Asked::Goes { stage, to, out_of } => {
                let deed = Deed::Move {
                    to: to.clone(),
                    pos: None,
                    out_of: out_of.clone(),
                };
                self.push(id, Some("place"), deed);
                let stage = self.stage_name(stage);
                WishReply::Goes { stage, by }
            }
            Asked::Says {
                field,
                said,
                value,
                custom,
            } => {
                self.write_field(id, field, custom.as_ref(), value);
                WishReply::Says {
                    field: self.field_name(field),
                    value: plain(said),
                    by,
                }
            }
        };
        self.say(id, self.words.wish(&reply));
    }

    pub(super) fn not_done(&mut self, id: &DecisionId, hand: &Hand, why: &NotDone) {
        let stages = |keys: &[StageKey]| keys.iter().map(|key| self.stage_name(key)).collect();
        let reply = match why {
            NotDone::Stays(stays) => return self.stays(id, hand, stays),
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
        };
        self.say(id, self.words.wish(&reply));
    }

    /// The to-do list of a refusal, of a card that has not moved.
    fn stays(&mut self, id: &DecisionId, hand: &Hand, stays: &Stays) {
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
        let text = self.words.refusal(&refusal);
        self.say(id, text);
    }
}
