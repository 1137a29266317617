//! Telegram: a bot writes into a chat that the person has opened. Telegram has the bot's token in the
//! address of every request; it is in no error and in no line of the log.

use super::door::{Door, open_to};
use super::{Carrier, Letter, Outcome, Unfit, in_one};
use crate::process::notify::Way;
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::time::Duration;
use url::Url;

const TELEGRAM: &str = "https://api.telegram.org";
const MOST_CHARS: usize = 4_096;
/// So many are read at once of what people write to the bot.
const UPDATES: u64 = 50;

pub struct Chats {
    door: Door,
    base: Url,
    token: SecretString,
}

/// What somebody wrote to the bot in a chat of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// Telegram's number of it: what is behind the last one is asked for next.
    pub id: i64,
    pub chat: Option<String>,
    pub text: String,
}

impl Chats {
    pub fn new(way: &Way, secret: Option<SecretString>) -> Result<Self, Unfit> {
        let name = way.secret_in.clone().unwrap_or_default();
        let Some(token) = secret else {
            return Err(Unfit::NoSecret(name));
        };
        // It becomes part of an address.
        let plain = |one: char| one.is_ascii_alphanumeric() || matches!(one, ':' | '_' | '-');
        if token.expose_secret().is_empty() || !token.expose_secret().chars().all(plain) {
            let wanted = "a bot's token, such as 123456:ABC-DEF";
            return Err(Unfit::Secret { name, wanted });
        }
        let base = match &way.url {
            Some(url) => Url::parse(url).ok(),
            None => Url::parse(TELEGRAM).ok(),
        };
        let base = base.ok_or_else(|| Unfit::Address("it is none".to_owned()))?;
        open_to(&base, way.allow_private)?;
        Ok(Self {
            door: Door::new(way.allow_private, Some(token.clone()))?,
            base,
            token,
        })
    }

    async fn ask(&self, method: &str, body: &Value) -> Result<Value, Outcome> {
        let token = self.token.expose_secret();
        let base = self.base.as_str().trim_end_matches('/');
        let request = self.door.http.post(format!("{base}/bot{token}/{method}"));
        let answer = self.door.ask(request.json(body)).await?;
        let said = answer.body["description"].as_str();
        match answer.status.as_u16() {
            200 if answer.body["ok"] == true => Ok(answer.body["result"].clone()),
            200 => Err(Outcome::Unknown {
                why: "its answer is none of Telegram's".to_owned(),
            }),
            // Telegram knows no bot of that token.
            401 | 404 => Err(Outcome::Retry {
                after: super::door::PAUSE,
                why: "its token is not accepted".to_owned(),
            }),
            429 => {
                let after = answer.body["parameters"]["retry_after"].as_u64();
                Err(answer.later(after.map(Duration::from_secs)))
            }
            _ => Err(answer.outcome(said)),
        }
    }

    pub async fn say(&self, chat: &str, text: &str) -> Result<(), Outcome> {
        // A group has a name as well as a number.
        let chat = chat
            .parse()
            .map_or_else(|_| json!(chat), |id: i64| json!(id));
        let body = json!({
            "chat_id": chat,
            "text": text,
            "link_preview_options": { "is_disabled": true },
        });
        self.ask("sendMessage", &body).await.map(drop)
    }

    /// The bot's own name, for links that open a chat with it.
    pub async fn name(&self) -> Result<String, Outcome> {
        let me = self.ask("getMe", &json!({})).await?;
        let name = me["username"].as_str().map(str::to_owned);
        name.ok_or_else(|| Outcome::Unknown {
            why: "it does not say what the bot is called".to_owned(),
        })
    }

    /// What people wrote to it since `after`; whatever is up to there, Telegram forgets.
    pub async fn updates(&self, after: Option<i64>) -> Result<Vec<Update>, Outcome> {
        let mut body = json!({ "limit": UPDATES, "timeout": 0, "allowed_updates": ["message"] });
        if let Some(after) = after {
            body["offset"] = json!(after.saturating_add(1));
        }
        let told = self.ask("getUpdates", &body).await?;
        let told = told.as_array().map_or(&[][..], Vec::as_slice);
        let updates = told.iter().filter_map(|one| {
            let message = &one["message"];
            // Only where two are alone: in a group others would read what is for one person.
            let private = message["chat"]["type"] == "private";
            let chat = message["chat"]["id"].as_i64().filter(|_| private);
            Some(Update {
                id: one["update_id"].as_i64()?,
                chat: chat.map(|id| id.to_string()),
                text: message["text"].as_str().unwrap_or_default().to_owned(),
            })
        });
        Ok(updates.collect())
    }
}

#[async_trait]
impl Carrier for Chats {
    async fn send(&self, letter: &Letter<'_>) -> Outcome {
        let Some(chat) = letter.to else {
            let why = "the person has opened no chat".to_owned();
            return Outcome::Refused { why };
        };
        match self.say(chat, &in_one(letter.message, MOST_CHARS)).await {
            Ok(()) => Outcome::Sent,
            Err(outcome) => outcome,
        }
    }

    async fn look(&self) -> Result<(), Outcome> {
        self.name().await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::notify::WayKind;

    const TOKEN: &str = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";

    fn way(url: &str) -> Way {
        Way {
            key: "telegram".into(),
            kind: WayKind::Telegram,
            url: Some(url.into()),
            from: None,
            user: None,
            secret_in: Some("NOTIFY_BOT".into()),
            allow_private: true,
        }
    }

    /// A server that answers all with this, and hears what was asked.
    async fn answering(status: u16, body: &'static str) -> String {
        use axum::http::StatusCode;
        let answer = move |uri: axum::http::Uri| async move {
            let body = body.replace("{path}", uri.path());
            (StatusCode::from_u16(status).unwrap(), body)
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = axum::Router::new().fallback(answer);
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    #[tokio::test]
    async fn no_error_has_the_token_in_it() {
        let nobody = {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            format!("http://{}", listener.local_addr().unwrap())
        };
        let urls = [
            nobody,
            answering(400, r#"{"ok":false,"description":"no chat at {path}"}"#).await,
            answering(403, "{path}").await,
            answering(404, "{path}").await,
            answering(500, "{path}").await,
            answering(200, "{path}").await,
        ];
        for url in urls {
            let token = Some(SecretString::from(TOKEN));
            let Ok(chats) = Chats::new(&way(&url), token) else {
                panic!("a token");
            };
            let said = chats.say("7", "…").await.unwrap_err();
            assert!(!format!("{said:?}").contains("AAHdq"), "{said:?}");
            assert!(!said.why().is_empty());
        }
        let bad = Chats::new(
            &way("http://127.0.0.1:1"),
            Some(SecretString::from("a/b?c")),
        );
        assert!(!format!("{:?}", bad.err().unwrap()).contains("a/b"));
    }
}
