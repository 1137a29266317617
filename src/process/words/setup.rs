//! What set-up in the Power-Up says, to a reader of whom the language alone is known: what is created
//! on the board, what stands in the way, why nothing is saved.

use super::{Language, Words, en, ru};

/// Something that is created on the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum New {
    List(String),
    /// For Signalman's own card.
    NewsList(String),
    Label(String),
    CustomField(String),
    Card(String),
}

/// Something to be mended before a process can be put in force. Roles and stages by their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    NotOnBoard {
        role: String,
        username: String,
    },
    NoSuchRole {
        role: String,
    },
    NobodyActs {
        role: String,
    },
    BotHoldsRole {
        role: String,
        username: String,
    },
    BotCannotWrite {
        username: String,
    },
    TooManyCollaborators {
        count: usize,
        most: usize,
    },
    TwoLists {
        stage: String,
        names: Vec<String>,
    },
    /// A stage that cards stand in and the new file does not have.
    Orphan {
        stage: String,
        cards: usize,
    },
}

/// Why set-up does not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupTrouble {
    /// Our account is not on the board.
    NoBot {
        username: String,
    },
    /// It may only look.
    BotLooks {
        username: String,
    },
    NotAdmin,
    Conflict,
    /// Of the file's, so many.
    Mistakes(usize),
    /// Trello does not let something be created, in its own words.
    Refused(String),
    /// Detached: neither paused nor resumed.
    Detached,
    /// Somebody's last request of this board's is still at work.
    Busy,
}

/// A process to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ready {
    Shipped,
    Own,
}

pub fn new_in(language: Language, new: &New) -> String {
    match language {
        Language::Ru => ru::setup::new(new),
        Language::En => en::setup::new(new),
    }
}

pub fn obstacle_in(language: Language, obstacle: &Obstacle) -> String {
    let words = Words::without_clock(language);
    match language {
        Language::Ru => ru::setup::obstacle(&words.format, obstacle),
        Language::En => en::setup::obstacle(&words.format, obstacle),
    }
}

pub fn setup_trouble_in(language: Language, trouble: &SetupTrouble) -> String {
    let words = Words::without_clock(language);
    match language {
        Language::Ru => ru::setup::trouble(&words.format, trouble),
        Language::En => en::setup::trouble(&words.format, trouble),
    }
}

/// What a process to begin with is called, where it has no name of its own, and what it is.
pub fn ready_in(language: Language, ready: Ready) -> (String, String) {
    let (name, say) = match language {
        Language::Ru => ru::setup::ready(ready),
        Language::En => en::setup::ready(ready),
    };
    (name.to_owned(), say.to_owned())
}
