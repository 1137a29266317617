//! Русские фразы. Имена, роли и названия колонок стоят в именительном падеже; никакого рода.

use super::format::{Format, address, opening, sentence_case, sentence_start, turn, turn_and};
use super::*;

mod answers;
mod clock;
mod panel;
mod places;
pub(super) mod post;
pub(super) mod setup;
mod turns;
mod watch;
mod wishes;

pub(super) use answers::*;
pub(super) use clock::*;
pub(super) use panel::*;
pub(super) use places::*;
pub(super) use turns::{absence_reply, handover};
pub(super) use watch::*;
pub(super) use wishes::*;

pub(super) fn thing(format: &Format, thing: &Thing) -> String {
    match thing {
        Thing::Said(text) => text.clone(),
        Thing::Pass { stage } => format!("пройти колонку «{stage}»"),
        Thing::Fields(names) if names.len() == 1 => format!("строка «{}»", names[0]),
        Thing::Fields(names) => {
            let names: Vec<_> = names.iter().map(|name| format!("«{name}»")).collect();
            format!("строки {}", format.and(&names))
        }
        Thing::Value { field, seen, why } => format!("«{field}»: «{seen}» — {why}"),
        Thing::Item(item) => format.quoted(item),
        Thing::ItemAbsent(item) => {
            format!("{} (этого пункта нет в карточке)", format.quoted(item))
        }
        Thing::ItemForeign { item, by: Some(by) } => {
            format!(
                "{} (отметка есть, но не от того: {by})",
                format.quoted(item)
            )
        }
        Thing::ItemForeign { item, by: None } => format!(
            "{} (отметка есть, но чья — неизвестно: снимите и поставьте заново)",
            format.quoted(item)
        ),
        Thing::ItemUnproved { item, why: None } => format!(
            "{} (отметка появится сама, когда запись подтвердит само место)",
            format.quoted(item)
        ),
        Thing::ItemUnproved {
            item,
            why: Some(why),
        } => format!("{} ({why})", format.quoted(item)),
        Thing::Label(label) => format!("метка «{label}»"),
        Thing::Attachment(name) => format!("файл или ссылка, в названии «{name}»"),
        Thing::Member(role) => format!("участник карточки: {role}"),
        Thing::FourEyes { item } => {
            format!("переводит не тот, чья отметка {}", format.quoted(item))
        }
        Thing::Wip { limit, count } => format!("колонка заполнена: {count} из {limit}"),
        Thing::OneOf(things) => {
            let things: Vec<_> = things.iter().map(|one| self::thing(format, one)).collect();
            format.or(&things)
        }
        Thing::Mover(roles) => format!("переводит {}", format.or(roles)),
        Thing::NoRoute => "такого перехода в процессе нет".into(),
    }
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

pub(super) fn refusal(format: &Format, refusal: &Refusal) -> String {
    let opening = opening(refusal.mover.as_ref());
    let small = small(&refusal.ids);
    if let Some(routes) = &refusal.routes {
        let text = no_route(format, &opening, refusal, routes);
        return format!("{}\n{small}", sentence_start(&opening, text));
    }
    if let Some(one) = refusal.one_left() {
        let text = one_left(format, &opening, refusal, one);
        return format!("{} {small}", sentence_start(&opening, text));
    }
    let why = refusal.came.map(came);
    let why = why.map(|how| format!(" ({how})")).unwrap_or_default();
    let now = turn(format, &refusal.turn);
    let turn = match now.as_str() {
        "" => String::new(),
        _ if refusal.mine() => ", сейчас ваш ход".into(),
        now => format!(", сейчас ход: {now}"),
    };
    let back = &refusal.back;
    let stands = stands(refusal);
    let first = format!("{opening}{stands} «{back}»{why}{turn}.");
    let rule = rule(format, refusal);
    let list = match refusal.todo.len() {
        0 => rule,
        _ => format!("{rule} Осталось:\n{}\n", format.todo(&refusal.todo, thing)),
    };
    let others = refusal.mover.is_some() && !refusal.mine() && !now.is_empty();
    let rest = if others {
        "По этой карточке пока ничего делать не нужно: когда придёт ваш ход, вас позовут. "
    } else {
        ""
    };
    let first = sentence_start(&opening, first);
    format!("{first}\n{list}\n{rest}{small}")
}

/// Who moves cards there and when; how far a checklist is.
fn rule(format: &Format, refusal: &Refusal) -> String {
    let target = &refusal.target;
    let once = refusal.once.as_ref();
    let mover = refusal.movers.as_ref().filter(|movers| !movers.is_empty());
    let mut rule = match (mover, once) {
        (Some(movers), once) => {
            let once = once.map(|once| format!(", когда {once}"));
            let (movers, once) = (format.or(movers), once.unwrap_or_default());
            format!("В колонку «{target}» переводит {movers}{once}.")
        }
        (None, Some(once)) => format!("В колонку «{target}» карточка идёт, когда {once}."),
        (None, None) => format!("Для колонки «{target}» собрано ещё не всё."),
    };
    if let Some((list, done, of)) = &refusal.progress {
        let word = format.plural(*of, ["пункта", "пунктов", "пунктов"]);
        rule += &format!(" В чек-листе «{list}» готово {done} из {of} {word}.");
    }
    rule
}

fn one_left(format: &Format, opening: &str, refusal: &Refusal, one: &Todo) -> String {
    let (target, back) = (&refusal.target, &refusal.back);
    let left = match &one.what {
        Thing::Fields(names) if names.len() > 1 => "остались",
        Thing::Item(_) | Thing::ItemAbsent(_) | Thing::ItemForeign { .. } => "остался один пункт:",
        _ => "осталось одно:",
    };
    let turn = match turn(format, &refusal.turn).as_str() {
        "" => String::new(),
        _ if refusal.mine() => " Сейчас ваш ход.".into(),
        now => format!(" Сейчас ход: {now}."),
    };
    let who = match one.who.as_slice() {
        [] => String::new(),
        [_] if refusal.mine() => String::new(),
        who => format!(" Это может: {}.", format.or(who)),
    };
    let what = thing(format, &one.what);
    format!(
        "{opening}до колонки «{target}» {left} {what}.{turn}\n\
         Карточка ждёт в колонке «{back}».{who} После этого её можно переводить снова."
    )
}

fn no_route(format: &Format, opening: &str, refusal: &Refusal, routes: &[String]) -> String {
    let (back, target) = (&refusal.back, &refusal.target);
    let routes: Vec<_> = routes.iter().map(|stage| format.quoted(stage)).collect();
    let onward = match routes.as_slice() {
        [] => String::new(),
        routes => format!(" Отсюда она идёт в {}.", format.or(routes)),
    };
    format!(
        "{opening}{} «{back}»: в «{target}» из неё не переходят.{onward}",
        stands(refusal)
    )
}

fn stands(refusal: &Refusal) -> &'static str {
    match refusal.asked {
        true => "карточка остаётся в колонке",
        false => "карточка вернулась в колонку",
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
    let again = if arrival.again { "снова " } else { "" };
    let first = match turn(format, &arrival.owners).as_str() {
        "" => format!("Карточка {again}в колонке «{stage}»: «{card}».{due}"),
        owners => {
            let absent = turns::stands_in(format, &arrival.absent);
            format!("{owners}, ваш ход: {again}«{stage}», «{card}»{absent}.{due}")
        }
    };
    let mut rest: Vec<String> = Vec::new();
    if !arrival.owner.is_empty() {
        rest.push(turns::nobody(format, &arrival.owner, &arrival.absent));
    }
    rest.extend(
        arrival
            .settled
            .iter()
            .map(|settled| format!("{}: можно начинать.", sentence_case(settled))),
    );
    rest.extend(arrival.work.clone());
    rest.extend(arrival.checklists.iter().map(|(name, count)| {
        format!(
            "В карточке чек-лист «{name}» ({count} {}).",
            format.plural(*count, ["пункт", "пункта", "пунктов"])
        )
    }));
    if !arrival.partners.is_empty() {
        rest.push(format!(
            "Есть в нём пункты и у других: {}.",
            turn_and(format, &arrival.partners)
        ));
    }
    rest.extend(arrival.next.iter().map(|next| onward(format, next)));
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

fn onward(format: &Format, next: &Onward) -> String {
    let stage = &next.stage;
    match &next.movers {
        None => format!("Когда всё готово, переведите карточку в колонку «{stage}»."),
        Some(movers) => format!(
            "Когда всё готово, в колонку «{stage}» её переводит {}.",
            format.or(movers)
        ),
    }
}

pub(super) fn ready(format: &Format, stage: &str, people: &[Named]) -> String {
    let people = turn(format, people);
    format!("{people}, ваш ход: для колонки «{stage}» всё готово, карточку можно переводить.")
}

pub(super) fn letter(format: &Format, text: &str, lacking: &[String]) -> String {
    let quoted: Vec<_> = text
        .trim()
        .lines()
        .map(|line| format!("> {line}"))
        .collect();
    let opening = match lacking {
        [] => "Письмо клиенту, можно скопировать:".to_owned(),
        lacking => {
            let lines: Vec<_> = lacking.iter().map(|line| format.quoted(line)).collect();
            format!(
                "Письмо клиенту. Прежде чем отправить, впишите то, чего в карточке нет: {}.",
                format.and(&lines)
            )
        }
    };
    format!("{opening}\n\n{}", quoted.join("\n"))
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
    let opening = address(&turn_and(format, &foreign.people));
    let text = match foreign.items.as_slice() {
        _ if foreign.proofs => places::proof_ticks(format, &opening, foreign),
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

pub(super) fn lost(format: &Format, lost: &Lost) -> String {
    let people = turn(format, &lost.call);
    let opening = address(&people);
    let then = if lost.held {
        "Карточка вернулась на шаг назад, пока это не восстановлено."
    } else {
        "Карточка остаётся на месте."
    };
    let by = lost.by.as_ref().map(|by| format!(" Чьё действие: {by}."));
    let who = match lost.what.who.as_slice() {
        [] => String::new(),
        who => format!(" Восстановить может: {}.", format.or(who)),
    };
    let (stage, what) = (&lost.stage, thing(format, &lost.what.what));
    let text = format!(
        "{opening}больше нет того, на чём держалась колонка «{stage}»: {what}.\n{then}{}{who} {}",
        by.unwrap_or_default(),
        lost.id
    );
    sentence_start(&opening, text)
}

pub(super) fn lapse(format: &Format, lapse: &Lapse) -> String {
    let ticks: Vec<_> = lapse
        .ticks
        .iter()
        .map(|(item, who, at)| {
            format!(
                "- {} — отметка была: {who}, {}",
                format.quoted(item),
                format.instant(*at)
            )
        })
        .collect();
    format!(
        "Карточка снова в колонке «{}», поэтому сняты отметки о том, что проверялось до этого:\n{}\n\n\
         Остальное на месте. После переделки проверьте эти пункты ещё раз. Прежние отметки хранятся в истории: /почему · {}",
        lapse.stage,
        ticks.join("\n"),
        lapse.id
    )
}
