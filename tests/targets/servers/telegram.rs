//! telegram-test-api, which stands for Telegram: it takes almost anything, so what it was sent is
//! checked by aiogram, a library that knows what Telegram takes.

use super::{SCRIPTS, Server, answers, installed};
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};

pub(crate) struct Telegram {
    server: Server,
}

impl Telegram {
    pub(crate) const TOKEN: &str = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";

    pub(crate) fn start() -> Self {
        let folder = installed("telegram-test-api").unwrap();
        let server = Server::start(
            |port, _| {
                let mut command = Command::new("node");
                command.arg(format!("{SCRIPTS}/telegram-test-api/serve.cjs"));
                command.arg(port.to_string());
                command.env("NODE_PATH", folder.join("node_modules"));
                command
            },
            answers,
        );
        Self { server }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.server.port())
    }

    async fn asked(&self, path: &str, body: Value) -> Value {
        let url = format!("{}/{path}", self.url());
        let answer = reqwest::Client::new().post(url).json(&body).send().await;
        answer.unwrap().json().await.unwrap()
    }

    /// As a person who writes to the bot.
    pub(crate) async fn write(&self, chat: i64, text: &str) {
        let command = text.split(' ').next().unwrap().len();
        let message = json!({
            "botToken": Self::TOKEN, "date": 1, "text": text,
            "from": { "id": chat, "first_name": "Maria", "username": "maria", "is_bot": false },
            "chat": { "id": chat, "type": "private", "first_name": "Maria" },
            "entities": [{ "offset": 0, "length": command, "type": "bot_command" }],
        });
        self.asked("sendCommand", message).await;
    }

    /// The bodies of the bot's own messages, the oldest first.
    pub(crate) async fn sent(&self) -> Vec<Value> {
        let told = self
            .asked("getUpdatesHistory", json!({ "token": Self::TOKEN }))
            .await;
        let all = told["result"].as_array().unwrap().iter();
        let own = all.filter(|one| one["message"]["chat_id"].is_number());
        own.map(|one| one["message"].clone()).collect()
    }
}

/// What Telegram would not take of these bodies, by aiogram.
pub(crate) fn refused(bodies: &[Value]) -> Vec<String> {
    let python = installed("aiogram").unwrap().join("bin/python");
    let mut check = Command::new(python)
        .arg(format!("{SCRIPTS}/aiogram/check.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let text = serde_json::to_string(bodies).unwrap();
    check
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let told = check.wait_with_output().unwrap();
    assert!(told.status.success());
    let told = String::from_utf8(told.stdout).unwrap();
    let told: Vec<_> = told.lines().map(str::to_owned).collect();
    assert_eq!(told.len(), bodies.len(), "{told:?}");
    told.into_iter().filter(|one| !one.is_empty()).collect()
}
