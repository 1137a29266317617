//! Holds the written tree against the schema and finds every mistake of shape at once: unknown keys,
//! wrong types, missing keys, words that are not on the list.

use super::mistake::{Mistake, instead};
use serde_json::Value;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub(super) fn walk(table: &Spanned<DeTable<'_>>, schema: &Value) -> Vec<Mistake> {
    let mut walker = Walker {
        root: schema,
        mistakes: Vec::new(),
    };
    walker.table(table.get_ref(), table.span(), schema, "the file");
    walker.mistakes
}

struct Walker<'s> {
    root: &'s Value,
    mistakes: Vec<Mistake>,
}

impl<'s> Walker<'s> {
    /// Follows `$ref`, and of `X or null` takes X.
    fn resolve(&self, schema: &'s Value) -> &'s Value {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let target = self.root.pointer(name.trim_start_matches('#'));
            return target.map_or(schema, |target| self.resolve(target));
        }
        let choices = schema.get("anyOf").and_then(Value::as_array);
        let real = choices.and_then(|all| {
            all.iter()
                .find(|one| one.get("type").and_then(Value::as_str) != Some("null"))
        });
        real.map_or(schema, |real| self.resolve(real))
    }

    fn table(&mut self, table: &DeTable<'_>, span: Range<usize>, schema: &'s Value, name: &str) {
        let Some(known) = schema.get("properties").and_then(Value::as_object) else {
            return;
        };
        for (key, value) in table {
            match known.get(key.get_ref().as_ref()) {
                Some(part) => self.value(value, self.resolve(part), key.get_ref()),
                None => {
                    let what = format!("{name} has no key `{}`", key.get_ref());
                    let mend = instead(key.get_ref(), known.keys().map(String::as_str));
                    self.mistakes.push(Mistake::error(key.span(), what, mend));
                }
            }
        }
        let required = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        for key in required.filter(|key| !table.iter().any(|(have, _)| have.get_ref() == *key)) {
            let hint = known
                .get(key)
                .and_then(|part| part.get("description"))
                .and_then(Value::as_str)
                .unwrap_or("");
            let at = span.start..span.start;
            self.mistakes.push(Mistake::error(
                at,
                format!("{name} lacks the key `{key}`"),
                format!("add `{key} = …`. {hint}").trim_end().to_owned(),
            ));
        }
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, schema: &'s Value, key: &str) {
        let span = value.span();
        match (value.get_ref(), kind(schema)) {
            (DeValue::Table(table), "object") => {
                self.table(table, span, schema, &format!("`{key}`"))
            }
            (DeValue::Array(array), "array") => {
                if let Some(items) = schema.get("items") {
                    let items = self.resolve(items);
                    for one in array.iter() {
                        self.value(one, items, key);
                    }
                }
            }
            (DeValue::String(text), "string") => self.word(text, span, schema, key),
            (DeValue::Boolean(_), "boolean")
            | (DeValue::Integer(_) | DeValue::Float(_), "number") => {}
            (DeValue::Integer(number), "integer") => {
                if number.as_str().starts_with('-') {
                    self.mistakes.push(Mistake::error(
                        span,
                        format!("`{key}` is below zero"),
                        "write a number from 0",
                    ));
                }
            }
            (have, want) => {
                let what = format!(
                    "`{key}` is {}, and {} is wanted",
                    written(have),
                    wanted(want)
                );
                self.mistakes
                    .push(Mistake::error(span, what, example(key, want)));
            }
        }
    }

    fn word(&mut self, text: &str, span: Range<usize>, schema: &Value, key: &str) {
        let listed = schema.get("enum").and_then(Value::as_array);
        let consts = schema.get("oneOf").and_then(Value::as_array);
        let words: Vec<&str> = match (listed, consts) {
            (Some(listed), _) => listed.iter().filter_map(Value::as_str).collect(),
            (None, Some(consts)) => {
                let plain = consts
                    .iter()
                    .filter_map(|one| one.get("const").and_then(Value::as_str));
                let grouped = consts
                    .iter()
                    .filter_map(|one| one.get("enum").and_then(Value::as_array))
                    .flatten()
                    .filter_map(Value::as_str);
                plain.chain(grouped).collect()
            }
            (None, None) => return,
        };
        if !words.contains(&text) {
            let what = format!("`{key}` cannot be \"{text}\"");
            self.mistakes.push(Mistake::error(
                span,
                what,
                instead(text, words.iter().copied()),
            ));
        }
    }
}

fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null")
            .unwrap_or(""),
        _ if schema.get("oneOf").is_some() || schema.get("enum").is_some() => "string",
        _ => "object",
    }
}

fn written(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn wanted(kind: &str) -> &'static str {
    match kind {
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        _ => "a table",
    }
}

fn example(key: &str, kind: &str) -> String {
    match kind {
        "string" => format!("write `{key} = \"…\"`"),
        "integer" | "number" => format!("write `{key} = 5`"),
        "boolean" => format!("write `{key} = true`"),
        "array" => format!("write `{key} = [\"…\"]`, or `[[{key}]]` for tables"),
        _ => format!("write `{key} = {{ … }}`, or `[{key}]`"),
    }
}
