//! Floor 1, THE RULEBOOK. Pure and synchronous: no clock, no store, no network, no async.

pub mod absence;
pub mod calendar;
pub mod checks;
pub mod edit;
pub mod facts;
pub mod file;
pub mod gate;
pub mod judge;
pub mod lines;
pub mod notify;
pub mod panel;
pub mod react;
pub mod target;
pub mod words;

mod bind;
mod effect;
mod finding;
mod history;
mod hours;
mod memory;
mod money;
mod rules;
mod text;
mod until;
mod verdict;

pub use bind::{Absent, Bindings, Holders, Presence};
pub use effect::{AddBlock, Deed, Effect, SeedItem, SetLine};
pub use facts::{Fact, Facts, Problem, Value};
pub use finding::{Finding, ItemState, Look};
pub use history::HistoryLine;
pub use hours::{Timing, Whose, passed};
pub use judge::{LADDER, LEAVE, LEAVING, MORNING, TERMS, decision_id, text_mark};
pub use memory::*;
pub use money::{fee, thirtieths};
pub use rules::*;
pub use text::{clean, normal, same};
pub use verdict::*;
pub use words::Format;
