//! `ways`, `invite`: the ways to people besides the card, looked at, tried, and opened.

use super::attached::Attached;
use super::connect::{clock, keys_of_places};
use super::stored::StoreArgs;
use super::terminal::line;
use crate::model::{Lane, MemberId, Message, PostId};
use crate::notify::{self, Carrier, Chats, Letter, Outcome, Unfit, invite};
use crate::process::notify::{Reach, To, Way, WayKind};
use crate::process::words::Words;
use crate::process::{Person, Process};
use anyhow::{Context, bail};
use clap::Args;
use secrecy::ExposeSecret;
use std::process::ExitCode;

#[derive(Args)]
pub(super) struct OfBoard {
    /// The board: its id or address; - where only one is attached
    #[arg(long, env = "BOARD", default_value = "-")]
    board: String,
    #[command(flatten)]
    store: StoreArgs,
}

#[derive(Args)]
pub(super) struct Ways {
    /// Sends this person a trial message by each of the person's ways
    #[arg(long, value_name = "USERNAME")]
    r#try: Option<String>,
    #[command(flatten)]
    of: OfBoard,
}

#[derive(Args)]
pub(super) struct Invite {
    /// Trello usernames; none: everybody who is told by Telegram and has opened no chat
    people: Vec<String>,
    #[command(flatten)]
    of: OfBoard,
}

impl OfBoard {
    async fn attached(&self) -> anyhow::Result<Attached> {
        let attached = Attached::of(&self.store, &self.board).await?;
        if attached.process.ways.is_empty() {
            bail!("the process in force names no way to people: a section [[way]] does");
        }
        Ok(attached)
    }
}

impl Attached {
    /// The chat that a person has opened.
    async fn chat(&self, member: &MemberId, way: &str) -> anyhow::Result<Option<String>> {
        let lane = Lane::Post(PostId::new(member, way));
        let memory = self.store.memory(&self.board, &lane).await?;
        Ok(memory.and_then(|memory| memory.post?.chat))
    }

    /// Where a person is reached; or why nowhere yet.
    async fn to(
        &self,
        person: &Person,
        reach: &Reach,
    ) -> anyhow::Result<Result<Option<String>, String>> {
        Ok(match &reach.to {
            To::Told(to) => Ok(Some(to.clone())),
            To::Way => Ok(None),
            To::In(name) => match keys_of_places().get(name) {
                Some(to) => Ok(Some(to.expose_secret().to_owned())),
                None => Err(format!("the environment variable {name} is not set")),
            },
            To::Chat => {
                let Some(member) = self.bindings().by_username(&person.username) else {
                    return Ok(Err("nobody of that name is on the board".to_owned()));
                };
                match self.chat(&member.id, &reach.way).await? {
                    Some(chat) => Ok(Some(chat)),
                    None => Err(format!(
                        "has opened no chat yet: `signalman invite {}` gives a link",
                        person.username
                    )),
                }
            }
        })
    }
}

fn opened(way: &Way) -> Result<Box<dyn Carrier>, Unfit> {
    let secret = way.secret_in.as_deref();
    notify::open(way, secret.and_then(|name| keys_of_places().get(name)))
}

pub(super) async fn ways(args: Ways) -> anyhow::Result<ExitCode> {
    let attached = args.of.attached().await?;
    if let Some(username) = &args.r#try {
        return try_one(&attached, username.trim_start_matches('@')).await;
    }
    let mut well = true;
    for way in &attached.process.ways {
        let reach = match opened(way) {
            Err(unfit) => Err(format!("cannot be used: {unfit}")),
            Ok(carrier) => match carrier.look().await {
                Ok(()) => Ok("reachable".to_owned()),
                Err(outcome) => Err(format!("not reachable: {}", outcome.why())),
            },
        };
        well &= reach.is_ok();
        let (Ok(reach) | Err(reach)) = reach;
        line(format!("{}  ({}): {reach}", way.key, way.kind.word()));
        for person in &attached.process.people {
            let mut reaches = person.notify.iter();
            let Some(reach) = reaches.find(|reach| reach.way == way.key) else {
                continue;
            };
            let mut told = match attached.bindings().by_username(&person.username) {
                Some(_) => String::new(),
                None => ", is not on the board".to_owned(),
            };
            // Addresses are people's own: whether there is one is enough here.
            if let Err(why) = attached.to(person, reach).await? {
                told.push_str(&format!(", {why}"));
            }
            let digest = if person.digest { ", mornings too" } else { "" };
            line(format!("    @{}{digest}{told}", person.username));
        }
    }
    Ok(if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn try_one(attached: &Attached, username: &str) -> anyhow::Result<ExitCode> {
    let process = &attached.process;
    let person = person(process, username)?;
    let words = Words::of(process);
    let message = Message {
        about: "trial".into(),
        card: None,
        subject: process.name.clone(),
        text: words.trial(&process.name),
        link: Some(format!("https://trello.com/b/{}", attached.board)),
        at_once: true,
    };
    let mut well = true;
    for reach in &person.notify {
        let Some(way) = process.way(&reach.way) else {
            continue;
        };
        // Each trial is one of its own, also where a way shows one message once.
        let id = format!("trial-{}", clock()().as_microsecond());
        let ended = match (attached.to(person, reach).await?, opened(way)) {
            (Err(why), _) => Err(why),
            (_, Err(unfit)) => Err(unfit.to_string()),
            (Ok(to), Ok(carrier)) => {
                let letter = Letter {
                    id: &id,
                    to: to.as_deref(),
                    message: &message,
                };
                match carrier.send(&letter).await.hiding(to.as_deref()) {
                    Outcome::Sent => Ok(()),
                    other => Err(other.why().to_owned()),
                }
            }
        };
        well &= ended.is_ok();
        let ended = match ended {
            Ok(()) => "sent".to_owned(),
            Err(why) => format!("not sent: {why}"),
        };
        line(format!("{}  ({}): {ended}", way.key, way.kind.word()));
    }
    Ok(if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn person<'p>(process: &'p Process, username: &str) -> anyhow::Result<&'p Person> {
    let reached = |person: &&Person| !person.notify.is_empty();
    let known = process.people.iter().filter(reached);
    let known: Vec<_> = known.map(|person| person.username.as_str()).collect();
    let person = process.person(username).filter(reached);
    person.with_context(|| match known.as_slice() {
        [] => "nobody has chosen a way: `notify = [{ way = \"…\" }]` in a section [[person]] does"
            .to_owned(),
        known => format!(
            "“{username}” has chosen no way; these have: {}",
            known.join(", ")
        ),
    })
}

pub(super) async fn invite(args: Invite) -> anyhow::Result<()> {
    let attached = args.of.attached().await?;
    let process = &attached.process;
    let named = args.people.iter().map(|name| name.trim_start_matches('@'));
    let people = match args.people.is_empty() {
        true => process.people.iter().collect(),
        false => named
            .map(|name| person(process, name))
            .collect::<anyhow::Result<Vec<_>>>()?,
    };
    let mut links = 0;
    for person in people {
        for reach in person.notify.iter().filter(|reach| reach.to == To::Chat) {
            let way = process
                .way(&reach.way)
                .filter(|way| way.kind == WayKind::Telegram);
            let Some(way) = way else { continue };
            let Some(member) = attached.bindings().by_username(&person.username) else {
                line(format!("@{}: is not on the board", person.username));
                continue;
            };
            let open = attached.chat(&member.id, &way.key).await?.is_some();
            if open && args.people.is_empty() {
                continue;
            }
            let secret = way.secret_in.as_deref();
            let secret = secret.and_then(|name| keys_of_places().get(name));
            let chats = Chats::new(way, secret.clone())?;
            let name = chats.name().await;
            let name = name.map_err(|outcome| anyhow::anyhow!("{}: {}", way.key, outcome.why()))?;
            let code = secret
                .and_then(|secret| invite::code(&secret, &attached.board, &member.id, clock()()));
            let code = code.context("no link can be made for this board")?;
            line(format!(
                "@{}: https://t.me/{name}?start={code}",
                person.username
            ));
            links += 1;
        }
    }
    match links {
        0 => line("Nobody has to open a chat."),
        _ => line(
            "Each link is for one person alone and good for a week. Send it to that person by a way that others do not read.",
        ),
    }
    Ok(())
}
