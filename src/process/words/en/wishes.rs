//! English: answers to `/move`, `/next` and `/set`.

use super::*;

pub(in crate::process::words) fn wish(format: &Format, reply: &WishReply) -> String {
    let quoted = |names: &[String]| -> Vec<_> {
        let names = names.iter().map(|name| format.quoted(name));
        names.collect()
    };
    let by = |by: &Option<String>| {
        let by = by.as_ref().map(|by| format!(", asked for by {by}"));
        by.unwrap_or_default()
    };
    match reply {
        WishReply::Goes { stage, by: who } => {
            format!("This card goes to “{stage}”{}.", by(who))
        }
        WishReply::Says {
            field,
            value,
            by: who,
        } => format!("Written down: “{field}” — {value}{}.", by(who)),
        WishReply::Ticks { item, by: who } => {
            format!("Ticked: {}{}.", format.quoted(item), by(who))
        }
        WishReply::NoSuchStage { said, stages } => format!(
            "The process has no list “{said}”. There are: {}. Write: /move Name",
            format.and(&quoted(stages))
        ),
        WishReply::Which(stages) if stages.is_empty() => {
            "The process leads no further from here. Name another list yourself: /move Name".into()
        }
        WishReply::Which(stages) => format!(
            "From here it can go to {}. Write: /move Name",
            format.or(&quoted(stages))
        ),
        WishReply::Already(stage) => format!("This card stands in “{stage}” already."),
        WishReply::Elsewhere => {
            "This card does not stand where the process has it, so it cannot be moved on from here yet. What is up with it: /why".into()
        }
        WishReply::Meanwhile => {
            "This was told late, so nothing is done: things may have changed since. If it is still wanted, write it again.".into()
        }
        WishReply::NoSuchField { said, nearest } => {
            let nearest = nearest.as_ref();
            let nearest = nearest.map(|name| format!(" There is “{name}”."));
            format!(
                "The process has no line “{said}”.{} Write: /set Name = value",
                nearest.unwrap_or_default()
            )
        }
        WishReply::NoValue(field) => format!(
            "No value is written for “{field}”. Write: /set {field} = value. A line is emptied on the card itself."
        ),
        WishReply::NotTheirs { field, who } => {
            let who = match who.as_slice() {
                [] => String::new(),
                who => format!(": {} changes it", format.or(who)),
            };
            format!("“{field}” is as it was{who}.")
        }
        WishReply::NoGood { field, seen, why } => {
            format!("“{field}”: “{seen}” — {why}. Write again: /set {field} = value")
        }
        WishReply::NoItem(item) => format!(
            "There is no item “{item}” on this card. It comes when the card reaches its list; if it was deleted, put it back into the checklist."
        ),
        WishReply::NotTheirTick {
            item, proof: true, ..
        } => format!(
            "{} is ticked by itself once the outside place confirms.",
            format.quoted(item)
        ),
        WishReply::NotTheirTick { item, who, .. } => format!(
            "{} is for {} to tick.",
            format.quoted(item),
            format.or(who)
        ),
        WishReply::Unsigned(item) => format!(
            "{} is ticked already, and nobody knows by whom. Take the tick off on the card and give it again.",
            format.quoted(item)
        ),
        WishReply::Stranger => {
            "The members of this board change its cards. A board admin can add you.".into()
        }
        WishReply::NobodyToCall => {
            "There is nothing left to ask for, or nobody to ask: see what is missing now.".into()
        }
        WishReply::CalledToday(people) => format!(
            "{} had this question today already. Tomorrow you can ask again.",
            format.and(people)
        ),
    }
}

pub(in crate::process::words) fn entered(
    format: &Format,
    by: Option<&str>,
    lines: &[(String, Option<String>)],
) -> String {
    let line = |(name, value): &(String, Option<String>)| match value {
        Some(value) => format!("\n- “{name}”: {value}"),
        None => format!("\n- ✓ {}", format.quoted(name)),
    };
    let lines: String = lines.iter().map(line).collect();
    match by {
        Some(by) => format!("Entered in the Power-Up by {by}:{lines}"),
        None => format!("Entered in the Power-Up:{lines}"),
    }
}

pub(in crate::process::words) fn called(
    format: &Format,
    by: Option<&str>,
    people: &[Named],
    todo: &[Todo],
    stage: &str,
) -> String {
    let things: Vec<_> = todo
        .iter()
        .map(|one| super::thing(format, &one.what))
        .collect();
    let asks = by.map_or_else(|| "you are asked".to_owned(), |by| format!("{by} asks"));
    format!(
        "{}, {asks}: {}. Without it this card does not get into “{stage}”.",
        turn_and(format, people),
        things.join("; ")
    )
}
