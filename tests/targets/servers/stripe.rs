//! Two that behave as Stripe does in part: localstripe knows subscriptions and invoice items, the
//! stateful mock knows idempotency keys. Neither is Stripe.

use super::{SCRIPTS, Server, answers, installed};
use std::process::Command;

pub(crate) struct LocalStripe {
    server: Server,
}

/// Keeps everything in memory: a kill loses it.
pub(crate) struct StatefulMock {
    server: Server,
}

/// Any key will do: `Authorization: Bearer …`.
pub(crate) const KEY: &str = "sk_test_12345";

impl LocalStripe {
    pub(crate) fn start() -> Self {
        let folder = installed("localstripe").unwrap();
        let server = Server::start(
            |port, own| {
                let mut command = Command::new(folder.join("bin/python"));
                command.arg(format!("{SCRIPTS}/localstripe/serve.py"));
                command.arg(port.to_string()).arg(own);
                command
            },
            answers,
        );
        Self { server }
    }

    /// What the paths begin with: `…/customers`.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.server.port())
    }

    pub(crate) fn server(&mut self) -> &mut Server {
        &mut self.server
    }
}

impl StatefulMock {
    pub(crate) fn start() -> Self {
        let folder = installed("stripe-stateful-mock").unwrap();
        let server = Server::start(
            |port, _| {
                let mut command = Command::new("node");
                command.arg(format!("{SCRIPTS}/stripe-stateful-mock/serve.cjs"));
                command.arg(port.to_string());
                command.env("NODE_PATH", folder.join("node_modules"));
                command
            },
            answers,
        );
        Self { server }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.server.port())
    }

    pub(crate) fn server(&mut self) -> &mut Server {
        &mut self.server
    }
}
