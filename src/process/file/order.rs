//! What a stage says of others and of itself that cannot be meant: a next stage that comes before, a
//! way back that leads forward, a key that does nothing beside another.

use super::place::Place;
use super::raw::{RawArchive, RawNeed, RawSeed, RawSide, RawStage};
use super::resolve::Resolver;
use crate::process::rules::StageKey;

/// How far along the path a stage is.
fn rank(resolver: &Resolver<'_>, key: &StageKey) -> Option<usize> {
    let mut path = resolver.raw.stage.iter();
    path.position(|stage| stage.key == key.as_str())
}

/// `next` without what does not come later; where nothing is left of it, as if it were not written.
pub(super) fn only_later(
    resolver: &mut Resolver<'_>,
    next: Vec<StageKey>,
    nth: usize,
    place: &Place,
) -> Vec<StageKey> {
    let (had, mut later) = (next.len(), Vec::new());
    for (at, key) in next.into_iter().enumerate() {
        match rank(resolver, &key) {
            Some(there) if there <= nth => {
                let what = match there == nth {
                    true => format!("`next` of `{key}` names the stage itself"),
                    false => format!("`next` names `{key}`, which comes before"),
                };
                let mend = "name later stages in `next`; who may send a card back says `back`";
                resolver.error(&place.nth(at), what, mend);
            }
            _ => later.push(key),
        }
    }
    if had > 0 && later.is_empty() {
        let after = resolver.raw.stage.get(nth + 1);
        later.extend(after.map(|stage| StageKey::from(stage.key.as_str())));
    }
    later
}

pub(super) fn only_earlier(
    resolver: &mut Resolver<'_>,
    to: &[StageKey],
    nth: usize,
    place: &Place,
) {
    for (at, key) in to.iter().enumerate() {
        if rank(resolver, key).is_some_and(|there| there >= nth) {
            let what = format!("`back` names `{key}`, which does not come before");
            let mend = "name earlier stages in `back`; where a card may go on to says `next`";
            resolver.error(&place.nth(at), what, mend);
        }
    }
}

/// A side stage that cards are put into from itself.
pub(super) fn from_itself(resolver: &mut Resolver<'_>, raw: &RawSide, place: &Place) {
    let from = raw.from.as_deref().unwrap_or_default();
    if let Some(nth) = from.iter().position(|key| *key == raw.key) {
        let what = format!("`from` of `{}` names the stage itself", raw.key);
        resolver.error(&place.key("from").nth(nth), what, "take it out");
    }
}

/// A key of the version before: it is gone from this one, and one stage takes its cards.
pub(super) fn was(resolver: &mut Resolver<'_>, was: Option<&str>, key: &str, place: &Place) {
    let Some(was) = was else { return };
    let raw = resolver.raw;
    let stages = raw.stage.iter().map(|one| (&one.key, one.was.as_deref()));
    let sides = raw.side.iter().map(|one| (&one.key, one.was.as_deref()));
    let mut all = stages.chain(sides);
    let there = all.clone().any(|(one, _)| one == was);
    let first = all.find(|(_, one)| *one == Some(was)).map(|(key, _)| key);
    if there {
        let what = format!("the stage `{was}` is still there: `{key}` cannot have been it");
        let mend = "write in `was` the key that the stage had before, or take it out";
        resolver.error(&place.key("was"), what, mend);
    } else if first.is_some_and(|first| first != key) {
        let what = format!("two stages say that they were `{was}`");
        resolver.error(
            &place.key("was"),
            what,
            "keep it in the one that takes over its cards",
        );
    }
}

/// Cards are born in the first stage: nothing is asked there.
pub(super) fn entry(resolver: &mut Resolver<'_>, raw: &RawStage, place: &Place) {
    let asks = [
        ("need", !raw.need.is_empty()),
        (
            "movers",
            raw.movers.as_ref().is_some_and(|movers| !movers.is_empty()),
        ),
        ("start", !raw.start.is_empty()),
        ("wip", raw.wip.as_ref().is_some_and(|wip| wip.refuse)),
    ];
    for (key, asks) in asks {
        if asks {
            let what = format!(
                "`{key}` of `{}` holds nobody back: cards are born in the first stage",
                raw.key
            );
            let mend = "ask for it in the stage after, or take it out";
            resolver.warn(&place.key(key), what, mend);
        }
    }
}

pub(super) fn due(resolver: &mut Resolver<'_>, seed: &RawSeed, limit: bool, place: &Place) {
    if seed.due && !limit {
        let mend = "add `limit = \"16h\"` to the stage, or take `due` out";
        resolver.warn(
            &place.key("due"),
            "`due` sets no date without a `limit`",
            mend,
        );
    }
}

pub(super) fn archive(resolver: &mut Resolver<'_>, raw: &RawArchive, place: &Place) {
    if raw.anyone && !raw.by.is_empty() {
        resolver.error(
            place,
            "archiving is for anyone or for some roles, not both",
            "keep `anyone = true` or `by = [\"…\"]`",
        );
    } else if raw.after.is_some() && raw.by.is_empty() {
        let what = "`after` says when a card may be archived, and nothing says by whom";
        resolver.error(
            &place.key("after"),
            what,
            "add `by = [\"…\"]` with the roles beside it",
        );
    }
}

/// Keys of a need that mean nothing beside what it names.
pub(super) fn need(resolver: &mut Resolver<'_>, raw: &RawNeed, place: &Place) {
    let signed = raw.item.is_some()
        || raw.checklist.is_some()
        || raw.label.is_some()
        || raw.attachment.is_some();
    if !raw.by.is_empty() && !signed {
        let mend = "it belongs to an item, a checklist, a label or an attachment; who may fill a field says the field's own `by`";
        resolver.error(&place.key("by"), "`by` means nothing for this need", mend);
    }
    if raw.no_deputy && raw.item.is_none() {
        let what = "`no_deputy` means nothing for this need";
        resolver.error(&place.key("no_deputy"), what, "it belongs to an item");
    }
}
