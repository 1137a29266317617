//! Where in an answer something stands: a JSON pointer, with two steps more. `[type=email]` is the
//! first of a list whose member says so, `*` the first of whatever there is.

use serde_json::Value;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pointer(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    Key(String),
    Where { member: String, says: String },
    First,
}

impl Pointer {
    /// None: it is no pointer. An empty one is the whole.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::default());
        }
        let steps = text.strip_prefix('/')?.split('/').map(|step| {
            if step == "*" {
                return Some(Step::First);
            }
            if let Some(inner) = step.strip_prefix('[') {
                let (member, says) = inner.strip_suffix(']')?.split_once('=')?;
                let (member, says) = (member.to_owned(), says.to_owned());
                return Some(Step::Where { member, says });
            }
            Some(Step::Key(step.replace("~1", "/").replace("~0", "~")))
        });
        steps.collect::<Option<_>>().map(Self)
    }

    #[must_use]
    pub fn then(&self, key: &str) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Key(key.to_owned()));
        Self(steps)
    }

    pub fn find<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.0.iter().try_fold(value, |at, step| match (step, at) {
            (Step::Key(key), Value::Object(members)) => members.get(key),
            (Step::Key(key), Value::Array(list)) => list.get(key.parse::<usize>().ok()?),
            (Step::First, Value::Object(members)) => members.values().next(),
            (Step::First, Value::Array(list)) => list.first(),
            (Step::Where { member, says }, Value::Array(list)) => list.iter().find(|one| {
                let have = one.get(member).and_then(plain);
                have.is_some_and(|have| have == *says)
            }),
            _ => None,
        })
    }

    /// What stands there, as text; none where that is nothing, or no single value.
    pub fn text(&self, value: &Value) -> Option<String> {
        self.find(value)
            .and_then(plain)
            .filter(|text| !text.is_empty())
    }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_pointer_finds_by_name_by_number_and_by_what_a_member_says() {
        let answer = json!({
            "a/b": [10, 20],
            "contacts": [{"type": "phone", "value": "1"}, {"type": "email", "value": "x@y"}],
            "errors": {"email": ["taken"]},
            "none": null,
        });
        let found = |pointer: &str| Pointer::parse(pointer).unwrap().text(&answer);
        assert_eq!(found("/a~1b/1").as_deref(), Some("20"));
        assert_eq!(
            found("/contacts/[type=email]/value").as_deref(),
            Some("x@y")
        );
        assert_eq!(found("/contacts/[type=fax]/value"), None);
        assert_eq!(found("/errors/*/0").as_deref(), Some("taken"));
        assert_eq!(found("/none"), None);
        assert_eq!(found("/contacts"), None);
        assert_eq!(Pointer::parse("a/b"), None);
        assert_eq!(Pointer::parse("/[type]"), None);
    }
}
