//! Custom Fields: part of a paid plan, so a board may not have them. Values are texts whatever the
//! field's type, and go by JSON body alone.

use super::{changes, unknown};
use crate::sandbox::ask::{Answer, Ask, Params, Refusal, Verb, Who};
use crate::sandbox::model::{Card, CustomField, CustomOption, CustomValue};
use crate::sandbox::render;
use crate::sandbox::state::{About, State};
use serde_json::{Map, Value, json};

pub(super) fn answer(state: &mut State, ask: &Ask, path: &[&str]) -> Answer {
    if path.is_empty() && ask.verb == Verb::Post {
        return create(state, ask);
    }
    let id = path.first().ok_or_else(|| unknown(ask))?;
    let field = state
        .fields
        .get(*id)
        .cloned()
        .ok_or_else(Refusal::missing)?;
    state.board(&ask.who, &field.board)?;
    if ask.verb != Verb::Get {
        state.may_write(&ask.who, &field.board)?;
    }
    match (ask.verb, &path[1..]) {
        (Verb::Get, []) => Ok(render::custom_field(&field)),
        (Verb::Put, []) => {
            let name = ask
                .params
                .bounded("name")?
                .unwrap_or_else(|| field.name.clone());
            let others: Vec<f64> = state
                .fields
                .values()
                .filter(|other| other.board == field.board && other.id != field.id)
                .map(|other| other.pos)
                .collect();
            let pos = ask.params.pos(&others)?.unwrap_or(field.pos);
            let front = ask.params.flag("display/cardFront")?;
            let old = (name != field.name).then(|| json!({ "name": field.name }));
            let new = CustomField {
                name,
                pos,
                card_front: front.unwrap_or(field.card_front),
                ..field
            };
            state.fields.insert(new.id.clone(), new.clone());
            if let Some(old) = old {
                tell(state, ask, &new, "updateCustomField", Some(old));
            }
            Ok(render::custom_field(&new))
        }
        (Verb::Delete, []) => {
            state.fields.remove(&field.id);
            for card in state.cards.values_mut() {
                card.values.remove(&field.id);
            }
            tell(state, ask, &field, "deleteCustomField", None);
            Ok(json!({ "limits": {} }))
        }
        (Verb::Get, ["options"]) => {
            let all: Vec<Value> = field.options.iter().map(|o| lone(&field, o)).collect();
            Ok(json!(all))
        }
        (Verb::Get, ["options", id]) => {
            let found = field.options.iter().find(|option| option.id == *id);
            found
                .map(|option| lone(&field, option))
                .ok_or_else(Refusal::missing)
        }
        (Verb::Post, ["options"]) => {
            let option = option(state, &ask.params.0, &field.options)?;
            let shown = lone(&field, &option);
            if let Some(field) = state.fields.get_mut(&field.id) {
                field.options.push(option);
            }
            Ok(shown)
        }
        (Verb::Delete, ["options", id]) => {
            if let Some(field) = state.fields.get_mut(&field.id) {
                field.options.retain(|option| option.id != *id);
            }
            Ok(json!({}))
        }
        _ => Err(unknown(ask)),
    }
}

/// An option asked for by itself has `_id` in the place of `id`; within its field it has `id`.
fn lone(field: &CustomField, option: &CustomOption) -> Value {
    let mut shown = render::option(field, option);
    if let Some(shown) = shown.as_object_mut()
        && let Some(id) = shown.remove("id")
    {
        shown.insert("_id".into(), id);
    }
    shown
}

fn option(
    state: &mut State,
    wish: &Map<String, Value>,
    others: &[CustomOption],
) -> Result<CustomOption, Refusal> {
    let params = Params(wish.clone());
    let text = params.get("value").and_then(|value| value.get("text"));
    let text = text
        .and_then(Value::as_str)
        .ok_or_else(|| Refusal::invalid("value"))?;
    let positions: Vec<f64> = others.iter().map(|option| option.pos).collect();
    Ok(CustomOption {
        id: state.id(),
        text: text.to_owned(),
        color: params.text("color").unwrap_or_else(|| "none".into()),
        pos: params.pos_or_bottom(&positions)?,
    })
}

fn create(state: &mut State, ask: &Ask) -> Answer {
    let board = state
        .board(&ask.who, &ask.params.needed("idModel")?)?
        .clone();
    state.may_write(&ask.who, &board.id)?;
    if !board.custom_fields {
        return Err(Refusal::new(
            403,
            "Custom Fields are not enabled on this board",
        ));
    }
    let kind = ask.params.needed("type")?;
    if !["checkbox", "list", "number", "text", "date"].contains(&kind.as_str()) {
        return Err(Refusal::invalid("type"));
    }
    let known: Vec<f64> = state
        .fields
        .values()
        .filter(|f| f.board == board.id)
        .map(|f| f.pos)
        .collect();
    if known.len() >= 50 {
        return Err(Refusal::new(403, "CUSTOM_FIELD_LIMIT_EXCEEDED"));
    }
    let texts = ask
        .params
        .get("options")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let mut options = Vec::new();
    for one in &texts {
        let one = one.as_object().ok_or_else(|| Refusal::invalid("options"))?;
        let one = option(state, one, &options)?;
        options.push(one);
    }
    let front = ask.params.flag("display_cardFront")?.unwrap_or(true);
    let field = CustomField {
        id: state.id(),
        board: board.id,
        name: ask.params.needed("name")?,
        kind,
        pos: ask.params.pos_or_bottom(&known)?,
        card_front: front,
        options,
    };
    state.fields.insert(field.id.clone(), field.clone());
    tell(state, ask, &field, "createCustomField", None);
    Ok(render::custom_field(&field))
}

fn tell(state: &mut State, ask: &Ask, field: &CustomField, kind: &str, old: Option<Value>) {
    let board = state
        .boards
        .get(&field.board)
        .map_or(Value::Null, render::brief_board);
    let brief = json!({ "id": field.id, "name": field.name, "type": field.kind });
    let about = About {
        board: &field.board,
        card: None,
        list: None,
    };
    let mut data = json!({ "customField": brief, "board": board });
    if let Some(old) = old {
        data["old"] = old;
    }
    state.act(&ask.who, kind, about, "unknown", data);
}

/// `{"value": {"text": "…"}}`, `{"idValue": "…"}`, or both empty to clear it.
pub(super) fn set(state: &mut State, ask: &Ask, card: &Card, id: &str) -> Answer {
    set_one(state, &ask.who, &ask.params, card, id)
}

/// Several at once: each with its `idCustomField` beside what `set` takes.
pub(super) fn set_all(state: &mut State, ask: &Ask, card: &Card) -> Answer {
    let all = ask.params.get("customFieldItems").and_then(Value::as_array);
    let all = all.ok_or_else(|| Refusal::invalid("customFieldItems"))?;
    let mut made = Vec::new();
    for one in all {
        let one = Params(one.as_object().cloned().unwrap_or_default());
        let card = state.card(&ask.who, &card.id)?.clone();
        let field = one.needed("idCustomField")?;
        made.push(set_one(state, &ask.who, &one, &card, &field)?);
    }
    Ok(json!(made))
}

fn set_one(state: &mut State, who: &Who, params: &Params, card: &Card, id: &str) -> Answer {
    state.may_write(who, &card.board)?;
    let field = state
        .fields
        .get(id)
        .filter(|field| field.board == card.board)
        .cloned();
    let field = field.ok_or_else(Refusal::missing)?;
    let old = card.values.get(id).cloned();
    let typed = params.get("value").filter(|value| value.is_object());
    let chosen = params.text("idValue").filter(|id| !id.is_empty());
    let (value, option) = match (typed, chosen) {
        (_, Some(option)) => {
            let known = field.options.iter().any(|known| known.id == option);
            known
                .then_some(())
                .ok_or_else(|| Refusal::invalid("idValue"))?;
            (Value::Null, Some(option))
        }
        (Some(value), None) => {
            let key = if field.kind == "checkbox" {
                "checked"
            } else {
                field.kind.as_str()
            };
            let text = value.get(key).filter(|text| text.is_string());
            let text = text.ok_or_else(|| Refusal::new(400, "Invalid custom field item value."))?;
            (json!({ key: text }), None)
        }
        // Neither of them, or a form's text in the place of an object, is no wish to clear it.
        (None, None) => {
            let empty = |name: &str| match params.get(name) {
                None => false,
                Some(value) => value.is_null() || value == "",
            };
            if !empty("value") && !empty("idValue") {
                return Err(Refusal::new(400, "Invalid custom field item value."));
            }
            (Value::Null, None)
        }
    };
    let made = CustomValue {
        id: old
            .as_ref()
            .map_or_else(|| state.id(), |old| old.id.clone()),
        value,
        option,
    };
    let cleared = made.value.is_null() && made.option.is_none();
    let own = state.card_mut(&card.id)?;
    if cleared {
        own.values.remove(id);
    } else {
        own.values.insert(id.to_owned(), made.clone());
    }
    let mut shown = render::custom_value(&card.id, id, &made);
    // What is told of a change has always a `value`, null where an option is chosen.
    shown["value"] = made.value;
    let before = old.map_or(json!({ "value": null }), |old| match old.option {
        Some(option) => json!({ "idValue": option }),
        None => json!({ "value": old.value }),
    });
    let more = json!({
        "old": before,
        "customField": { "id": field.id, "name": field.name, "type": field.kind },
        "customFieldItem": shown,
    });
    changes::told(
        state,
        who,
        &card.id,
        "updateCustomFieldItem",
        "action_update_custom_field_item",
        more,
    )?;
    Ok(shown)
}
