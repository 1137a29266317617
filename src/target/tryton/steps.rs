//! What a subscription is to be, and which step comes next: read from how it stands.

use super::super::Outcome;
use super::id;
use crate::model::Status;
use crate::process::target::Client;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

/// What a client's values ask for.
pub(super) struct Wish<'c> {
    pub(super) reference: &'c str,
    /// Where there is none there is nothing to charge this card.
    pub(super) amount: Option<&'c str>,
    pub(super) currency: Option<&'c str>,
    pub(super) product: &'c str,
    pub(super) recurrence: Option<&'c str>,
    pub(super) from: Option<Date>,
    pub(super) leave: Option<Date>,
    pub(super) status: Status,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Done,
    Create,
    Write(Map<String, Value>),
    Call(&'static str),
}

/// Two cards of one organisation have each their own.
fn reference(client: &Client) -> &str {
    let given = client.value("reference");
    given.unwrap_or_else(|| client.card.as_str())
}

impl<'c> Wish<'c> {
    pub(super) fn of(client: &'c Client) -> Result<Self, Outcome> {
        // Who leaves is no more charged, whatever else is wanting.
        let charged = client.value("amount");
        let charged = charged.filter(|_| client.own != Status::Retired);
        let plain = |amount: &str| {
            let mut signs = amount.chars();
            amount.len() < 16
                && amount.parse::<f64>().is_ok()
                && signs.all(|one| one.is_ascii_digit() || one == '.')
        };
        if let Some(amount) = charged.filter(|amount| !plain(amount)) {
            return refuse(format!("“{amount}” is no amount"));
        }
        let from = match charged {
            Some(_) => read_day(client, "charge_from")?,
            None => None,
        };
        Ok(Self {
            reference: reference(client),
            amount: charged,
            currency: client.value("currency"),
            product: client.value("product").unwrap_or(""),
            recurrence: client.value("recurrence"),
            from,
            leave: read_day(client, "leave_date")?,
            status: client.own,
        })
    }
}

/// What brings it nearer to what is wished for.
pub(super) fn next(ours: Option<&Value>, wish: &Wish<'_>) -> Result<Step, Outcome> {
    let Some(ours) = ours else {
        return Ok(match wish.amount {
            Some(_) => Step::Create,
            None => Step::Done,
        });
    };
    if wish.amount.is_none() && wish.status != Status::Retired {
        return refuse("it has a subscription there, and the card has no amount".into());
    }
    let state = text(ours, "state");
    match wish.status {
        // It was active before. Going back stops no charge.
        Status::Pending if has_run(ours) || state != "draft" => return Ok(Step::Done),
        Status::Retired if !has_run(ours) => return Ok(Step::Call("cancel")),
        _ => {}
    }
    let line = line(ours, wish)?;
    let anew = wish.status == Status::Active && has_run(ours) && begins_otherwise(ours, line, wish);
    let set = match wish.status {
        Status::Retired => ending(ours, line, wish)?,
        _ => writing(ours, line, wish)?,
    };
    let other = anew || !set.is_empty();
    Ok(match (state, other) {
        // Its first day stands once it has run, also in a draft; nothing was charged yet.
        ("draft", _) if anew => Step::Call("cancel"),
        ("draft", true) => Step::Write(set),
        ("draft", false) if wish.status == Status::Pending => Step::Done,
        ("draft", false) => Step::Call("quote"),
        ("quotation", false) => Step::Call("run"),
        ("quotation" | "running", true) => Step::Call("draft"),
        _ => Step::Done,
    })
}

fn writing(ours: &Value, line: &Value, wish: &Wish<'_>) -> Result<Map<String, Value>, Outcome> {
    let stands = ours.get("currency");
    let stands = stands.map_or("", |currency| text(currency, "code"));
    if let Some(wanted) = wish.currency.filter(|wanted| *wanted != stands) {
        return refuse(format!(
            "the subscription is in {stands}, not in {wanted}, and cannot change that"
        ));
    }
    let (mut set, mut of_line) = (Map::new(), Map::new());
    if let Some(amount) = wish.amount.filter(|_| !same_price(line, wish)) {
        of_line.insert("unit_price".into(), decimal(amount));
    }
    if let Some(from) = wish.from
        && !has_run(ours)
        && begins_otherwise(ours, line, wish)
    {
        set.insert("start_date".into(), day(from));
        of_line.insert("start_date".into(), day(from));
    }
    for (record, set) in [(ours, &mut set), (line, &mut of_line)] {
        if date(record, "end_date").is_some() {
            set.insert("end_date".into(), Value::Null);
        }
    }
    Ok(with_line(set, line, of_line))
}

/// The day itself is not charged any more. What was charged already reaches further, maybe.
fn ending(ours: &Value, line: &Value, wish: &Wish<'_>) -> Result<Map<String, Value>, Outcome> {
    let Some(leave) = wish.leave else {
        return refuse("it is not said when the subscription ends".into());
    };
    let earliest = ["start_date", "consumed_until"].into_iter();
    let earliest = earliest.filter_map(|name| date(line, name)).max();
    let last = earliest.map_or(leave, |earliest| earliest.max(leave));
    let (mut set, mut of_line) = (Map::new(), Map::new());
    for (record, set) in [(ours, &mut set), (line, &mut of_line)] {
        if date(record, "end_date") != Some(last) {
            set.insert("end_date".into(), day(last));
        }
    }
    Ok(with_line(set, line, of_line))
}

fn with_line(
    mut set: Map<String, Value>,
    line: &Value,
    of_line: Map<String, Value>,
) -> Map<String, Value> {
    if !of_line.is_empty() {
        set.insert("lines".into(), json!([["write", [id(line)], of_line]]));
    }
    set
}

/// The one of its lines that is ours: people may have added others.
pub(super) fn line<'s>(ours: &'s Value, wish: &Wish<'_>) -> Result<&'s Value, Outcome> {
    let lines = ours.get("lines");
    let lines = lines
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let of_product = |line: &&Value| {
        let service = line.get("service");
        let product = service.and_then(|service| service.get("product"));
        product.is_some_and(|product| text(product, "code") == wish.product)
    };
    match (lines.iter().find(of_product), lines) {
        (Some(line), _) | (None, [line]) => Ok(line),
        _ => refuse(format!(
            "its subscription has no line of the product “{}”",
            wish.product
        )),
    }
}

pub(super) fn has_run(ours: &Value) -> bool {
    date(ours, "next_invoice_date").is_some()
}

/// Once something was charged, when that began is what it is.
pub(super) fn begins_otherwise(ours: &Value, line: &Value, wish: &Wish<'_>) -> bool {
    let began = date(ours, "start_date");
    date(line, "consumed_until").is_none() && wish.from.is_some() && began != wish.from
}

pub(super) fn refuse<T>(why: String) -> Result<T, Outcome> {
    Err(Outcome::Refused { why })
}

pub(super) fn text<'a>(record: &'a Value, field: &str) -> &'a str {
    record.get(field).and_then(Value::as_str).unwrap_or("")
}

fn read_day(client: &Client, name: &str) -> Result<Option<Date>, Outcome> {
    match client.value(name).map(str::parse) {
        None => Ok(None),
        Some(Ok(day)) => Ok(Some(day)),
        Some(Err(_)) => {
            let given = client.value(name).unwrap_or("");
            refuse(format!("“{given}” is no date"))
        }
    }
}

pub(super) fn decimal(amount: &str) -> Value {
    json!({ "__class__": "Decimal", "decimal": amount })
}

pub(super) fn same_price(line: &Value, wish: &Wish<'_>) -> bool {
    let price = line.get("unit_price").map(|one| text(one, "decimal"));
    let plain = |amount: &str| match amount.contains('.') {
        true => amount
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned(),
        false => amount.to_owned(),
    };
    price.map(plain) == wish.amount.map(plain)
}

pub(super) fn day(date: Date) -> Value {
    let (year, month, day) = (date.year(), date.month(), date.day());
    json!({ "__class__": "date", "year": year, "month": month, "day": day })
}

pub(super) fn date(record: &Value, field: &str) -> Option<Date> {
    let date = record.get(field)?;
    let part = |name: &str| date.get(name).and_then(Value::as_i64);
    Date::new(
        part("year")?.try_into().ok()?,
        part("month")?.try_into().ok()?,
        part("day")?.try_into().ok()?,
    )
    .ok()
}
