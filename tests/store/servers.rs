//! Redis servers of Debian's package, on loopback, each in a folder of its own. They end when dropped.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

pub(crate) struct Server {
    pub(crate) port: u16,
    child: Child,
    folder: PathBuf,
    /// Taken away with the server, where nobody wants what it kept.
    _own: Option<TempDir>,
}

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// With settings besides, as `redis.conf` writes them.
    pub(crate) fn with(settings: &[&str]) -> Self {
        let own = tempfile::tempdir().unwrap();
        let mut server = Self::redis(own.path(), settings);
        server._own = Some(own);
        server
    }

    /// In a folder of somebody's, where what it kept stays.
    pub(crate) fn within(folder: &Path) -> Self {
        Self::redis(folder, &[])
    }

    fn redis(folder: &Path, settings: &[&str]) -> Self {
        let port = free_port();
        let mut args = vec![
            format!("port {port}"),
            "bind 127.0.0.1".to_owned(),
            "save \"\"".to_owned(),
            "appendonly yes".to_owned(),
            format!("dir {}", folder.display()),
        ];
        args.extend(settings.iter().map(ToString::to_string));
        Self::run("redis-server", port, folder, &args)
    }

    /// A Sentinel that watches `master`.
    pub(crate) fn sentinel(master: u16, quorum: usize) -> Self {
        let port = free_port();
        let own = tempfile::tempdir().unwrap();
        let settings = [
            format!("port {port}"),
            "bind 127.0.0.1".to_owned(),
            format!("dir {}", own.path().display()),
            format!("sentinel monitor board 127.0.0.1 {master} {quorum}"),
            "sentinel down-after-milliseconds board 500".to_owned(),
            "sentinel failover-timeout board 3000".to_owned(),
        ];
        let mut server = Self::run("redis-sentinel", port, own.path(), &settings);
        server._own = Some(own);
        server
    }

    fn run(program: &str, port: u16, folder: &Path, settings: &[String]) -> Self {
        let file = folder.join("redis.conf");
        std::fs::write(&file, settings.join("\n")).unwrap();
        let log = std::fs::File::create(folder.join("log")).unwrap();
        let child = Command::new(program)
            .arg(&file)
            .stdout(Stdio::from(log))
            .spawn()
            .unwrap_or_else(|error| panic!("{program}, from Debian's packages: {error}"));
        let server = Self {
            port,
            child,
            folder: folder.to_owned(),
            _own: None,
        };
        server.until(|server| {
            ["PONG", "NOAUTH"]
                .iter()
                .any(|up| server.says(&["ping"]).starts_with(up))
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the server answers to a command.
    pub(crate) fn says(&self, command: &[&str]) -> String {
        let port = self.port.to_string();
        let mut cli = Command::new("redis-cli");
        let told = cli.args(["-p", &port]).args(command).output().unwrap();
        String::from_utf8_lossy(&told.stdout).trim().to_owned()
    }

    /// What time it is there.
    pub(crate) fn now_ms(&self) -> u64 {
        let told = self.says(&["time"]);
        let seconds: u64 = told.lines().next().unwrap().parse().unwrap();
        seconds * 1_000
    }

    /// Waits for a state that another program reaches in its own time.
    pub(crate) fn until(&self, reached: impl Fn(&Self) -> bool) {
        for _ in 0..1_000 {
            if reached(self) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let log = self.folder().join("log");
        panic!("{}", std::fs::read_to_string(log).unwrap());
    }

    /// It stands still: connections stay, and nobody is answered.
    pub(crate) fn freeze(&self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::STOP).unwrap();
    }

    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
