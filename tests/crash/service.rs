//! The real program as a process of its own: started, killed, frozen, asked for its figures.

use rustix::process::{Pid, Signal, kill_process};
use std::fs::{self, File, OpenOptions};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;
use tokio::time::{Instant, sleep};

const STARTS_WITHIN: Duration = Duration::from_secs(30);
/// Eight seconds for what is on its way, and what a busy machine takes.
const ENDS_WITHIN: Duration = Duration::from_secs(12);

/// What the program is told by its environment.
pub type Environment = Vec<(&'static str, String)>;

/// One `signalman serve`. It is killed when dropped.
pub struct Service {
    child: Child,
    /// What it says on standard output: first of all, where it listens.
    said: PathBuf,
}

/// The program with nothing of our own environment.
pub fn program(environment: &Environment) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_signalman"));
    command.env_clear().envs(environment.iter().cloned());
    command
}

impl Service {
    /// Starts it and does not wait for it. The log goes on where an earlier one of that name ended.
    pub fn start(folder: &Path, name: &str, environment: &Environment) -> Self {
        let said = folder.join(format!("{name}.said"));
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(folder.join(format!("{name}.log")))
            .unwrap();
        let child = program(environment)
            .arg("serve")
            .env("LISTEN", "127.0.0.1:0")
            .stdout(File::create(&said).unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        Self { child, said }
    }

    /// Waits until it says where it listens.
    pub async fn listens(&mut self) -> SocketAddr {
        let begun = Instant::now();
        loop {
            let said = fs::read_to_string(&self.said).unwrap_or_default();
            let line = said.split_once('\n').map(|(line, _)| line);
            if let Some(at) = line.and_then(|line| line.rsplit(' ').next()?.parse().ok()) {
                return at;
            }
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!(
                    "the service ended by itself ({status}); see {}",
                    self.said.display()
                );
            }
            assert!(
                begun.elapsed() < STARTS_WITHIN,
                "the service does not start"
            );
            sleep(Duration::from_millis(3)).await;
        }
    }

    /// SIGKILL; nothing of it is left.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// SIGTERM: it finishes what it has begun.
    pub async fn end(mut self) {
        kill_process(self.pid(), Signal::TERM).unwrap();
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                let said = self.said.display();
                assert!(status.success(), "told to end: {status}; see {said}");
                return;
            }
            assert!(begun.elapsed() < ENDS_WITHIN, "told to end, it does not");
            sleep(Duration::from_millis(3)).await;
        }
    }

    pub fn freeze(&self) {
        kill_process(self.pid(), Signal::STOP).unwrap();
    }

    pub fn thaw(&self) {
        kill_process(self.pid(), Signal::CONT).unwrap();
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.kill();
    }
}

/// What still waits, as `/metrics` of the process at this address tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub events: u64,
    pub effects: u64,
    pub dead: u64,
    pub set_aside: u64,
    /// Boards that this process works on: over Redis a killed one holds them for a while yet.
    pub held: u64,
    /// Of these, the ones not looked through yet.
    pub behind: u64,
}

pub async fn waiting(at: SocketAddr) -> Option<Waiting> {
    let answer = reqwest::Client::new()
        .get(format!("http://{at}/metrics"))
        .timeout(Duration::from_secs(5))
        .send()
        .await
        .ok()?;
    let text = answer.text().await.ok()?;
    let figure = |name: &str| -> Option<u64> {
        let name = format!("signalman_{name} ");
        let line = text.lines().find_map(|line| line.strip_prefix(&name))?;
        line.trim().parse().ok()
    };
    if figure("store_up")? == 0 {
        return None;
    }
    Some(Waiting {
        events: figure("events_waiting")?,
        effects: figure("effects_waiting")?,
        dead: figure("dead_letters")?,
        set_aside: figure("deliveries_set_aside")?,
        held: figure("boards_held")?,
        behind: figure("boards_behind")?,
    })
}
