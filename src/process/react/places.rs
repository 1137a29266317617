//! What follows from the answer of an outside place: the tick it stands for, and a word.

use super::Room;
use crate::model::{CheckItemId, ChecklistId, MemberId, Said};
use crate::process::effect::Deed;
use crate::process::memory::DecisionId;
use crate::process::rules::{FieldKey, ItemKey};
use crate::process::verdict::{Agreed, ByHand, Hand};
use crate::process::words::{Answer, Named, TermsReply, TickBack, VouchReply};

impl Room<'_> {
    pub(super) fn place(
        &mut self,
        id: &DecisionId,
        target: &str,
        said: &Said,
        item: Option<&(ItemKey, CheckItemId, ChecklistId)>,
        people: &[Named],
    ) {
        if let Some((key, item, checklist)) = item.cloned() {
            let deed = match said {
                Said::Confirmed { .. } => Deed::Tick { checklist, item },
                _ => Deed::Untick {
                    checklist,
                    item,
                    key,
                },
            };
            self.push(id, Some(&format!("tick {target}")), deed);
        }
        let place = self.place_name(target);
        let text = self.words.place(&place, &self.answer(said), people);
        // The latest answer stands in one comment.
        self.say_in(id, format!("place {target}"), text);
    }

    /// Told once to each who takes it off.
    pub(super) fn tick_back(
        &mut self,
        id: &DecisionId,
        hand: &Hand,
        target: &str,
        (key, item, checklist): &(ItemKey, CheckItemId, ChecklistId),
        (number, by_hand): (&str, Option<&MemberId>),
    ) {
        let (checklist, item) = (checklist.clone(), item.clone());
        let slot = format!("tick {target}");
        self.push(id, Some(&slot), Deed::Tick { checklist, item });
        let Some(member) = &hand.member else { return };
        let thread = format!("untick {key} {member}");
        if self.memory.threads.contains_key(&thread) {
            return;
        }
        let back = TickBack {
            by: self.caller(hand),
            place: self.place_name(target),
            number: plain(number),
            by_hand: by_hand.map(|by| self.name(by)),
            who: self.who(self.process.minding(target)),
            id: id.0.clone(),
        };
        let text = self.words.tick_back(&back);
        self.say_in(id, thread, text);
    }

    /// On the board's own card, for nobody looks at this one any more.
    pub(super) fn still_stands(
        &mut self,
        id: &DecisionId,
        places: &[(String, String, Option<String>)],
        archived: bool,
        people: &[Named],
    ) {
        let places = places.iter().map(|(target, number, link)| {
            let place = self.place_name(target);
            (place, plain(number), link.clone())
        });
        let places: Vec<_> = places.collect();
        let name = &self.memory.name;
        let text = self.words.still_stands(name, &places, archived, people);
        self.push(id, None, Deed::News { text });
    }

    /// Why a place has not confirmed, where it said anything.
    pub(in crate::process) fn why_not(&self, said: &Said) -> Option<String> {
        Some(self.words.place_trouble(&self.answer(said)))
    }

    pub(in crate::process) fn place_name(&self, target: &str) -> String {
        let item = self.process.proved_by(target);
        item.map_or_else(|| target.to_owned(), |item| item.name.clone())
    }

    fn answer(&self, said: &Said) -> Answer {
        match said {
            Said::Confirmed {
                status, id, link, ..
            } => Answer::Confirmed {
                id: plain(id),
                link: link.clone(),
                status: *status,
            },
            Said::Wanting { fields } => {
                let name = |key: &String| self.field_name(&key.as_str().into());
                Answer::Wanting(fields.iter().map(name).collect())
            }
            Said::Refused { why } => Answer::Refused(plain(why)),
            Said::Several { ids } => Answer::Several(few(ids)),
            Said::Drifted { drift } => Answer::Drifted(drift.clone()),
            Said::Down { why } => Answer::Down(plain(why)),
        }
    }

    // What is agreed on, and vouched for ----------------------------------------------------------

    pub(super) fn terms_changed(
        &mut self,
        id: &DecisionId,
        field: &FieldKey,
        (was, now): (&str, &str),
        people: &[Named],
    ) {
        let name = self.field_name(field);
        let text = self.words.terms_changed(&name, was, now, people);
        self.say_in(id, format!("terms {field}"), text);
    }

    pub(super) fn agreed(&mut self, id: &DecisionId, hand: &Hand, agreed: &Agreed) {
        let reply = match agreed {
            Agreed::Terms { fields, from } => TermsReply::Agreed {
                fields: fields
                    .iter()
                    .map(|(field, now)| (self.field_name(field), now.clone()))
                    .collect(),
                from: *from,
            },
            Agreed::Nothing => TermsReply::Nothing,
            Agreed::NotTheirs { people, call } => TermsReply::NotTheirs(self.named(people, call)),
            Agreed::NoDay { said } => TermsReply::NoDay(said.clone()),
        };
        let text = self.words.terms_reply(self.caller(hand).as_ref(), &reply);
        self.say(id, text);
    }

    pub(super) fn by_hand(&mut self, id: &DecisionId, hand: &Hand, answer: &ByHand) {
        let reply = match answer {
            ByHand::Vouched {
                target,
                number,
                item,
            } => {
                if let Some((_, item, checklist)) = item {
                    let (checklist, item) = (checklist.clone(), item.clone());
                    let slot = format!("tick {target}");
                    self.push(id, Some(&slot), Deed::Tick { checklist, item });
                }
                VouchReply::Vouched {
                    place: self.place_name(target),
                    number: number.clone(),
                }
            }
            ByHand::NoSuchPlace { items } => VouchReply::NoSuchPlace(items.clone()),
            ByHand::NoNumber { target } => VouchReply::NoNumber(self.place_name(target)),
            ByHand::NotYet { target } => VouchReply::NotYet(self.place_name(target)),
            ByHand::Stands { target } => VouchReply::Stands(self.place_name(target)),
            ByHand::NotTheirs {
                target,
                people,
                call,
            } => VouchReply::NotTheirs {
                place: self.place_name(target),
                call: self.named(people, call),
            },
        };
        let text = self.words.vouch_reply(self.caller(hand).as_ref(), &reply);
        self.say(id, text);
    }

    pub(in crate::process) fn field_name(&self, key: &FieldKey) -> String {
        let field = self.process.field(key);
        field.map_or_else(|| key.to_string(), |field| field.name.clone())
    }
}

/// Another system's words are text on a card, and call nobody.
pub(super) fn plain(words: &str) -> String {
    const MOST: usize = 300;
    let mut text = String::new();
    for word in words.split_whitespace() {
        if !text.is_empty() {
            text.push(' ');
        }
        for one in word.chars() {
            match one {
                // Invisible, so that it is no name.
                '@' => text.push_str("@\u{200b}"),
                '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '!' | '#' | '<' | '>' | '|'
                | '~' => {
                    text.extend(['\\', one]);
                }
                one if one.is_control() => {}
                one => text.push(one),
            }
        }
        if text.chars().count() > MOST {
            break;
        }
    }
    text.chars().take(MOST).collect()
}

fn few(ids: &[String]) -> Vec<String> {
    const MOST: usize = 10;
    let mut few: Vec<_> = ids.iter().take(MOST).map(|id| plain(id)).collect();
    if ids.len() > MOST {
        few.push("…".to_owned());
    }
    few
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_place_are_text_and_call_nobody() {
        let said = "no\n\n# Heading\n@board [pay here](https://evil.example)";
        let shown = plain(said);
        assert_eq!(
            shown,
            "no \\# Heading @\u{200b}board \\[pay here\\]\\(https://evil.example\\)"
        );
        let many: Vec<_> = (0..4000).map(|nth| "x".repeat(nth)).collect();
        assert_eq!(few(&many).len(), 11);
        assert!(plain(&"x".repeat(20_000)).chars().count() <= 300);
    }
}
