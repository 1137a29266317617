//! What a legal arrival brings: the stage's checklists, lines, labels, people, due date and letter,
//! once; and a word to whoever's turn it is.

use super::Room;
use super::prepare::Came;
use crate::model::MemberId;
use crate::process::effect::{AddBlock, Deed, SeedItem, SetLine};
use crate::process::finding::{Finding, Look};
use crate::process::memory::DecisionId;
use crate::process::rules::{ChecklistKey, KeepFields, Place, RoleKey, Stage};
use crate::process::verdict::{Admitted, How, Ruling};
use crate::process::words::{Arrival, Onward, Thing, Todo};
use jiff::Timestamp;

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
        if let How::Pass { pass, call } = &admitted.how {
            let owed = admitted.finding.as_ref();
            let owed = owed.map(|finding| self.todo(finding)).unwrap_or_default();
            let (by, call) = (self.name(&pass.by), self.named(call, call));
            let text = self
                .words
                .passed(&stage.name, &by, &pass.reason, &owed, &call);
            self.say(id, text);
        }
        if admitted.first {
            self.seed(ruling, stage, admitted);
        }
        if admitted.rests {
            self.members(id, &admitted.members);
            self.due(ruling, stage);
            if !matches!(admitted.how, How::Undone) {
                self.greet(ruling, stage, admitted);
            }
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
        let facts = self.facts();
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
                    over: None,
                })
            })
            .collect();
        if !blocks.is_empty() || !set.is_empty() {
            self.push(&ruling.id, None, Deed::Lines { set, blocks });
        }
    }

    /// It stands there now, so that is the time that runs.
    fn due_at(&self, stage: &Stage) -> Option<Timestamp> {
        stage.limit.filter(|_| stage.seed.due)?;
        self.due_here()
    }

    /// Each arrival gives the card the stage's own date, a return too.
    fn due(&mut self, ruling: &Ruling, stage: &Stage) {
        if let Some(at) = self.due_at(stage) {
            self.push(&ruling.id, Some("due"), Deed::SetDue { at });
        }
    }

    /// The owners are told; nobody is told what was his own doing.
    fn greet(&mut self, ruling: &Ruling, stage: &Stage, admitted: &Admitted) {
        let id = &ruling.id;
        if let Some(letter) = stage.seed.letter.as_ref().filter(|_| admitted.first) {
            let (letter, lacking) = self.fill_all(letter);
            let text = self.words.letter(&letter, &lacking);
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
        let others = if mover_owns { Vec::new() } else { others };
        let quiet = admitted.partners.is_empty() && admitted.owner.is_empty();
        if others.is_empty() && quiet && admitted.wip.is_none() {
            return;
        }
        let first = admitted.first;
        let lists = stage.seed.checklists.iter().filter(|(_, origins)| {
            let from = admitted.from.as_ref();
            first && (origins.is_empty() || from.is_some_and(|from| origins.contains(from)))
        });
        let seeded = lists.filter_map(|(key, _)| {
            let list = self.process.checklist(key)?;
            Some((list.name.clone(), list.items.len()))
        });
        let settled = admitted.finding.as_ref().is_some_and(|finding| finding.ok);
        let settled = settled && first && matches!(admitted.how, How::Forward) && !stage.is_final();
        let arrival = Arrival {
            owners: self.named(&others, &admitted.call),
            stage: stage.name.clone(),
            card: self.memory.name.clone(),
            again: !first,
            due: self.due_at(stage),
            settled: stage.once.clone().filter(|_| settled),
            work: stage
                .work
                .as_ref()
                .filter(|_| first)
                .map(|work| self.fill(work)),
            checklists: seeded.collect(),
            partners: self.named(&admitted.partners, &admitted.call),
            next: self.onward(stage, &admitted.owners),
            wip: admitted.wip,
            owed: if matches!(admitted.how, How::Pass { .. }) {
                Vec::new()
            } else {
                self.owed(admitted)
            },
            absent: self.not_there(&admitted.absent),
            owner: self.named(&admitted.owner, &admitted.call),
        };
        let text = self.with_page(self.words.arrival(&arrival));
        self.say_in(id, format!("turn {}", id.0), text);
    }

    /// The next stage, and who moves cards into it where its owners here do not.
    pub(super) fn onward(&self, stage: &Stage, owners: &[MemberId]) -> Option<Onward> {
        let Place::Path { next, .. } = &stage.place else {
            return None;
        };
        let next = self.process.stage(next.first()?)?;
        let movers = next.movers.as_ref();
        let own = |roles: &Vec<RoleKey>| {
            let mut owners = owners.iter();
            owners.any(|one| self.bindings.holds_any(one, roles, true))
        };
        let movers = movers.filter(|roles| !own(roles));
        Some(Onward {
            stage: next.name.clone(),
            movers: movers.map(|roles| self.who(roles)),
        })
    }

    /// The answer to `/why` names lines: where they do not stand on the card yet, they are added for
    /// whoever has to fill them. Only what the next stage asks for, not all forty. A refusal adds
    /// none, for it costs Trello three requests and no more.
    pub(super) fn lines_asked_for(&mut self, id: &DecisionId, finding: &Finding) {
        let (Some(card), KeepFields::Description) = (self.card, self.process.keep_fields) else {
            return;
        };
        let standing = self.memory.standing.as_ref();
        let next = standing.and_then(|standing| self.process.rank(&standing.stage));
        let next = next.map_or(0, |rank| rank + 1);
        let mut asked = Vec::new();
        for part in finding.missing().iter().flat_map(|part| part.leaves()) {
            if let Look::Field { field, .. } = &part.look {
                let from = self
                    .process
                    .field(field)
                    .and_then(|field| field.from.as_ref());
                let rank = self.process.rank(from.unwrap_or(&part.stage));
                asked.extend(rank.filter(|rank| *rank <= next).map(|_| field));
            }
        }
        let stands = super::prepare::labels(self.process, &card.desc);
        asked.retain(|key| !stands.contains(*key));
        let blocks = self.process.blocks.iter();
        let blocks = blocks.filter(|block| block.fields.iter().any(|key| asked.contains(&key)));
        let blocks: Vec<_> = blocks
            .map(|block| super::prepare::added(self.process, block))
            .collect();
        if !blocks.is_empty() {
            let set = Vec::new();
            self.push(id, Some("lines"), Deed::Lines { set, blocks });
        }
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
        self.fill_all(letter).0
    }

    /// The same, and the lines that it would need and the card does not have.
    fn fill_all(&self, letter: &str) -> (String, Vec<String>) {
        let mut lacking: Vec<String> = Vec::new();
        let Some(facts) = self.facts() else {
            return (letter.to_owned(), lacking);
        };
        let value = |name: &str| {
            let (name, plus) = name.split_once('+').unwrap_or((name, "0"));
            let key = name.into();
            let fact = facts.get(&key)?;
            let when = self
                .process
                .field(&key)
                .and_then(|field| field.when.as_ref());
            if fact.raw.is_empty() && when.is_some_and(|when| !facts.holds(when)) {
                return Some(" ".into()); // not for this card
            }
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
                Some(value) if value.is_empty() => {
                    text.push('—');
                    let key = name.trim().split('+').next().unwrap_or_default();
                    let line = self.field_name(&key.into());
                    if !lacking.contains(&line) {
                        lacking.push(line);
                    }
                }
                Some(value) => text.push_str(value.trim_start()),
                None => text.push_str(&format!("{{{name}}}")),
            }
            rest = after;
        }
        (text + rest, lacking)
    }
}
