//! One request as every resource sees it, wherever its parameters stood: query, form or JSON body.
//! It reads and names what is wrong in Trello's own words; it never changes the world.

use jiff::Timestamp;
use serde_json::{Map, Value};

/// Who asks. Acts by the web app carry no application.
#[derive(Clone, Debug)]
pub struct Who {
    pub member: String,
    pub app: Option<String>,
    pub token: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
    Put,
    Delete,
}

pub struct Ask {
    pub verb: Verb,
    /// The path below `/1`, in parts.
    pub path: Vec<String>,
    pub params: Params,
    pub who: Who,
}

/// What is answered instead of the thing asked for. Most of Trello's are plain text.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub status: u16,
    pub text: String,
    pub json: bool,
}

pub type Answer = Result<Value, Refusal>;

impl Refusal {
    pub fn new(status: u16, text: impl Into<String>) -> Self {
        Self {
            status,
            text: text.into(),
            json: false,
        }
    }
    pub fn missing() -> Self {
        Self::new(404, "The requested resource was not found.")
    }
    pub fn invalid(name: &str) -> Self {
        Self::new(400, format!("invalid value for {name}"))
    }
    pub fn forbidden() -> Self {
        Self::new(401, "unauthorized permission requested")
    }
    pub fn json(status: u16, error: &str, message: &str) -> Self {
        let text = serde_json::json!({ "message": message, "error": error }).to_string();
        Self {
            status,
            text,
            json: true,
        }
    }
}

/// Longest name, description, comment or item that Trello takes.
pub const TEXT: usize = 16_384;

#[derive(Clone, Debug, Default)]
pub struct Params(pub Map<String, Value>);

impl Params {
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(yes) => Some(yes.to_string()),
            _ => None,
        }
    }

    /// Text no longer than Trello takes; an absent one is none.
    pub fn bounded(&self, name: &str) -> Result<Option<String>, Refusal> {
        match self.text(name) {
            Some(text) if text.chars().count() > TEXT => Err(Refusal::invalid(name)),
            other => Ok(other),
        }
    }

    pub fn needed(&self, name: &str) -> Result<String, Refusal> {
        self.bounded(name)?
            .filter(|text| !text.trim().is_empty())
            .ok_or_else(|| Refusal::invalid(name))
    }

    pub fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.text(name).as_deref() {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0" | "") => Ok(Some(false)),
            Some(_) => Err(Refusal::invalid(name)),
        }
    }

    pub fn on(&self, name: &str) -> bool {
        matches!(self.flag(name), Ok(Some(true)))
    }

    /// An instant; an empty text or null clears it.
    pub fn instant(&self, name: &str) -> Result<Option<Option<Timestamp>>, Refusal> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(None)),
            Some(_) => match self.text(name).as_deref() {
                Some("" | "null") => Ok(Some(None)),
                Some(text) => text
                    .parse()
                    .map(|at| Some(Some(at)))
                    .map_err(|_| Refusal::invalid(name)),
                None => Err(Refusal::invalid(name)),
            },
        }
    }

    /// Ids with commas between them, or an array of them.
    pub fn ids(&self, name: &str) -> Option<Vec<String>> {
        let split = |text: &str| {
            text.split(',')
                .map(str::trim)
                .filter(|id| !id.is_empty())
                .map(str::to_owned)
                .collect()
        };
        match self.0.get(name)? {
            Value::Array(all) => Some(
                all.iter()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
            ),
            Value::String(text) => Some(split(text)),
            _ => None,
        }
    }

    /// Where among its neighbours: `top`, `bottom` or a positive number.
    pub fn pos(&self, neighbours: &[f64]) -> Result<Option<f64>, Refusal> {
        const STEP: f64 = 16_384.0;
        let lowest = neighbours.iter().copied().fold(f64::INFINITY, f64::min);
        let highest = neighbours.iter().copied().fold(0.0, f64::max);
        Ok(Some(match self.text("pos").as_deref() {
            None => return Ok(None),
            Some("top") if lowest.is_finite() => lowest / 2.0,
            Some("top" | "bottom") => highest + STEP,
            Some(number) => number
                .parse()
                .ok()
                .filter(|pos: &f64| pos.is_finite() && *pos > 0.0)
                .ok_or_else(|| Refusal::invalid("pos"))?,
        }))
    }

    pub fn pos_or_bottom(&self, neighbours: &[f64]) -> Result<f64, Refusal> {
        let bottom = neighbours.iter().copied().fold(0.0, f64::max) + 16_384.0;
        Ok(self.pos(neighbours)?.unwrap_or(bottom))
    }

    /// Bounded by what Trello allows, and 50 when not given.
    pub fn limit(&self) -> Result<usize, Refusal> {
        match self.text("limit") {
            None => Ok(50),
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| *limit <= 1000)
                .ok_or_else(|| Refusal::new(400, "invalid value for limit")),
        }
    }

    /// The parameters of a nested resource: `card_fields` for `card` as `fields`.
    pub fn nested(&self, prefix: &str) -> Params {
        let mut own = Map::new();
        for (name, value) in &self.0 {
            if let Some(rest) = name.strip_prefix(prefix).and_then(|r| r.strip_prefix('_')) {
                own.insert(rest.to_owned(), value.clone());
            }
        }
        Params(own)
    }
}
