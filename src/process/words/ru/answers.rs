//! Russian: answers to commands, news of the board, what a field gets wrong, the history.

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
        ([], [], []) => "из этой колонки карточки в архив не уходят.".to_owned(),
        ([], [], out) => format!(
            "из этой колонки карточки в архив не уходят. С пути она уходит через колонку {}.",
            format.or(out)
        ),
        ([], todo, _) => format!("до архива осталось:\n{}", format.todo(todo, thing)),
        (may, _, _) => format!("из этой колонки в архив убирает {}.", format.or(may)),
    };
    sentence_start(
        &opening,
        format!("{opening}карточка снова на доске, в колонке «{stage}»: {why}"),
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
        owed => format!("\nОсталось за карточкой:\n{}", format.todo(owed, thing)),
    };
    let call = match turn(format, call).as_str() {
        "" => String::new(),
        call => format!("\n\nХод: {call}."),
    };
    format!("В колонку «{stage}» по решению: {by}. Причина: «{reason}».{owed}{call}")
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
        call => format!(" Переводит {call}."),
    };
    format!(
        "Записано: карточку можно один раз перевести в колонку «{stage}».{call} Решение: {by}. Причина: «{reason}»."
    )
}

pub(in crate::process::words) fn not_the_owner(
    format: &Format,
    asker: Option<&Named>,
    owner: &[Named],
) -> String {
    let opening = opening(asker);
    let owner = turn(format, owner);
    let text = if owner.is_empty() {
        format!("{opening}пропустить карточку может тот, кто отвечает за процесс.")
    } else {
        format!("{opening}пропустить карточку может {owner}.")
    };
    sentence_start(&opening, text)
}

pub(in crate::process::words) fn no_such_stage(
    format: &Format,
    said: &str,
    stages: &[String],
) -> String {
    let stages: Vec<_> = stages.iter().map(|stage| format!("«{stage}»")).collect();
    let said = if said.is_empty() {
        "Колонка не названа".to_owned()
    } else {
        format!("Колонки «{said}» в процессе нет")
    };
    format!(
        "{said}. Есть: {}. Напишите так: /пропустить Название причина",
        format.and(&stages)
    )
}

pub(in crate::process::words) fn no_reason(_: &Format, stage: &str) -> String {
    format!("Добавьте причину, она останется в истории: /пропустить {stage} причина")
}

pub(in crate::process::words) fn why(format: &Format, outlook: &Outlook) -> String {
    let mut text = match &outlook.not_admitted {
        None => format!("Карточка стоит в колонке «{}».", outlook.stage),
        Some((list, until)) => format!(
            "Карточка не допущена: лежит в колонке «{list}», а по процессу её место «{}». В {} она будет проверена снова.",
            outlook.stage,
            format.hour(*until)
        ),
    };
    text += &match turn(format, &outlook.turn).as_str() {
        "" => String::new(),
        people => format!(" Сейчас ход: {people}."),
    };
    for (stage, todo) in &outlook.next {
        text += &match todo.as_slice() {
            [] => format!("\nДля колонки «{stage}» всё готово."),
            todo => format!(
                "\nДо колонки «{stage}» осталось:\n{}\n",
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
        text += &format!("\nПоследние решения:\n{}", decisions.join("\n"));
    }
    text
}

fn told(format: &Format, one: &Told) -> String {
    let (at, what, id) = (format.instant(one.at), &one.what, &one.id);
    let lapsed = one.lapsed.iter().map(|(item, who, at)| {
        let (item, at) = (format.quoted(item), format.instant(*at));
        format!("\n  - {item} — отметка была: {who}, {at}")
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
        format!(", «{said}»")
    };
    let owner = match turn(format, owner).as_str() {
        "" => "Тот, кто отвечает за процесс, разберётся".to_owned(),
        owner => format!("Разберётся {owner}"),
    };
    format!("Спасибо, записано: {id}{said}. {owner}; карточка пока на прежнем месте.")
}

pub(in crate::process::words) fn nothing_to_dispute(_: &Format) -> String {
    "По этой карточке пока нет решений, с которыми можно не согласиться. Что с ней сейчас: /почему"
        .into()
}

pub(in crate::process::words) fn help(_: &Format, places: bool) -> String {
    let places = match places {
        true => {
            "- /подтвердить — начислять сумму, которая стоит на карточке; с датой, если не с сегодняшнего дня\n\
                 - /вручную пункт номер — запись во внешней системе сделана руками, потому что система не отвечает\n"
        }
        false => "",
    };
    format!(
        "Что можно написать в комментарии:\n\
     - /почему — где карточка, что осталось и кто может; недостающие строки добавляются в описание\n\
     - /перевести Колонка — перевести карточку, как если бы вы сделали это сами; /далее — в следующую\n\
     - /поле Название = значение — заполнить строку карточки\n\
     - /ждём что и до какого числа — ждём клиента: время этапа стоит; /дальше — больше не ждём\n\
     - /неверно что не так — отметить решение спорным и позвать того, кто отвечает за процесс\n\
     - /пропустить Колонка причина — для того, кто отвечает за процесс: пустить карточку один раз\n\
     - /отсутствую 01.12–14.12 @замена — пока вас нет, карточки у замены; /отсутствую назад — вы снова здесь\n\
     {places}- /заметка звонок что сказали, /заметка договорились о чём, /заметка что угодно — останется в деле клиента\n\
     - /помощь — этот список"
    )
}

pub(in crate::process::words) fn no_room(format: &Format, labels: &[String]) -> String {
    let labels: Vec<_> = labels.iter().map(|label| format.quoted(label)).collect();
    format!(
        "Описание карточки заполнено, в него не поместилось: {}. Перенесите часть текста в комментарий и впишите эти строки.",
        format.and(&labels)
    )
}

pub(in crate::process::words) fn password(_: &Format) -> String {
    "В карточке, возможно, стоит пароль. Впишите, где он хранится; сам пароль уберите из карточки и смените.".into()
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
        .map(|stage| format!(" Стояла в колонке «{stage}»."))
        .unwrap_or_default();
    let by = by
        .map(|by| format!(" Чьё действие: {by}."))
        .unwrap_or_default();
    let what = match how {
        Left::Deleted => "удалена",
        Left::ToBoard(_) => "перенесена на другую доску",
    };
    sentence_case(&format!(
        "{owner}карточка «{name}» {what}; вернуть её отсюда не получится.{stage}{by} Что о ней известно, хранится в истории."
    ))
}

pub(in crate::process::words) fn list_restored(_: &Format, list: &str, by: Option<&str>) -> String {
    let by = by
        .map(|by| format!(" Чьё действие: {by}."))
        .unwrap_or_default();
    format!("Колонка «{list}» была убрана в архив и возвращена: на ней держится этап процесса.{by}")
}

pub(in crate::process::words) fn list_left(
    _: &Format,
    list: &str,
    stage: &str,
    by: Option<&str>,
) -> String {
    let by = by
        .map(|by| format!(" Чьё действие: {by}."))
        .unwrap_or_default();
    format!(
        "Колонка «{list}» перенесена на другую доску, и этап «{stage}» остался без колонки: верните её \
         или дайте процессу новую командой `signalman apply`.{by}"
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
    let word = format.plural(
        count,
        ["карточка стоит", "карточки стоят", "карточек стоят"],
    );
    let text = format!(
        "{owner}не на своём месте {count} {word}:\n{}\n\nВернуть их? /да · /нет",
        names.join("\n")
    );
    sentence_start(&owner, text)
}

pub(in crate::process::words) fn word_heard(_: &Format, yes: bool) -> String {
    match yes {
        true => "Записано: карточки возвращаются, каждая с комментарием.".into(),
        false => "Записано: карточки остаются, где стоят, и считаются стоящими по праву.".into(),
    }
}

pub(in crate::process::words) fn news_card(_: &Format) -> String {
    "Сюда Signalman пишет о доске в целом: удалённые карточки, перерывы в наблюдении, вопросы к тому, кто отвечает за процесс.".into()
}

pub(in crate::process::words) fn problem(format: &Format, problem: &Problem) -> String {
    let example = |example: &Option<String>| {
        example
            .as_ref()
            .map(|one| format!(", например {one}"))
            .unwrap_or_default()
    };
    match problem {
        Problem::Missing => "не заполнено".into(),
        Problem::TooShort { min } => format!("слишком коротко, нужно от {min} знаков"),
        Problem::TooLong { max } => format!("слишком длинно, не больше {max} знаков"),
        Problem::NotANumber => "нужно число".into(),
        Problem::NotWhole => "нужно целое число".into(),
        Problem::OutOfRange { min: Some(min), max: Some(max) } => format!("нужно число от {min} до {max}"),
        Problem::OutOfRange { min: Some(min), .. } => format!("нужно число от {min}"),
        Problem::OutOfRange { max: Some(max), .. } => format!("нужно число не больше {max}"),
        Problem::OutOfRange { .. } => "число вне допустимого".into(),
        Problem::NotADate => "нужна дата, например 12.11.2026".into(),
        Problem::NotAhead => "нужна дата впереди".into(),
        Problem::TooFarAhead { days } => format!("дата дальше чем через {days} {}", format.plural(usize::try_from(*days).unwrap_or(0), ["день", "дня", "дней"])),
        Problem::Before { field } => format!("дата раньше, чем в строке «{field}»"),
        Problem::NotAChoice { nearest: Some(nearest), .. } => format!("такого варианта нет, ближайший «{nearest}»"),
        Problem::NotAChoice { of, .. } => format!("нужно одно из: {}", of.join(", ")),
        Problem::NotAnEmail => "нужен адрес почты, например air@kefir.example".into(),
        Problem::NotAPhone => "нужен номер с кодом, например +7 495 000-00-11".into(),
        Problem::NotAUrl { schemes } => format!("нужен адрес, который начинается с {}://", schemes.first().map_or("https", String::as_str)),
        Problem::SecretInUrl => "в адресе имя и пароль: уберите их, пароль смените".into(),
        Problem::NotMoney => "нужна сумма, например 12 900".into(),
        Problem::Pattern { example: one } => format!("не похоже на нужный вид{}", example(one)),
        Problem::NotDigits { letter } => format!("есть буква «{letter}», нужны только цифры"),
        Problem::WrongLength { want, have } => {
            let want: Vec<_> = want.iter().map(usize::to_string).collect();
            format!("цифр {have}, нужно {}", format.or(&want))
        }
        Problem::CheckDigit { .. } => "не проходит проверку контрольной цифры: сверьте с документами, чаще всего переставлены две цифры".into(),
        Problem::LooksLikePassword => "возможно, пароль: впишите, где он хранится, сам пароль уберите и смените".into(),
    }
}

pub(in crate::process::words) fn audit(
    _: &Format,
    kind: &str,
    stage: Option<&str>,
    by: Option<&str>,
) -> String {
    let what = match kind {
        "admitted" => "допущена",
        "refused" => "возвращена",
        "would_refuse" => "вернулась бы (наблюдение)",
        "left_as_pushed" => "оставлена не допущенной",
        "unticked" => "снята чужая отметка",
        "tick_back" => "отметка внешнего места возвращена",
        "ticked" => "отметка",
        "noted" => "заметка",
        "passed" => "пропущена по разрешению",
        "not_reached" => "письмо не дошло",
        "terms_changed" => "сумма изменена и ждёт подтверждения",
        "terms_agreed" => "сумма подтверждена",
        "not_agreed" => "подтверждение не принято",
        "by_hand" => "запись во внешнем месте сделана вручную",
        "not_by_hand" => "запись вручную не принята",
        "place_due" => "клиента нужно записать во внешнее место",
        "place_confirmed" => "внешнее место подтвердило запись",
        "place_wanting" => "для записи во внешнее место не хватает данных",
        "place_refused" => "внешнее место не приняло запись",
        "place_several" => "во внешнем месте несколько подходящих записей",
        "place_drifted" => "во внешнем месте не то, что на карточке",
        "place_down" => "внешнее место не отвечает",
        "name_back" => "пункту возвращено название",
        "field_back" => "строка возвращена",
        "lost" => "пропало то, на чём держалась колонка",
        "lapsed" => "отметки сняты после возврата",
        "archived_back" => "возвращена из архива",
        "archived" => "в архиве",
        "gone" => "больше не на доске",
        "still_stands" => "карточки нет, а клиент записан во внешних местах",
        "allowed" => "разрешение пройти",
        "sent" => "переведена по просьбе",
        "set" => "строка заполнена по просьбе",
        "entered" => "внесено через Power-Up",
        "called" => "попросили о том, чего не хватает",
        "not_done" => "просьба не выполнена",
        "not_allowed" => "разрешение не принято",
        "why" => "спрошено: почему",
        "disputed" => "решение отмечено спорным",
        "help" => "спрошена помощь",
        "password_seen" => "возможно, пароль в карточке",
        "described" => "описание изменено",
        "word" => "ответ на вопрос",
        "ready" => "всё готово",
        "handed" => "ход передан на время отсутствия или назад",
        "absence" => "записано отсутствие",
        "not_absence" => "отсутствие не записано",
        "waits" => "ждём, время этапа стоит",
        "goes_on" => "больше не ждём",
        "no_wait" => "ожидание не принято",
        "reminded" => "напомнили о сроке",
        "late" => "срок этапа вышел",
        "morning" => "позвали утром",
        "dated" => "напомнили о дате",
        "items_due" => "чек-лист дополнен",
        other => other,
    };
    let stage = stage
        .map(|stage| format!(" · «{stage}»"))
        .unwrap_or_default();
    let by = by.map(|by| format!(" · {by}")).unwrap_or_default();
    format!("{what}{stage}{by}")
}

pub(in crate::process::words) fn who_left(_: &Format) -> String {
    "человек, который ушёл".into()
}

pub(in crate::process::words) fn one_of_the_board(_: &Format) -> String {
    "участник доски".into()
}
