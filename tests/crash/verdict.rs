//! What must hold after the storm, each in words. The board is looked at as people see it, against
//! what people did and what the service remembers; nothing is asked of the service itself.

use crate::player::{Record, holders};
use crate::scene::Scene;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use signalman::model::{ActionId, Lane};
use signalman::process::{Memory, Ruling, What};
use signalman::sandbox::model::{Action, Card, Checklist};
use signalman::store::{HistoryLine, Store};
use signalman::trello::action;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Trello has no way to change a text only if it is still the same. Between our reading and our
/// writing somebody may write: what is written so late is lost, and kept in the history.
const AT_ONCE: SignedDuration = SignedDuration::from_secs(1);

pub struct Seen {
    pub broken: Vec<String>,
    pub refusals: usize,
    pub comments: usize,
}

struct Look<'a> {
    scene: &'a Scene,
    record: &'a Record,
    store: Arc<dyn Store>,
    cards: Vec<Card>,
    checklists: Vec<Checklist>,
    actions: Vec<Action>,
    memories: BTreeMap<String, Memory>,
    rulings: BTreeMap<String, Vec<Ruling>>,
    broken: Vec<String>,
}

pub async fn give(scene: &Scene, record: &Record) -> Seen {
    let mut look = Look::at(scene, record).await;
    look.everything_acknowledged_is_known().await;
    for card in look.cards.clone() {
        look.it_stands_where_it_is_remembered(&card);
        look.it_passed_no_gate_unasked(&card);
        look.it_is_in_the_archive_rightly(&card);
        look.each_refusal_has_one_comment(&card);
        look.nothing_is_said_twice(&card);
        look.nothing_is_seeded_twice(&card);
    }
    look.ticks_stand();
    look.texts_stand();
    let refused = |ruling: &&Ruling| matches!(ruling.what, What::Refused(_));
    Seen {
        refusals: look.rulings.values().flatten().filter(refused).count(),
        comments: look
            .cards
            .iter()
            .map(|card| look.said(&card.id).len())
            .sum(),
        broken: look.broken,
    }
}

impl<'a> Look<'a> {
    async fn at(scene: &'a Scene, record: &'a Record) -> Self {
        let store = scene.store().await;
        let board = scene.demo.board.as_str().into();
        let how = &scene.demo.lists["how"];
        let (cards, checklists, actions) = scene.world().with(|state| {
            let cards = state.cards.values().filter(|card| card.list != *how);
            (
                cards.cloned().collect::<Vec<_>>(),
                state.checklists.values().cloned().collect(),
                state.actions.clone(),
            )
        });
        let memories = store.memories(&board).await.unwrap().into_iter();
        let memories = memories.map(|(lane, memory)| (lane.as_str().to_owned(), memory));
        let mut rulings = BTreeMap::new();
        for card in &cards {
            let lane = Lane::Card(card.id.as_str().into());
            let lines = store.history(&board, Some(&lane), 100_000).await.unwrap();
            rulings.insert(card.id.clone(), lines.iter().filter_map(ruling).collect());
        }
        Self {
            scene,
            record,
            store,
            cards,
            checklists,
            actions,
            memories: memories.collect(),
            rulings,
            broken: Vec::new(),
        }
    }

    fn find(&mut self, card: &Card, what: String) {
        self.broken
            .push(format!("“{}” ({}): {what}", card.name, card.id));
    }

    /// What was answered with 200 is in the log: appended again, none of it is new.
    async fn everything_acknowledged_is_known(&mut self) {
        let board = self.scene.demo.board.as_str().into();
        for body in self.scene.desk.acknowledged() {
            let mut body: Value = serde_json::from_slice(&body).unwrap();
            let what = body["action"]["type"].clone();
            let event = action::event(body["action"].take()).unwrap();
            let (id, now) = (event.id.clone(), self.scene.world().now());
            if self.store.append(&board, &[event], now).await.unwrap() > 0 {
                self.broken
                    .push(format!("{what} {id} was acknowledged and is lost"));
            }
        }
    }

    /// The card stands in the list of its stage, and the memory says so.
    fn it_stands_where_it_is_remembered(&mut self, card: &Card) {
        let Some(memory) = self.memories.get(&card.id).cloned() else {
            return self.find(card, "nothing is remembered of it".into());
        };
        let stage = memory.standing.map(|standing| standing.stage.to_string());
        let lists = &self.scene.demo.lists;
        let home = stage.as_ref().and_then(|stage| lists.get(stage));
        let at = self.stage_of(&card.list);
        if memory.closed != card.closed {
            let what = format!("archived: {}, remembered: {}", card.closed, memory.closed);
            self.find(card, what);
        }
        if !card.closed && home != Some(&card.list) {
            self.find(card, format!("it stands in {at}, its place is {stage:?}"));
        }
        let rests = memory.rests.map(|list| self.stage_of(list.as_str()));
        if !card.closed && rests.as_ref() != Some(&at) {
            self.find(
                card,
                format!("it stands in {at}, and is remembered in {rests:?}"),
            );
        }
        if !card.closed && (memory.not_admitted.is_some() || memory.waits.is_some()) {
            self.find(card, "it was left where it was pushed".into());
        }
    }

    /// Nobody who looks at the board alone finds it behind a gate whose needs nobody ever met.
    fn it_passed_no_gate_unasked(&mut self, card: &Card) {
        const PATH: [&str; 9] = [
            "request", "details", "quote", "contract", "invoice", "connect", "handover",
            "register", "active",
        ];
        let rank = |list: &str| {
            PATH.iter()
                .position(|stage| self.scene.demo.lists[*stage] == list)
        };
        let began = self.record.began.get(&card.id).map(String::as_str);
        // From «left» a card may come back without the first gate, if it was active.
        let began = began.map_or(0, |list| rank(list).unwrap_or(8));
        let now = rank(&card.list).unwrap_or(0);
        if card.closed || self.record.passes.contains(&card.id) {
            return;
        }
        let ever = |key: &str| {
            let item = self.scene.process.item(&key.into()).unwrap();
            self.record
                .ever
                .contains(&(card.id.clone(), item.name.clone()))
        };
        let mut missing = Vec::new();
        if began < 5 && now >= 5 {
            if !ever("signed") {
                missing.push("the contract was never signed");
            }
            if !ever("paid") && !ever("early") {
                missing.push("it was never paid nor let in early");
            }
            if !self.record.contracts.contains(&card.id) {
                missing.push("it never had the contract's file");
            }
        }
        let places = [
            "p_billing",
            "p_accounting",
            "p_royalty",
            "p_crm",
            "p_list",
            "all_checked",
        ];
        if began < 8 && now == 8 && !places.iter().all(|key| ever(key)) {
            missing.push("not all five places were ever ticked");
        }
        let at = PATH[now];
        for what in missing {
            self.find(card, format!("it stands in {at}, and {what}"));
        }
    }

    /// A card that stood nowhere by right when it was archived (made in a stage it may not begin in,
    /// and not moved home yet) is nobody's business.
    fn it_is_in_the_archive_rightly(&mut self, card: &Card) {
        let memory = self.memories.get(&card.id);
        let archived = |ruling: &Ruling| match &ruling.what {
            What::Archived { stage } => Some(stage.is_none()),
            _ => None,
        };
        let last = self.rulings[&card.id].iter().find_map(archived);
        let new = !self.record.began.contains_key(&card.id);
        if memory.is_some_and(|memory| memory.standing.is_none()) || new && last == Some(true) {
            return;
        }
        let by = self
            .record
            .archived_by
            .get(&card.id)
            .filter(|_| card.closed);
        if let Some(by) = by.filter(|by| !holders("manager", true).contains(by)) {
            self.find(
                card,
                format!("{by} archived it, and it is still in the archive"),
            );
        }
    }

    /// All refusals of one episode share a comment, and it is there.
    fn each_refusal_has_one_comment(&mut self, card: &Card) {
        let mut episodes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for ruling in &self.rulings[&card.id] {
            let thread = match &ruling.what {
                What::Refused(refused) => &refused.episode.thread,
                What::Unticked { thread, .. } => thread,
                _ => continue,
            };
            let ids = episodes.entry(thread.clone()).or_default();
            ids.insert(ruling.id.0.clone());
        }
        let said = self.said(&card.id);
        // An answer to /why lists the latest decisions.
        let own: Vec<_> = said.iter().filter(|text| !is_answer(text)).collect();
        for (thread, ids) in episodes {
            let of_it: Vec<_> = own
                .iter()
                .filter(|text| ids.iter().any(|id| text.contains(id)))
                .collect();
            if of_it.len() != 1 {
                let count = of_it.len();
                let what = format!("{count} comments on {thread} ({ids:?}): {of_it:#?}");
                self.find(card, what);
            }
        }
    }

    /// A comment of its own is said once for each decision; an answer once for each question.
    fn nothing_is_said_twice(&mut self, card: &Card) {
        let said = self.said(&card.id);
        let asked = self.record.asked.get(&card.id).copied().unwrap_or(0);
        let answers = said.iter().filter(|text| is_answer(text)).count();
        let whys = self.rulings[&card.id].iter();
        let whys = whys
            .filter(|ruling| matches!(ruling.what, What::Why { .. }))
            .count();
        if answers > whys || whys > asked {
            let what = format!("asked {asked} times, heard {whys}, answered {answers}");
            self.find(card, what);
        }
        let mut times: BTreeMap<&String, usize> = BTreeMap::new();
        for text in said.iter().filter(|text| !is_answer(text)) {
            *times.entry(text).or_default() += 1;
        }
        let mut found = Vec::new();
        for (text, times) in times {
            let most = self.reasons(&card.id, text).max(1);
            if times > most {
                found.push(format!("said {times} times for {most} decisions: {text}"));
            }
        }
        for what in found {
            self.find(card, what);
        }
    }

    /// How many decisions there were that such a comment may be of: about a stage that it names, or
    /// about none.
    fn reasons(&self, card: &str, text: &str) -> usize {
        let own = self.rulings[card]
            .iter()
            .filter(|ruling| match &ruling.what {
                What::Ticked { .. } | What::Described { .. } | What::Why { .. } => false,
                What::Refused(_) | What::Unticked { .. } => false,
                What::Admitted(admitted) if !admitted.rests => false,
                _ => true,
            });
        let named = |ruling: &&Ruling| {
            let stage = ruling.what.stage();
            let stage = stage.and_then(|stage| self.scene.process.stage(stage));
            stage.is_none_or(|stage| text.contains(&stage.name))
        };
        own.filter(named).count()
    }

    fn nothing_is_seeded_twice(&mut self, card: &Card) {
        let mut found = Vec::new();
        let mut names = BTreeSet::new();
        for list in self.checklists.iter().filter(|list| list.card == card.id) {
            if !names.insert(&list.name) {
                found.push(format!("the checklist «{}» is there twice", list.name));
            }
            let mut items = BTreeSet::new();
            let twice = list.items.iter().filter(|item| !items.insert(&item.name));
            found.extend(twice.map(|item| format!("«{}» is in «{}» twice", item.name, list.name)));
        }
        for what in found {
            self.find(card, what);
        }
    }

    /// What a rightful person ticked and nobody took off is ticked.
    fn ticks_stand(&mut self) {
        for ((card, id), given) in &self.record.ticks {
            let items = self.checklists.iter().flat_map(|list| &list.items);
            let item = items.clone().find(|item| item.id == *id).unwrap();
            if !item.complete {
                let taken = self.last(card, |action| {
                    action.kind == "updateCheckItemStateOnCard"
                        && action.value["data"]["checkItem"]["id"] == **id
                });
                let what = format!("«{}» was rightfully ticked at {given}; {taken}", item.name);
                self.broken.push(format!("{card}: {what}"));
            }
        }
    }

    /// What people wrote below a description is there.
    fn texts_stand(&mut self) {
        for (card, note, written) in &self.record.notes {
            let there = self.cards.iter().find(|known| known.id == *card);
            if there.is_some_and(|card| card.desc.contains(note)) || self.raced(card, note) {
                continue;
            }
            let what = format!("the text “{note}” of {written} is gone");
            self.broken.push(format!("{card}: {what}"));
        }
    }

    /// It was lost between a reading and a writing, with nothing between them.
    fn raced(&self, card: &str, note: &str) -> bool {
        let descs = self.actions.iter().filter(|action| {
            action.card.as_deref() == Some(card) && action.value["data"]["old"]["desc"].is_string()
        });
        let mut written: Option<Timestamp> = None;
        for action in descs {
            let has = |value: &Value| value.as_str().is_some_and(|text| text.contains(note));
            let now = has(&action.value["data"]["card"]["desc"]);
            match written {
                None if now => written = Some(action.at),
                Some(at) if !now => {
                    let ours = action.member == self.scene.demo.bot;
                    let stood = self.scene.freezes.iter();
                    let mut stood = stood.filter(|(begun, over)| *begun < action.at && at < *over);
                    let at_once = action.at.duration_since(at) < AT_ONCE;
                    return ours && (at_once || stood.next().is_some());
                }
                _ => {}
            }
        }
        false
    }

    // Looking --------------------------------------------------------------------------------------

    fn stage_of(&self, list: &str) -> String {
        let known = self.scene.demo.lists.iter().find(|(_, id)| *id == list);
        known.map_or(list, |(key, _)| key).to_owned()
    }

    fn said(&self, card: &str) -> Vec<String> {
        let own = self.actions.iter().filter(|action| {
            action.kind == "commentCard"
                && action.card.as_deref() == Some(card)
                && action.member == self.scene.demo.bot
        });
        let text = |action: &Action| action.value["data"]["text"].as_str().unwrap().to_owned();
        own.map(text).collect()
    }

    /// The last action of a card that fits, for whoever looks into it.
    fn last(&self, card: &str, fits: impl Fn(&Action) -> bool) -> String {
        let mut own = self.actions.iter().rev();
        let found = own.find(|action| action.card.as_deref() == Some(card) && fits(action));
        found.map_or_else(String::new, |action| {
            let by = self
                .scene
                .demo
                .people
                .iter()
                .find(|(_, id)| **id == action.member);
            let by = by.map_or("the service", |(name, _)| name);
            format!(
                "last {} by {by} at {} ({})",
                action.kind,
                action.at,
                ActionId::new(&*action.id)
            )
        })
    }
}

/// An answer to /why, by the line that says where the card is; that it waits is said before it.
fn is_answer(text: &str) -> bool {
    let first = ["Карточка стоит в колонке", "Карточка не допущена"];
    text.lines()
        .any(|line| first.iter().any(|first| line.starts_with(first)))
}

fn ruling(line: &HistoryLine) -> Option<Ruling> {
    serde_json::from_value(line.data.clone()).ok()
}
