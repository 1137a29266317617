//! What follows from the answer of an outside place: the tick it stands for, and a word.

use super::Room;
use crate::model::{CheckItemId, ChecklistId, MemberId, Said};
use crate::process::effect::Deed;
use crate::process::memory::DecisionId;
use crate::process::rules::ItemKey;
use crate::process::words::Answer;

impl Room<'_> {
    pub(super) fn place(
        &mut self,
        id: &DecisionId,
        target: &str,
        said: &Said,
        item: Option<&(ItemKey, CheckItemId, ChecklistId)>,
        call: &[MemberId],
    ) {
        if let Some((_, item, checklist)) = item {
            let (checklist, item) = (checklist.clone(), item.clone());
            self.push(
                id,
                Some(&format!("tick {target}")),
                Deed::Tick { checklist, item },
            );
        }
        let place = self.place_name(target);
        let text = self
            .words
            .place(&place, &self.answer(said), &self.named(call, call));
        // The latest answer stands in one comment.
        self.say_in(id, format!("place {target}"), text);
    }

    /// Why a place has not confirmed, where it said anything.
    pub(super) fn why_not(&self, said: &Said) -> Option<String> {
        Some(self.words.place_trouble(&self.answer(said)))
    }

    fn place_name(&self, target: &str) -> String {
        let item = self.process.proved_by(target);
        item.map_or_else(|| target.to_owned(), |item| item.name.clone())
    }

    fn answer(&self, said: &Said) -> Answer {
        match said {
            Said::Confirmed { status, id, link } => Answer::Confirmed {
                id: id.clone(),
                link: link.clone(),
                status: *status,
            },
            Said::Wanting { fields } => {
                let name = |key: &String| {
                    let field = self.process.field(&key.as_str().into());
                    field.map_or_else(|| key.clone(), |field| field.name.clone())
                };
                Answer::Wanting(fields.iter().map(name).collect())
            }
            Said::Refused { why } => Answer::Refused(why.clone()),
            Said::Several { ids } => Answer::Several(ids.clone()),
            Said::Down { why } => Answer::Down(why.clone()),
        }
    }
}
