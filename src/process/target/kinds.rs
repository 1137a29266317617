//! The kinds of outside place: what each is called in a process file, and what it has room for. How
//! each is spoken to is the business of `target/`.

use super::Keyed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// A party in Tryton, over its REST interface.
    Tryton,
    /// Any JSON API, as it is described in `[target.http]` or ready-made.
    Http,
}

/// What holds of every place of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Traits {
    pub word: &'static str,
    /// How its address may begin.
    pub schemes: &'static [&'static str],
    /// What a record stands for where the file does not say it.
    pub keyed: Keyed,
    /// The names of the fields that can be put there; none: whatever the place calls them.
    pub fields: Option<&'static [&'static str]>,
    /// Those without which nothing can be written.
    pub needs: &'static [&'static str],
}

impl TargetKind {
    pub fn traits(self) -> Traits {
        match self {
            Self::Tryton => Traits {
                word: "tryton",
                schemes: &["http", "https"],
                keyed: Keyed::Organisation,
                fields: Some(&[
                    "name",
                    "email",
                    "phone",
                    "street",
                    "city",
                    "postal_code",
                    "identifier",
                    "category",
                ]),
                needs: &["name"],
            },
            Self::Http => Traits {
                word: "http",
                schemes: &["http", "https"],
                keyed: Keyed::Station,
                fields: None,
                needs: &[],
            },
        }
    }
}
