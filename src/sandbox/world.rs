//! The world behind the practice Trello, for whoever sets a scene or looks at how it ended. A hand
//! acts as one member, through the same requests as everybody, at any instant of the past.

use super::ask::{Answer, Ask, Params, Refusal, Verb, Who};
use super::faults::Fault;
use super::model::*;
use super::rest;
use super::signer::Signer;
use super::state::{Delivery, News, Request, State};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tokio::sync::{broadcast, mpsc, watch};

#[derive(Clone)]
pub struct World {
    state: Arc<Mutex<State>>,
    offset: Arc<Mutex<SignedDuration>>,
    deliveries: mpsc::UnboundedSender<Delivery>,
    news: broadcast::Sender<News>,
    pending: watch::Sender<usize>,
    pub(super) signing: Arc<OnceLock<Option<Signer>>>,
}

/// The app whose key the service uses, and the web app that people use.
pub const SERVICE_APP: &str = "Signalman";
pub const WEB_APP: &str = "Trello";

impl World {
    pub(super) fn new(offset: SignedDuration, deliveries: mpsc::UnboundedSender<Delivery>) -> Self {
        let world = Self {
            state: Arc::default(),
            offset: Arc::new(Mutex::new(offset)),
            deliveries,
            news: broadcast::channel(1024).0,
            pending: watch::Sender::new(0),
            signing: Arc::default(),
        };
        world.add_app(SERVICE_APP, false);
        world.add_app(WEB_APP, true);
        world
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the practice Trello has its own clock, and it is read here alone"
    )]
    pub fn now(&self) -> Timestamp {
        Timestamp::now() + *self.offset.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets time pass.
    pub fn advance(&self, by: SignedDuration) {
        *self.offset.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the world, or changes what no request changes. What it causes is told afterwards.
    pub fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        self.at(self.now(), look)
    }

    pub(super) fn at<T>(&self, now: Timestamp, look: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        state.now = now;
        let result = look(&mut state);
        let (outgoing, news) = (
            std::mem::take(&mut state.outgoing),
            std::mem::take(&mut state.news),
        );
        drop(state);
        self.pending.send_modify(|count| *count += outgoing.len());
        for delivery in outgoing {
            let _ = self.deliveries.send(delivery);
        }
        for one in news {
            let _ = self.news.send(one);
        }
        result
    }

    pub(super) fn listen(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }

    /// One delivery has been made, or given up.
    pub(super) fn settled(&self) {
        self.pending
            .send_modify(|count| *count = count.saturating_sub(1));
    }

    /// Waits until every delivery has been made or given up.
    pub async fn delivered(&self) {
        let _ = self.pending.subscribe().wait_for(|count| *count == 0).await;
    }

    // Setting a scene --------------------------------------------------------------------------

    pub fn add_app(&self, name: &str, web: bool) -> App {
        self.with(|state| {
            let app = App {
                id: state.id(),
                name: name.to_owned(),
                key: hex(32),
                secret: hex(64),
                web,
            };
            state.apps.insert(app.id.clone(), app.clone());
            app
        })
    }

    /// The app of that name; the two apps of every world always exist.
    pub fn app(&self, name: &str) -> Option<App> {
        self.with(|state| state.apps.values().find(|app| app.name == name).cloned())
    }

    /// Adds a person, who may use the web app and the service's app from then on.
    pub fn add_member(&self, username: &str, full_name: &str) -> String {
        self.with(|state| {
            let id = state.id();
            let member = Member {
                id: id.clone(),
                username: username.to_owned(),
                full_name: full_name.to_owned(),
            };
            state.members.insert(id.clone(), member);
            let apps: Vec<String> = state.apps.keys().cloned().collect();
            for app in apps {
                let token = Token {
                    id: state.id(),
                    token: hex(64),
                    member: id.clone(),
                    app,
                    created: state.now,
                    write: true,
                    expires: None,
                };
                state.tokens.push(token);
            }
            id
        })
    }

    /// A member's token for an app.
    pub fn token(&self, member: &str, app: &str) -> Option<String> {
        self.with(|state| {
            let app = state
                .apps
                .values()
                .find(|known| known.name == app)?
                .id
                .clone();
            let own = |token: &&Token| token.member == member && token.app == app;
            state
                .tokens
                .iter()
                .find(own)
                .map(|token| token.token.clone())
        })
    }

    pub fn add_organization(&self, name: &str, free: bool) -> String {
        self.with(|state| {
            let id = state.id();
            let organization = Organization {
                id: id.clone(),
                name: name.to_owned(),
                free,
            };
            state.organizations.insert(id.clone(), organization);
            id
        })
    }

    /// A board without lists, with the owner as its admin.
    pub fn add_board(&self, name: &str, owner: &str) -> String {
        self.with(|state| state.new_board(owner, name))
    }

    pub fn join(&self, board: &str, member: &str, rank: Rank) {
        self.with(|state| {
            let place = Place {
                id: state.id(),
                member: member.to_owned(),
                rank,
            };
            if let Some(board) = state.boards.get_mut(board) {
                board.people.retain(|known| known.member != member);
                board.people.push(place);
            }
        });
    }

    pub fn fault(&self, fault: Fault) {
        self.with(|state| state.faults.push(fault));
    }

    /// Every request made so far, the oldest first.
    pub fn requests(&self) -> Vec<Request> {
        self.with(|state| state.requests.clone())
    }

    /// What was sent by mail, the newest first.
    pub fn mails(&self) -> Vec<super::mail::Mail> {
        self.with(|state| state.post.newest_first())
    }

    pub fn forget_requests(&self) {
        self.with(|state| state.requests.clear());
    }

    /// Acts as a person in the web app.
    pub fn hand(&self, member: &str) -> Hand {
        let token = self.token(member, WEB_APP).unwrap_or_default();
        Hand {
            world: self.clone(),
            who: Who {
                member: member.to_owned(),
                app: None,
                token,
            },
            at: None,
        }
    }
}

pub(super) fn hex(length: usize) -> String {
    (0..length)
        .map(|_| char::from(b"0123456789abcdef"[fastrand::usize(..16)]))
        .collect()
}

/// One person's hand.
#[derive(Clone)]
pub struct Hand {
    world: World,
    who: Who,
    at: Option<Timestamp>,
}

impl Hand {
    /// The same hand, at an instant of the past.
    pub fn at(&self, at: Timestamp) -> Self {
        Self {
            at: Some(at),
            ..self.clone()
        }
    }

    /// The same hand through an application: a rule's, an agent's, another key's.
    pub fn through(&self, app: &str) -> Self {
        let mut other = self.clone();
        other.who.app = Some(app.to_owned());
        other
    }

    pub fn world(&self) -> &World {
        &self.world
    }

    pub fn member(&self) -> &str {
        &self.who.member
    }

    /// One request, `path` as in Trello's reference without the leading `/1/`.
    pub fn call(&self, verb: Verb, path: &str, params: Value) -> Answer {
        let params = match params {
            Value::Object(params) => Params(params),
            _ => Params::default(),
        };
        let ask = Ask {
            verb,
            path: path.split('/').map(str::to_owned).collect(),
            params,
            who: self.who.clone(),
        };
        let at = self.at.unwrap_or_else(|| self.world.now());
        self.world.at(at, |state| rest::answer(state, &ask))
    }

    pub fn get(&self, path: &str, params: Value) -> Answer {
        self.call(Verb::Get, path, params)
    }
    pub fn post(&self, path: &str, params: Value) -> Answer {
        self.call(Verb::Post, path, params)
    }
    pub fn put(&self, path: &str, params: Value) -> Answer {
        self.call(Verb::Put, path, params)
    }
    pub fn delete(&self, path: &str) -> Answer {
        self.call(Verb::Delete, path, Value::Null)
    }

    /// A card made of an e-mail.
    pub fn email(&self, list: &str, name: &str, desc: &str) -> Result<String, Refusal> {
        let at = self.at.unwrap_or_else(|| self.world.now());
        self.world
            .at(at, |state| state.email(&self.who, list, name, desc))
    }
}
