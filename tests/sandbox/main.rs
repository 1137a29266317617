//! The practice Trello by itself: what it emits has the shapes of the real one's actions, and its API
//! behaves as recorded. It is tried over the network, as any client would.

#![cfg(feature = "practice")]
#![allow(clippy::unwrap_used)]

mod api;
mod clock;
mod judge;
mod mail;
mod openapi;
mod operations;
mod powerup;
mod shapes;
