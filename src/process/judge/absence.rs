//! `/away`: somebody tells the days on which they are not there, and who stands in. What it changes is
//! the whole board's; the card on which it is written answers.

use super::commands::cut;
use super::{Court, Heard};
use crate::model::{Absence, Away, Event, MemberId};
use crate::process::absence::{self, Days};
use crate::process::verdict::{AbsenceSaid, Hand, What};

/// Of what is repeated in an answer.
const SAID_CHARS: usize = 60;

impl Court<'_> {
    pub(super) fn away(&mut self, event: &Event, hand: Hand, rest: &str) -> Heard {
        let said = self.absence_said(&hand, rest);
        if let Some(said) = said {
            self.rule(event.at, hand, What::Absence(said));
        }
        Ok(())
    }

    /// None where nobody knows who says it.
    fn absence_said(&mut self, hand: &Hand, rest: &str) -> Option<AbsenceSaid> {
        let (bindings, today) = (self.case.bindings, self.case.process.today(self.case.now));
        let by = hand.member.clone().filter(|_| !hand.roleless)?;
        let said = absence::read(rest, today);
        let named = |name: &str| match bindings.known_as(name) {
            Some(known) if known.id != bindings.bot || bindings.shared_account => {
                Ok(known.id.clone())
            }
            _ => Err(AbsenceSaid::NoSuchPerson {
                who: cut(name, SAID_CHARS),
            }),
        };
        let member = match said.who.map(named) {
            None => by.clone(),
            Some(Ok(member)) => member,
            Some(Err(unknown)) => return Some(unknown),
        };
        let owner = std::slice::from_ref(&self.case.process.owner);
        if member != by && !hand.holds(bindings, owner) {
            let people = self.people(owner);
            let call = self.call(&people);
            return Some(AbsenceSaid::NotTheirs { call });
        }
        let deputy = match said.deputy.map(named).transpose() {
            Ok(deputy) => deputy,
            Err(unknown) => return Some(unknown),
        };
        let absence = match said.what {
            Days::None => {
                let text = cut(rest.lines().next().unwrap_or_default(), SAID_CHARS);
                return Some(AbsenceSaid::NoDays { text });
            }
            Days::Back => Absence::Back { member, day: today },
            Days::From(..) if deputy.as_ref() == Some(&member) => {
                return Some(AbsenceSaid::OwnDeputy);
            }
            Days::From(from, to) => Absence::Told(Away {
                member,
                from,
                to,
                deputy,
            }),
        };
        match &absence {
            Absence::Back { member, .. } if !absence.enter(&mut bindings.away.clone()) => {
                let member: MemberId = member.clone();
                Some(AbsenceSaid::NotAway { member })
            }
            _ => Some(AbsenceSaid::Noted { absence }),
        }
    }
}
