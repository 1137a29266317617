//! `signalman explain CARD`: the findings tree for each stage the card could go to.

use super::connect::{TrelloArgs, clock};
use super::stored::StoreArgs;
use super::terminal::line;
use crate::model::{CardId, Lane};
use crate::process::judge::{Case, Fresh, NO_LOADS, NO_STRANGERS, explain};
use crate::process::{Bindings, Finding, ItemState, Look, Tick, file};
use anyhow::{Context, bail};
use clap::Args;

#[derive(Args)]
pub(super) struct Explain {
    /// The card: its address, short link or id
    card: String,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    trello: TrelloArgs,
}

pub(super) async fn run(args: Explain) -> anyhow::Result<()> {
    let store = args.store.existing().await?;
    let (trello, _) = args.trello.connect(clock()).await?;
    let after = args.card.split("/c/").nth(1).unwrap_or(&args.card);
    let wanted = CardId::new(after.split('/').next().unwrap_or(after));
    let (card, _) = trello
        .card(&wanted, &[])
        .await
        .with_context(|| format!("the card “{}” cannot be read", args.card))?;
    let lane = Lane::Card(card.id.clone());
    for board in store.boards().await? {
        let (Some(memory), Some(record)) = (
            store.memory(&board, &lane).await?,
            store.board(&board).await?,
        ) else {
            continue;
        };
        let process =
            file::in_force(&record.active.text).context("the process in force cannot be read")?;
        let counts = store.counts(&board).await?;
        let fields = &record.active.bindings.custom_fields;
        let (card, actions) = trello.card(&card.id, fields).await?;
        let fresh = Fresh { card, actions };
        let case = Case {
            process: &process,
            bindings: &record.active.bindings,
            counts: &counts,
            loads: &NO_LOADS,
            memory: &memory,
            fresh: Some(&fresh),
            events: &[],
            now: clock()(),
            strangers: &NO_STRANGERS,
            patient: false,
        };
        let stage = memory
            .standing
            .as_ref()
            .map_or("nowhere", |standing| standing.stage.as_str());
        line(format!(
            "“{}” stands in {stage} (version {})",
            fresh.card.name, process.version.0
        ));
        for (stage, finding) in explain(&case) {
            line(format!(
                "→ {stage}: {}",
                if finding.ok { "ready" } else { "not yet" }
            ));
            tree(&finding, 1, &record.active.bindings);
        }
        for decision in memory.decisions.iter().rev().take(10) {
            let disputed = if decision.disputed { ", disputed" } else { "" };
            line(format!(
                "  {} {} {} (version {}{disputed})",
                decision.at, decision.id.0, decision.line, decision.version.0
            ));
        }
        return Ok(());
    }
    bail!("no attached board remembers this card")
}

fn tree(finding: &Finding, depth: usize, bindings: &Bindings) {
    for part in &finding.parts {
        let mark = if part.ok { "✓" } else { "✗" };
        let turn: Vec<_> = part.turn.iter().map(ToString::to_string).collect();
        let turn = if turn.is_empty() {
            String::new()
        } else {
            format!(" [{}]", turn.join(", "))
        };
        line(format!(
            "{}{mark} {}{turn}",
            "  ".repeat(depth),
            look(&part.look, bindings)
        ));
        tree(part, depth + 1, bindings);
    }
}

fn ticked(state: &ItemState, bindings: &Bindings) -> String {
    let who = |tick: &Tick| match bindings.people.get(&tick.by) {
        Some(person) => format!("@{}", person.username),
        None => tick.by.to_string(),
    };
    match state {
        ItemState::Absent => "not on the card".into(),
        ItemState::Open => "open".into(),
        ItemState::Ticked { tick } => format!("ticked by {} at {}", who(tick), tick.at),
        ItemState::Foreign { tick } => {
            format!("ticked by {}, whose tick does not count", who(tick))
        }
        ItemState::Unproved { said: None } => "not asked of its place yet".into(),
        ItemState::Unproved { said: Some(said) } => format!("its place said last: {said:?}"),
        ItemState::Unsigned => "ticked by nobody knows whom".into(),
    }
}

fn look(look: &Look, bindings: &Bindings) -> String {
    match look {
        Look::Mover { .. } => "moved by".into(),
        Look::Pass { stage } => format!("pass {stage}"),
        Look::Route { .. } => "no rule leads there".into(),
        Look::Field {
            field,
            seen,
            problem,
        } => match (seen, problem) {
            (_, None) => format!("field {field}"),
            (None, Some(_)) => format!("field {field}: empty"),
            (Some(_), Some(problem)) => format!("field {field}: {problem:?}"),
        },
        Look::Item { item, state } => format!("item {item}: {}", ticked(state, bindings)),
        Look::Checklist {
            checklist,
            done,
            of,
        } => format!("checklist {checklist}: {done} of {of}"),
        Look::Label { label, .. } => format!("label {label}"),
        Look::Attachment { pattern, .. } => format!("attachment {pattern}"),
        Look::Member { role } => format!("a {role} on the card"),
        Look::FourEyes { item, .. } => format!("mover is not who ticked {item}"),
        Look::Wip { limit, count } => format!("{count} cards, limit {limit}"),
        Look::All => "all of".into(),
        Look::Any => "one of".into(),
    }
}
