//! Where in the text a part of the tree stands: mistakes of meaning point at it.

use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The way from the root to a part of the tree.
#[derive(Clone, Debug, Default)]
pub(super) struct Place(Vec<Step>);

#[derive(Clone, Debug)]
enum Step {
    Key(String),
    Nth(usize),
}

impl Place {
    pub(super) fn key(&self, key: &str) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Key(key.to_owned()));
        Self(steps)
    }

    pub(super) fn nth(&self, nth: usize) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Nth(nth));
        Self(steps)
    }

    /// `[[stage]]`, the third: `stage[2]`.
    pub(super) fn item(key: &str, nth: usize) -> Self {
        Self::default().key(key).nth(nth)
    }

    /// The span of this part, or of the nearest part around it that is written.
    pub(super) fn span(&self, root: &Spanned<DeTable<'_>>) -> Range<usize> {
        let mut span = 0..0;
        let mut at: Option<&Spanned<DeValue<'_>>> = None;
        for (depth, step) in self.0.iter().enumerate() {
            let next = match (step, at.map(Spanned::get_ref)) {
                (Step::Key(key), None) if depth == 0 => get(root.get_ref(), key),
                (Step::Key(key), Some(DeValue::Table(table))) => get(table, key),
                (Step::Nth(nth), Some(DeValue::Array(array))) => array.get(*nth),
                _ => None,
            };
            let Some(next) = next else { break };
            span = next.span();
            at = Some(next);
        }
        // A table's span is its header or braces: its first line is enough.
        span
    }
}

fn get<'t, 'a>(table: &'t DeTable<'a>, key: &str) -> Option<&'t Spanned<DeValue<'a>>> {
    table
        .iter()
        .find(|(have, _)| have.get_ref() == key)
        .map(|(_, value)| value)
}
