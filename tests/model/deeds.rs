//! What one line of a history does to the tiny world: the events that Trello would tell of it.

use super::history::{Deed, Line, named};
use super::oracle::BAD;
use super::world::{Moment, Sheet, Via, person};
use signalman::model::{Actor, Appeared, Ask, Event, EventKind, Left, ListId};
use signalman::process::{
    Bindings, DateRule, Field, FieldKind, Item, Need, Process, RoleKey, Stage, Want,
};

pub struct Stagehand<'a> {
    pub process: &'a Process,
    pub bindings: &'a Bindings,
    pub moment: Moment,
}

/// A value that is good in any field of that kind.
pub fn good(field: &Field) -> String {
    match &field.kind {
        FieldKind::Date { rule } => match rule {
            Some(DateRule::WithinDays(_)) => "12.11.2026".into(),
            Some(DateRule::NotBefore(_)) => "20.11.2026".into(),
            _ => "15.12.2026".into(),
        },
        FieldKind::Choice { of } => of[0].clone(),
        _ => field.example.clone().unwrap_or_else(|| "как-нибудь".into()),
    }
}

fn typed(field: &Field, value: u8) -> String {
    match (value, &field.kind) {
        (0, _) => String::new(),
        (2, _) => BAD.to_owned(),
        (3, FieldKind::Choice { of }) => of[1].clone(),
        _ => good(field),
    }
}

impl Stagehand<'_> {
    pub fn perform(&self, sheet: &mut Sheet, line: &Line) -> Vec<Event> {
        if sheet.gone != matches!(line.deed, Deed::Return { .. }) {
            return Vec::new();
        }
        let actor = |roles: &[RoleKey]| person(self.who(line, roles), line.via);
        let (moment, stages) = (self.moment, &self.process.stages);
        let nth = |at: u8, of: usize| usize::from(at) % of.max(1);
        let here = stages
            .iter()
            .position(|stage| self.list(stage) == sheet.list);
        let one = |event: Option<Event>| event.into_iter().collect();
        match &line.deed {
            Deed::Move { to } => one(sheet.go(moment, &actor(&[]), &self.list_at(*to))),
            Deed::Forward => {
                let next = here.map_or(0, |here| here + 1);
                let Some(next) = self.process.path().nth(next) else {
                    return Vec::new();
                };
                let actor = actor(next.movers.as_deref().unwrap_or_default());
                one(sheet.go(moment, &actor, &self.list(next)))
            }
            Deed::Back { by } => {
                let back = here.and_then(|here| here.checked_sub(1 + usize::from(*by)));
                let Some(back) = back else { return Vec::new() };
                let owner = here.map(|here| stages[here].owner.clone());
                let actor = actor(owner.as_slice());
                one(sheet.go(moment, &actor, &self.list(&stages[back])))
            }
            Deed::Prepare { but } => self.prepare(sheet, line, here, *but),
            Deed::Write { field, value } => {
                let Some(field) = self
                    .process
                    .fields
                    .get(nth(*field, self.process.fields.len()))
                else {
                    return Vec::new();
                };
                let desc = sheet.with_line(&field.name, &typed(field, *value));
                one(sheet.describe(moment, &actor(&field.by), desc))
            }
            Deed::Tick { item, on } => {
                let Some((id, roles)) = self.item(sheet, *item) else {
                    return Vec::new();
                };
                one(sheet.tick(moment, &actor(&roles), &id, *on))
            }
            Deed::Rename { item } => match self.item(sheet, *item) {
                Some((id, _)) => one(sheet.rename(moment, &actor(&[]), &id, "Другое")),
                None => Vec::new(),
            },
            Deed::Drop {
                whole_list: true,
                item,
            } if !sheet.lists.is_empty() => {
                let at = nth(*item, sheet.lists.len());
                vec![sheet.drop_list(moment, &actor(&[]), at)]
            }
            Deed::Drop { item, .. } => match self.item(sheet, *item) {
                Some((id, _)) => one(sheet.drop_item(moment, &actor(&[]), &id)),
                None => Vec::new(),
            },
            Deed::Fake { list, ticked } => {
                let lists = &self.process.checklists;
                let list = &lists[nth(*list, lists.len())];
                self.bring(sheet, &actor(&[]), &list.name, &list.items, *ticked)
            }
            Deed::Label { label, on } => {
                let labels: Vec<_> = self.bindings.labels.values().collect();
                let id = labels[nth(*label, labels.len())];
                one(sheet.label(moment, &actor(&[]), id, *on))
            }
            Deed::File { on: true, fits } => {
                let name = if *fits {
                    "Договор 7.pdf"
                } else {
                    "Фото.jpg"
                };
                vec![sheet.attach(moment, &actor(&[]), name)]
            }
            Deed::File { .. } => one(sheet.detach(moment, &actor(&[]))),
            Deed::Member { who, on } => {
                let member = named(*who).unwrap_or("nil").into();
                one(sheet.member(moment, &actor(&[]), &member, *on))
            }
            Deed::Allow { stage } => {
                let stage = &stages[nth(*stage, stages.len())];
                let text = format!("/allow {} так надо", stage.name);
                let owner = std::slice::from_ref(&self.process.owner);
                vec![self.say(sheet, &actor(owner), text)]
            }
            Deed::Say { what } => {
                let text = ["/why", "/help", "/wrong всё не так", "/yes", "Просто слова"];
                let text = text[nth(*what, text.len())].to_owned();
                vec![self.say(sheet, &actor(&[]), text)]
            }
            Deed::Ask { stage, page } => {
                let stage = stages.get(usize::from(*stage));
                let movers = stage.and_then(|stage| stage.movers.clone());
                let actor = actor(&movers.unwrap_or_default());
                vec![match stage {
                    Some(stage) if *page => {
                        let stage = stage.key.to_string();
                        self.ask(sheet, &actor, Ask::Move { stage })
                    }
                    Some(stage) => self.say(sheet, &actor, format!("/move {}", stage.name)),
                    None => self.say(sheet, &actor, "/next".to_owned()),
                }]
            }
            Deed::AskToWrite { field, value, page } => {
                let fields = &self.process.fields;
                let Some(field) = fields.get(nth(*field, fields.len())) else {
                    return Vec::new();
                };
                let (actor, value) = (actor(&field.by), typed(field, *value));
                vec![if *page {
                    let fields = [(field.key.to_string(), value)].into();
                    self.ask(sheet, &actor, Ask::Set { fields })
                } else {
                    self.say(sheet, &actor, format!("/set {} = {value}", field.name))
                }]
            }
            Deed::AskToTick { item } => {
                let lists = self.process.checklists.iter();
                let items: Vec<_> = lists.flat_map(|list| &list.items).collect();
                let Some(item) = items.get(nth(*item, items.len())) else {
                    return Vec::new();
                };
                let (actor, item) = (actor(&item.by), item.key.to_string());
                vec![self.ask(sheet, &actor, Ask::Tick { item })]
            }
            Deed::Archive if !sheet.closed => {
                sheet.closed = true;
                let (card, name, list) = (sheet.id.clone(), sheet.name(), Some(sheet.list.clone()));
                let kind = EventKind::CardArchived { card, name, list };
                vec![sheet.happen(moment, &actor(&[]), kind)]
            }
            Deed::Restore if sheet.closed => {
                vec![sheet.appear(moment, &actor(&[]), Appeared::Unarchived)]
            }
            Deed::Leave => {
                sheet.gone = true;
                let (card, how) = (sheet.id.clone(), Left::ToBoard("elsewhere".into()));
                vec![sheet.happen(moment, &actor(&[]), EventKind::CardLeft { card, how })]
            }
            Deed::Return { to } => {
                sheet.list = self.list_at(*to);
                vec![sheet.appear(moment, &actor(&[]), Appeared::FromBoard)]
            }
            Deed::Archive | Deed::Restore | Deed::Wait { .. } => Vec::new(),
        }
    }

    /// Who does it: whoever the line names, else the first who may.
    fn who(&self, line: &Line, roles: &[RoleKey]) -> &str {
        let held = |role| self.bindings.roles.get(role);
        let mut held = roles.iter().filter_map(held).flat_map(|held| &held.people);
        named(line.who).unwrap_or_else(|| held.next().map_or("ann", |one| one.as_str()))
    }

    fn list(&self, stage: &Stage) -> ListId {
        self.bindings.lists[&stage.key].clone()
    }

    fn list_at(&self, at: u8) -> ListId {
        let stage = self.process.stages.get(usize::from(at));
        stage.map_or_else(|| "free list".into(), |stage| self.list(stage))
    }

    fn say(&self, sheet: &mut Sheet, actor: &Actor, text: String) -> Event {
        let card = sheet.id.clone();
        sheet.happen(self.moment, actor, EventKind::Commented { card, text })
    }

    fn ask(&self, sheet: &mut Sheet, actor: &Actor, ask: Ask) -> Event {
        let card = sheet.id.clone();
        sheet.happen(self.moment, actor, EventKind::Asked { card, ask })
    }

    /// One of the items on the card, and whose tick it is.
    fn item(&self, sheet: &Sheet, at: u8) -> Option<(String, Vec<RoleKey>)> {
        let items: Vec<_> = sheet.lists.iter().flat_map(|list| &list.items).collect();
        let item = items.get(usize::from(at) % items.len().max(1))?;
        let mut declared = self.process.checklists.iter().flat_map(|list| &list.items);
        let by = declared
            .find(|one| one.name == item.born)
            .map(|one| one.by.clone());
        Some((item.id.clone(), by.unwrap_or_default()))
    }

    /// A checklist with those items, as far as they are not there.
    fn bring(
        &self,
        sheet: &mut Sheet,
        actor: &Actor,
        name: &str,
        items: &[Item],
        ticked: bool,
    ) -> Vec<Event> {
        let (at, made) = sheet.list(self.moment, actor, name);
        let mut events: Vec<_> = made.into_iter().collect();
        for item in items {
            if !sheet.lists[at]
                .items
                .iter()
                .any(|there| there.born == item.name)
            {
                events.push(sheet.add_item(self.moment, actor, at, &item.name, ticked).1);
            }
        }
        events
    }

    fn prepare(&self, sheet: &mut Sheet, line: &Line, here: Option<usize>, but: u8) -> Vec<Event> {
        let rank = here.map_or(0, |here| here + 1);
        let Some(next) = self.process.path().nth(rank) else {
            return Vec::new();
        };
        let mut todo = Todo {
            left: usize::from(but),
            line,
        };
        let mut events = Vec::new();
        let mut asked: Vec<&Field> = Vec::new();
        for field in &self.process.fields {
            let from = field.from.as_ref().and_then(|from| self.process.rank(from));
            if from.is_some_and(|from| from <= rank) && todo.goes() {
                asked.push(field);
            }
        }
        events.extend(self.fill(sheet, line, &asked));
        for need in &next.needs {
            self.meet(sheet, need, &mut todo, &mut events);
        }
        events
    }

    /// In one edit, by whoever may change the last of them.
    fn fill(&self, sheet: &mut Sheet, line: &Line, fields: &[&Field]) -> Option<Event> {
        let before = sheet.desc.clone();
        for field in fields {
            let said = sheet.line(&field.name);
            if said.is_empty() || said == BAD {
                sheet.desc = sheet.with_line(&field.name, &good(field));
            }
        }
        let after = std::mem::replace(&mut sheet.desc, before);
        let actor = person(self.who(line, &fields.last()?.by), Via::Hand);
        sheet.describe(self.moment, &actor, after)
    }

    fn meet(&self, sheet: &mut Sheet, need: &Need, todo: &mut Todo<'_>, events: &mut Vec<Event>) {
        let line = todo.line;
        let actor = |roles: &[RoleKey]| person(self.who(line, roles), Via::Hand);
        match &need.want {
            Want::All(needs) | Want::Any(needs) => {
                needs
                    .iter()
                    .for_each(|need| self.meet(sheet, need, todo, events));
            }
            _ if !todo.goes() => {}
            Want::Field(key) => {
                let field = self.process.field(key).expect("a declared field");
                events.extend(self.fill(sheet, line, &[field]));
            }
            Want::Item { item, by, .. } => self.ticked(sheet, item.as_str(), by, line, events),
            Want::Checklist { checklist, .. } => {
                let list = self
                    .process
                    .checklist(checklist)
                    .expect("a declared checklist");
                for item in &list.items {
                    self.ticked(sheet, item.key.as_str(), &[], line, events);
                }
            }
            Want::Label { label, by } => {
                if let Some(id) = self.bindings.labels.get(label) {
                    events.extend(sheet.label(self.moment, &actor(by), id, true));
                }
            }
            Want::Attachment { by, .. } => {
                events.push(sheet.attach(self.moment, &actor(by), "Договор 7.pdf"));
            }
            Want::Member(role) => {
                let one = actor(std::slice::from_ref(role));
                let member = one.member.clone().unwrap_or_else(|| "nil".into());
                events.extend(sheet.member(self.moment, &one, &member, true));
            }
            Want::FourEyes(_) => {}
        }
    }

    fn ticked(
        &self,
        sheet: &mut Sheet,
        key: &str,
        by: &[RoleKey],
        line: &Line,
        events: &mut Vec<Event>,
    ) {
        let lists = self.process.checklists.iter();
        let mut declared = lists.flat_map(|list| list.items.iter().map(move |item| (list, item)));
        let (list, item) = declared
            .find(|(_, item)| item.key.as_str() == key)
            .expect("a declared item");
        let by = if by.is_empty() { &item.by } else { by };
        let actor = person(self.who(line, by), Via::Hand);
        events.extend(self.bring(sheet, &actor, &list.name, std::slice::from_ref(item), false));
        let there = sheet.lists.iter().filter(|one| one.name == list.name);
        let there = there
            .flat_map(|one| &one.items)
            .find(|one| one.born == item.name);
        if let Some(id) = there.map(|there| there.id.clone()) {
            events.extend(sheet.tick(self.moment, &actor, &id, true));
        }
    }
}

/// Things done in turn, all but one of them.
struct Todo<'l> {
    left: usize,
    line: &'l Line,
}

impl Todo<'_> {
    /// Whether the next one is done.
    fn goes(&mut self) -> bool {
        let skipped = self.left == 0;
        self.left = self.left.wrapping_sub(1);
        !skipped
    }
}
