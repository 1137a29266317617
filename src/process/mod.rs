//! Floor 1, THE RULEBOOK. Pure and synchronous: no clock, no store, no network, no async.

mod bind;
pub mod calendar;
mod effect;
pub mod facts;
pub mod file;
mod finding;
pub mod gate;
pub mod judge;
pub mod lines;
mod memory;
pub mod react;
mod rules;
mod verdict;
pub mod words;

pub use bind::{Bindings, Holders};
pub use effect::{AddBlock, Deed, Effect, SeedItem, SetLine};
pub use facts::{Fact, Facts, Problem, Value};
pub use finding::{Finding, ItemState, Look};
pub use judge::{decision_id, text_mark};
pub use memory::*;
pub use rules::*;
pub use verdict::*;
