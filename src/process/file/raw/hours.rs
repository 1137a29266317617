//! When people work, as it is written: the board's hours, and a person's own.

use crate::process::rules::Production;
use schemars::JsonSchema;
use serde::Deserialize;

/// Working hours, in which limits are counted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::process::file) struct RawHours {
    /// mon, tue, wed, thu, fri, sat, sun.
    #[schemars(length(min = 1))]
    pub(in crate::process::file) days: Vec<Day>,
    /// Such as 10:00.
    #[schemars(example = "10:00", regex(pattern = "^[0-9]{1,2}:[0-9]{2}$"))]
    pub(in crate::process::file) from: String,
    #[schemars(example = "19:00", regex(pattern = "^[0-9]{1,2}:[0-9]{2}$"))]
    pub(in crate::process::file) to: String,
    /// Two times between which nobody works.
    pub(in crate::process::file) lunch: Option<Vec<String>>,
    /// The production calendar that counts: ru. Holidays, days moved, and eves that are an hour shorter.
    pub(in crate::process::file) calendar: Option<Production>,
    /// Days off besides, such as 2027-01-01.
    #[serde(default)]
    pub(in crate::process::file) off: Vec<String>,
    /// Days that are worked besides.
    #[serde(default)]
    pub(in crate::process::file) on: Vec<String>,
    /// Days that end an hour earlier.
    #[serde(default)]
    pub(in crate::process::file) short: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::process::file) enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// One person, whichever roles that person holds.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::process::file) struct RawPerson {
    /// The Trello username.
    pub(in crate::process::file) login: String,
    /// Working hours of this person's own. Of `calendar`, `off`, `on` and `short` those that are not
    /// given are those of `[hours]`.
    pub(in crate::process::file) hours: Option<RawHours>,
}
