//! English: what the Power-Up says of a card.

use super::*;

pub(in crate::process::words) fn movers(format: &Format, roles: &[String]) -> String {
    match roles {
        [] => "anyone moves it there".into(),
        roles => format!("moved there by the {}", format.or(roles)),
    }
}

pub(in crate::process::words) fn one_of(_: &Format) -> String {
    "one of these".into()
}

pub(in crate::process::words) fn foreign_tick(_: &Format, by: Option<&str>) -> String {
    match by {
        Some(by) => format!("ticked by somebody whose tick does not count: {by}"),
        None => "ticked, nobody knows by whom: take the tick off and give it again".into(),
    }
}

pub(in crate::process::words) fn item_absent(_: &Format) -> String {
    "this item is not on the card".into()
}

pub(in crate::process::words) fn ticked_by_itself(_: &Format) -> String {
    "ticked by itself once the outside place confirms".into()
}

pub(in crate::process::words) fn done_of(_: &Format, done: usize, of: usize) -> String {
    format!("{done} of {of}")
}

pub(in crate::process::words) fn only_if(
    format: &Format,
    thing: &str,
    field: &str,
    test: &Test,
) -> String {
    let field = format.quoted(field);
    match test {
        Test::Is(values) => format!("{thing} (if {field} is {})", format.or(values)),
        Test::IsNot(values) => format!("{thing} (unless {field} is {})", format.or(values)),
        Test::Filled => format!("{thing} (if {field} is filled in)"),
        Test::Empty => format!("{thing} (if {field} is empty)"),
    }
}

pub(in crate::process::words) fn reason(
    format: &Format,
    movers: Option<&[String]>,
    missing: usize,
) -> String {
    let left = match missing {
        0 => None,
        many => Some(format!(
            "{many} {} missing",
            format.plural(many, ["thing is", "things are", "things are"])
        )),
    };
    match (movers, left) {
        (Some(movers), Some(left)) => format!("The {} moves it there; {left}.", format.or(movers)),
        (Some(movers), None) => format!("The {} moves it there.", format.or(movers)),
        (None, Some(left)) => format!("Not yet: {left}."),
        (None, None) => "The process does not lead there from here.".into(),
    }
}

pub(in crate::process::words) fn trouble(
    format: &Format,
    kind: &str,
    left: Option<&(String, Timestamp)>,
) -> String {
    match (kind, left) {
        ("gone", _) => "This card is no longer on the board.".into(),
        ("closed", _) => "This card is archived. Send it back to the board to go on.".into(),
        ("not_admitted", Some((stage, until))) => format!(
            "This card was left in “{stage}” without being admitted: it was moved too often. It is looked at again {}.",
            format.instant(*until)
        ),
        ("waits", _) => {
            "This card waits for the process owner's word: many were found like it at once.".into()
        }
        ("aside", _) => {
            "This card is in a list outside the process. Move it to the list it stood in.".into()
        }
        _ => "This card has not entered the process yet. Move it to the first list.".into(),
    }
}

pub(in crate::process::words) fn refused_here(format: &Format, reply: &WishReply) -> String {
    match reply {
        WishReply::NoValue(_) => "Write a value. A line is emptied on the card itself.".into(),
        WishReply::NoGood { field, seen, why } => format!("“{field}”: “{seen}” — {why}."),
        WishReply::Elsewhere => {
            "This card does not stand where the process has it: it has to go back to its place first.".into()
        }
        WishReply::Meanwhile => "Something changed here while you were writing. Look again.".into(),
        WishReply::NoSuchStage { .. } | WishReply::NoSuchField { .. } => {
            "The process has changed since. Reload the page.".into()
        }
        reply => super::wish(format, reply),
    }
}

pub(in crate::process::words) fn page(_: &Format, address: &str) -> String {
    format!("Details, also on a phone: {address}")
}

pub(in crate::process::words) fn page_trouble(_: &Format, code: &str) -> String {
    match code {
        "no_token" => "It cannot be seen from here who you are. Open this page from Trello.",
        "bad_token" => "Trello no longer vouches for who you are. Close the card and open it again.",
        "other_board" => "You came in from another board. Open the Power-Up on this one.",
        "not_a_member" => "You are not a member of this board. A board admin can add you.",
        "may_not" => "You are an observer on this board: its members change cards.",
        "not_attached" => {
            "This board is under no process yet. A board admin attaches it in the Power-Up's settings."
        }
        "no_powerup" => {
            "The Power-Up is not set up on this server. For whoever hosts it: set POWERUP_ID."
        }
        "no_session" => "You are not signed in here, or no longer. Sign in with Trello, it is one button.",
        "bad_sign_in" => "Trello does not confirm this sign-in. Open the card by its link and sign in once more.",
        "bad_state" => "This sign-in was begun in another window or too long ago. Open the card by its link and sign in from there.",
        "not_ours" => "This did not come from a page of Signalman's. Open the card by the link in the comment.",
        "no_phone" => "Cards have no pages of their own on this server. For whoever hosts it: set POWERUP_ID and PUBLIC_URL.",
        "no_card" => "There is no such card on this board.",
        "no_such" => "There is no such thing here: the address may be mistyped.",
        "bad_request" => "This request cannot be read. Reload the page; if it happens again, tell whoever hosts Signalman.",
        "too_large" => "That is too much text at once. Save it in parts.",
        "password" => "There may be a password in it. Write where it is kept, and not the password itself.",
        "own_card" => "This is one of the board's own cards: no client stands here, and nothing is done with it.",
        "too_many" => "That is too often. Wait a few seconds.",
        "watching" => "The process only watches so far and changes nothing. Do it on the card itself.",
        "paused" => "The process is paused. Do it on the card itself, or wait until it is resumed.",
        "blind" => {
            "Signalman no longer sees this board: its account is not on it, or its token was revoked. Ask a board admin to invite the account again; if it is there, tell whoever hosts Signalman. Nothing is lost."
        }
        _ => "Trello or the store does not answer now. Nothing is lost: try again in a minute.",
    }
    .into()
}

pub(in crate::process::words) fn noted(_: &Format, note: Note, text: &str) -> String {
    let what = match note {
        Note::Call => "call",
        Note::Agreed => "agreed",
        Note::Other => "note",
    };
    match text {
        "" => what.into(),
        text => format!("{what}: {text}"),
    }
}
