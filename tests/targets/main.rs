//! The targets, proved against real systems: `make test-targets`. Not part of `cargo test`, for the
//! systems are installed at the first run, which takes minutes.

#![cfg(feature = "practice")]
#![allow(clippy::unwrap_used, unreachable_pub, dead_code)]

mod accounting;
#[path = "../stories/firm.rs"]
mod firm;
mod http;
mod promises;
#[path = "../stories/radio.rs"]
mod radio;
mod servers;
