//! A JSON body with places for values. Values are put in as values, so that nothing in them can
//! end a text or begin a member.

use super::{Line, Names};
use serde_json::Value;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Json {
    Fixed(Value),
    Text(Line),
    Object(Vec<(String, Json)>),
    List(Vec<Json>),
    /// In an object, all that is put, by its names; in a list, all of it in order.
    All,
}

impl Json {
    pub(super) fn tell(&self, names: &mut Names) {
        match self {
            Self::Fixed(_) => {}
            Self::Text(line) => line.tell(names),
            Self::Object(members) => members.iter().for_each(|(_, one)| one.tell(names)),
            Self::List(list) => list.iter().for_each(|one| one.tell(names)),
            Self::All => names.all = true,
        }
    }
}
