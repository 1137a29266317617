//! Chats that people open by their link: which is whose is kept with the person's way. Only bots that
//! somebody has chosen without a chat's number are listened to.

use super::post::mark;
use super::{Clock, Engine, Held};
use crate::model::{ActionId, Actor, BoardId, Event, EventKind, MemberId, PostId};
use crate::notify::{Chats, Update, invite};
use crate::process::notify::{To, Way, WayKind};
use crate::process::words::{Link, Words};
use crate::store::{BoardState, StoreError};
use jiff::Timestamp;
use secrecy::SecretString;
use std::collections::HashMap;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const GLANCE: Duration = Duration::from_secs(3);
/// Where no bot is to be listened to, a file may name one by and by.
const SELDOM: Duration = Duration::from_secs(60);

/// The bots that are listened to.
#[derive(Default)]
pub struct Listened(HashMap<Bot, Ear>);

struct Ear {
    chats: Chats,
    secret: SecretString,
    /// What was heard last.
    after: Option<i64>,
}

/// One bot may serve several boards.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Bot {
    url: Option<String>,
    secret_in: Option<String>,
}

impl Engine {
    pub(super) async fn listen_to_chats(&self, clock: Clock, stop: CancellationToken) {
        let mut listened = Listened::default();
        loop {
            let wait = match self.hear_chats(clock(), &mut listened).await {
                Ok(0) => SELDOM,
                Ok(_) => GLANCE,
                Err(error) => {
                    tracing::error!(%error, "the store cannot be used; trying again");
                    SELDOM
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Hears what people wrote to the bots since; how many bots there are.
    pub async fn hear_chats(
        &self,
        now: Timestamp,
        listened: &mut Listened,
    ) -> Result<usize, StoreError> {
        let mut bots: HashMap<Bot, Vec<(BoardId, Held, Way)>> = HashMap::new();
        for board in self.store.boards().await? {
            let Some(held) = self.held(&board).await? else {
                continue;
            };
            if held.record.state != BoardState::Running {
                continue;
            }
            for way in held.process.ways.iter().filter(|way| listens(&held, way)) {
                let bot = Bot {
                    url: way.url.clone(),
                    secret_in: way.secret_in.clone(),
                };
                let here = (board.clone(), held.clone(), way.clone());
                bots.entry(bot).or_default().push(here);
            }
        }
        // A bot tells each thing once: of several machines the one listens that has the bot's first board.
        bots.retain(|_, boards| {
            let first = boards.first();
            first.is_some_and(|(board, ..)| self.store.holds(board))
        });
        let count = bots.len();
        for (bot, boards) in bots {
            if !listened.0.contains_key(&bot)
                && let Some(ear) = self.ear(&bot, &boards)
            {
                listened.0.insert(bot.clone(), ear);
            }
            let Some(ear) = listened.0.get_mut(&bot) else {
                continue; // whoever sends by it is told why it cannot be used
            };
            match ear.chats.updates(ear.after).await {
                Ok(updates) => {
                    for update in updates {
                        self.hear_chat(ear, &boards, &update, now).await?;
                        ear.after = Some(update.id);
                    }
                }
                Err(outcome) => {
                    tracing::debug!(why = outcome.why(), "a bot cannot be listened to");
                }
            }
        }
        Ok(count)
    }

    fn ear(&self, bot: &Bot, boards: &[(BoardId, Held, Way)]) -> Option<Ear> {
        let secret = self.options.secrets.get(bot.secret_in.as_deref()?)?;
        let (_, _, way) = boards.first()?;
        Some(Ear {
            chats: Chats::new(way, Some(secret.clone())).ok()?,
            secret,
            after: None,
        })
    }

    /// Whoever opens the chat by a link is answered; nothing else that is written there is.
    async fn hear_chat(
        &self,
        ear: &Ear,
        boards: &[(BoardId, Held, Way)],
        update: &Update,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (Some(chat), Some(code)) = (&update.chat, update.text.strip_prefix("/start")) else {
            return Ok(());
        };
        let mut here = boards.first();
        let link = match invite::read(&ear.secret, code.trim(), now) {
            invite::Invited::Stale => Link::Stale,
            invite::Invited::Foreign => Link::Foreign,
            invite::Invited::Good { board, member } => {
                let of = boards
                    .iter()
                    .find(|(known, held, way)| *known == board && chooses(held, &member, way));
                match of {
                    Some((board, _, way)) => {
                        let post = PostId::new(&member, &way.key);
                        self.bind((board, post), (update, chat), now).await?;
                        here = of;
                        Link::Good
                    }
                    None => Link::Foreign,
                }
            }
        };
        if let Some((_, held, _)) = here {
            let text = Words::of(&held.process).chat(&held.process.name, link);
            if let Err(outcome) = ear.chats.say(chat, &text).await {
                tracing::warn!(
                    why = outcome.why(),
                    "whoever opened a chat was not answered"
                );
            }
        }
        Ok(())
    }

    /// Kept by whatever machine works on the board.
    async fn bind(
        &self,
        (board, post): (&BoardId, PostId),
        (update, chat): (&Update, &str),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let about = format!("chat {} {now}", update.id);
        let opened = Event {
            id: ActionId::new(format!("chat {}", mark(board, &post, &about))),
            at: now,
            actor: Actor::default(),
            kind: EventKind::ChatOpened {
                to: post,
                chat: chat.to_owned(),
            },
        };
        self.store.append(board, &[opened], now).await?;
        self.nudge();
        Ok(())
    }
}

/// Whether somebody has chosen this bot and is to open the chat.
fn listens(held: &Held, way: &Way) -> bool {
    let mut reaches = held.process.people.iter().flat_map(|one| &one.notify);
    way.kind == WayKind::Telegram
        && reaches.any(|reach| reach.way == way.key && reach.to == To::Chat)
}

fn chooses(held: &Held, member: &MemberId, way: &Way) -> bool {
    let person = held.process.person_of(held.bindings(), member);
    person.is_some_and(|person| {
        let mut reaches = person.notify.iter();
        reaches.any(|reach| reach.way == way.key && reach.to == To::Chat)
    })
}
