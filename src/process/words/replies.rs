//! What the answers to words in comments say, and what an outside place answered.

use super::Named;
use crate::model::{Drift, Status};
use jiff::civil::Date;

/// The answer to `/move`, `/next` and `/set`, and to what is asked for in the Power-Up.
pub enum WishReply {
    Goes {
        stage: String,
        by: Option<String>,
    },
    Says {
        field: String,
        value: String,
        by: Option<String>,
    },
    Ticks {
        item: String,
        by: Option<String>,
    },
    NoSuchStage {
        said: String,
        stages: Vec<String>,
    },
    /// The stages that come next, several or none.
    Which(Vec<String>),
    Already(String),
    Elsewhere,
    Meanwhile,
    NoSuchField {
        said: String,
        nearest: Option<String>,
    },
    NoValue(String),
    NotTheirs {
        field: String,
        who: Vec<String>,
    },
    NoGood {
        field: String,
        seen: String,
        why: String,
    },
    NoItem(String),
    /// `proof`: it stands for an outside place, which confirms by itself.
    NotTheirTick {
        item: String,
        who: Vec<String>,
        proof: bool,
    },
    Unsigned(String),
    Stranger,
    NobodyToCall,
    CalledToday(Vec<String>),
}

/// What an outside place answered, as people are told.
pub enum Answer {
    /// Their name for the record, and where it can be seen.
    Confirmed {
        id: String,
        link: Option<String>,
        status: Status,
    },
    /// Lines of the card without which nothing can be sent.
    Wanting(Vec<String>),
    /// In its own words.
    Refused(String),
    /// Their names for what could be the client.
    Several(Vec<String>),
    /// Read there since.
    Drifted(Drift),
    Down(String),
}

/// The answer to `/confirm`.
pub enum TermsReply {
    /// Each line with its amount; from a day on, if not from today.
    Agreed {
        fields: Vec<(String, String)>,
        from: Option<Date>,
    },
    Nothing,
    NotTheirs(Vec<Named>),
    NoDay(String),
}

/// The answer to `/byhand`; places by the items that stand for them.
pub enum VouchReply {
    Vouched {
        place: String,
        number: String,
    },
    /// What could be named.
    NoSuchPlace(Vec<String>),
    NoNumber(String),
    NotYet(String),
    Stands(String),
    NotTheirs {
        place: String,
        call: Vec<Named>,
    },
}
