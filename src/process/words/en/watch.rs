//! English about the watching itself: gaps, a board that cannot be seen, what is not delivered.

use super::*;

pub(in crate::process::words) fn gap(
    format: &Format,
    events: usize,
    from: Timestamp,
    to: Timestamp,
) -> String {
    let word = format.plural(events, ["event", "events", "events"]);
    let when = format.between(from, to);
    format!(
        "Reconciled {events} {word} missed {when}.\n\n\
         All of it is looked at as usual; a card that went too far goes back with a comment. Nothing needs to be done. \
         If such gaps come again, show this to whoever runs Signalman."
    )
}

pub(in crate::process::words) fn blind(format: &Format, why: Blind, owner: &[Named]) -> String {
    let owner = match turn(format, owner).as_str() {
        "" => String::new(),
        owner => format!("{owner}, "),
    };
    let text = match why {
        Blind::Token => {
            "Signalman cannot see the board: Trello does not take its token any more. It needs a new one in TRELLO_TOKEN and a restart. \
             Until then cards move unchecked; whatever is missed will be caught up with."
        }
        Blind::NotOnBoard => {
            "Signalman cannot see the board: its account is not on it. Invite it again. \
             Until then cards move unchecked; whatever is missed will be caught up with."
        }
        Blind::Observer => {
            "Signalman sees the board and cannot write on it: its account is an observer now. \
             Make it a normal member. Until then no card goes back."
        }
        Blind::CustomFields => {
            "the board has no Custom Fields that the process reads. Switch them on again; \
             if a field was deleted, give the process a new version with `signalman apply`. \
             Until then cards that need checking wait where they are."
        }
    };
    sentence_start(&owner, format!("{owner}{text}"))
}

pub(in crate::process::words) fn sees_again(
    format: &Format,
    why: Blind,
    since: Timestamp,
) -> String {
    let since = format.instant(since);
    let text = match why {
        Blind::Token | Blind::NotOnBoard => "Signalman sees the board again",
        Blind::Observer => "Signalman can write on the board again",
        Blind::CustomFields => "The Custom Fields are on the board again",
    };
    format!(
        "{text}; the break began {since}. What happened meanwhile is looked at now; nothing needs to be done."
    )
}

pub(in crate::process::words) fn not_delivered(format: &Format, times: u64) -> String {
    let count = usize::try_from(times).unwrap_or(usize::MAX);
    let word = format.plural(count, ["try", "tries", "tries"]);
    format!(
        "Trello cannot deliver this board's events: {times} {word} in a row did not get through. \
         Signalman asks the board itself every few seconds meanwhile, so the process holds.\n\n\
         For whoever runs Signalman: see whether PUBLIC_URL opens from outside and TRELLO_SECRET is right."
    )
}

pub(in crate::process::words) fn week(format: &Format, count: usize, gates: &[Gate]) -> String {
    if count == 0 {
        return "The process only watches so far. In a week no card would have gone back: \
                it can be switched to enforce in the Power-Up's settings."
            .into();
    }
    let word = format.plural(count, ["move", "moves", "moves"]);
    let mut text = format!(
        "The process only watches so far. In a week it would have sent back {count} {word}, and this was missing:\n"
    );
    for gate in gates {
        text.push_str(&format!("\n- “{}”: {}", gate.name, gate.count));
        let missing = gate.missing.iter().take(MOST_MISSING);
        let missing: Vec<_> = missing
            .map(|(name, times)| format!("{name} ({times})"))
            .collect();
        if !missing.is_empty() {
            text.push_str(&format!(" — {}", missing.join("; ")));
        }
    }
    text.push_str(
        "\n\nNothing was changed on the board. If all this is right, switch the mode in the Power-Up's settings.",
    );
    text
}
