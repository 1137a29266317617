//! Русские фразы вне карточки: утреннее письмо, ответы в чате; и на карточке о том, что не дошло.

use crate::model::Lost;
use crate::process::notify::WayKind;
use crate::process::words::post::{money, section};
use crate::process::words::{Fees, Format, Here, Link, Morning, Whole};
use jiff::civil::Date;

/// Одна строка.
pub(in crate::process::words) fn not_reached(
    person: &str,
    kind: Option<WayKind>,
    why: &Lost,
) -> String {
    let (what, there) = match kind {
        Some(WayKind::Smtp) => ("Письмо не дошло", "Почтовый сервер"),
        Some(WayKind::Telegram) => ("Сообщение в Telegram не дошло", "Telegram"),
        Some(WayKind::Matrix) => ("Сообщение в Matrix не дошло", "Сервер Matrix"),
        Some(WayKind::Webhook) | None => ("Сообщение не дошло", "Адрес, куда оно шло,"),
    };
    match why {
        Lost::Refused { why } => format!(
            "{what}: {person}. {there} ответил: «{}». Проверьте адрес в файле процесса; отметить человека здесь можно через @.",
            why.replace('\n', " ")
        ),
        Lost::Down { why } => format!(
            "{what}: {person}. {there} сутки не принимал его ({}), больше попыток не будет. Скажите человеку сами.",
            why.replace('\n', " ")
        ),
    }
}

fn more(count: usize) -> String {
    format!("и ещё {count}")
}

fn day(date: Date) -> String {
    let days = ["пн", "вт", "ср", "чт", "пт", "сб", "вс"];
    let nth = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
    format!("{} {:02}.{:02}", days[nth], date.day(), date.month())
}

fn here(format: &Format, one: &Here) -> String {
    let mut text = format!(
        "{}, {}",
        format.quoted(&one.card),
        format.quoted(&one.stage)
    );
    if let Some(late) = one.late {
        text.push_str(&match late {
            0 => " — срок прошёл".to_owned(),
            late => {
                let count = usize::try_from(late).unwrap_or(usize::MAX);
                let word = format.plural(count, ["день", "дня", "дней"]);
                format!(" — дольше срока на {late} {word}")
            }
        });
    } else if let Some(due) = one.due {
        text.push_str(&format!(" — срок {}", format.instant(due)));
    } else if let Some(since) = one.since {
        text.push_str(&format!(" — с {}", format.instant(since)));
    }
    if !one.who.is_empty() {
        text.push_str(&format!(" — ход: {}", format.or(&one.who)));
    }
    if let Some(waits) = &one.waits {
        text.push_str(&match waits.reason.as_str() {
            "" => " — ждём клиента".to_owned(),
            reason => format!(" — ждём: {reason}"),
        });
        if let Some(until) = waits.until {
            text.push_str(&format!(", до {}", format.short_day(until)));
        }
    }
    text
}

fn whole(format: &Format, whole: &Whole) -> Vec<String> {
    let line = |one: &Here| here(format, one);
    let mut parts = Vec::new();
    parts.extend(section(
        "Стоят в полтора раза дольше срока и больше:",
        &whole.stuck,
        line,
        more,
    ));
    parts.extend(section("Опаздывают:", &whole.late, line, more));
    let refused = |(stage, count): &(String, usize)| {
        let word = format.plural(*count, ["раз", "раза", "раз"]);
        format!("{}: {count} {word}", format.quoted(stage))
    };
    let heading = format!("Карточки вернулись, с {}:", day(whole.since));
    parts.extend(section(&heading, &whole.refused, refused, more));
    let fees = |fees: &Fees| {
        let word = format.plural(fees.cards, ["карточка", "карточки", "карточек"]);
        format!("{}, {} {word}", money(format, fees), fees.cards)
    };
    parts.extend(section(
        "Деньги ждут: абонплата за дни сверх срока",
        &whole.fees,
        fees,
        more,
    ));
    parts
}

pub(in crate::process::words) fn morning(format: &Format, morning: &Morning) -> String {
    let line = |one: &Here| here(format, one);
    let mut parts = Vec::new();
    parts.extend(section("Ваш ход:", &morning.turn, line, more));
    parts.extend(section("Скоро срок:", &morning.soon, line, more));
    parts.extend(section("Ждут других:", &morning.others, line, more));
    if let Some(all) = &morning.whole {
        let all = whole(format, all);
        if !all.is_empty() && !parts.is_empty() {
            parts.push("По всей доске".to_owned());
        }
        parts.extend(all);
    }
    parts.join("\n\n")
}

pub(in crate::process::words) fn subject(_: &Format, morning: &Morning) -> String {
    let late = morning.whole.as_ref();
    let late = late.map_or(0, |whole| whole.stuck.len() + whole.late.len());
    let mut parts = Vec::new();
    if !morning.turn.is_empty() {
        parts.push(format!("ваш ход — {}", morning.turn.len()));
    }
    if late > 0 {
        parts.push(format!("опаздывают — {late}"));
    }
    let today = day(morning.today);
    match parts.is_empty() {
        true => format!("Доска утром, {today}"),
        false => format!("Доска утром, {today}: {}", parts.join(", ")),
    }
}

pub(in crate::process::words) fn chat(format: &Format, process: &str, link: Link) -> String {
    let process = format.quoted(process);
    match link {
        Link::Good => format!(
            "Готово: сюда будет приходить то, что ждёт вас на доске {process}. Ответы пишите на карточке, здесь их никто не читает."
        ),
        Link::Stale => {
            "Эта ссылка уже не действует. Попросите новую у того, кто ведёт доску: она живёт неделю.".to_owned()
        }
        Link::Foreign => {
            "Этот чат открывается по личной ссылке. Попросите её у того, кто ведёт доску, и откройте с того устройства, где у вас Telegram.".to_owned()
        }
    }
}

pub(in crate::process::words) fn trial(format: &Format, process: &str) -> String {
    format!(
        "Проверка связи: сообщения с доски {} доходят до вас. Делать ничего не нужно.",
        format.quoted(process)
    )
}
