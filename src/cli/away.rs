//! `away`: who is not there on which days, and who stands in. It acts within a minute, on the service
//! that runs beside it too.

use super::connect::{clock, stored_board};
use super::stored::StoreArgs;
use super::terminal::line;
use crate::model::{Absence, Away, BoardId};
use crate::process::{Bindings, Presence, absence, file};
use crate::store::{BoardRecord, BoardState, Store};
use anyhow::{Context, bail};
use clap::Args;
use jiff::civil::Date;
use std::sync::Arc;

#[derive(Args)]
pub(super) struct AwayArgs {
    /// Who: the user name on Trello. Nobody: lists who is away
    who: Option<String>,
    /// Which days: 2026-12-01..12-14, 2026-12-01..2026-12-14 or one day alone
    #[arg(requires = "who", conflicts_with = "back")]
    days: Option<String>,
    /// Who stands in: the user name on Trello
    #[arg(long, requires = "days")]
    to: Option<String>,
    /// There again, from today on
    #[arg(long, requires = "who")]
    back: bool,
    /// On this board alone
    #[arg(long, env = "BOARD")]
    board: Option<String>,
    #[command(flatten)]
    store: StoreArgs,
}

/// A board that somebody may be away from.
struct Known {
    board: BoardId,
    record: Arc<BoardRecord>,
    today: Date,
    /// What its process is called.
    name: String,
}

impl Known {
    fn bindings(&self) -> &Bindings {
        &self.record.active.bindings
    }

    fn name_of(&self, member: &crate::model::MemberId) -> String {
        let known = self.bindings().people.get(member);
        known.map_or_else(|| member.to_string(), |one| format!("@{}", one.username))
    }
}

pub(super) async fn run(args: AwayArgs) -> anyhow::Result<()> {
    let store = args.store.existing().await?;
    let boards = boards(&*store, args.board.as_deref()).await?;
    match &args.who {
        None => list(&boards),
        Some(who) => tell(&*store, &boards, who, &args).await?,
    }
    Ok(())
}

async fn boards(store: &dyn Store, only: Option<&str>) -> anyhow::Result<Vec<Known>> {
    let ids = match only {
        Some(board) => vec![stored_board(store, board).await?],
        None => store.boards().await?,
    };
    let mut boards = Vec::new();
    for board in ids {
        let record = store.board(&board).await?;
        let Some(record) = record.filter(|record| record.state != BoardState::Detached) else {
            continue;
        };
        let process = file::in_force(&record.active.text)
            .with_context(|| format!("the process of board {board} cannot be read"))?;
        boards.push(Known {
            today: process.today(clock()()),
            name: process.name,
            board,
            record,
        });
    }
    if boards.is_empty() {
        bail!("no board is attached yet: `signalman setup BOARD` attaches one");
    }
    Ok(boards)
}

fn list(boards: &[Known]) {
    let mut nobody = true;
    for known in boards {
        let ahead = known.bindings().away.iter();
        for away in ahead.filter(|away| away.to >= known.today) {
            nobody = false;
            line(format!("{}: {}", known.name, told(known, away)));
        }
        for gone in &known.bindings().not_here {
            nobody = false;
            line(format!(
                "{}: {} holds a role and is not on the board: invite them again, or give the role to somebody else by `signalman apply`",
                known.name,
                known.name_of(gone)
            ));
        }
    }
    if nobody {
        line("Nobody is away.");
    }
}

fn told(known: &Known, away: &Away) -> String {
    let days = match away.from == away.to {
        true => away.from.to_string(),
        false => format!("{} to {}", away.from, away.to),
    };
    let deputy = match &away.deputy {
        Some(deputy) => known.name_of(deputy),
        None => "nobody named".to_owned(),
    };
    format!(
        "{} {days}, stands in: {deputy}",
        known.name_of(&away.member)
    )
}

async fn tell(
    store: &dyn Store,
    boards: &[Known],
    who: &str,
    args: &AwayArgs,
) -> anyhow::Result<()> {
    let there = boards
        .iter()
        .filter(|known| known.bindings().known_as(who).is_some());
    let there: Vec<_> = there.collect();
    if there.is_empty() {
        let people = boards
            .iter()
            .flat_map(|known| known.bindings().people.values());
        let mut names: Vec<_> = people.map(|one| format!("@{}", one.username)).collect();
        names.sort();
        names.dedup();
        bail!(
            "nobody on the attached boards goes by “{who}”; there are {}",
            names.join(", ")
        );
    }
    // All of it is known to be right before anything of it is kept.
    let mut absences = Vec::new();
    for known in there {
        absences.push((known, absence_on(known, who, args)?));
    }
    for (known, absence) in absences {
        let presence = Presence::Said(absence.clone());
        store.presence(&known.board, presence).await?;
        line(match &absence {
            Absence::Told(away) => format!(
                "{}: {}. Cards are handed over when work begins on the first day, and come back the working day after the last.",
                known.name,
                told(known, away)
            ),
            Absence::Back { member, .. } => format!(
                "{}: {} is there from today on; cards that were handed over come back.",
                known.name,
                known.name_of(member)
            ),
        });
    }
    Ok(())
}

fn absence_on(known: &Known, who: &str, args: &AwayArgs) -> anyhow::Result<Absence> {
    let member = known.bindings().known_as(who);
    let member = member
        .map(|one| one.id.clone())
        .context("known a moment ago")?;
    if args.back {
        let day = known.today;
        let mut away = known.bindings().away.iter();
        if !away.any(|away| away.member == member && away.to >= day) {
            bail!(
                "{} is here on “{}”: no absence is kept that could end",
                known.name_of(&member),
                known.name
            );
        }
        return Ok(Absence::Back { member, day });
    }
    let Some(days) = &args.days else {
        bail!("name the days, such as 2026-12-01..12-14, or say --back");
    };
    let Some((from, to)) = absence::days(days, known.today) else {
        bail!(
            "“{days}” tells no days, or they are over: write 2026-12-01..12-14, 2026-12-01..2026-12-14 or one day alone"
        );
    };
    let deputy = match &args.to {
        None => None,
        Some(name) => match known.bindings().known_as(name) {
            Some(deputy) if deputy.id == member => bail!("a deputy is somebody else: --to"),
            Some(deputy) => Some(deputy.id.clone()),
            None => bail!(
                "@{} is not on the board of “{}”: invite them first, or name somebody else by --to",
                name.trim_start_matches('@'),
                known.name
            ),
        },
    };
    Ok(Absence::Told(Away {
        member,
        from,
        to,
        deputy,
    }))
}
