//! The store's contract, run over every store there is. A store joins by a line at the end.

#![allow(clippy::unwrap_used)]

mod contract;
mod redis;
mod servers;
mod sqlite;
