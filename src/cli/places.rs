//! `targets`, `target test`, `reconcile`, `backfill`: the outside places, looked at and filled by hand.

use super::attached::Attached;
use super::connect::{TrelloArgs, clock, keys_of_places};
use super::stored::StoreArgs;
use super::terminal::{busy, line, progress};
use crate::engine::{Bill, Elsewhere, Engine, Options, Standing, State};
use crate::model::{ActionId, Actor, Card, CardId, Drift, Event, EventKind, Lane, Said, Status};
use crate::process::target::{Client, TargetKind};
use crate::process::{Memory, Target, facts};
use crate::target::{self, Cards, Found, Outcome, System};
use crate::trello::Trello;
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde_json::json;
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

#[derive(Args)]
pub(super) struct OfBoard {
    /// The board: its id or address; - where only one is attached
    #[arg(default_value = "-")]
    board: String,
    #[command(flatten)]
    store: StoreArgs,
}

/// A board, and the way to those of its places that are lists on Trello.
#[derive(Args)]
pub(super) struct OfPlaces {
    #[command(flatten)]
    of: OfBoard,
    #[command(flatten)]
    trello: TrelloArgs,
}

#[derive(Args)]
pub(super) struct Reconcile {
    #[command(flatten)]
    places: OfPlaces,
    /// Prints the report as CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Prints the report as JSON
    #[arg(long)]
    json: bool,
    /// Tells the cards and whoever answers for the places, as each night does
    #[arg(long)]
    tell: bool,
}

#[derive(Args)]
pub(super) struct Backfill {
    #[command(flatten)]
    of: OfBoard,
    /// Shows what would be written where, and writes nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Subcommand)]
pub(super) enum OnTarget {
    /// Sends a made-up client to a place and marks it as closed again
    Test(Test),
}

#[derive(Args)]
pub(super) struct Test {
    /// The target's key in the process file
    name: String,
    #[command(flatten)]
    places: OfPlaces,
}

impl OfBoard {
    async fn attached(&self) -> anyhow::Result<Attached> {
        let attached = Attached::of(&self.store, &self.board).await?;
        if attached.process.targets.is_empty() {
            bail!("the process in force names no outside place: a section [[target]] does");
        }
        Ok(attached)
    }
}

impl OfPlaces {
    /// A place that is a list on Trello is reached as the service reaches it.
    async fn system(&self, target: &Target) -> anyhow::Result<Box<dyn System>> {
        let cards: Option<Arc<dyn Cards>> = match target.kind {
            TargetKind::TrelloList => {
                let (trello, _) = self.trello.connect(clock()).await?;
                Some(Arc::new(Elsewhere(trello)))
            }
            _ => None,
        };
        let secret = target.key_in.as_deref();
        let secret = secret.and_then(|name| keys_of_places().get(name));
        target::open_beside(target, secret, cards)
            .with_context(|| format!("the place `{}`", target.key))
    }
}

// targets -------------------------------------------------------------------------------------

pub(super) async fn targets(places: OfPlaces) -> anyhow::Result<()> {
    let attached = places.of.attached().await?;
    let memories = attached.store.memories(&attached.board).await?;
    for target in &attached.process.targets {
        let reach = match places.system(target).await {
            Err(error) => format!("cannot be used: {error:#}"),
            Ok(system) => match system.look(&made_up(&attached, target)).await {
                Ok(_) => "reachable".to_owned(),
                Err(outcome) => format!("not reachable: {}", trouble(&outcome)),
            },
        };
        line(format!(
            "{}  ({}): {reach}",
            target.key,
            target.kind.traits().word
        ));
        line(format!("    {}", counted(&memories, &target.key)));
    }
    Ok(())
}

fn trouble(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Refused { why } | Outcome::Retry { why, .. } | Outcome::Unknown { why } => why,
        Outcome::Confirmed { .. } => "it has confirmed",
        Outcome::Several { .. } => "several could be it",
    }
}

fn counted(memories: &[(Lane, Memory)], target: &str) -> String {
    let here = memories.iter();
    let here = here.filter_map(|(_, memory)| memory.places.get(target));
    let (mut confirmed, mut waiting, mut refused, mut by_hand) = (0, 0, 0, 0);
    let mut last = None;
    for known in here {
        last = last.max(known.proof.as_ref().map(|proof| proof.at));
        let vouched = known
            .proof
            .as_ref()
            .is_some_and(|proof| proof.by_hand.is_some());
        match &known.said {
            Some(Said::Confirmed { .. }) => confirmed += 1,
            _ if vouched => by_hand += 1,
            None | Some(Said::Down { .. }) => waiting += 1,
            Some(_) => refused += 1,
        }
    }
    let last = last.map_or_else(|| "never".to_owned(), |at| at.to_string());
    format!(
        "confirmed {confirmed}, waiting {waiting}, refused or in doubt {refused}, by hand {by_hand}; last confirmed: {last}"
    )
}

// target test ---------------------------------------------------------------------------------

/// A client of whom every field is the example in the process file; known by a name of its own.
fn made_up(attached: &Attached, target: &Target) -> Client {
    let process = &attached.process;
    let lines = process.fields.iter().filter_map(|field| {
        let example = field.example.as_ref()?;
        Some(format!("{}: {example}", field.name))
    });
    let card = Card {
        short_link: "test".into(),
        url: "https://trello.com/c/test".into(),
        name: "Signalman".into(),
        desc: lines.collect::<Vec<_>>().join("\n"),
        ..Card::bare(CardId::new("signalman-test"))
    };
    let today = process.today(clock()());
    let facts = facts::read(process, attached.bindings(), &card, today);
    let put = target.put.iter().filter_map(|put| {
        let only = Target {
            put: vec![put.clone()],
            matching: Vec::new(),
            keyed: crate::process::target::Keyed::Station,
            ..target.clone()
        };
        let made = only.client(process, &facts, &card, Status::Active, clock()(), None);
        made.ok()
    });
    let put: Vec<Client> = put.collect();
    let link = put.first().and_then(|client| client.link.clone());
    let values: BTreeMap<_, _> = put.into_iter().flat_map(|client| client.values).collect();
    Client {
        key: "signalman-test".into(),
        card: card.id,
        status: Status::Active,
        own: Status::Active,
        at: clock()(),
        known: None,
        values,
        matching: Vec::new(),
        link,
    }
}

pub(super) async fn on_target(command: OnTarget) -> anyhow::Result<()> {
    let OnTarget::Test(Test { name, places }) = command;
    let attached = places.of.attached().await?;
    let Some(target) = attached.process.target(&name) else {
        let known = attached.process.targets.iter();
        let known: Vec<_> = known.map(|target| target.key.as_str()).collect();
        bail!(
            "there is no target `{name}`; there are {}",
            known.join(", ")
        );
    };
    let system = places.system(target).await?;
    let mut client = made_up(&attached, target);
    for (status, done) in [(Status::Active, "written"), (Status::Retired, "closed")] {
        (client.status, client.own, client.at) = (status, status, clock()());
        match system.upsert(&client).await {
            Outcome::Confirmed { id, link } => {
                let link = link.map(|link| format!(", {link}")).unwrap_or_default();
                line(format!("{done}: no. {id}{link}"));
                client.known = Some(id);
            }
            other => bail!("not {done}: {}", trouble(&other)),
        }
    }
    match system.look(&client).await {
        Ok(Found::One { .. }) => {
            line("The place works. The made-up client stays there, marked as closed.")
        }
        Ok(_) => bail!("written, and yet not found there again"),
        Err(outcome) => bail!("written, and yet not read again: {}", trouble(&outcome)),
    }
    Ok(())
}

// reconcile -----------------------------------------------------------------------------------

pub(super) async fn reconcile(args: Reconcile) -> anyhow::Result<ExitCode> {
    let attached = args.places.of.attached().await?;
    let (trello, _) = args.places.trello.connect(clock()).await?;
    let engine = engine(&attached, trello);
    let waiting = busy("reading what stands in the places");
    let read = engine
        .reconcile(&attached.board, args.tell, clock()())
        .await;
    waiting.finish_and_clear();
    let read = read.map_err(anyhow::Error::msg)?;
    let same = |one: &&Standing| matches!(one.state, State::Same { .. }) && one.bill.is_none();
    let differ = read.iter().filter(|one| !same(one)).count();
    if args.json {
        let rows: Vec<_> = read.iter().map(row).collect();
        line(serde_json::to_string_pretty(&rows)?);
    } else if args.csv {
        line("card,name,place,wanted,state,detail");
        for one in &read {
            let cells = cells(one);
            line(cells.map(|cell| quoted(&cell)).join(","));
        }
    } else {
        for one in read.iter().filter(|one| !same(one)) {
            let [_, name, place, wanted, state, detail] = cells(one);
            line(format!("{name}: {place} ({wanted}): {state} {detail}").trim_end());
        }
        line(format!(
            "{} places read, {differ} not as the cards say.",
            read.len()
        ));
    }
    Ok(if differ == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn engine(attached: &Attached, trello: Arc<Trello>) -> Engine {
    let options = Options {
        secrets: keys_of_places(),
        ..Options::default()
    };
    Engine::new(Arc::clone(&attached.store), trello, options)
}

fn cells(one: &Standing) -> [String; 6] {
    let (mut state, mut detail) = match &one.state {
        State::Same { id, .. } => ("same", id.clone()),
        State::Drifted(Drift::Missing) => ("missing", String::new()),
        State::Drifted(Drift::Differs { fields }) => ("different", fields.join(" ")),
        State::Drifted(Drift::Closed) => ("closed there", String::new()),
        State::Drifted(Drift::Open) => ("open there", String::new()),
        State::Several { ids } => ("doubled", ids.join(" ")),
        State::Waiting => ("waiting", String::new()),
        State::NoCard { id, .. } => ("card is gone", id.clone()),
        State::Unreachable { why } => ("unreachable", why.clone()),
    };
    if let Some(Bill::Missing { month }) = &one.bill {
        let month = month.strftime("%Y-%m");
        match &one.state {
            State::Same { .. } => (state, detail) = ("not billed", month.to_string()),
            _ if detail.is_empty() => detail = format!("not billed {month}"),
            _ => detail = format!("{detail}; not billed {month}"),
        }
    }
    if let (State::Same { .. }, Some(Bill::Unknown { why, .. })) = (&one.state, &one.bill) {
        (state, detail) = ("billing not known", why.clone());
    }
    [
        one.card.to_string(),
        one.name.clone(),
        one.target.clone(),
        one.wanted.word().to_owned(),
        state.to_owned(),
        detail,
    ]
}

fn row(one: &Standing) -> serde_json::Value {
    let [card, name, place, wanted, state, detail] = cells(one);
    json!({
        "card": card, "name": name, "place": place, "wanted": wanted, "state": state, "detail": detail,
    })
}

/// A spreadsheet takes what begins like a formula for one.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = cell.replace('"', "\"\"");
    format!("\"{}{cell}\"", if formula { "'" } else { "" })
}

// backfill ------------------------------------------------------------------------------------

pub(super) async fn backfill(args: Backfill) -> anyhow::Result<()> {
    let attached = args.of.attached().await?;
    let Attached {
        store,
        board,
        process,
        ..
    } = &attached;
    let memories = store.memories(board).await?;
    let mut due = Vec::new();
    for (lane, memory) in &memories {
        let Some(card) = lane.card() else {
            continue;
        };
        for target in &process.targets {
            let status = process.lacks(target, memory).or_else(|| {
                // What was asked of it while the file did not name it was never written.
                let known = memory.places.get(&target.key);
                known.filter(|known| known.said.is_none() && !memory.gone && !memory.closed)?;
                process.due(target, &memory.standing.as_ref()?.stage)
            });
            if let Some(status) = status {
                due.push((
                    card.clone(),
                    memory.name.clone(),
                    target.key.clone(),
                    status,
                ));
            }
        }
    }
    for (_, name, target, status) in &due {
        line(format!("{name}: {target}, as {}", status.word()));
    }
    let mut cards: Vec<_> = due.iter().map(|(card, ..)| card.clone()).collect();
    cards.dedup();
    if args.dry_run || due.is_empty() {
        line(format!(
            "{} records of {} clients would be written.",
            due.len(),
            cards.len()
        ));
        return Ok(());
    }
    let now = clock()();
    let wanted: Vec<_> = cards
        .iter()
        .map(|card| Event {
            id: ActionId::new(format!("places wanted {card} {now}")),
            at: now,
            actor: Actor::default(),
            kind: EventKind::PlacesWanted { card: card.clone() },
        })
        .collect();
    store.append(board, &wanted, now).await?;
    follow(&attached, &due).await
}

/// The service does it, one client after another; this only looks on, and may be ended at any time.
async fn follow(
    attached: &Attached,
    due: &[(CardId, String, String, Status)],
) -> anyhow::Result<()> {
    const STILL: u32 = 240;
    let bar = progress(due.len(), "confirmed");
    let (mut before, mut still) = (0, 0);
    loop {
        let memories = attached.store.memories(&attached.board).await?;
        let memories: BTreeMap<_, _> = memories.into_iter().collect();
        let answered = due.iter().filter(|(card, _, target, _)| {
            let memory = memories.get(&Lane::Card(card.clone()));
            let known = memory.and_then(|memory| memory.places.get(target));
            known.is_some_and(|known| known.said.is_some())
        });
        let answered = answered.count();
        bar.set_position(answered as u64);
        if answered == due.len() {
            bar.finish_and_clear();
            line(
                "All of them have been answered: `signalman targets` shows what waits for a person.",
            );
            return Ok(());
        }
        still = if answered == before { still + 1 } else { 0 };
        before = answered;
        if still == STILL {
            bar.abandon();
            bail!(
                "nothing has moved for two minutes: does `signalman serve` run on this store? What was asked for is kept, and done when it does"
            );
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
