//! A tiny Trello: cards with what a gate may look at, and the action that each change leaves behind.
//! It knows of no process. Who truly did what is kept here, for the oracle to ask.

use super::rulebook::{APP, BOT};
use jiff::{SignedDuration, Timestamp};
use signalman::model::{
    Actor, Attachment, Card, CardId, CheckItem, Checklist, Event, EventKind, LabelId, ListId,
    MemberId,
};
use signalman::process::judge::BUTLER;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    Hand,
    Butler,
    Agent,
}

#[derive(Clone, Debug)]
pub struct Item {
    pub id: String,
    /// What it was called when it was made: renaming makes it no other item.
    pub born: String,
    pub name: String,
    pub complete: bool,
    /// Whose own hand ticked it, and when; none where a machine did, or nobody.
    pub by: Option<MemberId>,
    pub at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct List {
    pub id: String,
    pub name: String,
    pub items: Vec<Item>,
}

#[derive(Clone, Debug)]
pub struct File {
    pub id: String,
    pub name: String,
    pub member: MemberId,
    pub by_hand: bool,
}

#[derive(Clone, Debug)]
pub struct Sheet {
    pub id: CardId,
    pub list: ListId,
    pub desc: String,
    pub closed: bool,
    pub gone: bool,
    pub members: Vec<MemberId>,
    /// Labels on the card, each with whose own hand put it there.
    pub labels: BTreeMap<LabelId, Option<MemberId>>,
    pub files: Vec<File>,
    pub lists: Vec<List>,
    pub log: Vec<Event>,
    made: u32,
}

/// The clock of one line of a history: what happens in it to a card is some milliseconds apart.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub line: usize,
    pub at: Timestamp,
}

pub fn person(name: &str, via: Via) -> Actor {
    Actor {
        member: Some(name.into()),
        username: name.to_owned(),
        name: name.to_owned(),
        app: (via == Via::Butler).then(|| BUTLER.into()),
        agent: via == Via::Agent,
    }
}

pub fn bot() -> Actor {
    Actor {
        member: Some(BOT.into()),
        username: BOT.to_owned(),
        name: BOT.to_owned(),
        app: Some(APP.into()),
        agent: false,
    }
}

/// The member, if it was the member's own hand.
pub fn own_hand(actor: &Actor) -> Option<&MemberId> {
    let member = actor.member.as_ref()?;
    let machine = actor.agent || actor.app.is_some() || member.as_str() == BOT;
    (!machine).then_some(member)
}

impl Sheet {
    pub fn new(nth: usize, list: ListId) -> Self {
        Self {
            id: format!("card{nth}").as_str().into(),
            list,
            desc: String::new(),
            closed: false,
            gone: false,
            members: Vec::new(),
            labels: BTreeMap::new(),
            files: Vec::new(),
            lists: Vec::new(),
            log: Vec::new(),
            made: 0,
        }
    }

    pub fn name(&self) -> String {
        format!("Станция {}", self.id)
    }

    /// An id for whatever is made on this card.
    fn next(&mut self, what: &str) -> String {
        self.made += 1;
        format!("{} {what} {}", self.id, self.made)
    }

    pub fn happen(&mut self, moment: Moment, actor: &Actor, kind: EventKind) -> Event {
        let before = self.log.iter().rev();
        let nth = before.take_while(|event| event.at >= moment.at).count();
        let after = SignedDuration::from_millis(i64::try_from(nth).unwrap_or(0));
        let event = Event {
            id: format!("{:04} {} {nth:03}", moment.line, self.id)
                .as_str()
                .into(),
            at: moment.at + after,
            actor: actor.clone(),
            kind,
        };
        self.log.push(event.clone());
        event
    }

    pub fn now(&self, moment: Moment) -> Timestamp {
        self.log
            .last()
            .map_or(moment.at, |last| last.at.max(moment.at))
    }

    pub fn item(&self, id: &str) -> Option<&Item> {
        self.lists
            .iter()
            .flat_map(|list| &list.items)
            .find(|item| item.id == id)
    }

    fn list_of(&mut self, item: &str) -> Option<&mut List> {
        let holds = |list: &&mut List| list.items.iter().any(|one| one.id == item);
        self.lists.iter_mut().find(holds)
    }

    pub fn go(&mut self, moment: Moment, actor: &Actor, to: &ListId) -> Option<Event> {
        if self.list == *to {
            return None;
        }
        let from = std::mem::replace(&mut self.list, to.clone());
        let (card, name, to) = (self.id.clone(), self.name(), to.clone());
        Some(self.happen(
            moment,
            actor,
            EventKind::CardMoved {
                card,
                name,
                from,
                to,
            },
        ))
    }

    pub fn appear(
        &mut self,
        moment: Moment,
        actor: &Actor,
        how: signalman::model::Appeared,
    ) -> Event {
        (self.closed, self.gone) = (false, false);
        let (card, name, list) = (self.id.clone(), self.name(), Some(self.list.clone()));
        self.happen(
            moment,
            actor,
            EventKind::CardAppeared {
                card,
                name,
                list,
                how,
            },
        )
    }

    pub fn tick(&mut self, moment: Moment, actor: &Actor, id: &str, on: bool) -> Option<Event> {
        let (by, at) = (own_hand(actor).filter(|_| on).cloned(), self.now(moment));
        let list = self.list_of(id)?;
        let checklist = list.id.as_str().into();
        let item = list.items.iter_mut().find(|item| item.id == id)?;
        if item.complete == on {
            return None;
        }
        (item.complete, item.by) = (on, by);
        let name = item.name.clone();
        let kind = EventKind::ItemTicked {
            card: self.id.clone(),
            checklist,
            item: id.into(),
            name,
            complete: on,
        };
        let event = self.happen(moment, actor, kind);
        let ticked = event.at.max(at);
        let list = self.list_of(id)?;
        list.items
            .iter_mut()
            .filter(|item| item.id == id)
            .for_each(|item| item.at = ticked);
        Some(event)
    }

    /// It was somebody else's wish.
    pub fn signed(&mut self, id: &str, by: Option<MemberId>) {
        let list = self.list_of(id);
        let items = list.map(|list| list.items.iter_mut());
        let item = items.and_then(|mut items| items.find(|item| item.id == id));
        if let Some(item) = item {
            item.by = by;
        }
    }

    pub fn rename(&mut self, moment: Moment, actor: &Actor, id: &str, name: &str) -> Option<Event> {
        let list = self.list_of(id)?;
        let checklist = list.id.as_str().into();
        let item = list.items.iter_mut().find(|item| item.id == id)?;
        if item.name == name {
            return None;
        }
        let old = std::mem::replace(&mut item.name, name.to_owned());
        let kind = EventKind::ItemRenamed {
            card: self.id.clone(),
            checklist,
            item: id.into(),
            old,
            name: name.to_owned(),
        };
        Some(self.happen(moment, actor, kind))
    }

    pub fn drop_item(&mut self, moment: Moment, actor: &Actor, id: &str) -> Option<Event> {
        let list = self.list_of(id)?;
        let checklist = list.id.as_str().into();
        let at = list.items.iter().position(|item| item.id == id)?;
        let name = list.items.remove(at).name;
        let kind = EventKind::ItemDeleted {
            card: self.id.clone(),
            checklist,
            item: id.into(),
            name,
        };
        Some(self.happen(moment, actor, kind))
    }

    pub fn drop_list(&mut self, moment: Moment, actor: &Actor, at: usize) -> Event {
        let list = self.lists.remove(at);
        let kind = EventKind::ChecklistRemoved {
            card: self.id.clone(),
            checklist: list.id.as_str().into(),
            name: list.name,
        };
        self.happen(moment, actor, kind)
    }

    /// A checklist of that name, made if there is none.
    pub fn list(&mut self, moment: Moment, actor: &Actor, name: &str) -> (usize, Option<Event>) {
        if let Some(at) = self.lists.iter().position(|list| list.name == name) {
            return (at, None);
        }
        let id = self.next("list");
        self.lists.push(List {
            id: id.clone(),
            name: name.to_owned(),
            items: Vec::new(),
        });
        let kind = EventKind::ChecklistAdded {
            card: self.id.clone(),
            checklist: id.as_str().into(),
            name: name.to_owned(),
        };
        (self.lists.len() - 1, Some(self.happen(moment, actor, kind)))
    }

    pub fn add_item(
        &mut self,
        moment: Moment,
        actor: &Actor,
        list: usize,
        name: &str,
        complete: bool,
    ) -> (String, Event) {
        let id = self.next("item");
        let checklist = self.lists[list].id.as_str().into();
        self.lists[list].items.push(Item {
            id: id.clone(),
            born: name.to_owned(),
            name: name.to_owned(),
            complete,
            by: None,
            at: moment.at,
        });
        let kind = EventKind::ItemAdded {
            card: self.id.clone(),
            checklist,
            item: id.as_str().into(),
            name: name.to_owned(),
            complete,
        };
        (id, self.happen(moment, actor, kind))
    }

    pub fn label(
        &mut self,
        moment: Moment,
        actor: &Actor,
        id: &LabelId,
        on: bool,
    ) -> Option<Event> {
        if self.labels.contains_key(id) == on {
            return None;
        }
        if on {
            self.labels.insert(id.clone(), own_hand(actor).cloned());
        } else {
            self.labels.remove(id);
        }
        let (card, label) = (self.id.clone(), id.clone());
        Some(self.happen(moment, actor, EventKind::LabelPut { card, label, on }))
    }

    pub fn member(
        &mut self,
        moment: Moment,
        actor: &Actor,
        id: &MemberId,
        on: bool,
    ) -> Option<Event> {
        if self.members.contains(id) == on {
            return None;
        }
        self.members.retain(|one| one != id);
        self.members.extend(on.then(|| id.clone()));
        let (card, member) = (self.id.clone(), id.clone());
        Some(self.happen(moment, actor, EventKind::MemberPut { card, member, on }))
    }

    pub fn attach(&mut self, moment: Moment, actor: &Actor, name: &str) -> Event {
        let id = self.next("file");
        self.files.push(File {
            id: id.clone(),
            name: name.to_owned(),
            member: actor.member.clone().unwrap_or_else(|| BOT.into()),
            by_hand: own_hand(actor).is_some(),
        });
        let kind = EventKind::Attached {
            card: self.id.clone(),
            attachment: id.as_str().into(),
            name: name.to_owned(),
            on: true,
        };
        self.happen(moment, actor, kind)
    }

    pub fn detach(&mut self, moment: Moment, actor: &Actor) -> Option<Event> {
        let file = self.files.pop()?;
        let kind = EventKind::Attached {
            card: self.id.clone(),
            attachment: file.id.as_str().into(),
            name: file.name,
            on: false,
        };
        Some(self.happen(moment, actor, kind))
    }

    pub fn describe(&mut self, moment: Moment, actor: &Actor, desc: String) -> Option<Event> {
        if desc == self.desc {
            return None;
        }
        let old = Some(std::mem::replace(&mut self.desc, desc.clone()));
        let card = self.id.clone();
        Some(self.happen(moment, actor, EventKind::CardDescribed { card, old, desc }))
    }

    /// A line's value, as a person reads the card: the first line of that name that says something.
    pub fn line(&self, name: &str) -> &str {
        let said = |line: &'_ str| -> Option<std::ops::Range<usize>> {
            let value = line.strip_prefix(name)?.strip_prefix(':')?.trim();
            let start = value.as_ptr() as usize - self.desc.as_ptr() as usize;
            (!value.is_empty()).then(|| start..start + value.len())
        };
        let found = self.desc.lines().find_map(said);
        found.map_or("", |range| &self.desc[range])
    }

    /// The description with one line's value changed, as a person changes it.
    pub fn with_line(&self, name: &str, value: &str) -> String {
        let has = |line: &&str| {
            line.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with(':'))
        };
        let mut lines: Vec<String> = self.desc.lines().map(str::to_owned).collect();
        let filled = |line: &&str| has(line) && line.len() > name.len() + 2;
        let at = self.desc.lines().position(|line| filled(&line));
        let at = at.or_else(|| self.desc.lines().position(|line| has(&line)));
        let line = format!("{name}: {value}").trim_end().to_owned();
        match at {
            Some(at) => lines[at] = line,
            None => lines.push(line),
        }
        lines.join("\n")
    }

    pub fn read(&self) -> Card {
        let item = |item: &Item| CheckItem {
            id: item.id.as_str().into(),
            name: item.name.clone(),
            complete: item.complete,
        };
        let list = |list: &List| Checklist {
            id: list.id.as_str().into(),
            name: list.name.clone(),
            items: list.items.iter().map(item).collect(),
        };
        let file = |file: &File| Attachment {
            id: file.id.as_str().into(),
            name: file.name.clone(),
            by: Some(file.member.clone()),
        };
        Card {
            id: self.id.clone(),
            short_link: String::new(),
            url: String::new(),
            name: self.name(),
            desc: self.desc.clone(),
            list: self.list.clone(),
            pos: 1.0,
            closed: self.closed,
            due: None,
            members: self.members.clone(),
            labels: self.labels.keys().cloned().collect(),
            checklists: self.lists.iter().map(list).collect(),
            attachments: self.files.iter().map(file).collect(),
            custom_values: Vec::new(),
        }
    }
}
