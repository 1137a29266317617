//! The English sentences.

use super::format::{Format, address, opening, sentence_start, turn, turn_and};
use super::*;

mod answers;
mod clock;
mod panel;
mod places;
pub(super) mod post;
pub(super) mod setup;
mod turns;
mod watch;
mod wishes;

pub(super) use answers::*;
pub(super) use clock::*;
pub(super) use panel::*;
pub(super) use places::*;
pub(super) use turns::{absence_reply, handover};
pub(super) use watch::*;
pub(super) use wishes::*;

pub(super) fn thing(format: &Format, thing: &Thing) -> String {
    match thing {
        Thing::Said(text) => text.clone(),
        Thing::Pass { stage } => format!("pass “{stage}”"),
        Thing::Fields(names) => {
            let names: Vec<_> = names.iter().map(|name| format!("“{name}”")).collect();
            format!(
                "{} {}",
                if names.len() == 1 {
                    "the line"
                } else {
                    "the lines"
                },
                format.and(&names)
            )
        }
        Thing::Value { field, seen, why } => format!("“{field}”: “{seen}” — {why}"),
        Thing::Item(item) => format.quoted(item),
        Thing::ItemAbsent(item) => {
            format!("{} (the item is not on the card)", format.quoted(item))
        }
        Thing::ItemForeign { item, by: Some(by) } => format!(
            "{} (ticked by {by}, whose tick is not the one asked for)",
            format.quoted(item)
        ),
        Thing::ItemForeign { item, by: None } => format!(
            "{} (ticked, but nobody knows by whom: untick it and tick it again)",
            format.quoted(item)
        ),
        Thing::ItemUnproved { item, why: None } => format!(
            "{} (ticked by itself once the place confirms the record)",
            format.quoted(item)
        ),
        Thing::ItemUnproved {
            item,
            why: Some(why),
        } => format!("{} ({why})", format.quoted(item)),
        Thing::Label(label) => format!("the label “{label}”"),
        Thing::Attachment(name) => format!("a file or link with “{name}” in its name"),
        Thing::Member(role) => format!("a member of the card: {role}"),
        Thing::FourEyes { item } => {
            let item = format.quoted(item);
            format!("to be moved by somebody other than who ticked {item}")
        }
        Thing::Wip { limit, count } => format!("the list is full: {count} of {limit}"),
        Thing::OneOf(things) => {
            let things: Vec<_> = things.iter().map(|one| self::thing(format, one)).collect();
            format.or(&things)
        }
        Thing::Mover(roles) => format!("to be moved by the {}", format.or(roles)),
        Thing::NoRoute => "the process has no such step".into(),
    }
}

/// A name in brackets takes no apostrophe.
fn whose(format: &Format, people: &[Named]) -> Option<String> {
    match people {
        [] => None,
        [one] if one.at.is_some() => Some(format!("it is {}'s turn", one.called())),
        people => Some(format!("it is the turn of {}", turn(format, people))),
    }
}

fn came(how: Appeared) -> &'static str {
    match how {
        Appeared::Created => "it was made further along the path than cards begin",
        Appeared::Copied => "it is a copy of another card",
        Appeared::ConvertedFromItem => "it was made from a check item",
        Appeared::Emailed => "it came by e-mail",
        Appeared::FromBoard => "it came from another board",
        Appeared::Unarchived => "it came back from the archive",
        Appeared::WithList => "it came with its list",
    }
}

fn small(ids: &[String]) -> String {
    format!("Details: /why · {}", ids.join(" · "))
}

pub(super) fn refusal(format: &Format, refusal: &Refusal) -> String {
    let opening = opening(refusal.mover.as_ref());
    let small = small(&refusal.ids);
    if let Some(routes) = &refusal.routes {
        let text = no_route(format, &opening, refusal, routes);
        return format!("{}\n{small}", sentence_start(&opening, text));
    }
    if let Some(one) = refusal.one_left() {
        let text = one_left(format, &opening, refusal, one);
        return format!("{} {small}", sentence_start(&opening, text));
    }
    let why = refusal.came.map(came);
    let why = why.map(|how| format!(" ({how})")).unwrap_or_default();
    let turn = match whose(format, &refusal.turn) {
        None => String::new(),
        Some(_) if refusal.mine() => ": it is your turn".into(),
        Some(whose) => format!(": {whose}"),
    };
    let back = &refusal.back;
    let stands = stands(refusal);
    let first = format!("{opening}{stands} “{back}”{why}{turn}.");
    let rule = rule(format, refusal);
    let list = match refusal.todo.len() {
        0 => rule,
        _ => format!(
            "{rule} Still to do:\n{}\n",
            format.todo(&refusal.todo, thing)
        ),
    };
    let others = refusal.mover.is_some() && !refusal.mine() && !refusal.turn.is_empty();
    let rest = if others {
        "Nothing to do on this card yet: you will be called when it is your turn. "
    } else {
        ""
    };
    let first = sentence_start(&opening, first);
    format!("{first}\n{list}\n{rest}{small}")
}

/// Who moves cards there and when; how far a checklist is.
fn rule(format: &Format, refusal: &Refusal) -> String {
    let target = &refusal.target;
    let once = refusal.once.as_ref();
    let mover = refusal.movers.as_ref().filter(|movers| !movers.is_empty());
    let mut rule = match (mover, once) {
        (Some(movers), once) => {
            let once = once.map(|once| format!(" once {once}"));
            let (movers, once) = (format.or(movers), once.unwrap_or_default());
            format!("The {movers} moves it into “{target}”{once}.")
        }
        (None, Some(once)) => format!("A card goes into “{target}” once {once}."),
        (None, None) => format!("Not everything for “{target}” is there yet."),
    };
    if let Some((list, done, of)) = &refusal.progress {
        rule += &format!(" {done} of {of} items of “{list}” are done.");
    }
    rule
}

fn one_left(format: &Format, opening: &str, refusal: &Refusal, one: &Todo) -> String {
    let (target, back) = (&refusal.target, &refusal.back);
    let left = match &one.what {
        Thing::Fields(names) if names.len() > 1 => "what is left before",
        _ => "one thing is left before",
    };
    let turn = match whose(format, &refusal.turn) {
        None => String::new(),
        Some(_) if refusal.mine() => " It is your turn.".into(),
        Some(whose) => format!(" I{}.", &whose[1..]),
    };
    let who = match one.who.as_slice() {
        [] => String::new(),
        [_] if refusal.mine() => String::new(),
        who => format!(" This is for {}.", format.or(who)),
    };
    let what = thing(format, &one.what);
    format!(
        "{opening}{left} “{target}”: {what}.{turn}\n\
         The card waits in “{back}”.{who} After that it can be moved again."
    )
}

fn no_route(format: &Format, opening: &str, refusal: &Refusal, routes: &[String]) -> String {
    let (back, target) = (&refusal.back, &refusal.target);
    let routes: Vec<_> = routes.iter().map(|stage| format.quoted(stage)).collect();
    let onward = match routes.as_slice() {
        [] => String::new(),
        routes => format!(" From here it goes to {}.", format.or(routes)),
    };
    format!(
        "{opening}{} “{back}”: no step leads from there to “{target}”.{onward}",
        stands(refusal)
    )
}

fn stands(refusal: &Refusal) -> &'static str {
    match refusal.asked {
        true => "this card stays in",
        false => "this card is back in",
    }
}

pub(super) fn settled(
    format: &Format,
    target: &str,
    ids: &[String],
    at: Timestamp,
    by: Option<&str>,
) -> String {
    let by = by.map(|by| format!(": {by}")).unwrap_or_default();
    format!(
        "✓ Was: too early for “{target}” ({}). Admitted {}{by}.",
        ids.join(", "),
        format.instant(at)
    )
}

pub(super) fn arrival(format: &Format, arrival: &Arrival) -> String {
    let Arrival { stage, card, .. } = arrival;
    let due = arrival
        .due
        .map(|due| format!(" Due {}.", format.instant(due)))
        .unwrap_or_default();
    let again = if arrival.again { ", once more" } else { "" };
    let mut text = match turn(format, &arrival.owners).as_str() {
        "" => format!("A card in “{stage}”{again}: “{card}”.{due}"),
        owners => {
            let absent = turns::stands_in(format, &arrival.absent);
            format!("{owners}, your turn{again}: “{stage}”, “{card}”{absent}.{due}")
        }
    };
    let mut rest: Vec<String> = Vec::new();
    if !arrival.owner.is_empty() {
        rest.push(turns::nobody(format, &arrival.owner, &arrival.absent));
    }
    rest.extend(
        arrival
            .settled
            .iter()
            .map(|settled| sentence_start("", format!("{settled}: you can begin."))),
    );
    rest.extend(arrival.work.clone());
    rest.extend(arrival.checklists.iter().map(|(name, count)| {
        format!(
            "The card has the checklist “{name}” ({count} {}).",
            format.plural(*count, ["item", "items", "items"])
        )
    }));
    if !arrival.partners.is_empty() {
        rest.push(format!(
            "Some of its items are for {}.",
            turn_and(format, &arrival.partners)
        ));
    }
    rest.extend(arrival.next.iter().map(|next| onward(format, next)));
    rest.extend(
        arrival.wip.map(|(limit, count)| {
            format!("The list now holds {count} cards; its limit is {limit}.")
        }),
    );
    if !rest.is_empty() {
        text = format!("{text}\n{}", rest.join(" "));
    }
    if !arrival.owed.is_empty() {
        text = format!("{text}\nStill owed:\n{}", format.todo(&arrival.owed, thing));
    }
    text
}

fn onward(format: &Format, next: &Onward) -> String {
    let stage = &next.stage;
    match &next.movers {
        None => format!("When all is done, move the card to “{stage}”."),
        Some(movers) => format!(
            "When all is done, {} moves it into “{stage}”.",
            format.or(movers)
        ),
    }
}

pub(super) fn ready(format: &Format, stage: &str, people: &[Named]) -> String {
    let people = turn(format, people);
    format!("{people}, your turn: everything for “{stage}” is there, the card can be moved.")
}

pub(super) fn letter(format: &Format, text: &str, lacking: &[String]) -> String {
    let quoted: Vec<_> = text
        .trim()
        .lines()
        .map(|line| format!("> {line}"))
        .collect();
    let opening = match lacking {
        [] => "A letter for the client, to copy:".to_owned(),
        lacking => {
            let lines: Vec<_> = lacking.iter().map(|line| format.quoted(line)).collect();
            format!(
                "A letter for the client. Before you send it, write in what the card does not have: {}.",
                format.and(&lines)
            )
        }
    };
    format!("{opening}\n\n{}", quoted.join("\n"))
}

pub(super) fn fight(format: &Format, fight: &Fight) -> String {
    let (target, until) = (&fight.target, format.hour(fight.until));
    let times = format!(
        "{} {}",
        fight.times,
        format.plural(fight.times as usize, ["time", "times", "times"])
    );
    let whose = match (&fight.mover, fight.robot) {
        (Some(name), true) => {
            format!(" The moves were made by: a Trello automation rule owned by {name}.")
        }
        (Some(name), false) => format!(" The moves were made by: {name}."),
        (None, _) => String::new(),
    };
    let robot = if fight.robot {
        "switch the rule off (board menu → Automation) or, "
    } else {
        "settle it together or, "
    };
    let opening = match turn(format, &fight.owner).as_str() {
        "" => "This needs somebody".to_owned(),
        owner => format!("{owner}, this needs you"),
    };
    format!(
        "{opening}: within an hour the card was moved into “{target}” {times} and came back {times}.\n\
         It will not be moved back until {until}: it stands in “{target}” **not admitted**, too early to work on.{whose} \
         What you can do: {robot}if the move is right, write “/allow {target} reason”. At {until} the card is checked again. {}",
        fight.id
    )
}

pub(super) fn not_returned(
    format: &Format,
    owner: &[Named],
    since: Timestamp,
    stage: &str,
    tried_on: bool,
) -> String {
    let opening = match turn(format, owner).as_str() {
        "" => String::new(),
        owner => format!("{owner}, "),
    };
    let text = format!(
        "{opening}the card could not be moved back: {} It is not admitted, too early to work on. {} to “{stage}” by hand.",
        if tried_on {
            format!("Trello has not answered since {}.", format.hour(since))
        } else {
            format!(
                "Trello has not taken the move since {}.",
                format.hour(since)
            )
        },
        if tried_on {
            "Signalman goes on trying; you can move it"
        } else {
            "Please move it"
        }
    );
    sentence_start(&opening, text)
}

pub(super) fn foreign_ticks(format: &Format, foreign: &Foreign) -> String {
    let opening = address(&turn_and(format, &foreign.people));
    let text = match foreign.items.as_slice() {
        _ if foreign.proofs => places::proof_ticks(format, &opening, foreign),
        [one] => format!(
            "{opening}the tick on {} was taken off: {} gives it once the thing is done.\nIf it is done already, leave its number or link here: then only the check remains. {}",
            thing(format, &one.what),
            format.or(&one.who),
            foreign.ids.join(" · ")
        ),
        many => format!(
            "{opening}these ticks were taken off; others give them once the thing is done:\n{}\n\nIf it is done already, leave its number or link here: then only the check remains. {}",
            format.todo(many, thing),
            foreign.ids.join(" · ")
        ),
    };
    sentence_start(&opening, text)
}

pub(super) fn item_name_back(_: &Format, name: &str, typed: &str) -> String {
    format!(
        "The item is called “{name}” again: the process knows it by that name. Typed was “{typed}”; an explanation fits into a comment."
    )
}

pub(super) fn field_back(
    format: &Format,
    field: &str,
    was: &str,
    typed: &str,
    who: &[String],
    by: Option<&str>,
) -> String {
    let by = by.map(|by| format!(": {by}")).unwrap_or_default();
    let typed = if typed.is_empty() {
        "The line was emptied".to_owned()
    } else {
        format!("Entered was {typed}")
    };
    format!(
        "“{field}” is {was} again: {} changes it. {typed}{by}. If that is right, please change it yourself.",
        format.or(who)
    )
}

pub(super) fn lost(format: &Format, lost: &Lost) -> String {
    let people = turn(format, &lost.call);
    let opening = address(&people);
    let then = if lost.held {
        "The card went one step back until it is restored."
    } else {
        "The card stays where it is."
    };
    let by = lost.by.as_ref().map(|by| format!(" Done by: {by}."));
    let who = match lost.what.who.as_slice() {
        [] => String::new(),
        who => format!(" It can be restored by {}.", format.or(who)),
    };
    let (stage, what) = (&lost.stage, thing(format, &lost.what.what));
    let text = format!(
        "{opening}something that “{stage}” rested on is gone: {what}.\n{then}{}{who} {}",
        by.unwrap_or_default(),
        lost.id
    );
    sentence_start(&opening, text)
}

pub(super) fn lapse(format: &Format, lapse: &Lapse) -> String {
    let ticks: Vec<_> = lapse
        .ticks
        .iter()
        .map(|(item, who, at)| {
            format!(
                "- {} — ticked: {who}, {}",
                format.quoted(item),
                format.instant(*at)
            )
        })
        .collect();
    format!(
        "The card is in “{}” again, so the ticks for what was checked before are off:\n{}\n\n\
         The rest stands. After the rework check these again. The earlier ticks are kept in the history: /why · {}",
        lapse.stage,
        ticks.join("\n"),
        lapse.id
    )
}
