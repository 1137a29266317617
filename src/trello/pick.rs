//! Of Trello's JSON for an action only what an event is made from: most of a delivery tells of the
//! board, of pictures and of how to show it, and is read over without being kept.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// An action, or a part of one, with the fields that [`super::action`] looks at.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Picked(pub(super) Value);

/// At whatever depth.
fn is_kept(field: &str) -> bool {
    matches!(
        field,
        "id" | "type"
            | "date"
            | "data"
            | "old"
            | "name"
            | "text"
            | "desc"
            | "pos"
            | "closed"
            | "idMemberCreator"
            | "memberCreator"
            | "username"
            | "fullName"
            | "appCreator"
            | "agenticIdentity"
            | "card"
            | "list"
            | "idList"
            | "listAfter"
            | "boardTarget"
            | "checklist"
            | "checkItem"
            | "state"
            | "label"
            | "idLabel"
            | "member"
            | "idMember"
            | "attachment"
            | "customField"
            | "customFieldItem"
            | "value"
            | "idValue"
            | "number"
            | "checked"
    )
}

impl<'de> Deserialize<'de> for Picked {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Pick).map(Self)
    }
}

struct Pick;

impl<'de> Visitor<'de> for Pick {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut kept = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if is_kept(&name) {
                let Picked(value) = map.next_value()?;
                kept.insert(name, value);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Value::Object(kept))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut kept = Vec::new();
        while let Some(Picked(value)) = seq.next_element()? {
            kept.push(value);
        }
        Ok(Value::Array(kept))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_bool<E>(self, is: bool) -> Result<Value, E> {
        Ok(Value::Bool(is))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_no_event_is_made_from_is_read_over() {
        let told = r#"{"id":"a1","display":{"entities":{"card":{"id":"c"}}},
            "data":{"card":{"id":"c1","idShort":7,"pos":1.5},"old":{"value":null}},
            "memberCreator":{"avatarUrl":"https://x","username":"anna"}}"#;
        let Picked(picked) = serde_json::from_str(told).unwrap();
        let kept = json!({
            "id": "a1",
            "data": { "card": { "id": "c1", "pos": 1.5 }, "old": { "value": null } },
            "memberCreator": { "username": "anna" }
        });
        assert_eq!(picked, kept);
    }

    #[test]
    fn what_is_no_json_is_an_error_wherever_it_stands() {
        for told in [r#"{"display":{"#, r#"{"display":tru}"#, r#"{"id":"a"} {"#] {
            assert!(serde_json::from_str::<Picked>(told).is_err(), "{told}");
        }
    }
}
