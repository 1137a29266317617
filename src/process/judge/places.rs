//! The outside places where an active client is to stand. What a place confirms, and nothing else,
//! ticks the item that stands for it. Going back changes nothing there; who leaves is marked so on
//! the day that the card tells.

use super::terms::TERMS;
use super::{Court, Heard, ReadFirst};
use crate::model::{CheckItemId, ChecklistId, Event, MemberId, Said, Status};
use crate::process::facts::Value;
use crate::process::memory::{Proof, Standings};
use crate::process::rules::{FieldKey, ItemKey, RoleKey, Stage, StageKey, Target};
use crate::process::verdict::{Hand, What};
use jiff::{SignedDuration, Timestamp};

/// The timer of the day on which a client leaves.
pub const LEAVE: &str = "leave";
/// Looks at that day again.
pub const LEAVING: &str = "leaving";

impl Court<'_> {
    // What is wanted ------------------------------------------------------------------------------

    /// An admitted card's client is to stand where its stage says so. Once there as an active one,
    /// it is never made a pending one again; who comes back begins anew.
    pub(super) fn places_due(&mut self, at: Timestamp, hand: &Hand, stage: &StageKey) -> Heard {
        if !self.enforcing() || self.case.process.targets.is_empty() {
            return Ok(());
        }
        if !self.memory.places.is_empty() {
            self.timers.push((LEAVE.into(), None));
        }
        let process = self.case.process;
        let comes = process
            .targets
            .iter()
            .any(|target| process.due(target, stage).is_some());
        if comes && !self.memory.terms.is_empty() && self.has_left() {
            // Whoever comes back agrees on something else.
            self.memory.terms.clear();
            self.timers.push((TERMS.into(), None));
        }
        for target in &self.case.process.targets {
            let due = self.case.process.due(target, stage);
            let wanted = self.wanted(&target.key);
            let news = |due: &Status| match wanted {
                None | Some(Status::Retired) => true,
                Some(wanted) => wanted < *due,
            };
            if let Some(status) = due.filter(news) {
                if status == Status::Active && self.charges(target) {
                    self.need_card()?; // it tells what was agreed on
                }
                self.want(at, hand, target, status);
            }
        }
        if let Some(stage) = self.case.process.stage(stage) {
            self.leaves(stage);
        }
        Ok(())
    }

    /// A client who was here before the places were named.
    pub(super) fn places_wanted(&mut self, event: &Event, hand: &Hand) -> Heard {
        self.need_card()?;
        // What was asked for while the place was out of the file was never written.
        self.memory.places.retain(|_, known| known.said.is_some());
        if let Some(standing) = self.memory.standing.clone() {
            self.places_due(event.at, hand, &standing.stage)?;
        }
        Ok(())
    }

    fn wanted(&self, target: &str) -> Option<Status> {
        Some(self.memory.places.get(target)?.wanted)
    }

    pub(super) fn want(&mut self, at: Timestamp, hand: &Hand, target: &Target, status: Status) {
        let key = target.key.clone();
        let nothing = Standings {
            wanted: status,
            said: None,
            proof: None,
        };
        self.memory
            .places
            .entry(key.clone())
            .or_insert(nothing)
            .wanted = status;
        if status == Status::Active {
            self.guard(target, at);
        }
        let told = |what: &What| matches!(what, What::PlaceDue { target: other, status: same } if *other == key && *same == status);
        if !self.rulings.iter().any(|ruling| told(&ruling.what)) {
            let what = What::PlaceDue {
                target: key,
                status,
            };
            self.rule(at, hand.clone(), what);
        }
    }

    /// A field that goes into places has another value by now. An amount that is charged waits for
    /// whoever answers for it.
    pub(super) fn field_for_places(
        &mut self,
        at: Timestamp,
        hand: &Hand,
        field: &FieldKey,
        (was, now): (&str, &str),
    ) -> Heard {
        if self.memory.places.is_empty() {
            return Ok(());
        }
        self.guard_since(field, was, at);
        if self.agreed(at, hand, field, now) {
            return Ok(());
        }
        self.want_with(at, hand, std::slice::from_ref(field));
        self.another_day(field)
    }

    /// Wherever one of these fields goes, the client is to stand as before, with its new value.
    pub(super) fn want_with(&mut self, at: Timestamp, hand: &Hand, fields: &[FieldKey]) {
        for target in &self.case.process.targets {
            let goes = fields.iter().any(|field| target.takes(field));
            if let Some(status) = self.wanted(&target.key).filter(|_| goes) {
                self.want(at, hand, target, status);
            }
        }
    }

    /// Whether the client has left every place, or never came into one.
    fn has_left(&self) -> bool {
        let mut places = self.memory.places.values();
        places.all(|known| known.wanted == Status::Retired)
    }

    // Leaving -------------------------------------------------------------------------------------

    /// In a stage for those who leave: on their day, of which the card tells.
    fn leaves(&mut self, stage: &Stage) {
        let Some(field) = stage.leaves_on() else {
            return;
        };
        // Whoever takes the day out takes the leaving back.
        let begins = self.leaving_day(field);
        self.timers.push((LEAVE.into(), begins));
    }

    fn leaving_day(&self, field: &FieldKey) -> Option<Timestamp> {
        let fact = self.facts.as_ref()?.get(field)?;
        match fact.value.as_ref()? {
            Value::Date(day) => self.case.process.begins(*day),
            _ => None,
        }
    }

    /// The day may change until it has come.
    fn another_day(&mut self, field: &FieldKey) -> Heard {
        let standing = self.memory.standing.as_ref();
        let stage = standing.and_then(|standing| self.case.process.stage(&standing.stage));
        let Some(stage) = stage else { return Ok(()) };
        if stage.leaves_on() == Some(field) && !self.has_left() {
            self.need_card()?;
            self.leaves(stage);
        }
        Ok(())
    }

    /// The file has changed since it left.
    pub(super) fn still_leaving(&mut self, event: &Event) -> Heard {
        self.need_card()?;
        let standing = self.memory.standing.as_ref();
        let stage = standing.and_then(|standing| self.case.process.stage(&standing.stage));
        let Some(field) = stage.and_then(Stage::leaves_on) else {
            return Ok(());
        };
        match self.leaving_day(field) {
            Some(begins) if begins <= self.case.now => self.left_for_good(event),
            begins => self.timers.push((LEAVE.into(), begins)),
        }
        Ok(())
    }

    pub(super) fn left_for_good(&mut self, event: &Event) {
        for target in &self.case.process.targets {
            if self.wanted(&target.key).is_some() {
                self.want(event.at, &Hand::default(), target, Status::Retired);
            }
        }
    }

    /// The card is no longer on the board, and nothing closes what stands elsewhere but a leaving that
    /// was declared on it: a person has to know.
    pub(super) fn still_stands(&mut self, at: Timestamp, hand: &Hand, archived: bool) {
        let open = self.memory.places.iter().filter_map(|(target, known)| {
            let proof = known.open()?;
            Some((target.clone(), proof.id.clone(), proof.link.clone()))
        });
        let places: Vec<_> = open.collect();
        if places.is_empty() {
            return;
        }
        let mut roles: Vec<RoleKey> = Vec::new();
        for (target, ..) in &places {
            for role in self.case.process.minding(target) {
                if !roles.contains(role) {
                    roles.push(role.clone());
                }
            }
        }
        let people = self.people(&roles);
        let what = What::StillStands {
            places,
            archived,
            call: self.call(&people),
            people,
        };
        self.rule(at, hand.clone(), what);
    }

    /// Whether it stands where those are who leave on a day of which the card tells.
    pub(super) fn is_leaving(&self) -> bool {
        let standing = self.memory.standing.as_ref();
        let stage = standing.and_then(|standing| self.case.process.stage(&standing.stage));
        stage.is_some_and(|stage| stage.leaves_on().is_some())
    }

    // What places say -----------------------------------------------------------------------------

    pub(super) fn place_said(&mut self, event: &Event, target: &str, said: &Said) -> Heard {
        let Some(known) = self.memory.places.get_mut(target) else {
            return Ok(()); // the board was taken anew since
        };
        let news = known.said.as_ref() != Some(said);
        known.said = Some(said.clone());
        if let Said::Confirmed {
            status,
            id,
            link,
            key,
        } = said
        {
            known.proof = Some(Proof {
                key: key.clone(),
                id: id.clone(),
                link: link.clone(),
                status: *status,
                at: event.at,
                by_hand: None,
            });
        }
        let pending = known.wanted == Status::Pending;
        let confirmed = matches!(said, Said::Confirmed { .. });
        let item = match said {
            Said::Confirmed { .. } => self.item_of(target, false)?,
            Said::Down { .. } => None,
            // Nothing that has been admitted is taken back for it.
            _ if pending => self.item_of(target, true)?,
            _ => None,
        };
        if let Some((key, ..)) = &item {
            self.set_tick(key, None);
        }
        if confirmed && item.is_none() {
            self.look_later(event.at, target);
        }
        if !news && item.is_none() {
            return Ok(());
        }
        let people = match confirmed {
            true => Vec::new(),
            false => self.minders(target),
        };
        let what = What::Place {
            target: target.to_owned(),
            said: said.clone(),
            item,
            call: self.call(&people),
            people,
        };
        self.rule(event.at, Hand::default(), what);
        Ok(())
    }

    /// The checklist may be on its way still: looked at again soon, and ever more seldom for a day.
    fn look_later(&mut self, confirmed: Timestamp, target: &str) {
        const SOON: SignedDuration = SignedDuration::from_secs(15);
        const AT_LAST: SignedDuration = SignedDuration::from_hours(24);
        let item = self.case.process.proved_by(target);
        let there = item.is_none_or(|item| self.memory.items.contains_key(&item.key));
        let since = self.case.now.duration_since(confirmed);
        let next = self.case.now.saturating_add(since.max(SOON)).ok();
        let next = next.filter(|_| !there && since < AT_LAST);
        self.timers.push((format!("place {target}"), next));
    }

    /// Its item may be on the card by now.
    pub(super) fn place_again(&mut self, event: &Event, target: &str) -> Heard {
        let known = self.memory.places.get(target).cloned();
        let Some((said @ Said::Confirmed { .. }, proof)) =
            known.and_then(|known| known.said.zip(known.proof))
        else {
            let (hand, item) = (Hand::default(), self.case.process.proved_by(target));
            if item.is_some_and(|item| self.is_due(&hand, &item.key))
                && let Some(item) = self.item_of(target, false)?
            {
                self.give_back(event.at, &hand, target, item);
            }
            return Ok(());
        };
        let item = self.item_of(target, false)?;
        if item.is_none() {
            self.look_later(proof.at, target);
            return Ok(());
        }
        let what = What::Place {
            target: target.to_owned(),
            said,
            item,
            people: Vec::new(),
            call: Vec::new(),
        };
        self.rule(event.at, Hand::default(), what);
        Ok(())
    }

    /// The item that stands for a place, if it is on the card and ticked, or open.
    pub(super) fn item_of(
        &self,
        target: &str,
        ticked: bool,
    ) -> Result<Option<(ItemKey, CheckItemId, ChecklistId)>, ReadFirst> {
        let card = self.need_card()?;
        let item = self.case.process.proved_by(target);
        let tracked = item.and_then(|item| Some((item, self.memory.items.get(&item.key)?)));
        Ok(tracked.and_then(|(item, tracked)| {
            let there = card.item(&tracked.item);
            let so = there.is_some_and(|item| item.complete == ticked);
            let (id, list) = (tracked.item.clone(), tracked.checklist.clone());
            so.then(|| (item.key.clone(), id, list))
        }))
    }

    fn minders(&self, target: &str) -> Vec<MemberId> {
        self.people(self.case.process.minding(target))
    }

    /// What stands for a place bears a tick again once the place has been asked again. A click by
    /// whoever answers for it asks even where somebody vouches for it: that word is taken back.
    pub(super) fn ask_again(&mut self, at: Timestamp, hand: &Hand, item: &ItemKey) {
        let Some(target) = self.case.process.proof(item) else {
            return;
        };
        if self.minds(hand, item)
            && let Some(known) = self.memory.places.get_mut(&target.key)
        {
            known.proof.take_if(|proof| proof.by_hand.is_some());
            known.said = None; // until it has answered, what it said before proves nothing
        }
        if let Some(status) = self.wanted(&target.key)
            && self.may_mend()
        {
            self.want(at, hand, target, status);
        }
    }

    /// Whether an item stands for a place for which this hand answers.
    pub(super) fn minds(&self, hand: &Hand, item: &ItemKey) -> bool {
        let process = self.case.process;
        let target = process.proof(item);
        target.is_some_and(|target| hand.holds(self.case.bindings, process.minding(&target.key)))
    }

    // Its tick ------------------------------------------------------------------------------------

    /// The place of an item whose tick is not this hand's to take off, and what the tick rests on.
    /// What was found to differ since has to be looked at first.
    fn resting(&self, hand: &Hand, item: &ItemKey) -> Option<(&Target, &Standings)> {
        let target = self.case.process.proof(item)?;
        let known = self.memory.places.get(&target.key)?;
        let drifted = matches!(known.said, Some(Said::Drifted { .. }));
        let rests = known.vouched().is_some() && !drifted;
        (rests && !self.minds(hand, item)).then_some((target, known))
    }

    /// Whether a tick is one that we would give.
    pub(super) fn is_due(&self, hand: &Hand, item: &ItemKey) -> bool {
        let said = self.resting(hand, item).map(|(_, known)| &known.said);
        matches!(
            said,
            Some(None | Some(Said::Confirmed { .. } | Said::Down { .. }))
        )
    }

    /// Whether a tick was not theirs to take off. It is given again, as often as is answered within an
    /// hour, and then once that hour is over.
    pub(super) fn tick_back(
        &mut self,
        at: Timestamp,
        hand: &Hand,
        item: &ItemKey,
    ) -> Result<bool, ReadFirst> {
        if !self.enforcing() {
            return Ok(false);
        }
        let Some((target, _)) = self.resting(hand, item) else {
            return Ok(false);
        };
        let target = target.key.clone();
        if let Some(item) = self.item_of(&target, false)? {
            if self.may_mend() {
                self.give_back(at, hand, &target, item);
            } else {
                let later = self.hour_over();
                self.timers.push((format!("place {target}"), later));
            }
        }
        Ok(true)
    }

    fn give_back(
        &mut self,
        at: Timestamp,
        hand: &Hand,
        target: &str,
        item: (ItemKey, CheckItemId, ChecklistId),
    ) {
        let known = self.memory.places.get(target);
        if let Some(proof) = known.and_then(Standings::vouched) {
            let what = What::TickBack {
                target: target.to_owned(),
                item,
                number: proof.id.clone(),
                by_hand: proof.by_hand.clone(),
            };
            self.rule(at, hand.clone(), what);
        }
    }
}
