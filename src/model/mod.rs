//! Floor 0: what a board is. Plain data that every floor shares; nothing here can fail,
//! reads a clock or knows of a process.

mod away;
mod board;
mod event;
pub mod forget;
mod hex;
mod ids;
mod message;
mod place;
pub mod redact;

pub use away::{Absence, Away};
pub use board::{
    Attachment, Blind, Board, Card, CheckItem, Checklist, CustomField, CustomValue, Label, List,
    Member, Membership, Rank,
};
pub use event::{Actor, Appeared, Ask, Event, EventKind, Lane, Left};
pub use hex::hex;
pub use ids::{
    ActionId, AppId, AttachmentId, BoardId, CardId, CheckItemId, ChecklistId, CustomFieldId,
    LabelId, ListId, MemberId,
};
pub use message::{Lost, Message, PostId};
pub use place::{Drift, PlaceId, Said, Status};
