//! Chats that people open by their link: which is whose is kept with the person's way. Only bots that
//! somebody has chosen without a chat's number are listened to.

use super::{Clock, Engine, Held};
use crate::model::{BoardId, Lane, MemberId, PostId};
use crate::notify::{Chats, Update, invite};
use crate::process::Memory;
use crate::process::notify::{To, Way, WayKind};
use crate::process::words::{Link, Words};
use crate::store::{Commit, Committed, StoreError};
use jiff::Timestamp;
use secrecy::SecretString;
use std::collections::HashMap;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const GLANCE: Duration = Duration::from_secs(3);
/// Where no bot is to be listened to, a file may name one by and by.
const SELDOM: Duration = Duration::from_secs(60);
const MOST_CONFLICTS: usize = 5;

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
        for board in self.store.running().await? {
            let Some(held) = self.held(&board).await? else {
                continue;
            };
            for way in held.process.ways.iter().filter(|way| listens(&held, way)) {
                let bot = Bot {
                    url: way.url.clone(),
                    secret_in: way.secret_in.clone(),
                };
                let here = (board.clone(), held.clone(), way.clone());
                bots.entry(bot).or_default().push(here);
            }
        }
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
                        self.bind(board, &post, chat, now).await?;
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

    async fn bind(
        &self,
        board: &BoardId,
        post: &PostId,
        chat: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let lane = Lane::Post(post.clone());
        for _ in 0..MOST_CONFLICTS {
            let work = self.store.load(board, &lane).await?;
            let mut memory: Memory = work.memory.unwrap_or_default();
            memory.post.get_or_insert_default().chat = Some(chat.to_owned());
            let mut commit = Commit::new(lane.clone(), now);
            (commit.memory, commit.edition) = (Some(memory), Some(work.edition));
            if self.store.commit(board, commit).await? == Committed::Done {
                tracing::info!(%board, way = post.way(), "a person opened a chat");
                return Ok(());
            }
        }
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
