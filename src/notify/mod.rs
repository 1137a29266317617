//! Floor 2: ways to reach a person, a file for each kind. Each takes a message once and says how that
//! ended; whether it is tried again is not decided here. No kind knows of a process or a store, and
//! none repeats an address, a password or a token in what it says.

mod door;
pub mod invite;
mod matrix;
#[cfg(feature = "mail")]
mod smtp;
mod telegram;
mod webhook;

pub use door::PAUSE;
pub use telegram::{Chats, Update};

use crate::model::Message;
use crate::process::notify::{Way, WayKind};
use async_trait::async_trait;
use secrecy::SecretString;
use std::time::Duration;

#[async_trait]
pub trait Carrier: Send + Sync {
    async fn send(&self, letter: &Letter<'_>) -> Outcome;

    /// Whether it would take something: nothing is sent.
    async fn look(&self) -> Result<(), Outcome>;
}

/// A message on its way to one person.
pub struct Letter<'m> {
    /// Of this message to this person by this way, always the same: what knows it by that shows it once.
    pub id: &'m str,
    /// None where the way itself is all the address there is.
    pub to: Option<&'m str>,
    pub message: &'m Message,
}

/// How an attempt ended. A reason is shown to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    /// It would not be taken the next time either.
    Refused {
        why: String,
    },
    /// Nothing was sent.
    Retry {
        after: Duration,
        why: String,
    },
    /// It may have been sent.
    Unknown {
        why: String,
    },
}

impl Outcome {
    pub fn why(&self) -> &str {
        match self {
            Self::Sent => "",
            Self::Refused { why } | Self::Retry { why, .. } | Self::Unknown { why } => why,
        }
    }

    /// Without the person's address, which servers like to repeat: the board reads the reason.
    pub fn hiding(mut self, to: Option<&str>) -> Self {
        let to = to.filter(|to| !to.is_empty());
        if let (Some(to), Self::Refused { why } | Self::Retry { why, .. } | Self::Unknown { why }) =
            (to, &mut self)
        {
            *why = why.replace(to, "…");
        }
        self
    }
}

/// A way that cannot be used as it is configured; for whoever hosts the service.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("the environment variable {0} is not set: it holds the secret of this way")]
    NoSecret(String),
    #[error("the address of this way cannot be used: {0}")]
    Address(String),
    #[error("the environment variable {name} does not hold {wanted}")]
    Secret { name: String, wanted: &'static str },
    #[error("this program was built without e-mail (cargo feature `mail`)")]
    NoMail,
}

/// `secret`: what the variable that the way names holds.
pub fn open(way: &Way, secret: Option<SecretString>) -> Result<Box<dyn Carrier>, Unfit> {
    let secret = match (&way.secret_in, secret) {
        (Some(name), None) => return Err(Unfit::NoSecret(name.clone())),
        (_, secret) => secret,
    };
    Ok(match way.kind {
        #[cfg(feature = "mail")]
        WayKind::Smtp => Box::new(smtp::Smtp::new(way, secret)?),
        #[cfg(not(feature = "mail"))]
        WayKind::Smtp => return Err(Unfit::NoMail),
        WayKind::Telegram => Box::new(Chats::new(way, secret)?),
        WayKind::Matrix => Box::new(matrix::Matrix::new(way, secret)?),
        WayKind::Webhook => Box::new(webhook::Webhook::new(way, secret)?),
    })
}

/// Subject, text and link, for ways that know one text alone; cut where it is longer than they take.
fn in_one(message: &Message, most: usize) -> String {
    let link = message.link.as_ref();
    let link = link.filter(|link| !message.text.contains(link.as_str()));
    let link = link.map(|link| format!("\n{link}")).unwrap_or_default();
    let left = most.saturating_sub(link.chars().count());
    let text = format!("{}\n\n{}", message.subject.trim(), message.text.trim());
    let text = match text.chars().count() > left {
        true => text
            .chars()
            .take(left.saturating_sub(1))
            .chain(['…'])
            .collect(),
        false => text,
    };
    format!("{text}{link}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Message {
        Message {
            about: "7K3FQ2".into(),
            card: None,
            subject: "Кефир FM".into(),
            text: text.into(),
            link: Some("https://trello.com/c/1".into()),
            at_once: false,
        }
    }

    #[test]
    fn what_is_too_long_is_cut_and_keeps_its_link() {
        let short = in_one(&message("Ваш ход."), 4096);
        assert_eq!(short, "Кефир FM\n\nВаш ход.\nhttps://trello.com/c/1");
        let long = in_one(&message(&"я".repeat(9000)), 4096);
        assert_eq!(long.chars().count(), 4096);
        assert!(long.ends_with("я…\nhttps://trello.com/c/1"));
    }

    #[test]
    fn a_link_that_stands_in_the_text_is_not_said_twice() {
        let told = in_one(&message("Подробно: https://trello.com/c/1"), 4096);
        assert_eq!(told.matches("https://").count(), 1);
    }
}
