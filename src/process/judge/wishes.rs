//! What somebody asks for in a comment, from a phone say: that the card is moved, or that a field is
//! filled in. It is weighed as it is asked; what is done then in the asker's name is judged as the
//! asker's own once Trello tells of it, as if it had been done by hand.

use super::commands::{cut, next_stages};
use super::moves::Step;
use super::weigh::Judged;
use super::{Court, Heard, ReadFirst};
use crate::model::{Event, ListId, redact};
use crate::process::facts::{Facts, Value};
use crate::process::memory::{Accepted, Wanted, Wish};
use crate::process::rules::{Field, FieldKind, Place, Stage, StageKey};
use crate::process::text::{clean, same};
use crate::process::verdict::{Asked, Hand, NotDone, Stays, What};
use jiff::SignedDuration;

/// A wish that Trello has not told of by then is nobody's any more.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// A field, and what is to stand in it.
pub(super) type Line<'a> = (&'a Field, String);

impl<'a> Court<'a> {
    /// `/move STAGE`, and `/next` where one stage alone comes next.
    pub(super) fn send(&mut self, event: &Event, hand: Hand, rest: &str) -> Heard {
        self.go(event, hand, |court, standing| match rest {
            "" => court.onward(standing),
            said => match court.named_stage(said) {
                Some((stage, "")) => Ok(stage),
                _ => Err(NotDone::NoSuchStage {
                    said: cut(said, 60),
                }),
            },
        })
    }

    /// To the stage that is named, where it might have been dragged by this hand.
    pub(super) fn go(
        &mut self,
        event: &Event,
        hand: Hand,
        named: impl FnOnce(&Self, &StageKey) -> Result<&'a Stage, NotDone>,
    ) -> Heard {
        if !self.is_heard(event, &hand) {
            return Ok(());
        }
        // What moved it meanwhile is heard before this.
        let stands = &self.need_card()?.list;
        if self.is_old(event) || self.memory.moved.is_some_and(|moved| event.at < moved) {
            return self.not_done(event, hand, NotDone::Meanwhile);
        }
        if self.memory.rests.as_ref() != Some(stands) {
            return self.not_done(event, hand, NotDone::Elsewhere);
        }
        let (home, stage, to) = match self.destination(named) {
            Ok(found) => found,
            Err(why) => return self.not_done(event, hand, why),
        };
        let step = Step {
            at: event.at,
            hand: hand.clone(),
            from: Some(home.clone()),
            came: None,
        };
        let standing = self.memory.standing.clone();
        if let Judged::Illegal(finding) = self.weigh(&step, standing.as_ref(), stage)?
            && self.pass_for(&stage.key).is_none()
        {
            let turn = self.turn(&finding);
            let mut call = self.call(&turn);
            call.extend(hand.member.clone());
            let from = standing.map(|standing| standing.stage);
            let target = stage.key.clone();
            let stays = Stays {
                target,
                from,
                finding,
                turn,
                call,
            };
            return self.not_done(event, hand, NotDone::Stays(Box::new(stays)));
        }
        self.wish(event, &hand, Wanted::List(to.clone()));
        let asked = Asked::Goes {
            stage: stage.key.clone(),
            to,
            out_of: home,
        };
        self.rule(event.at, hand, What::Asked(asked));
        Ok(())
    }

    /// `/set FIELD = VALUE`.
    pub(super) fn set(&mut self, event: &Event, hand: Hand, rest: &str) -> Heard {
        if !self.is_heard(event, &hand) {
            return Ok(());
        }
        // Whatever else the comment says stands below.
        let rest = rest.lines().next().unwrap_or_default();
        let sign = |at: char| at == '=' || at == ':';
        let parts = rest.match_indices(sign);
        let mut parts = parts.map(|(at, _)| (&rest[..at], &rest[at + 1..]));
        let known = |(name, value)| Some((self.named_field(name)?, value));
        let found = parts.find_map(known);
        let found = found.or_else(|| self.named_field(rest).map(|field| (field, "")));
        let Some((field, value)) = found else {
            let name = rest.split(sign).next().unwrap_or_default().trim();
            let said = cut(name, 60);
            return self.not_done(event, hand, NotDone::NoSuchField { said });
        };
        if value.contains(redact::MASK) {
            return Ok(()); // it has been said that a password does not belong here
        }
        match self.fill(event, &hand, &[(field, value.to_owned())])? {
            Ok(done) => done.into_iter().for_each(|asked| {
                self.rule(event.at, hand.clone(), What::Asked(asked));
            }),
            Err(troubles) => self.none_filled(event, &hand, troubles),
        }
        Ok(())
    }

    pub(super) fn none_filled(&mut self, event: &Event, hand: &Hand, troubles: Vec<NotDone>) {
        for why in troubles {
            self.rule(event.at, hand.clone(), What::NotDone(why));
        }
    }

    /// These lines as they will be written, or why not. Where one cannot be, none is.
    pub(super) fn fill(
        &mut self,
        event: &Event,
        hand: &Hand,
        lines: &[Line<'a>],
    ) -> Result<Result<Vec<Asked>, Vec<NotDone>>, ReadFirst> {
        let mut typed = self.facts.clone().ok_or(ReadFirst)?;
        let tidy = |value: &str| {
            // As it will stand in its line, or what Trello tells of it is not known for this wish.
            let value = value.replace(char::is_control, " ");
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            clean(&value).to_owned()
        };
        let lines: Vec<_> = lines.iter().map(|(f, value)| (*f, tidy(value))).collect();
        // Twice: what one line may hold can depend on another that stands below it.
        for (field, value) in lines.iter().chain(&lines) {
            let today = self.case.process.today(self.case.now);
            typed = typed.with(self.case.process, &field.key, value, today);
        }
        let (mut done, mut troubles) = (Vec::new(), Vec::new());
        for (field, said) in lines {
            match self.filled(event, hand, field, said, &typed) {
                Ok(asked) => done.push(asked),
                Err(why) => troubles.push(why),
            }
        }
        if !troubles.is_empty() {
            return Ok(Err(troubles));
        }
        for asked in &done {
            self.wish(event, hand, wanted(asked));
        }
        Ok(Ok(done))
    }

    fn filled(
        &self,
        event: &Event,
        hand: &Hand,
        field: &Field,
        said: String,
        typed: &Facts,
    ) -> Result<Asked, NotDone> {
        let key = field.key.clone();
        if said.is_empty() {
            return Err(NotDone::NoValue { field: key });
        }
        let later = |known: &Accepted| event.at < known.at;
        if self.is_old(event) || self.memory.fields.get(&key).is_some_and(later) {
            return Err(NotDone::Meanwhile);
        }
        if self.memory.gone || self.memory.closed {
            return Err(NotDone::Elsewhere);
        }
        // An empty line is anybody's to fill, until somebody has asked for it.
        let asked = |wish: &Wish| {
            matches!(&wish.wanted, Wanted::Value(one, _) if *one == key) && wish.by != *hand
        };
        let filled = self.facts.as_ref().is_some_and(|facts| facts.filled(&key));
        let filled = filled || self.memory.wishes.iter().any(asked);
        if !field.by.is_empty() && filled && !hand.holds(self.case.bindings, &field.by) {
            return Err(NotDone::NotTheirs { field: key });
        }
        if let Some(problem) = typed.problem(&key).cloned() {
            let seen = cut(&said, 60);
            return Err(NotDone::NoGood {
                field: key,
                seen,
                problem,
            });
        }
        let custom = self.custom_field(&key);
        let value = match &custom {
            Some(_) => self.as_kept(field, &said, typed),
            None => said.clone(),
        };
        Ok(Asked::Says {
            field: key,
            said,
            value,
            custom,
        })
    }

    /// Whose wish this deed of ours was.
    pub(super) fn wished(&mut self, event: &Event, wanted: &Wanted) -> Option<Hand> {
        // Where the answer was lost, the echo that it would have left is wanting.
        let ours = self.is_ours(&event.actor);
        let mut wishes = self.memory.wishes.iter();
        let at = wishes.position(|wish| wish.wanted == *wanted);
        let wish = self.memory.wishes.remove(at.filter(|_| ours)?);
        let mut hand = wish.by;
        hand.roleless |= wish.overtaken;
        Some(hand)
    }

    /// Where a process only watches nothing is done, and the board's own cards are no clients.
    pub(super) fn is_heard(&mut self, event: &Event, hand: &Hand) -> bool {
        let bindings = self.case.bindings;
        let own = event.kind.card().is_some_and(|card| bindings.is_own(card));
        if !self.enforcing() || own {
            return false;
        }
        // Trello would not let them do it by hand.
        let strangers = self.case.strangers;
        let stranger = hand
            .member
            .as_ref()
            .is_some_and(|one| strangers.contains(one));
        if stranger {
            self.rule(event.at, hand.clone(), What::NotDone(NotDone::Stranger));
        }
        !stranger
    }

    pub(super) fn is_old(&self, event: &Event) -> bool {
        self.case.now.duration_since(event.at) > Wish::FOR
    }

    /// Somebody has done something else since: what is not begun yet is not done, and what is on its
    /// way is nobody's any more.
    pub(super) fn overtaken(&mut self, by: impl Fn(&Wanted) -> bool) {
        for ruling in &mut self.rulings {
            match &mut ruling.what {
                What::Asked(asked) if by(&wanted(asked)) => {
                    let wanted = wanted(asked);
                    self.memory.wishes.retain(|wish| wish.wanted != wanted);
                    ruling.what = What::NotDone(NotDone::Meanwhile);
                }
                What::Entered { done, told, .. } => {
                    let given_up = |asked: &Asked| by(&wanted(asked));
                    let gone = done.iter().filter(|asked| given_up(asked));
                    let gone: Vec<_> = gone.map(wanted).collect();
                    done.retain(|asked| !given_up(asked));
                    told.retain(|asked| !gone.contains(&wanted(asked)));
                    let wishes = &mut self.memory.wishes;
                    wishes.retain(|wish| !gone.contains(&wish.wanted));
                }
                _ => {}
            }
        }
        let wishes = self.memory.wishes.iter_mut();
        for wish in wishes.filter(|wish| by(&wish.wanted)) {
            wish.overtaken = true;
        }
    }

    pub(super) fn wish(&mut self, event: &Event, hand: &Hand, wanted: Wanted) {
        let now = self.case.now;
        let supersedes = |wish: &Wish| match (&wish.wanted, &wanted) {
            (Wanted::List(_), Wanted::List(_)) => true,
            (Wanted::Value(old, _), Wanted::Value(new, _)) => old == new,
            (Wanted::Tick(old), Wanted::Tick(new)) => old == new,
            _ => false,
        };
        self.memory
            .wishes
            .retain(|wish| !supersedes(wish) && now.duration_since(wish.at) < KEPT);
        self.memory.wishes.push(Wish {
            by: hand.clone(),
            wanted,
            at: event.at,
            overtaken: false,
        });
    }

    pub(super) fn not_done(&mut self, event: &Event, hand: Hand, why: NotDone) -> Heard {
        self.rule(event.at, hand, What::NotDone(why));
        Ok(())
    }

    /// The list the card stands in by right, and the stage it is to go to, with its list.
    fn destination(
        &self,
        named: impl FnOnce(&Self, &StageKey) -> Result<&'a Stage, NotDone>,
    ) -> Result<(ListId, &'a Stage, ListId), NotDone> {
        let memory = &self.memory;
        let at_home = |home: &ListId| memory.rests.as_ref() == Some(home);
        let away = memory.gone || memory.closed || memory.returning.is_some();
        let home = self.home().filter(at_home).filter(|_| !away);
        let standing = memory.standing.as_ref().map(|standing| &standing.stage);
        let (Some(home), Some(standing)) = (home, standing) else {
            return Err(NotDone::Elsewhere);
        };
        let stage = named(self, standing)?;
        if stage.key == *standing {
            let stage = stage.key.clone();
            return Err(NotDone::Already { stage });
        }
        let to = self.case.bindings.lists.get(&stage.key).cloned();
        let to = to.ok_or(NotDone::Elsewhere)?;
        Ok((home, stage, to))
    }

    /// The one stage that comes next.
    fn onward(&self, standing: &StageKey) -> Result<&'a Stage, NotDone> {
        let process = self.case.process;
        let next = next_stages(process, Some(standing));
        let mut stages: Vec<_> = next.into_iter().map(|(_, stage)| stage).collect();
        if let Some(Place::Side { returns, .. }) = process.stage(standing).map(|stage| &stage.place)
        {
            let keys = returns.iter().flat_map(|rule| &rule.to);
            stages.extend(keys.filter_map(|key| process.stage(key)));
        }
        match stages.as_slice() {
            [one] => Ok(one),
            several => Err(NotDone::Which {
                stages: several.iter().map(|stage| stage.key.clone()).collect(),
            }),
        }
    }

    fn named_field(&self, said: &str) -> Option<&'a Field> {
        let mut fields = self.case.process.fields.iter();
        let quotes = ['«', '»', '"', '“', '”', '\''];
        let said = said.trim().trim_matches(quotes).trim_end_matches(':');
        fields.find(|field| same(&field.name, said) || same(field.key.as_str(), said))
    }

    /// Trello keeps a date as an instant, and knows a choice by its spelling.
    fn as_kept(&self, field: &Field, said: &str, typed: &Facts) -> String {
        match (&field.kind, typed.value(&field.key)) {
            (FieldKind::Date { .. }, Some(Value::Date(day))) => {
                let zone = &self.case.process.time_zone;
                let noon = zone.to_timestamp(day.at(12, 0, 0, 0));
                let kept = noon.map(|noon| noon.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string());
                kept.unwrap_or_else(|_| said.to_owned())
            }
            (_, Some(Value::Text(spelt))) => spelt.clone(),
            (FieldKind::Number { .. }, Some(Value::Number(number))) => number.to_string(),
            _ => said.to_owned(),
        }
    }
}

/// What Trello will tell us of it.
fn wanted(asked: &Asked) -> Wanted {
    match asked {
        Asked::Goes { to, .. } => Wanted::List(to.clone()),
        Asked::Says { field, value, .. } => Wanted::Value(field.clone(), value.clone()),
        Asked::Ticks { on: (_, item), .. } => Wanted::Tick(item.clone()),
    }
}
