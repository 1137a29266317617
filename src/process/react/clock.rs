//! What is said and done of a card's time. Two labels and the due date follow from what is remembered,
//! whichever way it came to be so.

use super::Room;
use crate::process::effect::Deed;
use crate::process::judge::decision_id;
use crate::process::memory::{Clock, DecisionId};
use crate::process::rules::{LabelKey, Mode, labels};
use crate::process::verdict::{Cost, Hand, Resumed, Timed};
use crate::process::words::{DateTold, StepTold};
use jiff::Timestamp;

impl Room<'_> {
    pub(super) fn timed(&mut self, id: &DecisionId, hand: &Hand, timed: &Timed) {
        let card = self.memory.name.clone();
        let text = match timed {
            // Whoever put the label on or filled the field, or undid it, knows.
            Timed::Waits { shown: true, .. }
            | Timed::GoesOn {
                why: Resumed::Label | Resumed::Field | Resumed::Moved,
                ..
            } => return,
            Timed::Waits { reason, until, .. } => self.words.waits(reason, *until),
            Timed::GoesOn {
                reason,
                until: Some(until),
                why: Resumed::Date,
                people,
                call,
                due,
                ..
            } => {
                let people = self.named(people, call);
                self.words.waited(&people, *until, reason, *due)
            }
            Timed::GoesOn { due, .. } => self.words.goes_on(*due),
            Timed::NoWait { why, .. } => self.words.no_wait(self.caller(hand).as_ref(), why),
            Timed::Step {
                stage,
                at,
                due,
                days,
                cost,
                people,
                turn,
                call,
            } => {
                let others = turn.iter().filter(|one| !people.contains(one));
                let told = StepTold {
                    turn: others.map(|one| self.name(one)).collect(),
                    people: self.named(people, call),
                    stage: self.stage_name(stage),
                    card,
                    over: *at >= 100,
                    due: *due,
                    days: *days,
                    cost: self.cost(cost.as_ref()),
                };
                self.words.step(&told)
            }
            Timed::Morning {
                stage,
                due,
                turn,
                others,
                call,
                ..
            } => {
                let (turn, others) = (self.named(turn, call), self.named(others, call));
                let stage = self.stage_name(stage);
                self.words.morning(&turn, &others, (&stage, &card), *due)
            }
            Timed::Dated {
                field,
                date,
                days,
                until,
                cost,
                people,
                call,
            } => {
                let told = DateTold {
                    people: self.named(people, call),
                    field: self.field_name(field),
                    card,
                    date: *date,
                    days: *days,
                    item: until.as_ref().map(|item| self.item_name(item)),
                    cost: self.cost(cost.as_ref()),
                };
                self.words.dated(&told)
            }
        };
        let text = self.with_page(text);
        let thread = match timed {
            Timed::NoWait { asked: false, .. } => {
                format!("no wait {}", self.process.today(self.now))
            }
            _ => format!("once {}", id.0),
        };
        self.say_in(id, thread, text);
    }

    fn cost(&self, cost: Option<&Cost>) -> Option<String> {
        let cost = cost?;
        let format = self.words.format();
        Some(format.money(cost.amount, cost.currency.as_deref()))
    }

    /// When the stage in which the card stands is to be over.
    pub(super) fn due_here(&self) -> Option<Timestamp> {
        let timing = self.process.timing_of(self.bindings, self.memory, self.now);
        let (stage, timing) = timing?;
        Some(timing.due(stage.limit?))
    }

    /// The labels `late` and `waiting`, the field that says the same, and a due date that the rules or a
    /// wait have moved.
    pub(super) fn keep_time(&mut self) {
        if self.process.mode == Mode::Watch {
            return;
        }
        let clock = &self.memory.clock;
        let last = self.memory.decisions.last();
        let id = last.map_or_else(
            || decision_id(&format!("clock {} {}", self.memory.name, self.now), 0),
            |last| last.id.clone(),
        );
        for (key, wanted, marked) in marks(clock) {
            if wanted != marked {
                self.label(&id, key, wanted);
            }
        }
        if clock.waiting.is_none()
            && let Some(key) = &clock.filled_waiting
            && self
                .process
                .waits_in()
                .is_some_and(|field| field.key == *key)
        {
            let custom = self.bindings.custom_field(self.process, key);
            let said = self.memory.fields.get(key);
            let said = said.map(|accepted| accepted.value.clone());
            self.write_field(&id, key, custom, "", said);
        }
        let stay = self.memory.stay().filter(|_| clock.waiting.is_none());
        let due = stay.and_then(|stay| stay.due.filter(|due| stay.bears != Some(*due)));
        if let Some(at) = due {
            self.push(&id, Some("due"), Deed::SetDue { at });
        }
    }

    /// As it is once that is done.
    pub(super) fn kept_time(&self) -> Box<Clock> {
        let mut clock = self.memory.clock.clone();
        if self.process.mode == Mode::Watch {
            return clock;
        }
        for (key, wanted, _) in marks(&self.memory.clock) {
            let bound = self.bindings.labels.contains_key(&LabelKey::from(key));
            match key {
                labels::LATE => clock.marked_late = wanted && bound,
                _ => clock.marked_waiting = wanted && bound,
            }
        }
        let waits = clock.waiting.is_some();
        clock.filled_waiting = clock.filled_waiting.filter(|_| waits);
        if let Some(stay) = clock.stay.as_mut().filter(|_| !waits) {
            stay.bears = stay.due;
        }
        clock
    }
}

/// Each label, whether it is to be on the card, and whether it is.
fn marks(clock: &Clock) -> [(&'static str, bool, bool); 2] {
    [
        (labels::LATE, clock.is_late(), clock.marked_late),
        (
            labels::WAITING,
            clock.waiting.is_some(),
            clock.marked_waiting,
        ),
    ]
}
