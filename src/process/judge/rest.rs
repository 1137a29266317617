//! Where the card stands in the end, and what follows from that: nothing, what its stage brings,
//! or the way back. Moves already delivered end in one reversal.

use super::moves::{Offence, Step};
use super::{Court, Heard, ReadFirst};
use crate::model::{Event, ListId, MemberId};
use crate::process::finding::{Finding, Look};
use crate::process::gate::leads;
use crate::process::memory::{Episode, NotAdmitted, Returned, Standing, Waits};
use crate::process::rules::{Item, RoleKey, Stage, StageKey};
use crate::process::verdict::{Hand, How, Refused, What};
use jiff::{SignedDuration, Timestamp};

/// An episode's comment is edited for a day; then a new one is written.
const EPISODE_HOURS: i64 = 24;
/// A second refusal this soon is a storm: only its mover is called.
const STORM_SECS: i64 = 60;
const KEPT_EPISODES: usize = 16;
/// So many times the hourly limit, whatever they were, is a fight too.
const ANY_KIND: usize = 4;

impl Court<'_> {
    /// Acts on the place where the card rests, and on that alone.
    pub(super) fn rest(&mut self) -> Heard {
        if self.memory.gone || self.memory.closed {
            return Ok(());
        }
        self.agree()?;
        let rests = self.memory.rests.clone();
        let target = rests.as_ref().and_then(|list| self.stage_of(list));
        let standing = self
            .memory
            .standing
            .as_ref()
            .map(|standing| &standing.stage);
        match (target, rests) {
            (Some(target), Some(list)) if standing != Some(&target.key) => {
                self.refuse(target, list)
            }
            _ => {
                self.at_home();
                self.ready()
            }
        }
    }

    /// The card as read is the truth. Where it stands elsewhere than its actions left it, Trello is
    /// asked once more, and then somebody unknown moved it.
    fn agree(&mut self) -> Heard {
        let Some(card) = self.case.fresh.map(|fresh| &fresh.card) else {
            return Ok(());
        };
        self.memory.name.clone_from(&card.name);
        self.memory.members = card.members.iter().cloned().collect();
        self.forget_lost();
        let returned = self.memory.returning.is_some() && self.home().as_ref() == Some(&card.list);
        if returned {
            self.memory.returning = None;
            self.memory.rests = Some(card.list.clone());
        } else if self.memory.rests.as_ref() != Some(&card.list) {
            if self.memory.rests.is_some() && self.case.patient {
                return Err(ReadFirst);
            }
            let from = self.memory.rests.replace(card.list.clone());
            self.hearing = format!("{}@{} {}", card.id, card.list, self.case.now);
            self.step(
                Step {
                    at: self.case.now,
                    hand: Hand::default(),
                    from,
                    came: None,
                },
                &card.list,
            )?;
        }
        if self.home().as_ref() == Some(&card.list) {
            self.memory.pos = Some(card.pos);
        }
        Ok(())
    }

    /// By the owner's word the card counts where it was found, as on the day of attachment. One that
    /// has been moved since does not wait any more.
    pub(super) fn let_stand(&mut self, event: &Event) -> Heard {
        let list = &self.need_card()?.list;
        if self.memory.waits.take().is_none() {
            return Ok(());
        }
        self.memory.rests = Some(list.clone());
        self.memory.heard = Some(event.at);
        (self.memory.returning, self.memory.not_admitted) = (None, None);
        self.offence = None;
        if let Some(stage) = self.stage_of(list) {
            self.memory.standing = Some(Standing {
                stage: stage.key.clone(),
                since: event.at,
                proved: false,
                stood: None,
            });
        }
        Ok(())
    }

    /// It stands where it may: its last admission, if it was in this sitting, brings its seeds.
    fn at_home(&mut self) {
        self.memory.waits = None;
        if self.memory.not_admitted.take().is_some() {
            self.timers.push(("admit".into(), None));
        }
        let Some(standing) = self.memory.standing.clone() else {
            return;
        };
        let Some(stage) = self.case.process.stage(&standing.stage) else {
            return;
        };
        let last = self
            .rulings
            .iter()
            .rposition(|ruling| matches!(ruling.what, What::Admitted(_)));
        let Some(last) = last else {
            return self.keep_turn();
        };
        let mover = self.rulings[last].hand.member.clone();
        let arrived = self.arrive(stage);
        let told = |all: Vec<_>| if stage.seed.members { all } else { Vec::new() };
        let owners = told(arrived.holders);
        let owner = match arrived.nobody {
            true => told(self.who_finds_somebody()),
            false => Vec::new(),
        };
        let partners = match &self.rulings[last].what {
            What::Admitted(admitted) if admitted.first => {
                self.partners(stage, admitted.from.as_ref())
            }
            _ => Vec::new(),
        };
        let not_told = |one: &&MemberId| Some(*one) != mover.as_ref();
        let partners = partners.iter().filter(|one| !owners.contains(one));
        let partners: Vec<_> = partners.filter(not_told).cloned().collect();
        let others = owners.iter().chain(&owner).filter(not_told);
        let others = others.chain(&partners).cloned();
        let others: Vec<_> = others.collect();
        let call = self.call(&others);
        if let What::Admitted(admitted) = &mut self.rulings[last].what {
            admitted.rests = true;
            admitted.owners = owners;
            admitted.partners = partners;
            admitted.call = call;
            admitted.members = arrived.members;
            admitted.absent = arrived.absent;
            admitted.owner = owner;
        }
    }

    /// Others with work in the checklists that the stage brings: all of them beside the path; on it
    /// those whose ticks the next stage asks for.
    fn partners(&self, stage: &Stage, from: Option<&StageKey>) -> Vec<MemberId> {
        let process = self.case.process;
        let next = process.path().find(|next| leads(stage, &next.key));
        let asked = |item: &Item| {
            let next = next.is_some_and(|next| process.wants_item(next, &item.key));
            (next || !stage.is_path()) && !item.by.is_empty() && !item.by.contains(&stage.owner)
        };
        let lists = stage.seed.checklists.iter().filter(|(_, origins)| {
            origins.is_empty() || from.is_some_and(|from| origins.contains(from))
        });
        let lists = lists.filter_map(|(key, _)| process.checklist(key));
        let mut partners: Vec<MemberId> = Vec::new();
        for item in lists
            .flat_map(|list| &list.items)
            .filter(|item| asked(item))
        {
            let new = self.people(&item.by).into_iter();
            let new: Vec<_> = new.filter(|one| !partners.contains(one)).collect();
            partners.extend(new);
        }
        partners
    }

    fn refuse(&mut self, target: &Stage, list: ListId) -> Heard {
        if self.waits() {
            return Ok(());
        }
        if let Some(left) = self.memory.not_admitted.clone() {
            // Pushed on from where it was left: told once for each stage, tried again all the same.
            match self.offence.take().filter(|_| left.stage != target.key) {
                Some(offence) => self.leave_as_pushed(offence, left.until),
                None => return Ok(()),
            }
            return Ok(());
        }
        let Some(offence) = self.offence.take() else {
            if self.memory.returning.as_ref() == Some(&list) {
                return Ok(());
            }
            // It stands there since an earlier sitting: weigh the same step again.
            let waited = self.waited.take().unwrap_or_default();
            let step = Step {
                at: self.case.now,
                hand: Hand {
                    member: waited.by,
                    roleless: waited.roleless,
                    app: None,
                },
                from: None,
                came: None,
            };
            self.step(step, &list)?;
            return if self.offence.is_some() {
                self.refuse(target, list)
            } else {
                self.rest()
            };
        };
        if !self.enforcing() {
            self.watch(offence, target)?;
            return Ok(());
        }
        match self.fought(&offence) {
            Some(until) => self.leave_as_pushed(offence, until),
            None => self.send_back(offence, list),
        }
        Ok(())
    }

    /// Whether the card stays where it is until the owner has said a word. A move made since the
    /// question is a new one, and judged as any other.
    fn waits(&mut self) -> bool {
        if self.holding && self.enforcing() {
            let hand = self.offence.take().map(|offence| offence.hand);
            let hand = hand.unwrap_or_default();
            let (by, roleless) = (hand.member, hand.roleless);
            self.memory.waits = Some(Waits { by, roleless });
            return true;
        }
        if self.memory.waits.is_some() && self.offence.is_some() {
            self.memory.waits = None;
        }
        self.memory.waits.is_some()
    }

    /// The owner's yes: the card is weighed as if it had just been moved by whoever did.
    pub(super) fn word_given(&mut self) {
        self.waited = self.memory.waits.take();
    }

    /// The same again, with no less missing than before, as often as is answered in an hour; or so
    /// many reversals of any kind that something is wrong. The end of that hour, if it is a fight.
    fn fought(&self, offence: &Offence) -> Option<Timestamp> {
        let most = self.case.process.limits.reversals_per_hour as usize;
        let mut missing = offence.finding.missing().len();
        let same = self.memory.returns.iter().rev();
        let same = same.filter(|returned| returned.target == offence.target);
        let same = same.take_while(|returned| {
            let no_progress = returned.missing <= missing;
            missing = returned.missing;
            no_progress
        });
        let same: Vec<_> = same.collect();
        let all = &self.memory.returns;
        let first = match (same.len() >= most, all.len() >= most * ANY_KIND) {
            (true, _) => same.last().copied(),
            (false, true) => all.first(),
            (false, false) => None,
        };
        let hour = SignedDuration::from_hours(1);
        first?.at.saturating_add(hour).ok()
    }

    /// Watch mode: what would have been refused is recorded and becomes the card's standing.
    fn watch(&mut self, offence: Offence, target: &Stage) -> Heard {
        let Offence {
            at,
            hand,
            finding,
            came,
            from,
            ..
        } = offence;
        self.admit(
            Step {
                at,
                hand,
                from,
                came,
            },
            target,
            How::Watched,
            Some(finding),
        )?;
        self.at_home();
        Ok(())
    }

    fn leave_as_pushed(&mut self, offence: Offence, until: Timestamp) {
        let Offence {
            at,
            hand,
            target,
            finding,
            ..
        } = offence;
        self.memory.not_admitted = Some(NotAdmitted {
            stage: target.clone(),
            by: hand.member.clone(),
            roleless: hand.roleless,
            until,
        });
        self.timers.push(("admit".into(), Some(until)));
        let returns = self.memory.returns.iter();
        let times = returns.filter(|returned| returned.target == target).count();
        let times = u32::try_from(times).unwrap_or(u32::MAX);
        let standing = self
            .memory
            .standing
            .as_ref()
            .map(|standing| standing.stage.clone());
        let owner = self.case.bindings.roles.get(&self.case.process.owner);
        let owner = owner.map(|owner| owner.people.clone()).unwrap_or_default();
        let what = What::LeftAsPushed {
            target,
            standing,
            until,
            times,
            finding,
            call: self.remind(&owner),
        };
        self.rule(at, hand, what);
    }

    fn send_back(&mut self, offence: Offence, out_of: ListId) {
        let Offence {
            at,
            hand,
            target,
            finding,
            came,
            from,
        } = offence;
        let (back_to, list) = self.way_back(from.as_ref());
        let storm = self
            .memory
            .returns
            .last()
            .is_some_and(|last| self.case.now.duration_since(last.at).as_secs() < STORM_SECS);
        self.memory.returns.push(Returned {
            at: self.case.now,
            target: target.clone(),
            missing: finding.missing().len(),
        });
        let turn = self.turn(&finding);
        let others: Vec<_> = turn
            .iter()
            .filter(|one| Some(*one) != hand.member.as_ref())
            .cloned()
            .collect();
        let mut call = if storm {
            Vec::new()
        } else {
            self.call(&others)
        };
        call.extend(
            hand.member
                .clone()
                .filter(|mover| *mover != self.case.bindings.bot),
        );
        let id = self.decision_id();
        let (episode, again) = self.episode(&target, hand.member.clone(), id.clone(), at);
        let pos = self.memory.pos.filter(|_| self.memory.standing.is_some());
        self.memory.returning = Some(out_of.clone());
        let refused = Refused {
            target,
            back_to,
            list,
            pos,
            out_of,
            came,
            finding,
            episode,
            again,
            turn,
            call,
        };
        self.rule_as(id, at, hand, What::Refused(Box::new(refused)));
    }

    /// To the last legal stage; a card that never had one goes back where it came from, if that is a
    /// list outside the process, or to the entry stage.
    fn way_back(&self, from: Option<&ListId>) -> (Option<StageKey>, ListId) {
        let bindings = self.case.bindings;
        let entry = &self.case.process.entry().key;
        let stage = match (&self.memory.standing, from) {
            (Some(standing), _) => &standing.stage,
            (None, Some(from)) if bindings.stage_of(from).is_none() => return (None, from.clone()),
            (None, _) => entry,
        };
        let list = bindings
            .lists
            .get(stage)
            .or_else(|| bindings.lists.get(entry));
        let list = list.cloned().unwrap_or_else(|| ListId::new(""));
        (Some(stage.clone()), list)
    }

    fn episode(
        &mut self,
        target: &StageKey,
        mover: Option<MemberId>,
        id: crate::process::DecisionId,
        at: Timestamp,
    ) -> (Episode, bool) {
        let now = self.case.now;
        let same = |episode: &&mut Episode| {
            episode.open
                && episode.target == *target
                && episode.mover == mover
                && now.duration_since(episode.opened).as_hours() < EPISODE_HOURS
        };
        if let Some(episode) = self.memory.episodes.iter_mut().find(same) {
            episode.decisions.push(id);
            return (episode.clone(), true);
        }
        let thread = format!("refusal {id}", id = id.0);
        let episode = Episode {
            target: target.clone(),
            mover,
            thread,
            decisions: vec![id],
            opened: at,
            open: true,
        };
        self.memory.episodes.push(episode.clone());
        super::trim(&mut self.memory.episodes, KEPT_EPISODES);
        (episode, false)
    }

    /// Whose turn it is: the people who can put the first missing thing right. A card that never
    /// stood anywhere is for whoever answers for the entry stage.
    pub(super) fn turn(&self, finding: &Finding) -> Vec<MemberId> {
        if self.memory.standing.is_none() {
            return self.people(std::slice::from_ref(&self.case.process.entry().owner));
        }
        let missing = finding.missing();
        let not_mover = |part: &&&Finding| !matches!(part.look, Look::Mover { .. });
        let first = missing.iter().find(not_mover).or(missing.first());
        let roles: &[RoleKey] = first.map_or(&[], |part| &part.turn);
        self.people(roles)
    }
}
