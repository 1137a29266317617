//! Beyond syntax: a process that could not work. A stage no card can reach or leave, a gate nobody can
//! pass, needs that wait for each other.

use super::mistake::Mistake;
use super::place::Place as At;
use crate::process::rules::*;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

pub(super) fn sound(process: &Process, span: impl Fn(&At) -> Range<usize>) -> Vec<Mistake> {
    let mut sound = Sound {
        process,
        span: &span,
        mistakes: Vec::new(),
    };
    sound.reached();
    sound.left();
    sound.passable();
    sound.seeded();
    sound.rings();
    sound.empty_roles();
    sound.mistakes
}

struct Sound<'a> {
    process: &'a Process,
    span: &'a dyn Fn(&At) -> Range<usize>,
    mistakes: Vec<Mistake>,
}

impl Sound<'_> {
    fn error(&mut self, at: &At, what: String, mend: impl Into<String>) {
        self.mistakes
            .push(Mistake::error((self.span)(at), what, mend));
    }

    fn at(&self, stage: &Stage) -> At {
        let side = |nth: usize| At::item("side", nth);
        match self.process.rank(&stage.key) {
            Some(rank) => At::item("stage", rank),
            None => side(
                self.process
                    .stages
                    .iter()
                    .filter(|one| !one.is_path())
                    .position(|one| one.key == stage.key)
                    .unwrap_or(0),
            ),
        }
    }

    /// From the entry stage, and from where a card may be started, every stage can be reached.
    fn reached(&mut self) {
        let process = self.process;
        let mut reached: BTreeSet<&StageKey> = process
            .stages
            .first()
            .map(|entry| &entry.key)
            .into_iter()
            .collect();
        reached.extend(
            process
                .path()
                .filter(|stage| !stage.start.is_empty())
                .map(|stage| &stage.key),
        );
        loop {
            let more: Vec<&StageKey> = process
                .stages
                .iter()
                .filter(|to| !reached.contains(&to.key))
                .filter(|to| {
                    process
                        .stages
                        .iter()
                        .any(|from| reached.contains(&from.key) && leads(process, from, to))
                })
                .map(|stage| &stage.key)
                .collect();
            if more.is_empty() {
                break;
            }
            reached.extend(more);
        }
        for stage in process
            .stages
            .iter()
            .filter(|stage| !reached.contains(&stage.key))
        {
            let what = format!("no card can reach the stage `{}`", stage.key);
            self.error(
                &self.at(stage).key("key"),
                what,
                "let an earlier stage name it in `next`, or let roles `skip` what lies between",
            );
        }
    }

    fn left(&mut self) {
        let process = self.process;
        for stage in process
            .stages
            .iter()
            .filter(|stage| !stage.is_final() && stage.is_path())
        {
            let out = process
                .stages
                .iter()
                .any(|to| to.key != stage.key && leads(process, stage, to));
            if !out {
                let what = format!(
                    "no card can leave the stage `{}`, and it is not final",
                    stage.key
                );
                self.error(
                    &self.at(stage).key("key"),
                    what,
                    "name a stage in `next`, or say `final = true`",
                );
            }
        }
    }

    fn passable(&mut self) {
        for stage in &self.process.stages {
            let at = self.at(stage);
            if stage.movers.as_ref().is_some_and(Vec::is_empty) {
                let what = format!("nobody may move a card into `{}`", stage.key);
                self.error(
                    &at.key("movers"),
                    what,
                    "name a role in `movers`, or leave the key out for anyone",
                );
            }
            if let Place::Side { put, .. } = &stage.place
                && put.is_empty()
            {
                self.error(
                    &at.key("put"),
                    format!("nobody may put a card into `{}`", stage.key),
                    "name a role in `put`",
                );
            }
            for (nth, need) in stage.needs.iter().enumerate() {
                self.one_person(stage, need, &at.key("need").nth(nth));
            }
        }
    }

    /// Four eyes cannot be had where one and the same role does both and has one person.
    fn one_person(&mut self, stage: &Stage, need: &Need, at: &At) {
        match &need.want {
            Want::FourEyes(item) => {
                let tickers = self.people(self.process.item(item).map_or(&[][..], |item| &item.by));
                let movers = self.people(stage.movers.as_deref().unwrap_or_default());
                if movers.len() == 1 && movers == tickers {
                    let what = format!(
                        "four eyes are wanted for `{}`, and one person both ticks and moves",
                        stage.key
                    );
                    self.error(
                        &at.key("four_eyes"),
                        what,
                        "let another role move the card, or another tick the item",
                    );
                }
            }
            Want::All(needs) | Want::Any(needs) => {
                if needs.is_empty() {
                    self.error(
                        at,
                        format!("an empty list of needs for `{}`", stage.key),
                        "name a need in it, or take it out",
                    );
                }
                for need in needs {
                    self.one_person(stage, need, at);
                }
            }
            _ => {}
        }
    }

    fn people(&self, roles: &[RoleKey]) -> BTreeSet<&str> {
        let roles = roles.iter().filter_map(|role| self.process.role(role));
        roles
            .flat_map(|role| role.people.iter().chain(&role.deputies))
            .map(String::as_str)
            .collect()
    }

    /// What a gate asks for must have been seeded before it.
    fn seeded(&mut self) {
        let process = self.process;
        for stage in process.path() {
            let Some(rank) = process.rank(&stage.key) else {
                continue;
            };
            let before = |key: &ChecklistKey| {
                process
                    .path()
                    .take(rank)
                    .any(|earlier| earlier.seed.checklists.iter().any(|(seed, _)| seed == key))
            };
            let anywhere = |key: &ChecklistKey| {
                process
                    .stages
                    .iter()
                    .any(|any| any.seed.checklists.iter().any(|(seed, _)| seed == key))
            };
            for (nth, need) in stage.needs.iter().enumerate() {
                for list in lists(process, need)
                    .into_iter()
                    .filter(|list| !before(list))
                {
                    let at = self.at(stage).key("need").nth(nth);
                    let what = if anywhere(list) {
                        format!(
                            "`{}` asks for the checklist `{list}`, which only comes with that stage or a later one",
                            stage.key
                        )
                    } else {
                        format!(
                            "`{}` asks for the checklist `{list}`, which no stage seeds",
                            stage.key
                        )
                    };
                    self.error(
                        &at,
                        what,
                        format!(
                            "let an earlier stage seed it: `seed = {{ checklists = [\"{list}\"] }}`"
                        ),
                    );
                }
            }
        }
    }

    /// Fields whose conditions wait for each other.
    fn rings(&mut self) {
        let process = self.process;
        for (nth, field) in process.fields.iter().enumerate() {
            let mut seen = vec![&field.key];
            let mut at = field;
            while let Some(when) = &at.when {
                if when.field == field.key {
                    let ring: Vec<_> = seen.iter().map(|key| format!("`{key}`")).collect();
                    let what = format!("the conditions of {} wait for each other", ring.join(", "));
                    self.error(
                        &At::item("field", nth).key("when"),
                        what,
                        "take `when` off one of them",
                    );
                    break;
                }
                if seen.contains(&&when.field) {
                    break;
                }
                seen.push(&when.field);
                let Some(next) = process.field(&when.field) else {
                    break;
                };
                at = next;
            }
        }
    }

    fn empty_roles(&mut self) {
        for (nth, role) in self
            .process
            .roles
            .iter()
            .enumerate()
            .filter(|(_, role)| role.people.is_empty())
        {
            let what = format!("nobody holds the role `{}` yet", role.key);
            let mend = format!(
                "fill in `people`, or bind it with `signalman setup BOARD --role {}=@username`",
                role.key
            );
            self.mistakes.push(Mistake::warning(
                (self.span)(&At::item("role", nth).key("key")),
                what,
                mend,
            ));
        }
    }
}

/// Whether any rule takes a card from one stage to another, whoever moves it.
fn leads(process: &Process, from: &Stage, to: &Stage) -> bool {
    match (&from.place, &to.place) {
        (_, Place::Side { from: may, .. }) => may.contains(&from.key),
        (Place::Path { next, back, .. }, Place::Path { .. }) => {
            let (here, there) = (process.rank(&from.key), process.rank(&to.key));
            let between = || {
                process.path().filter(|stage| {
                    process.rank(&stage.key) > here && process.rank(&stage.key) < there
                })
            };
            let skips = next.iter().any(|first| process.rank(first) <= there)
                && between().next().is_some()
                && between().all(|stage| !stage.skip.is_empty());
            let backs = there < here
                && back.iter().any(|rule| {
                    !rule.by.is_empty() && (rule.to.is_empty() || rule.to.contains(&to.key))
                });
            next.contains(&to.key) || backs || skips
        }
        (Place::Side { returns, .. }, Place::Path { .. }) => returns
            .iter()
            .any(|rule| rule.to.is_empty() || rule.to.contains(&to.key)),
    }
}

fn lists<'p>(process: &'p Process, need: &'p Need) -> Vec<&'p ChecklistKey> {
    match &need.want {
        Want::Checklist { checklist, .. } => vec![checklist],
        Want::Item { item, .. } => {
            let list = process
                .checklists
                .iter()
                .find(|list| list.items.iter().any(|one| one.key == *item));
            list.map(|list| &list.key).into_iter().collect()
        }
        Want::All(needs) | Want::Any(needs) => {
            needs.iter().flat_map(|need| lists(process, need)).collect()
        }
        _ => Vec::new(),
    }
}

/// What holds of a process whoever moves its cards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Promise {
    OnlyBy {
        stage: String,
        roles: Vec<String>,
    },
    NeedsTickOf {
        stage: String,
        item: String,
        roles: Vec<String>,
    },
    NeverSkipped {
        stage: String,
    },
    Ends {
        stages: Vec<String>,
    },
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Promise::OnlyBy { stage, roles } => {
                write!(f, "no path to “{stage}” without: {}", roles.join(" or "))
            }
            Promise::NeedsTickOf { stage, item, roles } => write!(
                f,
                "no path to “{stage}” without “{item}” by: {}",
                roles.join(" or ")
            ),
            Promise::NeverSkipped { stage } => write!(f, "“{stage}” cannot be skipped"),
            Promise::Ends { stages } => {
                write!(f, "every stage can reach one of: {}", stages.join(", "))
            }
        }
    }
}

pub fn promises(process: &Process) -> Vec<Promise> {
    let names = |roles: &[RoleKey]| {
        roles
            .iter()
            .filter_map(|role| Some(process.role(role)?.name.clone()))
            .collect::<Vec<_>>()
    };
    let mut promises = Vec::new();
    for stage in process.path().skip(1) {
        if let Some(movers) = &stage.movers {
            promises.push(Promise::OnlyBy {
                stage: stage.name.clone(),
                roles: names(movers),
            });
        }
        for need in stage.needs.iter().filter(|need| need.when.is_none()) {
            if let Want::Item { item, by, .. } = &need.want
                && let Some(declared) = process.item(item)
            {
                let by = if by.is_empty() { &declared.by } else { by };
                if !by.is_empty() {
                    promises.push(Promise::NeedsTickOf {
                        stage: stage.name.clone(),
                        item: declared.name.clone(),
                        roles: names(by),
                    });
                }
            }
        }
        if stage.skip.is_empty() && !stage.is_final() {
            promises.push(Promise::NeverSkipped {
                stage: stage.name.clone(),
            });
        }
    }
    let ends = process
        .stages
        .iter()
        .filter(|stage| stage.is_final() || !stage.is_path());
    promises.push(Promise::Ends {
        stages: ends.map(|stage| stage.name.clone()).collect(),
    });
    promises
}
