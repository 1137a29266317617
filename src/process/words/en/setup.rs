//! English: setting a board up in the Power-Up.

use super::*;
use crate::process::words::setup::{New, Obstacle, Ready, SetupTrouble};

pub(in crate::process::words) fn new(new: &New) -> String {
    match new {
        New::List(name) => format!("list “{name}”"),
        New::NewsList(name) => format!("list “{name}” for Signalman's own card"),
        New::Label(name) => format!("label “{name}”"),
        New::CustomField(name) => format!("custom field “{name}”"),
        New::Card(name) => format!("card “{name}”"),
    }
}

pub(in crate::process::words) fn obstacle(format: &Format, obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::NotOnBoard { role, username } => format!(
            "Role “{role}”: @{username} is not on this board. Invite this person, or choose another."
        ),
        Obstacle::NoSuchRole { role } => {
            format!("This process has no role “{role}”. Take it out, or add it to the file.")
        }
        Obstacle::NobodyActs { role } => format!(
            "Nobody holds the role “{role}”, and cards would be stuck where it is needed. Choose who holds it."
        ),
        Obstacle::BotHoldsRole { role, username } => format!(
            "Signalman acts as @{username}, who holds the role “{role}”. Give Signalman an account of its own, or give the role to somebody else."
        ),
        Obstacle::BotCannotWrite { username } => format!(
            "@{username} may only look at this board. Make this account a normal member: Signalman acts as it."
        ),
        Obstacle::TooManyCollaborators { count, most } => format!(
            "This free workspace has {count} {}, and beyond {most} Trello makes its boards view-only. Remove somebody or take a paid plan first.",
            format.plural(*count, ["collaborator", "collaborators", "collaborators"])
        ),
        Obstacle::TwoLists { stage, names } => format!(
            "Several lists fit the stage “{stage}”: {}. Rename all but one.",
            names.join(", ")
        ),
        Obstacle::Orphan { stage, cards } => format!(
            "The stage “{stage}” holds {cards} {}, and the new file does not have it. Move them first, or give the new stage `was` with the old key.",
            format.plural(*cards, ["card", "cards", "cards"])
        ),
    }
}

pub(in crate::process::words) fn trouble(format: &Format, trouble: &SetupTrouble) -> String {
    match trouble {
        SetupTrouble::NoBot { username } => format!(
            "Signalman is not on this board yet. Open “Share”, add @{username} as a normal member, and come back."
        ),
        SetupTrouble::BotLooks { username } => format!(
            "Signalman sees this board and cannot change anything on it. Open “Share” and make @{username} a normal member."
        ),
        SetupTrouble::NotAdmin => {
            "A board admin saves. You can look at everything and prepare it: show it to one of them.".into()
        }
        SetupTrouble::Conflict => {
            "Somebody else saved the process while you were at it. Yours was not written: open the settings again and make your change once more.".into()
        }
        SetupTrouble::Mistakes(count) => format!(
            "The process file has {count} {} to put right; the lines are shown beside it.",
            format.plural(*count, ["place", "places", "places"])
        ),
        SetupTrouble::Refused(why) => format!(
            "Trello did not let something be created on the board: {why}. The process is not in force; mend that in Trello and save again, nothing is created twice."
        ),
        SetupTrouble::Detached => {
            "This board is detached from its process. Attach it again: it is taken as it stands.".into()
        }
        SetupTrouble::Busy => {
            "The last request for this board's settings is still at work. Try again in a few seconds.".into()
        }
    }
}

pub(in crate::process::words) fn ready(ready: Ready) -> (&'static str, &'static str) {
    match ready {
        Ready::Shipped => (
            "The ready process",
            "A process from the request to a client in service: stages, fields, checklists and gates are written already. What is left is to say which list is which stage, and who holds which role.",
        ),
        Ready::Own => (
            "This board's lists",
            "Your lists become the stages, in their order. Nothing is asked yet; add what is needed one by one.",
        ),
    }
}
