//! The changes of a draft once more, made of what the file says: what its text is held against.

use super::source::Step;
use serde_json::{Map, Value as Json};

pub(super) fn at<'d>(data: &'d mut Json, path: &[Step]) -> Option<&'d mut Json> {
    path.iter().try_fold(data, |data, step| match step {
        Step::Key(key) => data.get_mut(key),
        Step::Nth(nth) => data.get_mut(nth),
    })
}

pub(super) fn set(data: &mut Json, path: &[Step], key: &str, value: Option<Json>) -> Option<()> {
    let table: &mut Map<String, Json> = at(data, path)?.as_object_mut()?;
    match value {
        Some(value) => table.insert(key.to_owned(), value),
        None => table.remove(key),
    };
    Some(())
}

pub(super) fn insert(data: &mut Json, list: &[Step], nth: usize, value: Json) -> Option<()> {
    let (Step::Key(key), path) = (list.last()?, &list[..list.len() - 1]) else {
        return None;
    };
    let table = at(data, path)?.as_object_mut()?;
    let all = table.entry(key).or_insert_with(|| Json::Array(Vec::new()));
    let all = all.as_array_mut()?;
    (nth <= all.len()).then(|| all.insert(nth, value))
}

pub(super) fn remove(data: &mut Json, list: &[Step], nth: usize) -> Option<Json> {
    let all = at(data, list)?.as_array_mut()?;
    (nth < all.len()).then(|| all.remove(nth))
}

/// Lists that say something even when they are empty: nobody may, and not anybody.
const TELLING: [&str; 9] = [
    "movers", "next", "back", "from", "lunch", "is", "is_not", "all", "any",
];

/// A value as a file would say it. A form shows what is not written too, as it is by default, and
/// sends it back: what says nothing new is not written.
pub(super) fn lean(value: &Json, had: Option<&Json>) -> Json {
    match value {
        Json::Object(table) => {
            let kept = table.iter().filter(|(key, value)| {
                had.and_then(|had| had.get(key)).is_some() || !idle(key, value)
            });
            let kept = kept.map(|(key, value)| {
                let had = had.and_then(|had| had.get(key));
                (key.clone(), lean(value, had))
            });
            Json::Object(kept.collect())
        }
        Json::Array(all) => {
            let had = had.and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
            let one = |(nth, value): (usize, &Json)| {
                let bare = lean(value, None);
                let same = had.iter().find(|had| lean(had, None) == bare);
                same.cloned().unwrap_or_else(|| lean(value, had.get(nth)))
            };
            all.iter().enumerate().map(one).collect()
        }
        other => other.clone(),
    }
}

/// Whether a key that is not written means the same.
pub(super) fn idle(key: &str, value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(false) => true,
        Json::Array(all) => all.is_empty() && !TELLING.contains(&key),
        Json::Object(table) if ["seed", "limits"].contains(&key) => {
            table.iter().all(|(key, value)| idle(key, value))
        }
        _ => false,
    }
}
