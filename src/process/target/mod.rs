//! The places outside Trello where an active client is to stand, as the process file names them, and
//! what of a card goes there. Nothing is sent from here.

mod apart;
pub mod http;
mod kinds;
mod link;
mod template;

pub use apart::Apart;
pub use kinds::{TargetKind, Traits};
pub use link::{CardLink, Link, encoded};
pub use template::{Filter, Part, Template};

use super::facts::Facts;
use super::rules::{FieldKey, ItemKey, Process, RoleKey, StageKey};
use crate::model::{Card, CardId, Status};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// Items name it by this.
    pub key: String,
    pub kind: TargetKind,
    pub url: String,
    /// The environment variable that holds its key or password.
    pub key_in: Option<String>,
    pub keyed: Keyed,
    /// Of the fields put, those that a client entered by hand is known by.
    pub matching: Vec<String>,
    /// From this stage of the path on the client is to stand there.
    pub at: StageKey,
    /// Where people see a record, in place of what the kind says.
    pub link: Option<Link>,
    pub put: Vec<Put>,
    /// Whether its address may be one of a private network.
    pub allow_private: bool,
    /// Which of the tables that are there: `schema.table`, or a sheet of a workbook.
    pub table: Option<String>,
    /// The column that holds our name for a record, where it has not its usual name.
    pub id_column: Option<String>,
    /// The column that says how a client stands, likewise.
    pub status_column: Option<String>,
    /// Who logs in, where the address does not say it.
    pub user: Option<String>,
    /// Which requests a place of the kind `http` takes.
    pub http: Option<Box<http::Api>>,
}

/// What one record there stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Keyed {
    /// One card.
    Station,
    /// One client, who may have several cards: known by the fields in `match`.
    Organisation,
}

/// One of their fields, and what of the card goes into it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Put {
    pub name: String,
    pub value: Template,
    /// An amount and nothing else: places that reckon may take it for a number.
    pub money: bool,
}

impl Process {
    pub fn target(&self, key: &str) -> Option<&Target> {
        self.targets.iter().find(|target| target.key == key)
    }

    /// The place whose confirmation an item stands for, where one is configured.
    pub fn proof(&self, item: &ItemKey) -> Option<&Target> {
        self.target(self.item(item)?.target.as_deref()?)
    }

    /// The item that stands for a place.
    pub fn proved_by(&self, target: &str) -> Option<&super::rules::Item> {
        let mut items = self.checklists.iter().flat_map(|list| &list.items);
        items.find(|item| item.target.as_deref() == Some(target))
    }

    /// Whose business a place is: those who would tick its item.
    pub fn minding(&self, target: &str) -> &[RoleKey] {
        let item = self.proved_by(target);
        match item.map_or(&[][..], |item| &item.by) {
            [] => std::slice::from_ref(&self.owner),
            roles => roles,
        }
    }

    /// As what the client of a card in that stage is to stand in a place; none: not at all yet.
    /// Going back changes nothing there.
    pub fn due(&self, target: &Target, stage: &StageKey) -> Option<Status> {
        let stage = self.stage(stage)?;
        let (here, from) = (self.rank(&stage.key)?, self.rank(&target.at)?);
        match (stage.is_final(), here >= from) {
            (true, _) => Some(Status::Active),
            (_, true) => Some(Status::Pending),
            _ => None,
        }
    }
}

/// A client as one place is to have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Our name for the record there: the card's id, or what the organisation is known by.
    pub key: String,
    pub card: CardId,
    /// As what the record is to stand: an organisation as the most alive of its cards.
    pub status: Status,
    /// As what this card's own part of it is to stand, such as a subscription of its own.
    pub own: Status,
    /// When it stood so on the card: of two writes the later one holds, whenever it arrives.
    pub at: Timestamp,
    /// Their name for it, once it is known.
    pub known: Option<String>,
    pub values: BTreeMap<String, String>,
    /// What a client entered by hand is known by.
    pub matching: Vec<(String, String)>,
    /// Where people see it, in place of what the kind says.
    pub link: Option<CardLink>,
}

impl Client {
    pub fn value(&self, name: &str) -> Option<&str> {
        let value = self.values.get(name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }
}

impl Target {
    /// The fields of a card that go there.
    pub fn fields(&self) -> impl Iterator<Item = &FieldKey> {
        self.put.iter().flat_map(|put| put.value.fields())
    }

    pub fn takes(&self, field: &FieldKey) -> bool {
        self.fields().any(|one| one == field)
    }

    /// The card's client as this place is to have it, or the fields that are missing for that.
    pub fn client(
        &self,
        process: &Process,
        facts: &Facts,
        card: &Card,
        status: Status,
        at: Timestamp,
        known: Option<String>,
    ) -> Result<Client, Vec<FieldKey>> {
        let (mut values, mut wanting) = (BTreeMap::new(), Vec::new());
        for put in &self.put {
            match put.value.fill(process, facts, card) {
                Ok(text) => drop(values.insert(put.name.clone(), text)),
                Err(fields) => wanting.extend(fields),
            }
        }
        if wanting.is_empty() && self.keyed == Keyed::Organisation {
            let known_by = |put: &&Put| self.matching.contains(&put.name);
            let empty = |put: &&Put| values.get(&put.name).is_none_or(String::is_empty);
            let known_by: Vec<_> = self.put.iter().filter(known_by).collect();
            if known_by.iter().all(empty) {
                wanting.extend(known_by.iter().flat_map(|put| put.value.fields()).cloned());
            }
        }
        // Who leaves is only marked so: a record that is known needs nothing more for that.
        let leaves = status == Status::Retired && known.is_some();
        if !wanting.is_empty() && !leaves {
            wanting.dedup();
            return Err(wanting);
        }
        let matching = self.matching.iter().filter_map(|name| {
            let value = values.get(name).filter(|value| !value.is_empty())?;
            Some((name.clone(), value.clone()))
        });
        let matching: Vec<_> = matching.collect();
        let key = match self.keyed {
            Keyed::Station => card.id.to_string(),
            Keyed::Organisation => {
                let known_by: Vec<_> = matching.iter().map(|(_, value)| value.as_str()).collect();
                known_by.join("-")
            }
        };
        Ok(Client {
            key,
            card: card.id.clone(),
            status,
            own: status,
            at,
            known,
            values,
            matching,
            link: (self.link.as_ref()).and_then(|link| link.of(process, facts, card)),
        })
    }
}
