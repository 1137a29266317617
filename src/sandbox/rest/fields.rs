//! Custom Fields: part of a paid plan, so a board may not have them. Values are texts whatever the
//! field's type, and go by JSON body alone.

use super::{changes, unknown};
use crate::sandbox::ask::{Answer, Ask, Refusal, Verb};
use crate::sandbox::model::{Card, CustomField, CustomOption, CustomValue};
use crate::sandbox::render;
use crate::sandbox::state::{About, State};
use serde_json::{Value, json};

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
            let new = CustomField { name, ..field };
            state.fields.insert(new.id.clone(), new.clone());
            tell(state, ask, &new, "updateCustomField");
            Ok(render::custom_field(&new))
        }
        (Verb::Delete, []) => {
            state.fields.remove(&field.id);
            for card in state.cards.values_mut() {
                card.values.remove(&field.id);
            }
            tell(state, ask, &field, "deleteCustomField");
            Ok(json!({ "limits": {} }))
        }
        (Verb::Get, ["options"]) => Ok(render::custom_field(&field)["options"].clone()),
        (Verb::Post, ["options"]) => {
            let text = ask.params.get("value").and_then(|value| value.get("text"));
            let text = text
                .and_then(Value::as_str)
                .ok_or_else(|| Refusal::invalid("value"))?;
            let option = option(state, text, field.options.len());
            let shown = render::option(&field, &option);
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

fn option(state: &mut State, text: &str, number: usize) -> CustomOption {
    let steps = u32::try_from(number + 1).unwrap_or(u32::MAX);
    CustomOption {
        id: state.id(),
        text: text.to_owned(),
        color: "none".into(),
        pos: f64::from(steps) * 16_384.0,
    }
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
    for (number, one) in texts.iter().enumerate() {
        let text = one.pointer("/value/text").and_then(Value::as_str);
        let text = text.ok_or_else(|| Refusal::invalid("options"))?;
        options.push(option(state, text, number));
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
    tell(state, ask, &field, "createCustomField");
    Ok(render::custom_field(&field))
}

fn tell(state: &mut State, ask: &Ask, field: &CustomField, kind: &str) {
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
    let data = json!({ "customField": brief, "board": board });
    state.act(&ask.who, kind, about, "unknown", data);
}

/// `{"value": {"text": "…"}}`, `{"idValue": "…"}`, or both empty to clear it.
pub(super) fn set(state: &mut State, ask: &Ask, card: &Card, id: &str) -> Answer {
    state.may_write(&ask.who, &card.board)?;
    let field = state
        .fields
        .get(id)
        .filter(|field| field.board == card.board)
        .cloned();
    let field = field.ok_or_else(Refusal::missing)?;
    let old = card.values.get(id).cloned();
    let typed = ask.params.get("value").filter(|value| value.is_object());
    let chosen = ask.params.text("idValue").filter(|id| !id.is_empty());
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
        (None, None) => (Value::Null, None),
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
    let shown = render::custom_value(&card.id, id, &made);
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
        &ask.who,
        &card.id,
        "updateCustomFieldItem",
        "action_update_custom_field_item",
        more,
    )?;
    Ok(shown)
}
