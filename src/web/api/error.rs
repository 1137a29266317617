//! What goes wrong, as a page shows it: a code for the page, a sentence for the person.

use crate::engine::NotSeen;
use crate::process::Language;
use crate::process::panel::{AskCode, AskTrouble};
use crate::process::words::page_trouble_in;
use crate::store::StoreError;
use crate::trello::Failure;
use axum::Json;
use axum::extract::FromRequestParts;
use axum::extract::rejection::{BytesRejection, JsonRejection};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::convert::Infallible;

/// Seconds.
const SOON: u64 = 5;

/// Whoever asks, of whom so far the language alone is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader(pub(crate) Language);

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let wanted = parts.headers.get(header::ACCEPT_LANGUAGE);
        let wanted = wanted.and_then(|value| value.to_str().ok());
        let russian = wanted.is_some_and(|value| value.trim().to_lowercase().starts_with("ru"));
        Ok(Self(if russian { Language::Ru } else { Language::En }))
    }
}

#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    body: Value,
    after: Option<u64>,
}

impl Reader {
    pub(crate) fn error(self, code: &'static str) -> ApiError {
        let status = match code {
            "no_token" | "bad_token" | "no_session" | "bad_sign_in" => StatusCode::UNAUTHORIZED,
            "other_board" | "not_a_member" | "may_not" | "not_ours" | "bad_state" => {
                StatusCode::FORBIDDEN
            }
            "not_attached" | "no_powerup" | "no_phone" | "no_card" | "no_such" => {
                StatusCode::NOT_FOUND
            }
            "bad_request" => StatusCode::BAD_REQUEST,
            "too_large" => StatusCode::PAYLOAD_TOO_LARGE,
            "too_many" => StatusCode::TOO_MANY_REQUESTS,
            "password" => StatusCode::UNPROCESSABLE_ENTITY,
            "watching" | "paused" | "own_card" => StatusCode::CONFLICT,
            _ => StatusCode::SERVICE_UNAVAILABLE,
        };
        let after = match status {
            StatusCode::TOO_MANY_REQUESTS => Some(SOON),
            StatusCode::SERVICE_UNAVAILABLE => Some(15),
            _ => None,
        };
        let say = page_trouble_in(self.0, code);
        ApiError {
            status,
            body: json!({ "error": { "code": code, "say": say } }),
            after,
        }
    }

    pub(crate) fn store(self, error: StoreError) -> ApiError {
        tracing::warn!(%error, "a page could not be served");
        self.error("busy")
    }

    pub(crate) fn not_seen(self, error: NotSeen) -> ApiError {
        tracing::warn!(%error, "a page could not be served");
        match error {
            // Our account is not on the board any more, or its token is revoked.
            NotSeen::Trello(Failure::Forbidden { .. }) => self.error("blind"),
            // Trello has room again within seconds.
            NotSeen::Trello(Failure::Full { .. }) => ApiError {
                after: Some(SOON),
                ..self.error("busy")
            },
            _ => self.error("busy"),
        }
    }

    pub(crate) fn body(self, refused: &JsonRejection) -> ApiError {
        match refused {
            JsonRejection::BytesRejection(BytesRejection::FailedToBufferBody(failed))
                if failed.status() == StatusCode::PAYLOAD_TOO_LARGE =>
            {
                self.error("too_large")
            }
            _ => self.error("bad_request"),
        }
    }
}

impl ApiError {
    /// One whose sentence is not told by its code alone, with what a page needs besides.
    pub(super) fn told(status: StatusCode, code: &str, say: &str, more: Value) -> Self {
        let mut error = json!({ "code": code, "say": say });
        if let (Value::Object(error), Value::Object(more)) = (&mut error, more) {
            error.extend(more);
        }
        let after = (status == StatusCode::SERVICE_UNAVAILABLE).then_some(SOON);
        Self {
            status,
            body: json!({ "error": error }),
            after,
        }
    }
}

impl From<AskTrouble> for ApiError {
    fn from(trouble: AskTrouble) -> Self {
        let (status, code) = match trouble.code {
            AskCode::Refused => (StatusCode::UNPROCESSABLE_ENTITY, "refused"),
            AskCode::BadValue => (StatusCode::UNPROCESSABLE_ENTITY, "bad_value"),
            AskCode::MayNot => (StatusCode::FORBIDDEN, "may_not"),
            AskCode::NoSuch => (StatusCode::NOT_FOUND, "no_such"),
        };
        let mut error = json!({ "code": code, "say": trouble.say });
        if let Some(finding) = trouble.finding {
            error["finding"] = json!(finding);
        }
        if !trouble.fields.is_empty() {
            error["fields"] = json!(trouble.fields);
        }
        Self {
            status,
            body: json!({ "error": error }),
            after: None,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        if let Some(after) = self.after {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(after));
        }
        response
    }
}
