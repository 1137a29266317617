//! What somebody noted on a card, in a comment that begins with `/note`.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// `/note call …`: what was said on the telephone.
    Call,
    /// `/note agreed …`.
    Agreed,
    /// `/note …`: anything else.
    Other,
}
