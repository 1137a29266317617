//! How Stripe's records are read, and what of them is not as it is wished for.

use super::super::Outcome;
use super::api::{Form, id, number, pair, text};
use super::wish::{Plan, Royalty, Wish};
use crate::process::target::Client;
use jiff::Timestamp;
use serde_json::Value;

/// Under this name our key stands in the metadata of what is ours.
pub(super) const MARK: &str = "signalman";
const OF_CUSTOMER: [&str; 3] = ["name", "email", "phone"];

pub(super) fn one_of(mut found: Vec<Value>) -> Result<Option<Value>, Outcome> {
    match found.len() {
        0 | 1 => Ok(found.pop()),
        _ => Err(Outcome::Several {
            ids: found.iter().map(|one| id(one).to_owned()).collect(),
        }),
    }
}

pub(super) fn mark(record: &Value) -> &str {
    record.get("metadata").map_or("", |data| text(data, MARK))
}

/// Its lasting would hang on a payment that has not come. One that is yet to be charged has no
/// invoice.
pub(super) fn unpaid(subscription: &Value) -> bool {
    let billed = |invoice: &Value| !invoice.is_null();
    text(subscription, "status") == "incomplete"
        && subscription.get("latest_invoice").is_some_and(billed)
}

pub(super) fn at_period_end(subscription: &Value) -> bool {
    subscription.get("cancel_at_period_end") == Some(&Value::Bool(true))
}

pub(super) fn ends(subscription: &Value) -> bool {
    at_period_end(subscription) || number(subscription, "cancel_at").is_some()
}

/// Where their clock is not known, they say themselves that a day has passed.
pub(super) fn ahead(day: Timestamp, now: Option<Timestamp>) -> bool {
    now.is_none_or(|now| day > now)
}

pub(super) fn customer_form(customer: &Value, client: &Client) -> Form {
    let differs = OF_CUSTOMER.into_iter().filter_map(|name| {
        let value = client.value(name)?;
        (text(customer, name) != value).then(|| pair(name, value))
    });
    differs.collect()
}

/// The names of what a plan says otherwise.
pub(super) fn says(there: &Value, plan: &Plan) -> Vec<&'static str> {
    let mut other = Vec::new();
    if number(there, "amount") != Some(plan.amount) {
        other.push("amount");
    }
    if text(there, "currency") != plan.currency {
        other.push("currency");
    }
    if text(there, "interval") != plan.interval {
        other.push("interval");
    }
    other
}

/// Its first item, and the plan of that.
pub(super) fn item(subscription: &Value) -> (&str, &Value) {
    let items = subscription
        .get("items")
        .and_then(|items| items.get("data"));
    let first = items.and_then(|items| items.get(0)).unwrap_or(&Value::Null);
    (id(first), first.get("plan").unwrap_or(&Value::Null))
}

/// What makes a subscription that is there the one that is wished for.
pub(super) fn change(running: &Value, plan: &Plan, wish: &Wish, now: Option<Timestamp>) -> Form {
    let mut form = Form::new();
    let (item, stands) = item(running);
    if id(stands) != plan.id {
        form.push(pair("items[0][id]", item));
        form.push(pair("items[0][plan]", &plan.id));
    }
    // Only a start that still lies ahead can be put elsewhere.
    let until = number(running, "trial_end").and_then(|until| Timestamp::from_second(until).ok());
    if let (Some(until), Some(from)) = (until.filter(|until| ahead(*until, now)), wish.charge_from)
        && until != from
    {
        let at = match ahead(from, now) {
            true => from.as_second().to_string(),
            false => "now".to_owned(),
        };
        form.push(pair("trial_end", at));
    }
    if at_period_end(running) {
        form.push(pair("cancel_at_period_end", "false"));
    } else if number(running, "cancel_at").is_some() {
        form.push(pair("cancel_at", ""));
    }
    form
}

pub(super) fn royalty_form(line: Option<&Value>, royalty: &Royalty) -> Form {
    let mut form = Form::new();
    if line.and_then(|line| number(line, "amount")) != Some(royalty.amount) {
        form.push(pair("amount", royalty.amount.to_string()));
    }
    if line.map(|line| text(line, "description")) != Some(&royalty.text) {
        form.push(pair("description", &royalty.text));
    }
    form
}
