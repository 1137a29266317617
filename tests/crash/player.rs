//! People at random: each does what a person of the firm may do, or may not. What they rightfully
//! did is written down as they do it, for that is what must still stand in the end. It knows nothing
//! of the service.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use signalman::process::Process;
use signalman::sandbox::model::Card;
use signalman::sandbox::radio::Demo;
use signalman::sandbox::world::{Hand, World};
use std::collections::{BTreeMap, BTreeSet};

const EVERYBODY: [&str; 7] = [
    "maria_demo",
    "vera_demo",
    "ilya_demo",
    "egor_demo",
    "olga_demo",
    "denis_demo",
    "gleb_demo",
];
const MOST_CREATED: usize = 8;
/// Lines, what is filled in, and by whom.
const LINES: [(&str, &[&str], &str); 7] = [
    (
        "Номер договора",
        &["2026-042", "2026-043", "2026-044/1"],
        "maria_demo",
    ),
    ("Номер счёта", &["319", "320", "321"], "olga_demo"),
    ("Битрейт, кбит/с", &["128", "192", "320"], "ilya_demo"),
    (
        "Телефон контакта",
        &["+7 495 000-00-11", "+7 495 000-00-19"],
        "maria_demo",
    ),
    ("Причина отказа", &["дорого", "передумал"], "maria_demo"),
    ("Абонплата в месяц", &["12 900", "7 900"], "vera_demo"),
    ("Сервер для клиента", &["in7.ether.example"], "egor_demo"),
];

/// Card, item.
type OnCard = (String, String);

/// What was rightfully done.
#[derive(Clone, Default)]
pub struct Record {
    pub acts: usize,
    /// Ticks that stand: nobody took them off since.
    pub ticks: BTreeMap<OnCard, Timestamp>,
    /// Names of items that were ever rightfully ticked.
    pub ever: BTreeSet<OnCard>,
    /// What was written below a description.
    pub notes: Vec<(String, String, Timestamp)>,
    /// Cards that the director let pass somewhere.
    pub passes: BTreeSet<String>,
    /// Cards that ever bore a contract's file.
    pub contracts: BTreeSet<String>,
    /// Where the cards stood in the beginning.
    pub began: BTreeMap<String, String>,
    pub archived_by: BTreeMap<String, &'static str>,
    /// How often it was asked why.
    pub asked: BTreeMap<String, usize>,
}

pub struct Player {
    world: World,
    demo: Demo,
    process: Process,
    rng: Rng,
    pub record: Record,
    created: usize,
}

/// Who counts as a role.
pub fn holders(role: &str, deputies: bool) -> Vec<&'static str> {
    match role {
        "manager" if deputies => vec!["maria_demo", "vera_demo"],
        "manager" => vec!["maria_demo"],
        "engineer" => vec!["ilya_demo", "egor_demo"],
        "accountant" => vec!["olga_demo"],
        "director" => vec!["denis_demo"],
        _ => Vec::new(),
    }
}

impl Player {
    pub fn new(world: &World, demo: &Demo, process: &Process, seed: u64) -> Self {
        let mut player = Self {
            world: world.clone(),
            demo: demo.clone(),
            process: process.clone(),
            rng: Rng::with_seed(seed),
            record: Record::default(),
            created: 0,
        };
        for card in player.cards() {
            if card
                .attachments
                .iter()
                .any(|file| file.name.contains("Договор"))
            {
                player.record.contracts.insert(card.id.clone());
            }
            for (id, item) in player.items(&card.id) {
                if item {
                    let name = player.item_name(&card.id, &id);
                    player.record.ever.insert((card.id.clone(), name));
                }
            }
            player.record.began.insert(card.id, card.list);
        }
        player
    }

    /// One thing that somebody does.
    pub fn act(&mut self) {
        self.record.acts += 1;
        match self.rng.u32(..100) {
            0..28 => self.push_anything(),
            28..38 => self.go_on(),
            38..54 => self.tick_rightly(),
            54..60 => self.tick_wrongly(),
            60..64 => self.take_off(),
            64..73 => self.fill(),
            73..82 => self.note(),
            82..85 => self.ask_why(),
            85..86 => self.let_pass(),
            86..89 => self.archive(),
            89..92 => self.create(),
            92..95 => self.burst(),
            95..96 => self.attach(),
            _ => self.correct_a_tick(),
        }
    }

    /// A push past a gate that is refused in most states of the board.
    pub fn push_illegally(&mut self) {
        self.record.acts += 1;
        let stage = if self.rng.bool() { "connect" } else { "active" };
        let Some(card) = self.any_card() else { return };
        let (who, _) = self.pick(&[("gleb_demo", ()), ("egor_demo", ()), ("olga_demo", ())]);
        self.push(who, &card.id, stage);
    }

    // What they do ---------------------------------------------------------------------------------

    fn push_anything(&mut self) {
        let lists: Vec<String> = self.stages();
        let stage = lists[self.rng.usize(..lists.len())].clone();
        let who = EVERYBODY[self.rng.usize(..EVERYBODY.len())];
        if let Some(card) = self.any_card() {
            self.push(who, &card.id, &stage);
        }
    }

    fn go_on(&mut self) {
        let Some(card) = self.any_card() else { return };
        let path: Vec<String> = self
            .process
            .path()
            .map(|stage| stage.key.to_string())
            .collect();
        let at = path
            .iter()
            .position(|key| self.demo.lists[key] == card.list);
        if let Some(next) = at.and_then(|at| path.get(at + 1)) {
            self.push("maria_demo", &card.id, next);
        }
    }

    fn burst(&mut self) {
        for _ in 0..self.rng.usize(3..6) {
            self.push_anything();
        }
    }

    fn push(&mut self, who: &str, card: &str, stage: &str) {
        let wish = json!({ "idList": self.demo.lists[stage], "pos": "top" });
        let _ = self.hand(who).put(&format!("cards/{card}"), wish);
    }

    fn tick_rightly(&mut self) {
        let Some((card, item)) = self.an_item(false) else {
            return;
        };
        let may = self.may_tick(&card, &item);
        if may.is_empty() {
            return;
        }
        let who = may[self.rng.usize(..may.len())];
        self.tick(who, &card, &item);
    }

    fn tick_wrongly(&mut self) {
        let Some((card, item)) = self.an_item(false) else {
            return;
        };
        let may = self.may_tick(&card, &item);
        let others: Vec<_> = EVERYBODY.iter().filter(|who| !may.contains(who)).collect();
        if let Some(who) = others.get(self.rng.usize(..others.len().max(1))) {
            self.mark(who, &card, &item, true);
        }
    }

    /// Whoever gave a tick takes it off again.
    fn take_off(&mut self) {
        let ticks: Vec<_> = self.record.ticks.keys().cloned().collect();
        if ticks.is_empty() {
            return;
        }
        let (card, item) = ticks[self.rng.usize(..ticks.len())].clone();
        let may = self.may_tick(&card, &item);
        self.record.ticks.remove(&(card.clone(), item.clone()));
        self.mark(may.first().unwrap_or(&"maria_demo"), &card, &item, false);
    }

    /// A tick that was not theirs is taken off, and given by whom it is for, at once.
    fn correct_a_tick(&mut self) {
        let Some((card, item)) = self.an_item(false) else {
            return;
        };
        let may = self.may_tick(&card, &item);
        if may.contains(&"gleb_demo") {
            return;
        }
        self.mark("gleb_demo", &card, &item, true);
        self.mark("gleb_demo", &card, &item, false);
        if let Some(who) = may.first() {
            self.tick(who, &card, &item);
        }
    }

    fn tick(&mut self, who: &str, card: &str, item: &str) {
        self.mark(who, card, item, true);
        let on = (card.to_owned(), item.to_owned());
        self.record.ticks.insert(on, self.world.now());
        let name = self.item_name(card, item);
        self.record.ever.insert((card.to_owned(), name));
    }

    fn mark(&self, who: &str, card: &str, item: &str, complete: bool) {
        let state = if complete { "complete" } else { "incomplete" };
        let path = format!("cards/{card}/checkItem/{item}");
        self.hand(who)
            .put(&path, json!({ "state": state }))
            .unwrap();
    }

    fn fill(&mut self) {
        let Some(card) = self.any_card() else { return };
        let (label, values, by) = LINES[self.rng.usize(..LINES.len())];
        let by = if self.rng.u32(..4) == 0 {
            "gleb_demo"
        } else {
            by
        };
        let value = values[self.rng.usize(..values.len())];
        let mut lines: Vec<String> = card.desc.lines().map(str::to_owned).collect();
        let line = lines
            .iter_mut()
            .find(|line| line.starts_with(&format!("{label}:")));
        if let Some(line) = line {
            *line = format!("{label}: {value}");
            self.describe(by, &card.id, &lines.join("\n"));
        }
        // What the contract's day wants is filled in together with it.
        let day = self.world.now() - SignedDuration::from_hours(48);
        let day = day.strftime("%d.%m.%Y").to_string();
        let desc = self.card(&card.id).desc;
        if label == "Номер договора" && by == "maria_demo" && desc.contains("\nДата договора:")
        {
            let lines = desc
                .lines()
                .map(|line| match line.starts_with("Дата договора:") {
                    true => format!("Дата договора: {day}"),
                    false => line.to_owned(),
                });
            let desc = lines.collect::<Vec<_>>().join("\n");
            self.describe(by, &card.id, &desc);
        }
    }

    fn note(&mut self) {
        let Some(card) = self.any_card() else { return };
        let note = format!("заметка {} на память", self.record.acts);
        let desc = format!("{}\n{note}", card.desc);
        let who = EVERYBODY[self.rng.usize(..EVERYBODY.len())];
        self.describe(who, &card.id, &desc);
        self.record.notes.push((card.id, note, self.world.now()));
    }

    fn describe(&self, who: &str, card: &str, desc: &str) {
        let wish = json!({ "desc": desc });
        self.hand(who).put(&format!("cards/{card}"), wish).unwrap();
    }

    fn ask_why(&mut self) {
        let Some(card) = self.any_card() else { return };
        *self.record.asked.entry(card.id.clone()).or_default() += 1;
        self.say("olga_demo", &card.id, "/почему");
    }

    fn let_pass(&mut self) {
        let Some(card) = self.any_card() else { return };
        let who = if self.rng.bool() {
            "denis_demo"
        } else {
            "gleb_demo"
        };
        let stage = if self.rng.bool() { "connect" } else { "active" };
        if who == "denis_demo" {
            self.record.passes.insert(card.id.clone());
        }
        self.say(who, &card.id, &format!("/allow {stage} так решили"));
    }

    fn say(&self, who: &str, card: &str, text: &str) {
        let path = format!("cards/{card}/actions/comments");
        self.hand(who).post(&path, json!({ "text": text })).unwrap();
    }

    fn archive(&mut self) {
        let (who, _) = self.pick(&[("maria_demo", ()), ("gleb_demo", ()), ("vera_demo", ())]);
        let closed: Vec<Card> = self
            .cards()
            .into_iter()
            .filter(|card| card.closed)
            .collect();
        let back = !closed.is_empty() && self.rng.bool();
        let card = if back {
            closed.into_iter().next()
        } else {
            self.any_card()
        };
        let Some(card) = card else { return };
        if !back {
            self.record.archived_by.insert(card.id.clone(), who);
        }
        let wish = json!({ "closed": !back });
        self.hand(who)
            .put(&format!("cards/{}", card.id), wish)
            .unwrap();
    }

    fn create(&mut self) {
        if self.created == MOST_CREATED {
            return;
        }
        self.created += 1;
        let lists = self.stages();
        let stage = lists[self.rng.usize(..lists.len())].clone();
        let who = EVERYBODY[self.rng.usize(..EVERYBODY.len())];
        let name = format!("Станция {}", self.created);
        let wish = json!({ "idList": self.demo.lists[&stage], "name": name });
        self.hand(who).post("cards", wish).unwrap();
    }

    fn attach(&mut self) {
        let Some(card) = self.any_card() else { return };
        let wish = json!({ "name": "Договор.pdf", "url": "https://files.ether.example/42.pdf" });
        let path = format!("cards/{}/attachments", card.id);
        self.hand("maria_demo").post(&path, wish).unwrap();
        self.record.contracts.insert(card.id);
    }

    // What they see --------------------------------------------------------------------------------

    fn hand(&self, username: &str) -> Hand {
        self.world.hand(&self.demo.people[username])
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.rng.usize(..from.len())]
    }

    /// The lists of the process, by stage.
    fn stages(&self) -> Vec<String> {
        let stages = self.process.stages.iter();
        stages.map(|stage| stage.key.to_string()).collect()
    }

    /// The stations, on the board or in the archive.
    pub fn cards(&self) -> Vec<Card> {
        let how = &self.demo.lists["how"];
        self.world.with(|state| {
            let all = state.cards.values().filter(|card| card.list != *how);
            all.cloned().collect()
        })
    }

    fn card(&self, id: &str) -> Card {
        self.world.with(|state| state.cards[id].clone())
    }

    fn any_card(&mut self) -> Option<Card> {
        let mut open = self.cards();
        open.retain(|card| !card.closed);
        (!open.is_empty()).then(|| open.swap_remove(self.rng.usize(..open.len())))
    }

    /// A card's items by id, and whether each is ticked.
    fn items(&self, card: &str) -> Vec<(String, bool)> {
        self.world.with(|state| {
            let lists = state.checklists.values().filter(|list| list.card == card);
            let items = lists.flat_map(|list| &list.items);
            items.map(|item| (item.id.clone(), item.complete)).collect()
        })
    }

    /// An item that is ticked, or is not, of a card on the board.
    fn an_item(&mut self, complete: bool) -> Option<OnCard> {
        let card = self.any_card()?.id;
        let mut items = self.items(&card);
        items.retain(|(_, done)| *done == complete);
        let item = (!items.is_empty()).then(|| items.swap_remove(self.rng.usize(..items.len())))?;
        Some((card, item.0))
    }

    fn item_name(&self, card: &str, item: &str) -> String {
        self.world.with(|state| {
            let lists = state.checklists.values().filter(|list| list.card == card);
            let mut items = lists.flat_map(|list| &list.items);
            let item = items.find(|known| known.id == item);
            item.map(|item| item.name.clone()).unwrap_or_default()
        })
    }

    fn may_tick(&self, card: &str, item: &str) -> Vec<&'static str> {
        let name = self.item_name(card, item);
        let mut items = self.process.checklists.iter().flat_map(|list| &list.items);
        let Some(item) = items.find(|item| item.name == name) else {
            return Vec::new();
        };
        if item.by.is_empty() {
            return EVERYBODY.to_vec();
        }
        let roles = item.by.iter();
        let people = roles.flat_map(|role| holders(&role.to_string(), !item.no_deputy));
        people.collect()
    }
}
