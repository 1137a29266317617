//! What a legal arrival brings: the stage's checklists, lines, labels, people, due date and letter,
//! once; and a word to whoever's turn it is.

use super::Room;
use super::prepare::Came;
use crate::process::calendar;
use crate::process::effect::{AddBlock, Deed, SeedItem, SetLine};
use crate::process::memory::DecisionId;
use crate::process::rules::{ChecklistKey, KeepFields, Place, Stage};
use crate::process::verdict::{Admitted, How, Ruling};
use crate::process::words::{Arrival, Thing, Todo};

impl Room<'_> {
    pub(super) fn admitted(&mut self, ruling: &Ruling, admitted: &Admitted) {
        let Some(stage) = self.process.stage(&admitted.stage) else {
            return;
        };
        let id = &ruling.id;
        let by = ruling.hand.member.as_ref().map(|by| self.name(by));
        for episode in &admitted.settles {
            let ids: Vec<_> = episode.decisions.iter().map(|id| id.0.clone()).collect();
            let text = self.words.settled(
                &self.stage_name(&episode.target),
                &ids,
                ruling.at,
                by.as_deref(),
            );
            self.say_in(id, episode.thread.clone(), text);
        }
        if let How::Pass { pass } = &admitted.how {
            let owed = self.owed(admitted);
            let text = self
                .words
                .passed(&stage.name, &self.name(&pass.by), &pass.reason, &owed);
            self.say(id, text);
        }
        if admitted.first {
            self.seed(ruling, stage, admitted);
        }
        if admitted.rests && !matches!(admitted.how, How::Undone) {
            self.greet(ruling, stage, admitted);
        }
    }

    fn seed(&mut self, ruling: &Ruling, stage: &Stage, admitted: &Admitted) {
        let id = &ruling.id;
        let came = Came {
            stage,
            from: admitted.from.as_ref(),
            passed: &self.memory.seeded,
        };
        let (lists, blocks) = (came.checklists(self.process), came.blocks(self.process));
        for list in lists {
            self.seed_checklist(id, &list.key);
        }
        self.seed_lines(ruling, stage, blocks);
        for label in &stage.seed.labels {
            self.label(id, label.as_str(), true);
        }
        for label in &stage.seed.unlabels {
            self.label(id, label.as_str(), false);
        }
    }

    pub(super) fn seed_checklist(&mut self, id: &DecisionId, key: &ChecklistKey) {
        let Some(list) = self.process.checklist(key) else {
            return;
        };
        let facts = self.card.map(|card| {
            crate::process::facts::read(
                self.process,
                self.bindings,
                card,
                self.process.today(self.now),
            )
        });
        let asked = list.items.iter().filter(|item| {
            item.when
                .as_ref()
                .is_none_or(|when| facts.as_ref().is_none_or(|facts| facts.holds(when)))
        });
        let items: Vec<_> = asked
            .map(|item| SeedItem {
                key: item.key.clone(),
                name: item.name.clone(),
            })
            .collect();
        let deed = Deed::Seed {
            checklist: key.clone(),
            name: list.name.clone(),
            items,
        };
        self.push(id, Some(&format!("seed {key}")), deed);
    }

    /// The lines whose stage has come, below whatever stands there; and those filled by the mover.
    fn seed_lines(&mut self, ruling: &Ruling, stage: &Stage, blocks: Vec<AddBlock>) {
        if self.process.keep_fields != KeepFields::Description {
            return;
        }
        let mover = ruling
            .hand
            .member
            .as_ref()
            .and_then(|by| self.bindings.people.get(by));
        let set: Vec<_> = stage
            .seed
            .fill_mover
            .iter()
            .filter_map(|key| {
                let (field, mover) = (self.process.field(key)?, mover?);
                let value = format!("@{}", mover.username);
                Some(SetLine {
                    field: key.clone(),
                    label: field.name.clone(),
                    value,
                    only_if_empty: true,
                })
            })
            .collect();
        if !blocks.is_empty() || !set.is_empty() {
            self.push(&ruling.id, None, Deed::Lines { set, blocks });
        }
    }

    /// The owners become members and are told; nobody is told what was his own doing.
    fn greet(&mut self, ruling: &Ruling, stage: &Stage, admitted: &Admitted) {
        let id = &ruling.id;
        for owner in admitted
            .owners
            .iter()
            .filter(|owner| !self.memory.members.contains(*owner))
        {
            self.effects.push(crate::process::Effect {
                decision: id.clone(),
                slot: None,
                deed: Deed::AddMember {
                    member: owner.clone(),
                },
            });
        }
        let due = stage.limit.filter(|_| stage.seed.due).map(|limit| {
            calendar::due(
                &self.process.hours,
                &self.process.time_zone,
                ruling.at,
                limit,
            )
        });
        if let Some(at) = due {
            self.push(id, Some("due"), Deed::SetDue { at });
        }
        if let Some(letter) = stage.seed.letter.as_ref().filter(|_| admitted.first) {
            let text = self.words.letter(&self.fill(letter));
            self.say(id, text);
        }
        let mover_owns = ruling
            .hand
            .member
            .as_ref()
            .is_some_and(|mover| admitted.owners.contains(mover));
        let others: Vec<_> = admitted
            .owners
            .iter()
            .filter(|owner| Some(*owner) != ruling.hand.member.as_ref())
            .cloned()
            .collect();
        let news = !others.is_empty() && !mover_owns || admitted.wip.is_some();
        if !news || !stage.seed.members && admitted.wip.is_none() {
            return;
        }
        let next = match &stage.place {
            Place::Path { next, .. } => next.first().map(|next| self.stage_name(next)),
            Place::Side { .. } => None,
        };
        let seeded = stage.seed.checklists.iter().filter_map(|(key, _)| {
            let list = self.process.checklist(key)?;
            Some((list.name.clone(), list.items.len()))
        });
        let arrival = Arrival {
            owners: self.named(&others, &admitted.call),
            stage: stage.name.clone(),
            card: self.memory.name.clone(),
            due,
            work: stage.work.as_ref().map(|work| self.fill(work)),
            checklists: seeded.collect(),
            next,
            wip: admitted.wip,
            owed: if matches!(admitted.how, How::Pass { .. }) {
                Vec::new()
            } else {
                self.owed(admitted)
            },
        };
        let text = self.words.arrival(&arrival);
        self.say_in(id, format!("turn {}", id.0), text);
    }

    fn owed(&self, admitted: &Admitted) -> Vec<Todo> {
        let owed = admitted.owed.iter().filter_map(|owed| {
            let need = self.process.stage(&owed.stage)?.needs.get(owed.need)?;
            Some(self.need_todo(need))
        });
        owed.collect()
    }

    fn need_todo(&self, need: &crate::process::rules::Need) -> Todo {
        use crate::process::rules::Want;
        let (thing, roles): (Thing, &[_]) = match &need.want {
            Want::Item { item, by, .. } => {
                let by = if by.is_empty() {
                    self.process.item(item).map_or(&[][..], |item| &item.by)
                } else {
                    by
                };
                (Thing::Item(self.item_name(item)), by)
            }
            Want::Field(key) => {
                let name = self
                    .process
                    .field(key)
                    .map_or_else(|| key.to_string(), |field| field.name.clone());
                (
                    Thing::Fields(vec![name]),
                    self.process.field(key).map_or(&[][..], |field| &field.asks),
                )
            }
            Want::Checklist { checklist, by } => {
                let name = self
                    .process
                    .checklist(checklist)
                    .map_or_else(|| checklist.to_string(), |list| list.name.clone());
                (Thing::Item(name), by)
            }
            Want::Label { label, by } => {
                let name = self
                    .process
                    .label(label.as_str())
                    .map_or_else(|| label.to_string(), |label| label.name.clone());
                (Thing::Label(name), by)
            }
            Want::Attachment { name, by } => {
                (Thing::Attachment(super::tell::plain(name.as_str())), by)
            }
            Want::Member(role) => (
                Thing::Member(self.role_names(std::slice::from_ref(role)).concat()),
                std::slice::from_ref(role),
            ),
            Want::FourEyes(item) => (
                Thing::FourEyes {
                    item: self.item_name(item),
                },
                &[],
            ),
            Want::All(needs) | Want::Any(needs) => (
                Thing::OneOf(needs.iter().map(|need| self.need_todo(need).what).collect()),
                &[],
            ),
        };
        let what = need
            .say
            .as_ref()
            .map_or(thing, |said| Thing::Said(said.clone()));
        Todo {
            what,
            who: self.who(roles),
        }
    }

    /// A letter with the card's values in it: `{mount}`, `{source_port+1}`.
    fn fill(&self, letter: &str) -> String {
        let Some(card) = self.card else {
            return letter.to_owned();
        };
        let facts = crate::process::facts::read(
            self.process,
            self.bindings,
            card,
            self.process.today(self.now),
        );
        let value = |name: &str| {
            let (name, plus) = name.split_once('+').unwrap_or((name, "0"));
            let fact = facts.get(&name.into())?;
            let plus: i64 = plus.parse().ok()?;
            let shifted = fact
                .raw
                .parse::<i64>()
                .ok()
                .filter(|_| plus != 0)
                .map(|number| (number + plus).to_string());
            Some(shifted.unwrap_or_else(|| fact.raw.clone()))
        };
        let mut text = String::new();
        let mut rest = letter;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                text.push('{');
                rest = after;
                continue;
            };
            match value(name.trim()) {
                Some(value) => text.push_str(if value.is_empty() { "—" } else { &value }),
                None => text.push_str(&format!("{{{name}}}")),
            }
            rest = after;
        }
        text + rest
    }
}
