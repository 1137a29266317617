//! The targets, proved against real systems: `make test-targets`. Not part of `cargo test`, for the
//! systems are installed at the first run, which takes minutes.

#![cfg(feature = "practice")]
#![allow(clippy::unwrap_used, unreachable_pub, dead_code)]

mod accounting;
mod backfill;
mod between;
mod carddav;
mod client;
mod cut;
#[path = "../crash/desk.rs"]
mod desk;
#[path = "../stories/firm.rs"]
mod firm;
mod five;
mod http;
mod messages;
mod mining;
mod places;
mod postgres;
#[path = "../stories/powerup.rs"]
mod powerup;
mod promises;
#[path = "../stories/radio.rs"]
mod radio;
mod servers;
#[path = "../crash/service.rs"]
mod service;
mod stripe;
mod trouble;
mod tryton;
#[path = "../stories/walkthrough.rs"]
mod walkthrough;

/// A section as the documentation shows it.
fn documented(key: &str) -> signalman::process::Target {
    let page = include_str!("../../docs/targets.md");
    let shown = page.split("```toml\n").skip(1);
    let mut shown = shown.filter_map(|shown| shown.split("```").next());
    let section = shown
        .find(|shown| shown.contains(&format!("\nkey = \"{key}\"\n")))
        .unwrap();
    let text = format!("{}\n{section}", radio::radio_text());
    let checked = signalman::process::file::read(&text).unwrap();
    checked.process.target(key).unwrap().clone()
}
mod table;
