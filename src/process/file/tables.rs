//! What a target needs besides where its records are rows of a table, or contacts of an address book.

use super::place::Place;
use super::raw::RawTarget;
use super::resolve::Resolver;
use super::values::LOST;
use crate::process::target::TargetKind;
use url::Url;

/// PostgreSQL cuts longer names off.
const NAME_BYTES: usize = 63;
const SSL: [&str; 3] = ["verify-full", "require", "disable"];

pub(super) fn keys(resolver: &mut Resolver<'_>, raw: &RawTarget, place: &Place) {
    use TargetKind::{Carddav, Postgres, Table};
    let table: &[TargetKind] = &[Postgres, Table];
    let known = [
        ("table", &raw.table, table),
        ("id_column", &raw.id_column, table),
        ("status_column", &raw.status_column, table),
        ("user", &raw.user, &[Carddav]),
    ];
    for (key, value, kinds) in known {
        let place = place.key(key);
        match value {
            Some(_) if !kinds.contains(&raw.kind) => {
                let what = format!("{} has no `{key}`", raw.kind.traits().word);
                resolver.error(&place, what, "take the line out");
            }
            Some(value) if value.trim().is_empty() => {
                let what = format!("`{key}` is empty");
                resolver.error(&place, what, "write a name, or take the line out");
            }
            _ => {}
        }
    }
    match raw.kind {
        Postgres => postgres(resolver, raw, place),
        Table => file(resolver, raw, place),
        Carddav if raw.user.is_some() != raw.key_in.is_some() => {
            let mend = "write both `user` and `key_in`, or neither";
            resolver.error(place, "one half of a login is missing", mend);
        }
        _ => {}
    }
    if table.contains(&raw.kind) {
        columns(resolver, raw, place);
    }
}

/// What is kept by the service itself is nobody else's to put.
fn columns(resolver: &mut Resolver<'_>, raw: &RawTarget, place: &Place) {
    let postgres = raw.kind == TargetKind::Postgres;
    let id = raw.id_column.as_deref();
    let id = id.unwrap_or(if postgres { "external_id" } else { "signalman" });
    let status = raw.status_column.as_deref().unwrap_or("status");
    let own = [id, status, if postgres { "version" } else { id }];
    for (nth, one) in raw.put.iter().enumerate() {
        let (name, place) = (one.name.trim(), place.key("put").nth(nth).key("name"));
        if own.contains(&name) {
            let what = format!("Signalman keeps the column `{name}` itself");
            let mend =
                "put this into another column, or name another in `id_column` or `status_column`";
            resolver.error(&place, what, mend);
        } else if postgres && name != LOST && !is_name(name) {
            let what = format!("`{name}` is no name of a column");
            resolver.error(
                &place,
                what,
                "write it as it is in the table, without quotes",
            );
        } else if name.is_empty() {
            resolver.error(
                &place,
                "a column without a name",
                "write the name of its column",
            );
        }
    }
    if id == status {
        let what = format!("`{id}` cannot be both columns");
        resolver.error(place, what, "name two in `id_column` and `status_column`");
    }
}

fn postgres(resolver: &mut Resolver<'_>, raw: &RawTarget, section: &Place) {
    match &raw.table {
        None => {
            let mend = "write `table = \"schema.table\"`";
            resolver.error(section, "it is not said which table", mend);
        }
        Some(table) if table != LOST => {
            let mut parts = table.split('.');
            if !parts.clone().all(is_name) || parts.nth(2).is_some() {
                let what = format!("`{table}` is no name of a table");
                let mend = "write it as schema.table, without quotes";
                resolver.error(&section.key("table"), what, mend);
            }
        }
        Some(_) => {}
    }
    for (key, name) in [
        ("id_column", &raw.id_column),
        ("status_column", &raw.status_column),
    ] {
        if let Some(name) = name.as_ref().filter(|name| *name != LOST && !is_name(name)) {
            let what = format!("`{name}` is no name of a column");
            let mend = "write it as it is in the table, without quotes";
            resolver.error(&section.key(key), what, mend);
        }
    }
    let place = section.key("url");
    let Some(url) = Url::parse(&raw.url).ok().filter(|_| raw.url != LOST) else {
        return;
    };
    let base = url.path().strip_prefix('/').unwrap_or_default();
    let whole = url.host_str().is_some_and(|host| !host.is_empty())
        && !url.username().is_empty()
        && !base.is_empty()
        && !base.contains('/');
    if !whole {
        let mend = "write it as postgres://user@host/database";
        resolver.error(&place, "the address does not say who goes where", mend);
    }
    for (name, value) in url.query_pairs() {
        let mend =
            "write sslmode=verify-full, sslmode=require or, in your own network, sslmode=disable";
        if name != "sslmode" {
            // At the section's head: it may be a password.
            resolver.error(section, "only `sslmode` can stand in the address", mend);
        } else if !SSL.contains(&value.as_ref()) {
            let what = format!("there is no way `{value}` to encrypt");
            resolver.error(&place, what, mend);
        } else if value == "disable" && !raw.allow_private {
            let mend = "write sslmode=require, or `allow_private = true` where it stands in your own network";
            resolver.error(&place, "what is sent there could be read on the way", mend);
        }
    }
}

fn file(resolver: &mut Resolver<'_>, raw: &RawTarget, place: &Place) {
    if raw.key_in.is_some() {
        resolver.error(
            &place.key("key_in"),
            "a file has no key",
            "take the line out",
        );
    }
    let place = place.key("url");
    let Some(url) = Url::parse(&raw.url).ok().filter(|_| raw.url != LOST) else {
        return;
    };
    let path = url.to_file_path().unwrap_or_default();
    let ending = path.extension().and_then(|ending| ending.to_str());
    let ending = ending.unwrap_or_default().to_ascii_lowercase();
    let absolute = raw.url.starts_with("file:///");
    if !absolute || !["csv", "xlsx"].contains(&ending.as_str()) {
        let what = format!("`{}` is no table that can be kept", raw.url);
        let mend = "write the whole path of a .csv or .xlsx file, such as file:///srv/clients.csv";
        resolver.error(&place, what, mend);
    }
}

fn is_name(name: &str) -> bool {
    let odd = |one: char| one.is_control() || one == '"';
    !name.is_empty() && name.len() <= NAME_BYTES && !name.contains(odd)
}
