//! Dates on the card, and who is told before, on the day and after, until the item is ticked. Each
//! telling has its instant; one that had passed when the date was set is not made up for.

use super::clock::DATES;
use super::{Court, Heard, ReadFirst};
use crate::model::MemberId;
use crate::process::calendar::{self, add_working_days};
use crate::process::facts;
use crate::process::memory::Dated;
use crate::process::rules::{Deadline, FieldKey, KeepFields, Stage, Tell, TellWhen};
use crate::process::verdict::Timed;
use jiff::{Timestamp, civil::Date};

/// Of what is told again and again so many working days are looked through.
const MOST_TELLINGS: i32 = 400;

impl Court<'_> {
    pub(super) fn is_date_told(&self, field: &FieldKey) -> bool {
        let mut deadlines = self.case.process.deadlines.iter();
        deadlines.any(|deadline| deadline.field == *field)
    }

    /// What of the card's dates has to be told now, and when the next telling is.
    pub(super) fn dates(&mut self, stage: &Stage) -> Heard {
        let process = self.case.process;
        if process.deadlines.is_empty() {
            return Ok(());
        }
        let now = self.case.now;
        let mut next: Option<Timestamp> = None;
        let mut known = std::mem::take(&mut self.memory.clock.dates);
        let mut kept = std::collections::BTreeMap::new();
        for deadline in &process.deadlines {
            let name = name(deadline);
            let known = known.remove(&name);
            if self.is_over(stage, deadline) {
                kept.extend(known.map(|known| (name, known)));
                continue;
            }
            let Some(date) = self.date(&deadline.field, known.as_ref())? else {
                continue;
            };
            let anew = Dated { date, told: now };
            let mut dated = known.filter(|known| known.date == date).unwrap_or(anew);
            let due = self.tellings(deadline, date, dated.told);
            let over: Vec<_> = due.iter().filter(|(at, _)| *at <= now).collect();
            if let Some((last, _)) = over.last() {
                self.need_card()?;
                let together = over.iter().filter(|(at, _)| at == last);
                let tells: Vec<&Tell> = together.map(|(_, tell)| *tell).collect();
                self.tell_date(deadline, date, &tells);
                dated.told = now;
            }
            let ahead = due.iter().map(|(at, _)| *at).find(|at| *at > now);
            // What is told each day goes on behind the last that was looked for.
            let ahead =
                ahead.or_else(|| self.tellings(deadline, date, now).first().map(|one| one.0));
            next = [next, ahead].into_iter().flatten().min();
            kept.insert(name, dated);
        }
        self.memory.clock.dates = kept;
        self.timers.push((DATES.into(), next));
        Ok(())
    }

    /// It is told of in other stages, or what it waits for is done.
    fn is_over(&self, stage: &Stage, deadline: &Deadline) -> bool {
        let ticked = deadline.until.as_ref().is_some_and(|item| {
            let tracked = self.memory.items.get(item);
            let card = self.case.fresh.map(|fresh| &fresh.card);
            let shown = |tracked: &crate::process::memory::Tracked| {
                let item = card.and_then(|card| card.item(&tracked.item));
                item.map_or(tracked.tick.is_some(), |item| item.complete)
            };
            tracked.is_some_and(shown)
        });
        ticked || !self.case.process.is_dated(stage, deadline)
    }

    /// The day in a field, whatever its rule: that it was ahead is no matter later.
    fn date(&self, key: &FieldKey, known: Option<&Dated>) -> Result<Option<Date>, ReadFirst> {
        let process = self.case.process;
        let Some(field) = process.field(key) else {
            return Ok(None);
        };
        let raw = match &self.facts {
            Some(facts) => facts.raw(key).to_owned(),
            None if process.keep_fields == KeepFields::Description => {
                let mut lines = facts::raw(process, &self.memory.desc);
                lines.remove(key).unwrap_or_default()
            }
            // A move alone changes no date, and costs no read.
            None if !self.looks.dates && self.is_current() => {
                return Ok(known.map(|known| known.date));
            }
            None => return Err(ReadFirst),
        };
        Ok(facts::day(process, field, &raw))
    }

    fn is_current(&self) -> bool {
        self.memory.clock.version.as_ref() == Some(&self.case.process.version)
    }

    /// Every telling behind that instant, in order, up to the first that is ahead.
    fn tellings<'d>(
        &self,
        deadline: &'d Deadline,
        date: Date,
        behind: Timestamp,
    ) -> Vec<(Timestamp, &'d Tell)> {
        let process = self.case.process;
        let mut all = Vec::new();
        for tell in &deadline.tell {
            let days = match tell.when {
                TellWhen::DaysBefore(days) => once(-i32::try_from(days).unwrap_or(0)),
                TellWhen::OnTheDay => once(0),
                TellWhen::EachDaysAfter(days) => {
                    let since = process.today(behind);
                    let worked = calendar::working_days_between(&process.hours, date, since);
                    let first = i32::try_from((worked / days).max(1) * days).unwrap_or(1);
                    (first..=first.saturating_add(MOST_TELLINGS)).step_by(days as usize)
                }
            };
            let opens = |day: i32| {
                let day = add_working_days(&process.hours, date, day);
                let hours = tell
                    .who
                    .first()
                    .map_or(&process.hours, |role| process.hours_of_role(role));
                let begins = process.begins(day)?;
                Some(calendar::next_open(hours, &process.time_zone, begins))
            };
            for at in days.map_while(opens) {
                if at > behind {
                    all.push((at, tell));
                }
                if at > self.case.now {
                    break;
                }
            }
        }
        all.sort_by_key(|(at, _)| *at);
        all
    }

    fn tell_date(&mut self, deadline: &Deadline, date: Date, tells: &[&Tell]) {
        let process = self.case.process;
        let mut people: Vec<MemberId> = Vec::new();
        for role in tells.iter().flat_map(|tell| &tell.who) {
            for one in self.people(std::slice::from_ref(role)) {
                if !people.contains(&one) {
                    people.push(one);
                }
            }
        }
        let today = process.today(self.case.now);
        let ahead = calendar::working_days_between(&process.hours, today, date);
        let over = date
            .until(today)
            .map_or(0, |span| i64::from(span.get_days()));
        let days = match over > 0 {
            true => -over,
            false => i64::from(ahead),
        };
        let what = Timed::Dated {
            field: deadline.field.clone(),
            date,
            days,
            until: deadline.until.clone(),
            cost: self.cost(over),
            call: self.remind(&people),
            people,
        };
        self.rings(what);
    }
}

fn once(day: i32) -> std::iter::StepBy<std::ops::RangeInclusive<i32>> {
    (day..=day).step_by(1)
}

fn name(deadline: &Deadline) -> String {
    match &deadline.until {
        Some(item) => format!("{} {item}", deadline.field),
        None => deadline.field.to_string(),
    }
}
