//! The kind `http`: any JSON API from its description alone. BottleCRM is driven by the section that
//! `docs/targets.md` shows, Tryton by the file beside this one.

mod bottlecrm;
mod tryton;

use crate::radio::radio_text;
use secrecy::SecretString;
use signalman::model::{CardId, Status};
use signalman::process::file;
use signalman::process::target::{Client, Target};
use signalman::target::{self, Outcome, System};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The first section of that key in the documentation.
fn documented(key: &str) -> String {
    let page = include_str!("../../../docs/targets.md");
    let (_, page) = page.split_once("\n## http\n").unwrap();
    let mut shown = page.split("```toml\n").skip(1);
    let key = format!("\nkey = \"{key}\"\n");
    let section = shown.find(|shown| shown.contains(&key)).unwrap();
    section.split("```").next().unwrap().to_owned()
}

/// The target of a section, read on top of the shipped file; its server is at another address.
fn read(section: &str, url: &str) -> Target {
    let (before, rest) = section.split_once("\nurl = \"").unwrap();
    let (_, rest) = rest.split_once('"').unwrap();
    let section = format!("{before}\nallow_private = true\nurl = \"{url}\"{rest}");
    let text = format!("{}\n{section}", radio_text());
    match file::read(&text) {
        Ok(checked) => {
            let warnings = file::render_all(&checked.warnings, "process.toml", &text);
            let mut below = checked.warnings.iter();
            let told = below.any(|one| one.span.start > radio_text().len());
            assert!(!told, "{warnings}");
            checked.process.targets[0].clone()
        }
        Err(mistakes) => panic!("{}", file::render_all(&mistakes, "process.toml", &text)),
    }
}

fn open(target: &Target, secret: &str) -> Arc<dyn System> {
    let secret = SecretString::from(secret);
    target::open(target, Some(secret)).unwrap().into()
}

fn client(target: &Target, key: &str, values: &[(&str, &str)]) -> Client {
    let values: BTreeMap<String, String> = values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let matching = target.matching.iter().filter_map(|name| {
        let value = values.get(name).filter(|value| !value.is_empty())?;
        Some((name.clone(), value.clone()))
    });
    Client {
        key: key.to_owned(),
        card: CardId::new(key.to_owned()),
        status: Status::Active,
        own: Status::Active,
        at: jiff::Timestamp::UNIX_EPOCH,
        known: None,
        matching: matching.collect(),
        link: None,
        values,
    }
}

fn id(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Confirmed { id, .. } => id.clone(),
        other => panic!("{other:?}"),
    }
}

/// As the engine does it: what is not known yet is asked again.
async fn until_confirmed(system: &dyn System, client: &Client) -> String {
    for _ in 0..20 {
        match system.upsert(client).await {
            Outcome::Retry { .. } | Outcome::Unknown { .. } => {
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            }
            outcome => return id(&outcome),
        }
    }
    panic!("never confirmed")
}

/// Twelve processes at once, each with a system of its own.
async fn twelve_at_once(target: &Target, secret: &str, client: &Client) {
    let all = (0..12).map(|_| async {
        let system = open(target, secret);
        until_confirmed(&*system, client).await
    });
    let mut ids = futures::future::join_all(all).await;
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
}
