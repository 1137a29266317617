//! One stage of the path, one beside it, and what they ask for.

use super::order;
use super::place::Place;
use super::raw::{Kind, RawArchive, RawBack, RawNeed, RawSeed, RawSide, RawStage};
use super::resolve::{Kin, Resolver};
use crate::process::rules::{
    self as rules, Archive, Back, ChecklistKey, FieldKey, Need, Return, RoleKey, Seed, Stage,
    StageKey, Want, Wip,
};
use regex::RegexBuilder;

pub(super) fn stage(resolver: &mut Resolver<'_>, raw: &RawStage, nth: usize) -> Stage {
    let place = Place::item("stage", nth);
    let owner: RoleKey = resolver.name(Kin::Role, &raw.owner, &place.key("owner"));
    let after = resolver
        .raw
        .stage
        .get(nth + 1)
        .map(|next| StageKey::from(next.key.as_str()));
    let next = match &raw.next {
        Some(next) => {
            let place = place.key("next");
            let next = resolver.names(Kin::PathStage, next, &place);
            order::only_later(resolver, next, nth, &place)
        }
        None => after.into_iter().collect(),
    };
    let back = match &raw.back {
        None => vec![Back {
            to: Vec::new(),
            by: vec![owner.clone()],
        }],
        Some(rules) => rules
            .iter()
            .enumerate()
            .map(|(at, rule)| back(resolver, rule, nth, &place.key("back").nth(at)))
            .collect(),
    };
    order::was(resolver, raw.was.as_deref(), &raw.key, &place);
    order::due(resolver, &raw.seed, raw.limit.is_some(), &place.key("seed"));
    if nth == 0 {
        order::entry(resolver, raw, &place);
    }
    Stage {
        key: raw.key.as_str().into(),
        name: raw.name.trim().to_owned(),
        was: raw.was.as_deref().map(StageKey::from),
        purpose: raw.purpose.clone(),
        once: raw.once.clone(),
        work: raw.work.clone(),
        movers: raw
            .movers
            .as_ref()
            .map(|movers| resolver.names(Kin::Role, movers, &place.key("movers"))),
        skip: resolver.names(Kin::Role, &raw.skip, &place.key("skip")),
        start: resolver.names(Kin::Role, &raw.start, &place.key("start")),
        needs: needs(resolver, &raw.need, &place.key("need")),
        hold: raw.hold,
        seed: seed(resolver, &raw.seed, &place.key("seed")),
        limit: raw
            .limit
            .as_ref()
            .map(|limit| resolver.duration(limit, &place.key("limit"))),
        wip: raw.wip.as_ref().map(|wip| Wip {
            limit: wip.limit,
            refuse: wip.refuse,
        }),
        phase: raw.phase,
        archive: archive(
            resolver,
            raw.archive.as_ref(),
            &owner,
            &place.key("archive"),
        ),
        owner,
        place: rules::Place::Path {
            next,
            back,
            is_final: raw.is_final,
        },
    }
}

fn back(resolver: &mut Resolver<'_>, raw: &RawBack, nth: usize, place: &Place) -> Back {
    let to = resolver.names(Kin::PathStage, &raw.to, &place.key("to"));
    order::only_earlier(resolver, &to, nth, &place.key("to"));
    Back {
        to,
        by: resolver.names(Kin::Role, &raw.by, &place.key("by")),
    }
}

pub(super) fn side(resolver: &mut Resolver<'_>, raw: &RawSide, nth: usize) -> Stage {
    let place = Place::item("side", nth);
    let owner: RoleKey = resolver.name(Kin::Role, &raw.owner, &place.key("owner"));
    let from = match &raw.from {
        Some(from) => resolver.names(Kin::Stage, from, &place.key("from")),
        None => resolver
            .raw
            .stage
            .iter()
            .map(|stage| stage.key.as_str().into())
            .collect(),
    };
    let returns = raw.returns.iter().enumerate().map(|(nth, one)| {
        let place = place.key("return").nth(nth);
        Return {
            to: resolver.names(Kin::PathStage, &one.to, &place.key("to")),
            by: resolver.names(Kin::Role, &one.by, &place.key("by")),
            gate: one.gate,
        }
    });
    let returns = returns.collect();
    order::from_itself(resolver, raw, &place);
    order::was(resolver, raw.was.as_deref(), &raw.key, &place);
    order::due(resolver, &raw.seed, raw.limit.is_some(), &place.key("seed"));
    Stage {
        key: raw.key.as_str().into(),
        name: raw.name.trim().to_owned(),
        was: raw.was.as_deref().map(StageKey::from),
        purpose: raw.purpose.clone(),
        once: raw.once.clone(),
        work: raw.work.clone(),
        movers: None,
        skip: Vec::new(),
        start: Vec::new(),
        needs: needs(resolver, &raw.need, &place.key("need")),
        hold: false,
        seed: seed(resolver, &raw.seed, &place.key("seed")),
        limit: raw
            .limit
            .as_ref()
            .map(|limit| resolver.duration(limit, &place.key("limit"))),
        wip: None,
        phase: None,
        archive: archive(
            resolver,
            raw.archive.as_ref(),
            &owner,
            &place.key("archive"),
        ),
        owner,
        place: rules::Place::Side {
            put: resolver.names(Kin::Role, &raw.put, &place.key("put")),
            from,
            returns,
            leaves_on: leaves_on(resolver, raw, &place),
        },
    }
}

fn leaves_on(resolver: &mut Resolver<'_>, raw: &RawSide, place: &Place) -> Option<FieldKey> {
    let key = raw.leaves_on.as_ref()?;
    let place = place.key("leaves_on");
    let field = resolver.name(Kin::Field, key, &place);
    let file = resolver.raw;
    let known = file.field.iter().find(|field| field.key == *key);
    if known.is_some_and(|field| !matches!(field.kind, Kind::Date | Kind::Lost)) {
        let what = format!("`{key}` is not a date");
        resolver.error(
            &place,
            what,
            "name the field with the day on which the client leaves",
        );
    }
    Some(field)
}

fn archive(
    resolver: &mut Resolver<'_>,
    raw: Option<&RawArchive>,
    owner: &RoleKey,
    place: &Place,
) -> Archive {
    let Some(raw) = raw else {
        return Archive::By {
            roles: vec![owner.clone()],
            after: None,
        };
    };
    let roles: Vec<RoleKey> = resolver.names(Kin::Role, &raw.by, &place.key("by"));
    let after: Option<ChecklistKey> = raw
        .after
        .as_ref()
        .map(|after| resolver.name(Kin::Checklist, after, &place.key("after")));
    order::archive(resolver, raw, place);
    match (raw.anyone, roles.is_empty()) {
        (true, _) => Archive::Anyone,
        (false, true) if after.is_none() => Archive::Nobody,
        (false, true) => Archive::By {
            roles: vec![owner.clone()],
            after,
        },
        (false, false) => Archive::By { roles, after },
    }
}

fn seed(resolver: &mut Resolver<'_>, raw: &RawSeed, place: &Place) -> Seed {
    let always =
        resolver.names::<ChecklistKey>(Kin::Checklist, &raw.checklists, &place.key("checklists"));
    let mut checklists: Vec<_> = always.into_iter().map(|key| (key, Vec::new())).collect();
    for (nth, one) in raw.checklists_from.iter().enumerate() {
        let place = place.key("checklists_from").nth(nth);
        let key = resolver.name(Kin::Checklist, &one.checklist, &place.key("checklist"));
        checklists.push((
            key,
            resolver.names(Kin::Stage, &one.from, &place.key("from")),
        ));
    }
    if raw.letter.is_some() {
        super::letter::letter(resolver, &place.key("letter"));
    }
    Seed {
        checklists,
        labels: resolver.names(Kin::Label, &raw.labels, &place.key("labels")),
        unlabels: resolver.names(Kin::Label, &raw.unlabels, &place.key("unlabels")),
        members: raw.members,
        due: raw.due,
        letter: raw.letter.clone(),
        fill_mover: resolver.names(Kin::Field, &raw.fill_mover, &place.key("fill_mover")),
    }
}

/// Each at its place: for one that says nothing stands a need that asks nothing.
fn needs(resolver: &mut Resolver<'_>, raw: &[RawNeed], place: &Place) -> Vec<Need> {
    let nothing = || Need {
        when: None,
        want: Want::All(Vec::new()),
        say: None,
    };
    raw.iter()
        .enumerate()
        .map(|(nth, one)| need(resolver, one, &place.nth(nth)).unwrap_or_else(nothing))
        .collect()
}

fn need(resolver: &mut Resolver<'_>, raw: &RawNeed, place: &Place) -> Option<Need> {
    let named = [
        ("field", raw.field.is_some()),
        ("item", raw.item.is_some()),
        ("checklist", raw.checklist.is_some()),
        ("label", raw.label.is_some()),
        ("attachment", raw.attachment.is_some()),
        ("member", raw.member.is_some()),
        ("four_eyes", raw.four_eyes.is_some()),
        ("all", raw.all.is_some()),
        ("any", raw.any.is_some()),
    ];
    let mut given = named.iter().filter(|(_, given)| *given);
    match (given.next(), given.next()) {
        (Some(_), None) => order::need(resolver, raw, place),
        (Some((first, _)), Some((second, _))) => {
            let what = format!("this need names both `{first}` and `{second}`");
            let mend = "give each a `need` of its own, or put them into `all = [{ … }, { … }]`";
            resolver.error(&place.key(second), what, mend);
            return None;
        }
        (None, _) => {
            let keys = "field, item, checklist, label, attachment, member, four_eyes, all, any";
            let what = "this need does not say what is needed";
            resolver.error(place, what, format!("add one of {keys}"));
            return None;
        }
    }
    let by: Vec<RoleKey> = resolver.names(Kin::Role, &raw.by, &place.key("by"));
    let when = raw
        .when
        .as_ref()
        .map(|when| resolver.when(when, &place.key("when")));
    let want = if let Some(field) = &raw.field {
        Want::Field(resolver.name(Kin::Field, field, &place.key("field")))
    } else if let Some(item) = &raw.item {
        Want::Item {
            item: resolver.name(Kin::Item, item, &place.key("item")),
            by,
            no_deputy: raw.no_deputy,
        }
    } else if let Some(list) = &raw.checklist {
        Want::Checklist {
            checklist: resolver.name(Kin::Checklist, list, &place.key("checklist")),
            by,
        }
    } else if let Some(label) = &raw.label {
        Want::Label {
            label: resolver.name(Kin::Label, label, &place.key("label")),
            by,
        }
    } else if let Some(pattern) = &raw.attachment {
        Want::Attachment {
            name: attachment(resolver, pattern, &place.key("attachment"))?,
            by,
        }
    } else if let Some(role) = &raw.member {
        Want::Member(resolver.name(Kin::Role, role, &place.key("member")))
    } else if let Some(item) = &raw.four_eyes {
        Want::FourEyes(resolver.name(Kin::Item, item, &place.key("four_eyes")))
    } else if let Some(all) = &raw.all {
        Want::All(needs(resolver, all, &place.key("all")))
    } else {
        Want::Any(needs(
            resolver,
            raw.any.as_deref().unwrap_or_default(),
            &place.key("any"),
        ))
    };
    Some(Need {
        when,
        want,
        say: raw.say.clone(),
    })
}

/// A pattern on the names of files, which asks for something.
fn attachment(resolver: &mut Resolver<'_>, pattern: &str, place: &Place) -> Option<regex::Regex> {
    let mend = "write the words of the name with `|` between them, such as \"contract|agreement\"";
    match RegexBuilder::new(pattern).case_insensitive(true).build() {
        Err(_) => {
            resolver.error(
                place,
                format!("the pattern `{pattern}` cannot be read"),
                mend,
            );
            None
        }
        Ok(name) if name.is_match("") => {
            let what = format!("the pattern `{pattern}` takes every file, whatever its name");
            resolver.error(place, what, mend);
            Some(name)
        }
        Ok(name) => Some(name),
    }
}
