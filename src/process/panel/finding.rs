//! A finding as it is shown: the thing, what is the matter with it, who can put it right, and what the
//! reader can do about it on the spot.

use super::Panel;
use crate::process::facts::Facts;
use crate::process::finding::{Finding, ItemState, Look};
use crate::process::memory::Tick;
use crate::process::react::{Room, plain};
use crate::process::rules::{Field, FieldKey, FieldKind, ItemKey, Mode, Need, Want, When};
use crate::process::words::Thing;
use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
pub struct FindingView {
    /// What is looked at, by the file's keys.
    pub id: String,
    pub ok: bool,
    pub say: String,
    /// What is the matter with it; where it is done, who did it and when.
    pub why: Option<String>,
    /// Who can put it right; empty: anyone.
    pub who: Vec<String>,
    pub kind: Kind,
    pub mend: Option<Mend>,
    /// Somebody else can be asked for it.
    pub ask: bool,
    pub parts: Vec<FindingView>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Leaf,
    All,
    Any,
    Checklist,
}

#[derive(Clone, Debug, Serialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum Mend {
    Field { field: FieldView },
    Tick { item: String },
}

#[derive(Clone, Debug, Serialize)]
pub struct FieldView {
    pub key: String,
    pub name: String,
    pub kind: &'static str,
    pub choices: Vec<String>,
    pub example: Option<String>,
    pub value: String,
    pub why: Option<String>,
}

pub(super) fn is_mover(finding: &Finding) -> bool {
    matches!(finding.look, Look::Mover { .. })
}

impl Panel<'_> {
    pub(super) fn finding(&self, room: &Room<'_>, facts: &Facts, finding: &Finding) -> FindingView {
        let kind = match (&finding.look, finding.parts.is_empty()) {
            (Look::Checklist { .. }, false) => Kind::Checklist,
            (Look::Any, _) => Kind::Any,
            (Look::All, _) => Kind::All,
            _ => Kind::Leaf,
        };
        let parts = finding.parts.iter();
        let mend = self.mend(facts, finding).filter(|_| !finding.ok);
        FindingView {
            id: finding.id(),
            ok: finding.ok,
            say: room.thing_named(finding),
            why: room.state_of(finding),
            who: room.who(&finding.turn),
            ask: !finding.ok && kind == Kind::Leaf && self.may_ask(finding),
            mend,
            kind,
            parts: parts.map(|part| self.finding(room, facts, part)).collect(),
        }
    }

    fn mend(&self, facts: &Facts, finding: &Finding) -> Option<Mend> {
        if !self.acts() {
            return None;
        }
        match &finding.look {
            Look::Field { field, .. } => {
                let field = self.process.field(field)?;
                let theirs = field.by.is_empty()
                    || !facts.filled(&field.key)
                    || self.viewer.hand().holds(self.bindings, &field.by);
                let field = self.field(facts, field);
                theirs.then_some(Mend::Field { field })
            }
            Look::Item {
                item,
                state: ItemState::Open,
            } => self.may_tick(item).then(|| Mend::Tick {
                item: item.to_string(),
            }),
            _ => None,
        }
    }

    /// Whether anything asked for here is done: only where the process is held.
    fn acts(&self) -> bool {
        self.viewer.writes && !self.paused && self.process.mode == Mode::Enforce
    }

    fn may_tick(&self, key: &ItemKey) -> bool {
        let me = &self.viewer.member.id;
        let item = self.process.item(key);
        let own = |item: &crate::process::rules::Item| {
            item.by.is_empty() || self.bindings.holds_any(me, &item.by, !item.no_deputy)
        };
        self.process.proof(key).is_none() && item.is_some_and(own)
    }

    fn may_ask(&self, finding: &Finding) -> bool {
        let others = finding.turn.iter().flat_map(|role| self.people(role));
        let others = others.filter(|one| one.id != self.viewer.member.id);
        self.acts() && !is_mover(finding) && others.count() > 0
    }

    pub(super) fn field(&self, facts: &Facts, field: &Field) -> FieldView {
        let (kind, choices) = match &field.kind {
            FieldKind::Text { .. } => ("text", &[][..]),
            FieldKind::Number { .. } => ("number", &[][..]),
            FieldKind::Date { .. } => ("date", &[][..]),
            FieldKind::Choice { of } => ("choice", of.as_slice()),
            FieldKind::Email => ("email", &[][..]),
            FieldKind::Phone => ("phone", &[][..]),
            FieldKind::Url { .. } => ("url", &[][..]),
            FieldKind::Money { .. } => ("money", &[][..]),
        };
        FieldView {
            key: field.key.to_string(),
            name: field.name.clone(),
            kind,
            choices: choices.to_vec(),
            example: field.example.clone(),
            value: facts.raw(&field.key).to_owned(),
            why: None,
        }
    }
}

/// What stands before the next `{field}`, its key, and what follows.
fn named_next(text: &str) -> Option<(&str, (&str, &str))> {
    let (before, rest) = text.split_once('{')?;
    let (inner, after) = rest.split_once('}')?;
    let key = inner.split('+').next().unwrap_or(inner);
    Some((before, (key.trim(), after)))
}

impl Room<'_> {
    /// The thing alone, as the file calls it.
    fn thing_named(&self, finding: &Finding) -> String {
        if let Some(said) = &finding.say {
            return said.clone();
        }
        match &finding.look {
            Look::Field { field, .. } => self.field_name(field),
            Look::Item { item, .. } => self.item_name(item),
            Look::Mover { .. } => self.words.movers(&self.role_names(&finding.turn)),
            Look::All => self.stage_name(&finding.stage),
            Look::Any => self.words.one_of(),
            _ => self.words.thing(&self.thing(finding)),
        }
    }

    fn state_of(&self, finding: &Finding) -> Option<String> {
        let signed = |tick: &Tick| {
            let at = self.words.format().instant(tick.at);
            format!("{}, {at}", self.name(&tick.by))
        };
        match &finding.look {
            Look::Field {
                field,
                seen,
                problem,
            } => self.value_of(field, seen.as_deref(), problem.as_ref()),
            Look::Item { state, .. } => match state {
                ItemState::Ticked { tick } => Some(signed(tick)),
                ItemState::Foreign { tick } => Some(self.words.foreign_tick(Some(&signed(tick)))),
                ItemState::Unsigned => Some(self.words.foreign_tick(None)),
                ItemState::Absent => Some(self.words.item_absent()),
                ItemState::Unproved { said } => {
                    let said = said.as_ref().and_then(|said| self.why_not(said));
                    Some(said.unwrap_or_else(|| self.words.ticked_by_itself()))
                }
                ItemState::Open => None,
            },
            Look::Checklist { done, of, .. } => Some(self.words.done_of(*done, *of)),
            Look::Label { by: Some(by), .. } | Look::FourEyes { by: Some(by), .. } => {
                Some(self.name(by))
            }
            Look::Attachment { seen, .. } => seen.clone(),
            _ => None,
        }
    }

    fn value_of(
        &self,
        field: &FieldKey,
        seen: Option<&str>,
        problem: Option<&crate::process::facts::Problem>,
    ) -> Option<String> {
        let named = |problem| self.words.problem(&self.problem(problem));
        match (seen, problem) {
            (Some(seen), Some(problem)) => {
                let seen = self.words.format().quoted(&self.shown(seen, problem));
                Some(format!("{seen} — {}", named(problem)))
            }
            (None, Some(problem)) => Some(named(problem)),
            (Some(seen), None) => Some(seen.chars().take(120).collect()),
            (None, None) => self
                .facts()
                .map(|facts| facts.raw(field).to_owned())
                .filter(|raw| !raw.is_empty()),
        }
    }

    /// The first things that are missing, each by its name.
    pub(super) fn things(&self, finding: &Finding, most: usize) -> Vec<String> {
        let missing = finding.missing().into_iter();
        let missing = missing.filter(|part| !is_mover(part)).take(most);
        missing.map(|part| self.thing_named(part)).collect()
    }

    /// What a stage asks for, as the file calls it, and when it does.
    pub(super) fn need_told(&self, need: &Need) -> String {
        self.only_if(self.need_named(need), need.when.as_ref())
    }

    pub(super) fn field_told(&self, field: &Field) -> String {
        self.only_if(field.name.clone(), field.when.as_ref())
    }

    fn only_if(&self, thing: String, when: Option<&When>) -> String {
        match when {
            Some(When { field, test }) => self.words.only_if(&thing, &self.field_name(field), test),
            None => thing,
        }
    }

    /// A text that names fields, for no card in particular: each by its name.
    pub(in crate::process) fn in_general(&self, text: &str) -> String {
        let mut told = String::new();
        let mut rest = text;
        while let Some((before, (key, after))) = named_next(rest) {
            told.push_str(before);
            let name = self.field_name(&FieldKey::from(key));
            told.push_str(&self.words.format().quoted(&name));
            rest = after;
        }
        told + rest
    }

    fn need_named(&self, need: &Need) -> String {
        if let Some(said) = &need.say {
            return said.clone();
        }
        let thing = match &need.want {
            Want::Field(field) => return self.field_name(field),
            Want::Item { item, .. } => return self.item_name(item),
            Want::Checklist { checklist, .. } => Thing::Item(self.checklist_name(checklist)),
            Want::Label { label, .. } => Thing::Label(self.label_name(label)),
            Want::Attachment { name, .. } => Thing::Attachment(plain(name.as_str())),
            Want::Member(role) => {
                Thing::Member(self.role_names(std::slice::from_ref(role)).concat())
            }
            Want::FourEyes(item) => Thing::FourEyes {
                item: self.item_name(item),
            },
            Want::All(needs) | Want::Any(needs) => {
                let names: Vec<_> = needs.iter().map(|need| self.need_named(need)).collect();
                let format = self.words.format();
                return match need.want {
                    Want::All(_) => format.and(&names),
                    _ => format.or(&names),
                };
            }
        };
        self.words.thing(&thing)
    }

    /// Why a move is not to be made now, in a few words.
    pub(super) fn reason(&self, finding: &Finding) -> String {
        let missing = finding.missing();
        let mover = missing.iter().find(|part| is_mover(part));
        let others = missing.iter().filter(|part| !is_mover(part)).count();
        let movers = mover.map(|part| self.role_names(&part.turn));
        self.words.reason(movers.as_deref(), others)
    }
}
