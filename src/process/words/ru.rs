//! Русские фразы. Имена, роли и названия колонок стоят в именительном падеже; никакого рода.

use super::format::Format;
use super::*;

fn thing(format: &Format, thing: &Thing) -> String {
    match thing {
        Thing::Said(text) => text.clone(),
        Thing::Pass { stage } => format!("пройти колонку «{stage}»"),
        Thing::Fields(names) if names.len() == 1 => format!("строка «{}»", names[0]),
        Thing::Fields(names) => {
            let names: Vec<_> = names.iter().map(|name| format!("«{name}»")).collect();
            format!("строки {}", format.and(&names))
        }
        Thing::Value { field, seen, why } => format!("«{field}»: «{seen}» — {why}"),
        Thing::Item(item) => format!("«{item}»"),
        Thing::ItemAbsent(item) => format!("«{item}» (этого пункта нет в карточке)"),
        Thing::ItemForeign { item, by: Some(by) } => {
            format!("«{item}» (отметка есть, но не от того: {by})")
        }
        Thing::ItemForeign { item, by: None } => {
            format!("«{item}» (отметка есть, но чья — неизвестно: снимите и поставьте заново)")
        }
        Thing::Label(label) => format!("метка «{label}»"),
        Thing::Attachment(name) => format!("файл или ссылка с названием «{name}»"),
        Thing::Member(role) => format!("участник карточки: {role}"),
        Thing::FourEyes { item } => format!("переводит не тот, чья отметка «{item}»"),
        Thing::Wip { limit, count } => format!("колонка заполнена: {count} из {limit}"),
        Thing::OneOf(things) => {
            let things: Vec<_> = things.iter().map(|one| self::thing(format, one)).collect();
            format.or(&things)
        }
        Thing::Mover(roles) => format!("переводит {}", format.or(roles)),
        Thing::NoRoute => "такого перехода в процессе нет".into(),
    }
}

fn turn(format: &Format, turn: &[Named]) -> String {
    let people: Vec<_> = turn.iter().map(|one| one.called().to_owned()).collect();
    format.or(&people)
}

fn opening(mover: Option<&Named>) -> String {
    mover
        .map(|mover| format!("{}, ", mover.called()))
        .unwrap_or_default()
}

fn came(how: Appeared) -> &'static str {
    match how {
        Appeared::Created => "карточка создана дальше начала пути",
        Appeared::Copied => "это копия другой карточки",
        Appeared::ConvertedFromItem => "карточка сделана из пункта чек-листа",
        Appeared::Emailed => "карточка пришла по почте",
        Appeared::FromBoard => "карточка пришла с другой доски",
        Appeared::Unarchived => "карточка вернулась из архива",
        Appeared::WithList => "карточка пришла вместе с колонкой",
    }
}

fn small(ids: &[String]) -> String {
    format!("Подробнее: /почему · {}", ids.join(" · "))
}

fn sentence_case(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

pub(super) fn refusal(format: &Format, refusal: &Refusal) -> String {
    let Refusal {
        back,
        target,
        todo,
        ids,
        ..
    } = refusal;
    let opening = opening(refusal.mover.as_ref());
    let now = turn(format, &refusal.turn);
    if let ([one], None, None) = (todo.as_slice(), &refusal.movers, refusal.came) {
        let who = if one.who.is_empty() {
            String::new()
        } else {
            format!(" Это может: {}.", format.or(&one.who))
        };
        let turn = if now.is_empty() {
            String::new()
        } else {
            format!(" Сейчас ход: {now}.")
        };
        let first = format!(
            "{opening}до колонки «{target}» остался один пункт: {}.{turn}",
            thing(format, &one.what)
        );
        return format!(
            "{}\nКарточка ждёт в колонке «{back}».{who} После этого её можно переводить снова. {}",
            sentence_start(&opening, first),
            small(ids)
        );
    }
    let why = refusal
        .came
        .map(|how| format!(" ({})", came(how)))
        .unwrap_or_default();
    let first = match now.as_str() {
        "" => format!("{opening}карточка вернулась в колонку «{back}»{why}."),
        now => format!("{opening}карточка вернулась в колонку «{back}»{why}, сейчас ход: {now}."),
    };
    let rule = match (&refusal.movers, &refusal.once, &refusal.progress) {
        (Some(movers), once, _) if !movers.is_empty() => {
            let once = once
                .as_ref()
                .map(|once| format!(", когда {once}"))
                .unwrap_or_default();
            format!(
                "В колонку «{target}» переводит {}{once}.",
                format.or(movers)
            )
        }
        (_, _, Some((list, done, of))) => {
            let word = format.plural(*of, ["пункта", "пунктов", "пунктов"]);
            format!("Колонка «{target}»: из {of} {word} чек-листа «{list}» готово {done}.")
        }
        (_, Some(once), _) => format!("Колонка «{target}» ждёт, когда {once}."),
        _ => format!("Для колонки «{target}» собрано ещё не всё."),
    };
    let list = match todo.len() {
        0 => rule,
        _ => format!("{rule} Осталось:\n{}\n", format.todo(todo, thing)),
    };
    let theirs = refusal
        .mover
        .as_ref()
        .is_some_and(|mover| refusal.turn.iter().any(|one| one.name == mover.name));
    let rest = match (&refusal.mover, theirs, now.as_str()) {
        (Some(_), false, now) if !now.is_empty() => {
            "По этой карточке пока ничего делать не нужно: когда придёт ваш ход, вас позовут. "
        }
        _ => "",
    };
    format!(
        "{}\n{list}\n{rest}{}",
        sentence_start(&opening, first),
        small(ids)
    )
}

fn sentence_start(opening: &str, text: String) -> String {
    if opening.is_empty() {
        sentence_case(&text)
    } else {
        text
    }
}

pub(super) fn settled(
    format: &Format,
    target: &str,
    ids: &[String],
    at: Timestamp,
    by: Option<&str>,
) -> String {
    let by = by.map(|by| format!(": {by}")).unwrap_or_default();
    format!(
        "✓ Было: в колонку «{target}» рано ({}). Допущена {}{by}.",
        ids.join(", "),
        format.instant(at)
    )
}

pub(super) fn arrival(format: &Format, arrival: &Arrival) -> String {
    let Arrival { stage, card, .. } = arrival;
    let due = arrival
        .due
        .map(|due| format!(" Срок: {}.", format.instant(due)))
        .unwrap_or_default();
    let first = match turn(format, &arrival.owners).as_str() {
        "" => format!("Новая карточка в колонке «{stage}»: «{card}».{due}"),
        owners => format!("{owners}, ваш ход: «{stage}», «{card}».{due}"),
    };
    let mut rest: Vec<String> = arrival.work.iter().cloned().collect();
    rest.extend(arrival.checklists.iter().map(|(name, count)| {
        format!(
            "В карточке чек-лист «{name}» ({count} {}).",
            format.plural(*count, ["пункт", "пункта", "пунктов"])
        )
    }));
    rest.extend(
        arrival
            .next
            .iter()
            .map(|next| format!("Когда всё готово, переведите карточку в колонку «{next}».")),
    );
    rest.extend(arrival.wip.map(|(limit, count)| {
        format!(
            "В колонке теперь {count} {} при пределе {limit}.",
            format.plural(count as usize, ["карточка", "карточки", "карточек"])
        )
    }));
    let mut text = first;
    if !rest.is_empty() {
        text = format!("{text}\n{}", rest.join(" "));
    }
    if !arrival.owed.is_empty() {
        text = format!(
            "{text}\nОсталось за карточкой:\n{}",
            format.todo(&arrival.owed, thing)
        );
    }
    text
}

pub(super) fn letter(_: &Format, text: &str) -> String {
    let quoted: Vec<_> = text
        .trim()
        .lines()
        .map(|line| format!("> {line}"))
        .collect();
    format!(
        "Письмо клиенту, можно скопировать:\n\n{}",
        quoted.join("\n")
    )
}

pub(super) fn fight(format: &Format, fight: &Fight) -> String {
    let (target, until) = (&fight.target, format.hour(fight.until));
    let times = format!(
        "{} {}",
        fight.times,
        format.plural(fight.times as usize, ["раз", "раза", "раз"])
    );
    let whose = match (&fight.mover, fight.robot) {
        (Some(name), true) => {
            format!(" Переводы сделаны от имени: правило автоматизации Trello, владелец — {name}.")
        }
        (Some(name), false) => format!(" Переводы сделаны от имени: {name}."),
        (None, _) => String::new(),
    };
    let robot = if fight.robot {
        "выключить правило (меню доски → «Автоматизация») или, "
    } else {
        "договориться или, "
    };
    let opening = match turn(format, &fight.owner).as_str() {
        "" => "Нужна помощь".to_owned(),
        owner => format!("{owner}, нужна ваша помощь"),
    };
    format!(
        "{opening}: за час карточку {times} переводили в колонку «{target}», и {times} она возвращалась.\n\
         До {until} карточка больше не возвращается: стоит в колонке «{target}» **не допущенной**, начинать по ней рано.{whose} \
         Что можно сделать: {robot}если перевод верный, написать «/пропустить {target} причина». В {until} карточка будет проверена снова. {}",
        fight.id
    )
}

pub(super) fn not_returned(
    format: &Format,
    owner: &[Named],
    since: Timestamp,
    stage: &str,
) -> String {
    let opening = match turn(format, owner).as_str() {
        "" => String::new(),
        owner => format!("{owner}, "),
    };
    let text = format!(
        "{opening}карточку вернуть не удалось: Trello не отвечает с {}. Она не допущена, начинать по ней рано. \
         Её можно перевести в колонку «{stage}» руками.",
        format.hour(since)
    );
    sentence_start(&opening, text)
}

pub(super) fn foreign_ticks(format: &Format, foreign: &Foreign) -> String {
    let people = turn(format, &foreign.people);
    let opening = if people.is_empty() {
        String::new()
    } else {
        format!("{people}, ")
    };
    let text = match foreign.items.as_slice() {
        [one] => format!(
            "{opening}отметка {} снята: её ставит {}, когда дело сделано.\nЕсли уже сделано, оставьте здесь номер или ссылку: останется только проверить. {}",
            thing(format, &one.what),
            format.or(&one.who),
            foreign.ids.join(" · ")
        ),
        many => format!(
            "{opening}сняты отметки, которые ставят другие, когда дело сделано:\n{}\n\nЕсли уже сделано, оставьте здесь номер или ссылку: останется только проверить. {}",
            format.todo(many, thing),
            foreign.ids.join(" · ")
        ),
    };
    sentence_start(&opening, text)
}

pub(super) fn item_name_back(_: &Format, name: &str, typed: &str) -> String {
    format!(
        "Пункт снова называется «{name}»: по этому названию его узнаёт процесс. Было введено «{typed}»; пояснение можно написать в комментарии."
    )
}

pub(super) fn field_back(
    format: &Format,
    field: &str,
    was: &str,
    typed: &str,
    who: &[String],
    by: Option<&str>,
) -> String {
    let by = by.map(|by| format!(": {by}")).unwrap_or_default();
    let typed = if typed.is_empty() {
        "Строка была очищена".to_owned()
    } else {
        format!("Введено было {typed}")
    };
    format!(
        "«{field}» снова {was}: эту строку меняет {}. {typed}{by}. Если так и надо, измените сами.",
        format.or(who)
    )
}

pub(super) fn lost(
    format: &Format,
    what: &Todo,
    stage: &str,
    held: bool,
    call: &[Named],
    id: &str,
) -> String {
    let people = turn(format, call);
    let opening = if people.is_empty() {
        String::new()
    } else {
        format!("{people}, ")
    };
    let then = if held {
        "Карточка вернулась на шаг назад, пока это не восстановлено."
    } else {
        "Карточка остаётся на месте."
    };
    let who = if what.who.is_empty() {
        String::new()
    } else {
        format!(" Восстановить может: {}.", format.or(&what.who))
    };
    let text = format!(
        "{opening}больше нет того, на чём держалась колонка «{stage}»: {}.\n{then}{who} {id}",
        thing(format, &what.what)
    );
    sentence_start(&opening, text)
}

pub(super) fn lapse(format: &Format, lapse: &Lapse) -> String {
    let ticks: Vec<_> = lapse
        .ticks
        .iter()
        .map(|(item, who, at)| format!("- «{item}» — отметка была: {who}, {}", format.instant(*at)))
        .collect();
    format!(
        "Карточка снова в колонке «{}», поэтому сняты отметки о том, что проверялось до этого:\n{}\n\n\
         Остальное на месте. После переделки проверьте эти пункты ещё раз. Прежние отметки хранятся в истории: /почему · {}",
        lapse.stage,
        ticks.join("\n"),
        lapse.id
    )
}

pub(super) fn archived_back(
    format: &Format,
    mover: Option<&Named>,
    stage: &str,
    may: &[String],
) -> String {
    let opening = opening(mover);
    let who = match may {
        [] => "из этой колонки карточки в архив не уходят".to_owned(),
        may => format!("из этой колонки в архив убирает {}", format.or(may)),
    };
    sentence_start(
        &opening,
        format!("{opening}карточка снова на доске, в колонке «{stage}»: {who}."),
    )
}

pub(super) fn passed(
    format: &Format,
    stage: &str,
    by: &str,
    reason: &str,
    owed: &[Todo],
) -> String {
    let owed = match owed {
        [] => String::new(),
        owed => format!("\nОсталось за карточкой:\n{}", format.todo(owed, thing)),
    };
    format!("В колонку «{stage}» по решению: {by}. Причина: «{reason}».{owed}")
}

pub(super) fn pass_given(_: &Format, stage: &str, by: &str, reason: &str) -> String {
    format!(
        "Записано: карточку можно один раз перевести в колонку «{stage}». Решение: {by}. Причина: «{reason}»."
    )
}

pub(super) fn not_the_owner(format: &Format, asker: Option<&Named>, owner: &[Named]) -> String {
    let opening = opening(asker);
    let owner = turn(format, owner);
    let text = if owner.is_empty() {
        format!("{opening}пропустить карточку может тот, кто отвечает за процесс.")
    } else {
        format!("{opening}пропустить карточку может {owner}.")
    };
    sentence_start(&opening, text)
}

pub(super) fn no_such_stage(format: &Format, said: &str, stages: &[String]) -> String {
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

pub(super) fn no_reason(_: &Format, stage: &str) -> String {
    format!("Добавьте причину, она останется в истории: /пропустить {stage} причина")
}

pub(super) fn why(format: &Format, outlook: &Outlook) -> String {
    let mut text = format!("Карточка стоит в колонке «{}».", outlook.stage);
    for (stage, todo) in &outlook.next {
        text += &match todo.as_slice() {
            [] => format!("\nДля колонки «{stage}» всё готово."),
            todo => format!(
                "\nДо колонки «{stage}» осталось:\n{}\n",
                format.todo(todo, thing)
            ),
        };
    }
    let decisions: Vec<_> = outlook
        .decisions
        .iter()
        .map(|(id, at, what)| format!("- {} · {what} · {id}", format.instant(*at)))
        .collect();
    if !decisions.is_empty() {
        text += &format!("\nПоследние решения:\n{}", decisions.join("\n"));
    }
    text
}

pub(super) fn disputed(format: &Format, id: &str, said: &str, owner: &[Named]) -> String {
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

pub(super) fn nothing_to_dispute(_: &Format) -> String {
    "По этой карточке пока нет решений, с которыми можно не согласиться. Что с ней сейчас: /почему"
        .into()
}

pub(super) fn help(_: &Format) -> String {
    "Что можно написать в комментарии:\n\
     - /почему — где карточка, что осталось и кто может\n\
     - /неверно что не так — отметить решение спорным и позвать того, кто отвечает за процесс\n\
     - /пропустить Колонка причина — для того, кто отвечает за процесс: пустить карточку один раз\n\
     - /помощь — этот список"
        .into()
}

pub(super) fn password(_: &Format) -> String {
    "В карточке, возможно, стоит пароль. Впишите, где он хранится; сам пароль уберите из карточки и смените.".into()
}

pub(super) fn gone(
    _: &Format,
    name: &str,
    stage: Option<&str>,
    how: &Left,
    by: Option<&str>,
) -> String {
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
    format!(
        "Карточка «{name}» {what}; вернуть её отсюда не получится.{stage}{by} Что о ней известно, хранится в истории."
    )
}

pub(super) fn list_restored(_: &Format, list: &str, by: Option<&str>) -> String {
    let by = by
        .map(|by| format!(" Чьё действие: {by}."))
        .unwrap_or_default();
    format!("Колонка «{list}» была убрана в архив и возвращена: на ней держится этап процесса.{by}")
}

pub(super) fn bulk(format: &Format, cards: &[String]) -> String {
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
    format!(
        "Не на своём месте {count} {word}:\n{}\n\nВернуть их? /да · /нет",
        names.join("\n")
    )
}

pub(super) fn outage(format: &Format, from: Timestamp, to: Timestamp, events: usize) -> String {
    let word = format.plural(events, ["событие", "события", "событий"]);
    format!(
        "Signalman не видел доску с {} до {}. Просмотрено {events} {word} и все карточки.",
        format.instant(from),
        format.instant(to)
    )
}

pub(super) fn attached(_: &Format, watch: bool, wanting: usize, all: usize) -> String {
    let mode = if watch {
        "режим наблюдения: ни одна карточка не двигается"
    } else {
        "процесс действует; сегодня ни одна карточка не сдвинута"
    };
    format!("Signalman подключён, {mode}. Не всё собрано для своей колонки: {wanting} из {all}.")
}

pub(super) fn news_card(_: &Format) -> String {
    "Сюда Signalman пишет о доске в целом: удалённые карточки, перерывы в наблюдении, вопросы к тому, кто отвечает за процесс.".into()
}

pub(super) fn problem(format: &Format, problem: &Problem) -> String {
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

pub(super) fn audit(_: &Format, kind: &str, stage: Option<&str>, by: Option<&str>) -> String {
    let what = match kind {
        "admitted" => "допущена",
        "refused" => "возвращена",
        "left_as_pushed" => "оставлена не допущенной",
        "unticked" => "снята чужая отметка",
        "ticked" => "отметка",
        "name_back" => "пункту возвращено название",
        "field_back" => "строка возвращена",
        "lost" => "пропало то, на чём держалась колонка",
        "lapsed" => "отметки сняты после возврата",
        "archived_back" => "возвращена из архива",
        "archived" => "в архиве",
        "gone" => "больше не на доске",
        "allowed" => "разрешение пройти",
        "not_allowed" => "разрешение не принято",
        "why" => "спрошено: почему",
        "disputed" => "решение отмечено спорным",
        "help" => "спрошена помощь",
        "password_seen" => "возможно, пароль в карточке",
        "described" => "описание изменено",
        "word" => "ответ на вопрос",
        other => other,
    };
    let stage = stage
        .map(|stage| format!(" · «{stage}»"))
        .unwrap_or_default();
    let by = by.map(|by| format!(" · {by}")).unwrap_or_default();
    format!("{what}{stage}{by}")
}
