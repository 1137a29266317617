//! Whom a ruling calls is told by the person's other ways too, in the words of its comment.

use super::Room;
use crate::model::{CardId, Lost, MemberId, Message, PostId};
use crate::process::bind::Bindings;
use crate::process::effect::{Deed, Effect};
use crate::process::memory::{Clock, DecisionId, Memory};
use crate::process::rules::{Person, Process};
use crate::process::verdict::{Ruling, Timed, What};
use jiff::Timestamp;

/// Of what somebody was named in at night so much is kept until the morning.
const MISSED_CHARS: usize = 800;
/// Longer comments are told up to here.
const TEXT_CHARS: usize = 4_000;

/// What goes to whom by which way, of one ruling and the deeds that follow from it. `link`: where the
/// card is looked at.
pub fn messages(
    process: &Process,
    bindings: &Bindings,
    memory: &Memory,
    ruling: &Ruling,
    effects: &[Effect],
    (card, link): (&CardId, &str),
) -> Vec<(PostId, Message)> {
    let called = called(process, bindings, ruling);
    if called.is_empty() {
        return Vec::new();
    }
    let own = effects.iter().filter(|effect| effect.decision == ruling.id);
    let text = own.filter_map(|effect| match &effect.deed {
        Deed::Say { text, .. } | Deed::News { text } => Some(text.as_str()),
        _ => None,
    });
    let texts: Vec<_> = text.collect();
    let on_own_card = |effect: &Effect| matches!(effect.deed, Deed::News { .. });
    let mut own = effects.iter().filter(|effect| effect.decision == ruling.id);
    let on_own_card = own.any(on_own_card);
    let room = Room::new(process, bindings, memory, ruling.at);
    let subject = match memory.name.trim() {
        "" => process.name.clone(),
        name => name.to_owned(),
    };
    let mut all = Vec::new();
    for member in called {
        all.extend(room.in_the_morning(&member).filter(|_| on_own_card));
        let Some(person) = process.person_of(bindings, &member) else {
            continue;
        };
        // Of several comments the one that calls: a letter to copy, an earlier one that is settled, are
        // nobody's call.
        let login = format!("@{}", person.username);
        let mut calling = texts.iter().filter(|text| text.contains(&login));
        let Some(text) = calling.next().or(texts.first()) else {
            continue;
        };
        let message = Message {
            about: ruling.id.0.clone(),
            card: Some(card.clone()),
            subject: subject.clone(),
            text: said(ruling, &member).unwrap_or_else(|| room.by_name(text)),
            link: Some(link.to_owned()),
            at_once: ruling.hand.member.as_ref() == Some(&member),
        };
        all.extend(by_ways(person, &member, &message));
    }
    all
}

/// What somebody was named in at night: a letter has no comments above it.
fn said(ruling: &Ruling, member: &MemberId) -> Option<String> {
    let What::Timed(timed) = &ruling.what else {
        return None;
    };
    let Timed::Morning { said, .. } = &**timed else {
        return None;
    };
    let mut said = said.iter();
    said.find_map(|(one, said)| (one == member).then(|| said.clone()))
}

fn by_ways<'m>(
    person: &'m Person,
    member: &'m MemberId,
    message: &'m Message,
) -> impl Iterator<Item = (PostId, Message)> + 'm {
    let reaches = person.notify.iter();
    reaches.map(|reach| (PostId::new(member, &reach.way), message.clone()))
}

/// Something told beside the rulings, and whom it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub people: Vec<MemberId>,
}

impl From<String> for Word {
    fn from(text: String) -> Self {
        let people = Vec::new();
        Self { text, people }
    }
}

/// What goes by their ways to those whom a word names.
pub fn word_by_ways(
    process: &Process,
    bindings: &Bindings,
    about: &DecisionId,
    word: &Word,
    (card, link): (Option<&CardId>, &str),
    now: Timestamp,
) -> Vec<(PostId, Message)> {
    let nothing = Memory::default();
    let room = Room::new(process, bindings, &nothing, now);
    let message = Message {
        about: about.0.clone(),
        card: card.cloned(),
        subject: process.name.clone(),
        text: room.by_name(&word.text),
        link: Some(link.to_owned()),
        at_once: false,
    };
    let people = word.people.iter();
    let ways = people.filter_map(|member| {
        let person = process.person_of(bindings, member)?;
        Some(by_ways(person, member, &message).collect::<Vec<_>>())
    });
    ways.flatten().collect()
}

/// Those whom a word on the board's own card names outside of their hours are called there when these
/// begin.
pub fn word_in_the_morning(
    process: &Process,
    bindings: &Bindings,
    word: &Word,
    now: Timestamp,
) -> Vec<(PostId, Message)> {
    let nothing = Memory::default();
    let room = Room::new(process, bindings, &nothing, now);
    let people = word.people.iter();
    let asleep = people.filter_map(|member| room.in_the_morning(member));
    asleep.collect()
}

/// What is told on the board's own card names all whom it concerns, at whatever hour.
fn called(process: &Process, bindings: &Bindings, ruling: &Ruling) -> Vec<MemberId> {
    let mut called = ruling.what.called();
    match &ruling.what {
        What::Gone { .. } => called = bindings.called(&process.owner).to_vec(),
        What::StillStands { people, .. } => called.clone_from(people),
        _ => {}
    }
    called.retain(|member| *member != bindings.bot);
    called
}

impl Room<'_> {
    /// On the board's own card; nothing to somebody who is at work, and has been called.
    fn in_the_morning(&self, member: &MemberId) -> Option<(PostId, Message)> {
        if self.is_awake(member) {
            return None;
        }
        let (process, bindings) = (self.process, self.bindings);
        let opens = process.next_at_work(bindings, member, self.now);
        let one = [self.named_one(member, true)];
        let message = Message {
            // However much there was in the night.
            about: format!("morning {opens}"),
            card: None,
            subject: String::new(),
            text: self.words.morning(&[], &one, ("", ""), None),
            link: None,
            at_once: false,
        };
        Some((PostId::on_own_card(member), message))
    }

    /// Those who are named now and called in the morning are told then in which words.
    pub(super) fn note_missed(&self, clock: &mut Clock) {
        let missed = clock.morning.iter_mut();
        for (member, missed) in missed.filter(|(_, missed)| missed.at == self.now) {
            let name = self.name(member);
            let said = self
                .effects
                .iter()
                .rev()
                .find_map(|effect| match &effect.deed {
                    Deed::Say { text, .. } if text.contains(&name) => Some(text),
                    _ => None,
                });
            if let Some(said) = said {
                let said = self.by_name(said);
                missed.said = Some(said.chars().take(MISSED_CHARS).collect());
            }
        }
    }

    /// A comment as it is read elsewhere: an @login calls nobody there, and stars make nothing bold.
    fn by_name(&self, text: &str) -> String {
        let mut told = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('@') {
            let (before, after) = rest.split_at(at);
            told.push_str(before);
            let login =
                |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-' | '.');
            let end = after[1..]
                .find(|sign| !login(sign))
                .map_or(after.len(), |end| end + 1);
            // A full stop behind it ends the sentence.
            let name = after[1..end].trim_end_matches(['.', '-']);
            let mid_word = before.ends_with(|sign: char| sign.is_alphanumeric());
            let mut people = self.bindings.people.iter();
            let known = people.find(|(_, person)| {
                !mid_word && !name.is_empty() && person.username.eq_ignore_ascii_case(name)
            });
            match known {
                Some((member, _)) => told.push_str(&self.name(member)),
                None => told.push_str(&after[..=name.len()]),
            }
            rest = &after[name.len() + 1..];
        }
        told.push_str(rest);
        let told = told.replace("**", "");
        match told.chars().count() > TEXT_CHARS {
            true => told.chars().take(TEXT_CHARS).chain(['…']).collect(),
            false => told,
        }
    }

    /// One line, and one comment for each person and way however often it happens.
    pub(super) fn not_reached(
        &mut self,
        id: &DecisionId,
        person: &MemberId,
        way: &str,
        why: &Lost,
    ) {
        let kind = self.process.way(way).map(|way| way.kind);
        let text = self.words.not_reached(&self.name(person), kind, why);
        self.say_in(id, format!("lost {person} {way}"), text);
    }
}
