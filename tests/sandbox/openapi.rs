//! Answers judged against `openapi.tsv`: facts of Atlassian's OpenAPI description and of recorded
//! answers. A field must be known to one of them, with a type that one of them allows, and what every
//! recorded answer has must be there. Where we know better than both, it is named here with a reason.

use super::judge::Judge;
use super::operations;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Schema, field, type, and why it is right though neither source says so.
const KNOWN_BETTER: &[(&str, &str, &str, &str)] = &[
    (
        "Attachment",
        "fileName",
        "null",
        "a link is no file; client libraries know the field",
    ),
    (
        "Attachment",
        "isMalicious",
        "boolean",
        "newer than the description; client libraries know it",
    ),
    (
        "Card",
        "badges.externalSource",
        "null",
        "newer than both; client libraries know it",
    ),
    (
        "Card",
        "badges.lastUpdatedByAi",
        "boolean",
        "newer than both; client libraries know it",
    ),
    ("Card", "mirrorSourceId", "null", "only a mirror has one"),
    (
        "Card",
        "pinned",
        "boolean",
        "newer than both; client libraries know it",
    ),
    (
        "Card",
        "start",
        "string",
        "a date, recorded only where there is none",
    ),
    (
        "Card",
        "checkItemStates[]",
        "object",
        "one for each ticked item, where the description says texts",
    ),
    (
        "Card",
        "checkItemStates[].idCheckItem",
        "string",
        "as above",
    ),
    ("Card", "checkItemStates[].state", "string", "as above"),
    (
        "CheckItem",
        "due",
        "string",
        "a date, recorded only where there is none",
    ),
    (
        "CheckItem",
        "idMember",
        "string",
        "an id, recorded only where there is none",
    ),
    (
        "CustomFieldItem",
        "idValue",
        "string",
        "a chosen option stands in the place of a value",
    ),
    (
        "CustomFieldItem",
        "value",
        "null",
        "the answer to a change is as its action tells it",
    ),
    (
        "Label",
        "uses",
        "number",
        "newer than the description; client libraries know it",
    ),
    (
        "List",
        "color",
        "null",
        "newer than both; client libraries know it",
    ),
    (
        "List",
        "datasource",
        "object",
        "newer than both; client libraries know it",
    ),
    ("List", "datasource.filter", "boolean", "as above"),
    (
        "List",
        "type",
        "null",
        "newer than both; client libraries know it",
    ),
    (
        "Organization",
        "desc",
        "string",
        "older than the description; client libraries know it",
    ),
    ("Organization", "descData", "object", "as above"),
    ("Organization", "descData.emoji", "object", "as above"),
    ("Organization", "logoHash", "null", "no picture"),
    ("Organization", "logoUrl", "null", "no picture"),
    (
        "Organization",
        "powerUps",
        "array",
        "client libraries know it",
    ),
    (
        "Organization",
        "powerUps[]",
        "number",
        "numbers of products",
    ),
    (
        "Organization",
        "products",
        "array",
        "client libraries know it; a free workspace has none",
    ),
    (
        "Organization",
        "products[]",
        "number",
        "numbers of products",
    ),
    ("Organization", "website", "null", "none was given"),
];

/// A thing within another: its own schema judges it.
const WITHIN: &[(&str, &str, &str)] = &[
    ("Action", "member", "Member"),
    ("Action", "memberCreator", "Member"),
    ("Board", "memberships[]", "Membership"),
    ("Board", "lists[]", "List"),
    ("Board", "cards[]", "Card"),
    ("Board", "labels[]", "Label"),
    ("Board", "members[]", "Member"),
    ("Board", "checklists[]", "Checklist"),
    ("Board", "customFields[]", "CustomField"),
    ("Board", "actions[]", "Action"),
    ("Card", "labels[]", "Label"),
    ("Card", "actions[]", "Action"),
    ("Card", "attachments[]", "Attachment"),
    ("Card", "checklists[]", "Checklist"),
    ("Card", "customFieldItems[]", "CustomFieldItem"),
    ("Card", "members[]", "Member"),
    ("Card", "list", "List"),
    ("Card", "board", "Board"),
    ("Checklist", "checkItems[]", "CheckItem"),
    ("List", "cards[]", "Card"),
    ("Organization", "memberships[]", "Membership"),
    ("Token", "webhooks[]", "Webhook"),
];

/// Their fields differ from kind to kind: `shapes.rs` holds them against fixtures. Limits name
/// whatever can be counted.
const OPEN: &[(&str, &str)] = &[
    ("Action", "data"),
    ("Action", "display"),
    ("Action", "limits"),
    ("Action", "entities"),
    ("Board", "limits"),
];

pub(super) type Types = BTreeSet<String>;

#[derive(Default)]
pub(super) struct Table {
    pub(super) operations: BTreeMap<String, Types>,
    fields: BTreeMap<(String, String), Types>,
    always: BTreeMap<String, Vec<String>>,
    /// What recorded actions have, by their kind.
    pub(super) told: BTreeMap<String, BTreeMap<String, Types>>,
}

pub(super) fn table() -> Table {
    let mut table = Table::default();
    for line in include_str!("openapi.tsv").lines() {
        if line.starts_with('#') {
            continue;
        }
        let parts: Vec<&str> = line.split('\t').collect();
        let [what, first, second, list] = parts[..] else {
            panic!("{line}");
        };
        let list: Types = list.split(',').map(str::to_owned).collect();
        let at = (first.to_owned(), second.to_owned());
        match what {
            "operation" => drop(table.operations.insert(format!("{first} {second}"), list)),
            "told" => {
                let kind = table.told.entry(first.to_owned()).or_default();
                kind.insert(second.to_owned(), list);
            }
            _ => table.fields.entry(at.clone()).or_default().extend(list),
        }
        if what == "seen" && !second.contains("[]") {
            table.always.entry(at.0).or_default().push(at.1);
        }
    }
    for (schema, path, kind, _) in KNOWN_BETTER {
        let at = ((*schema).to_owned(), (*path).to_owned());
        let new = table.fields.entry(at).or_default().insert((*kind).into());
        assert!(new, "{schema}.{path}: the sources say so themselves");
    }
    for (schema, path, _) in WITHIN {
        let (list, kind) = match path.strip_suffix("[]") {
            Some(list) => (list, "array"),
            None => (*path, "object"),
        };
        let mut allow = |path: &str, kind: &str| {
            let at = ((*schema).to_owned(), path.to_owned());
            table.fields.entry(at).or_default().insert(kind.into());
        };
        allow(list, kind);
        allow(path, "object");
    }
    table
}

pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

impl Table {
    /// Everything that is wrong with one thing. `whole` where no `fields` cut it.
    pub(super) fn faults(&self, schema: &str, thing: &Value, whole: bool) -> Vec<String> {
        let mut found = Vec::new();
        self.walk(schema, "", thing, whole, &mut found);
        if whole {
            for path in self.always.get(schema).into_iter().flatten() {
                let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
                let parent = parent
                    .split('.')
                    .filter(|part| !part.is_empty())
                    .try_fold(thing, |at, part| at.get(part));
                // A custom field's value may stand as an id instead.
                let instead = schema == "CustomFieldItem" && thing.get("idValue").is_some();
                if parent.is_some_and(|one| one.is_object() && one.get(name).is_none()) && !instead
                {
                    found.push(format!("{schema}.{path} is missing"));
                }
            }
        }
        found
    }

    fn walk(&self, schema: &str, path: &str, value: &Value, whole: bool, found: &mut Vec<String>) {
        if let Some((_, _, inner)) = WITHIN
            .iter()
            .find(|(outer, at, _)| *outer == schema && *at == path)
        {
            found.extend(self.faults(inner, value, whole));
            return;
        }
        if OPEN.contains(&(schema, path)) {
            return;
        }
        let mut below = |path: String, value: &Value| {
            let kind = kind_of(value);
            match self.fields.get(&(schema.to_owned(), path.clone())) {
                None => found.push(format!("{schema}.{path} is known to nobody")),
                Some(types) if types.contains(kind) || types.contains("any") => {}
                Some(types) => found.push(format!("{schema}.{path} is {kind}, not {types:?}")),
            }
            self.walk(schema, &path, value, whole, found);
        };
        match value {
            Value::Object(all) => {
                for (name, value) in all {
                    let path = format!("{path}.{name}");
                    below(path.trim_start_matches('.').to_owned(), value);
                }
            }
            Value::Array(all) => all
                .iter()
                .for_each(|value| below(format!("{path}[]"), value)),
            _ => {}
        }
    }
}

#[tokio::test]
async fn every_described_operation_is_answered_as_described() {
    let mut judge = Judge::open(table()).await;
    operations::all(&mut judge).await;
    let mut faults = std::mem::take(&mut judge.faults);
    faults.sort();
    faults.dedup();
    assert!(faults.is_empty(), "{faults:#?}");
    let described = judge.table.operations.keys();
    let left: Vec<_> = described
        .filter(|one| !judge.called.contains(*one))
        .collect();
    assert!(left.is_empty(), "nobody calls {left:#?}");
}

/// The judge is judged: whichever field of a true answer is broken, it is noticed.
#[tokio::test]
async fn a_broken_field_is_noticed() {
    let mut judge = Judge::open(table()).await;
    let wish = json!({ "name": "B", "defaultLists": true });
    let board = judge.any("POST /boards", wish).await;
    let id = board["id"].as_str().unwrap();
    let lists = judge
        .any(&format!("GET /boards/{id}/lists"), Value::Null)
        .await;
    let wish = json!({ "idList": lists[0]["id"], "name": "C" });
    let card = judge.any("POST /cards", wish).await;
    for (schema, thing) in [("Board", &board), ("List", &lists[0]), ("Card", &card)] {
        assert_eq!(
            judge.table.faults(schema, thing, true),
            Vec::<String>::new()
        );
        for (name, value) in thing.as_object().unwrap() {
            let mut broken = thing.clone();
            broken[name] = match value {
                Value::Number(_) => json!("1"),
                _ => json!(1),
            };
            let faults = judge.table.faults(schema, &broken, true);
            assert!(!faults.is_empty(), "{schema}.{name}");
        }
        let mut more = thing.clone();
        more["nobodyKnows"] = json!(1);
        assert!(!judge.table.faults(schema, &more, true).is_empty());
    }
    for name in ["idList", "badges", "closed", "due", "shortLink"] {
        let mut less = card.clone();
        less.as_object_mut().unwrap().remove(name);
        let faults = judge.table.faults("Card", &less, true);
        assert_eq!(faults, [format!("Card.{name} is missing")]);
    }
}

#[test]
fn what_is_promised_is_described() {
    let table = table();
    for promised in [
        "GET /boards/{id}",
        "GET /boards/{id}/lists",
        "GET /boards/{id}/cards",
        "GET /lists/{id}/cards",
        "POST /lists/{id}/moveAllCards",
        "POST /lists/{id}/archiveAllCards",
        "POST /cards",
        "GET /cards/{id}",
        "PUT /cards/{id}",
        "DELETE /cards/{id}",
        "POST /cards/{id}/actions/comments",
        "POST /cards/{id}/attachments",
        "POST /cards/{id}/idMembers",
        "POST /cards/{id}/idLabels",
        "POST /checklists",
        "POST /checklists/{id}/checkItems",
        "PUT /cards/{id}/checkItem/{idCheckItem}",
        "POST /customFields",
        "PUT /cards/{idCard}/customField/{idCustomField}/item",
        "POST /labels",
        "GET /members/{id}",
        "GET /members/{id}/boards",
        "GET /organizations/{id}",
        "POST /webhooks",
        "GET /tokens/{token}/webhooks",
        "GET /tokens/{token}",
        "GET /boards/{boardId}/actions",
        "GET /cards/{id}/actions",
        "GET /batch",
        "GET /search",
    ] {
        assert!(table.operations.contains_key(promised), "{promised}");
    }
    for name in ["filter", "since", "before", "limit"] {
        assert!(table.operations["GET /boards/{boardId}/actions"].contains(name));
    }
}
