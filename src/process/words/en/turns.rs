//! English: whose turn it is while somebody is away.

use super::*;

/// “Anna (accountant) is away until 14 Dec”.
fn not_there(format: &Format, away: &[NotThere]) -> String {
    let told = away.iter().map(|one| match one.until {
        Some(until) => format!("{} is away until {}", one.name, format.short_day(until)),
        None => format!("{} is not on the board any more", one.name),
    });
    told.collect::<Vec<_>>().join(", ")
}

/// The note in an arrival of whom somebody stands in for; with a space before it.
pub(super) fn stands_in(format: &Format, away: &[NotThere]) -> String {
    match away {
        [] => String::new(),
        away => format!(" ({})", not_there(format, away)),
    }
}

/// Nobody of the role is there: somebody has to be found.
pub(super) fn nobody(format: &Format, owner: &[Named], away: &[NotThere]) -> String {
    let opening = match turn(format, owner).as_str() {
        "" => String::new(),
        owner => format!("{owner}, "),
    };
    let text = format!(
        "{opening}nobody is there for this stage now: {}. Make whoever takes the card a member of it, \
         or name a deputy: /away @who 1 Dec–14 Dec @deputy.",
        not_there(format, away)
    );
    sentence_start(&opening, text)
}

pub(in crate::process::words) fn handover(format: &Format, handover: &Handover) -> String {
    let Handover { stage, card, .. } = handover;
    let to = turn(format, &handover.to);
    match (handover.back, to.as_str()) {
        (_, "") => nobody(format, &handover.owner, &handover.away),
        (true, to) => format!("{to}, the card is yours again, your turn: “{stage}”, “{card}”."),
        (false, to) => {
            let absent = stands_in(format, &handover.away);
            let mut rest: Vec<_> = handover.work.iter().cloned().collect();
            rest.push("The due date stays; what is done is ticked on the card.".into());
            rest.extend(handover.next.iter().map(|next| onward(format, next)));
            let rest = rest.join(" ");
            format!("{to}, your turn: “{stage}”, “{card}”{absent}.\n{rest}")
        }
    }
}

pub(in crate::process::words) fn absence_reply(
    format: &Format,
    asker: Option<&Named>,
    reply: &AbsenceReply,
) -> String {
    const EXAMPLE: &str = "/away 1 Dec–14 Dec @deputy";
    let opening = opening(asker);
    let text = match reply {
        AbsenceReply::Told {
            name,
            from,
            to,
            deputy,
        } => {
            let days = match from == to {
                true => format!("away on {}", format.short_day(*from)),
                false => format!(
                    "away from {} to {}",
                    format.short_day(*from),
                    format.short_day(*to)
                ),
            };
            let who = match deputy {
                Some(deputy) => format!("Cards and ticks meanwhile: {deputy}."),
                None => "No deputy is named: cards go to the others of the role, or to its standing deputy.".into(),
            };
            format!(
                "{opening}noted: {name}, {days}. {who} On the next working day the cards come back. Sooner: /away back"
            )
        }
        AbsenceReply::Back { name } => {
            format!("{opening}noted: {name} is here again, the cards come back.")
        }
        AbsenceReply::NotTheirs(owner) => {
            let who = match turn(format, owner).as_str() {
                "" => "whoever answers for the process".to_owned(),
                owner => owner.to_owned(),
            };
            format!("{opening}everybody can write this of themselves; for others it is {who}.")
        }
        AbsenceReply::NoSuchPerson(who) => format!(
            "{opening}nobody on the board goes by @{who}. Write the Trello user name, as in a mention: {EXAMPLE}"
        ),
        AbsenceReply::NoDays(text) if text.is_empty() => {
            format!("{opening}please add the days: {EXAMPLE}. Back sooner: /away back")
        }
        AbsenceReply::NoDays(text) => format!(
            "{opening}“{text}” tells no days, or they are over. Write it like this: {EXAMPLE}"
        ),
        AbsenceReply::OwnDeputy => {
            format!("{opening}a deputy is somebody else. Write it like this: {EXAMPLE}")
        }
        AbsenceReply::NotAway(name) => {
            format!("{opening}no absence is noted: {name} is here.")
        }
    };
    sentence_start(&opening, text)
}
