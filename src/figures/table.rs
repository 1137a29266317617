//! The figures as plain text, for a terminal or a letter: a table each, with its meaning below.

use super::{Cost, Days, Figures, Money, Quantiles, Spread};
use crate::process::{Format, Language};
use jiff::tz::TimeZone;

/// Wider cells are cut.
const WIDEST: usize = 48;

/// All of it, in the language the figures are in.
pub fn print(figures: &Figures) -> String {
    let mut page = Page {
        language: figures.language,
        format: Format::new(figures.language, TimeZone::UTC),
        text: String::new(),
    };
    page.all(figures);
    page.text
}

struct Page {
    language: Language,
    format: Format,
    text: String,
}

type Row = Vec<String>;

impl Page {
    fn all(&mut self, figures: &Figures) {
        let (first, last) = (figures.first_day, figures.last_day);
        self.line(&format!("{}: {first} – {last}", figures.process.name));
        let cards = &figures.cards;
        let counts = match self.language {
            Language::Ru => format!(
                "Карточки: {}, открытые: {}, стояли до Signalman: {}.",
                cards.known, cards.open, cards.found
            ),
            Language::En => format!(
                "Cards: {}, open: {}, from before Signalman: {}.",
                cards.known, cards.open, cards.found
            ),
        };
        self.line(&counts);
        self.line(&cards.say);
        self.line(&figures.percentiles);
        self.times(figures);
        self.refusals(figures);
        self.present(figures);
        self.load(figures);
        if let Some(cost) = &figures.cost {
            self.cost(cost);
        }
    }

    fn times(&mut self, figures: &Figures) {
        let flow = &figures.flow;
        self.title(&flow.lead.name, &flow.lead.say);
        let mut rows = vec![self.time(&flow.lead, &flow.lead.name)];
        rows.extend(
            flow.phases
                .iter()
                .map(|one| self.time(&one.time, &one.time.name)),
        );
        rows.extend(flow.lead.months.iter().map(|month| {
            let values = (month.count, month.minutes, month.days);
            self.time_row(&month.month, values)
        }));
        self.time_table(rows);
        if let Some(first) = flow.stages.first() {
            let title = self.word("Время на этапах", "Time in stages");
            self.title(title, &first.time.say);
            let stages = flow.stages.iter().filter(|stage| stage.time.count > 0);
            let rows = stages
                .map(|one| self.time(&one.time, &one.time.name))
                .collect();
            self.time_table(rows);
        }
        for one in &flow.milestones {
            self.title(&one.time.name, &one.time.say);
            let mut rows = vec![self.time(&one.time, &one.time.name)];
            rows.extend(one.time.months.iter().map(|month| {
                let values = (month.count, month.minutes, month.days);
                self.time_row(&month.month, values)
            }));
            self.time_table(rows);
        }
    }

    fn time(&self, spread: &Spread, name: &str) -> Row {
        self.time_row(name, (spread.count, spread.minutes, spread.days))
    }

    fn time_row(
        &self,
        name: &str,
        (count, minutes, days): (usize, Option<Quantiles>, Option<Days>),
    ) -> Row {
        let hours = |minutes: i64| self.number(minutes as f64 / 60.0);
        vec![
            name.to_owned(),
            count.to_string(),
            minutes.map_or_else(dash, |minutes| hours(minutes.median)),
            minutes.map_or_else(dash, |minutes| hours(minutes.p85)),
            days.map_or_else(dash, |days| self.number(days.median)),
            days.map_or_else(dash, |days| self.number(days.p85)),
        ]
    }

    fn time_table(&mut self, rows: Vec<Row>) {
        let heads = match self.language {
            Language::Ru => [
                "",
                "сколько",
                "медиана, ч",
                "85 %, ч",
                "медиана, дн",
                "85 %, дн",
            ],
            Language::En => ["", "count", "median, h", "85 %, h", "median, d", "85 %, d"],
        };
        self.table(&heads, rows);
    }

    fn refusals(&mut self, figures: &Figures) {
        let refusals = &figures.refusals;
        self.title(&refusals.name, &refusals.say);
        let mut rows = Vec::new();
        for gate in &refusals.gates {
            let counts = [gate.refused, gate.watched, gate.admitted, gate.by_word];
            let mut row = vec![gate.name.clone()];
            row.extend(counts.map(|count| count.to_string()));
            rows.push(row);
            for missing in &gate.missing {
                let mut row = vec![format!("  {}", missing.name), missing.times.to_string()];
                row.resize(5, String::new());
                rows.push(row);
            }
        }
        let heads = match self.language {
            Language::Ru => ["", "не прошла", "вернулась бы", "прошла", "по разрешению"],
            Language::En => ["", "refused", "would be", "admitted", "by the owner's word"],
        };
        self.table(&heads, rows);
        if refusals.disputed_left_out > 0 {
            let left = self.word("Оспорено, не считается", "Disputed, left out");
            self.line(&format!("{left}: {}", refusals.disputed_left_out));
        }
    }

    fn present(&mut self, figures: &Figures) {
        let present = &figures.present;
        self.title(&present.name, &present.say);
        let rows = present.stages.iter().map(|stage| {
            let oldest = stage.oldest.as_ref().map(|oldest| oldest.name.clone());
            let mut row = vec![
                stage.name.clone(),
                stage.cards.to_string(),
                stage.late.to_string(),
            ];
            row.extend(stage.ages.iter().map(|age| age.cards.to_string()));
            row.push(oldest.unwrap_or_default());
            row
        });
        let rows = rows.collect();
        let heads = match self.language {
            Language::Ru => [
                "",
                "всего",
                "опаздывают",
                "< 1 дн",
                "< 3",
                "< 7",
                "< 30",
                "≥ 30",
                "самая давняя",
            ],
            Language::En => [
                "", "cards", "late", "< 1 day", "< 3", "< 7", "< 30", "≥ 30", "oldest",
            ],
        };
        self.table(&heads, rows);
    }

    fn load(&mut self, figures: &Figures) {
        self.title(&figures.load.name, &figures.load.say);
        let mut rows = Vec::new();
        for role in figures.load.roles.iter().filter(|role| role.cards > 0) {
            rows.push(vec![
                role.name.clone(),
                role.cards.to_string(),
                role.late.to_string(),
            ]);
            rows.extend(role.people.iter().map(|person| {
                let name = format!("  {}", person.name);
                vec![name, person.cards.to_string(), person.late.to_string()]
            }));
            if role.nobody > 0 {
                let nobody = self.word("  ничьи", "  nobody's");
                rows.push(vec![
                    nobody.to_owned(),
                    role.nobody.to_string(),
                    String::new(),
                ]);
            }
        }
        let heads = [
            "",
            self.word("открытые", "open"),
            self.word("опаздывают", "late"),
        ];
        self.table(&heads, rows);
    }

    fn cost(&mut self, cost: &Cost) {
        self.title(&cost.name, &cost.say);
        let rows = cost.clients.iter().map(|client| {
            let currency = client.currency.as_deref();
            let money = |amount: Option<f64>| {
                amount.map_or_else(dash, |amount| self.money(amount, currency))
            };
            vec![
                client.name.clone(),
                client.stage_name.clone(),
                client.days_late.to_string(),
                money(client.fee),
                money(client.cost),
            ]
        });
        let mut rows: Vec<Row> = rows.collect();
        let total = self.word("Всего", "Total");
        rows.extend(
            cost.totals
                .iter()
                .map(|money| self.total(total, money).to_vec()),
        );
        let heads = match self.language {
            Language::Ru => ["", "этап", "дней", "в месяц", "цена"],
            Language::En => ["", "stage", "days", "a month", "cost"],
        };
        self.table(&heads, rows);
        if let Some(uncharged) = &cost.uncharged {
            self.title(&uncharged.name, &uncharged.say);
            let rows = uncharged.totals.iter().map(|money| {
                let [name, .., amount] = self.total(total, money);
                vec![name, amount]
            });
            let rows = rows.collect();
            self.table(&["", self.word("сумма", "amount")], rows);
        }
    }

    fn total(&self, name: &str, money: &Money) -> [String; 5] {
        let amount = self.money(money.amount, money.currency.as_deref());
        let blank = String::new;
        [name.to_owned(), blank(), blank(), blank(), amount]
    }

    fn word(&self, ru: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Ru => ru,
            Language::En => en,
        }
    }

    /// To a tenth.
    fn number(&self, value: f64) -> String {
        let text = format!("{value:.1}");
        match self.language {
            Language::Ru => text.replace('.', ","),
            Language::En => text,
        }
    }

    fn money(&self, amount: f64, currency: Option<&str>) -> String {
        self.format.money((amount * 100.0).round() as i64, currency)
    }

    fn title(&mut self, name: &str, say: &str) {
        self.text.push('\n');
        self.line(name);
        self.line(say);
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// The first column to the left, numbers to the right.
    fn table(&mut self, heads: &[&str], rows: Vec<Row>) {
        if rows.is_empty() {
            self.line(self.word("  пока ничего", "  nothing yet"));
            return;
        }
        let heads: Row = heads.iter().map(|head| (*head).to_owned()).collect();
        let rows: Vec<Row> = [heads].into_iter().chain(rows).collect();
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
                .min(WIDEST)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &rows {
            let cells = row
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(nth, (cell, width))| {
                    let cell: String = cell.chars().take(*width).collect();
                    match nth {
                        0 => format!("{cell:<width$}"),
                        _ => format!("{cell:>width$}"),
                    }
                });
            let line = cells.collect::<Vec<_>>().join("  ");
            self.line(line.trim_end());
        }
    }
}

fn dash() -> String {
    "–".to_owned()
}
