//! What is counted of our calls, for whoever shows it. Nothing is decided by it, but whether an
//! answer's headers are worth telling the windows.

use super::*;
use crate::trello::budget::{Headers, Told};
use std::collections::BTreeMap;
use std::sync::PoisonError;

/// With fewer writes left in the hour, each answer's word on it is heeded.
const FEW_ACTIONS: usize = 1_000;

/// So many calls of one kind that were answered in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requests {
    /// Verb and the first word of the path: `PUT cards`.
    pub kind: String,
    /// `2xx`, `4xx`, `429`, `5xx`, or `lost` where no answer came.
    pub answer: &'static str,
    pub count: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub requests: Vec<Requests>,
    /// Requests that Trello refused for being too many: an error of ours.
    pub refused: u64,
    /// How often something had to wait for room in a window.
    pub waited: u64,
    /// Requests that may still be made in the present window.
    pub left: usize,
}

#[derive(Default)]
pub(super) struct Counted {
    requests: BTreeMap<(String, &'static str), u64>,
    waited: u64,
    /// As the windows stood when they were last asked.
    left: usize,
    headers: Headers,
}

impl Counted {
    pub(super) fn asked(&mut self, left: usize, granted: bool) {
        self.left = left;
        self.waited += u64::from(!granted);
    }

    pub(super) fn made(&mut self, verb: &Method, what: &str, answer: &'static str) {
        let kind = format!("{verb} {what}");
        *self.requests.entry((kind, answer)).or_default() += 1;
    }

    /// Whether headers tell what was not known: other limits, or less left than we think.
    pub(super) fn news(&mut self, headers: &Headers) -> bool {
        let limits = |told: &Headers| {
            [told.token, told.key, told.actions].map(|told| (told.max, told.interval))
        };
        let known = limits(&self.headers) == limits(headers);
        let below = |told: Told, few| told.remaining.is_some_and(|left| left < few);
        let fewer = below(headers.token, self.left)
            || below(headers.key, self.left)
            || below(headers.actions, FEW_ACTIONS);
        self.headers = *headers;
        !known || fewer
    }
}

impl Trello {
    pub(super) fn count<T>(&self, count: impl FnOnce(&mut Counted) -> T) -> T {
        count(&mut self.counted.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub async fn figures(&self) -> Figures {
        let left = self.change(|budget, now| budget.left(now)).await;
        self.count(|counted| {
            let requests = counted.requests.iter();
            let requests: Vec<_> = requests
                .map(|((kind, answer), count)| Requests {
                    kind: kind.clone(),
                    answer,
                    count: *count,
                })
                .collect();
            let refused = requests.iter().filter(|made| made.answer == "429");
            Figures {
                refused: refused.map(|made| made.count).sum(),
                requests,
                waited: counted.waited,
                left: left.unwrap_or(counted.left),
            }
        })
    }
}
