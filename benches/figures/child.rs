//! A server as a process of its own, on cores of its own: what it costs is read from the kernel.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub struct Running {
    child: Child,
    out: std::path::PathBuf,
    pub port: u16,
    /// From the start to the first good answer.
    pub ready_after: Duration,
}

/// Puts this process, all its threads and what they start on these cores.
pub fn stand_on(cores: &str) {
    let own = std::process::id().to_string();
    let done = Command::new("taskset")
        .args(["-acp", cores, &own])
        .stdout(Stdio::null())
        .status();
    assert!(done.unwrap().success(), "taskset -acp {cores}");
}

pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// How to start a server.
pub struct Start<'a> {
    pub program: Vec<String>,
    pub env: Vec<(String, String)>,
    pub cores: &'a str,
    pub port: u16,
    /// A path that answers once it is ready; none where it speaks no HTTP.
    pub ready: Option<&'a str>,
    pub folder: &'a Path,
}

impl Running {
    pub async fn start(how: Start<'_>) -> Self {
        let out = how.folder.join(format!("{}.out", how.port));
        let log = File::create(how.folder.join(format!("{}.log", how.port))).unwrap();
        let http = reqwest::Client::new();
        let begun = Instant::now();
        let child = Command::new("taskset")
            .args(["-c", how.cores])
            .args(&how.program)
            .envs(how.env)
            .stdout(File::create(&out).unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut running = Self {
            child,
            out,
            port: how.port,
            ready_after: Duration::ZERO,
        };
        while !answers(&http, how.port, how.ready).await {
            let ended = running.child.try_wait().unwrap().is_some();
            let late = begun.elapsed() > Duration::from_secs(120);
            assert!(!ended && !late, "never ready: {}", running.log(how.folder));
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        running.ready_after = begun.elapsed();
        running
    }

    fn log(&self, folder: &Path) -> String {
        std::fs::read_to_string(folder.join(format!("{}.log", self.port))).unwrap_or_default()
    }

    /// Processor time so far, of all its threads.
    pub fn cpu(&self) -> Duration {
        let stat = self.proc("stat");
        let (_, behind_name) = stat.rsplit_once(')').unwrap();
        // utime and stime stand eleven places behind the state, in ticks of 10 ms.
        let ticks = behind_name.split_whitespace().skip(11).take(2);
        Duration::from_millis(ticks.map(|one| 10 * one.parse::<u64>().unwrap()).sum())
    }

    pub fn rss_mb(&self) -> f64 {
        let status = self.proc("status");
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS"))
            .unwrap();
        let kb: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kb / 1024.0
    }

    fn proc(&self, name: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{name}", self.child.id())).unwrap()
    }

    /// Ends it as an operator would; returns what it said on standard output.
    pub fn stop(mut self) -> String {
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
        let _ = self.child.wait();
        std::fs::read_to_string(&self.out).unwrap_or_default()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A peer has no path for it: that it answers anything but “not yet” is enough.
async fn answers(http: &reqwest::Client, port: u16, path: Option<&str>) -> bool {
    let Some(path) = path else {
        return tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .is_ok();
    };
    let answer = http
        .get(format!("http://127.0.0.1:{port}{path}"))
        .send()
        .await;
    answer.is_ok_and(|answer| answer.status() != 503)
}
