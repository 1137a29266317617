//! What an outside place answered, and what to do about it.

use super::*;

pub(in crate::process::words) fn place(
    format: &Format,
    place: &str,
    answer: &Answer,
    call: &[Named],
) -> String {
    let place = format.quoted(place);
    let opening = match turn(format, call).as_str() {
        "" => String::new(),
        people => format!("{people}, "),
    };
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
             Keep one and close or merge the others; then change any line the client is found by, or take the tick off the item.",
            format.and(ids)
        ),
        Answer::Down(why) => format!(
            "{opening}{place}: the system does not answer ({why}).\n\
             It is tried again by itself; nothing of the card waits for it but this item."
        ),
    };
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
        Answer::Down(_) => "the system does not answer, it is tried again".into(),
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
