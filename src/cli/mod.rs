//! The command line: a file for each command. The environment ends here and nothing below reads it.

mod attached;
mod away;
mod boards;
mod check;
mod connect;
#[cfg(feature = "practice")]
mod demo;
mod dossier;
mod explain;
mod forget;
mod letters;
mod places;
mod report;
#[cfg(feature = "practice")]
mod sandbox;
mod serve;
mod setup;
mod stored;
#[cfg(feature = "practice")]
mod story;
mod terminal;
mod ways;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(
    name = "signalman",
    version,
    about = "Makes an existing Trello board hold a business process"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Checks a process file and reports every mistake at once
    Check(check::Check),
    /// Prints the JSON Schema of process files, for editors
    Schema,
    /// Attaches an existing board: shows the plan, creates what is missing, changes nothing else
    Setup(setup::Setup),
    /// Puts another version of the process file in force on an attached board
    Apply(setup::Apply),
    /// Runs the service
    Serve(Box<serve::Serve>),
    /// Prints what a card lacks for each stage it could go to
    Explain(explain::Explain),
    /// Prints everything about one client: fields, stages, decisions, agreements, places
    Dossier(dossier::Dossier),
    /// Prints how long clients take, where they wait, what stops them and what that costs
    Report(report::Report),
    /// Tells on which days somebody is away and who stands in; alone it lists them
    Away(away::AwayArgs),
    /// Stops acting on a board; events are kept
    Pause(boards::OnBoard),
    /// Acts on a paused board again
    Resume(boards::OnBoard),
    /// Takes Signalman off a board; its history stays
    Detach(boards::OnBoard),
    /// Lists what was given up, with the reason
    Dead(letters::Dead),
    /// Tries again what was given up
    Retry(letters::Retry),
    /// Copies the store while the service runs
    Backup(letters::Backup),
    /// Puts a backup in the place of the store, while the service is stopped
    Restore(letters::Restore),
    /// Shows each outside place: reachable or not, confirmed, waiting, refused
    Targets(places::OfPlaces),
    /// Tries one outside place
    #[command(subcommand)]
    Target(places::OnTarget),
    /// Reads back what stands in the outside places, and says what the cards say otherwise
    Reconcile(places::Reconcile),
    /// Writes the clients who were here before into places that were named since
    Backfill(places::Backfill),
    /// Shows each way to people besides the card: reachable or not, and whom it serves
    Ways(ways::Ways),
    /// Prints the links by which people open a chat with the bot
    Invite(ways::Invite),
    /// Takes a person out of the store; what was decided stays, without the name
    Forget(forget::ForgetArgs),
    /// A practice Trello with the radio board, and Signalman holding it
    #[cfg(feature = "practice")]
    Demo(demo::Play),
    /// The practice Trello alone
    #[cfg(feature = "practice")]
    Sandbox(sandbox::Sandbox),
}

pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return terminal::failed(&error.into()),
    };
    match runtime.block_on(run(cli.command)) {
        Ok(code) => code,
        Err(error) => terminal::failed(&error),
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Check(args) => return check::run(&args).await,
        Command::Schema => check::schema()?,
        Command::Setup(args) => setup::setup(args).await?,
        Command::Apply(args) => setup::apply(args).await?,
        Command::Serve(args) => serve::run(*args).await?,
        Command::Explain(args) => explain::run(args).await?,
        Command::Dossier(args) => dossier::run(args).await?,
        Command::Report(args) => report::run(args).await?,
        Command::Away(args) => away::run(args).await?,
        Command::Pause(args) => boards::pause(args).await?,
        Command::Resume(args) => boards::resume(args).await?,
        Command::Detach(args) => boards::detach(args).await?,
        Command::Dead(args) => letters::dead(args).await?,
        Command::Retry(args) => letters::retry(args).await?,
        Command::Backup(args) => letters::backup(args).await?,
        Command::Restore(args) => letters::restore(args).await?,
        Command::Targets(args) => places::targets(args).await?,
        Command::Target(command) => places::on_target(command).await?,
        Command::Reconcile(args) => return places::reconcile(args).await,
        Command::Backfill(args) => places::backfill(args).await?,
        Command::Ways(args) => return ways::ways(args).await,
        Command::Invite(args) => ways::invite(args).await?,
        Command::Forget(args) => forget::run(args).await?,
        #[cfg(feature = "practice")]
        Command::Demo(args) => return demo::run(args).await,
        #[cfg(feature = "practice")]
        Command::Sandbox(args) => sandbox::run(args).await?,
    }
    Ok(ExitCode::SUCCESS)
}
