//! Holds the written tree against the schema and finds every mistake of shape at once: unknown keys,
//! wrong types, missing keys, words that are not on the list. Each is mended in the tree as its
//! author is told to, so that whatever else is wrong can be found too; what cannot be mended is
//! taken out, or stands as `LOST`.

use super::letters::nearest;
use super::mistake::Mistake;
use super::shape::{Here, Shape};
use super::values::LOST;
use std::borrow::Cow;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

pub(super) fn walk<'t>(
    tree: &mut Spanned<DeTable<'t>>,
    text: &'t str,
    schema: &Shape<'_>,
) -> Vec<Mistake> {
    let mut walker = Walker {
        text,
        mistakes: Vec::new(),
    };
    tree.get_mut().remove("$schema");
    walker.table(tree.get_mut(), 0..0, &Here::root(*schema));
    walker.mistakes
}

struct Walker<'t> {
    text: &'t str,
    mistakes: Vec<Mistake>,
}

impl<'t> Walker<'t> {
    fn tell(&mut self, span: Range<usize>, what: impl Into<String>, mend: impl Into<String>) {
        self.mistakes.push(Mistake::error(span, what, mend));
    }

    /// As it is written.
    fn raw(&self, span: &Range<usize>) -> &'t str {
        self.text.get(span.clone()).unwrap_or_default()
    }

    fn table(&mut self, table: &mut DeTable<'t>, span: Range<usize>, here: &Here<'_>) {
        self.unknown(table, here);
        let mut told = Vec::new();
        for (key, value) in table.iter_mut() {
            let key = key.get_ref().to_string();
            if let Some(part) = here.shape.property(&key)
                && !self.value(value, part, &key, here)
            {
                told.push(key);
            }
        }
        for key in &told {
            table.remove(key.as_str());
        }
        for key in here.shape.required() {
            let Some(part) = here.shape.property(key) else {
                continue;
            };
            if table.contains_key(key) {
                continue;
            }
            if !told.iter().any(|one| one == key) {
                let hint = part.description();
                let what = format!("{} lacks `{key}`", here.who);
                let mend = format!("add {}. {hint}", part.sample(key, &here.header));
                self.tell(span.start..span.start, what, mend.trim_end());
            }
            let value = match part.kind() {
                "array" => DeValue::Array(DeArray::new()),
                "integer" | "number" => number("5").unwrap_or(DeValue::Boolean(false)),
                _ => DeValue::String(Cow::Owned(part.filler(key).to_owned())),
            };
            let name = Spanned::new(span.clone(), Cow::Owned(key.to_owned()));
            table.insert(name, Spanned::new(span.clone(), value));
        }
    }

    /// An unknown key is read as the known one that its author is pointed to, if that is free.
    fn unknown(&mut self, table: &mut DeTable<'t>, here: &Here<'_>) {
        let known: Vec<&str> = here.shape.properties().collect();
        let strange: Vec<_> = table
            .keys()
            .filter(|key| !known.contains(&key.get_ref().as_ref()))
            .map(|key| (key.span(), key.get_ref().to_string()))
            .collect();
        let mut homes = Vec::new();
        for (span, key) in strange {
            let Some(value) = table.remove(key.as_str()) else {
                continue;
            };
            let what = format!("{} has no key `{key}`", here.who);
            if let Some(home) = here.home(&key) {
                // Several that strayed together are one mistake.
                if !homes.contains(&home) {
                    self.tell(span, what, home.clone());
                    homes.push(home);
                }
                continue;
            }
            let near = nearest(&key, known.iter().copied());
            self.tell(
                span.clone(),
                what,
                super::letters::instead(&key, known.iter().copied()),
            );
            if let Some(near) = near.filter(|near| !table.contains_key(*near)) {
                table.insert(Spanned::new(span, Cow::Owned(near.to_owned())), value);
            }
        }
    }

    /// Whether the value can be used, perhaps mended.
    fn value(
        &mut self,
        value: &mut Spanned<DeValue<'t>>,
        shape: Shape<'_>,
        key: &str,
        here: &Here<'_>,
    ) -> bool {
        let span = value.span();
        match (value.get_mut(), shape.kind()) {
            (DeValue::Table(table), "object") => {
                self.table(table, span, &here.inner(key, shape));
                true
            }
            (DeValue::Array(array), "array") => {
                self.list(array, shape.items(), key, here);
                if array.is_empty() && shape.wants_some() {
                    let what = format!("`{key}` of {} is an empty list", here.who);
                    self.tell(
                        span,
                        what,
                        format!("write {}", shape.sample(key, &here.header)),
                    );
                }
                true
            }
            (DeValue::String(text), "string") => {
                let text = text.to_string();
                let meant = self.word(&text, span, shape, key);
                if let Some(meant) = meant.clone().filter(|meant| *meant != text) {
                    *value.get_mut() = DeValue::String(Cow::Owned(meant));
                }
                meant.is_some()
            }
            (DeValue::Boolean(_), "boolean")
            | (DeValue::Integer(_) | DeValue::Float(_), "number") => true,
            (DeValue::Integer(number), "integer") => {
                let count = u32::from_str_radix(number.as_str(), number.radix());
                if count.is_err() {
                    let what = format!(
                        "`{key}` of {} is not a number from 0 to 4 000 000 000",
                        here.who
                    );
                    self.tell(
                        span,
                        what,
                        format!("write {}", shape.sample(key, &here.header)),
                    );
                }
                count.is_ok()
            }
            (_, "array") => self.lone(value, shape, key, here),
            _ => self.other(value, shape, key, here),
        }
    }

    fn list(&mut self, array: &mut DeArray<'t>, items: Shape<'_>, key: &str, here: &Here<'_>) {
        let all = std::mem::replace(array, DeArray::new());
        for (nth, mut one) in all.into_iter().enumerate() {
            let fine = match (one.get_ref(), items.kind()) {
                (DeValue::Table(table), "object") => {
                    let inner = here.nth(key, items, nth, &named(table));
                    let span = one.span();
                    if let DeValue::Table(table) = one.get_mut() {
                        self.table(table, span, &inner);
                    }
                    true
                }
                _ => self.value(&mut one, items, key, here),
            };
            if fine {
                array.push(one);
            }
        }
    }

    /// One thing where a list of such things is wanted.
    fn lone(
        &mut self,
        value: &mut Spanned<DeValue<'t>>,
        shape: Shape<'_>,
        key: &str,
        here: &Here<'_>,
    ) -> bool {
        let items = shape.items();
        let (span, table) = (value.span(), value.get_ref().is_table());
        if table != (items.kind() == "object") {
            let what = format!(
                "`{key}` of {} is {}, and a list is wanted",
                here.who,
                written(value.get_ref())
            );
            self.tell(
                span,
                what,
                format!("write {}", shape.sample(key, &here.header)),
            );
            return false;
        }
        let what = format!("`{key}` of {} is one thing, and a list is wanted", here.who);
        let mend = match table {
            true => format!("write {}", shape.sample(key, &here.header)),
            false => format!("write `{key} = [{}]`", self.raw(&span)),
        };
        self.tell(span.clone(), what, mend);
        let alone = std::mem::replace(value.get_mut(), DeValue::Boolean(false));
        let mut array = DeArray::new();
        array.push(Spanned::new(span, alone));
        self.list(&mut array, items, key, here);
        *value.get_mut() = DeValue::Array(array);
        true
    }

    /// A value of another type; quotes too many or too few are the commonest.
    fn other(
        &mut self,
        value: &mut Spanned<DeValue<'t>>,
        shape: Shape<'_>,
        key: &str,
        here: &Here<'_>,
    ) -> bool {
        let (span, raw) = (value.span(), self.raw(&value.span()));
        let wanted = shape.kind();
        let what = format!(
            "`{key}` of {} is {}, and {} is wanted",
            here.who,
            written(value.get_ref()),
            wanted_words(wanted)
        );
        let scalar = !value.get_ref().is_table() && !value.get_ref().is_array();
        if wanted == "string"
            && scalar
            && shape
                .example()
                .is_none_or(|_| value.get_ref().is_datetime())
        {
            self.tell(span, what, format!("put it in quotes: `\"{raw}\"`"));
            *value.get_mut() = DeValue::String(Cow::Borrowed(raw));
            return true;
        }
        let bare = raw.trim_matches(['"', '\'']);
        let quoted = value.get_ref().is_str();
        if let Some(meant) = number(bare).filter(|meant| quoted && fits(meant, wanted)) {
            self.tell(
                span,
                what,
                format!("write it without quotes: `{key} = {bare}`"),
            );
            *value.get_mut() = meant;
            return true;
        }
        self.tell(
            span,
            what,
            format!("write {}", shape.sample(key, &here.header)),
        );
        false
    }

    /// The word that is meant, if it can be told.
    fn word(
        &mut self,
        text: &str,
        span: Range<usize>,
        shape: Shape<'_>,
        key: &str,
    ) -> Option<String> {
        let words = shape.words();
        if words.is_empty() || words.contains(&text) || text == LOST {
            return Some(text.to_owned());
        }
        if key == "kind" && text == "secret" {
            let mend = "keep it in a password store, and make this a text field that says where it is kept";
            self.tell(span, "passwords are not kept on cards", mend);
            return Some("text".to_owned());
        }
        let what = format!("`{key}` cannot be \"{text}\"");
        let words = words.iter().copied();
        self.tell(span, what, super::letters::instead(text, words.clone()));
        nearest(text, words).map(str::to_owned)
    }
}

/// What a part of the file is called by: its key, else its name.
fn named(table: &DeTable<'_>) -> String {
    let text = |key: &str| table.get(key).and_then(|value| value.get_ref().as_str());
    text("key")
        .or_else(|| text("name"))
        .unwrap_or_default()
        .to_owned()
}

/// A number or a truth value from its text.
fn number(text: &str) -> Option<DeValue<'_>> {
    let value = DeValue::parse(text).ok()?.into_inner();
    matches!(
        value,
        DeValue::Boolean(_) | DeValue::Integer(_) | DeValue::Float(_)
    )
    .then_some(value)
}

fn fits(value: &DeValue<'_>, wanted: &str) -> bool {
    match value {
        DeValue::Boolean(_) => wanted == "boolean",
        DeValue::Integer(number) => {
            wanted == "number" || wanted == "integer" && number.as_str().parse::<u32>().is_ok()
        }
        DeValue::Float(_) => wanted == "number",
        _ => false,
    }
}

fn written(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn wanted_words(kind: &str) -> &'static str {
    match kind {
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        _ => "a table `{ … }`",
    }
}
