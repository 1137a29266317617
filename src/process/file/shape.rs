//! The schema as the walker asks it: what a part is, what it may hold, how it is written, and where a
//! stray key belongs.

use super::values::LOST;
use serde_json::Value;

/// A part of the schema, with the root for its references.
#[derive(Clone, Copy)]
pub(super) struct Shape<'s> {
    root: &'s Value,
    part: &'s Value,
    /// As written at the property: its description and examples stand there.
    outer: &'s Value,
}

impl<'s> Shape<'s> {
    pub(super) fn root(schema: &'s Value) -> Self {
        Self {
            root: schema,
            part: schema,
            outer: schema,
        }
    }

    /// Follows `$ref`, and of `X or null` takes X.
    fn of(self, part: &'s Value) -> Self {
        let mut at = part;
        loop {
            let name = at.get("$ref").and_then(Value::as_str);
            let target = name.and_then(|name| self.root.pointer(name.trim_start_matches('#')));
            let choices = at.get("anyOf").and_then(Value::as_array);
            let real = choices.and_then(|all| {
                all.iter()
                    .find(|one| one.get("type").and_then(Value::as_str) != Some("null"))
            });
            match target.or(real) {
                Some(next) => at = next,
                None => break,
            }
        }
        Self {
            root: self.root,
            part: at,
            outer: part,
        }
    }

    pub(super) fn properties(self) -> impl Iterator<Item = &'s str> {
        let known = self.part.get("properties").and_then(Value::as_object);
        known
            .into_iter()
            .flat_map(|known| known.keys().map(String::as_str))
    }

    pub(super) fn property(self, key: &str) -> Option<Self> {
        let known = self.part.get("properties")?;
        Some(self.of(known.get(key)?))
    }

    pub(super) fn required(self) -> impl Iterator<Item = &'s str> {
        let required = self.part.get("required").and_then(Value::as_array);
        required.into_iter().flatten().filter_map(Value::as_str)
    }

    /// The first of several keys of which one is wanted.
    fn one_of(self) -> Option<&'s str> {
        self.part.pointer("/oneOf/0/required/0")?.as_str()
    }

    pub(super) fn items(self) -> Self {
        self.of(self.part.get("items").unwrap_or(&Value::Null))
    }

    pub(super) fn is_list_of_tables(self) -> bool {
        self.kind() == "array" && self.items().kind() == "object"
    }

    /// Whether an empty list would mean nothing.
    pub(super) fn wants_some(self) -> bool {
        [self.outer, self.part]
            .iter()
            .any(|part| part.get("minItems").is_some())
    }

    pub(super) fn description(self) -> &'s str {
        let text = self.outer.get("description").and_then(Value::as_str);
        text.unwrap_or_default()
    }

    pub(super) fn example(self) -> Option<&'s str> {
        self.outer.get("examples")?.get(0)?.as_str()
    }

    pub(super) fn kind(self) -> &'s str {
        match self.part.get("type") {
            Some(Value::String(kind)) => kind,
            Some(Value::Array(kinds)) => {
                let mut kinds = kinds.iter().filter_map(Value::as_str);
                kinds.find(|kind| *kind != "null").unwrap_or("")
            }
            _ if self.part.get("oneOf").is_some() || self.part.get("enum").is_some() => "string",
            _ => "object",
        }
    }

    /// The words that are taken, if not every one is.
    pub(super) fn words(self) -> Vec<&'s str> {
        let listed = |part: &'s Value| part.get("enum").and_then(Value::as_array);
        let consts = self.part.get("oneOf").and_then(Value::as_array);
        let parts = consts.into_iter().flatten();
        let single = parts.clone().filter_map(|one| one.get("const"));
        let grouped = parts.filter_map(listed).flatten();
        let all = listed(self.part).into_iter().flatten();
        all.chain(single)
            .chain(grouped)
            .filter_map(Value::as_str)
            .collect()
    }

    /// What stands in for a value that is missing and has been told.
    pub(super) fn filler(self, key: &str) -> &'s str {
        match self.words().first() {
            Some(_) if key == "kind" => LOST,
            Some(word) => word,
            None => LOST,
        }
    }

    /// How it is written: `key = "…"`, or `[[stage]]` for one of a list of tables.
    pub(super) fn sample(self, key: &str, header: &str) -> String {
        if !self.is_list_of_tables() || self.items().required().next().is_none() {
            return format!("`{key} = {}`", self.literal(2));
        }
        let keys: Vec<String> = self
            .items()
            .required()
            .map(|key| format!("`{key}`"))
            .collect();
        format!("`[[{header}{key}]]` with {} below it", keys.join(", "))
    }

    fn literal(self, depth: usize) -> String {
        match self.kind() {
            "string" => {
                let word = self.example().or_else(|| self.words().first().copied());
                format!("\"{}\"", word.unwrap_or("…"))
            }
            "integer" | "number" => "5".into(),
            "boolean" => "true".into(),
            "array" if depth > 0 => format!("[{}]", self.items().literal(depth - 1)),
            _ if depth == 0 => "…".into(),
            _ => {
                let mut keys: Vec<&str> = self.required().chain(self.one_of()).collect();
                if keys.is_empty() {
                    keys.extend(self.properties().next());
                }
                let parts = keys.into_iter().filter_map(|key| {
                    Some(format!(
                        "{key} = {}",
                        self.property(key)?.literal(depth - 1)
                    ))
                });
                format!("{{ {} }}", parts.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// Where the walker stands: what the part is called, and what is around it.
pub(super) struct Here<'s> {
    pub(super) shape: Shape<'s>,
    /// “the stage `quote`”.
    pub(super) who: String,
    /// What its own tables are headed by: `stage.`.
    pub(super) header: String,
    above: Option<(Shape<'s>, String, String)>,
}

impl<'s> Here<'s> {
    pub(super) fn root(shape: Shape<'s>) -> Self {
        Self {
            shape,
            who: "the file".into(),
            header: String::new(),
            above: None,
        }
    }

    fn under(&self, key: &str, shape: Shape<'s>, who: String) -> Self {
        Self {
            shape,
            who,
            header: format!("{}{key}.", self.header),
            above: Some((self.shape, self.who.clone(), self.header.clone())),
        }
    }

    pub(super) fn inner(&self, key: &str, shape: Shape<'s>) -> Self {
        let who = match self.above {
            None => format!("`{key}`"),
            Some(_) => format!("`{key}` of {}", self.who),
        };
        self.under(key, shape, who)
    }

    pub(super) fn nth(&self, key: &str, shape: Shape<'s>, nth: usize, named: &str) -> Self {
        let who = match (named, &self.above) {
            ("", None) => format!("the `[[{key}]]` number {}", nth + 1),
            ("", Some(_)) => format!("`{key}` number {} of {}", nth + 1, self.who),
            _ => format!("the {key} `{named}`"),
        };
        self.under(key, shape, who)
    }

    /// Where a key belongs that strayed to here: to the part around this one, or under a header
    /// beside or below it that is missing.
    pub(super) fn home(&self, key: &str) -> Option<String> {
        let under = |shape: Shape<'s>, header: &str| {
            let mut lists = shape.properties().filter(|list| {
                let part = shape.property(list);
                part.is_some_and(|part| {
                    part.kind() == "array" && part.items().property(key).is_some()
                })
            });
            let list = lists.next().filter(|_| lists.next().is_none())?;
            Some(format!(
                "it belongs under `[[{header}{list}]]`: write this header above it"
            ))
        };
        if let Some((shape, who, header)) = &self.above {
            if shape.property(key).is_some() {
                let mine = self.header.trim_end_matches('.');
                return Some(format!("it belongs to {who}: write it above `[{mine}]`"));
            }
            if !header.is_empty() {
                return under(*shape, header);
            }
            return None;
        }
        None
    }
}
