//! Ways to a person besides the card, as the process file names them, and which of them each person
//! has chosen. Nothing is sent from here.

use super::bind::Bindings;
use super::rules::{Person, Process};
use crate::model::MemberId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

/// A way that messages go, whoever they are for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Way {
    /// People name it by this.
    pub key: String,
    pub kind: WayKind,
    /// Where it is; a webhook's address is its secret.
    pub url: Option<String>,
    /// Whose name e-mail bears.
    pub from: Option<String>,
    /// Who logs in, where that is not `from`.
    pub user: Option<String>,
    /// The environment variable that holds its password, token or address.
    pub secret_in: Option<String>,
    /// Whether its address may be one of a private network.
    pub allow_private: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WayKind {
    /// E-mail.
    Smtp,
    Telegram,
    Matrix,
    /// An address that takes JSON {"text": …}, as Slack and Mattermost do.
    Webhook,
}

impl WayKind {
    /// As sentences for authors and operators name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Smtp => "e-mail",
            Self::Telegram => "Telegram",
            Self::Matrix => "Matrix",
            Self::Webhook => "a webhook",
        }
    }
}

/// One way that a person has chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    pub way: String,
    pub to: To,
}

/// Where a person is reached by a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    Told(String),
    /// In this environment variable: the file is kept where others read it.
    In(String),
    /// Telegram: in the chat that the person has opened by a link.
    Chat,
    /// The way itself is all the address there is.
    Way,
}

impl Way {
    /// The address of a server, where its kind has one.
    pub fn address(&self) -> Option<Url> {
        Url::parse(self.url.as_deref()?).ok()
    }
}

impl Process {
    pub fn way(&self, key: &str) -> Option<&Way> {
        self.ways.iter().find(|way| way.key == key)
    }

    /// What the file says of somebody on the board.
    pub fn person_of(&self, bindings: &Bindings, member: &MemberId) -> Option<&Person> {
        let known = bindings.people.get(member)?;
        self.person(&known.username)
            .filter(|_| !known.username.is_empty())
    }
}
