//! The outside places where an active client is to stand. What a place confirms, and nothing else,
//! ticks the item that stands for it. Going back changes nothing there.

use super::{Court, Heard};
use crate::model::{CheckItemId, ChecklistId, Event, MemberId, Said, Status};
use crate::process::memory::{Proof, Standings};
use crate::process::rules::{FieldKey, ItemKey, RoleKey, Target};
use crate::process::verdict::{Admitted, Hand, What};
use jiff::{SignedDuration, Timestamp};

impl Court<'_> {
    /// An admitted card's client is to stand where its stage says so. Once there as an active one,
    /// it is never made a pending one again.
    pub(super) fn places_due(&mut self, at: Timestamp, hand: &Hand, admitted: &Admitted) {
        if !self.enforcing() {
            return;
        }
        for target in &self.case.process.targets {
            let due = self.case.process.due(target, admitted);
            let wanted = self
                .memory
                .places
                .get(&target.key)
                .map(|known| known.wanted);
            if let Some(status) = due.filter(|due| wanted.is_none_or(|wanted| wanted < *due)) {
                self.want(at, hand, target, status);
            }
        }
    }

    fn want(&mut self, at: Timestamp, hand: &Hand, target: &Target, status: Status) {
        let key = target.key.clone();
        let known = self.memory.places.entry(key.clone());
        let nothing = Standings {
            wanted: status,
            said: None,
            proof: None,
        };
        known.or_insert(nothing).wanted = status;
        let what = What::PlaceDue {
            target: key,
            status,
        };
        self.rule(at, hand.clone(), what);
    }

    /// A field that goes into places has another value by now.
    pub(super) fn field_for_places(&mut self, at: Timestamp, hand: &Hand, field: &FieldKey) {
        for target in &self.case.process.targets {
            let wanted = self
                .memory
                .places
                .get(&target.key)
                .map(|known| known.wanted);
            let goes = target.fields().any(|one| one == field);
            let told = |what: &What| matches!(what, What::PlaceDue { target: key, .. } if *key == target.key);
            if let Some(status) = wanted.filter(|_| goes)
                && !self.rulings.iter().any(|ruling| told(&ruling.what))
            {
                self.want(at, hand, target, status);
            }
        }
    }

    pub(super) fn place_said(&mut self, event: &Event, target: &str, said: &Said) -> Heard {
        let Some(known) = self.memory.places.get_mut(target) else {
            return Ok(()); // the board was taken anew since
        };
        let news = known.said.as_ref() != Some(said);
        known.said = Some(said.clone());
        if let Said::Confirmed { status, id, link } = said {
            known.proof = Some(Proof {
                id: id.clone(),
                link: link.clone(),
                status: *status,
                at: event.at,
            });
        }
        let confirmed = matches!(said, Said::Confirmed { .. });
        let open = match confirmed {
            true => self.open_item(target)?,
            false => None,
        };
        if confirmed && open.is_none() {
            self.look_later(event.at, target);
        }
        if !news && open.is_none() {
            return Ok(());
        }
        let people = match confirmed {
            true => Vec::new(),
            false => self.minders(target),
        };
        let what = What::Place {
            target: target.to_owned(),
            said: said.clone(),
            item: open,
            call: self.call(&people),
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
        let known = self.memory.places.get(target);
        let said = known.and_then(|known| known.said.clone());
        let Some((said @ Said::Confirmed { .. }, proof)) =
            said.zip(known.and_then(|known| known.proof.clone()))
        else {
            return Ok(());
        };
        let item = self.open_item(target)?;
        if item.is_none() {
            self.look_later(proof.at, target);
            return Ok(());
        }
        let what = What::Place {
            target: target.to_owned(),
            said,
            item,
            call: Vec::new(),
        };
        self.rule(event.at, Hand::default(), what);
        Ok(())
    }

    /// The item that stands for a place, if it is on the card and open.
    fn open_item(
        &self,
        target: &str,
    ) -> Result<Option<(ItemKey, CheckItemId, ChecklistId)>, super::ReadFirst> {
        let card = self.need_card()?;
        let item = self.case.process.proved_by(target);
        let tracked = item.and_then(|item| Some((item, self.memory.items.get(&item.key)?)));
        Ok(tracked.and_then(|(item, tracked)| {
            let open = card.item(&tracked.item).is_some_and(|item| !item.complete);
            let (id, list) = (tracked.item.clone(), tracked.checklist.clone());
            open.then(|| (item.key.clone(), id, list))
        }))
    }

    /// Whose business a place is: those who would tick its item.
    fn minders(&self, target: &str) -> Vec<MemberId> {
        let item = self.case.process.proved_by(target);
        let roles = item.map_or(&[][..], |item| &item.by);
        let owner = std::slice::from_ref(&self.case.process.owner);
        let roles: &[RoleKey] = if roles.is_empty() { owner } else { roles };
        self.people(roles)
    }

    /// What stands for a place bears a tick again once the place has been asked again.
    pub(super) fn ask_again(&mut self, at: Timestamp, hand: &Hand, item: &ItemKey) {
        let Some(target) = self.case.process.proof(item) else {
            return;
        };
        let wanted = self
            .memory
            .places
            .get(&target.key)
            .map(|known| known.wanted);
        if let Some(status) = wanted
            && self.may_mend()
        {
            self.want(at, hand, target, status);
        }
    }
}
