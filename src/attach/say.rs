//! A plan in the words of set-up, for a reader who sees neither keys nor a command line.

use super::plan::{Create, FREE_COLLABORATORS, NEWS_CARD, Plan, Trouble};
use super::preview::Foreseen;
use crate::process::words::setup::{New, Obstacle, new_in, obstacle_in};
use crate::process::{Language, Process, file};

impl Create {
    pub fn say(&self, language: Language) -> String {
        let new = match self {
            Self::List { name, .. } => New::List(name.clone()),
            Self::NewsList { name } => New::NewsList(name.clone()),
            Self::Label { name, .. } => New::Label(name.clone()),
            Self::CustomField { name, .. } => New::CustomField(name.clone()),
            Self::NewsCard => New::Card(NEWS_CARD.to_owned()),
            Self::GuideCard { title, .. } => New::Card(title.clone()),
        };
        new_in(language, &new)
    }
}

impl Trouble {
    pub fn say(&self, process: &Process, language: Language) -> String {
        let named = |key: &str| {
            let mut roles = process.roles.iter();
            let role = roles.find(|role| role.key.as_str() == key);
            role.map_or_else(|| key.to_owned(), |role| role.name.clone())
        };
        let obstacle = match self.clone() {
            Self::NotOnBoard { role, username, .. } => Obstacle::NotOnBoard {
                role: named(&role),
                username,
            },
            Self::NoSuchRole { role, .. } => Obstacle::NoSuchRole { role },
            Self::NobodyActs { role } => Obstacle::NobodyActs { role: named(&role) },
            Self::BotHoldsRole { username, role } => Obstacle::BotHoldsRole {
                role: named(&role),
                username,
            },
            Self::BotCannotWrite { username } => Obstacle::BotCannotWrite { username },
            Self::TooManyCollaborators { count } => Obstacle::TooManyCollaborators {
                count,
                most: FREE_COLLABORATORS,
            },
            Self::TwoLists { stage, names } => Obstacle::TwoLists { stage, names },
        };
        obstacle_in(language, &obstacle)
    }
}

impl Plan {
    pub fn creates(&self, language: Language) -> Vec<String> {
        self.create.iter().map(|one| one.say(language)).collect()
    }

    pub fn obstacles(&self, process: &Process, language: Language) -> Vec<String> {
        let troubles = self.troubles.iter();
        troubles.map(|one| one.say(process, language)).collect()
    }
}

impl Foreseen {
    /// The stages that hold cards and are not in the new file, as they are called in the one in force.
    pub fn left_behind(&self) -> Vec<(String, usize)> {
        let before = self.before.as_ref();
        let before = before.and_then(|record| file::in_force(&record.active.text));
        let orphans = self.orphans.iter();
        let named = orphans.map(|(key, cards)| {
            let name = before.as_ref().map(|before| before.stage_name(key));
            (name.unwrap_or_else(|| key.to_string()), *cards)
        });
        named.collect()
    }

    /// All that stands in the way of putting this in force.
    pub fn obstacles(&self, process: &Process, language: Language) -> Vec<String> {
        let mut told = self.plan.obstacles(process, language);
        let orphans = self.left_behind().into_iter();
        told.extend(
            orphans.map(|(stage, cards)| obstacle_in(language, &Obstacle::Orphan { stage, cards })),
        );
        told
    }
}
