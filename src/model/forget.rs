//! Forgetting people: their names and ids go out of whatever is kept, and what was decided stays.
//! An id becomes a stand-in, always the same one on a board, so that counts still agree; a name
//! becomes a few words. Pure; it must never touch a word by which the program steers (a kind, a
//! stage's key), so a bare user name is replaced only where it is written for people.

use super::ids::{BoardId, MemberId};
use super::{Member, hex};
use jiff::Timestamp;
use regex::{Captures, Regex, RegexBuilder};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Whom to forget on a board, and in what.
#[derive(Clone, Debug)]
pub struct Forget {
    board: BoardId,
    people: Vec<Member>,
    /// As somebody typed them.
    typed: Vec<String>,
    ids: BTreeMap<String, MemberId>,
    names: Option<Regex>,
    usernames: Option<Regex>,
    /// What stands for a name from now on.
    pub called: String,
    /// In all that is kept, or in events and history of that span alone.
    pub span: Option<Span>,
}

/// From the one instant up to, and without, the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: Timestamp,
    pub before: Timestamp,
}

/// How many places were changed, by what they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Entries among the people known, with those of earlier versions.
    pub people: u64,
    pub events: u64,
    pub cards: u64,
    pub history: u64,
    /// What was to be done on Trello, or was given up.
    pub effects: u64,
    pub set_aside: u64,
}

impl Forgotten {
    pub fn nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// Keys under which a user name stands by itself, or a text for people.
const FOR_PEOPLE: &[&str] = &[
    "username",
    "name",
    "full_name",
    "fullName",
    "text",
    "desc",
    "old",
    "value",
    "typed",
    "said",
    "was",
    "seen",
    "reason",
];
/// What Trello and we say of a person beside the id.
const ABOUT: &[&str] = &["username", "name", "full_name", "fullName", "initials"];
const PICTURES: &[&str] = &["avatarHash", "avatarUrl"];
const WHOSE: &[&str] = &["id", "member", "idMember"];

impl Forget {
    /// `names` are looked for besides those of `people`.
    pub fn new(board: &BoardId, people: &[Member], names: &[String], called: String) -> Self {
        let ids = people.iter().map(|one| {
            let id = one.id.as_str();
            (id.to_owned(), stand_in(board, id))
        });
        let all = people
            .iter()
            .flat_map(|one| [&one.username, &one.full_name]);
        let all = all.chain(names).map(|name| name.trim());
        let all: Vec<&str> = all
            .filter(|name| name.chars().count() > 1 && *name != called)
            .collect();
        let (short, long): (Vec<&str>, Vec<&str>) = all.into_iter().partition(|name| bare(name));
        Self {
            board: board.clone(),
            people: people.to_vec(),
            typed: names.to_vec(),
            ids: ids.collect(),
            names: pattern(&long),
            usernames: pattern(&short),
            called,
            span: None,
        }
    }

    /// In events and history of that span alone.
    pub fn within(self, span: Span) -> Self {
        Self {
            span: Some(span),
            ..self
        }
    }

    /// Whoever goes by one of the names in a body and is not known otherwise: somebody who was never
    /// on the board's list.
    pub fn find(&self, body: &str, found: &mut Vec<Member>) {
        if let Ok(value) = serde_json::from_str(body) {
            self.find_in(&value, found);
        }
    }

    /// With those who were found.
    pub fn with(self, found: &[Member]) -> Self {
        let people = [self.people, found.to_vec()].concat();
        let span = self.span;
        Self {
            span,
            ..Self::new(&self.board, &people, &self.typed, self.called)
        }
    }

    fn find_in(&self, value: &Value, found: &mut Vec<Member>) {
        match value {
            Value::Array(all) => all.iter().for_each(|one| self.find_in(one, found)),
            Value::Object(map) => {
                map.values().for_each(|one| self.find_in(one, found));
                let text = |keys: &[&str]| {
                    let told = keys.iter().filter_map(|key| map.get(*key)?.as_str());
                    told.map(str::to_owned).next().unwrap_or_default()
                };
                let one = Member {
                    id: MemberId::new(text(&["member", "id", "idMember"])),
                    username: text(&["username"]),
                    full_name: text(&["full_name", "fullName", "name"]),
                };
                if self.goes_by(&one) && !self.is_about(&one.id) && !found.contains(&one) {
                    found.push(one);
                }
            }
            _ => {}
        }
    }

    fn goes_by(&self, one: &Member) -> bool {
        let called = |name: &str| {
            let same = |typed: &String| typed.to_lowercase() == name.to_lowercase();
            !name.is_empty() && self.typed.iter().any(same)
        };
        // A card has an id and a name as well; only people have user names.
        !one.id.as_str().is_empty()
            && !one.username.is_empty()
            && (called(&one.username) || called(&one.full_name))
    }

    /// What a lane of messages to one of them begins with.
    pub fn posts(&self) -> impl Iterator<Item = String> {
        self.ids.keys().map(|id| format!("@{id}/"))
    }

    pub fn is_about(&self, member: &MemberId) -> bool {
        self.ids.contains_key(member.as_str())
    }

    /// The id that stands for a member's from now on.
    pub fn id(&self, id: &str) -> Option<&MemberId> {
        self.ids.get(id)
    }

    /// A text for people; none: there was nothing in it to forget.
    pub fn text(&self, text: &str) -> Option<String> {
        self.replaced(text, true)
    }

    /// A text that is JSON if it can be read as such.
    pub fn body(&self, text: &str) -> Option<String> {
        match serde_json::from_str::<Value>(text) {
            Ok(mut value) => self.json(&mut value).then(|| value.to_string()),
            Err(_) => self.text(text),
        }
    }

    /// Whether anything was changed.
    pub fn json(&self, value: &mut Value) -> bool {
        self.walk(value, false)
    }

    /// A card's memory. What it mirrors of the card's text is taken from the card again: a value with
    /// a name in it is dropped, or our words would be put back on the card in its place.
    pub fn memory(&self, memory: &mut Value) -> bool {
        let mut dropped = false;
        if let Some(fields) = memory.get_mut("fields").and_then(Value::as_object_mut) {
            let named = |kept: &Value| {
                let value = kept.get("value").and_then(Value::as_str);
                value.is_some_and(|value| self.text(value).is_some())
            };
            let before = fields.len();
            fields.retain(|_, kept| !named(kept));
            dropped = fields.len() < before;
        }
        self.json(memory) | dropped
    }

    fn walk(&self, value: &mut Value, for_people: bool) -> bool {
        match value {
            Value::String(text) => {
                let for_people = for_people || text.contains(char::is_whitespace);
                let new = self.replaced(text, for_people);
                let changed = new.is_some();
                *text = new.unwrap_or_else(|| std::mem::take(text));
                changed
            }
            Value::Array(all) => all
                .iter_mut()
                .fold(false, |changed, one| self.walk(one, for_people) | changed),
            Value::Object(map) => self.object(map),
            _ => false,
        }
    }

    fn object(&self, map: &mut Map<String, Value>) -> bool {
        let mut changed = self.person(map);
        for (key, value) in map.iter_mut() {
            changed |= self.walk(value, FOR_PEOPLE.contains(&key.as_str()));
        }
        if map.keys().any(|key| self.without_ids(key).is_some()) {
            *map = std::mem::take(map)
                .into_iter()
                .map(|(key, value)| (self.without_ids(&key).unwrap_or(key), value))
                .collect();
            changed = true;
        }
        changed
    }

    /// An object about one of them: whatever it calls the person goes, also a name of earlier days.
    fn person(&self, map: &mut Map<String, Value>) -> bool {
        let ours = |key: &str| {
            let id = map.get(key).and_then(Value::as_str);
            id.is_some_and(|id| self.ids.contains_key(id))
        };
        if !WHOSE.iter().any(|key| ours(key)) {
            return false;
        }
        let names = ABOUT.iter().map(|key| (*key, self.called.as_str()));
        for (key, instead) in names.chain(PICTURES.iter().map(|key| (*key, ""))) {
            if let Some(kept) = map.get_mut(key).filter(|kept| kept.is_string()) {
                *kept = instead.into();
            }
        }
        true
    }

    fn replaced(&self, text: &str, for_people: bool) -> Option<String> {
        if let Some(id) = self.id(text) {
            return Some(id.to_string());
        }
        let mut new = None;
        let short = self.usernames.as_ref().filter(|_| for_people);
        for pattern in [self.names.as_ref(), short].into_iter().flatten() {
            let now = new.as_deref().unwrap_or(text);
            if pattern.is_match(now) {
                new = Some(pattern.replace_all(now, self.called.as_str()).into_owned());
            }
        }
        if !for_people && self.usernames.is_some() {
            new = self.called_in(new.as_deref().unwrap_or(text)).or(new);
        }
        self.without_ids(new.as_deref().unwrap_or(text)).or(new)
    }

    /// An id, or ids inside a longer text: of a timer, of a thread, of an action of our own making.
    fn without_ids(&self, text: &str) -> Option<String> {
        if let Some(id) = self.id(text) {
            return Some(id.to_string());
        }
        let mut new = None;
        for (id, instead) in self.ids.iter().filter(|(id, _)| id.len() >= 16) {
            let now = new.as_deref().unwrap_or(text);
            if now.contains(id.as_str()) {
                new = Some(now.replace(id.as_str(), instead.as_str()));
            }
        }
        new
    }

    /// «@maria» is written for people wherever it stands.
    fn called_in(&self, text: &str) -> Option<String> {
        let pattern = self.usernames.as_ref()?;
        let mut changed = false;
        let new = pattern.replace_all(text, |found: &Captures<'_>| {
            let whole = found.get(0).map_or("", |found| found.as_str());
            let called = whole.starts_with('@');
            changed |= called;
            if called {
                self.called.clone()
            } else {
                whole.to_owned()
            }
        });
        let new = new.into_owned();
        changed.then_some(new)
    }
}

/// A name that could also be a word of the program's: all of it small Latin letters and the like.
fn bare(name: &str) -> bool {
    name.chars()
        .all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || "_-.".contains(sign))
}

/// Any of the names as a whole, however it is spaced or written in capitals.
fn pattern(names: &[&str]) -> Option<Regex> {
    let mut all: Vec<String> = names
        .iter()
        .map(|name| {
            let words: Vec<_> = name.split_whitespace().map(regex::escape).collect();
            words.join(r"\s+")
        })
        .collect();
    all.sort_by_key(|name| std::cmp::Reverse(name.len()));
    all.dedup();
    if all.is_empty() {
        return None;
    }
    let whole = format!(r"@?\b{{start-half}}(?:{})\b{{end-half}}", all.join("|"));
    let mut pattern = RegexBuilder::new(&whole);
    pattern
        .case_insensitive(true)
        .size_limit(64 << 20)
        .build()
        .ok()
}

/// The same for the same member of the same board; nobody reads the id out of it.
pub fn stand_in(board: &BoardId, id: &str) -> MemberId {
    let told = Sha256::digest(format!("forgotten {board} {id}"));
    MemberId::new(format!("forgotten-{}", hex(&told[..8])))
}

/// Whether an id stands for somebody who was forgotten.
pub fn forgotten(id: &MemberId) -> bool {
    id.as_str().starts_with("forgotten-")
}

#[cfg(test)]
#[path = "forget_tests.rs"]
mod tests;
