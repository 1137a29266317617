//! Floor 2: outside systems where an active client is to stand, a file for each kind. Each looks
//! before it writes: by its own name for the record if that is known, by ours, by what a client
//! entered by hand is known by. So whatever was left unknown is cleared up by asking again, and
//! nothing stands there twice. Nothing is ever deleted there. No kind knows of a process or a store.

mod carddav;
mod cards;
mod door;
mod http;
mod linked;
mod postgres;
mod stripe;
mod table;
mod tryton;

pub use cards::{Cards, Set as CardSet};

use crate::model::Status;
use crate::process::target::{Client, Target, TargetKind};
use async_trait::async_trait;
use jiff::civil::Date;
use secrecy::SecretString;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

#[async_trait]
pub trait System: Send + Sync {
    /// Brings it about that the client stands there once, as it is given. Never two at once of one
    /// client.
    async fn upsert(&self, client: &Client) -> Outcome;

    /// How the client stands there now: nothing is written.
    async fn look(&self, client: &Client) -> Result<Found, Outcome> {
        match self.looked(client).await {
            Err(Outcome::Several { ids }) => Ok(Found::Several { ids }),
            looked => looked,
        }
    }

    /// The same, where several may still end it: `look` makes an answer of them.
    async fn looked(&self, client: &Client) -> Result<Found, Outcome>;

    /// Whether the client was charged or invoiced from a day on and before another; none where the
    /// place cannot say so of this client.
    async fn billed(
        &self,
        _client: &Client,
        _from: Date,
        _before: Date,
    ) -> Result<Option<bool>, Outcome> {
        Ok(None)
    }
}

/// What there is of a client in a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Nothing,
    One {
        id: String,
        link: Option<String>,
        /// Where the place can say so.
        status: Option<Status>,
        /// The names of those of its fields that say something else.
        differs: Vec<String>,
    },
    Several {
        ids: Vec<String>,
    },
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Read there after whatever was written: their name for the record, and where people see it.
    Confirmed { id: String, link: Option<String> },
    /// Several there could be the client, by their names: nothing was written.
    Several { ids: Vec<String> },
    /// A person has to mend something; in the place's own words.
    Refused { why: String },
    /// Nothing was done, or nothing that looking again would not show.
    Retry { after: Duration, why: String },
    /// Something may have been done.
    Unknown { why: String },
}

/// Without letters that are none: nothing shows them, and not every place keeps them.
fn cleaned(client: &Client) -> Client {
    let clean = |text: &str| -> String {
        let text = text.replace("\r\n", "\n");
        let odd = |one: char| one.is_control() && one != '\n' && one != '\t';
        let odd = |one: char| odd(one) || matches!(one, '\u{fffe}' | '\u{ffff}');
        text.replace(odd, "")
    };
    let mut client = client.clone();
    client
        .values
        .values_mut()
        .for_each(|value| *value = clean(value));
    for (_, value) in &mut client.matching {
        *value = clean(value);
    }
    client
}

/// What environment variables hold, as far as a target may name them.
#[derive(Clone, Default)]
pub struct Secrets(Option<Arc<Look>>);

type Look = dyn Fn(&str) -> Option<SecretString> + Send + Sync;

impl Secrets {
    pub fn new(look: impl Fn(&str) -> Option<SecretString> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(look)))
    }

    pub fn get(&self, name: &str) -> Option<SecretString> {
        self.0.as_ref().and_then(|look| look(name))
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

/// A target that cannot be used as it is configured; for whoever hosts the service.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("the environment variable {0} is not set: it holds the key of this place")]
    NoSecret(String),
    #[error("the address of this place cannot be used: {0}")]
    Address(String),
    #[error("this place is a list on Trello, and no way there was given")]
    NoTrello,
    #[error("the environment variable {name} does not hold {wanted}")]
    Secret { name: String, wanted: &'static str },
    #[error("nothing says which requests this place takes")]
    NoRequests,
}

/// `secret`: what the variable that the target names holds.
pub fn open(target: &Target, secret: Option<SecretString>) -> Result<Box<dyn System>, Unfit> {
    open_beside(target, secret, None)
}

/// `cards`: the way to other boards, where there is one.
pub fn open_beside(
    target: &Target,
    secret: Option<SecretString>,
    cards: Option<Arc<dyn Cards>>,
) -> Result<Box<dyn System>, Unfit> {
    let secret = match (&target.key_in, secret) {
        (Some(name), None) => return Err(Unfit::NoSecret(name.clone())),
        (_, secret) => secret,
    };
    let door = |secret| door::Door::new(&target.url, secret, target.allow_private);
    let system: Box<dyn System> = match target.kind {
        TargetKind::Tryton => Box::new(tryton::Tryton::new(door(secret)?, target)),
        TargetKind::Stripe => Box::new(stripe::Stripe::new(door(secret)?, target)),
        TargetKind::Postgres => Box::new(postgres::Postgres::new(target, secret)?),
        TargetKind::Carddav => {
            Box::new(carddav::Carddav::new(door(None)?, target, secret.as_ref()))
        }
        TargetKind::Table => Box::new(table::Table::new(target)?),
        TargetKind::TrelloList => {
            let cards = cards.ok_or(Unfit::NoTrello)?;
            Box::new(cards::TrelloList::new(cards, &target.url))
        }
        TargetKind::Http => Box::new(http::Http::new(door(None)?, target, secret)?),
    };
    Ok(Box::new(linked::Linked(system)))
}
