//! Что ответило внешнее место и что с этим делать.

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
             Оставьте одну, остальные закройте или объедините; потом щёлкните отметку этого пункта, и запись найдётся.",
            format.and(ids)
        ),
        Answer::Drifted(drift) => format!(
            "{opening}{place}: {}.\n\
             Если верно на карточке, щёлкните отметку этого пункта: запись исправится сама. Если верно там, исправьте карточку.",
            drifted(format, drift)
        ),
        Answer::Down(why) => format!(
            "{opening}{place}: система не отвечает ({why}).\n\
             Запись повторяется сама; карточку это не задерживает ни в чём, кроме этого пункта."
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
        true => ("в архиве", "верните карточку из архива"),
        false => ("пропала с доски", "заведите новую карточку"),
    };
    let text = format!(
        "{opening}карточка {} {gone}, а записи клиента действуют, и следить за ними некому:{}\n\
         Сами они не закроются. Если клиент ушёл, закройте их там вручную; если нет, {back}.",
        format.quoted(card),
        format.records(places, "№")
    );
    sentence_start(&opening, text)
}

pub(in crate::process::words) fn apart(
    format: &Format,
    apart: &[(Apart, usize)],
    call: &[Named],
) -> String {
    let lines = apart.iter().map(|(one, clients)| {
        match one {
            Apart::Lacking(place) => format!(
                "- {}: {clients} {} это место раньше, чем оно появилось в файле процесса, и записи там нет. \
                 Тот, у кого стоит {SIGNALMAN}, увидит их командой `signalman backfill --dry-run`, а запишет командой `signalman backfill`.",
                format.quoted(place),
                format.plural(
                    *clients,
                    ["клиент прошёл", "клиента прошли", "клиентов прошли"]
                ),
            ),
            Apart::Unnamed(key) => format!(
                "- `{key}`: в файле процесса этого места больше нет, а записей там: {clients}. Они не меняются и не закрываются. \
                 Если у раздела теперь другой ключ, верните прежний; если места больше не будет, закройте записи вручную."
            ),
        }
    });
    let lines: Vec<_> = lines.collect();
    let opening = address(&turn(format, call));
    let text = format!(
        "{opening}файл процесса и внешние места разошлись:\n{}",
        lines.join("\n")
    );
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
        Answer::Drifted(drift) => drifted(format, drift),
        Answer::Down(_) => "система не отвечает, запись повторяется".into(),
    }
}

fn drifted(format: &Format, drift: &Drift) -> String {
    match drift {
        Drift::Missing => "записи там больше нет".into(),
        Drift::Differs { fields } => {
            format!("там стоит другое: {}", format.and(fields))
        }
        Drift::Closed => "запись там помечена как закрытая, а клиент не ушёл".into(),
        Drift::Open => "клиент ушёл, а запись там действует".into(),
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

pub(in crate::process::words) fn tick_back(format: &Format, back: &TickBack) -> String {
    let opening = opening(back.by.as_ref());
    let number = &back.number;
    let rests = match &back.by_hand {
        Some(by) => format!("запись сделана вручную, № {number}, отвечает {by}"),
        None => format!("запись подтвердило само место, № {number}"),
    };
    let text = format!(
        "{opening}отметка {} возвращена: {rests}.\n\
         Если там что-то не так, напишите здесь; отметку снимает {}. {}",
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
        "{opening}строка {} изменилась: было «{was}», стало «{now}». Пока начисляется прежняя сумма.\n\
         Чтобы начислять новую, ответьте /подтвердить, а если не с сегодняшнего дня, то с датой: /подтвердить 01.01.2027.",
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
                .map(|(field, now)| format!("{} — {now}", format.quoted(field)))
                .collect();
            let from = from.map_or_else(
                || "с сегодняшнего дня".to_owned(),
                |day| format!("с {}", day.strftime("%d.%m.%Y")),
            );
            format!(
                "{opening}подтверждено {from}: {}. Внешние места узнают об этом сами.",
                format.and(&fields)
            )
        }
        TermsReply::Nothing => {
            format!(
                "{opening}подтверждать нечего: на карточке те же суммы, что и во внешних местах."
            )
        }
        TermsReply::NotTheirs(call) => match turn(format, call).as_str() {
            "" => format!("{opening}суммы подтверждает тот, кто отвечает за учёт."),
            people => format!("{opening}суммы подтверждает тот, кто отвечает за учёт: {people}."),
        },
        TermsReply::NoDay(said) => format!(
            "{opening}«{said}» не похоже на дату. Напишите так: /подтвердить 01.01.2027, или без даты, если с сегодняшнего дня."
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
            "{opening}{}: записано вручную, № {number}. Отметка ставится с пометкой «не проверено»; когда система ответит, запись проверится сама.",
            format.quoted(place)
        ),
        VouchReply::NoSuchPlace(items) => format!(
            "{opening}такого места нет. Напишите так: /вручную {} 10442. Места: {}.",
            items.first().map_or("пункт", String::as_str),
            format.and(items)
        ),
        VouchReply::NoNumber(place) => format!(
            "{opening}{}: нужен номер записи в той системе, последним словом.",
            format.quoted(place)
        ),
        VouchReply::NotYet(place) => format!(
            "{opening}{}: клиента туда записывать ещё рано, это происходит в своей колонке.",
            format.quoted(place)
        ),
        VouchReply::Stands(place) => format!(
            "{opening}{}: система сама подтвердила запись, вручную ничего не нужно.",
            format.quoted(place)
        ),
        VouchReply::NotTheirs { place, call } => {
            let who = match turn(format, call).as_str() {
                "" => String::new(),
                people => format!(": {people}"),
            };
            format!(
                "{opening}{}: за эту запись отвечают другие{who}.",
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
    let month = month.strftime("%m.%Y");
    let mut parts = Vec::new();
    if !cards.is_empty() {
        parts.push(format!(
            "активны, но начисления или счёта за {month} нет: {}.\n\
             Проверьте, что счёт выставлен и ушёл клиенту.",
            quoted(cards)
        ));
    }
    if !unknown.is_empty() {
        let text = format!(
            "не удалось узнать, есть ли начисление или счёт за {month}: {}.\n\
             Вопрос повторяется каждую ночь; если это срочно, посмотрите там сами.",
            quoted(unknown)
        );
        parts.push(match cards {
            [] => text,
            _ => sentence_start("", text),
        });
    }
    sentence_start(&opening, format!("{opening}{}", parts.join("\n")))
}
