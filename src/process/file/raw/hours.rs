//! What a file says of time, as it is written: when people work, dates, the ladder.

use super::RawReach;
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
    /// Of other countries a file beside this one, such as "holidays.ics": `signalman check`, `setup` and
    /// `apply` put its days among those that are off.
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
    /// By which ways this person is told what a comment calls for, besides the card.
    #[serde(default)]
    pub(in crate::process::file) notify: Vec<RawReach>,
    /// On working mornings: whose turn it is, what waits, what will be late.
    #[serde(default)]
    pub(in crate::process::file) digest: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::process::file) struct RawDeadline {
    /// A date field.
    pub(in crate::process::file) field: String,
    /// The item whose tick ends it. None: it ends when the card moves on.
    pub(in crate::process::file) until: Option<String>,
    #[schemars(length(min = 1))]
    pub(in crate::process::file) tell: Vec<RawTell>,
}

/// One of before, on_the_day, each.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["before"]}, {"required": ["on_the_day"]}, {"required": ["each"]}]))]
pub(in crate::process::file) struct RawTell {
    /// Working days before the date, such as 3d.
    #[schemars(example = "3d", regex(pattern = "^[0-9]+d$"))]
    pub(in crate::process::file) before: Option<String>,
    #[serde(default)]
    pub(in crate::process::file) on_the_day: bool,
    /// Every so many working days after it, such as 1d.
    #[schemars(example = "1d", regex(pattern = "^[0-9]+d$"))]
    pub(in crate::process::file) each: Option<String>,
    #[schemars(length(min = 1))]
    pub(in crate::process::file) who: Vec<String>,
}

/// What is told when so much of a stage's limit is over.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::process::file) struct RawRung {
    /// The part of the limit, such as 80% or 150%.
    #[schemars(example = "100%", regex(pattern = "^[0-9]+%$"))]
    pub(in crate::process::file) at: String,
    /// Who is told: "owner" is whoever's turn it is, "lead" the lead of that role; or roles by key.
    #[schemars(length(min = 1))]
    pub(in crate::process::file) tell: Vec<String>,
    /// Of these stages alone. None: of every stage with a limit.
    #[serde(default)]
    pub(in crate::process::file) stages: Vec<String>,
    /// From here on the card bears the label `late`.
    #[serde(default)]
    pub(in crate::process::file) late: bool,
}
