//! Russian: setting a board up in the Power-Up.

use super::*;
use crate::process::words::setup::{New, Obstacle, Ready, SetupTrouble};

pub(in crate::process::words) fn new(new: &New) -> String {
    match new {
        New::List(name) => format!("колонка «{name}»"),
        New::NewsList(name) => format!("колонка «{name}» для карточки Signalman"),
        New::Label(name) => format!("метка «{name}»"),
        New::CustomField(name) => format!("настраиваемое поле «{name}»"),
        New::Card(name) => format!("карточка «{name}»"),
    }
}

pub(in crate::process::words) fn obstacle(format: &Format, obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::NotOnBoard { role, username } => format!(
            "Роль «{role}»: @{username} не на этой доске. Пригласите этого человека или выберите другого."
        ),
        Obstacle::NoSuchRole { role } => {
            format!("Роли «{role}» в этом процессе нет. Уберите её или допишите в файл.")
        }
        Obstacle::NobodyActs { role } => format!(
            "В роли «{role}» никого нет, и карточки застрянут там, где она нужна. Выберите, кто её держит."
        ),
        Obstacle::BotHoldsRole { role, username } => format!(
            "Signalman работает от имени @{username}, а у этого человека роль «{role}». Заведите для Signalman отдельную учётную запись или передайте роль другому."
        ),
        Obstacle::BotCannotWrite { username } => format!(
            "@{username} на этой доске только смотрит. Сделайте эту учётную запись обычным участником: от её имени работает Signalman."
        ),
        Obstacle::TooManyCollaborators { count, most } => format!(
            "В бесплатном рабочем пространстве {count} {}, а после {most} Trello оставляет доски только для просмотра. Сначала уберите кого-нибудь или перейдите на платный тариф.",
            format.plural(*count, ["участник", "участника", "участников"])
        ),
        Obstacle::TwoLists { stage, names } => format!(
            "Этапу «{stage}» подходят сразу несколько колонок: {}. Переименуйте все, кроме одной.",
            names.join(", ")
        ),
        Obstacle::Orphan { stage, cards } => format!(
            "На этапе «{stage}» {cards} {}, а в новом файле его нет. Сначала переместите их или укажите у нового этапа was с прежним ключом.",
            format.plural(*cards, ["карточка", "карточки", "карточек"])
        ),
    }
}

pub(in crate::process::words) fn trouble(format: &Format, trouble: &SetupTrouble) -> String {
    match trouble {
        SetupTrouble::NoBot { username } => format!(
            "Signalman ещё не на этой доске. Откройте «Поделиться», добавьте @{username} обычным участником и вернитесь сюда."
        ),
        SetupTrouble::BotLooks { username } => format!(
            "Signalman видит эту доску, но менять на ней ничего не может. Откройте «Поделиться» и сделайте @{username} обычным участником."
        ),
        SetupTrouble::NotAdmin => {
            "Сохраняет администратор доски. Посмотреть и подготовить всё можете и вы: покажите ему.".into()
        }
        SetupTrouble::Conflict => {
            "Пока вы правили, процесс сохранил кто-то другой. Ваша версия не записана: откройте настройки заново и повторите правку.".into()
        }
        SetupTrouble::Mistakes(count) => format!(
            "В файле процесса есть что поправить: {count} {}. Строки показаны рядом.",
            format.plural(*count, ["место", "места", "мест"])
        ),
        SetupTrouble::Refused(why) => format!(
            "Trello не дал создать на доске недостающее: {why}. Процесс не включён; исправьте это в Trello и сохраните ещё раз, созданное повторяться не будет."
        ),
        SetupTrouble::Detached => {
            "Доска отключена от процесса. Подключите её заново: процесс примет её такой, какая она есть.".into()
        }
        SetupTrouble::Busy => {
            "На этой доске ещё выполняется предыдущий запрос настроек. Попробуйте через несколько секунд.".into()
        }
    }
}

pub(in crate::process::words) fn ready(ready: Ready) -> (&'static str, &'static str) {
    match ready {
        Ready::Shipped => (
            "Готовый процесс",
            "Процесс от заявки до работы с клиентом: этапы, поля, чек-листы и условия уже описаны. Останется сказать, какая колонка — какой этап и у кого какая роль.",
        ),
        Ready::Own => (
            "Колонки этой доски",
            "Ваши колонки становятся этапами в том же порядке. Пока ничего не требуется; условия добавляются по одному.",
        ),
    }
}
