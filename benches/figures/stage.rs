//! A practice Trello with a board under a process and the store that knows it: what a figure begins
//! with. The service itself is started by the figure.

use crate::body::Sheet;
use crate::child::{Running, Start};
use crate::mould::Mould;
use crate::relay::Relay;
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::json;
use signalman::attach::{Attach, Options, plan};
use signalman::engine::Clock;
use signalman::process::file;
use signalman::sandbox::radio::{self, Demo};
use signalman::sandbox::world::{Hand, SERVICE_APP};
use signalman::sandbox::{self, Sandbox};
use signalman::store::{Sqlite, Store};
use signalman::trello::{Credentials, Trello};
use signalman::web::callback_url;
use std::path::Path;
use std::sync::Arc;
use url::Url;

/// Three stages without a gate, and one behind a gate that asks for an attachment.
pub const PLAIN: &str = r#"
name = "Без ворот"
language = "ru"
time_zone = "Europe/Moscow"
mode = "enforce"
owner = "boss"
[[role]]
key = "boss"
name = "директор"
people = ["denis_demo"]
[[stage]]
key = "request"
name = "Новый запрос"
purpose = "Ответить."
owner = "boss"
[[stage]]
key = "details"
name = "Сбор данных"
purpose = "Спросить."
owner = "boss"
[[stage]]
key = "quote"
name = "Расчёт и предложение"
purpose = "Посчитать."
owner = "boss"
[[stage]]
key = "contract"
name = "Договор"
purpose = "Подписать."
owner = "boss"
final = true
  [[stage.need]]
  attachment = "договор"
  say = "файл или ссылка, в названии «договор»"
"#;

/// The shipped file with the practice board's people.
pub fn radio_text() -> String {
    let people = [
        ("manager", "\"maria_demo\""),
        ("engineer", "\"ilya_demo\", \"egor_demo\""),
        ("accountant", "\"olga_demo\""),
        ("director", "\"denis_demo\""),
    ];
    let mut text = include_str!("../../radio.ru.toml").to_owned();
    for (role, people) in people {
        let at = text.find(&format!("[[role]]\nkey = \"{role}\"")).unwrap();
        let rest = text.split_off(at);
        text += &rest.replacen("people = []", &format!("people = [{people}]"), 1);
    }
    text
}

pub struct Stage {
    pub sandbox: Sandbox,
    pub demo: Demo,
    pub mould: Mould,
    whole: serde_json::Value,
}

impl Stage {
    /// Attaches the practice board under this process; `prepare` adds to the board beforehand.
    pub async fn open(
        text: &str,
        store: &dyn Store,
        prepare: impl FnOnce(&Sandbox, &Demo),
    ) -> Self {
        let sandbox = Sandbox::start(sandbox::Options::default()).await.unwrap();
        let demo = radio::set_up(sandbox.world(), true).unwrap();
        prepare(&sandbox, &demo);
        let trello = trello(&sandbox, &demo);
        let attach = Attach {
            trello: &trello,
            store,
        };
        let board = demo.board.as_str().into();
        let whole = delivery(&sandbox, &demo, &attach).await;
        let process = file::read(text).unwrap().process;
        let me = trello.me().await.unwrap();
        let read = attach.read(&board).await.unwrap();
        let plan = plan(&process, &read, &me, None, &Options::default());
        assert!(plan.troubles.is_empty(), "{:?}", plan.troubles);
        let bindings = attach.create(&process, &read, &plan, |_| {}).await.unwrap();
        let now = Timestamp::now();
        attach
            .activate(&process, text, &board, bindings, now)
            .await
            .unwrap();
        let mould = Mould::of(store, &board, "request").await;
        Self {
            sandbox,
            demo,
            mould,
            whole,
        }
    }

    /// The same with a file of its own for the store, which is closed again.
    pub async fn in_file(text: &str, path: &Path) -> Self {
        Self::open(text, &Sqlite::open(path).unwrap(), |_, _| {}).await
    }

    pub fn hand(&self, username: &str) -> Hand {
        self.sandbox.world().hand(&self.demo.people[username])
    }

    pub fn sheet(&self, public_url: String) -> Sheet {
        Sheet {
            whole: self.whole.clone(),
            secret: self.sandbox.secret(),
            public_url,
        }
    }

    /// The service, by the settings that an operator gives. `api` is Trello's root without `/1`.
    pub async fn serve(&self, how: Serve<'_>) -> Running {
        self.serve_until(how, "/readyz").await
    }

    /// The same as soon as this path answers well.
    pub async fn serve_until(&self, how: Serve<'_>, answers: &str) -> Running {
        let token = self.sandbox.world().token(&self.demo.bot, SERVICE_APP);
        let mut env = vec![
            ("LISTEN", format!("127.0.0.1:{}", how.port)),
            ("STORE", how.store),
            ("TRELLO_API_URL", format!("{}/1", how.api)),
            ("TRELLO_KEY", self.sandbox.key()),
            ("TRELLO_TOKEN", token.unwrap()),
            ("TRELLO_SECRET", self.sandbox.secret()),
            ("POLL_SECONDS", "3600".to_owned()),
        ];
        env.extend(how.public_url.map(|url| ("PUBLIC_URL", url)));
        let threads = how.threads.map(|threads| threads.to_string());
        env.extend(threads.map(|threads| ("TOKIO_WORKER_THREADS", threads)));
        let env = env
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        Running::start(Start {
            program: vec![
                env!("CARGO_BIN_EXE_signalman").to_owned(),
                "serve".to_owned(),
            ],
            env: env.collect(),
            cores: how.cores,
            port: how.port,
            ready: Some(answers),
            folder: how.folder,
        })
        .await
    }
}

pub struct Serve<'a> {
    pub port: u16,
    pub store: String,
    pub api: String,
    /// None: the board is not asked for a webhook.
    pub public_url: Option<String>,
    pub cores: &'a str,
    /// None: as many as it has cores.
    pub threads: Option<usize>,
    pub folder: &'a Path,
}

fn trello(sandbox: &Sandbox, demo: &Demo) -> Trello {
    let token = sandbox.world().token(&demo.bot, SERVICE_APP).unwrap();
    let credentials = Credentials {
        key: SecretString::from(sandbox.key()),
        token: SecretString::from(token),
    };
    let api = Url::parse(&format!("{}/1", sandbox.url())).unwrap();
    let clock: Clock = Arc::new(Timestamp::now);
    Trello::new(&api, &credentials, clock).unwrap().patient()
}

/// One delivery of a move, as the practice Trello makes it; its webhook is gone again.
async fn delivery(sandbox: &Sandbox, demo: &Demo, attach: &Attach<'_>) -> serde_json::Value {
    let relay = Relay::start(sandbox.url(), None).await;
    let board = demo.board.as_str().into();
    let callback = callback_url(&Url::parse(&relay.url).unwrap(), &board);
    attach.webhook(&board, &callback).await.unwrap();
    let owner = demo.people.values().next().unwrap();
    let hand = sandbox.world().hand(owner);
    let card = &demo.cards["teapot"];
    for list in ["details", "request"] {
        let wish = json!({ "idList": demo.lists[list] });
        hand.put(&format!("cards/{card}"), wish).unwrap();
    }
    sandbox.world().delivered().await;
    sandbox.world().with(|state| state.webhooks.clear());
    let moves = relay.passed();
    let bodies = moves
        .iter()
        .filter_map(|one| serde_json::from_slice::<serde_json::Value>(&one.body).ok());
    let mut moves = bodies.filter(|body| body["action"]["data"]["listAfter"].is_object());
    moves.next().unwrap()
}
