//! Русские фразы о самом наблюдении: перерывы, доска, которую не видно, недоставленные события.

use super::*;

pub(in crate::process::words) fn gap(
    format: &Format,
    events: usize,
    from: Timestamp,
    to: Timestamp,
) -> String {
    let forms = [
        "событие, пропущенное",
        "события, пропущенные",
        "событий, пропущенных",
    ];
    let word = format.plural(events, forms);
    let when = format.between(from, to);
    format!(
        "Учтено {events} {word} за перерыв в наблюдении: {when}.\n\n\
         Всё проверяется как обычно; карточка, которой рано дальше, возвращается с комментарием. Делать ничего не нужно. \
         Если перерывы повторяются, покажите это тому, у кого работает Signalman."
    )
}

pub(in crate::process::words) fn blind(format: &Format, why: Blind, owner: &[Named]) -> String {
    let owner = match turn(format, owner).as_str() {
        "" => String::new(),
        owner => format!("{owner}, "),
    };
    let text = match why {
        Blind::Token => {
            "Signalman не видит доску: Trello больше не принимает его токен. Нужен новый токен в TRELLO_TOKEN и перезапуск. \
             До тех пор карточки переходят без проверки; потом всё пропущенное будет учтено."
        }
        Blind::NotOnBoard => {
            "Signalman не видит доску: его учётной записи на ней нет. Пригласите её снова. \
             До тех пор карточки переходят без проверки; потом всё пропущенное будет учтено."
        }
        Blind::Observer => {
            "Signalman видит доску, но не может на ней писать: его учётная запись стала наблюдателем. \
             Сделайте её обычным участником. До тех пор карточки назад не возвращаются."
        }
        Blind::CustomFields => {
            "на доске нет настраиваемых полей (Custom Fields), которые читает процесс. Включите их снова; \
             если поле удалено, дайте процессу новую версию командой `signalman apply`. \
             До тех пор карточки, которым нужна проверка, ждут на месте."
        }
    };
    sentence_start(&owner, format!("{owner}{text}"))
}

pub(in crate::process::words) fn sees_again(
    format: &Format,
    why: Blind,
    since: Timestamp,
) -> String {
    let since = format.instant(since);
    let text = match why {
        Blind::Token | Blind::NotOnBoard => "Signalman снова видит доску",
        Blind::Observer => "Signalman снова может писать на доске",
        Blind::CustomFields => "Настраиваемые поля снова на доске",
    };
    format!(
        "{text}; перерыв начался {since}. Что было за это время, проверяется сейчас; делать ничего не нужно."
    )
}

pub(in crate::process::words) fn not_delivered(format: &Format, times: u64) -> String {
    let count = usize::try_from(times).unwrap_or(usize::MAX);
    let word = format.plural(
        count,
        [
            "попытка не удалась",
            "попытки не удались",
            "попыток не удалось",
        ],
    );
    format!(
        "Trello не может доставить события этой доски: подряд {times} {word}. \
         Пока Signalman сам спрашивает доску каждые несколько секунд, процесс держится.\n\n\
         Тому, у кого работает Signalman: проверьте, открывается ли PUBLIC_URL снаружи и верен ли TRELLO_SECRET."
    )
}

pub(in crate::process::words) fn week(format: &Format, count: usize, gates: &[Gate]) -> String {
    if count == 0 {
        return "Процесс пока только наблюдает. За неделю ни одна карточка не вернулась бы: \
                можно переключить его в режим enforce в настройках Power-Up."
            .into();
    }
    let word = format.plural(count, ["переход", "перехода", "переходов"]);
    let mut text = format!(
        "Процесс пока только наблюдает. За неделю он вернул бы {count} {word}, и вот чего не хватало:\n"
    );
    for gate in gates {
        text.push_str(&format!("\n- «{}»: {}", gate.name, gate.count));
        let missing = gate.missing.iter().take(MOST_MISSING);
        let missing: Vec<_> = missing
            .map(|(name, times)| format!("{name} ({times})"))
            .collect();
        if !missing.is_empty() {
            text.push_str(&format!(" — {}", missing.join("; ")));
        }
    }
    text.push_str(
        "\n\nНа доске ничего не менялось. Если всё это верно, переключите режим в настройках Power-Up.",
    );
    text
}
