//! English: answers to commands, news of the board, what a field gets wrong, the history.

use super::*;

/// Whoever is called stands first; without anybody the sentence still begins.
fn call(format: &Format, people: &[Named]) -> String {
    match turn(format, people).as_str() {
        "" => String::new(),
        called => format!("{called}, "),
    }
}

pub(in crate::process::words) fn archived_back(
    format: &Format,
    mover: Option<&Named>,
    stage: &str,
    may: &[String],
    todo: &[Todo],
    instead: &[String],
) -> String {
    let opening = opening(mover);
    let instead: Vec<_> = instead.iter().map(|stage| format.quoted(stage)).collect();
    let why = match (may, todo, instead.as_slice()) {
        ([], [], []) => "cards do not go from this list into the archive.".to_owned(),
        ([], [], out) => format!(
            "cards do not go from this list into the archive. It leaves the path by way of {}.",
            format.or(out)
        ),
        ([], todo, _) => format!("left before the archive:\n{}", format.todo(todo, thing)),
        (may, _, _) => format!("from this list the {} archives.", format.or(may)),
    };
    sentence_start(
        &opening,
        format!("{opening}the card is on the board again, in “{stage}”: {why}"),
    )
}

pub(in crate::process::words) fn passed(
    format: &Format,
    stage: &str,
    by: &str,
    reason: &str,
    owed: &[Todo],
    call: &[Named],
) -> String {
    let owed = match owed {
        [] => String::new(),
        owed => format!("\nStill owed:\n{}", format.todo(owed, thing)),
    };
    let call = match turn(format, call).as_str() {
        "" => String::new(),
        call => format!("\n\nNow for {call}."),
    };
    format!("Let into “{stage}” by decision of {by}. Reason: “{reason}”.{owed}{call}")
}

pub(in crate::process::words) fn pass_given(
    format: &Format,
    stage: &str,
    by: &str,
    reason: &str,
    call: &[Named],
) -> String {
    let call = match turn(format, call).as_str() {
        "" => String::new(),
        call => format!(" To be moved by {call}."),
    };
    format!(
        "Noted: the card can be moved into “{stage}” once.{call} Decision: {by}. Reason: “{reason}”."
    )
}

pub(in crate::process::words) fn not_the_owner(
    format: &Format,
    asker: Option<&Named>,
    owner: &[Named],
) -> String {
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

pub(in crate::process::words) fn no_such_stage(
    format: &Format,
    said: &str,
    stages: &[String],
) -> String {
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

pub(in crate::process::words) fn no_reason(_: &Format, stage: &str) -> String {
    format!("Please add the reason, it stays in the history: /allow {stage} reason")
}

pub(in crate::process::words) fn why(format: &Format, outlook: &Outlook) -> String {
    let mut text = match &outlook.not_admitted {
        None => format!("The card stands in “{}”.", outlook.stage),
        Some((list, until)) => format!(
            "The card is not admitted: it lies in “{list}”, and its place in the process is “{}”. At {} it is checked again.",
            outlook.stage,
            format.hour(*until)
        ),
    };
    text += &match whose(format, &outlook.turn) {
        None => String::new(),
        Some(whose) => format!(" I{}.", &whose[1..]),
    };
    for (stage, todo) in &outlook.next {
        text += &match todo.as_slice() {
            [] => format!("\nEverything for “{stage}” is there."),
            todo => format!(
                "\nLeft before “{stage}”:\n{}\n",
                format.whole_todo(todo, thing)
            ),
        };
    }
    let decisions: Vec<_> = outlook
        .decisions
        .iter()
        .map(|one| told(format, one))
        .collect();
    if !decisions.is_empty() {
        text += &format!("\nLatest decisions:\n{}", decisions.join("\n"));
    }
    text
}

fn told(format: &Format, one: &Told) -> String {
    let (at, what, id) = (format.instant(one.at), &one.what, &one.id);
    let lapsed = one.lapsed.iter().map(|(item, who, at)| {
        let (item, at) = (format.quoted(item), format.instant(*at));
        format!("\n  - {item} — ticked: {who}, {at}")
    });
    format!("- {at} · {what} · {id}{}", lapsed.collect::<String>())
}

pub(in crate::process::words) fn disputed(
    format: &Format,
    id: &str,
    said: &str,
    owner: &[Named],
) -> String {
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

pub(in crate::process::words) fn nothing_to_dispute(_: &Format) -> String {
    "There is no decision on this card yet to disagree with. Where it stands: /why".into()
}

pub(in crate::process::words) fn help(_: &Format, places: bool) -> String {
    let places = match places {
        true => {
            "- /confirm — charge the amount that stands on the card; with a day, if not from today\n\
                 - /byhand item number — the record in an outside system was made by hand, for the system does not answer\n"
        }
        false => "",
    };
    format!(
        "What you can write in a comment:\n\
     - /why — where the card is, what is left and who can do it; lines that are missing are added to the description\n\
     - /move List — move the card, as if you had done it yourself; /next — to the next list\n\
     - /set Name = value — fill in a line of the card\n\
     - /wait what, until when — waiting for the client: the stage's time stands still; /go — no longer\n\
     - /wrong what is wrong — mark a decision as disputed and call whoever answers for the process\n\
     - /allow List reason — for whoever answers for the process: let the card in once\n\
     - /away 1 Dec–14 Dec @deputy — while you are away your deputy has your cards; /away back — you are here again\n\
     {places}- /note call what was said, /note agreed on what, /note anything — stays in the client's file\n\
     - /help — this list"
    )
}

pub(in crate::process::words) fn no_room(format: &Format, labels: &[String]) -> String {
    let labels: Vec<_> = labels.iter().map(|label| format.quoted(label)).collect();
    format!(
        "The card's description is full, and there was no room for {}. Move some of the text into a comment and write these lines in.",
        format.and(&labels)
    )
}

pub(in crate::process::words) fn password(_: &Format) -> String {
    "The card may hold a password. Write where it is kept; take the password off the card and change it.".into()
}

pub(in crate::process::words) fn gone(
    format: &Format,
    name: &str,
    stage: Option<&str>,
    how: &Left,
    by: Option<&str>,
    owner: &[Named],
) -> String {
    let owner = call(format, owner);
    let stage = stage
        .map(|stage| format!(" It stood in “{stage}”."))
        .unwrap_or_default();
    let by = by.map(|by| format!(" Done by: {by}.")).unwrap_or_default();
    let what = match how {
        Left::Deleted => "was deleted",
        Left::ToBoard(_) => "was moved to another board",
    };
    let text = format!(
        "{owner}the card “{name}” {what}; it cannot be brought back from here.{stage}{by} What is known of it is kept in the history."
    );
    sentence_start(&owner, text)
}

pub(in crate::process::words) fn list_restored(_: &Format, list: &str, by: Option<&str>) -> String {
    let by = by.map(|by| format!(" Done by: {by}.")).unwrap_or_default();
    format!(
        "The list “{list}” was archived and brought back: a stage of the process rests on it.{by}"
    )
}

pub(in crate::process::words) fn list_left(
    _: &Format,
    list: &str,
    stage: &str,
    by: Option<&str>,
) -> String {
    let by = by.map(|by| format!(" Done by: {by}.")).unwrap_or_default();
    format!(
        "The list “{list}” was moved to another board, and the stage “{stage}” is without a list: bring it back, \
         or give the process a new one with `signalman apply`.{by}"
    )
}

pub(in crate::process::words) fn bulk(
    format: &Format,
    cards: &[String],
    owner: &[Named],
) -> String {
    let owner = call(format, owner);
    let names: Vec<_> = cards
        .iter()
        .take(20)
        .map(|card| format!("- {card}"))
        .collect();
    let count = cards.len();
    let word = format.plural(count, ["card stands", "cards stand", "cards stand"]);
    format!(
        "{owner}{count} {word} where they may not:\n{}\n\nMove them back? /yes · /no",
        names.join("\n")
    )
}

pub(in crate::process::words) fn word_heard(_: &Format, yes: bool) -> String {
    match yes {
        true => "Noted: the cards go back, each with a comment.".into(),
        false => {
            "Noted: the cards stay where they are, and count as standing there by right.".into()
        }
    }
}

pub(in crate::process::words) fn news_card(_: &Format) -> String {
    "Here Signalman writes what concerns the whole board: deleted cards, gaps in watching, questions to whoever answers for the process.".into()
}

pub(in crate::process::words) fn problem(format: &Format, problem: &Problem) -> String {
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

pub(in crate::process::words) fn audit(
    _: &Format,
    kind: &str,
    stage: Option<&str>,
    by: Option<&str>,
) -> String {
    let what = match kind {
        "refused" => "returned",
        "passed" => "let through by the owner's word",
        "would_refuse" => "would have gone back (watching)",
        "left_as_pushed" => "left not admitted",
        "unticked" => "a foreign tick taken off",
        "not_reached" => "a message did not arrive",
        "tick_back" => "a place's tick given again",
        "name_back" => "an item got its name back",
        "field_back" => "a line put back",
        "lost" => "something the list rested on is gone",
        "lapsed" => "ticks lapsed",
        "archived_back" => "brought back from the archive",
        "gone" => "no longer on the board",
        "still_stands" => "the card is gone, and its client stands elsewhere",
        "allowed" => "allowed to pass once",
        "sent" => "moved as asked",
        "set" => "a line filled in as asked",
        "entered" => "entered in the Power-Up",
        "called" => "asked for what is missing",
        "not_done" => "a request not carried out",
        "not_allowed" => "an allowance not taken",
        "why" => "asked why",
        "disputed" => "decision disputed",
        "help" => "asked for help",
        "password_seen" => "perhaps a password on the card",
        "described" => "description changed",
        "ready" => "all is there",
        "handed" => "the turn passed on, for somebody is away or back",
        "absence" => "an absence noted",
        "not_absence" => "an absence not noted",
        "waits" => "waiting, the stage's time stands still",
        "goes_on" => "no longer waiting",
        "no_wait" => "wait not taken",
        "reminded" => "reminded of the limit",
        "late" => "over the stage's limit",
        "morning" => "called in the morning",
        "dated" => "reminded of a date",
        "items_due" => "checklist completed",
        "word" => "an answer",
        "terms_changed" => "an amount changed and waits to be confirmed",
        "terms_agreed" => "an amount confirmed",
        "not_agreed" => "a confirmation not taken",
        "by_hand" => "a record in an outside place made by hand",
        "not_by_hand" => "a record by hand not taken",
        "place_due" => "the client is to stand in an outside place",
        "place_confirmed" => "an outside place confirmed the record",
        "place_wanting" => "something is missing for the record in an outside place",
        "place_refused" => "an outside place did not take the record",
        "place_several" => "several records in an outside place could be the client",
        "place_drifted" => "an outside place does not say what the card says",
        "place_down" => "an outside place does not answer",
        other => other,
    };
    let stage = stage
        .map(|stage| format!(" · “{stage}”"))
        .unwrap_or_default();
    let by = by.map(|by| format!(" · {by}")).unwrap_or_default();
    format!("{what}{stage}{by}")
}

pub(in crate::process::words) fn who_left(_: &Format) -> String {
    "a person who left".into()
}

pub(in crate::process::words) fn one_of_the_board(_: &Format) -> String {
    "a member of the board".into()
}
