//! Matrix Synapse on SQLite. A service that is let in by a token we choose makes an account that logs in:
//! only of those who have a device it keeps over a restart which transactions it has seen.

use super::{Server, answers, installed};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::process::Command;

pub(crate) struct Synapse {
    server: Server,
    token: String,
}

/// Thirty-two bytes that sign nothing anybody relies on.
const KEY: &str = "ed25519 a_test AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

impl Synapse {
    const SERVICE: &str = "signalman-test-password";

    pub(crate) async fn start() -> Self {
        let mut synapse = Self::server_alone();
        let account = json!({ "type": "m.login.application_service", "username": "bot" });
        let made = synapse.asked(reqwest::Method::POST, "register", Some(account));
        synapse.token = made.await["access_token"].as_str().unwrap().to_owned();
        synapse
    }

    /// The account's.
    pub(crate) fn token(&self) -> SecretString {
        SecretString::from(self.token.as_str())
    }

    fn server_alone() -> Self {
        let folder = installed("synapse").unwrap();
        let server = Server::start(
            |port, own| {
                let own = own.display();
                let service = json!({
                    "id": "signalman", "url": null, "as_token": Self::SERVICE,
                    "hs_token": "unused", "sender_localpart": "signalman", "rate_limited": false,
                    "namespaces": {
                        "users": [{ "regex": "@bot:.*", "exclusive": true }], "aliases": [], "rooms": [],
                    },
                });
                // JSON is YAML.
                let config = json!({
                    "server_name": "matrix.example", "report_stats": false,
                    "signing_key": KEY, "macaroon_secret_key": "unused", "form_secret": "unused",
                    "trusted_key_servers": [], "suppress_key_server_warning": true,
                    "enable_registration": false, "media_store_path": format!("{own}/media"),
                    "pid_file": format!("{own}/pid"), "log_config": null,
                    "database": { "name": "sqlite3", "args": { "database": format!("{own}/homeserver.db") } },
                    "app_service_config_files": [format!("{own}/service.yaml")],
                    "listeners": [{
                        "port": port, "bind_addresses": ["127.0.0.1"], "type": "http", "tls": false,
                        "resources": [{ "names": ["client"], "compress": false }],
                    }],
                });
                std::fs::write(format!("{own}/service.yaml"), service.to_string()).unwrap();
                std::fs::write(format!("{own}/homeserver.yaml"), config.to_string()).unwrap();
                let mut command = Command::new(folder.join("bin/python"));
                command.args(["-m", "synapse.app.homeserver", "--config-path"]);
                command.arg(format!("{own}/homeserver.yaml"));
                command
            },
            answers,
        );
        let token = Self::SERVICE.to_owned();
        Self { server, token }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.server.port())
    }

    async fn asked(&self, method: reqwest::Method, path: &str, body: Option<Value>) -> Value {
        let url = format!("{}/_matrix/client/v3/{path}", self.url());
        let mut request = reqwest::Client::new()
            .request(method, url)
            .bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{status}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// A room of the account's own.
    pub(crate) async fn room(&self) -> String {
        let made = self.asked(reqwest::Method::POST, "createRoom", Some(json!({})));
        made.await["room_id"].as_str().unwrap().to_owned()
    }

    /// What was written there, the oldest first.
    pub(crate) async fn written(&self, room: &str) -> Vec<String> {
        let path = format!("rooms/{room}/messages?dir=f&limit=100");
        let told = self.asked(reqwest::Method::GET, &path, None).await;
        let events = told["chunk"].as_array().unwrap().iter();
        let messages = events.filter(|event| event["type"] == "m.room.message");
        let texts = messages.map(|event| event["content"]["body"].as_str().unwrap().to_owned());
        texts.collect()
    }

    pub(crate) fn server(&mut self) -> &mut Server {
        &mut self.server
    }
}
