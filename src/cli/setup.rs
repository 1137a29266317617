//! `setup` and `apply`: the plan is shown, the question asked, what was done is said.

use super::check::{count, sound};
use super::connect::{TrelloArgs, board_id, clock};
use super::stored::StoreArgs;
use super::terminal::{agreed, busy, line, progress};
use crate::attach::{Attach, Foreseen, Options, Plan, Preview, seeds};
use crate::model::{BoardId, Member};
use crate::process::target::Apart;
use crate::process::{Mode, Process};
use crate::store::{BoardState, Store};
use crate::trello::Trello;
use crate::web::callback_url;
use anyhow::bail;
use clap::Args;
use std::path::PathBuf;
use url::Url;

#[derive(Args)]
pub(super) struct Setup {
    /// The board: its address, short link or id
    board: String,
    /// The process file
    #[arg(long, env = "PROCESS", default_value = "radio.ru.toml")]
    process: PathBuf,
    /// Who holds a role: manager=@anna. Once for each person
    #[arg(long = "role", value_parser = role)]
    roles: Vec<(String, String)>,
    /// The token belongs to a person who holds a role
    #[arg(long)]
    shared_account: bool,
    /// Where Trello reaches the service; without it the service polls
    #[arg(long, env = "PUBLIC_URL")]
    public_url: Option<Url>,
    /// Give cards the checklists and lines that their stages declare and they lack
    #[arg(long)]
    seed: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    trello: TrelloArgs,
}

#[derive(Args)]
pub(super) struct Apply {
    /// The board: its address, short link or id
    board: String,
    /// The new version of its process file
    file: PathBuf,
    /// Who holds a role: manager=@anna. Once for each person
    #[arg(long = "role", value_parser = role)]
    roles: Vec<(String, String)>,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    trello: TrelloArgs,
}

fn role(text: &str) -> Result<(String, String), String> {
    let (role, person) = text
        .split_once('=')
        .ok_or("write it as role=@username, such as manager=@anna")?;
    Ok((
        role.trim().to_owned(),
        person.trim().trim_start_matches('@').to_owned(),
    ))
}

pub(super) async fn setup(args: Setup) -> anyhow::Result<()> {
    let (process, text) = sound(&args.process)?;
    let store = args.store.open().await?;
    let (trello, me) = args.trello.connect(clock()).await?;
    let id = board_id(&trello, &args.board).await?;
    let options = Options {
        roles: args.roles,
        shared_account: args.shared_account,
        workspace: None,
    };
    let steps = Steps {
        trello: &trello,
        store: &*store,
        process: &process,
        text: &text,
        me: &me,
    };
    if !steps.attach(&id, options, args.yes).await? {
        return Ok(());
    }
    steps.seed(&id, args.seed, args.yes).await?;
    match &args.public_url {
        None => line(
            "`signalman serve` registers the webhook if it has a PUBLIC_URL, and asks Trello every few seconds otherwise.",
        ),
        Some(url) => steps.webhook(&id, url).await,
    }
    Ok(())
}

pub(super) async fn apply(args: Apply) -> anyhow::Result<()> {
    let (process, text) = sound(&args.file)?;
    let store = args.store.existing().await?;
    let (trello, me) = args.trello.connect(clock()).await?;
    let id = board_id(&trello, &args.board).await?;
    let held = store.board(&id).await?;
    if held.is_none_or(|record| record.state == BoardState::Detached) {
        bail!(
            "this board is not attached: `signalman setup {}` attaches it",
            args.board
        );
    }
    let options = Options {
        roles: args.roles,
        ..Options::default()
    };
    let steps = Steps {
        trello: &trello,
        store: &*store,
        process: &process,
        text: &text,
        me: &me,
    };
    steps.attach(&id, options, args.yes).await.map(drop)
}

/// Attaching and applying are the same steps: plan, preview, question, creation, activation.
pub(super) struct Steps<'a> {
    pub(super) trello: &'a Trello,
    pub(super) store: &'a dyn Store,
    pub(super) process: &'a Process,
    pub(super) text: &'a str,
    pub(super) me: &'a Member,
}

impl Steps<'_> {
    pub(super) async fn attach(
        &self,
        id: &BoardId,
        options: Options,
        yes: bool,
    ) -> anyhow::Result<bool> {
        let attach = Attach {
            trello: self.trello,
            store: self.store,
        };
        let reading = busy("Reading the board");
        let foreseen = attach
            .foresee(self.process, id, self.me, options, clock()())
            .await?;
        reading.finish_and_clear();
        self.trouble(&foreseen.plan)?;
        if let Some((stage, cards)) = foreseen.orphans.first() {
            bail!(
                "nothing was changed: the stage “{stage}” holds {}, and the new file does not have it. \
                 Give the stage that takes its place `was = \"{stage}\"`, or move those cards first",
                count(*cards, "card")
            );
        }
        self.show(&foreseen);
        let Foreseen {
            board,
            plan,
            before,
            ..
        } = foreseen;
        let held = before.as_ref().map(|record| record.state);
        let again = held.is_some_and(|state| state != BoardState::Detached);
        let question = match again {
            true => "Put this version in force?",
            false => "Attach the board?",
        };
        if !agreed(question, yes)? {
            line("Nothing was changed.");
            return Ok(false);
        }
        let bar = progress(plan.create.len(), "Creating");
        let bindings = attach
            .create(self.process, &board, &plan, |_| bar.inc(1))
            .await?;
        bar.finish_and_clear();
        let taking = busy("Taking the board as it stands");
        attach
            .activate(self.process, self.text, id, bindings, clock()())
            .await?;
        taking.finish_and_clear();
        line(match again {
            true => format!(
                "“{}” goes by version {} now; later moves are judged by it. No card was moved, ticked or commented.",
                board.name, self.process.version.0
            ),
            false => format!(
                "“{}” is attached. No card was moved, ticked or commented.",
                board.name
            ),
        });
        Ok(true)
    }

    /// Offers to prepare the cards that stand in the middle of the process already.
    async fn seed(&self, id: &BoardId, wanted: bool, yes: bool) -> anyhow::Result<()> {
        let attach = Attach {
            trello: self.trello,
            store: self.store,
        };
        let (board, Some(record)) = (attach.read(id).await?, self.store.board(id).await?) else {
            return Ok(());
        };
        let bindings = &record.active.bindings;
        let known = self.store.memories(id).await?.into_iter().collect();
        let cards = seeds(self.process, bindings, &board, &known, clock()()).len();
        if cards == 0 {
            return Ok(());
        }
        line(format!(
            "Checklists or lines that their stages declare are missing on {}. They can be added now; what stands on a card stays as it is.",
            count(cards, "card")
        ));
        // --yes answers the question of attaching alone: seeding writes on cards.
        if !wanted && (yes || !agreed("Add them?", false).unwrap_or(false)) {
            line("Nothing was added; `signalman setup` with --seed does it later.");
            return Ok(());
        }
        let cards = attach
            .seed(self.process, &board, bindings, clock()())
            .await?;
        line(format!(
            "`signalman serve` adds them to {}, within Trello's limits.",
            count(cards, "card")
        ));
        Ok(())
    }

    fn trouble(&self, plan: &Plan) -> anyhow::Result<()> {
        if plan.troubles.is_empty() {
            return Ok(());
        }
        let told: Vec<_> = plan
            .troubles
            .iter()
            .map(|trouble| format!("- {trouble}"))
            .collect();
        bail!("nothing was changed; first:\n{}", told.join("\n"))
    }

    fn show(&self, foreseen: &Foreseen) {
        let Foreseen { board, plan, .. } = foreseen;
        line(format!(
            "Board “{}”, process “{}”, version {}",
            board.name, self.process.name, self.process.version.0
        ));
        line(match self.process.mode {
            Mode::Watch => "Mode: watch. Nothing will be written to cards.",
            Mode::Enforce => {
                "Mode: enforce. From now on a move past a gate without the right goes back."
            }
        });
        for (one, clients) in self.process.apart(foreseen.stand.values()) {
            let clients = count(clients, "client");
            line(match one {
                Apart::Lacking(key) => format!(
                    "  {clients} are past the entry of the place `{key}` and not in it: `signalman backfill` writes them"
                ),
                Apart::Unnamed(key) => format!(
                    "  The file does not name the place `{key}`, in which {clients} stand: they are neither changed nor closed there. A section that was renamed needs that key"
                ),
            });
        }
        for stage in &self.process.stages {
            let list = plan
                .bindings
                .lists
                .get(&stage.key)
                .and_then(|id| board.lists.iter().find(|list| list.id == *id));
            line(match list {
                Some(list) => format!("  {:<12} is the list “{}”", stage.key, list.name),
                None => format!("  {:<12} a new list “{}”", stage.key, stage.name),
            });
        }
        for role in &self.process.roles {
            let holders = plan
                .bindings
                .roles
                .get(&role.key)
                .map(|holders| holders.people.clone())
                .unwrap_or_default();
            let names: Vec<_> = holders
                .iter()
                .filter_map(|id| plan.bindings.people.get(id))
                .map(|one| format!("@{}", one.username))
                .collect();
            line(format!(
                "  {:<12} {}",
                role.key,
                if names.is_empty() {
                    "nobody yet".into()
                } else {
                    names.join(", ")
                }
            ));
        }
        for create in &plan.create {
            line(format!("  + {create}"));
        }
        for remark in plan.left.iter().chain(&plan.remarks) {
            line(format!("  note: {remark}"));
        }
        self.preview(&foreseen.preview);
    }

    fn preview(&self, preview: &Preview) {
        let open = count(preview.cards.len() + preview.outside, "open card");
        let wanting: Vec<_> = preview.wanting().collect();
        line(match wanting.len() {
            0 => format!("{open} on the board, and each has what its list asks for."),
            some => {
                format!("{some} of {open} lack what their list asks for; they stay where they are:")
            }
        });
        for card in wanting.iter().take(20) {
            let stage = self.process.stage(&card.stage);
            line(format!(
                "  “{}” in “{}”: {} missing",
                card.name,
                stage.map_or(card.stage.as_str(), |stage| &stage.name),
                card.finding.missing().len()
            ));
        }
        if wanting.len() > 20 {
            line(format!("  and {} more", wanting.len() - 20));
        }
    }

    pub(super) async fn webhook(&self, board: &BoardId, public_url: &Url) {
        let attach = Attach {
            trello: self.trello,
            store: self.store,
        };
        match attach
            .webhook(board, &callback_url(public_url, board))
            .await
        {
            Ok(true) => line("The webhook is registered."),
            Ok(false) => line("The webhook stands already."),
            Err(error) => line(format!(
                "The webhook could not be registered yet ({error}). `signalman serve` registers it when it starts and Trello can reach {public_url}."
            )),
        }
    }
}
