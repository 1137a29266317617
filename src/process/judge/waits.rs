//! Waiting for somebody outside: `/wait` and `/go`, the label, or the field. While it lasts the stage's clock
//! stands still; it ends by a word, by the label or the field, by a move, or on its day.

use super::clock::WAIT;
use super::commands::cut;
use super::{Court, Heard};
use crate::model::{Event, LabelId};
use crate::process::calendar;
use crate::process::facts;
use crate::process::memory::{Accepted, Clock, Waiting};
use crate::process::rules::{Field, FieldKey, FieldKind, LabelKey, Process, RoleKey, labels};
use crate::process::text::same;
use crate::process::until::{Said, read};
use crate::process::verdict::{Hand, Resumed, Timed, WaitTrouble, What};
use jiff::{Timestamp, civil::Date};

/// A reason longer than this is cut.
const REASON_CHARS: usize = 200;

impl Court<'_> {
    /// `/wait reason until date`.
    pub(super) fn wait(&mut self, event: &Event, hand: Hand, rest: &str) -> Heard {
        let today = self.case.process.today(self.case.now);
        let said = read(rest, today);
        let trouble = match &said {
            _ if !self.holds_a_role(&hand) => Some(WaitTrouble::NotTheirs { by_label: false }),
            _ if self.memory.standing.is_none() => Some(WaitTrouble::Nowhere),
            Said::NoDay(said) => Some(WaitTrouble::NoDay {
                said: cut(said, 40),
            }),
            Said::Reason(_, Some(day)) if *day <= today => Some(WaitTrouble::Past { day: *day }),
            Said::Reason(..) => None,
        };
        match (trouble, said) {
            (None, Said::Reason(reason, until)) => {
                self.begin_wait(event.at, hand, Wait::new(reason, until), false);
            }
            (Some(why), _) => self.refuse_wait(event.at, hand, why, true),
            (None, Said::NoDay(_)) => {}
        }
        Ok(())
    }

    /// `/go`.
    pub(super) fn go_on(&mut self, event: &Event, hand: Hand) {
        match () {
            () if !self.holds_a_role(&hand) => {
                self.refuse_wait(
                    event.at,
                    hand,
                    WaitTrouble::NotTheirs { by_label: false },
                    true,
                );
            }
            () if self.memory.clock.waiting.is_none() => {
                self.refuse_wait(event.at, hand, WaitTrouble::Goes, true);
            }
            () => self.end_wait(event.at, hand, Resumed::Said),
        }
    }

    /// The label that says so was put on or taken off, by somebody else than ourselves.
    pub(super) fn waiting_label(&mut self, event: &Event, hand: &Hand, label: &LabelId, on: bool) {
        let labels = &self.case.bindings.labels;
        let bound = labels.get(&LabelKey::from(labels::WAITING));
        if bound == Some(label) && !self.is_ours(&event.actor) {
            let wait = on.then(Wait::default);
            self.shown(event.at, hand, &Sign::Label, wait);
        }
    }

    /// The field that says so was filled, emptied, or says something else.
    pub(super) fn waiting_field(
        &mut self,
        at: Timestamp,
        hand: &Hand,
        field: &Field,
        value: &str,
        ours: bool,
    ) {
        if ours {
            let key = Some(field.key.clone());
            self.memory.clock.filled_waiting = key.filter(|_| says_so(value));
            return;
        }
        let sign = Sign::Field(field.key.clone());
        match read_field(self.case.process, field, value, self.case.now) {
            Ok(wait) => self.shown(at, hand, &sign, wait),
            Err(trouble) => self.no_wait(at, hand.clone(), trouble),
        }
    }

    /// A card may be made with the field filled, as a copy is.
    pub(super) fn waits_from_the_start(&mut self) -> Heard {
        let Some(field) = self.case.process.waits_in() else {
            return Ok(());
        };
        let came = self.rulings.iter().find_map(|ruling| match &ruling.what {
            What::Admitted(_) => Some((ruling.at, ruling.hand.clone())),
            _ => None,
        });
        let Some((at, hand)) = came.filter(|_| !self.memory.fields.contains_key(&field.key)) else {
            return Ok(());
        };
        self.need_card()?;
        let facts = self.facts.as_ref();
        let value = facts.map(|facts| facts.raw(&field.key).to_owned());
        let Some(value) = value.filter(|value| says_so(value)) else {
            return Ok(());
        };
        let accepted = Accepted {
            value: value.clone(),
            by: hand.member.clone(),
            at,
        };
        self.memory.fields.insert(field.key.clone(), accepted);
        self.waiting_field(at, &hand, field, &value, false);
        Ok(())
    }

    /// The card shows that it waits, or does so no more.
    fn shown(&mut self, at: Timestamp, hand: &Hand, sign: &Sign, wait: Option<Wait>) {
        let clock = &mut self.memory.clock;
        if clock.waiting.as_ref().is_some_and(|own| at < own.since) {
            return; // told late: it has been spoken of since
        }
        let (on, waits) = (wait.is_some(), clock.waiting.is_some());
        sign.mark(clock, on);
        if waits == on && (*sign == Sign::Label || !on) {
            return;
        }
        if !self.holds_a_role(hand) || self.memory.standing.is_none() {
            // It is put right by what follows from the state, as often as is answered in an hour.
            if self.enforcing() && self.memory.standing.is_some() {
                match self.may_mend() {
                    true => self.no_wait(at, hand.clone(), sign.not_theirs()),
                    false => sign.mark(&mut self.memory.clock, waits),
                }
            }
            return;
        }
        match wait {
            Some(wait) => self.begin_wait(at, hand.clone(), wait, true),
            None => self.end_wait(at, hand.clone(), sign.undone()),
        }
    }

    /// The day until which it waits begins, for whoever has the card.
    pub(super) fn day_has_come(&mut self) {
        if self.is_off_the_path() {
            return; // it is looked at when the card is back
        }
        match self.day_opens() {
            Some(opens) if opens <= self.case.now => {
                self.end_wait(opens, Hand::default(), Resumed::Date);
            }
            opens => self.timers.push((WAIT.into(), opens)),
        }
    }

    pub(super) fn wait_for_day(&mut self) {
        let opens = self.day_opens();
        self.timers.push((WAIT.into(), opens));
    }

    fn day_opens(&self) -> Option<Timestamp> {
        let until = self.memory.clock.waiting.as_ref()?.until?;
        let process = self.case.process;
        let standing = self.memory.standing.as_ref()?;
        let begins = process.begins(until)?;
        let hours = match process.stage(&standing.stage) {
            Some(stage) => process.hours_of(self.case.bindings, self.memory.whose(), stage),
            None => &process.hours,
        };
        Some(calendar::next_open(hours, &process.time_zone, begins))
    }

    fn begin_wait(&mut self, at: Timestamp, hand: Hand, wait: Wait, shown: bool) {
        let Wait { reason, until } = wait;
        let Some(standing) = &self.memory.standing else {
            return;
        };
        let stage = standing.stage.clone();
        let before = self.memory.clock.waiting.take();
        let anew = before.is_some();
        self.memory.clock.waiting = Some(Waiting {
            since: before.map_or(at.max(standing.since), |before| before.since),
            by: hand.member.clone(),
            reason: reason.clone(),
            until,
        });
        self.wait_for_day();
        let what = Timed::Waits {
            stage,
            reason,
            until,
            anew,
            shown,
        };
        self.rule(at, hand, What::Timed(Box::new(what)));
    }

    /// Its time runs on from then.
    pub(super) fn end_wait(&mut self, at: Timestamp, hand: Hand, why: Resumed) {
        let Some(waiting) = self.memory.clock.waiting.take() else {
            return;
        };
        self.timers.push((WAIT.into(), None));
        let Some(stage) = self.memory.standing.as_ref().map(|one| one.stage.clone()) else {
            return;
        };
        if let Some(stay) = self.stay() {
            stay.paused(waiting.since, at);
        }
        let (mut people, mut due) = (Vec::new(), None);
        if let Some((stage, timing)) = self.timing().filter(|_| why != Resumed::Moved) {
            due = stage.limit.map(|limit| timing.due(limit));
            if why == Resumed::Date {
                people = self.people(std::slice::from_ref(&stage.owner));
            }
        }
        let what = Timed::GoesOn {
            stage,
            reason: waiting.reason,
            since: waiting.since,
            until: waiting.until,
            why,
            due,
            call: self.remind(&people),
            people,
        };
        self.rule(at, hand, What::Timed(Box::new(what)));
    }

    fn no_wait(&mut self, at: Timestamp, hand: Hand, why: WaitTrouble) {
        self.refuse_wait(at, hand, why, false);
    }

    fn refuse_wait(&mut self, at: Timestamp, hand: Hand, why: WaitTrouble, asked: bool) {
        let what = Timed::NoWait { why, asked };
        self.rule(at, hand, What::Timed(Box::new(what)));
    }

    fn holds_a_role(&self, hand: &Hand) -> bool {
        let roles = self.case.process.roles.iter();
        let roles: Vec<RoleKey> = roles.map(|role| role.key.clone()).collect();
        hand.holds(self.case.bindings, &roles)
    }
}

/// What a card shows its waiting by.
#[derive(PartialEq, Eq)]
enum Sign {
    Label,
    Field(FieldKey),
}

impl Sign {
    fn mark(&self, clock: &mut Clock, on: bool) {
        match self {
            Self::Label => clock.marked_waiting = on,
            Self::Field(key) => clock.filled_waiting = on.then(|| key.clone()),
        }
    }

    fn not_theirs(&self) -> WaitTrouble {
        match self {
            Self::Label => WaitTrouble::NotTheirs { by_label: true },
            Self::Field(_) => WaitTrouble::FieldNotTheirs,
        }
    }

    fn undone(&self) -> Resumed {
        match self {
            Self::Label => Resumed::Label,
            Self::Field(_) => Resumed::Field,
        }
    }
}

/// For what, and until when.
#[derive(Default)]
pub struct Wait {
    pub reason: String,
    pub until: Option<Date>,
}

impl Wait {
    fn new(reason: &str, until: Option<Date>) -> Self {
        Self {
            reason: cut(reason, REASON_CHARS),
            until,
        }
    }
}

/// What the field that a card waits by says of it: nothing, for what, until when.
pub fn read_field(
    process: &Process,
    field: &Field,
    value: &str,
    now: Timestamp,
) -> Result<Option<Wait>, WaitTrouble> {
    if !says_so(value) {
        return Ok(None);
    }
    let today = process.today(now);
    let no_day = |said: &str| WaitTrouble::NoDay {
        said: cut(said, 40),
    };
    let wait = match &field.kind {
        FieldKind::Date { .. } => {
            let day = facts::day(process, field, value);
            Wait::new("", Some(day.ok_or_else(|| no_day(value))?))
        }
        FieldKind::Choice { .. } => Wait::new(value, None),
        _ => match read(value, today) {
            Said::Reason(reason, until) => Wait::new(reason, until),
            Said::NoDay(said) => return Err(no_day(said)),
        },
    };
    match wait.until.filter(|day| *day <= today) {
        Some(day) => Err(WaitTrouble::Past { day }),
        None => Ok(Some(wait)),
    }
}

/// A dash or a «нет» is how people leave a field empty.
fn says_so(value: &str) -> bool {
    !["", "-", "–", "—", "нет", "no"]
        .iter()
        .any(|no| same(no, value.trim()))
}
