//! What sentences about time are told of.

use super::Named;
use jiff::{Timestamp, civil::Date};

/// So much of a stage's limit is over.
pub struct StepTold {
    pub people: Vec<Named>,
    /// Whose turn it is, where that is not one of them.
    pub turn: Vec<String>,
    pub stage: String,
    pub card: String,
    /// The whole of it.
    pub over: bool,
    pub due: Timestamp,
    /// Calendar days since then.
    pub days: i64,
    /// What they have cost.
    pub cost: Option<String>,
}

/// A date of the card's.
pub struct DateTold {
    pub people: Vec<Named>,
    pub field: String,
    pub card: String,
    pub date: Date,
    /// Working days until it; calendar days after it where they are negative.
    pub days: i64,
    /// The item whose tick ends it.
    pub item: Option<String>,
    pub cost: Option<String>,
}
