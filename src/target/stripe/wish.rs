//! What a client's values ask of Stripe, read before anything is sent.

use super::super::Outcome;
use super::api::{Form, pair};
use crate::model::{Status, hex};
use crate::process::target::Client;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

/// Stripe counts these whole, and the last in thousandths; `|minor` writes hundredths.
const WHOLE: [&str; 14] = [
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf",
    "xof",
];
const THOUSANDTHS: [&str; 5] = ["bhd", "jod", "kwd", "omr", "tnd"];
/// Longer than any amount Stripe takes.
const DIGITS: usize = 12;

pub(super) struct Wish {
    /// What of this section's is marked by: a card may have several lines.
    pub(super) mark: String,
    pub(super) plan: Option<Plan>,
    pub(super) charge_from: Option<Timestamp>,
    pub(super) royalty: Option<Royalty>,
    pub(super) leave: Option<Timestamp>,
    pub(super) days_until_due: Option<String>,
}

/// Its id says all that it is, so that it is made once whoever makes it.
pub(super) struct Plan {
    pub(super) id: String,
    pub(super) amount: i64,
    pub(super) currency: String,
    pub(super) interval: String,
    product: String,
}

pub(super) struct Royalty {
    pub(super) amount: i64,
    pub(super) currency: String,
    pub(super) text: String,
}

impl Wish {
    pub(super) fn of(client: &Client) -> Result<Self, Outcome> {
        // Who leaves is no more charged, whatever else is wanting.
        let stays = |_: &&str| client.status != Status::Retired;
        let plan = match client.value("amount").filter(stays) {
            Some(amount) => Some(Plan::of(client, amount)?),
            None => None,
        };
        let royalty = match client.value("royalty_amount").filter(stays) {
            Some(amount) => {
                let currency = currency(client)?;
                Some(Royalty {
                    amount: counted(amount, &currency)?,
                    currency,
                    text: client.value("royalty_text").unwrap_or("Royalty").to_owned(),
                })
            }
            None => None,
        };
        let mark = match client.value("line") {
            Some(line) => format!("{}/{line}", client.key),
            None => client.key.clone(),
        };
        Ok(Self {
            mark,
            plan,
            charge_from: match client.status {
                Status::Retired => None,
                _ => day(client, "charge_from")?,
            },
            royalty,
            leave: day(client, "leave_date")?,
            days_until_due: client.value("days_until_due").map(str::to_owned),
        })
    }
}

impl Plan {
    fn of(client: &Client, amount: &str) -> Result<Self, Outcome> {
        let currency = currency(client)?;
        let amount = counted(amount, &currency)?;
        let interval = client.value("interval").unwrap_or("month");
        if !["day", "week", "month", "year"].contains(&interval) {
            return refuse(format!(
                "“{interval}” is no interval: it is day, week, month or year"
            ));
        }
        let mut id = format!("signalman-{amount}-{currency}-{interval}");
        let tariff = client.value("tariff");
        if let Some(tariff) = tariff {
            // Tariffs of one price are different lines on an invoice.
            let short = hex(&Sha256::digest(tariff)[..4]);
            id = format!("{id}-{short}");
        }
        Ok(Self {
            product: tariff.unwrap_or(&id).to_owned(),
            id,
            amount,
            currency,
            interval: interval.to_owned(),
        })
    }

    pub(super) fn form(&self) -> Form {
        vec![
            pair("id", &self.id),
            pair("amount", self.amount.to_string()),
            pair("currency", &self.currency),
            pair("interval", &self.interval),
            pair("product[name]", &self.product),
        ]
    }
}

fn refuse<T>(why: String) -> Result<T, Outcome> {
    Err(Outcome::Refused { why })
}

fn currency(client: &Client) -> Result<String, Outcome> {
    let given = client.value("currency").unwrap_or("");
    match given.len() == 3 && given.chars().all(|one| one.is_ascii_alphabetic()) {
        true => Ok(given.to_lowercase()),
        false => refuse(format!("“{given}” is no currency of three letters")),
    }
}

/// Hundredths as Stripe counts them.
fn counted(amount: &str, currency: &str) -> Result<i64, Outcome> {
    let digits = amount.len() <= DIGITS && amount.chars().all(|one| one.is_ascii_digit());
    let Some(hundredths) = amount.parse::<i64>().ok().filter(|_| digits) else {
        return refuse(format!("“{amount}” is no amount in the smallest unit"));
    };
    if THOUSANDTHS.contains(&currency) {
        return Ok(hundredths * 10);
    }
    match WHOLE.contains(&currency) {
        false => Ok(hundredths),
        true if hundredths % 100 == 0 => Ok(hundredths / 100),
        true => refuse(format!("there are no hundredths in {currency}")),
    }
}

/// The beginning of a day, by the clock all share.
fn day(client: &Client, name: &str) -> Result<Option<Timestamp>, Outcome> {
    let Some(given) = client.value(name) else {
        return Ok(None);
    };
    let date: Option<Date> = given.parse().ok();
    let began = date.and_then(|date| TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok());
    match began {
        Some(began) => Ok(Some(began)),
        None => refuse(format!("“{given}” is no date")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_sent_as_stripe_counts_the_currency() {
        assert_eq!(counted("199050", "rub"), Ok(199_050));
        assert_eq!(counted("199000", "jpy"), Ok(1990));
        assert!(counted("199050", "jpy").is_err());
        assert_eq!(counted("199050", "kwd"), Ok(1_990_500));
        for wrong in ["", "1990.50", "-5", "1 990", "9999999999999"] {
            assert!(counted(wrong, "rub").is_err(), "{wrong}");
        }
    }
}
