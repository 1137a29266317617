//! The real program beside a practice Trello, each told by its own words: what it prints and logs.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;
use signalman::sandbox::radio::{self, Demo};
use signalman::sandbox::world::SERVICE_APP;
use signalman::sandbox::{self, Sandbox};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What Trello would sign with; nobody is reached there.
const PUBLIC: &str = "http://127.0.0.1:9";

pub fn sign(secret: &str, body: &[u8], url: &str) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    mac.update(url.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// A delivery that nobody has to answer for: a card renamed.
pub fn delivery(nth: u32, card: &str) -> Vec<u8> {
    let id = format!("6c{nth:022x}");
    let body = json!({ "action": {
        "id": id, "type": "updateCard", "date": "2026-11-24T08:00:00.000Z",
        "idMemberCreator": "5b0000000000000000000001",
        "data": { "card": { "id": card, "name": format!("Эфир {nth}") }, "old": { "name": "Эфир" } },
    }});
    serde_json::to_vec(&body).unwrap()
}

/// A practice Trello, and a folder for what the service keeps.
pub struct Practice {
    pub sandbox: Sandbox,
    pub demo: Demo,
    pub folder: tempfile::TempDir,
}

impl Practice {
    pub async fn open() -> Self {
        let sandbox = Sandbox::start(sandbox::Options::default()).await.unwrap();
        let demo = radio::set_up(sandbox.world(), true).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("process.toml"),
            crate::firm::radio_text(),
        )
        .unwrap();
        Self {
            sandbox,
            demo,
            folder,
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command of the program on this store.
    pub fn command(&self, store: &Path, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_signalman"));
        self.surround(&mut command, store);
        command.args(args);
        command
    }

    pub fn run(&self, store: &Path, args: &[&str]) -> Output {
        self.command(store, args).output().unwrap()
    }

    fn surround(&self, command: &mut Command, store: &Path) {
        let token = self.sandbox.world().token(&self.demo.bot, SERVICE_APP);
        command
            .env_remove("BOARD")
            .env_remove("RUST_LOG")
            .env("TRELLO_API_URL", format!("{}/1", self.sandbox.url()))
            .env("TRELLO_KEY", self.sandbox.key())
            .env("TRELLO_TOKEN", token.unwrap())
            .env("TRELLO_SECRET", self.sandbox.secret())
            .env("PUBLIC_URL", PUBLIC)
            .env("STORE", store);
    }

    /// Runs by a shell, so that bounds can be set on it.
    pub fn serve(&self, store: &Path, before: &str) -> Service {
        let mut command = Command::new("sh");
        self.surround(&mut command, store);
        let process = self.path("process.toml");
        command
            .args(["-c", &format!("{before} exec \"$0\" \"$@\"")])
            .arg(env!("CARGO_BIN_EXE_signalman"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(["--board", &self.demo.board, "--process"])
            .arg(process);
        Service::start(command, &self.sandbox.secret(), &self.demo.board)
    }
}

pub struct Service {
    child: Child,
    said: Arc<Mutex<String>>,
    listening: Vec<std::thread::JoinHandle<()>>,
    secret: String,
    board: String,
    client: reqwest::Client,
}

impl Service {
    fn start(mut command: Command, secret: &str, board: &str) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let said = Arc::<Mutex<String>>::default();
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let ways: [Box<dyn Read + Send>; 2] = [Box::new(out), Box::new(err)];
        let listening = ways.map(|way| {
            let said = Arc::clone(&said);
            std::thread::spawn(move || {
                for line in BufReader::new(way).lines().map_while(Result::ok) {
                    *said.lock().unwrap() += &(line + "\n");
                }
            })
        });
        Self {
            child,
            said,
            listening: listening.into(),
            secret: secret.to_owned(),
            board: board.to_owned(),
            // Each delivery comes by a connection of its own, as from several of Trello's machines.
            client: reqwest::Client::builder()
                .pool_max_idle_per_host(0)
                .build()
                .unwrap(),
        }
    }

    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Until it has said so.
    #[track_caller]
    pub fn until(&self, words: &str) -> String {
        for _ in 0..1_500 {
            let said = self.said();
            if said.contains(words) {
                return said;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it never says “{words}”:\n{}", self.said());
    }

    /// Attached, and listening there.
    pub fn ready(&self) -> String {
        self.until("No card was moved");
        let said = self.until("Signalman listens on ");
        let (_, rest) = said.split_once("Signalman listens on ").unwrap();
        rest.lines().next().unwrap().trim().to_owned()
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it answers to an honest delivery.
    pub async fn deliver(&self, at: &str, body: Vec<u8>) -> u16 {
        let path = format!("/hooks/trello/{}", self.board);
        let signature = sign(&self.secret, &body, &format!("{PUBLIC}{path}"));
        let request = self
            .client
            .post(format!("http://{at}{path}"))
            .header("x-trello-webhook", signature)
            .body(body);
        request.send().await.unwrap().status().as_u16()
    }

    pub async fn ask(&self, at: &str, path: &str) -> String {
        let asked = self.client.get(format!("http://{at}{path}")).send().await;
        asked.unwrap().text().await.unwrap()
    }

    /// A figure of its metrics.
    pub async fn figure(&self, at: &str, name: &str) -> u64 {
        let metrics = self.ask(at, "/metrics").await;
        let line = metrics.lines().find(|line| line.starts_with(name));
        let line = line.unwrap_or_else(|| panic!("no {name} in\n{metrics}"));
        line.rsplit(' ').next().unwrap().parse().unwrap()
    }

    /// SIGTERM, and how it ends.
    pub fn stop(mut self) -> bool {
        let pid = i32::try_from(self.child.id()).unwrap();
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        self.child.wait().unwrap().success()
    }

    /// Ends by itself, and all that it said was heard.
    pub fn ended(&mut self) -> bool {
        let ended = self.child.wait().unwrap().success();
        let all = self.listening.drain(..);
        all.for_each(|listening| listening.join().unwrap());
        ended
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

/// The events of a card in a store that somebody else has open.
pub fn kept(store: &Path) -> Value {
    let file = rusqlite::Connection::open(store).unwrap();
    let one = |sql: &str| file.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    json!({
        "deliveries": one("SELECT COUNT(*) FROM events WHERE action LIKE '6c%'"),
        "whole": file.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)).unwrap(),
    })
}
