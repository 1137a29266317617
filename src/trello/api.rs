//! The calls we make, and how each can end. A write whose outcome is unknown says so: whoever asked
//! looks it up before asking again. Secrets travel in a header, never in a URL, a log or an error.

use super::budget::{Budget, Limits, Weight};
use super::{action, wire};
use crate::model::*;
use jiff::Timestamp;
use reqwest::{Client, Method, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use url::Url;

mod hands;

const CONNECT: Duration = Duration::from_secs(5);
const TOTAL: Duration = Duration::from_secs(20);
const BODY_BYTES: usize = 16 << 20;
const ERROR_CHARS: usize = 300;
/// Trello allows no longer comment, description or name.
const TEXT_CHARS: usize = 16_384;
/// The kinds of action that `/actions` returns and the judge can learn from.
const TOLD: &str = "createCard,copyCard,convertToCardFromCheckItem,emailCard,moveCardToBoard,moveCardFromBoard,\
updateCard:idList,updateCard:closed,updateCard:name,updateCheckItemStateOnCard,commentCard,addMemberToCard,\
removeMemberFromCard,addAttachmentToCard,deleteAttachmentFromCard,updateCustomFieldItem,updateList,moveListToBoard,\
addChecklistToCard,removeChecklistFromCard,deleteCard,updateCard:desc";

/// How a call can fail.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Trello says no, and will say no again.
    #[error("Trello refused ({status}): {message}")]
    Refused { status: u16, message: String },
    /// It is not there, or this token cannot see it.
    #[error("Trello has no such thing, or this token cannot see it")]
    Missing,
    /// The key or token is not (or no longer) good for this.
    #[error("Trello does not accept the key or token for this: {message}")]
    Forbidden { message: String },
    /// Not done; ask again later.
    #[error("Trello asks to wait: {why}")]
    Retry { after: Duration, why: String },
    /// Nobody knows whether it was done.
    #[error("Trello's answer was lost: {why}")]
    Unknown { why: String },
}

type Outcome<T> = Result<T, Failure>;

pub struct Credentials {
    pub key: SecretString,
    pub token: SecretString,
}

/// One token of one key.
pub struct Trello {
    http: Client,
    base: Url,
    authorization: SecretString,
    budget: Mutex<Budget>,
    clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub id: ActionId,
    pub by: Option<MemberId>,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub id: String,
    pub board: BoardId,
    pub callback: String,
    pub active: bool,
    pub failures: u64,
}

pub struct NewWebhook<'a> {
    pub board: &'a BoardId,
    pub callback: &'a str,
    pub description: &'a str,
}

/// Which of a board's cards to read with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoardPart {
    WithoutCards,
    OpenCards,
    /// Archived cards too.
    AllCards,
}

impl Trello {
    /// `base` is Trello's API root, such as `https://api.trello.com/1`.
    pub fn new(
        base: &Url,
        credentials: &Credentials,
        clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    ) -> Outcome<Self> {
        let broken = |error: reqwest::Error| Failure::Refused {
            status: 0,
            message: error.without_url().to_string(),
        };
        let http = Client::builder()
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("signalman/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(broken)?;
        let mut base = base.clone();
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let (key, token) = (
            credentials.key.expose_secret(),
            credentials.token.expose_secret(),
        );
        let authorization =
            format!("OAuth oauth_consumer_key=\"{key}\", oauth_token=\"{token}\"").into();
        Ok(Self {
            http,
            base,
            authorization,
            budget: Mutex::new(Budget::new(Limits::default())),
            clock,
        })
    }

    async fn call(
        &self,
        weight: Weight,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<Value>,
    ) -> Outcome<Value> {
        let now = (self.clock)();
        let taken = self
            .budget
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take(now, weight);
        if let Err(until) = taken {
            let after = Duration::try_from(until.duration_since(now)).unwrap_or_default();
            return Err(Failure::Retry {
                after,
                why: "the ten-second window is full".into(),
            });
        }
        let url = self.base.join(path).map_err(|error| Failure::Refused {
            status: 0,
            message: error.to_string(),
        })?;
        let reads = method == Method::GET;
        let mut request = self
            .http
            .request(method, url)
            .query(query)
            .header(header::AUTHORIZATION, self.authorization.expose_secret())
            .header("X-Trello-Client-Identifier", "signalman");
        if let Some(body) = &body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(|error| lost(error, reads))?;
        let status = response.status();
        let remaining = response.headers().get("x-rate-limit-api-token-remaining");
        let remaining = remaining.and_then(|value| value.to_str().ok()?.parse().ok());
        let refused = status == StatusCode::TOO_MANY_REQUESTS;
        self.budget
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .learn(now, remaining, refused);
        let text = bounded(response, reads).await?;
        if status.is_success() {
            return Ok(serde_json::from_str(&text).unwrap_or(Value::Null));
        }
        Err(failure(status, &text, reads))
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Outcome<Value> {
        self.call(Weight::Other, Method::GET, path, query, None)
            .await
    }

    async fn put(&self, path: &str, body: Value) -> Outcome<Value> {
        self.call(Weight::Other, Method::PUT, path, &[], Some(body))
            .await
    }

    async fn post(&self, path: &str, body: Value) -> Outcome<Value> {
        self.call(Weight::Other, Method::POST, path, &[], Some(body))
            .await
    }

    // Who we are -----------------------------------------------------------------------------

    pub async fn me(&self) -> Outcome<Member> {
        Ok(wire::member(
            &self
                .get("members/me", &[("fields", "id,username,fullName")])
                .await?,
        ))
    }

    /// How many people work in a workspace, guests and invitations included, and whether it is free.
    pub async fn workspace(&self, organization: &str) -> Outcome<(usize, bool)> {
        let query = [
            ("fields", "products,premiumFeatures"),
            ("memberships", "all"),
        ];
        let value = self
            .get(&format!("organizations/{organization}"), &query)
            .await?;
        let count = value
            .get("memberships")
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        let paid = value
            .get("products")
            .and_then(Value::as_array)
            .is_some_and(|products| !products.is_empty());
        Ok((count, !paid))
    }

    // Reading --------------------------------------------------------------------------------

    pub async fn board(&self, board: &BoardId, part: BoardPart) -> Outcome<Board> {
        let query = [
            ("fields", "id,name,url,idOrganization"),
            ("lists", "all"),
            ("members", "all"),
            ("memberships", "all"),
            ("labels", "all"),
            ("labels_limit", "1000"),
            ("customFields", "true"),
        ];
        let value = self.get(&format!("boards/{board}"), &query).await?;
        let text = |key: &str| {
            value
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let each = |key: &str| {
            value
                .get(key)
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default()
        };
        let custom_fields: Vec<_> = each("customFields")
            .iter()
            .map(wire::custom_field)
            .collect();
        let id = BoardId::new(text("id"));
        let mut lists: Vec<_> = each("lists").iter().map(wire::list).collect();
        lists.sort_by(|a, b| a.pos.total_cmp(&b.pos));
        let cards = match part {
            BoardPart::WithoutCards => Vec::new(),
            BoardPart::OpenCards => self.cards(&id, "open", &custom_fields).await?,
            BoardPart::AllCards => self.cards(&id, "all", &custom_fields).await?,
        };
        Ok(Board {
            id,
            name: text("name"),
            url: text("url"),
            organization: Some(text("idOrganization")).filter(|id| !id.is_empty()),
            lists,
            members: wire::memberships(&value),
            labels: each("labels").iter().map(wire::label).collect(),
            custom_fields,
            cards,
        })
    }

    /// A thousand cards a request, from the newest back.
    async fn cards(
        &self,
        board: &BoardId,
        filter: &str,
        fields: &[CustomField],
    ) -> Outcome<Vec<Card>> {
        const PAGE: usize = 1000;
        let mut cards: Vec<Card> = Vec::new();
        let mut before = String::new();
        loop {
            let mut query = vec![
                ("filter", filter),
                ("limit", "1000"),
                ("checklists", "all"),
                ("attachments", "true"),
                ("customFieldItems", "true"),
            ];
            if !before.is_empty() {
                query.push(("before", &before));
            }
            let page = self.get(&format!("boards/{board}/cards"), &query).await?;
            let page = page.as_array().cloned().unwrap_or_default();
            let read: Vec<Card> = page.iter().map(|card| wire::card(card, fields)).collect();
            let fresh = read
                .iter()
                .filter(|card| !cards.iter().any(|known| known.id == card.id));
            let fresh: Vec<Card> = fresh.cloned().collect();
            let more = page.len() >= PAGE && !fresh.is_empty();
            before = read
                .iter()
                .map(|card| card.id.as_str())
                .min()
                .unwrap_or_default()
                .to_owned();
            cards.extend(fresh);
            if !more {
                return Ok(cards);
            }
        }
    }

    /// The card as it stands and its latest actions, oldest first, in one request.
    pub async fn card(&self, card: &CardId, fields: &[CustomField]) -> Outcome<(Card, Vec<Event>)> {
        let query = [
            ("checklists", "all"),
            ("attachments", "true"),
            ("customFieldItems", "true"),
            ("actions", TOLD),
            ("actions_limit", "200"),
        ];
        let value = self.get(&format!("cards/{card}"), &query).await?;
        let actions = value
            .get("actions")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        Ok((wire::card(&value, fields), events(&actions)))
    }

    /// The board's actions after one of them, oldest first. Paged backwards, 1,000 at a time.
    pub async fn board_actions(
        &self,
        board: &BoardId,
        since: Option<&ActionId>,
    ) -> Outcome<Vec<Event>> {
        const PAGES: usize = 50;
        let mut found: Vec<Event> = Vec::new();
        let mut before = String::new();
        for _ in 0..PAGES {
            let mut query = vec![("limit", if since.is_some() { "1000" } else { "1" })];
            query.extend(since.map(|since| ("since", since.as_str())));
            if !before.is_empty() {
                query.push(("before", &before));
            }
            let page = self.get(&format!("boards/{board}/actions"), &query).await?;
            let page = events(page.as_array().map_or(&[][..], Vec::as_slice));
            let Some(oldest) = page.first() else { break };
            before = oldest.id.to_string();
            let full = page.len() >= 1000;
            found.splice(0..0, page);
            if !full {
                break;
            }
        }
        Ok(found)
    }

    /// Who ticked what on a board, oldest first: the latest ten thousand ticks.
    pub async fn ticks(&self, board: &BoardId) -> Outcome<Vec<Event>> {
        const PAGES: usize = 10;
        let mut found: Vec<Event> = Vec::new();
        let mut before = String::new();
        for _ in 0..PAGES {
            let mut query = vec![("filter", "updateCheckItemStateOnCard"), ("limit", "1000")];
            if !before.is_empty() {
                query.push(("before", &before));
            }
            let page = self.get(&format!("boards/{board}/actions"), &query).await?;
            let page = events(page.as_array().map_or(&[][..], Vec::as_slice));
            let Some(oldest) = page.first() else { break };
            before = oldest.id.to_string();
            let full = page.len() >= 1000;
            found.splice(0..0, page);
            if !full {
                break;
            }
        }
        Ok(found)
    }

    pub async fn comments(&self, card: &CardId) -> Outcome<Vec<Comment>> {
        let query = [("filter", "commentCard"), ("limit", "50")];
        let value = self.get(&format!("cards/{card}/actions"), &query).await?;
        let text = |action: &Value, path: &str| {
            action
                .pointer(path)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let comment = |action: &Value| {
            Some(Comment {
                id: ActionId::new(text(action, "/id")?),
                by: text(action, "/idMemberCreator").map(MemberId::new),
                text: text(action, "/data/text")?,
            })
        };
        Ok(value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(comment)
            .collect())
    }
}

/// Trello lists actions newest first.
fn events(actions: &[Value]) -> Vec<Event> {
    actions
        .iter()
        .rev()
        .filter_map(|value| action::event(value).ok())
        .collect()
}

async fn bounded(mut response: reqwest::Response, reads: bool) -> Outcome<String> {
    let mut body: Vec<u8> = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|error| lost(error, reads))? {
        if body.len() + part.len() > BODY_BYTES {
            return Err(Failure::Refused {
                status: 0,
                message: "an answer larger than 16 MB".into(),
            });
        }
        body.extend_from_slice(&part);
    }
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// A request that never left, or any read, may be made again; a write that left is unknown.
fn lost(error: reqwest::Error, reads: bool) -> Failure {
    let unsent = error.is_connect()
        || error.is_builder()
        || error.is_request() && error.is_timeout() && reads;
    let why = if error.is_timeout() {
        "no answer in time".to_owned()
    } else {
        error.without_url().to_string()
    };
    if unsent || reads {
        return Failure::Retry {
            after: Duration::from_secs(1),
            why,
        };
    }
    Failure::Unknown { why }
}

fn failure(status: StatusCode, text: &str, reads: bool) -> Failure {
    let said = serde_json::from_str::<Value>(text).ok();
    let said = said
        .as_ref()
        .and_then(|value| value.get("message"))
        .and_then(Value::as_str);
    let message: String = said
        .unwrap_or(text)
        .trim()
        .chars()
        .take(ERROR_CHARS)
        .collect();
    match status.as_u16() {
        404 => Failure::Missing,
        401 | 403 => Failure::Forbidden { message },
        429 => Failure::Retry {
            after: Duration::from_secs(10),
            why: message,
        },
        503 => Failure::Retry {
            after: Duration::from_secs(5),
            why: message,
        },
        code if code >= 500 && reads => Failure::Retry {
            after: Duration::from_secs(2),
            why: format!("{code} {message}"),
        },
        code if code >= 500 => Failure::Unknown {
            why: format!("{code} {message}"),
        },
        code => Failure::Refused {
            status: code,
            message,
        },
    }
}
