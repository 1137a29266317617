//! Ways to a person besides the card, as they are written.

use crate::process::notify::WayKind;
use schemars::JsonSchema;
use serde::Deserialize;

/// A way by which people may be told what a comment tells them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::process::file) struct RawWay {
    /// People name it by this, in `notify`.
    pub(in crate::process::file) key: String,
    pub(in crate::process::file) kind: WayKind,
    /// smtp: smtps://mail.example:465, or smtp://mail.example:587 where TLS begins by STARTTLS.
    /// matrix: the home server. telegram: only where it is not Telegram's own.
    #[schemars(example = &"smtps://mail.example:465")]
    pub(in crate::process::file) url: Option<String>,
    /// smtp: whose name it bears.
    #[schemars(example = &"signalman@mail.example")]
    pub(in crate::process::file) from: Option<String>,
    /// smtp: who logs in. Default: `from`.
    pub(in crate::process::file) user: Option<String>,
    /// The environment variable with its password or token; of a webhook its address. Its name begins
    /// with NOTIFY_.
    #[schemars(example = &"NOTIFY_MAIL_PASSWORD")]
    pub(in crate::process::file) secret_in: Option<String>,
    /// It may stand in a private network.
    #[serde(default)]
    pub(in crate::process::file) allow_private: bool,
}

/// One way that a person has chosen.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::process::file) struct RawReach {
    /// The key of a `[[way]]`.
    pub(in crate::process::file) way: String,
    /// smtp: the e-mail address. matrix: the room's id. telegram: the chat's number, where the person
    /// has not opened it by a link of `signalman invite`.
    pub(in crate::process::file) to: Option<String>,
    /// The environment variable that holds it, for a file that others read. Its name begins with NOTIFY_.
    #[schemars(example = &"NOTIFY_TO_MARIA")]
    pub(in crate::process::file) to_in: Option<String>,
}
