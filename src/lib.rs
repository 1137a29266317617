//! Signalman makes an existing Trello board hold a business process.
//!
//! # Floors
//! Every path points down; rooms on one floor do not know each other (`tests/arrows.rs`).
//!
//! | floor | rooms |
//! |---|---|
//! | 5 | [`cli`]: a file for each command; the environment ends there |
//! | 4 | [`web`]: the hook route, health, metrics |
//! | 3 | [`engine`]: take, judge, commit, act. [`attach`]: how a board comes under a process. [`paper`]: what is printed; pure |
//! | 2 | [`figures`]: history → how long, where, what it costs; pure. [`store`]: memory. [`trello`]: eyes and hands. [`target`]: outside places of an active client. [`notify`]: ways to a person |
//! | 1 | [`process`]: the rulebook, pure. No clock, no store, no network. `network`: how far the net is open to an address that a file names |
//! | 0 | [`model`]: what a board is |
//!
//! Beside the house stands `sandbox`, a practice Trello with types of its own.
//!
//! # One refused move
//! An engineer drags a card into «Подключение», which only the manager may do.
//!
//! 1. Trello posts the action. `web::hook` checks the signature over the raw body, drops what it
//!    has seen, appends the event to the [`store`] and answers 200. Nothing else happens there.
//! 2. [`engine`] takes the card's lane once its events have settled (the second action of a drag
//!    comes some milliseconds later) and asks [`process::judge`]: file, bindings, the card's memory,
//!    the events, now. The judge sees a move into a gate and wants the card read afresh.
//! 3. The card and its latest actions are read in one request. The judge folds the moves in the
//!    order of their dates, weighs the last one by `process::gate`, and rules: refused. The findings
//!    tree is in the ruling: what was looked at, what was wanted, whose turn it is.
//! 4. `process::react` turns the ruling into effects: one move back to the remembered list and
//!    position, one comment made by `process::words`.
//! 5. One commit holds the acknowledgement of the events, the card's new memory, the line of history,
//!    the outbox and the timers. A kill before it repeats the judgement; a kill after it loses nothing.
//! 6. The outbox is worked off: the move, then the comment, which carries the decision's id so that it
//!    can be found again if its answer is lost. Trello tells us of both; they match what was sent and
//!    are known for echoes.

pub mod attach;
pub mod cli;
pub mod engine;
pub mod figures;
pub mod model;
mod network;
pub mod notify;
pub mod paper;
pub mod process;
#[cfg(feature = "practice")]
pub mod sandbox;
pub mod store;
pub mod target;
pub mod trello;
pub mod web;
