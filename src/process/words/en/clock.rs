//! English about time: waiting, the limit of a stage, the morning, dates.

use super::*;

fn due(format: &Format, due: Option<Timestamp>) -> String {
    due.map(|due| format!(" Due {}.", format.instant(due)))
        .unwrap_or_default()
}

pub(in crate::process::words) fn waits(
    format: &Format,
    reason: &str,
    until: Option<Date>,
) -> String {
    let what = match reason {
        "" => "Waiting for the client".to_owned(),
        reason => format!("Waiting: {reason}"),
    };
    match until {
        Some(until) => format!(
            "{what}, until {}. The stage's time stands still. If the answer comes sooner: /go",
            format.day(until)
        ),
        None => format!(
            "{what}. The stage's time stands still. When the answer comes: /go. No day was named; if there is one: /wait what, until 27 Nov"
        ),
    }
}

pub(in crate::process::words) fn goes_on(format: &Format, at: Option<Timestamp>) -> String {
    format!(
        "No longer waiting: the stage's time runs again.{}",
        due(format, at)
    )
}

pub(in crate::process::words) fn waited(
    format: &Format,
    call: &[Named],
    until: Date,
    reason: &str,
    at: Option<Timestamp>,
) -> String {
    let opening = address(&turn(format, call));
    let what = match reason {
        "" => String::new(),
        reason => format!(" ({reason})"),
    };
    let text = format!(
        "{opening}waited until {}{what}: write to the client once more, or postpone the card.\n\
         The stage's time runs again.{} To wait longer: /wait what, until when.",
        format.short_day(until),
        due(format, at)
    );
    sentence_start(&opening, text)
}

pub(in crate::process::words) fn no_wait(
    format: &Format,
    asker: Option<&Named>,
    trouble: &WaitTrouble,
) -> String {
    let opening = opening(asker);
    let text = match trouble {
        WaitTrouble::NotTheirs { by_label: false } => {
            "the stage's time is stopped and started by those who hold a role in the process. Write what you are waiting for in a comment: it will be seen.".to_owned()
        }
        WaitTrouble::NotTheirs { by_label: true } => {
            "this label stops the stage's time, so it is put on and taken off by those who hold a role in the process; for now it is as it was.".to_owned()
        }
        WaitTrouble::FieldNotTheirs => {
            "this field stops the stage's time, so it is filled by those who hold a role in the process; it is empty again. Write what you are waiting for in a comment: it will be seen.".to_owned()
        }
        WaitTrouble::NoDay { said } => format!(
            "there is no such day: “{said}”. Write it like this: /wait logo and tax number until 27 Nov"
        ),
        WaitTrouble::Past { day } => format!(
            "{} is not ahead any more. Write the day to wait for: /wait logo and tax number until 27 Nov",
            format.day(*day)
        ),
        WaitTrouble::Nowhere => {
            "the card has not entered the process yet, so no time runs.".to_owned()
        }
        WaitTrouble::Goes => {
            "the card is not waiting for anybody. If it is the client: /wait what, until when"
                .to_owned()
        }
    };
    sentence_start(&opening, format!("{opening}{text}"))
}

pub(in crate::process::words) fn step(format: &Format, step: &StepTold) -> String {
    let (stage, card) = (&step.stage, format.quoted(&step.card));
    let opening = address(&turn_and(format, &step.people));
    let now = match step.turn.as_slice() {
        [] => String::new(),
        now => format!(" It is the turn of {}.", format.or(now)),
    };
    if !step.over {
        return sentence_start(
            &opening,
            format!(
                "{opening}time is running out: “{stage}”, {card}, due {}.{now} Waiting for the client: /wait what, until when.",
                format.instant(step.due)
            ),
        );
    }
    let late = match usize::try_from(step.days).unwrap_or(0) {
        0 => format!(
            "{card} has had its time in “{stage}”: it was due {}.",
            format.instant(step.due)
        ),
        days => {
            let word = format.plural(days, ["day", "days", "days"]);
            let cost = step.cost.as_ref();
            let cost = cost.map(|cost| format!("; the delay has cost {cost}"));
            format!(
                "{card} is {days} {word} over its time in “{stage}”{}.",
                cost.unwrap_or_default()
            )
        }
    };
    format!("{opening}{late}{now} What is in the way? /wait if it is the client.")
}

pub(in crate::process::words) fn morning(
    format: &Format,
    whose: &[Named],
    others: &[Named],
    (stage, card): (&str, &str),
    at: Option<Timestamp>,
) -> String {
    let card = format.quoted(card);
    let mine = match turn_and(format, whose).as_str() {
        "" => None,
        people => Some(format!(
            "{people}, good morning: it is your turn, “{stage}”, {card}.{}",
            due(format, at)
        )),
    };
    let named = match turn_and(format, others).as_str() {
        "" => None,
        people => Some(format!(
            "{people}, good morning: you were named here outside of your hours, see the comments above."
        )),
    };
    let parts: Vec<_> = mine.into_iter().chain(named).collect();
    parts.join("\n")
}

pub(in crate::process::words) fn dated(format: &Format, told: &DateTold) -> String {
    let opening = address(&turn_and(format, &told.people));
    let (field, card) = (format.quoted(&told.field), format.quoted(&told.card));
    let date = format.day(told.date);
    let when = match told.days {
        0 => format!("today is {field}: {date}."),
        days if days > 0 => {
            let count = usize::try_from(days).unwrap_or(usize::MAX);
            let word = format.plural(count, ["working day", "working days", "working days"]);
            format!("in {days} {word} is {field}: {date}.")
        }
        days => {
            let days = usize::try_from(-days).unwrap_or(usize::MAX);
            let word = format.plural(days, ["day", "days", "days"]);
            let cost = told.cost.as_ref();
            let cost = cost.map(|cost| format!(", {cost} of the fee"));
            format!(
                "{field} was {date}, {days} {word} ago{}.",
                cost.unwrap_or_default()
            )
        }
    };
    let item = told
        .item
        .as_ref()
        .map(|item| format!(" Reminders end with the tick on {}.", format.quoted(item)));
    let text = format!("{opening}{when} Card {card}.{}", item.unwrap_or_default());
    sentence_start(&opening, text)
}
