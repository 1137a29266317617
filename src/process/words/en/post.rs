//! English sentences beside the card: a morning's message, answers in a chat; and on the card, that
//! something did not arrive.

use crate::model::Lost;
use crate::process::notify::WayKind;
use crate::process::words::post::{money, section};
use crate::process::words::{Fees, Format, Here, Link, Morning, Whole};

/// One line.
pub(in crate::process::words) fn not_reached(
    person: &str,
    kind: Option<WayKind>,
    why: &Lost,
) -> String {
    let (what, there) = match kind {
        Some(WayKind::Smtp) => ("An e-mail did not arrive", "The mail server"),
        Some(WayKind::Telegram) => ("A Telegram message did not arrive", "Telegram"),
        Some(WayKind::Matrix) => ("A Matrix message did not arrive", "The Matrix server"),
        Some(WayKind::Webhook) | None => ("A message did not arrive", "The address it went to"),
    };
    match why {
        Lost::Refused { why } => format!(
            "{what}: {person}. {there} answered “{}”. Check the address in the process file; here the person is called by an @.",
            why.replace('\n', " ")
        ),
        Lost::Down { why } => format!(
            "{what}: {person}. {there} did not take it for a day ({}), and it is not tried again. Please tell the person yourself.",
            why.replace('\n', " ")
        ),
    }
}

fn more(count: usize) -> String {
    format!("and {count} more")
}

fn here(format: &Format, one: &Here) -> String {
    let mut text = format!(
        "{}, {}",
        format.quoted(&one.card),
        format.quoted(&one.stage)
    );
    if let Some(late) = one.late {
        text.push_str(&match late {
            0 => " — its time is over".to_owned(),
            1 => " — 1 day over its time".to_owned(),
            late => format!(" — {late} days over its time"),
        });
    } else if let Some(due) = one.due {
        text.push_str(&format!(" — due {}", format.instant(due)));
    } else if let Some(since) = one.since {
        text.push_str(&format!(" — since {}", format.instant(since)));
    }
    if !one.who.is_empty() {
        text.push_str(&format!(" — turn: {}", format.or(&one.who)));
    }
    if let Some(waits) = &one.waits {
        text.push_str(&match waits.reason.as_str() {
            "" => " — waiting for the client".to_owned(),
            reason => format!(" — waiting for: {reason}"),
        });
        if let Some(until) = waits.until {
            text.push_str(&format!(", until {}", format.short_day(until)));
        }
    }
    text
}

fn whole(format: &Format, whole: &Whole) -> Vec<String> {
    let line = |one: &Here| here(format, one);
    let mut parts = Vec::new();
    parts.extend(section(
        "At 150 % of their time, or more:",
        &whole.stuck,
        line,
        more,
    ));
    parts.extend(section("Late:", &whole.late, line, more));
    let refused = |(stage, count): &(String, usize)| match count {
        1 => format!("{}: once", format.quoted(stage)),
        count => format!("{}: {count} times", format.quoted(stage)),
    };
    let heading = format!(
        "Cards that went back, since {}:",
        whole.since.strftime("%a %-d %b")
    );
    parts.extend(section(&heading, &whole.refused, refused, more));
    let fees = |fees: &Fees| {
        let word = if fees.cards == 1 { "card" } else { "cards" };
        format!("{}, {} {word}", money(format, fees), fees.cards)
    };
    parts.extend(section(
        "What delays have cost so far",
        &whole.fees,
        fees,
        more,
    ));
    parts
}

pub(in crate::process::words) fn morning(format: &Format, morning: &Morning) -> String {
    let line = |one: &Here| here(format, one);
    let mut parts = Vec::new();
    parts.extend(section("Your turn:", &morning.turn, line, more));
    parts.extend(section("Due soon:", &morning.soon, line, more));
    parts.extend(section("Waiting for others:", &morning.others, line, more));
    if let Some(all) = &morning.whole {
        let all = whole(format, all);
        if !all.is_empty() && !parts.is_empty() {
            parts.push("The whole board".to_owned());
        }
        parts.extend(all);
    }
    parts.join("\n\n")
}

pub(in crate::process::words) fn subject(_: &Format, morning: &Morning) -> String {
    let late = morning.whole.as_ref();
    let late = late.map_or(0, |whole| whole.stuck.len() + whole.late.len());
    let mut parts = Vec::new();
    if !morning.turn.is_empty() {
        parts.push(format!("your turn {}", morning.turn.len()));
    }
    if late > 0 {
        parts.push(format!("late {late}"));
    }
    let today = morning.today.strftime("%a %-d %b");
    match parts.is_empty() {
        true => format!("The board this morning, {today}"),
        false => format!("The board this morning, {today}: {}", parts.join(", ")),
    }
}

pub(in crate::process::words) fn chat(format: &Format, process: &str, link: Link) -> String {
    let process = format.quoted(process);
    match link {
        Link::Good => format!(
            "Done: what waits for you on the board {process} comes here. Please answer on the card; nobody reads answers here."
        ),
        Link::Stale => {
            "This link has run out. Please ask whoever looks after the board for another: it is good for a week.".to_owned()
        }
        Link::Foreign => {
            "This chat is opened by a personal link. Please ask whoever looks after the board for yours, and open it where you have Telegram.".to_owned()
        }
    }
}

pub(in crate::process::words) fn trial(format: &Format, process: &str) -> String {
    format!(
        "A trial: messages from the board {} reach you. There is nothing to do.",
        format.quoted(process)
    )
}
