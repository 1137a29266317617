//! The radio firm on a practice Trello with the service attached: the world every story is told in.
//! Time is the practice Trello's and moves only when told; nothing sleeps.

use crate::powerup::powerup;
pub use crate::radio::radio_text;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::{Value, json};
use signalman::attach::{Attach, Options, plan};
use signalman::engine::{Clock, Engine};
use signalman::model::{BoardId, Lane};
use signalman::process::{Memory, Process, file};
use signalman::sandbox::model::{Action, Card, CheckItem};
use signalman::sandbox::radio::{self, Demo};
use signalman::sandbox::world::{Hand, SERVICE_APP, World};
use signalman::sandbox::{self, Rank, Sandbox};
use signalman::store::{Sqlite, Store};
use signalman::target::Secrets;
use signalman::trello::{Credentials, Trello};
use signalman::web::{Doors, Limits, callback_url};
use std::sync::Arc;
use tempfile::TempDir;
use url::Url;

pub struct Firm {
    pub sandbox: Sandbox,
    pub demo: Demo,
    pub process: Process,
    pub store: Arc<Sqlite>,
    pub trello: Arc<Trello>,
    pub engine: Arc<Engine>,
    pub url: Url,
    pub text: String,
    _folder: TempDir,
}

/// The keys of the outside places that tests start.
fn key_of(variable: &str) -> Option<SecretString> {
    let key = match variable {
        "TARGET_ACCOUNTING_KEY" => "signalman-test-key",
        "TARGET_BILLING_KEY" => "sk_test_12345",
        "TARGET_CRM_KEY" => "bcrm_pat_signalman-test-token",
        name if name.ends_with("_PASSWORD") => "signalman-test-password",
        "NOTIFY_BOT" => "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
        _ => {
            let port = variable.strip_prefix("NOTIFY_HOOK_")?;
            return Some(format!("http://127.0.0.1:{port}/hook").into());
        }
    };
    Some(SecretString::from(key))
}

/// The firm's process with its fields in Trello's Custom Fields.
pub fn in_custom_fields() -> String {
    let (before, after) = (
        "fields_in = \"description\"",
        "fields_in = \"custom_fields\"",
    );
    radio_text().replacen(before, after, 1)
}

/// Puts a line into a stage's own section, right after its key.
pub fn in_stage(text: &str, stage: &str, line: &str) -> String {
    let key = format!("[[stage]]\nkey = \"{stage}\"\n");
    assert!(text.contains(&key), "no stage {stage}");
    text.replacen(&key, &format!("{key}{line}\n"), 1)
}

impl Firm {
    pub async fn open() -> Self {
        Self::with(radio_text()).await
    }

    /// The firm under another process file.
    pub async fn with(text: String) -> Self {
        let firm = Self::unattached(text).await;
        firm.attach().await;
        firm.world().forget_requests();
        firm
    }

    /// The firm on a Trello that refuses what is too many in ten seconds.
    pub async fn limited() -> Self {
        let limits = sandbox::Options {
            rate_limits: true,
            ..sandbox::Options::default()
        };
        let firm = Self::on(limits, radio_text(), radio::opening).await;
        firm.attach().await;
        firm.world().forget_requests();
        firm
    }

    pub async fn unattached(text: String) -> Self {
        Self::on(sandbox::Options::default(), text, radio::opening).await
    }

    /// One whose cards have ids of their own beside those of other firms in the same outside places.
    pub async fn nth(nth: u32, text: String) -> Self {
        let late = SignedDuration::from_mins(i64::from(nth));
        let begins = |real| radio::opening(real) + late;
        let firm = Self::on(sandbox::Options::default(), text, begins).await;
        firm.attach().await;
        firm
    }

    /// For a service that is a process of its own and goes by the real time.
    pub async fn unattached_now(text: String) -> Self {
        Self::on(sandbox::Options::default(), text, |real| real).await
    }

    pub async fn on(
        options: sandbox::Options,
        text: String,
        begins: impl FnOnce(Timestamp) -> Timestamp,
    ) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let real = sandbox.world().now();
        sandbox.world().advance(begins(real).duration_since(real));
        let demo = radio::set_up(sandbox.world(), true).unwrap();
        let process = match file::read(&text) {
            Ok(checked) => checked.process,
            Err(mistakes) => panic!("{}", file::render(&mistakes[0], "process.toml", &text)),
        };
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(Sqlite::open(&folder.path().join("store.db")).unwrap());
        let world = sandbox.world().clone();
        let clock: Clock = Arc::new(move || world.now());
        let token = sandbox.world().token(&demo.bot, SERVICE_APP).unwrap();
        let credentials = Credentials {
            key: SecretString::from(sandbox.key()),
            token: SecretString::from(token),
        };
        let api = Url::parse(&format!("{}/1", sandbox.url())).unwrap();
        let trello = Arc::new(Trello::new(&api, &credentials, Arc::clone(&clock)).unwrap());
        let options = signalman::engine::Options {
            secrets: Secrets::new(key_of),
            ..signalman::engine::Options::default()
        };
        let contract: Arc<dyn Store> = Arc::<Sqlite>::clone(&store);
        let engine = Arc::new(Engine::new(
            Arc::clone(&contract),
            Arc::clone(&trello),
            options,
        ));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let secrets = vec![SecretString::from(sandbox.secret())];
        let (powerup, judging) = (powerup(&sandbox, &url, &trello), Arc::clone(&engine));
        let doors = Doors::new(contract, judging, clock, secrets, url.clone(), powerup);
        let never = tokio_util::sync::CancellationToken::new();
        tokio::spawn(doors.serve(listener, Limits::default(), never));
        Self {
            sandbox,
            demo,
            process,
            store,
            trello,
            engine,
            url,
            text,
            _folder: folder,
        }
    }

    pub async fn attach(&self) {
        let me = self.trello.me().await.unwrap();
        let attach = Attach {
            trello: &self.trello,
            store: &*self.store,
        };
        let board = attach.read(&self.board()).await.unwrap();
        let plan = plan(&self.process, &board, &me, None, &Options::default());
        assert!(plan.troubles.is_empty(), "{:?}", plan.troubles);
        let bindings = attach
            .create(&self.process, &board, &plan, |_| {})
            .await
            .unwrap();
        attach
            .activate(&self.process, &self.text, &board.id, bindings, self.now())
            .await
            .unwrap();
        // A command waits for Trello's window; here time is moved past it.
        self.world().advance(SignedDuration::from_secs(11));
        let url = callback_url(&self.url, &self.board());
        attach.webhook(&self.board(), &url).await.unwrap();
    }

    pub fn world(&self) -> &World {
        self.sandbox.world()
    }
    pub fn now(&self) -> Timestamp {
        self.world().now()
    }
    pub fn board(&self) -> BoardId {
        self.demo.board.as_str().into()
    }

    /// Everything that was caused is delivered, judged and done.
    pub async fn settle(&self) {
        for _ in 0..300 {
            self.world().delivered().await;
            self.world().advance(SignedDuration::from_millis(200));
            let before = self.world().with(|state| state.actions.len());
            // Boxed, for a story's own future would be as large as all that the engine may do.
            Box::pin(self.engine.drain(self.now())).await.unwrap();
            self.world().delivered().await;
            let quiet = self.world().with(|state| state.actions.len()) == before;
            if quiet && !self.busy().await {
                return;
            }
        }
        panic!("it never comes to rest");
    }

    async fn busy(&self) -> bool {
        // What waits for Trello's ten-second window is on its way too.
        let soon = self.now() + SignedDuration::from_secs(11);
        let due = self.store.due(soon, SignedDuration::ZERO).await.unwrap();
        !due.lanes.is_empty()
    }

    /// Lets time pass, and what falls due happen.
    pub async fn wait(&self, minutes: i64) {
        self.world().advance(SignedDuration::from_mins(minutes));
        self.settle().await;
    }

    // Doing ----------------------------------------------------------------------------------------

    pub fn hand(&self, username: &str) -> Hand {
        let id = self.demo.people.get(username);
        self.world()
            .hand(id.unwrap_or_else(|| panic!("nobody is {username}")))
    }
    pub fn id(&self, card: &str) -> String {
        self.demo
            .cards
            .get(card)
            .cloned()
            .unwrap_or_else(|| card.to_owned())
    }
    pub fn list(&self, stage: &str) -> String {
        self.demo
            .lists
            .get(stage)
            .cloned()
            .unwrap_or_else(|| stage.to_owned())
    }

    /// Moves a card without waiting for what follows.
    pub fn push(&self, username: &str, card: &str, stage: &str) {
        let wish = json!({ "idList": self.list(stage), "pos": "top" });
        self.hand(username)
            .put(&format!("cards/{}", self.id(card)), wish)
            .unwrap();
    }
    pub async fn drag(&self, username: &str, card: &str, stage: &str) {
        self.push(username, card, stage);
        self.settle().await;
    }
    pub fn mark(&self, username: &str, card: &str, item: &str, complete: bool) {
        let item = self.item(card, item).unwrap();
        let state = if complete { "complete" } else { "incomplete" };
        let path = format!("cards/{}/checkItem/{}", self.id(card), item.id);
        self.hand(username)
            .put(&path, json!({ "state": state }))
            .unwrap();
    }
    pub async fn tick(&self, username: &str, card: &str, item: &str) {
        self.mark(username, card, item, true);
        self.settle().await;
    }
    pub async fn untick(&self, username: &str, card: &str, item: &str) {
        self.mark(username, card, item, false);
        self.settle().await;
    }
    pub async fn write(&self, username: &str, card: &str, text: &str) {
        let path = format!("cards/{}/actions/comments", self.id(card));
        self.hand(username)
            .post(&path, json!({ "text": text }))
            .unwrap();
        self.settle().await;
    }
    pub async fn change(&self, username: &str, card: &str, wish: Value) {
        self.hand(username)
            .put(&format!("cards/{}", self.id(card)), wish)
            .unwrap();
        self.settle().await;
    }
    /// Fills lines of the description, as a person edits them.
    pub async fn fill(&self, username: &str, card: &str, lines: &[(&str, &str)]) {
        let mut desc = self.card(card).desc;
        for (label, value) in lines {
            let at = desc
                .lines()
                .position(|line| line.starts_with(&format!("{label}:")));
            let mut all: Vec<String> = desc.lines().map(str::to_owned).collect();
            all[at.unwrap_or_else(|| panic!("no line {label} in\n{desc}"))] =
                format!("{label}: {value}");
            desc = all.join("\n");
        }
        self.change(username, card, json!({ "desc": desc })).await;
    }
    /// Creates a card and returns its id.
    pub async fn create(&self, username: &str, stage: &str, name: &str) -> String {
        let wish = json!({ "idList": self.list(stage), "name": name });
        let made = self.hand(username).post("cards", wish).unwrap();
        self.settle().await;
        made["id"].as_str().unwrap().to_owned()
    }
    /// All that gate 1 asks of «Кефир FM» and then its way to the accountant.
    pub async fn to_invoice(&self, card: &str) {
        self.fill(
            "maria_demo",
            card,
            &[
                ("Номер договора", "2026-042"),
                ("Дата договора", &self.day(-2)),
            ],
        )
        .await;
        self.drag("maria_demo", card, "invoice").await;
    }
    pub async fn ready_to_connect(&self, card: &str) {
        self.to_invoice(card).await;
        self.fill("olga_demo", card, &[("Номер счёта", "319")])
            .await;
        self.tick("maria_demo", card, "signed").await;
        let path = format!("cards/{}/attachments", self.id(card));
        let wish =
            json!({ "name": "Договор 2026-042.pdf", "url": "https://files.ether.example/42.pdf" });
        self.hand("maria_demo").post(&path, wish).unwrap();
        self.tick("olga_demo", card, "paid").await;
    }
    /// A client who is on the air and hears itself goes to the accountant.
    pub async fn to_register(&self, card: &str) {
        for item in ["client_in", "stable", "heard"] {
            self.tick("ilya_demo", card, item).await;
        }
        self.tick("maria_demo", card, "start_agreed").await;
        // A day that is still to come by the real clock too.
        let day = self.day(9);
        self.fill("maria_demo", card, &[("Начислять с", &day)])
            .await;
        self.drag("ilya_demo", card, "register").await;
        assert_eq!(self.stands(card), "register", "{}", self.last(card));
    }
    pub fn day(&self, days: i64) -> String {
        let tz = self.process.time_zone.clone();
        let day = tz
            .to_datetime(self.now() + SignedDuration::from_hours(24 * days))
            .date();
        day.strftime("%d.%m.%Y").to_string()
    }
    /// A person who holds no role and belongs to no firm.
    pub fn newcomer(&self, username: &str) {
        let id = self.world().add_member(username, username);
        self.world().join(&self.demo.board, &id, Rank::Normal);
    }

    // Looking --------------------------------------------------------------------------------------

    pub fn card(&self, card: &str) -> Card {
        let id = self.id(card);
        self.world()
            .with(|state| state.cards.get(&id).cloned())
            .unwrap()
    }
    pub fn stands(&self, card: &str) -> String {
        let list = self.card(card).list;
        let known = self.demo.lists.iter().find(|(_, id)| **id == list);
        known.map_or(list.clone(), |(key, _)| key.clone())
    }
    pub fn item_name(&self, key: &str) -> String {
        let item = self.process.item(&key.into());
        item.unwrap_or_else(|| panic!("no item {key}")).name.clone()
    }
    pub fn item(&self, card: &str, key: &str) -> Option<CheckItem> {
        let name = self.item_name(key);
        self.items(card).into_iter().find(|item| item.name == name)
    }
    pub fn ticked(&self, card: &str, key: &str) -> bool {
        self.item(card, key).is_some_and(|item| item.complete)
    }
    pub fn items(&self, card: &str) -> Vec<CheckItem> {
        let id = self.id(card);
        self.world().with(|state| {
            let lists = state.checklists.values().filter(|list| list.card == id);
            lists.flat_map(|list| list.items.clone()).collect()
        })
    }
    /// Names of the checklists on a card.
    pub fn checklists(&self, card: &str) -> Vec<String> {
        let id = self.id(card);
        self.world().with(|state| {
            let lists = state.checklists.values().filter(|list| list.card == id);
            lists.map(|list| list.name.clone()).collect()
        })
    }
    pub fn labels(&self, card: &str) -> Vec<String> {
        let labels = self.card(card).labels;
        self.world().with(|state| {
            labels
                .iter()
                .map(|id| state.labels[id].name.clone())
                .collect()
        })
    }
    pub fn members(&self, card: &str) -> Vec<String> {
        let ids = self.card(card).members;
        self.world().with(|state| {
            ids.iter()
                .map(|id| state.members[id].username.clone())
                .collect()
        })
    }
    /// What the service said on a card, the oldest first.
    pub fn said(&self, card: &str) -> Vec<String> {
        let id = self.id(card);
        let own = |action: &&Action| {
            action.kind == "commentCard"
                && action.card.as_ref() == Some(&id)
                && action.member == self.demo.bot
        };
        let text = |action: &Action| action.value["data"]["text"].as_str().unwrap().to_owned();
        self.world()
            .with(|state| state.actions.iter().filter(own).map(text).collect())
    }
    pub fn last(&self, card: &str) -> String {
        self.said(card).pop().unwrap_or_default()
    }
    /// What was said on the board's own card.
    pub fn news(&self) -> Vec<String> {
        let id = self.world().with(|state| {
            state
                .cards
                .values()
                .find(|card| card.name == "Signalman")
                .map(|card| card.id.clone())
        });
        self.said(&id.unwrap())
    }
    pub async fn memory(&self, card: &str) -> Memory {
        let lane = Lane::Card(self.id(card).as_str().into());
        let all = self.store.memories(&self.board()).await.unwrap();
        all.into_iter()
            .find(|(known, _)| *known == lane)
            .map(|(_, memory)| memory)
            .unwrap_or_default()
    }
    pub async fn standing(&self, card: &str) -> String {
        let memory = self.memory(card).await;
        memory
            .standing
            .map(|standing| standing.stage.to_string())
            .unwrap_or_default()
    }
    /// Where the store lies.
    pub fn file(&self) -> std::path::PathBuf {
        self._folder.path().join("store.db")
    }
    /// The store's whole file, as text.
    pub async fn everything_stored(&self) -> String {
        let copy = self._folder.path().join("copy.db");
        self.store.backup(&copy).await.unwrap();
        String::from_utf8_lossy(&std::fs::read(copy).unwrap()).into_owned()
    }
    /// Requests that the service made, as verb and path.
    pub fn requests(&self) -> Vec<String> {
        let made = self.world().requests();
        let own = made
            .iter()
            .filter(|one| one.member.as_ref() == Some(&self.demo.bot));
        own.map(|one| format!("{} {}", one.verb, one.path))
            .collect()
    }
    /// Moves that the service made on a card.
    pub fn reversals(&self, card: &str) -> usize {
        let id = self.id(card);
        self.world().with(|state| {
            let own = state.actions.iter().filter(|action| {
                action.kind == "updateCard"
                    && action.card.as_ref() == Some(&id)
                    && action.member == self.demo.bot
                    && action.value["data"]["listAfter"].is_object()
            });
            own.count()
        })
    }
}

/// Every part stands in the text; the text is shown where one does not.
#[track_caller]
pub fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "“{part}” is not in:\n{text}");
    }
}
