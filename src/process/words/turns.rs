//! What is told of whose turn it is while somebody is away.

use super::{Named, Onward};
use jiff::civil::Date;

/// Somebody of a role who is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotThere {
    pub name: String,
    /// The last day of it; none for one who is not on the board.
    pub until: Option<Date>,
}

/// A card goes to somebody else, or back.
pub struct Handover {
    pub to: Vec<Named>,
    pub stage: String,
    pub card: String,
    /// What is to be done there, and where the card goes then.
    pub work: Option<String>,
    pub next: Option<Onward>,
    pub away: Vec<NotThere>,
    pub back: bool,
    /// Who finds somebody, where nobody is there.
    pub owner: Vec<Named>,
}

/// The answer to `/away`.
pub enum AbsenceReply {
    Told {
        name: String,
        from: Date,
        to: Date,
        deputy: Option<String>,
    },
    Back {
        name: String,
    },
    /// Who may speak for others.
    NotTheirs(Vec<Named>),
    /// A name nobody on the board has.
    NoSuchPerson(String),
    /// What was written instead of days.
    NoDays(String),
    OwnDeputy,
    NotAway(String),
}
