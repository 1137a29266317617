//! A board's labels.

use super::unknown;
use crate::sandbox::ask::{Answer, Ask, Params, Refusal, Verb};
use crate::sandbox::model::Label;
use crate::sandbox::render;
use crate::sandbox::state::{About, State};
use serde_json::{Map, Value, json};

const SHADES: [&str; 10] = [
    "green", "yellow", "orange", "red", "purple", "blue", "sky", "lime", "pink", "black",
];

pub(super) fn labels(state: &mut State, ask: &Ask, path: &[&str]) -> Answer {
    if path.is_empty() && ask.verb == Verb::Post {
        let board = ask.params.needed("idBoard")?;
        let board = state.board(&ask.who, &board)?.id.clone();
        return create_label(state, ask, &board);
    }
    let id = path.first().ok_or_else(|| unknown(ask))?;
    let label = state
        .labels
        .get(*id)
        .cloned()
        .ok_or_else(Refusal::missing)?;
    state.board(&ask.who, &label.board)?;
    match (ask.verb, &path[1..]) {
        (Verb::Get, []) => Ok(render::label(&label)),
        (Verb::Put, [field @ ("name" | "color")]) => {
            let value = ask.params.get("value").cloned();
            let value = value.ok_or_else(|| Refusal::invalid("value"))?;
            let one = [((*field).to_owned(), value)].into_iter().collect();
            let own = Ask {
                verb: Verb::Put,
                path: vec!["labels".into(), label.id.clone()],
                params: Params(one),
                who: ask.who.clone(),
            };
            labels(state, &own, &[&label.id])
        }
        (Verb::Put, []) => {
            state.may_write(&ask.who, &label.board)?;
            let name = ask
                .params
                .bounded("name")?
                .unwrap_or_else(|| label.name.clone());
            let color = color(ask)?.unwrap_or_else(|| label.color.clone());
            let mut old = Map::new();
            if name != label.name {
                old.insert("name".into(), json!(label.name));
            }
            if color != label.color {
                old.insert("color".into(), json!(label.color));
            }
            let new = Label {
                name,
                color,
                ..label
            };
            state.labels.insert(new.id.clone(), new.clone());
            if !old.is_empty() {
                tell(state, ask, &new, "updateLabel", Some(old));
            }
            Ok(render::label(&new))
        }
        (Verb::Delete, []) => {
            state.may_write(&ask.who, &label.board)?;
            state.labels.remove(&label.id);
            for card in state.cards.values_mut() {
                card.labels.retain(|known| *known != label.id);
            }
            tell(state, ask, &label, "deleteLabel", None);
            Ok(json!({ "limits": {} }))
        }
        _ => Err(unknown(ask)),
    }
}

/// A colour of Trello's thirty, or none.
fn color(ask: &Ask) -> Result<Option<Option<String>>, Refusal> {
    let known = |color: &str| {
        let base = color.trim_end_matches("_dark").trim_end_matches("_light");
        SHADES.contains(&base)
    };
    match ask.params.get("color") {
        None => Ok(None),
        Some(Value::Null) => Ok(Some(None)),
        Some(_) => match ask.params.text("color") {
            Some(color) if color == "null" || color.is_empty() => Ok(Some(None)),
            Some(color) if known(&color) => Ok(Some(Some(color))),
            _ => Err(Refusal::invalid("color")),
        },
    }
}

pub(super) fn create_label(state: &mut State, ask: &Ask, board: &str) -> Answer {
    state.may_write(&ask.who, board)?;
    let name = ask.params.bounded("name")?.unwrap_or_default();
    let color = color(ask)?.flatten();
    let label = new_label(state, board, name, color);
    tell(state, ask, &label, "createLabel", None);
    Ok(render::label(&label))
}

/// A label that nobody is told of.
pub(super) fn new_label(
    state: &mut State,
    board: &str,
    name: String,
    color: Option<String>,
) -> Label {
    let label = Label {
        id: state.id(),
        board: board.to_owned(),
        name,
        color,
    };
    state.labels.insert(label.id.clone(), label.clone());
    label
}

fn tell(state: &mut State, ask: &Ask, label: &Label, kind: &str, old: Option<Map<String, Value>>) {
    let board = state
        .boards
        .get(&label.board)
        .map_or(Value::Null, render::brief_board);
    let mut data = json!({
        "label": { "id": label.id, "name": label.name, "color": label.color },
        "board": board,
    });
    if let Some(old) = old {
        data["old"] = Value::Object(old);
    }
    let about = About {
        board: &label.board,
        card: None,
        list: None,
    };
    state.act(&ask.who, kind, about, "unknown", data);
}
