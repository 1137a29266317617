//! A PostgreSQL server, and databases in it.

use super::{SCRIPTS, Server};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

pub(crate) struct Cluster {
    server: Server,
    /// What was filled from a dump and is copied from then on.
    filled: Mutex<Vec<String>>,
}

/// A database that is nobody else's. It stays until its cluster goes.
#[derive(Clone)]
pub(crate) struct Database {
    pub(crate) port: u16,
    pub(crate) name: String,
}

impl Cluster {
    pub(crate) fn start() -> Self {
        let server = Server::start(
            |port, folder| {
                let mut command = Command::new("sh");
                command.arg(format!("{SCRIPTS}/cluster.sh"));
                command.arg(folder).arg(port.to_string());
                command
            },
            |port| {
                let listens = TcpStream::connect(("127.0.0.1", port)).is_ok();
                listens && Database::of(port, "postgres").psql("SELECT 1").is_ok()
            },
        );
        Self {
            server,
            filled: Mutex::default(),
        }
    }

    /// The one that holds what the other systems keep; nobody stops it.
    pub(super) fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// To be killed, frozen and started again.
    pub(crate) fn server(&mut self) -> &mut Server {
        &mut self.server
    }

    pub(crate) fn empty(&self) -> Database {
        self.copy("template0")
    }

    /// A database as a dump has it: filled once, then copied.
    pub(super) fn seeded(&self, system: &str, dump: &Path) -> Database {
        let seed = format!("seed_{system}");
        let mut filled = self.filled.lock().unwrap();
        if !filled.contains(&seed) {
            let into = Database::of(self.server.port(), &seed);
            self.order(&format!("CREATE DATABASE {seed}"));
            let mut restore = Command::new("pg_restore");
            restore.args(["-d", &into.url()]).arg(dump);
            assert!(restore.status().unwrap().success());
            filled.push(seed.clone());
        }
        // Under the lock: no two copies of one database can be made at once.
        self.copy(&seed)
    }

    fn copy(&self, of: &str) -> Database {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("test{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.order(&format!("CREATE DATABASE {name} TEMPLATE {of}"));
        Database::of(self.server.port(), &name)
    }

    fn order(&self, sql: &str) {
        Database::of(self.server.port(), "postgres").sql(sql);
    }
}

impl Database {
    fn of(port: u16, name: &str) -> Self {
        let name = name.to_owned();
        Self { port, name }
    }

    pub(crate) fn url(&self) -> String {
        let Self { port, name } = self;
        format!("postgresql://signalman@127.0.0.1:{port}/{name}")
    }

    /// What is answered: a row a line, its columns apart by `|`.
    pub(crate) fn sql(&self, sql: &str) -> String {
        self.psql(sql).unwrap()
    }

    /// What a query counts.
    pub(crate) fn count(&self, sql: &str) -> u64 {
        self.sql(sql).parse().unwrap()
    }

    fn psql(&self, sql: &str) -> Result<String, String> {
        let told = Command::new("psql")
            .args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql, &self.url()])
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        match told.status.success() {
            true => Ok(text(&told.stdout)),
            false => Err(text(&told.stderr)),
        }
    }
}
