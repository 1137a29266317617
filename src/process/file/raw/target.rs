//! A place outside Trello as it is written.

use super::http::RawHttp;
use crate::process::file::http::Preset;
use crate::process::target::{Keyed, TargetKind};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::process::file) struct RawTarget {
    /// The check item that stands for this place names it by this, as its `target`.
    pub(in crate::process::file) key: String,
    pub(in crate::process::file) kind: TargetKind,
    /// Where it is, such as https://tryton.example/firm/rest/model.
    #[schemars(example = "https://tryton.example/firm/rest/model")]
    pub(in crate::process::file) url: String,
    /// The environment variable with its key: its name begins with TARGET_.
    #[schemars(example = &"TARGET_ACCOUNTING_KEY")]
    pub(in crate::process::file) key_in: Option<String>,
    /// station: a record for each card. organisation: one for each client, known by `match`.
    pub(in crate::process::file) keyed: Option<Keyed>,
    /// Names of fields put there by which a client entered by hand is found.
    #[serde(default, rename = "match")]
    pub(in crate::process::file) matching: Vec<String>,
    /// The stage on whose entry it is filled. Default: the one that brings its item.
    pub(in crate::process::file) at: Option<String>,
    /// Where people see a record there, for places that give no link: {id} is their name for it, fields
    /// of the card stand as in `put`.
    #[schemars(example = &"https://crm.example/clients/{id}")]
    pub(in crate::process::file) link: Option<String>,
    /// It may stand in a private network.
    #[serde(default)]
    pub(in crate::process::file) allow_private: bool,
    /// postgres: the table, such as crm.clients. table: the sheet of a workbook; default: its first.
    pub(in crate::process::file) table: Option<String>,
    /// postgres, table: the column for Signalman's name of a record. Default: external_id in postgres,
    /// signalman in a table.
    pub(in crate::process::file) id_column: Option<String>,
    /// postgres, table: the column that says pending, active or retired. Default: status.
    pub(in crate::process::file) status_column: Option<String>,
    /// carddav: who logs in with what `key_in` holds.
    pub(in crate::process::file) user: Option<String>,
    #[schemars(length(min = 1))]
    pub(in crate::process::file) put: Vec<RawPut>,
    /// A ready-made description of an API, for the kind http.
    pub(in crate::process::file) preset: Option<Preset>,
    /// Which requests the API takes, for the kind http.
    pub(in crate::process::file) http: Option<RawHttp>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::process::file) struct RawPut {
    /// Their field.
    pub(in crate::process::file) name: String,
    /// What goes into it: {key} stands for a field's value, {card_url} for the card's address.
    pub(in crate::process::file) value: String,
}
