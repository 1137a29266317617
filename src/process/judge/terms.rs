//! What is charged of an active client changes only when whoever answers for it has confirmed it
//! (`/confirm`); and a record that is made by hand, where a place is down, is theirs to vouch for
//! (`/byhand`).

use super::{Court, Heard};
use crate::model::{Event, MemberId, Said, Status};
use crate::process::memory::{Proof, Term};
use crate::process::rules::{FieldKey, FieldKind, RoleKey, Target};
use crate::process::text::same;
use crate::process::verdict::{Agreed, ByHand, Hand, What};
use jiff::{Timestamp, civil::Date};

/// The timer of the day from which a confirmed amount is charged.
pub const TERMS: &str = "terms";
/// Their number for a record, at most.
const NUMBER_CHARS: usize = 100;

impl<'a> Court<'a> {
    fn is_amount(&self, field: &FieldKey) -> bool {
        let field = self.case.process.field(field);
        field.is_some_and(|field| matches!(field.kind, FieldKind::Money { .. }))
    }

    pub(super) fn charges(&self, target: &Target) -> bool {
        target.fields().any(|field| self.is_amount(field))
    }

    /// From now on what is charged is what was agreed on by then.
    pub(super) fn guard(&mut self, target: &Target, at: Timestamp) {
        let Some(facts) = &self.facts else { return };
        let amounts = target.fields().filter(|field| self.is_amount(field));
        let terms = amounts.map(|field| {
            let agreed = facts.raw(field).to_owned();
            (field.clone(), Term::agreed(agreed, at))
        });
        for (field, term) in terms.collect::<Vec<_>>() {
            self.memory.terms.entry(field).or_insert(term);
        }
    }

    /// One that was not charged when the client became active, because the file did not say so then: what
    /// stood on the card until now counts as agreed on.
    pub(super) fn guard_since(&mut self, field: &FieldKey, was: &str, at: Timestamp) {
        let charges = |target: &Target| {
            let known = self.memory.places.get(&target.key);
            known.is_some_and(|known| known.wanted == Status::Active) && target.takes(field)
        };
        let charged = self.case.process.targets.iter().any(charges);
        if charged && self.is_amount(field) {
            let term = Term::agreed(was.to_owned(), at);
            self.memory.terms.entry(field.clone()).or_insert(term);
        }
    }

    /// Whether it is an amount that is charged: then its change waits, and its people are told.
    pub(super) fn agreed(
        &mut self,
        at: Timestamp,
        hand: &Hand,
        field: &FieldKey,
        now: &str,
    ) -> bool {
        let Some(term) = self.memory.terms.get_mut(field) else {
            return false;
        };
        let waits = term.agreed != now;
        let news = waits && term.asked.as_deref() != Some(now);
        term.asked = waits.then(|| now.to_owned());
        term.from = None;
        if news {
            let was = term.agreed.clone();
            let people = self.people(&self.charging(field));
            let what = What::TermsChanged {
                field: field.clone(),
                was,
                now: now.to_owned(),
                call: self.call(&people),
                people,
            };
            self.rule(at, hand.clone(), what);
        }
        true
    }

    /// Who answers for an amount: those who answer for the places it goes into.
    fn charging(&self, field: &FieldKey) -> Vec<RoleKey> {
        let mut roles = Vec::new();
        let targets = self.case.process.targets.iter();
        for target in targets.filter(|target| target.takes(field)) {
            for role in self.case.process.minding(&target.key) {
                if !roles.contains(role) {
                    roles.push(role.clone());
                }
            }
        }
        roles
    }

    /// `/confirm`, and from which day on if not from today: of what waits, whatever is this person's to
    /// confirm. What is confirmed for a day to come keeps its day, unless nothing else waits.
    pub(super) fn confirm(&mut self, event: &Event, hand: Hand, rest: &str) -> Heard {
        if self.case.process.targets.is_empty() {
            return Ok(()); // a word of somebody else's
        }
        let asked = |(field, term): (&FieldKey, &Term)| {
            let now = term.asked.clone()?;
            Some((field.clone(), now, term.from.is_some()))
        };
        let mut waiting: Vec<_> = self.memory.terms.iter().filter_map(asked).collect();
        if waiting.iter().any(|(.., dated)| !dated) {
            waiting.retain(|(.., dated)| !dated);
        }
        let bindings = self.case.bindings;
        let theirs = |field: &FieldKey| hand.holds(bindings, &self.charging(field));
        let mine = waiting.iter().filter(|(field, ..)| theirs(field));
        let mine: Vec<_> = mine
            .map(|(field, now, _)| (field.clone(), now.clone()))
            .collect();
        let day = day(rest);
        let agreed = match () {
            () if waiting.is_empty() => Agreed::Nothing,
            () if mine.is_empty() => {
                let roles = waiting.iter().flat_map(|(field, ..)| self.charging(field));
                let (people, call) = self.others_of(&roles.collect::<Vec<_>>(), &hand);
                Agreed::NotTheirs { people, call }
            }
            () if !rest.trim().is_empty() && day.is_none() => Agreed::NoDay {
                said: rest.trim().chars().take(40).collect(),
            },
            () => Agreed::Terms {
                fields: mine.clone(),
                from: day,
            },
        };
        let terms = matches!(agreed, Agreed::Terms { .. });
        self.rule(event.at, hand.clone(), What::Agreed(agreed));
        if !terms {
            return Ok(());
        }
        let today = self.case.process.today(self.case.now);
        let mine: Vec<_> = mine.into_iter().map(|(field, _)| field).collect();
        match day.filter(|day| *day > today) {
            Some(day) => {
                for field in &mine {
                    if let Some(term) = self.memory.terms.get_mut(field) {
                        term.from = Some(day);
                    }
                }
            }
            None => self.charge(event.at, &hand, &mine),
        }
        self.wait_for_terms();
        Ok(())
    }

    /// The day has come from which other amounts are charged.
    pub(super) fn terms_come(&mut self, event: &Event) {
        let today = self.case.process.today(self.case.now);
        let due = self.memory.terms.iter();
        let due = due.filter(|(_, term)| term.from.is_some_and(|from| from <= today));
        let due: Vec<_> = due.map(|(field, _)| field.clone()).collect();
        self.charge(event.at, &Hand::default(), &due);
        self.wait_for_terms();
    }

    fn wait_for_terms(&mut self) {
        let next = self
            .memory
            .terms
            .values()
            .filter_map(|term| term.from)
            .min();
        let begins = next.and_then(|day| self.case.process.begins(day));
        self.timers.push((TERMS.into(), begins));
    }

    fn charge(&mut self, at: Timestamp, hand: &Hand, which: &[FieldKey]) {
        let mut changed = Vec::new();
        for field in which {
            if let Some(term) = self.memory.terms.get_mut(field)
                && let Some(agreed) = term.asked.take()
            {
                (term.agreed, term.at, term.from) = (agreed, at, None);
                changed.push(field.clone());
            }
        }
        self.want_with(at, hand, &changed);
    }

    /// The people of these roles, and which of them are called.
    fn others_of(&mut self, roles: &[RoleKey], hand: &Hand) -> (Vec<MemberId>, Vec<MemberId>) {
        let mut people = self.people(roles);
        people.retain(|one| Some(one) != hand.member.as_ref());
        let call = self.call(&people);
        (people, call)
    }

    /// `/byhand <item> <their number>`: the record was made by hand, for the place is down. It counts,
    /// is marked as not proved, and is looked for when the place answers again.
    pub(super) fn by_hand(&mut self, event: &Event, hand: Hand, rest: &str) -> Heard {
        if self.case.process.targets.is_empty() {
            return Ok(());
        }
        let Some((target, number)) = self.named_place(rest) else {
            let items = self.place_items();
            self.rule(event.at, hand, What::ByHand(ByHand::NoSuchPlace { items }));
            return Ok(());
        };
        let roles = self.case.process.minding(&target.key);
        let known = self.memory.places.get(&target.key);
        let confirmed =
            known.is_some_and(|known| matches!(known.said, Some(Said::Confirmed { .. })));
        let key = target.key.clone();
        let answer = match hand.member.clone() {
            Some(by) if hand.holds(self.case.bindings, roles) => match known {
                None => ByHand::NotYet { target: key },
                Some(_) if confirmed => ByHand::Stands { target: key },
                Some(_) if number.is_empty() => ByHand::NoNumber { target: key },
                Some(known) => {
                    let status = known.wanted;
                    return self.vouch(event, hand, (target, by), (number, status));
                }
            },
            _ => {
                let (people, call) = self.others_of(roles, &hand);
                ByHand::NotTheirs {
                    target: key,
                    people,
                    call,
                }
            }
        };
        self.rule(event.at, hand, What::ByHand(answer));
        Ok(())
    }

    fn vouch(
        &mut self,
        event: &Event,
        hand: Hand,
        (target, by): (&Target, MemberId),
        (number, status): (String, Status),
    ) -> Heard {
        let item = self.item_of(&target.key, false)?;
        if let Some(known) = self.memory.places.get_mut(&target.key) {
            known.proof = Some(Proof {
                id: number.clone(),
                key: String::new(),
                link: None,
                status,
                at: event.at,
                by_hand: Some(by),
            });
        }
        let answer = ByHand::Vouched {
            target: target.key.clone(),
            number,
            item,
        };
        self.rule(event.at, hand, What::ByHand(answer));
        Ok(())
    }

    /// Named by its own key, or by its item's key or name; and what follows.
    fn named_place(&self, rest: &str) -> Option<(&'a Target, String)> {
        let cut = |number: &str| number.trim().chars().take(NUMBER_CHARS).collect();
        let (word, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let process = self.case.process;
        let targets = || process.targets.iter();
        let item = |target: &Target| process.proved_by(&target.key);
        let by_key = targets().find(|target| {
            target.key == word || item(target).is_some_and(|item| item.key.as_str() == word)
        });
        if let Some(target) = by_key {
            return Some((target, cut(after)));
        }
        let rest = rest.trim_start_matches(['«', '“', '"']);
        targets().find_map(|target| {
            let name = &item(target)?.name;
            let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
            let end = ends
                .take_while(|end| *end <= name.len() * 2)
                .find(|end| same(&rest[..*end], name))?;
            Some((
                target,
                cut(rest[end..].trim_start_matches(['»', '”', '"', ':'])),
            ))
        })
    }

    fn place_items(&self) -> Vec<String> {
        let targets = self.case.process.targets.iter();
        let named = targets.filter_map(|target| self.case.process.proved_by(&target.key));
        named.map(|item| item.key.to_string()).collect()
    }
}

/// `2026-12-01`, `01.12.2026`, with or without a word before it.
fn day(text: &str) -> Option<Date> {
    let word = text.split_whitespace().last()?;
    let iso = word.parse().ok();
    iso.or_else(|| Date::strptime("%d.%m.%Y", word).ok())
}
