//! Who names whom: every place of a file that names a key declared elsewhere. A key that is renamed
//! is renamed in all of them; what is named by others is not taken out.

use super::draft::Put;
use super::source::{Node, Path, Source, Step, What, keys};
use serde::Serialize;

/// What a key is a key of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kin {
    Role,
    Field,
    Stage,
    Checklist,
    Item,
    Label,
}

impl Kin {
    /// What a value names that stands there. `all` and `any` of needs are left out of the path.
    fn named_at(path: &str) -> Option<Self> {
        Some(match path {
            "owner" | "field.by" | "field.asks" | "checklist.item.by" | "stage.owner"
            | "stage.movers" | "stage.skip" | "stage.start" | "stage.back.by"
            | "stage.archive.by" | "side.owner" | "side.put" | "side.return.by"
            | "side.archive.by" | "stage.need.by" | "stage.need.member" | "side.need.by"
            | "side.need.member" | "deadline.tell.who" | "ladder.tell" | "role.lead" => Self::Role,
            "field.when.field"
            | "field.not_before"
            | "block.fields"
            | "checklist.item.when.field"
            | "stage.need.when.field"
            | "stage.need.field"
            | "side.need.when.field"
            | "side.need.field"
            | "stage.seed.fill_mover"
            | "side.seed.fill_mover"
            | "side.leaves_on"
            | "deadline.field"
            | "figures.fee"
            | "figures.currency"
            | "figures.paid.field"
            | "figures.live.field"
            | "figures.charged.field" => Self::Field,
            "field.from"
            | "block.at"
            | "stage.next"
            | "stage.back.to"
            | "side.from"
            | "side.return.to"
            | "stage.seed.checklists_from.from"
            | "side.seed.checklists_from.from"
            | "target.at"
            | "figures.paid.stage"
            | "figures.live.stage"
            | "figures.charged.stage"
            | "ladder.stages" => Self::Stage,
            "stage.seed.checklists"
            | "side.seed.checklists"
            | "stage.seed.checklists_from.checklist"
            | "side.seed.checklists_from.checklist"
            | "stage.need.checklist"
            | "side.need.checklist"
            | "stage.archive.after"
            | "side.archive.after" => Self::Checklist,
            "stage.need.item"
            | "side.need.item"
            | "stage.need.four_eyes"
            | "side.need.four_eyes"
            | "deadline.until"
            | "figures.paid.item"
            | "figures.live.item"
            | "figures.charged.item" => Self::Item,
            "stage.need.label"
            | "side.need.label"
            | "stage.seed.labels"
            | "side.seed.labels"
            | "stage.seed.unlabels"
            | "side.seed.unlabels" => Self::Label,
            _ => return None,
        })
    }
}

/// Texts in which `{key}` stands for a field's value.
fn is_template(path: &str) -> bool {
    matches!(
        path,
        "stage.work"
            | "side.work"
            | "stage.seed.letter"
            | "side.seed.letter"
            | "target.put.value"
            | "target.link"
    ) || path.starts_with("target.http.")
}

/// A place that names a key.
struct Use {
    path: Path,
    /// It is named within a text.
    within: bool,
}

/// Where a key is named, for people: `stage` `connect`, in its `need`, line 812.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Where {
    pub part: String,
    pub key: String,
    /// What people see of that part.
    pub name: String,
    pub through: String,
    pub line: usize,
}

fn uses(source: &Source<'_>, kin: Kin, key: &str) -> Vec<Use> {
    let mut found = Vec::new();
    walk(&source.root, &mut Vec::new(), &mut |path, text| {
        let names = keys(path);
        let names: Vec<_> = names
            .into_iter()
            .filter(|key| !["all", "any"].contains(key))
            .collect();
        let place = names.join(".");
        let named = Kin::named_at(&place) == Some(kin) && text == key;
        let within =
            kin == Kin::Field && is_template(&place) && !placeholders(text, key).is_empty();
        if named || within {
            let path = path.to_vec();
            found.push(Use { path, within });
        }
    });
    found
}

fn walk(node: &Node, path: &mut Path, told: &mut impl FnMut(&[Step], &str)) {
    match &node.what {
        What::Plain(_) => {
            if let Some(text) = node.text() {
                told(path, text);
            }
        }
        What::List(all) => {
            for (at, one) in all.iter().enumerate() {
                path.push(Step::Nth(at));
                walk(one, path, told);
                path.pop();
            }
        }
        What::Table(entries) => {
            for entry in entries {
                path.push(Step::Key(entry.key.clone()));
                walk(&entry.value, path, told);
                path.pop();
            }
        }
    }
}

/// Where a field's key stands between braces, without them: `{fee}`, `{fee|minor}`, `{port+1}`, `{kpp?}`.
fn placeholders(text: &str, key: &str) -> Vec<std::ops::Range<usize>> {
    let opens = text.match_indices('{').map(|(at, _)| at + 1);
    let found = opens.filter_map(|from| {
        let rest = &text[from..];
        let inner = &rest[..rest.find(['}', '{', '\n'])?];
        let word = inner.split(['+', '|', '?']).next()?;
        let start = from + word.len() - word.trim_start().len();
        (word.trim() == key).then(|| start..start + key.len())
    });
    found.collect()
}

fn renamed(text: &str, key: &str, to: &str) -> String {
    let mut text = text.to_owned();
    for span in placeholders(&text, key).into_iter().rev() {
        text.replace_range(span, to);
    }
    text
}

/// What is to be put where, so that everyone who names `key` names `to`.
pub(super) fn follow(source: &Source<'_>, kin: Kin, key: &str, to: &str) -> Vec<Put> {
    let puts = uses(source, kin, key).into_iter().filter_map(|one| {
        let node = source.at(&one.path)?;
        let within = one.within;
        Some(Put {
            text: match within {
                true => renamed(node.text()?, key, to),
                false => to.to_owned(),
            },
            raw: within.then(|| renamed(source.raw(&node.span), key, to)),
            path: one.path,
        })
    });
    puts.collect()
}

/// Who names a key from outside of the part that is to go.
pub(super) fn named(source: &Source<'_>, kin: Kin, key: &str, but: &[Step]) -> Vec<Where> {
    let uses = uses(source, kin, key).into_iter();
    let outside = uses.filter(|one| !one.path.starts_with(but));
    outside.map(|one| place(source, &one.path)).collect()
}

fn place(source: &Source<'_>, path: &[Step]) -> Where {
    let part = keys(path).first().copied().unwrap_or_default().to_owned();
    let whole = &path[..path.len().min(2)];
    let node = source.at(whole);
    let text = |key: &str| Some(node?.get(key)?.text()?.to_owned());
    let at = source.at(path).map_or(0, |node| node.span.start);
    let names = keys(path);
    Where {
        key: text("key").or_else(|| text("field")).unwrap_or_default(),
        name: text("name").unwrap_or_default(),
        through: names.get(1..).unwrap_or_default().join("."),
        part,
        line: source.text[..at].matches('\n').count() + 1,
    }
}
