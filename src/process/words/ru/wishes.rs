//! Russian: answers to `/перевести`, `/далее` and `/поле`.

use super::*;

pub(in crate::process::words) fn wish(format: &Format, reply: &WishReply) -> String {
    let quoted = |names: &[String]| -> Vec<_> {
        let names = names.iter().map(|name| format.quoted(name));
        names.collect()
    };
    let by = |by: &Option<String>| {
        let by = by.as_ref().map(|by| format!(": {by}"));
        by.unwrap_or_default()
    };
    match reply {
        WishReply::Goes { stage, by: who } => {
            format!("Карточка идёт в колонку «{stage}» по просьбе{}.", by(who))
        }
        WishReply::Says {
            field,
            value,
            by: who,
        } => format!("Записано: «{field}» — {value}. По просьбе{}.", by(who)),
        WishReply::Ticks { item, by: who } => {
            format!("Отмечено: {}. По просьбе{}.", format.quoted(item), by(who))
        }
        WishReply::NoSuchStage { said, stages } => format!(
            "Колонки «{said}» в процессе нет. Есть: {}. Напишите так: /перевести Название",
            format.and(&quoted(stages))
        ),
        WishReply::Which(stages) if stages.is_empty() => {
            "Отсюда процесс дальше не ведёт. Другую колонку назовите сами: /перевести Название".into()
        }
        WishReply::Which(stages) => format!(
            "Отсюда можно в {}. Напишите так: /перевести Название",
            format.or(&quoted(stages))
        ),
        WishReply::Already(stage) => format!("Карточка уже стоит в колонке «{stage}»."),
        WishReply::Elsewhere => {
            "Карточка стоит не там, где её числит процесс, и перевести её отсюда пока не получится. Что с ней: /почему".into()
        }
        WishReply::Meanwhile => {
            "Просьба дошла с опозданием, поэтому ничего не сделано: с тех пор здесь могло всё измениться. Если ещё нужно, напишите снова.".into()
        }
        WishReply::NoSuchField { said, nearest } => {
            let nearest = nearest.as_ref();
            let nearest = nearest.map(|name| format!(" Есть «{name}»."));
            format!(
                "Строки «{said}» в процессе нет.{} Напишите так: /поле Название = значение",
                nearest.unwrap_or_default()
            )
        }
        WishReply::NoValue(field) => format!(
            "Для строки «{field}» не написано значение. Напишите так: /поле {field} = значение. Очистить строку можно в самой карточке."
        ),
        WishReply::NotTheirs { field, who } => {
            let who = match who.as_slice() {
                [] => String::new(),
                who => format!(": её меняет {}", format.or(who)),
            };
            format!("Строка «{field}» осталась прежней{who}.")
        }
        WishReply::NoGood { field, seen, why } => {
            format!("«{field}»: «{seen}» — {why}. Напишите ещё раз: /поле {field} = значение")
        }
        WishReply::NoItem(item) => format!(
            "Пункта «{item}» на карточке нет. Он появляется, когда карточка приходит в свою колонку; если его стёрли, верните его в чек-лист."
        ),
        WishReply::NotTheirTick {
            item, proof: true, ..
        } => format!(
            "{} отметится само, когда запись подтвердит внешнее место.",
            format.quoted(item)
        ),
        WishReply::NotTheirTick { item, who, .. } => format!(
            "{} отмечает {}.",
            format.quoted(item),
            format.or(who)
        ),
        WishReply::Unsigned(item) => format!(
            "{}: отметка уже есть, но неизвестно чья. Снимите её на карточке и отметьте снова.",
            format.quoted(item)
        ),
        WishReply::Stranger => {
            "Карточки на этой доске меняют её участники. Администратор доски может вас добавить.".into()
        }
        WishReply::NobodyToCall => {
            "Просить уже не о чем или некого: посмотрите, чего не хватает теперь.".into()
        }
        WishReply::CalledToday(people) => format!(
            "Сегодня об этом уже просили: {}. Завтра можно напомнить ещё раз.",
            format.and(people)
        ),
    }
}

pub(in crate::process::words) fn entered(
    format: &Format,
    by: Option<&str>,
    lines: &[(String, Option<String>)],
) -> String {
    let line = |(name, value): &(String, Option<String>)| match value {
        Some(value) => format!("\n- «{name}»: {value}"),
        None => format!("\n- ✓ {}", format.quoted(name)),
    };
    let lines: String = lines.iter().map(line).collect();
    match by {
        Some(by) => format!("Внесено через Power-Up, {by}:{lines}"),
        None => format!("Внесено через Power-Up:{lines}"),
    }
}

pub(in crate::process::words) fn called(
    format: &Format,
    by: Option<&str>,
    people: &[Named],
    todo: &[Todo],
    stage: &str,
) -> String {
    let things: Vec<_> = todo
        .iter()
        .map(|one| super::thing(format, &one.what))
        .collect();
    let asks = by.map_or_else(|| "просьба".to_owned(), |by| format!("{by} просит"));
    format!(
        "{}, {asks}: {}. Без этого карточка не пройдёт в колонку «{stage}».",
        turn_and(format, people),
        things.join("; ")
    )
}
