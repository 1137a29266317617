//! BottleCRM, with the database of `bottlecrm/seed.py` and a Redis of its own.

use super::{Cluster, Database, Redis, Server, answers, installed};
use std::process::Command;

pub(crate) struct BottleCrm {
    server: Server,
    redis: Redis,
    database: Database,
}

impl BottleCrm {
    /// Opens the API: `Authorization: Bearer …`.
    pub(crate) const TOKEN: &str = "bcrm_pat_signalman-test-token";

    /// None where there is no Python for it.
    pub(crate) fn start() -> Option<Self> {
        let folder = installed("bottlecrm")?;
        let database = Cluster::shared().seeded("bottlecrm", &folder.join("seed.dump"));
        let redis = Redis::start();
        let broker = redis.url();
        let server = Server::start(
            |port, _| {
                let mut command = Command::new(folder.join("bin/python"));
                command
                    .args(["-m", "uvicorn", "crm.asgi:application", "--lifespan", "off"])
                    .args(["--host", "127.0.0.1", "--port", &port.to_string()])
                    .args(["--log-level", "warning"])
                    .env("DJANGO_SETTINGS_MODULE", "crm.settings")
                    .env("SECRET_KEY", "signalman-test-secret-of-32-bytes-or-more")
                    .env("DBHOST", "127.0.0.1")
                    .env("DBPORT", database.port.to_string())
                    .env("DBUSER", "signalman")
                    .env("DBPASSWORD", "")
                    .env("DBNAME", &database.name)
                    .env("CELERY_BROKER_URL", &broker)
                    // With it a request waits twenty seconds for a Redis that is not there.
                    .env("CELERY_RESULT_BACKEND", "disabled://");
                command
            },
            answers,
        );
        Some(Self {
            server,
            redis,
            database,
        })
    }

    /// What the paths begin with: `…/contacts/`.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/api", self.server.port())
    }

    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    pub(crate) fn server(&mut self) -> &mut Server {
        &mut self.server
    }

    /// Without it a record is created, and the answer is 500.
    pub(crate) fn redis(&mut self) -> &mut Server {
        self.redis.server()
    }
}
