//! What the figures go by, as it is written.

use schemars::JsonSchema;
use serde::Deserialize;

/// What the figures go by: the fee that a late client does not pay yet, and when a client pays, has
/// what was ordered, is charged.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::process::file) struct RawFigures {
    /// The money field of what a client pays a month: a day's delay costs a thirtieth of it.
    pub(in crate::process::file) fee: Option<String>,
    /// The field that says in which currency.
    pub(in crate::process::file) currency: Option<String>,
    /// When the first payment came.
    pub(in crate::process::file) paid: Option<RawMark>,
    /// When the client got what was ordered.
    pub(in crate::process::file) live: Option<RawMark>,
    /// From when the fee is charged.
    pub(in crate::process::file) charged: Option<RawMark>,
}

/// What tells when something came to pass: one of `item` (its first tick), `field` (the date in it),
/// `stage` (its first entry).
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["item"]}, {"required": ["field"]}, {"required": ["stage"]}]))]
pub(in crate::process::file) struct RawMark {
    pub(in crate::process::file) item: Option<String>,
    pub(in crate::process::file) field: Option<String>,
    pub(in crate::process::file) stage: Option<String>,
}
