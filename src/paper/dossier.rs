//! A client's file as a sheet: who it is and whose turn, what was agreed on, the fields, the places, the
//! way through the stages, what was decided, who had a hand in it.

use super::words::{Say, say};
use super::{Cell, Entry, Part, Section, Sheet};
use crate::figures::{Stay, Until, Way};
use crate::model::MemberId;
use crate::process::panel::{DecisionTold, Dossier, FieldBlock, NoteTold, PlaceView};
use crate::process::{Bindings, Process, calendar};
use jiff::Timestamp;

/// All that a client's file is made of.
#[derive(Clone, Copy)]
pub struct File<'a> {
    pub process: &'a Process,
    pub bindings: &'a Bindings,
    pub dossier: &'a Dossier,
    /// The card's way through the process, in order.
    pub stays: &'a [Stay],
    /// The history is longer than what was read of it.
    pub cut: bool,
    pub language: crate::process::Language,
}

impl File<'_> {
    pub fn sheet(&self) -> Sheet {
        let say = Say::new(self.language, self.process.time_zone.clone());
        let (dossier, process) = (self.dossier, self.process);
        let printed = say.when(dossier.at);
        let version = &process.version.0;
        let mut foot = vec![say!(
            say,
            ru: format!("Напечатано {printed}, версия процесса {version}. Рабочее время — по часам процесса."),
            en: format!("Printed {printed}, process version {version}. Working time is by the hours of the process."),
        )];
        if self.cut {
            foot.push(say!(
                say,
                ru: "История длинная: самые ранние её строки сюда не вошли.",
                en: "The history is long: its earliest lines are not on this page.",
            ));
        }
        Sheet {
            language: self.language,
            title: dossier.card.name.clone(),
            link: super::on_the_web(&dossier.card.url),
            under: vec![say!(
                say,
                ru: format!("Дело клиента · {}", process.name),
                en: format!("Client's file · {}", process.name),
            )],
            sections: vec![
                self.present(&say),
                notes(&say, &dossier.notes),
                fields(&say, &dossier.blocks),
                places(&say, &dossier.places),
                self.stages(&say),
                decisions(&say, &dossier.decisions),
                self.people(&say),
            ],
            foot,
        }
    }

    /// The working time of a stay in the hours of the stage's owner, up to now where it goes on: then
    /// it is what the card's own clock says.
    fn worked(&self, stay: &Stay) -> Option<i64> {
        let until = match stay.until {
            Until::At(at) => at,
            Until::Now if self.dossier.so_far_minutes.is_some() => {
                return self.dossier.so_far_minutes;
            }
            Until::Now => self.dossier.at,
            Until::Unknown => return None,
        };
        let stage = self.process.stage(&stay.stage);
        let hours = stage.map_or(&self.process.hours, |stage| {
            self.process.hours_of_role(&stage.owner)
        });
        let zone = &self.process.time_zone;
        let pauses = stay.pauses(self.dossier.at);
        Some(calendar::working_without(hours, zone, stay.since?, until, &pauses).as_mins())
    }

    fn name(&self, member: &MemberId) -> String {
        let person = self.bindings.people.get(member);
        person.map_or_else(|| member.to_string(), |person| person.called().to_owned())
    }

    fn present(&self, say: &Say) -> Section {
        let dossier = self.dossier;
        let mut pairs = Vec::new();
        let mut pair = |name: String, value: String| pairs.push((name, Cell::text(value)));
        let stage = dossier.stage.clone();
        let nowhere = say!(say, ru: "не на этапе процесса", en: "in no stage of the process");
        pair(say!(say, ru: "Этап", en: "Stage"), stage.unwrap_or(nowhere));
        if let Some(since) = dossier.since {
            pair(say!(say, ru: "Здесь с", en: "Here since"), say.when(since));
        }
        if let Some(minutes) = dossier.so_far_minutes {
            let name = say!(say, ru: "Рабочее время здесь", en: "Working time here");
            pair(name, say.spent(minutes));
        }
        if let Some(waiting) = &dossier.waiting {
            let name = say!(say, ru: "Ждём", en: "Waiting for");
            let client = say!(say, ru: "клиента", en: "the client");
            let mut what = match waiting.reason.as_str() {
                "" => client,
                reason => reason.to_owned(),
            };
            if let Some(until) = waiting.until.map(|until| say.day(until)) {
                what += &say!(say, ru: format!(", до {until}"), en: format!(", until {until}"));
            }
            pair(name, what);
        }
        if let Some(due) = dossier.due {
            pair(say!(say, ru: "Срок", en: "Due"), say.when(due));
        }
        if let Some(ends) = dossier.limit_ends.filter(|ends| Some(*ends) != dossier.due) {
            let name = say!(say, ru: "Срок этапа", en: "The stage's limit");
            let over = say!(say, ru: ", прошёл", en: ", is over");
            let over = if dossier.late { over.as_str() } else { "" };
            pair(name, format!("{}{over}", say.when(ends)));
        }
        if let Some(delay) = &dossier.delay {
            let money = say.money(delay.amount, delay.currency.as_deref());
            let days = delay.days;
            pair(
                say!(say, ru: "Цена задержки", en: "Cost of delay"),
                say!(
                    say,
                    ru: format!("{money} (дней сверх срока: {days})"),
                    en: format!("{money} (days beyond the limit: {days})"),
                ),
            );
        }
        if dossier.stage.is_some() {
            let people = dossier.turn.people.iter().map(|one| one.name.clone());
            let people: Vec<_> = people.collect();
            let role = &dossier.turn.role;
            // A name that says the role already is left as it is.
            let told = people.iter().any(|name| name.contains('('));
            let who = match (people.is_empty(), told) {
                (true, _) => role.clone(),
                (_, true) => say.or(&people),
                _ => format!("{} ({role})", say.or(&people)),
            };
            pair(say!(say, ru: "Чей ход", en: "Whose turn"), who);
        }
        let mut parts = vec![Part::Pairs(pairs)];
        if let Some(next) = &dossier.next {
            let stage = say.quoted(&next.stage);
            if next.missing.is_empty() {
                parts.push(Part::Paragraph(say!(
                    say,
                    ru: format!("Для этапа {stage} всё есть."),
                    en: format!("Everything is there for {stage}."),
                )));
            } else {
                parts.push(Part::Heading(say!(
                    say,
                    ru: format!("Чего не хватает для этапа {stage}"),
                    en: format!("What is missing for {stage}"),
                )));
                let missing = next.missing.iter().map(|one| match one.who.as_slice() {
                    [] => one.what.clone(),
                    who => format!("{} — {}", one.what, say.or(who)),
                });
                parts.push(Part::List(missing.collect()));
            }
        }
        Section::of(&say!(say, ru: "Сейчас", en: "Now"), parts, "")
    }

    fn stages(&self, say: &Say) -> Section {
        let rows = self.stays.iter().map(|stay| {
            let unknown = || say!(say, ru: "неизвестно", en: "not known");
            let since = match stay.since {
                Some(at) if stay.exact => say.when(at),
                Some(at) => say!(
                    say,
                    ru: format!("не позже {}", say.when(at)),
                    en: format!("by {}", say.when(at)),
                ),
                None => unknown(),
            };
            let until = match stay.until {
                Until::At(at) => say.when(at),
                Until::Now => say!(say, ru: "стоит сейчас", en: "is here now"),
                Until::Unknown => unknown(),
            };
            let worked = self.worked(stay).map(|minutes| say.spent(minutes));
            let by = stay.by.as_ref().map(|by| self.name(by));
            vec![
                Cell::text(self.process.stage_name(&stay.stage)),
                Cell::text(since),
                Cell::text(until),
                Cell::number(worked.unwrap_or_else(|| "–".into())),
                Cell::text(by.unwrap_or_else(|| "–".into())),
                Cell::text(way(say, stay.way)),
            ]
        });
        let rows: Vec<_> = rows.collect();
        let heads = match self.language {
            crate::process::Language::Ru => {
                ["Этап", "С", "До", "Рабочее время", "Кто перевёл", "Как"]
            }
            crate::process::Language::En => {
                ["Stage", "From", "To", "Working time", "Moved by", "How"]
            }
        };
        let mut parts = Vec::new();
        if !rows.is_empty() {
            let heads = heads.map(str::to_owned).to_vec();
            parts.push(Part::Table { heads, rows });
        }
        if let Some(whole) = self.whole() {
            let spent = say.spent(whole);
            parts.push(Part::Paragraph(say!(
                say,
                ru: format!("Всего рабочего времени с первого этапа: {spent}."),
                en: format!("Working time since the first stage: {spent}."),
            )));
        }
        let title = say!(say, ru: "Этапы", en: "Stages");
        let nothing = say!(say, ru: "Карточка ещё не была ни на одном этапе.", en: "The card has been in no stage yet.");
        Section::of(&title, parts, &nothing)
    }

    /// From the first stage to the last one, or up to now; none where the beginning was not seen.
    fn whole(&self) -> Option<i64> {
        let since = self.stays.first()?.entered()?;
        let last = self.stays.last()?;
        let is_final = |stay: &Stay| {
            let stage = self.process.stage(&stay.stage);
            stage.is_some_and(crate::process::Stage::is_final)
        };
        let until: Timestamp = match last.until {
            Until::Now if is_final(last) => last.since?,
            Until::Now => self.dossier.at,
            Until::At(at) => at,
            Until::Unknown => return None,
        };
        let (hours, zone) = (&self.process.hours, &self.process.time_zone);
        Some(calendar::working_between(hours, zone, since, until).as_mins())
    }

    fn people(&self, say: &Say) -> Section {
        let people = self.dossier.people.iter().map(|one| match one.on_card {
            true => say!(
                say,
                ru: format!("{} — на карточке", one.name),
                en: format!("{} — on the card", one.name),
            ),
            false => one.name.clone(),
        });
        let people: Vec<_> = people.collect();
        let parts = match people.is_empty() {
            true => Vec::new(),
            false => vec![Part::List(people)],
        };
        let title = say!(say, ru: "Кто работал с клиентом", en: "Who worked with the client");
        let nothing = say!(say, ru: "Пока никто.", en: "Nobody yet.");
        Section::of(&title, parts, &nothing)
    }
}

fn way(say: &Say, way: Way) -> String {
    match way {
        Way::Found => say!(say, ru: "стояла до Signalman", en: "stood there before Signalman"),
        Way::Start => say!(say, ru: "начало", en: "start"),
        Way::Forward => say!(say, ru: "вперёд", en: "forward"),
        Way::Back => say!(say, ru: "назад", en: "back"),
        Way::Side => say!(say, ru: "в сторону", en: "aside"),
        Way::Return => say!(say, ru: "возвращение", en: "return"),
        Way::Pass => say!(say, ru: "по разрешению", en: "by the owner's word"),
        Way::Watched => say!(say, ru: "наблюдение", en: "watching only"),
    }
}

fn signed(say: &Say, at: Timestamp, by: Option<&String>) -> String {
    let when = say.when(at);
    by.map_or_else(|| when.clone(), |by| format!("{when}, {by}"))
}

fn notes(say: &Say, notes: &[NoteTold]) -> Section {
    let entries = notes.iter().map(|note| Entry {
        what: say.note(note.note),
        signed: signed(say, note.at, note.by.as_ref()),
        text: note.text.clone(),
        points: Vec::new(),
    });
    let title = say!(say, ru: "Договорённости и звонки", en: "Agreements and calls");
    let nothing = say!(
        say,
        ru: "Заметок нет. Комментарий «/заметка звонок …» или «/заметка договорились …» останется здесь.",
        en: "No notes. A comment “/note call …” or “/note agreed …” stays here.",
    );
    Section::of(&title, listed(entries.collect()), &nothing)
}

fn listed(entries: Vec<Entry>) -> Vec<Part> {
    match entries.is_empty() {
        true => Vec::new(),
        false => vec![Part::Entries(entries)],
    }
}

fn fields(say: &Say, blocks: &[FieldBlock]) -> Section {
    let parts = blocks.iter().flat_map(|block| {
        let heading = block.name.clone().map(Part::Heading);
        let pairs = block.lines.iter().map(|line| {
            let link = line.link.then_some(line.value.as_str());
            (line.name.clone(), Cell::link(line.value.clone(), link))
        });
        heading.into_iter().chain([Part::Pairs(pairs.collect())])
    });
    let title = say!(say, ru: "Данные", en: "Details");
    let nothing =
        say!(say, ru: "Ни одна строка ещё не заполнена.", en: "No line is filled in yet.");
    Section::of(&title, parts.collect(), &nothing)
}

fn places(say: &Say, places: &[PlaceView]) -> Section {
    let rows = places.iter().map(|place| {
        let number = place.number.clone();
        let link = place.link.as_deref();
        let number = number.unwrap_or_else(|| match link {
            Some(_) => say!(say, ru: "открыть", en: "open"),
            None => "–".into(),
        });
        vec![
            Cell::text(place.name.clone()),
            Cell::text(state(say, place.state)),
            Cell::link(number, link),
            Cell::text(place.say.clone().unwrap_or_default()),
        ]
    });
    let rows: Vec<_> = rows.collect();
    let heads = [
        say!(say, ru: "Место", en: "Place"),
        say!(say, ru: "Состояние", en: "State"),
        say!(say, ru: "Номер там", en: "Number there"),
        String::new(),
    ];
    let parts = match rows.is_empty() {
        true => Vec::new(),
        false => vec![Part::Table {
            heads: heads.to_vec(),
            rows,
        }],
    };
    let title = say!(say, ru: "Записи во внешних местах", en: "Records in outside places");
    let nothing = say!(say, ru: "Клиент ни в одно место не записан.", en: "The client stands in no outside place.");
    Section::of(&title, parts, &nothing)
}

fn state(say: &Say, state: &str) -> String {
    match state {
        "confirmed" => say!(say, ru: "записан", en: "entered"),
        "by_hand" => say!(say, ru: "записан вручную", en: "entered by hand"),
        "waits" => say!(say, ru: "записывается", en: "on its way"),
        "wanting" => say!(say, ru: "не хватает данных", en: "something is missing"),
        "refused" => say!(say, ru: "не принято", en: "refused"),
        "several" => say!(say, ru: "подходят несколько", en: "several found"),
        "drifted" => say!(say, ru: "отличается", en: "differs"),
        "down" => say!(say, ru: "не отвечает", en: "does not answer"),
        other => other.to_owned(),
    }
}

fn decisions(say: &Say, decisions: &[DecisionTold]) -> Section {
    let entries = decisions.iter().map(|one| {
        let disputed = match one.disputed {
            true => say!(say, ru: " · оспорено", en: " · disputed"),
            false => String::new(),
        };
        let signed = signed(say, one.at, one.by.as_ref());
        Entry {
            what: one.say.clone(),
            signed: format!("{signed} · {}{disputed}", one.id),
            text: String::new(),
            points: one.reasons.clone(),
        }
    });
    let title = say!(say, ru: "Решения", en: "Decisions");
    let nothing = say!(say, ru: "Карточка шла без возвратов и исключений.", en: "The card went without refusals and exceptions.");
    Section::of(&title, listed(entries.collect()), &nothing)
}
