//! Why nothing would be done of what somebody asks for.

use super::{FindingView, Panel};
use crate::process::judge::Outlook;
use crate::process::verdict::{NotDone, Ruling, What};
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskCode {
    /// The judge says no now.
    Refused,
    BadValue,
    MayNot,
    NoSuch,
}

#[derive(Debug)]
pub struct AskTrouble {
    pub code: AskCode,
    pub say: String,
    pub finding: Option<FindingView>,
    /// What is wrong with each field, by its key.
    pub fields: BTreeMap<String, String>,
}

/// None where it is done.
pub fn trouble(panel: &Panel<'_>, outlook: &Outlook, rulings: &[Ruling]) -> Option<AskTrouble> {
    let room = panel.room(&outlook.memory);
    let reasons = rulings.iter().filter_map(|ruling| match &ruling.what {
        What::NotDone(why) => Some(why),
        _ => None,
    });
    let mut found: Option<AskTrouble> = None;
    for why in reasons {
        let (code, field) = match why {
            NotDone::NoGood { field, .. } | NotDone::NoValue { field } => {
                (AskCode::BadValue, Some(field))
            }
            NotDone::NotTheirs { field } => (AskCode::MayNot, Some(field)),
            NotDone::NotTheirTick { .. } => (AskCode::MayNot, None),
            NotDone::NoSuchStage { .. } | NotDone::NoSuchField { .. } | NotDone::NoItem { .. } => {
                (AskCode::NoSuch, None)
            }
            _ => (AskCode::Refused, None),
        };
        let say = match why {
            NotDone::Stays(stays) => room.reason(&stays.finding),
            why => room.words.refused_here(&room.reply(why)),
        };
        let finding = match why {
            NotDone::Stays(stays) => Some(panel.finding(&room, &outlook.facts, &stays.finding)),
            _ => None,
        };
        let trouble = found.get_or_insert_with(|| AskTrouble {
            code,
            say: say.clone(),
            finding,
            fields: BTreeMap::new(),
        });
        if let Some(field) = field {
            let why = match why {
                NotDone::NoGood { problem, .. } => room.words.problem(&room.problem(problem)),
                _ => say,
            };
            trouble.fields.insert(field.to_string(), why);
        }
    }
    found
}
