//! Русские фразы о времени: ожидание, срок этапа, утро, даты.

use super::*;

fn due(format: &Format, due: Option<Timestamp>) -> String {
    due.map(|due| format!(" Срок: {}.", format.instant(due)))
        .unwrap_or_default()
}

pub(in crate::process::words) fn waits(
    format: &Format,
    reason: &str,
    until: Option<Date>,
) -> String {
    let what = match reason {
        "" => "Ждём клиента".to_owned(),
        reason => format!("Ждём: {reason}"),
    };
    match until {
        Some(until) => format!(
            "{what}, до {}. Время этапа пока стоит. Ответ пришёл раньше: /дальше",
            format.day(until)
        ),
        None => format!(
            "{what}. Время этапа пока стоит. Когда ответ придёт: /дальше. День не назван; если он есть: /ждём что и до 27.11"
        ),
    }
}

pub(in crate::process::words) fn goes_on(format: &Format, at: Option<Timestamp>) -> String {
    format!("Больше не ждём: время этапа снова идёт.{}", due(format, at))
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
        "{opening}ждали до {}{what}: напишите клиенту ещё раз или отложите карточку.\n\
         Время этапа снова идёт.{} Ждать дальше: /ждём что и до какого числа.",
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
            "время этапа останавливает и пускает тот, у кого в процессе есть роль. Напишите, чего ждёте, в комментарии: его увидят.".to_owned()
        }
        WaitTrouble::NotTheirs { by_label: true } => {
            "эта метка останавливает время этапа, поэтому её ставит и снимает тот, у кого в процессе есть роль; пока она как была.".to_owned()
        }
        WaitTrouble::FieldNotTheirs => {
            "это поле останавливает время этапа, поэтому его заполняет тот, у кого в процессе есть роль; пока оно снова пусто. Напишите, чего ждёте, в комментарии: его увидят.".to_owned()
        }
        WaitTrouble::NoDay { said } => format!(
            "такого дня нет: «{said}». Напишите так: /ждём логотип и ИНН до 27.11"
        ),
        WaitTrouble::Past { day } => format!(
            "{} уже не впереди. Напишите день, до которого ждать: /ждём логотип и ИНН до 27.11",
            format.day(*day)
        ),
        WaitTrouble::Nowhere => "карточка ещё не вошла в процесс, её время пока не идёт.".to_owned(),
        WaitTrouble::Goes => {
            "карточка и так никого не ждёт. Ждёте клиента: /ждём что и до какого числа".to_owned()
        }
    };
    sentence_start(&opening, format!("{opening}{text}"))
}

pub(in crate::process::words) fn step(format: &Format, step: &StepTold) -> String {
    let (stage, card) = (&step.stage, format.quoted(&step.card));
    let opening = address(&turn_and(format, &step.people));
    let now = match step.turn.as_slice() {
        [] => String::new(),
        now => format!(" Сейчас ход: {}.", format.or(now)),
    };
    if !step.over {
        return sentence_start(
            &opening,
            format!(
                "{opening}скоро срок: этап «{stage}», {card}, до {}.{now} Ждёте клиента: /ждём что и до какого числа.",
                format.instant(step.due)
            ),
        );
    }
    let late = match usize::try_from(step.days).unwrap_or(0) {
        0 => format!(
            "{card}: срок этапа «{stage}» вышел, он был {}.",
            format.instant(step.due)
        ),
        days => {
            let word = format.plural(days, ["день", "дня", "дней"]);
            let cost = step.cost.as_ref();
            let cost = cost.map(|cost| format!("; задержка стоила {cost}"));
            format!(
                "{card} на этапе «{stage}» дольше срока на {days} {word}{}.",
                cost.unwrap_or_default()
            )
        }
    };
    format!("{opening}{late}{now} Что мешает? /ждём, если ждёте клиента.")
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
            "{people}, доброе утро: ваш ход, «{stage}», {card}.{}",
            due(format, at)
        )),
    };
    let named = match turn_and(format, others).as_str() {
        "" => None,
        people => Some(format!(
            "{people}, доброе утро: вас назвали здесь в нерабочее время, посмотрите комментарии выше."
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
        0 => format!("сегодня {field}: {date}."),
        days if days > 0 => {
            let count = usize::try_from(days).unwrap_or(usize::MAX);
            let word = format.plural(count, ["рабочий день", "рабочих дня", "рабочих дней"]);
            format!("через {days} {word} {field}: {date}.")
        }
        days => {
            let days = usize::try_from(-days).unwrap_or(usize::MAX);
            let word = format.plural(days, ["день", "дня", "дней"]);
            let cost = told.cost.as_ref();
            let cost = cost.map(|cost| format!(", это {cost} абонплаты"));
            format!(
                "{field}: {date}, {days} {word} назад{}.",
                cost.unwrap_or_default()
            )
        }
    };
    let item = told.item.as_ref().map(|item| {
        format!(
            " Напоминания закончатся с отметкой {}.",
            format.quoted(item)
        )
    });
    let text = format!(
        "{opening}{when} Карточка {card}.{}",
        item.unwrap_or_default()
    );
    sentence_start(&opening, text)
}
