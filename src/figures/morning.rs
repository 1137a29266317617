//! How the board stands for one person on a working morning: whose turn it is, what waits, what will be
//! late. It tells a person of that person's own cards, and the process owner of all.

use super::Record;
use super::now::{self, Here as Stands};
use super::refusals::refusals;
use super::spread::days_between;
use super::words::Words;
use crate::model::MemberId;
use crate::process::Stage;
use crate::process::words::{Fees, Here, Morning, Whole};
use jiff::SignedDuration;

/// In hundredths of a stage's limit: little time is left; somebody else has to step in.
const SOON: i32 = 80;
const STUCK: i32 = 150;

impl Record<'_> {
    /// Refusals are counted from `since` on.
    pub fn morning(&self, member: &MemberId) -> Morning {
        let day = self.day();
        let record = Record {
            bindings: &day,
            ..*self
        };
        record.morning_of(member)
    }

    fn morning_of(&self, member: &MemberId) -> Morning {
        let process = self.process;
        let works = |stage: &&Stage| stage.is_path() && !stage.is_final();
        let stages = process.stages.iter().filter(works);
        let cards = stages.flat_map(|stage| {
            let here = now::here(self, stage);
            here.into_iter().map(move |card| (stage, card))
        });
        let mut cards: Vec<_> = cards.collect();
        cards.sort_by_key(|(_, card)| (card.stay.since, card.walk.card.clone()));
        let (mut turn, mut others, mut soon) = (Vec::new(), Vec::new(), Vec::new());
        let (mut stuck, mut late) = (Vec::new(), Vec::new());
        for (stage, card) in &cards {
            let memory = &card.walk.memory;
            let whose = memory.turn(stage, self.bindings);
            let own = whose.contains(member);
            let waits = memory.clock.waiting.is_some();
            let spent = self.spent(stage, card);
            match own {
                true if waits => others.push(self.told(stage, card, &[])),
                true => turn.push(self.told(stage, card, &[])),
                false if memory.members.contains(member) => {
                    others.push(self.told(stage, card, &whose));
                }
                false => {}
            }
            let little = own && !waits && card.due.is_none();
            if little && spent.is_some_and(|spent| spent >= SOON) {
                let timed = stage.limit.zip(card.walk.timing(self));
                soon.push(Here {
                    due: timed.map(|(limit, timing)| timing.due(limit)),
                    ..self.told(stage, card, &[])
                });
            }
            match card.due {
                Some(_) if spent.is_some_and(|spent| spent >= STUCK) => {
                    stuck.push(self.told(stage, card, &whose));
                }
                Some(_) => late.push(self.told(stage, card, &whose)),
                None => {}
            }
        }
        let owns = self.bindings.holds(member, &process.owner, false);
        Morning {
            today: process.today(self.now),
            turn,
            others,
            soon,
            whole: owns.then(|| self.whole(stuck, late)),
        }
    }

    fn whole(&self, stuck: Vec<Here>, late: Vec<Here>) -> Whole {
        let words = Words::of(self);
        let gates = refusals(self, &words).gates.into_iter();
        let refused = gates.map(|gate| (gate.name, gate.refused));
        let totals = now::cost(self, &words).map(|cost| cost.totals);
        let fees = totals.unwrap_or_default().into_iter().map(|money| Fees {
            amount: money.amount,
            currency: money.currency,
            cards: money.cards,
        });
        Whole {
            stuck,
            late,
            since: self.process.today(self.since),
            refused: refused.filter(|(_, count)| *count > 0).collect(),
            fees: fees.filter(|fees| fees.amount > 0.0).collect(),
        }
    }

    /// How much of its time has gone, in hundredths.
    fn spent(&self, stage: &Stage, card: &Stands<'_>) -> Option<i32> {
        let worked = card.walk.timing(self)?.worked(self.now);
        let limit = stage.limit?.max(SignedDuration::from_secs(1)).as_secs();
        i32::try_from(worked.as_secs().saturating_mul(100) / limit).ok()
    }

    fn told(&self, stage: &Stage, card: &Stands<'_>, who: &[MemberId]) -> Here {
        let process = self.process;
        let late = card
            .due
            .map(|due| days_between(process.today(due), process.today(self.now)));
        let name = |member: &MemberId| match self.bindings.people.get(member) {
            Some(person) => person.called().to_owned(),
            None => member.to_string(),
        };
        Here {
            card: card.walk.name.clone(),
            stage: stage.name.clone(),
            since: card.stay.since,
            due: None,
            late,
            who: who.iter().map(name).collect(),
            waits: card.walk.memory.clock.waiting.clone(),
        }
    }
}
