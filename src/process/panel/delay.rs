//! What it costs that a card stands where it stands for too long: as the figures reckon it, from the
//! card as it was read.

use super::Panel;
use crate::process::facts::Facts;
use crate::process::memory::Memory;
use crate::process::{fee, thirtieths};
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Delay {
    /// Calendar days beyond the stage's limit.
    pub days: i64,
    pub amount: f64,
    pub currency: Option<String>,
}

impl Panel<'_> {
    /// None where nothing is late, or where the fee is not known.
    pub(super) fn delay(&self, memory: &Memory, facts: &Facts) -> Option<Delay> {
        let process = self.process;
        let (stage, timing) = process.timing_of(self.bindings, memory, self.now)?;
        let due = timing.due(stage.limit?);
        let late = process.today(due).until(process.today(self.now)).ok()?;
        let days = i64::from(late.get_days());
        if days <= 0 {
            return None;
        }
        let (currency, fee) = fee(process, |field| facts.value(field).cloned())?;
        Some(Delay {
            days,
            amount: thirtieths(fee, days) as f64 / 100.0,
            currency,
        })
    }
}
