//! Days on which somebody is not there, and who stands in. Plain data, and what a word about it
//! changes.

use super::ids::MemberId;
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

/// So long after it is over an absence is kept: cards that were given away come back by it.
const KEPT_DAYS: i64 = 31;

/// From the first day to the last, both with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    pub member: MemberId,
    pub from: Date,
    pub to: Date,
    pub deputy: Option<MemberId>,
}

impl Away {
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}

/// What was said of somebody's absence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "absence", rename_all = "snake_case")]
pub enum Absence {
    /// It takes the place of what was said of these days before.
    Told(Away),
    /// There again from that day on; nothing that was planned for later stands either where that is
    /// all there was.
    Back { member: MemberId, day: Date },
}

impl Absence {
    /// Whether the list is another one now.
    pub fn enter(&self, list: &mut Vec<Away>) -> bool {
        let before = list.clone();
        match self {
            Self::Told(told) => {
                let earliest = told.from.saturating_sub(KEPT_DAYS.days());
                let apart = |one: &Away| one.to < told.from || told.to < one.from;
                list.retain(|one| (one.member != told.member || apart(one)) && one.to >= earliest);
                list.push(told.clone());
            }
            Self::Back { member, day } => {
                let theirs = |one: &Away| one.member == *member;
                let now = list.iter().any(|one| theirs(one) && one.covers(*day));
                list.retain_mut(|one| match theirs(one) && one.to >= *day {
                    true if one.covers(*day) => {
                        one.to = day.yesterday().unwrap_or(*day);
                        one.from <= one.to
                    }
                    ahead => !ahead || now,
                });
            }
        }
        list.sort_by(|a, b| (a.from, &a.member).cmp(&(b.from, &b.member)));
        *list != before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn away(member: &str, from: i8, to: i8) -> Away {
        Away {
            member: member.into(),
            from: date(2026, 12, from),
            to: date(2026, 12, to),
            deputy: None,
        }
    }

    #[test]
    fn what_is_said_last_of_a_day_counts() {
        let mut list = Vec::new();
        for (member, from, to) in [("anna", 1, 5), ("anna", 20, 25), ("boris", 3, 4)] {
            assert!(Absence::Told(away(member, from, to)).enter(&mut list));
        }
        assert!(Absence::Told(away("anna", 4, 9)).enter(&mut list));
        let wanted = [("boris", 3, 4), ("anna", 4, 9), ("anna", 20, 25)];
        assert_eq!(list, wanted.map(|(who, from, to)| away(who, from, to)));
        assert!(!Absence::Told(away("anna", 4, 9)).enter(&mut list), "again");
    }

    #[test]
    fn whoever_is_back_early_was_away_until_the_day_before() {
        let back = |day| Absence::Back {
            member: "anna".into(),
            day: date(2026, 12, day),
        };
        let mut list = vec![away("anna", 1, 9), away("anna", 20, 25)];
        assert!(back(4).enter(&mut list));
        assert_eq!(list, [away("anna", 1, 3), away("anna", 20, 25)]);
        assert!(back(10).enter(&mut list), "the holiday is off");
        assert_eq!(list, [away("anna", 1, 3)]);
        assert!(!back(10).enter(&mut list));
        let mut today = vec![away("anna", 4, 9)];
        assert!(back(4).enter(&mut today));
        assert!(today.is_empty());
    }
}
