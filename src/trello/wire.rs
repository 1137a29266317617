//! Trello's JSON to our types. Tolerant: unknown fields, nulls and missing parts are normal.

use crate::model::{
    Attachment, Card, CheckItem, Checklist, CustomField, CustomValue, Label, List, Member,
    MemberId, Membership, Rank, redact,
};
use serde_json::Value;

fn str_of<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn all<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

pub(super) fn list(value: &Value) -> List {
    List {
        id: str_of(value, "id").into(),
        name: str_of(value, "name").to_owned(),
        closed: value
            .get("closed")
            .and_then(Value::as_bool)
            .unwrap_or(false),
        pos: value.get("pos").and_then(Value::as_f64).unwrap_or(0.0),
    }
}

pub(super) fn member(value: &Value) -> Member {
    Member {
        id: str_of(value, "id").into(),
        username: str_of(value, "username").to_owned(),
        full_name: str_of(value, "fullName").to_owned(),
    }
}

/// `members` names the people, `memberships` says what they are on the board.
pub(super) fn memberships(board: &Value) -> Vec<Membership> {
    let people: Vec<Member> = all(board, "members").map(member).collect();
    let known = |id: &str| {
        people
            .iter()
            .find(|member| member.id.as_str() == id)
            .cloned()
    };
    all(board, "memberships")
        .map(|place| {
            let id = str_of(place, "idMember");
            let flag = |key: &str| place.get(key).and_then(Value::as_bool).unwrap_or(false);
            Membership {
                member: known(id).unwrap_or_else(|| Member {
                    id: id.into(),
                    username: String::new(),
                    full_name: String::new(),
                }),
                rank: match str_of(place, "memberType") {
                    "admin" => Rank::Admin,
                    "observer" => Rank::Observer,
                    _ => Rank::Normal,
                },
                deactivated: flag("deactivated"),
                unconfirmed: flag("unconfirmed"),
            }
        })
        .collect()
}

pub(super) fn label(value: &Value) -> Label {
    Label {
        id: str_of(value, "id").into(),
        name: str_of(value, "name").to_owned(),
        color: value
            .get("color")
            .and_then(Value::as_str)
            .map(str::to_owned),
    }
}

pub(super) fn custom_field(value: &Value) -> CustomField {
    let option = |option: &Value| {
        let text = option
            .get("value")
            .map(|value| str_of(value, "text"))
            .unwrap_or_default();
        (str_of(option, "id").to_owned(), text.to_owned())
    };
    CustomField {
        id: str_of(value, "id").into(),
        name: str_of(value, "name").to_owned(),
        kind: str_of(value, "type").to_owned(),
        options: all(value, "options").map(option).collect(),
    }
}

/// `options` is what the board's Custom Fields of type list call their choices. What looks like a
/// password is cut here, so that it goes into no store, comment or log.
pub(super) fn card(value: &Value, options: &[CustomField]) -> Card {
    Card {
        id: str_of(value, "id").into(),
        short_link: str_of(value, "shortLink").to_owned(),
        url: value
            .get("shortUrl")
            .or(value.get("url"))
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        name: str_of(value, "name").to_owned(),
        desc: redact::cut_passwords(str_of(value, "desc")).into_owned(),
        list: str_of(value, "idList").into(),
        pos: value.get("pos").and_then(Value::as_f64).unwrap_or(0.0),
        closed: value
            .get("closed")
            .and_then(Value::as_bool)
            .unwrap_or(false),
        due: value
            .get("due")
            .and_then(Value::as_str)
            .and_then(|due| due.parse().ok()),
        members: ids(value, "idMembers"),
        labels: ids(value, "idLabels"),
        checklists: all(value, "checklists").map(checklist).collect(),
        attachments: all(value, "attachments").map(attachment).collect(),
        custom_values: all(value, "customFieldItems")
            .filter_map(|item| custom_value(item, options))
            .collect(),
    }
}

fn ids<T: for<'a> From<&'a str>>(value: &Value, key: &str) -> Vec<T> {
    all(value, key)
        .filter_map(Value::as_str)
        .map(T::from)
        .collect()
}

fn checklist(value: &Value) -> Checklist {
    let item = |item: &Value| CheckItem {
        id: str_of(item, "id").into(),
        name: str_of(item, "name").to_owned(),
        complete: str_of(item, "state") == "complete",
    };
    Checklist {
        id: str_of(value, "id").into(),
        name: str_of(value, "name").to_owned(),
        items: all(value, "checkItems").map(item).collect(),
    }
}

fn attachment(value: &Value) -> Attachment {
    let by = Some(str_of(value, "idMember")).filter(|id| !id.is_empty());
    Attachment {
        id: str_of(value, "id").into(),
        name: str_of(value, "name").to_owned(),
        by: by.map(MemberId::from),
    }
}

fn custom_value(item: &Value, fields: &[CustomField]) -> Option<CustomValue> {
    let field = str_of(item, "idCustomField");
    let typed = item.get("value").and_then(Value::as_object);
    let typed = typed
        .and_then(|value| value.values().find_map(Value::as_str))
        .map(str::to_owned);
    let chosen = || {
        let id = item.get("idValue").and_then(Value::as_str)?;
        let field = fields.iter().find(|known| known.id.as_str() == field)?;
        field
            .options
            .iter()
            .find(|(option, _)| option == id)
            .map(|(_, text)| text.clone())
    };
    Some(CustomValue {
        field: field.into(),
        value: redact::cut_passwords(&typed.or_else(chosen)?).into_owned(),
    })
}
