//! Requirements to a tree of findings: what was looked at, what was wanted, whose turn it is.
//! It decides nothing; it only looks, and says what it saw.

use super::bind::Bindings;
use super::facts::Facts;
use super::finding::{Finding, ItemState, Look};
use super::memory::{Memory, Standings, Tick, Tracked};
use super::rules::*;
use super::verdict::Hand;
use crate::model::{Card, MemberId};
use std::collections::BTreeMap;

/// Everything a gate may look at.
pub struct Gate<'a> {
    pub process: &'a Process,
    pub bindings: &'a Bindings,
    pub memory: &'a Memory,
    pub card: &'a Card,
    pub facts: &'a Facts,
    pub counts: &'a BTreeMap<StageKey, u32>,
}

impl Gate<'_> {
    /// Everything needed to come from `from` into `to` along the path: the mover's right, the stages
    /// on the way that this hand may not skip, and the needs of every stage entered or skipped.
    /// Without a `hand`, whose right it is is named and not tested.
    pub fn forward(&self, from: Option<&StageKey>, to: &Stage, hand: Option<&Hand>) -> Finding {
        let mut parts = vec![self.mover(to, to.movers.as_deref(), hand)];
        let start = from
            .and_then(|from| self.process.rank(from))
            .map_or(0, |rank| rank + 1);
        let end = self.process.rank(&to.key).unwrap_or(start);
        let direct = from
            .and_then(|from| self.process.stage(from))
            .is_some_and(|from| leads(from, &to.key));
        let between = || {
            self.process
                .path()
                .skip(start)
                .take(end.saturating_sub(start))
        };
        if !direct {
            parts.extend(
                between()
                    .filter(|stage| !self.may(hand, &stage.skip))
                    .map(|stage| self.pass(stage)),
            );
        }
        parts.extend(self.fields(to));
        for stage in between().chain([to]) {
            parts.extend(
                stage
                    .needs
                    .iter()
                    .filter_map(|need| self.need(stage, need, hand)),
            );
        }
        parts.extend(self.wip(to));
        if to.is_final() {
            parts.extend(self.owed(hand));
        }
        self.all(to, parts)
    }

    /// What it takes to start a card in a stage, for whoever may.
    pub fn start(&self, to: &Stage, hand: &Hand) -> Finding {
        let mut finding = self.forward(None, to, Some(hand));
        finding
            .parts
            .retain(|part| !matches!(part.look, Look::Mover { .. } | Look::Pass { .. }));
        finding
            .parts
            .insert(0, self.mover(to, Some(&to.start), Some(hand)));
        self.all(to, finding.parts)
    }

    /// What it takes to be put beside the path.
    pub fn aside(&self, to: &Stage, put: &[RoleKey], hand: Option<&Hand>) -> Finding {
        let mut parts = vec![self.mover(to, Some(put), hand)];
        parts.extend(self.fields(to));
        parts.extend(to.needs.iter().filter_map(|need| self.need(to, need, hand)));
        self.all(to, parts)
    }

    fn may(&self, hand: Option<&Hand>, roles: &[RoleKey]) -> bool {
        match hand {
            Some(hand) => hand.holds(self.bindings, roles),
            None => !roles.is_empty(),
        }
    }

    fn mover(&self, to: &Stage, roles: Option<&[RoleKey]>, hand: Option<&Hand>) -> Finding {
        let ok = hand.is_none() || roles.is_none_or(|roles| self.may(hand, roles));
        let look = Look::Mover {
            by: hand.and_then(|hand| hand.member.clone()),
        };
        leaf(to, ok, look, roles.unwrap_or_default().to_vec())
    }

    fn pass(&self, stage: &Stage) -> Finding {
        let turn = stage
            .movers
            .clone()
            .unwrap_or_else(|| vec![stage.owner.clone()]);
        leaf(
            stage,
            false,
            Look::Pass {
                stage: stage.key.clone(),
            },
            turn,
        )
    }

    /// The fields this stage and those before it ask for. A side stage asks only for its own.
    fn fields(&self, to: &Stage) -> Vec<Finding> {
        let rank = self.process.rank(&to.key);
        let due = |field: &&Field| match &field.from {
            Some(from) if *from == to.key => true,
            Some(from) => self
                .process
                .rank(from)
                .zip(rank)
                .is_some_and(|(from, to)| from < to),
            None => false,
        };
        let asked = self.process.fields.iter().filter(due);
        asked
            .filter(|field| self.holds(field.when.as_ref()))
            .map(|field| self.field(to, &field.key))
            .collect()
    }

    fn holds(&self, when: Option<&When>) -> bool {
        when.is_none_or(|when| self.facts.holds(when))
    }

    /// None where the need does not apply to this card.
    pub fn need(&self, stage: &Stage, need: &Need, hand: Option<&Hand>) -> Option<Finding> {
        if !self.holds(need.when.as_ref()) {
            return None;
        }
        let mut finding = match &need.want {
            Want::Field(field) => self.field(stage, field),
            Want::Item {
                item,
                by,
                no_deputy,
            } => self.item(stage, item, by, *no_deputy),
            Want::Checklist { checklist, by } => self.checklist(stage, checklist, by),
            Want::Label { label, by } => self.label(stage, label, by),
            Want::Attachment { name, by } => self.attachment(stage, name, by),
            Want::Member(role) => self.member(stage, role),
            Want::FourEyes(item) => self.four_eyes(stage, item, hand),
            Want::All(needs) => {
                let parts = needs
                    .iter()
                    .filter_map(|need| self.need(stage, need, hand))
                    .collect();
                self.all(stage, parts)
            }
            Want::Any(needs) => {
                let parts: Vec<_> = needs
                    .iter()
                    .filter_map(|need| self.need(stage, need, hand))
                    .collect();
                let ok = parts.is_empty() || parts.iter().any(|part| part.ok);
                let mut turn: Vec<RoleKey> = Vec::new();
                for role in parts.iter().flat_map(|part| &part.turn) {
                    if !turn.contains(role) {
                        turn.push(role.clone());
                    }
                }
                Finding {
                    parts,
                    ..leaf(stage, ok, Look::Any, turn)
                }
            }
        };
        finding.say = need.say.clone().or(finding.say);
        Some(finding)
    }

    fn all(&self, stage: &Stage, parts: Vec<Finding>) -> Finding {
        let ok = parts.iter().all(|part| part.ok);
        Finding {
            parts,
            ..leaf(stage, ok, Look::All, Vec::new())
        }
    }

    /// One field, satisfied where it is not asked of this card.
    pub fn asked_field(&self, stage: &Stage, key: &FieldKey) -> Finding {
        let when = self
            .process
            .field(key)
            .and_then(|field| field.when.as_ref());
        let finding = self.field(stage, key);
        Finding {
            ok: finding.ok || !self.holds(when),
            ..finding
        }
    }

    fn field(&self, stage: &Stage, key: &FieldKey) -> Finding {
        let fact = self.facts.get(key);
        let problem = match fact {
            Some(fact) => fact.problem.clone(),
            None => Some(super::facts::Problem::Missing),
        };
        let seen = fact
            .map(|fact| fact.raw.clone())
            .filter(|raw| !raw.is_empty());
        let asks = self
            .process
            .field(key)
            .map(|field| field.asks.clone())
            .unwrap_or_default();
        let turn = if asks.is_empty() {
            vec![self.asker(stage, key)]
        } else {
            asks
        };
        leaf(
            stage,
            problem.is_none(),
            Look::Field {
                field: key.clone(),
                seen,
                problem,
            },
            turn,
        )
    }

    /// Whose turn a field is that names nobody: the owner of the stage before the one that asks.
    fn asker(&self, stage: &Stage, key: &FieldKey) -> RoleKey {
        let from = self
            .process
            .field(key)
            .and_then(|field| field.from.as_ref())
            .unwrap_or(&stage.key);
        let before = self
            .process
            .rank(from)
            .and_then(|rank| self.process.path().nth(rank.checked_sub(1)?));
        before.unwrap_or(stage).owner.clone()
    }

    pub fn item(&self, stage: &Stage, key: &ItemKey, by: &[RoleKey], no_deputy: bool) -> Finding {
        let declared = self.process.item(key);
        let by = if by.is_empty() {
            declared.map_or(&[][..], |item| &item.by)
        } else {
            by
        };
        let deputies = !(no_deputy || declared.is_some_and(|item| item.no_deputy));
        let state = self.item_state(key, by, deputies);
        let ok = matches!(state, ItemState::Ticked { .. });
        leaf(
            stage,
            ok,
            Look::Item {
                item: key.clone(),
                state,
            },
            by.to_vec(),
        )
    }

    fn item_state(&self, key: &ItemKey, by: &[RoleKey], deputies: bool) -> ItemState {
        let Some(tracked) = self.memory.items.get(key) else {
            return ItemState::Absent;
        };
        if let Some(target) = self.process.proof(key) {
            return self.proof_state(target, tracked);
        }
        let retreat = self.memory.retreat.as_ref().zip(tracked.tick.as_ref());
        let lapsing = retreat.is_some_and(|(retreat, tick)| retreat.voids(key, tick));
        // A tick that we are taking off is none, even while Trello still shows it.
        let foreign = self.memory.foreign_ticks.as_ref();
        let taken_off =
            tracked.tick.is_none() && foreign.is_some_and(|ticks| ticks.items.contains(key));
        match (self.card.item(&tracked.item), &tracked.tick) {
            (None, _) => ItemState::Absent,
            (Some(item), _) if !item.complete || lapsing || taken_off => ItemState::Open,
            (Some(_), None) => ItemState::Unsigned,
            (Some(_), Some(tick)) if self.counts(tick, by, deputies) => {
                ItemState::Ticked { tick: tick.clone() }
            }
            (Some(_), Some(tick)) => ItemState::Foreign { tick: tick.clone() },
        }
    }

    /// No person's tick counts for what the place itself has to confirm.
    fn proof_state(&self, target: &Target, tracked: &Tracked) -> ItemState {
        let known = self.memory.places.get(&target.key);
        let said = known.and_then(|known| known.said.clone());
        let proof = known.and_then(Standings::vouched);
        let on_card = self.card.item(&tracked.item);
        match (on_card, proof) {
            (None, _) => ItemState::Absent,
            (Some(item), Some(proof)) if item.complete => {
                let (vouched, at) = (proof.by_hand.clone(), proof.at);
                let by = vouched.unwrap_or_else(|| self.bindings.bot.clone());
                ItemState::Ticked {
                    tick: Tick { by, at },
                }
            }
            _ => ItemState::Unproved { said },
        }
    }

    fn counts(&self, tick: &Tick, by: &[RoleKey], deputies: bool) -> bool {
        by.is_empty() || self.bindings.holds_any(&tick.by, by, deputies)
    }

    /// Every declared item that applies; a checklist that is missing or half there is not complete.
    fn checklist(&self, stage: &Stage, key: &ChecklistKey, by: &[RoleKey]) -> Finding {
        let items = self
            .process
            .checklist(key)
            .map_or(&[][..], |list| &list.items);
        let asked = items.iter().filter(|item| self.holds(item.when.as_ref()));
        let parts: Vec<_> = asked
            .map(|item| {
                let own = self.item(stage, &item.key, &[], false);
                if own.ok && !by.is_empty() {
                    self.item(stage, &item.key, by, item.no_deputy)
                } else {
                    own
                }
            })
            .collect();
        let (done, of) = (parts.iter().filter(|part| part.ok).count(), parts.len());
        let look = Look::Checklist {
            checklist: key.clone(),
            done,
            of,
        };
        Finding {
            parts,
            ..leaf(stage, done == of, look, by.to_vec())
        }
    }

    fn label(&self, stage: &Stage, key: &LabelKey, by: &[RoleKey]) -> Finding {
        let id = self.bindings.labels.get(key);
        let on = id.is_some_and(|id| self.card.labels.contains(id));
        let put = id.and_then(|id| self.memory.put_by.get(id.as_str()));
        let author = put.and_then(|put| put.by.clone());
        let ok = on && self.signed(author.as_ref(), by);
        leaf(
            stage,
            ok,
            Look::Label {
                label: key.clone(),
                by: author.filter(|_| on),
            },
            by.to_vec(),
        )
    }

    fn attachment(&self, stage: &Stage, pattern: &regex::Regex, by: &[RoleKey]) -> Finding {
        let author = |file: &crate::model::Attachment| {
            let put = self.memory.put_by.get(file.id.as_str());
            put.map_or_else(|| file.by.clone(), |put| put.by.clone())
        };
        let found =
            self.card.attachments.iter().find(|file| {
                pattern.is_match(&file.name) && self.signed(author(file).as_ref(), by)
            });
        let seen = found.map(|file| file.name.clone());
        let look = Look::Attachment {
            pattern: pattern.as_str().to_owned(),
            seen,
        };
        let turn = if by.is_empty() {
            vec![self.before(stage)]
        } else {
            by.to_vec()
        };
        leaf(stage, found.is_some(), look, turn)
    }

    fn signed(&self, author: Option<&MemberId>, by: &[RoleKey]) -> bool {
        by.is_empty() || author.is_some_and(|author| self.bindings.holds_any(author, by, true))
    }

    /// Who works on a card before it may enter a stage: its movers, or the owner of the stage before.
    fn before(&self, stage: &Stage) -> RoleKey {
        let movers = stage.movers.as_deref().unwrap_or_default();
        let before = || {
            self.process
                .path()
                .nth(self.process.rank(&stage.key)?.checked_sub(1)?)
        };
        movers
            .first()
            .cloned()
            .unwrap_or_else(|| before().unwrap_or(stage).owner.clone())
    }

    fn member(&self, stage: &Stage, role: &RoleKey) -> Finding {
        let ok = self
            .card
            .members
            .iter()
            .any(|member| self.bindings.holds(member, role, true));
        leaf(
            stage,
            ok,
            Look::Member { role: role.clone() },
            vec![role.clone()],
        )
    }

    /// Who ticked an item that is not on the card cannot be told, so it has to be there.
    fn four_eyes(&self, stage: &Stage, item: &ItemKey, hand: Option<&Hand>) -> Finding {
        let tracked = self.memory.items.get(item);
        let there = tracked.is_some_and(|tracked| self.card.item(&tracked.item).is_some());
        let declared = self.process.item(item);
        if !there && self.holds(declared.and_then(|item| item.when.as_ref())) {
            return self.item(stage, item, &[], false);
        }
        let tick = tracked.and_then(|tracked| tracked.tick.as_ref());
        let by = tick.map(|tick| tick.by.clone());
        let same = by.is_some() && hand.is_some_and(|hand| hand.member == by);
        let turn = stage.movers.clone().unwrap_or_default();
        leaf(
            stage,
            !same,
            Look::FourEyes {
                item: item.clone(),
                by,
            },
            turn,
        )
    }

    fn wip(&self, to: &Stage) -> Option<Finding> {
        let wip = to.wip.filter(|wip| wip.refuse)?;
        let count = self.counts.get(&to.key).copied().unwrap_or(0);
        let look = Look::Wip {
            limit: wip.limit,
            count,
        };
        Some(leaf(to, count < wip.limit, look, vec![to.owner.clone()]))
    }

    /// What an earlier `/allow` let pass is looked at once more.
    fn owed(&self, hand: Option<&Hand>) -> Vec<Finding> {
        let look = |owed: &super::memory::Owed| {
            let stage = self.process.stage(&owed.stage)?;
            self.need(stage, stage.needs.get(owed.need)?, hand)
        };
        self.memory.owed.iter().filter_map(look).collect()
    }
}

impl Hand {
    /// Whether this hand acts with one of the roles. A roleless hand never does.
    pub fn holds(&self, bindings: &Bindings, roles: &[RoleKey]) -> bool {
        let Some(member) = self.member.as_ref().filter(|_| !self.roleless) else {
            return false;
        };
        bindings.holds_any(member, roles, true)
    }
}

/// Whether the file leads straight from one stage of the path to another.
pub(super) fn leads(from: &Stage, to: &StageKey) -> bool {
    matches!(&from.place, Place::Path { next, .. } if next.contains(to))
}

fn leaf(stage: &Stage, ok: bool, look: Look, turn: Vec<RoleKey>) -> Finding {
    Finding {
        ok,
        stage: stage.key.clone(),
        look,
        turn,
        say: None,
        parts: Vec::new(),
    }
}
