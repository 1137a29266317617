//! The text with the tree that was read from it: every part knows where it is written, so that a
//! change is a splice and all else stays as it is, byte for byte.

use serde_json::{Map, Value as Json};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One step from the root to a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Nth(usize),
}

pub(super) type Path = Vec<Step>;

pub(super) fn child(path: &[Step], key: &str) -> Path {
    let mut path = path.to_vec();
    path.push(Step::Key(key.to_owned()));
    path
}

pub(super) fn nth(path: &[Step], nth: usize) -> Path {
    let mut path = path.to_vec();
    path.push(Step::Nth(nth));
    path
}

/// The keys on the way, without places in lists: `stage.need`.
pub(super) fn keys(path: &[Step]) -> Vec<&str> {
    path.iter()
        .filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Nth(_) => None,
        })
        .collect()
}

#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Of a value all of it; of a table under a header the header.
    pub(super) span: Range<usize>,
    pub(super) what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    Plain(Json),
    List(Vec<Node>),
    /// In the order in which it is written.
    Table(Vec<Entry>),
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_span: Range<usize>,
    pub(super) value: Node,
}

/// How a table or a list of tables is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Root,
    /// Under `[header]` or `[[header]]`.
    Header,
    /// Between braces or brackets.
    Inline,
    /// `hours.from = …`.
    Dotted,
}

#[derive(Debug)]
pub(super) struct Source<'t> {
    pub(super) text: &'t str,
    pub(super) root: Node,
    /// Every header: where it begins, and its keys.
    pub(super) headers: Vec<(usize, Vec<String>)>,
    /// Where headers and values end.
    ends: Vec<usize>,
}

impl<'t> Source<'t> {
    pub(super) fn read(text: &'t str) -> Option<Self> {
        let tree = DeTable::parse(text).ok()?;
        let root = Node {
            span: 0..0,
            what: table(tree.get_ref()),
        };
        let mut source = Self {
            text,
            root,
            headers: Vec::new(),
            ends: Vec::new(),
        };
        let root = std::mem::replace(&mut source.root, Node::empty());
        source.survey(&root, &mut Vec::new());
        source.root = root;
        source.headers.sort();
        source.ends.sort_unstable();
        Some(source)
    }

    fn survey(&mut self, node: &Node, path: &mut Vec<String>) {
        match &node.what {
            What::Table(entries) => {
                if self.form(node) == Form::Header {
                    self.headers.push((node.span.start, path.clone()));
                    self.ends.push(node.span.end);
                }
                for entry in entries {
                    path.push(entry.key.clone());
                    self.survey(&entry.value, path);
                    path.pop();
                }
                if self.form(node) == Form::Inline {
                    self.ends.push(node.span.end);
                }
            }
            What::List(all) if self.form(node) == Form::Header => {
                all.iter().for_each(|one| self.survey(one, path));
            }
            _ => self.ends.push(node.span.end),
        }
    }

    pub(super) fn form(&self, node: &Node) -> Form {
        let begins = |node: &Node, sign: char| self.text[node.span.start..].starts_with(sign);
        match &node.what {
            What::Table(_) if node.span == (0..0) => Form::Root,
            What::Table(_) if begins(node, '[') => Form::Header,
            What::Table(_) if begins(node, '{') => Form::Inline,
            What::Table(_) => Form::Dotted,
            What::List(all) => match all.first() {
                Some(first) if matches!(first.what, What::Table(_)) => self.form(first),
                _ => Form::Inline,
            },
            What::Plain(_) => Form::Inline,
        }
    }

    pub(super) fn at(&self, path: &[Step]) -> Option<&Node> {
        path.iter().try_fold(&self.root, |node, step| match step {
            Step::Key(key) => node.get(key),
            Step::Nth(nth) => match &node.what {
                What::List(all) => all.get(*nth),
                _ => None,
            },
        })
    }

    pub(super) fn raw(&self, span: &Range<usize>) -> &'t str {
        &self.text[span.clone()]
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |end| end + 1)
    }

    /// Behind the end of the line.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let end = self.text[at..].find('\n');
        end.map_or(self.text.len(), |end| at + end + 1)
    }

    /// What a line begins with before its first sign.
    pub(super) fn indent(&self, at: usize) -> &'t str {
        let line = &self.text[self.line_start(at)..];
        let rest = line.trim_start_matches([' ', '\t']);
        &line[..line.len() - rest.len()]
    }

    pub(super) fn is_comment(&self, start: usize) -> bool {
        self.text[start..]
            .trim_start_matches([' ', '\t'])
            .starts_with('#')
    }

    pub(super) fn is_blank(&self, start: usize) -> bool {
        self.text[start..self.line_end(start)].trim().is_empty()
    }

    /// Behind the line of the last header or value that ends before `at`.
    pub(super) fn written_before(&self, at: usize) -> usize {
        let count = self.ends.partition_point(|end| *end <= at);
        match count {
            0 => 0,
            _ => self.line_end(self.ends[count - 1]),
        }
    }
}

impl Node {
    fn empty() -> Self {
        Self {
            span: 0..0,
            what: What::Table(Vec::new()),
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        let entry = self.entries().iter().find(|entry| entry.key == key);
        entry.map(|entry| &entry.value)
    }

    pub(super) fn entries(&self) -> &[Entry] {
        match &self.what {
            What::Table(entries) => entries,
            _ => &[],
        }
    }

    pub(super) fn list(&self) -> &[Node] {
        match &self.what {
            What::List(all) => all,
            _ => &[],
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.what {
            What::Plain(Json::String(text)) => Some(text),
            _ => None,
        }
    }

    /// What it says, however it is written.
    pub(super) fn data(&self) -> Json {
        match &self.what {
            What::Plain(value) => value.clone(),
            What::List(all) => Json::Array(all.iter().map(Node::data).collect()),
            What::Table(entries) => {
                let entries = entries.iter();
                let pairs = entries.map(|entry| (entry.key.clone(), entry.value.data()));
                Json::Object(pairs.collect::<Map<_, _>>())
            }
        }
    }
}

fn table(table: &DeTable<'_>) -> What {
    let entries = table.iter().map(|(key, value)| Entry {
        key: key.get_ref().to_string(),
        key_span: key.span(),
        value: node(value),
    });
    let mut entries: Vec<_> = entries.collect();
    entries.sort_by_key(|entry| entry.key_span.start);
    What::Table(entries)
}

fn node(value: &Spanned<DeValue<'_>>) -> Node {
    let what = match value.get_ref() {
        DeValue::Table(inner) => table(inner),
        DeValue::Array(all) => What::List(all.iter().map(node).collect()),
        DeValue::String(text) => What::Plain(Json::String(text.to_string())),
        DeValue::Boolean(yes) => What::Plain(Json::Bool(*yes)),
        DeValue::Datetime(at) => What::Plain(Json::String(at.to_string())),
        DeValue::Integer(number) => {
            let whole = i64::from_str_radix(number.as_str(), number.radix()).ok();
            let plain = || Json::String(number.as_str().to_owned());
            What::Plain(whole.map_or_else(plain, Json::from))
        }
        DeValue::Float(number) => {
            let value = number.as_str().parse::<f64>().ok().map(Json::from);
            let value = value.filter(|value| !value.is_null());
            let plain = || Json::String(number.as_str().to_owned());
            What::Plain(plainly(value.unwrap_or_else(plain)))
        }
    };
    Node {
        span: value.span(),
        what,
    }
}

/// Numbers as they are compared: 5.0 is 5.
pub(super) fn plainly(value: Json) -> Json {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Json::Number(number) if number.is_f64() => match number.as_f64() {
            Some(value) if value.fract() == 0.0 && value.abs() < EXACT => Json::from(value as i64),
            _ => Json::Number(number),
        },
        Json::Array(all) => Json::Array(all.into_iter().map(plainly).collect()),
        Json::Object(all) => {
            let all = all.into_iter().filter(|(_, value)| !value.is_null());
            Json::Object(all.map(|(key, value)| (key, plainly(value))).collect())
        }
        other => other,
    }
}
