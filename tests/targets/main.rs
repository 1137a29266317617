//! The targets, proved against real systems: `make test-targets`. Not part of `cargo test`, for the
//! systems are installed at the first run, which takes minutes.

#![allow(clippy::unwrap_used)]

mod promises;
mod servers;
