//! The store's contract, run over every store there is. A store joins by a line at the end.

#![allow(clippy::unwrap_used)]

mod contract;
mod due;
mod machines;
mod redis;
#[allow(
    dead_code,
    reason = "the store's tests and the crash run use parts of it each"
)]
mod servers;
mod sqlite;
mod wire;
