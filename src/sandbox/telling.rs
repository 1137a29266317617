//! An action as Trello tells it: to whoever lists actions, and to webhooks. Beside its data stands a
//! `display`, the sentence for people in parts; which parts, follows recorded actions.

use super::ask::Who;
use super::model::*;
use super::render::{date, member};
use super::state::State;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

pub(super) fn brief_board(board: &Board) -> Value {
    json!({ "id": board.id, "name": board.name, "shortLink": board.short_link })
}

pub(super) fn brief_list(list: &List) -> Value {
    json!({ "id": list.id, "name": list.name })
}

pub(super) fn brief_card(card: &Card) -> Value {
    json!({ "id": card.id, "name": card.name, "idShort": card.number, "shortLink": card.short_link })
}

pub(super) fn action(
    state: &State,
    id: &str,
    at: Timestamp,
    who: &Who,
    kind: &str,
    key: &str,
    data: Value,
) -> Value {
    let creator = state.members.get(&who.member);
    let mut entities = if key == "unknown" {
        Map::new()
    } else {
        entities(kind, key, &data)
    };
    if let Some(creator) = creator {
        entities.insert("memberCreator".into(), entity_of_member(creator));
    }
    let limits = if kind == "commentCard" {
        let cap = |disable: u32, warn: u32| json!({ "status": "ok", "disableAt": disable, "warnAt": warn });
        json!({ "reactions": { "perAction": cap(900, 720), "uniquePerAction": cap(17, 14) } })
    } else {
        Value::Null
    };
    let mut value = json!({
        "id": id,
        "idMemberCreator": who.member,
        "data": data,
        "appCreator": who.app.as_ref().map(|app| json!({ "id": app })),
        "type": kind,
        "date": date(at),
        "limits": limits,
        "display": { "translationKey": key, "entities": entities },
    });
    let data = &value["data"];
    let about = data["idMember"].as_str().or(data["idMemberAdded"].as_str());
    if let Some(person) = about.and_then(|id| state.members.get(id)) {
        // Who joined or left by themselves is named once, as the creator.
        if key.contains("_member_to_") || key.contains("_member_from_") {
            value["display"]["entities"]["member"] = entity_of_member(person);
        }
        value["member"] = member(person);
    }
    if let Some(creator) = creator {
        value["memberCreator"] = member(creator);
    }
    value
}

fn entity_of_member(member: &Member) -> Value {
    json!({ "type": "member", "id": member.id, "username": member.username, "text": member.full_name })
}

fn entities(kind: &str, key: &str, data: &Value) -> Map<String, Value> {
    // The sentence about a changed card, a comment or an attachment does without the list.
    let listless = matches!(
        kind,
        "updateCard" | "commentCard" | "addAttachmentToCard" | "deleteAttachmentFromCard"
    );
    let of_item = kind.contains("CheckItem") && kind != "convertToCardFromCheckItem";
    let mut all = Map::new();
    for (name, entity) in [
        ("card", "card"),
        ("cardSource", "card"),
        ("list", "list"),
        ("listBefore", "list"),
        ("listAfter", "list"),
        ("checklist", "checklist"),
        ("label", "label"),
        ("attachment", "attachment"),
    ] {
        if (listless && name == "list") || (of_item && name == "checklist") {
            continue;
        }
        if let Some(part) = data.get(name).and_then(Value::as_object) {
            all.insert(name.into(), entity_of(entity, part));
        }
    }
    if let Some(item) = data.get("checkItem").and_then(Value::as_object) {
        let mut shown = entity_of("checkItem", item);
        shown["nameHtml"] = shown["text"].clone();
        all.insert("checkitem".into(), shown);
    }
    if key.starts_with("action_renamed_") {
        let earlier = &data["old"]["name"];
        all.insert("name".into(), json!({ "type": "text", "text": earlier }));
    }
    if kind == "commentCard" {
        let card = data["card"]["id"].clone();
        all["card"]["hideIfContext"] = json!(true);
        all.insert(
            "contextOn".into(),
            json!({ "type": "translatable", "translationKey": "action_on", "hideIfContext": true, "idContext": card }),
        );
        all.insert(
            "comment".into(),
            json!({ "type": "comment", "text": data["text"] }),
        );
    }
    all
}

/// A card is shown without its number, a label without its id, a list without what changed of it.
fn entity_of(entity: &str, part: &Map<String, Value>) -> Value {
    let mut shown = part.clone();
    let text = shown.remove("name").unwrap_or_else(|| json!(""));
    match entity {
        "card" => drop(shown.remove("idShort")),
        "label" => drop(shown.remove("id")),
        "list" => shown.retain(|name, _| name == "id"),
        _ => {}
    }
    shown.insert("type".into(), json!(entity));
    shown.insert("text".into(), text);
    Value::Object(shown)
}
