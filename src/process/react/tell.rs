//! Findings as a to-do list: what a person would mend, in order, with who can.

use super::Room;
use crate::process::facts::Problem;
use crate::process::finding::{Finding, ItemState, Look};
use crate::process::memory::Tick;
use crate::process::rules::{Archive, ItemKey, Place, RoleKey, Stage, StageKey};
use crate::process::verdict::{Hand, Refused};
use crate::process::words::{Named, Outlook, Refusal, Thing, Todo, Told};

/// Lines missing for the same people stand together, so many at most.
const FIELDS_TOGETHER: usize = 4;
const DECISIONS_TOLD: usize = 5;

impl Room<'_> {
    pub(super) fn refusal(&self, hand: &Hand, refused: &Refused) -> Refusal {
        let missing = refused.finding.missing();
        let wrong_hand = missing
            .iter()
            .any(|part| matches!(part.look, Look::Mover { .. }));
        let target = self.process.stage(&refused.target);
        let turn = self.named(&refused.turn, &refused.call);
        let roles = refused
            .finding
            .parts
            .iter()
            .chain([&refused.finding])
            .find(|part| matches!(part.look, Look::Mover { .. }));
        let movers = roles
            .filter(|_| wrong_hand)
            .map(|part| self.role_names(&part.turn));
        Refusal {
            mover: hand
                .member
                .as_ref()
                .filter(|one| **one != self.bindings.bot)
                .map(|one| self.named_one(one, refused.call.contains(one))),
            back: refused
                .back_to
                .as_ref()
                .map_or_else(|| "…".into(), |stage| self.stage_name(stage)),
            target: self.stage_name(&refused.target),
            came: refused.came,
            movers,
            once: target.and_then(|stage| stage.once.clone()),
            todo: self.todo(&refused.finding),
            turn: self.distinct(turn),
            routes: self.no_route(refused),
            progress: self.progress(&refused.finding),
            ids: refused
                .episode
                .decisions
                .iter()
                .map(|id| id.0.clone())
                .collect(),
            asked: false,
        }
    }

    /// Where the process leads from the stage the card is back in, if not to where it was moved.
    fn no_route(&self, refused: &Refused) -> Option<Vec<String>> {
        let mut parts = refused.finding.missing().into_iter();
        parts.find(|part| matches!(part.look, Look::Route { .. }))?;
        let back = refused
            .back_to
            .as_ref()
            .and_then(|key| self.process.stage(key));
        let onward: Vec<&StageKey> = match back.map(|stage| &stage.place) {
            Some(Place::Path { next, back, .. }) => next
                .iter()
                .chain(back.iter().flat_map(|rule| &rule.to))
                .collect(),
            Some(Place::Side { returns, .. }) => returns.iter().flat_map(|rule| &rule.to).collect(),
            None => Vec::new(),
        };
        Some(onward.into_iter().map(|key| self.stage_name(key)).collect())
    }

    pub(super) fn archived_back(
        &self,
        hand: &Hand,
        stage: &StageKey,
        may: &[RoleKey],
        finding: Option<&Finding>,
    ) -> String {
        let leads_out = |side: &&Stage| match &side.place {
            Place::Side { from, .. } => from.contains(stage) && side.archive != Archive::Nobody,
            Place::Path { .. } => false,
        };
        let instead = self.process.stages.iter().filter(leads_out);
        let instead: Vec<_> = instead.map(|side| side.name.clone()).collect();
        let todo = finding
            .map(|finding| self.todo(finding))
            .unwrap_or_default();
        let (mover, name) = (self.caller(hand), self.stage_name(stage));
        self.words.archived_back(
            mover.as_ref(),
            &name,
            &self.role_names(may),
            &todo,
            &instead,
        )
    }

    fn distinct(&self, mut people: Vec<Named>) -> Vec<Named> {
        people.truncate(3);
        people
    }

    /// The checklist that most of what is missing belongs to, if some of it is done.
    fn progress(&self, finding: &Finding) -> Option<(String, usize, usize)> {
        let lists = self.process.checklists.iter().filter_map(|list| {
            let of_list = |part: &&Finding| matches!(&part.look, Look::Item { item, .. } if list.items.iter().any(|one| one.key == *item));
            let items: Vec<_> = finding.leaves().into_iter().filter(of_list).collect();
            let done = items.iter().filter(|part| part.ok).count();
            (done > 0 && done < items.len() && items.len() > 3).then(|| (list.name.clone(), done, items.len()))
        });
        lists.max_by_key(|(_, _, of)| *of)
    }

    pub(in crate::process) fn todo(&self, finding: &Finding) -> Vec<Todo> {
        let mut list: Vec<Todo> = Vec::new();
        for part in finding.missing() {
            if matches!(part.look, Look::Mover { .. }) {
                continue;
            }
            let todo = Todo {
                what: self.thing(part),
                who: self.who(&part.turn),
            };
            if list.contains(&todo) {
                continue;
            }
            match (list.last_mut(), &todo.what) {
                (
                    Some(Todo {
                        what: Thing::Fields(names),
                        who,
                    }),
                    Thing::Fields(more),
                ) if *who == todo.who && names.len() < FIELDS_TOGETHER => {
                    names.extend(more.iter().cloned());
                }
                _ => list.push(todo),
            }
        }
        list
    }

    pub(in crate::process) fn thing(&self, finding: &Finding) -> Thing {
        if let Some(said) = &finding.say {
            return Thing::Said(said.clone());
        }
        match &finding.look {
            Look::Mover { .. } => Thing::Mover(self.role_names(&finding.turn)),
            Look::Pass { stage } => Thing::Pass {
                stage: self.stage_name(stage),
            },
            Look::Route { .. } => Thing::NoRoute,
            Look::Field {
                field,
                seen,
                problem,
            } => self.field(field, seen.as_deref(), problem.as_ref()),
            Look::Item { item, state } => {
                let name = self.item_name(item);
                match state {
                    ItemState::Absent => Thing::ItemAbsent(name),
                    ItemState::Foreign { tick } => Thing::ItemForeign {
                        item: name,
                        by: Some(self.name(&tick.by)),
                    },
                    ItemState::Unproved { said } => Thing::ItemUnproved {
                        item: name,
                        why: said.as_ref().and_then(|said| self.why_not(said)),
                    },
                    ItemState::Unsigned => Thing::ItemForeign {
                        item: name,
                        by: None,
                    },
                    ItemState::Open | ItemState::Ticked { .. } => Thing::Item(name),
                }
            }
            Look::Checklist { checklist, .. } => Thing::Item(self.checklist_name(checklist)),
            Look::Label { label, .. } => Thing::Label(self.label_name(label)),
            Look::Attachment { pattern, .. } => Thing::Attachment(plain(pattern)),
            Look::Member { role } => {
                Thing::Member(self.role_names(std::slice::from_ref(role)).concat())
            }
            Look::FourEyes { item, .. } => Thing::FourEyes {
                item: self.item_name(item),
            },
            Look::Wip { limit, count } => Thing::Wip {
                limit: *limit,
                count: *count,
            },
            Look::All | Look::Any => {
                let parts = finding.parts.iter().filter(|part| !part.ok);
                Thing::OneOf(parts.map(|part| self.first_of(part)).collect())
            }
        }
    }

    /// One branch of an `any`, by the first thing it lacks.
    fn first_of(&self, finding: &Finding) -> Thing {
        finding
            .missing()
            .first()
            .map_or(Thing::NoRoute, |part| self.thing(part))
    }

    fn field(
        &self,
        key: &crate::process::rules::FieldKey,
        seen: Option<&str>,
        problem: Option<&Problem>,
    ) -> Thing {
        let field = self
            .process
            .field(key)
            .map_or_else(|| key.to_string(), |field| field.name.clone());
        match (seen, problem) {
            (Some(seen), Some(problem)) => Thing::Value {
                field,
                seen: self.shown(seen, problem),
                why: self.words.problem(&self.problem(problem)),
            },
            _ => Thing::Fields(vec![field]),
        }
    }

    /// A value that may be a secret is not repeated.
    pub(in crate::process) fn shown(&self, seen: &str, problem: &Problem) -> String {
        match problem {
            Problem::LooksLikePassword | Problem::SecretInUrl => "•••".to_owned(),
            _ => seen.chars().take(60).collect(),
        }
    }

    /// With the name of the field it speaks of in place of its key.
    pub(in crate::process) fn problem(&self, problem: &Problem) -> Problem {
        match problem {
            Problem::Before { field } => Problem::Before {
                field: self.field_label(field),
            },
            other => other.clone(),
        }
    }

    fn field_label(
        &self,
        key: &crate::process::rules::FieldKey,
    ) -> crate::process::rules::FieldKey {
        let name = self.process.field(key).map(|field| field.name.as_str());
        name.unwrap_or(key.as_str()).into()
    }

    pub(super) fn why(&self, stages: &[(StageKey, Finding)]) -> String {
        let standing = self
            .memory
            .standing
            .as_ref()
            .map(|standing| self.stage_name(&standing.stage));
        let next = stages
            .iter()
            .map(|(stage, finding)| (self.stage_name(stage), self.todo(finding)));
        let told =
            |kind: &str| !matches!(kind, "why" | "help" | "ticked" | "described" | "items_due");
        let decisions = self
            .memory
            .decisions
            .iter()
            .rev()
            .filter(|decision| told(&decision.line))
            .take(DECISIONS_TOLD);
        let lapsed =
            |(item, tick): &(ItemKey, Tick)| (self.item_name(item), self.name(&tick.by), tick.at);
        let decisions = decisions.map(|one| Told {
            id: one.id.0.clone(),
            at: one.at,
            what: self.words.audit(&one.line, None, None),
            lapsed: one.lapsed.iter().map(lapsed).collect(),
        });
        let left = self.memory.not_admitted.as_ref();
        let turn = self.turn();
        let outlook = Outlook {
            turn: self.named(&turn, &[]),
            stage: standing.unwrap_or_else(|| "—".into()),
            not_admitted: left.map(|left| (self.stage_name(&left.stage), left.until)),
            next: next.collect(),
            decisions: decisions.collect(),
        };
        let text = self.words.why(&outlook);
        match &self.memory.clock.waiting {
            Some(waiting) => {
                let waits = self.words.waits(&waiting.reason, waiting.until);
                format!("{waits}\n\n{text}")
            }
            None => text,
        }
    }
}

/// A pattern as a person would read it: its first alternative, without its signs.
pub(in crate::process) fn plain(pattern: &str) -> String {
    let pattern = pattern.trim_start_matches("(?i)");
    let first = pattern.split('|').next().unwrap_or(pattern);
    first
        .chars()
        .filter(|sign| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_'))
        .collect()
}
