//! The world of one run: the practice Trello inside this process with the radio board on it, the
//! board attached by the real `setup`, the desk, and the processes behind it.

use crate::desk::Desk;
use crate::radio::radio_text;
use crate::servers::Server;
use crate::service::{Environment, Service, Waiting, program, waiting};
use jiff::Timestamp;
use signalman::process::{Process, file};
use signalman::sandbox::model::Webhook;
use signalman::sandbox::radio::{self, Demo};
use signalman::sandbox::world::{SERVICE_APP, World};
use signalman::sandbox::{self, Sandbox};
use signalman::store::{self, Sqlite, Store};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::{Instant, sleep, timeout};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Redis,
    TwoOnRedis,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Sqlite => "SQLite",
            Kind::Redis => "Redis",
            Kind::TwoOnRedis => "two on one Redis",
        }
    }

    pub fn processes(self) -> usize {
        if self == Kind::TwoOnRedis { 2 } else { 1 }
    }
}

/// Trello tries again after 0.3, 0.6 and 1.2 seconds: some deliveries are lost while nobody is there.
const RETRY_SCALE: f64 = 0.01;
/// Nothing is left to do within this after the storm, window by window of Trello's.
const RESTS_WITHIN: Duration = Duration::from_secs(120);

pub struct Scene {
    pub sandbox: Sandbox,
    pub demo: Demo,
    pub process: Process,
    pub desk: Desk,
    pub folder: TempDir,
    environment: Environment,
    running: Vec<Option<Service>>,
    /// How often one was replaced.
    pub rolls: usize,
    /// From when to when one of them stood still.
    pub freezes: Vec<(Timestamp, Timestamp)>,
    redis: Option<Server>,
}

impl Scene {
    pub async fn open(kind: Kind) -> Self {
        let sandbox = Sandbox::start(sandbox::Options {
            retry_scale: RETRY_SCALE,
            ..sandbox::Options::default()
        });
        let sandbox = sandbox.await.unwrap();
        let demo = radio::set_up(sandbox.world(), true).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let text = process_text();
        std::fs::write(folder.path().join("process.toml"), &text).unwrap();
        let process = file::in_force(&text).unwrap();
        let redis = (kind != Kind::Sqlite).then(|| Server::within(folder.path()));
        let store = redis.as_ref().map(Server::url);
        let store = store.unwrap_or_else(|| file_of(&folder).display().to_string());
        let desk = Desk::open(kind.processes()).await;
        let token = sandbox.world().token(&demo.bot, SERVICE_APP).unwrap();
        let environment = vec![
            ("TRELLO_API_URL", format!("{}/1", sandbox.url())),
            ("TRELLO_KEY", sandbox.key()),
            ("TRELLO_TOKEN", token),
            ("TRELLO_SECRET", sandbox.secret()),
            ("PUBLIC_URL", desk.url().to_owned()),
            ("STORE", store),
        ];
        let scene = Self {
            sandbox,
            demo,
            process,
            desk,
            folder,
            environment,
            running: (0..kind.processes()).map(|_| None).collect(),
            rolls: 0,
            freezes: Vec::new(),
            redis,
        };
        scene.set_up().await;
        scene
    }

    async fn set_up(&self) {
        let file = self.folder.path().join("process.toml");
        let mut environment = self.environment.clone();
        environment.retain(|(name, _)| !["TRELLO_SECRET", "PUBLIC_URL"].contains(name));
        let mut command = program(&environment);
        command.args(["setup", &self.demo.board, "--yes", "--seed", "--process"]);
        command.arg(file);
        let done = tokio::task::spawn_blocking(move || command.output());
        let done = done.await.unwrap().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(
            done.status.success(),
            "the board cannot be attached: {said}"
        );
    }

    pub fn world(&self) -> &World {
        self.sandbox.world()
    }

    /// Starts one of the processes and does not wait for it.
    pub fn start(&mut self, process: usize) {
        let name = format!("service-{process}");
        let service = Service::start(self.folder.path(), &name, &self.environment);
        self.running[process] = Some(service);
    }

    /// Waits until it listens, and lets Trello's deliveries through to it.
    pub async fn listens(&mut self, process: usize) -> SocketAddr {
        let at = self.running[process].as_mut().unwrap().listens().await;
        self.desk.listens(process, at);
        at
    }

    pub fn kill(&mut self, process: usize) {
        if let Some(service) = self.running[process].take() {
            drop(service);
        }
    }

    /// Another takes its place, as a new version does when it is rolled out: over Redis it works beside
    /// the old one until that has ended, over a file, which is one service's alone, after it.
    pub async fn replace(&mut self, process: usize) {
        let Some(mut old) = self.running[process].take() else {
            return;
        };
        self.rolls += 1;
        let at = old.listens().await;
        if self.redis.is_none() {
            old.end().await;
            self.start(process);
            self.listens(process).await;
            return;
        }
        self.start(process);
        self.desk.lingers(at);
        self.listens(process).await;
        old.end().await;
        self.desk.is_gone(at);
    }

    /// It stands still for so long, and goes on as if nothing had been.
    pub async fn freeze(&mut self, process: usize, long: Duration) {
        let Some(service) = self.running[process].as_ref() else {
            return;
        };
        let begun = self.world().now();
        service.freeze();
        sleep(long).await;
        service.thaw();
        self.freezes.push((begun, self.world().now()));
    }

    /// Until nothing is on its way and nothing is left to do; otherwise what still waits. Whoever
    /// works on the board says that he has looked through it, Trello tells of what we do ourselves,
    /// and nothing is asked of Trello from one look to the next.
    pub async fn rests(&self, at: &[SocketAddr]) -> Result<(), String> {
        let begun = Instant::now();
        let (mut quiet, mut asked) = (0, None);
        let mut last = Vec::new();
        while begun.elapsed() < RESTS_WITHIN {
            let delivered = timeout(Duration::from_secs(20), self.world().delivered()).await;
            last.clear();
            for at in at {
                last.push(waiting(*at).await);
            }
            let (told, before) = (self.is_told_of(), asked.replace(self.asked()));
            let still = delivered.is_ok() && told && asked == before && idle(&last);
            quiet = if still { quiet + 1 } else { 0 };
            if quiet == 3 {
                let given_up = |it: &Waiting| it.dead + it.set_aside > 0;
                let left = last.into_iter().flatten().find(given_up);
                return left.map_or(Ok(()), |left| {
                    Err(format!("something was given up: {left:?}"))
                });
            }
            sleep(Duration::from_millis(300)).await;
        }
        Err(format!("it never comes to rest: {last:?}"))
    }

    fn is_told_of(&self) -> bool {
        let ours = |hook: &Webhook| hook.active && hook.model == self.demo.board;
        self.world().with(|state| state.webhooks.values().any(ours))
    }

    /// Requests that were made of Trello.
    fn asked(&self) -> usize {
        self.world().with(|state| state.requests.len())
    }

    /// The store as the killed processes left it.
    pub async fn store(&self) -> Arc<dyn Store> {
        match &self.redis {
            None => Arc::new(Sqlite::open(&file_of(&self.folder)).unwrap()),
            Some(server) => Arc::new(store::Redis::open(&server.url()).await.unwrap()),
        }
    }

    /// Keeps the logs and the store for whoever looks into it.
    pub fn keep(self) -> PathBuf {
        self.folder.keep()
    }
}

/// All of them answer, one of them works on the board, and none has anything left to do.
fn idle(processes: &[Option<Waiting>]) -> bool {
    let left = |it: &Waiting| it.events + it.effects + it.behind;
    let all: Option<Vec<_>> = processes.iter().copied().collect();
    all.is_some_and(|all| {
        all.iter().all(|it| left(it) == 0) && all.iter().map(|it| it.held).sum::<u64>() == 1
    })
}

fn file_of(folder: &TempDir) -> PathBuf {
    folder.path().join("store.db")
}

/// The shipped file with the practice board's people. What is pushed goes back however often it is
/// pushed, and nobody is asked first: every illegal card must be back in the end.
fn process_text() -> String {
    let mut text = radio_text();
    for limit in ["reversals_per_hour = 3", "bulk = 5"] {
        let (name, _) = limit.split_once(' ').unwrap();
        assert!(text.contains(limit), "the shipped file has another {name}");
        text = text.replacen(limit, &format!("{name} = 100000"), 1);
    }
    text
}
