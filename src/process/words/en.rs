//! The English sentences.

use super::format::Format;
use super::*;

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
) -> String {
    let opening = match turn(format, owner).as_str() {
        "" => String::new(),
        owner => format!("{owner}, "),
    };
    let text = format!(
        "{opening}the card could not be moved back: Trello has not answered since {}. It is not admitted, too early to work on. \
         You can move it to “{stage}” by hand.",
        format.hour(since)
    );
    sentence_start(&opening, text)
}

pub(super) fn foreign_ticks(format: &Format, foreign: &Foreign) -> String {
    let people = turn(format, &foreign.people);
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

pub(super) fn archived_back(
    format: &Format,
    mover: Option<&Named>,
    stage: &str,
    may: &[String],
) -> String {
    let opening = opening(mover);
    let who = match may {
        [] => "cards do not go from this list into the archive".to_owned(),
        may => format!("from this list the {} archives", format.or(may)),
    };
    sentence_start(
        &opening,
        format!("{opening}the card is on the board again, in “{stage}”: {who}."),
    )
}

pub(super) fn passed(
    format: &Format,
    stage: &str,
    by: &str,
    reason: &str,
    owed: &[Todo],
) -> String {
    let owed = match owed {
        [] => String::new(),
        owed => format!("\nStill owed:\n{}", format.todo(owed, thing)),
    };
    format!("Let into “{stage}” by decision of {by}. Reason: “{reason}”.{owed}")
}

pub(super) fn pass_given(_: &Format, stage: &str, by: &str, reason: &str) -> String {
    format!("Noted: the card can be moved into “{stage}” once. Decision: {by}. Reason: “{reason}”.")
}

pub(super) fn not_the_owner(format: &Format, asker: Option<&Named>, owner: &[Named]) -> String {
    let opening = opening(asker);
    let owner = turn(format, owner);
    let who = if owner.is_empty() {
        "whoever answers for the process"
    } else {
        &owner
    };
    sentence_start(
        &opening,
        format!("{opening}only {who} can let a card pass."),
    )
}

pub(super) fn no_such_stage(format: &Format, said: &str, stages: &[String]) -> String {
    let stages: Vec<_> = stages.iter().map(|stage| format!("“{stage}”")).collect();
    let said = if said.is_empty() {
        "No list is named".to_owned()
    } else {
        format!("The process has no list “{said}”")
    };
    format!(
        "{said}. There are: {}. Write: /allow Name reason",
        format.and(&stages)
    )
}

pub(super) fn no_reason(_: &Format, stage: &str) -> String {
    format!("Please add the reason, it stays in the history: /allow {stage} reason")
}

pub(super) fn why(format: &Format, outlook: &Outlook) -> String {
    let mut text = format!("The card stands in “{}”.", outlook.stage);
    for (stage, todo) in &outlook.next {
        text += &match todo.as_slice() {
            [] => format!("\nEverything for “{stage}” is there."),
            todo => format!("\nLeft before “{stage}”:\n{}\n", format.todo(todo, thing)),
        };
    }
    let decisions: Vec<_> = outlook
        .decisions
        .iter()
        .map(|(id, at, what)| format!("- {} · {what} · {id}", format.instant(*at)))
        .collect();
    if !decisions.is_empty() {
        text += &format!("\nLatest decisions:\n{}", decisions.join("\n"));
    }
    text
}

pub(super) fn disputed(format: &Format, id: &str, said: &str, owner: &[Named]) -> String {
    let said = if said.is_empty() {
        String::new()
    } else {
        format!(", “{said}”")
    };
    let owner = turn(format, owner);
    let owner = if owner.is_empty() {
        "Whoever answers for the process"
    } else {
        &owner
    };
    format!("Thank you, noted: {id}{said}. {owner} will look; the card stays where it was.")
}

pub(super) fn nothing_to_dispute(_: &Format) -> String {
    "There is no decision on this card yet to disagree with. Where it stands: /why".into()
}

pub(super) fn help(_: &Format) -> String {
    "What you can write in a comment:\n\
     - /why — where the card is, what is left and who can do it\n\
     - /wrong what is wrong — mark a decision as disputed and call whoever answers for the process\n\
     - /allow List reason — for whoever answers for the process: let the card in once\n\
     - /help — this list"
        .into()
}

pub(super) fn password(_: &Format) -> String {
    "The card may hold a password. Write where it is kept; take the password off the card and change it.".into()
}

pub(super) fn gone(
    _: &Format,
    name: &str,
    stage: Option<&str>,
    how: &Left,
    by: Option<&str>,
) -> String {
    let stage = stage
        .map(|stage| format!(" It stood in “{stage}”."))
        .unwrap_or_default();
    let by = by.map(|by| format!(" Done by: {by}.")).unwrap_or_default();
    let what = match how {
        Left::Deleted => "was deleted",
        Left::ToBoard(_) => "was moved to another board",
    };
    format!(
        "The card “{name}” {what}; it cannot be brought back from here.{stage}{by} What is known of it is kept in the history."
    )
}

pub(super) fn list_restored(_: &Format, list: &str, by: Option<&str>) -> String {
    let by = by.map(|by| format!(" Done by: {by}.")).unwrap_or_default();
    format!(
        "The list “{list}” was archived and brought back: a stage of the process rests on it.{by}"
    )
}

pub(super) fn bulk(format: &Format, cards: &[String]) -> String {
    let names: Vec<_> = cards
        .iter()
        .take(20)
        .map(|card| format!("- {card}"))
        .collect();
    let count = cards.len();
    let word = format.plural(count, ["card stands", "cards stand", "cards stand"]);
    format!(
        "{count} {word} where they may not:\n{}\n\nMove them back? /yes · /no",
        names.join("\n")
    )
}

pub(super) fn outage(format: &Format, from: Timestamp, to: Timestamp, events: usize) -> String {
    let word = format.plural(events, ["event", "events", "events"]);
    format!(
        "Signalman did not see the board from {} to {}. {events} {word} and all cards were looked at.",
        format.instant(from),
        format.instant(to)
    )
}

pub(super) fn attached(_: &Format, watch: bool, wanting: usize, all: usize) -> String {
    let mode = if watch {
        "only watches: no card is moved"
    } else {
        "holds the process; no card was moved today"
    };
    format!(
        "Signalman is attached and {mode}. {wanting} of {all} cards lack something that their list asks for."
    )
}

pub(super) fn news_card(_: &Format) -> String {
    "Here Signalman writes what concerns the whole board: deleted cards, gaps in watching, questions to whoever answers for the process.".into()
}

pub(super) fn problem(format: &Format, problem: &Problem) -> String {
    let example = |example: &Option<String>| {
        example
            .as_ref()
            .map(|one| format!("; example: {one}"))
            .unwrap_or_default()
    };
    match problem {
        Problem::Missing => "not filled in".into(),
        Problem::TooShort { min } => format!("too short, at least {min} characters"),
        Problem::TooLong { max } => format!("too long, at most {max} characters"),
        Problem::NotANumber => "a number is needed".into(),
        Problem::NotWhole => "a whole number is needed".into(),
        Problem::OutOfRange {
            min: Some(min),
            max: Some(max),
        } => format!("a number from {min} to {max} is needed"),
        Problem::OutOfRange { min: Some(min), .. } => {
            format!("a number of at least {min} is needed")
        }
        Problem::OutOfRange { max: Some(max), .. } => {
            format!("a number of at most {max} is needed")
        }
        Problem::OutOfRange { .. } => "the number is out of range".into(),
        Problem::NotADate => "a date is needed, such as 12 Nov 2026".into(),
        Problem::NotAhead => "a date ahead is needed".into(),
        Problem::TooFarAhead { days } => format!(
            "the date is more than {days} {} ahead",
            format.plural(usize::try_from(*days).unwrap_or(0), ["day", "days", "days"])
        ),
        Problem::Before { field } => format!("the date is before the one in “{field}”"),
        Problem::NotAChoice {
            nearest: Some(nearest),
            ..
        } => format!("there is no such choice; the nearest is “{nearest}”"),
        Problem::NotAChoice { of, .. } => format!("one of these is needed: {}", of.join(", ")),
        Problem::NotAnEmail => "an e-mail address is needed, such as air@kefir.example".into(),
        Problem::NotAPhone => {
            "a phone number with its country code is needed, such as +7 495 000-00-11".into()
        }
        Problem::NotAUrl { schemes } => format!(
            "an address that begins with {}:// is needed",
            schemes.first().map_or("https", String::as_str)
        ),
        Problem::SecretInUrl => {
            "the address holds a name and a password: take them out and change the password".into()
        }
        Problem::NotMoney => "an amount is needed, such as 12 900".into(),
        Problem::Pattern { example: one } => format!("does not match the pattern{}", example(one)),
        Problem::NotDigits { letter } => {
            format!("it holds the letter “{letter}”; only digits are needed")
        }
        Problem::WrongLength { want, have } => {
            let want: Vec<_> = want.iter().map(usize::to_string).collect();
            format!("{have} digits; {} are needed", format.or(&want))
        }
        Problem::CheckDigit { .. } => {
            "the check digit does not fit: compare with the papers, mostly two digits are swapped"
                .into()
        }
        Problem::LooksLikePassword => {
            "may be a password: write where it is kept, take the password off and change it".into()
        }
    }
}

pub(super) fn audit(_: &Format, kind: &str, stage: Option<&str>, by: Option<&str>) -> String {
    let what = match kind {
        "refused" => "returned",
        "left_as_pushed" => "left not admitted",
        "unticked" => "a foreign tick taken off",
        "name_back" => "an item got its name back",
        "field_back" => "a line put back",
        "lost" => "something the list rested on is gone",
        "lapsed" => "ticks lapsed",
        "archived_back" => "brought back from the archive",
        "gone" => "no longer on the board",
        "allowed" => "allowed to pass once",
        "not_allowed" => "an allowance not taken",
        "why" => "asked why",
        "disputed" => "decision disputed",
        "help" => "asked for help",
        "password_seen" => "perhaps a password on the card",
        "described" => "description changed",
        "word" => "an answer",
        other => other,
    };
    let stage = stage
        .map(|stage| format!(" · “{stage}”"))
        .unwrap_or_default();
    let by = by.map(|by| format!(" · {by}")).unwrap_or_default();
    format!("{what}{stage}{by}")
}
