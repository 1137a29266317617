//! An address book over CardDAV: a client is a contact in a file of our name, or in one that people
//! made and that carries our name since it was linked. Every write says which text it rests on, so
//! that nothing of anybody's is lost. Leaving marks a contact.

mod vcard;

use super::door::{Answer, Door, Question};
use super::{Found, Outcome, System, cleaned};
use crate::model::hex;
use crate::process::target::{Client, Target};
use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::time::Duration;
use vcard::{Card, OURS, property};

/// So often it is looked again after somebody else was faster.
const ROUNDS: usize = 3;
/// So many that could be the client are looked at.
const MOST: usize = 50;

pub(super) struct Carddav {
    door: Door,
    /// The header that logs in.
    login: Option<SecretString>,
}

/// A contact, and what a write of it rests on.
struct Contact {
    file: String,
    etag: String,
    card: Card,
}

impl Carddav {
    pub(super) fn new(door: Door, target: &Target, secret: Option<&SecretString>) -> Self {
        let login = target.user.as_ref().zip(secret).map(|(user, secret)| {
            let pair = format!("{user}:{}", secret.expose_secret());
            SecretString::from(format!("Basic {}", STANDARD.encode(pair)))
        });
        // Neither the password nor what is made of it is ever shown again.
        let sent = login.iter().chain(secret).cloned();
        let door = sent.fold(door, |door, secret| door.hiding(secret));
        Self { door, login }
    }

    async fn ask(
        &self,
        method: Method,
        file: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, Outcome> {
        let mut all = headers.to_vec();
        if let Some(login) = &self.login {
            all.push(("Authorization", login.expose_secret()));
        }
        let reads = method != Method::PUT;
        let path = path(file);
        let question = Question {
            method,
            path: &path,
            query: &[],
            headers: &all,
            body: None,
        };
        self.door.ask_text(question, body, reads).await
    }

    async fn contact(&self, file: &str) -> Result<Option<Contact>, Outcome> {
        let text = self.ask(Method::GET, file, &[], "").await?;
        match text.status {
            StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(None),
            status if status.is_success() => {}
            _ => return Err(text.refusal(None)),
        }
        let etag = text.headers.get("ETag").and_then(|etag| etag.to_str().ok());
        let Some(etag) = etag else {
            return Err(refused(
                "it does not say which version of a contact it has (ETag)",
            ));
        };
        let Some(card) = Card::read(text.text()) else {
            return Err(refused(format!("{file} is no vCard of version 3.0 or 4.0")));
        };
        Ok(Some(Contact {
            file: file.to_owned(),
            etag: etag.to_owned(),
            card,
        }))
    }

    /// Contacts in which a property has that value, as far as the server can tell.
    async fn with(&self, property: &str, value: Option<&str>) -> Result<Vec<Contact>, Outcome> {
        let filter = value.map(|value| {
            format!("<C:text-match collation=\"i;unicode-casemap\" match-type=\"equals\">{}</C:text-match>", xml(value))
        });
        let query = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><C:addressbook-query xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\"><prop><getetag/><C:address-data/></prop><C:filter><C:prop-filter name=\"{property}\">{}</C:prop-filter></C:filter></C:addressbook-query>",
            filter.unwrap_or_default()
        );
        let method = Method::from_bytes(b"REPORT").unwrap_or_default();
        let headers = [
            ("Depth", "1"),
            ("Content-Type", "application/xml; charset=utf-8"),
        ];
        let text = self.ask(method, "", &headers, &query).await?;
        if text.status == StatusCode::NOT_FOUND {
            return Err(refused("there is no address book at this address"));
        }
        let found = contacts(&text).filter(|_| text.status == StatusCode::MULTI_STATUS);
        found.ok_or_else(|| text.refusal(None))
    }

    async fn find(&self, client: &Client) -> Result<Option<Contact>, Outcome> {
        if let Some(known) = &client.known
            && let Some(contact) = self.contact(known).await?
        {
            return Ok(Some(contact));
        }
        if let Some(contact) = self.contact(&file(&client.key)).await? {
            return Ok(Some(contact));
        }
        let mine = |contact: &Contact| contact.card.key().as_deref() == Some(&client.key);
        let mut ours = self.with(OURS, Some(&client.key)).await?;
        ours.retain(mine);
        if let Some(contact) = alone(ours)? {
            return self.contact(&contact.file).await;
        }
        let Some((first, value)) = client.matching.first() else {
            return Ok(None);
        };
        // Numbers are written in many ways; only we can tell that they are the same.
        let exact = ["email", "name"].contains(&first.as_str());
        let exact = exact.then_some(value.as_str());
        let mut by_hand = self.with(property(first), exact).await?;
        // Somebody may have linked it to this client since we looked for ours.
        by_hand.retain(|contact| {
            let is = |(field, value): &(String, String)| contact.card.has(field, value);
            mine(contact) || contact.card.key().is_none() && client.matching.iter().all(is)
        });
        if by_hand.iter().any(mine) {
            by_hand.retain(mine);
        }
        match alone(by_hand)? {
            Some(contact) => self.contact(&contact.file).await,
            None => Ok(None),
        }
    }

    async fn bring_about(&self, client: &Client) -> Result<Outcome, Outcome> {
        for _ in 0..ROUNDS {
            let found = self.find(client).await?;
            if found.is_none() && client.status == crate::model::Status::Retired {
                return Err(refused("there is no such contact to retire"));
            }
            let (name, rests, card) = match &found {
                Some(contact) => {
                    let (card, changed) = contact.card.with(client);
                    if changed.is_empty() && contact.card.key().as_deref() == Some(&client.key) {
                        return Ok(self.confirmed(&contact.file));
                    }
                    (
                        contact.file.clone(),
                        ("If-Match", contact.etag.as_str()),
                        card,
                    )
                }
                None => {
                    let (card, _) = Card::new(&client.key).with(client);
                    (file(&client.key), ("If-None-Match", "*"), card)
                }
            };
            let headers = [rests, ("Content-Type", "text/vcard; charset=utf-8")];
            let text = self
                .ask(Method::PUT, &name, &headers, &card.write())
                .await?;
            match text.status {
                status if status.is_success() => return Ok(self.confirmed(&name)),
                // Somebody was faster; or its name is another file's, which is found by what it holds.
                StatusCode::PRECONDITION_FAILED => {}
                StatusCode::CONFLICT if text.text().contains("no-uid-conflict") => {}
                _ => return Err(text.refusal(None)),
            }
        }
        Err(Outcome::Retry {
            after: Duration::from_secs(5),
            why: "somebody else keeps changing the contact".into(),
        })
    }

    fn confirmed(&self, file: &str) -> Outcome {
        Outcome::Confirmed {
            id: file.to_owned(),
            link: self.door.link(&path(file)),
        }
    }
}

#[async_trait]
impl System for Carddav {
    async fn upsert(&self, client: &Client) -> Outcome {
        let ended = self.bring_about(&cleaned(client)).await;
        ended.unwrap_or_else(|outcome| outcome)
    }

    async fn looked(&self, client: &Client) -> Result<Found, Outcome> {
        let client = &cleaned(client);
        let Some(contact) = self.find(client).await? else {
            return Ok(Found::Nothing);
        };
        let (_, differs) = contact.card.with(client);
        Ok(Found::One {
            link: self.door.link(&path(&contact.file)),
            id: contact.file,
            status: contact.card.status(),
            differs,
        })
    }
}

fn alone(mut found: Vec<Contact>) -> Result<Option<Contact>, Outcome> {
    match found.len() {
        0 | 1 => Ok(found.pop()),
        _ => {
            let shown = found.iter().take(MOST);
            let ids = shown.map(|one| format!("{} ({})", one.card.name(), one.file));
            Err(Outcome::Several { ids: ids.collect() })
        }
    }
}

/// None: that is no answer to a question for contacts.
fn contacts(answer: &Answer) -> Option<Vec<Contact>> {
    let document = roxmltree::Document::parse(answer.text()).ok()?;
    let responses = document.root_element().children();
    let responses = responses.filter(|node| node.tag_name().name() == "response");
    let found = responses.filter_map(|response| {
        let text = |name: &str| {
            let mut parts = response.descendants();
            parts.find(|node| node.tag_name().name() == name)?.text()
        };
        let file = text("href")?.trim().rsplit('/').next()?;
        Some(Contact {
            file: file.to_owned(),
            etag: text("getetag").unwrap_or_default().to_owned(),
            card: Card::read(text("address-data")?)?,
        })
    });
    let found = found.filter(|contact| !contact.file.is_empty());
    Some(found.collect())
}

/// Below the address book and nowhere else, whatever a file is called.
fn path(file: &str) -> String {
    match file.replace(['/', '?', '#', '\\'], "").as_str() {
        "" | "." | ".." => String::new(),
        file => format!("./{file}"),
    }
}

/// A name that no server minds.
fn file(key: &str) -> String {
    let plain = |one: char| one.is_ascii_alphanumeric() || one == '-' || one == '_';
    let mut name: String = key.chars().filter(|one| plain(*one)).take(100).collect();
    if name != key {
        name = format!("{name}-{}", hex(&Sha256::digest(key)[..8]));
    }
    name + ".vcf"
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn refused(why: impl Into<String>) -> Outcome {
    Outcome::Refused { why: why.into() }
}
