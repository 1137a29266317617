//! Stories: what people do on a board, and what becomes of it. Each runs against a practice Trello
//! with the real service; a test names only what differs from the default world.

#![cfg(feature = "practice")]
#![allow(clippy::unwrap_used, unreachable_pub, dead_code)]

mod arrivals;
mod asks;
mod attack;
mod awaited;
mod away;
mod back;
mod blind;
mod clients;
mod clock;
mod comeback;
mod counts;
mod dates;
mod doors;
mod dossier;
mod elsewhere;
mod exits;
mod fields;
mod figures;
mod firm;
mod gaps;
mod lists;
mod messages;
mod mornings;
mod moves;
mod news;
mod nights;
mod pages;
mod panel;
mod phone;
mod places;
mod powerup;
mod quiet;
mod radio;
mod reports;
mod robots;
mod saving;
mod setup;
mod storm;
mod sweeps;
mod ticks;
mod turns;
mod versions;
mod waits;
mod walkthrough;
mod watch;
mod ways;
mod windows;
mod wishes;
