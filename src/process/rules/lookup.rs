//! What is asked of a process: a stage by its key, the path, whether a stage is a gate.

use super::*;
use crate::process::calendar;

impl Process {
    pub fn stage(&self, key: &StageKey) -> Option<&Stage> {
        self.stages.iter().find(|stage| &stage.key == key)
    }
    /// Its name; the key of a stage that the file does not have any more.
    pub fn stage_name(&self, key: &StageKey) -> String {
        self.stage(key)
            .map_or_else(|| key.to_string(), |stage| stage.name.clone())
    }
    pub fn field(&self, key: &FieldKey) -> Option<&Field> {
        self.fields.iter().find(|field| &field.key == key)
    }
    pub fn checklist(&self, key: &ChecklistKey) -> Option<&Checklist> {
        self.checklists.iter().find(|list| &list.key == key)
    }
    pub fn item(&self, key: &ItemKey) -> Option<&Item> {
        self.checklists
            .iter()
            .flat_map(|list| &list.items)
            .find(|item| &item.key == key)
    }
    pub fn role(&self, key: &RoleKey) -> Option<&Role> {
        self.roles.iter().find(|role| &role.key == key)
    }
    /// What the file says of a person, by Trello username.
    pub fn person(&self, username: &str) -> Option<&Person> {
        let same = |person: &&Person| person.username.eq_ignore_ascii_case(username);
        self.people.iter().find(same)
    }
    pub fn label(&self, key: &str) -> Option<&LabelRule> {
        self.labels.iter().find(|label| label.key.as_str() == key)
    }
    /// The field by which a card waits.
    pub fn waits_in(&self) -> Option<&Field> {
        self.fields.iter().find(|field| field.waits)
    }
    /// The board's civil date.
    pub fn today(&self, now: jiff::Timestamp) -> jiff::civil::Date {
        self.time_zone.to_datetime(now).date()
    }
    /// When a day begins at the board's place.
    pub fn begins(&self, day: jiff::civil::Date) -> Option<jiff::Timestamp> {
        self.time_zone.to_timestamp(day.at(0, 0, 0, 0)).ok()
    }
    /// When work begins on that day, or on the first one after it.
    pub fn opens(&self, day: jiff::civil::Date) -> Option<jiff::Timestamp> {
        let begins = self.begins(day)?;
        Some(calendar::next_open(&self.hours, &self.time_zone, begins))
    }
    /// The stages of the path, in order.
    pub fn path(&self) -> impl DoubleEndedIterator<Item = &Stage> {
        self.stages.iter().filter(|stage| stage.is_path())
    }
    /// The stage cards are born in.
    pub fn entry(&self) -> &Stage {
        &self.stages[0]
    }
    /// Whether anything is asked of a card, or of whoever moves it, that enters this stage.
    pub fn is_gate(&self, stage: &Stage) -> bool {
        let asks = |field: &Field| {
            let from = field.from.as_ref();
            from == Some(&stage.key)
                || from.is_some_and(|from| {
                    self.rank(from) <= self.rank(&stage.key) && self.rank(from).is_some()
                })
        };
        let refuses = stage.wip.is_some_and(|wip| wip.refuse);
        stage.movers.is_some() || !stage.needs.is_empty() || refuses || self.fields.iter().any(asks)
    }
    /// Whether a stage's gate rests on an item, by itself or in a checklist.
    pub fn wants_item(&self, stage: &Stage, item: &ItemKey) -> bool {
        stage.needs.iter().any(|need| self.need_wants(need, item))
    }

    fn need_wants(&self, need: &Need, key: &ItemKey) -> bool {
        match &need.want {
            Want::Item { item, .. } => item == key,
            Want::Checklist { checklist, .. } => self
                .checklist(checklist)
                .is_some_and(|list| list.items.iter().any(|item| item.key == *key)),
            Want::All(needs) | Want::Any(needs) => {
                needs.iter().any(|need| self.need_wants(need, key))
            }
            Want::Field(_)
            | Want::Label { .. }
            | Want::Attachment { .. }
            | Want::Member(_)
            | Want::FourEyes(_) => false,
        }
    }

    /// How far along the path a stage is; none beside it.
    pub fn rank(&self, key: &StageKey) -> Option<usize> {
        self.path().position(|stage| &stage.key == key)
    }
}

impl Stage {
    pub fn is_path(&self) -> bool {
        matches!(self.place, Place::Path { .. })
    }
    pub fn is_final(&self) -> bool {
        matches!(self.place, Place::Path { is_final: true, .. })
    }
    /// Whether one of its needs is this field.
    pub fn asks_for(&self, field: &FieldKey) -> bool {
        fn asks(need: &Need, field: &FieldKey) -> bool {
            match &need.want {
                Want::Field(one) => one == field,
                Want::All(needs) | Want::Any(needs) => needs.iter().any(|need| asks(need, field)),
                _ => false,
            }
        }
        self.needs.iter().any(|need| asks(need, field))
    }
    /// The field that tells on which day whoever stands here leaves.
    pub fn leaves_on(&self) -> Option<&FieldKey> {
        match &self.place {
            Place::Side { leaves_on, .. } => leaves_on.as_ref(),
            Place::Path { .. } => None,
        }
    }
}

impl Counted {
    /// The fields it names.
    pub fn fields(&self) -> Vec<&FieldKey> {
        let marks = [&self.paid, &self.live, &self.charged];
        let days = marks.into_iter().filter_map(|mark| match mark {
            Some(Mark::Field(field)) => Some(field),
            _ => None,
        });
        self.fee.iter().chain(&self.currency).chain(days).collect()
    }
}
