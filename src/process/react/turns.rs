//! Who joins a card and leaves it, and the word to whoever has it because somebody is away or back.

use super::Room;
use crate::model::{Absence, MemberId};
use crate::process::bind::Absent;
use crate::process::effect::Deed;
use crate::process::memory::DecisionId;
use crate::process::verdict::{AbsenceSaid, Hand, Handed, Handing, Members};
use crate::process::words::{AbsenceReply, Handover, NotThere};

impl Room<'_> {
    /// In a slot of each person's own: whoever is wanted on the card again is not taken off it.
    pub(super) fn members(&mut self, id: &DecisionId, members: &Members) {
        let slot = |member: &MemberId| format!("member {member}");
        for member in members.join.iter().cloned() {
            self.push(id, Some(&slot(&member)), Deed::AddMember { member });
        }
        for member in members.leave.iter().cloned() {
            self.push(id, Some(&slot(&member)), Deed::DropMember { member });
        }
    }

    pub(super) fn handed(&mut self, id: &DecisionId, handed: &Handed) {
        self.members(id, &handed.members);
        let Some(stage) = self.process.stage(&handed.stage) else {
            return;
        };
        // Others have had it all along: there is nothing new for them.
        if handed.to.is_empty() && handed.owner.is_empty() {
            return;
        }
        let handover = Handover {
            to: self.named(&handed.to, &handed.call),
            stage: stage.name.clone(),
            card: self.memory.name.clone(),
            work: stage.work.as_ref().map(|work| self.in_general(work)),
            next: self.onward(stage, &handed.to),
            away: match &handed.why {
                Handing::Away(absent) => self.not_there(absent),
                Handing::Back => Vec::new(),
            },
            back: handed.why == Handing::Back,
            owner: self.named(&handed.owner, &handed.call),
        };
        let text = self.with_page(self.words.handover(&handover));
        self.say_in(id, format!("turn {}", id.0), text);
    }

    /// Whose turn it is where the card stands.
    pub(super) fn turn(&self) -> Vec<MemberId> {
        let standing = self.memory.standing.as_ref();
        let stage = standing.and_then(|standing| self.process.stage(&standing.stage));
        stage.map_or_else(Vec::new, |stage| self.memory.turn(stage, self.bindings))
    }

    pub(super) fn not_there(&self, absent: &[Absent]) -> Vec<NotThere> {
        let told = absent.iter().map(|absent| NotThere {
            name: self.name(&absent.member),
            until: absent.until,
        });
        told.collect()
    }

    pub(super) fn absence(&mut self, id: &DecisionId, hand: &Hand, said: &AbsenceSaid) {
        let reply = match said {
            AbsenceSaid::Noted {
                absence: Absence::Told(away),
            } => AbsenceReply::Told {
                name: self.name(&away.member),
                from: away.from,
                to: away.to,
                deputy: away.deputy.as_ref().map(|deputy| self.name(deputy)),
            },
            AbsenceSaid::Noted {
                absence: Absence::Back { member, .. },
            } => AbsenceReply::Back {
                name: self.name(member),
            },
            AbsenceSaid::NotTheirs { call } => AbsenceReply::NotTheirs(self.owner_named(call)),
            AbsenceSaid::NoSuchPerson { who } => AbsenceReply::NoSuchPerson(who.clone()),
            AbsenceSaid::NoDays { text } => AbsenceReply::NoDays(text.clone()),
            AbsenceSaid::OwnDeputy => AbsenceReply::OwnDeputy,
            AbsenceSaid::NotAway { member } => AbsenceReply::NotAway(self.name(member)),
        };
        let asker = self.caller(hand);
        self.say(id, self.words.absence_reply(asker.as_ref(), &reply));
    }
}
