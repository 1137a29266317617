//! Places outside Trello: where they are, and what of a card goes there.

use super::http::Preset;
use super::letters::{instead, nearest};
use super::place::Place;
use super::raw::{Kind, RawTarget};
use super::resolve::{Kin, Resolver};
use super::tables;
use super::values::LOST;
use crate::process::rules::{FieldKey, StageKey, Target};
use crate::process::target::{Filter, Keyed, Part, Put, TargetKind, Template};
use url::Url;

/// What can stand between braces besides a field's key.
const OF_THE_CARD: [&str; 3] = ["card", "card_name", "card_url"];
const SECRET: &str = "TARGET_";

pub(super) fn target(resolver: &mut Resolver<'_>, raw: &RawTarget, nth: usize) -> Target {
    let place = Place::item("target", nth);
    key(resolver, raw, nth, &place);
    address(resolver, raw, &place);
    key_in(resolver, raw, &place);
    tables::keys(resolver, raw, &place);
    let put = puts(resolver, raw, &place);
    let usual = raw.preset.map_or(raw.kind.traits().keyed, Preset::keyed);
    let keyed = raw.keyed.unwrap_or(usual);
    matching(resolver, raw, keyed, &place);
    of_kind(resolver, raw, keyed, &place);
    Target {
        key: raw.key.clone(),
        kind: raw.kind,
        url: raw.url.clone(),
        key_in: raw.key_in.clone(),
        keyed,
        matching: raw.matching.clone(),
        at: at(resolver, raw, &place),
        link: super::link::link(resolver, raw, &place),
        put,
        allow_private: raw.allow_private,
        table: raw.table.clone(),
        id_column: raw.id_column.clone(),
        status_column: raw.status_column.clone(),
        user: raw.user.clone(),
        http: super::http::api(resolver, raw, &place),
    }
}

fn key(resolver: &mut Resolver<'_>, raw: &RawTarget, nth: usize, place: &Place) {
    let file = resolver.raw;
    let place = place.key("key");
    let known = file.target.iter().take(nth);
    if raw.key != LOST && known.clone().any(|other| other.key == raw.key) {
        let what = format!("there is another target `{}` above", raw.key);
        resolver.error(&place, what, "give each a key of its own");
    }
    let plain = |one: char| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '_';
    if raw.key != LOST && (raw.key.is_empty() || !raw.key.chars().all(plain)) {
        let what = format!("`{}` is no key of a target", raw.key);
        resolver.error(&place, what, "write it in small letters, digits and _");
    }
    let mut items = file.checklist.iter().flat_map(|list| &list.item);
    if !items.any(|item| item.target.as_deref() == Some(raw.key.as_str())) {
        let what = format!("no check item stands for `{}`", raw.key);
        let mend = format!("write `target = \"{}\"` at the item it proves", raw.key);
        resolver.warn(&place, what, mend);
    }
}

fn address(resolver: &mut Resolver<'_>, raw: &RawTarget, section: &Place) {
    let place = section.key("url");
    if raw.url == LOST {
        return;
    }
    let traits = raw.kind.traits();
    let url = Url::parse(&raw.url).ok();
    let Some(url) = url.filter(|url| traits.schemes.contains(&url.scheme())) else {
        let what = format!("`{}` is no address for {}", raw.url, traits.word);
        let begins: Vec<_> = traits
            .schemes
            .iter()
            .map(|one| format!("`{one}:`"))
            .collect();
        let mend = format!("write it with {} in front", begins.join(" or "));
        resolver.error(&place, what, mend);
        return;
    };
    let named = !url.username().is_empty() && raw.kind != TargetKind::Postgres;
    if named || url.password().is_some() {
        let mend = "name the environment variable that holds it as `key_in`";
        // At the section's head, so that the line is not shown about.
        resolver.error(section, "a password stands in the address", mend);
    } else if url.scheme() == "http" && !raw.allow_private {
        let mend = "write https://, or `allow_private = true` where it stands in your own network";
        resolver.error(&place, "what is sent there could be read on the way", mend);
    }
}

/// Only what is meant for targets: a file must not send off another secret of the service.
fn key_in(resolver: &mut Resolver<'_>, raw: &RawTarget, place: &Place) {
    let Some(name) = raw.key_in.as_ref().filter(|name| *name != LOST) else {
        return;
    };
    let plain = |one: char| one.is_ascii_uppercase() || one.is_ascii_digit() || one == '_';
    let rest = name.strip_prefix(SECRET).unwrap_or_default();
    if rest.is_empty() || !rest.chars().all(plain) {
        let mend = format!(
            "write the name of an environment variable that begins with {SECRET}, such as {SECRET}{}_KEY",
            raw.key.to_uppercase()
        );
        resolver.error(
            &place.key("key_in"),
            "no variable of a target's is named so",
            mend,
        );
    }
}

fn puts(resolver: &mut Resolver<'_>, raw: &RawTarget, place: &Place) -> Vec<Put> {
    let traits = raw.kind.traits();
    let mut put: Vec<Put> = Vec::new();
    for (nth, one) in raw.put.iter().enumerate() {
        let place = place.key("put").nth(nth);
        let (name, named) = (one.name.trim(), place.key("name"));
        let known = traits
            .fields
            .filter(|known| name != LOST && !known.contains(&family(name)));
        if let Some(known) = known {
            let what = format!("{} has no field `{name}`", traits.word);
            resolver.error(&named, what, instead(name, known.iter().copied()));
        } else if put.iter().any(|other| other.name == name) {
            let what = format!("`{name}` is put twice");
            resolver.error(&named, what, "take one of them out");
        }
        let value = template(resolver, &one.value, &OF_THE_CARD, &place.key("value"));
        if raw.kind.minor().contains(&name) && !in_smallest(&value) {
            let what = format!("{} counts `{name}` in the smallest unit", traits.word);
            let mend = "write the amount's field alone, such as `{fee|minor}`";
            resolver.error(&place.key("value"), what, mend);
        }
        put.push(Put {
            name: name.to_owned(),
            money: is_money(resolver, &value),
            value,
        });
    }
    for wanted in traits.needs {
        if !put.iter().any(|put| put.name == *wanted) {
            let what = format!("{} cannot do without `{wanted}`", traits.word);
            resolver.error(place, what, format!("put something into `{wanted}`"));
        }
    }
    for (name, with) in raw.kind.together() {
        let has = |name: &str| put.iter().any(|put| put.name == name);
        if has(name) && !has(with) {
            let what = format!("`{name}` says nothing without `{with}`");
            resolver.error(place, what, format!("put something into `{with}`"));
        }
    }
    put
}

/// Some have many of a kind: `identifier.ru_vat`.
fn family(name: &str) -> &str {
    name.split_once('.').map_or(name, |(family, _)| family)
}

/// An amount written out would be taken for a hundredth of it.
fn in_smallest(value: &Template) -> bool {
    match value.parts() {
        [Part::Text(digits)] => digits.chars().all(|one| one.is_ascii_digit()),
        [Part::Field { filter, .. }] => *filter == Some(Filter::Minor),
        _ => false,
    }
}

fn is_money(resolver: &Resolver<'_>, value: &Template) -> bool {
    let [
        Part::Field {
            field,
            filter: None,
            ..
        },
    ] = value.parts()
    else {
        return false;
    };
    let mut fields = resolver.raw.field.iter();
    fields.any(|raw| raw.key == field.as_str() && raw.kind == Kind::Money)
}

fn matching(resolver: &mut Resolver<'_>, raw: &RawTarget, keyed: Keyed, place: &Place) {
    for (nth, name) in raw.matching.iter().enumerate() {
        if name != LOST && !raw.put.iter().any(|put| put.name.trim() == name) {
            let what = format!("`{name}` is not put there");
            let put = raw.put.iter().map(|put| put.name.trim());
            let mend = instead(name, put);
            resolver.error(&place.key("match").nth(nth), what, mend);
        } else if let Some(known_by) = raw.kind.known_by()
            && name != LOST
            && !known_by.contains(&family(name))
        {
            let word = raw.kind.traits().word;
            let what = format!("{word} finds nobody by `{name}`");
            let mend = instead(name, known_by.iter().copied());
            resolver.error(&place.key("match").nth(nth), what, mend);
        }
    }
    if raw.matching.is_empty() && keyed == Keyed::Organisation {
        let what = "by nothing could an organisation that stands there already be known";
        let mend = "name fields that are put there in `match`, or write `keyed = \"station\"`";
        resolver.error(place, what, mend);
    }
}

/// What its kind has no use for.
fn of_kind(resolver: &mut Resolver<'_>, raw: &RawTarget, keyed: Keyed, place: &Place) {
    let word = raw.kind.traits().word;
    if keyed == Keyed::Organisation && raw.kind.of_station_alone() {
        let what = format!("a record in {word} is one card's own");
        let mend = "take `keyed` out: cards of one organisation are brought together by `match`";
        resolver.error(&place.key("keyed"), what, mend);
    }
    if !raw.kind.is_on_trello() {
        return;
    }
    let list = raw.url.split_once(':').map_or("", |(_, list)| list);
    if raw.url != LOST && (list.len() != 24 || !list.chars().all(|one| one.is_ascii_hexdigit())) {
        let mend = "write `trello:` and the 24 letters and digits of the list's id";
        resolver.error(&place.key("url"), "that is no list", mend);
    }
    let given = [
        ("key_in", raw.key_in.is_some()),
        ("allow_private", raw.allow_private),
    ];
    for (key, _) in given.into_iter().filter(|(_, given)| *given) {
        let what = format!("{word} has no use for `{key}`");
        let mend = "take it out: the list is reached as the board is";
        resolver.error(&place.key(key), what, mend);
    }
}

/// Where the file does not say it: the stage that brings the item.
fn at(resolver: &mut Resolver<'_>, raw: &RawTarget, place: &Place) -> StageKey {
    if let Some(at) = &raw.at {
        return resolver.name(Kin::PathStage, at, &place.key("at"));
    }
    let file = resolver.raw;
    let stands = |item: &super::raw::RawItem| item.target.as_deref() == Some(raw.key.as_str());
    let mut lists = file.checklist.iter();
    let list = lists.find(|list| list.item.iter().any(stands));
    let brings = |key: &str| {
        let mut path = file.stage.iter();
        path.find(|stage| stage.seed.checklists.iter().any(|seeded| seeded == key))
    };
    match list.and_then(|list| brings(&list.key)) {
        Some(stage) => stage.key.as_str().into(),
        None => {
            let what =
                "no stage brings the item that stands for it, so nothing says when to fill it";
            resolver.error(
                place,
                what,
                "write `at`, the stage on whose entry it is filled",
            );
            file.stage.first().map_or("", |stage| &stage.key).into()
        }
    }
}

/// `beside`: what can stand between braces besides a field's key.
pub(super) fn template(
    resolver: &mut Resolver<'_>,
    text: &str,
    beside: &[&str],
    place: &Place,
) -> Template {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some((before, after)) = rest.split_once('{') {
        if !before.is_empty() {
            parts.push(Part::Text(before.to_owned()));
        }
        let Some((inner, after)) = after.split_once('}') else {
            let mend = "write the field's key between `{` and `}`";
            resolver.error(place, "a `{` is not closed", mend);
            return Template::new(parts);
        };
        parts.push(part(resolver, inner.trim(), beside, place));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    Template::new(parts)
}

fn part(resolver: &mut Resolver<'_>, inner: &str, beside: &[&str], place: &Place) -> Part {
    let (name, filter) = match inner.split_once('|') {
        Some((name, filter)) => (name.trim(), Some(filter.trim())),
        None => (inner, None),
    };
    let (name, optional) = match name.strip_suffix('?') {
        Some(name) => (name.trim_end(), true),
        None => (name, false),
    };
    match name {
        "card" => return Part::Card,
        "card_name" => return Part::CardName,
        "card_url" => return Part::CardUrl,
        _ => {}
    }
    let filter = filter.and_then(|word| {
        let known = Filter::of(word);
        if known.is_none() {
            let what = format!("there is no way `{word}` to write a value");
            resolver.error(place, what, instead(word, Filter::WORDS));
        }
        known
    });
    let unknown = !resolver.raw.field.iter().any(|field| field.key == name);
    if unknown && let Some(meant) = nearest(name, beside.iter().copied()) {
        let what = format!("there is no field `{name}`");
        resolver.error(place, what, format!("did you mean `{{{meant}}}`?"));
        return Part::Card;
    }
    let field: FieldKey = resolver.name(Kin::Field, name, place);
    fits(resolver, field.as_str(), filter, place);
    Part::Field {
        field,
        filter,
        optional,
    }
}

fn fits(resolver: &mut Resolver<'_>, field: &str, filter: Option<Filter>, place: &Place) {
    let file = resolver.raw;
    let Some(raw) = file.field.iter().find(|raw| raw.key == field) else {
        return;
    };
    let (wanted, word) = match filter {
        Some(Filter::Minor) => (Kind::Money, "an amount"),
        Some(Filter::Dmy) => (Kind::Date, "a date"),
        _ => return,
    };
    if raw.kind != wanted && raw.kind != Kind::Lost {
        let what = format!("`{field}` is not {word}");
        resolver.error(place, what, format!("write `{{{field}}}`"));
    }
}

/// A field of that name would never be put: its key means something else between braces.
pub(super) fn shadowed(resolver: &mut Resolver<'_>) {
    super::link::shadowed(resolver);
    let file = resolver.raw;
    for (nth, field) in file.field.iter().enumerate() {
        if OF_THE_CARD.contains(&field.key.as_str()) && !file.target.is_empty() {
            let place = Place::item("field", nth).key("key");
            let what = format!("`{{{}}}` stands for something of the card's", field.key);
            resolver.error(&place, what, "give the field another key");
        }
    }
}
