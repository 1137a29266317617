//! What a form may ask for, and what becomes of it: parts are named by their keys, as in the file.

use super::data;
use super::draft::{Draft, Entangled, Put};
use super::refs::{Kin, follow, named};
use super::refused::Refused;
use super::source::{Node, Path, Source, Step, child, nth, plainly};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// A part of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "part", rename_all = "snake_case")]
pub enum At {
    /// What stands above the first header.
    File,
    Guide,
    Hours,
    Figures,
    Limits,
    Label {
        key: String,
    },
    Role {
        key: String,
    },
    Field {
        key: String,
    },
    /// A block has no key.
    Block {
        name: String,
    },
    Checklist {
        key: String,
    },
    /// By its key, or by its name where it has none.
    Item {
        checklist: String,
        key: String,
    },
    /// On the path or beside it.
    Stage {
        key: String,
    },
    Seed {
        stage: String,
    },
    /// Counted from 0, as the file stands when this change is made.
    Need {
        stage: String,
        nth: usize,
    },
    Deadline {
        nth: usize,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "list", rename_all = "snake_case")]
pub enum List {
    Label,
    Role,
    Field,
    Block,
    Checklist,
    Item { checklist: String },
    Stage,
    Side,
    Need { stage: String },
    Deadline,
}

/// The member of a list behind which something goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Beside {
    Nth(usize),
    Key(String),
}

/// Changes are made in their order. What is set, added or moved is written as the file writes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// Without a value the key is cleared.
    Set {
        at: At,
        key: String,
        #[serde(default)]
        value: Option<Json>,
    },
    /// Another key; whoever names it names the new one. A stage keeps the old one in `was`.
    Rename { at: At, to: String },
    /// Without `after` it becomes the first.
    Add {
        to: List,
        what: Map<String, Json>,
        #[serde(default)]
        after: Option<Beside>,
    },
    /// Refused while something else names it.
    Remove { at: At },
    Move {
        at: At,
        #[serde(default)]
        after: Option<Beside>,
    },
}

/// Lists of parts: they change part by part.
const LISTS: [&str; 8] = [
    "label",
    "role",
    "field",
    "block",
    "checklist",
    "stage",
    "side",
    "deadline",
];

impl At {
    fn no_such(&self) -> Refused {
        let (part, key) = match self {
            At::File => ("file", String::new()),
            At::Guide => ("guide", String::new()),
            At::Hours => ("hours", String::new()),
            At::Figures => ("figures", String::new()),
            At::Limits => ("limits", String::new()),
            At::Label { key } => ("label", key.clone()),
            At::Role { key } => ("role", key.clone()),
            At::Field { key } => ("field", key.clone()),
            At::Block { name } => ("block", name.clone()),
            At::Checklist { key } => ("checklist", key.clone()),
            At::Item { key, .. } => ("item", key.clone()),
            At::Stage { key } | At::Seed { stage: key } => ("stage", key.clone()),
            At::Need { nth, .. } => ("need", nth.to_string()),
            At::Deadline { nth } => ("deadline", nth.to_string()),
        };
        Refused::NoSuch {
            part: part.to_owned(),
            key,
        }
    }

    fn kin(&self) -> Option<Kin> {
        Some(match self {
            At::Label { .. } => Kin::Label,
            At::Role { .. } => Kin::Role,
            At::Field { .. } => Kin::Field,
            At::Checklist { .. } => Kin::Checklist,
            At::Item { .. } => Kin::Item,
            At::Stage { .. } => Kin::Stage,
            _ => return None,
        })
    }

    /// The list it stands in, and its number there; none for what stands in no list, or is not there.
    fn member(&self, source: &Source<'_>) -> Option<(Path, usize)> {
        let top = |list: &str, key: &str| {
            let list = vec![Step::Key(list.to_owned())];
            let at = position(source, &list, key)?;
            Some((list, at))
        };
        match self {
            At::File | At::Guide | At::Hours | At::Figures | At::Limits | At::Seed { .. } => None,
            At::Label { key } => top("label", key),
            At::Role { key } => top("role", key),
            At::Field { key } => top("field", key),
            At::Block { name } => top("block", name),
            At::Checklist { key } => top("checklist", key),
            At::Stage { key } => top("stage", key).or_else(|| top("side", key)),
            At::Item { checklist, key } => {
                let (list, at) = top("checklist", checklist)?;
                let items = child(&nth(&list, at), "item");
                let at = position(source, &items, key)?;
                Some((items, at))
            }
            At::Need { stage, nth: at } => {
                let (list, stage) = At::Stage { key: stage.clone() }.member(source)?;
                let needs = child(&nth(&list, stage), "need");
                source.at(&nth(&needs, *at))?;
                Some((needs, *at))
            }
            At::Deadline { nth: at } => {
                let list = vec![Step::Key("deadline".to_owned())];
                source.at(&nth(&list, *at))?;
                Some((list, *at))
            }
        }
    }

    /// The table that holds it, and its key there, where it is one of a kind.
    fn only(&self, source: &Source<'_>) -> Option<(Path, &'static str)> {
        match self {
            At::Guide => Some((Vec::new(), "guide")),
            At::Hours => Some((Vec::new(), "hours")),
            At::Figures => Some((Vec::new(), "figures")),
            At::Limits => Some((Vec::new(), "limits")),
            At::Seed { stage } => {
                let (list, at) = At::Stage { key: stage.clone() }.member(source)?;
                Some((nth(&list, at), "seed"))
            }
            _ => None,
        }
    }
}

impl List {
    fn path(&self, source: &Source<'_>) -> Option<Path> {
        let top = |list: &str| Some(vec![Step::Key(list.to_owned())]);
        let within = |at: At, key: &str| {
            let (list, at) = at.member(source)?;
            Some(child(&nth(&list, at), key))
        };
        match self {
            List::Label => top("label"),
            List::Role => top("role"),
            List::Field => top("field"),
            List::Block => top("block"),
            List::Checklist => top("checklist"),
            List::Stage => top("stage"),
            List::Side => top("side"),
            List::Deadline => top("deadline"),
            List::Item { checklist } => within(
                At::Checklist {
                    key: checklist.clone(),
                },
                "item",
            ),
            List::Need { stage } => within(At::Stage { key: stage.clone() }, "need"),
        }
    }

    fn holder(&self) -> At {
        match self {
            List::Item { checklist } => At::Checklist {
                key: checklist.clone(),
            },
            List::Need { stage } => At::Stage { key: stage.clone() },
            _ => At::File,
        }
    }
}

fn called<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.get(key).and_then(Node::text)
}

fn position(source: &Source<'_>, list: &[Step], key: &str) -> Option<usize> {
    let all = source.at(list)?.list();
    let by_key = all.iter().position(|one| called(one, "key") == Some(key));
    by_key.or_else(|| {
        let keyless = |one: &Node| one.get("key").is_none() && called(one, "name") == Some(key);
        all.iter().position(keyless)
    })
}

/// Behind whom a member goes, as its number in the list.
fn behind(source: &Source<'_>, list: &[Step], after: Option<&Beside>) -> Result<usize, Refused> {
    let (found, key) = match after {
        None => return Ok(0),
        Some(Beside::Nth(at)) => (source.at(&nth(list, *at)).map(|_| *at), at.to_string()),
        Some(Beside::Key(key)) => (position(source, list, key), key.clone()),
    };
    let part = super::source::keys(list)
        .last()
        .copied()
        .unwrap_or_default();
    let part = part.to_owned();
    found.map(|at| at + 1).ok_or(Refused::NoSuch { part, key })
}

/// The key of an item as others name it.
fn item_key(list: &str, item: &Node) -> String {
    let own = called(item, "key").map(str::to_owned);
    own.unwrap_or_else(|| {
        format!(
            "{list}: {}",
            called(item, "name").unwrap_or_default().trim()
        )
    })
}

/// The text as it is changed, and the stages of the version before with what they were.
pub(super) struct Work {
    pub(super) draft: Draft,
    before: Vec<(String, Option<String>)>,
}

impl Work {
    pub(super) fn new(text: &str) -> Result<Self, Entangled> {
        let draft = Draft {
            text: text.to_owned(),
        };
        let source = draft.source()?;
        let lists = ["stage", "side"]
            .into_iter()
            .filter_map(|key| source.root.get(key));
        let stages = lists.flat_map(Node::list);
        let told = |node: &Node, key: &str| called(node, key).map(str::to_owned);
        let before = stages.filter_map(|one| Some((told(one, "key")?, told(one, "was"))));
        let before = before.collect();
        Ok(Self { draft, before })
    }

    pub(super) fn make(&mut self, change: &Change) -> Result<(), Refused> {
        match change {
            Change::Set { at, key, value } => self.set(at, key, value.as_ref()),
            Change::Rename { at, to } => self.rename(at, to),
            Change::Add { to, what, after } => {
                let source = self.draft.source()?;
                let list = to.path(&source).ok_or_else(|| to.holder().no_such())?;
                let at = behind(&source, &list, after.as_ref())?;
                let what = data::lean(&Json::Object(what.clone()), None);
                Ok(self.draft.insert(&list, at, &what)?)
            }
            Change::Remove { at } => self.remove(at),
            Change::Move { at, after } => {
                let source = self.draft.source()?;
                let (list, from) = at.member(&source).ok_or_else(|| at.no_such())?;
                let to = behind(&source, &list, after.as_ref())?;
                // Counted without the one that moves.
                let to = if to > from { to - 1 } else { to };
                Ok(self.draft.shift(&list, from, to)?)
            }
        }
    }

    fn set(&mut self, at: &At, key: &str, value: Option<&Json>) -> Result<(), Refused> {
        let source = self.draft.source()?;
        let value = value.filter(|value| !value.is_null());
        match (at, key, value) {
            (At::File, "target" | "person" | "way" | "ladder", _) => return Err(Refused::Fixed),
            (At::File, key, _) if LISTS.contains(&key) => return Err(Refused::Fixed),
            (_, "key", Some(Json::String(to))) => return self.rename(at, to),
            (At::Item { checklist, .. }, "name", Some(Json::String(to))) => {
                let puts = item_named(&source, at, checklist, to);
                self.draft.put_all(puts)?;
            }
            _ => {}
        }
        let source = self.draft.source()?;
        let path = match (at, at.only(&source), at.member(&source)) {
            (At::File, ..) => Vec::new(),
            (_, Some((holder, own)), _) => {
                let path = child(&holder, own);
                if source.at(&path).is_none() {
                    let Some(value) = value.filter(|value| !data::idle(key, value)) else {
                        return Ok(());
                    };
                    let table = Map::from_iter([(key.to_owned(), data::lean(value, None))]);
                    let table = Json::Object(table);
                    return Ok(self.draft.set(&holder, own, Some(&table))?);
                }
                path
            }
            (_, None, Some((list, at))) => nth(&list, at),
            _ => return Err(at.no_such()),
        };
        let had = source.at(&child(&path, key)).map(Node::data);
        let value = value.map(|value| data::lean(&plainly(value.clone()), had.as_ref()));
        let idle = |value: &Json| had.is_none() && data::idle(key, value);
        let value = value.filter(|value| !idle(value));
        if value == had {
            return Ok(());
        }
        Ok(self.draft.set(&path, key, value.as_ref())?)
    }

    fn remove(&mut self, at: &At) -> Result<(), Refused> {
        let source = self.draft.source()?;
        if let Some((holder, own)) = at.only(&source) {
            return Ok(self.draft.set(&holder, own, None)?);
        }
        let (list, number) = at.member(&source).ok_or_else(|| at.no_such())?;
        let path = nth(&list, number);
        let node = source.at(&path).ok_or(Entangled)?;
        let keys: Vec<(Kin, String)> = match (at, at.kin()) {
            (At::Item { checklist, .. }, _) => vec![(Kin::Item, item_key(checklist, node))],
            (At::Checklist { key }, _) => {
                let items = node.get("item").map(Node::list).unwrap_or_default();
                let items = items.iter().map(|item| (Kin::Item, item_key(key, item)));
                items.chain([(Kin::Checklist, key.clone())]).collect()
            }
            (_, Some(kin)) => called(node, "key")
                .map(|key| (kin, key.to_owned()))
                .into_iter()
                .collect(),
            _ => Vec::new(),
        };
        let by = keys
            .iter()
            .flat_map(|(kin, key)| named(&source, *kin, key, &path));
        let by: Vec<_> = by.collect();
        if !by.is_empty() {
            let name = called(node, "name").unwrap_or_default().to_owned();
            return Err(Refused::Named { name, by });
        }
        Ok(self.draft.remove(&list, number)?)
    }

    fn rename(&mut self, at: &At, to: &str) -> Result<(), Refused> {
        let kin = at.kin().ok_or(Refused::Fixed)?;
        let good = |sign: char| sign.is_alphanumeric() || "_-".contains(sign);
        if to.is_empty() || !to.chars().all(good) {
            return Err(Refused::BadKey { key: to.to_owned() });
        }
        let source = self.draft.source()?;
        let (list, number) = at.member(&source).ok_or_else(|| at.no_such())?;
        let path = nth(&list, number);
        let node = source.at(&path).ok_or(Entangled)?;
        let key = match at {
            At::Item { checklist, .. } => item_key(checklist, node),
            _ => called(node, "key").unwrap_or_default().to_owned(),
        };
        if key == to {
            return Ok(());
        }
        if taken(&source, at, to) {
            return Err(Refused::Taken { key: to.to_owned() });
        }
        let mut puts = follow(&source, kin, &key, to);
        if let At::Checklist { .. } = at {
            let items = node.get("item").map(Node::list).unwrap_or_default();
            for item in items.iter().filter(|item| item.get("key").is_none()) {
                let (old, new) = (item_key(&key, item), item_key(to, item));
                puts.extend(follow(&source, Kin::Item, &old, &new));
            }
        }
        self.draft.put_all(puts)?;
        self.draft.set(&path, "key", Some(&Json::from(to)))?;
        match at {
            At::Stage { .. } => self.was(&path, &key, to),
            _ => Ok(()),
        }
    }

    /// By `was` the cards of a renamed stage are found again: it names the key in the version before.
    fn was(&mut self, path: &[Step], key: &str, to: &str) -> Result<(), Refused> {
        let find = |key: &str| self.before.iter().find(|(one, _)| one == key);
        let was = match (find(to), find(key)) {
            (Some((_, was)), _) => was.clone(),
            (None, Some(_)) => Some(key.to_owned()),
            (None, None) => return Ok(()),
        };
        let was = was.map(Json::from);
        Ok(self.draft.set(path, "was", was.as_ref())?)
    }
}

/// An item without a key is named by its name.
fn item_named(source: &Source<'_>, at: &At, list: &str, to: &str) -> Vec<Put> {
    let found = at.member(source);
    let item = found.and_then(|(items, at)| source.at(&nth(&items, at)));
    match item.filter(|item| item.get("key").is_none()) {
        Some(item) => {
            let new = format!("{list}: {}", to.trim());
            follow(source, Kin::Item, &item_key(list, item), &new)
        }
        None => Vec::new(),
    }
}

fn taken(source: &Source<'_>, at: &At, key: &str) -> bool {
    let root = |list: &str| source.root.get(list).map(Node::list).unwrap_or_default();
    let has = |list: &str| root(list).iter().any(|one| called(one, "key") == Some(key));
    match at {
        At::Label { .. } => has("label"),
        At::Role { .. } => has("role"),
        At::Field { .. } => has("field"),
        At::Checklist { .. } => has("checklist"),
        At::Stage { .. } => has("stage") || has("side"),
        At::Item { .. } => {
            let items = root("checklist").iter().filter_map(|list| list.get("item"));
            let mut items = items.flat_map(Node::list);
            items.any(|item| called(item, "key") == Some(key))
        }
        _ => false,
    }
}
