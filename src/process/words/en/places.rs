//! What an outside place answered, and what to do about it.

use super::*;

pub(in crate::process::words) fn place(
    format: &Format,
    place: &str,
    answer: &Answer,
    call: &[Named],
) -> String {
    let place = format.quoted(place);
    let opening = address(&turn(format, call));
    let text = match answer {
        Answer::Confirmed { id, link, status } => {
            let status = match status {
                Status::Pending => "the record is prepared",
                Status::Active => "the record is active",
                Status::Retired => "the record is marked as closed",
            };
            let link = link.as_ref().map(|link| format!("\n{link}"));
            format!("{place}: {status}, no. {id}.{}", link.unwrap_or_default())
        }
        Answer::Wanting(lines) => {
            let lines: Vec<_> = lines.iter().map(|line| format.quoted(line)).collect();
            format!(
                "{opening}{place}: nothing can be recorded yet, for this is missing: {}.\n\
                 Fill it in on the card: the rest happens by itself.",
                format.and(&lines)
            )
        }
        Answer::Refused(why) => format!(
            "{opening}{place}: the record was not taken.\nThe system says: {why}\n\
             Mend it on the card, and it is tried again by itself."
        ),
        Answer::Several(ids) => format!(
            "{opening}{place}: several records there could be this client: {}.\n\
             Keep one and close or merge the others; then click the item's tick, and it is found.",
            format.and(ids)
        ),
        Answer::Drifted(drift) => format!(
            "{opening}{place}: {}.\n\
             If the card is right, click the item's tick: the record is mended by itself. If the place is right, mend the card.",
            drifted(format, drift)
        ),
        Answer::Down(why) => format!(
            "{opening}{place}: the system does not answer ({why}).\n\
             It is tried again by itself; nothing of the card waits for it but this item."
        ),
    };
    sentence_start(&opening, text)
}

pub(in crate::process::words) fn still_stands(
    format: &Format,
    card: &str,
    places: &[(String, String, Option<String>)],
    archived: bool,
    call: &[Named],
) -> String {
    let opening = address(&turn(format, call));
    let (gone, back) = match archived {
        true => ("is archived", "bring the card back"),
        false => ("is gone", "make a new one"),
    };
    let text = format!(
        "{opening}the card {} {gone}, and its client still stands in {} with nobody to look after it:{}\n\
         Nothing there is closed by itself. If the client has left, close the records there by hand; if not, {back}.",
        format.quoted(card),
        match places.len() {
            1 => "an outside place",
            _ => "outside places",
        },
        format.records(places, "no.")
    );
    sentence_start(&opening, text)
}

pub(in crate::process::words) fn apart(
    format: &Format,
    apart: &[(Apart, usize)],
    call: &[Named],
) -> String {
    let lines = apart.iter().map(|(one, clients)| {
        let who = format.plural(*clients, ["client", "clients", "clients"]);
        match one {
            Apart::Lacking(place) => format!(
                "- {}: {clients} {who} of this board came past it before the process file named it, and nothing was written there. \
                 Whoever hosts {SIGNALMAN} sees them with `signalman backfill --dry-run` and has them written with `signalman backfill`.",
                format.quoted(place)
            ),
            Apart::Unnamed(key) => format!(
                "- `{key}`: the process file does not name this place any more, and {clients} {who} {} there. Nothing there is changed or closed. \
                 If its section has another key by now, give it this one again; if it is gone for good, close the records by hand.",
                format.plural(*clients, ["stands", "stand", "stand"])
            ),
        }
    });
    let lines: Vec<_> = lines.collect();
    let opening = address(&turn(format, call));
    let text = format!(
        "{opening}the process file and the outside places have grown apart:\n{}",
        lines.join("\n")
    );
    sentence_start(&opening, text)
}

pub(in crate::process::words) fn place_trouble(format: &Format, answer: &Answer) -> String {
    match answer {
        Answer::Confirmed { .. } => "the record is confirmed, the tick is on its way".into(),
        Answer::Wanting(lines) => {
            let lines: Vec<_> = lines.iter().map(|line| format.quoted(line)).collect();
            format!("missing for the record: {}", format.and(&lines))
        }
        Answer::Refused(why) => format!("the system did not take the record: {why}"),
        Answer::Several(ids) => format!("several records could be it: {}", format.and(ids)),
        Answer::Drifted(drift) => drifted(format, drift),
        Answer::Down(_) => "the system does not answer, it is tried again".into(),
    }
}

fn drifted(format: &Format, drift: &Drift) -> String {
    match drift {
        Drift::Missing => "the record is not there any more".into(),
        Drift::Differs { fields } => {
            format!("something else stands there: {}", format.and(fields))
        }
        Drift::Closed => "the record is marked as closed, and the client has not left".into(),
        Drift::Open => "the client has left, and the record is active".into(),
    }
}

pub(super) fn proof_ticks(format: &Format, opening: &str, foreign: &Foreign) -> String {
    let items: Vec<_> = foreign
        .items
        .iter()
        .map(|one| thing(format, &one.what))
        .collect();
    let taken = match items.len() {
        1 => "the tick was taken off",
        _ => "these ticks were taken off",
    };
    format!(
        "{opening}{taken}: {}. {SIGNALMAN} gives it once the place itself confirms the record.\n\
         There is nothing to do; if something is missing, a comment above says so. {}",
        format.and(&items),
        foreign.ids.join(" · ")
    )
}

pub(in crate::process::words) fn tick_back(format: &Format, back: &TickBack) -> String {
    let opening = opening(back.by.as_ref());
    let number = &back.number;
    let rests = match &back.by_hand {
        Some(by) => format!("{by} recorded it by hand, no. {number}"),
        None => format!("the place itself has confirmed the record, no. {number}"),
    };
    let text = format!(
        "{opening}the tick on {} is back: {rests}.\n\
         If something is wrong there, say so here; the tick is taken off by {}. {}",
        format.quoted(&back.place),
        format.or(&back.who),
        back.id
    );
    sentence_start(&opening, text)
}

pub(in crate::process::words) fn terms_changed(
    format: &Format,
    field: &str,
    was: &str,
    now: &str,
    call: &[Named],
) -> String {
    let opening = address(&turn(format, call));
    let text = format!(
        "{opening}the line {} has changed from “{was}” to “{now}”. The amount before is charged until you say so.\n\
         To charge the new one, answer /confirm, and with a day if not from today: /confirm 2027-01-01.",
        format.quoted(field)
    );
    sentence_start(&opening, text)
}

pub(in crate::process::words) fn terms_reply(
    format: &Format,
    asker: Option<&Named>,
    reply: &TermsReply,
) -> String {
    let opening = opening(asker);
    let text = match reply {
        TermsReply::Agreed { fields, from } => {
            let fields: Vec<_> = fields
                .iter()
                .map(|(field, now)| format!("{}: {now}", format.quoted(field)))
                .collect();
            let from = from.map_or_else(|| "from today".to_owned(), |day| format!("from {day}"));
            format!(
                "{opening}confirmed {from}: {}. The outside places are told by themselves.",
                format.and(&fields)
            )
        }
        TermsReply::Nothing => format!(
            "{opening}there is nothing to confirm: the amounts on the card are those in the outside places."
        ),
        TermsReply::NotTheirs(call) => match turn(format, call).as_str() {
            "" => format!("{opening}amounts are confirmed by whoever answers for the accounts."),
            people => format!(
                "{opening}amounts are confirmed by whoever answers for the accounts: {people}."
            ),
        },
        TermsReply::NoDay(said) => format!(
            "{opening}“{said}” does not look like a day. Write /confirm 2027-01-01, or no day if it is from today."
        ),
    };
    sentence_start(&opening, text)
}

pub(in crate::process::words) fn vouch_reply(
    format: &Format,
    asker: Option<&Named>,
    reply: &VouchReply,
) -> String {
    let opening = opening(asker);
    let text = match reply {
        VouchReply::Vouched { place, number } => format!(
            "{opening}{}: recorded by hand, no. {number}. The tick counts as not proved; once the system answers, the record is checked by itself.",
            format.quoted(place)
        ),
        VouchReply::NoSuchPlace(items) => format!(
            "{opening}there is no such place. Write /byhand {} 10442. The places: {}.",
            items.first().map_or("item", String::as_str),
            format.and(items)
        ),
        VouchReply::NoNumber(place) => format!(
            "{opening}{}: the record's number in that system is needed, as the last word.",
            format.quoted(place)
        ),
        VouchReply::NotYet(place) => format!(
            "{opening}{}: it is too early to record the client there; that comes in its own list.",
            format.quoted(place)
        ),
        VouchReply::Stands(place) => format!(
            "{opening}{}: the system itself has confirmed the record, nothing is to be done by hand.",
            format.quoted(place)
        ),
        VouchReply::NotTheirs { place, call } => {
            let who = match turn(format, call).as_str() {
                "" => String::new(),
                people => format!(": {people}"),
            };
            format!(
                "{opening}{}: others answer for this record{who}.",
                format.quoted(place)
            )
        }
    };
    sentence_start(&opening, text)
}

pub(in crate::process::words) fn unbilled(
    format: &Format,
    month: Date,
    cards: &[String],
    unknown: &[String],
    call: &[Named],
) -> String {
    let opening = address(&turn(format, call));
    let quoted = |cards: &[String]| {
        let cards: Vec<_> = cards.iter().map(|card| format.quoted(card)).collect();
        format.and(&cards)
    };
    let month = month.strftime("%Y-%m");
    let mut parts = Vec::new();
    if !cards.is_empty() {
        parts.push(format!(
            "active, and neither charged nor invoiced for {month}: {}.\n\
             See that an invoice is made and has gone out.",
            quoted(cards)
        ));
    }
    if !unknown.is_empty() {
        let text = format!(
            "whether these were charged or invoiced for {month} could not be asked: {}.\n\
             They are asked after again each night; have a look there if it hurries.",
            quoted(unknown)
        );
        parts.push(match cards {
            [] => text,
            _ => sentence_start("", text),
        });
    }
    sentence_start(&opening, format!("{opening}{}", parts.join("\n")))
}
