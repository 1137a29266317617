//! Русские фразы: чей ход, пока кого-то нет.

use super::*;

/// «Анна (бухгалтер) отсутствует до 14.12».
fn not_there(format: &Format, away: &[NotThere]) -> String {
    let told = away.iter().map(|one| match one.until {
        Some(until) => format!(
            "{} отсутствует по {} включительно",
            one.name,
            format.short_day(until)
        ),
        None => format!("{} больше не на доске", one.name),
    });
    told.collect::<Vec<_>>().join(", ")
}

/// The note in an arrival of whom somebody stands in for; with a space before it.
pub(super) fn stands_in(format: &Format, away: &[NotThere]) -> String {
    match away {
        [] => String::new(),
        away => format!(" ({})", not_there(format, away)),
    }
}

/// Nobody of the role is there: somebody has to be found.
pub(super) fn nobody(format: &Format, owner: &[Named], away: &[NotThere]) -> String {
    let opening = match turn(format, owner).as_str() {
        "" => String::new(),
        owner => format!("{owner}, "),
    };
    let text = format!(
        "{opening}этим этапом сейчас некому заняться: {}. Сделайте участником карточки того, кто возьмёт её, \
         или назовите замену: /отсутствую @кто 01.12–14.12 @замена.",
        not_there(format, away)
    );
    sentence_start(&opening, text)
}

pub(in crate::process::words) fn handover(format: &Format, handover: &Handover) -> String {
    let Handover { stage, card, .. } = handover;
    let to = turn(format, &handover.to);
    match (handover.back, to.as_str()) {
        (_, "") => nobody(format, &handover.owner, &handover.away),
        (true, to) => format!("{to}, карточка снова у вас, ваш ход: «{stage}», «{card}»."),
        (false, to) => {
            let absent = stands_in(format, &handover.away);
            let mut rest: Vec<_> = handover.work.iter().cloned().collect();
            rest.push("Срок прежний; что уже сделано, отмечено на карточке.".into());
            rest.extend(handover.next.iter().map(|next| onward(format, next)));
            let rest = rest.join(" ");
            format!("{to}, ваш ход: «{stage}», «{card}»{absent}.\n{rest}")
        }
    }
}

pub(in crate::process::words) fn absence_reply(
    format: &Format,
    asker: Option<&Named>,
    reply: &AbsenceReply,
) -> String {
    const EXAMPLE: &str = "/отсутствую 01.12–14.12 @замена";
    let opening = opening(asker);
    let text = match reply {
        AbsenceReply::Told {
            name,
            from,
            to,
            deputy,
        } => {
            let days = match from == to {
                true => format!("отсутствие {}", format.short_day(*from)),
                false => format!(
                    "отсутствие с {} по {}",
                    format.short_day(*from),
                    format.short_day(*to)
                ),
            };
            let who = match deputy {
                Some(deputy) => format!("Карточки и отметки на это время за: {deputy}."),
                None => "Замена не названа: карточки перейдут к другим с той же ролью или к постоянной замене.".into(),
            };
            format!(
                "{opening}записано: {name}, {days}. {who} На следующий рабочий день карточки вернутся. Раньше: /отсутствую назад"
            )
        }
        AbsenceReply::Back { name } => {
            format!("{opening}записано: {name} снова здесь, карточки возвращаются.")
        }
        AbsenceReply::NotTheirs(owner) => {
            let who = match turn(format, owner).as_str() {
                "" => "тот, кто отвечает за процесс".to_owned(),
                owner => owner.to_owned(),
            };
            format!("{opening}о себе может написать каждый, о других пишет {who}.")
        }
        AbsenceReply::NoSuchPerson(who) => format!(
            "{opening}на доске нет имени @{who}. Напишите имя пользователя Trello, как в упоминании: {EXAMPLE}"
        ),
        AbsenceReply::NoDays(text) if text.is_empty() => {
            format!("{opening}добавьте дни: {EXAMPLE}. Вернулись раньше: /отсутствую назад")
        }
        AbsenceReply::NoDays(text) => format!(
            "{opening}по словам «{text}» дни не определить, или они уже прошли. Напишите так: {EXAMPLE}"
        ),
        AbsenceReply::OwnDeputy => {
            format!("{opening}замена — это кто-то другой. Напишите так: {EXAMPLE}")
        }
        AbsenceReply::NotAway(name) => {
            format!("{opening}отсутствие не записано: {name} и так здесь.")
        }
    };
    sentence_start(&opening, text)
}
