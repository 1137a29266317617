//! One kind of place, spoken to without a board: from the section of a process file, and a client
//! who stands on no card.

use crate::radio::radio_text;
use jiff::Timestamp;
use secrecy::SecretString;
use signalman::model::{CardId, Status};
use signalman::process::file;
use signalman::process::target::Client;
use signalman::target::{self, Outcome, System};
use std::sync::atomic::{AtomicI64, Ordering};

/// The system that a section describes, which `signalman check` must like.
pub(crate) fn system(section: &str, secret: Option<&str>) -> Box<dyn System> {
    let text = format!("{}\n{section}", radio_text());
    let process = match file::read(&text) {
        Ok(checked) => checked.process,
        Err(mistakes) => panic!("{}", file::render_all(&mistakes, "test.toml", &text)),
    };
    let secret = secret.map(|secret| SecretString::from(secret.to_owned()));
    target::open(&process.targets[0], secret).unwrap()
}

/// Later than every one before.
pub(crate) fn client(key: &str, values: &[(&str, &str)]) -> Client {
    static NOW: AtomicI64 = AtomicI64::new(1_790_000_000);
    let now = NOW.fetch_add(1, Ordering::Relaxed);
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Client {
        key: key.to_owned(),
        card: CardId::new(key),
        status: Status::Active,
        own: Status::Active,
        at: Timestamp::from_second(now).unwrap(),
        known: None,
        values: values.iter().map(owned).collect(),
        matching: Vec::new(),
        link: None,
    }
}

/// Known by this field where somebody entered it by hand.
pub(crate) fn known_by(mut client: Client, name: &str) -> Client {
    let value = client.values[name].clone();
    client.matching = vec![(name.to_owned(), value)];
    client
}

pub(crate) fn retired(mut client: Client) -> Client {
    (client.status, client.own) = (Status::Retired, Status::Retired);
    client
}

#[track_caller]
pub(crate) fn confirmed(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Confirmed { id, .. } => id.clone(),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
pub(crate) fn refused(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Refused { why } => why.clone(),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
pub(crate) fn several(outcome: &Outcome) -> Vec<String> {
    match outcome {
        Outcome::Several { ids } => ids.clone(),
        other => panic!("{other:?}"),
    }
}
