//! Trello's identifiers, each with a type of its own so that a list can never stand where a
//! card is meant. They are opaque: nothing is read out of them but their order.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into().into())
            }
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.into())
            }
        }
    )+};
}

id! {
    BoardId, ListId, CardId, ChecklistId, CheckItemId, MemberId, LabelId, AttachmentId,
    CustomFieldId,
    /// An action is Trello's record of one change; a comment is an action too.
    ActionId,
    /// The application (Power-Up, API key, Trello's own automation) an action was made with.
    AppId,
}
