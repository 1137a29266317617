//! What was looked at, what was wanted, whose turn it is: the tree that a comment, a page, an audit
//! line and `signalman explain` all print. A finding is a value; it is never re-computed to be told.

use super::facts::Problem;
use super::memory::Tick;
use super::rules::{ChecklistKey, FieldKey, ItemKey, LabelKey, RoleKey, StageKey};
use crate::model::{MemberId, Said};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    pub ok: bool,
    /// The stage whose rule it is.
    pub stage: StageKey,
    pub look: Look,
    /// Who can put it right; empty: anyone.
    pub turn: Vec<RoleKey>,
    /// How the file wants it named, if it says so.
    pub say: Option<String>,
    pub parts: Vec<Finding>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "look", rename_all = "snake_case")]
pub enum Look {
    /// Who may move a card in, and who moved it.
    Mover {
        by: Option<MemberId>,
    },
    /// A stage on the way that has not been passed.
    Pass {
        stage: StageKey,
    },
    /// No rule leads from there to here.
    Route {
        from: Option<StageKey>,
    },
    Field {
        field: FieldKey,
        seen: Option<String>,
        problem: Option<Problem>,
    },
    Item {
        item: ItemKey,
        state: ItemState,
    },
    Checklist {
        checklist: ChecklistKey,
        done: usize,
        of: usize,
    },
    Label {
        label: LabelKey,
        by: Option<MemberId>,
    },
    /// The wanted pattern, and the matching attachment's name.
    Attachment {
        pattern: String,
        seen: Option<String>,
    },
    Member {
        role: RoleKey,
    },
    FourEyes {
        item: ItemKey,
        by: Option<MemberId>,
    },
    Wip {
        limit: u32,
        count: u32,
    },
    All,
    Any,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ItemState {
    /// The item is not on the card.
    Absent,
    Open,
    Ticked {
        tick: Tick,
    },
    /// Ticked by somebody whose tick does not count.
    Foreign {
        tick: Tick,
    },
    /// It stands for an outside place, which has not confirmed: what it said last.
    Unproved {
        said: Option<Said>,
    },
    /// Complete, and nobody knows by whom: born ticked, or copied with the card.
    Unsigned,
}

impl Finding {
    /// Everything that was looked at, satisfied or not.
    pub fn leaves(&self) -> Vec<&Finding> {
        if self.parts.is_empty() {
            return vec![self];
        }
        self.parts.iter().flat_map(Finding::leaves).collect()
    }

    /// What it looks at, by the file's keys: the same for the same need of a stage, on every card.
    pub fn id(&self) -> String {
        let of = |kind: &str, key: &str| format!("{kind}:{key}");
        match &self.look {
            Look::Mover { .. } => "mover".into(),
            Look::Pass { stage } => of("pass", stage.as_str()),
            Look::Route { .. } => "route".into(),
            Look::Field { field, .. } => of("field", field.as_str()),
            Look::Item { item, .. } => of("item", item.as_str()),
            Look::Checklist { checklist, .. } => of("checklist", checklist.as_str()),
            Look::Label { label, .. } => of("label", label.as_str()),
            Look::Attachment { pattern, .. } => of("attachment", pattern),
            Look::Member { role } => of("member", role.as_str()),
            Look::FourEyes { item, .. } => of("four_eyes", item.as_str()),
            Look::Wip { .. } => "wip".into(),
            Look::All
                if self
                    .parts
                    .iter()
                    .any(|part| matches!(part.look, Look::Mover { .. })) =>
            {
                of("stage", self.stage.as_str())
            }
            Look::All => of("all", &self.parts_ids()),
            Look::Any => of("any", &self.parts_ids()),
        }
    }

    fn parts_ids(&self) -> String {
        let parts: Vec<_> = self.parts.iter().map(Finding::id).collect();
        parts.join("|")
    }

    /// The leaves that are not satisfied, in order; an `Any` counts as one.
    pub fn missing(&self) -> Vec<&Finding> {
        match self.look {
            _ if self.ok => Vec::new(),
            Look::All | Look::Checklist { .. } if !self.parts.is_empty() => {
                self.parts.iter().flat_map(Finding::missing).collect()
            }
            _ => vec![self],
        }
    }
}
