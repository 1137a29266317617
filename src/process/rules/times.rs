//! Rules of time: who works when, what is told of a stage's limit and of a date.

use super::*;

/// Working hours of the week; minutes are counted from midnight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// Monday first.
    pub days: [bool; 7],
    pub from_min: u16,
    pub to_min: u16,
    pub lunch_min: Option<(u16, u16)>,
    /// Days off besides, the country's among them.
    pub off: Vec<jiff::civil::Date>,
    /// Days that are worked though the week has them off.
    pub on: Vec<jiff::civil::Date>,
    /// Days that end an hour earlier.
    pub short: Vec<jiff::civil::Date>,
    pub production: Option<Production>,
}

/// What the file says of one person, whichever roles that person holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The Trello username, without the @.
    pub username: String,
    /// Working hours of their own, where those are not the board's.
    pub hours: Option<Hours>,
    /// The ways by which this person is told what a comment tells.
    pub notify: Vec<Reach>,
    /// On working mornings, by the same ways: whose turn it is, what waits.
    pub digest: bool,
}

#[derive(Clone, Debug)]
pub struct Deadline {
    pub field: FieldKey,
    pub until: Option<ItemKey>,
    pub tell: Vec<Tell>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Tell {
    pub when: TellWhen,
    pub who: Vec<RoleKey>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TellWhen {
    /// Working days before the date.
    DaysBefore(u32),
    OnTheDay,
    /// Every so many working days after it.
    EachDaysAfter(u32),
}

/// One step of the ladder: so much of a stage's limit is over, and these are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// In hundredths of the limit.
    pub at: u16,
    pub tell: Vec<Who>,
    /// Of these stages alone; empty: of every stage with a limit.
    pub stages: Vec<StageKey>,
    /// From here on the card bears the label `late`.
    pub late: bool,
}

impl Rung {
    /// So much of a limit.
    pub fn part(&self, limit: SignedDuration) -> SignedDuration {
        SignedDuration::from_secs(limit.as_secs().saturating_mul(i64::from(self.at)) / 100)
    }

    pub fn is_of(&self, stage: &StageKey) -> bool {
        self.stages.is_empty() || self.stages.contains(stage)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever's turn it is.
    Turn,
    /// The lead of the stage's owner.
    Lead,
    Role(RoleKey),
}
