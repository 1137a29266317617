//! A JSON API as a process file describes it: which requests look a client up, make, change and
//! retire it, and where in the answers things stand. How the requests are sent is `target/`'s
//! business.

mod json;
mod line;
mod pointer;

pub use json::Json;
pub use line::{Cast, Line, Names, Piece, Slot, Source};
pub use pointer::{Pointer, Step};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Api {
    pub auth: Auth,
    /// Sent with every request.
    pub headers: Vec<Pair>,
    pub id: Id,
    /// Where a record keeps our name for it.
    pub key: Option<Pointer>,
    /// What the names put are found below, where `fields` does not say it.
    pub below: Below,
    pub fields: Vec<Field>,
    pub state: Option<State>,
    /// Where people see a record, from the target's address on.
    pub link: Option<Line>,
    /// Where a refusal says why: the first that is there.
    pub message: Vec<Pointer>,
    pub read: Option<Ask>,
    pub search: Option<Ask>,
    /// How a record entered by hand is looked for: the first that has all it asks with.
    pub by_hand: Vec<Ask>,
    pub create: Create,
    /// Each is sent where something differs that it writes.
    pub updates: Vec<Write>,
    pub retire: Option<Write>,
    pub revive: Option<Write>,
}

/// What opens the API; the secret is what the target's variable holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Auth {
    Bearer,
    /// `user:password`.
    Basic,
    /// In a header, behind a word or none.
    Header {
        name: String,
        before: String,
    },
    /// A part of every address, before the request's own path.
    Path,
    /// `id:secret`, and `id:secret:refresh` for a token that is renewed.
    OAuth {
        token: String,
        scope: Option<String>,
        renews: bool,
    },
}

/// What a record is called there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Id {
    At(Pointer),
    /// Its place in the answer, from 1.
    Position,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Below {
    Pointer(Pointer),
    /// A record is a list, in the order of `put` behind so many columns.
    Columns(usize),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    pub name: String,
    pub at_its_name: bool,
    pub at: Pointer,
    pub like: Like,
}

/// When two values are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Like {
    /// To the letter; numbers by their worth.
    #[default]
    Exact,
    /// Whatever the case of their letters.
    Nocase,
    /// By their digits alone.
    Digits,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    pub at: Pointer,
    pub active: String,
    pub retired: String,
    pub pending: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    pub method: Method,
    pub path: Line,
    pub query: Vec<Pair>,
    pub body: Body,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
}

impl Method {
    pub const WORDS: [&'static str; 4] = ["GET", "POST", "PUT", "PATCH"];

    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "GET" => Self::Get,
            "POST" => Self::Post,
            "PUT" => Self::Put,
            "PATCH" => Self::Patch,
            _ => return None,
        })
    }
}

/// Left out where its value is empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pair {
    pub name: String,
    pub value: Text,
    pub base64: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Text {
    Line(Line),
    /// JSON as text.
    Json(Json),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Body {
    None,
    Json(Json),
    Form(Vec<Pair>),
}

/// A request that only asks, and where in its answer the records are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ask {
    pub request: Request,
    /// Each a list of records, or one.
    pub records: Vec<Pointer>,
    /// What it finds has its id there and nothing else: each is read by it.
    pub ids: Option<Pointer>,
    pub pages: Option<Pages>,
    /// Statuses that say: none.
    pub none: Vec<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Pages {
    /// How many records were seen, in this part of the query.
    Offset { query: String, size: usize },
    /// The number of the page, from 1.
    Number { query: String, size: usize },
    /// What the answer says, in this part of the query.
    Cursor { query: String, at: Pointer },
    /// The address of the next page, in the answer.
    Next { at: Pointer },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Create {
    pub request: Request,
    /// Where the answer says what the record is called.
    pub id: Option<Pointer>,
    /// Answers that mean: there already.
    pub exists: Vec<Exists>,
    /// The header that makes a repetition known as one.
    pub idempotency: Option<String>,
    /// How long what was made may not be found, when the answer was lost.
    pub settle: Option<Duration>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Exists {
    pub status: u16,
    pub says: Option<(Pointer, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Write {
    pub request: Request,
    /// Not where the record has this.
    pub unless: Option<Pointer>,
}

impl Request {
    /// Everything between braces in it.
    pub fn names(&self) -> Names {
        let mut names = Names::default();
        self.path.tell(&mut names);
        let body = match &self.body {
            Body::Form(pairs) => pairs.as_slice(),
            _ => &[],
        };
        for pair in self.query.iter().chain(body) {
            pair.value.tell(&mut names);
        }
        if let Body::Json(json) = &self.body {
            json.tell(&mut names);
        }
        names
    }
}

impl Text {
    fn tell(&self, names: &mut Names) {
        match self {
            Self::Line(line) => line.tell(names),
            Self::Json(json) => json.tell(names),
        }
    }
}

impl Api {
    /// Where a record has what is put under a name, and when it is the same.
    pub fn field(&self, name: &str, nth: usize) -> (Pointer, Like) {
        if let Some(field) = self.fields.iter().find(|field| field.name == name) {
            return (field.at.clone(), field.like);
        }
        let at = match &self.below {
            Below::Pointer(below) => below.then(name),
            Below::Columns(before) => Pointer::default().then(&(before + nth).to_string()),
        };
        (at, Like::Exact)
    }

    /// What stands elsewhere in a record than its name says is not among what is written at once.
    pub fn is_at_its_name(&self, name: &str) -> bool {
        let mut fields = self.fields.iter();
        fields.all(|field| field.name != name || field.at_its_name)
    }

    /// Whether a request made of these writes what is put under a name.
    pub fn writes(&self, names: &Names, name: &str) -> bool {
        names.put.contains(name) || names.all && self.is_at_its_name(name)
    }

    /// Whether our name for a record can be written into one that is there.
    pub fn writes_key(&self) -> bool {
        self.key.is_some() && self.updates.iter().any(|update| update.request.names().key)
    }
}
