//! What set-up answers in more than one place, as the pages read it.

use crate::attach::AttachError;
use crate::process::edit::{Refused, Told};
use crate::process::words::setup::{SetupTrouble, setup_trouble_in};
use crate::trello::Failure;
use crate::web::api::error::{ApiError, Reader};
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

/// Of a process file's, with its place.
#[derive(Debug, Serialize)]
pub(super) struct Mistake {
    line: Option<usize>,
    column: Option<usize>,
    what: String,
    mend: Option<String>,
    warning: bool,
}

pub(super) fn mistakes(told: &[Told]) -> Vec<Mistake> {
    let told = told.iter().map(|one| Mistake {
        line: Some(one.line),
        column: Some(one.column),
        what: one.what.clone(),
        mend: Some(one.mend.clone()).filter(|mend| !mend.is_empty()),
        warning: !one.error,
    });
    told.collect()
}

pub(super) fn trouble(reader: Reader, trouble: &SetupTrouble) -> ApiError {
    troubled(reader, trouble, json!({}))
}

fn troubled(reader: Reader, trouble: &SetupTrouble, more: Value) -> ApiError {
    let (status, code) = match trouble {
        SetupTrouble::NoBot { .. } | SetupTrouble::BotLooks { .. } => {
            (StatusCode::FORBIDDEN, "no_bot")
        }
        SetupTrouble::NotAdmin => (StatusCode::FORBIDDEN, "may_not"),
        SetupTrouble::Conflict => (StatusCode::CONFLICT, "conflict"),
        SetupTrouble::Mistakes(_) => (StatusCode::UNPROCESSABLE_ENTITY, "mistakes"),
        SetupTrouble::Refused(_) | SetupTrouble::Detached => {
            (StatusCode::UNPROCESSABLE_ENTITY, "refused")
        }
        SetupTrouble::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
    };
    let say = setup_trouble_in(reader.0, trouble);
    ApiError::told(status, code, &say, more)
}

/// A file that is no good as it stands.
pub(super) fn mistaken(reader: Reader, told: &[Told]) -> ApiError {
    let trouble = SetupTrouble::Mistakes(told.len());
    troubled(reader, &trouble, json!({ "mistakes": mistakes(told) }))
}

/// Something that cannot be done, in its own sentence.
pub(super) fn refused(say: &str, more: Value) -> ApiError {
    ApiError::told(StatusCode::UNPROCESSABLE_ENTITY, "refused", say, more)
}

pub(super) fn not_changed(reader: Reader, why: &Refused) -> ApiError {
    match why {
        Refused::Unreadable { mistakes } | Refused::Unsound { mistakes, .. } => {
            mistaken(reader, mistakes)
        }
        why => refused(&why.say(reader.0), json!({ "why": why })),
    }
}

pub(super) fn not_attached(reader: Reader, error: AttachError) -> ApiError {
    match error {
        AttachError::Store(error) => reader.store(error),
        AttachError::Trello(Failure::Refused { message, .. }) => {
            trouble(reader, &SetupTrouble::Refused(message))
        }
        AttachError::Trello(failure) => reader.not_seen(failure.into()),
    }
}
