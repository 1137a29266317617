//! What was sent to a person by another way than the card, and did not arrive: the card says so.

use super::Court;
use crate::model::{Event, Lost, PostId};
use crate::process::verdict::{Hand, What};

impl Court<'_> {
    pub(super) fn not_reached(&mut self, event: &Event, to: &PostId, why: &Lost) {
        let what = What::NotReached {
            person: to.member(),
            way: to.way().to_owned(),
            why: why.clone(),
        };
        self.rule(event.at, Hand::default(), what);
    }
}
