//! Русские фразы. Имена, роли и названия колонок стоят в именительном падеже; никакого рода.

use super::format::Format;
use super::*;

mod answers;

pub(super) use answers::*;

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
    tried_on: bool,
) -> String {
    let opening = match turn(format, owner).as_str() {
        "" => String::new(),
        owner => format!("{owner}, "),
    };
    let text = format!(
        "{opening}карточку вернуть не удалось: {} Она не допущена, начинать по ней рано. {} в колонку «{stage}» руками.",
        if tried_on {
            format!("Trello не отвечает с {}.", format.hour(since))
        } else {
            format!("Trello её не переводит с {}.", format.hour(since))
        },
        if tried_on {
            "Попытки продолжаются; можно перевести её"
        } else {
            "Пожалуйста, переведите её"
        }
    );
    sentence_start(&opening, text)
}

pub(super) fn foreign_ticks(format: &Format, foreign: &Foreign) -> String {
    let people: Vec<_> = foreign
        .people
        .iter()
        .map(|one| one.called().to_owned())
        .collect();
    let people = format.and(&people);
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
