//! aiosmtpd: a mail server that keeps what it takes, read back by Python's own parser.

use super::{SCRIPTS, Server, installed};
use serde_json::Value;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) struct Smtp {
    server: Server,
    python: PathBuf,
    scheme: &'static str,
}

impl Smtp {
    pub(crate) const PASSWORD: &str = "signalman-test-password";

    pub(crate) fn plain() -> Self {
        Self::start("plain", "smtp")
    }

    /// With a certificate for `localhost` that nobody has signed, see `certificate`.
    pub(crate) fn starttls() -> Self {
        Self::start("starttls", "smtp")
    }

    pub(crate) fn tls() -> Self {
        Self::start("tls", "smtps")
    }

    fn start(mode: &str, scheme: &'static str) -> Self {
        let python = installed("aiosmtpd").unwrap().join("bin/python");
        let run = python.clone();
        let server = Server::start(
            |port, own| {
                let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
                std::fs::write(own.join("cert.pem"), made.cert.pem()).unwrap();
                std::fs::write(own.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
                let mut command = Command::new(run);
                command.arg(format!("{SCRIPTS}/aiosmtpd/serve.py"));
                command.arg(port.to_string()).arg(own).arg(mode);
                command.arg(own.join("cert.pem")).arg(own.join("key.pem"));
                command
            },
            |port| TcpStream::connect(("127.0.0.1", port)).is_ok(),
        );
        Self {
            server,
            python,
            scheme,
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.server.port()
    }

    pub(crate) fn url(&self) -> String {
        format!("{}://localhost:{}", self.scheme, self.port())
    }

    /// Whoever trusts this one knows the server.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.server.folder().join("cert.pem")
    }

    pub(crate) fn folder(&self) -> &Path {
        self.server.folder()
    }

    /// What it has taken, the oldest first.
    pub(crate) fn letters(&self) -> Vec<Value> {
        let read = Command::new(&self.python)
            .arg(format!("{SCRIPTS}/aiosmtpd/read.py"))
            .arg(self.server.folder())
            .output()
            .unwrap();
        assert!(read.status.success(), "{read:?}");
        serde_json::from_slice(&read.stdout).unwrap()
    }

    pub(crate) fn server(&mut self) -> &mut Server {
        &mut self.server
    }
}
