//! Whose turn it is among several people of one role.

use serde::{Deserialize, Serialize};

/// Who of a role is given a card that comes to it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TurnOrder {
    /// All of them.
    #[default]
    All,
    /// Whoever was given one longest ago, or never.
    RoundRobin,
    /// Whoever has the fewest cards on their hands.
    FewestOpen,
}
