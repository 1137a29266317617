//! Tryton, over its REST interface, with the database of `tryton/seed.py`.

use super::{Cluster, Database, Server, answers, installed};
use std::process::Command;

pub(crate) struct Tryton {
    server: Server,
    database: Database,
}

impl Tryton {
    /// Opens the REST interface: `Authorization: bearer …`.
    pub(crate) const KEY: &str = "signalman-test-key";

    pub(crate) fn start() -> Self {
        let folder = installed("tryton").unwrap();
        let database = Cluster::shared().seeded("tryton", &folder.join("seed.dump"));
        let server = Server::start(
            |port, own| {
                let config = own.join("trytond.conf");
                let uri = format!("postgresql://signalman@127.0.0.1:{}/", database.port);
                std::fs::write(
                    &config,
                    format!("[database]\nuri = {uri}\n[web]\nlisten = 127.0.0.1:{port}\n"),
                )
                .unwrap();
                let mut command = Command::new(folder.join("bin/python"));
                command.arg(folder.join("bin/trytond"));
                command.arg("-c").arg(config).args(["-d", &database.name]);
                command
            },
            answers,
        );
        Self { server, database }
    }

    /// What the models' paths begin with: `…/party.party`.
    pub(crate) fn url(&self) -> String {
        let (port, name) = (self.server.port(), &self.database.name);
        format!("http://127.0.0.1:{port}/{name}/rest/model")
    }

    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    pub(crate) fn server(&mut self) -> &mut Server {
        &mut self.server
    }
}
