//! A JSON API as it is written: `[target.http]`, and the ready-made ones.

use crate::process::target::http::Like;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::process::file) struct RawHttp {
    pub(in crate::process::file) auth: Option<RawAuth>,
    /// Sent with every request.
    #[serde(default)]
    pub(in crate::process::file) headers: Vec<RawPair>,
    /// Where a record has its id, such as /id. Default: /id. `#` is its place in the answer, from 1.
    #[schemars(example = "/id")]
    pub(in crate::process::file) id: Option<String>,
    /// Where a record keeps our name for it, such as /external_id.
    #[schemars(example = "/external_id")]
    pub(in crate::process::file) key: Option<String>,
    /// What the names that are put are found below, such as /properties. Default: the record itself.
    #[schemars(example = "/properties")]
    pub(in crate::process::file) fields: Option<String>,
    /// A record is a list: what is put stands in it in order, behind so many columns.
    pub(in crate::process::file) columns: Option<u32>,
    /// Where people see a record, below the target's address: contacts/{id}.
    #[schemars(example = "contacts/{id}")]
    pub(in crate::process::file) link: Option<String>,
    /// Where a refusal says why.
    #[serde(default)]
    pub(in crate::process::file) message: Vec<String>,
    pub(in crate::process::file) status: Option<RawStatus>,
    /// What of a record is found elsewhere than under its own name, or compared in another way.
    #[serde(default)]
    pub(in crate::process::file) field: Vec<RawAt>,
    /// Reads one record by its id.
    pub(in crate::process::file) read: Option<RawAsk>,
    /// Looks for the record that has our name for it.
    pub(in crate::process::file) search: Option<RawAsk>,
    /// Looks for a record entered by hand; of several the first that has all it asks with.
    #[serde(default, rename = "match")]
    pub(in crate::process::file) by_hand: Vec<RawAsk>,
    pub(in crate::process::file) create: RawCreate,
    /// Each is sent where something differs that it writes, in order.
    #[serde(default)]
    pub(in crate::process::file) update: Vec<RawWrite>,
    /// Marks a record as retired, where `update` does not do it.
    pub(in crate::process::file) retire: Option<RawWrite>,
    /// Brings a retired record back, before anything else is written.
    pub(in crate::process::file) revive: Option<RawWrite>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::process::file) struct RawAuth {
    pub(in crate::process::file) by: RawBy,
    /// The header's name.
    #[schemars(example = "X-Api-Key")]
    pub(in crate::process::file) header: Option<String>,
    /// What stands before the key in the header.
    pub(in crate::process::file) before: Option<String>,
    /// Where tokens are given out.
    #[schemars(example = "https://crm.example/oauth/token")]
    pub(in crate::process::file) token: Option<String>,
    pub(in crate::process::file) scope: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::process::file) enum RawBy {
    Bearer,
    /// The variable holds user:password.
    Basic,
    Header,
    /// The key is a part of every address.
    Path,
    /// The variable holds id:secret.
    ClientCredentials,
    /// The variable holds id:secret:token.
    RefreshToken,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::process::file) struct RawPair {
    pub(in crate::process::file) name: String,
    pub(in crate::process::file) value: Option<String>,
    /// Instead of a value: JSON, sent as text.
    pub(in crate::process::file) json: Option<String>,
    /// In base64, as addresses take it.
    #[serde(default)]
    pub(in crate::process::file) base64: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::process::file) struct RawStatus {
    /// Where a record says it.
    #[schemars(example = "/active")]
    pub(in crate::process::file) at: String,
    pub(in crate::process::file) active: String,
    pub(in crate::process::file) retired: String,
    /// Default: as active.
    pub(in crate::process::file) pending: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::process::file) struct RawAt {
    pub(in crate::process::file) name: String,
    #[schemars(example = "/custom/phone")]
    pub(in crate::process::file) at: Option<String>,
    pub(in crate::process::file) like: Option<Like>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::process::file) struct RawAsk {
    /// The method and the path below the target's address.
    #[schemars(example = "GET contacts")]
    pub(in crate::process::file) send: String,
    #[serde(default)]
    pub(in crate::process::file) query: Vec<RawPair>,
    pub(in crate::process::file) json: Option<String>,
    #[serde(default)]
    pub(in crate::process::file) form: Vec<RawPair>,
    /// Where in the answer the records are: lists, or one. Default: the answer itself.
    #[serde(default)]
    pub(in crate::process::file) records: Vec<String>,
    /// Where in what was found the id is, if there is no more of it: the record is read then.
    pub(in crate::process::file) ids: Option<String>,
    pub(in crate::process::file) pages: Option<RawPages>,
    /// Statuses that say that there is none. 204 does anyway, and 404 to `read`.
    #[serde(default)]
    pub(in crate::process::file) none: Vec<u16>,
}

/// One of `offset`, `number`, `cursor` and `next`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::process::file) struct RawPages {
    /// The part of the query that says how many records to skip.
    pub(in crate::process::file) offset: Option<String>,
    /// The part of the query that says the number of the page, from 1.
    pub(in crate::process::file) number: Option<String>,
    /// How many records a page has: a shorter one is the last.
    pub(in crate::process::file) size: Option<u32>,
    /// The part of the query that takes what the last answer says at `at`.
    pub(in crate::process::file) cursor: Option<String>,
    pub(in crate::process::file) at: Option<String>,
    /// Where the answer has the next page's address.
    pub(in crate::process::file) next: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::process::file) struct RawCreate {
    /// The method and the path below the target's address.
    #[schemars(example = "POST contacts")]
    pub(in crate::process::file) send: String,
    #[serde(default)]
    pub(in crate::process::file) query: Vec<RawPair>,
    pub(in crate::process::file) json: Option<String>,
    #[serde(default)]
    pub(in crate::process::file) form: Vec<RawPair>,
    /// Where the answer has the new record's id. Default: /id.
    pub(in crate::process::file) id: Option<String>,
    /// Answers that mean that it is there already. 409 and 412 do anyway.
    #[serde(default)]
    pub(in crate::process::file) exists: Vec<RawExists>,
    /// The header that tells a repetition, such as Idempotency-Key.
    pub(in crate::process::file) idempotency: Option<String>,
    /// So many seconds what was made may not be found yet: after a lost answer it is waited for.
    pub(in crate::process::file) settle: Option<u16>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::process::file) struct RawExists {
    pub(in crate::process::file) status: u16,
    /// Where it says so.
    pub(in crate::process::file) at: Option<String>,
    /// A part of what it says there.
    pub(in crate::process::file) says: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::process::file) struct RawWrite {
    /// The method and the path below the target's address.
    #[schemars(example = "PATCH contacts/{id}")]
    pub(in crate::process::file) send: String,
    #[serde(default)]
    pub(in crate::process::file) query: Vec<RawPair>,
    pub(in crate::process::file) json: Option<String>,
    #[serde(default)]
    pub(in crate::process::file) form: Vec<RawPair>,
    /// Not where the record has something there.
    pub(in crate::process::file) unless: Option<String>,
}
