//! What a gate asks for, read naively from the tiny world: a few lines for each kind of need, and not
//! one call into the gate that is under test. It says why a step was not to be let through.

use super::world::Sheet;
use jiff::Timestamp;
use signalman::model::MemberId;
use signalman::process::{
    Bindings, Field, FieldKind, ItemKey, Need, Process, RoleKey, Stage, StageKey, Test, Want, When,
};
use std::collections::BTreeMap;

/// A value that no field takes for good, unless anything is good enough for it.
pub const BAD: &str = "¿";

pub struct Look<'a> {
    pub process: &'a Process,
    pub bindings: &'a Bindings,
    pub sheet: &'a Sheet,
    /// Whose own hand it was that moved the card.
    pub hand: Option<&'a MemberId>,
    /// Ticks up to then have lapsed.
    pub void: &'a BTreeMap<ItemKey, Timestamp>,
    /// Other cards that stand in each stage.
    pub others: &'a BTreeMap<StageKey, u32>,
    pub owed: &'a [(StageKey, usize)],
}

type Said = Result<(), String>;

fn must(ok: bool, what: impl FnOnce() -> String) -> Said {
    if ok { Ok(()) } else { Err(what()) }
}

pub fn holds(bindings: &Bindings, one: &MemberId, roles: &[RoleKey], deputies: bool) -> bool {
    let role = |role| bindings.roles.get(role);
    roles
        .iter()
        .filter_map(role)
        .any(|held| held.people.contains(one) || deputies && held.deputies.contains(one))
}

impl Look<'_> {
    pub fn by(&self, roles: &[RoleKey]) -> bool {
        self.hand
            .is_some_and(|hand| holds(self.bindings, hand, roles, true))
    }

    pub fn movers(&self, to: &Stage) -> Said {
        let ok = to.movers.as_ref().is_none_or(|roles| self.by(roles));
        must(ok, || {
            format!("{:?} may not move cards into {}", self.hand, to.key)
        })
    }

    /// All that is asked between two places of the path, the second one's included.
    pub fn gate(&self, after: Option<usize>, to: &Stage) -> Said {
        let end = self.process.rank(&to.key).ok_or("not on the path")?;
        let start = after.map_or(0, |rank| rank + 1);
        self.fields(to, Some(end))?;
        for stage in self.process.path().take(end + 1).skip(start) {
            self.needs(stage)?;
        }
        if let Some(wip) = to.wip.filter(|wip| wip.refuse) {
            let there = self.others.get(&to.key).copied().unwrap_or(0);
            must(there < wip.limit, || {
                format!("{there} stand in {} already", to.key)
            })?;
        }
        if to.is_final() {
            for (stage, nth) in self.owed {
                let stage = self.process.stage(stage).ok_or("no such stage")?;
                self.need(&stage.needs[*nth])?;
            }
        }
        Ok(())
    }

    pub fn aside(&self, to: &Stage) -> Said {
        self.fields(to, None)?;
        self.needs(to)
    }

    fn fields(&self, to: &Stage, rank: Option<usize>) -> Said {
        for field in &self.process.fields {
            let Some(from) = &field.from else { continue };
            let due = *from == to.key || rank.is_some() && self.process.rank(from) < rank;
            if due && self.when(field.when.as_ref()) {
                self.field(field)?;
            }
        }
        Ok(())
    }

    fn needs(&self, stage: &Stage) -> Said {
        stage.needs.iter().try_for_each(|need| self.need(need))
    }

    fn when(&self, when: Option<&When>) -> bool {
        let Some(when) = when else { return true };
        let field = self.process.field(&when.field).expect("a declared field");
        let said = self.sheet.line(&field.name);
        match &when.test {
            Test::Is(of) => of.iter().any(|one| one == said),
            Test::IsNot(of) => !of.iter().any(|one| one == said),
            Test::Filled => !said.is_empty(),
            Test::Empty => said.is_empty(),
        }
    }

    fn field(&self, field: &Field) -> Said {
        let said = self.sheet.line(&field.name);
        must(!said.is_empty(), || format!("«{}» is empty", field.name))?;
        let anything = matches!(field.kind, FieldKind::Text { min, .. } if min.is_none_or(|min| min < 2))
            && field.pattern.is_none()
            && field.check.is_none();
        must(said != BAD || anything, || {
            format!("«{}» is no good", field.name)
        })
    }

    pub fn need(&self, need: &Need) -> Said {
        if !self.when(need.when.as_ref()) {
            return Ok(());
        }
        let all = |needs: &[Need]| needs.iter().try_for_each(|need| self.need(need));
        match &need.want {
            Want::Field(key) => self.field(self.process.field(key).expect("a declared field")),
            Want::Item {
                item,
                by,
                no_deputy,
            } => self.item(item, by, *no_deputy),
            Want::Checklist { checklist, by } => {
                let list = self
                    .process
                    .checklist(checklist)
                    .expect("a declared checklist");
                for item in &list.items {
                    if self.when(item.when.as_ref()) {
                        self.item(&item.key, &[], false)?;
                        self.item(&item.key, by, item.no_deputy)?;
                    }
                }
                Ok(())
            }
            Want::Label { label, by } => {
                let on = self
                    .bindings
                    .labels
                    .get(label)
                    .and_then(|id| self.sheet.labels.get(id));
                must(on.is_some_and(|who| self.signed(who.as_ref(), by)), || {
                    format!("no label {label} by {by:?}")
                })
            }
            Want::Attachment { name, by } => {
                let fits = |file: &super::world::File| {
                    let who = Some(&file.member).filter(|_| file.by_hand);
                    name.is_match(&file.name) && self.signed(who, by)
                };
                must(self.sheet.files.iter().any(fits), || {
                    format!("no file {name} by {by:?}")
                })
            }
            Want::Member(role) => {
                let one_of = |one| holds(self.bindings, one, std::slice::from_ref(role), true);
                must(self.sheet.members.iter().any(one_of), || {
                    format!("nobody of {role} on it")
                })
            }
            Want::FourEyes(item) => {
                // A tick that is not theirs to give is none: it is being taken off.
                let declared = self.process.item(item).expect("a declared item");
                let theirs = |who: &MemberId| {
                    declared.by.is_empty()
                        || holds(self.bindings, who, &declared.by, !declared.no_deputy)
                };
                let ticks = self.ticks(item);
                let same = ticks
                    .iter()
                    .any(|(by, _)| Some(*by) == self.hand && theirs(by));
                must(!same, || format!("{item} ticked by who moved the card"))
            }
            Want::All(needs) => all(needs),
            Want::Any(needs) => {
                let asked: Vec<_> = needs
                    .iter()
                    .filter(|need| self.when(need.when.as_ref()))
                    .collect();
                let ok = asked.is_empty() || asked.iter().any(|need| self.need(need).is_ok());
                must(ok, || "none of several".into())
            }
        }
    }

    fn signed(&self, who: Option<&MemberId>, by: &[RoleKey]) -> bool {
        by.is_empty() || who.is_some_and(|who| holds(self.bindings, who, by, true))
    }

    /// The ticks that declared item bears now, by somebody's own hand.
    fn ticks(&self, key: &ItemKey) -> Vec<(&MemberId, Timestamp)> {
        let lists = self.process.checklists.iter();
        let declared = lists.flat_map(|list| list.items.iter().map(move |item| (list, item)));
        let (list, item) = declared
            .into_iter()
            .find(|(_, item)| item.key == *key)
            .expect("a declared item");
        let there = self.sheet.lists.iter().filter(|one| one.name == list.name);
        let there = there
            .flat_map(|one| &one.items)
            .filter(|one| one.born == item.name);
        let ticked = there.filter(|one| one.complete);
        ticked
            .filter_map(|one| Some((one.by.as_ref()?, one.at)))
            .collect()
    }

    fn item(&self, key: &ItemKey, by: &[RoleKey], no_deputy: bool) -> Said {
        let declared = self.process.item(key).expect("a declared item");
        let by = if by.is_empty() { &declared.by } else { by };
        let deputies = !no_deputy && !declared.no_deputy;
        let lapsed = self.void.get(key);
        let counts = self.ticks(key).into_iter().any(|(who, at)| {
            lapsed.is_none_or(|lapsed| at > *lapsed)
                && (by.is_empty() || holds(self.bindings, who, by, deputies))
        });
        must(counts, || format!("no tick on {key} by {by:?}"))
    }
}
