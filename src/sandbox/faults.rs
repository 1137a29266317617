//! Faults that can be switched on: what a network and a busy Trello do on a bad day. It only says
//! whether one strikes now; the server and the deliveries act it out.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// 429, nothing done.
    TooMany,
    /// 500, nothing done.
    Broken,
    /// The connection closes before anything is done.
    LostBefore,
    /// It is done, and the answer is lost.
    LostAfter,
    /// A delivery arrives twice.
    DeliveredTwice,
    /// A delivery changes places with the one after it.
    DeliveredSwapped,
    /// A delivery never arrives.
    DeliveryLost,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    pub kind: FaultKind,
    /// How many more times it strikes; without it, for ever.
    #[serde(default)]
    pub times: Option<u32>,
    /// How likely it strikes, 0 to 1.
    #[serde(default = "always")]
    pub chance: f64,
    /// Only requests to paths that begin so, such as `/cards`.
    #[serde(default)]
    pub path: String,
    /// Only requests with this verb.
    #[serde(default)]
    pub verb: String,
}

fn always() -> f64 {
    1.0
}

impl Fault {
    /// Strikes the next so many times.
    pub fn next(kind: FaultKind, times: u32) -> Self {
        Self {
            kind,
            times: Some(times),
            chance: 1.0,
            path: String::new(),
            verb: String::new(),
        }
    }

    pub fn on(self, verb: &str, path: &str) -> Self {
        Self {
            path: path.into(),
            verb: verb.into(),
            ..self
        }
    }
}

/// Which of `kinds` strikes this request, and counts it down.
pub fn strike(
    faults: &mut Vec<Fault>,
    kinds: &[FaultKind],
    verb: &str,
    path: &str,
) -> Option<FaultKind> {
    let hit = faults.iter().position(|fault| {
        kinds.contains(&fault.kind)
            && path.starts_with(&fault.path)
            && (fault.verb.is_empty() || fault.verb.eq_ignore_ascii_case(verb))
            && (fault.chance >= 1.0 || fastrand::f64() < fault.chance)
    })?;
    let kind = faults[hit].kind;
    if let Some(times) = faults[hit].times.as_mut() {
        *times = times.saturating_sub(1);
        if *times == 0 {
            faults.remove(hit);
        }
    }
    Some(kind)
}
