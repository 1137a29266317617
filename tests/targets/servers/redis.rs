//! Redis: what BottleCRM queues in, and a store for two of us.

use super::Server;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

pub(crate) struct Redis {
    server: Server,
}

impl Redis {
    pub(crate) fn start() -> Self {
        let server = Server::start(
            |port, _| {
                let mut command = Command::new("redis-server");
                command.args(["--port", &port.to_string(), "--bind", "127.0.0.1"]);
                command.args(["--save", "", "--appendonly", "yes"]);
                command
            },
            pongs,
        );
        Self { server }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.server.port())
    }

    pub(crate) fn server(&mut self) -> &mut Server {
        &mut self.server
    }
}

fn pongs(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else {
        return false;
    };
    let mut answer = [0; 5];
    stream.write_all(b"PING\r\n").is_ok()
        && stream.read_exact(&mut answer).is_ok()
        && answer == *b"+PONG"
}
