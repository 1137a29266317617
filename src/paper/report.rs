//! The figures as a sheet: each with what it means, a picture where one helps, and its numbers.

use super::chart::{Bar, Drawn, Month, Picture};
use super::words::{Say, say};
use super::{Cell, Part, Section, Sheet};
use crate::figures::{
    Cost, Days, Figures, Gate, Load, Money, Present, Quantiles, Refusals, Spread, StageTime,
};
use jiff::tz::TimeZone;

const TONES: [&str; 5] = ["tone-0", "tone-1", "tone-2", "tone-3", "tone-4"];

pub fn sheet(figures: &Figures, zone: TimeZone) -> Sheet {
    let say = Say::new(figures.language, zone);
    let flow = &figures.flow;
    let cards = &figures.cards;
    let (first, last) = (say.day(figures.first_day), say.day(figures.last_day));
    let mut sections = vec![lead(&say, figures)];
    sections.extend(flow.milestones.iter().map(|one| spread(&say, &one.time)));
    sections.push(stages(&say, &flow.stages));
    sections.push(present(&say, &figures.present));
    sections.push(refusals(&say, &figures.refusals));
    sections.push(load(&say, &figures.load));
    if let Some(told) = &figures.cost {
        sections.push(cost(&say, told));
        sections.extend(uncharged(&say, told));
    }
    let (known, open, found) = (cards.known, cards.open, cards.found);
    let printed = say.when(figures.at);
    let version = &figures.process.version;
    let mut foot = vec![figures.percentiles.clone(), cards.say.clone()];
    foot.push(say!(
        say,
        ru: format!("Напечатано {printed}, версия процесса {version}."),
        en: format!("Printed {printed}, process version {version}."),
    ));
    if cards.unread_lines > 0 {
        let lines = cards.unread_lines;
        foot.push(say!(
            say,
            ru: format!("Строк истории, которые эта версия не читает: {lines}."),
            en: format!("Lines of history that this version cannot read: {lines}."),
        ));
    }
    Sheet {
        language: figures.language,
        title: figures.process.name.clone(),
        link: None,
        under: vec![
            format!("{first} – {last}"),
            say!(
                say,
                ru: format!("Карточки: {known}, открытые: {open}, стояли до Signalman: {found}."),
                en: format!("Cards: {known}, open: {open}, from before Signalman: {found}."),
            ),
        ],
        sections,
        foot,
    }
}

/// `rows`, or a word that there is nothing to count.
fn section(say: &Say, title: &str, meaning: &str, parts: Vec<Part>) -> Section {
    let nothing = say!(say, ru: "Считать пока нечего.", en: "Nothing to count yet.");
    Section {
        say: vec![meaning.to_owned()],
        ..Section::of(title, parts, &nothing)
    }
}

fn table(heads: Vec<String>, rows: Vec<Vec<Cell>>) -> Option<Part> {
    (!rows.is_empty()).then_some(Part::Table { heads, rows })
}

fn median(say: &Say) -> String {
    say!(say, ru: "Медиана", en: "Median")
}

fn p85(say: &Say) -> String {
    say!(say, ru: "85 %", en: "85 %")
}

/// A name, how many, working time and days.
fn time_row(
    say: &Say,
    name: &str,
    (count, minutes, days): (usize, Option<Quantiles>, Option<Days>),
) -> Vec<Cell> {
    let spent = |of: fn(&Quantiles) -> i64| {
        Cell::number(minutes.as_ref().map_or_else(dash, |all| say.spent(of(all))))
    };
    let long = |of: fn(&Days) -> f64| {
        Cell::number(days.as_ref().map_or_else(dash, |all| say.days(of(all))))
    };
    vec![
        Cell::text(name),
        Cell::number(count.to_string()),
        spent(|all| all.median),
        spent(|all| all.p85),
        long(|all| all.median),
        long(|all| all.p85),
    ]
}

fn dash() -> String {
    "–".to_owned()
}

fn time_heads(say: &Say) -> Vec<String> {
    let worked = say!(say, ru: "раб. время", en: "working time");
    let days = say!(say, ru: "дни", en: "days");
    let (median, p85) = (median(say), p85(say));
    vec![
        String::new(),
        say!(say, ru: "Сколько", en: "Count"),
        format!("{median}, {worked}"),
        format!("{p85}, {worked}"),
        format!("{median}, {days}"),
        format!("{p85}, {days}"),
    ]
}

fn of_spread(spread: &Spread) -> (usize, Option<Quantiles>, Option<Days>) {
    (spread.count, spread.minutes, spread.days)
}

fn by_month(say: &Say, spread: &Spread) -> Vec<Vec<Cell>> {
    let months = spread.months.iter();
    let row = |month: &crate::figures::Month| {
        let values = (month.count, month.minutes, month.days);
        time_row(say, &say.month(&month.month), values)
    };
    months.map(row).collect()
}

/// The line over the months, where there are some to compare.
fn over_months(say: &Say, spread: &Spread) -> Option<Part> {
    let months = spread.months.iter().filter_map(|month| {
        let days = month.days?;
        Some(Month {
            name: say.month(&month.month),
            median: days.median,
            p85: days.p85,
        })
    });
    let months: Vec<_> = months.collect();
    let any = months.iter().any(|month| month.p85 > 0.0);
    (any && months.len() > 1).then(|| {
        Part::Picture(Picture {
            name: spread.name.clone(),
            legend: vec![("median", median(say)), ("p85", p85(say))],
            drawn: Drawn::Months {
                months,
                unit: say!(say, ru: "дн", en: "d"),
            },
        })
    })
}

fn lead(say: &Say, figures: &Figures) -> Section {
    let flow = &figures.flow;
    let mut parts = Vec::new();
    if flow.lead.count > 0 {
        let phases = flow.phases.iter();
        let phases = phases.map(|phase| time_row(say, &phase.time.name, of_spread(&phase.time)));
        let mut rows = vec![time_row(say, &flow.lead.name, of_spread(&flow.lead))];
        rows.extend(phases);
        rows.extend(by_month(say, &flow.lead));
        parts.extend(over_months(say, &flow.lead));
        parts.extend(table(time_heads(say), rows));
    }
    section(say, &flow.lead.name, &flow.lead.say, parts)
}

fn spread(say: &Say, spread: &Spread) -> Section {
    let mut parts = Vec::new();
    if spread.count > 0 {
        let mut rows = vec![time_row(say, &spread.name, of_spread(spread))];
        rows.extend(by_month(say, spread));
        parts.extend(over_months(say, spread));
        parts.extend(table(time_heads(say), rows));
    }
    section(say, &spread.name, &spread.say, parts)
}

fn stages(say: &Say, stages: &[StageTime]) -> Section {
    let counted: Vec<_> = stages.iter().filter(|stage| stage.time.count > 0).collect();
    let timed = counted.iter().filter(|stage| !stage.is_final);
    let bars = timed.filter_map(|stage| {
        let minutes = stage.time.minutes?;
        Some(Bar {
            name: stage.time.name.clone(),
            note: say.spent(minutes.median),
            parts: vec![
                ("p85", 0.0, minutes.p85 as f64),
                ("median", 0.0, minutes.median as f64),
            ],
            limit: stage.limit_minutes.map(|limit| limit as f64),
        })
    });
    let bars: Vec<_> = bars.collect();
    let title = say!(say, ru: "Время на этапах", en: "Time in the stages");
    let mut parts = Vec::new();
    if !bars.is_empty() {
        let limit = say!(say, ru: "срок этапа", en: "the stage's limit");
        parts.push(Part::Picture(Picture {
            name: title.clone(),
            legend: vec![("median", median(say)), ("p85", p85(say)), ("limit", limit)],
            drawn: Drawn::Bars(bars),
        }));
    }
    let rows = counted.iter();
    let rows = rows.map(|stage| time_row(say, &stage.time.name, of_spread(&stage.time)));
    parts.extend(table(time_heads(say), rows.collect()));
    let meaning = stages.first().map_or("", |stage| stage.time.say.as_str());
    section(say, &title, meaning, parts)
}

fn present(say: &Say, present: &Present) -> Section {
    let first = present.stages.first();
    let ages = first.map_or(&[][..], |stage| stage.ages.as_slice());
    let brackets = ages.iter().enumerate().map(|(nth, age)| {
        let from = nth
            .checked_sub(1)
            .and_then(|before| ages[before].under_days);
        match (age.under_days, from) {
            (Some(under), _) => say!(say, ru: format!("< {under} дн"), en: format!("< {under} d")),
            (None, from) => {
                let from = from.unwrap_or(0);
                say!(say, ru: format!("≥ {from} дн"), en: format!("≥ {from} d"))
            }
        }
    });
    let brackets: Vec<String> = brackets.collect();
    let bars = present.stages.iter().map(|stage| {
        let mut from = 0.0;
        let parts = stage.ages.iter().zip(TONES).map(|(age, tone)| {
            let start = from;
            from += age.cards as f64;
            (tone, start, from)
        });
        Bar {
            name: stage.name.clone(),
            parts: parts.filter(|(_, start, end)| end > start).collect(),
            note: stage.cards.to_string(),
            limit: None,
        }
    });
    let rows = present.stages.iter().map(|stage| {
        let oldest = stage.oldest.as_ref();
        let mut row = vec![
            Cell::text(stage.name.clone()),
            Cell::number(stage.cards.to_string()),
            Cell::number(stage.late.to_string()),
        ];
        row.extend(
            stage
                .ages
                .iter()
                .map(|age| Cell::number(age.cards.to_string())),
        );
        row.push(Cell::text(oldest.map_or_else(String::new, |oldest| {
            format!("{}, {}", oldest.name, say.spent(oldest.so_far_minutes))
        })));
        row
    });
    let mut parts = Vec::new();
    if present.stages.iter().any(|stage| stage.cards > 0) {
        let mut heads = vec![
            String::new(),
            say!(say, ru: "Всего", en: "Cards"),
            say!(say, ru: "Опаздывают", en: "Late"),
        ];
        heads.extend(brackets.iter().cloned());
        heads.push(say!(say, ru: "Самая давняя", en: "Longest here"));
        parts.push(Part::Picture(Picture {
            name: present.name.clone(),
            legend: TONES.into_iter().zip(brackets).collect(),
            drawn: Drawn::Bars(bars.collect()),
        }));
        parts.extend(table(heads, rows.collect()));
    }
    section(say, &present.name, &present.say, parts)
}

fn refusals(say: &Say, refusals: &Refusals) -> Section {
    let gate = |gate: &Gate| {
        let counts = [gate.refused, gate.watched, gate.admitted, gate.by_word];
        let mut row = vec![Cell::text(gate.name.clone())];
        row.extend(counts.map(|count| Cell::number(count.to_string())));
        row
    };
    let heads = [
        String::new(),
        say!(say, ru: "Не прошла", en: "Refused"),
        say!(say, ru: "Вернулась бы", en: "Would be"),
        say!(say, ru: "Прошла", en: "Admitted"),
        say!(say, ru: "По разрешению", en: "By the owner's word"),
    ];
    let mut parts = Vec::new();
    parts.extend(table(
        heads.to_vec(),
        refusals.gates.iter().map(gate).collect(),
    ));
    for gate in refusals
        .gates
        .iter()
        .filter(|gate| !gate.missing.is_empty())
    {
        let bars = gate.missing.iter().map(|missing| Bar {
            name: missing.name.clone(),
            note: missing.times.to_string(),
            parts: vec![("tone-0", 0.0, missing.times as f64)],
            limit: None,
        });
        let name = say.quoted(&gate.name);
        let name = say!(
            say,
            ru: format!("Чего не хватало для {name}"),
            en: format!("What was missing for {name}"),
        );
        parts.push(Part::Heading(name.clone()));
        parts.push(Part::Picture(Picture {
            name,
            legend: Vec::new(),
            drawn: Drawn::Bars(bars.collect()),
        }));
    }
    let mut section = section(say, &refusals.name, &refusals.say, parts);
    if refusals.disputed_left_out > 0 {
        let left_out = refusals.disputed_left_out;
        section.say.push(say!(
            say,
            ru: format!("Оспорено, не считается: {left_out}."),
            en: format!("Disputed, left out: {left_out}."),
        ));
    }
    section
}

fn load(say: &Say, load: &Load) -> Section {
    let mut rows = Vec::new();
    for role in &load.roles {
        let people = role
            .people
            .iter()
            .map(|one| (one.name.clone(), one.cards, one.late.to_string()));
        let nobody = say!(say, ru: "ничьи", en: "nobody's");
        let nobody = (role.nobody > 0).then(|| (nobody, role.nobody, String::new()));
        rows.extend(people.chain(nobody).map(|(name, cards, late)| {
            vec![
                Cell::text(name),
                Cell::text(role.name.clone()),
                Cell::number(cards.to_string()),
                Cell::number(late),
            ]
        }));
    }
    let heads = [
        String::new(),
        say!(say, ru: "Роль", en: "Role"),
        say!(say, ru: "Открытые", en: "Open"),
        say!(say, ru: "Опаздывают", en: "Late"),
    ];
    let parts = table(heads.to_vec(), rows).into_iter().collect();
    section(say, &load.name, &load.say, parts)
}

fn totals(say: &Say, totals: &[Money]) -> String {
    let all = totals.iter();
    let all = all.map(|money| say.money(money.amount, money.currency.as_deref()));
    all.collect::<Vec<_>>().join(" + ")
}

fn cost(say: &Say, cost: &Cost) -> Section {
    let rows = cost.clients.iter().map(|client| {
        let currency = client.currency.as_deref();
        let money = |amount: Option<f64>| {
            Cell::number(amount.map_or_else(dash, |amount| say.money(amount, currency)))
        };
        vec![
            Cell::text(client.name.clone()),
            Cell::text(client.stage_name.clone()),
            Cell::number(client.days_late.to_string()),
            money(client.fee),
            money(client.cost),
        ]
    });
    let heads = [
        String::new(),
        say!(say, ru: "Этап", en: "Stage"),
        say!(say, ru: "Дней сверх срока", en: "Days late"),
        say!(say, ru: "В месяц", en: "A month"),
        say!(say, ru: "Цена", en: "Cost"),
    ];
    let mut parts: Vec<_> = table(heads.to_vec(), rows.collect()).into_iter().collect();
    if !cost.totals.is_empty() {
        let total = totals(say, &cost.totals);
        parts.insert(
            0,
            Part::Paragraph(say!(
                say,
                ru: format!("Всего: {total}."),
                en: format!("In total: {total}."),
            )),
        );
    }
    section(say, &cost.name, &cost.say, parts)
}

fn uncharged(say: &Say, cost: &Cost) -> Option<Section> {
    let uncharged = cost.uncharged.as_ref()?;
    let rows = uncharged.totals.iter().map(|money| {
        vec![
            Cell::text(say.money(money.amount, money.currency.as_deref())),
            Cell::number(money.cards.to_string()),
        ]
    });
    let heads = [
        say!(say, ru: "Сумма", en: "Amount"),
        say!(say, ru: "Карточек", en: "Cards"),
    ];
    let parts = table(heads.to_vec(), rows.collect()).into_iter().collect();
    Some(section(say, &uncharged.name, &uncharged.say, parts))
}
