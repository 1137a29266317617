//! How a process stands on one board: which list a stage is, who holds which role, which label
//! and custom field is whose. Made at attachment, kept in the store beside the file.

use super::rules::{FieldKey, LabelKey, Process, RoleKey, StageKey};
use crate::model::{
    AppId, BoardId, CardId, CustomField, CustomFieldId, LabelId, ListId, Member, MemberId,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bindings {
    pub board: BoardId,
    /// The account that Signalman acts as, and the application of its key where Trello has told.
    pub bot: MemberId,
    pub app: Option<AppId>,
    /// The bot's account is a person's own, who holds roles too (`--shared-account`).
    pub shared_account: bool,
    pub lists: BTreeMap<StageKey, ListId>,
    pub roles: BTreeMap<RoleKey, Holders>,
    /// Everyone on the board who has been seen, by id: how comments name them.
    pub people: BTreeMap<MemberId, Member>,
    pub labels: BTreeMap<LabelKey, LabelId>,
    /// Only where fields are kept in Trello's Custom Fields.
    pub fields: BTreeMap<FieldKey, CustomFieldId>,
    /// What those fields are on the board: their types and choices.
    pub custom_fields: Vec<CustomField>,
    pub news_list: Option<ListId>,
    pub news_card: Option<CardId>,
    pub guide_card: Option<CardId>,
}

/// Who holds a role, and who stands in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holders {
    pub people: Vec<MemberId>,
    pub deputies: Vec<MemberId>,
}

impl Bindings {
    /// The stage a list is, none for a list outside the process.
    pub fn stage_of(&self, list: &ListId) -> Option<&StageKey> {
        self.lists
            .iter()
            .find_map(|(stage, bound)| (bound == list).then_some(stage))
    }

    /// The board's own cards are no clients.
    pub fn is_own(&self, card: &CardId) -> bool {
        [&self.news_card, &self.guide_card]
            .into_iter()
            .flatten()
            .any(|own| own == card)
    }

    pub fn holds(&self, member: &MemberId, role: &RoleKey, deputies: bool) -> bool {
        self.roles.get(role).is_some_and(|holders| {
            holders.people.contains(member) || deputies && holders.deputies.contains(member)
        })
    }

    pub fn holds_any(&self, member: &MemberId, roles: &[RoleKey], deputies: bool) -> bool {
        roles.iter().any(|role| self.holds(member, role, deputies))
    }

    /// The first role a person holds, for naming them: «Мария (менеджер)».
    pub fn role_of<'p>(&self, process: &'p Process, member: &MemberId) -> Option<&'p str> {
        let role = process
            .roles
            .iter()
            .find(|role| self.holds(member, &role.key, true))?;
        Some(&role.name)
    }
}
