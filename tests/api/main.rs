//! The ready-made descriptions of APIs that no test can reach: the exact requests, as their vendors'
//! documentation has them. A recorder answers as the service would; what it was sent is kept in
//! `requests/`, and UPDATE=1 writes it anew. None of this was run against the live services.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod presets;
mod recorder;
mod ways;

use recorder::{Recorder, Reply};
use secrecy::SecretString;
use signalman::model::{CardId, Status};
use signalman::process::file;
use signalman::process::target::{Client, Target};
use signalman::target::{self, Outcome, System};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// One upsert: what it is about, how the service answers, and how it is to end.
struct Step {
    title: &'static str,
    status: Status,
    known: Option<&'static str>,
    values: Vec<(&'static str, &'static str)>,
    replies: Vec<Reply>,
    ends: End,
}

enum End {
    As(&'static str),
    Several,
}

/// The target that a section gives on top of a small process.
fn read(preset: &str, url: &str, section: &str) -> Target {
    let text = format!(
        "{}\n[[target]]\nkey = \"place\"\nkind = \"http\"\nat = \"pay\"\nallow_private = true\n\
         key_in = \"TARGET_PLACE_KEY\"\npreset = \"{preset}\"\nurl = \"{url}\"\n{section}",
        include_str!("../check/good.toml")
    );
    match file::read(&text) {
        Ok(checked) => checked.process.targets[0].clone(),
        Err(mistakes) => panic!("{}", file::render_all(&mistakes, preset, &text)),
    }
}

fn client(known_by: &[String], values: &[(&str, &str)]) -> Client {
    let values = values.iter();
    let values = values.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let values: BTreeMap<String, String> = values.collect();
    let matching = known_by.iter().filter_map(|name| {
        let value = values.get(name)?;
        Some((name.clone(), value.clone()))
    });
    Client {
        key: "64c0ffee".into(),
        card: CardId::new("64c0ffee"),
        status: Status::Active,
        own: Status::Active,
        at: jiff::Timestamp::UNIX_EPOCH,
        known: None,
        matching: matching.collect(),
        link: None,
        values,
    }
}

async fn hold(preset: &str, path: &str, secret: &str, section: &str, steps: Vec<Step>) {
    let recorder = Recorder::start().await;
    let target = read(preset, &format!("{}{path}", recorder.url()), section);
    let mut target = target;
    // The token comes from the recorder, too.
    if let Some(api) = &mut target.http
        && let signalman::process::target::http::Auth::OAuth { token, .. } = &mut api.auth
    {
        let at = token.find("//").unwrap() + 2;
        let rest = token[at..].find('/').unwrap();
        *token = format!("{}{}", recorder.url(), &token[at + rest..]);
    }
    let system: Box<dyn System> = target::open(&target, Some(SecretString::from(secret))).unwrap();
    let mut told = String::new();
    for step in steps {
        writeln!(told, "### {}\n", step.title).unwrap();
        let mut client = client(&target.matching, &step.values);
        client.status = step.status;
        client.known = step.known.map(str::to_owned);
        recorder.answers(step.replies);
        let outcome = system.upsert(&client).await;
        told += &recorder.requests();
        let left = recorder.left();
        assert_eq!(
            left, 0,
            "{preset}, {}: {left} answers were not asked for, {outcome:?}\n{told}",
            step.title
        );
        match (step.ends, &outcome) {
            (End::As(wanted), Outcome::Confirmed { id, .. }) => assert_eq!(id, wanted),
            (End::Several, Outcome::Several { ids }) => assert!(ids.len() > 1),
            (_, outcome) => panic!("{preset}, {}: {outcome:?}\n{told}", step.title),
        }
    }
    let kept =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/api/requests/{preset}.txt"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&kept, &told).unwrap();
    }
    let wanted = std::fs::read_to_string(&kept).unwrap_or_default();
    assert_eq!(told, wanted, "{preset}; UPDATE=1 writes it anew");
}
