//! The few ways in which a text is changed: a value is put in the place of another, a key is set or
//! cleared, a member of a list comes, goes or moves. Each is a splice of the text as it stands, and
//! after each the text is read anew and held against what was meant: a file that is written in a way
//! unforeseen here is left alone.

use super::blocks::Blocks;
use super::data;
use super::inline::Members;
use super::render;
use super::source::{Form, Node, Path, Source, Step, What, child, keys, nth, plainly};
use crate::process::file;
use serde_json::Value as Json;
use similar::{Algorithm, DiffOp};
use std::ops::Range;

/// A piece of the text and what stands there instead.
#[derive(Debug)]
pub(super) struct Splice {
    span: Range<usize>,
    instead: String,
}

impl Splice {
    pub(super) fn cut(span: Range<usize>) -> Self {
        Self {
            span,
            instead: String::new(),
        }
    }

    pub(super) fn put(at: usize, what: String) -> Self {
        Self {
            span: at..at,
            instead: what,
        }
    }
}

/// A text in the place of another.
pub(super) struct Put {
    pub(super) path: Path,
    pub(super) text: String,
    /// As it is written, where that is to be kept.
    pub(super) raw: Option<String>,
}

/// The file is written in a way that cannot be changed here.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entangled;

pub(super) type Done = Result<(), Entangled>;

pub(super) struct Draft {
    pub(super) text: String,
}

impl Draft {
    pub(super) fn data(&self) -> Result<Json, Entangled> {
        Ok(self.source()?.root.data())
    }

    pub(super) fn source(&self) -> Result<Source<'_>, Entangled> {
        Source::read(&self.text).ok_or(Entangled)
    }

    fn splice(&mut self, mut splices: Vec<Splice>) {
        let windows = self.text.contains("\r\n");
        splices.sort_by_key(|splice| splice.span.start);
        // Parts side by side take the blank lines between them along, each of them.
        let mut upto = 0;
        for splice in &mut splices {
            splice.span.start = splice.span.start.max(upto);
            splice.span.end = splice.span.end.max(splice.span.start);
            upto = splice.span.end;
        }
        for splice in splices.into_iter().rev() {
            let instead = match windows {
                true => splice.instead.replace('\n', "\r\n"),
                false => splice.instead,
            };
            self.text.replace_range(splice.span, &instead);
        }
    }

    /// Sets a key of a table, or clears it.
    pub(super) fn set(&mut self, path: &[Step], key: &str, value: Option<&Json>) -> Done {
        let mut meant = self.data()?;
        let value = value.map(|value| plainly(value.clone()));
        data::set(&mut meant, path, key, value.clone()).ok_or(Entangled)?;
        self.set_key(path, key, value.as_ref())?;
        self.holds(&meant)
    }

    pub(super) fn insert(&mut self, list: &[Step], at: usize, value: &Json) -> Done {
        let (mut meant, value) = (self.data()?, plainly(value.clone()));
        data::insert(&mut meant, list, at, value.clone()).ok_or(Entangled)?;
        self.insert_member(list, at, &value)?;
        self.holds(&meant)
    }

    pub(super) fn remove(&mut self, list: &[Step], at: usize) -> Done {
        let mut meant = self.data()?;
        let source = self.source()?;
        let node = source.at(list).ok_or(Entangled)?;
        // A list under headers is gone with its last member.
        match (list.split_last(), node.list().len(), source.form(node)) {
            (Some((Step::Key(key), path)), 1, Form::Header) => {
                data::set(&mut meant, path, key, None).ok_or(Entangled)?;
            }
            _ => drop(data::remove(&mut meant, list, at).ok_or(Entangled)?),
        }
        self.remove_member(list, at)?;
        self.holds(&meant)
    }

    /// The member of that number becomes the one of another.
    pub(super) fn shift(&mut self, list: &[Step], from: usize, to: usize) -> Done {
        if from == to {
            return Ok(());
        }
        let mut meant = self.data()?;
        let moved = data::remove(&mut meant, list, from).ok_or(Entangled)?;
        data::insert(&mut meant, list, to, moved).ok_or(Entangled)?;
        let source = self.source()?;
        let node = source.at(list).ok_or(Entangled)?;
        let one = node.list().get(from).ok_or(Entangled)?;
        let blocks = Blocks { source: &source };
        let headed = source.form(node) == Form::Header;
        let piece = match headed {
            true => source.raw(&blocks.range(one).ok_or(Entangled)?),
            false => source.raw(&one.span),
        };
        let piece = piece.replace("\r\n", "\n");
        self.remove_member(list, from)?;
        let ended = if piece.ends_with('\n') || !headed {
            ""
        } else {
            "\n"
        };
        self.insert_text(list, to, &format!("{piece}{ended}"))?;
        self.holds(&meant)
    }

    /// Texts in the place of others.
    pub(super) fn put_all(&mut self, all: Vec<Put>) -> Done {
        let mut meant = self.data()?;
        let mut splices = Vec::new();
        let source = self.source()?;
        for put in all {
            let node = source.at(&put.path).ok_or(Entangled)?;
            let value = Json::from(put.text);
            splices.push(match put.raw {
                Some(raw) => Splice {
                    span: node.span.clone(),
                    instead: raw,
                },
                None => over(&source, node, &value),
            });
            *data::at(&mut meant, &put.path).ok_or(Entangled)? = value;
        }
        self.splice(splices);
        self.holds(&meant)
    }

    fn holds(&self, meant: &Json) -> Done {
        match self.data()? == *meant {
            true => Ok(()),
            false => Err(Entangled),
        }
    }

    fn set_key(&mut self, path: &[Step], key: &str, value: Option<&Json>) -> Done {
        let source = self.source()?;
        let table = source.at(path).ok_or(Entangled)?;
        let had = table.get(key).map(|node| (node.data(), source.form(node)));
        match (had, value) {
            (None, None) => Ok(()),
            (Some((had, _)), Some(value)) if had == *value => Ok(()),
            (Some(_), None) => self.clear(path, key),
            (None, Some(value)) => self.add_key(path, key, value),
            (Some((Json::Object(had), _)), Some(Json::Object(new))) => {
                let path = child(path, key);
                for key in had.keys().filter(|key| !new.contains_key(*key)) {
                    self.set_key(&path, key, None)?;
                }
                for (key, value) in new {
                    self.set_key(&path, key, Some(value))?;
                }
                Ok(())
            }
            (Some((Json::Array(had), form)), Some(Json::Array(new)))
                if form != Form::Header || !new.is_empty() =>
            {
                self.set_list(&child(path, key), &had, new)
            }
            (Some((_, Form::Inline)), Some(value)) => {
                let node = table.get(key).ok_or(Entangled)?;
                let splice = over(&source, node, value);
                self.splice(vec![splice]);
                Ok(())
            }
            (Some(_), Some(value)) => {
                self.clear(path, key)?;
                self.add_key(path, key, value)
            }
        }
    }

    /// Member for member, so that what stands beside those that stay is kept.
    fn set_list(&mut self, list: &[Step], had: &[Json], new: &[Json]) -> Done {
        let told = |all: &[Json]| -> Vec<String> { all.iter().map(Json::to_string).collect() };
        let (before, after) = (told(had), told(new));
        let ops = similar::capture_diff_slices(Algorithm::Myers, &before, &after);
        // From the end, so that the numbers before it hold.
        for op in ops.iter().rev() {
            let (old, new_range) = (op.old_range(), op.new_range());
            match op {
                DiffOp::Equal { .. } => {}
                DiffOp::Replace { .. } if old.len() == new_range.len() => {
                    for (at, value) in old.zip(&new[new_range.clone()]) {
                        self.set_member(list, at, value)?;
                    }
                }
                _ => {
                    // What comes stands before what goes, so that the list is never empty.
                    for value in new[new_range].iter().rev() {
                        self.insert_member(list, old.start, value)?;
                    }
                    let come = op.new_range().len();
                    for at in old.rev() {
                        self.remove_member(list, at + come)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn set_member(&mut self, list: &[Step], at: usize, value: &Json) -> Done {
        let path = nth(list, at);
        let source = self.source()?;
        let node = source.at(&path).ok_or(Entangled)?;
        match (node.data(), value) {
            (Json::Object(had), Json::Object(new)) => {
                for key in had.keys().filter(|key| !new.contains_key(*key)) {
                    self.set_key(&path, key, None)?;
                }
                for (key, value) in new {
                    self.set_key(&path, key, Some(value))?;
                }
            }
            _ => {
                let splice = over(&source, node, value);
                self.splice(vec![splice]);
            }
        }
        Ok(())
    }

    fn clear(&mut self, path: &[Step], key: &str) -> Done {
        let source = self.source()?;
        let table = source.at(path).ok_or(Entangled)?;
        let mut entries = table.entries().iter();
        let at = entries.position(|one| one.key == key).ok_or(Entangled)?;
        let entry = &table.entries()[at];
        let blocks = Blocks { source: &source };
        let cut = match (source.form(table), source.form(&entry.value)) {
            (_, Form::Header) => {
                let parts = match &entry.value.what {
                    What::List(all) => all.iter().collect(),
                    _ => vec![&entry.value],
                };
                let cuts = parts.into_iter().map(|part| blocks.cut(part));
                cuts.collect::<Option<Vec<_>>>().ok_or(Entangled)?
            }
            (Form::Inline, _) => vec![Members::table(&source, table).remove(at)],
            (_, Form::Dotted) => {
                let keys: Vec<_> = entry.value.entries().iter().collect();
                let lines = keys
                    .into_iter()
                    .map(|one| lines(&source, one.key_span.start, &one.value));
                lines.map(Splice::cut).collect()
            }
            _ => vec![Splice::cut(lines(
                &source,
                entry.key_span.start,
                &entry.value,
            ))],
        };
        self.splice(cut);
        Ok(())
    }

    fn add_key(&mut self, path: &[Step], key: &str, value: &Json) -> Done {
        let source = self.source()?;
        let table = source.at(path).ok_or(Entangled)?;
        let names = keys(path);
        let form = source.form(table);
        let inner: Vec<&str> = names.iter().copied().chain([key]).collect();
        if matches!(form, Form::Root | Form::Header) && render::stands_below(&names, key, value) {
            let splice = below(&source, table, &inner, value);
            self.splice(vec![splice]);
            return Ok(());
        }
        let value = match value {
            Json::Object(table) => Json::Object(render::in_order(&inner, table)),
            other => other.clone(),
        };
        let pair = render::pair(key, &value);
        let order = file::keys(&names);
        let rank = |key: &str| {
            order
                .iter()
                .position(|one| *one == key)
                .unwrap_or(order.len())
        };
        let plain = |node: &Node| source.form(node) != Form::Header;
        let (at, before) = table
            .entries()
            .iter()
            .enumerate()
            .filter(|(_, one)| plain(&one.value) && rank(&one.key) <= rank(key))
            .max_by_key(|(_, one)| rank(&one.key))
            .map_or((0, None), |(at, one)| (at + 1, Some(one)));
        let splices = match (form, before) {
            (Form::Inline, _) => Members::table(&source, table).insert(at, &pair),
            (Form::Dotted, _) => {
                let last = table.entries().last().ok_or(Entangled)?;
                let start = source.line_start(last.key_span.start);
                let prefix = &source.text[start..last.key_span.start];
                let end = source.line_end(last.value.span.end);
                vec![Blocks { source: &source }.behind(end, "", &format!("{prefix}{pair}\n"))]
            }
            (_, Some(before)) => {
                let (start, end) = extent(&before.value, before.key_span.start);
                let indent = source.indent(start);
                let end = source.line_end(end);
                vec![Blocks { source: &source }.behind(end, "", &format!("{indent}{pair}\n"))]
            }
            (Form::Root, None) => {
                let first = table.entries().first();
                let at = first.map_or(source.text.len(), |one| {
                    source.line_start(one.key_span.start)
                });
                vec![Splice::put(at, format!("{pair}\n"))]
            }
            (_, None) => {
                let indent = source.indent(table.span.start);
                let end = source.line_end(table.span.end);
                vec![Blocks { source: &source }.behind(end, "", &format!("{indent}{pair}\n"))]
            }
        };
        self.splice(splices);
        Ok(())
    }

    fn insert_member(&mut self, list: &[Step], at: usize, value: &Json) -> Done {
        let source = self.source()?;
        let names = keys(list);
        let Some(node) = source.at(list) else {
            let (Some(Step::Key(key)), true) = (list.last(), at == 0) else {
                return Err(Entangled);
            };
            let (key, path) = (key.clone(), &list[..list.len() - 1]);
            return self.add_key(path, &key, &Json::Array(vec![value.clone()]));
        };
        let what = match (source.form(node), value) {
            (Form::Header, Json::Object(table)) => {
                let blocks = Blocks { source: &source };
                let near = node.list().get(at.saturating_sub(1)).or(node.list().last());
                let indent = near.map_or("", |near| source.indent(near.span.start));
                render::block(&names, true, table, indent, blocks.step())
            }
            (_, Json::Object(table)) => {
                render::value(&Json::Object(render::in_order(&names, table)), "")
            }
            _ => {
                let like = node.list().first().map_or("", |one| source.raw(&one.span));
                render::value(value, like)
            }
        };
        self.insert_text(list, at, &what)
    }

    fn insert_text(&mut self, list: &[Step], at: usize, what: &str) -> Done {
        let source = self.source()?;
        let node = source.at(list).ok_or(Entangled)?;
        let splices = match source.form(node) {
            Form::Header => vec![Blocks { source: &source }.insert(node.list(), at, what)],
            _ => Members::list(&source, node).insert(at, what),
        };
        self.splice(splices);
        Ok(())
    }

    fn remove_member(&mut self, list: &[Step], at: usize) -> Done {
        let source = self.source()?;
        let node = source.at(list).ok_or(Entangled)?;
        let one = node.list().get(at).ok_or(Entangled)?;
        let cut = match source.form(node) {
            Form::Header => Blocks { source: &source }.cut(one).ok_or(Entangled)?,
            _ => Members::list(&source, node).remove(at),
        };
        self.splice(vec![cut]);
        Ok(())
    }
}

/// One value over another.
fn over(source: &Source<'_>, node: &Node, value: &Json) -> Splice {
    Splice {
        span: node.span.clone(),
        instead: render::value(value, source.raw(&node.span)),
    }
}

/// From the first key of a value to its end, dotted or not.
fn extent(node: &Node, key: usize) -> (usize, usize) {
    let inner = node.entries().iter();
    let ends = inner.map(|one| (one.key_span.start, one.value.span.end));
    match ends.max_by_key(|(_, end)| *end) {
        Some((start, end)) if end > node.span.end => (start, end),
        _ => (key, node.span.end),
    }
}

fn lines(source: &Source<'_>, key: usize, node: &Node) -> Range<usize> {
    source.line_start(key)..source.line_end(node.span.end)
}

/// A new table under a header of its own: behind what comes before it by the schema.
fn below(source: &Source<'_>, table: &Node, path: &[&str], value: &Json) -> Splice {
    let blocks = Blocks { source };
    let root = path.len() == 1;
    let indent = match root {
        true => String::new(),
        false => format!("{}{}", source.indent(table.span.start), blocks.step()),
    };
    let text = render::blocks(path, value, &indent, blocks.step());
    let order = file::keys(&path[..path.len() - 1]);
    let rank = |key: &str| {
        order
            .iter()
            .position(|one| *one == key)
            .unwrap_or(order.len())
    };
    let own = path.last().map_or(0, |key| rank(key));
    let headed = table
        .entries()
        .iter()
        .filter(|one| source.form(&one.value) == Form::Header && rank(&one.key) < own);
    let last = |node: &Node| node.list().last().unwrap_or(node).span.start;
    let before = headed.max_by_key(|one| last(&one.value));
    let gap = if root { "\n" } else { "" };
    let at = match before {
        Some(before) => blocks.tail(last(&before.value)),
        None => {
            let plain = table
                .entries()
                .iter()
                .filter(|one| source.form(&one.value) != Form::Header);
            let ends = plain.map(|one| extent(&one.value, one.key_span.start).1);
            source.line_end(ends.max().unwrap_or(0).max(table.span.end))
        }
    };
    blocks.behind(at, gap, &text)
}
