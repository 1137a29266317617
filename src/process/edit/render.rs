//! Values as they are written into a file: in the quotes that stood there, in the order of the
//! schema, indented as their neighbours are.

use crate::process::file;
use serde_json::{Map, Value as Json};
use std::fmt::Write;

/// Keys whose tables stand under headers of their own, below that of their stage or checklist.
const BELOW: [&str; 4] = ["item", "seed", "need", "return"];

pub(super) fn stands_below(parent: &[&str], key: &str, value: &Json) -> bool {
    let tables = match value {
        Json::Object(_) => true,
        Json::Array(all) => !all.is_empty() && all.iter().all(Json::is_object),
        _ => false,
    };
    tables && (parent.is_empty() || parent.len() == 1 && BELOW.contains(&key))
}

/// A value on its line; a text in the quotes that it had.
pub(super) fn value(value: &Json, had: &str) -> String {
    match value {
        Json::String(text) => string(text, had),
        Json::Array(all) => {
            let all: Vec<_> = all.iter().map(|one| self::value(one, "")).collect();
            format!("[{}]", all.join(", "))
        }
        Json::Object(table) if table.is_empty() => "{}".to_owned(),
        Json::Object(table) => {
            let pairs = table.iter().map(|(key, value)| pair(key, value));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

pub(super) fn pair(name: &str, value: &Json) -> String {
    format!("{} = {}", key(name), self::value(value, ""))
}

fn key(name: &str) -> String {
    let bare = |sign: char| sign.is_ascii_alphanumeric() || "_-".contains(sign);
    match !name.is_empty() && name.chars().all(bare) {
        true => name.to_owned(),
        false => basic(name),
    }
}

fn string(text: &str, had: &str) -> String {
    let control = |sign: char| sign.is_control() && sign != '\t';
    let literal = !text.contains(|sign| sign == '\'' || control(sign));
    let quotes = text.contains(['"', '\\']);
    let long = had
        .strip_prefix("\"\"\"")
        .or_else(|| had.strip_prefix("'''"));
    if long.is_some() || text.contains('\n') {
        // A newline right behind the quotes is not part of the text.
        let begins =
            long.is_none_or(|text| text.starts_with(['\n', '\r'])) || text.starts_with('\n');
        let opens = if begins { "\n" } else { "" };
        return format!("\"\"\"{opens}{}\"\"\"", escaped(text, true));
    }
    match had.chars().next() {
        Some('\'') if literal => format!("'{text}'"),
        None if literal && quotes => format!("'{text}'"),
        _ => basic(text),
    }
}

fn basic(text: &str) -> String {
    format!("\"{}\"", escaped(text, false))
}

fn escaped(text: &str, long: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    let mut quotes = 0;
    while let Some(sign) = signs.next() {
        quotes = if sign == '"' { quotes + 1 } else { 0 };
        match sign {
            '\\' => out.push_str("\\\\"),
            // Two in a row may stand, a third would end it, and so would one at the end.
            '"' if !long || quotes % 3 == 0 || signs.peek().is_none() => out.push_str("\\\""),
            '\n' if long => out.push('\n'),
            '\n' => out.push_str("\\n"),
            '\t' => out.push('\t'),
            sign if sign.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(sign));
            }
            sign => out.push(sign),
        }
    }
    out
}

/// In the order in which the schema names the keys; what it does not know comes last.
pub(super) fn in_order(path: &[&str], table: &Map<String, Json>) -> Map<String, Json> {
    let order = file::keys(path);
    let rank = |key: &str| {
        order
            .iter()
            .position(|one| *one == key)
            .unwrap_or(order.len())
    };
    let mut all: Vec<_> = table.iter().filter(|(_, value)| !value.is_null()).collect();
    all.sort_by_key(|(key, _)| rank(key));
    let all = all.into_iter().map(|(key, value)| {
        let mut path = path.to_vec();
        path.push(key);
        (key.clone(), ordered(&path, value))
    });
    all.collect()
}

fn ordered(path: &[&str], value: &Json) -> Json {
    match value {
        Json::Object(table) => Json::Object(in_order(path, table)),
        Json::Array(all) => Json::Array(all.iter().map(|one| ordered(path, one)).collect()),
        other => other.clone(),
    }
}

/// A table under its header, with the tables below it.
pub(super) fn block(
    path: &[&str],
    listed: bool,
    table: &Map<String, Json>,
    indent: &str,
    step: &str,
) -> String {
    let name = path.join(".");
    let mut out = match listed {
        true => format!("{indent}[[{name}]]\n"),
        false => format!("{indent}[{name}]\n"),
    };
    let table = in_order(path, table);
    let (below, plain): (Vec<_>, Vec<_>) = table
        .iter()
        .partition(|(key, value)| stands_below(path, key, value));
    for (key, value) in plain {
        let _ = writeln!(out, "{indent}{}", pair(key, value));
    }
    for (key, value) in below {
        let mut path = path.to_vec();
        path.push(key);
        out.push_str(&blocks(&path, value, &format!("{indent}{step}"), step));
    }
    out
}

/// A table, or each of a list of tables, under headers.
pub(super) fn blocks(path: &[&str], value: &Json, indent: &str, step: &str) -> String {
    match value {
        Json::Object(table) => block(path, false, table, indent, step),
        Json::Array(all) => {
            let tables = all.iter().filter_map(Json::as_object);
            let gap = if path.len() == 1 { "\n" } else { "" };
            let all = tables.map(|table| block(path, true, table, indent, step));
            all.collect::<Vec<_>>().join(gap)
        }
        _ => String::new(),
    }
}
