//! Everything the practice Trello knows, behind one lock, with its clock, its ids and the one place
//! where an action is made. It never answers a request itself: that is `rest/`.

use super::ask::{Refusal, Who};
use super::faults::Fault;
use super::mail::Post;
use super::model::*;
use super::powerup::PowerUp;
use super::render;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

type Table<T> = BTreeMap<String, T>;

/// A webhook body on its way to whoever registered.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub webhook: String,
    pub callback: String,
    pub secret: String,
    pub body: String,
    pub client: Option<String>,
}

/// A request that was made, for tests that count.
#[derive(Clone, Debug)]
pub struct Request {
    pub verb: String,
    pub path: String,
    pub member: Option<String>,
    pub status: u16,
}

/// What the board page is told: of a new action, of what a Power-Up keeps, of a mail.
#[derive(Clone, Debug)]
pub struct News {
    pub board: String,
    pub event: &'static str,
    pub text: String,
}

#[derive(Default)]
pub struct State {
    pub members: Table<Member>,
    pub apps: Table<App>,
    pub tokens: Vec<Token>,
    pub organizations: Table<Organization>,
    pub boards: Table<Board>,
    pub manners: Table<Manners>,
    pub lists: Table<List>,
    pub cards: Table<Card>,
    pub checklists: Table<Checklist>,
    pub labels: Table<Label>,
    pub fields: Table<CustomField>,
    pub webhooks: Table<Webhook>,
    pub actions: Vec<Action>,
    pub requests: Vec<Request>,
    pub faults: Vec<Fault>,
    /// Mails that were sent.
    pub post: Post,
    pub powerup: Option<PowerUp>,
    /// Boards where the Power-Up is switched off.
    pub switched_off: BTreeSet<String>,
    /// What the Power-Up keeps, by scope, thing and, where it is private, member.
    pub kept: Table<String>,
    /// The instant of the request in hand.
    pub now: Timestamp,
    /// The header by which a client knows its own deliveries.
    pub client: Option<String>,
    pub outgoing: Vec<Delivery>,
    pub news: Vec<News>,
    counter: u64,
    last: Timestamp,
}

/// What an action is about.
pub struct About<'a> {
    pub board: &'a str,
    pub card: Option<&'a str>,
    pub list: Option<&'a str>,
}

impl State {
    /// An object id: seconds, then a number that only grows.
    pub fn id(&mut self) -> String {
        self.counter += 1;
        format!(
            "{:08x}{:016x}",
            self.now.as_second().max(0),
            0x5b00_0000_0000_0000u64 | self.counter
        )
    }

    pub fn short_link(&mut self) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789";
        (0..8)
            .map(|_| char::from(LETTERS[fastrand::usize(..LETTERS.len())]))
            .collect()
    }

    /// Action dates only grow, as they nearly always do.
    fn tick(&mut self, after: SignedDuration) -> Timestamp {
        // A world with a past jumps back; within one second dates only grow.
        let jumps = self.last.duration_since(self.now) > SignedDuration::from_secs(1);
        // Whole milliseconds: an action is as old as its date says.
        let now = Timestamp::from_millisecond(self.now.as_millisecond()).unwrap_or(self.now);
        let earliest = self.last + SignedDuration::from_millis(1);
        let begins = if jumps { now } else { now.max(earliest) };
        let at = begins + after;
        self.last = at;
        at
    }

    /// Makes an action, tells the webhooks and the page. `data` is what only this kind says.
    pub fn act(
        &mut self,
        who: &Who,
        kind: &str,
        about: About<'_>,
        key: &str,
        data: Value,
    ) -> Value {
        self.act_after(who, kind, about, key, data, SignedDuration::ZERO)
    }

    pub fn act_after(
        &mut self,
        who: &Who,
        kind: &str,
        about: About<'_>,
        key: &str,
        data: Value,
        after: SignedDuration,
    ) -> Value {
        let at = self.tick(after);
        let id = self.id();
        let value = render::action(self, &id, at, who, kind, key, data);
        if let Some(card) = about.card.and_then(|card| self.cards.get_mut(card)) {
            card.touched = at;
        }
        self.actions.push(Action {
            id: id.clone(),
            at,
            board: about.board.to_owned(),
            card: about.card.map(str::to_owned),
            list: about.list.map(str::to_owned),
            member: who.member.clone(),
            kind: kind.to_owned(),
            value: value.clone(),
        });
        let text = json!({ "id": id, "type": kind, "date": value["date"], "card": about.card });
        self.news.push(News {
            board: about.board.to_owned(),
            event: "action",
            text: text.to_string(),
        });
        self.send(about.board, &value);
        value
    }

    fn send(&mut self, board: &str, action: &Value) {
        let watching: Vec<Webhook> = self
            .webhooks
            .values()
            .filter(|hook| hook.model == board && hook.active)
            .cloned()
            .collect();
        let Some(model) = self
            .boards
            .get(board)
            .filter(|_| !watching.is_empty())
            .map(|board| render::board_model(self, board))
        else {
            return;
        };
        for hook in watching {
            let token = self.tokens.iter().find(|token| token.token == hook.token);
            let Some(app) = token.and_then(|token| self.apps.get(&token.app)) else {
                continue;
            };
            let body =
                json!({ "model": model, "action": action, "webhook": render::webhook(&hook) });
            self.outgoing.push(Delivery {
                webhook: hook.id.clone(),
                callback: hook.callback.clone(),
                secret: app.secret.clone(),
                body: body.to_string(),
                client: self.client.clone(),
            });
        }
    }

    // Finding ----------------------------------------------------------------------------------

    /// A board by id or short link, that this member may see.
    pub fn board(&self, who: &Who, id: &str) -> Result<&Board, Refusal> {
        let board = self
            .boards
            .get(id)
            .or_else(|| self.boards.values().find(|board| board.short_link == id));
        let board = board.ok_or_else(Refusal::missing)?;
        if board.people.iter().any(|place| place.member == who.member) {
            Ok(board)
        } else {
            Err(Refusal::missing())
        }
    }

    pub fn card(&self, who: &Who, id: &str) -> Result<&Card, Refusal> {
        let card = self
            .cards
            .get(id)
            .or_else(|| self.cards.values().find(|card| card.short_link == id));
        let card = card.ok_or_else(Refusal::missing)?;
        self.board(who, &card.board).map(|_| card)
    }

    pub fn list(&self, who: &Who, id: &str) -> Result<&List, Refusal> {
        let list = self.lists.get(id).ok_or_else(Refusal::missing)?;
        self.board(who, &list.board).map(|_| list)
    }

    /// Writing is for members who are no observers, on a board that is not view-only.
    pub fn may_write(&self, who: &Who, board: &str) -> Result<(), Refusal> {
        let board = self.board(who, board)?;
        let writes = board
            .people
            .iter()
            .any(|place| place.member == who.member && place.rank != Rank::Observer);
        if !writes || self.view_only(board) || board.closed {
            return Err(Refusal::forbidden());
        }
        Ok(())
    }

    /// A free workspace with more than ten people has view-only boards.
    fn view_only(&self, board: &Board) -> bool {
        let organization = board.organization.as_ref();
        let free = organization
            .and_then(|id| self.organizations.get(id))
            .is_some_and(|organization| organization.free);
        free && organization.is_some_and(|id| self.collaborators(id).len() > 10)
    }

    /// Everybody on any of a workspace's boards.
    pub fn collaborators(&self, organization: &str) -> Vec<String> {
        let mut all: Vec<String> = self
            .boards
            .values()
            .filter(|board| board.organization.as_deref() == Some(organization))
            .flat_map(|board| board.people.iter().map(|place| place.member.clone()))
            .collect();
        all.sort();
        all.dedup();
        all
    }

    pub fn writable_card(&self, who: &Who, id: &str) -> Result<Card, Refusal> {
        let card = self.card(who, id)?.clone();
        self.may_write(who, &card.board)?;
        Ok(card)
    }

    pub fn card_mut(&mut self, id: &str) -> Result<&mut Card, Refusal> {
        self.cards.get_mut(id).ok_or_else(Refusal::missing)
    }

    /// Positions of a list's cards, without one of them.
    pub fn positions(&self, list: &str, without: &str) -> Vec<f64> {
        self.cards
            .values()
            .filter(|card| card.list == list && card.id != without && !card.closed)
            .map(|card| card.pos)
            .collect()
    }
}
