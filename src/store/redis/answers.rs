//! What the scripts answer, read into the contract's own words.

use crate::model::{BoardId, Lane};
use crate::process::{Loads, Version};
use crate::store::{
    Active, BoardRecord, BoardState, Counters, DeadLetter, Due, HistoryLine, KeptVersion, LaneWork,
    OutboxRow, Result, StoreError, instant,
};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

pub(super) fn parsed<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Lanes that are due as (class, instant, lane), and the next instant.
pub(super) type Look = (Vec<(u8, i64, String)>, Option<i64>);

/// Who must be served first comes first, whichever partition it is in.
pub(super) fn due(looks: Vec<Look>, most: usize) -> Due {
    let next = looks.iter().filter_map(|(_, next)| *next).min();
    let mut found: Vec<_> = looks.into_iter().flat_map(|(lanes, _)| lanes).collect();
    found.sort_unstable();
    let mut lanes: Vec<(BoardId, Lane)> = Vec::new();
    let mut known = std::collections::HashSet::new();
    for (_, _, member) in &found {
        // One that has both something to judge and something to say stands here twice.
        let new = lanes.len() < most && known.insert(member);
        let split = member.split_once(' ').filter(|_| new);
        lanes.extend(split.map(|(board, lane)| (BoardId::new(board), Lane::from_name(lane))));
    }
    Due {
        lanes,
        next: next.map(instant),
    }
}

/// Events, rows (id, effect, attempts, not before, doubt, since), timers, what is kept of the lane
/// (memory, edition, attempts, not before), the newest arrival.
pub(super) type Work = (
    Vec<String>,
    Vec<(i64, String, u32, i64, bool, i64)>,
    BTreeMap<String, i64>,
    (Option<String>, Option<i64>, Option<u32>, Option<i64>),
    Option<f64>,
);

pub(super) fn work((events, rows, timers, kept, newest): Work) -> Result<LaneWork> {
    let (memory, edition, attempts, not_before) = kept;
    let row = |(id, effect, attempts, not_before, doubt, since): (_, String, _, _, _, _)| {
        Ok(OutboxRow {
            id,
            effect: parsed(&effect)?,
            attempts,
            not_before: instant(not_before),
            since: instant(since),
            doubt,
        })
    };
    let timers = timers.into_iter();
    Ok(LaneWork {
        events: events
            .iter()
            .map(|body| parsed(body))
            .collect::<Result<_>>()?,
        memory: memory.as_deref().map(parsed).transpose()?,
        edition: edition.unwrap_or(0),
        outbox: rows.into_iter().map(row).collect::<Result<_>>()?,
        timers: timers.map(|(name, at)| (name, instant(at))).collect(),
        attempts: attempts.unwrap_or(0),
        not_before: not_before.map(instant),
        // A score: whole microseconds, which a double holds for centuries to come.
        received: newest.map(|newest| instant(newest as i64)),
    })
}

/// Each field a word and the person it is of.
pub(super) fn loads(kept: BTreeMap<String, i64>) -> Loads {
    let mut loads = Loads::new();
    for (field, number) in kept {
        let Some((word, member)) = field.split_once(' ') else {
            continue;
        };
        let load = loads.entry(member.into()).or_default();
        match word {
            "open" => load.open = u32::try_from(number).unwrap_or(0),
            "given" => load.given = u32::try_from(number).unwrap_or(0),
            _ => load.last = Some(instant(number)),
        }
    }
    loads
}

/// A lane and a line of its history.
pub(super) fn line(kept: &str) -> Result<(Lane, HistoryLine)> {
    let missing = || StoreError::Corrupt("a line of history without its card".to_owned());
    let (lane, line) = kept.split_once(' ').ok_or_else(missing)?;
    Ok((Lane::from_name(lane), parsed(line)?))
}

/// Number, kind, board, lane, body, reason, instant.
pub(super) type Letter = (i64, String, String, String, String, String, i64);

pub(super) fn letter((id, kind, board, lane, body, reason, at): Letter) -> DeadLetter {
    DeadLetter {
        id,
        board: BoardId::new(board),
        lane: Lane::from_name(&lane),
        kind,
        body,
        reason,
        at: instant(at),
    }
}

/// Version, process, bindings, state, revision.
pub(super) type Record = (String, String, String, String, String);

pub(super) fn record(
    (version, text, bindings, state, revision): Record,
) -> Result<(String, BoardRecord)> {
    let record = BoardRecord {
        active: Active {
            version: Version(version),
            text: text.into(),
            bindings: parsed(&bindings)?,
        },
        state: BoardState::from_word(&state),
    };
    Ok((revision, record))
}

/// Events and effects waiting, dead letters, what was set aside, since when the oldest event and the
/// oldest effect wait.
pub(super) type Tally = (u64, u64, u64, u64, Option<i64>, Option<i64>);

pub(super) fn counters(all: &[Tally]) -> Counters {
    let sum = |of: fn(&Tally) -> u64| all.iter().map(of).sum();
    Counters {
        events_waiting: sum(|tally| tally.0),
        effects_waiting: sum(|tally| tally.1),
        dead: sum(|tally| tally.2),
        set_aside: sum(|tally| tally.3),
        oldest_event: all.iter().filter_map(|tally| tally.4).min().map(instant),
        oldest_effect: all.iter().filter_map(|tally| tally.5).min().map(instant),
    }
}

/// From the fields of `versions` and `dates`. Dates were not kept from the beginning.
pub(super) fn versions(fields: Vec<String>, dates: &BTreeMap<String, i64>) -> Vec<KeptVersion> {
    let names = fields
        .into_iter()
        .filter(|name| !name.starts_with("bindings "));
    let kept = names.map(|name| KeptVersion {
        at: dates.get(&name).copied().map(instant),
        version: Version(name),
    });
    let mut kept: Vec<_> = kept.collect();
    kept.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.version.cmp(&b.version)));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_from_before_dates_were_kept_come_last() {
        let fields = ["a", "bindings a", "b", "bindings b", "c", "bindings c"];
        let dates = BTreeMap::from([("b".to_owned(), 5), ("c".to_owned(), 7)]);
        let told = versions(fields.map(str::to_owned).to_vec(), &dates);
        let told = told.iter().map(|one| (one.version.0.as_str(), one.at));
        let at = |micros| Some(instant(micros));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [("c", at(7)), ("b", at(5)), ("a", None)]
        );
    }
}
