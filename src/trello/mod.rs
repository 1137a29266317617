//! EYES AND HANDS: what Trello tells us and what we may do to it. `hook.rs` knows whether a body is
//! Trello's own, `action.rs` turns its actions into events, `api.rs` makes the calls, `budget.rs`
//! keeps them within Trello's limits, `tally.rs` counts them. Nothing here knows of a process or decides anything.

pub mod action;
mod api;
pub mod budget;
pub mod hook;
mod pick;
mod window;
mod windows;
mod wire;

pub use budget::{Budget, Weight};
pub use windows::{Change, Windows};

pub(crate) use api::Page;
pub use api::{
    BoardPart, Comment, Credentials, Failure, Figures, Guests, Ours, Requests, Trello, Webhook,
};
