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
            let whose = self.whose(stage, card);
            let own = whose.contains(member);
            let spent = self.spent(stage, card);
            if own {
                turn.push(self.told(stage, card, &[]));
            } else if card.walk.members.contains(member) {
                others.push(self.told(stage, card, &whose));
            }
            if own && card.due.is_none() && spent.is_some_and(|spent| spent >= SOON) {
                let due = stage.limit.zip(card.stay.since).map(|(limit, since)| {
                    let timing = card.stay.timing(self, card.walk, stage, since);
                    timing.due(limit)
                });
                soon.push(Here {
                    due,
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

    /// Whose turn it is; where nobody remembers, those of the stage's owners who are on the card, or all.
    fn whose(&self, stage: &Stage, card: &Stands<'_>) -> Vec<MemberId> {
        if !card.walk.holders.is_empty() {
            return card.walk.holders.clone();
        }
        let bindings = self.bindings;
        let holds = |member: &&MemberId| bindings.holds(member, &stage.owner, true);
        let on_card: Vec<_> = card.walk.members.iter().filter(holds).cloned().collect();
        let all = bindings.roles.get(&stage.owner);
        match on_card.is_empty() {
            true => all.map(|all| all.people.clone()).unwrap_or_default(),
            false => on_card,
        }
    }

    /// How much of its time has gone, in hundredths.
    fn spent(&self, stage: &Stage, card: &Stands<'_>) -> Option<i32> {
        let (limit, since) = (stage.limit?, card.stay.since?);
        let timing = card.stay.timing(self, card.walk, stage, since);
        let worked = timing.worked(self.now);
        let limit = limit.max(SignedDuration::from_secs(1)).as_secs();
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
        }
    }
}
