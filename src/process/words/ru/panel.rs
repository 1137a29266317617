//! Russian: what the Power-Up says of a card.

use super::*;

pub(in crate::process::words) fn movers(format: &Format, roles: &[String]) -> String {
    match roles {
        [] => "переводит кто угодно".into(),
        roles => format!("переводит {}", format.or(roles)),
    }
}

pub(in crate::process::words) fn one_of(_: &Format) -> String {
    "одно из этого".into()
}

pub(in crate::process::words) fn foreign_tick(_: &Format, by: Option<&str>) -> String {
    match by {
        Some(by) => format!("отметка не того, кто должен: {by}"),
        None => "отметка есть, но неизвестно чья: снимите её и поставьте заново".into(),
    }
}

pub(in crate::process::words) fn item_absent(_: &Format) -> String {
    "этого пункта нет на карточке".into()
}

pub(in crate::process::words) fn ticked_by_itself(_: &Format) -> String {
    "отметится само, когда запись подтвердит внешнее место".into()
}

pub(in crate::process::words) fn done_of(_: &Format, done: usize, of: usize) -> String {
    format!("{done} из {of}")
}

pub(in crate::process::words) fn only_if(
    format: &Format,
    thing: &str,
    field: &str,
    test: &Test,
) -> String {
    let field = format.quoted(field);
    match test {
        Test::Is(values) => format!("{thing} (если {field}: {})", format.or(values)),
        Test::IsNot(values) => format!("{thing} (кроме {field}: {})", format.or(values)),
        Test::Filled => format!("{thing} (если {field} заполнено)"),
        Test::Empty => format!("{thing} (если {field} не заполнено)"),
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
            "не хватает: {many} {}",
            format.plural(many, ["пункт", "пункта", "пунктов"])
        )),
    };
    match (movers, left) {
        (Some(movers), Some(left)) => format!("Переводит {}; {left}.", format.or(movers)),
        (Some(movers), None) => format!("Переводит {}.", format.or(movers)),
        (None, Some(left)) => format!("Пока {left}."),
        (None, None) => "Отсюда туда процесс не ведёт.".into(),
    }
}

pub(in crate::process::words) fn trouble(
    format: &Format,
    kind: &str,
    left: Option<&(String, Timestamp)>,
) -> String {
    match (kind, left) {
        ("gone", _) => "Карточки больше нет на доске.".into(),
        ("closed", _) => "Карточка в архиве. Верните её на доску, чтобы продолжить.".into(),
        ("not_admitted", Some((stage, until))) => format!(
            "Карточку оставили в колонке «{stage}», но не допустили: её двигали слишком часто. Снова проверим {}.",
            format.instant(*until)
        ),
        ("waits", _) => "Карточка ждёт слова владельца процесса: таких нашлось сразу много.".into(),
        ("aside", _) => {
            "Карточка лежит в списке вне процесса. Перенесите её в колонку, где она стояла.".into()
        }
        _ => "Карточка ещё не вошла в процесс. Перенесите её в первую колонку.".into(),
    }
}

pub(in crate::process::words) fn refused_here(format: &Format, reply: &WishReply) -> String {
    match reply {
        WishReply::NoValue(_) => {
            "Напишите значение. Очистить строку можно в самой карточке.".into()
        }
        WishReply::NoGood { field, seen, why } => format!("«{field}»: «{seen}» — {why}."),
        WishReply::Elsewhere => {
            "Карточка стоит не там, где её числит процесс: сначала её нужно вернуть на место."
                .into()
        }
        WishReply::Meanwhile => {
            "Пока вы писали, здесь что-то изменилось. Посмотрите ещё раз.".into()
        }
        WishReply::NoSuchStage { .. } | WishReply::NoSuchField { .. } => {
            "Процесс с тех пор изменился. Обновите страницу.".into()
        }
        reply => super::wish(format, reply),
    }
}

pub(in crate::process::words) fn page(_: &Format, address: &str) -> String {
    format!("Подробно и с телефона: {address}")
}

pub(in crate::process::words) fn page_trouble(_: &Format, code: &str) -> String {
    match code {
        "no_token" => "Отсюда не видно, кто вы. Откройте эту страницу из Trello.",
        "bad_token" => "Trello больше не подтверждает, кто вы. Закройте карточку и откройте снова.",
        "other_board" => "Этот вход — с другой доски. Откройте Power-Up на этой.",
        "not_a_member" => "Вы не участник этой доски. Администратор доски может вас добавить.",
        "may_not" => "Вы наблюдатель на этой доске: карточки меняют её участники.",
        "not_attached" => {
            "Эта доска ещё не под процессом. Администратор доски подключает её в настройках Power-Up."
        }
        "no_powerup" => {
            "Power-Up на этом сервере не настроен. Тому, кто его держит: задайте POWERUP_ID."
        }
        "no_session" => "Вы здесь ещё не вошли, или вход закончился. Войдите через Trello, это одна кнопка.",
        "bad_sign_in" => "Trello не подтвердил этот вход. Откройте карточку по ссылке и войдите ещё раз.",
        "bad_state" => "Этот вход начат в другом окне или слишком давно. Откройте карточку по ссылке и войдите оттуда.",
        "not_ours" => "Запрос пришёл не со страницы Signalman. Откройте карточку по ссылке из комментария.",
        "no_phone" => "У карточек на этом сервере нет своих страниц. Тому, кто его ведёт: нужны POWERUP_ID и PUBLIC_URL.",
        "no_card" => "Такой карточки на этой доске нет.",
        "no_such" => "Такого здесь нет: возможно, адрес набран не так.",
        "bad_request" => "Запрос не разобрать. Обновите страницу; если повторится, скажите тому, кто держит Signalman.",
        "too_large" => "Слишком много текста сразу. Сохраните по частям.",
        "password" => "Здесь, возможно, пароль. Впишите, где он хранится, а сам пароль в карточку не пишите.",
        "own_card" => "Это собственная карточка доски, клиента в ней нет: здесь с ней ничего не делают.",
        "too_many" => "Слишком часто. Подождите несколько секунд.",
        "watching" => {
            "Процесс пока только наблюдает и ничего не меняет. Сделайте это на самой карточке."
        }
        "paused" => "Процесс на паузе. Сделайте это на самой карточке или дождитесь, когда его включат.",
        "blind" => {
            "Signalman больше не видит эту доску: его учётной записи на ней нет, или её токен отозван. Пусть администратор доски пригласит её снова; если она на месте, скажите тому, кто держит Signalman. Ничего не потеряно."
        }
        _ => "Trello или хранилище сейчас не отвечает. Ничего не потеряно: попробуйте через минуту.",
    }
    .into()
}

pub(in crate::process::words) fn noted(_: &Format, note: Note, text: &str) -> String {
    let what = match note {
        Note::Call => "звонок",
        Note::Agreed => "договорились",
        Note::Other => "заметка",
    };
    match text {
        "" => what.into(),
        text => format!("{what}: {text}"),
    }
}
