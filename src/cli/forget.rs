//! `forget`: a person's data goes out of the store. Says whom it took the word for, what was changed
//! and what it cannot reach; changes nothing while the person still holds a role.

use super::connect::stored_board;
use super::stored::StoreArgs;
use super::terminal::{agreed, line};
use crate::model::forget::{Forget, Forgotten};
use crate::model::{BoardId, Member};
use crate::process::words::Words;
use crate::process::{Bindings, Process, file};
use crate::store::BoardRecord;
use anyhow::{Context, bail};
use clap::Args;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Args)]
pub(super) struct ForgetArgs {
    /// @username, the member's id, or the full name in quotes
    who: String,
    /// On this board alone
    #[arg(long, env = "BOARD")]
    board: Option<String>,
    /// Go on without asking
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    store: StoreArgs,
}

pub(super) async fn run(args: ForgetArgs) -> anyhow::Result<()> {
    let store = args.store.existing().await?;
    let boards = match &args.board {
        Some(board) => vec![stored_board(&*store, board).await?],
        None => store.boards().await?,
    };
    let mut records = Vec::new();
    for board in boards {
        let record = store.board(&board).await?;
        let record = record.context("a board went away meanwhile: try again")?;
        let process = file::in_force(&record.active.text)
            .with_context(|| format!("the process of board {board} cannot be read"))?;
        records.push((board, record, process));
    }
    let people = meant(&args.who, &records)?;
    for (_, record, process) in &records {
        still_there(&people, record, process)?;
    }
    let name = people.first().map_or(args.who.clone(), told);
    if !agreed(&format!("Forget {name}?"), args.yes)? {
        line("Nothing was changed.");
        return Ok(());
    }
    line(format!("Forgetting {name}."));
    let typed = args.who.trim_start_matches('@').to_owned();
    let mut nothing = true;
    for (board, _, process) in &records {
        let called = Words::of(process).who_left();
        let forget = Forget::new(board, &people, std::slice::from_ref(&typed), called);
        let forgotten = store.forget(board, &forget).await?;
        nothing &= forgotten.nothing();
        if !forgotten.nothing() {
            line(counted(board, &forgotten));
        }
    }
    if nothing {
        line(format!("Nothing is kept of {name}."));
    }
    line(
        "Not reached from here: the cards and comments on Trello, backups taken before, and logs. \
         While the account is on the board, what it does there is kept anew.",
    );
    Ok(())
}

/// Everyone known by that name, id or user name: one person at most. Nobody: the name as typed is
/// looked for in texts.
fn meant(
    who: &str,
    records: &[(BoardId, Arc<BoardRecord>, Process)],
) -> anyhow::Result<Vec<Member>> {
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    let username = who.trim_start_matches('@');
    if username.trim().chars().count() < 2 {
        bail!("name the person: @username, the member's id, or the full name in quotes");
    }
    let known = records.iter().flat_map(|(_, record, _)| {
        let people = &record.active.bindings.people;
        people.values()
    });
    let is = |one: &&Member| {
        one.id.as_str() == who
            || same(&one.username, username)
            || !who.starts_with('@') && same(&one.full_name, who)
    };
    let found: BTreeMap<_, _> = known.filter(is).map(|one| (one.id.clone(), one)).collect();
    if found.len() > 1 {
        let all: Vec<_> = found.values().map(|one| told(one)).collect();
        bail!(
            "several people go by “{who}”: {}. Name one by @username",
            all.join(", ")
        );
    }
    let mut people: Vec<Member> = found.into_values().cloned().collect();
    let id = who.len() == 24 && who.bytes().all(|sign| sign.is_ascii_hexdigit());
    if people.is_empty() && id {
        people.push(Member {
            id: who.into(),
            username: String::new(),
            full_name: String::new(),
        });
    }
    Ok(people)
}

/// Whoever holds a role is needed by name: it is given to somebody else first.
fn still_there(people: &[Member], record: &BoardRecord, process: &Process) -> anyhow::Result<()> {
    let bindings: &Bindings = &record.active.bindings;
    for one in people {
        if one.id == bindings.bot {
            bail!(
                "{} is the account that Signalman acts as on board {}: nothing was changed",
                told(one),
                bindings.board
            );
        }
        let roles: Vec<_> = process
            .roles
            .iter()
            .filter(|role| bindings.holds(&one.id, &role.key, true))
            .map(|role| format!("“{}”", role.name))
            .collect();
        let named = Forget::new(
            &bindings.board,
            std::slice::from_ref(one),
            &[],
            String::new(),
        );
        if !roles.is_empty() {
            bail!(
                "{} is {} on board {}: give the role to somebody else in the process file, put it in force by `signalman apply`, then forget. Nothing was changed",
                told(one),
                roles.join(", "),
                bindings.board
            );
        }
        if named.text(&record.active.text).is_some() {
            bail!(
                "the process file in force on board {} names {}: take the name out, put the file in force by `signalman apply`, then forget. Nothing was changed",
                bindings.board,
                told(one)
            );
        }
    }
    Ok(())
}

fn told(one: &Member) -> String {
    match (one.full_name.as_str(), one.username.as_str()) {
        ("", "") => one.id.to_string(),
        ("", username) => format!("@{username}"),
        (name, username) => format!("{name} (@{username})"),
    }
}

fn counted(board: &BoardId, told: &Forgotten) -> String {
    format!(
        "Board {board}: lists of people {}, events {}, cards {}, lines of history {}, deeds {}, bodies set aside {}. Decisions stay, without the name.",
        told.people, told.events, told.cards, told.history, told.effects, told.set_aside
    )
}
