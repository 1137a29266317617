//! The real systems that targets are proved against, each a process of its own on loopback. They end
//! when dropped, and also when the tests are killed (`keep.sh`).

mod bottlecrm;
mod cluster;
mod radicale;
mod redis;
mod smtp;
mod stripe;
mod synapse;
mod telegram;
mod tryton;

pub(crate) use bottlecrm::BottleCrm;
pub(crate) use cluster::{Cluster, Database};
pub(crate) use radicale::Radicale;
pub(crate) use redis::Redis;
pub(crate) use smtp::Smtp;
pub(crate) use stripe::{KEY as STRIPE_KEY, LocalStripe, StatefulMock};
pub(crate) use synapse::Synapse;
pub(crate) use telegram::{Telegram, refused};
pub(crate) use tryton::Tryton;

use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Where the scripts and pins are.
pub(crate) const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/targets/servers");

/// A program that is running, frozen or killed. It starts again on the same port with the same data.
pub(crate) struct Server {
    port: u16,
    folder: PathBuf,
    ready: fn(u16) -> bool,
    keeper: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    server: Arc<Mutex<Pid>>,
}

impl Server {
    /// Starts what `command` says of a port and an empty folder, and waits until `ready` says so.
    fn start(command: impl FnOnce(u16, &Path) -> Command, ready: fn(u16) -> bool) -> Self {
        let port = free_port();
        let folder = tempfile::Builder::new()
            .prefix("signalman-target-")
            // PostgreSQL runs as another user than root.
            .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .tempdir()
            .unwrap()
            .keep();
        let command = command(port, &folder);
        let mut keep = Command::new("sh");
        keep.arg(format!("{SCRIPTS}/keep.sh")).arg(&folder);
        keep.arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => keep.env(name, value),
                None => keep.env_remove(name),
            };
        }
        let mut keeper = keep
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut server = Self {
            port,
            folder,
            ready,
            orders: keeper.stdin.take(),
            answers: BufReader::new(keeper.stdout.take().unwrap()),
            server: Arc::new(Mutex::new(Pid::from_child(&keeper))),
            keeper,
        };
        server.restart();
        server
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Where the server keeps its things.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// SIGKILL, as a machine that loses its power.
    pub(crate) fn kill(&mut self) {
        self.killer()();
    }

    /// The same at a moment that somebody else knows.
    pub(crate) fn killer(&self) -> impl FnOnce() + Send + use<> {
        let server = Arc::clone(&self.server);
        move || {
            let server = *server.lock().unwrap();
            // PostgreSQL does not start before the last of these has noticed.
            let mut all = children(server);
            all.push(server);
            let _ = kill_process(server, Signal::KILL);
            for _ in 0..3_000 {
                if all.iter().all(|process| parent(*process).is_none()) {
                    return;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            panic!("is killed, but still there");
        }
    }

    /// Starts it again if it was killed.
    pub(crate) fn revive(&mut self) {
        if !self.alive() {
            self.restart();
        }
    }

    /// Stops it where it stands: whoever asks gets no answer, and what was begun goes on at `thaw`.
    pub(crate) fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    pub(crate) fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    /// Starts it after a `kill`: same port, same data.
    pub(crate) fn restart(&mut self) {
        let mut answer = String::new();
        writeln!(self.orders.as_mut().unwrap()).unwrap();
        self.answers.read_line(&mut answer).unwrap();
        let server = Pid::from_raw(answer.trim().parse().unwrap()).unwrap();
        *self.server.lock().unwrap() = server;
        self.until("did not start", |server| {
            assert!(server.alive(), "ended at once:\n{}", server.log());
            (server.ready)(server.port)
        });
    }

    fn signal(&self, signal: Signal) {
        let own = children(self.process());
        for process in own.into_iter().chain([self.process()]) {
            let _ = kill_process(process, signal);
        }
    }

    fn process(&self) -> Pid {
        *self.server.lock().unwrap()
    }

    fn alive(&self) -> bool {
        parent(self.process()).is_some()
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Waits for what another program reaches in its own time.
    fn until(&self, otherwise: &str, reached: impl Fn(&Self) -> bool) {
        for _ in 0..3_000 {
            if reached(self) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{otherwise}:\n{}", self.log());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Who is frozen does not notice that all is over.
        self.thaw();
        self.orders = None;
        let _ = self.keeper.wait();
    }
}

/// The folder of a system, installed where it was not; none where this machine cannot run it.
pub(crate) fn installed(system: &str) -> Option<PathBuf> {
    let told = Command::new("sh")
        .args([&format!("{SCRIPTS}/install.sh"), system])
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(told.status.success(), "{system} could not be installed");
    let told = String::from_utf8(told.stdout).unwrap();
    told.trim()
        .split_once('\t')
        .map(|(_, folder)| folder.into())
}

/// A port nobody listens on, below those that the kernel gives to whoever connects: so it is still
/// free when a server comes back to it.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + u16::try_from(std::process::id() % 1_000).unwrap() * 12;
    loop {
        let port = first + NEXT.fetch_add(1, Ordering::Relaxed);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Whether anything at all is answered over HTTP.
fn answers(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else {
        return false;
    };
    let patience = Some(Duration::from_secs(5));
    stream.set_read_timeout(patience).unwrap();
    let _ = stream.write_all(b"GET / HTTP/1.0\r\n\r\n");
    stream.read(&mut [0]).is_ok_and(|read| read > 0)
}

/// The process that started this one; none where it has ended.
fn parent(process: Pid) -> Option<i32> {
    let told = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The program's name comes before and may hold anything.
    let mut told = told.rsplit(") ").next()?.split(' ');
    if told.next()? == "Z" {
        return None;
    }
    told.next()?.parse().ok()
}

fn children(of: Pid) -> Vec<Pid> {
    std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(Pid::from_raw)
        .filter(|process| parent(*process) == Some(of.as_raw_nonzero().get()))
        .collect()
}
