//! Что ответило внешнее место и что с этим делать.

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
                Status::Pending => "запись готовится",
                Status::Active => "запись действует",
                Status::Retired => "запись помечена как закрытая",
            };
            let link = link.as_ref().map(|link| format!("\n{link}"));
            format!("{place}: {status}, № {id}.{}", link.unwrap_or_default())
        }
        Answer::Wanting(lines) => {
            let lines: Vec<_> = lines.iter().map(|line| format.quoted(line)).collect();
            format!(
                "{opening}{place}: запись ждёт, не хватает: {}.\n\
                 Заполните в описании карточки: дальше всё произойдёт само.",
                format.and(&lines)
            )
        }
        Answer::Refused(why) => format!(
            "{opening}{place}: записать не получилось.\nОтвет системы: {why}\n\
             Исправьте это в карточке, и запись повторится сама."
        ),
        Answer::Several(ids) => format!(
            "{opening}{place}: там несколько подходящих записей: {}.\n\
             Оставьте одну, остальные закройте или объедините; потом измените в карточке любую из строк, по которым ищется клиент, или снимите отметку с пункта.",
            format.and(ids)
        ),
        Answer::Down(why) => format!(
            "{opening}{place}: система не отвечает ({why}).\n\
             Запись повторяется сама; карточку это не задерживает ни в чём, кроме этого пункта."
        ),
    };
    sentence_start(&opening, text)
}

pub(in crate::process::words) fn place_trouble(format: &Format, answer: &Answer) -> String {
    match answer {
        Answer::Confirmed { .. } => "запись подтверждена, отметка сейчас появится".into(),
        Answer::Wanting(lines) => {
            let lines: Vec<_> = lines.iter().map(|line| format.quoted(line)).collect();
            format!("для записи не хватает: {}", format.and(&lines))
        }
        Answer::Refused(why) => format!("система не приняла запись: {why}"),
        Answer::Several(ids) => format!("там несколько подходящих записей: {}", format.and(ids)),
        Answer::Down(_) => "система не отвечает, запись повторяется".into(),
    }
}

pub(super) fn proof_ticks(format: &Format, opening: &str, foreign: &Foreign) -> String {
    let items: Vec<_> = foreign
        .items
        .iter()
        .map(|one| thing(format, &one.what))
        .collect();
    let taken = match items.len() {
        1 => "отметка снята",
        _ => "отметки сняты",
    };
    format!(
        "{opening}{taken}: {}. Её ставит {SIGNALMAN}, когда запись подтвердит само место.\n\
         Делать ничего не нужно; если чего-то не хватает, об этом сказано в комментарии выше. {}",
        format.and(&items),
        foreign.ids.join(" · ")
    )
}
