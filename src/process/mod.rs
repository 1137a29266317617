//! Floor 1, THE RULEBOOK. Pure and synchronous: no clock, no store, no network, no async.

mod bind;
mod effect;
mod facts;
mod finding;
mod memory;
mod rules;

pub use bind::{Bindings, Holders};
pub use effect::{AddBlock, Deed, Effect, SeedItem, SetLine};
pub use facts::{Fact, Facts, Problem, Value};
pub use finding::{Finding, ItemState, Look};
pub use memory::*;
pub use rules::*;
