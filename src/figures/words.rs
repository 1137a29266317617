//! What each figure is called and what it means, in both languages, side by side. A reader takes a
//! number for what the sentence beside it says, so each names what is counted and what is not.

use super::Record;
use crate::process::words::Format;
use crate::process::{Language, Mark, Phase, Process, Stage};

pub(super) struct Words<'a> {
    language: Language,
    process: &'a Process,
    format: Format,
}

/// A name and a meaning.
type Told = (String, String);

macro_rules! say {
    ($self:ident, ru: $ru:expr, en: $en:expr $(,)?) => {
        match $self.language {
            Language::Ru => $ru.to_owned(),
            Language::En => $en.to_owned(),
        }
    };
}

impl<'a> Words<'a> {
    pub(super) fn of(record: &Record<'a>) -> Self {
        Self {
            language: record.language,
            process: record.process,
            format: Format::new(record.language, record.process.time_zone.clone()),
        }
    }

    pub(super) fn percentiles(&self) -> String {
        say!(
            self,
            ru: "Медиана: половина карточек уложилась в это время. 85 %: уложились 85 карточек из 100. \
                 Это всегда время настоящей карточки (правило ближайшего ранга). \
                 Часы — рабочие, по расписанию процесса; дни — календарные, по 24 часа.",
            en: "Median: half of the cards took no longer. 85 %: 85 cards of 100 took no longer. \
                 It is always the time of a real card (nearest rank). \
                 Hours are working hours by the process; days are calendar days of 24 hours.",
        )
    }

    pub(super) fn found(&self) -> String {
        say!(
            self,
            ru: "Карточки, которые стояли на доске до Signalman, отмечены: когда они пришли, неизвестно, \
                 и время их первого этапа не считается.",
            en: "Cards that stood on the board before Signalman are marked: when they came is not known, \
                 and the time of their first stage is not counted.",
        )
    }

    fn last(&self) -> String {
        let stages = self.process.path().filter(|stage| stage.is_final());
        let names: Vec<_> = stages
            .map(|stage| self.format.quoted(&stage.name))
            .collect();
        self.format.or(&names)
    }

    pub(super) fn lead(&self) -> Told {
        let last = self.last();
        let name =
            say!(self, ru: format!("От запроса до {last}"), en: format!("From request to {last}"));
        let say = say!(
            self,
            ru: format!(
                "Время от первого дня карточки на пути до первого входа в {last}, вместе с ожиданием и возвратами. \
                 Месяц — месяц входа."
            ),
            en: format!(
                "From a card's first day on the path to its first entry into {last}, waiting and steps back included. \
                 The month is that of the entry."
            ),
        );
        (name, say)
    }

    pub(super) fn phase(&self, phase: Phase) -> Told {
        let name = match (self.language, phase) {
            (Language::Ru, Phase::Sale) => "Продажа",
            (Language::Ru, Phase::Service) => "Работа",
            (Language::Ru, Phase::Accounts) => "Учёт",
            (Language::En, Phase::Sale) => "Sale",
            (Language::En, Phase::Service) => "Service",
            (Language::En, Phase::Accounts) => "Accounts",
        };
        let is_of = |stage: &&Stage| stage.phase == Some(phase) && !stage.is_final();
        let stages = self.process.path().filter(is_of);
        let stages: Vec<_> = stages
            .map(|stage| self.format.quoted(&stage.name))
            .collect();
        let stages = self.format.and(&stages);
        let say = say!(
            self,
            ru: format!("Сколько из этого времени те же карточки провели на этапах {stages}."),
            en: format!("How much of that time the same cards spent in {stages}."),
        );
        (name.to_owned(), say)
    }

    pub(super) fn stage(&self, stage: &Stage) -> Told {
        let say = say!(
            self,
            ru: "Время одного пребывания на этапе, от входа до ухода, в рабочих часах того, чей это этап; \
                 шаг назад, отменённый сразу, не считается. Месяц — месяц ухода.",
            en: "The time of one stay in the stage, from entry to leaving, in the working hours of whoever owns the stage; \
                 a step back undone at once does not count. The month is that of the leaving.",
        );
        (stage.name.clone(), say)
    }

    /// What tells it, by its name on the board.
    fn mark(&self, mark: Option<&Mark>) -> String {
        let process = self.process;
        let named = match mark {
            None => return say!(self, ru: "запрос", en: "the request"),
            Some(Mark::Item(key)) => process.item(key).map(|item| item.name.clone()),
            Some(Mark::Field(key)) => process.field(key).map(|field| field.name.clone()),
            Some(Mark::Stage(key)) => Some(process.stage_name(key)),
        };
        self.format.quoted(&named.unwrap_or_default())
    }

    pub(super) fn milestone(&self, key: &str, from: Option<&Mark>, to: &Mark) -> Told {
        let (from, to) = (self.mark(from), self.mark(Some(to)));
        let name = match (self.language, key) {
            (Language::Ru, "request_to_paid") => "От запроса до первого платежа",
            (Language::Ru, "paid_to_live") => "От платежа до запуска",
            (Language::Ru, _) => "От запуска до первого начисления",
            (Language::En, "request_to_paid") => "From request to first payment",
            (Language::En, "paid_to_live") => "From payment to delivery",
            (Language::En, _) => "From delivery to first charge",
        };
        let uncharged = key == "live_to_charged";
        let more = match (self.language, uncharged) {
            (Language::Ru, true) => {
                " Начисления с более раннего дня — 0 дней. Карточки, где запуск отмечен ещё до Signalman, не считаются."
            }
            (Language::Ru, false) => {
                " Карточки, где второе было раньше первого, или где оба отмечены ещё до Signalman, не считаются."
            }
            (Language::En, true) => {
                " Charged from an earlier day on: 0 days. Cards delivered before Signalman do not count."
            }
            (Language::En, false) => {
                " Cards where the second came before the first, or where both were there before Signalman, do not count."
            }
        };
        let say = say!(
            self,
            ru: format!(
                "Начало: {from}, конец: {to}. Пункт — его первая отметка, поле — день в нём, этап — первый вход.{more}"
            ),
            en: format!(
                "It begins with {from} and ends with {to}: an item by its first tick, a field by the day in it, \
                 a stage by its first entry.{more}"
            ),
        );
        (name.to_owned(), say)
    }

    pub(super) fn refusals(&self) -> Told {
        let name = say!(self, ru: "Что не пускает дальше", en: "What holds cards back");
        let say = say!(
            self,
            ru: "Сколько раз карточка не прошла на этап и чего не хватало. Оспоренные решения (/неверно) не считаются, \
                 люди — тоже. В режиме наблюдения — сколько раз карточка вернулась бы.",
            en: "How often a card was not let into a stage, and what was missing. Disputed decisions (/wrong) are left out, \
                 and people are not counted. In watch mode: how often a card would have gone back.",
        );
        (name, say)
    }

    pub(super) fn present(&self) -> Told {
        let name = say!(self, ru: "Карточки сейчас", en: "Cards now");
        let say = say!(
            self,
            ru: "Открытые карточки на каждом этапе и сколько календарных дней они там стоят. Опаздывает та, что стоит дольше срока этапа. \
                 У стоявших до Signalman возраст не меньше показанного.",
            en: "Open cards in each stage, and for how many calendar days they have stood there. Late is what stands longer than the \
                 stage's limit. Those from before Signalman have stood at least that long.",
        );
        (name, say)
    }

    pub(super) fn load(&self) -> Told {
        let name = say!(self, ru: "У кого сколько карточек", en: "Whose cards they are");
        let say = say!(
            self,
            ru: "Открытые карточки на этапах роли, кроме последнего этапа. У человека — те, где сегодня его ход, как на самой карточке; если на ней никого из роли нет, она у каждого из роли. Порядок — по имени.",
            en: "Open cards in the stages of a role, the final one apart. A person's are those where it is their turn today, as the card itself says; where nobody of the role is on it, it is everybody's of the role. In the order of names.",
        );
        (name, say)
    }

    pub(super) fn cost(&self) -> Told {
        let fee = self
            .process
            .counted
            .fee
            .as_ref()
            .map(|fee| Mark::Field(fee.clone()));
        let fee = self.mark(fee.as_ref());
        let name = say!(self, ru: "Цена задержки", en: "Cost of delay");
        let say = say!(
            self,
            ru: format!(
                "{fee} × календарные дни сверх срока этапа / 30. Срок идёт в рабочих часах; дальше считаются даты, \
                 и в день, когда срок вышел, задержка стоит 0."
            ),
            en: format!(
                "{fee} × calendar days beyond the stage's limit / 30. The limit runs in working hours; from there on dates count, \
                 and on the day it ends the delay costs 0."
            ),
        );
        (name, say)
    }

    pub(super) fn uncharged(&self) -> Told {
        let counted = &self.process.counted;
        let (live, charged) = (
            self.mark(counted.live.as_ref()),
            self.mark(counted.charged.as_ref()),
        );
        let name = say!(self, ru: "Не начислено", en: "Not charged");
        let say = say!(
            self,
            ru: format!("Абонплата × дни между {live} и {charged} / 30: столько было бы начислено раньше."),
            en: format!("The fee × days between {live} and {charged} / 30: what would have been charged earlier."),
        );
        (name, say)
    }

    pub(super) fn mover(&self) -> String {
        say!(self, ru: "кто переводит карточку", en: "who may move the card in")
    }
    pub(super) fn route(&self) -> String {
        say!(self, ru: "сюда отсюда не переводят", en: "no way leads there")
    }
    pub(super) fn wip(&self) -> String {
        say!(self, ru: "место на этапе", en: "room in the stage")
    }
    pub(super) fn pass(&self, stage: &str) -> String {
        let stage = self.format.quoted(stage);
        say!(self, ru: format!("пройти {stage}"), en: format!("pass {stage}"))
    }
    pub(super) fn four_eyes(&self, item: &str) -> String {
        let item = self.format.quoted(item);
        say!(
            self,
            ru: format!("отметка другого человека: {item}"),
            en: format!("another person's tick: {item}"),
        )
    }
    pub(super) fn member(&self, role: &str) -> String {
        say!(
            self,
            ru: format!("{role} в участниках карточки"),
            en: format!("{role} on the card"),
        )
    }
    pub(super) fn attachment(&self, pattern: &str) -> String {
        say!(self, ru: format!("вложение: {pattern}"), en: format!("attachment: {pattern}"))
    }
    pub(super) fn or(&self, parts: &[String]) -> String {
        self.format.or(parts)
    }
    pub(super) fn and(&self, parts: &[String]) -> String {
        self.format.and(parts)
    }
}
