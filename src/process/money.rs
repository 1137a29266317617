//! What a day's delay costs: a thirtieth of the monthly fee. Figures and reminders go by the same.

use super::facts::Value;
use super::rules::{FieldKey, Process};

/// The currency and the monthly fee in hundredths, as far as the file names them and the card tells.
pub fn fee(
    process: &Process,
    value: impl Fn(&FieldKey) -> Option<Value>,
) -> Option<(Option<String>, i64)> {
    let Value::Money(fee) = value(process.counted.fee.as_ref()?)? else {
        return None;
    };
    let currency = process.counted.currency.as_ref();
    let currency = currency.and_then(|field| match value(field)? {
        Value::Text(text) => Some(text),
        _ => None,
    });
    Some((currency, fee))
}

/// A day is a thirtieth of the month, to the nearest hundredth.
pub fn thirtieths(fee: i64, days: i64) -> i64 {
    (fee.saturating_mul(days).saturating_add(15)).div_euclid(30)
}
