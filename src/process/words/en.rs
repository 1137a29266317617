//! The English sentences.

use super::format::Format;
use super::*;

mod answers;

pub(super) use answers::*;

fn thing(format: &Format, thing: &Thing) -> String {
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
        Thing::Item(item) => format!("“{item}”"),
        Thing::ItemAbsent(item) => format!("“{item}” (the item is not on the card)"),
        Thing::ItemForeign { item, by: Some(by) } => {
            format!("“{item}” (ticked by {by}, whose tick is not the one asked for)")
        }
        Thing::ItemForeign { item, by: None } => {
            format!("“{item}” (ticked, but nobody knows by whom: untick it and tick it again)")
        }
        Thing::Label(label) => format!("the label “{label}”"),
        Thing::Attachment(name) => format!("a file or link named “{name}”"),
        Thing::Member(role) => format!("a member of the card: {role}"),
        Thing::FourEyes { item } => {
            format!("to be moved by somebody other than who ticked “{item}”")
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

fn turn(format: &Format, turn: &[Named]) -> String {
    let people: Vec<_> = turn.iter().map(|one| one.called().to_owned()).collect();
    format.or(&people)
}

fn opening(mover: Option<&Named>) -> String {
    mover
        .map(|mover| format!("{}, ", mover.called()))
        .unwrap_or_default()
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

fn sentence_start(opening: &str, text: String) -> String {
    if !opening.is_empty() {
        return text;
    }
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

pub(super) fn refusal(format: &Format, refusal: &Refusal) -> String {
    let Refusal {
        back,
        target,
        todo,
        ids,
        ..
    } = refusal;
    let opening = opening(refusal.mover.as_ref());
    let now = turn(format, &refusal.turn);
    if let ([one], None, None) = (todo.as_slice(), &refusal.movers, refusal.came) {
        let who = if one.who.is_empty() {
            String::new()
        } else {
            format!(" This is for {}.", format.or(&one.who))
        };
        let turn = if now.is_empty() {
            String::new()
        } else {
            format!(" It is {now}'s turn.")
        };
        let first = format!(
            "{opening}one thing is left before “{target}”: {}.{turn}",
            thing(format, &one.what)
        );
        return format!(
            "{}\nThe card waits in “{back}”.{who} After that it can be moved again. {}",
            sentence_start(&opening, first),
            small(ids)
        );
    }
    let why = refusal
        .came
        .map(|how| format!(" ({})", came(how)))
        .unwrap_or_default();
    let first = match now.as_str() {
        "" => format!("{opening}this card is back in “{back}”{why}."),
        now => format!("{opening}this card is back in “{back}”{why}: it is {now}'s turn."),
    };
    let rule = match (&refusal.movers, &refusal.once, &refusal.progress) {
        (Some(movers), once, _) if !movers.is_empty() => {
            let once = once
                .as_ref()
                .map(|once| format!(" once {once}"))
                .unwrap_or_default();
            format!("The {} moves it into “{target}”{once}.", format.or(movers))
        }
        (_, _, Some((list, done, of))) => {
            format!("For “{target}”: {done} of {of} items of “{list}” are done.")
        }
        (_, Some(once), _) => format!("“{target}” waits until {once}."),
        _ => format!("Not everything for “{target}” is there yet."),
    };
    let list = match todo.len() {
        0 => rule,
        _ => format!("{rule} Still to do:\n{}\n", format.todo(todo, thing)),
    };
    let theirs = refusal
        .mover
        .as_ref()
        .is_some_and(|mover| refusal.turn.iter().any(|one| one.name == mover.name));
    let rest = match (&refusal.mover, theirs, now.as_str()) {
        (Some(_), false, now) if !now.is_empty() => {
            "Nothing to do on this card yet: you will be called when it is your turn. "
        }
        _ => "",
    };
    format!(
        "{}\n{list}\n{rest}{}",
        sentence_start(&opening, first),
        small(ids)
    )
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
    let mut text = match turn(format, &arrival.owners).as_str() {
        "" => format!("A new card in “{stage}”: “{card}”.{due}"),
        owners => format!("{owners}, your turn: “{stage}”, “{card}”.{due}"),
    };
    let mut rest: Vec<String> = arrival.work.iter().cloned().collect();
    rest.extend(arrival.checklists.iter().map(|(name, count)| {
        format!(
            "The card has the checklist “{name}” ({count} {}).",
            format.plural(*count, ["item", "items", "items"])
        )
    }));
    rest.extend(
        arrival
            .next
            .iter()
            .map(|next| format!("When all is done, move the card to “{next}”.")),
    );
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

pub(super) fn letter(_: &Format, text: &str) -> String {
    let quoted: Vec<_> = text
        .trim()
        .lines()
        .map(|line| format!("> {line}"))
        .collect();
    format!("A letter for the client, to copy:\n\n{}", quoted.join("\n"))
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
    let people: Vec<_> = foreign
        .people
        .iter()
        .map(|one| one.called().to_owned())
        .collect();
    let people = format.and(&people);
    let opening = if people.is_empty() {
        String::new()
    } else {
        format!("{people}, ")
    };
    let text = match foreign.items.as_slice() {
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

pub(super) fn lost(
    format: &Format,
    what: &Todo,
    stage: &str,
    held: bool,
    call: &[Named],
    id: &str,
) -> String {
    let people = turn(format, call);
    let opening = if people.is_empty() {
        String::new()
    } else {
        format!("{people}, ")
    };
    let then = if held {
        "The card went one step back until it is restored."
    } else {
        "The card stays where it is."
    };
    let who = if what.who.is_empty() {
        String::new()
    } else {
        format!(" It can be restored by {}.", format.or(&what.who))
    };
    let text = format!(
        "{opening}something that “{stage}” rested on is gone: {}.\n{then}{who} {id}",
        thing(format, &what.what)
    );
    sentence_start(&opening, text)
}

pub(super) fn lapse(format: &Format, lapse: &Lapse) -> String {
    let ticks: Vec<_> = lapse
        .ticks
        .iter()
        .map(|(item, who, at)| format!("- “{item}” — ticked: {who}, {}", format.instant(*at)))
        .collect();
    format!(
        "The card is in “{}” again, so the ticks for what was checked before are off:\n{}\n\n\
         The rest stands. After the rework check these again. The earlier ticks are kept in the history: /why · {}",
        lapse.stage,
        ticks.join("\n"),
        lapse.id
    )
}
